"""Converters and validators for the fields of requests, after the limits of JSON Schema 2020-12 (validation §6).

None and UNSET pass every one of them but ``required``, which says that a field may not be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from numbers import Number
from typing import Any, Final, TypeAlias, TypeVar, cast, overload

import attrs

from .codec import PLAIN, dumps, encode
from .decoding import Kind, comparable, is_iterable, is_object, is_sequence, kind_of, same, shown, step
from .errors import DecodeError, InvalidArgumentError
from .formats import date_time
from .parts import bare, is_part
from .unions import in_words
from .unset import UNSET, Unset

T = TypeVar("T")

Validator: TypeAlias = Callable[[Any, "attrs.Attribute[Any]", Any], None]

READ_ONLY: Final = {"read_only": True}
"""The metadata of an attribute that only the service sets, where it holds models."""


def required(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse None and UNSET, which would leave out of the request what it cannot do without."""
    if absent(value):
        raise InvalidArgumentError(f"{attribute.name}: required, got {value!r}")


def requires(*names: str) -> Validator:
    """Require that other fields are there where one is (JSON Schema 2020-12 validation §6.5.4).

    Args:
        names: The attributes of the others.
    """

    def check(instance: attrs.AttrsInstance, attribute: attrs.Attribute[Any], value: Any) -> None:
        if left_out(attribute, value):
            return
        for other in attrs.fields(type(instance)):
            if other.name in names and left_out(other, getattr(instance, other.name)):
                raise InvalidArgumentError(f"{attribute.name}: requires {other.name}")

    return check


@overload
def aware_datetime(value: str | datetime) -> datetime: ...
@overload
def aware_datetime(value: None) -> None: ...
@overload
def aware_datetime(value: Unset) -> Unset: ...
def aware_datetime(value: Any) -> Any:
    """Convert RFC 3339 text to an aware datetime; anything else is left for ``aware``, which knows the field's name."""
    if isinstance(value, str):
        try:
            return date_time(value)
        except DecodeError:
            pass
    return value


