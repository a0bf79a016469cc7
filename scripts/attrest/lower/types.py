"""The types of schemas by their place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from attrest import nodes
from attrest.ir import Declaration, Model
from attrest.schemas import Schemas
from attrest.typerefs import ANY, Reference, TypeRef, without_null


class Types:
    """What each schema of a description is, and what the names in it stand for."""

    def __init__(self, tree: Mapping[str, Any], schemas: Schemas) -> None:
        self._tree = tree
        self._types = schemas.types
        self._declarations = {declaration.name: declaration for declaration in schemas.declarations}

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

    def declaration(self, type_: TypeRef) -> Declaration | None:
        """Return the declaration that a type names, null aside."""
        bare = without_null(type_)
        return self._declarations.get(bare.name) if isinstance(bare, Reference) else None

    def model(self, type_: TypeRef) -> Model | None:
        """Return the model that a type names, if it names one."""
        declaration = self.declaration(type_)
        return declaration if isinstance(declaration, Model) else None
