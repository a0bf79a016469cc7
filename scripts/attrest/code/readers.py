"""How the bodies of responses are read, as Python source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrest.code import literals
from attrest.code.spelling import Spelling
from attrest.ir import Content, Delivery, Header, Reading, Response
from attrest.typerefs import STRING, ListOf, MapOf, Reference, TupleOf, TypeRef

_JSON: Final = "application/json"
_ANY_JSON: Final = "application/json, */*;q=0.1"
"""What to ask for where any media type is described and JSON is read (RFC 9110 §12.5.1)."""
_RANGES_OF_JSON: Final = frozenset({"*/*", "application/*", "application/*+json"})
_BETWEEN_COOKIES: Final = "\n"
"""Parts the values of ``Set-Cookie`` in one text, which may hold commas (OpenAPI 3.2 §4.21)."""
_TEXT_SEQUENCE: Final = "application/json-seq"


def annotation(spelling: Spelling, delivery: Delivery, result: TypeRef | None) -> str:
    """Return the type of the result of a call: of a stream, all of it as a list."""
    if result is None and delivery == "whole":
        return "None"
    item = "None" if result is None else spelling.annotation(result)
    match delivery:
        case "whole":
            return item
        case "event-stream":
            return f"list[_event_streams.ServerSentEvent[{item}]]"
        case "json-lines":
            return f"list[{item}]"


def results(spelling: Spelling, readings: Iterable[Reading], *, strict: bool) -> tuple[tuple[str, str], ...]:
    """Return the readers of successes, by status.

    Args:
        spelling: Knows the declarations.
        readings: What is read for each status.
        strict: Whether text and bytes are refused where the answer says that they are something else.
    """
    return tuple(
        (literals.string(reading.status), _reader(spelling, reading.contents, strict=strict)) for reading in readings
    )


def errors(spelling: Spelling, answers: Iterable[Response]) -> tuple[tuple[str, str], ...]:
    """Return the readers of errors, by status: all media types of each."""
    return tuple(
        (literals.string(answer.status), _reader(spelling, answer.contents, strict=False))
        for answer in answers
        if answer.error is not None
    )


def header(spelling: Spelling, header: Header) -> str:
    """Return the reader of a header (OpenAPI 3.1 §4.8.21, style ``simple``)."""
    decoder, resolved = spelling.decoder(header.type, ""), spelling.resolved(header.type)
    if header.content_type is not None and header.type != STRING:
        return f"_response_headers.json({decoder})"
    match resolved:
        case ListOf() if header.wire_name.lower() == "set-cookie":
            return f"_response_headers.lines({decoder})"
        case ListOf(item):
            return f"_response_headers.array({decoder}, as_text={_is_text(spelling, item)})"
        case TupleOf(items, rest):
            texts = literals.literal([_is_text(spelling, item) for item in items])
            is_text = rest is not None and _is_text(spelling, rest)
            return f"_response_headers.array({decoder}, as_text={is_text}, first={texts})"
        case MapOf(value):
            texts = "None" if _is_text(spelling, value) else "()"
        case _ if header.wire_name.lower() == "set-cookie":
            return f"_response_headers.text({decoder}, between={literals.string(_BETWEEN_COOKIES)})"
        case Reference() if (model := spelling.model(resolved)) is not None:
            texts = literals.literal([each.wire_name for each in model.fields if _is_text(spelling, each.type)])
        case _:
            return f"_response_headers.{'text' if _is_text(spelling, resolved) else 'json'}({decoder})"
    return f"_response_headers.record({decoder}, {texts}, explode={header.explode})"


def _is_text(spelling: Spelling, type_: TypeRef) -> bool:
    """Return whether a value of a type can be text, which is then taken for just that."""
    return "string" in spelling.kinds(type_)


def _reader(spelling: Spelling, contents: tuple[Content, ...], *, strict: bool) -> str:
    if not contents:
        return "_operation.nothing()"
    readable = tuple(_apart(contents))
    alike = {(content.form, content.type, content.events) for content in readable}
    if len(alike) == 1 and not (strict and readable[0].form in {"text", "binary"}):
        return _read(spelling, readable[0], tuple(content.content_type for content in readable))
    table = "".join(
        f"{literals.string(content.content_type)}: {_read(spelling, content, (content.content_type,))}, "
        for content in readable
    )
    return f"_operation.by_content_type({{{table}}})"


def _apart(contents: tuple[Content, ...]) -> Iterator[Content]:
    """Take text of any media type apart: where it comes as JSON, it is a JSON string."""
    described = {content.content_type for content in contents}
    for content in contents:
        if content.form == "text" and content.content_type == "*/*" and _JSON not in described:
            yield Content(content_type=_JSON, form="json", type=STRING)
        yield content


def _read(spelling: Spelling, content: Content, media_types: tuple[str, ...]) -> str:
    if content.form == "json":
        media_types = tuple(dict.fromkeys(_ANY_JSON if each in _RANGES_OF_JSON else each for each in media_types))
    accept = literals.string(", ".join(media_types))
    match content.form:
        case "json":
            further = "" if media_types == (_JSON,) else f", {accept}"
            return f"_operation.json({spelling.decoder(content.type, '')}{further})"
        case "json-lines":
            kind = "json_sequence" if content.content_type == _TEXT_SEQUENCE else "json_lines"
            return f"_json_lines.{kind}({spelling.decoder(content.type, '')}, {accept})"
        case "event-stream":
            return f"_event_streams.events({_event_decoders(spelling, content)})"
        case "text" | "form":
            return f"_operation.text({accept})"
        case "binary" | "multipart":
            return f"_operation.binary({accept})"


def _event_decoders(spelling: Spelling, content: Content) -> str:
    if not content.events:
        return _event_decoder(spelling, content.type)
    by_type = {str(variant.value): _event_decoder(spelling, variant.type) for variant in content.events}
    table = "".join(f"{literals.string(name)}: {decoder}, " for name, decoder in by_type.items() if name)
    return f"{by_type['']}, {{{table}}}"


def _event_decoder(spelling: Spelling, type_: TypeRef) -> str:
    """Return what decodes the data of an event: text as it is where the type is text alone, else the JSON in it."""
    decoder, kinds = spelling.decoder(type_, ""), spelling.kinds(type_)
    if kinds == frozenset({"string"}):
        return decoder
    return f"_event_streams.{'json_or_text' if 'string' in kinds else 'json'}({decoder})"
