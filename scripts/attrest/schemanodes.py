"""Facts that are read straight off a schema of the description, as it was written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias

from attrest import names, nodes, pointers
from attrest.ir import ABSENT, Absent, EnumMember
from attrest.trees import is_list, is_mapping
from attrest.typerefs import JsonScalar, kind_of

TYPES: Final = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
"""All types of JSON Schema (2020-12 §4.2.1, and integers)."""
_COMPONENTS: Final = ("components", "schemas")
_EVALUATING: Final = frozenset({"contains", "$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "dependentSchemas"})
"""The keywords beside which ``unevaluatedItems`` does not speak of all items behind the first positions, nor
``unevaluatedProperties`` of all properties that are not listed."""
_ENCODINGS: Final[Mapping[str, Literal["base64", "base64url"]]] = {"base64": "base64", "base64url": "base64url"}


def component_name(pointer: str) -> str | None:
    """Return the name that the schema at a pointer has among the components; None for any other schema."""
    tokens = pointers.split(pointer)
    return tokens[-1] if tokens[:-1] == _COMPONENTS else None


def component(name: str) -> str:
    """Return the pointer of the schema that has a name among the components."""
    return pointers.join((*_COMPONENTS, name))


def types(node: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the types that a schema lists, each once; none where it says nothing of them."""
    written = node.get("type")
    return (written,) if isinstance(written, str) else tuple(dict.fromkeys(nodes.texts(written)))


def other_items(node: Mapping[str, Any]) -> str:
    """Return the keyword that describes those items of an array that no position speaks of."""
    return "items" if "items" in node or not _EVALUATING.isdisjoint(node) else "unevaluatedItems"


def other_properties(node: Mapping[str, Any]) -> str:
    """Return the keyword that describes those properties of an object that are not listed."""
    return "additionalProperties" if "additionalProperties" in node else "unevaluatedProperties"


def takes_no_properties(node: Mapping[str, Any]) -> bool:
    """Return whether an object that has properties does not fit a schema, whatever they are."""
    if node.get("properties") or node.get("patternProperties"):
        return False
    others = node.get(other_properties(node), True)
    return others is False and ("additionalProperties" in node or _EVALUATING.isdisjoint(node))


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


def description_of_value(node: Mapping[str, Any]) -> str | None:
    """Return a node's description, that of its only alternative beside null where it has none, or its title."""
    alternatives = [nodes.mapping(each) for each in nodes.sequence(node.get("anyOf", node.get("oneOf")))]
    others = [each for each in alternatives if each.get("type") != "null"]
    inside = nodes.text(others[0].get("description")) if len(others) == 1 < len(alternatives) else None
    return nodes.text(node.get("description")) or inside or description(node)


def constants(node: Mapping[str, Any]) -> tuple[JsonScalar, ...]:
    """Return the scalars that are the only values of a schema; none where others, or any, are."""
    found = [node["const"]] if "const" in node else nodes.sequence(node.get("enum"))
    return tuple(found) if all(isinstance(value, str | int | float) for value in found) else ()


def as_tag(value: JsonScalar) -> str:
    """Return a value of a discriminator as a mapping writes it."""
    return value if isinstance(value, str) else json.dumps(value)


def content_kind(node: Mapping[str, Any]) -> Literal["base64", "base64url", "file"] | None:
    """Return how a string carries bytes (JSON Schema 2020-12 validation §8); None where it carries text."""
    encoding, media_type = node.get("contentEncoding"), nodes.text(node.get("contentMediaType"))
    if encoding is None:
        return None if media_type is None or _TEXT.match(media_type.lower()) else "file"
    return _ENCODINGS.get(str(encoding).lower())


_TEXT: Final = re.compile(r"text/|multipart/|[^;]*[+/.-](graphql|javascript|json|jsonl|ndjson|sql|xml|yaml|x-yaml)\b")
"""Media types that a string can hold as they are."""
_STRUCTURED: Final = frozenset({"array", "object", "null"})
"""The types that no value of an enum of scalars is of."""
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


