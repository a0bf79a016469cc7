"""The forms in which the successes of an operation can be asked for: the preferred one, and the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

import attrs

from attrest import names
from attrest.ir import Alternative, Content, Delivery, Reading, Response
from attrest.typerefs import NULL, STRING, TypeRef, union

_STREAMS: Final[Mapping[str, Delivery]] = {"event-stream": "event-stream", "json-lines": "json-lines"}
_WORDS: Final[Mapping[str, str]] = {
    "application/octet-stream": "bytes",
    "application/json-seq": "json_sequence",
    "text/plain": "text",
    "*/*": "bytes",
}
_REGISTRIES: Final = ("vnd.", "prs.", "x-", "x.")
"""What the names of media types begin with where they are not registered by the standards (RFC 6838 §3)."""


@attrs.frozen(kw_only=True)
class Form:
    """One form: how it arrives, what it comes to, and what is read for each status."""

    delivery: Delivery
    result: TypeRef | None
    readings: tuple[Reading, ...]


def preferred(answers: Iterable[Response]) -> Form:
    """Return the form that an operation's method asks for: JSON, else text, else bytes; a stream where nothing else is.

    Where only some of the successes are streams, those are read as text.
    """
    successes = _successes(answers)
    read = [(answer, _together(answer.contents)) for answer in successes]
    deliveries: frozenset[Delivery] = frozenset(_delivery(contents) for _, contents in read if contents)
    if len(deliveries) == 1:
        return _form(next(iter(deliveries)), read)
    return _form("whole", [(answer, tuple(map(_as_text, contents))) for answer, contents in read])


def alternatives(answers: Iterable[Response], form: Form, method: str, taken: Iterable[str]) -> tuple[Alternative, ...]:
    """Return the other forms, each named after its media type.

    Args:
        answers: The operation's responses.
        form: The preferred form.
        method: The name of the method that returns it.
        taken: The names that attributes of the request have.
    """
    successes = tuple(zip(_successes(answers), form.readings, strict=True))
    grouped: dict[tuple[str, str], set[Content]] = {}
    for answer, reading in successes:
        for content in answer.contents:
            if content not in reading.contents:
                grouped.setdefault((content.form, _word(content)), set()).add(content)
    attributes = names.Namespace({*taken, *names.ARGUMENT_RESERVED})
    return tuple(
        _alternative(successes, wanted, names.attribute(f"{method}_as_{word}"), attributes.take(f"as_{word}"))
        for (_, word), wanted in grouped.items()
    )


def _alternative(
    successes: Iterable[tuple[Response, Reading]], wanted: Collection[Content], method: str, attribute: str
) -> Alternative:
    chosen = [
        (answer, tuple(each for each in answer.contents if each in wanted), reading.contents)
        for answer, reading in successes
    ]
    asked = tuple(content for _, own, _ in chosen for content in own)
    delivery = _delivery(asked)
    if delivery == "whole":
        form = _form(delivery, [(answer, own or otherwise) for answer, own, otherwise in chosen])
    else:
        form = _form(delivery, [(answer, own) for answer, own, _ in chosen if own or not answer.contents])
    return Alternative(
        method=method,
        attribute=attribute,
        media_types=tuple(dict.fromkeys(content.content_type for content in asked)),
        delivery=delivery,
        result=form.result,
        readings=form.readings,
    )


def _successes(answers: Iterable[Response]) -> tuple[Response, ...]:
    return tuple(answer for answer in answers if answer.error is None)


def _form(delivery: Delivery, read: Iterable[tuple[Response, tuple[Content, ...]]]) -> Form:
    readings = tuple(Reading(status=answer.status, contents=contents) for answer, contents in read)
    type_ = union(_types(readings, delivery))
    return Form(delivery=delivery, result=None if type_ == NULL else type_, readings=readings)


def _types(readings: Iterable[Reading], delivery: Delivery) -> Iterator[TypeRef]:
    for reading in readings:
        yield from (content.type for content in reading.contents)
        if not reading.contents and delivery == "whole":
            yield NULL


def _together(contents: tuple[Content, ...]) -> tuple[Content, ...]:
    """Return the media types that are asked for together: all JSON, or the best one and what says the same."""
    if not contents:
        return ()
    best = contents[0]
    alike = [each for each in contents if each.form == best.form]
    if best.form == "json":
        return tuple(alike)
    return tuple(each for each in alike if _word(each) == _word(best) and each.type == best.type)


def _delivery(contents: tuple[Content, ...]) -> Delivery:
    return _STREAMS.get(contents[0].form, "whole")


def _as_text(content: Content) -> Content:
    return attrs.evolve(content, form="text", type=STRING, events=()) if content.form in _STREAMS else content


def _word(content: Content) -> str:
    """Return what a media type adds to the name of a method, such as ``pdf`` or ``event_stream``."""
    bare = content.content_type.partition(";")[0].strip().lower()
    if bare in _WORDS:
        return _WORDS[bare]
    if content.form == "json-lines":
        return "json_lines"
    main, _, subtype = bare.partition("/")
    for registry in _REGISTRIES:
        subtype = subtype.removeprefix(registry)
    return names.attribute(main if subtype in {"", "*"} else subtype)
