"""Schemas whose keywords hold what the standard has for them, for those who cannot do with anything else.

Published descriptions hold ``required: true`` in a property, or nothing behind a property's colon. What validation says
of that is one thing; that the rest of the description is still good is another.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, Final

from attrest import nodes, objects, pointers


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


def wellformed(tree: dict[str, Any]) -> dict[str, Any]:
    """Return a gathered description without keywords of schemas that hold what they cannot.

    What stands where a schema should, and is none, takes anything. The tree itself is left as it is.
    """
    found = [
        (placed.pointer, _unfit(placed.node))
        for placed in objects.walk(tree)
        if placed.kind == "schema" and (not _is_schema(placed.node) or _unfit(placed.node))
    ]
    if not found:
        return tree
    mended = copy.deepcopy(tree)
    for pointer, keywords in found:
        _mend(mended, pointer, keywords)
    return mended


def _unfit(schema: object) -> tuple[str, ...]:
    return tuple(name for name, value in nodes.mapping(schema).items() if name in _FIT and not _FIT[name](value))


def _mend(tree: dict[str, Any], pointer: str, keywords: tuple[str, ...]) -> None:
    tokens = pointers.split(pointer)
    if keywords:
        schema = pointers.resolve(tree, tokens)
        for keyword in keywords:
            del schema[keyword]
        return
    holder = pointers.resolve(tree, tokens[:-1])
    holder[int(tokens[-1]) if isinstance(holder, list) else tokens[-1]] = {}
