"""The limits that a schema sets: its own, and those of what it refers to or extends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from attrest import nodes
from attrest.ir import Constraints


def _first(values: list[Any]) -> Any:
    return values[0]


_TIGHTEST: Final[Mapping[str, Callable[[list[Any]], Any]]] = {
    "minimum": max,
    "maximum": min,
    "exclusive_minimum": max,
    "exclusive_maximum": min,
    "multiple_of": _first,
    "min_length": max,
    "max_length": min,
    "pattern": _first,
    "min_items": max,
    "max_items": min,
    "unique_items": any,
    "min_properties": max,
    "max_properties": min,
}
"""How several limits of one kind come to one."""


def constraints(tree: Mapping[str, Any], node: Mapping[str, Any]) -> Constraints:
    """Return the limits that hold for a schema's values, the tightest of each kind.

    Args:
        tree: The description, in which references are looked up.
        node: The schema.
    """
    return tightest(_conjuncts(tree, node, set()))


def tightest(schemas: Iterable[Mapping[str, Any]]) -> Constraints:
    """Return the limits that hold for values that fit several schemas, the tightest of each kind."""
    parts = [_own(schema) for schema in schemas]
    found: dict[str, Any] = {}
    for name, choose in _TIGHTEST.items():
        if given := [value for part in parts if (value := getattr(part, name)) is not None]:
            found[name] = choose(given)
    return Constraints(**found)


def _conjuncts(tree: Mapping[str, Any], node: Mapping[str, Any], seen: set[int]) -> Iterator[Mapping[str, Any]]:
    """Return the schemas that a value has to fit: this one, what it refers to, and the members of ``allOf``."""
    if id(node) in seen:
        return
    seen.add(id(node))
    yield node
    if isinstance(reference := node.get("$ref"), str):
        yield from _conjuncts(tree, nodes.mapping(nodes.find(tree, nodes.target(reference))), seen)
    for part in nodes.sequence(node.get("allOf")):
        yield from _conjuncts(tree, nodes.mapping(part), seen)


def _own(node: Mapping[str, Any]) -> Constraints:
    """Return a schema's own limits (JSON Schema 2020-12 validation §6; also the exclusive ones of OpenAPI 3.0)."""
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
