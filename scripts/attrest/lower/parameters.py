"""Parameters (OpenAPI 3.1 §4.8.12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from attrest import bounds, names, nodes, pointers, schemanodes
from attrest.ir import ABSENT, Absent, Field, Parameter
from attrest.lower.types import Types
from attrest.pointers import MISSING
from attrest.typerefs import without_null

_STYLES: Final = {"path": "simple", "header": "simple", "query": "form", "cookie": "form", "querystring": "form"}
_IGNORED_HEADERS: Final = frozenset({"accept", "content-type", "authorization"})
"""Described by other means (OpenAPI 3.1 §4.8.12.1)."""


def parameters(tree: Mapping[str, Any], types: Types, item: str, operation: str) -> tuple[Parameter, ...]:
    """Return an operation's parameters and its path's that it does not override, in the order written."""
    written: dict[tuple[str, str], str] = {}
    for owner in (item, operation):
        for index, _ in enumerate(nodes.sequence(nodes.mapping(nodes.find(tree, owner)).get("parameters"))):
            pointer, node = nodes.follow(tree, f"{owner}/parameters/{index}")
            parameter = nodes.mapping(node)
            name, location = str(parameter.get("name", "")), str(parameter.get("in", ""))
            if location in _STYLES and not (location == "header" and name.lower() in _IGNORED_HEADERS):
                written[name, location] = pointer
    given, keys = names.Namespace(), {names.BODY}
    return tuple(
        _parameter(tree, types, name, location, pointer, given, keys) for (name, location), pointer in written.items()
    )


def _parameter(
    tree: Mapping[str, Any],
    types: Types,
    name: str,
    location: str,
    pointer: str,
    given: names.Namespace,
    keys: set[str],
) -> Parameter:
    node = nodes.mapping(nodes.find(tree, pointer))
    content_type, schema = _schema(node, pointer)
    style = str(node.get("style", _STYLES[location]))
    attribute = names.attribute(name, names.ARGUMENT_RESERVED, types.names)
    key = name if name not in keys else f"{name} ({location})"
    keys.add(key)
    type_ = types.at(schema)
    required = node.get("required") is True or location == "path"
    return Parameter(
        field=Field(
            name=given.take(attribute, f"{attribute}_{location}"),
            wire_name=key,
            type=type_ if required else without_null(type_),
            required=required,
            description=nodes.text(node.get("description")),
            example=_example(tree, node, schema),
            default=_target(tree, schema).get("default", ABSENT),
            constraints=bounds.constraints(tree, nodes.mapping(nodes.find(tree, schema))),
            deprecated=node.get("deprecated") is True,
            pointer=pointer,
        ),
        wire_name=name,
        location=cast(Any, location),
        style=cast(Any, style),
        explode=node.get("explode", style == "form") is True,
        allow_reserved=node.get("allowReserved") is True,
        content_type=content_type,
    )


def _schema(node: Mapping[str, Any], pointer: str) -> tuple[str | None, str]:
    content = nodes.mapping(node.get("content"))
    for content_type in content:
        return content_type, pointer + pointers.join(("content", content_type, "schema"))
    return None, f"{pointer}/schema"


def _target(tree: Mapping[str, Any], schema: str) -> Mapping[str, Any]:
    return nodes.mapping(nodes.follow(tree, schema)[1])


def _example(tree: Mapping[str, Any], node: Mapping[str, Any], schema: str) -> Any | Absent:
    """Return the parameter's example, else its schema's; an array's may be put together from its items'."""
    own = schemanodes.example(node)
    if not isinstance(own, Absent):
        return own
    target = _target(tree, schema)
    given = schemanodes.example(target)
    items = nodes.find(tree, f"{schema}/items")
    if isinstance(given, Absent) and items is not MISSING:
        item = schemanodes.example(_target(tree, f"{schema}/items"))
        return item if isinstance(item, Absent) else [item]
    return given
