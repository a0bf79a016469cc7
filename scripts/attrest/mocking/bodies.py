"""Reads the bodies of requests, and says what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn
from urllib.parse import unquote_plus

import attrs

from attrest import nodes, pointers
from attrest.contentforms import form_of
from attrest.mocking import coercion, expectations, multiparts, negotiation, xml
from attrest.mocking.exchange import Request, Violation, pairs
from attrest.mocking.multiparts import Part
from attrest.mocking.schemata import Schemata
from attrest.runtime import media_types


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
    mislabelled = _mislabelled(schemata, media, sent_type, request.body) if form_of(actual) == "multipart" else ()
    if form_of(actual) == "binary" or "schema" not in schemata.at(media) or _is_opaque(actual):
        return value, [*mislabelled]
    return value, [*mislabelled, *_misfitting(schemata, media, value)]


def _misfitting(schemata: Schemata, media: str, value: Any) -> Iterator[Violation]:
    """Say what in a body does not fit its schema."""
    return (
        Violation(
            place="body",
            pointer=pointers.join(problem.tokens),
            expected=expectations.expected(problem, schemata),
            got=problem.got,
            described=problem.pointer or f"{media}/schema",
        )
        for problem in schemata.problems(f"{media}/schema", value)
    )


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
    """Read a form in parts; a part that is a file is text with a character for each byte."""
    found: dict[str, list[Any]] = {}
    for part in multiparts.parts(content_type, content):
        property_ = schemata.property(schema, part.name)
        single = schemata.items(property_) if "array" in schemata.types(property_) and property_ else property_
        found.setdefault(part.name, []).append(_part(schemata, single, part))
    return {
        name: values if _is_many(schemata, schemata.property(schema, name), values) else values[0]
        for name, values in found.items()
    }


def _is_many(schemata: Schemata, schema: Mapping[str, Any], values: list[Any]) -> bool:
    is_array = bool(schema) and "array" in schemata.types(schema)
    return len(values) > 1 or (is_array and not isinstance(values[0], list))


def _part(schemata: Schemata, schema: Mapping[str, Any], part: Part) -> Any:
    if form_of(part.content_type) == "json":
        return _json(part.content)
    if part.is_file:
        return part.content.decode("latin-1")
    return coercion.scalar(schemata, schema, part.content.decode("utf-8", "replace"))


def _mislabelled(schemata: Schemata, media: str, content_type: str, content: bytes) -> Iterator[Violation]:
    """Say which parts of a form name a media type that their encoding does not have (OpenAPI 3.1 §4.8.15)."""
    encoding = nodes.mapping(schemata.at(media).get("encoding"))
    for part in multiparts.parts(content_type, content):
        described = nodes.text(nodes.mapping(encoding.get(part.name)).get("contentType"))
        if not described or not part.content_type or negotiation.matching(described.split(","), part.content_type):
            continue
        yield Violation(
            place="body",
            pointer=pointers.join((part.name,)),
            expected=f"a part that is {described}",
            got=part.content_type,
            described=media + pointers.join(("encoding", part.name, "contentType")),
        )


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _violation(body: Body, expected: str, got: Any, keyword: str) -> Violation:
    return Violation(place="body", expected=expected, got=got, described=f"{body.pointer}/{keyword}")
