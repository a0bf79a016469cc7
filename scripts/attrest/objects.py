"""The objects of an OpenAPI description and where they stand inside each other (OpenAPI 3.0, 3.1 and 3.2, §4.8).

Whoever walks a description walks by this table, never by the names of keys alone: ``default``, ``example``, ``value``,
``enum``, ``const`` and extensions hold data, and a property may well be called ``$ref``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import attrs

from attrest import pointers
from attrest.trees import is_list, is_mapping

Kind: TypeAlias = Literal[
    "callback",
    "components",
    "data",
    "description",
    "discriminator",
    "encoding",
    "example",
    "header",
    "info",
    "link",
    "media type",
    "oauth flow",
    "oauth flows",
    "operation",
    "parameter",
    "path item",
    "paths",
    "request body",
    "response",
    "responses",
    "schema",
    "security requirement",
    "security scheme",
    "server",
    "server variable",
    "tag",
    "xml",
]
Shape: TypeAlias = Literal["one", "list", "map"]

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""The fields of a path item that hold operations."""

SECTIONS: Final[Mapping[Kind, str]] = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "example": "examples",
    "request body": "requestBodies",
    "header": "headers",
    "security scheme": "securitySchemes",
    "link": "links",
    "callback": "callbacks",
    "path item": "pathItems",
    "media type": "mediaTypes",
}
"""The kinds that may be referred to, and the section of ``components`` that holds each."""
NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9._-]+")
"""What the name of a component may not have (OpenAPI 3.2 §4.7.2)."""
WITH_SIBLINGS: Final = frozenset[Kind]({"schema", "path item"})
"""The kinds of which a reference may have fields of its own beside it."""


def referable(version: str) -> frozenset[Kind]:
    """Return the kinds of objects that may be references in a version of OpenAPI, such as ``3.1``."""
    return frozenset(SECTIONS) - (frozenset() if version == "3.2" else {"media type"})


@attrs.frozen
class Slot:
    """What a field holds."""

    kind: Kind
    shape: Shape = "one"


_ANY_FIELD: Final = "*"

_SCHEMA_SLOTS: Final[dict[str, Slot]] = {
    **dict.fromkeys(
        ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"), Slot("schema", "map")
    ),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), Slot("schema", "list")),
    **dict.fromkeys(
        (
            "items",
            "additionalItems",
            "additionalProperties",
            "contains",
            "contentSchema",
            "else",
            "if",
            "not",
            "propertyNames",
            "then",
            "unevaluatedItems",
            "unevaluatedProperties",
        ),
        Slot("schema"),
    ),
    "discriminator": Slot("discriminator"),
    "xml": Slot("xml"),
}
_PARAMETER_SLOTS: Final[dict[str, Slot]] = {
    "schema": Slot("schema"),
    "content": Slot("media type", "map"),
    "examples": Slot("example", "map"),
}
_SLOTS: Final[Mapping[Kind, Mapping[str, Slot]]] = {
    "description": {
        "info": Slot("info"),
        "servers": Slot("server", "list"),
        "paths": Slot("paths"),
        "webhooks": Slot("path item", "map"),
        "components": Slot("components"),
        "security": Slot("security requirement", "list"),
        "tags": Slot("tag", "list"),
    },
    "components": {section: Slot(kind, "map") for kind, section in SECTIONS.items()},
    "paths": {_ANY_FIELD: Slot("path item")},
    "path item": {
        **dict.fromkeys(METHODS, Slot("operation")),
        "additionalOperations": Slot("operation", "map"),
        "servers": Slot("server", "list"),
        "parameters": Slot("parameter", "list"),
    },
    "operation": {
        "parameters": Slot("parameter", "list"),
        "requestBody": Slot("request body"),
        "responses": Slot("responses"),
        "callbacks": Slot("callback", "map"),
        "security": Slot("security requirement", "list"),
        "servers": Slot("server", "list"),
    },
    "responses": {_ANY_FIELD: Slot("response")},
    "response": {
        "headers": Slot("header", "map"),
        "content": Slot("media type", "map"),
        "links": Slot("link", "map"),
    },
    "callback": {_ANY_FIELD: Slot("path item")},
    "request body": {"content": Slot("media type", "map")},
    "parameter": _PARAMETER_SLOTS,
    "header": _PARAMETER_SLOTS,
    "media type": {
        "schema": Slot("schema"),
        "itemSchema": Slot("schema"),
        "examples": Slot("example", "map"),
        "encoding": Slot("encoding", "map"),
        "prefixEncoding": Slot("encoding", "list"),
        "itemEncoding": Slot("encoding"),
    },
    "encoding": {
        "headers": Slot("header", "map"),
        "encoding": Slot("encoding", "map"),
        "prefixEncoding": Slot("encoding", "list"),
        "itemEncoding": Slot("encoding"),
    },
    "link": {"server": Slot("server")},
    "server": {"variables": Slot("server variable", "map")},
    "security scheme": {"flows": Slot("oauth flows")},
    "oauth flows": {
        **dict.fromkeys(
            ("implicit", "password", "clientCredentials", "authorizationCode", "deviceAuthorization"),
            Slot("oauth flow"),
        )
    },
    "schema": _SCHEMA_SLOTS,
}


