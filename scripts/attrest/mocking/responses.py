"""The answers that an operation is described to give, and what they hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

import attrs

from attrest import nodes, pointers
from attrest.contentforms import form_of
from attrest.ir import ABSENT, Absent
from attrest.mocking import values, xml
from attrest.mocking.schemata import Schemata
from attrest.trees import is_list, is_mapping

_PREFERENCE: Final = ("json", "text", "json-lines", "event-stream", "form", "multipart", "binary")
"""Of several media types that a caller takes alike, which form is answered."""
_BODILESS: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT, HTTPStatus.NOT_MODIFIED})
_RECORD_SEPARATOR: Final = b"\x1e"
_STREAM_LENGTH: Final = 3
"""How many items a made-up stream has."""


@attrs.frozen(eq=False)
class Response:
    """One response of an operation."""

    key: str
    """The status, ``4XX`` or ``default``."""
    pointer: str
    media: Mapping[str, str]
    """The pointers of its media types, the one to prefer first."""
    headers: Mapping[str, str]
    """The pointers of its headers."""


@attrs.frozen
class Content:
    """A body as it is sent."""

    body: bytes
    parts: tuple[bytes, ...] | None = None
    """The same in the parts that a stream is sent in."""


class NoValueError(Exception):
    """No value is found that fits a schema; the message says for what."""


class Responses:
    """The responses of one operation."""

    def __init__(self, schemata: Schemata, operation: str) -> None:
        """Read what an operation is described to answer.

        Args:
            schemata: The schemas, as answers see them.
            operation: The pointer of the operation.
        """
        self._schemata = schemata
        self.all = {response.key: response for response in _described(schemata.tree, operation)}
        self._contents: dict[tuple[str, str | None], Content] = {}
        self._headers: dict[str, tuple[tuple[str, str], ...]] = {}
        self.remarks: list[str] = []
        """Where the examples of the description are not what it describes."""

    def success(self) -> tuple[int, Response | None]:
        """Return the first success that is described, and its status; 204 where nothing is described at all.

        As for the client, a redirect is one where no other is described.
        """
        for first, any_of_range in (("2", HTTPStatus.OK), ("3", HTTPStatus.FOUND)):
            for key, response in self.all.items():
                if key.startswith(first):
                    return int(key) if key.isdigit() else any_of_range, response
        if "default" in self.all:
            return HTTPStatus.OK, self.all["default"]
        numbered = next((key for key in self.all if key.isdigit()), None)
        return (HTTPStatus.NO_CONTENT, None) if numbered is None else (int(numbered), self.all[numbered])

    def of(self, status: int) -> Response | None:
        """Return the response that describes a status: its own, that of its range, or the default."""
        found = self.all.get(str(status)) or self.all.get(f"{status // 100}XX") or self.all.get(f"{status // 100}xx")
        return found or self.all.get("default")

    def headers(self, response: Response) -> tuple[tuple[str, str], ...]:
        """Return the headers of a response, with values made as for a body; those that cannot be made are left out."""
        if response.pointer not in self._headers:
            made = ((name, self._header(pointer)) for name, pointer in response.headers.items())
            self._headers[response.pointer] = tuple((name, text) for name, text in made if text is not None)
        return self._headers[response.pointer]

    def _header(self, pointer: str) -> str | None:
        node = self._schemata.at(pointer)
        content = next(iter(nodes.mapping(node.get("content"))), None)
        schema = f"{pointer}/schema" if content is None else pointer + pointers.join(("content", content, "schema"))
        try:
            made = self._value(pointer, schema, None)
        except NoValueError as error:
            self.remarks.append(str(error))
            return None
        text = json.dumps(made) if content is not None else _simple(made, explode=node.get("explode") is True)
        return text if text.isascii() and text.isprintable() else None

    def names_of_examples(self, response: Response) -> frozenset[str]:
        """Return the names of all examples of a response."""
        found = (nodes.mapping(self._schemata.at(media).get("examples")) for media in response.media.values())
        return frozenset(name for examples in found for name in examples)

    def value(self, response: Response, content_type: str, example: str | None = None) -> Any:
        """Return what a response holds in a media type, before it is written.

        Raises:
            NoValueError: No value is found that fits.
        """
        media = response.media[content_type]
        node = self._schemata.at(media)
        if "schema" not in node and "itemSchema" in node:
            given = self._example(media, node, example)
            if isinstance(given, Absent):
                return [self._value(media, f"{media}/itemSchema", ABSENT)] * _STREAM_LENGTH
            return given
        return self._value(media, f"{media}/schema", example)

    def given(self, response: Response, content_type: str) -> Any | Absent:
        """Return the example that the description gives for a response; ABSENT where it gives none that fits."""
        media = response.media[content_type]
        found = self._example(media, self._schemata.at(media), None)
        return found if isinstance(found, Absent) or self._schemata.fits(f"{media}/schema", found) else ABSENT

    def content(self, response: Response, content_type: str, example: str | None = None) -> Content:
        """Return the body of a response in a media type.

        Raises:
            NoValueError: No value is found that fits.
        """
        key = (response.media[content_type], example)
        if key not in self._contents:
            value = self.value(response, content_type, example)
            self._contents[key] = self.written(value, content_type, f"{response.media[content_type]}/schema")
        return self._contents[key]

    def written(self, value: Any, content_type: str, schema: str) -> Content:
        """Return a value of the schema at a pointer as the bytes of a media type.

        Raises:
            NoValueError: It has names or characters that the media type cannot have.
        """
        match form_of(content_type):
            case "text" if "xml" in content_type and not isinstance(value, str):
                return Content(self._xml(value, schema))
            case "json":
                return Content(dumps(value))
            case "event-stream":
                return _streamed(value, _event)
            case "json-lines":
                return _streamed(value, _record if "json-seq" in content_type else _line)
            case _:
                return Content(value.encode() if isinstance(value, str) else dumps(value))

    def _xml(self, value: Any, schema: str) -> bytes:
        written = xml.written(self._schemata, schema, value)
        try:
            xml.check(written)
        except ValueError as error:
            raise NoValueError(f"{pointers.as_fragment(schema)}: its value is not {error}") from None
        return written

    def _value(self, owner: str, schema: str, example: str | Absent | None) -> Any:
        """Return an example of a media type or header, or else a value of its schema."""
        node = self._schemata.at(owner)
        if not isinstance(example, Absent):
            given = self._example(owner, node, example)
            if not isinstance(given, Absent) and self._counts(given, owner, schema, is_asked_for=example is not None):
                return given
        made = values.value(self._schemata, schema)
        if isinstance(made, Absent):
            raise NoValueError(f"{pointers.as_fragment(schema)}: no value is found that fits")
        return made

    def _counts(self, given: Any, owner: str, schema: str, *, is_asked_for: bool) -> bool:
        """Tell whether an example is answered: it fits or is asked for by name, or is text in a form of its own."""
        is_written = isinstance(given, str) and form_of(pointers.split(owner)[-1]) != "json" and "/content/" in owner
        is_stream = form_of(pointers.split(owner)[-1]) in {"json-lines", "event-stream"}
        members = given if is_stream and is_list(given) else [given]
        if is_asked_for or is_written or all(self._schemata.fits(schema, each) for each in members):
            return True
        self.remarks.append(f"{pointers.as_fragment(owner)}: the example does not fit its schema: another is made")
        return False

    def _example(self, owner: str, node: Mapping[str, Any], name: str | None) -> Any | Absent:
        """Return the example of a name, or the first."""
        examples = nodes.mapping(node.get("examples"))
        if name is None and "example" in node:
            return node["example"]
        for each in examples if name is None else {name} & examples.keys():
            pointer = owner + pointers.join(("examples", each))
            found = nodes.mapping(nodes.follow(self._schemata.tree, pointer)[1])
            for key in ("dataValue", "value", "serializedValue"):
                if key in found:
                    return found[key]
        return ABSENT


def dumps(value: Any) -> bytes:
    """Return JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def is_bodiless(status: int) -> bool:
    """Tell whether no answer of a status has a body (RFC 9110 §6.4.1)."""
    return status in _BODILESS or status < HTTPStatus.OK


