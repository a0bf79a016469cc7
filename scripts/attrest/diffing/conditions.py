"""Compares keywords as wholes whose parts say nothing by themselves (JSON Schema 2020-12 core §10.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrest.diffing.changes import Fact
from attrest.diffing.constraints import Views
from attrest.diffing.keys import lacking
from attrest.diffing.views import Part, Side, View

_BRANCHES: Final = frozenset({"if", "then", "else"})
"""Keywords that say something together, each schema with those beside it, so that none narrows by itself."""


def facts(old: Side, new: Side, views: Views) -> Iterator[Fact]:
    """List what differs, keyword by keyword."""
    left, right = _by_keyword(views.old), _by_keyword(views.new)
    for keyword in (*left, *lacking(right, left)):
        gone, come = _differing(keyword, old, left.get(keyword, []), new, right.get(keyword, []))
        if gone and come:
            yield views.fact("condition", "changed", gone[0], come[0], keyword)
        elif gone:
            yield views.at("condition", "removed", gone[0].pointer, None, subject=keyword)
        elif come:
            yield views.at("condition", "added", None, come[0].pointer, subject=keyword)


def excluded(old: Side, new: Side, views: Views) -> tuple[Part, Part] | None:
    """Return what a value must not be, before and after; None where it is the same, or several things at once."""
    before, after = (_by_keyword(view).get("not", []) for view in (views.old, views.new))
    gone, come = _differing("not", old, before, new, after)
    return (gone[0], come[0]) if len(gone) == len(come) == 1 else None


def _by_keyword(view: View) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for keyword, part in view.conditions():
        found.setdefault(keyword, []).append(part)
    return found


def _differing(
    keyword: str, old: Side, befores: list[Part], new: Side, afters: list[Part]
) -> tuple[list[Part], list[Part]]:
    """Return the schemas under a keyword that only one side has."""
    if keyword in _BRANCHES:
        is_same = old.likeness(tuple(befores)) == new.likeness(tuple(afters))
        return ([], []) if is_same else (befores, afters)
    return _unlike(old, befores, new, afters), _unlike(new, afters, old, befores)


def _unlike(side: Side, parts: Iterable[Part], other: Side, others: Iterable[Part]) -> list[Part]:
    likenesses = {other.likeness((each,)) for each in others}
    return [part for part in parts if side.likeness((part,)) not in likenesses]
