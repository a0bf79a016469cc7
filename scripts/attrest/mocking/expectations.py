"""Says in words what a schema expects where a value does not fit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from attrest import nodes, pointers
from attrest.mocking.schemata import Schemata
from attrest.schemachecks import Problem

_LONGEST: Final = 300
"""The most characters of the values that are listed."""


def expected(problem: Problem, schemata: Schemata) -> str:
    """Return what was expected where a value does not fit, as ``an integer``; the problem's own words at worst."""
    limit = nodes.find(schemata.tree, problem.pointer) if problem.pointer else pointers.MISSING
    if problem.unexpected:
        return f"no property {_listed(problem.unexpected, 'or')}"
    if problem.keyword == "required":
        return f"the property {problem.message.removesuffix(' is a required property')}"
    if problem.keyword == "uniqueItems":
        return "no item twice"
    told = _WORDS.get(problem.keyword)
    is_told = limit is not pointers.MISSING and (problem.keyword == "const" or not isinstance(limit, bool))
    return told(limit) if told is not None and is_told else problem.message


def _types(written: Any) -> str:
    names = [written] if isinstance(written, str) else nodes.texts(written)
    return " or ".join(_ARTICLES.get(name, f"a {name}") for name in names)


def _values(written: Any) -> str:
    values = nodes.sequence(written)
    return _json(values[0]) if len(values) == 1 else f"one of {_listed(values, 'and')}"


def _listed(values: Any, last: str) -> str:
    """Return values between commas, and how many more there are than have room."""
    told: list[str] = []
    for value in values:
        told.append(_json(value))
        if len(", ".join(told)) > _LONGEST and len(told) < len(values):
            told.append(f"{len(values) - len(told)} more")
            break
    return f" {last} ".join(filter(None, (", ".join(told[:-1]), told[-1])))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _counted(relation: str, one: str, many: str) -> Callable[[Any], str]:
    return lambda limit: f"{relation} {limit} {one if limit == 1 else many}"


_ARTICLES: Final[Mapping[str, str]] = {
    "integer": "an integer",
    "object": "an object",
    "array": "an array",
    "null": "null",
}
_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "type": _types,
    "enum": _values,
    "const": _json,
    "minimum": "at least {}".format,
    "maximum": "at most {}".format,
    "exclusiveMinimum": "more than {}".format,
    "exclusiveMaximum": "less than {}".format,
    "multipleOf": "a multiple of {}".format,
    "minLength": _counted("at least", "character", "characters"),
    "maxLength": _counted("at most", "character", "characters"),
    "pattern": "text that matches {}".format,
    "format": "the format {}".format,
    "minItems": _counted("at least", "item", "items"),
    "maxItems": _counted("at most", "item", "items"),
    "minProperties": _counted("at least", "property", "properties"),
    "maxProperties": _counted("at most", "property", "properties"),
}
"""By keyword: how to say what its value expects."""
