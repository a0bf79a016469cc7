"""The examples that a description carries, and what each is an example of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

import attrs

from attrest import nodes, objects, pointers

Direction: TypeAlias = Literal["sent", "received", "either"]


@attrs.frozen
class Example:
    """A value, and the schema that it illustrates; both by their JSON pointers."""

    pointer: str
    schema: str
    value: Any
    direction: Direction


def examples(tree: Mapping[str, Any]) -> Iterator[Example]:
    """List every example of a bundled description whose value is JSON."""
    for placed in objects.walk(tree):
        node = nodes.mapping(placed.node)
        match placed.kind:
            case "schema":
                yield from _of_schema(placed.pointer, node)
            case "parameter" | "header" if "schema" in node:
                yield from _named(tree, placed.pointer, node)
            case "media type" if "schema" in node:
                is_json = _is_json(pointers.split(placed.pointer)[-1])
                found = _named(tree, placed.pointer, node)
                yield from (example for example in found if is_json or not isinstance(example.value, str))
            case _:
                pass


def _of_schema(pointer: str, node: Mapping[str, Any]) -> Iterator[Example]:
    direction = _direction(pointer)
    if "example" in node:
        yield Example(f"{pointer}/example", pointer, node["example"], direction)
    for index, value in enumerate(nodes.sequence(node.get("examples"))):
        yield Example(f"{pointer}/examples/{index}", pointer, value, direction)


def _named(tree: Mapping[str, Any], pointer: str, node: Mapping[str, Any]) -> Iterator[Example]:
    schema, direction = f"{pointer}/schema", _direction(pointer)
    if "example" in node:
        yield Example(f"{pointer}/example", schema, node["example"], direction)
    for name in nodes.mapping(node.get("examples")):
        at, found = nodes.follow(tree, f"{pointer}/examples{pointers.join([name])}")
        for key in ("value", "dataValue"):
            if key in nodes.mapping(found):
                yield Example(f"{at}/{key}", schema, found[key], direction)


def _direction(pointer: str) -> Direction:
    tokens = pointers.split(pointer)
    if "requestBody" in tokens or tokens[:2] == ("components", "requestBodies"):
        return "sent"
    if "responses" in tokens:
        return "received"
    return "either"


def _is_json(media_type: str) -> bool:
    name = media_type.partition(";")[0].strip().lower()
    return name in {"application/json", "text/json"} or name.endswith("+json")
