"""Compares parameters (OpenAPI 3.1 §4.8.12) and headers (§4.8.21)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from attrest import nodes, pathtemplates
from attrest.diffing import contents
from attrest.diffing.changes import Area, Direction, Place
from attrest.diffing.collecting import Collector
from attrest.diffing.views import Part, Parts, Side
from attrest.styles import EXPLODED, HEADERS_BY_OTHER_MEANS, STYLES

Identity: TypeAlias = tuple[str, str]
"""Where a parameter travels, and its name; of one in the path, its position."""

_USUAL_STYLES: Final[Mapping[str, str]] = {location: usual for location, (usual, *_) in STYLES.items()}


def listed(side: Side, owners: Iterable[Part], path: str) -> dict[Identity, Part]:
    """Return the parameters that a path item and its operation list; the operation's go before.

    Args:
        side: The description.
        owners: The path item, then the operation.
        path: The template that names the parameters of the path.
    """
    positions = {name: str(index) for index, name in enumerate(pathtemplates.NAME.findall(path))}
    found: dict[Identity, Part] = {}
    for owner in owners:
        for index, _ in enumerate(nodes.sequence(nodes.mapping(owner.node).get("parameters"))):
            part = side.follow(owner.child("parameters", index))
            node = nodes.mapping(part.node)
            name, location = str(node.get("name")), str(node.get("in"))
            if location == "header":
                name = name.lower()
            if not node or (location == "header" and name in HEADERS_BY_OTHER_MEANS):
                continue
            found[location, positions.get(name, name) if location == "path" else name] = part
    return found


def compare(
    collector: Collector,
    place: Place,
    old: Mapping[Identity, Part],
    new: Mapping[Identity, Part],
    direction: Direction,
) -> None:
    """Compare the parameters of an operation.

    Args:
        collector: Told what is found.
        place: The operation.
        old: The old parameters.
        new: The new ones.
        direction: Who sends them.
    """
    gone = {identity: part for identity, part in old.items() if identity not in new}
    come = {identity: part for identity, part in new.items() if identity not in old}
    for identity in tuple(gone):
        twins = [other for other in come if _name(come[other]) == _name(gone[identity])]
        if len(twins) == 1:
            before, after = gone.pop(identity), come.pop(twins[0])
            collector.at(_at(place, after), direction, "parameter").tell(
                "location", "changed", old=before.pointer, new=after.pointer, before=identity[0], after=twins[0][0]
            )
    for part in gone.values():
        action = collector.lifecycle.removal(part.node)
        collector.at(_at(place, part), direction, "parameter").tell("existence", action, old=part.pointer)
    for part in come.values():
        action = "added as required" if _is_required(part) else "added"
        collector.at(_at(place, part), direction, "parameter").tell("existence", action, new=part.pointer)
    for identity in [identity for identity in old if identity in new]:
        _compare_one(collector, place, old[identity], new[identity], direction)


def _compare_one(collector: Collector, operation: Place, old: Part, new: Part, direction: Direction) -> None:
    place = _at(operation, new)
    if _name(old) != _name(new) and old.node.get("in") == "path":
        names = _name(old), _name(new)
        collector.at(place, direction, "parameter").tell(
            "name", "changed", old=old.pointer, new=new.pointer, before=names[0], after=names[1]
        )
    if old.node.get("in") != "path":
        collector.flag(place, old, new, direction, "parameter", "required")
    for keyword in ("allowReserved", "allowEmptyValue"):
        collector.flag(place, old, new, direction, "parameter", keyword)
    _compare_value(collector, place, old, new, direction, "parameter")


def compare_headers(collector: Collector, place: Place, old: Part, new: Part, direction: Direction) -> None:
    """Compare the headers of two responses."""
    left, right = _headers(collector.old, old), _headers(collector.new, new)
    for name, part in left.items():
        if name not in right:
            action = collector.lifecycle.removal(part.node)
            if action == "removed" and _is_required(part):
                action = "removed though required"
            collector.at(place.then(f"header {name}"), direction, "header").tell("existence", action, old=part.pointer)
    for name, part in right.items():
        inner = place.then(f"header {name}")
        if name not in left:
            action = "added as required" if _is_required(part) else "added"
            collector.at(inner, direction, "header").tell("existence", action, new=part.pointer)
            continue
        collector.flag(inner, left[name], part, direction, "header", "required")
        _compare_value(collector, inner, left[name], part, direction, "header")


def _headers(side: Side, owner: Part) -> dict[str, Part]:
    return {
        name.lower(): side.object_of(owner.child("headers", name))
        for name in nodes.mapping(nodes.mapping(owner.node).get("headers"))
        if name.lower() != "content-type"
    }


def _compare_value(collector: Collector, place: Place, old: Part, new: Part, direction: Direction, area: Area) -> None:
    """Compare how a value is written and what it is."""
    collector.nodes(place, old, new, direction, area)
    if ("content" in old.node) != ("content" in new.node):
        collector.at(place, direction, area).tell("serialisation", "changed", old=old.pointer, new=new.pointer)
        return
    if "content" in old.node:
        contents.compare(collector, place, old, new, direction)
        return
    _compare_styles(collector, place, old, new, direction, area)
    collector.schema(place, _schema(old), _schema(new), direction, textual=True)


def _compare_styles(collector: Collector, place: Place, old: Part, new: Part, direction: Direction, area: Area) -> None:
    (old_style, old_explode), (new_style, new_explode) = _style(old.node), _style(new.node)
    facts = collector.at(place, direction, area)
    if old_style != new_style:
        facts.tell("style", "changed", old=old.pointer, new=new.pointer, before=old_style, after=new_style)
    elif old_explode != new_explode and _explodes(collector.old, old) and _explodes(collector.new, new):
        facts.tell("explode", "changed", old=old.pointer, new=new.pointer, before=old_explode, after=new_explode)


def _explodes(side: Side, part: Part) -> bool:
    """Tell whether ``explode`` says anything of a value: of a list or an object, in the style simple of an object only.

    OpenAPI 3.1 §4.8.12.3 has the table.
    """
    kinds = {"object"} if _style(part.node)[0] == "simple" else {"array", "object"}
    return side.view(_schema(part)).may_be(kinds)


def _style(node: Mapping[str, Any]) -> tuple[str, bool]:
    """Return how a value is written, with what is not said filled in (OpenAPI 3.1 §4.8.12.2)."""
    style = str(node.get("style") or _USUAL_STYLES.get(str(node.get("in", "header")), "simple"))
    explode = node.get("explode")
    return style, explode if isinstance(explode, bool) else style in EXPLODED


def _schema(part: Part) -> Parts:
    return (part.child("schema"),) if "schema" in part.node else ()


def _name(part: Part) -> str:
    return str(part.node.get("name"))


def _is_required(part: Part) -> bool:
    return nodes.mapping(part.node).get("required") is True


def _at(place: Place, part: Part) -> Place:
    return place.then(f"{part.node.get('in')} parameter {_name(part)}")
