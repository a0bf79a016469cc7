"""Headers of answers as values: what stands in them in the style ``simple`` (RFC 6570 §3.2.2), or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import chain, repeat
from typing import Any, TypeAlias, TypeVar

from .decoding import within
from .errors import DecodeError
from .header_lists import elements
from .http import Headers
from .json_text import loads_or_text

T = TypeVar("T")

Values: TypeAlias = tuple[str, ...]
"""Every value that a header was sent with, in the order received."""


def required(headers: Headers, name: str, read: Callable[[Values], T]) -> T:
    """Return the value of a header.

    Args:
        headers: The headers of an answer.
        name: The header's name.
        read: Takes the values that it was sent with; raises DecodeError.

    Raises:
        DecodeError: It is not there, or not what the description promises.
    """
    values = headers.all(name)
    if not values:
        raise within(DecodeError("required, but missing", None), name)
    return decoded(values, name, read)


def optional(headers: Headers, name: str, read: Callable[[Values], T]) -> T | None:
    """Return the value of a header; None where it is not there.

    Args:
        headers: The headers of an answer.
        name: The header's name.
        read: Takes the values that it was sent with; raises DecodeError.

    Raises:
        DecodeError: It is not what the description promises.
    """
    values = headers.all(name)
    return decoded(values, name, read) if values else None


def decoded(values: Values, name: str, read: Callable[[Values], T]) -> T:
    """Read a header, and say in an error which one it was."""
    try:
        return read(values)
    except DecodeError as error:
        raise within(error, name) from None


def text(decode: Callable[[Any], T], between: str = ", ") -> Callable[[Values], T]:
    """Read a header that is text, such as a date-time.

    Args:
        decode: Turns the text into the value; raises DecodeError.
        between: What stands between the values where the header is sent several times (RFC 9110 §5.3).
    """
    return lambda values: decode(between.join(values))


def json(decode: Callable[[Any], T]) -> Callable[[Values], T]:
    """Read a header that is JSON, or a number, a boolean or null, which JSON writes alike.

    Args:
        decode: Turns the parsed JSON into the value; raises DecodeError.
    """
    return lambda values: decode(loads_or_text(", ".join(values)))


def array(decode: Callable[[Any], T], *, as_text: bool, first: Sequence[bool] = ()) -> Callable[[Values], T]:
    """Read a header that lists values with commas between them; several headers of its name make one list.

    Nothing between two commas is no item (RFC 9110 §5.6.1.2), and a comma in quotes is part of one.

    Args:
        decode: Turns the list into the value; raises DecodeError.
        as_text: Whether the items are text, and not numbers or booleans.
        first: The same of each of the first items, where they differ.
    """

    def read(values: Values) -> T:
        items = [item for value in values for item in elements(value) if item]
        texts = chain(first, repeat(as_text))
        return decode([item if is_text else loads_or_text(item) for item, is_text in zip(items, texts, strict=False)])

    return read


def lines(decode: Callable[[Any], T]) -> Callable[[Values], T]:
    """Read a header that is sent once per value, which may hold commas: Set-Cookie (RFC 6265 §3, RFC 9110 §5.3).

    Args:
        decode: Turns the list into the value; raises DecodeError.
    """
    return lambda values: decode(list(values))


def record(decode: Callable[[Any], T], texts: Collection[str] | None, *, explode: bool) -> Callable[[Values], T]:
    """Read a header that lists the fields of an object: ``a,1,b,2``, or ``a=1,b=2`` where it explodes.

    Args:
        decode: Turns the object into the value; raises DecodeError.
        texts: The fields that are text, and not numbers or booleans; None where all are.
        explode: Whether each field stands behind its name and ``=``.
    """

    def read(values: Values) -> T:
        items = [item for value in values for item in elements(value)]
        if not explode and len(items) % 2:
            raise DecodeError("names and values in turn", repr(", ".join(values)))
        pairs = (
            [item.partition("=")[::2] for item in items] if explode else list(zip(items[::2], items[1::2], strict=True))
        )
        return decode(
            {name: value if texts is None or name in texts else loads_or_text(value) for name, value in pairs}
        )

    return read
