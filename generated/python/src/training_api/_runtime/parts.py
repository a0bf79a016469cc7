"""Parts of multipart bodies with something of their own: headers, or a media type (RFC 7578 §4, RFC 2046 §5.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeGuard, TypeVar, cast

import attrs

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@attrs.frozen
class Part(Generic[T_co]):
    """The value of a part of a multipart body, with what the part carries beside it; a file has ``File`` for that."""

    value: T_co
    headers: Mapping[str, Any] = attrs.field(factory=dict[str, Any], repr=False)
    """Names and values. One that is required and can have a single value, or has a default, need not be given."""
    content_type: str | None = None
    """Its media type; None where the description's, or what the value suggests, will do."""


def is_part(value: Any) -> TypeGuard[Part[Any]]:
    """Say whether a value is in a part already."""
    return isinstance(value, Part)


def bare(value: Any) -> Any:
    """Return a value, or those in a list, without what their parts carry beside them."""
    if isinstance(value, (list, tuple)):
        return [bare(item) for item in cast("Sequence[Any]", value)]
    return value.value if is_part(value) else value


def mapped(value: Any, write: Callable[[Any], Any]) -> Any:
    """Return what a function makes of a value; that of a part stays in it."""
    return attrs.evolve(value, value=write(value.value)) if is_part(value) else write(value)


def reading(decode: Callable[[Any], T]) -> Callable[[Any], T | Part[T]]:
    """Return a decoder of a value that may be in a part already, which has no JSON.

    Args:
        decode: Decodes the value; raises DecodeError.
    """
    return lambda value: mapped(value, decode)
