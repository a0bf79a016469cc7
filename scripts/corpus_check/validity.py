"""Whether a value fits its schema, by an implementation of JSON Schema that attrest's own reading has no part in."""

from __future__ import annotations

import base64
import binascii
import copy
import decimal
from collections.abc import Mapping
from typing import Any, Final

import jsonschema_rs

from attrest import nodes, objects, pointers
from attrest.trees import is_list, is_mapping
from corpus_check.examples import Direction

_HOME: Final = "urn:corpus:description"
_ABSENT: Final[Mapping[Direction, str]] = {"sent": "readOnly", "received": "writeOnly"}
"""What marks the properties that do not travel in a direction."""


class Validity:
    """Judges values by the schemas of one bundled description."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        """Keep the description."""
        self._tree = tree
        self._registries: dict[Direction, jsonschema_rs.Registry] = {}
        self._validators: dict[tuple[str, Direction], jsonschema_rs.Validator | None] = {}

    def fits(self, value: Any, schema: str, direction: Direction) -> bool:
        """Say whether a value fits the schema at a pointer; formats count. It does not where the schema is none."""
        key = schema, direction
        if key not in self._validators:
            self._validators[key] = self._validator(schema, direction)
        validator = self._validators[key]
        return validator is not None and validator.is_valid(value)

    def _validator(self, schema: str, direction: Direction) -> jsonschema_rs.Validator | None:
        try:
            return jsonschema_rs.Draft202012Validator(
                {"$ref": _HOME + pointers.as_fragment(schema)},
                registry=self._registry(direction),
                formats={"byte": _is_base64, "decimal": _is_decimal},
                validate_formats=True,
                offline=True,
            )
        except ValueError:
            return None

    def _registry(self, direction: Direction) -> jsonschema_rs.Registry:
        if direction not in self._registries:
            self._registries[direction] = self._adapted(_ABSENT.get(direction))
        return self._registries[direction]

    def _adapted(self, absent: str | None) -> jsonschema_rs.Registry:
        tree = copy.deepcopy(dict(self._tree))
        is_old = str(tree.get("openapi")).startswith("3.0")
        for placed in list(objects.walk(tree)):
            if placed.kind == "schema" and is_mapping(placed.node):
                _assume_object(placed.node)
                _relax(placed.node, absent)
                if is_old:
                    _modernise(placed.node)
        return jsonschema_rs.Registry([(_HOME, tree)])


def _assume_object(schema: dict[str, Any]) -> None:
    """Say what a schema without ``type`` means that lists properties: that a value is an object."""
    if "properties" in schema and "$ref" not in schema:
        schema.setdefault("type", "object")


def _relax(schema: dict[str, Any], absent: str | None) -> None:
    """Require no property that does not travel in this direction (OpenAPI 3.0 §4.7.24.2)."""
    properties = nodes.mapping(schema.get("properties"))
    required = schema.get("required")
    if absent and is_list(required):
        schema["required"] = [name for name in required if not nodes.mapping(properties.get(name)).get(absent)]


def _modernise(schema: dict[str, Any]) -> None:
    """Say what a schema of OpenAPI 3.0 says in the words of JSON Schema 2020-12."""
    if isinstance(reference := schema.get("$ref"), str):
        schema.clear()
        schema["$ref"] = reference
    if schema.pop("nullable", None) is True and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    for exclusive, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(exclusive), bool) and schema.pop(exclusive) and limit in schema:
            schema[exclusive] = schema.pop(limit)


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _is_decimal(text: str) -> bool:
    try:
        return decimal.Decimal(text).is_finite()
    except decimal.InvalidOperation:
        return False
