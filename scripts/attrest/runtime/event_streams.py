"""Server-sent events (WHATWG HTML §9.2): a stream of bytes to events whose data is decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

import attrs

from . import codec, media_types
from .decoding import shown, within
from .errors import DecodeError
from .incremental import Lines, StreamReader, numbered, stream_reader

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

MEDIA_TYPE = "text/event-stream"
MARK = b"\xef\xbb\xbf"
"""The byte order mark, which a stream may begin with."""
LAST = "[done]"
"""The data that many services end a stream with, whatever its case; it is no event."""

LONGEST_RETRY = 18
"""Digits of the longest time to wait that is taken for one."""


@attrs.frozen(kw_only=True)
class ServerSentEvent(Generic[T_co]):
    """One event of a stream."""

    data: T_co
    """What it carries."""
    event: str = "message"
    """Its type."""
    id: str | None = None
    """Its id; None where it has none of its own."""
    retry: int | None = None
    """Milliseconds to wait before connecting again, where it says so."""


def events(
    decode: Callable[[str], Any], by_type: Mapping[str, Callable[[str], Any]] | None = None
) -> StreamReader[ServerSentEvent[Any]]:
    """Read a stream of events; an event whose data is ``[DONE]`` ends it.

    Args:
        decode: Turns the data of an event into its value; raises DecodeError.
        by_type: What does so for certain types of events.
    """
    decoders = by_type or {}

    def decode_event(event: ServerSentEvent[str]) -> ServerSentEvent[Any]:
        try:
            data = decoders.get(event.event, decode)(event.data)
        except Exception as error:  # noqa: BLE001  # raised again
            raise within(error, "data") from None
        return ServerSentEvent(data=data, event=event.event, id=event.id, retry=event.retry)

    return stream_reader(MEDIA_TYPE, lambda: EventParser(decode_event), refuse)


def refuse(content_type: str) -> None:
    """Refuse a body that is no stream of events, but a page or one JSON value.

    Raises:
        DecodeError: It is.
    """
    if media_types.chosen((MEDIA_TYPE,), content_type) is None:
        raise DecodeError(MEDIA_TYPE, content_type)


def json(decode: Callable[[Any], T]) -> Callable[[str], T]:
    """Return what decodes the data of an event that is JSON.

    Args:
        decode: Turns the parsed JSON into the value; raises DecodeError.
    """

    def decode_text(data: str) -> T:
        try:
            value = codec.loads(data.encode())
        except ValueError:
            raise DecodeError("JSON", shown(data)) from None
        return decode(value)

    return decode_text


def json_or_text(decode: Callable[[Any], T]) -> Callable[[str], T]:
    """Return what decodes the data of an event that is JSON or, where it is none, text.

    Args:
        decode: Turns the parsed JSON, or the text, into the value; raises DecodeError.
    """
    return lambda data: decode(codec.loads_or_text(data))


class EventParser(Generic[T]):
    """Puts events together from the bytes of a stream; one that the stream breaks off is none."""

    def __init__(self, decode: Callable[[ServerSentEvent[str]], ServerSentEvent[T]]) -> None:
        """Begin before the first byte.

        Args:
            decode: Decodes an event's data; raises DecodeError.
        """
        self.decode = numbered(decode)
        self.lines = Lines()
        self.first = True
        self.done = False
        self.forget()

    def forget(self) -> None:
        """Begin a new event."""
        self.data: list[str] = []
        self.type = ""
        self.id: str | None = None
        self.retry: int | None = None

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent[T]]:
        """Take a piece of the stream, and give the events that it completes.

        Raises:
            DecodeError: An event's data is not what it should be.
        """
        for line in map(self.unmarked, self.lines.feed(chunk)):
            if line:
                self.take(line.decode("utf-8", "replace"))
                continue
            yield from self.dispatched()
            if self.done:
                return

    def end(self) -> Iterator[ServerSentEvent[T]]:
        """Give nothing: an event is complete with the empty line behind it."""
        return iter(())

    def unmarked(self, line: bytes) -> bytes:
        """Return a line, the first one without a byte order mark."""
        unmarked = line.removeprefix(MARK) if self.first else line
        self.first = False
        return unmarked

    def take(self, line: str) -> None:
        """Take one field; comments, which begin with a colon, and unknown fields mean nothing."""
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "data":
                self.data.append(value)
            case "event":
                self.type = value
            case "id" if "\0" not in value:
                self.id = value
            case "retry" if value.isascii() and value.isdecimal() and len(value) <= LONGEST_RETRY:
                self.retry = int(value)
            case _:
                pass

    def dispatched(self) -> Iterator[ServerSentEvent[T]]:
        """Give the event that an empty line completes; without data it is none."""
        raw = ServerSentEvent(data="\n".join(self.data), event=self.type or "message", id=self.id, retry=self.retry)
        is_event = bool(self.data)
        self.forget()
        if raw.data.strip().lower() == LAST:
            self.done = True
        elif is_event:
            yield self.decode(raw)
