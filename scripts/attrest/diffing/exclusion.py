"""Tells which alternatives no value fits at once, as ``oneOf`` asks (JSON Schema 2020-12 core §10.2.1.3)."""

from __future__ import annotations

from typing import Final

from attrest.diffing.keys import shared
from attrest.diffing.views import View, covers

_OBJECTS: Final = frozenset({"object"})


def are_apart(one: View, other: View) -> bool:
    """Tell whether types, listed values or a property keep two schemas apart, null aside.

    A property that has other values in each is held to be there, as what tells alternatives apart mostly is; one of
    other types has to be required.
    """
    if _have_other_types(one, other) or _have_other_values(one, other):
        return True
    return any(_tells_apart(name, one, other) for name in shared(one.properties, other.properties))


def exclude_each_other(one: View, other: View) -> bool:
    """Tell whether it is certain that no value fits two schemas, null among them and properties that are left out."""
    return _exclude(one, other, set())


def _exclude(one: View, other: View, compared: set[tuple[View, View]]) -> bool:
    pair = one, other
    if pair in compared or (one.null and other.null):
        return False
    compared.add(pair)
    if _have_other_types(one, other) or _have_other_values(one, other):
        return True
    if _OBJECTS not in (one.types, other.types):
        return False
    return (
        any(_differs_where_required(name, one, other, compared) for name in shared(one.properties, other.properties))
        or _refuses_what_is_required(one, other)
        or _refuses_what_is_required(other, one)
    )


def _differs_where_required(name: str, one: View, other: View, compared: set[tuple[View, View]]) -> bool:
    if name not in one.required and name not in other.required:
        return False
    return _exclude(one.inside(one.properties[name]), other.inside(other.properties[name]), compared)


def _refuses_what_is_required(closed: View, other: View) -> bool:
    """Tell whether a schema takes no properties but those that it lists, and another one demands one more."""
    if closed.closed is None or closed.alternatives:
        return False
    return any(name not in closed.properties and not closed.matching(name) for name in other.required)


def _tells_apart(name: str, one: View, other: View) -> bool:
    values = one.inside(one.properties[name]), other.inside(other.properties[name])
    is_required = name in one.required or name in other.required
    return _have_other_values(*values) or (is_required and _have_other_types(*values))


def _have_other_types(one: View, other: View) -> bool:
    if one.types is None or other.types is None:
        return False
    is_shared = any(covers(one.types, type_) for type_ in other.types)
    return not is_shared and not any(covers(other.types, type_) for type_ in one.types)


def _have_other_values(one: View, other: View) -> bool:
    return one.values is not None and other.values is not None and one.values.keys().isdisjoint(other.values)
