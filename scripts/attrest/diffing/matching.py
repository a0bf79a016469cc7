"""Which alternative of one version is which of the other: order and names are no change by themselves."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import TypeAlias

from attrest import nodes, pointers
from attrest.diffing.views import Parts, Side, View

Pair: TypeAlias = tuple[Parts | None, Parts | None]
"""The same alternative, in the old version and in the new; None where one has it no more, or not yet."""


def matched(old: Side, olds: tuple[Parts, ...], new: Side, news: tuple[Parts, ...]) -> list[Pair]:
    """Pair alternatives: by likeness, by the name of the component, by what tells them apart, by title, by their form.

    What is alike comes first, so that an alternative under a new name is still the same.

    Args:
        old: The old description.
        olds: Its alternatives.
        new: The new description.
        news: Its alternatives.
    """
    left, right, pairs = list(olds), list(news), list[Pair]()
    for mark in (_name_and_likeness, _target, Side.likeness, _constants, _title, _shape):
        pairs += _taken(left, right, partial(mark, old), partial(mark, new))
    if len(left) == len(right) == 1 and _could_be_same(old.view(left[0]), new.view(right[0])):
        pairs.append((left.pop(), right.pop()))
    return [*pairs, *((each, None) for each in left), *((None, each) for each in right)]


def _taken(
    left: list[Parts], right: list[Parts], of_old: Callable[[Parts], Hashable], of_new: Callable[[Parts], Hashable]
) -> list[Pair]:
    """Take out of both lists what has the same mark, each once; None is no mark."""
    if not left or not right:
        return []
    waiting: dict[Hashable, list[Parts]] = {}
    for each in right:
        waiting.setdefault(of_new(each), []).append(each)
    pairs: list[Pair] = []
    for each in tuple(left):
        mark = of_old(each)
        if mark is not None and waiting.get(mark):
            twin = waiting[mark].pop(0)
            left.remove(each)
            right.remove(twin)
            pairs.append((each, twin))
    return pairs


def _name_and_likeness(side: Side, parts: Parts) -> Hashable:
    return _target(side, parts), side.likeness(parts)


def _target(side: Side, parts: Parts) -> str | None:
    target = side.follow(parts[0]).pointer
    return target if target != parts[0].pointer else None


def name_of(side: Side, parts: Parts, index: int) -> str:
    """Return what people call an alternative: its component, its title, its type, or its position."""
    target = _target(side, parts)
    if target is not None:
        return pointers.split(target)[-1]
    view = side.view(parts)
    return _title(side, parts) or (" or ".join(sorted(view.types)) if view.types else f"alternative {index + 1}")


def _title(side: Side, parts: Parts) -> str | None:
    return nodes.text(nodes.mapping(side.follow(parts[0]).node).get("title"))


def _constants(side: Side, parts: Parts) -> Hashable | None:
    """Return the properties that have one value only, which is what often tells alternatives apart."""
    view = side.view(parts)
    listed = ((name, side.view(inner).values) for name, inner in view.properties.items())
    return frozenset((name, next(iter(values))) for name, values in listed if values and len(values) == 1) or None


def _shape(side: Side, parts: Parts) -> Hashable | None:
    """Return the types and the names of the properties; None where there is neither."""
    view = side.view(parts)
    return (view.types, frozenset(view.properties)) if view.types or view.properties else None


def _could_be_same(old: View, new: View) -> bool:
    """Tell whether one could have become the other: they share a type, and of an object some property."""
    if old.types is not None and new.types is not None and not old.types & new.types:
        return old.types | new.types <= {"number", "integer"}
    return not (old.properties and new.properties) or bool(old.properties.keys() & new.properties.keys())
