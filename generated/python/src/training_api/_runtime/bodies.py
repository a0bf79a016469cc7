"""Request bodies: a content type, and bytes or a stream of them."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping
from typing import IO, Any, TypeAlias, TypeGuard, cast

import attrs

from . import codec
from .errors import InvalidArgumentError
from .parameters import form as form_parameter
from .parameters import json as json_parameter
from .parameters import text as parameter_text
from .parameters import utf8
from .unset import UNSET

FileContent: TypeAlias = bytes | IO[bytes] | Iterable[bytes] | AsyncIterable[bytes]
"""Raw bytes: all of them, a file opened in binary mode, or pieces in order; asynchronous ones for the async client."""

PIECE_SIZE = 65536
"""Bytes read from a file at a time."""


@attrs.frozen
class File:
    """A file to upload, with what to call it."""

    content: FileContent = attrs.field(repr=False)
    filename: str | None = None
    content_type: str | None = None
    """Its media type; None where the description's, or ``application/octet-stream``, will do."""


FileLike: TypeAlias = File | FileContent
"""What a parameter that takes a file accepts."""


class Stream:
    """Bytes that are read while they are sent; it can be iterated over with and without asyncio."""

    __slots__ = ("parts", "starts")

    def __init__(self, parts: Iterable[FileContent]) -> None:
        """Keep the parts, and where each file stands now.

        Args:
            parts: What to send, in order.
        """
        self.parts = tuple(parts)
        self.starts = tuple(start_of(part) for part in self.parts)

    @property
    def repeatable(self) -> bool:
        """Whether it can be sent a second time."""
        return all(
            start is not None or isinstance(part, (bytes, list, tuple))
            for part, start in zip(self.parts, self.starts, strict=True)
        )

    @property
    def length(self) -> int | None:
        """How many bytes it has; None where only reading it tells."""
        lengths = [length_of(part, start) for part, start in zip(self.parts, self.starts, strict=True)]
        known = [length for length in lengths if length is not None]
        return sum(known) if len(known) == len(lengths) else None

    def __iter__(self) -> Iterator[bytes]:
        """Read all parts from their beginning.

        Raises:
            InvalidArgumentError: A part can be read with asyncio only.
        """
        for part, start in zip(self.parts, self.starts, strict=True):
            if isinstance(part, bytes):
                yield part
            elif is_file(part):
                rewind(part, start)
                while piece := part.read(PIECE_SIZE):
                    yield piece
            elif isinstance(part, Iterable):
                yield from part
            else:
                raise InvalidArgumentError("an asynchronous iterable can be sent by the async client only")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Read all parts from their beginning; files are read in a thread."""
        import asyncio

        for part, start in zip(self.parts, self.starts, strict=True):
            if isinstance(part, bytes):
                yield part
            elif is_file(part):
                rewind(part, start)
                while piece := await asyncio.to_thread(part.read, PIECE_SIZE):
                    yield piece
            elif isinstance(part, AsyncIterable):
                async for piece in part:
                    yield piece
            else:
                for piece in part:
                    yield piece


Content: TypeAlias = bytes | Stream
"""A body as a transport takes it."""


@attrs.frozen
class Body:
    """The body of a request."""

    content_type: str
    content: Content = attrs.field(repr=False)


def json(value: Any, content_type: str = "application/json") -> Body:
    """Make a JSON body.

    Args:
        value: What a model's ``to_dict`` or ``codec.encode`` gives.
        content_type: The media type that the description names.

    Raises:
        InvalidArgumentError: It holds something that JSON cannot say.
    """
    try:
        return Body(content_type, codec.dumps(value))
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(f"the body has no JSON form: {error}") from None


def form(fields: Mapping[str, Any], content_type: str = "application/x-www-form-urlencoded") -> Body:
    """Make a URL-encoded form (OpenAPI 3.1 §4.8.14.5): an array repeats its name, an object is sent as JSON.

    Args:
        fields: Wire names and values; None and UNSET are left out.
        content_type: The media type that the description names.
    """
    written = [
        json_parameter(name, value) if isinstance(value, Mapping) else form_parameter(name, value)
        for name, value in fields.items()
    ]
    return Body(content_type, "&".join(filter(None, written)).encode("ascii"))


def text(value: str, content_type: str = "text/plain; charset=utf-8") -> Body:
    """Make a text body, in UTF-8."""
    return Body(content_type, utf8(value))


def binary(content: FileLike, content_type: str = "application/octet-stream") -> Body:
    """Make a body of raw bytes.

    Args:
        content: The bytes, a file opened in binary mode, pieces in order, or a ``File`` that wraps one of these.
        content_type: The media type that the description names; a ``File``'s own goes first.
    """
    file = content if isinstance(content, File) else File(content)
    raw = file.content
    return Body(file.content_type or content_type, raw if isinstance(raw, bytes) else Stream([raw]))


def multipart(
    fields: Mapping[str, Any],
    content_types: Mapping[str, str] | None = None,
    content_type: str = "multipart/form-data",
    boundary: str | None = None,
) -> Body:
    """Make a multipart form (RFC 7578, OpenAPI 3.1 §4.8.14.6).

    A list or tuple gives one part per item; files are sent as they are read, objects as JSON, scalars as text.

    Args:
        fields: Wire names and values; None and UNSET are left out.
        content_types: Media types that the description sets for parts, by wire name.
        content_type: The media type that the description names.
        boundary: What separates the parts; random where it is not given.
    """
    import os

    separator = boundary or os.urandom(16).hex()
    pieces: list[FileContent] = []
    for name, value in fields.items():
        for item in cast("list[Any]", value) if isinstance(value, (list, tuple)) else [value]:
            if item is None or item is UNSET:
                continue
            head, content = part(name, item, (content_types or {}).get(name))
            pieces += [utf8(f"--{separator}\r\n{head}\r\n\r\n"), content, b"\r\n"]
    pieces.append(f"--{separator}--\r\n".encode())
    whole = [piece for piece in pieces if isinstance(piece, bytes)]
    content = b"".join(whole) if len(whole) == len(pieces) else Stream(pieces)
    return Body(f"{content_type}; boundary={separator}", content)


def part(name: str, value: Any, content_type: str | None) -> tuple[str, FileContent]:
    """Return the headers and the content of one part of a multipart body.

    Args:
        name: The field's wire name.
        value: One item; not None.
        content_type: Its media type where the description sets one.
    """
    disposition = f'Content-Disposition: form-data; name="{parameter_value(name)}"'
    if isinstance(value, File) or is_file_content(value):
        file = value if isinstance(value, File) else File(value, filename_of(value))
        kind = file.content_type or content_type or "application/octet-stream"
        return (
            f'{disposition}; filename="{parameter_value(file.filename or name)}"\r\nContent-Type: {kind}',
            file.content,
        )
    encoded = codec.encode(value)
    if isinstance(encoded, (dict, list)) or (content_type or "").endswith("json"):
        return f"{disposition}\r\nContent-Type: {content_type or 'application/json'}", codec.dumps(encoded)
    return f"{disposition}\r\nContent-Type: {content_type or 'text/plain; charset=utf-8'}", utf8(
        parameter_text(encoded)
    )


def parameter_value(value: str) -> str:
    """Escape a name for a quoted string of Content-Disposition, as browsers do."""
    return value.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def is_file_content(value: Any) -> bool:
    """Say whether a value is raw bytes in one of their forms, and not a scalar, an array or an object."""
    if isinstance(value, (str, Mapping)) or hasattr(value, "to_dict"):
        return False
    return isinstance(value, (bytes, Iterable, AsyncIterable)) or is_file(value)


def is_file(value: Any) -> TypeGuard[IO[bytes]]:
    """Say whether a value is an open file."""
    return hasattr(value, "read")


def filename_of(value: Any) -> str | None:
    """Return the name of an open file, without its folder; None for what has none."""
    name: Any = getattr(value, "name", None)
    return name.replace("\\", "/").rpartition("/")[2] if isinstance(name, str) else None


def start_of(content: FileContent) -> int | None:
    """Return where an open file stands; None for what cannot be read again from there."""
    seekable: Any = getattr(content, "seekable", None)
    return cast("IO[bytes]", content).tell() if callable(seekable) and seekable() else None


def rewind(file: IO[bytes], start: int | None) -> None:
    """Put a file back to where it stood."""
    if start is not None:
        file.seek(start)


def length_of(content: FileContent, start: int | None) -> int | None:
    """Return how many bytes are left; None where only reading tells."""
    if isinstance(content, bytes):
        return len(content)
    if isinstance(content, (list, tuple)):
        return sum(map(len, cast("list[bytes]", content)))
    if start is None:
        return None
    file = cast("IO[bytes]", content)
    end = file.seek(0, 2)
    file.seek(start)
    return end - start
