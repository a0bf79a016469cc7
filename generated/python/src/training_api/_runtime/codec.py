"""Decoders from parsed JSON to values, and encoders back.

A decoder takes a value as the JSON parser made it and returns what the description's type stands for in Python, or
raises DecodeError. The error's path is built on the way out: each level puts its own part in front.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date as calendar_day
from datetime import datetime, timedelta
from datetime import time as clock_time
from enum import Enum, IntEnum, StrEnum
from operator import length_hint
from typing import Any, Final, TypeVar, overload

from .decoding import is_array, is_iterable, is_object, is_sequence, kind_of, located, refuse, same, within
from .errors import DecodeError, InvalidArgumentError
from .formats import (
    base64,
    base64_text,
    base64url,
    base64url_text,
    date_text,
    date_time,
    date_time_text,
    decimal,
    decimal_text,
    duration,
    duration_text,
    time_text,
    uuid,
)
from .formats import calendar_date as date
from .formats import time_of_day as time
from .json_text import dumps, loads, loads_or_text
from .unions import UnknownVariant, Variant, one_of, tagged
from .unset import UNSET

__all__ = [
    "DecodeError",
    "UnknownVariant",
    "Variant",
    "any_value",
    "array",
    "array_of",
    "base64",
    "base64_text",
    "base64url",
    "base64url_text",
    "boolean",
    "date",
    "date_text",
    "date_time",
    "date_time_text",
    "decimal",
    "decimal_text",
    "dumps",
    "duration",
    "duration_text",
    "encode",
    "encode_sent",
    "enum_of",
    "fields",
    "integer",
    "late",
    "left_out",
    "literal",
    "loads",
    "loads_or_text",
    "located",
    "mapping",
    "mapping_of",
    "null",
    "nullable",
    "number",
    "one_of",
    "open_enum",
    "refuse",
    "string",
    "tagged",
    "time",
    "time_text",
    "tuple_of",
    "unknown",
    "uuid",
]

T = TypeVar("T")
EnumT = TypeVar("EnumT", bound=Enum)
StrEnumT = TypeVar("StrEnumT", bound=StrEnum)
IntEnumT = TypeVar("IntEnumT", bound=IntEnum)


def fields(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an object's fields.

    Args:
        data: What should be an object; whether it is, is checked here.

    Raises:
        DecodeError: It is no object.
    """
    return data if data.__class__ is dict or is_object(data) else refuse("an object", data)


