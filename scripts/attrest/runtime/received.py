"""Values of which the standard library does not say exactly what was received; they keep the text they came as.

Each equals the plain value next to it. What is computed from it (``+``, ``replace``, another zone) is plain, and keeps
nothing.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

__all__ = ["ReceivedBytes", "ReceivedDateTime", "ReceivedTime"]


class Received:
    """What a value that keeps its text has beside what it is."""

    __slots__ = ()
    wire_text: str

    def plain(self) -> Any:
        """Return the value without its text."""
        raise NotImplementedError

    def replace(self, *parts: Any, **named: Any) -> Any:
        """Return a plain value with some parts replaced."""
        return self.plain().replace(*parts, **named)

    def __repr__(self) -> str:
        """Show the text."""
        return f"{type(self).__name__}({self.wire_text!r})"

    def __reduce_ex__(self, _: Any) -> Any:
        """Copy and pickle the value with its text."""
        return type(self).reading, (self.wire_text, self.plain())

    @classmethod
    def reading(cls, wire_text: str, nearest: Any) -> Any:
        """Return the nearest value, keeping its text."""
        raise NotImplementedError


class ReceivedDateTime(Received, datetime):
    """A datetime that is written as the text it was read from (RFC 3339 §5.6)."""

    __slots__ = ("wire_text",)

    def __new__(cls, *parts: Any, **named: Any) -> Any:
        """Return a plain datetime: this is how the standard library makes what it computes from one of these."""
        return datetime(*parts, **named)

    @classmethod
    def reading(cls, wire_text: str, nearest: datetime) -> ReceivedDateTime:
        """Return the nearest datetime, keeping the text.

        Args:
            wire_text: The text.
            nearest: The datetime.
        """
        clock = (nearest.hour, nearest.minute, nearest.second, nearest.microsecond, nearest.tzinfo)
        received = datetime.__new__(cls, nearest.year, nearest.month, nearest.day, *clock)
        received.wire_text = wire_text
        return received

    def plain(self) -> datetime:
        """Return the datetime without its text."""
        return datetime.combine(self.date(), self.timetz())


class ReceivedTime(Received, time):
    """A time that is written as the text it was read from (RFC 3339 §5.6)."""

    __slots__ = ("wire_text",)

    def __new__(cls, *parts: Any, **named: Any) -> Any:
        """Return a plain time: this is how the standard library makes what it computes from one of these."""
        return time(*parts, **named)

    @classmethod
    def reading(cls, wire_text: str, nearest: time) -> ReceivedTime:
        """Return the nearest time, keeping the text.

        Args:
            wire_text: The text.
            nearest: The time.
        """
        clock = (nearest.hour, nearest.minute, nearest.second, nearest.microsecond, nearest.tzinfo)
        received = time.__new__(cls, *clock)
        received.wire_text = wire_text
        return received

    def plain(self) -> time:
        """Return the time without its text."""
        return time(self.hour, self.minute, self.second, self.microsecond, self.tzinfo)


class ReceivedBytes(Received, bytes):
    """Bytes that are written as the text they were read from: without the padding (RFC 4648 §3.2)."""

    @classmethod
    def reading(cls, wire_text: str, nearest: bytes) -> ReceivedBytes:
        """Return the bytes, keeping the text.

        Args:
            wire_text: The text.
            nearest: The bytes.
        """
        received = cls(nearest)
        received.wire_text = wire_text
        return received

    def plain(self) -> bytes:
        """Return the bytes without their text."""
        return bytes(self)
