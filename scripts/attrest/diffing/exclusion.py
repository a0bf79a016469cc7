"""Tells which alternatives no value fits at once, as ``oneOf`` asks (JSON Schema 2020-12 core §10.2.1.3)."""

from __future__ import annotations

from attrest.diffing.keys import shared
from attrest.diffing.views import View, covers


def are_apart(one: View, other: View) -> bool:
    """Tell whether types, listed values or a property keep two schemas apart, null aside.

    A property that has other values in each is held to be there, as what tells alternatives apart mostly is; one of
    other types has to be required.
    """
    if _have_other_types(one, other) or _have_other_values(one, other):
        return True
    return any(_tells_apart(name, one, other) for name in shared(one.properties, other.properties))


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
