"""One call as a conversation with the server, without input or output: what to send next, and what an outcome means.

Both clients drive it, one with and one without ``await``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

import attrs

from .auth import Credential, carried, chosen, of_client
from .bodies import Stream
from .configuration import Configuration, joined, server_of
from .errors import (
    EXCERPT_LENGTH,
    Attempt,
    ConnectionLostError,
    DeadlineExceededError,
    InvalidArgumentError,
    TransportError,
)
from .http import Headers, Limits, PreparedRequest
from .http import Request as HttpRequest
from .operation import Alternative, Operation, Request, decoded_text
from .options import NO_OPTIONS, Options, as_timeout
from .parameters import form, headers
from .responses import RawResponse
from .retries import Deadline, retry_after
from .servers import checked
from .tokens import Fetched, Grant, TokenRequest, Tokens

T = TypeVar("T")

UNAUTHORIZED = 401

log = logging.getLogger(__name__.partition("._runtime")[0])


@attrs.frozen(kw_only=True)
class Exchange:
    """One attempt, to be carried out by a client."""

    wait: float
    """Seconds to wait before sending."""
    request: PreparedRequest
    timeout_connect: float | None
    timeout_read: float | None
    deadline: Deadline
    streamed: bool
    """Whether the body may take longer than the deadline, once it has begun."""

    def limits(self) -> Limits:
        """Return how long each phase may take, from now on."""
        read = self.timeout_read if self.streamed else self.deadline.limit(self.timeout_read)
        return Limits(connect=self.deadline.limit(self.timeout_connect), read=read)

    def overdue(self) -> DeadlineExceededError:
        """Return the error for a deadline that passed."""
        return DeadlineExceededError("the call took longer than its total timeout")


@attrs.frozen(kw_only=True)
class Answer:
    """A response, as far as it arrived."""

    status: int
    headers: Headers
    content: bytes
    incomplete: str | None
    """Why the body ended before its end; None where it is whole."""


class Receiver:
    """Collects a response's body."""

    def __init__(self, exchange: Exchange, status: int, headers: Headers) -> None:
        """Begin with nothing.

        Args:
            exchange: The attempt that the response belongs to.
            status: The response's status code.
            headers: The response's headers.
        """
        self.exchange = exchange
        self.status = status
        self.headers = headers
        self.chunks: list[bytes] = []

    def take(self, chunk: bytes) -> None:
        """Keep one piece.

        Raises:
            DeadlineExceededError: The call has to be over by now.
        """
        self.chunks.append(chunk)
        if self.exchange.deadline.passed():
            raise self.exchange.overdue()

    def answer(self, incomplete: str | None = None) -> Answer:
        """Return what arrived.

        Args:
            incomplete: Why that is not all; None where it is.
        """
        return Answer(status=self.status, headers=self.headers, content=b"".join(self.chunks), incomplete=incomplete)

    def failed(self, error: TransportError) -> Answer | TransportError:
        """Return what a failure amid the body comes to: an incomplete answer, or the error with what is known."""
        if isinstance(error, ConnectionLostError):
            return self.answer(error.message)
        beginning = b"".join(self.chunks)[: 4 * EXCERPT_LENGTH]
        excerpt = decoded_text(beginning, self.headers.get("content-type", ""))[:EXCERPT_LENGTH]
        return error.answered(
            status=self.status,
            headers=self.headers,
            request_id=self.headers.get("x-request-id"),
            excerpt=excerpt,
        )


