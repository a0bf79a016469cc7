"""The type of values that have to fit two types (``allOf``, and what stands beside a reference)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from attrest.typerefs import (
    ANY,
    NULL,
    ListOf,
    LiteralOf,
    MapOf,
    Nullable,
    Reference,
    Scalar,
    TupleOf,
    TypeRef,
    UnionOf,
    union,
    without_null,
)

Body: TypeAlias = Callable[[str], TypeRef | None]
"""Returns what an alias stands for; None for a class."""

_TEXT: Final = frozenset(
    {"string", "date-time", "date", "time", "duration", "uuid", "decimal", "base64", "base64url", "file"}
)


def narrowed(one: TypeRef, other: TypeRef, body: Body) -> TypeRef | None:
    """Return the type of values that fit two types.

    Args:
        one: The first type.
        other: The second, which goes first where both say the same in different words.
        body: Knows the aliases.

    Returns:
        The narrower type; None where no value fits both, or nothing can be said.
    """
    if one in {ANY, other}:
        return other
    if other == ANY:
        return one
    if isinstance(one, Nullable) or isinstance(other, Nullable):
        return _without_or_with_null(one, other, body)
    for named, type_ in ((one, other), (other, one)):
        if isinstance(named, Reference) and (inner := body(named.name)) is not None:
            both = narrowed(inner, type_, body)
            return named if both == inner else both
    return _of_both(one, other, body)


def _without_or_with_null(one: TypeRef, other: TypeRef, body: Body) -> TypeRef | None:
    """Return the narrower type: null fits only where it fits both, which an alias says of itself."""
    both = narrowed(without_null(one), without_null(other), body)
    takes = [
        isinstance(each, Nullable) or (isinstance(each, Reference) and _is_nullable(each, body))
        for each in (one, other)
    ]
    if both is None:
        return NULL if all(takes) else None
    return Nullable(both) if all(takes) and not isinstance(both, Nullable) else both


def _is_nullable(type_: Reference, body: Body) -> bool:
    inner = body(type_.name)
    return isinstance(inner, Nullable) or inner in {ANY, NULL}


def _of_both(one: TypeRef, other: TypeRef, body: Body) -> TypeRef | None:
    match one, other:
        case (UnionOf(members), type_):
            return _member(members, type_, body, one)
        case (type_, UnionOf(members)):
            return _member(members, type_, body, other)
        case (ListOf(first), ListOf(second)):
            item = narrowed(first, second, body)
            return None if item is None else ListOf(item)
        case (MapOf(first), MapOf(second)):
            value = narrowed(first, second, body)
            return None if value is None else MapOf(value)
        case _:
            return _exact(other, one) or _exact(one, other)


def _exact(one: TypeRef, other: TypeRef) -> TypeRef | None:
    """Return the first type, if all of its values fit the second one."""
    match one, other:
        case (TupleOf(), ListOf(item)) if item == ANY:
            return one
        case (Reference(), MapOf() | Reference() | LiteralOf() | Scalar()) | (LiteralOf(), Reference() | Scalar()):
            return one
        case (Scalar("integer"), Scalar("number")):
            return one
        case (Scalar(kind), Scalar("string")):
            return one if kind in _TEXT else None
        case _:
            return None


def _member(members: tuple[TypeRef, ...], type_: TypeRef, body: Body, whole: TypeRef) -> TypeRef | None:
    """Return those members of a union that fit another type as well."""
    found = [(member, narrowed(member, type_, body)) for member in members]
    if all(member == both for member, both in found):
        return whole
    fitting = [both for _, both in found if both is not None]
    is_open = isinstance(whole, UnionOf) and whole.is_open and sum(isinstance(each, Reference) for each in fitting) > 1
    return union(fitting, is_open=is_open) if fitting else None
