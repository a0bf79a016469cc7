"""Schemas of OpenAPI 3.1 in the dialect of 3.0 (OpenAPI 3.0 §4.7.24). None takes less than it took before.

``nullable`` stands beside ``allOf``, ``anyOf`` and ``oneOf`` where one of them may be null, as generators read and
write it; by its letter the standard gives it a meaning beside ``type`` alone, which is noted.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from attrest import nodes
from attrest.editions.rewriting import Part
from attrest.trees import is_list, is_mapping

NOTHING: Final[Mapping[str, Any]] = {"not": {}}
"""What no value fits: ``false``."""

_KNOWN: Final = frozenset(
    {
        *("$ref", "additionalProperties", "allOf", "anyOf", "default", "deprecated", "description", "discriminator"),
        *("enum", "example", "exclusiveMaximum", "exclusiveMinimum", "externalDocs", "format", "items", "maxItems"),
        *("maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf"),
        *("not", "nullable", "oneOf", "pattern", "properties", "readOnly", "required", "title", "type", "uniqueItems"),
        *("writeOnly", "xml"),
    }
)
_SAY_NOTHING: Final = ("$anchor", "$comment", "$dynamicAnchor", "$id", "$recursiveAnchor", "$schema", "$vocabulary")
_ARRAY: Final = "array"
_ENCODED: Final = {"base64": "byte", "base64url": "base64url"}


def rewrite(part: Part) -> None:
    """Turn a schema, in which the schemas inside are turned already, into one of 3.0."""
    for step in _STEPS:
        step(part)


def _identifiers(part: Part) -> None:
    for name in _SAY_NOTHING:
        part.drop(name)


def _dynamic_references(part: Part) -> None:
    for name in ("$dynamicRef", "$recursiveRef"):
        part.drop(name, "3.0 has no reference that depends on where it is met: anything is taken")


def _constant(part: Part) -> None:
    if "const" in part.node:
        part.node["enum"] = [part.node.pop("const")]


def _types(part: Part) -> None:
    """Say a list of types, of which one may be null, as 3.0 does: ``nullable``, or alternatives of one type each."""
    written = part.node.get("type")
    if written == "null":
        del part.node["type"]
        part.node |= {"nullable": True, "enum": [None]}
    if not is_list(written):
        return
    del part.node["type"]
    kinds = [kind for kind in written if kind != "null"]
    nullable = {"nullable": True} if len(kinds) < len(written) else {}
    if len(kinds) == 1:
        part.node |= {"type": kinds[0], **nullable}
    elif not kinds:
        part.node |= {"nullable": True, "enum": [None]}
    else:
        _add_alternatives(part, [_of_type(part, kind) | nullable for kind in kinds])


def _of_type(part: Part, kind: str) -> dict[str, Any]:
    """Return an alternative of one type; an array has to say what is in it."""
    return {"type": kind, "items": part.node.pop("items", {})} if kind == _ARRAY else {"type": kind}


def _add_alternatives(part: Part, alternatives: list[dict[str, Any]]) -> None:
    if "anyOf" in part.node:
        part.node.setdefault("allOf", []).append({"anyOf": part.node.pop("anyOf")})
    part.node["anyOf"] = alternatives


def _null_among_alternatives(part: Part) -> None:
    """Turn an alternative that is null into ``nullable``."""
    for name in ("oneOf", "anyOf"):
        listed = nodes.sequence(part.node.get(name))
        others = [each for each in listed if not _is_null(each)]
        if len(others) == len(listed) or not others:
            continue
        part.node["nullable"] = True
        part.note("null is taken as tools of 3.0 read it; by its letter the alternatives refuse it", name)
        if len(others) > 1:
            part.node[name] = others
            continue
        del part.node[name]
        other = nodes.mapping(others[0])
        if other and "allOf" not in part.node and not _contradicts(part.node, other):
            part.node |= {"allOf": others} if "$ref" in other else other
        else:
            part.node.setdefault("allOf", []).append(others[0])


def _is_null(schema: object) -> bool:
    return is_mapping(schema) and schema.get("enum") == [None]


def _contradicts(schema: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether a schema cannot take up the keywords of another, since it has one of them."""
    return not (schema.keys() - {"nullable"}).isdisjoint(other)


def _values(part: Part) -> None:
    """List each value of an enum once, and say of one with null in it that it may be null, as 3.0 wants it."""
    values = nodes.sequence(part.node.get("enum"))
    if None in values:
        part.node["nullable"] = True
    if "enum" in part.node and not values:
        part.drop("enum", "3.0 needs a value here")
    elif values:
        part.node["enum"] = list({json.dumps(value, sort_keys=True): value for value in values}.values())


