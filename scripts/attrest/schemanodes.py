"""Facts that are read straight off a schema of the description, as it was written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

from attrest import names, nodes
from attrest.ir import ABSENT, Absent, EnumMember
from attrest.typerefs import JsonScalar, kind_of


def example(node: Mapping[str, Any]) -> Any | Absent:
    """Return a schema's or parameter's first example; ABSENT where it has none."""
    if "example" in node:
        return node["example"]
    for named in nodes.mapping(node.get("examples")).values():
        return nodes.mapping(named).get("value", ABSENT)
    return next(iter(nodes.sequence(node.get("examples"))), ABSENT)


def description(node: Mapping[str, Any]) -> str | None:
    """Return a node's description, or its title where it has none."""
    return nodes.text(node.get("description")) or nodes.text(node.get("title"))


def is_nullable(node: Mapping[str, Any]) -> bool:
    """Return whether a schema says itself that null fits, in the way of OpenAPI 3.0 or of 3.1."""
    if "type" not in node and None in nodes.sequence(node.get("enum")):
        return True
    return node.get("nullable") is True or node.get("type") == "null" or "null" in nodes.sequence(node.get("type"))


def constants(node: Mapping[str, Any]) -> tuple[JsonScalar, ...]:
    """Return the scalars that are the only values of a schema; none where others, or any, are."""
    found = [node["const"]] if "const" in node else nodes.sequence(node.get("enum"))
    return tuple(found) if all(isinstance(value, str | int | float) for value in found) else ()


def as_tag(value: JsonScalar) -> str:
    """Return a value of a discriminator as a mapping writes it."""
    return value if isinstance(value, str) else json.dumps(value)


def content_kind(node: Mapping[str, Any]) -> Literal["base64", "file"] | None:
    """Return how a string carries bytes (JSON Schema 2020-12 validation §8); None where it carries text."""
    encoding, media_type = node.get("contentEncoding"), node.get("contentMediaType")
    if encoding is None:
        return "file" if media_type == "application/octet-stream" else None
    return "base64" if str(encoding).lower() == "base64" else None


_ANNOTATIONS: Final = frozenset(
    {
        "$comment",
        "default",
        "deprecated",
        "description",
        "example",
        "examples",
        "externalDocs",
        "nullable",
        "readOnly",
        "title",
        "writeOnly",
        "xml",
    }
)
"""Keywords that say something about a schema and do not change what it takes, null aside."""


def is_wrapped_reference(node: Mapping[str, Any]) -> bool:
    """Return whether a schema only says something about another: ``allOf`` with one reference, as OpenAPI 3.0 needs."""
    parts = nodes.sequence(node.get("allOf"))
    own = {name for name in node if not name.startswith("x-")} - {"allOf"}
    return len(parts) == 1 and "$ref" in nodes.mapping(parts[0]) and own <= _ANNOTATIONS


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


def is_enum(node: Mapping[str, Any]) -> bool:
    """Return whether a schema is an enum of scalars: it lists several kinds of values, or one that is not boolean."""
    if "const" in node:
        return False
    types = {node["type"]} if isinstance(node.get("type"), str) else set(nodes.sequence(node.get("type")))
    if types and types <= {"array", "object", "null"}:
        return False
    members = enum_members(node)
    return not all(isinstance(member.value, bool) for member in members)


def enum_members(node: Mapping[str, Any]) -> tuple[EnumMember, ...]:
    """Return the known values of an enum, each once, null left out.

    They stand under ``enum``, named by ``x-enum-varnames`` where it is there, or each under a ``const`` of its own. An
    enum that lists a boolean and the number that Python takes for the same has none that could be told apart.
    """
    given, members, seen = names.Namespace(), list[EnumMember](), set[tuple[bool, Any]]()
    for name, value, about in _listed_values(node) or _constant_values(node):
        if not isinstance(value, str | int | float) or (isinstance(value, bool), value) in seen:
            continue
        seen.add((isinstance(value, bool), value))
        wanted = names.enum_member(str(value) if name is None else name)
        members.append(EnumMember(name=given.take(wanted), value=value, description=about))
    return tuple(members) if len({member.value for member in members}) == len(members) else ()


_Value: TypeAlias = tuple[str | None, Any, str | None]
"""The name that an enum's value is given, the value, and what is said about it."""


def _listed_values(node: Mapping[str, Any]) -> list[_Value]:
    varnames = nodes.sequence(node.get("x-enum-varnames") or node.get("x-enumNames"))
    descriptions = nodes.sequence(node.get("x-enum-descriptions"))
    return [
        (nodes.text(_at(varnames, index)), value, nodes.text(_at(descriptions, index)))
        for index, value in enumerate(nodes.sequence(node.get("enum")))
    ]


def _at(values: Sequence[Any], index: int) -> object:
    return values[index] if index < len(values) else None


def _constant_values(node: Mapping[str, Any]) -> list[_Value]:
    members = [nodes.mapping(each) for name in ("oneOf", "anyOf") for each in nodes.sequence(node.get(name))]
    if not all("const" in member or member.get("type") == "null" for member in members):
        return []
    return [
        (nodes.text(member.get("title")), member["const"], nodes.text(member.get("description")))
        for member in members
        if "const" in member
    ]


def enum_base(members: tuple[EnumMember, ...]) -> Literal["string", "integer", "number", "mixed"]:
    """Return the type that all values of an enum share."""
    match {kind_of(member.value) for member in members}:
        case kinds if kinds == {"string"}:
            return "string"
        case kinds if kinds == {"integer"}:
            return "integer"
        case kinds if kinds <= {"integer", "number"}:
            return "number"
        case _:
            return "mixed"
