"""Which optional fields say most of what a call is for, where a program would show none otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from attrest.ir import ABSENT, Declaration, Enum, Field, resolved
from attrest.typerefs import ListOf, LiteralOf, Reference, Scalar, TypeRef

_MOST: Final = 2
_EXEMPLARY, _CLOSED, _PLAIN, _OPEN, _STRUCTURED = range(5)
"""How telling a field is, the most telling first."""
_PLAIN_KINDS: Final = frozenset({"boolean", "integer", "number", "date", "date-time", "time", "duration"})


def telling(fields: Iterable[Field], declarations: Mapping[str, Declaration]) -> tuple[Field, ...]:
    """Return the one or two optional fields that tell most, in the order given.

    Those with an example come first, then those with few values, then numbers, times and defaults, then text. What is
    deprecated, what callers do not set, and what needs other fields beside it tells nothing.

    Args:
        fields: The fields.
        declarations: What their types refer to.
    """
    known = tuple(field for field in fields if _is_callers_own(field, declarations))
    best = sorted(known, key=lambda field: _rank(field, declarations))[:_MOST]
    return tuple(field for field in known if field in best)


def telling_filter(fields: Iterable[Field], declarations: Mapping[str, Declaration]) -> Field | None:
    """Return the filter that tells most: one with few values, or else with an example, a default, a number or a time.

    A text that is made up would find nothing, and neither might two filters together.

    Args:
        fields: The filters.
        declarations: What their types refer to.
    """
    known = (field for field in fields if _is_callers_own(field, declarations))
    sensible = [field for field in known if _rank(field, declarations) <= _PLAIN]
    closed = (field for field in sensible if _rank_of(field.type, declarations) == _CLOSED)
    return next(closed, min(sensible, key=lambda field: _rank(field, declarations), default=None))


def _is_callers_own(field: Field, declarations: Mapping[str, Declaration]) -> bool:
    constant = resolved(field.type, declarations)
    is_constant = field.announces is not None or (isinstance(constant, LiteralOf) and len(constant.values) == 1)
    return not (field.deprecated or field.read_only or field.requires or is_constant)


def _rank(field: Field, declarations: Mapping[str, Declaration]) -> int:
    if field.example is not ABSENT:
        return _EXEMPLARY
    rank = _rank_of(field.type, declarations)
    return rank if field.default is ABSENT else min(rank, _PLAIN)


def _rank_of(type_: TypeRef, declarations: Mapping[str, Declaration]) -> int:
    match resolved(type_, declarations):
        case LiteralOf():
            return _CLOSED
        case Reference(name) if isinstance(declarations[name], Enum):
            return _CLOSED
        case Scalar(kind) if kind != "any":
            return _PLAIN if kind in _PLAIN_KINDS else _OPEN
        case ListOf(item):
            return _rank_of(item, declarations)
        case _:
            return _STRUCTURED
