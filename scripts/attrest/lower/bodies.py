"""Request bodies (OpenAPI 3.1 §4.8.13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrest import bounds, names, nodes, pointers, schemanodes
from attrest.ir import Absent, Body, Field
from attrest.lower.contents import contents
from attrest.lower.types import Types


def body(tree: Mapping[str, Any], types: Types, operation: str) -> Body | None:
    """Return an operation's body; None where it has none or describes no media type."""
    if "requestBody" not in nodes.mapping(nodes.find(tree, operation)):
        return None
    pointer, node = nodes.follow(tree, f"{operation}/requestBody")
    written = nodes.mapping(node)
    offered = contents(types, pointer, written)
    if not offered:
        return None
    schema = pointer + pointers.join(("content", offered[0].content_type, "schema"))
    return Body(
        field=Field(
            name=names.BODY,
            wire_name=names.BODY,
            type=offered[0].type,
            required=written.get("required") is True,
            description=nodes.text(written.get("description")),
            example=_example(tree, pointer, offered[0].content_type),
            constraints=bounds.constraints(tree, nodes.mapping(nodes.find(tree, schema))),
            pointer=pointer,
        ),
        contents=offered,
    )


def _example(tree: Mapping[str, Any], owner: str, content_type: str) -> Any | Absent:
    media = owner + pointers.join(("content", content_type))
    own = schemanodes.example(nodes.mapping(nodes.find(tree, media)))
    if not isinstance(own, Absent):
        return own
    return schemanodes.example(nodes.mapping(nodes.follow(tree, f"{media}/schema")[1]))
