"""The two clients: they carry out attempts, one with and one without ``await``; all decisions are made elsewhere."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from threading import TIMEOUT_MAX, Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from .configuration import Configuration, configure
from .conversation import Answer, Conversation, Exchange, Receiver, asking, no_token_in_time
from .errors import ClientClosedError, TransportError
from .http import AsyncTransport, AsyncTransportResponse, Transport, TransportResponse
from .operation import Alternative, Request
from .options import Options
from .responses import RawResponse
from .retries import Deadline
from .tokens import Supplied, Tokens

if TYPE_CHECKING:
    from .downloads import AsyncOpened, AsyncStreamedResponse, Opened, StreamedResponse

__all__ = ["AsyncClient", "SyncClient", "configure"]

T = TypeVar("T")


class SyncClient:
    """Sends requests over one pool of connections; threads can share it."""

    def __init__(self, configuration: Configuration, transport: Transport | None = None) -> None:
        """Make a client; it connects when it first sends.

        Args:
            configuration: What ``configure`` gives.
            transport: What carries the requests; it stays open when the client is closed. None for one of the
                client's own.
        """
        self.configuration = configuration
        self._given = transport
        self._own: Transport | None = None
        self._closed = False
        self._lock = Lock()

    def __repr__(self) -> str:
        """Show the server, and no credential."""
        return f"{type(self).__name__}(server={self.configuration.server!r})"

    def __enter__(self) -> Self:
        """Return the client, to be closed at the end."""
        self._transport()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the client."""
        self.close()

    def close(self) -> None:
        """Close every connection; a second time does nothing."""
        with self._lock:
            self._closed = True
            own, self._own = self._own, None
        if own is not None:
            own.close()

    def send(self, request: Request[T], options: Options | None = None) -> T:
        """Send a request and return its result.

        Args:
            request: What to send.
            options: What this call does differently.

        Raises:
            ApiError: There is no result; see ``errors``.
            ConfigurationError: The operation needs a credential that the client does not have.
            InvalidArgumentError: A value of the request cannot be sent.
        """
        return self.send_raw(request, options).parse()

    def send_as(self, request: Request[Any], alternative: Alternative[T], options: Options | None = None) -> T:
        """Send a request and return its result in another form than the preferred one.

        Args:
            request: What to send.
            alternative: The form to ask for, such as ``GetInvoiceRequest.as_pdf``.
            options: What this call does differently.

        Raises:
            ApiError: There is no result; see ``errors``.
            ConfigurationError: The operation needs a credential that the client does not have.
            InvalidArgumentError: A value of the request cannot be sent.
        """
        response: RawResponse[T] = self._send(Conversation(self.configuration, request, options, alternative))
        return response.parse()

    def stream(
        self, request: Request[Any], options: Options | None = None, alternative: Alternative[Any] | None = None
    ) -> StreamedResponse:
        """Send a request and read the body of its success while it arrives.

        The request is sent at the beginning of a with statement, which raises a StatusError for what is no
        success. Failed attempts are repeated up to the first byte of the body, never after it; from there on no total
        timeout holds, but ``Timeout.read`` limits the silence between two pieces.

        Args:
            request: What to send.
            options: What this call does differently.
            alternative: The form to ask for; None for the preferred one.

        Raises:
            ConfigurationError: The operation needs a credential that the client does not have.
            InvalidArgumentError: A value of the request cannot be sent.
        """
        from .downloads import StreamedResponse

        conversation: Conversation[Any] = Conversation(self.configuration, request, options, alternative, streamed=True)
        return StreamedResponse(lambda: self._open(conversation))

    def send_raw(self, request: Request[T], options: Options | None = None) -> RawResponse[T]:
        """Send a request and return the response as it is, whatever its status.

        Args:
            request: What to send.
            options: What this call does differently.

        Raises:
            TransportError: There is no response.
            ConfigurationError: The operation needs a credential that the client does not have.
            InvalidArgumentError: A value of the request cannot be sent.
        """
        return self._send(Conversation(self.configuration, request, options))

    def _send(self, conversation: Conversation[T]) -> RawResponse[T]:
        transport = self._transport()
        conversation.take_tokens(self._tokens(transport, conversation))
        while True:
            response = self._answer(transport, conversation)
            if not self._again(transport, conversation, response):
                return response

    def _again(self, transport: Transport, conversation: Conversation[Any], response: RawResponse[Any]) -> bool:
        """Get other tokens where a response refuses those that were sent, and say whether there are any."""
        if not conversation.refuses_tokens(response):
            return False
        return conversation.take_tokens(self._tokens(transport, conversation))

    def _answer(self, transport: Transport, conversation: Conversation[T]) -> RawResponse[T]:
        while True:
            exchange = self._next(conversation)
            response = conversation.take(attempt(transport, exchange))
            if response is not None:
                return response

    def _open(self, conversation: Conversation[Any]) -> Opened:
        from .downloads import Opened

        transport = self._transport()
        conversation.take_tokens(self._tokens(transport, conversation))
        while True:
            exchange = self._next(conversation)
            begun = begin(transport, exchange)
            if isinstance(begun, TransportError):
                conversation.take(begun)
            elif conversation.begins(begun.status):
                return Opened(conversation.head(begun.status, begun.headers), begun)
            else:
                failed = conversation.take(receive(begun, exchange))
                if failed is not None and not self._again(transport, conversation, failed):
                    raise failed.error()

    def _next(self, conversation: Conversation[Any]) -> Exchange:
        exchange = conversation.exchange()
        if exchange.wait:
            self.pause(exchange.wait)
        return exchange

    def _tokens(self, transport: Transport, conversation: Conversation[Any]) -> dict[str, str]:
        """Ask for every token that a call needs."""
        deadline = conversation.deadline
        return {scheme: self._token(transport, tokens, deadline) for scheme, tokens in conversation.sources.items()}

    def _token(self, transport: Transport, tokens: Tokens, deadline: Deadline) -> str:
        if isinstance(tokens, Supplied):
            return tokens.checked(tokens.supply())
        with held(tokens.lock, deadline):
            now = self.configuration.clock.monotonic()
            current = tokens.current(now)
            if current is not None:
                return current
            return tokens.keep(self._answer(transport, asking(tokens, self.configuration, deadline)), now)

    def pause(self, seconds: float) -> None:
        """Wait, by the client's clock."""
        self.configuration.clock.sleep(seconds)

    def _transport(self) -> Transport:
        """Return what carries the requests, made when first needed."""
        with self._lock:
            if self._closed:
                raise ClientClosedError(f"this {type(self).__name__} is closed")
            if self._given is not None:
                return self._given
            if self._own is None:
                from .httpx2_transport import Httpx2Transport

                self._own = Httpx2Transport()
            return self._own


