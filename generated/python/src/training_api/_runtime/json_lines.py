"""JSON values one after the other: a line each (JSON Lines), or between record separators (RFC 7464)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from . import codec
from .errors import DecodeError
from .incremental import StreamReader, numbered, stream_reader
from .operation import described

T = TypeVar("T")

SEPARATOR = b"\x1e"
CLOSED = (b"}", b"]", b'"', b" ", b"\t", b"\r", b"\n")
"""What the last byte of a text can be that is not cut."""


def json_lines(decode: Callable[[Any], T], accept: str = "application/jsonl, application/x-ndjson") -> StreamReader[T]:
    """Read a body of one JSON value per line; empty lines are skipped.

    Args:
        decode: Turns one parsed line into an item; raises DecodeError.
        accept: The media types to ask for.
    """
    return stream_reader(accept, lambda: LineParser(decode), lambda _: None)


def json_sequence(decode: Callable[[Any], T], accept: str = "application/json-seq") -> StreamReader[T]:
    """Read a JSON text sequence.

    Args:
        decode: Turns one parsed text into an item; raises DecodeError.
        accept: The media types to ask for.
    """
    return stream_reader(accept, lambda: SequenceParser(decode), lambda _: None)


def parsing(decode: Callable[[Any], T]) -> Callable[[bytes], T]:
    """Return what parses and decodes one text."""

    def parse(text: bytes) -> T:
        try:
            value = codec.loads(text)
        except ValueError:
            raise DecodeError("JSON", described(text, "")) from None
        return decode(value)

    return parse


class LineParser(Generic[T]):
    """Gives the value of each line; the last one needs no line end."""

    done = False

    def __init__(self, decode: Callable[[Any], T]) -> None:
        """Begin before the first line.

        Args:
            decode: Turns one parsed line into an item; raises DecodeError.
        """
        self.parse = numbered(parsing(decode))
        self.rest: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[T]:
        """Take a piece of the body, and give the items of the lines that it completes.

        Raises:
            DecodeError: A line is not what it should be.
        """
        first, *others = chunk.split(b"\n")
        self.rest.append(first)
        if not others:
            return
        lines = [b"".join(self.rest), *others[:-1]]
        self.rest = [others[-1]]
        for line in lines:
            yield from self.item(line)

    def end(self) -> Iterator[T]:
        """Give the item of the last line.

        Raises:
            DecodeError: It is not what it should be.
        """
        return self.item(b"".join(self.rest))

    def item(self, line: bytes) -> Iterator[T]:
        """Give the item of a line, unless it is empty."""
        if line.strip():
            yield self.parse(line)


class SequenceParser(Generic[T]):
    """Gives each text as soon as it is complete: a line end behind a whole value, or the next separator."""

    done = False

    def __init__(self, decode: Callable[[Any], T]) -> None:
        """Begin before the first text.

        Args:
            decode: Turns one parsed text into an item; raises DecodeError.
        """
        self.parse = numbered(whole(parsing(decode)))
        self.rest: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[T]:
        """Take a piece of the body, and give the items that it completes.

        Raises:
            DecodeError: A text is not what it should be.
        """
        first, *others = chunk.split(SEPARATOR)
        self.rest.append(first)
        for following in others:
            yield from self.end()
            self.rest = [following]
        if self.rest[-1].endswith(b"\n") and is_json(b"".join(self.rest)):
            yield from self.end()

    def end(self) -> Iterator[T]:
        """Give the item of the text so far, unless it is empty.

        Raises:
            DecodeError: It is not what it should be, or may go on: a number, true, false or null without white space
                behind it (RFC 7464 §2.4).
        """
        text, self.rest = b"".join(self.rest), []
        if text.strip():
            yield self.parse(text)


def whole(parse: Callable[[bytes], T]) -> Callable[[bytes], T]:
    """Return what parses one text, and refuses one that may have been cut."""

    def parse_whole(text: bytes) -> T:
        if not text.endswith(CLOSED):
            raise DecodeError("a whole JSON text", described(text, ""))
        return parse(text)

    return parse_whole


def is_json(text: bytes) -> bool:
    """Say whether a text is one whole JSON value."""
    try:
        codec.loads(text)
    except ValueError:
        return False
    return True
