"""Descriptions whose schemas say with keywords of JSON Schema alone what they mean in a direction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, Literal, TypeAlias

from attrest import nodes
from attrest.objects import walk
from attrest.trees import is_list, is_mapping
from attrest.wellformed import fits

Direction: TypeAlias = Literal["request", "answer"]
Node: TypeAlias = Mapping[str, Any]

NOT_SENT: Final[Mapping[Direction, str]] = {"request": "readOnly", "answer": "writeOnly"}
"""The keyword of the properties that a direction does not need, even where they are required (OpenAPI 3.0 §4.7.24)."""


def directions(tree: Node, version: str) -> dict[Direction, dict[str, Any]]:
    """Return a description as each direction sees it; both see the same object where nothing tells them apart.

    Args:
        tree: The description, which stays as it is.
        version: Its version of OpenAPI, as ``3.0``.
    """
    adapted = _copied(tree, {})
    schemas = [placed.node for placed in walk(adapted) if placed.kind == "schema" and is_mapping(placed.node)]
    for schema in schemas:
        for keyword in [keyword for keyword, value in schema.items() if not fits(keyword, value)]:
            del schema[keyword]
        _allow_overlap(schema)
        if version == "3.0" and schema.get("nullable") is True:
            _allow_null(schema)
    return {direction: _seen(adapted, schemas, not_sent) for direction, not_sent in NOT_SENT.items()}


def _seen(tree: dict[str, Any], schemas: Collection[Node], not_sent: str) -> dict[str, Any]:
    """Return a description that requires nothing which a direction does not send."""
    needless = {id(schema) for schema in schemas if schema.get(not_sent) is True}
    needed: dict[int, list[Any]] = {}
    for schema in schemas if needless else ():
        properties, required = nodes.mapping(schema.get("properties")), nodes.sequence(schema.get("required"))
        kept = [name for name in required if not _is_needless(tree, properties.get(name), needless)]
        if len(kept) < len(required):
            needed[id(schema)] = kept
    return _copied(tree, needed) if needed else tree


def _copied(value: Any, needed: Mapping[int, list[Any]]) -> Any:
    """Return a copy of a tree in which some mappings, known by identity, require other properties."""
    if is_list(value):
        return [_copied(item, needed) for item in value]
    if not is_mapping(value):
        return value
    copied = {key: _copied(item, needed) for key, item in value.items()}
    if id(value) in needed:
        del copied["required"]
        copied |= {"required": needed[id(value)]} if needed[id(value)] else {}
    return copied


def _is_needless(tree: Node, node: object, needless: Collection[int]) -> bool:
    if id(node) in needless:
        return True
    reference = nodes.mapping(node).get("$ref")
    return reference is not None and id(nodes.follow(tree, nodes.target(str(reference)))[1]) in needless


def _allow_overlap(schema: dict[str, Any]) -> None:
    """Let a value fit several alternatives where its tag tells which of them counts (OpenAPI 3.1 §4.8.25).

    Many descriptions have alternatives there that nothing else tells apart, so that strictly no value would fit.
    """
    alternatives = [nodes.mapping(each) for each in nodes.sequence(schema.get("oneOf"))]
    if (
        alternatives
        and "discriminator" in schema
        and "anyOf" not in schema
        and all("$ref" in each for each in alternatives)
    ):
        schema["anyOf"] = schema.pop("oneOf")


def _allow_null(schema: dict[str, Any]) -> None:
    """Say in keywords that JSON Schema has that null is taken (OpenAPI 3.0 §4.7.24.1)."""
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
    elif "$ref" not in schema and "type" not in schema:
        rest = {key: schema.pop(key) for key in ("allOf", "anyOf", "oneOf") if key in schema}
        if rest:
            schema["anyOf"] = [rest, {"type": "null"}]
