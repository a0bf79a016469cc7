"""Which alternative of one version is which of the other: order and names are no change by themselves."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeAlias

from attrest import nodes, pointers
from attrest.diffing.views import Parts, Side, View

Pair: TypeAlias = tuple[Parts | None, Parts | None]
"""The same alternative, in the old version and in the new; None where one has it no more, or not yet."""


def matched(old: Side, olds: tuple[Parts, ...], new: Side, news: tuple[Parts, ...]) -> list[Pair]:
    """Pair alternatives: by likeness, by the name of the component, by title, by what they are made of; else the rest.

    What is alike comes first, so that an alternative under a new name is still the same.

    Args:
        old: The old description.
        olds: Its alternatives.
        new: The new description.
        news: Its alternatives.
    """
    left, right, pairs = list(olds), list(news), list[Pair]()
    by_old: tuple[Callable[[Parts], Hashable], ...] = (
        lambda parts: (_target(old, parts), old.likeness(parts)),
        lambda parts: _target(old, parts),
        old.likeness,
        lambda parts: _title(old, parts),
        lambda parts: _shape(old.view(parts)),
    )
    by_new: tuple[Callable[[Parts], Hashable], ...] = (
        lambda parts: (_target(new, parts), new.likeness(parts)),
        lambda parts: _target(new, parts),
        new.likeness,
        lambda parts: _title(new, parts),
        lambda parts: _shape(new.view(parts)),
    )
    for of_old, of_new in zip(by_old, by_new, strict=True):
        pairs += _taken(left, right, of_old, of_new)
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


def _shape(view: View) -> Hashable | None:
    """Return the types and the names of the properties; None where there is neither."""
    types = view.types
    return (types, frozenset(view.properties)) if types or view.properties else None


def _could_be_same(old: View, new: View) -> bool:
    """Tell whether one could have become the other: they share a type, and of an object some property."""
    if old.types is not None and new.types is not None and not old.types & new.types:
        return old.types | new.types <= {"number", "integer"}
    return not (old.properties and new.properties) or bool(old.properties.keys() & new.properties.keys())
