"""Compares bodies: their media types, how their parts travel, and their schemas (OpenAPI 3.1 §4.8.14)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrest import nodes
from attrest.contentforms import form_of
from attrest.diffing.changes import Direction, Place
from attrest.diffing.collecting import Collector, Spot
from attrest.diffing.views import Part, Parts


def compare_bodies(
    collector: Collector, place: Place, old: Part | None, new: Part | None, direction: Direction
) -> None:
    """Compare two request bodies; None stands for one that is not described."""
    if old and new:
        collector.nodes(place, old, new, direction, "body")
        collector.flag(place, old, new, direction, "body", "required")
        compare(collector, place, old, new, direction, is_asked_for=False)
    elif old:
        collector.at(place, direction, "body").tell("existence", "removed", old=old.pointer)
    elif new:
        action = "added as required" if nodes.mapping(new.node).get("required") is True else "added"
        collector.at(place, direction, "body").tell("existence", action, new=new.pointer)


def compare(
    collector: Collector,
    place: Place,
    old: Part | None,
    new: Part | None,
    direction: Direction,
    *,
    is_asked_for: bool = True,
) -> None:
    """Compare two fields ``content``.

    Args:
        collector: Told what is found.
        place: Where callers meet them.
        old: The old object that has the field; None where there is none.
        new: The new one.
        direction: Who sends the body.
        is_asked_for: Whether whoever receives it has asked for media types first.
    """
    left, right = _contents(collector, old, is_old=True), _contents(collector, new, is_old=False)
    for key, (first, second) in _pairs(collector, place, left, right, direction, is_asked_for=is_asked_for):
        at = place.then(key) if max(len(left), len(right)) > 1 else place
        _compare_one(collector, at, first, second, direction, textual=_is_textual(key, first, second))


def _contents(collector: Collector, owner: Part | None, *, is_old: bool) -> dict[str, Part]:
    """Return the media types by their names, written in one way (RFC 9110 §8.3.1)."""
    if owner is None:
        return {}
    side = collector.old if is_old else collector.new
    written = nodes.mapping(nodes.mapping(owner.node).get("content"))
    return {_normal(name): side.object_of(owner.child("content", name)) for name in written}


def _normal(name: str) -> str:
    essence, *parameters = (part.strip() for part in name.split(";"))
    return "; ".join([essence.lower(), *sorted(filter(None, parameters))])


def _pairs(
    collector: Collector,
    place: Place,
    old: Mapping[str, Part],
    new: Mapping[str, Part],
    direction: Direction,
    *,
    is_asked_for: bool,
) -> Iterator[tuple[str, tuple[Part, Part]]]:
    """Pair media types: of one name; then those that differ in parameters alone; then one and a range that holds it."""
    spot = collector.at(place, direction, "media type")
    unasked = " unasked" if direction == "response" and not is_asked_for else ""
    gone = {name: part for name, part in old.items() if name not in new}
    come = {name: part for name, part in new.items() if name not in old}
    yield from ((name, (old[name], new[name])) for name in old if name in new)
    for name in tuple(gone):
        if twin := next((other for other in come if _essence(other) == _essence(name)), None):
            pair = gone.pop(name), come.pop(twin)
            _tell(spot, ("parameters", "changed"), pair, (name, twin))
            yield twin, pair
    for name in [name for name in gone if _range(name, new)]:
        twin = _range(name, new)
        come.pop(twin, None)
        pair = gone.pop(name), new[twin]
        _tell(spot, ("existence", "widened"), pair, (name, twin))
        yield twin, pair
    for name in [name for name in come if _range(name, old)]:
        twin = _range(name, old)
        pair = old[twin], come.pop(name)
        if gone.pop(twin, None):
            _tell(spot, ("existence", "narrowed"), pair, (twin, name))
        yield name, pair
    for name, part in gone.items():
        spot.tell("existence", f"removed{unasked}", old=part.pointer, subject=name)
    for name, part in come.items():
        spot.tell("existence", f"added{unasked}" if old else "first", new=part.pointer, subject=name)


def _is_textual(name: str, old: Part, new: Part) -> bool:
    """Tell whether the fields of a body travel as plain text: those of a form of which nothing else is said."""
    says = any(nodes.mapping(part.node).get("encoding") for part in (old, new))
    return form_of(name) in {"form", "multipart"} and not says


def _range(name: str, others: Iterable[str]) -> str:
    """Return the range among others that holds a media type; empty where there is none."""
    return next((other for other in others if _holds(other, name)), "")


def _essence(name: str) -> str:
    return name.partition(";")[0]


def _holds(range_: str, name: str) -> bool:
    """Tell whether a range of media types holds one (RFC 9110 §12.5.1)."""
    wide, narrow = _essence(range_), _essence(name)
    return wide != narrow and (wide == "*/*" or (wide.endswith("/*") and narrow.startswith(wide[:-1])))


def _tell(spot: Spot, said: tuple[str, str], pair: tuple[Part, Part], names: tuple[str, str]) -> None:
    spot.tell(*said, old=pair[0].pointer, new=pair[1].pointer, before=names[0], after=names[1])


def _compare_one(
    collector: Collector, place: Place, old: Part, new: Part, direction: Direction, *, textual: bool
) -> None:
    collector.nodes(place, old, new, direction, "media type")
    _compare_encodings(collector, place, old, new, direction)
    if ("itemSchema" in nodes.mapping(old.node)) != ("itemSchema" in nodes.mapping(new.node)):
        spot = collector.at(place, direction, "media type")
        spot.tell("framing", "changed", old=old.pointer, new=new.pointer)
        return
    collector.schema(place.then("[]"), _field(old, "itemSchema"), _field(new, "itemSchema"), direction)
    collector.schema(place, _field(old, "schema"), _field(new, "schema"), direction, textual=textual)


def _field(part: Part, keyword: str) -> Parts:
    return (part.child(keyword),) if keyword in nodes.mapping(part.node) else ()


def _compare_encodings(collector: Collector, place: Place, old: Part, new: Part, direction: Direction) -> None:
    """Compare how single fields travel; what is not said stands for its default (OpenAPI 3.1 §4.8.15)."""
    before, after = (nodes.mapping(nodes.mapping(part.node).get("encoding")) for part in (old, new))
    for name in dict.fromkeys([*before, *after]):
        first, second = nodes.mapping(before.get(name)), nodes.mapping(after.get(name))
        if _encoding(first) != _encoding(second):
            collector.at(place.then(name), direction, "media type").tell(
                "part encoding",
                "changed",
                old=f"{old.pointer}/encoding" if first else old.pointer,
                new=f"{new.pointer}/encoding" if second else new.pointer,
                subject=name,
                before=dict(first),
                after=dict(second),
            )


def _encoding(node: Mapping[str, Any]) -> tuple[Any, ...]:
    style = node.get("style", "form")
    headers = tuple(sorted(name.lower() for name in nodes.mapping(node.get("headers"))))
    return (
        node.get("contentType"),
        style,
        node.get("explode", style == "form"),
        bool(node.get("allowReserved")),
        headers,
    )
