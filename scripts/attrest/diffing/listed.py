"""What follows from values that are listed: of which types they are, and which limits say nothing of them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any, Final

from attrest.diffing.views import Part, View, finds, is_multiple
from attrest.schemanodes import type_of
from attrest.trees import is_list, is_mapping

_BOOLEANS: Final = frozenset({"boolean"})


def types(view: View) -> frozenset[str] | None:
    """Return the types of the values that a view lists; None where it lists none, or others may come."""
    values = _all(view)
    return frozenset(_type(value.node) for value in values) if values else None


def lists_booleans(one: View, other: View) -> bool:
    """Tell whether one view takes booleans, and the other one lists both of them."""
    listed, types_ = (one, other.types) if other.values is None else (other, one.types)
    return types_ == _BOOLEANS and types(listed) == _BOOLEANS and len(listed.values or ()) == 2


def decide(old: View, new: View) -> bool:
    """Tell whether it takes no limits to say which values fit: one view lists them, and they keep to those of both."""
    values = [*_all(old), *_all(new)]
    return bool(values) and all(_keeps_to(view, value.node) for view, value in product((old, new), values))


def _all(view: View) -> Iterable[Part]:
    return () if view.values is None or view.is_extensible else view.values.values()


def _type(value: Any) -> str:
    return "integer" if isinstance(value, float) and value.is_integer() else type_of(value)


def _keeps_to(view: View, value: Any) -> bool:
    """Tell whether a value keeps to the limits of a view; what is no plain value never does for certain."""
    if is_list(value) or is_mapping(value):
        return False
    if isinstance(value, str):
        return _is_within(view, len(value), "Length") and all(finds(pattern, value) for pattern in view.patterns)
    if isinstance(value, bool) or value is None:
        return True
    return _is_within(view, value, "imum") and all(is_multiple(value, each.node) for each in view.multiples)


def _is_within(view: View, number: float, suffix: str) -> bool:
    """Tell whether a number keeps to both limits of a kind."""
    upper, lower = view.limit(f"max{suffix}"), view.limit(f"min{suffix}")
    is_below = upper is None or number < upper.value or (number == upper.value and not upper.exclusive)
    is_above = lower is None or number > lower.value or (number == lower.value and not lower.exclusive)
    return is_below and is_above
