"""The kinds of JSON values, and how a decoder refuses one and says where it stood."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Final, Literal, NoReturn, TypeAlias, TypeGuard

from .errors import DecodeError

Kind: TypeAlias = Literal["object", "array", "string", "integer", "number", "boolean", "null"]

KINDS: Final[dict[type, Kind]] = {
    dict: "object",
    list: "array",
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    type(None): "null",
}

TEXTS: Final = (str, bytes, bytearray, memoryview)
"""The classes of text and of bytes, whose values are no arrays although they hold items."""
SHOWN_LENGTH = 80
"""Characters of a refused text that its error shows."""


def kind_of(value: object) -> Kind | None:
    """Return the kind of a JSON value; a whole float is an integer (JSON Schema 2020-12 §6.3), other types are none."""
    if isinstance(value, float) and value.is_integer():
        return "integer"
    kind: type = type(value)
    return KINDS.get(kind)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Say whether a value is a JSON array."""
    return type(value) is list


def is_object(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Say whether a value is a JSON object, or another mapping that can stand for one."""
    return type(value) is dict or isinstance(value, Mapping)


def is_sequence(value: object) -> TypeGuard[Sequence[Any]]:
    """Say whether a value is a list or another sequence, and no text or bytes."""
    return isinstance(value, Sequence) and not isinstance(value, TEXTS)


def is_iterable(value: object) -> TypeGuard[Iterable[Any]]:
    """Say whether a value holds items, and is no text or bytes."""
    return isinstance(value, Iterable) and not isinstance(value, TEXTS)


def same(value: Any, constant: Any) -> bool:
    """Say whether two JSON scalars are equal: true is not 1, but 1.0 is (JSON Schema 2020-12 §4.2.2)."""
    return bool(value == constant) and isinstance(value, bool) == isinstance(constant, bool)


def comparable(value: Any) -> Hashable:
    """Return what is equal for equal JSON values alone: true is not 1, but 1.0 is (JSON Schema 2020-12 §4.2.2)."""
    if is_object(value):
        return frozenset((name, comparable(item)) for name, item in value.items())
    if is_array(value):
        return tuple(map(comparable, value))
    return (isinstance(value, bool), value)


def shown(value: Any) -> str:
    """Return a value as an error shows it: short, and without what an object or array holds."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return repr(value if len(value) <= SHOWN_LENGTH else value[:SHOWN_LENGTH] + "…")
        case int() | float():
            return repr(value)
        case dict():
            return "an object"
        case list():
            return "an array"
        case _:
            return f"a {type(value).__name__}"


def refuse(expected: str, value: Any) -> NoReturn:
    """Refuse a value.

    Args:
        expected: What stood to be there, such as ``a string``.
        value: What is there.

    Raises:
        DecodeError: Always.
    """
    raise DecodeError(expected, shown(value))


def located(error: Exception, at: str) -> Exception:
    """Say in which field of an object decoding failed.

    Args:
        error: What the decoder of the field raised; a KeyError for ``at`` means that the field is missing.
        at: The field's wire name; empty where no field was being read.

    Returns:
        The error to raise: one that is no fault of the data comes back as it is.
    """
    if isinstance(error, KeyError) and error.args == (at,):
        return within(DecodeError("required, but missing", None), at)
    return within(error, at) if at else within(error, None)


def within(error: Exception, part: str | int | None) -> Exception:
    """Put a key or an index in front of a DecodeError's path.

    Args:
        error: What a decoder raised.
        part: The key or index; None for none.

    Returns:
        The same error, or a DecodeError for data that is nested too deeply to decode.
    """
    if isinstance(error, RecursionError):
        return DecodeError("fewer levels of nesting", "too many")
    if isinstance(error, DecodeError) and part is not None:
        error.path = step(part) + error.path
    return error


def step(part: str | int) -> str:
    """Return one part of a JSON path: ``.name``, ``['odd name']`` or ``[3]`` (RFC 9535 §2.3)."""
    if isinstance(part, str) and part.isidentifier() and part.isascii():
        return f".{part}"
    return f"[{part!r}]"