def _described(tree: Mapping[str, Any], operation: str) -> Iterator[Response]:
    written = nodes.mapping(nodes.find(tree, f"{operation}/responses"))
    for key in written:
        if key.startswith("x-"):
            continue
        pointer, node = nodes.follow(tree, operation + pointers.join(("responses", key)))
        response = nodes.mapping(node)
        yield Response(
            key=str(key),
            pointer=pointer,
            media=_media(tree, pointer, response),
            headers={
                name: nodes.follow(tree, pointer + pointers.join(("headers", name)))[0]
                for name in nodes.mapping(response.get("headers"))
                if name.lower() != "content-type"
            },
        )


def _media(tree: Mapping[str, Any], pointer: str, response: Mapping[str, Any]) -> dict[str, str]:
    content = sorted(nodes.mapping(response.get("content")), key=lambda each: _PREFERENCE.index(form_of(each)))
    return {each: nodes.follow(tree, pointer + pointers.join(("content", each)))[0] for each in content}


def _simple(value: Any, *, explode: bool) -> str:
    """Write a header's value in style ``simple`` (OpenAPI 3.1 §4.8.12.5)."""
    if is_list(value):
        return ",".join(_simple(each, explode=explode) for each in value)
    if is_mapping(value):
        between = "=" if explode else ","
        return ",".join(f"{name}{between}{_simple(each, explode=explode)}" for name, each in value.items())
    return value if isinstance(value, str) else json.dumps(value)


def _streamed(value: Any, write: Callable[[Any], bytes]) -> Content:
    """Return a stream: text as it is, a list item by item, and anything else as its only item."""
    if isinstance(value, str):
        return Content(value.encode(), (value.encode(),))
    parts = tuple(map(write, value if is_list(value) else [value]))
    return Content(b"".join(parts), parts)


def _line(value: Any) -> bytes:
    return dumps(value) + b"\n"


def _record(value: Any) -> bytes:
    """Write a member of a JSON text sequence (RFC 7464 §2)."""
    return _RECORD_SEPARATOR + dumps(value) + b"\n"


def _event(value: Any) -> bytes:
    """Write an event (HTML §9.2.6): its fields where they are described, else the value as its data."""
    fields = nodes.mapping(value)
    if not fields or not fields.keys() <= {"event", "data", "id", "retry"}:
        fields = {"data": value}
    lines: list[str] = []
    for name in ("event", "id", "retry", "data"):
        if name in fields:
            text = fields[name] if isinstance(fields[name], str) else dumps(fields[name]).decode()
            lines.extend(f"{name}: {line}" for line in text.split("\n"))
    return ("\n".join(lines) + "\n\n").encode()
