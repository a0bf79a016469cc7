"""Descriptions whose schemas and parameters are as the standard has them, for those who cannot do with anything else.

Published descriptions hold ``required: true`` in a property, or nothing behind a property's colon. What validation says
of that is one thing; that the rest of the description is still good is another.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from attrest import nodes, objects, pointers
from attrest.trees import is_mapping


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_limit(value: object) -> bool:
    return isinstance(value, int | float)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_map(value: object) -> bool:
    return isinstance(value, dict)


def _is_schema(value: object) -> bool:
    return isinstance(value, dict | bool)


def _is_schema_or_list(value: object) -> bool:
    return isinstance(value, dict | bool | list)


def _is_type(value: object) -> bool:
    return _is_text(value) or (_is_list(value) and all(map(_is_text, nodes.sequence(value))))


def _is_list_of_text(value: object) -> bool:
    return _is_list(value) and all(map(_is_text, nodes.sequence(value)))


_FIT: Final[Mapping[str, Callable[[object], bool]]] = {
    "type": _is_type,
    **dict.fromkeys(("$ref", "description", "format", "pattern", "title"), _is_text),
    **dict.fromkeys(("deprecated", "nullable", "readOnly", "uniqueItems", "writeOnly"), _is_flag),
    **dict.fromkeys(("maximum", "minimum", "multipleOf"), _is_number),
    **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum"), _is_limit),
    **dict.fromkeys(("maxItems", "maxLength", "maxProperties", "minItems", "minLength", "minProperties"), _is_count),
    **dict.fromkeys(("allOf", "anyOf", "enum", "oneOf", "prefixItems"), _is_list),
    **dict.fromkeys(("$defs", "definitions", "discriminator", "patternProperties", "properties"), _is_map),
    **dict.fromkeys(("additionalProperties", "not", "propertyNames", "unevaluatedProperties"), _is_schema),
    "items": _is_schema_or_list,
    "required": _is_list_of_text,
}


_MAY_BE_EMPTY: Final = frozenset({"path item", "operation", "request body", "responses", "response", "media type"})


def wellformed(tree: dict[str, Any]) -> dict[str, Any]:
    """Return a gathered description without keywords of schemas that hold what they cannot.

    What stands where a schema should, and is none, takes anything; an operation that is none is empty; a reference to
    a parameter means the parameter's schema; a parameter that is listed twice has another name the second time. The
    tree itself is left as it is.
    """
    placed = tuple(objects.walk(tree))
    kinds: dict[str, objects.Kind] = {each.pointer: each.kind for each in placed}
    schemas = {each.pointer: each.node for each in placed if each.kind == "schema"}
    mended = {pointer: _mended(node, tree, kinds) for pointer, node in schemas.items()}
    changed = {pointer: schema for pointer, schema in mended.items() if schema is not schemas[pointer]}
    replaced = {each.pointer: dict[str, Any]() for each in placed if _is_empty(each)}
    replaced |= {pointer: node for each in placed for pointer, node in _repeated_parameters(tree, each)}
    if not changed and not replaced:
        return tree
    copied = copy.deepcopy(tree)
    for pointer, schema in changed.items():
        _replace(copied, pointer, schema)
    for pointer, node in replaced.items():
        _put(copied, pointer, node)
    return copied


def _is_empty(placed: objects.Placed) -> bool:
    """Return whether something else stands where a mapping should that need not hold anything."""
    return placed.kind in _MAY_BE_EMPTY and not is_mapping(placed.node)


def _repeated_parameters(tree: dict[str, Any], placed: objects.Placed) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the parameters that an operation or a path lists twice, under names that tell them apart."""
    if placed.kind not in {"operation", "path item"}:
        return
    seen: set[tuple[str, str]] = set()
    for index, written in enumerate(nodes.sequence(nodes.mapping(placed.node).get("parameters"))):
        pointer = f"{placed.pointer}/parameters/{index}"
        parameter = nodes.mapping(objects.follow(tree, pointer, written)[1])
        identity = str(parameter.get("name")), str(parameter.get("in"))
        if identity in seen:
            yield pointer, {**parameter, "name": f"{identity[0]} {index}"}
        seen.add(identity)


def _mended(schema: object, tree: dict[str, Any], kinds: Mapping[str, objects.Kind]) -> object:
    """Return a schema as it should be: itself where nothing is wrong with it."""
    if not _is_schema(schema):
        return {}
    keywords = nodes.mapping(schema)
    kept = {name: value for name, value in keywords.items() if name not in _FIT or _FIT[name](value)}
    if isinstance(reference := kept.pop("$ref", None), str):
        kept |= _reference(reference, tree, kinds)
    return schema if kept == keywords else kept


def _reference(reference: str, tree: dict[str, Any], kinds: Mapping[str, objects.Kind]) -> dict[str, str]:
    """Return a schema's reference, to the schema of its target where that is none itself."""
    target = nodes.target(reference)
    if kinds.get(target, "schema") == "schema":
        return {"$ref": reference}
    has_schema = "schema" in nodes.mapping(nodes.find(tree, target))
    return {"$ref": pointers.as_fragment(f"{target}/schema")} if has_schema else {}


def _replace(tree: dict[str, Any], pointer: str, schema: object) -> None:
    """Put a schema's own keywords right; those that hold schemas are put right by themselves."""
    there = pointers.resolve(tree, pointers.split(pointer))
    if is_mapping(there):
        wanted = nodes.mapping(schema)
        for name in there.keys() - wanted.keys():
            del there[name]
        if "$ref" in wanted:
            there["$ref"] = wanted["$ref"]
        return
    _put(tree, pointer, schema)


def _put(tree: dict[str, Any], pointer: str, node: object) -> None:
    tokens = pointers.split(pointer)
    holder = pointers.resolve(tree, tokens[:-1])
    holder[int(tokens[-1]) if isinstance(holder, list) else tokens[-1]] = node
