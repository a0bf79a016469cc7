"""Which JSON values are of a type."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final, TypeAlias
from uuid import UUID

import attrs

from attrest.ir import Alias, Declaration, Enum, Field, Json, Model
from attrest.typerefs import (
    JsonScalar,
    ListOf,
    LiteralOf,
    MapOf,
    Nullable,
    Reference,
    Scalar,
    TupleOf,
    TypeRef,
    UnionOf,
)

Declarations: TypeAlias = Mapping[str, Declaration]
"""Every model, enum and alias of an Api by its class name."""
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
DURATION: Final = re.compile(
    r"(?P<sign>-)?P(?=.*\d)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
)


@attrs.frozen
class Fitting:
    """Tells which values are of a type."""

    declarations: Declarations
    """What types refer to."""

    def fits(self, value: Json, type_: TypeRef) -> bool:
        """Return whether a value is one of a type; limits and patterns do not count."""
        match type_:
            case Scalar(kind):
                return _FITS[kind](value)
            case Reference(name):
                return self._fits_declared(value, self.declarations[name])
            case ListOf(item):
                return isinstance(value, list) and all(self.fits(each, item) for each in items_of(value))
            case MapOf(inner):
                return isinstance(value, dict) and all(self.fits(each, inner) for each in _values(value))
            case TupleOf(items, rest):
                return isinstance(value, list) and self._fits_tuple(items_of(value), items, rest)
            case LiteralOf(values):
                return any(is_same(value, each) for each in values)
            case Nullable(inner):
                return value is None or self.fits(value, inner)
            case UnionOf(members):
                return any(self.fits(value, member) for member in members)

    def _fits_tuple(self, value: list[Json], items: tuple[TypeRef, ...], rest: TypeRef | None) -> bool:
        types = positions(items, rest, len(value))
        return len(value) == len(types) and all(self.fits(*pair) for pair in zip(value, types, strict=True))

    def _fits_declared(self, value: Json, declaration: Declaration) -> bool:
        if isinstance(declaration, Alias):
            return self.fits(value, declaration.type)
        if isinstance(declaration, Enum):
            return any(is_same(value, member.value) for member in declaration.members) or (
                declaration.base != "mixed" and _FITS[declaration.base](value)
            )
        return isinstance(value, dict) and self.fits_model(object_of(value), declaration)

    def fits_model(self, value: Mapping[str, Json], model: Model) -> bool:
        """Return whether an object has what a model needs, and nothing that its fields do not take."""
        return all(
            self.fits(value[field.wire_name], field.type) if field.wire_name in value else not is_needed(field)
            for field in model.fields
        )

    def member(self, value: Json, union: UnionOf) -> TypeRef:
        """Return the member that the tag names, or the one that fits with the fewest unknown keys."""
        discriminator = union.discriminator
        if discriminator is not None and isinstance(value, dict):
            tag = object_of(value).get(discriminator.wire_name)
            for variant in discriminator.variants:
                if variant.value == tag and self.fits(object_of(value), variant.type):
                    return variant.type
        fitting = [member for member in union.members if self.fits(value, member)]
        return min(fitting, key=lambda member: self._unknown(value, member))

    def _unknown(self, value: Json, type_: TypeRef) -> int:
        declaration = self.declarations.get(type_.name) if isinstance(type_, Reference) else None
        if not isinstance(declaration, Model) or not isinstance(value, dict):
            return 0
        return len(object_of(value).keys() - {field.wire_name for field in declaration.fields})


def is_needed(field: Field) -> bool:
    """Return whether a request cannot do without a field."""
    return field.required or field.required_in_requests


def positions(items: tuple[TypeRef, ...], rest: TypeRef | None, length: int) -> tuple[TypeRef, ...]:
    """Return the type of every position of an array that has a length."""
    return items if rest is None else items + (rest,) * (length - len(items))


def json_object(value: Any) -> dict[str, Json] | None:
    """Return a value that is a JSON object, None for any other."""
    return object_of(value) if isinstance(value, dict) else None


def items_of(value: Any) -> list[Json]:
    """Return the items of a JSON array."""
    return list(value)


def _values(value: Any) -> list[Json]:
    return list(value.values())


def object_of(value: Any) -> dict[str, Json]:
    """Return a JSON object."""
    return dict(value)


def is_same(value: Json, other: JsonScalar) -> bool:
    """Return whether two JSON values are the same: 1 is not 1.0, nor true."""
    return type(value) is type(other) and value == other


def _reads(read: Callable[[str], object]) -> Callable[[Json], bool]:
    """Return a check of whether a value is text that a function can read: it raises or returns None where it cannot."""

    def fits(value: Json) -> bool:
        try:
            return isinstance(value, str) and read(value) is not None
        except (ValueError, ArithmeticError):
            return False

    return fits


def url_safe_bytes(value: str) -> bytes:
    """Return the bytes that text in base64url stands for, with or without padding."""
    padding = "=" * (-len(value) % 4)
    return base64.b64decode(value + padding, altchars="-_", validate=True)


def _aware(value: str) -> datetime | None:
    moment = datetime.fromisoformat(value.upper())
    return None if moment.tzinfo is None else moment


def _is_integer(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_FITS: Final[Mapping[str, Callable[[Json], bool]]] = {
    "any": lambda _value: True,
    "null": lambda value: value is None,
    "string": lambda value: isinstance(value, str),
    "integer": _is_integer,
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "date-time": _reads(_aware),
    "date": _reads(lambda value: date.fromisoformat(value) if _DATE.fullmatch(value) else None),
    "time": _reads(time.fromisoformat),
    "duration": _reads(DURATION.fullmatch),
    "uuid": _reads(UUID),
    "decimal": _reads(Decimal),
    "base64": _reads(lambda value: base64.b64decode(value, validate=True)),
    "base64url": _reads(url_safe_bytes),
    "file": lambda value: isinstance(value, str),
}
"""By the kind of a scalar: whether a JSON value is one."""
