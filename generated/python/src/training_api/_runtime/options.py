"""What a caller can change, for a client or for one call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from .errors import ConfigurationError
from .retries import LONGEST_WAIT, Retries, is_time
from .servers import Server


def seconds(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse what is no time to wait."""
    if value is not None and not (is_time(value) and value > 0):
        raise ConfigurationError(
            f"Timeout: {attribute.name} must be more than 0 and at most {LONGEST_WAIT:.0f} seconds, or None for no "
            f"limit, got {value!r}"
        )


@attrs.frozen
class Timeout:
    """How long a call may take, in seconds; None sets no limit."""

    total: float | None = attrs.field(default=60.0, validator=seconds)
    """The call as a whole: connecting, sending, reading to the last byte, retries and the waiting between them. Of what
    is read while it arrives, such as a stream of events, all up to the headers.

    The asynchronous client stops on time. The synchronous one looks at the clock between two pieces of a body, so a
    server that falls silent amid it can add what was left of the total when the request was sent, and one that sends
    its headers byte by byte is not stopped.
    """
    connect: float | None = attrs.field(default=10.0, validator=seconds)
    """Getting a connection."""
    read: float | None = attrs.field(default=30.0, validator=seconds)
    """Waiting for the next piece of the response."""


def as_timeout(value: Timeout | float | None, default: Timeout) -> Timeout:
    """Return a timeout: a number is the total, None is the default.

    Args:
        value: What the caller gave.
        default: What holds where nothing was given, and for the phases.
    """
    if value is None:
        return default
    return value if isinstance(value, Timeout) else attrs.evolve(default, total=value)


def names(value: Mapping[str, Any]) -> str:
    """Show a mapping without its values, which can be secrets."""
    return "{" + ", ".join(f"{name!r}: …" for name in value) + "}"


def retries_or_none(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse what is no policy for retries."""
    as_retries(value, attribute.name)


def as_retries(value: object, name: str) -> Retries | None:
    """Return a policy for retries, or None where none was given.

    Args:
        value: What the caller gave.
        name: What the caller gave it as.

    Raises:
        ConfigurationError: It is something else.
    """
    if value is None or isinstance(value, Retries):
        return value
    raise ConfigurationError(f"{name}: expected Retries(attempts=…) or None, got {value!r}")


def mapping(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse what is no mapping, without showing it: it can hold secrets."""
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"{attribute.name}: expected a mapping, got a {type(value).__name__}")


def server_or_none(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    """Refuse what cannot stand for a server."""
    if value is not None and not isinstance(value, (str, Server)):
        raise ConfigurationError(f"{attribute.name}: expected a text, got a {type(value).__name__}")


@attrs.frozen(kw_only=True)
class Options:
    """What one call does differently from its client."""

    timeout: Timeout | float | None = None
    """Another timeout; a number is the total in seconds."""
    retries: Retries | None = attrs.field(default=None, validator=retries_or_none)
    """Another policy for retries."""
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str], repr=names, validator=mapping)
    """Headers to add; they go before the client's and the request's own."""
    query: Mapping[str, Any] = attrs.field(factory=dict[str, Any], repr=names, validator=mapping)
    """Query parameters to add; a sequence repeats its name."""
    server: str | Server | None = attrs.field(default=None, validator=server_or_none)
    """Another server: by its name, as a URL, or with values for the variables of its URL."""


NO_OPTIONS = Options()
"""Everything as the client has it."""
