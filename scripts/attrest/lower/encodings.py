"""Encodings: how single fields of a form or parts of a multipart body travel (OpenAPI 3.2 §4.15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import attrs

from attrest import nodes, pointers, styles
from attrest.contentforms import form_of
from attrest.ir import Encoding, Field
from attrest.ledger import degraded, ignored
from attrest.lower import partheaders, parttypes
from attrest.lower.types import Types
from attrest.trees import is_mapping
from attrest.typerefs import Scalar, TypeRef, UnionOf

_FILE: Final = Scalar("file")
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
    written = {name: each for name, each in nodes.mapping(node.get("encoding")).items() if is_mapping(each)}
    found = {name: _encoding(tree, types, media, name, form) for name in written}
    found = {name: _with_headers(tree, types, media, each, form) for name, each in found.items()}
    if form == "multipart":
        for name, content_type in parttypes.described(tree, types, _fields(types, media)):
            own = found.get(name, Encoding(wire_name=name))
            if own.content_type is None and own.style is None:
                found[name] = attrs.evolve(own, content_type=content_type)
    return tuple(found.values())


def _encoding(tree: Mapping[str, Any], types: Types, media: str, name: str, form: str) -> Encoding:
    pointer = media + pointers.join(("encoding", name))
    node = nodes.mapping(nodes.find(tree, pointer))
    content_type = nodes.text(node.get("contentType"))
    # in OpenAPI 3.0 a multipart body knows no styles
    is_styled = not _STYLED.isdisjoint(node) and (form == "form" or not str(tree.get("openapi")).startswith("3.0"))
    if not is_styled:
        for keyword in sorted(_STYLED & node.keys()):
            types.note(ignored(f"{pointer}/{keyword}", "OpenAPI 3.0 knows it in URL-encoded forms alone"))
        if content_type is not None and _has_no_json(content_type) and types.is_structured(_value(types, media, name)):
            types.note(degraded(f"{pointer}/contentType", "arrays and objects are sent as JSON, and called so"))
        return Encoding(wire_name=name, content_type=content_type)
    written = node.get("style", "form")
    style = styles.known("query", written)
    if style is None:
        types.note(degraded(f"{pointer}/style", f"style {written!r} is none of a form: form is"))
    if content_type is not None:
        types.note(ignored(f"{pointer}/contentType", "a style goes before it (OpenAPI 3.2 §4.15.1.2)"))
    return Encoding(
        wire_name=name,
        style=style or "form",
        explode=node.get("explode", style in {None, "form", "deepObject"}) is True,
        allow_reserved=node.get("allowReserved") is True,
    )


def _with_headers(tree: Mapping[str, Any], types: Types, media: str, encoding: Encoding, form: str) -> Encoding:
    """Return what is said of a field with the headers of its parts; a form has no parts."""
    owner = media + pointers.join(("encoding", encoding.wire_name))
    node = nodes.mapping(nodes.find(tree, owner))
    described = () if form == "form" else tuple(partheaders.part_headers(tree, types, owner, node))
    names = tuple(each.header.wire_name for each in described)
    for name in nodes.mapping(node.get("headers")):
        if form == "form" or name.lower() == "content-type":
            pointer = owner + pointers.join(("headers", name))
            types.note(ignored(pointer, "a field of a form has no header of this name (OpenAPI 3.2 §4.15.1.1)"))
    return attrs.evolve(encoding, headers=names, part_headers=described)


def _value(types: Types, media: str, name: str) -> TypeRef:
    """Return the type of what travels as one field, or one part: of an array, each item."""
    field = next((field for field in _fields(types, media) if field.wire_name == name), None)
    return types.single(field.type) if field else _FILE


def _fields(types: Types, media: str) -> tuple[Field, ...]:
    """Return the fields of a body that is described as an object, or as one of several."""
    type_ = types.resolved(types.at(f"{media}/schema"))
    members = type_.members if isinstance(type_, UnionOf) else (type_,)
    return tuple(field for model in filter(None, map(types.model, members)) for field in model.fields)


def _has_no_json(content_types: str) -> bool:
    """Return whether JSON is none of some media types, separated by commas."""
    return all(form_of(each.strip()) != "json" and "*" not in each for each in content_types.split(","))
