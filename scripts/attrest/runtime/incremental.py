"""Bodies that are read item by item while they arrive: what a parser of one is, and how it reads a whole body too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Generic, Protocol, TypeGuard, TypeVar

import attrs

from .decoding import within
from .operation import Reader

T = TypeVar("T")
I_co = TypeVar("I_co", covariant=True)

LINE_END = re.compile(rb"\r\n|\r|\n")


class Parser(Protocol[I_co]):
    """Takes a body piece by piece and gives its items as soon as they are complete."""

    @property
    def done(self) -> bool:
        """Whether the body has said that it is over; nothing after that is read."""
        ...

    def feed(self, chunk: bytes) -> Iterator[I_co]:
        """Take a piece of the body, and give the items that it completes.

        Raises:
            DecodeError: An item is not what it should be.
        """
        ...

    def end(self) -> Iterator[I_co]:
        """Give what only the end of the body completes.

        Raises:
            DecodeError: It is not what it should be.
        """
        ...


@attrs.frozen
class StreamReader(Reader[list[T]], Generic[T]):
    """Reads a body of items: all at once, or each when it arrives."""

    parser: Callable[[], Parser[T]] = attrs.field(kw_only=True)
    """Makes a parser for one body."""
    refuse: Callable[[str], None] = attrs.field(kw_only=True, default=lambda _: None)
    """Takes the body's Content-Type; raises DecodeError where a body of that type has no such items."""


def is_stream(reader: Reader[Any]) -> TypeGuard[StreamReader[Any]]:
    """Say whether a reader can read items while they arrive."""
    return isinstance(reader, StreamReader)


def stream_reader(accept: str, parser: Callable[[], Parser[T]], refuse: Callable[[str], None]) -> StreamReader[T]:
    """Return a reader of items.

    Args:
        accept: The media types to ask for.
        parser: Makes a parser for one body.
        refuse: Takes the body's Content-Type; raises DecodeError where a body of that type has no such items.
    """

    def read(content: bytes, content_type: str) -> list[T]:
        refuse(content_type)
        parsing = parser()
        items = list(parsing.feed(content))
        return items if parsing.done else [*items, *parsing.end()]

    return StreamReader(accept, read, list, parser=parser, refuse=refuse)


def numbered(decode: Callable[[T], I_co]) -> Callable[[T], I_co]:
    """Return a decoder that says of an item that it refuses which one of the body it is, counted from 0.

    Args:
        decode: Decodes one item; raises DecodeError.
    """
    number = -1

    def decode_next(value: T) -> I_co:
        nonlocal number
        number += 1
        try:
            return decode(value)
        except Exception as error:  # noqa: BLE001  # raised again
            raise within(error, number) from None

    return decode_next


class Lines:
    """Splits a body into lines that end in LF, CR or both, wherever the pieces of the body are cut."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.rest: list[bytes] = []
        self.after_return = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take a piece of the body, and return the lines that it completes, without their ends."""
        if self.after_return and chunk:
            chunk = chunk.removeprefix(b"\n")
            self.after_return = False
        if not chunk:
            return []
        first, *others = LINE_END.split(chunk)
        self.rest.append(first)
        self.after_return = chunk.endswith(b"\r")
        if not others:
            return []
        lines = [b"".join(self.rest), *others[:-1]]
        self.rest = [others[-1]]
        return lines

    def end(self) -> bytes:
        """Return what stands after the end of the last line."""
        return b"".join(self.rest)