class AsyncClient:
    """Sends requests over one pool of connections, for tasks of one asyncio event loop."""

    def __init__(self, configuration: Configuration, transport: AsyncTransport | None = None) -> None:
        """Make a client; it connects when it first sends.

        Args:
            configuration: What ``configure`` gives.
            transport: What carries the requests; it stays open when the client is closed. None for one of the
                client's own.
        """
        self.configuration = configuration
        self._given = transport
        self._own: AsyncTransport | None = None
        self._closed = False

    def __repr__(self) -> str:
        """Show the server, and no credential."""
        return f"{type(self).__name__}(server={self.configuration.server!r})"

    async def __aenter__(self) -> Self:
        """Return the client, to be closed at the end."""
        self._transport()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the client."""
        await self.close()

    async def close(self) -> None:
        """Close every connection; a second time does nothing."""
        self._closed = True
        own, self._own = self._own, None
        if own is not None:
            await own.close()

    async def send(self, request: Request[T], options: Options | None = None) -> T:
        """Send a request and return its result.

        Args:
            request: What to send.
            options: What this call does differently.

        Raises:
            ApiError: There is no result; see ``errors``.
            ConfigurationError: The operation needs a credential that the client does not have.
            InvalidArgumentError: A value of the request cannot be sent.
        """
        return (await self.send_raw(request, options)).parse()

    async def send_as(self, request: Request[Any], alternative: Alternative[T], options: Options | None = None) -> T:
        """Send a request and return its result in another form than the preferred one.

        Args:
            request: What to send.
            alternative: The form to ask for, such as ``GetInvoiceRequest.as_pdf``.
            options: What this call does differently.

        Raises:
            ApiError: There is no result; see ``errors``.
            ConfigurationError: The operation needs a credential that the client does not have.
            InvalidArgumentError: A value of the request cannot be sent.
        """
        response: RawResponse[T] = await self._send(Conversation(self.configuration, request, options, alternative))
        return response.parse()

    def stream(
        self, request: Request[Any], options: Options | None = None, alternative: Alternative[Any] | None = None
    ) -> AsyncStreamedResponse:
        """Send a request and read the body of its success while it arrives.

        The request is sent at the beginning of an async with statement, which raises a StatusError for what is no
        success. Failed attempts are repeated up to the first byte of the body, never after it; from there on no total
        timeout holds, but ``Timeout.read`` limits the silence between two pieces.

        Args:
            request: What to send.
            options: What this call does differently.
            alternative: The form to ask for; None for the preferred one.

        Raises:
            ConfigurationError: The operation needs a credential that the client does not have.
            InvalidArgumentError: A value of the request cannot be sent.
        """
        from .downloads import AsyncStreamedResponse

        conversation: Conversation[Any] = Conversation(self.configuration, request, options, alternative, streamed=True)
        return AsyncStreamedResponse(lambda: self._open(conversation))

    async def send_raw(self, request: Request[T], options: Options | None = None) -> RawResponse[T]:
        """Send a request and return the response as it is, whatever its status.

        Args:
            request: What to send.
            options: What this call does differently.

        Raises:
            TransportError: There is no response.
            ConfigurationError: The operation needs a credential that the client does not have.
            InvalidArgumentError: A value of the request cannot be sent.
        """
        return await self._send(Conversation(self.configuration, request, options))

    async def _send(self, conversation: Conversation[T]) -> RawResponse[T]:
        transport = self._transport()
        conversation.take_tokens(await self._tokens(transport, conversation))
        while True:
            response = await self._answer(transport, conversation)
            if not await self._again(transport, conversation, response):
                return response

    async def _again(
        self, transport: AsyncTransport, conversation: Conversation[Any], response: RawResponse[Any]
    ) -> bool:
        """Get other tokens where a response refuses those that were sent, and say whether there are any."""
        if not conversation.refuses_tokens(response):
            return False
        return conversation.take_tokens(await self._tokens(transport, conversation))

    async def _answer(self, transport: AsyncTransport, conversation: Conversation[T]) -> RawResponse[T]:
        while True:
            exchange = await self._next(conversation)
            response = conversation.take(await attempt_async(transport, exchange))
            if response is not None:
                return response

    async def _open(self, conversation: Conversation[Any]) -> AsyncOpened:
        from .downloads import AsyncOpened

        transport = self._transport()
        conversation.take_tokens(await self._tokens(transport, conversation))
        while True:
            exchange = await self._next(conversation)
            begun = await begin_async(transport, exchange)
            if isinstance(begun, TransportError):
                conversation.take(begun)
            elif conversation.begins(begun.status):
                return AsyncOpened(conversation.head(begun.status, begun.headers), begun)
            else:
                failed = conversation.take(await receive_async(begun, exchange))
                if failed is not None and not await self._again(transport, conversation, failed):
                    raise failed.error()

    async def _next(self, conversation: Conversation[Any]) -> Exchange:
        exchange = conversation.exchange()
        if exchange.wait:
            await self.pause(exchange.wait)
        return exchange

    async def _tokens(self, transport: AsyncTransport, conversation: Conversation[Any]) -> dict[str, str]:
        """Ask for every token that a call needs."""
        deadline, sources = conversation.deadline, conversation.sources.items()
        if not sources:
            return {}
        from asyncio import timeout

        limit = timeout(deadline.remaining())
        try:
            async with limit:
                return {scheme: await self._token(transport, tokens, deadline) for scheme, tokens in sources}
        except TimeoutError:
            if limit.expired():
                raise no_token_in_time() from None
            raise

    async def _token(self, transport: AsyncTransport, tokens: Tokens, deadline: Deadline) -> str:
        if isinstance(tokens, Supplied):
            given: Any = tokens.supply()
            return tokens.checked(await given if hasattr(given, "__await__") else given)
        async with tokens.async_lock():
            now = self.configuration.clock.monotonic()
            current = tokens.current(now)
            if current is not None:
                return current
            return tokens.keep(await self._answer(transport, asking(tokens, self.configuration, deadline)), now)

    async def pause(self, seconds: float) -> None:
        """Wait, by the client's clock."""
        await self.configuration.clock.sleep_async(seconds)

    def _transport(self) -> AsyncTransport:
        """Return what carries the requests, made when first needed."""
        if self._closed:
            raise ClientClosedError(f"this {type(self).__name__} is closed")
        if self._given is not None:
            return self._given
        if self._own is None:
            from .httpx2_transport import AsyncHttpx2Transport

            self._own = AsyncHttpx2Transport()
        return self._own


