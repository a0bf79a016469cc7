"""Whether values may fit several alternatives of ``oneOf``; they have to fit one (JSON Schema 2020-12 §10.2.1.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from typing import Any, Final

from attrest import nodes, schemanodes
from attrest.inferring import listed
from attrest.inferring.shapes import Shapes, distinct
from attrest.ledger import Entry, degraded
from attrest.typerefs import STRING, JsonScalar, Scalar, without_null
from attrest.wellformed import WellFormed

_NOT_CHECKED: Final = "not checked when sent: that a value fits one alternative alone"


class Exclusive:
    """Tells alternatives apart, as far as what they say of types, of values and of properties goes."""

    def __init__(self, schemas: WellFormed, shapes: Shapes) -> None:
        """Get to know the schemas and their types."""
        self._schemas = schemas
        self._shapes = shapes
        self._compared: dict[tuple[str, str, tuple[str, ...]], bool] = {}
        self._known_kinds: dict[str, frozenset[str]] = {}
        self._conjuncts = cache(schemas.conjuncts)
        self._properties = cache(schemas.properties)
        self._required = cache(schemas.required)
        self._alternatives = cache(schemas.listed_alternatives)
        self._listed_values = cache(self._found_values)

    def entries(self) -> Iterator[Entry]:
        """Tell where a value may fit several alternatives, which nothing checks, and no discriminator says which."""
        for pointer in self._schemas.nodes:
            schema = self._schemas.mapping(pointer)
            if "oneOf" not in schema or "discriminator" in schema:
                continue
            beside = dict.fromkeys((*self._schemas.conjuncts(pointer), *self._schemas.parts_beside(pointer)))
            pairs = combinations(self._schemas.members(pointer, "oneOf"), 2)
            if not all(self._are_apart(one, other, tuple(beside)) for one, other in pairs):
                yield degraded(f"{pointer}/oneOf", _NOT_CHECKED, alone=True)

    def _are_apart(self, one: str, other: str, beside: tuple[str, ...] = ()) -> bool:
        """Return whether it is certain that no value fits two schemas, and some that stand beside them."""
        key = one, other, beside
        if key not in self._compared:
            self._compared[key] = False  # what comes back to itself on the way is not certain
            self._compared[key] = (
                self._differ(one, other, beside)
                or any(all(self._are_apart(each, other) for each in members) for members in self._alternatives(one))
                or any(all(self._are_apart(one, each) for each in members) for members in self._alternatives(other))
            )
        return self._compared[key]

    def _differ(self, one: str, other: str, beside: tuple[str, ...]) -> bool:
        shared = schemanodes.TYPES.intersection(*map(self._kinds, (one, other, *beside)))
        if not shared or self._list_other_values(one, other):
            return True
        if shared == frozenset({"string"}):
            formats = {without_null(self._shapes.at(one)), without_null(self._shapes.at(other))}
            return len(formats) > 1 and STRING not in formats and all(isinstance(each, Scalar) for each in formats)
        return shared == frozenset({"object"}) and self._differ_as_objects(one, other, beside)

    def _differ_as_objects(self, one: str, other: str, beside: tuple[str, ...]) -> bool:
        own, others = self._properties(one), self._properties(other)
        required = frozenset[str]().union(*map(self._required, (one, other, *beside)))
        return any(
            self._are_apart(part, each)
            for name in own
            if name in required and name in others
            for part in own[name]
            for each in others[name]
        ) or any(self._forbids_any(part, required) for schema in (one, other) for part in self._conjuncts(schema))

    def _forbids_any(self, pointer: str, names: frozenset[str]) -> bool:
        if not listed.is_closed(self._schemas, pointer):
            return False
        return any(keyword != "patternProperties" for keyword, _, _ in listed.spoken_of(self._schemas, pointer, names))

    def _kinds(self, pointer: str) -> frozenset[str]:
        """Return the types of values that may fit a schema; a whole number is both, an integer and a number."""
        if pointer not in self._known_kinds:
            self._known_kinds[pointer] = schemanodes.TYPES  # a schema may be an alternative of itself
            self._known_kinds[pointer] = self._found_kinds(pointer)
        return self._known_kinds[pointer]

    def _found_kinds(self, pointer: str) -> frozenset[str]:
        found = schemanodes.TYPES
        for part in self._conjuncts(pointer):
            schema = self._schemas.mapping(part)
            for types in (schemanodes.types(schema), [*map(schemanodes.type_of, _values(schema))]):
                if types:
                    found &= _widened(frozenset(types), is_nullable=schema.get("nullable") is True)
        for members in self._alternatives(pointer):
            found &= frozenset[str]().union(*map(self._kinds, members))
        return found

    def _list_other_values(self, one: str, other: str) -> bool:
        own, others = self._listed_values(one), self._listed_values(other)
        return any(values.isdisjoint(more) for values in own for more in others)

    def _found_values(self, pointer: str) -> list[frozenset[tuple[bool, JsonScalar]]]:
        values = (_values(self._schemas.mapping(part)) for part in self._conjuncts(pointer))
        return [distinct(each) for each in values if each and not any(isinstance(value, list | dict) for value in each)]


def _values(schema: dict[str, Any]) -> Sequence[Any]:
    return [schema["const"]] if "const" in schema else nodes.sequence(schema.get("enum"))


def _widened(types: frozenset[str], *, is_nullable: bool) -> frozenset[str]:
    numbers = {"integer", "number"} if "number" in types else set[str]()
    return types | numbers | ({"null"} if is_nullable else set[str]())
