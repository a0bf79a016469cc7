"""Streams of items that a service sends one by one: server-sent events, and JSON values line by line."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from contextlib import aclosing
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from .errors import DecodeError
from .event_streams import ServerSentEvent
from .incremental import Parser, is_stream
from .responses import RawResponse

if TYPE_CHECKING:
    from .client import AsyncClient, SyncClient
    from .operation import Alternative, Request
    from .options import Options

T = TypeVar("T")


def parser_of(head: RawResponse[Any]) -> Parser[Any] | None:
    """Return what parses the body of an answer; None where there is none to parse.

    Raises:
        DecodeError: The body is not a stream of items.
    """
    reader = head.operation.result(head.status)
    if head.without_body or reader is None or not reader.accept:
        return None
    if not is_stream(reader):
        raise DecodeError("a stream", head.content_type or "a body without a type")
    reader.refuse(head.content_type)
    return reader.parser()


class Stream(Generic[T]):
    """Items as they arrive. The request is sent when iteration begins, or at the with statement, which closes it."""

    def __init__(
        self,
        client: SyncClient,
        request: Request[Any],
        options: Options | None = None,
        alternative: Alternative[list[T]] | None = None,
    ) -> None:
        """Prepare a call; nothing is sent yet.

        Args:
            client: What sends it.
            request: The request.
            options: What this call does differently.
            alternative: The form of the answer that the items come in; None for the preferred one.
        """
        self.response = client.stream(request, options, alternative)
        """The answer: its status and headers, once the request has been sent."""
        self._items = self._read()

    def __enter__(self) -> Self:
        """Send the request and wait for the headers of a success.

        Raises:
            ApiError: There is no success; see ``errors``.
        """
        self.response.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the stream."""
        self.close()

    def __iter__(self) -> Iterator[T]:
        """Iterate over the items that are still to come."""
        return self

    def __next__(self) -> T:
        """Wait for the next item.

        Raises:
            TransportError: The connection broke, or the server was silent for too long.
            DecodeError: The item is not what the description promises.
        """
        return next(self._items)

    def close(self) -> None:
        """Close the connection; there are no more items."""
        self._items.close()
        self.response.close()

    def _read(self) -> Generator[T, None, None]:
        head = self.response.opened().head
        try:
            with self.response.explaining():
                parser = parser_of(head)
                if parser is not None:
                    yield from read(parser, self.response.chunks())
        finally:
            self.response.close()


def read(parser: Parser[T], chunks: Iterator[bytes]) -> Iterator[T]:
    """Give the items of a body."""
    for chunk in chunks:
        yield from parser.feed(chunk)
        if parser.done:
            return
    yield from parser.end()


class AsyncStream(Generic[T]):
    """As ``Stream``, for asyncio."""

    def __init__(
        self,
        client: AsyncClient,
        request: Request[Any],
        options: Options | None = None,
        alternative: Alternative[list[T]] | None = None,
    ) -> None:
        """Prepare a call; nothing is sent yet.

        Args:
            client: What sends it.
            request: The request.
            options: What this call does differently.
            alternative: The form of the answer that the items come in; None for the preferred one.
        """
        self.response = client.stream(request, options, alternative)
        """The answer: its status and headers, once the request has been sent."""
        self._items = self._read()

    async def __aenter__(self) -> Self:
        """Send the request and wait for the headers of a success.

        Raises:
            ApiError: There is no success; see ``errors``.
        """
        await self.response.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the stream."""
        await self.close()

    def __aiter__(self) -> AsyncIterator[T]:
        """Iterate over the items that are still to come."""
        return self

    async def __anext__(self) -> T:
        """Wait for the next item.

        Raises:
            TransportError: The connection broke, or the server was silent for too long.
            DecodeError: The item is not what the description promises.
        """
        return await anext(self._items)

    async def close(self) -> None:
        """Close the connection; there are no more items."""
        await self._items.aclose()
        await self.response.close()

    async def _read(self) -> AsyncGenerator[T, None]:
        head = (await self.response.opened()).head
        try:
            with self.response.explaining():
                parser = parser_of(head)
                if parser is None:
                    return
                async with aclosing(self.response.chunks()) as chunks, aclosing(read_async(parser, chunks)) as items:
                    async for item in items:
                        yield item
        finally:
            await self.response.close()


async def read_async(parser: Parser[T], chunks: AsyncIterator[bytes]) -> AsyncGenerator[T, None]:
    """Give the items of a body."""
    async for chunk in chunks:
        for item in parser.feed(chunk):
            yield item
        if parser.done:
            return
    for item in parser.end():
        yield item


class Marked(Generic[T]):
    """Remembers where a stream of events stands."""

    last_event_id: str = ""
    """The id of the last event that had one: what to send as ``Last-Event-ID`` to go on from there."""

    def note(self, event: ServerSentEvent[T]) -> ServerSentEvent[T]:
        """Remember the id of an event, if it has one."""
        if event.id is not None:
            self.last_event_id = event.id
        return event


class EventStream(Marked[T], Stream[ServerSentEvent[T]]):
    """Server-sent events as they arrive (WHATWG HTML §9.2).

    No total timeout ends it; ``Timeout.read`` limits the silence between two pieces. It does not connect again by
    itself: ``last_event_id`` says where to go on.
    """

    def __next__(self) -> ServerSentEvent[T]:
        """Wait for the next event.

        Raises:
            TransportError: The connection broke, or the server was silent for too long.
            DecodeError: The event's data is not what the description promises.
        """
        return self.note(super().__next__())


class AsyncEventStream(Marked[T], AsyncStream[ServerSentEvent[T]]):
    """As ``EventStream``, for asyncio."""

    async def __anext__(self) -> ServerSentEvent[T]:
        """Wait for the next event.

        Raises:
            TransportError: The connection broke, or the server was silent for too long.
            DecodeError: The event's data is not what the description promises.
        """
        return self.note(await super().__anext__())


class JsonLines(Stream[T]):
    """JSON values as they arrive, each on a line of its own or behind a record separator.

    No total timeout ends it; ``Timeout.read`` limits the silence between two pieces.
    """


class AsyncJsonLines(AsyncStream[T]):
    """As ``JsonLines``, for asyncio."""
