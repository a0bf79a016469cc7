"""Media types (OpenAPI 3.1 §4.8.14): how the bytes of a body are made and read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

from attrest import nodes
from attrest.ir import Content
from attrest.ledger import degraded
from attrest.lower.types import Types
from attrest.typerefs import ANY, STRING, Scalar, TypeRef

Form: TypeAlias = Literal["json", "form", "multipart", "text", "binary", "event-stream", "json-lines"]

_JSON: Final = re.compile(r"(application|text)/json|[^;]+\+json")
_TEXT: Final = re.compile(r"text/.*|[^;]+[+/]xml|application/(javascript|graphql|yaml|x-yaml)")
_NAMED: Final[Mapping[str, Form]] = {
    "application/x-www-form-urlencoded": "form",
    "multipart/form-data": "multipart",
    "text/event-stream": "event-stream",
    "application/jsonl": "json-lines",
    "application/x-ndjson": "json-lines",
    "application/json-seq": "json-lines",
}
_PREFERENCE: Final = ("json", "form", "multipart", "text", "json-lines", "event-stream", "binary")


def form_of(content_type: str) -> Form:
    """Return how bytes of a media type are made and read; unknown ones stay bytes."""
    bare = content_type.partition(";")[0].strip().lower()
    if bare in _NAMED:
        return _NAMED[bare]
    if _JSON.fullmatch(bare) or bare == "*/*":
        return "json"
    return "text" if _TEXT.fullmatch(bare) else "binary"


def contents(types: Types, owner: str, node: Mapping[str, Any]) -> tuple[Content, ...]:
    """Return the media types of a body or a response, JSON first."""
    found = [
        Content(content_type=content_type, form=form, type=_type(types, owner, content_type, form))
        for content_type in nodes.mapping(node.get("content"))
        for form in (form_of(content_type),)
    ]
    return tuple(sorted(found, key=lambda content: _PREFERENCE.index(content.form)))


def parameter_content(types: Types, owner: str, node: Mapping[str, Any]) -> Content | None:
    """Return the media type of a parameter that is described by ``content``; None where it is described by ``schema``.

    A parameter travels as text, so that one whose media type is not understood is text for the caller to write.
    """
    for content_type in nodes.mapping(node.get("content")):
        form = form_of(content_type)
        pointer, media = types.media(owner, content_type)
        if form in {"json", "form"} or content_type.partition(";")[0].strip().lower() == "text/plain":
            type_ = types.at(f"{pointer}/schema") if "schema" in media else STRING if form == "text" else ANY
            return Content(content_type=content_type, form=form, type=type_)
        types.note(degraded(pointer, f"{content_type} is handed over as text"))
        return Content(content_type=content_type, form="text", type=STRING)
    return None


def _type(types: Types, owner: str, content_type: str, form: Form) -> TypeRef:
    if form in {"text", "event-stream"}:
        return STRING
    if form in {"binary", "json-lines"}:
        return Scalar("file")
    pointer, media = types.media(owner, content_type)
    return types.at(f"{pointer}/schema") if "schema" in media else ANY
