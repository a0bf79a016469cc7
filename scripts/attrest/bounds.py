"""The limits that schemas set on values, and what several of them come to."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import zip_longest
from typing import Any, Final

import attrs

from attrest import ecmascript
from attrest.ir import Constraints
from attrest.typerefs import ScalarKind

FREE: Final = Constraints()
"""No limits at all."""
EMPTY: Final = Constraints(max_properties=0)
"""The limits of objects that have no properties."""
_INSIDE: Final = ("items", "values", "property_names")
"""The limits that are set on the values inside of others."""
UNCHECKED: Final[Mapping[ScalarKind, frozenset[str]]] = {
    **dict.fromkeys(("date-time", "time", "duration", "uuid", "base64url"), frozenset({"pattern"})),
    "file": frozenset({"pattern", "minLength", "maxLength"}),
}
"""The limits of text that are not checked on scalars of a kind: a caller does not choose how these are written."""


def tightest(parts: Iterable[Constraints]) -> Constraints:
    """Return the limits that hold for values within all of several limits, the tightest of each kind."""
    limiting = list(dict.fromkeys(part for part in parts if part != FREE))
    if len(limiting) < 2:
        return limiting[0] if limiting else FREE
    found: dict[str, Any] = {}
    for name, choose in _TIGHTEST.items():
        if given := [value for part in limiting if (value := getattr(part, name)) is not None]:
            found[name] = choose(given)
    return Constraints(**found)


def are_all_kept(parts: Iterable[Constraints]) -> bool:
    """Return whether no pattern and no divisor is left out of what several limits come to.

    Args:
        parts: The limits, of which the tightest of each kind would be kept.
    """
    given = tuple(parts)
    several = any(len({getattr(part, name) for part in given} - {None}) > 1 for name in ("pattern", "multiple_of"))
    inside = ([limits for part in given if (limits := getattr(part, name)) is not None] for name in _INSIDE)
    positions = zip_longest(*(part.prefix_items for part in given), fillvalue=FREE)
    return not several and all(are_all_kept(limits) for limits in (*inside, *positions) if len(limits) > 1)


def applying(limits: Constraints, kinds: Collection[str]) -> Constraints:
    """Return those limits that can say something of values of some kinds: a limit of text says nothing of a number.

    JSON Schema 2020-12 validation §4.2.

    Args:
        limits: The limits.
        kinds: The kinds of JSON value. Where none is known, all limits are kept.
    """
    limited = {name for kind in kinds for name in _LIMITED.get(kind, ())}
    void = {name for names in _LIMITED.values() for name in names} - limited if kinds and limits != FREE else ()
    return attrs.evolve(limits, **{name: getattr(FREE, name) for name in void})


_OF_NUMBERS: Final = ("minimum", "maximum", "exclusive_minimum", "exclusive_maximum", "multiple_of")
_LIMITED: Final[Mapping[str, tuple[str, ...]]] = {
    "string": ("min_length", "max_length", "pattern"),
    "integer": _OF_NUMBERS,
    "number": _OF_NUMBERS,
    "array": ("min_items", "max_items", "unique_items", "items", "prefix_items"),
    "object": ("min_properties", "max_properties", "values", "property_names"),
}
"""The limits of values of a kind."""


def own(schema: Mapping[str, Any]) -> Constraints:
    """Return what a schema's own keywords say of a value as a whole, and not of what is inside it.

    JSON Schema 2020-12 validation §6; also the exclusive limits of OpenAPI 3.0.
    """
    if _KEYWORDS.isdisjoint(schema):
        return FREE
    minimum, exclusive_minimum = _limit(schema, "minimum", "exclusiveMinimum")
    maximum, exclusive_maximum = _limit(schema, "maximum", "exclusiveMaximum")
    return Constraints(
        minimum=minimum,
        maximum=maximum,
        exclusive_minimum=exclusive_minimum,
        exclusive_maximum=exclusive_maximum,
        multiple_of=_number(schema.get("multipleOf")),
        min_length=_count(schema.get("minLength")),
        max_length=_count(schema.get("maxLength")),
        pattern=pattern if isinstance(pattern := schema.get("pattern"), str) else None,
        min_items=_count(schema.get("minItems")),
        max_items=_count(schema.get("maxItems")),
        unique_items=schema.get("uniqueItems") is True,
        min_properties=_count(schema.get("minProperties")),
        max_properties=_count(schema.get("maxProperties")),
    )


def holds(limits: Constraints, value: object) -> bool:
    """Return whether a JSON scalar is within the limits of text and of numbers; a divisor is not looked at."""
    match value:
        case str():
            python = None if limits.pattern is None else ecmascript.translated(limits.pattern)
            fits = python is None or re.search(python, value) is not None
            return fits and _within(limits.min_length, len(value), limits.max_length)
        case int() | float() if not isinstance(value, bool):
            exclusive = value not in {limits.exclusive_minimum, limits.exclusive_maximum}
            inclusive = _within(limits.exclusive_minimum, value, limits.exclusive_maximum)
            return exclusive and inclusive and _within(limits.minimum, value, limits.maximum)
        case _:
            return True


def _within(least: float | None, value: float, most: float | None) -> bool:
    return (least is None or least <= value) and (most is None or value <= most)


_KEYWORDS: Final = frozenset(
    {
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength"),
        *("pattern", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
    }
)


def _first(values: list[Any]) -> Any:
    return values[0]


def _by_position(values: list[tuple[Constraints, ...]]) -> tuple[Constraints, ...]:
    return tuple(map(tightest, zip_longest(*values, fillvalue=FREE)))


_TIGHTEST: Final[Mapping[str, Callable[[list[Any]], Any]]] = {
    "minimum": max,
    "maximum": min,
    "exclusive_minimum": max,
    "exclusive_maximum": min,
    "multiple_of": _first,
    "min_length": max,
    "max_length": min,
    "pattern": _first,
    "min_items": max,
    "max_items": min,
    "unique_items": any,
    "min_properties": max,
    "max_properties": min,
    "items": tightest,
    "prefix_items": _by_position,
    "values": tightest,
    "property_names": tightest,
}
"""How several limits of one kind come to one."""


def _limit(schema: Mapping[str, Any], inclusive: str, exclusive: str) -> tuple[float | None, float | None]:
    limit, strict = _number(schema.get(inclusive)), schema.get(exclusive)
    if strict is True:
        return None, limit
    return limit, _number(strict)


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _count(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)
