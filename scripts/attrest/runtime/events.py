"""What the service sends of its own accord, webhooks and callbacks, read into values, without input or output."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, repeat
from typing import Any, ClassVar, Literal, NoReturn, TypeAlias, TypeVar
from urllib.parse import unquote, unquote_plus

import attrs

from . import codec
from .decoding import step, within
from .errors import EXCERPT_LENGTH, DecodeError, InvalidArgumentError
from .header_lists import elements
from .http import Headers
from .operation import Reader, decoded_text

T = TypeVar("T")

Verify: TypeAlias = Callable[[bytes, Mapping[str, str]], object]
"""Takes the body and the headers as they came, and raises an error of its own where their signature is wrong.

How a service signs what it sends is nothing that a description can say; so this is the place to check it.
"""


DELIMITERS = {",": re.compile(","), " ": re.compile(r"%20|[+ ]"), "|": re.compile(r"%7[Cc]|\|")}
"""How what stands between items is found before they are decoded: of a comma, only one that is not encoded is it."""


@attrs.frozen(kw_only=True)
class Definition:
    """One webhook or callback of the description."""

    id: str
    """What the description calls it."""
    method: str
    """The HTTP method, upper case."""
    url: str = ""
    """Where a callback is sent, with runtime expressions in braces; empty for a webhook."""


class Event:
    """One request of the service, as a value."""

    __slots__ = ()

    event: ClassVar[Definition]
    """What all events of this class share."""


@attrs.frozen
class Parameter:
    """A value that travels as text: where it is found, and how it becomes JSON."""

    location: Literal["header", "query", "cookie", "form"]
    name: str
    read: Callable[[str], Any]
    """Turns the text of one value into JSON."""
    delimiter: str | None = None
    """What stands between the items of a list; empty where each travels alone, None for what is no list."""
    is_encoded: bool = True
    """Whether it is percent-encoded: a cookie of style ``cookie`` is not (OpenAPI 3.2 §4.12.3), nor is a header."""
    first: tuple[Callable[[str], Any], ...] = ()
    """What reads the first items of a list, where they differ from the others."""

    def value(self, texts: Mapping[str, list[str]]) -> Any:
        """Return what was sent, as JSON.

        Args:
            texts: All that was sent in the same place, by name, as it came.

        Raises:
            KeyError: Nothing was.
        """
        found = texts[self.name]
        if self.delimiter is None:
            return self.read(self.decoded(found[0]))
        items = self.items(found[0]) if self.delimiter else found
        readers = chain(self.first, repeat(self.read))
        return [read(self.decoded(item)) for item, read in zip(items, readers, strict=False)]

    def items(self, value: str) -> list[str]:
        """Return the items that stand in one value, as they came."""
        if self.location == "header":
            return [item for item in elements(value) if item]
        return DELIMITERS[self.delimiter or ","].split(value)

    def decoded(self, value: str) -> str:
        """Return what a text means that came in this place."""
        match self.location:
            case "header":
                return value
            case "cookie":
                return unquote(value) if self.is_encoded else value
            case "query" | "form":
                return unquote_plus(value)


def text(value: str) -> str:
    """Read text as a JSON string."""
    return value


def form(decode: Callable[[Any], T], fields: Iterable[Parameter], others: Parameter | None = None) -> Reader[T]:
    """Read a body of media type ``application/x-www-form-urlencoded``.

    Args:
        decode: Turns the fields, as a JSON object, into the result; raises DecodeError.
        fields: How those that the description lists become JSON.
        others: How all others do, whatever their names; None where they are text.
    """
    listed = {field.name: field for field in fields}

    def value(name: str, texts: Mapping[str, list[str]]) -> Any:
        if name in listed:
            return listed[name].value(texts)
        return unlisted(texts[name]) if others is None else attrs.evolve(others, name=name).value(texts)

    def read(content: bytes, content_type: str) -> T:
        texts = grouped(form_pairs(decoded_text(content, content_type)))
        return decode({name: value(name, texts) for name in texts})

    return Reader("application/x-www-form-urlencoded", read)


def unlisted(values: list[str]) -> str | list[str]:
    """Return what was sent under a name that the description does not list: text, or texts where it was sent again."""
    texts = [unquote_plus(value) for value in values]
    return texts[0] if len(texts) == 1 else texts


def form_pairs(written: str) -> Iterator[tuple[str, str]]:
    """Return the names in a query or a form, and the values as they came."""
    for part in filter(None, written.split("&")):
        name, _, value = part.partition("=")
        yield unquote_plus(name), value


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the values of each name, in the order sent."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


@attrs.frozen(kw_only=True, repr=False)
class Received:
    """A request of the service, to be read."""

    event: Definition
    body: bytes
    headers: Headers
    query: str
    """As it stands in the URL, without its question mark."""

    def payload(self, reader: Reader[T]) -> T:
        """Return the body as the description declares it.

        Args:
            reader: Reads it.

        Raises:
            DecodeError: It is something else.
        """
        try:
            return reader.read(self.body, self.headers.get("content-type", ""))
        except DecodeError as error:
            self.refuse(error, "payload")

    def optional_payload(self, reader: Reader[T]) -> T | None:
        """As ``payload``; None where there is no body."""
        return self.payload(reader) if self.body else None

    def value(self, parameter: Parameter, decode: Callable[[Any], T]) -> T:
        """Return a header, a cookie or a parameter of the query.

        Args:
            parameter: Where it is, and how it becomes JSON.
            decode: Turns the JSON into the result.

        Raises:
            DecodeError: It is missing, or something else.
        """
        texts = self.texts(parameter)
        if parameter.name not in texts:
            self.refuse(DecodeError("required, but missing", None, step(parameter.name)), parameter.location)
        try:
            return decode(parameter.value(texts))
        except DecodeError as error:
            within(error, parameter.name)
            self.refuse(error, parameter.location)

    def optional(self, parameter: Parameter, decode: Callable[[Any], T]) -> T | None:
        """As ``value``; None where nothing was sent."""
        return self.value(parameter, decode) if parameter.name in self.texts(parameter) else None

    def texts(self, parameter: Parameter) -> Mapping[str, list[str]]:
        """Return all that was sent in a parameter's place, by name, as it came."""
        match parameter.location:
            case "header":
                return {parameter.name: [self.headers[parameter.name]]} if parameter.name in self.headers else {}
            case "cookie":
                return grouped(cookies(self.headers.get("cookie", "")))
            case _:
                return grouped(form_pairs(self.query))

    def refuse(self, error: DecodeError, part: str) -> NoReturn:
        """Raise an error about a part of the request, with what is known of the request.

        Args:
            error: What is wrong in the part.
            part: What the part is called in the error's path.
        """
        within(error, part)
        error.during(method=self.event.method, url_template=self.event.url or self.event.id, attempts=())
        error.excerpt = decoded_text(self.body[: 4 * EXCERPT_LENGTH], self.headers.get("content-type", ""))[
            :EXCERPT_LENGTH
        ]
        raise error


