"""Text -> JSON values: what the text of a parameter or of a form's field stands for, by its schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from attrest.mocking.adapting import Node
from attrest.mocking.schemata import Schemata

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,4000})")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,400})(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,3})?")
_WORDS: Final[Mapping[str, bool]] = {"true": True, "false": False}


def scalar(schemata: Schemata, schema: Node, text: str) -> Any:
    """Return the value that a text stands for; the text itself where its schema takes no other that it could be."""
    types = schemata.types(schema)
    if len(types) == 7:
        return text
    if "boolean" in types and text in _WORDS:
        return _WORDS[text]
    if "integer" in types and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in types and _NUMBER.fullmatch(text):
        return float(text)
    if "null" in types and "string" not in types and text in {"", "null"}:
        return None
    return _structured(text) if "string" not in types and not types.isdisjoint({"array", "object"}) else text


def _structured(text: str) -> Any:
    """Return what stands in a place that has no style of its own for structure: JSON, as far as it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def array(schemata: Schemata, schema: Node, texts: Iterable[str]) -> list[Any]:
    """Return the values of an array's items."""
    items = schemata.items(schema)
    return [scalar(schemata, items, text) for text in texts]


def mapping(schemata: Schemata, schema: Node, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the values of an object's properties, of which a repeated one is an array."""
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        found.setdefault(name, []).append(text)
    made: dict[str, Any] = {}
    for name, texts in found.items():
        property_ = schemata.property(schema, name)
        is_array = "array" in schemata.types(property_) and bool(property_)
        many = array(schemata, property_, texts) if is_array or len(texts) > 1 else []
        made[name] = many or scalar(schemata, property_, texts[0])
    return made
