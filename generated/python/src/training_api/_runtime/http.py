"""Requests and responses as plain values, and what a transport has to do with them. No input or output happens here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import Protocol

import attrs

from .bodies import Body, Content


class Headers(Mapping[str, str]):
    """Response headers; names are compared without case (RFC 9110 §5.1).

    A header that occurs several times reads as one value, joined by commas (RFC 9110 §5.3); ``all`` gives each.
    """

    __slots__ = ("_values",)

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        """Keep the headers.

        Args:
            items: Names and values, in the order received.
        """
        self._values: dict[str, list[str]] = {}
        for name, value in items:
            self._values.setdefault(name.lower(), []).append(value)

    def __getitem__(self, name: str) -> str:
        """Return the value, or the values joined by commas."""
        return ", ".join(self._values[name.lower()])

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, in lower case."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return the number of different names."""
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        """Say whether a header of this name was sent."""
        return isinstance(name, str) and name.lower() in self._values

    def __repr__(self) -> str:
        """Show names and values, without those that are secrets of the session."""
        shown = {name: "***" if name == "set-cookie" else self[name] for name in self}
        return f"Headers({shown!r})"

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of one header, in the order received."""
        return tuple(self._values.get(name.lower(), ()))


class WithHeaders(Protocol):
    """An answer, as far as its headers are concerned."""

    @property
    def headers(self) -> Headers:
        """The headers."""
        ...


@attrs.frozen(kw_only=True)
class Request:
    """What an operation sends, before a server and credentials are known."""

    method: str
    """The HTTP method, upper case."""
    target: str
    """Path and query, percent-encoded, relative to the server's URL."""
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str])
    body: Body | None = None


@attrs.frozen(kw_only=True, repr=False)
class PreparedRequest:
    """One attempt, complete: what a transport sends."""

    method: str
    url: str
    """Absolute and percent-encoded; it can carry a credential."""
    headers: Mapping[str, str]
    content: Content = b""
    keys: tuple[str, ...] = ()
    """The secrets in it that travel elsewhere than in the header Authorization."""

    def __repr__(self) -> str:
        """Show neither query nor headers, since both can carry credentials."""
        return f"PreparedRequest({self.method} {self.url.partition('?')[0]})"

    def secrets(self) -> tuple[str, ...]:
        """Return the credentials in it, in every form that an answer can repeat them in."""
        from .auth import secrets_of

        return secrets_of(self.keys, self.headers.get("authorization", ""))


@attrs.frozen(kw_only=True)
class Limits:
    """How long a transport may take over each phase, in seconds; None where nothing limits it."""

    connect: float | None = None
    """To get a connection, new or from a pool."""
    read: float | None = None
    """Between two pieces of the response, and for writing one piece of the request."""


class TransportResponse(Protocol):
    """A response whose headers have arrived and whose body can be read once."""

    @property
    def status(self) -> int:
        """The status code."""
        ...

    @property
    def headers(self) -> Headers:
        """The headers."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """Read the body piece by piece, content encodings undone.

        Raises:
            TransportError: The connection broke or a limit passed; ConnectionLostError where the body ended too early.
        """
        ...

    def close(self) -> None:
        """Give the connection back, or close it if the body has not been read to its end."""
        ...


class Transport(Protocol):
    """Sends one request and brings its response; follows no redirect and repeats nothing."""

    def send(self, request: PreparedRequest, limits: Limits) -> TransportResponse:
        """Send the request and wait for the response's headers.

        Raises:
            TransportError: There is no response.
        """
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


class AsyncTransportResponse(Protocol):
    """As ``TransportResponse``, for asyncio."""

    @property
    def status(self) -> int:
        """The status code."""
        ...

    @property
    def headers(self) -> Headers:
        """The headers."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """Read the body piece by piece, content encodings undone.

        Raises:
            TransportError: The connection broke or a limit passed; ConnectionLostError where the body ended too early.
        """
        ...

    async def close(self) -> None:
        """Give the connection back, or close it if the body has not been read to its end."""
        ...


class AsyncTransport(Protocol):
    """As ``Transport``, for asyncio."""

    async def send(self, request: PreparedRequest, limits: Limits) -> AsyncTransportResponse:
        """Send the request and wait for the response's headers.

        Raises:
            TransportError: There is no response.
        """
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...
