"""Media types (OpenAPI 3.1 §4.8.14): how the bytes of a body are made and read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from attrest import nodes
from attrest.contentforms import Form, form_of
from attrest.ir import Content
from attrest.ledger import degraded
from attrest.lower.types import Types
from attrest.typerefs import ANY, STRING, Scalar, TypeRef

_PREFERENCE: Final = ("json", "form", "multipart", "text", "json-lines", "event-stream", "binary")


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


def is_loose_text(tree: Mapping[str, Any], media: str) -> bool:
    """Return whether the schema of a media type of text, whose pointer this is, says that it is more than text."""
    schema = nodes.mapping(nodes.follow(tree, f"{media}/schema")[1])
    return bool(schema.get("type", "string") != "string")


def _type(types: Types, owner: str, content_type: str, form: Form) -> TypeRef:
    if form in {"text", "event-stream"}:
        return STRING
    if form in {"binary", "json-lines"}:
        return Scalar("file")
    pointer, media = types.media(owner, content_type)
    return types.at(f"{pointer}/schema") if "schema" in media else ANY
