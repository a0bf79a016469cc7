"""Request bodies: a content type, and bytes or a stream of them."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, TypeAlias, TypeGuard, cast
from urllib.parse import unquote

import attrs

from . import codec, media_types
from .decoding import is_object
from .errors import InvalidArgumentError
from .parameters import checked_header, fields_of, fields_text, is_text, utf8
from .parameters import json as json_parameter
from .parameters import text as parameter_text
from .part_headers import PartHeader, lines
from .parts import Part, is_part, mapped
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
    headers: Mapping[str, Any] = attrs.field(factory=dict[str, Any], repr=False)
    """What it carries beside, as a part of a multipart body; in a body of its own they do not travel."""


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
    return Body(content_type, json_text(value, "the body"))


def json_text(value: Any, what: str) -> bytes:
    """Return the JSON of a body, or of a part of one.

    Args:
        value: As of ``json``.
        what: What an error calls it.

    Raises:
        InvalidArgumentError: It holds something that JSON cannot say.
    """
    try:
        return codec.dumps(value)
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(f"{what} has no JSON form: {error}") from None


@attrs.frozen(kw_only=True)
class Encoding:
    """How a field of a form, or a part of a multipart body, travels (OpenAPI 3.2 §4.15)."""

    content_type: str | None = None
    """Its media type; several, or a range of them, separated by commas."""
    style: Callable[..., str] | None = None
    """Writes it as a parameter of a query; None for by its media type."""
    explode: bool = True
    allow_reserved: bool = False
    headers: tuple[PartHeader, ...] = ()
    """What a part of a multipart body is described to carry beside its media type."""

    def pairs(self, name: str, value: Any) -> list[tuple[str, str]]:
        """Return the names and texts that a style makes of a field, nothing encoded."""
        return [
            (unquote(key), unquote(text)) for key, _, text in (pair.partition("=") for pair in self.split(name, value))
        ]

    def split(self, name: str, value: Any) -> list[str]:
        """Return the parameters that a style makes of a field, percent-encoded."""
        written = (
            self.style(name, value, explode=self.explode, allow_reserved=self.allow_reserved) if self.style else ""
        )
        return [pair for pair in written.split("&") if pair]


def form(
    fields: Mapping[str, Any],
    encodings: Mapping[str, Encoding] | None = None,
    content_type: str = "application/x-www-form-urlencoded",
) -> Body:
    """Make a URL-encoded form (OpenAPI 3.2 §4.15.3): an array repeats its name, an object is sent as JSON.

    Args:
        fields: Wire names and values; None and UNSET are left out.
        encodings: What the description says of single fields, by wire name.
        content_type: The media type that the description names.

    Raises:
        InvalidArgumentError: It has no fields.
    """
    encoded = encodings or {}
    written = [part for name, value in fields_of(fields).items() for part in form_field(name, value, encoded.get(name))]
    return Body(content_type, "&".join(written).encode("ascii"))


def form_field(name: str, value: Any, encoding: Encoding | None) -> list[str]:
    """Return what travels of a field of a form, percent-encoded.

    Args:
        name: Its wire name.
        value: Its value.
        encoding: What the description says of it.
    """
    if encoding and encoding.style:
        return encoding.split(name, value)
    if encoding and encoding.content_type and is_json(encoding.content_type):
        written = [json_parameter(name, item) for item in several(value)]
        return [field for field in written if field]
    return [field for field in (fields_text({name: value}),) if field]


def json_lines(values: Iterable[Any], content_type: str = "application/jsonl") -> Body:
    """Make a body of JSON values in sequence: one per line, or each behind the mark that RFC 7464 sets.

    Args:
        values: What ``codec.encode`` gives, in order.
        content_type: The media type that the description names.

    Raises:
        InvalidArgumentError: One holds something that JSON cannot say.
    """
    mark = b"\x1e" if media_types.parsed(content_type).subtype.endswith("json-seq") else b""
    lines = [json_text(value, "the body") for value in values]
    return Body(content_type, b"".join(mark + line + b"\n" for line in lines))


@attrs.frozen
class Choice:
    """One of the media types that a body can be sent as."""

    classes: tuple[type, ...]
    """What it takes: instances of these; ``File`` stands for raw bytes in all their forms."""
    make: Callable[[Any], Body]

    def takes(self, value: Any) -> bool:
        """Say whether a value can be sent so."""
        if File in self.classes and is_raw(value):
            return True
        if isinstance(value, (str, bytes)):
            return any(each is not Sequence and isinstance(value, each) for each in self.classes)
        return isinstance(value, self.classes)


def chosen(value: Any, content_type: str | None, choices: Mapping[str, Choice]) -> Body:
    """Make a body of the media type that the caller chose.

    Args:
        value: What to send.
        content_type: The media type; parameters of it, and case, make no difference to how it is written. Raw bytes
            travel with its parameters, such as a boundary.
        choices: By media type, or range of them.

    Raises:
        InvalidArgumentError: It is no media type that the operation takes, or the value does not fit it.
    """
    choice = match(content_type, choices)
    if content_type and "*" in content_type and content_type in choices:
        raise InvalidArgumentError(f"content_type={content_type!r} is a range: name a media type within it")
    if content_type is None or choice is None:
        raise InvalidArgumentError(f"the body can be sent as {' or '.join(choices)}, and not as {content_type!r}")
    if not choice.takes(value):
        fitting = [name for name, other in choices.items() if other.takes(value)]
        hint = f"; content_type={' or '.join(map(_told, fitting))} takes it" if fitting else ""
        raise InvalidArgumentError(f"the body, a {type(value).__name__}, cannot be sent as {content_type}{hint}")
    if File in choice.classes and ";" in content_type and not isinstance(value, File):
        return choice.make(File(value, content_type=content_type))
    return choice.make(value)


def _told(media_type: str) -> str:
    """Write a media type for people; of a range, one is to be named."""
    return f"one of {media_type}" if "*" in media_type else repr(media_type)


def match(content_type: str | None, choices: Mapping[str, Choice]) -> Choice | None:
    """Return the choice for a media type: its own, else the one without its parameters, else that of its range."""
    if not content_type or "*" in content_type:
        return None
    wanted = media_types.parsed(content_type)
    by_name = {name.lower(): choice for name, choice in choices.items()}
    for candidate in (content_type.lower(), wanted.essence, f"{wanted.type}/*", "*/*"):
        if candidate in by_name:
            return by_name[candidate]
    return None


def anything(value: Any, content_type: str) -> Body:
    """Make a body of a media type that the description leaves open: raw bytes, text, a form or JSON.

    Args:
        value: What to send.
        content_type: Its media type; a ``File``'s own goes first.
    """
    media_type = media_types.parsed(content_type)
    if is_raw(value):
        return binary(value, content_type)
    if isinstance(value, str) and not is_json(content_type):
        return text(value, content_type)
    if media_type.essence == "application/x-www-form-urlencoded":
        return form(codec.encode_sent(value), content_type=content_type)
    if media_type.type == "multipart":
        return multipart(value if is_object(value) else codec.encode_sent(value), content_type=content_type)
    return json(codec.encode_sent(value), content_type)


def is_json(content_type: str) -> bool:
    """Say whether a media type is JSON (RFC 8259 §11, RFC 6839 §3.1)."""
    media_type = media_types.parsed(content_type)
    return media_type.essence in {"application/json", "text/json"} or media_type.subtype.endswith("+json")


def text(value: str, content_type: str = "text/plain; charset=utf-8") -> Body:
    """Make a text body.

    Args:
        value: The text.
        content_type: The media type that the description names; its character set, else UTF-8, writes the text.

    Raises:
        InvalidArgumentError: The character set does not have all of the text.
    """
    charset = media_types.charset(content_type)
    if charset == "utf-8" or not is_text(value):
        return Body(content_type, utf8(value))
    try:
        return Body(content_type, value.encode(charset))
    except UnicodeError as error:
        raise InvalidArgumentError(f"the body cannot be sent as {content_type}: {error}") from None


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
    encodings: Mapping[str, Encoding] | None = None,
    content_type: str = "multipart/form-data",
    boundary: str | None = None,
) -> Body:
    """Make a multipart form (RFC 7578, OpenAPI 3.2 §4.15.4).

    A list or tuple gives one part per item; files are sent as they are read, objects as JSON, scalars as text.

    Args:
        fields: Wire names and values; None and UNSET are left out.
        encodings: What the description says of single parts, by wire name.
        content_type: The media type that the description names.
        boundary: What separates the parts; random where it is not given.
    """
    import os

    separator = boundary or os.urandom(16).hex()
    pieces: list[FileContent] = []
    for name, value in fields.items():
        for head, content in parts(name, value, (encodings or {}).get(name) or Encoding()):
            pieces += [utf8(f"--{separator}\r\n{head}\r\n\r\n"), content, b"\r\n"]
    pieces.append(f"--{separator}--\r\n".encode())
    whole = [piece for piece in pieces if isinstance(piece, bytes)]
    content = b"".join(whole) if len(whole) == len(pieces) else Stream(pieces)
    return Body(f"{content_type}; boundary={separator}", content)


def parts(name: str, value: Any, encoding: Encoding) -> Iterator[tuple[str, FileContent]]:
    """Return the headers and the content of each part that a field makes.

    Args:
        name: The field's wire name.
        value: One value, or several in a list or tuple; each can be a ``Part``.
        encoding: What the description says of it.
    """
    if encoding.style:
        whole = as_part(value)
        plainly = attrs.evolve(encoding, content_type=None)
        for key, written in encoding.pairs(name, whole.value):
            yield part(key, Part(written, whole.headers, whole.content_type), plainly)
        return
    for item in several(value):
        if item is not None and item is not UNSET:
            yield part(name, as_part(item), encoding)


def as_part(value: Any) -> Part[Any]:
    """Return a value in a part, where it is in none."""
    return value if is_part(value) else Part(value)


def several(value: Any) -> list[Any]:
    """Return the values of a field that travels once per value."""
    return list(cast("list[Any]", value)) if isinstance(value, (list, tuple)) else [value]


def part(name: str, held: Part[Any], encoding: Encoding) -> tuple[str, FileContent]:
    """Return the headers and the content of one part of a multipart body.

    Args:
        name: The field's wire name.
        held: One item, not None; what it says of itself goes before what a file in it says, and the description.
        encoding: What the description says of it.

    Raises:
        InvalidArgumentError: It cannot be sent, or its headers are not as described.
    """
    value, content_type = held.value, held.content_type or encoding.content_type
    disposition = f'Content-Disposition: form-data; name="{parameter_value(name)}"'
    if is_raw(value):
        file = value if isinstance(value, File) else File(value, filename_of(value))
        own = held.content_type or file.content_type
        kind = own or fitting_type(content_type, file.filename) or "application/octet-stream"
        more = lines(name, {**file.headers, **held.headers}, encoding.headers)
        filename = parameter_value(file.filename or name)
        return f'{disposition}; filename="{filename}"\r\n{type_line(kind)}{more}', file.content
    written = plain(value)
    more = lines(name, held.headers, encoding.headers)
    set_type = fitting_type(content_type, None)
    if isinstance(written, (dict, list)) or is_json(set_type or ""):
        kind = next(filter(is_json, map(str.strip, (content_type or "").split(","))), "application/json")
        return f"{disposition}\r\n{type_line(kind)}{more}", json_text(written, f"part {name}")
    kind = set_type or "text/plain; charset=utf-8"
    return f"{disposition}\r\n{type_line(kind)}{more}", utf8(parameter_text(written))


def type_line(content_type: str) -> str:
    """Return the header that names the media type of a part.

    Raises:
        InvalidArgumentError: It is no header's value.
    """
    return f"Content-Type: {checked_header('Content-Type', content_type)}"


def plain(value: Any, encode: Callable[[Any], Any] = codec.encode) -> Any:
    """Return the value of a part that is no file as scalars, lists and dicts.

    Args:
        value: The value; bytes inside it become base64.
        encode: What does so.

    Raises:
        InvalidArgumentError: It is something else, or holds it: a file inside an object, say.
    """
    try:
        return encode(value)
    except TypeError as error:
        raise InvalidArgumentError(f"a part cannot be sent: {error}") from None


def fitting_type(described: str | None, filename: str | None) -> str | None:
    """Return the media type for a part: what its filename tells, if described, else the first described; else None.

    Args:
        described: Media types or ranges, separated by commas (OpenAPI 3.2 §4.15.1.1).
        filename: What a file is called.
    """
    allowed = [each.strip() for each in (described or "").split(",") if each.strip()]
    if len(allowed) == 1 and "*" not in allowed[0]:
        return allowed[0]
    import mimetypes

    guessed = mimetypes.guess_type(filename)[0] if filename and allowed else None
    if guessed and {guessed, f"{guessed.partition('/')[0]}/*", "*/*"}.intersection(allowed):
        return guessed
    return next((each for each in allowed if "*" not in each), None)


def parameter_value(value: str) -> str:
    """Escape a name for a quoted string of Content-Disposition, as browsers do."""
    return value.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def encoded(value: Any, *, encode: Callable[[Any], Any] = codec.encode) -> Any:
    """Encode a value whose bytes travel in parts of their own: raw bytes in it stay what they are.

    Args:
        value: What a field of a body holds, or all of its fields.
        encode: Encodes what is no bytes.

    Raises:
        InvalidArgumentError: It holds something that cannot be sent.
    """
    if isinstance(value, (list, tuple)):
        return [encoded(item, encode=encode) for item in cast("list[Any]", value)]
    if is_object(value):
        return {name: encoded(item, encode=encode) for name, item in value.items()}
    if is_part(value):
        return mapped(value, lambda inside: encoded(inside, encode=encode))
    if isinstance(value, (bytearray, memoryview)):
        return bytes(cast("bytearray", value))
    return value if is_raw(value) else plain(value, encode)


def is_raw(value: Any) -> bool:
    """Say whether a value is raw bytes in one of their forms, ``File`` among them; a list may hold nothing else."""
    if isinstance(value, (list, tuple)):
        return all(isinstance(item, bytes) for item in cast("list[Any]", value))
    return isinstance(value, File) or is_file_content(value)


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
