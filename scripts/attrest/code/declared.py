"""What is known of types by the declarations that they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from attrest import names
from attrest.ir import Alias, Declaration, Enum, Model, resolved
from attrest.typerefs import (
    STRING,
    Discriminator,
    ListOf,
    LiteralOf,
    MapOf,
    Nullable,
    Reference,
    Scalar,
    ScalarKind,
    TupleOf,
    TypeRef,
    UnionOf,
    kind_of,
    references,
)

_KINDS: Final[Mapping[ScalarKind, tuple[str, ...]]] = {
    "any": ("object", "array", "string", "number", "boolean", "null"),
    "null": ("null",),
    "integer": ("integer",),
    "number": ("number",),
    "boolean": ("boolean",),
}


class Declared:
    """The declarations of one API."""

    def __init__(self, declarations: Iterable[Declaration]) -> None:
        """Get to know the declarations.

        Args:
            declarations: The API's.
        """
        self._declarations = {declaration.name: declaration for declaration in declarations}

    def home(self, word: str) -> str | None:
        """Return the module that defines a declaration or its decoder; None for any other identifier."""
        return self._homes.get(word)

    def is_deprecated(self, word: str) -> bool:
        """Return whether an identifier is that of a class that type checkers know to be deprecated."""
        declaration = self._declarations.get(word)
        return isinstance(declaration, Model | Enum) and declaration.deprecated

    @cached_property
    def _homes(self) -> Mapping[str, str]:
        modules = {name: each.module for name, each in self._declarations.items()}
        return modules | {decoder: modules[name] for name, decoder in self._alias_decoders.items()}

    def alias_decoder(self, name: str) -> str:
        """Return the name of the function that decodes an alias."""
        return self._alias_decoders[name]

    @cached_property
    def _alias_decoders(self) -> Mapping[str, str]:
        given = names.Namespace()
        aliases = sorted(name for name, each in self._declarations.items() if isinstance(each, Alias))
        return {name: given.take(f"decode_{names.snake(name)}") for name in aliases}

    def is_quoted(self, name: str) -> bool:
        """Return whether a name is text while the program runs: an alias that is part of a circle, or uses one."""
        return name in self._quoted

    @cached_property
    def _quoted(self) -> frozenset[str]:
        aliases = {name: each for name, each in self._declarations.items() if isinstance(each, Alias)}
        sizes = Counter(each.module for each in self._declarations.values())
        uses = {name: frozenset(references(alias.type)) & aliases.keys() for name, alias in aliases.items()}
        quoted = {name for name, alias in aliases.items() if sizes[alias.module] > 1 or name in uses[name]}
        while more := {name for name, used in uses.items() if name not in quoted and used & quoted}:
            quoted |= more
        return frozenset(quoted)

    def resolved(self, type_: TypeRef) -> TypeRef:
        """Return what a type comes to: its alias's type where it names one, and null aside."""
        return resolved(type_, self._declarations)

    def takes_null(self, type_: TypeRef) -> bool:
        """Return whether null is a value of a type."""
        return "null" in self._kinds(type_, frozenset())

    def model(self, type_: TypeRef) -> Model | None:
        """Return the model that a type names, if it names one."""
        declaration = self._declarations.get(type_.name) if isinstance(type_, Reference) else None
        return declaration if isinstance(declaration, Model) else None

    def kinds(self, type_: TypeRef) -> frozenset[str]:
        """Return the kinds of JSON value that a type takes."""
        return frozenset(self._kinds(type_, frozenset()))

    def _kinds(self, type_: TypeRef, seen: frozenset[str]) -> set[str]:
        """Return the kinds of JSON value that a type takes."""
        match type_:
            case Scalar(kind):
                return set(_KINDS.get(kind, ("string",)))
            case Reference(name):
                return set() if name in seen else self._kinds_of(self._declarations[name], seen | {name})
            case ListOf() | TupleOf():
                return {"array"}
            case MapOf():
                return {"object"}
            case LiteralOf(values):
                return {kind_of(value) for value in values}
            case Nullable(inner):
                return {"null"} | self._kinds(inner, seen)
            case UnionOf(members):
                return {kind for member in members for kind in self._kinds(member, seen)}

    def _kinds_of(self, declaration: Declaration, seen: frozenset[str]) -> set[str]:
        match declaration:
            case Model():
                return {"object"}
            case Enum():
                return {kind_of(member.value) for member in declaration.members}
            case Alias():
                return self._kinds(declaration.type, seen)

    def is_text(self, type_: TypeRef) -> bool:
        """Return whether every value of a type is text, in Python as well."""
        bare = self.resolved(type_)
        if isinstance(bare, Reference):
            declaration = self._declarations[bare.name]
            return isinstance(declaration, Enum) and declaration.base == "string"
        return bare == STRING

    def keeps_unknown(self, type_: TypeRef) -> bool:
        """Return whether an object that is no member of a union, or of one in it, is kept."""
        match self.resolved(type_):
            case UnionOf(_, Discriminator(otherwise=otherwise)):
                return otherwise is None
            case UnionOf(members, None, is_open):
                return is_open or any(map(self.keeps_unknown, members))
            case _:
                return False