@contextmanager
def held(lock: Lock, deadline: Deadline) -> Generator[None, None, None]:
    """Hold a lock.

    Raises:
        DeadlineExceededError: Nobody gave it back in time.
    """
    remaining = deadline.remaining()
    if not lock.acquire(timeout=-1 if remaining is None else min(remaining, TIMEOUT_MAX)):
        raise no_token_in_time()
    try:
        yield
    finally:
        lock.release()


def attempt(transport: Transport, exchange: Exchange) -> Answer | TransportError:
    """Send a request once and read the whole answer."""
    begun = begin(transport, exchange)
    return begun if isinstance(begun, TransportError) else receive(begun, exchange)


def begin(transport: Transport, exchange: Exchange) -> TransportResponse | TransportError:
    """Send a request once and wait for the headers of the answer."""
    try:
        return transport.send(exchange.request, exchange.limits())
    except TransportError as error:
        return error


def receive(response: TransportResponse, exchange: Exchange) -> Answer | TransportError:
    """Read the body of an answer to its end."""
    receiver = Receiver(exchange, response.status, response.headers)
    try:
        for chunk in response.chunks():
            receiver.take(chunk)
    except TransportError as error:
        return receiver.failed(error)
    finally:
        response.close()
    return receiver.answer()


async def attempt_async(transport: AsyncTransport, exchange: Exchange) -> Answer | TransportError:
    """Send a request once and read the whole answer, or stop at the deadline."""
    begun = await begin_async(transport, exchange)
    return begun if isinstance(begun, TransportError) else await receive_async(begun, exchange)


async def begin_async(transport: AsyncTransport, exchange: Exchange) -> AsyncTransportResponse | TransportError:
    """Send a request once and wait for the headers of the answer, or stop at the deadline."""
    from asyncio import timeout

    try:
        async with timeout(exchange.deadline.remaining()):
            return await transport.send(exchange.request, exchange.limits())
    except TransportError as error:
        return error
    except TimeoutError:
        return exchange.overdue()


async def receive_async(response: AsyncTransportResponse, exchange: Exchange) -> Answer | TransportError:
    """Read the body of an answer to its end, or stop at the deadline."""
    from asyncio import timeout

    receiver = Receiver(exchange, response.status, response.headers)
    try:
        async with timeout(exchange.deadline.remaining()):
            async for chunk in response.chunks():
                receiver.take(chunk)
    except TransportError as error:
        return receiver.failed(error)
    except TimeoutError:
        return receiver.failed(exchange.overdue())
    finally:
        await response.close()
    return receiver.answer()