class Conversation(Generic[T]):
    """One call, from its first attempt to the last."""

    def __init__(
        self,
        configuration: Configuration,
        request: Request[Any],
        options: Options | None,
        alternative: Alternative[Any] | None = None,
        *,
        streamed: bool = False,
    ) -> None:
        """Work out everything that all attempts share.

        Args:
            configuration: The client's settings.
            request: What to send.
            options: What this call does differently.
            alternative: The form of the answer to ask for; None for the preferred one.
            streamed: Whether the body of a success is read by somebody else, without a deadline.

        Raises:
            ConfigurationError: The operation needs a credential that the client does not have.
            InvalidArgumentError: A value of the request cannot be sent.
        """
        options = checked_options(options)
        self.operation: Operation = request.operation if alternative is None else alternative.operation
        self.streamed = streamed
        self.clock = configuration.clock
        self.retries = options.retries or configuration.retries
        self.timeout = as_timeout(options.timeout, configuration.timeout)
        self.configuration = configuration
        self.options = options
        self.request = request.to_http()
        self.credentials = chosen(self.operation.security, configuration.credentials, self.operation.id)
        self.tokens: dict[str, str] = {}
        self.refused = False
        self.prepared = self.prepare()
        self.deadline = Deadline.after(self.timeout.total, self.clock.monotonic)
        self.attempts: list[Attempt] = []
        self.wait = 0.0
        self.begun = 0.0

    def prepare(self) -> PreparedRequest:
        """Complete the request with the tokens that there are."""
        return prepare(self.configuration, self.operation, self.request, self.options, self.credentials, self.tokens)

    @property
    def sources(self) -> dict[str, Tokens]:
        """Where tokens have to be asked for, by scheme."""
        return {each.scheme: each.tokens for each in self.credentials if each.tokens is not None}

    def take_tokens(self, tokens: Mapping[str, str]) -> bool:
        """Put tokens into the request.

        Args:
            tokens: One for each of the ``sources``, by scheme.

        Returns:
            Whether any differs from before.
        """
        if tokens == self.tokens:
            return False
        self.tokens = dict(tokens)
        self.prepared = self.prepare()
        return True

    def refuses_tokens(self, response: RawResponse[T]) -> bool:
        """Forget the tokens that a response says are no good, so that others are asked for; once in a call.

        Args:
            response: What would end the call.

        Returns:
            Whether the request can be sent again with others.
        """
        if response.status != UNAUTHORIZED or self.refused or not self.sources or not self.repeatable:
            return False
        self.refused = True
        for scheme, tokens in self.sources.items():
            tokens.reject(self.tokens[scheme])
        self.wait = 0.0
        return not self.deadline.passed()

    def exchange(self) -> Exchange:
        """Return the next attempt."""
        self.begun = self.clock.monotonic() + self.wait
        return Exchange(
            wait=self.wait,
            request=self.prepared,
            timeout_connect=self.timeout.connect,
            timeout_read=self.timeout.read,
            deadline=self.deadline,
            streamed=self.streamed,
        )

    def begins(self, status: int) -> bool:
        """Say whether an answer's body is left to somebody else: it is streamed, and that of a success."""
        return self.streamed and self.operation.result(status) is not None

    def head(self, status: int, headers: Headers) -> RawResponse[Any]:
        """Take the beginning of an answer whose body is left to somebody else.

        Args:
            status: The status code.
            headers: The headers.

        Returns:
            What is known of it; the content is empty.
        """
        answer = Answer(status=status, headers=headers, content=b"", incomplete=None)
        self.note(answer)
        return self.response(answer, asked=None)

    def take(self, outcome: Answer | TransportError) -> RawResponse[T] | None:
        """Take what came of an attempt.

        Args:
            outcome: The answer, or why there is none.

        Returns:
            The response that ends the call; None where there has to be another attempt.

        Raises:
            TransportError: There is no response and no other attempt.
        """
        if isinstance(outcome, TransportError):
            outcome.hiding(self.prepared.secrets())
        self.note(outcome)
        if isinstance(outcome, TransportError):
            self.after_failure(outcome)
            return None
        return self.after_answer(outcome)

    def after_failure(self, error: TransportError) -> None:
        """Plan another attempt after one without an answer, or raise."""
        again = self.retries.again_after_failure(error, len(self.attempts), idempotent=self.operation.idempotent)
        if again and (self.repeatable or not error.reached_server) and self.plan(asked=None):
            return
        if self.deadline.passed() and not isinstance(error, DeadlineExceededError):
            late = DeadlineExceededError(f"the call took longer than its total timeout; last: {error.message}")
            late.reached_server = error.reached_server
            late.excerpt = error.excerpt
            error = late
        raise error.during(
            method=self.operation.method, url_template=self.operation.path, attempts=tuple(self.attempts)
        )

    def after_answer(self, answer: Answer) -> RawResponse[T] | None:
        """Plan another attempt after an answer, or return that answer."""
        asked = retry_after(answer.headers, self.clock.wall())
        again = self.retries.again_after_status(answer.status, len(self.attempts), idempotent=self.operation.idempotent)
        if again and self.repeatable and self.plan(asked):
            return None
        return self.response(answer, asked)

    def response(self, answer: Answer, asked: float | None) -> RawResponse[T]:
        """Return an answer with what is known of the call.

        Args:
            answer: What arrived.
            asked: The seconds that the service asks to wait; None where it does not.
        """
        return RawResponse(
            status=answer.status,
            headers=answer.headers,
            content=answer.content,
            incomplete=answer.incomplete,
            attempts=tuple(self.attempts),
            retry_after=asked,
            operation=self.operation,
            secrets=self.prepared.secrets,
        )

    def plan(self, asked: float | None) -> bool:
        """Choose how long to wait before the next attempt.

        Args:
            asked: The seconds that the service asks for; None where it does not.

        Returns:
            Whether the deadline leaves time for it.
        """
        self.wait = max(asked or 0.0, self.retries.delay(len(self.attempts), self.clock.random))
        return self.deadline.allows(self.wait)

    @property
    def repeatable(self) -> bool:
        """Whether the body can be sent again."""
        content = self.prepared.content
        return not isinstance(content, Stream) or content.repeatable

    def note(self, outcome: Answer | TransportError) -> None:
        """Write an attempt into the history and the log."""
        said = outcome.message if isinstance(outcome, TransportError) else str(outcome.status)
        attempt = Attempt(
            number=len(self.attempts) + 1,
            outcome=said,
            seconds=max(0.0, self.clock.monotonic() - self.begun),
            waited=self.wait,
        )
        self.attempts.append(attempt)
        if log.isEnabledFor(logging.DEBUG):
            log.debug(
                "%s %s: attempt %d, %s, %.3f s",
                self.operation.method,
                self.operation.path,
                attempt.number,
                said,
                attempt.seconds,
            )


