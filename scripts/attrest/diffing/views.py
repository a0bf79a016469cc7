"""Schemas as a comparison sees them: what a value has to be, however the description says it.

A view joins all that holds for a value: the schema, what its ``$ref`` leads to and every part of its ``allOf``. So
it is the same whether a part stands in its place or under ``components``, and whether null is allowed by ``nullable``,
by a list of types or by an alternative (OpenAPI 3.0 §4.7.24, JSON Schema 2020-12 core §10.2).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, TypeAlias

import attrs

from attrest import ecmascript, nodes, objects, pointers
from attrest.diffing.keys import shared
from attrest.diffing.rules import UPPER_LIMITS
from attrest.ir import ABSENT, Absent
from attrest.trees import is_list, is_mapping

TYPES: Final = frozenset({"string", "number", "integer", "boolean", "array", "object"})
_NULL_TYPE: Final = frozenset({"null"})
_INTEGER: Final = frozenset({"integer"})
_COMPOSITIONS: Final = ("oneOf", "anyOf")
_CONDITIONS: Final = ("not", "if", "then", "else", "dependentSchemas", "contains", "propertyNames", "unevaluatedItems")
"""Keywords that are compared as wholes: whether they narrow or widen cannot be told from their parts."""
_WITH: Final[Mapping[str, frozenset[str]]] = {
    "if": frozenset({"then", "else", "unevaluatedProperties", "unevaluatedItems"}),
    "then": frozenset({"if"}),
    "else": frozenset({"if"}),
}
"""What a keyword says something together with (JSON Schema 2020-12 core §10.2.2)."""
_INSEPARABLE: Final = frozenset({*_CONDITIONS, "discriminator", "oneOf", "anyOf"})
"""Keywords whose meaning lies in what stands inside."""
_NAMED: Final = frozenset({"properties", "patternProperties"})
_INSIDE: Final = frozenset(
    {"$ref", "allOf", "items", "prefixItems", "additionalProperties", "unevaluatedProperties", "contentSchema"}
)
_DEPTH: Final = 5
"""How many references deep two schemas are held to be alike."""
_IGNORED_BESIDE_REFERENCES: Final = "3.0"
"""The version that ignores what stands beside a reference (OpenAPI 3.0 §4.7.23)."""


@attrs.frozen
class Part:
    """A node and its pointer."""

    pointer: str
    node: Any

    def child(self, *tokens: str | int) -> Part:
        """Return what stands inside it."""
        node = self.node
        for token in tokens:
            node = node[token]
        return Part(self.pointer + pointers.join(tokens), node)


Parts: TypeAlias = tuple[Part, ...]
"""Schemas that all hold for one value; none where anything goes."""
Key: TypeAlias = tuple[str, ...]
"""The pointers of such schemas."""


@attrs.frozen(kw_only=True)
class Limit:
    """A bound of a number, a length or a count."""

    value: float
    exclusive: bool = False
    pointer: str


@attrs.frozen(kw_only=True)
class Alternatives:
    """``oneOf`` or ``anyOf``."""

    keyword: str
    pointer: str
    members: tuple[Parts, ...]


class View:
    """All that holds for a value."""

    def __init__(self, side: Side, raw: Parts, *, folded: bool) -> None:
        """Join what holds.

        Args:
            side: The description.
            raw: The schemas that hold, as they are written in their places.
            folded: Whether alternatives that only name their types count as a list of types.
        """
        self._side = side
        self._folded = folded
        self.raw = raw
        joined = tuple(side.expanded(raw))
        self.parts: Parts = tuple(part for part, _ in joined)
        self._certain = [part for part, is_alternative in joined if not is_alternative and is_mapping(part.node)]
        self.pointer = raw[0].pointer if raw else None
        self.never = any(part.node is False for part in self.parts)
        self._nodes = [part for part in self.parts if is_mapping(part.node)]

    def _having(self, keyword: str) -> Iterator[Part]:
        return (part for part in self._nodes if keyword in part.node)

    def inside(self, parts: Parts) -> View:
        """Return the view of schemas that hold for something inside the value."""
        return self._side.view(parts)

    def said(self, keyword: str) -> Part | None:
        """Return what is said first under a keyword that tells something about a value."""
        return next((part.child(keyword) for part in self._having(keyword)), None)

    def is_set(self, keyword: str) -> bool:
        """Tell whether some part sets a flag."""
        return any(part.node[keyword] is True for part in self._having(keyword))

    @cached_property
    def own(self) -> str | None:
        """What is said, without what stands inside; None where that cannot be told apart."""
        if self.never or any(not part.node.keys().isdisjoint(_INSEPARABLE) for part in self._nodes):
            return None
        return json.dumps([_own(part.node) for part in self._nodes], sort_keys=True, default=str)

    @cached_property
    def types(self) -> frozenset[str] | None:
        """The types that a value may have, null aside; None where none are named."""
        if self.never:
            return frozenset()
        found: frozenset[str] | None = None
        alternatives = (self._folded_types(part, key) for key in _COMPOSITIONS for part in self._having(key))
        for listed in (*(_types(part.node) for part in self._having("type")), *alternatives):
            if listed is not None:
                named = listed - _NULL_TYPE
                found = named if found is None else _common(found, named)
        return found

    def _folded_types(self, part: Part, keyword: str) -> frozenset[str] | None:
        return _plain_types(part.node, keyword) if self._folded else None

    def may_be(self, types: Collection[str]) -> bool:
        """Tell whether a value may be of one of some types."""
        allowed = [[self.types], *([self.inside(each).types for each in group.members] for group in self.alternatives)]
        return all(
            any(either is None or any(covers(either, type_) for type_ in types) for either in eithers)
            for eithers in allowed
        )

    @cached_property
    def null(self) -> bool | None:
        """Whether null is allowed; None where nothing speaks of types at all."""
        if any("type" not in part.node and part.node["nullable"] is True for part in self._having("nullable")):
            return True
        said = [told for part in self._certain if (told := self._side.allows_null(part.node)) is not None]
        return all(said) if said else None

    @cached_property
    def values(self) -> dict[str, Part] | None:
        """The only values that are allowed, null aside, by what they are; None where they are not listed."""
        found: dict[str, Part] | None = None
        for part in self._nodes:
            listed = _listed(part)
            if listed is not None:
                found = listed if found is None else {key: value for key, value in found.items() if key in listed}
        return found

    @cached_property
    def is_extensible(self) -> bool:
        """Whether callers are told to expect values beside those that are listed."""
        return any(bool(part.node["x-extensible-enum"]) for part in self._having("x-extensible-enum"))

    @cached_property
    def known(self) -> dict[str, Part]:
        """The values of an enum that may have others."""
        return {
            _identity(value): part.child("x-extensible-enum", index)
            for part in self._having("x-extensible-enum")
            for index, value in enumerate(nodes.sequence(part.node["x-extensible-enum"]))
        }

    @property
    def is_integer(self) -> bool:
        """Whether nothing but integers are allowed."""
        return self.types == _INTEGER

    def limit(self, keyword: str) -> Limit | None:
        """Return the tightest of the limits under a keyword such as ``maximum`` or ``minLength``; None without any."""
        sign = -1 if keyword in UPPER_LIMITS else 1
        found = (limit for part in self._nodes for limit in _limits(part, keyword))
        tightest = max(found, key=lambda it: (sign * it.value, it.exclusive), default=None)
        return _inclusive(tightest, keyword) if tightest and self.is_integer else tightest

    @cached_property
    def multiples(self) -> list[Part]:
        """What a number has to be a multiple of; what every integer is one of says nothing of integers."""
        said = (part.child("multipleOf") for part in self._having("multipleOf") if _is_number(part.node["multipleOf"]))
        return [each for each in said if not (self.is_integer and is_multiple(1, each.node))]

    @cached_property
    def patterns(self) -> dict[str, Part]:
        """The patterns that a text has to match."""
        return {str(part.node["pattern"]): part.child("pattern") for part in self._having("pattern")}

    @cached_property
    def format(self) -> Part | None:
        """The format, where it is no other way to say that a text carries bytes."""
        said = self.said("format")
        return None if said is None or said.node in ("byte", "binary") else said

    @cached_property
    def encoding(self) -> tuple[str, str]:
        """How a text carries bytes, and what they are (JSON Schema 2020-12 validation §8)."""
        formats = {part.node["format"] for part in self._having("format") if isinstance(part.node["format"], str)}
        encoding, media_type = self.said("contentEncoding"), self.said("contentMediaType")
        written = str(encoding.node).lower() if encoding else "base64" if "byte" in formats else ""
        kind = str(media_type.node).lower() if media_type else "application/octet-stream" if "binary" in formats else ""
        return written, kind

    @cached_property
    def properties(self) -> dict[str, Parts]:
        """The schemas of each listed property."""
        return self._grouped("properties")

    @cached_property
    def pattern_properties(self) -> dict[str, Parts]:
        """The schemas of properties by patterns of their names."""
        return self._grouped("patternProperties")

    def _grouped(self, keyword: str) -> dict[str, Parts]:
        found: dict[str, Parts] = {}
        for part in self._having(keyword):
            for name in nodes.mapping(part.node[keyword]):
                found[name] = (*found.get(name, ()), part.child(keyword, name))
        return found

    @cached_property
    def required(self) -> dict[str, str]:
        """The pointers of what says that a property is required, by its name."""
        return {
            name: f"{part.pointer}/required/{index}"
            for part in self._having("required")
            for index, name in enumerate(nodes.sequence(part.node["required"]))
            if isinstance(name, str)
        }

    @cached_property
    def dependent_required(self) -> dict[tuple[str, str], str]:
        """The pointers of what says that a property is required where another one is there, by both names."""
        return {
            (name, needed): part.pointer + pointers.join(("dependentRequired", name, index))
            for part in self._having("dependentRequired")
            for name, listed in nodes.mapping(part.node["dependentRequired"]).items()
            for index, needed in enumerate(nodes.sequence(listed))
            if isinstance(needed, str)
        }

    @cached_property
    def closed(self) -> Part | None:
        """What says that no other properties are allowed."""
        keywords = ("additionalProperties", "unevaluatedProperties")
        return next(
            (part.child(key) for key in keywords for part in self._having(key) if part.node[key] is False), None
        )

    @cached_property
    def additional(self) -> Parts:
        """The schemas of properties that are not listed."""
        keywords = ("additionalProperties", "unevaluatedProperties")
        return tuple(part.child(key) for key in keywords for part in self._having(key) if is_mapping(part.node[key]))

    def unlisted(self, name: str) -> Parts:
        """Return the schemas that a property of some name has if it is not listed; none where they allow anything."""
        found = tuple(part for pattern in self.matching(name) for part in self.pattern_properties[pattern])
        found = found or self.additional
        return found if any(map(_demands, found)) else ()

    def matching(self, name: str) -> list[str]:
        """Return the patterns of names that are found in one."""
        return [pattern for pattern in self.pattern_properties if finds(pattern, name)]

    @cached_property
    def positions(self) -> list[Parts]:
        """The schemas of the items at the first positions."""
        lists = [part.child("prefixItems") for part in self._having("prefixItems") if is_list(part.node["prefixItems"])]
        length = max((len(each.node) for each in lists), default=0)
        return [tuple(each.child(index) for each in lists if index < len(each.node)) for index in range(length)]

    @cached_property
    def items(self) -> Parts:
        """The schemas of the other items."""
        return tuple(part.child("items") for part in self._having("items"))

    @cached_property
    def alternatives(self) -> list[Alternatives]:
        """The compositions, without the alternative null and those that only list values, or types if it is folded."""
        return [
            Alternatives(keyword=keyword, pointer=f"{part.pointer}/{keyword}", members=members)
            for part in self._nodes
            for keyword in shared(_COMPOSITIONS, part.node)
            if _constants(part, keyword) is None
            and self._folded_types(part, keyword) is None
            and (members := self._side.members(part, keyword))
        ]

    @cached_property
    def discriminator(self) -> Part | None:
        """What tells alternatives apart."""
        found = self.said("discriminator")
        return found if found and is_mapping(found.node) else None

    def conditions(self) -> Iterator[tuple[str, Part]]:
        """List the keywords that are compared as wholes, but for those that say nothing without another one."""
        for keyword in _CONDITIONS:
            for part in self._having(keyword):
                if keyword not in _WITH or not _WITH[keyword].isdisjoint(part.node):
                    yield keyword, part.child(keyword)


class Side:
    """One of the two descriptions."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        """Keep the description.

        Args:
            tree: It, with only references inside it.
        """
        self.tree = tree
        self._views: dict[tuple[Key, bool], View] = {}
        self._alike: dict[tuple[str, int], Any] = {}
        self._ignores_siblings = str(tree.get("openapi", "")).startswith(_IGNORED_BESIDE_REFERENCES)

    def follow(self, part: Part) -> Part:
        """Return what a node's references lead to."""
        return Part(*objects.follow(self.tree, part.pointer, part.node))

    def object_of(self, part: Part) -> Part:
        """Return the object that a node's references lead to; an empty one where they lead to anything else."""
        found = self.follow(part)
        return found if is_mapping(found.node) else Part(found.pointer, {})

    def illustrated(self, part: Part) -> Part:
        """Return an object with the examples that it refers to written out in it (OpenAPI 3.1 §4.8.19)."""
        examples = nodes.mapping(nodes.mapping(part.node).get("examples"))
        if not any(map(objects.reference_of, examples.values())):
            return part
        written = {name: self.follow(part.child("examples", name)).node for name in examples}
        return attrs.evolve(part, node={**part.node, "examples": written})

    def view(self, raw: Parts, *, folded: bool = False) -> View:
        """Return the view of schemas that all hold for one value.

        Args:
            raw: The schemas.
            folded: Whether alternatives that only name their types count as a list of types.
        """
        key = tuple(part.pointer for part in raw), folded
        if key not in self._views:
            self._views[key] = View(self, raw, folded=folded)
        return self._views[key]

    def expanded(self, raw: Parts) -> Iterator[tuple[Part, bool]]:
        """List the schemas that hold where some do, each once: those themselves and what they refer to or join.

        Returns:
            Each, and whether it holds but for null: as the only alternative beside that.
        """
        waiting, seen = [(part, False) for part in reversed(raw)], set[str]()
        while waiting:
            part, is_alternative = waiting.pop()
            if part.pointer in seen:
                continue
            seen.add(part.pointer)
            target = self._target(part)
            if target is None or not self._ignores_siblings:
                yield part, is_alternative
            joined = [(each, is_alternative) for each in (*([target] if target else ()), *self._joined(part))]
            waiting += reversed([*joined, *((each, True) for each in self._only_alternatives(part))])

    def _target(self, part: Part) -> Part | None:
        reference = objects.reference_of(part.node)
        if reference is None or not reference.startswith("#"):
            return None
        pointer = nodes.target(reference)
        node = nodes.find(self.tree, pointer)
        return None if node is pointers.MISSING else Part(pointer, node)

    def _joined(self, part: Part) -> Iterator[Part]:
        parts = nodes.sequence(nodes.mapping(part.node).get("allOf"))
        return (part.child("allOf", index) for index, _ in enumerate(parts))

    def _only_alternatives(self, part: Part) -> Iterator[Part]:
        for keyword in shared(_COMPOSITIONS, nodes.mapping(part.node)):
            found = self._alternatives(part, keyword)
            if len(found) == 1:
                yield found[0]

    def _alternatives(self, part: Part, keyword: str) -> list[Part]:
        """List the alternatives other than null."""
        listed = [part.child(keyword, index) for index, _ in enumerate(nodes.sequence(part.node.get(keyword)))]
        return [each for each in listed if not _is_null(self.follow(each).node)]

    def members(self, part: Part, keyword: str) -> tuple[Parts, ...]:
        """Return the alternatives; none where there is only one, which then holds like any other schema."""
        found = self._alternatives(part, keyword)
        return tuple((each,) for each in found) if len(found) > 1 else ()

    def allows_null(self, node: Mapping[str, Any]) -> bool | None:
        """Tell whether a schema by itself allows null; None where it does not say."""
        if node.get("nullable") is True:
            return True
        lists_values = "const" in node or is_list(node.get("enum"))
        if "type" in node or lists_values:
            is_listed = not lists_values or None in (node["enum"] if "const" not in node else [node["const"]])
            return is_listed and ("type" not in node or "null" in _types(node))
        listed = [self.follow(Part("", each)).node for key in _COMPOSITIONS for each in nodes.sequence(node.get(key))]
        return any(_says_null(each) for each in listed) if listed else None

    def likeness(self, parts: Parts) -> str:
        """Return text that is the same for schemas that take the same values, whatever they are called."""
        return json.dumps([self._like(part.node, _DEPTH) for part in parts], sort_keys=True, default=str)

    def _like(self, node: Any, depth: int) -> Any:
        """Return a node without what it only says, and with what it refers to in the place of references."""
        if is_mapping(node):
            target = self._target(Part("", node))
            if target is not None:
                return self._like_target(target, depth - 1) if depth else "…"
            return {key: self._like(value, depth) for key, value in node.items() if key not in _SAYINGS}
        if is_list(node):
            return sorted(
                (self._like(each, depth) for each in node), key=lambda it: json.dumps(it, sort_keys=True, default=str)
            )
        return node

    def _like_target(self, target: Part, depth: int) -> Any:
        key = (target.pointer, depth)
        if key not in self._alike:
            self._alike[key] = self._like(target.node, depth)
        return self._alike[key]