def slots_of(kind: Kind) -> Mapping[str, Slot]:
    """Return the fields of a kind of object that hold other objects, by name."""
    return _SLOTS.get(kind, {})


class Child(NamedTuple):
    """An object as it stands in its parent."""

    tokens: pointers.Tokens
    """Its pointer, from the object that was asked for its children."""
    kind: Kind
    container: Any
    """The mapping or list that holds it."""
    key: str | int
    node: Any


def mapped(discriminator: Any) -> Iterator[tuple[pointers.Tokens, str]]:
    """Return what a discriminator maps to, by name or by reference, and where in it that stands."""
    if not is_mapping(discriminator):
        return
    mapping, default = discriminator.get("mapping"), discriminator.get("defaultMapping")
    for tag, target in mapping.items() if is_mapping(mapping) else ():
        if isinstance(target, str):
            yield ("mapping", tag), target
    if isinstance(default, str):
        yield ("defaultMapping",), default


def reference_of(node: Any) -> str | None:
    """Give the ``$ref`` of a node, if it is a reference."""
    if is_mapping(node):
        reference = node.get("$ref")
        if isinstance(reference, str):
            return reference
    return None


def slots(kind: Kind, node: Mapping[str, Any]) -> Iterator[tuple[str, Slot]]:
    """List the fields of an object that hold other objects, in the order in which they are written."""
    table = _SLOTS.get(kind, {})
    patterned = table.get(_ANY_FIELD)
    for key in node:
        if patterned:
            if not key.startswith("x-") and key != "$ref":
                yield key, patterned
        elif slot := table.get(key):
            yield key, slot


def children(kind: Kind, node: Any) -> Iterator[Child]:
    """List the objects directly inside an object, in the order in which they are written."""
    if not is_mapping(node):
        return
    for key, slot in slots(kind, node):
        value = node[key]
        if is_list(value):
            for index, item in enumerate(value):
                yield Child((key, str(index)), slot.kind, value, index, item)
        elif is_mapping(value) and slot.shape == "map":
            if reference_of(value) is None:
                for name, item in value.items():
                    yield Child((key, name), slot.kind, value, name, item)
        elif slot.shape == "one":
            yield Child((key,), slot.kind, node, key, value)


class Placed(NamedTuple):
    """An object and its place in the description."""

    kind: Kind
    pointer: str
    node: Any


def walk(tree: Any) -> Iterator[Placed]:
    """List all objects of a gathered description, each once, parents before what they hold, in the order as written.

    A reference is listed as the kind that it stands for, and not followed.
    """
    waiting = [Placed("description", "", tree)]
    while waiting:
        placed = waiting.pop()
        yield placed
        kind, pointer, node = placed
        if reference_of(node) is not None and kind not in WITH_SIBLINGS:
            continue
        found = [
            Placed(child.kind, f"{pointer}/{'/'.join(map(pointers.escape, child.tokens))}", child.node)
            for child in children(kind, node)
        ]
        waiting.extend(reversed(found))


def follow(tree: Any, pointer: str, node: Any) -> tuple[str, Any]:
    """Follow a node's references to their end; a reference that leads nowhere, or to itself, is given as it is.

    Returns:
        The pointer of what they lead to, and the node there.
    """
    seen: set[str] = set()
    while (reference := reference_of(node)) is not None and reference.startswith("#/") and reference not in seen:
        seen.add(reference)
        target = pointers.parse_reference(reference).fragment
        found = pointers.resolve(tree, pointers.split(target))
        if found is pointers.MISSING:
            break
        pointer, node = target, found
    return pointer, node
