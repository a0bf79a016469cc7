"""Facts that are read straight off a schema of the description, as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrest import names, nodes
from attrest.ir import ABSENT, Absent, Constraints, EnumMember
from attrest.typerefs import JsonScalar


def constraints(node: Mapping[str, Any]) -> Constraints:
    """Return the limits a schema sets (JSON Schema 2020-12 validation §6; OpenAPI 3.0's boolean exclusive limits too)."""
    minimum, exclusive_minimum = _limit(node, "minimum", "exclusiveMinimum")
    maximum, exclusive_maximum = _limit(node, "maximum", "exclusiveMaximum")
    return Constraints(
        minimum=minimum,
        maximum=maximum,
        exclusive_minimum=exclusive_minimum,
        exclusive_maximum=exclusive_maximum,
        multiple_of=_number(node.get("multipleOf")),
        min_length=_count(node.get("minLength")),
        max_length=_count(node.get("maxLength")),
        pattern=pattern if isinstance(pattern := node.get("pattern"), str) else None,
        min_items=_count(node.get("minItems")),
        max_items=_count(node.get("maxItems")),
        unique_items=node.get("uniqueItems") is True,
        min_properties=_count(node.get("minProperties")),
        max_properties=_count(node.get("maxProperties")),
    )


def _limit(node: Mapping[str, Any], inclusive: str, exclusive: str) -> tuple[float | None, float | None]:
    limit, strict = _number(node.get(inclusive)), node.get(exclusive)
    if strict is True:
        return None, limit
    return limit, _number(strict)


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _count(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def example(node: Mapping[str, Any]) -> Any | Absent:
    """Return a schema's or parameter's first example; ABSENT where it has none."""
    if "example" in node:
        return node["example"]
    examples = node.get("examples")
    if isinstance(examples, dict):
        first = next(iter(nodes.mapping(examples).values()), None)
        return nodes.mapping(first).get("value", ABSENT)
    return next(iter(nodes.sequence(examples)), ABSENT)


def description(node: Mapping[str, Any]) -> str | None:
    """Return a node's description, or its title where it has none."""
    return nodes.text(node.get("description")) or nodes.text(node.get("title"))


def is_nullable(node: Mapping[str, Any]) -> bool:
    """Return whether a schema says itself that null fits, in the way of OpenAPI 3.0 or of 3.1."""
    return node.get("nullable") is True or "null" in nodes.sequence(node.get("type"))


def properties(tree: Mapping[str, Any], node: Mapping[str, Any]) -> dict[str, bool]:
    """Return every property of a schema and of its ``allOf`` members, in the order written: name -> is it required."""
    found: dict[str, bool] = {}
    _collect_properties(tree, node, found, set())
    return found


def _collect_properties(
    tree: Mapping[str, Any], node: Mapping[str, Any], found: dict[str, bool], seen: set[int]
) -> None:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(reference := node.get("$ref"), str):
        _collect_properties(tree, nodes.mapping(nodes.find(tree, nodes.target(reference))), found, seen)
    for part in nodes.sequence(node.get("allOf")):
        _collect_properties(tree, nodes.mapping(part), found, seen)
    for name in nodes.mapping(node.get("properties")):
        found.setdefault(name, False)
    for name in nodes.sequence(node.get("required")):
        if isinstance(name, str):
            found[name] = True


def enum_members(node: Mapping[str, Any]) -> tuple[EnumMember, ...]:
    """Return the known values of an enum, each once, null left out; ``x-enum-varnames`` names them where it is there."""
    values: list[Any] = list(nodes.sequence(node.get("enum")))
    if "const" in node and not values:
        values = [node["const"]]
    varnames = nodes.sequence(node.get("x-enum-varnames") or node.get("x-enumNames"))
    descriptions = nodes.sequence(node.get("x-enum-descriptions"))
    given, members, seen = names.Namespace(), list[EnumMember](), set[tuple[type, Any]]()
    for index, value in enumerate(values):
        if not isinstance(value, str | int | float) or (type(value), value) in seen:
            continue
        seen.add((type(value), value))
        wanted = varnames[index] if index < len(varnames) and isinstance(varnames[index], str) else str(value)
        about = descriptions[index] if index < len(descriptions) else None
        members.append(
            EnumMember(name=given.take(names.enum_member(wanted)), value=value, description=nodes.text(about))
        )
    return tuple(members)


def enum_base(members: tuple[EnumMember, ...]) -> Literal["string", "integer", "number", "mixed"]:
    """Return the type that all values of an enum share."""
    kinds = {_base_of(member.value) for member in members}
    return kinds.pop() if len(kinds) == 1 else "mixed"


def _base_of(value: JsonScalar) -> Literal["string", "integer", "number", "mixed"]:
    match value:
        case bool() | None:
            return "mixed"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
