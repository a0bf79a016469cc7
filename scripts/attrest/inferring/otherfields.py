"""What the parts of a class say of fields that other parts list, and nothing checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrest import bounds
from attrest.bounds import FREE
from attrest.inferring import listed
from attrest.inferring.limits import Limits
from attrest.inferring.shapes import Shapes
from attrest.ir import Field
from attrest.ledger import Entry, degraded
from attrest.typerefs import ANY
from attrest.wellformed import WellFormed

_LISTED_BY_NAME: Final = "not checked on what is listed by name"


class OtherFields:
    """Tells which fields of classes are not held to all that is said of them."""

    def __init__(self, schemas: WellFormed, shapes: Shapes, limits: Limits) -> None:
        """Get to know the schemas, their types and their limits."""
        self._schemas = schemas
        self._shapes = shapes
        self._limits = limits

    def entries(self, pointer: str, fields: Mapping[str, Field]) -> Iterator[Entry]:
        """Tell what is not checked; of what a class refers to, where it does so.

        Args:
            pointer: The class.
            fields: Its fields, by their wire names.
        """
        for part in self._schemas.own_parts(pointer):
            for keyword, place in self._unchecked(part, fields):
                yield degraded(place, _reason(keyword, is_forbidden=self._schemas.nodes[place] is False))
            if self._forbids_name(part, fields):
                yield degraded(f"{part}/propertyNames", _LISTED_BY_NAME, alone=True)
            if (target := self._schemas.target(part)) is None:
                continue
            known = self._schemas.properties(target)
            foreign = {name: field for name, field in fields.items() if name not in known}
            for each in self._schemas.conjuncts(target):
                for keyword, place in self._unchecked(each, foreign):
                    reason = _reason(keyword, is_forbidden=self._schemas.nodes[place] is False)
                    yield degraded(f"{part}/$ref", f"{keyword} of this: {reason}")
                if self._forbids_name(each, foreign):
                    yield degraded(f"{part}/$ref", f"propertyNames of this: {_LISTED_BY_NAME}")

    def _unchecked(self, part: str, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        for keyword, place, names in listed.spoken_of(self._schemas, part, fields):
            if not all(self._is_held(fields[name], place) for name in names):
                yield keyword, place

    def _forbids_name(self, part: str, names: Iterable[str]) -> bool:
        """Return whether a schema limits names in a way that not all of some are within."""
        limits = self._limits.of_names(part)
        return not all(bounds.holds(limits, name) for name in names)

    def _is_held(self, field: Field, place: str) -> bool:
        """Return whether a field is held to a schema: it has no other type and no other limits."""
        if self._schemas.nodes[place] is False:
            return False
        types, limits = {ANY, field.type}, {FREE, field.constraints}
        return self._shapes.at(place) in types and self._limits.at(place) in limits


def _reason(keyword: str, *, is_forbidden: bool) -> str:
    if is_forbidden:
        return "it forbids what other parts list: that is taken all the same"
    if keyword == "patternProperties":
        return _LISTED_BY_NAME
    return "not checked on what other parts list"
