"""Encodings: how single fields of a form or parts of a multipart body travel (OpenAPI 3.2 §4.15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, cast

from attrest import nodes, pointers
from attrest.ir import Encoding, Style
from attrest.ledger import degraded, ignored
from attrest.lower.types import Types

_STYLES: Final = ("form", "spaceDelimited", "pipeDelimited", "deepObject")
_STYLED: Final = frozenset({"style", "explode", "allowReserved"})
"""With one of these a field is written like a parameter of a query, and its media type does not count."""


def encodings(
    tree: Mapping[str, Any], types: Types, media: str, node: Mapping[str, Any], *, form: Literal["form", "multipart"]
) -> tuple[Encoding, ...]:
    """Return what is said of single fields.

    Args:
        tree: The description.
        types: The types of its schemas; what cannot be done as described is noted there.
        media: The pointer of the media type.
        node: The media type.
        form: How the body's bytes are made.
    """
    named = nodes.mapping(node.get("encoding"))
    return tuple(
        _encoding(tree, types, name, media + pointers.join(("encoding", name)), form)
        for name, encoding in named.items()
        if isinstance(encoding, dict)
    )


def _encoding(tree: Mapping[str, Any], types: Types, name: str, pointer: str, form: str) -> Encoding:
    node = nodes.mapping(nodes.find(tree, pointer))
    content_type = nodes.text(node.get("contentType"))
    # in OpenAPI 3.0 a multipart body knows no styles
    is_styled = not _STYLED.isdisjoint(node) and (form == "form" or not str(tree.get("openapi")).startswith("3.0"))
    if not is_styled:
        for keyword in sorted(_STYLED & node.keys()):
            types.note(ignored(f"{pointer}/{keyword}", "OpenAPI 3.0 knows it in URL-encoded forms alone"))
        return Encoding(wire_name=name, content_type=content_type, headers=_headers(types, pointer, node, form=form))
    style = node.get("style", "form")
    if style not in _STYLES:
        types.note(degraded(f"{pointer}/style", f"style {style!r} is none of a form: form is"))
        style = "form"
    if content_type is not None:
        types.note(ignored(f"{pointer}/contentType", "a style goes before it (OpenAPI 3.2 §4.15.1.2)"))
    return Encoding(
        wire_name=name,
        style=cast(Style, style),
        explode=node.get("explode", style in {"form", "deepObject"}) is True,
        allow_reserved=node.get("allowReserved") is True,
        headers=_headers(types, pointer, node, form=form),
    )


def _headers(types: Types, owner: str, node: Mapping[str, Any], *, form: str) -> tuple[str, ...]:
    """Return the headers of a part; a form has no parts, and the media type has a field of its own."""
    headers: list[str] = []
    for name in nodes.mapping(node.get("headers")):
        pointer = owner + pointers.join(("headers", name))
        if form == "form" or name.lower() == "content-type":
            types.note(ignored(pointer, "a field of a form has no header of this name (OpenAPI 3.2 §4.15.1.1)"))
        else:
            types.note(degraded(pointer, "sent where the caller gives it with a file, of any type"))
            headers.append(name)
    return tuple(headers)
