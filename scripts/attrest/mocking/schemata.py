"""The schemas of a description as one direction sees them: what requests carry, or what answers do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import Any, Final

from attrest import nodes, pointers
from attrest.mocking.adapting import NOT_SENT, Direction, Node
from attrest.schemachecks import Check, Checks, Problem, SchemaError
from attrest.schemanodes import TYPES, type_of

_DEEPEST: Final = 30
"""How many references and compositions within each other are followed."""
_TELLING: Final[Mapping[str, str]] = {
    **dict.fromkeys(("properties", "additionalProperties", "required", "patternProperties", "minProperties"), "object"),
    **dict.fromkeys(("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"), "array"),
    **dict.fromkeys(("pattern", "minLength", "maxLength", "format"), "string"),
    **dict.fromkeys(("minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"), "number"),
}
"""The type that a schema is about, where it says none but has one of these."""


class Schemata:
    """Schemas in one direction."""

    def __init__(self, tree: Node, version: str, direction: Direction) -> None:
        """Prepare the schemas of a description.

        Args:
            tree: The description as the direction sees it.
            version: Its version of OpenAPI, as ``3.0``.
            direction: The direction.
        """
        self.tree = tree
        self.not_sent = NOT_SENT[direction]
        self._checks = Checks(self.tree, version)
        self._found: dict[str, Check | None] = {}
        self._nodes: dict[str, Node] = {}
        self._types: dict[int, tuple[object, frozenset[str]]] = {}
        self.remarks: list[str] = []
        """What cannot be checked, and why."""

    def problems(self, pointer: str, value: Any) -> Iterator[Problem]:
        """Say what of a value does not fit the schema at a pointer; nothing where the schema cannot be used."""
        check = self._check(pointer)
        return iter(()) if check is None else check.problems(value)

    def fits(self, pointer: str, value: Any) -> bool:
        """Tell whether a value fits the schema at a pointer."""
        check = self._check(pointer)
        return check is None or check.fits(value)

    def prepare(self, pointer: str) -> None:
        """Make what holds values against the schema at a pointer, so that the first value does not wait for it."""
        if nodes.find(self.tree, pointer) is not pointers.MISSING:
            self._check(pointer)

    def _check(self, pointer: str) -> Check | None:
        if pointer not in self._found:
            try:
                self._found[pointer] = self._checks.at(pointer)
            except SchemaError as error:
                self._found[pointer] = None
                self.remarks.append(f"{pointers.as_fragment(pointer)}: values are not checked: {error}")
        return self._found[pointer]

    def at(self, pointer: str) -> Node:
        """Return the schema at a pointer as it stands there."""
        if pointer not in self._nodes:
            self._nodes[pointer] = nodes.mapping(nodes.find(self.tree, pointer))
        return self._nodes[pointer]

    def flat(self, node: object, depth: int = 0) -> dict[str, Any]:
        """Return a schema with what its references and its parts of ``allOf`` say worked into it.

        Alternatives (``anyOf``, ``oneOf``) stay as they are. What the schema itself says goes before what they say.
        """
        schema = nodes.mapping(node)
        own = {key: value for key, value in schema.items() if key not in {"$ref", "allOf"}}
        if depth > _DEEPEST:
            return own
        parts = [self.flat(part, depth + 1) for part in nodes.sequence(schema.get("allOf"))]
        if (reference := schema.get("$ref")) is not None and str(reference).startswith("#"):
            parts.append(self.flat(nodes.find(self.tree, nodes.target(str(reference))), depth + 1))
        return reduce(merged, parts, own)

    def types(self, node: object, depth: int = 0) -> frozenset[str]:
        """Return the JSON types that values of a schema may have; all where it does not say."""
        if id(node) not in self._types:
            self._types[id(node)] = node, self._found_types(node, depth)  # the node stays, and so does its id
        return self._types[id(node)][1]

    def _found_types(self, node: object, depth: int) -> frozenset[str]:
        schema = self.flat(node)
        if "const" in schema or "enum" in schema:
            values = [schema["const"]] if "const" in schema else nodes.sequence(schema["enum"])
            return frozenset(map(type_of, values))
        written = schema.get("type")
        found = frozenset([written] if isinstance(written, str) else map(str, nodes.sequence(written)))
        if not found and (alternatives := self.alternatives(schema)) and depth < _DEEPEST:
            found = frozenset[str]().union(*(self.types(each, depth + 1) for each in alternatives))
        told = found or frozenset(kind for keyword, kind in _TELLING.items() if keyword in schema) or TYPES
        return told | {"integer"} if "number" in told else told

    def alternatives(self, schema: Node) -> list[Node]:
        """Return the alternatives of a flat schema."""
        return [nodes.mapping(each) for key in ("oneOf", "anyOf") for each in nodes.sequence(schema.get(key))]

    def property(self, node: object, name: str, depth: int = 0) -> Node:
        """Return the schema of a property, wherever it is described; an empty one where it is not."""
        schema = self.flat(node)
        found = nodes.mapping(schema.get("properties")).get(name)
        if found is None and depth < _DEEPEST:
            inside = (self.property(each, name, depth + 1) for each in self.alternatives(schema))
            found = next((each for each in inside if each), None)
        return nodes.mapping(schema.get("additionalProperties") if found is None else found)

    def properties(self, node: object, depth: int = 0) -> dict[str, Node]:
        """Return every property that a schema describes, those of its alternatives included."""
        schema = self.flat(node)
        found = {name: nodes.mapping(each) for name, each in nodes.mapping(schema.get("properties")).items()}
        if depth < _DEEPEST:
            for each in self.alternatives(schema):
                found = self.properties(each, depth + 1) | found
        return found

    def items(self, node: object) -> Node:
        """Return the schema of an array's items; an empty one where it is not described."""
        schema = self.flat(node)
        found = schema.get("items")
        if found is None:
            found = next((self.items(each) for each in self.alternatives(schema) if self.items(each)), None)
        return nodes.mapping(found)


