"""The limits of a schema as validators of an attribute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import zip_longest
from typing import Final, Protocol

from attrest import bounds, ecmascript
from attrest.bounds import FREE
from attrest.code import literals
from attrest.ir import Constraints
from attrest.typerefs import (
    ANY,
    STRING,
    ListOf,
    LiteralOf,
    MapOf,
    Reference,
    Scalar,
    ScalarKind,
    TupleOf,
    TypeRef,
    UnionOf,
)


class Types(Protocol):
    """What the checks depend on of types that have a name."""

    def resolved(self, type_: TypeRef) -> TypeRef:
        """Return what a type comes to, aliases resolved and null aside."""
        ...

    def kinds(self, type_: TypeRef) -> frozenset[str]:
        """Return the kinds of JSON value that a type takes."""
        ...


_LENGTHS: Final[Mapping[ScalarKind, tuple[int, int]]] = {"date-time": (20, 32), "date": (10, 10), "uuid": (36, 36)}
"""The fewest and the most characters that values of a kind are written with, where that is known."""


def validators(
    types: Types, type_: TypeRef, limits: Constraints, *, first: Iterable[str] = (), last: Iterable[str] = ()
) -> str:
    """Return the ``validator`` argument for a field; empty where nothing limits it.

    Args:
        types: Knows what has a name.
        type_: The field's type.
        limits: Its limits.
        first: Checks of the runtime that come before those of the limits.
        last: Checks that come after them.
    """
    return _one_or_list([*map(_check, first), *_checks(types, type_, limits), *map(_check, last)])


def checks(types: Types, type_: TypeRef, limits: Constraints) -> list[str]:
    """Return the checks of a value that is no attribute's.

    Args:
        types: Knows what has a name.
        type_: The value's type.
        limits: Its limits.
    """
    return _checks(types, type_, limits)


def of_unlisted(types: Types, type_: TypeRef, limits: Constraints) -> str:
    """Return the ``validator`` argument for the fields that a model does not list; empty where nothing limits them."""
    return _one_or_list(_inside_object(types, type_, limits))


def in_words(types: Types, type_: TypeRef, limits: Constraints) -> str:
    """Return limits as a phrase such as ``1 to 100 items``; empty where there are none that can apply.

    Args:
        types: Knows what has a name.
        type_: The type of the values.
        limits: Their limits.
    """
    constraints = bounds.applying(limits, types.kinds(type_))
    phrases = [
        _range(constraints.min_items, constraints.max_items, "items"),
        _range(constraints.min_length, constraints.max_length, "characters"),
        _range(constraints.minimum, constraints.maximum, ""),
        _range(constraints.min_properties, constraints.max_properties, "properties"),
        f"more than {_number(constraints.exclusive_minimum)}" if constraints.exclusive_minimum is not None else "",
        f"less than {_number(constraints.exclusive_maximum)}" if constraints.exclusive_maximum is not None else "",
        f"a multiple of {_number(constraints.multiple_of)}" if constraints.multiple_of is not None else "",
        "no item twice" if constraints.unique_items else "",
    ]
    return ", ".join(phrase for phrase in phrases if phrase)


def _checks(types: Types, type_: TypeRef, limits: Constraints, *, lenient: bool = False) -> list[str]:
    """Return the checks of a value.

    Args:
        types: Knows what has a name.
        type_: The value's type.
        limits: Its limits.
        lenient: Whether it can be of other kinds as well.
    """
    match types.resolved(type_):
        case _ if limits == FREE:
            return _constants(types, type_)
        case ListOf(item):
            inside = _checks(types, item, limits.items or FREE)
            positions = [_checks(types, item, each) for each in limits.prefix_items]
            return [*_whole_array(limits, lenient=lenient), *_positions(positions, inside)]
        case TupleOf() as whole:
            return _tuple(types, whole, limits, lenient=lenient)
        case MapOf(value):
            counts = _call("properties", limits.min_properties, limits.max_properties, lenient=lenient)
            return counts + _inside_object(types, value, limits)
        case Scalar("any"):
            kinds = (STRING, Scalar("number"), ListOf(ANY), MapOf(ANY))
            return [check for kind in kinds for check in _checks(types, kind, limits, lenient=True)]
        case Scalar(kind):
            return _scalar(kind, limits)
        case Reference():
            return [*_as_text(_text(limits)), *_number_checks(limits)]
        case UnionOf(members):
            found = [check for member in members for check in _checks(types, member, limits, lenient=True)]
            return list(dict.fromkeys(found))
        case _:
            return []


def _tuple(types: Types, whole: TupleOf, limits: Constraints, *, lenient: bool) -> list[str]:
    rest = ANY if whole.rest is None else whole.rest

    def item(type_: TypeRef, own: Constraints) -> list[str]:
        return _checks(types, type_, own) + ([] if lenient else _kind(types, type_, whole))

    pairs = zip_longest(whole.items, limits.prefix_items)
    positions = [item(type_ or rest, own or FREE) for type_, own in pairs]
    return [*_whole_array(limits, lenient=lenient), *_positions(positions, item(rest, limits.items or FREE))]


def _whole_array(limits: Constraints, *, lenient: bool) -> list[str]:
    checks = _call("length", limits.min_items, limits.max_items, lenient=lenient)
    return [*checks, *([_check("unique")] if limits.unique_items else [])]


def _kind(types: Types, item: TypeRef, whole: TupleOf) -> list[str]:
    """Return the check of the kind of an item of a tuple, which its type, that of a list, says nothing of."""
    if isinstance(constant := types.resolved(item), LiteralOf) and len(constant.values) == 1:
        return []
    kinds = types.kinds(item)
    taken = kinds | ({"integer"} if "number" in kinds else frozenset[str]())
    if types.kinds(whole.item) <= taken:
        return []
    return [_check(f"of_kind({', '.join(map(literals.string, sorted(kinds)))})")]


def _positions(first: Sequence[list[str]], rest: list[str]) -> list[str]:
    """Return the checks of the items of an array, from those at the first positions and of all behind."""
    if any(first):
        told = "".join(f"[{', '.join(each)}], " for each in first)
        return [_check(f"positions(({told}), [{', '.join(rest)}])")]
    return _inside("each", rest)


def _inside_object(types: Types, value: TypeRef, limits: Constraints) -> list[str]:
    names = [] if limits.property_names is None else _text(limits.property_names)
    return _inside("names", names) + _inside("values", _checks(types, value, limits.values or FREE))


def _inside(name: str, checks: list[str]) -> list[str]:
    return [_check(f"{name}({', '.join(checks)})")] if checks else []


def _constants(types: Types, type_: TypeRef, outer: tuple[TypeRef, ...] = ()) -> list[str]:
    """Return the checks of constants and positions in a value that nothing else limits; in circles, of the outermost.

    Args:
        types: Knows what has a name.
        type_: The value's type.
        outer: The types that it stands in.
    """
    if type_ in outer:
        return []
    inside = partial(_constants, types, outer=(*outer, type_))
    match types.resolved(type_):
        case LiteralOf((value,)):
            return [_check(f"constant({literals.literal(value)})")]
        case ListOf(item):
            return _inside("each", inside(item))
        case TupleOf(items, rest) as whole:
            positions = [inside(item) + _kind(types, item, whole) for item in items]
            return _positions(positions, [] if rest is None else inside(rest) + _kind(types, rest, whole))
        case MapOf(item):
            return _inside("values", inside(item))
        case _:
            return []


def _text(limits: Constraints) -> list[str]:
    return _call("text_length", limits.min_length, limits.max_length) + _matches(limits.pattern)


def _scalar(kind: ScalarKind, limits: Constraints) -> list[str]:
    match kind:
        case "string":
            return _text(limits)
        case "integer" | "number":
            return _number_checks(limits)
        case "boolean" | "null":
            return []
        case _:
            return _written(kind, limits)


def _written(kind: ScalarKind, limits: Constraints) -> list[str]:
    """Return the checks of a value that is text only where it is sent."""
    shortest, longest = _LENGTHS.get(kind, (0, None))
    unchecked = bounds.UNCHECKED.get(kind, frozenset())
    least, most = limits.min_length, limits.max_length
    if "minLength" in unchecked or (least is not None and least <= shortest):
        least = None
    if "maxLength" in unchecked or (most is not None and longest is not None and most >= longest):
        most = None
    pattern = None if "pattern" in unchecked else limits.pattern
    return _as_text(_call("text_length", least, most) + _matches(pattern))


def _as_text(checks: list[str]) -> list[str]:
    return [_check(f"as_text({', '.join(checks)})")] if checks else []


def _number_checks(limits: Constraints) -> list[str]:
    known = {
        "at_least": limits.minimum,
        "at_most": limits.maximum,
        "more_than": limits.exclusive_minimum,
        "less_than": limits.exclusive_maximum,
        "multiple_of": limits.multiple_of,
    }
    return [_check(f"{name}({literals.literal(bound)})") for name, bound in known.items() if bound is not None]


def _check(expression: str) -> str:
    return f"_checks.{expression}"


def _one_or_list(checks: list[str]) -> str:
    return checks[0] if len(checks) == 1 else f"[{', '.join(checks)}]" if checks else ""


def _call(name: str, least: int | None, most: int | None, *, lenient: bool = False) -> list[str]:
    if least is None and most is None:
        return []
    return [_check(f"{name}({least}, {most}{', lenient=True' if lenient else ''})")]


def _matches(pattern: str | None) -> list[str]:
    """Return the check of a pattern, where Python can do it."""
    python = None if pattern is None else ecmascript.translated(pattern)
    if pattern is None or python is None:
        return []
    spelt = "" if python == pattern else f", python={literals.string(python)}"
    return [_check(f"matches({literals.string(pattern)}{spelt})")]


def _range(least: float | None, most: float | None, unit: str) -> str:
    match least, most:
        case None, None:
            return ""
        case None, _:
            phrase = f"at most {_number(most)}"
        case _, None:
            phrase = f"{_number(least)} or more"
        case _:
            phrase = f"{_number(least)} to {_number(most)}"
    return f"{phrase} {unit}".rstrip()


def _number(value: float | None) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