def cookies(header: str) -> Iterable[tuple[str, str]]:
    """Return names of a Cookie header, and values as they came (RFC 6265 §4.2.1)."""
    for part in header.split(";"):
        name, separator, value = part.strip().partition("=")
        if separator:
            yield name, value


def receive(
    event: Definition, body: bytes, headers: Mapping[str, str] | None, query: str, verify: Verify | None
) -> Received:
    """Take a request of the service, and have its signature checked before anything is read.

    Args:
        event: What it should be.
        body: Its body, as it came.
        headers: Its headers; names in any case.
        query: The query of its URL, without the question mark.
        verify: Checks the signature; None where nothing does.

    Raises:
        InvalidArgumentError: An argument is of another type.
    """
    if not is_bytes(body):
        raise InvalidArgumentError(f"body: expected bytes, got a {type(body).__name__}")
    if verify is not None:
        verify(body, headers or {})
    return Received(event=event, body=body, headers=Headers((headers or {}).items()), query=query.removeprefix("?"))


def is_bytes(value: object) -> bool:
    """Say whether a value is bytes, whatever its type promises."""
    return isinstance(value, bytes)


def no_such_event(name: str, known: Iterable[str]) -> NoReturn:
    """Refuse the name of an event that the description does not have.

    Raises:
        DecodeError: Always.
    """
    codec.refuse(f"one of {', '.join(known)}", name)


def unmarked(parser: Any) -> Callable[..., Any]:
    """Return what reads an event without the warning of one that is deprecated: the service chooses what it sends."""
    found: Callable[..., Any] = getattr(parser, "__wrapped__", parser)
    return found
