"""The types of schemas by their place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from attrest import nodes, pointers
from attrest.bounds import FREE
from attrest.ir import Alias, Constraints, Declaration, Model, resolved
from attrest.ledger import Entry, degraded
from attrest.schemas import Schemas
from attrest.typerefs import (
    ANY,
    ListOf,
    MapOf,
    Nullable,
    Reference,
    Scalar,
    ScalarKind,
    TupleOf,
    TypeRef,
    UnionOf,
    without_null,
)


class Types:
    """What each schema of a description is, and what the names in it stand for."""

    def __init__(self, tree: Mapping[str, Any], schemas: Schemas) -> None:
        self._tree = tree
        self._types = schemas.types
        self._constraints = schemas.constraints
        self._declarations = {declaration.name: declaration for declaration in schemas.declarations}
        self._entries: dict[Entry, None] = {}

    @property
    def entries(self) -> Collection[Entry]:
        """What could not be done as it is described, each once."""
        return self._entries.keys()

    def note(self, *entries: Entry) -> None:
        """Keep what became of parts of the description."""
        self._entries |= dict.fromkeys(entries)

    @property
    def names(self) -> Collection[str]:
        """The names of all declarations."""
        return self._declarations.keys()

    def at(self, pointer: str) -> TypeRef:
        """Return the type of the schema at a pointer, or of what it refers to."""
        if pointer in self._types:
            return self._types[pointer]
        target, _ = nodes.follow(self._tree, pointer)
        return self._types.get(target, ANY)

    def constraints(self, pointer: str) -> Constraints:
        """Return the limits of the schema at a pointer, or of what it refers to."""
        if pointer in self._types:
            return self._constraints.get(pointer, FREE)
        return self._constraints.get(nodes.follow(self._tree, pointer)[0], FREE)

    def media(self, owner: str, content_type: str) -> tuple[str, Mapping[str, Any]]:
        """Return one of the media types under ``content``, and its pointer; both of what it refers to, if it does."""
        pointer, node = nodes.follow(self._tree, owner + pointers.join(("content", content_type)))
        return pointer, nodes.mapping(node)

    def resolved(self, type_: TypeRef) -> TypeRef:
        """Return what a type comes to, null aside: the type of an alias, and of the alias behind it."""
        return resolved(type_, self._declarations)

    def single(self, type_: TypeRef) -> TypeRef:
        """Return what one part of a multipart body holds: of an array each item, since it travels as several."""
        whole = self.resolved(type_)
        return self.resolved(whole.item) if isinstance(whole, ListOf) else whole

    def is_structured(self, type_: TypeRef) -> bool:
        """Return whether values of a type can be arrays or objects."""
        match self.resolved(type_):
            case ListOf() | TupleOf() | MapOf():
                return True
            case UnionOf(members):
                return any(map(self.is_structured, members))
            case bare:
                return self.model(bare) is not None

    def is_nested(self, type_: TypeRef) -> bool:
        """Return whether values of a type can be arrays or objects that hold arrays or objects."""
        match self.resolved(type_):
            case ListOf(inner) | MapOf(inner):
                return self.is_structured(inner)
            case TupleOf(items, rest):
                return any(map(self.is_structured, items)) or (rest is not None and self.is_structured(rest))
            case UnionOf(members):
                return any(map(self.is_nested, members))
            case bare:
                model = self.model(bare)
                return model is not None and any(self.is_structured(field.type) for field in model.fields)

    def carried(self, pointer: str, type_: TypeRef, instead: Mapping[ScalarKind, tuple[TypeRef, str]]) -> TypeRef:
        """Return a type with another one in the place of scalars that cannot be carried, also in lists.

        Args:
            pointer: The schema, of which it is noted.
            type_: The type.
            instead: What comes instead of each such scalar, and what is said of that.
        """
        match self.resolved(type_):
            case Scalar(kind) if kind in instead:
                carried, reason = instead[kind]
                self.note(degraded(pointer, reason))
                return Nullable(carried) if isinstance(type_, Nullable) else carried
            case ListOf(item) if (inner := self.carried(pointer, item, instead)) != item:
                return ListOf(inner)
            case _:
                return type_

    def takes_null(self, type_: TypeRef) -> bool:
        """Return whether null is a value of a type that says what its values are."""
        match type_:
            case Nullable() | Scalar("null"):
                return True
            case Reference():
                declaration = self.declaration(type_)
                return isinstance(declaration, Alias) and self.takes_null(declaration.type)
            case UnionOf(members):
                return any(map(self.takes_null, members))
            case _:
                return False

    def holds_null(self, type_: TypeRef) -> bool:
        """Return whether values of a type can be arrays or objects that are said to hold null."""
        match self.resolved(type_):
            case ListOf(inner) | MapOf(inner):
                return self.takes_null(inner)
            case TupleOf() as whole:
                return self.takes_null(whole.item)
            case UnionOf(members):
                return any(map(self.holds_null, members))
            case bare:
                model = self.model(bare)
                return model is not None and any(self.takes_null(field.type) for field in model.fields)

    def declaration(self, type_: TypeRef) -> Declaration | None:
        """Return the declaration that a type names, null aside."""
        bare = without_null(type_)
        return self._declarations.get(bare.name) if isinstance(bare, Reference) else None

    def model(self, type_: TypeRef) -> Model | None:
        """Return the model that a type names, if it names one."""
        declaration = self.declaration(type_)
        return declaration if isinstance(declaration, Model) else None
