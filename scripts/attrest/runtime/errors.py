"""Everything that a call can raise.

``ApiError`` covers what happens between a call and its result. What is wrong with the call itself is a
``ConfigurationError`` or an ``InvalidArgumentError``, raised before anything is sent. Every error can be pickled, and
none says a credential: where an answer repeats one, messages and excerpts have ``***`` in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

import attrs

if TYPE_CHECKING:
    from .http import Headers

__all__ = [
    "ApiError",
    "Attempt",
    "BadGatewayError",
    "BadRequestError",
    "ClientClosedError",
    "ClientError",
    "ConfigurationError",
    "ConflictError",
    "ConnectError",
    "ConnectionLostError",
    "ContentTooLargeError",
    "DeadlineExceededError",
    "DecodeError",
    "ForbiddenError",
    "GatewayTimeoutError",
    "InternalServerError",
    "InvalidArgumentError",
    "MethodNotAllowedError",
    "NotFoundError",
    "NotImplementedByServerError",
    "RateLimitError",
    "ReadTimeoutError",
    "RedirectionError",
    "ServerError",
    "ServiceUnavailableError",
    "StatusError",
    "TokenError",
    "TransportError",
    "UnauthorizedError",
    "UnexpectedStatusError",
    "UnprocessableContentError",
]

EXCERPT_LENGTH = 500
"""Characters of an answer that an error keeps."""


SHORTEST_SECRET = 4
"""Characters of the shortest credential that is looked for in texts: anything shorter is everywhere."""


def hidden(text: str, secrets: Iterable[str]) -> str:
    """Put ``***`` in the place of secrets, and of the beginning of one where a text was cut.

    Args:
        text: What is to be shown; it is cut at its end, or before ``…``.
        secrets: What must not be, the longest first.
    """
    known = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
    for secret in known:
        text = text.replace(secret, "***")
    return "…".join(cut_before(part, known) for part in text.split("…"))


def cut_before(text: str, secrets: Iterable[str]) -> str:
    """Put ``***`` in the place of the longest beginning of a secret that a text ends in."""
    lengths = (
        next((size for size in range(len(secret) - 1, SHORTEST_SECRET - 1, -1) if text.endswith(secret[:size])), 0)
        for secret in secrets
    )
    longest = max(lengths, default=0)
    return f"{text[:-longest]}***" if longest else text


class ConfigurationError(ValueError):
    """The client, as it was made, cannot do this: no credential, an unknown server, an impossible timeout."""


class ClientClosedError(RuntimeError):
    """The client was closed before this call."""


class InvalidArgumentError(ValueError):
    """An argument breaks a limit of the description; nothing was sent."""


@attrs.frozen(kw_only=True)
class Attempt:
    """One time that a request was sent."""

    number: int
    """Counted from 1."""
    outcome: str
    """The status as text, or what went wrong on the way."""
    seconds: float
    """How long it took."""
    waited: float = 0.0
    """Seconds waited before it."""


def revive(kind: type[BaseException], args: tuple[Any, ...], state: Mapping[str, Any]) -> BaseException:
    """Make an error again from what pickling kept, without running its ``__init__``."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ApiError(Exception):
    """The base of every error between a call and its result."""

    method: str | None = None
    """The HTTP method."""
    url_template: str | None = None
    """The path as the description writes it, such as ``/pets/{petId}``."""
    request_id: str | None = None
    """What the service calls this request: its ``X-Request-Id`` header, or ``requestId`` in the body."""
    excerpt: str = ""
    """The beginning of the response as text, or what the system said where there was none."""
    attempts: tuple[Attempt, ...] = ()
    """Every time that the request was sent, in order."""

    def __init__(self, message: str) -> None:
        """Make an error that does not know its call yet.

        Args:
            message: What happened, without the call.
        """
        super().__init__(message)
        self.message = message
        self._status: int | None = None
        self._headers: Headers | None = None

    @property
    def status(self) -> int | None:
        """The status code, where there was a response."""
        return self._status

    @property
    def headers(self) -> Headers | None:
        """The response's headers, where there was one."""
        return self._headers

    def __str__(self) -> str:
        """Say what happened, then in which call."""
        return " ".join(filter(None, (self.summary(), self.context())))

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep everything that was set since ``__init__``."""
        return revive, (type(self), self.args, self.__dict__)

    def summary(self) -> str:
        """Return what happened, without the call."""
        return self.message

    def context(self) -> str:
        """Return the call in parentheses, or nothing while it is not known."""
        if self.method is None:
            return ""
        facts = [f"{self.method} {self.url_template}"]
        if self.status is not None:
            facts.append(f"status {self.status}")
        if self.request_id is not None:
            facts.append(f"request id {self.request_id}")
        if len(self.attempts) > 1:
            facts.append(f"{len(self.attempts)} attempts")
        return f"({', '.join(facts)})"

    def during(self, *, method: str, url_template: str, attempts: tuple[Attempt, ...]) -> Self:
        """Note the call that this happened in.

        Args:
            method: The HTTP method.
            url_template: The path as the description writes it.
            attempts: Every time that the request was sent.

        Returns:
            The same error.
        """
        self.method = method
        self.url_template = url_template
        self.attempts = attempts
        return self

    def hiding(self, secrets: Iterable[str]) -> Self:
        """Put ``***`` in the place of secrets in everything that this says of itself.

        Args:
            secrets: The credentials that were sent.

        Returns:
            The same error.
        """
        known = tuple(secrets)
        self.args = tuple(hidden(part, known) if isinstance(part, str) else part for part in self.args)
        for name, value in self.__dict__.items():
            if isinstance(value, str):
                self.__dict__[name] = hidden(value, known)
        return self

    def answered(self, *, status: int, headers: Headers, request_id: str | None, excerpt: str) -> Self:
        """Note the response that this happened with.

        Args:
            status: The status code.
            headers: The response's headers.
            request_id: What the service calls the request.
            excerpt: The beginning of the body.

        Returns:
            The same error.
        """
        self._status = status
        self._headers = headers
        self.request_id = request_id
        self.excerpt = excerpt
        return self


class TransportError(ApiError):
    """There is no usable response: the connection failed, broke, or took too long."""

    reached_server: bool = True
    """Whether the request can have reached the server; False is certain, True is not."""


class ConnectError(TransportError):
    """No connection: refused, unknown host, failed TLS handshake, or not in time. The server has seen nothing."""

    reached_server = False


class ConnectionLostError(TransportError):
    """The connection broke before the whole response arrived, or what arrived was not HTTP."""


class ReadTimeoutError(TransportError):
    """The server accepted the connection but was silent for too long."""


class DeadlineExceededError(TransportError):
    """The call as a whole, with its retries and the waiting between them, took longer than its total timeout."""


class DecodeError(ApiError, ValueError):
    """An answer is not what the description promises."""

    path: str
    """Where, as a JSON path without its ``$``: ``.data[3].dueAtTime``; empty for the whole value."""
    expected: str
    """What stood to be there."""
    got: str | None
    """What was there; None where nothing was."""

    def __init__(self, expected: str, got: str | None, path: str = "") -> None:
        """Make an error about one value.

        Args:
            expected: What stood to be there, such as ``a string``.
            got: What was there; None where a required value is missing.
            path: Where, relative to the value that is being decoded.
        """
        super().__init__(expected)
        self.expected = expected
        self.got = got
        self.path = path

    def summary(self) -> str:
        """Say where, what was expected and what was there."""
        if self.got is None:
            return f"${self.path}: {self.expected}"
        return f"${self.path}: expected {self.expected}, got {self.got}"


class TokenError(ApiError):
    """The authorization server gave no token that a call can be made with; nothing was sent to the service."""

    code: str | None = None
    """Its error code, such as ``invalid_client`` (RFC 6749 §5.2); None where it gave none."""


class StatusError(ApiError):
    """The service answered with a status that is no success."""

    body: Any = None
    """The body as the model that the description declares for this status; None where it is not that."""
    retry_after: float | None = None
    """Seconds that the service asks to wait (RFC 9110 §10.2.3)."""

    @property
    def status(self) -> int:
        """The status code."""
        return self._status or 0

    @property
    def headers(self) -> Headers:
        """The response's headers."""
        from .http import Headers

        return self._headers or Headers()

    def summary(self) -> str:
        """Say the status and how the body begins."""
        return f"{self.message}: {self.excerpt}" if self.excerpt else self.message


