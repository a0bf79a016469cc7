"""The media types of parts of multipart bodies that their schemas ask for, and no encoding (OpenAPI 3.1 §4.8.15)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrest import nodes, schemanodes
from attrest.ir import Field
from attrest.ledger import ignored
from attrest.lower.types import Types
from attrest.typerefs import ANY

_BYTES: Final = "application/octet-stream"


def described(tree: Mapping[str, Any], types: Types, fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    """List the parts whose media types do not follow from their values alone.

    Text is sent as text, objects as JSON and files as bytes anyway. Text that carries bytes is called what it carries,
    and so is, since OpenAPI 3.1, what has no type: there, that is how bytes are described.

    Args:
        tree: The description.
        types: The types of its schemas; what goes before a media type that a schema names is noted there.
        fields: The fields of the body.
    """
    knows_types = not str(tree.get("openapi")).startswith("3.0")
    for field in fields:
        pointer, schema = _of_one(tree, field.pointer)
        carries_bytes = "contentEncoding" in schema if knows_types else schema.get("format") == "byte"
        content_type = nodes.text(schema.get("contentMediaType"))
        if carries_bytes:
            if content_type is not None:
                told = f"a part that carries bytes as text is {_BYTES} (OpenAPI 3.1 §4.8.15.1.1)"
                types.note(ignored(f"{pointer}/contentMediaType", told))
            yield field.wire_name, _BYTES
        elif content_type is not None:
            yield field.wire_name, content_type
        elif knows_types and "type" not in schema and types.single(field.type) == ANY:
            yield field.wire_name, _BYTES


def _of_one(tree: Mapping[str, Any], place: str) -> tuple[str, Mapping[str, Any]]:
    """Return what describes one part: the items of an array, the only alternative beside null, and never a mere remark.

    Args:
        tree: The description.
        place: The pointer of the field's schema.
    """
    seen: set[str] = set()
    pointer, found = nodes.follow(tree, place)
    while pointer not in seen:
        seen.add(pointer)
        inside = _inside(nodes.mapping(found))
        if inside is not None:
            pointer, found = nodes.follow(tree, f"{pointer}/{inside}")
    return pointer, nodes.mapping(found)


def _inside(schema: Mapping[str, Any]) -> str | None:
    """Return the way to the schema that says what one part of a schema is; None where it says so itself."""
    if "items" in schema:
        return "items"
    if (index := schemanodes.wrapped(schema)) is not None:
        return f"allOf/{index}"
    for keyword in ("anyOf", "oneOf"):
        members = nodes.sequence(schema.get(keyword))
        others = [index for index, each in enumerate(members) if nodes.mapping(each).get("type") != "null"]
        if len(others) == 1:
            return f"{keyword}/{others[0]}"
    return None
