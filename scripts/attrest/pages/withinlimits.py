"""Tells whether JSON values keep to limits, as the checks of generated classes do."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from attrest import bounds, ecmascript
from attrest.bounds import FREE
from attrest.ir import Constraints, Json
from attrest.runtime.decoding import comparable
from attrest.trees import is_list, is_mapping
from attrest.typerefs import Scalar, TypeRef

_PRECISION: Final = 1e-9


def is_within(value: Json, type_: TypeRef, limits: Constraints) -> bool:
    """Tell whether a value keeps to the limits that are set on itself; those on what is inside it do not count.

    Args:
        value: The value, which is one of its type.
        type_: Its type.
        limits: Its limits.
    """
    if limits == FREE or value is None or isinstance(value, bool):
        return True
    if isinstance(value, str):
        unchecked = bounds.UNCHECKED.get(type_.kind, frozenset()) if isinstance(type_, Scalar) else frozenset[str]()
        return _is_text_within(value, limits, unchecked)
    if isinstance(value, int | float):
        return _is_number_within(value, limits)
    if is_list(value):
        is_unique = not limits.unique_items or len(set(map(comparable, value))) == len(value)
        return is_unique and _is_between(len(value), limits.min_items, limits.max_items)
    return not is_mapping(value) or _is_between(len(value), limits.min_properties, limits.max_properties)


def _is_text_within(value: str, limits: Constraints, unchecked: frozenset[str]) -> bool:
    least = None if "minLength" in unchecked else limits.min_length
    most = None if "maxLength" in unchecked else limits.max_length
    pattern = None if "pattern" in unchecked or limits.pattern is None else _compiled(limits.pattern)
    return _is_between(len(value), least, most) and (pattern is None or pattern.search(value) is not None)


def _is_number_within(value: float, limits: Constraints) -> bool:
    if limits.multiple_of:
        quotient = value / limits.multiple_of
        if abs(quotient - round(quotient)) > _PRECISION:
            return False
    above, below = limits.exclusive_minimum, limits.exclusive_maximum
    return (
        _is_between(value, limits.minimum, limits.maximum)
        and (above is None or value > above)
        and (below is None or value < below)
    )


def _is_between(number: float, least: float | None, most: float | None) -> bool:
    return (least is None or number >= least) and (most is None or number <= most)


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Return a pattern of a schema as Python reads it; None where it does not, and so checks nothing."""
    try:
        return re.compile(ecmascript.translated(pattern) or pattern)
    except (re.error, RecursionError, OverflowError):
        return None
