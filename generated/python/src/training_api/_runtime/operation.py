"""What a request class says about its operation: data, written once, that both clients act on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, TypeVar

import attrs

from . import codec
from .errors import DecodeError
from .http import Request as HttpRequest

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

FIRST_ERROR_STATUS = 400
EXCERPT_IN_MESSAGE = 60
"""Characters of a body that is not what it should be, as shown in an error's message."""


@attrs.frozen
class Reader(Generic[T_co]):
    """Turns the body of a response into a value."""

    accept: str
    """The media types that it reads, as an Accept header lists them (RFC 9110 §12.5.1); empty where it reads none."""
    read: Callable[[bytes, str], T_co]
    """Takes the body and its Content-Type; raises DecodeError."""


def json(decode: Callable[[Any], T]) -> Reader[T]:
    """Read a JSON body.

    Args:
        decode: Turns the parsed JSON into the result; raises DecodeError.
    """

    def read(content: bytes, content_type: str) -> T:
        try:
            value = codec.loads(content)
        except ValueError:
            raise DecodeError("JSON", described(content, content_type)) from None
        return decode(value)

    return Reader("application/json", read)


def json_lines(decode: Callable[[Any], T]) -> Reader[list[T]]:
    """Read a body of one JSON value per line; empty lines are skipped.

    Args:
        decode: Turns one parsed line into an item; raises DecodeError.
    """

    def read(content: bytes, content_type: str) -> list[T]:
        lines = [line for line in content.splitlines() if line.strip()]
        try:
            values = [codec.loads(line) for line in lines]
        except ValueError:
            raise DecodeError("JSON lines", described(content, content_type)) from None
        return codec.array(decode, values)

    return Reader("application/jsonl, application/x-ndjson", read)


def text() -> Reader[str]:
    """Read a text body, in the character set that its Content-Type names, or UTF-8."""
    return Reader("text/*", decoded_text)


def binary() -> Reader[bytes]:
    """Read a body as it is."""
    return Reader("*/*", lambda content, _: content)


def nothing() -> Reader[None]:
    """Expect no body, and ignore one."""
    return Reader("", lambda _, __: None)


def by_content_type(readers: Mapping[str, Reader[Any]]) -> Reader[Any]:
    """Read a body by the Content-Type that the response names.

    Args:
        readers: Media types, or ranges such as ``image/*``, and how to read them; the first one is used where the
            response names no type.
    """

    def read(content: bytes, content_type: str) -> Any:
        media_type = content_type.partition(";")[0].strip().lower()
        for candidate in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
            if candidate in lowered:
                return lowered[candidate].read(content, content_type)
        if media_type:
            raise DecodeError(" or ".join(readers), described(content, content_type))
        return next(iter(lowered.values())).read(content, content_type)

    lowered = {media_type.lower(): reader for media_type, reader in readers.items()}
    return Reader(", ".join(readers), read)


def decoded_text(content: bytes, content_type: str) -> str:
    """Return a body as text; bytes that its character set does not know are replaced.

    Args:
        content: The body.
        content_type: Its Content-Type, which can name a character set.
    """
    charset = content_type.lower().partition("charset=")[2].partition(";")[0].strip().strip("'\"")
    try:
        return content.decode(charset or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def described(content: bytes, content_type: str) -> str:
    """Say what a body is, for the message of an error that expected something else."""
    if not content.strip():
        return "an empty body"
    shown = decoded_text(content[: 4 * EXCERPT_IN_MESSAGE], content_type)
    beginning = shown if len(shown) <= EXCERPT_IN_MESSAGE else shown[:EXCERPT_IN_MESSAGE] + "…"
    media_type = content_type.partition(";")[0].strip()
    return f"{beginning!r} ({media_type})" if media_type else repr(beginning)


@attrs.frozen(kw_only=True)
class RateLimit:
    """At most ``requests`` in any ``seconds``, as the description declares it."""

    requests: int
    seconds: float


Responses = Mapping[str, Reader[Any]]
"""How to read what comes with a status (``200``), a range of them (``2XX``) or any other (``default``)."""


@attrs.frozen(kw_only=True)
class Operation:
    """One operation of the description, without its parameters."""

    id: str
    """The operationId."""
    method: str
    """The HTTP method, upper case."""
    path: str
    """The URL template."""
    idempotent: bool = False
    """Whether sending it twice has the effect of once (RFC 9110 §9.2.2)."""
    security: tuple[tuple[str, ...], ...] = ()
    """Alternatives, each a set of security schemes; an empty one means that none is needed."""
    results: Responses
    """The successes."""
    errors: Responses = attrs.field(factory=dict[str, Reader[Any]])
    """The declared errors."""
    rate_limit: RateLimit | None = None
    server: str | None = None
    """The URL that this operation uses where the client's server is one of the description's."""
    accept: str = attrs.field(init=False)
    """The Accept header that it sends; empty for none."""

    def __attrs_post_init__(self) -> None:
        """Work out the Accept header, once for all requests."""
        readers = (*self.results.values(), *self.errors.values())
        types = dict.fromkeys(part for reader in readers for part in reader.accept.split(", ") if part)
        object.__setattr__(self, "accept", "*/*" if "*/*" in types else ", ".join(types))

    def result(self, status: int) -> Reader[Any] | None:
        """Return how to read a success with this status; None where the status is none that is declared."""
        return find(self.results, status, default=status < FIRST_ERROR_STATUS)

    def error(self, status: int) -> Reader[Any] | None:
        """Return how to read an error with this status; None where none is declared."""
        return find(self.errors, status, default=True)


def find(responses: Responses, status: int, *, default: bool) -> Reader[Any] | None:
    """Return the entry for a status: itself, else its range, else ``default`` (OpenAPI 3.1 §4.8.16).

    Args:
        responses: What is declared.
        status: The status code.
        default: Whether ``default`` covers this status.
    """
    exact = responses.get(str(status)) or responses.get(f"{status // 100}XX")
    return exact or (responses.get("default") if default else None)


class Request(Generic[T_co]):
    """One call of an operation, as a value; it does no input or output.

    The type argument is what sending it returns.
    """

    __slots__ = ()

    operation: ClassVar[Operation]
    """What all requests of this class share."""

    def to_http(self) -> HttpRequest:
        """Build the request that this sends, without credentials or server."""
        raise NotImplementedError
