"""Compares what is said about an object beside what it is: its end, and what only people read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrest import nodes, pointers
from attrest.diffing.changes import DEPRECATABLE, DOCUMENTATION, Area, Direction, Fact
from attrest.diffing.constraints import Views
from attrest.diffing.lifecycle import sunset_actions
from attrest.diffing.views import Part, View, value_of
from attrest.ir import ABSENT
from attrest.trees import is_mapping

_SAID: Final = ("title", "summary", "description", "example", "examples", "externalDocs", "$comment")
_JUDGED: Final = frozenset(
    {
        *("x-sunset", "x-extensible-enum", "x-pagination", "x-rate-limit", "x-idempotent"),
    }
)
"""Extensions that are told of by themselves."""
_DERIVED: Final = frozenset({"x-codeSamples"})
"""Extensions that follow from the rest of a description, so that their changes are no news."""


def facts(views: Views) -> Iterator[Fact]:
    """Compare what schemas say about values."""
    for keyword in _keywords(views.old, views.new):
        old, new = views.old.said(keyword), views.new.said(keyword)
        if value_of(old) != value_of(new):
            yield views.fact(DOCUMENTATION, _action(old, new), old, new, keyword)
    if views.old.is_set("deprecated") != views.new.is_set("deprecated"):
        action = "added" if views.new.is_set("deprecated") else "removed"
        yield views.fact("deprecation", action, views.old.said("deprecated"), views.new.said("deprecated"), told=False)
    for keyword in ("readOnly", "writeOnly"):
        if views.old.is_set(keyword) != views.new.is_set(keyword):
            action = "added" if views.new.is_set(keyword) else "removed"
            yield views.fact(keyword, action, views.old.said(keyword), views.new.said(keyword), told=False)
    sunsets = views.old.said("x-sunset"), views.new.said("x-sunset")
    for action in sunset_actions(*(sunset.node if sunset else None for sunset in sunsets)):
        yield views.fact("sunset", action, *sunsets)


def _keywords(old: View, new: View) -> list[str]:
    extensions = dict.fromkeys(
        key for view in (old, new) for part in view.parts if is_mapping(part.node) for key in _extensions(part.node)
    )
    return [*_SAID, *extensions]


def _extensions(node: Mapping[str, Any]) -> Iterator[str]:
    return (key for key in node if key.startswith("x-") and key not in _JUDGED | _DERIVED)


def node_facts(old: Part, new: Part, direction: Direction, area: Area) -> Iterator[Fact]:
    """Compare what two objects that are no schemas say about themselves."""
    before, after = nodes.mapping(old.node), nodes.mapping(new.node)
    ends = () if area in DEPRECATABLE else ("deprecated", "x-sunset")
    yield from field_facts(old, new, [*_SAID, *ends, *_extensions(before), *_extensions(after)], direction, area)
    if ends:
        return
    if (before.get("deprecated") is True) != (after.get("deprecated") is True):
        action = "added" if after.get("deprecated") is True else "removed"
        yield Fact(old=old.pointer, new=new.pointer, direction=direction, area=area, kind="deprecation", action=action)
    sunsets = before.get("x-sunset"), after.get("x-sunset")
    for action in sunset_actions(*sunsets):
        yield Fact(
            old=old.pointer,
            new=new.pointer,
            direction=direction,
            area=area,
            kind="sunset",
            action=action,
            before=sunsets[0] if sunsets[0] is not None else ABSENT,
            after=sunsets[1] if sunsets[1] is not None else ABSENT,
        )


def field_facts(old: Part, new: Part, keywords: Iterable[str], direction: Direction, area: Area) -> Iterator[Fact]:
    """Compare fields of two objects that only people read."""
    before, after = nodes.mapping(old.node), nodes.mapping(new.node)
    for keyword in dict.fromkeys(keywords):
        if before.get(keyword, ABSENT) != after.get(keyword, ABSENT):
            yield _fact(old, new, keyword, direction, area)


def _fact(old: Part, new: Part, keyword: str, direction: Direction, area: Area) -> Fact:
    places = [
        Part(part.pointer + pointers.join((keyword,)), part.node[keyword])
        if keyword in nodes.mapping(part.node)
        else None
        for part in (old, new)
    ]
    return Fact(
        old=places[0].pointer if places[0] else None,
        new=places[1].pointer if places[1] else None,
        direction=direction,
        area=area,
        kind=DOCUMENTATION,
        action=_action(*places),
        subject=keyword,
        before=value_of(places[0]),
        after=value_of(places[1]),
    )


def _action(old: Part | None, new: Part | None) -> str:
    return "changed" if old and new else "removed" if old else "added"
