"""Collects what the parts of a comparison find, with the places where callers meet it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from attrest import nodes
from attrest.diffing.changes import Area, Change, Direction, Fact, Place
from attrest.diffing.lifecycle import Lifecycle
from attrest.diffing.remarks import node_facts
from attrest.diffing.rules import ruling
from attrest.diffing.schemas import Pair, Schemas
from attrest.diffing.views import Part, Parts, Side
from attrest.ir import ABSENT, Absent


class Collector:
    """Two descriptions under comparison, and what was found so far."""

    def __init__(self, old: Side, new: Side, unchanged: frozenset[str], lifecycle: Lifecycle) -> None:
        """Start with nothing found.

        Args:
            old: The old description.
            new: The new one.
            unchanged: Pointers of components that are the same in both, with all that they refer to.
            lifecycle: What is known of dates.
        """
        self.old = old
        self.new = new
        self.lifecycle = lifecycle
        self._unchanged = unchanged
        self._schemas = Schemas(old, new, unchanged, lifecycle)
        self._found: dict[Fact, dict[str, Place]] = {}
        self._roots: list[tuple[Pair, Place]] = []

    def is_unchanged(self, old: Part, new: Part) -> bool:
        """Tell whether two objects are the same one, which did not change, nor did anything that it refers to."""
        return old.pointer == new.pointer and old.pointer in self._unchanged

    def at(self, place: Place, direction: Direction, area: Area) -> Spot:
        """Return what notes facts about one place."""
        return Spot(self, place, direction, area)

    def note(self, place: Place, fact: Fact) -> None:
        """Note a fact."""
        self._found.setdefault(fact, {}).setdefault(place.operation, place)

    def nodes(self, place: Place, old: Part, new: Part, direction: Direction, area: Area) -> None:
        """Compare what two objects say about themselves."""
        for fact in node_facts(self.old.illustrated(old), self.new.illustrated(new), direction, area):
            self.note(place, fact)

    def flag(self, place: Place, old: Part, new: Part, direction: Direction, area: Area, keyword: str) -> None:
        """Compare a field that is true or false, and false where it is not there."""
        before, after = (nodes.mapping(part.node).get(keyword) is True for part in (old, new))
        if before != after:
            action = "added" if after else "removed"
            self.at(place, direction, area).tell(keyword, action, old=old.pointer, new=new.pointer)

    def schema(self, place: Place, old: Parts, new: Parts, direction: Direction, *, textual: bool = False) -> None:
        """Compare two schemas."""
        self._roots.append((self._schemas.pair(old, new, direction, textual=textual), place))

    def changes(self) -> tuple[Change, ...]:
        """Return everything that was found, in the order in which it was."""
        self._schemas.close()
        for pair, place in self._roots:
            if self._schemas.is_telling(pair):
                for steps, fact in self._schemas.found(pair):
                    self.note(place.then(*steps), fact)
        return tuple(_judged(fact, places.values()) for fact, places in self._found.items())


@attrs.frozen
class Spot:
    """A place, and what is compared there."""

    collector: Collector
    place: Place
    direction: Direction
    area: Area

    def tell(
        self,
        kind: str,
        action: str,
        *,
        old: str | None = None,
        new: str | None = None,
        subject: str = "",
        before: Any | Absent = ABSENT,
        after: Any | Absent = ABSENT,
    ) -> None:
        """Note a fact about it, as ``Fact`` has it."""
        fact = Fact(
            old=old,
            new=new,
            direction=self.direction,
            area=self.area,
            kind=kind,
            action=action,
            subject=subject,
            before=before,
            after=after,
        )
        self.collector.note(self.place, fact)


def _judged(fact: Fact, places: Iterable[Place]) -> Change:
    judged = ruling(fact)
    return Change(fact=fact, places=tuple(places), verdict=judged.verdict, reason=judged.reason)
