"""The limits of a schema as validators of an attribute."""

from __future__ import annotations

import re
from collections.abc import Iterable

from attrest.code import literals
from attrest.ir import Constraints
from attrest.typerefs import ListOf, MapOf, Scalar, TypeRef


def validators(type_: TypeRef, limits: Constraints, *, first: Iterable[str] = (), last: Iterable[str] = ()) -> str:
    """Return the ``validator`` argument for a field; empty where nothing limits it.

    Args:
        type_: The field's type, aliases resolved and null aside.
        limits: Its limits.
        first: Checks of the runtime that come before those of the limits.
        last: Checks that come after them.
    """
    checks = [*first, *_checks(type_, limits), *last]
    spelt = [f"_checks.{check}" for check in checks]
    return spelt[0] if len(spelt) == 1 else f"[{', '.join(spelt)}]" if spelt else ""


def in_words(constraints: Constraints) -> str:
    """Return limits as a phrase such as ``1 to 100 items``; empty where there are none."""
    phrases = [
        _range(constraints.min_items, constraints.max_items, "items"),
        _range(constraints.min_length, constraints.max_length, "characters"),
        _range(constraints.minimum, constraints.maximum, ""),
        _range(constraints.min_properties, constraints.max_properties, "properties"),
        f"more than {_number(constraints.exclusive_minimum)}" if constraints.exclusive_minimum is not None else "",
        f"less than {_number(constraints.exclusive_maximum)}" if constraints.exclusive_maximum is not None else "",
        f"a multiple of {_number(constraints.multiple_of)}" if constraints.multiple_of is not None else "",
        "no item twice" if constraints.unique_items else "",
    ]
    return ", ".join(phrase for phrase in phrases if phrase)


def _checks(type_: TypeRef, limits: Constraints) -> list[str]:
    match type_:
        case ListOf():
            return _call("length", limits.min_items, limits.max_items) + (["unique"] if limits.unique_items else [])
        case MapOf():
            return _call("properties", limits.min_properties, limits.max_properties)
        case Scalar("string"):
            return _call("text_length", limits.min_length, limits.max_length) + _matches(limits.pattern)
        case Scalar("integer" | "number"):
            bounds = {
                "at_least": limits.minimum,
                "at_most": limits.maximum,
                "more_than": limits.exclusive_minimum,
                "less_than": limits.exclusive_maximum,
                "multiple_of": limits.multiple_of,
            }
            return [f"{name}({literals.literal(bound)})" for name, bound in bounds.items() if bound is not None]
        case _:
            return []


def _call(name: str, least: int | None, most: int | None) -> list[str]:
    return [] if least is None and most is None else [f"{name}({least}, {most})"]


def _matches(pattern: str | None) -> list[str]:
    """Return the check of a pattern that Python reads: JSON Schema's dialect (ECMA-262) has forms that it does not."""
    if pattern is None:
        return []
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return []
    return [f"matches({literals.string(pattern)})"]


def _range(least: float | None, most: float | None, unit: str) -> str:
    match least, most:
        case None, None:
            return ""
        case None, _:
            phrase = f"at most {_number(most)}"
        case _, None:
            phrase = f"{_number(least)} or more"
        case _:
            phrase = f"{_number(least)} to {_number(most)}"
    return f"{phrase} {unit}".rstrip()


def _number(value: float | None) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
