"""Holds values against JSON Schemas, and says of what does not fit where it stands and which keyword refuses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs
import jsonschema_rs

from attrest import pointers

_DOCUMENT: Final = "urn:attrest:description"
_MASK: Final = "the value"
"""What a message says in the place of the value that it is about."""


@attrs.frozen
class Problem:
    """Why a value does not fit."""

    tokens: tuple[str | int, ...]
    """Where in the value."""
    message: str
    got: Any
    """What stands there."""
    pointer: str
    """The keyword of the description that refuses it."""
    keyword: str
    unexpected: tuple[str, ...] = ()
    """The names of the properties that should not be there, where that is why."""


class SchemaError(Exception):
    """A schema is none that values can be held against; the message says why."""


class Checks:
    """The schemas of one description."""

    def __init__(self, tree: Mapping[str, Any], version: str) -> None:
        """Keep what references lead into.

        Args:
            tree: The description.
            version: Its version of OpenAPI; the schemas of 3.0 are those of JSON Schema draft 4 (wright-00), nearly.
        """
        draft = jsonschema_rs.Draft4 if version == "3.0" else jsonschema_rs.Draft202012
        self._dialect = f"http{'' if version == '3.0' else 's'}://json-schema.org/{_DIALECTS[version == '3.0']}"
        self._registry = jsonschema_rs.Registry([(_DOCUMENT, dict(tree))], draft=draft)

    def at(self, pointer: str) -> Check:
        """Return what holds values against the schema at a pointer.

        Raises:
            SchemaError: It, or a schema that it refers to, cannot be used.
        """
        schema = {"$schema": self._dialect, "$ref": _DOCUMENT + pointers.as_fragment(pointer)}
        try:
            return Check(
                jsonschema_rs.validator_for(schema, registry=self._registry, validate_formats=True, mask=_MASK)
            )
        except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
            raise SchemaError(str(error).partition("\n")[0]) from error


_DIALECTS: Final = {True: "draft-04/schema#", False: "draft/2020-12/schema"}


class Check:
    """One schema."""

    def __init__(self, validator: Any) -> None:
        self._validator = validator

    def fits(self, value: Any) -> bool:
        """Tell whether a value fits."""
        try:
            return bool(self._validator.is_valid(value))
        except (ValueError, UnicodeError, RecursionError):
            return False

    def problems(self, value: Any) -> Iterator[Problem]:
        """Say everything that does not fit; of alternatives of which none fits, what is wrong with the nearest."""
        try:
            for error in self._validator.iter_errors(value):
                yield from map(_problem, _nearest(error))
        except (ValueError, UnicodeError, RecursionError) as error:
            yield Problem((), f"{_MASK} is none that JSON can say: {error}", None, "", "")


def _problem(error: Any) -> Problem:
    location = pointers.parse_reference(error.absolute_keyword_location or "").fragment
    return Problem(
        tokens=tuple(error.instance_path),
        message=error.message,
        got=error.instance,
        pointer=location,
        keyword=_keyword(error),
        unexpected=tuple(getattr(error.kind, "unexpected", None) or ()),
    )


def validator(schema: Mapping[str, Any]) -> Any:
    """Return the validator of a schema that stands alone, whose messages do not repeat the value."""
    return jsonschema_rs.validator_for(dict(schema), mask=_MASK)


def innermost(error: Any) -> Any:
    """Choose, of the reasons why none of several alternatives fits, one of the alternative that fits best."""
    return _nearest(error)[0]


def _nearest(error: Any) -> list[Any]:
    """Return the reasons why the alternative that fits best does not; the error where it is of no alternatives."""
    alternatives: list[list[Any]] = getattr(error.kind, "context", None) or []
    candidates = [[leaf for reason in reasons for leaf in _nearest(reason)] for reasons in alternatives if reasons]
    depth = len(error.instance_path)
    return min(candidates, key=lambda reasons: _misfit(reasons, depth), default=[error])


def _misfit(reasons: list[Any], depth: int) -> tuple[bool, bool, bool, int, int]:
    """Rate how little an alternative fits a value at some depth.

    It hardly does where the value is of another type, or has a property that names another variant.
    """
    is_reference = any("'$ref'" in reason.message or '"$ref"' in reason.message for reason in reasons)
    is_of_another_type = any(_keyword(reason) == "type" and len(reason.instance_path) == depth for reason in reasons)
    is_another_variant = any(_is_constant(reason) and len(reason.instance_path) == depth + 1 for reason in reasons)
    deepest = max(len(reason.instance_path) for reason in reasons)
    return is_reference, is_of_another_type, is_another_variant, -deepest, len(reasons)


def _is_constant(reason: Any) -> bool:
    return _keyword(reason) == "const" or (_keyword(reason) == "enum" and len(reason.kind.options) == 1)


def _keyword(reason: Any) -> str:
    return str(reason.schema_path[-1]) if reason.schema_path else ""