def merged(schema: dict[str, Any], other: Node) -> dict[str, Any]:
    """Return a flat schema that takes what both take, as far as one can say so; annotations of the first count."""
    found = dict(schema)
    for key, value in other.items():
        if key not in found:
            found[key] = value
        elif key in _JOINED and found[key] != value:
            found[key] = _JOINED[key](found[key], value)
    return found


def _both_properties(one: Any, other: Any) -> dict[str, Any]:
    mine, others = nodes.mapping(one), nodes.mapping(other)
    return {
        **others,
        **{name: _both(each, others[name]) if name in others else each for name, each in mine.items()},
    }


def _both(one: Any, other: Any) -> Any:
    """Return a schema that takes what both take; either may be a boolean."""
    if one is False or other is False:
        return False
    parts = [each for each in (one, other) if each is not True]
    return {"allOf": parts} if len(parts) > 1 else parts[0] if parts else True


def _both_types(one: Any, other: Any) -> Any:
    mine, others = ({each} if isinstance(each, str) else set(nodes.sequence(each)) for each in (one, other))
    if "integer" in mine | others:
        mine, others = (each | {"integer"} if "number" in each else each for each in (mine, others))
    return sorted(mine & others) or one


def _both_values(one: Any, other: Any) -> Any:
    return [value for value in nodes.sequence(one) if value in nodes.sequence(other)] or one


def _either(one: Any, other: Any) -> Any:
    return list(dict.fromkeys([*nodes.sequence(one), *nodes.sequence(other)]))


_JOINED: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "properties": _both_properties,
    **dict.fromkeys(("items", "additionalProperties"), _both),
    "type": _both_types,
    "enum": _both_values,
    "required": _either,
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
    "uniqueItems": max,
}
