"""Names for schemas after the place where the description has them.

A schema under ``components`` keeps its own name. Any other is named after what it stands in, so that its name stays
when something else is added: anything but a component that is called just so, since components come first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrest import names, nodes, pointers
from attrest.objects import METHODS

_COMPONENTS = {
    "schemas": "",
    "parameters": "Parameter",
    "headers": "Header",
    "requestBodies": "Body",
    "responses": "Response",
    "mediaTypes": "Content",
    "callbacks": "Callback",
    "pathItems": "PathItem",
}
_STEPS = {
    "schema": "",
    "requestBody": "Body",
    "items": "Item",
    "itemSchema": "Item",
    "contentSchema": "",
    "contains": "Item",
    "additionalProperties": "Value",
    "unevaluatedProperties": "Value",
    "propertyNames": "Name",
}
_KEYED = frozenset(
    {
        "properties",
        "$defs",
        "definitions",
        "patternProperties",
        "dependentSchemas",
        "oneOf",
        "anyOf",
        "allOf",
        "prefixItems",
        "parameters",
        "responses",
        "headers",
        "content",
        "callbacks",
    }
)
"""Steps that take a key or an index with them."""


def schema_name(tree: Mapping[str, Any], pointer: str) -> str:
    """Return the class name that the schema at a pointer would like to have."""
    tokens = pointers.split(pointer)
    if tokens[:2] == ("components", "schemas") and len(tokens) > 2:
        return _with_steps(tree, names.class_name(tokens[2]), tokens[:3], tokens[3:])
    if tokens[:1] == ("components",) and len(tokens) > 2:
        own = names.pascal(tokens[2])
        suffix = _COMPONENTS.get(tokens[1], "")
        return _with_steps(tree, own if own.endswith(suffix) else own + suffix, tokens[:3], tokens[3:])
    if tokens[:1] in {("paths",), ("webhooks",)} and len(tokens) > 2:
        return _in_path_item(tree, tokens)
    return names.class_name("".join(names.pascal(token) for token in tokens[-3:]))


def operation_name(path: str, method: str, operation: Mapping[str, Any]) -> str:
    """Return an operation's name: its operationId, or where it has none its method and path in words."""
    identifier = nodes.text(operation.get("operationId"))
    return identifier if identifier and names.words(identifier) else f"{method.lower()} {path_words(path)}".strip()


def is_respelled(operation: Mapping[str, Any]) -> bool:
    """Return whether an operation's name only comes from its operationId, or from its path, and is not spelled so."""
    identifier = nodes.text(operation.get("operationId"))
    return identifier is None or identifier != names.attribute(identifier)


def is_in_respelled(tree: Mapping[str, Any], pointer: str) -> bool:
    """Return whether a schema is part of no operation that is called as its operationId is spelled."""
    return is_respelled(_node(tree, _operation_place(pointers.split(pointer))))


def path_words(path: str) -> str:
    """Return a URL template in words, such as ``pets by pet id`` for ``/pets/{petId}``."""
    return " ".join(names.words(path.replace("{", " by ")))


def _in_path_item(tree: Mapping[str, Any], tokens: Sequence[str]) -> str:
    operation = _operation_place(tokens)
    place = operation or tokens[:2]
    scope = _operation_scope(tree, operation) if operation else names.pascal(path_words(tokens[1]))
    return _with_steps(tree, scope, place, tokens[len(place) :])


def _operation_place(tokens: Sequence[str]) -> Sequence[str]:
    """Return the part of a place that is an operation's; empty where it is in none."""
    if tokens[:1] not in {("paths",), ("webhooks",)} or len(tokens) < 3:
        return ()
    if tokens[2] == "additionalOperations" and len(tokens) > 3:
        return tokens[:4]
    return tokens[:3] if tokens[2] in METHODS else ()


def _operation_scope(tree: Mapping[str, Any], tokens: Sequence[str]) -> str:
    return names.pascal(operation_name(tokens[1], tokens[-1], _node(tree, tokens)))


def _with_steps(tree: Mapping[str, Any], name: str, place: Sequence[str], steps: Sequence[str]) -> str:
    """Append to a name what each step below its place adds."""
    parts, index, here = [name], 0, list(place)
    while index < len(steps):
        step = steps[index]
        taken = 2 if step in _KEYED and index + 1 < len(steps) else 1
        parts.append(_keyed_word(tree, here, step, steps[index + 1]) if taken == 2 else _single_word(step))
        here += steps[index : index + taken]
        index += taken
    return names.class_name("".join(parts))


def _single_word(step: str) -> str:
    return _STEPS[step] if step in _STEPS else names.pascal(step)


def _keyed_word(tree: Mapping[str, Any], here: Sequence[str], step: str, key: str) -> str:
    match step:
        case "oneOf" | "anyOf":
            return _variant_word(tree, (*here, step, key), key)
        case "prefixItems":
            return f"Item{int(key) + 1}"
        case "parameters":
            return _parameter_word(tree, (*here, step, key), key)
        case "responses":
            return "Response" if _is_main_response(tree, here, key) else f"Response{''.join(names.words(key.upper()))}"
        case "content":
            return "" if _is_first(tree, (*here, step), key) else names.pascal(key.rpartition("/")[2])
        case "allOf":
            return ""
        case _:
            return names.pascal(key)


def _variant_word(tree: Mapping[str, Any], place: Sequence[str], index: str) -> str:
    title = nodes.text(_node(tree, place).get("title"))
    if title and names.words(title):
        return names.pascal(title)
    return f"Variant{int(index) + 1}"


def _parameter_word(tree: Mapping[str, Any], place: Sequence[str], index: str) -> str:
    name = nodes.text(_node(tree, place).get("name"))
    return names.pascal(name) if name else f"Parameter{index}"


def _is_main_response(tree: Mapping[str, Any], place: Sequence[str], status: str) -> bool:
    successes = sorted(key for key in _node(tree, (*place, "responses")) if key.startswith("2"))
    return status == (successes[0] if successes else "default")


def _is_first(tree: Mapping[str, Any], place: Sequence[str], key: str) -> bool:
    return next(iter(_node(tree, place)), None) == key


def _node(tree: Mapping[str, Any], place: Sequence[str]) -> Mapping[str, Any]:
    return nodes.mapping(nodes.find(tree, pointers.join(place)))
