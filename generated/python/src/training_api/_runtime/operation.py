"""What a request class says about its operation: data, written once, that both clients act on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, NoReturn, TypeVar

import attrs

from . import codec, media_types
from .errors import DecodeError
from .http import Request as HttpRequest

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

FIRST_ERROR_STATUS = 400
EXCERPT_IN_MESSAGE = 60
"""Characters of a body that is not what it should be, as shown in an error's message."""


def no_body() -> NoReturn:
    """Refuse an answer without a body.

    Raises:
        DecodeError: Always.
    """
    raise DecodeError("a body", "an answer that has none")


@attrs.frozen
class Reader(Generic[T_co]):
    """Turns the body of a response into a value."""

    accept: str
    """The media types that it reads, as an Accept header lists them (RFC 9110 §12.5.1); empty where it reads none."""
    read: Callable[[bytes, str], T_co]
    """Takes the body and its Content-Type; raises DecodeError."""
    empty: Callable[[], T_co] = no_body
    """What an answer comes to that can have no body, such as one with status 204; raises DecodeError."""


def json(decode: Callable[[Any], T], accept: str = "application/json") -> Reader[T]:
    """Read a JSON body.

    Args:
        decode: Turns the parsed JSON into the result; raises DecodeError.
        accept: The media types to ask for.
    """

    def read(content: bytes, content_type: str) -> T:
        try:
            value = codec.loads(content)
        except ValueError:
            raise DecodeError("JSON", described(content, content_type)) from None
        return decode(value)

    def empty() -> T:
        try:
            return decode(None)
        except DecodeError:
            no_body()

    return Reader(accept, read, empty)


def text(accept: str = "text/*") -> Reader[str]:
    """Read a text body, in the character set that its Content-Type names, or UTF-8.

    Args:
        accept: The media types to ask for.
    """
    return Reader(accept, decoded_text)


def binary(accept: str = "*/*") -> Reader[bytes]:
    """Read a body as it is.

    Args:
        accept: The media types to ask for.
    """
    return Reader(accept, lambda content, _: content)


def nothing() -> Reader[None]:
    """Expect no body, and ignore one."""
    return Reader("", lambda _, __: None, lambda: None)


def by_content_type(readers: Mapping[str, Reader[Any]]) -> Reader[Any]:
    """Read a body by the Content-Type that the response names.

    Args:
        readers: Media types, or ranges such as ``image/*``, and how to read them; the first one is used where the
            response names no type.
    """

    def read(content: bytes, content_type: str) -> Any:
        media_type = media_types.chosen(readers, content_type)
        if media_type is None:
            raise DecodeError(" or ".join(readers), described(content, content_type))
        return readers[media_type].read(content, content_type)

    accept = ", ".join(dict.fromkeys(reader.accept for reader in readers.values()))
    return Reader(accept, read, next(iter(readers.values())).empty)


def decoded_text(content: bytes, content_type: str) -> str:
    """Return a body as text; bytes that its character set does not know are replaced.

    Args:
        content: The body.
        content_type: Its Content-Type, which can name a character set.
    """
    return content.decode(media_types.charset_of(content, content_type), "replace")


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
    asks: tuple[str, ...] = ()
    """The media types to ask for before all others; empty for those of all successes."""
    servers: Mapping[str, str] = attrs.field(factory=dict[str, str])
    """Names and URLs of the servers that this operation has to itself; the first is the default."""
    accept: str = attrs.field(init=False)
    """The Accept header that it sends; empty for none."""

    def __attrs_post_init__(self) -> None:
        """Work out the Accept header, once for all requests."""
        wanted, others = read_types(self.results), read_types(self.errors)
        accept = accepted(self.asks, (*wanted, *others)) if self.asks else accepted(wanted, others)
        object.__setattr__(self, "accept", accept)

    def result(self, status: int) -> Reader[Any] | None:
        """Return how to read a success with this status; None where the status is none that is declared."""
        return find(self.results, status, default=status < FIRST_ERROR_STATUS)

    def error(self, status: int) -> Reader[Any] | None:
        """Return how to read an error with this status; None where none is declared."""
        return find(self.errors, status, default=True)


def read_types(responses: Responses) -> tuple[str, ...]:
    """Return the media types that some responses are read from, each once."""
    return tuple(dict.fromkeys(part for reader in responses.values() for part in reader.accept.split(", ") if part))


def accepted(wanted: tuple[str, ...], others: tuple[str, ...]) -> str:
    """Return an Accept header (RFC 9110 §12.5.1); empty where nothing is read.

    Args:
        wanted: The media types to ask for.
        others: What can come all the same, such as those of errors.
    """
    if not wanted:
        return ", ".join(others)
    further = dict.fromkeys(each for each in others if each not in wanted)
    return "*/*" if "*/*" in wanted else ", ".join((*wanted, *map(later, further)))


def later(media_type: str) -> str:
    """Return a media type as what comes after others in an Accept header, unless it says so itself."""
    return media_type if ";q=" in media_type else f"{media_type};q=0.5"


def find(responses: Responses, status: int, *, default: bool) -> Reader[Any] | None:
    """Return the entry for a status: itself, else its range, else ``default`` (OpenAPI 3.1 §4.8.16).

    Args:
        responses: What is declared.
        status: The status code.
        default: Whether ``default`` covers this status.
    """
    exact = responses.get(str(status)) or responses.get(f"{status // 100}XX")
    return exact or (responses.get("default") if default else None)


@attrs.frozen
class Alternative(Generic[T_co]):
    """Another form that an operation's successes can be asked for in, beside the preferred one.

    The type argument is what asking for it returns.
    """

    operation: Operation
    """The operation, as it asks for this form and reads it."""


def alternative(operation: Operation, *, asks: tuple[str, ...], results: Responses) -> Alternative[Any]:
    """Return another form of an operation's successes.

    Args:
        operation: The operation as it asks for its preferred form.
        asks: The media types of the other form.
        results: How to read the successes in it.
    """
    return Alternative(attrs.evolve(operation, asks=asks, results=results))


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