_SAYINGS: Final = frozenset({"description", "title", "example", "examples", "externalDocs", "deprecated", "summary"})
"""What does not change which values a schema takes."""


def _demands(part: Part) -> bool:
    """Tell whether a schema demands anything."""
    if not is_mapping(part.node):
        return part.node is False
    return any(key not in _SAYINGS and not key.startswith("x-") for key in part.node)


def finds(pattern: str, name: str) -> bool:
    """Tell whether a pattern is found in a name; one that cannot be read is found in none."""
    expression = ecmascript.translated(pattern)
    return expression is not None and re.search(expression, name) is not None


def is_multiple(value: float, of: float) -> bool:
    """Tell whether a number is a multiple of another one, as both are written: 0.3 is one of 0.1."""
    if of == 0 or not (_is_finite(value) and _is_finite(of)):
        return False
    return (_written(value) / _written(of)).denominator == 1


def _is_finite(value: float) -> bool:
    return isinstance(value, int) or math.isfinite(value)


def _written(value: float) -> Fraction:
    return Fraction(value) if isinstance(value, int) else Fraction(str(value))


def _own(node: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a schema says, with names alone of what stands inside."""
    own: dict[str, Any] = {}
    for keyword, value in node.items():
        if keyword in _NAMED:
            own[keyword] = sorted(nodes.mapping(value))
        elif keyword == "required" and is_list(value):
            own[keyword] = sorted(map(str, value))
        elif keyword not in _INSIDE or isinstance(value, bool):
            own[keyword] = value
    return own


def _types(node: Mapping[str, Any]) -> frozenset[str]:
    written = node.get("type")
    listed: list[Any] = written if is_list(written) else [written]
    named = frozenset(name for name in listed if isinstance(name, str))
    return named - _INTEGER if "number" in named else named


def _common(first: frozenset[str], second: frozenset[str]) -> frozenset[str]:
    """Return the types that both allow: an integer is a number."""
    integer = frozenset({"integer"}) if covers(first, "integer") and covers(second, "integer") else frozenset[str]()
    return (first & second) | (integer if "number" not in first & second else frozenset[str]())


def covers(types: frozenset[str], type_: str) -> bool:
    """Tell whether types allow one."""
    return type_ in types or (type_ == "integer" and "number" in types)


def _says_null(node: Any) -> bool:
    return is_mapping(node) and (node.get("nullable") is True or "null" in _types(node) or _is_null(node))


def _is_null(node: Any) -> bool:
    if not is_mapping(node):
        return False
    return node.get("type") in ("null", ["null"]) or node.get("enum") == [None] or node.get("const", ABSENT) is None


def _listed(part: Part) -> dict[str, Part] | None:
    """Return the values that a schema lists, null aside: by ``const``, by ``enum``, or each as an alternative."""
    if "const" in part.node:
        found = [part.child("const")]
    elif is_list(part.node.get("enum")):
        found = [part.child("enum", index) for index, _ in enumerate(part.node["enum"])]
    else:
        alternatives = (_constants(part, keyword) for keyword in _COMPOSITIONS)
        given = next((each for each in alternatives if each is not None), None)
        if given is None:
            return None
        found = given
    return {_identity(each.node): each for each in found if each.node is not None}


def _constants(part: Part, keyword: str) -> list[Part] | None:
    """Return the values of alternatives that each are one; None where some are not."""
    members = nodes.sequence(part.node.get(keyword))
    if not members or not all("const" in nodes.mapping(each) or _is_null(each) for each in members):
        return None
    found = [part.child(keyword, index, "const") for index, each in enumerate(members) if "const" in each]
    return found if any(each.node is not None for each in found) else None


def _plain_types(node: Mapping[str, Any], keyword: str) -> frozenset[str] | None:
    """Return the types of alternatives that each only name theirs; None where some say more, or one is another's."""
    members = nodes.sequence(node.get(keyword))
    if not members or not all(is_mapping(each) and each.keys() - _SAYINGS == {"type"} for each in members):
        return None
    named = [type_ for each in members for type_ in _types(each)]
    is_exclusive = keyword == "oneOf" and (len({*named}) < len(named) or {*named} >= {"integer", "number"})
    return None if is_exclusive else _types({"type": named})


def _identity(value: Any) -> str:
    """Return text that is the same for equal values: 1 and 1.0 are, 1 and true are not (JSON Schema core §4.2.2)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True, default=str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_EXCLUSIVE: Final = {"maximum": "exclusiveMaximum", "minimum": "exclusiveMinimum"}


def _limits(part: Part, keyword: str) -> Iterator[Limit]:
    """List the limits under a keyword, exclusive ones in the forms of OpenAPI 3.0 and of 3.1."""
    exclusive_keyword = _EXCLUSIVE.get(keyword)
    value = part.node.get(keyword)
    exclusive: Any = None if exclusive_keyword is None else part.node.get(exclusive_keyword)
    if _is_number(value) and not (value == 0 and keyword in _FROM_ZERO):
        yield Limit(value=value, exclusive=exclusive is True, pointer=f"{part.pointer}/{keyword}")
    if _is_number(exclusive):
        yield Limit(value=exclusive, exclusive=True, pointer=f"{part.pointer}/{exclusive_keyword}")


_FROM_ZERO: Final = frozenset({"minLength", "minItems", "minProperties"})
"""Where nothing can be below zero."""


def _inclusive(limit: Limit, keyword: str) -> Limit:
    """Return a limit of integers as one that itself is allowed."""
    if not limit.exclusive or not is_multiple(limit.value, 1):
        return limit
    return Limit(value=int(limit.value) + (1 if keyword == "minimum" else -1), pointer=limit.pointer)


def value_of(part: Part | None) -> Any | Absent:
    """Return what stands at a place; ABSENT where there is none."""
    return ABSENT if part is None else part.node