class UnexpectedStatusError(StatusError):
    """A success that the description does not declare."""


class RedirectionError(StatusError):
    """A status from 300 to 399, which is not followed: ``headers`` say where to, or ``304`` that nothing changed."""


class ClientError(StatusError):
    """A status from 400 to 499: the service refuses this request."""


class ServerError(StatusError):
    """A status from 500 to 599: the service failed."""


class BadRequestError(ClientError):
    """Status 400."""


class UnauthorizedError(ClientError):
    """Status 401: the credential is missing or not accepted."""


class ForbiddenError(ClientError):
    """Status 403: the credential does not allow this."""


class NotFoundError(ClientError):
    """Status 404."""


class MethodNotAllowedError(ClientError):
    """Status 405."""


class ConflictError(ClientError):
    """Status 409."""


class ContentTooLargeError(ClientError):
    """Status 413: the request is too large."""


class UnprocessableContentError(ClientError):
    """Status 422."""


class RateLimitError(ClientError):
    """Status 429: too many requests."""


class InternalServerError(ServerError):
    """Status 500."""


class NotImplementedByServerError(ServerError):
    """Status 501."""


class BadGatewayError(ServerError):
    """Status 502."""


class ServiceUnavailableError(ServerError):
    """Status 503."""


class GatewayTimeoutError(ServerError):
    """Status 504."""


STATUS_ERRORS: dict[int, type[StatusError]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    405: MethodNotAllowedError,
    409: ConflictError,
    413: ContentTooLargeError,
    422: UnprocessableContentError,
    429: RateLimitError,
    500: InternalServerError,
    501: NotImplementedByServerError,
    502: BadGatewayError,
    503: ServiceUnavailableError,
    504: GatewayTimeoutError,
}


def status_error(status: int) -> type[StatusError]:
    """Return the class of error that a status raises.

    Args:
        status: A status code that the description does not declare as a success.
    """
    by_class = {3: RedirectionError, 4: ClientError, 5: ServerError}
    return STATUS_ERRORS.get(status) or by_class.get(status // 100, UnexpectedStatusError)
