"""Reads the bodies of requests, and says what is wrong with them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn
from urllib.parse import unquote_plus

import attrs

from attrest import nodes, pointers
from attrest.contentforms import form_of
from attrest.mocking import coercion, expectations, negotiation, xml
from attrest.mocking.exchange import Request, Violation, pairs
from attrest.mocking.schemata import Schemata
from attrest.runtime import media_types

_NAME = re.compile(r'\bname="((?:[^"\\]|\\.)*)"')


class UnsupportedMediaTypeError(Exception):
    """A body has a media type that is not described."""


@attrs.frozen(kw_only=True)
class Body:
    """The body that an operation takes."""

    pointer: str
    required: bool
    media: Mapping[str, str]
    """The pointers of its media types."""


def described(tree: Mapping[str, Any], operation: str) -> Body | None:
    """Return the body that an operation takes; None where it takes none."""
    pointer, node = nodes.follow(tree, f"{operation}/requestBody")
    body = nodes.mapping(node)
    content = nodes.mapping(body.get("content"))
    if not content:
        return None
    return Body(
        pointer=pointer,
        required=body.get("required") is True,
        media={each: nodes.follow(tree, pointer + pointers.join(("content", each)))[0] for each in content},
    )


def read(body: Body, schemata: Schemata, request: Request) -> tuple[Any, list[Violation]]:
    """Return the value of a request's body, and whatever is wrong with it.

    Raises:
        UnsupportedMediaTypeError: It has a media type that the operation does not take.
    """
    sent_type = request.headers.get("content-type", "")
    if not request.body and (not sent_type or not body.required):
        return None, [_violation(body, "a body", None, "required")] if body.required else []
    content_type = negotiation.matching(body.media, sent_type or "application/octet-stream")
    if content_type is None:
        raise UnsupportedMediaTypeError(sent_type)
    media = body.media[content_type]
    actual = sent_type if "*" in content_type else content_type
    try:
        value = _value(schemata, media, actual, sent_type, request.body)
    except ValueError as error:
        return None, [Violation(place="body", expected=str(error), got=_text(request.body), described=media)]
    if form_of(actual) == "binary" or "schema" not in schemata.at(media) or _is_opaque(actual):
        return value, []
    return value, [
        Violation(
            place="body",
            pointer=pointers.join(problem.tokens),
            expected=expectations.expected(problem, schemata),
            got=problem.got,
            described=problem.pointer or f"{media}/schema",
        )
        for problem in schemata.problems(f"{media}/schema", value)
    ]


def _is_opaque(content_type: str) -> bool:
    """Tell whether text of a media type has a structure of its own, which nobody reads here."""
    return form_of(content_type) in {"event-stream", "json-lines"} or _is_xml(content_type) or "yaml" in content_type


def _is_xml(content_type: str) -> bool:
    return media_types.parsed(content_type).subtype.rpartition("+")[2] == "xml"


def _value(schemata: Schemata, media: str, content_type: str, sent_type: str, content: bytes) -> Any:
    """Return what bytes say.

    Raises:
        ValueError: They are not written as the media type asks; the message says what was expected.
    """
    schema = schemata.at(f"{media}/schema")
    match form_of(content_type):
        case "json":
            return _json(content)
        case "form":
            found = [(name, unquote_plus(raw)) for name, raw in pairs(content.decode("utf-8", "replace"))]
            return coercion.mapping(schemata, schema, _joined(schemata, media, found))
        case "multipart":
            return _multipart(schemata, schema, sent_type, content)
        case "binary":
            return content
        case _:
            text = content.decode(media_types.charset(sent_type), "replace")
            if _is_xml(content_type):
                xml.check(text if "charset" in media_types.parsed(sent_type).parameters else content)
            return text


def _json(content: bytes) -> Any:
    try:
        return json.loads(content, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"JSON: {error}") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _joined(schemata: Schemata, media: str, found: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Return the fields of a form, with those apart that its encoding joins by commas."""
    encoding = nodes.mapping(schemata.at(media).get("encoding"))
    for name, text in found:
        is_joined = nodes.mapping(encoding.get(name)).get("explode") is False
        for part in text.split(",") if is_joined else [text]:
            yield name, part


def _multipart(schemata: Schemata, schema: Mapping[str, Any], content_type: str, content: bytes) -> dict[str, Any]:
    """Read a form in parts (RFC 7578); a part that is a file is text with a character for each byte."""
    boundary = media_types.parsed(content_type.partition(";")[0]).essence and media_types.PARAMETER.findall(
        content_type
    )
    named = {name.lower(): value.strip('"') for name, value in boundary or ()}
    if "boundary" not in named:
        raise ValueError("a boundary in the Content-Type")
    found: dict[str, list[Any]] = {}
    for part in content.split(f"--{named['boundary']}".encode())[1:-1]:
        head, _, value = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = _NAME.search(head.decode("utf-8", "replace"))
        if name is None:
            raise ValueError("a name in the Content-Disposition of each part")
        property_ = schemata.property(schema, name[1])
        single = schemata.items(property_) if "array" in schemata.types(property_) and property_ else property_
        found.setdefault(name[1], []).append(_part(schemata, single, head.lower(), value.removesuffix(b"\r\n")))
    return {
        name: values if _is_many(schemata, schemata.property(schema, name), values) else values[0]
        for name, values in found.items()
    }


def _is_many(schemata: Schemata, schema: Mapping[str, Any], values: list[Any]) -> bool:
    is_array = bool(schema) and "array" in schemata.types(schema)
    return len(values) > 1 or (is_array and not isinstance(values[0], list))


def _part(schemata: Schemata, schema: Mapping[str, Any], head: bytes, value: bytes) -> Any:
    if b"application/json" in head:
        return _json(value)
    if b"filename" in head:
        return value.decode("latin-1")
    return coercion.scalar(schemata, schema, value.decode("utf-8", "replace"))


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _violation(body: Body, expected: str, got: Any, keyword: str) -> Violation:
    return Violation(place="body", expected=expected, got=got, described=f"{body.pointer}/{keyword}")