def wrapped(node: Mapping[str, Any]) -> int | None:
    """Return which part of ``allOf`` a schema only says something about, as OpenAPI 3.0 needs; None where it says more.

    Args:
        node: The schema.

    Returns:
        The index of the only part with a form of its own.
    """
    parts = [nodes.mapping(part) for part in nodes.sequence(node.get("allOf"))]
    telling = [index for index, part in enumerate(parts) if not is_remark(part)]
    return telling[0] if len(telling) == 1 and is_remark(node, besides=frozenset({"allOf"})) else None


def is_remark(node: Mapping[str, Any], besides: frozenset[str] = frozenset()) -> bool:
    """Return whether a schema does not change what is taken, null aside, and what some keywords say."""
    return {name for name in node if not name.startswith("x-")} - besides <= _ANNOTATIONS


def enum_members(node: Mapping[str, Any]) -> tuple[EnumMember, ...]:
    """Return the known values of a schema that is an enum of scalars, each once, null left out; none for any other.

    An enum lists several kinds of values, or one that is not boolean. They stand under ``enum``, named by
    ``x-enum-varnames`` where it is there, or each under a ``const`` of its own. An enum that lists a boolean and the
    number that Python takes for the same has none that could be told apart.
    """
    said = types(node)
    if "const" in node or (said and _STRUCTURED.issuperset(said)):
        return ()
    known: dict[tuple[bool, Any], tuple[str, Any, str | None]] = {}
    for name, value, about in _listed_values(node) or _constant_values(node):
        if isinstance(value, str | int | float):
            known.setdefault((isinstance(value, bool), value), (str(value) if name is None else name, value, about))
    given = names.Namespace().take_each((text, names.enum_member(text)) for text, _, _ in known.values())
    members = [
        EnumMember(name=name, value=value, description=about)
        for name, (_, value, about) in zip(given, known.values(), strict=True)
    ]
    is_clear = len({member.value for member in members}) == len(members)
    return tuple(members) if is_clear and not all(isinstance(member.value, bool) for member in members) else ()


_Value: TypeAlias = tuple[str | None, Any, str | None]
"""The name that an enum's value is given, the value, and what is said about it."""


def _listed_values(node: Mapping[str, Any]) -> list[_Value]:
    values = nodes.sequence(node.get("enum"))
    varnames = _labels(node.get("x-enum-varnames") or node.get("x-enumNames"), len(values))
    descriptions = _labels(node.get("x-enum-descriptions"), len(values))
    return list(zip(varnames, values, descriptions, strict=True))


def _labels(written: object, count: int) -> list[str | None]:
    """Return what is said of each of some values; of none, where more is said than there are values."""
    labels = list(map(nodes.text, nodes.sequence(written)))
    return labels + [None] * (count - len(labels)) if len(labels) <= count else [None] * count


def label_flaws(node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Return what is wrong with the keywords of a schema that name its values or speak of them: keyword and reason."""
    count = len(nodes.sequence(node.get("enum")))
    for keyword in ("x-enum-varnames", "x-enumNames", "x-enum-descriptions"):
        labels = node.get(keyword)
        if labels is None:
            continue
        if not is_list(labels):
            yield keyword, "this is no list, one for each value: it is not used"
        elif len(labels) > count:
            yield keyword, "there are fewer values: which is meant is not clear, so it is not used"
        elif len(labels) < count or not all(map(nodes.text, labels)):
            yield keyword, "not every value has one: the others go by themselves"
        elif keyword != "x-enum-descriptions" and len(set(map(names.enum_member, labels))) < count:
            yield keyword, "several values have the same name: it is numbered"


def _constant_values(node: Mapping[str, Any]) -> list[_Value]:
    members = [nodes.mapping(each) for name in ("oneOf", "anyOf") for each in nodes.sequence(node.get(name))]
    if not all("const" in member or member.get("type") == "null" for member in members):
        return []
    return [
        (nodes.text(member.get("title")), member["const"], nodes.text(member.get("description")))
        for member in members
        if "const" in member
    ]


def type_of(value: Any) -> str:
    """Return the type of a JSON value, as it was written: 1.0 is a number."""
    if is_list(value):
        return "array"
    return "object" if is_mapping(value) else kind_of(value)


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
