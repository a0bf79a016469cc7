"""Which schemas are of objects alone, and which alternatives of objects a type can tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from attrest.ledger import Entry, degraded
from attrest.wellformed import WellFormed

_ALTERNATIVES: Final = ("anyOf", "oneOf")
_LISTS: Final = ("allOf", *_ALTERNATIVES)
_STRUCTURES: Final = frozenset({"additionalProperties", "patternProperties", "properties"})
_SEVERAL: Final = 2


class ObjectSchemas:
    """Knows the schemas that take nothing but objects."""

    def __init__(self, schemas: WellFormed) -> None:
        """Get to know the schemas."""
        self._schemas = schemas
        self._known: dict[str, bool] = {}

    def __contains__(self, pointer: str) -> bool:
        """Return whether a schema takes nothing but objects, by itself or by what it is composed of."""
        if pointer not in self._known:
            self._known[pointer] = False
            schema = self._schemas.mapping(pointer)
            target = self._schemas.target(pointer)
            parts = [*self._schemas.members(pointer, "allOf"), *([] if target is None else [target])]
            choices = [self._schemas.members(pointer, keyword) for keyword in _ALTERNATIVES if schema.get(keyword)]
            self._known[pointer] = (
                not _STRUCTURES.isdisjoint(schema)
                or any(part in self for part in parts)
                or any(all(member in self for member in choice) for choice in choices)
            )
        return self._known[pointer]


def with_one_choice(schemas: WellFormed) -> WellFormed:
    """Leave out those alternatives of objects that stand beside others.

    A class for each pair of them would be exact, and too many; a class for each one of them would demand what only the
    others do.
    """
    settling = _Settling(schemas)
    entries = [entry for pointer in schemas.nodes for entry in settling.settled(pointer)]
    return attrs.evolve(schemas, entries=(*schemas.entries, *entries))


class _Settling:
    def __init__(self, schemas: WellFormed) -> None:
        self._schemas = schemas
        self._objects = ObjectSchemas(schemas)
        self._done: set[str] = set()

    def settled(self, pointer: str) -> Iterator[Entry]:
        """Leave out all alternatives of a schema but the first, those of what it is composed of before."""
        if pointer in self._done or self._schemas.whole(pointer) != pointer:
            return
        self._done.add(pointer)
        for part in self._schemas.conjuncts(pointer)[:-1]:
            yield from self.settled(part)
        while len(choices := self._choices(pointer)) >= _SEVERAL:
            place = self._without(pointer, *choices[1])
            yield degraded(place, "beside other alternatives these are not typed: their fields are kept as they come")

    def _choices(self, pointer: str) -> list[tuple[str, str]]:
        found = self._schemas.alternatives(pointer)
        return [(part, keyword) for part, keyword in found if self._is_of_objects(part, keyword)]

    def _is_of_objects(self, part: str, keyword: str) -> bool:
        members = self._schemas.members(part, keyword)
        others = [member for member in members if self._schemas.mapping(member).get("type") != "null"]
        return bool(others) and all(member in self._objects for member in others)

    def _without(self, pointer: str, holder: str, keyword: str) -> str:
        """Leave alternatives out of a schema, with all that stands beside them elsewhere; return what that was."""
        own = self._schemas.own_parts(pointer)
        if holder in own:
            del self._schemas.mapping(holder)[keyword]
            return f"{holder}/{keyword}"
        leading = (part for part in own if (target := self._schemas.target(part)) and self._is_part(holder, target))
        part = next(leading)
        del self._schemas.mapping(part)["$ref"]
        return f"{part}/$ref"

    def _is_part(self, holder: str, pointer: str) -> bool:
        return holder in self._schemas.conjuncts(pointer)
