"""When to send a request again, how long to wait before it, and the time that is left for all of it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeGuard

import attrs

from .errors import ConfigurationError, ConnectionLostError, TransportError

SAFE_STATUSES = frozenset((429,))
"""Statuses that say that the request was not acted on."""
TRANSIENT_STATUSES = frozenset((429, 502, 503, 504))
"""Statuses that another attempt can turn into a success."""

LONGEST_WAIT = 365 * 86400.0
"""Seconds: what a ``Retry-After`` of more than a year counts as, and the longest time that can be set."""


def is_time(value: object) -> TypeGuard[float]:
    """Say whether a value is a number of seconds from 0 to ``LONGEST_WAIT``, which NaN is not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= LONGEST_WAIT


def random_fraction() -> float:
    """Return a random number from 0 up to, not including, 1."""
    import random

    return random.random()


async def sleep_async(seconds: float) -> None:
    """Wait without holding up the event loop."""
    import asyncio

    await asyncio.sleep(seconds)


@attrs.frozen(kw_only=True)
class Clock:
    """Time and chance, so that a test can stand in for both."""

    monotonic: Callable[[], float] = time.monotonic
    """Seconds since some moment."""
    wall: Callable[[], float] = time.time
    """Seconds since 1970, UTC."""
    random: Callable[[], float] = random_fraction
    """A number from 0 up to, not including, 1."""
    sleep: Callable[[float], None] = time.sleep
    """Waits for so many seconds."""
    sleep_async: Callable[[float], Awaitable[None]] = sleep_async
    """Waits for so many seconds, under asyncio."""


def time_to_wait(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse what is no number of seconds."""
    if not is_time(value):
        raise ConfigurationError(f"Retries: {attribute.name} must be 0 to {LONGEST_WAIT:.0f} seconds, got {value!r}")


def at_least_one(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse what is no count of one or more."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ConfigurationError(f"Retries: {attribute.name} must be an integer of at least 1, got {value!r}")


@attrs.frozen(kw_only=True)
class Retries:
    """How often a request is sent, and how long to wait in between.

    Refused connections and status 429 are tried again for every operation; 502, 503, 504 and connections that break
    before an answer only for those that can be repeated without harm. ``Retry-After`` is honoured where the total
    timeout leaves time for it.
    """

    attempts: int = attrs.field(default=3, validator=at_least_one)
    """How often a request is sent at most; 1 turns retries off."""
    base: float = attrs.field(default=0.5, validator=time_to_wait)
    """Seconds: the most to wait before the second attempt; it doubles with each one after that."""
    cap: float = attrs.field(default=8.0, validator=time_to_wait)
    """Seconds: the most to wait before any attempt, unless the service asks for more."""

    def delay(self, sent: int, random: Callable[[], float]) -> float:
        """Return how many seconds to wait before the next attempt: full jitter, from nothing to the limit.

        Args:
            sent: How many attempts have been made.
            random: Gives a number from 0 to 1.
        """
        return random() * min(self.cap, self.base * 2.0 ** min(sent - 1, 64))

    def again_after_status(self, status: int, sent: int, *, idempotent: bool) -> bool:
        """Say whether to send again after an answer.

        Args:
            status: The status code.
            sent: How many attempts have been made.
            idempotent: Whether the operation can be repeated without harm.
        """
        return sent < self.attempts and status in (TRANSIENT_STATUSES if idempotent else SAFE_STATUSES)

    def again_after_failure(self, error: TransportError, sent: int, *, idempotent: bool) -> bool:
        """Say whether to send again when there was no answer.

        Args:
            error: What happened.
            sent: How many attempts have been made.
            idempotent: Whether the operation can be repeated without harm.
        """
        harmless = not error.reached_server or (idempotent and isinstance(error, ConnectionLostError))
        return sent < self.attempts and harmless


@attrs.frozen
class Deadline:
    """The moment when a call has to be over."""

    at: float | None
    """On the monotonic clock; None for never."""
    monotonic: Callable[[], float] = attrs.field(repr=False)

    @classmethod
    def after(cls, seconds: float | None, monotonic: Callable[[], float]) -> Deadline:
        """Return the deadline that is so many seconds away; None for never."""
        return cls(None if seconds is None else monotonic() + seconds, monotonic)

    def remaining(self) -> float | None:
        """Return the seconds left, at least 0; None where there is no limit."""
        return None if self.at is None else max(0.0, self.at - self.monotonic())

    def passed(self) -> bool:
        """Say whether no time is left."""
        return self.at is not None and self.monotonic() >= self.at

    def allows(self, seconds: float) -> bool:
        """Say whether more than so many seconds are left."""
        return self.at is None or self.monotonic() + seconds < self.at

    def limit(self, seconds: float | None) -> float | None:
        """Return the shorter of a phase's own limit and the seconds left."""
        remaining = self.remaining()
        if remaining is None or seconds is None:
            return seconds if remaining is None else remaining
        return min(seconds, remaining)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return how many seconds a response asks to wait: a number, or the time until a date (RFC 9110 §10.2.3).

    Args:
        headers: The response's headers.
        now: Seconds since 1970.

    Returns:
        At least 0 and at most ``LONGEST_WAIT``; None where the header is missing or makes no sense.
    """
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_WAIT)
    from email.utils import mktime_tz, parsedate_tz

    try:
        parsed = parsedate_tz(value)
        return None if parsed is None else min(max(0.0, mktime_tz(parsed) - now), LONGEST_WAIT)
    except (ValueError, OverflowError, IndexError):
        return None