def unknown(source: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """Return the fields of an object that its class does not list."""
    return {name: value for name, value in source.items() if name not in known}


def any_value(value: Any) -> Any:
    """Decode anything, as it is."""
    return value


def null(value: Any) -> None:
    """Decode null alone."""
    if value is not None:
        refuse("null", value)


def string(value: Any) -> str:
    """Decode a string."""
    return value if type(value) is str else refuse("a string", value)


def boolean(value: Any) -> bool:
    """Decode true or false."""
    return value if type(value) is bool else refuse("a boolean", value)


def integer(value: Any) -> int:
    """Decode an integer; ``3.0`` is one (JSON Schema 2020-12 §6.3), true is not."""
    if type(value) is int:
        return value
    if type(value) is float and value.is_integer():
        return int(value)
    return refuse("an integer", value)


def number(value: Any) -> float:
    """Decode a number, as the parser made it: an int stays one."""
    return value if type(value) is float or type(value) is int else refuse("a number", value)


def array(decode: Callable[[Any], T], value: Any) -> list[T]:
    """Decode an array.

    Args:
        decode: The decoder of one item.
        value: The parsed JSON.
    """
    if not is_array(value):
        refuse("an array", value)
    items = iter(value)
    try:
        return list(map(decode, items))
    except Exception as error:  # noqa: BLE001 - raised again
        raise within(error, len(value) - length_hint(items) - 1) from None


def array_of(decode: Callable[[Any], T]) -> Callable[[Any], list[T]]:
    """Make a decoder for arrays of one kind of item."""
    return lambda value: array(decode, value)


def mapping(decode: Callable[[Any], T], value: Any) -> dict[str, T]:
    """Decode an object whose values all have one type.

    Args:
        decode: The decoder of one value.
        value: The parsed JSON.
    """
    name = None
    result: dict[str, T] = {}
    try:
        for name, item in fields(value).items():
            result[name] = decode(item)
    except Exception as error:  # noqa: BLE001 - raised again
        raise within(error, name) from None
    return result


def mapping_of(decode: Callable[[Any], T]) -> Callable[[Any], dict[str, T]]:
    """Make a decoder for objects whose values all have one type."""
    return lambda value: mapping(decode, value)


def nullable(decode: Callable[[Any], T]) -> Callable[[Any], T | None]:
    """Make a decoder that takes null as well."""
    return lambda value: None if value is None else decode(value)


def tuple_of(decoders: Iterable[Callable[[Any], Any]], rest: Callable[[Any], Any] | None) -> Callable[[Any], list[Any]]:
    """Make a decoder for arrays with a type per position (JSON Schema 2020-12 §10.3.1.1).

    Args:
        decoders: One decoder per position; an array may end earlier.
        rest: The decoder of all further items; None where there may be none.
    """
    positions = tuple(decoders)

    def decode(value: Any) -> list[Any]:
        if not is_array(value):
            refuse("an array", value)
        if rest is None and len(value) > len(positions):
            raise DecodeError(f"at most {len(positions)} items", str(len(value)))
        result: list[Any] = []
        try:
            for item in value:
                decoder = positions[len(result)] if len(result) < len(positions) else rest or any_value
                result.append(decoder(item))
        except Exception as error:  # noqa: BLE001 - raised again
            raise within(error, len(result)) from None
        return result

    return decode


def late(resolve: Callable[[], Callable[[Any], T]]) -> Callable[[Any], T]:
    """Make a decoder that is looked up when it is first needed, so that types can refer to themselves.

    Args:
        resolve: Returns the decoder.
    """
    return lambda value: resolve()(value)


def literal(*values: Any) -> Callable[[Any], Any]:
    """Make a decoder for exactly these scalars; true is not 1, but 1.0 is, and comes out as it is written here."""
    expected = " or ".join(repr(value) for value in values)

    def decode(value: Any) -> Any:
        for constant in values:
            if same(value, constant):
                return constant
        return refuse(expected, value)

    return decode


TEXT_MEMBERS: dict[type[Enum], dict[str, Enum]] = {}
"""Per enum that has been decoded, its members by value, where that is text."""


@overload
def open_enum(kind: type[StrEnumT], value: Any) -> StrEnumT | str: ...
@overload
def open_enum(kind: type[IntEnumT], value: Any) -> IntEnumT | int: ...
@overload
def open_enum(kind: type[EnumT], value: Any) -> EnumT | Any: ...
def open_enum(kind: type[Enum], value: Any) -> Any:
    """Decode a value of an enum that can grow: one that is not listed stays what it is.

    Args:
        kind: The enum.
        value: The parsed JSON.

    Raises:
        DecodeError: It is of no kind that the listed values are of.
    """
    try:
        return TEXT_MEMBERS[kind][value]
    except (KeyError, TypeError):
        return unusual_member(kind, value)


def unusual_member(kind: type[Enum], value: Any) -> Any:
    """Decode the first value of an enum, one that is not text, or one that is not listed."""
    members = {member.value: member for member in kind}
    TEXT_MEMBERS[kind] = {listed: member for listed, member in members.items() if isinstance(listed, str)}
    whole = integer(value) if kind_of(value) == "integer" else value
    kinds = {kind_of(listed) for listed in members}
    if kind_of(whole) in kinds or (kind_of(whole) == "integer" and "number" in kinds):
        return members.get(whole, whole)
    if kind_of(whole) == "number" and "integer" in kinds:
        return whole
    return refuse(" or ".join(sorted(f"{'an' if name == 'integer' else 'a'} {name}" for name in kinds if name)), value)


@overload
def enum_of(kind: type[StrEnumT]) -> Callable[[Any], StrEnumT | str]: ...
@overload
def enum_of(kind: type[IntEnumT]) -> Callable[[Any], IntEnumT | int]: ...
@overload
def enum_of(kind: type[EnumT]) -> Callable[[Any], EnumT | Any]: ...
def enum_of(kind: type[Enum]) -> Callable[[Any], Any]:
    """Make a decoder for an enum that can grow."""
    return lambda value: open_enum(kind, value)


PLAIN: Final = frozenset((str, int, float, bool, type(None)))
"""The types of values that are JSON as they are."""

WRITERS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    ((str, int, float), any_value),
    (datetime, date_time_text),
    (calendar_day, date_text),
    (clock_time, time_text),
    (timedelta, duration_text),
)
"""How values of the standard library are written; the first class that a value is of decides."""


def encode(value: Any, write_bytes: Callable[[Any], str] = base64_text) -> Any:
    """Encode any value that a field can hold as what a JSON writer takes.

    Args:
        value: A model, an enum member, a date, time or duration, bytes, a Decimal or UUID, a list or mapping of such
            values, or plain JSON.
        write_bytes: Writes bytes as text.

    Raises:
        TypeError: It is something else.
        InvalidArgumentError: It is a naive datetime.
    """
    if type(value) in PLAIN:
        return value
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if is_object(value):
        return {encode(name): encode(item, write_bytes) for name, item in value.items()}
    if isinstance(value, (Enum, UnknownVariant)) and value is not UNSET:
        return value.value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return write_bytes(value)
    for kind, write in WRITERS:
        if isinstance(value, kind):
            return write(value)
    return encode_rare(value, write_bytes)


def encode_sent(value: Any, write_bytes: Callable[[Any], str] = base64_text) -> Any:
    """Encode a value for a request: as ``encode`` does, without the fields that only the service sets.

    Args:
        value: As of ``encode``.
        write_bytes: Writes bytes as text.

    Raises:
        TypeError: It has no JSON form.
        InvalidArgumentError: It is a naive datetime, or lacks a field that requests cannot do without.
    """
    if type(value) in PLAIN:
        return value
    if hasattr(value, "to_sent"):
        return value.to_sent()
    if is_object(value):
        return {encode(name): encode_sent(item, write_bytes) for name, item in value.items()}
    if is_sequence(value):
        return [encode_sent(item, write_bytes) for item in value]
    return encode(value, write_bytes)


def left_out(field: str) -> InvalidArgumentError:
    """Return the error for a field without a value that requests cannot do without, though answers can.

    Args:
        field: Its class and name, such as ``Account.password``.
    """
    return InvalidArgumentError(f"{field}: required in a request")


def encode_rare(value: Any, write_bytes: Callable[[Any], str]) -> Any:
    """Encode a sequence, or a value of a class that is imported only where it is used."""
    from decimal import Decimal
    from uuid import UUID

    match value:
        case Decimal():
            return decimal_text(value)
        case UUID():
            return str(value)
        case _ if is_iterable(value) and not hasattr(value, "read"):
            return [encode(item, write_bytes) for item in value]
        case _:
            raise TypeError(f"{type(value).__name__} has no JSON form")
