"""Schemas -> values: the same value for the same schema in every run, and one that fits where one can be found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Final
from uuid import UUID

import attrs

from attrest import bounds, ecmascript, nodes, patterns, pointers, schemanodes
from attrest.contentforms import form_of
from attrest.ir import ABSENT, Absent, Constraints
from attrest.mocking.adapting import Node
from attrest.mocking.schemata import Schemata
from attrest.trees import is_mapping

_WORD: Final = "text"
_CHOICES: Final = 4
"""How many alternatives of each kind are tried, one after the other."""
_REPEATED: Final = 1
"""How often a schema may be inside itself."""
_MOST_ITEMS: Final = 100
_DEEPEST: Final = 24
_MOST_VALUES: Final = 1000
"""How many values are inside of one before it has nothing more that it does not need."""
_UNITS: Final[Mapping[str, float]] = {"integer": 1, "number": 0.5}


def value(schemata: Schemata, pointer: str) -> Any | Absent:
    """Return a value that fits the schema at a pointer; ABSENT where none is found.

    What the description gives as examples and defaults goes before what is made up.
    """
    return next((found for found in candidates(schemata, pointer) if schemata.fits(pointer, found)), ABSENT)


def candidates(schemata: Schemata, pointer: str) -> Iterator[Any]:
    """Return values that may fit the schema at a pointer, the likeliest first."""
    for choice in range(_CHOICES):
        for has_examples in (True, False):
            for is_full in (True, False):
                maker = Maker(schemata, choice, has_examples=has_examples, is_full=is_full)
                made = maker.value({"$ref": pointers.as_fragment(pointer)})
                if not isinstance(made, Absent):
                    yield made


@attrs.frozen
class _Where:
    """What a value is made within."""

    references: tuple[str, ...] = ()
    number: int = 0
    """Which of several values that have to differ it is."""
    depth: int = 0


_TOP: Final = _Where()


class Maker:
    """Makes values of schemas that may fit."""

    def __init__(self, schemata: Schemata, choice: int = 0, *, has_examples: bool = True, is_full: bool = True) -> None:
        """Decide how.

        Args:
            schemata: The schemas.
            choice: Which of alternatives to take.
            has_examples: Whether to take what the description gives as examples and defaults.
            is_full: Whether objects have the properties too that are not required.
        """
        self._schemata = schemata
        self._choice = choice
        self._has_examples = has_examples
        self._is_full = is_full
        self._left = _MOST_VALUES

    def value(self, node: object, where: _Where = _TOP) -> Any | Absent:
        """Return a value of a schema; ABSENT where there is none, or none that ends."""
        self._left -= 1
        if node is False or where.depth > _DEEPEST:
            return ABSENT
        inside = self._entered(nodes.mapping(node), where)
        if inside is None:
            return ABSENT
        schema = self._schemata.flat(node)
        if (given := self._given(schema, where)) is not ABSENT:
            return given
        alternatives = self._schemata.alternatives(schema)
        return self._alternative(schema, alternatives, inside) if alternatives else self._typed(schema, inside)

    def distinct(self, node: object, number: int) -> Any | Absent:
        """Return a value of a schema that is another for nearly every number; ABSENT where there is none."""
        return self.value(node, _Where(number=number))

    def _entered(self, node: Node, where: _Where) -> _Where | None:
        """Note the references that a schema begins with; None where one of them has been entered too often."""
        references = where.references
        waiting: list[Node] = [node]
        while waiting:
            part = waiting.pop()
            waiting.extend(map(nodes.mapping, nodes.sequence(part.get("allOf"))))
            reference = part.get("$ref")
            if not isinstance(reference, str):
                continue
            if references.count(reference) > (_REPEATED if self._is_full else 0):
                return None
            references = (*references, reference)
            waiting.append(self._schemata.at(nodes.target(reference)))
        return attrs.evolve(where, references=references, depth=where.depth + 1)

    def _given(self, schema: Node, where: _Where) -> Any | Absent:
        """Return what a schema itself gives as a value."""
        if "const" in schema:
            return schema["const"]
        if self._has_examples and where.number == 0:
            example = schemanodes.example(schema)
            if not isinstance(example, Absent):
                return example
            if "default" in schema:
                return schema["default"]
        values = nodes.sequence(schema.get("enum"))
        return values[where.number % len(values)] if values else ABSENT

    def _alternative(self, schema: dict[str, Any], alternatives: list[Node], where: _Where) -> Any | Absent:
        """Return a value of one alternative, and of all that the schema says besides."""
        rest = {key: each for key, each in schema.items() if key not in {"oneOf", "anyOf"}}
        start = self._choice % len(alternatives)
        for chosen in (*alternatives[start:], *alternatives[:start]):
            made = self.value({**rest, "allOf": [chosen]}, where)
            if not isinstance(made, Absent):
                return self._tagged(made, schema, chosen)
        return ABSENT

    def _tagged(self, made: Any, schema: Node, chosen: Node) -> Any:
        """Return a value with the tag of its alternative, where that does not say itself what the tag is."""
        discriminator, reference = nodes.mapping(schema.get("discriminator")), chosen.get("$ref")
        name = discriminator.get("propertyName")
        if not is_mapping(made) or not isinstance(name, str) or not isinstance(reference, str):
            return made
        told = self._schemata.flat(self._schemata.property(chosen, name))
        return made if "const" in told or "enum" in told else {**made, name: _tag(discriminator, reference)}

    def _typed(self, schema: Node, where: _Where) -> Any | Absent:
        types = self._schemata.types(schema)
        written = [each for each in schemanodes.types(schema) if each != "null"] or [
            each for each in ("object", "array", "string", "integer", "number", "boolean") if each in types
        ]
        kind = written[0] if written and len(types) < 7 else "null" if types <= {"null"} else "string"
        match kind:
            case "object":
                return self._object(schema, where)
            case "array":
                return self._array(schema, where)
            case "boolean":
                return where.number % 2 == 0
            case "integer" | "number":
                return _number(bounds.own(schema), kind, where.number)
            case "null":
                return None
            case _:
                return self._content(schema, where)

    def _content(self, schema: Node, where: _Where) -> Any | Absent:
        """Return text, or what text holds where that is described (JSON Schema 2020-12 validation §8)."""
        if "contentSchema" not in schema or form_of(str(schema.get("contentMediaType", ""))) != "json":
            return _text(schema, where.number)
        inside = self.value(schema["contentSchema"], where)
        return inside if isinstance(inside, Absent) else json.dumps(inside, ensure_ascii=False)

    def _array(self, schema: Node, where: _Where) -> Any | Absent:
        limits = bounds.own(schema)
        least = min(limits.min_items or 0, _MOST_ITEMS)
        prefix = nodes.sequence(schema.get("prefixItems"))
        wanted = max(least, 1) if "items" in schema else max(least, len(prefix))
        wanted = wanted if limits.max_items is None else min(wanted, limits.max_items)
        found: list[Any] = []
        for index in range(wanted):
            item = prefix[index] if index < len(prefix) else schema.get("items", {})
            number = index if limits.unique_items else 0
            made = self.value(item, attrs.evolve(where, number=where.number + number))
            if isinstance(made, Absent):
                return found if len(found) >= least else ABSENT
            found.append(made)
        return found

    def _object(self, schema: Node, where: _Where) -> Any | Absent:
        required = nodes.texts(schema.get("required"))
        properties = nodes.mapping(schema.get("properties"))
        others = schema.get("additionalProperties", {})
        made: dict[str, Any] = {}
        for name in dict.fromkeys([*properties, *required]):
            node = properties.get(name, others)
            is_needed = name in required
            if not is_needed and (not self._is_full or self._left < 0 or self._is_not_sent(node)):
                continue
            value_of = self.value(node, where)
            if not isinstance(value_of, Absent):
                made[name] = value_of
            elif is_needed:
                return ABSENT
        return self._filled(made, schema, where)

    def _filled(self, made: dict[str, Any], schema: Node, where: _Where) -> Any | Absent:
        """Return an object with as many properties as it needs; one without any that are named has one as a sample."""
        limits = bounds.own(schema)
        others = schema.get("additionalProperties", schema.get("unevaluatedProperties", {}))
        is_map = is_mapping(others) and bool(others) and not schema.get("properties")
        wanted = max(limits.min_properties or 0, 1 if is_map and self._is_full else 0)
        names = self._names(schema)
        while len(made) < min(wanted, _MOST_ITEMS):
            name, more = next(names), self.value(others, where)
            if isinstance(more, Absent):
                return made if len(made) >= (limits.min_properties or 0) else ABSENT
            made.setdefault(name, more)
        return made

    def _names(self, schema: Node) -> Iterator[str]:
        """Return names for properties that are not named."""
        naming = schema.get("propertyNames", {})
        pattern = next(iter(nodes.mapping(schema.get("patternProperties"))), None)
        for number in range(2 * _MOST_ITEMS):
            found = self.value(naming, _Where(number=number)) if naming else ABSENT
            if isinstance(found, str):
                yield found
            elif pattern is not None and number == 0:
                yield _matching(Constraints(pattern=pattern)) or "key"
            else:
                yield f"key{number or ''}"

    def _is_not_sent(self, node: object) -> bool:
        return self._schemata.flat(node).get(self._schemata.not_sent) is True


def _tag(discriminator: Node, reference: str) -> str:
    """Return the tag of the alternative that a reference leads to: one that is mapped to it, or its name."""
    component = pointers.split(nodes.target(reference))[-1]
    mapping = nodes.mapping(discriminator.get("mapping"))
    return next((tag for tag, target in mapping.items() if target in (reference, component)), component)


def _number(limits: Constraints, kind: str, number: int) -> float:
    """Return a number within limits: the smallest that is not below one where there is one."""
    unit = limits.multiple_of or _UNITS[kind]
    low, high = _ends(limits, unit)
    start = 1 if low is None and (high is None or high >= 1) else low if low is not None else high
    wanted = start if start is not None else 1
    steps = -(-wanted // unit) if low is not None or high is None else wanted // unit
    found = (steps + number) * unit
    if high is not None and found > high:
        found = (high // unit) * unit if number == 0 else (steps - number) * unit
    return int(found) if kind == "integer" or float(found).is_integer() else found


def _ends(limits: Constraints, unit: float) -> tuple[float | None, float | None]:
    low, high = limits.minimum, limits.maximum
    if limits.exclusive_minimum is not None:
        above = limits.exclusive_minimum + unit
        low = above if low is None else max(low, above)
    if limits.exclusive_maximum is not None:
        below = limits.exclusive_maximum - unit
        high = below if high is None else min(high, below)
    return low, high


def _text(schema: Node, number: int) -> str:
    limits, form = bounds.own(schema), str(schema.get("format", ""))
    if limits.pattern is not None and (found := _matching(limits, number)) is not None:
        return found
    if form in _DISTINCT:
        return _DISTINCT[form](number)
    if form in _FORMATS:
        return _FORMATS[form]
    digits = str(number or "")
    room = None if limits.max_length is None else max(0, limits.max_length - len(digits))
    return f"{_WORD[:room]}{digits}".ljust(limits.min_length or 0, "x")[: limits.max_length]


def _matching(limits: Constraints, number: int = 0) -> str | None:
    pattern = ecmascript.translated(limits.pattern or "") or limits.pattern or ""
    return patterns.distinct(pattern, number, limits.min_length or 0, limits.max_length)


def _later(**step: int) -> datetime:
    return _MOMENT + timedelta(**step)


_MOMENT: Final = datetime(2030, 1, 31, 12, tzinfo=UTC)
_DISTINCT: Final[Mapping[str, Callable[[int], str]]] = {
    "uuid": lambda number: str(UUID(int=0x2F1D8A526B0E4C579D437A8E0B9C1D26 + number)),
    "date-time": lambda number: f"{_later(seconds=number):%Y-%m-%dT%H:%M:%SZ}",
    "date": lambda number: f"{_later(days=number):%Y-%m-%d}",
    "time": lambda number: f"{_later(seconds=number):%H:%M:%SZ}",
    "duration": lambda number: f"PT1H{30 + number}M",
    "ipv4": lambda number: str(IPv4Address("192.0.2.1") + number),
    "ipv6": lambda number: str(IPv6Address("2001:db8::1") + number),
    "decimal": lambda number: f"{12 + number}.50",
    **dict.fromkeys(("email", "idn-email"), lambda number: f"someone{number or ''}@example.com"),
    **dict.fromkeys(("hostname", "idn-hostname"), lambda number: f"host{number or ''}.example.com"),
    **dict.fromkeys(("uri", "url", "iri"), lambda number: f"https://example.com/resource{number or ''}"),
    **dict.fromkeys(("uri-reference", "iri-reference"), lambda number: f"/resource{number or ''}"),
    "json-pointer": lambda number: f"/pointer{number or ''}",
    "password": lambda number: f"secret{number or ''}",
}
"""By format: how one of several values is written; the first is number 0."""
_FORMATS: Final[Mapping[str, str]] = {
    "uri-template": "/resources/{id}",
    "relative-json-pointer": "0/pointer",
    "regex": "^a$",
    "byte": "aGVsbG8=",
    "base64url": "aGVsbG8",
    "binary": "content",
}
"""The value of each other format."""
