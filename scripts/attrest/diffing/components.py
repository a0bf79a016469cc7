"""Compares the components that no operation uses, and that are of use only to those who read the description.

Where one of them needs another, it stands for both, since all that it refers to is compared with it. So it is no change
where something inside becomes a component of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

import attrs

from attrest import nodes, pointers, usage
from attrest.diffing import contents, parameters, responses
from attrest.diffing.changes import DOCUMENTATION, Change, Direction, Fact, Place
from attrest.diffing.collecting import Collector
from attrest.diffing.operations import Item, Operations, items
from attrest.diffing.rules import UNUSED
from attrest.diffing.views import Part, Side

_COMPARED_ELSEWHERE = "securitySchemes"
Circle: TypeAlias = list[pointers.Tokens]
"""Components that nothing but these need; most stand alone."""


def changes(collector: Collector, met: tuple[Change, ...]) -> Iterator[Change]:
    """Compare the components that no operation uses, in one of the versions at least.

    Args:
        collector: With nothing found so far.
        met: What callers meet, which is not told again.

    Returns:
        What changed, which is safe.
    """
    comparison = _Components(collector)
    for old, new in _pairs(collector):
        comparison.compare(old, new)
    told = {_identity(change.fact) for change in met}
    for change in collector.changes():
        if _identity(change.fact) not in told:
            yield attrs.evolve(change, verdict=UNUSED.verdict, reason=UNUSED.reason)


def _identity(fact: Fact) -> tuple[str | None, ...]:
    return fact.rule, fact.old, fact.new, fact.subject, fact.values


def _pairs(collector: Collector) -> Iterator[tuple[Part | None, Part | None]]:
    """Pair components: by their names first, then those that only got another; None stands for what is not there."""
    old, new = collector.old, collector.new
    left, right = usage.unneeded(old.tree), usage.unneeded(new.tree)
    kept = {place: None for circle in (*left, *right) if (place := _kept(circle, old, new))}
    yield from ((_part(old, place), _part(new, place)) for place in kept)
    gone = [_part(old, circle[0]) for circle in left if not _kept(circle, old, new)]
    come = [_part(new, circle[0]) for circle in right if not _kept(circle, old, new)]
    for part in gone:
        twin = next((other for other in come if _is_twin(collector, part, other)), None)
        if twin is not None:
            come.remove(twin)
        yield part, twin
    yield from ((None, part) for part in come)


def _kept(circle: Circle, old: Side, new: Side) -> pointers.Tokens | None:
    """Return the first of some components that both sides have under its name."""
    return next((place for place in circle if _is_there(old, place) and _is_there(new, place)), None)


def _is_there(side: Side, place: pointers.Tokens) -> bool:
    return nodes.find(side.tree, pointers.join(place)) is not pointers.MISSING


def _part(side: Side, place: pointers.Tokens) -> Part:
    pointer = pointers.join(place)
    return Part(pointer, nodes.find(side.tree, pointer))


def _is_twin(collector: Collector, old: Part, new: Part) -> bool:
    is_of_one_kind = pointers.split(old.pointer)[1] == pointers.split(new.pointer)[1]
    return is_of_one_kind and collector.old.likeness((old,)) == collector.new.likeness((new,))


class _Components:
    """Compares components by their kinds."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._operations = Operations(collector)

    def compare(self, old: Part | None, new: Part | None) -> None:
        either = new or old
        section = pointers.split(either.pointer)[1] if either else ""
        if either is None or section == _COMPARED_ELSEWHERE:
            return
        place = Place(either.pointer.removeprefix("/"))
        if old is None or new is None:
            action = "added" if old is None else "removed"
            pointer = {"new": either.pointer} if old is None else {"old": either.pointer}
            self._collector.at(place, "response", "component").tell("existence", action, **pointer)
        elif not self._collector.is_unchanged(old, new):
            self._compare(section, place, old, new)

    def _compare(self, section: str, place: Place, old: Part, new: Part) -> None:
        collector = self._collector
        before, after = collector.old.follow(old), collector.new.follow(new)
        match section:
            case "schemas":
                collector.schema(place, (old,), (new,), "response")
            case "parameters":
                parameters.compare(collector, place, {("", ""): before}, {("", ""): after}, "request")
            case "requestBodies":
                contents.compare_bodies(collector, place, before, after, "request")
            case "responses":
                responses.compare_one(collector, place, before, after, "response")
            case "headers" | "links" | "mediaTypes":
                keyword, compare = _HELD[section]
                name = pointers.split(new.pointer)[-1]
                compare(collector, place, _holder(keyword, name, old), _holder(keyword, name, new), "response")
            case "callbacks":
                self._compare_items(place, items(collector.old, before), items(collector.new, after))
            case "pathItems":
                self._compare_items(place, {"": Item("", (before,))}, {"": Item("", (after,))})
            case _ if before.node != after.node:  # an example
                spot = collector.at(place, "response", "component")
                spot.tell(DOCUMENTATION, "changed", old=before.pointer, new=after.pointer)
            case _:
                return

    def _compare_items(self, place: Place, old: Mapping[str, Item], new: Mapping[str, Item]) -> None:
        self._operations.compare_items(old, new, "response", "", place)


_HELD: Final[Mapping[str, tuple[str, Callable[[Collector, Place, Part, Part, Direction], None]]]] = {
    "headers": ("headers", parameters.compare_headers),
    "links": ("links", responses.compare_links),
    "mediaTypes": ("content", contents.compare),
}
"""The fields that hold components of a kind by their names, and what compares objects with such a field."""


def _holder(keyword: str, name: str, part: Part) -> Part:
    """Return an object that refers to a component under a field."""
    return Part("", {keyword: {name: {"$ref": pointers.as_fragment(part.pointer)}}})