def _exclusive_limits(part: Part) -> None:
    for limit, exclusive, is_narrower in (
        ("minimum", "exclusiveMinimum", operator.gt),
        ("maximum", "exclusiveMaximum", operator.lt),
    ):
        value = part.node.get(exclusive)
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        del part.node[exclusive]
        if limit not in part.node or not is_narrower(part.node[limit], value):
            part.node |= {limit: value, exclusive: True}


def _examples(part: Part) -> None:
    """Keep the first example: 3.0 has room for one."""
    examples = part.node.pop("examples", None)
    if not is_list(examples) or not examples:
        return
    part.node.setdefault("example", examples[0])
    if len(examples) > 1:
        part.note("of several examples the first is kept", "examples")


def _positions(part: Part) -> None:
    """Let an array with a schema for each position take each of them anywhere."""
    node = part.node
    first = node.pop("prefixItems", None)
    if is_list(first) and first:
        part.note("what stands at which position is not said: any of them may stand anywhere", "prefixItems")
        rest: Any = node.get("items")
        if rest == NOTHING:
            node["maxItems"] = min(node.get("maxItems", len(first)), len(first))
        alternatives: list[Any] = first if rest == NOTHING else [*first, {} if rest is None else rest]
        node["items"] = {} if {} in alternatives else {"anyOf": alternatives}
    if node.get("type") == _ARRAY:
        node.setdefault("items", {})


def _names(part: Part) -> None:
    """Let properties whose names fit patterns be what any other may be."""
    node = part.node
    patterned = nodes.mapping(node.pop("patternProperties", None))
    if patterned:
        part.note("which names have which values is not said: they may have any of them", "patternProperties")
        others = node.get("additionalProperties", {})
        schemas = [each for each in (*patterned.values(), others) if each is not False and each != NOTHING]
        node["additionalProperties"] = {} if {} in schemas or True in schemas else _any_of(schemas)
    if node.get("additionalProperties") == NOTHING:
        node["additionalProperties"] = False


def _any_of(schemas: list[Any]) -> Any:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _unevaluated(part: Part) -> None:
    """Say of properties that nothing speaks of what is said of those that the schema itself does not list.

    Both are the same where nothing but the schema lists any.
    """
    node = part.node
    if "unevaluatedProperties" in node and {"$ref", "allOf", "anyOf", "oneOf", "additionalProperties"}.isdisjoint(node):
        held = node.pop("unevaluatedProperties")
        node["additionalProperties"] = False if held == NOTHING else held


def _encodings(part: Part) -> None:
    node = part.node
    encoding = node.pop("contentEncoding", None)
    media = node.pop("contentMediaType", None)
    schema = node.pop("contentSchema", None)
    format_ = _ENCODED.get(nodes.text(encoding) or "")
    if format_ is not None and "format" not in node:
        node["format"] = format_
    elif encoding is not None:
        part.note("3.0 does not know this encoding", "contentEncoding")
    if media is not None and encoding is None and "format" not in node and not _is_text(media):
        node["format"] = "binary"
        node.setdefault("type", "string")
    elif media is not None:
        part.note("3.0 cannot say what is in a text", "contentMediaType")
    if schema is not None:
        part.note("3.0 cannot say what is in a text", "contentSchema")


def _is_text(media: object) -> bool:
    return isinstance(media, str) and (media.startswith("text/") or "json" in media or "xml" in media)


def _empty_lists(part: Part) -> None:
    for name in ("allOf", "anyOf", "oneOf", "required"):
        if part.node.get(name) == []:
            del part.node[name]


def _unknown(part: Part) -> None:
    """Turn keywords that 3.0 does not know into extensions: it allows no others."""
    for name in [name for name in part.node if name not in _KNOWN and not name.startswith("x-")]:
        part.set_aside(name, "x-")


def _reference(part: Part) -> None:
    """Put a reference with something beside it among the parts of a schema: alone it hides its neighbours."""
    node = part.node
    if "$ref" in node and len(node) > 1:
        node["allOf"] = [{"$ref": node.pop("$ref")}, *nodes.sequence(node.get("allOf"))]


_STEPS: Final[tuple[Callable[[Part], None], ...]] = (
    _identifiers,
    _dynamic_references,
    _constant,
    _types,
    _null_among_alternatives,
    _values,
    _exclusive_limits,
    _examples,
    _positions,
    _names,
    _unevaluated,
    _encodings,
    _empty_lists,
    _unknown,
    _reference,
)
