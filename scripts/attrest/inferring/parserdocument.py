"""The description that datamodel-code-generator gets to see: schemas alone, and of them what decides about classes.

Each schema that is in no other is a component of its own; so is each that the parser would not look for where it is.
What a schema says beyond its structure is left out: it is read from the description itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from attrest import nodes, pointers, schemanodes
from attrest.inferring.objectschemas import ObjectSchemas
from attrest.trees import is_list, is_mapping
from attrest.wellformed import Schema, WellFormed

_KEPT: Final = frozenset({"additionalProperties", "nullable", "required", "type"})
_REPEATED: Final = frozenset({"nullable", "type"})
"""Keywords that make no other class of what a reference beside them leads to."""
_COMPOSING: Final = frozenset({"allOf", "anyOf", "oneOf", "properties"})
"""Keywords that make another class of each alternative that a reference beside them leads to."""
_LISTS: Final = ("allOf", "anyOf", "oneOf")
_MAPS: Final = ("properties", "$defs", "definitions")
_SINGLE: Final = ("items", "additionalProperties")
_APART: Final = ("prefixItems", "unevaluatedProperties", "contentSchema")
"""Keywords, beside ``patternProperties``, with schemas that the parser has no class for where they are."""
_VALUES: Final = frozenset({"patternProperties", "unevaluatedProperties"})
"""Keywords that make a mapping of an object without properties."""
_SCALAR: Final = {"type": "string"}
"""Stands for a schema that comes to no class, whatever it is."""


class ParserDocument:
    """The description that the parser gets to see, and what each of its pointers stands for."""

    def __init__(self, schemas: WellFormed, excluded: Collection[str] = ()) -> None:
        """Write the description.

        Args:
            schemas: The schemas.
            excluded: Pointers of roots that the parser cannot do with; they take anything.
        """
        self._schemas = schemas
        self._excluded = frozenset(excluded)
        self._objects = ObjectSchemas(schemas)
        self._placed: dict[str, str] = {}
        self._pointers: dict[str, str] = {}
        self._references: list[tuple[dict[str, Any], str]] = []
        self._copies: list[str] = []
        self._inlined: list[str] = []
        self._waiting: list[str] = []
        self._components: list[dict[str, Any]] = []
        self._roots: list[str] = []
        for root in schemas.roots:
            self._add(root)
        self._connect()

    @property
    def places(self) -> Collection[str]:
        """The pointers of all schemas that values are described by."""
        return self._placed.keys()

    @property
    def roots(self) -> tuple[str, ...]:
        """The pointers of the schemas that are components here."""
        return tuple(self._roots)

    def tree(self, up_to: int | None = None) -> dict[str, Any]:
        """Return the description.

        Args:
            up_to: The index of the last root that is there, those behind it take anything; None for all.
        """
        last = len(self._components) if up_to is None else up_to
        schemas = {f"S{index}": schema if index <= last else {} for index, schema in enumerate(self._components)}
        return {
            "openapi": "3.1.0",
            "info": {"title": "schemas", "version": "1"},
            "paths": {},
            "components": {"schemas": schemas},
        }

    def pointer(self, placed: str) -> str:
        """Return what a pointer into this description stands for."""
        return self._pointers[pointers.join(pointers.split(placed))]

    def is_copy(self, placed: str) -> bool:
        """Return whether a pointer into this description leads into a schema that stands elsewhere too."""
        return any(f"{pointers.join(pointers.split(placed))}/".startswith(f"{copy}/") for copy in self._copies)

    def _add(self, pointer: str) -> None:
        if pointer in self._placed:
            return
        placed = schemanodes.component(f"S{len(self._roots)}")
        self._roots.append(pointer)
        self._placed[pointer] = placed
        self._pointers[placed] = pointer
        self._components.append({})
        if pointer not in self._excluded:
            index = len(self._roots) - 1
            self._components[index] = self._emitted(pointer, self._schemas.nodes[pointer], placed)

    def _connect(self) -> None:
        """Make components of what is referred to and in no other, and write the references."""
        while self._waiting or self._references:
            if self._waiting:
                self._add(self._waiting.pop())
            else:
                schema, target = self._references.pop()
                self._add(target)
                schema["$ref"] = f"#{self._placed[target]}"

    def _emitted(self, pointer: str, schema: Schema, placed: str) -> dict[str, Any]:
        """Return a schema as the parser sees it."""
        self._pointers.setdefault(placed, pointer)
        if isinstance(schema, bool):
            return {} if schema else dict(_SCALAR)
        if not self._inlined:
            self._placed.setdefault(pointer, placed)
        self._waiting += self._apart(pointer, schema)
        if (index := schemanodes.wrapped(schema)) is not None and schemanodes.component_name(pointer) is None:
            return self._emitted(f"{pointer}/allOf/{index}", schema["allOf"][index], placed)
        if "allOf" in schema and pointer not in self._objects:
            self._waiting += self._schemas.members(pointer, *_LISTS)
            return dict(_SCALAR)
        emitted = {name: value for name, value in schema.items() if name in _KEPT and not is_mapping(value)}
        if "properties" not in schema and not _VALUES.isdisjoint(schema):
            emitted.setdefault("additionalProperties", True)
        emitted |= self._inside(pointer, schema, placed)
        for name, described_at in self._sharpened(pointer, schema).items():
            emitted.setdefault("properties", {}).setdefault(name, dict(_SCALAR))
            self._pointers.setdefault(placed + pointers.join(("properties", name)), described_at)
        if (target := self._schemas.target(pointer)) is not None:
            return self._referring(emitted, target, placed)
        return emitted

    def _referring(self, emitted: dict[str, Any], target: str, placed: str) -> dict[str, Any]:
        """Return a schema with a reference.

        The parser writes what stands beside a reference into the alternatives that it leads to, for all who refer to
        them; and it forgets alternatives that a part refers to, where that part is composed itself. So the reference
        becomes a part, and such a part stands where it is referred to. What stands beside a reference to what is around
        it is left out: there would be no end to it.

        Args:
            emitted: What stands beside the reference.
            target: The pointer of what it leads to.
            placed: Where the schema is.
        """
        alternatives = self._schemas.alternatives(target)
        is_inside = self._pointers.get(placed, "").startswith(f"{target}/")
        if emitted.keys() <= _REPEATED or (alternatives and (is_inside or _COMPOSING.isdisjoint(emitted))):
            emitted = {}
        if emitted and alternatives:
            parts = emitted.setdefault("allOf", [])
            parts.append(self._referring({}, target, f"{placed}/allOf/{len(parts)}"))
        elif _is_part(placed) and any(part != target for part, _ in alternatives) and target not in self._inlined:
            self._waiting.append(target)
            self._copies.append(placed)
            self._inlined.append(target)
            emitted = self._emitted(target, self._schemas.nodes[target], placed)
            self._inlined.pop()
        else:
            self._references.append((emitted, target))
        return emitted

    def _sharpened(self, pointer: str, schema: Mapping[str, Any]) -> dict[str, str]:
        """Return the properties that a schema requires and what it refers to does not, by name: it is another class."""
        if "allOf" not in schema and "$ref" not in schema:
            return {}
        parts = (pointer, *self._schemas.members(pointer, "allOf"))
        targets = [target for part in parts if (target := self._schemas.target(part)) is not None]
        own = {name for part in parts for name in nodes.sequence(self._schemas.mapping(part).get("required"))}
        more = own.difference(*map(self._schemas.required, targets))
        described = self._schemas.properties(pointer) if targets and more else {}
        return {name: at[-1] for name, at in described.items() if name in more}

    def _inside(self, pointer: str, schema: Mapping[str, Any], placed: str) -> dict[str, Any]:
        """Return the keywords of a schema that hold schemas, as the parser sees them."""
        inside: dict[str, Any] = {}
        for name in (*_LISTS, *_MAPS, *_SINGLE):
            held = schema.get(name)
            at, there = f"{pointer}/{name}", f"{placed}/{name}"
            if is_list(held) and held:
                inside[name] = [
                    self._emitted(f"{at}/{index}", each, f"{there}/{index}") for index, each in enumerate(held)
                ]
            elif is_mapping(held) and name in _MAPS:
                tokens = {key: pointers.join([key]) for key in held}
                inside[name] = {
                    key: self._emitted(at + tokens[key], each, there + tokens[key]) for key, each in held.items()
                }
            elif is_mapping(held) and not (name == "items" and "prefixItems" in schema):
                inside[name] = self._emitted(at, held, there)
        return inside

    def _apart(self, pointer: str, schema: Mapping[str, Any]) -> Iterator[str]:
        yield from self._schemas.patterned(pointer)
        for name in (*_APART, *(["items"] if "prefixItems" in schema else [])):
            inner = schema.get(name)
            if is_list(inner):
                yield from (f"{pointer}/{name}/{index}" for index in range(len(inner)))
            elif is_mapping(inner):
                yield f"{pointer}/{name}"


def _is_part(placed: str) -> bool:
    return pointers.split(placed)[-2:-1] == ("allOf",)
