"""Answers whose bodies are read while they arrive."""

from __future__ import annotations

import os
from codecs import getincrementaldecoder
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from io import BufferedWriter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import attrs

from . import media_types
from .errors import ApiError, Attempt
from .http import AsyncTransportResponse, Headers, TransportResponse
from .responses import RawResponse


@attrs.frozen
class Opened:
    """A success whose body has not been read."""

    head: RawResponse[Any]
    """What is known of it; its content is empty."""
    response: TransportResponse


@attrs.frozen
class AsyncOpened:
    """As ``Opened``, for asyncio."""

    head: RawResponse[Any]
    """What is known of it; its content is empty."""
    response: AsyncTransportResponse


class Answered:
    """What is known of a success when its headers have arrived."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._head: RawResponse[Any] | None = None
        self._is_read = False

    @property
    def head(self) -> RawResponse[Any]:
        """The answer without its body."""
        if self._head is None:
            raise RuntimeError("nothing has been sent yet: use it in a with statement")
        return self._head

    @property
    def status(self) -> int:
        """The status code."""
        return self.head.status

    @property
    def headers(self) -> Headers:
        """The headers."""
        return self.head.headers

    @property
    def content_type(self) -> str:
        """The Content-Type header; empty where there is none."""
        return self.head.content_type

    @property
    def request_id(self) -> str | None:
        """What the service calls this request."""
        return self.head.request_id

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Every time that the request was sent."""
        return self.head.attempts

    def begin(self) -> None:
        """Note that the body is read now, which can be done once."""
        if self._is_read:
            raise RuntimeError("the body has been read already")
        self._is_read = True

    @contextmanager
    def explaining(self) -> Generator[None, None, None]:
        """Add to errors what is known of the call."""
        try:
            yield
        except ApiError as error:
            raise self.head.explained(error) from None


class StreamedResponse(Answered):
    """A success whose body is read while it arrives; to be used in a with statement, which closes it."""

    def __init__(self, open_response: Callable[[], Opened]) -> None:
        """Prepare a call; nothing is sent yet.

        Args:
            open_response: Sends the request.
        """
        super().__init__()
        self._open = open_response
        self._opened: Opened | None = None

    def __enter__(self) -> Self:
        """Send the request and wait for the headers of a success.

        Raises:
            ApiError: There is no success; see ``errors``.
        """
        self.opened()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the response."""
        self.close()

    def __iter__(self) -> Iterator[bytes]:
        """Iterate over the pieces of the body."""
        return self.chunks()

    def opened(self) -> Opened:
        """Return the response, after sending the request if that has not been done."""
        if self._opened is None:
            self._opened = self._open()
            self._head = self._opened.head
        return self._opened

    def close(self) -> None:
        """Give the connection back, or close it if the body has not been read to its end."""
        if self._opened is not None:
            self._opened.response.close()

    def chunks(self) -> Iterator[bytes]:
        """Read the body piece by piece, content encodings undone.

        Raises:
            TransportError: The connection broke, or the server was silent for too long.
        """
        response = self.opened().response
        self.begin()
        with self.explaining():
            for chunk in response.chunks():
                if chunk:
                    yield chunk

    def lines(self) -> Iterator[str]:
        """Read a body of text line by line, without line ends, in its character set.

        Raises:
            TransportError: The connection broke, or the server was silent for too long.
        """
        chunks = self.chunks()
        text = TextLines(self.content_type)
        for chunk in chunks:
            yield from text.feed(chunk)
        yield from text.end()

    def read(self) -> bytes:
        """Read the whole body.

        Raises:
            TransportError: The connection broke, or the server was silent for too long.
        """
        return b"".join(self.chunks())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the body to a file, which appears, or is replaced, when all of it has arrived.

        Args:
            path: The file.

        Raises:
            TransportError: The connection broke, or the server was silent for too long.
            OSError: The file cannot be written.
        """
        with whole_file(path) as file:
            for chunk in self.chunks():
                file.write(chunk)


class AsyncStreamedResponse(Answered):
    """As ``StreamedResponse``, for asyncio."""

    def __init__(self, open_response: Callable[[], Awaitable[AsyncOpened]]) -> None:
        """Prepare a call; nothing is sent yet.

        Args:
            open_response: Sends the request.
        """
        super().__init__()
        self._open = open_response
        self._opened: AsyncOpened | None = None

    async def __aenter__(self) -> Self:
        """Send the request and wait for the headers of a success.

        Raises:
            ApiError: There is no success; see ``errors``.
        """
        await self.opened()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the response."""
        await self.close()

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Iterate over the pieces of the body."""
        return self.chunks()

    async def opened(self) -> AsyncOpened:
        """Return the response, after sending the request if that has not been done."""
        if self._opened is None:
            self._opened = await self._open()
            self._head = self._opened.head
        return self._opened

    async def close(self) -> None:
        """Give the connection back, or close it if the body has not been read to its end."""
        if self._opened is not None:
            await self._opened.response.close()

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Read the body piece by piece, content encodings undone.

        Raises:
            TransportError: The connection broke, or the server was silent for too long.
        """
        response = (await self.opened()).response
        self.begin()
        with self.explaining():
            async for chunk in response.chunks():
                if chunk:
                    yield chunk

    async def lines(self) -> AsyncIterator[str]:
        """Read a body of text line by line, without line ends, in its character set.

        Raises:
            TransportError: The connection broke, or the server was silent for too long.
        """
        await self.opened()
        text = TextLines(self.content_type)
        async for chunk in self.chunks():
            for line in text.feed(chunk):
                yield line
        for line in text.end():
            yield line

    async def read(self) -> bytes:
        """Read the whole body.

        Raises:
            TransportError: The connection broke, or the server was silent for too long.
        """
        return b"".join([chunk async for chunk in self.chunks()])

    async def save(self, path: str | os.PathLike[str]) -> None:
        """Write the body to a file, which appears, or is replaced, when all of it has arrived.

        Args:
            path: The file.

        Raises:
            TransportError: The connection broke, or the server was silent for too long.
            OSError: The file cannot be written.
        """
        from asyncio import to_thread

        with whole_file(path) as file:
            async for chunk in self.chunks():
                await to_thread(file.write, chunk)


class TextLines:
    """Lines of text from pieces of bytes; a character may be cut between two of them."""

    def __init__(self, content_type: str) -> None:
        """Begin with nothing.

        Args:
            content_type: The body's Content-Type, which can name a character set.
        """
        self.decoder = getincrementaldecoder(media_types.charset(content_type))("replace")
        self.rest = ""

    def feed(self, chunk: bytes) -> list[str]:
        """Take a piece, and return the lines that it completes."""
        return self.split(self.decoder.decode(chunk))

    def end(self) -> list[str]:
        """Return the last line, unless it is empty."""
        lines = self.split(self.decoder.decode(b"", final=True))
        return [*lines, self.rest] if self.rest else lines

    def split(self, text: str) -> list[str]:
        """Return the lines that some text completes; they end in LF, or in CR and LF."""
        *lines, self.rest = (self.rest + text).split("\n")
        return [line.removesuffix("\r") for line in lines]


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Generator[BufferedWriter, None, None]:
    """Open a file to write; it stands in its place once all is written, and nothing is left behind if that fails.

    Args:
        path: The file; it is replaced if it is there.

    Raises:
        OSError: It cannot be written.
    """
    from secrets import token_hex

    target = Path(path)
    written = target.with_name(f".{target.name}.{token_hex(4)}.part")
    try:
        with written.open("xb") as file:
            yield file
        written.replace(target)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