def checked_options(options: object) -> Options:
    """Return the options of a call, or those that change nothing.

    Raises:
        InvalidArgumentError: They are none.
    """
    if options is None:
        return NO_OPTIONS
    if isinstance(options, Options):
        return options
    raise InvalidArgumentError(f"options: expected Options(…) or None, got a {type(options).__name__}")


def prepare(
    configuration: Configuration,
    operation: Operation,
    request: HttpRequest,
    options: Options,
    credentials: Iterable[Credential],
    tokens: Mapping[str, str],
) -> PreparedRequest:
    """Complete a request with server, credentials and headers.

    Args:
        configuration: The client's settings.
        operation: What is called.
        request: What its request class built.
        options: What this call does differently.
        credentials: What authenticates it.
        tokens: By scheme, the tokens of the credentials that have them from elsewhere.

    Raises:
        ConfigurationError: The description does not say where the server is.
        InvalidArgumentError: A header of the options cannot be sent.
    """
    authorization = carried(credentials, tokens)
    server = server_of(configuration, operation.servers, options.server)
    more = [form(name, value) for name, value in options.query.items()]
    body = request.body
    return PreparedRequest(
        method=request.method,
        url=with_query(server + request.target, *more, authorization.query),
        headers=merged(
            {"accept": operation.accept} if operation.accept else {},
            {"content-type": body.content_type} if body else {},
            request.headers,
            configuration.headers,
            authorization.headers,
            headers(*options.headers.items()),
        ),
        content=body.content if body else b"",
        keys=authorization.keys,
    )


def asking(tokens: Fetched, configuration: Configuration, deadline: Deadline) -> Conversation[Grant]:
    """Return the conversation with an authorization server that gives a token.

    It shares nothing with the calls of the client but the time and the policy for retries.

    Args:
        tokens: What needs one.
        configuration: The client's settings.
        deadline: When the call that needs the token has to be over.

    Raises:
        ConfigurationError: The token URL is none.
        DeadlineExceededError: There is no time left.
    """
    remaining = deadline.remaining()
    if remaining == 0:
        raise no_token_in_time()
    url = urlsplit(joined(tokens.token_url, configuration))
    agent = configuration.headers.get("user-agent")
    own = attrs.evolve(
        configuration,
        server=checked(f"{url.scheme}://{url.netloc}", ()),
        own_server=True,
        credentials=of_client(tokens.client),
        headers={} if agent is None else {"user-agent": agent},
    )
    request = TokenRequest(target=with_query(url.path, url.query), fields=tokens.fields())
    return Conversation(own, request, Options(timeout=remaining))


def no_token_in_time() -> DeadlineExceededError:
    """Return the error for a call whose time is over before it has a token."""
    error = DeadlineExceededError("the call took longer than its total timeout, before it had a token")
    error.reached_server = False
    return error


def with_query(url: str, *parameters: str) -> str:
    """Add query parameters, percent-encoded already, to a URL."""
    present = "&".join(filter(None, parameters))
    if not present:
        return url
    return f"{url}{'&' if '?' in url else '?'}{present}"


def merged(*sources: Mapping[str, Any]) -> dict[str, str]:
    """Merge headers; a later source goes first, except that cookies add up (RFC 6265 §5.4).

    Returns:
        The headers, names in lower case.
    """
    result: dict[str, str] = {}
    for source in sources:
        for name, value in source.items():
            key = name.lower()
            result[key] = f"{result[key]}; {value}" if key == "cookie" and key in result else value
    return result