def aware(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse what is no datetime with a time zone, after ``aware_datetime``."""
    if absent(value) or (isinstance(value, datetime) and value.utcoffset() is not None):
        return
    raise InvalidArgumentError(
        f"{attribute.name}: expected a datetime with a time zone or an RFC 3339 date-time, got {value!r}"
    )


def length(minimum: int | None = None, maximum: int | None = None, *, lenient: bool = False) -> Validator:
    """Limit how many items a sequence has; a text is no sequence of texts here.

    Args:
        minimum: The fewest items; None for no limit.
        maximum: The most items; None for no limit.
        lenient: Whether what is no sequence passes.
    """
    return counting(is_sequence, "list", ("item", "items"), minimum, maximum, lenient=lenient)


def sequence(instance: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse a text where a list of texts belongs."""
    length()(instance, attribute, value)


def items(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse None and UNSET among the items of a sequence, from which they would be left out."""
    if is_sequence(value):
        for index, item in enumerate(value):
            if absent(item):
                raise InvalidArgumentError(f"{attribute.name}[{index}]: required, got {item!r}")


def texts(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse everything but texts, members of a ``StrEnum`` among them, as the items of a sequence."""
    if is_sequence(value):
        for index, item in enumerate(value):
            if not isinstance(item, str):
                raise InvalidArgumentError(f"{attribute.name}[{index}]: expected a text, got {shown(item)}")


def properties(minimum: int | None = None, maximum: int | None = None, *, lenient: bool = False) -> Validator:
    """Limit how many keys a mapping has.

    Args:
        minimum: The fewest keys; None for no limit.
        maximum: The most keys; None for no limit.
        lenient: Whether what is no mapping passes.
    """
    return counting(is_object, "mapping", ("property", "properties"), minimum, maximum, lenient=lenient)


def counting(
    is_one: Callable[[Any], bool],
    expected: str,
    units: tuple[str, str],
    minimum: int | None,
    maximum: int | None,
    *,
    lenient: bool,
) -> Validator:
    """Limit how many things a value holds.

    Args:
        is_one: Says whether a value is of the kind that is counted in.
        expected: What this kind is called.
        units: What is counted: one of it, and several.
        minimum: The fewest; None for no limit.
        maximum: The most; None for no limit.
        lenient: Whether what is of another kind passes.
    """

    def check(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        if absent(value) or (lenient and not is_one(value)):
            return
        if not is_one(value):
            raise InvalidArgumentError(f"{attribute.name}: expected a {expected}, got a {type(value).__name__}")
        within(attribute.name, len(value), minimum, maximum, units)

    return check


def each(*checks: Validator) -> Validator:
    """Check every item of a sequence; errors name its index."""
    return positions((), checks)


def positions(first: Sequence[Sequence[Validator]], rest: Sequence[Validator]) -> Validator:
    """Check the items of a sequence by where they stand; errors name the index.

    Args:
        first: The checks of the items at the first positions.
        rest: The checks of every item behind those.
    """

    def check(instance: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not is_sequence(value):
            return
        place: Any = _Place(attribute, step)
        for place.part, item in enumerate(value):
            for inner in first[place.part] if place.part < len(first) else rest:
                inner(instance, place, item)

    return check


def in_parts(checks: Validator | list[Validator]) -> Validator:
    """Check a value that may have a part of its own, or a list of such values: what is in the parts.

    Args:
        checks: The checks of the value.
    """
    inside = [checks] if callable(checks) else checks

    def check(instance: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        for inner in inside:
            inner(instance, attribute, bare(value))

    return check


def values(*checks: Validator) -> Validator:
    """Check every value of a mapping; errors name its key."""

    def check(instance: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not is_object(value):
            return
        place: Any = _Place(attribute, step)
        for place.part, item in value.items():
            for inner in checks:
                inner(instance, place, item)

    return check


def names(*checks: Validator) -> Validator:
    """Check every key of a mapping."""

    def check(instance: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not is_object(value):
            return
        place: Any = _Place(attribute, ": the name {!r}".format)
        for place.part in value:
            for inner in checks:
                inner(instance, place, place.part)

    return check


class _Place:
    """Stands for an attribute where something inside its value is checked: ``name`` says where."""

    __slots__ = ("_outer", "_spell", "part")

    def __init__(self, outer: attrs.Attribute[Any], spell: Callable[[Any], str]) -> None:
        self._outer = outer
        self._spell = spell
        self.part: Any = None

    @property
    def name(self) -> str:
        return f"{self._outer.name}{self._spell(self.part)}"


@attrs.frozen
class Named:
    """Stands for an attribute where what is checked is the value of none."""

    name: str


def sent(**arguments: Any) -> None:
    """Check the models in what a request sends, however deep: they were received, or changed since they were made.

    Args:
        arguments: The request's attributes that hold models.

    Raises:
        InvalidArgumentError: One does not keep to its limits; it says where.
    """
    for name, value in arguments.items():
        models(value, name)


def models(value: Any, where: str) -> None:
    """Check a model, or those in a sequence, mapping or part; what only the service sets in them does not travel."""
    kind = value.__class__
    if kind in PLAIN:
        return
    if is_object(value):
        for key, item in value.items():
            models(item, where + step(key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(cast("Sequence[Any]", value)):
            models(item, where + step(index))
    elif is_part(value):
        models(value.value, where)
    elif attrs.has(kind) and hasattr(value, "to_dict"):
        model(value, where)


def model(value: attrs.AttrsInstance, where: str) -> None:
    """Check a model, and those in it."""
    try:
        attrs.validate(value)
    except InvalidArgumentError as error:
        raise InvalidArgumentError(f"{where}.{error}") from None
    for field in attrs.fields(value.__class__):
        if field.metadata != READ_ONLY:
            models(getattr(value, field.name), f"{where}.{field.name}")


def constant(expected: T) -> Callable[[Any, attrs.Attribute[T], T], None]:
    """Require the only value that there is (JSON Schema 2020-12 validation §6.1.3); true is not 1."""

    def check(_: Any, attribute: attrs.Attribute[T], value: T) -> None:
        if not absent(value) and not same(value, expected):
            raise InvalidArgumentError(f"{attribute.name}: must be {shown(expected)}, got {shown(value)}")

    return check


def of_kind(*kinds: Kind) -> Validator:
    """Require a value that is sent as one of some kinds of JSON value; null is one.

    Args:
        kinds: The kinds; a whole number is an integer, and each integer a number.
    """

    def check(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        found = kind_when_sent(value)
        if found is not None and found not in kinds and not (found == "integer" and "number" in kinds):
            raise InvalidArgumentError(f"{attribute.name}: expected {in_words(kinds)}, got {shown(value)}")

    return check


def kind_when_sent(value: Any) -> Kind | None:
    """Return the kind of JSON value that a value is sent as; None for what cannot be, which is told when it is sent."""
    if is_object(value) or hasattr(value, "to_dict"):
        return "object"
    if is_sequence(value):
        return "array"
    try:
        return kind_of(encode(value))
    except (TypeError, InvalidArgumentError):
        return None


def text_length(minimum: int | None = None, maximum: int | None = None) -> Validator:
    """Limit how many characters a text has.

    Args:
        minimum: The fewest characters; None for no limit.
        maximum: The most characters; None for no limit.
    """

    def check(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        if isinstance(value, str):
            within(attribute.name, len(value), minimum, maximum, ("character", "characters"))

    return check


def as_text(*checks: Validator) -> Validator:
    """Check the text that a value is sent as, such as a date, bytes or a member of an enum."""

    def check(instance: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        if absent(value):
            return
        text = encode(value)
        for inner in checks:
            inner(instance, attribute, text)

    return check


def matches(pattern: str, *, python: str | None = None) -> Validator:
    """Require that a pattern occurs in a text.

    Args:
        pattern: A regular expression as errors show it; it is anchored only where it says so.
        python: How Python spells it, where that differs. It is compiled when it is first needed.
    """
    expression = python or pattern

    def check(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        import re

        if isinstance(value, str) and not re.search(expression, value):
            raise InvalidArgumentError(f"{attribute.name}: must match {pattern}, got {value!r}")

    return check


def at_least(limit: float) -> Validator:
    """Require a number of at least ``limit``."""
    return comparing("at least", limit, lambda value: value >= limit)


def at_most(limit: float) -> Validator:
    """Require a number of at most ``limit``."""
    return comparing("at most", limit, lambda value: value <= limit)


def more_than(limit: float) -> Validator:
    """Require a number above ``limit``."""
    return comparing("more than", limit, lambda value: value > limit)


def less_than(limit: float) -> Validator:
    """Require a number below ``limit``."""
    return comparing("less than", limit, lambda value: value < limit)


def multiple_of(divisor: float) -> Validator:
    """Require a multiple of a number; decimal fractions count as they are written."""

    def divides(value: Any) -> bool:
        from fractions import Fraction

        return (Fraction(str(value)) / Fraction(str(divisor))).denominator == 1

    return comparing("a multiple of", divisor, divides)


def unique(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse a sequence that holds one value twice (JSON Schema 2020-12 validation §6.4.3)."""
    if not is_iterable(value):
        return
    seen: set[Hashable] = set()
    for item in map(encode, value):
        key = comparable(item)
        if key in seen:
            told = dumps(item).decode()
            raise InvalidArgumentError(f"{attribute.name}: items must be unique, got {told} more than once")
        seen.add(key)


def comparing(relation: str, limit: float, holds: Callable[[Any], bool]) -> Validator:
    """Make a validator for numbers.

    Args:
        relation: What the number has to be, as the error says it.
        limit: The number that it is compared with.
        holds: Says whether a number is right.
    """

    def check(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, Number):
            return
        if not holds(value):
            raise InvalidArgumentError(f"{attribute.name}: must be {relation} {limit!r}, got {value!r}")

    return check


def within(name: str, count: int, minimum: int | None, maximum: int | None, units: tuple[str, str]) -> None:
    """Refuse a count outside its limits.

    Args:
        name: The field's name.
        count: How many there are.
        minimum: The fewest; None for no limit.
        maximum: The most; None for no limit.
        units: What is counted: one of it, and several.

    Raises:
        InvalidArgumentError: There are too few or too many.
    """
    if minimum is not None and count < minimum:
        raise InvalidArgumentError(f"{name}: must have at least {minimum} {units[minimum != 1]}, got {count}")
    if maximum is not None and count > maximum:
        raise InvalidArgumentError(f"{name}: must have at most {maximum} {units[maximum != 1]}, got {count}")


def left_out(attribute: attrs.Attribute[Any], value: Any) -> bool:
    """Say whether a model's field is not written; null is, where it is a value of the field."""
    return value is UNSET or (value is None and attribute.default is None)


def absent(value: object) -> bool:
    """Say whether a field was left out."""
    return value is None or value is UNSET
