"""Examples for the reference pages: values for types that have none, and values written as Python.

A value is JSON, as the description would give it. Sampled values keep to required fields below the first level, or
where there are none to the most telling, so that hardly any optional field that is added to a schema changes a page
that merely mentions it.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import attrs

from attrest import ecmascript, patterns
from attrest.bounds import FREE
from attrest.code import literals
from attrest.ir import ABSENT, Absent, Alias, Constraints, Declaration, Enum, Field, Json, Model
from attrest.pages.telling import telling
from attrest.pages.withinlimits import is_within
from attrest.typerefs import (
    STRING,
    Discriminator,
    JsonScalar,
    ListOf,
    LiteralOf,
    MapOf,
    Nullable,
    Reference,
    Scalar,
    ScalarKind,
    TupleOf,
    TypeRef,
    UnionOf,
    references,
)

Declarations: TypeAlias = Mapping[str, Declaration]
"""Every model, enum and alias of an Api by its class name."""

_SAMPLES: dict[ScalarKind, Json] = {
    "any": "anything",
    "null": None,
    "string": "text",
    "integer": 1,
    "number": 1.5,
    "boolean": True,
    "date-time": "2030-01-31T12:00:00Z",
    "date": "2030-01-31",
    "time": "12:00:00Z",
    "duration": "PT1H30M",
    "uuid": "2f1d8a52-6b0e-4c57-9d43-7a8e0b9c1d26",
    "decimal": "12.50",
    "file": "content",
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DURATION = re.compile(
    r"(?P<sign>-)?P(?=.*\d)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
)
_WIDTH = 88
NOTHING: tuple[Json, ...] = (None, "", [], {}, [{}])
"""Values that show nothing."""


@attrs.frozen
class Import:
    """``from module import name``."""

    module: str
    name: str


@attrs.frozen
class Atom:
    """An expression that is written on one line."""

    text: str
    imports: frozenset[Import] = frozenset()


@attrs.frozen
class Item:
    """One item of a bracketed expression, after what introduces it: ``name=`` or ``"key": ``."""

    prefix: str
    value: Expression


@attrs.frozen
class Group:
    """A call, list, tuple, set or dictionary."""

    opening: str
    items: tuple[Item, ...]
    closing: str
    imports: frozenset[Import] = frozenset()


Expression: TypeAlias = Atom | Group


def sample(type_: TypeRef, declarations: Declarations, constraints: Constraints = FREE) -> Json | Absent:
    """Return a value of a type; ABSENT where a type refers to itself without an end."""
    return _Sampler(declarations).value(type_, constraints)


def sample_fields(fields: Iterable[Field], declarations: Declarations, filled: Collection[str] = ()) -> dict[str, Json]:
    """Return a value for every field that can have one, by wire name.

    Args:
        fields: The fields.
        declarations: What their types refer to.
        filled: The wire names of those whose objects have all their optional fields, where they would be empty.
    """
    sampler = _Sampler(declarations)
    values = {
        field.wire_name: sampler.filled(field) if field.wire_name in filled else sampler.field(field)
        for field in fields
    }
    return {wire_name: value for wire_name, value in values.items() if not isinstance(value, Absent)}


def sample_model(model: Model, declarations: Declarations) -> dict[str, Json]:
    """Return the example that the description gives a model, or else a value with all its fields.

    What its limits refuse in the example is sampled, or left out.
    """
    given = json_object(model.example)
    sampler = _Sampler(declarations, frozenset({model.name}))
    if given is not None and _Writer(declarations).fits_model(given, model):
        return sampler.kept_model(given, model)
    return sampler.object(model.fields)


def kept(
    value: Json | Absent, type_: TypeRef, declarations: Declarations, constraints: Constraints = FREE
) -> Json | Absent:
    """Return as much of an example as a type and its limits take.

    Args:
        value: The example.
        type_: The type.
        declarations: What it refers to.
        constraints: Its limits.

    Returns:
        The example, with sampled values in the place of those inside it that limits refuse; ABSENT where there is none,
        or none that is one of the type.
    """
    return _Sampler(declarations).given(value, type_, constraints)


def fits(value: Json | Absent, type_: TypeRef, declarations: Declarations) -> bool:
    """Return whether there is a value and it is one of a type; limits and patterns do not count."""
    return not isinstance(value, Absent) and _Writer(declarations).fits(value, type_)


def literal(value: Json, type_: TypeRef, declarations: Declarations) -> Expression:
    """Return the Python expression for a JSON value that has a type; a value that does not fit is written as it is."""
    return _Writer(declarations).expression(value, type_)


def construct(value: Mapping[str, Json], model: Model, declarations: Declarations) -> Expression:
    """Return the Python expression that makes a model of the fields that a JSON object has."""
    return _Writer(declarations).object(value, model)


def layout(expression: Expression, indent: int = 0, used: int = 0) -> str:
    """Return an expression as source: on one line where it fits, else one item a line.

    Args:
        expression: What to write.
        indent: How many columns the statement is indented.
        used: How many columns of the line the text before and after the expression takes, the indent not counted.
    """
    line = one_line(expression)
    if isinstance(expression, Atom) or not expression.items or indent + used + len(line) <= _WIDTH:
        return line
    inner = indent + 4
    lines = (
        f"{' ' * inner}{item.prefix}{layout(item.value, inner, len(item.prefix) + 1)}," for item in expression.items
    )
    return "\n".join((expression.opening, *lines, f"{' ' * indent}{expression.closing}"))


def one_line(expression: Expression) -> str:
    """Return an expression as source on one line."""
    if isinstance(expression, Atom):
        return expression.text
    inner = ", ".join(f"{item.prefix}{one_line(item.value)}" for item in expression.items)
    return f"{expression.opening}{inner}{expression.closing}"


def imports(expression: Expression) -> frozenset[Import]:
    """Return what an expression needs imported."""
    if isinstance(expression, Atom):
        return expression.imports
    return expression.imports.union(*(imports(item.value) for item in expression.items))


def json_object(value: Any) -> dict[str, Json] | None:
    """Return a value that is a JSON object, None for any other."""
    return _keyed(value) if isinstance(value, dict) else None


def json_text(value: Json) -> str:
    """Return a JSON value as indented text."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def call(function: str, arguments: Iterable[tuple[str, Expression]], needed: Iterable[Import] = ()) -> Group:
    """Return the call of a function with keyword arguments."""
    items = tuple(Item(f"{name}=", value) for name, value in arguments)
    return Group(f"{function}(", items, ")", frozenset(needed))


@attrs.frozen
class _Sampler:
    """Makes values up."""

    declarations: Declarations
    visiting: frozenset[str] = frozenset()
    """The names of the models whose value is being made, so that a circle ends."""

    def field(self, field: Field) -> Json | Absent:
        given = self.given(field.example, field.type, field.constraints)
        if isinstance(given, Absent) and field.default not in NOTHING:
            given = self.given(field.default, field.type, field.constraints)
        return self.value(field.type, field.constraints) if isinstance(given, Absent) else given

    def given(self, example: Json | Absent, type_: TypeRef, limits: Constraints) -> Json | Absent:
        """Return as much of an example as its type and limits take; ABSENT where they do not take it."""
        if isinstance(example, Absent) or not _Writer(self.declarations).fits(example, type_):
            return ABSENT
        return self._kept(example, type_, limits)

    def _kept(self, value: Json, type_: TypeRef, limits: Constraints) -> Json | Absent:
        """Return a value of a type without what limits refuse in it; ABSENT where they refuse the whole."""
        match type_:
            case Nullable(inner):
                return None if value is None else self._kept(value, inner, limits)
            case UnionOf():
                return self._kept(value, _Writer(self.declarations).member(value, type_), limits)
            case Reference(name):
                made = self._kept_declared(value, self.declarations[name])
            case ListOf(item):
                made = self._kept_items(_items(value), itertools.repeat(item), limits)
            case TupleOf(items, rest):
                made = self._kept_items(_items(value), _positions(items, rest, len(_items(value))), limits)
            case MapOf(inner):
                made = self._kept_values(_keyed(value), inner, limits)
            case _:
                made = value
        return made if not isinstance(made, Absent) and is_within(made, type_, limits) else ABSENT

    def _kept_declared(self, value: Json, declaration: Declaration) -> Json | Absent:
        if isinstance(declaration, Alias):
            return self._kept(value, declaration.type, declaration.constraints)
        return value if isinstance(declaration, Enum) else self.kept_model(_keyed(value), declaration)

    def _kept_items(self, value: list[Json], types: Iterable[TypeRef], limits: Constraints) -> Json | Absent:
        inside = itertools.chain(limits.prefix_items, itertools.repeat(limits.items or FREE))
        made = [self._kept(*each) for each in zip(value, types, inside, strict=False)]
        return ABSENT if any(isinstance(each, Absent) for each in made) else made

    def _kept_values(self, value: Mapping[str, Json], type_: TypeRef, limits: Constraints) -> dict[str, Json]:
        inside, names = limits.values or FREE, limits.property_names or FREE
        made = {name: self._kept(each, type_, inside) for name, each in value.items() if is_within(name, STRING, names)}
        return {name: each for name, each in made.items() if not isinstance(each, Absent)}

    def kept_model(self, value: Mapping[str, Json], model: Model) -> dict[str, Json]:
        """Return an object that fits a model, with sampled fields in the place of those that limits refuse."""
        inner = attrs.evolve(self, visiting=self.visiting | {model.name})
        made: dict[str, Json | Absent] = dict(value)
        for field in model.fields:
            if field.wire_name in value:
                found = self._kept(value[field.wire_name], field.type, field.constraints)
                made[field.wire_name] = inner.field(field) if isinstance(found, Absent) else found
        return {name: each for name, each in made.items() if not isinstance(each, Absent)}

    def filled(self, field: Field) -> Json | Absent:
        value = self.field(field)
        models = (self.declarations[name] for name in references(field.type)) if value == {} else ()
        return next((self.object(each.fields) for each in models if isinstance(each, Model)), value)

    def object(self, fields: Iterable[Field]) -> dict[str, Json]:
        values = {field.wire_name: self.field(field) for field in fields}
        return {wire_name: value for wire_name, value in values.items() if not isinstance(value, Absent)}

    def value(self, type_: TypeRef, constraints: Constraints = FREE) -> Json | Absent:
        match type_:
            case Scalar(kind):
                return _scalar(kind, constraints)
            case Reference(name):
                return self._declared(self.declarations[name])
            case ListOf(item):
                value = self.value(item, constraints.items or FREE)
                return [] if isinstance(value, Absent) else [value] * max(1, constraints.min_items or 0)
            case MapOf(inner):
                value = self.value(inner, constraints.values or FREE)
                is_unknown = isinstance(value, Absent) or constraints.property_names is not None
                return {} if is_unknown or constraints.max_properties == 0 else {"key": value}
            case TupleOf(items):
                limits = (*constraints.prefix_items, *(FREE for _ in items))
                values = [self.value(item, limit) for item, limit in zip(items, limits, strict=False)]
                return ABSENT if any(isinstance(value, Absent) for value in values) else values
            case LiteralOf(values):
                return values[0]
            case Nullable(inner):
                value = self.value(inner, constraints)
                return None if isinstance(value, Absent) else value
            case UnionOf(members, discriminator):
                return self._union(members, discriminator, constraints)

    def _declared(self, declaration: Declaration) -> Json | Absent:
        if isinstance(declaration, Enum):
            return declaration.members[0].value if declaration.members else _SAMPLES["string"]
        given = self.given(declaration.example, Reference(declaration.name), FREE)
        if not isinstance(given, Absent):
            return given
        if declaration.name in self.visiting:
            return ABSENT
        inner = attrs.evolve(self, visiting=self.visiting | {declaration.name})
        if isinstance(declaration, Alias):
            return inner.value(declaration.type, declaration.constraints)
        required = _needed(declaration.fields)
        if not required:
            told = inner.object(telling(declaration.fields, self.declarations))
            return {name: each for name, each in told.items() if each not in NOTHING}
        value = inner.object(required)
        return value if len(value) == len(required) else ABSENT

    def _union(
        self, members: tuple[TypeRef, ...], discriminator: Discriminator | None, limits: Constraints
    ) -> Json | Absent:
        for member in members:
            value = self.value(member, limits)
            if not isinstance(value, Absent):
                return value if discriminator is None else _tagged(value, member, discriminator)
        return ABSENT


def _needed(fields: tuple[Field, ...]) -> list[Field]:
    """Return the fields that a request cannot do without, and those that they require, however indirectly."""
    by_name = {field.name: field for field in fields}
    waiting, reached = [field.name for field in fields if _is_needed(field)], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += by_name[name].requires
    return [field for field in fields if field.name in reached]


def _is_needed(field: Field) -> bool:
    return field.required or field.required_in_requests


def _tagged(value: Json, member: TypeRef, discriminator: Discriminator) -> Json:
    tags = [variant.value for variant in discriminator.variants if variant.type == member]
    return _keyed(value) | {discriminator.wire_name: tags[0]} if tags and isinstance(value, dict) else value


def _scalar(kind: ScalarKind, constraints: Constraints) -> Json:
    if kind in ("base64", "base64url"):
        return _base64(constraints)
    value = _SAMPLES[kind]
    if kind == "integer":
        return int(_within(value, constraints))
    if kind == "number":
        return _within(value, constraints)
    if kind == "string":
        return _text(str(value), constraints)
    return value


def _base64(limits: Constraints) -> str:
    """Return bytes as text of a length within the limits: four characters stand for three bytes."""
    groups = max(2, -(-(limits.min_length or 0) // 4))
    if limits.max_length is not None:
        groups = min(groups, limits.max_length // 4)
    content = b"hello" if groups == 2 else (b"hello" * groups)[: groups * 3]
    return base64.b64encode(content).decode()


def _text(text: str, limits: Constraints) -> str:
    fitting = text.ljust(limits.min_length or 0, "x")[: limits.max_length]
    if limits.pattern is None:
        return fitting
    pattern = ecmascript.translated(limits.pattern) or limits.pattern
    return patterns.matching(pattern, limits.min_length or 0, limits.max_length) or fitting


def _within(value: float, limits: Constraints) -> float:
    """Return the value, or the next one that keeps within the limits."""
    step = limits.multiple_of or 1
    value = value if limits.multiple_of is None else limits.multiple_of
    if limits.minimum is not None and value < limits.minimum:
        value = limits.minimum
    if limits.exclusive_minimum is not None and value <= limits.exclusive_minimum:
        value = limits.exclusive_minimum + step
    if limits.maximum is not None and value > limits.maximum:
        value = limits.maximum
    if limits.exclusive_maximum is not None and value >= limits.exclusive_maximum:
        value = limits.exclusive_maximum - step
    return value


@attrs.frozen
class _Writer:
    """Writes values as Python."""

    declarations: Declarations

    def expression(self, value: Json, type_: TypeRef) -> Expression:
        if not self.fits(value, type_):
            return _plain(value)
        match type_:
            case Scalar(kind):
                return _SCALARS.get(kind, _plain)(value)
            case Reference(name):
                return self._declared(value, self.declarations[name])
            case ListOf(item):
                return _group("[", ((("", self.expression(each, item))) for each in value), "]")
            case MapOf(inner):
                entries = ((f"{literals.string(key)}: ", self.expression(each, inner)) for key, each in value.items())
                return _group("{", entries, "}")
            case TupleOf(items, rest):
                pairs = zip(_items(value), _positions(items, rest, len(value)), strict=True)
                return _group("[", (("", self.expression(*pair)) for pair in pairs), "]")
            case LiteralOf():
                return _plain(value)
            case Nullable(inner):
                return Atom("None") if value is None else self.expression(value, inner)
            case UnionOf():
                return self.expression(value, self.member(value, type_))

    def fits(self, value: Json, type_: TypeRef) -> bool:
        match type_:
            case Scalar(kind):
                return _FITS[kind](value)
            case Reference(name):
                return self._fits_declared(value, self.declarations[name])
            case ListOf(item):
                return isinstance(value, list) and all(self.fits(each, item) for each in _items(value))
            case MapOf(inner):
                return isinstance(value, dict) and all(self.fits(each, inner) for each in _values(value))
            case TupleOf(items, rest):
                return isinstance(value, list) and self._fits_tuple(_items(value), items, rest)
            case LiteralOf(values):
                return any(_same(value, each) for each in values)
            case Nullable(inner):
                return value is None or self.fits(value, inner)
            case UnionOf(members):
                return any(self.fits(value, member) for member in members)

    def _fits_tuple(self, value: list[Json], items: tuple[TypeRef, ...], rest: TypeRef | None) -> bool:
        types = _positions(items, rest, len(value))
        return len(value) == len(types) and all(self.fits(*pair) for pair in zip(value, types, strict=True))

    def _fits_declared(self, value: Json, declaration: Declaration) -> bool:
        if isinstance(declaration, Alias):
            return self.fits(value, declaration.type)
        if isinstance(declaration, Enum):
            return any(_same(value, member.value) for member in declaration.members) or (
                declaration.base != "mixed" and _FITS[declaration.base](value)
            )
        return isinstance(value, dict) and self.fits_model(_keyed(value), declaration)

    def fits_model(self, value: Mapping[str, Json], model: Model) -> bool:
        return all(
            self.fits(value[field.wire_name], field.type) if field.wire_name in value else not _is_needed(field)
            for field in model.fields
        )

    def _declared(self, value: Json, declaration: Declaration) -> Expression:
        if isinstance(declaration, Alias):
            return self.expression(value, declaration.type)
        if isinstance(declaration, Enum):
            names = [member.name for member in declaration.members if _same(value, member.value)]
            return _model_name(f"{declaration.name}.{names[0]}") if names else _plain(value)
        return self.object(value, declaration)

    def object(self, value: Mapping[str, Json], model: Model) -> Group:
        arguments = [
            (field.name, self.expression(value[field.wire_name], field.type))
            for field in model.fields
            if field.wire_name in value
        ]
        known = {field.wire_name for field in model.fields}
        rest = {key: each for key, each in value.items() if key not in known}
        if rest and model.additional is not None:
            arguments.append(("additional_properties", self.expression(rest, MapOf(model.additional))))
        return call(f"models.{model.name}", arguments, (_MODELS,))

    def member(self, value: Json, union: UnionOf) -> TypeRef:
        """Return the member that the tag names, or the one that fits with the fewest unknown keys."""
        discriminator = union.discriminator
        if discriminator is not None and isinstance(value, dict):
            tag = _keyed(value).get(discriminator.wire_name)
            for variant in discriminator.variants:
                if variant.value == tag and self.fits(_keyed(value), variant.type):
                    return variant.type
        fitting = [member for member in union.members if self.fits(value, member)]
        return min(fitting, key=lambda member: self._unknown(value, member))

    def _unknown(self, value: Json, type_: TypeRef) -> int:
        declaration = self.declarations.get(type_.name) if isinstance(type_, Reference) else None
        if not isinstance(declaration, Model) or not isinstance(value, dict):
            return 0
        return len(_keyed(value).keys() - {field.wire_name for field in declaration.fields})


def _positions(items: tuple[TypeRef, ...], rest: TypeRef | None, length: int) -> tuple[TypeRef, ...]:
    """Return the type of every position of an array that has a length."""
    return items if rest is None else items + (rest,) * (length - len(items))


def _items(value: Any) -> list[Json]:
    return list(value)


def _values(value: Any) -> list[Json]:
    return list(value.values())


def _keyed(value: Any) -> dict[str, Json]:
    return dict(value)


_MODELS = Import("", "models")
"""The client's models; the empty module stands for the client's package."""


def _model_name(name: str) -> Atom:
    return Atom(f"models.{name}", frozenset({_MODELS}))


def _group(opening: str, items: Iterable[tuple[str, Expression]], closing: str) -> Group:
    return Group(opening, tuple(Item(*item) for item in items), closing)


def _same(value: Json, other: JsonScalar) -> bool:
    return type(value) is type(other) and value == other


def _plain(value: Json) -> Expression:
    """Return a JSON value as the Python that ``json`` makes of it."""
    match value:
        case str():
            return Atom(literals.string(value))
        case list():
            return _group("[", (("", _plain(item)) for item in _items(value)), "]")
        case dict():
            entries = ((f"{literals.string(key)}: ", _plain(item)) for key, item in _keyed(value).items())
            return _group("{", entries, "}")
        case _:
            return Atom(repr(value))


def _date_time(value: str) -> Atom:
    moment = datetime.fromisoformat(value.upper())
    if moment.utcoffset():
        return Atom(
            f"datetime.fromisoformat({literals.string(value.upper())})", frozenset({Import("datetime", "datetime")})
        )
    parts = [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond]
    while len(parts) > len(("year", "month", "day")) and parts[-1] == 0:
        parts.pop()
    return Atom(
        f"datetime({', '.join(map(str, parts))}, tzinfo=UTC)",
        frozenset({Import("datetime", "UTC"), Import("datetime", "datetime")}),
    )


def _date(value: str) -> Atom:
    year, month, day = map(int, value.split("-"))
    return Atom(f"date({year}, {month}, {day})", frozenset({Import("datetime", "date")}))


def _duration(value: str) -> Atom:
    found = _DURATION.fullmatch(value)
    parts: dict[str, str | None] = {} if found is None else found.groupdict()
    sign = parts.pop("sign", None) or ""
    arguments = ", ".join(f"{unit}={sign}{_number(amount)}" for unit, amount in parts.items() if amount)
    return Atom(f"timedelta({arguments})", frozenset({Import("datetime", "timedelta")}))


def _number(digits: str) -> str:
    return repr(float(digits)) if "." in digits else str(int(digits))


def _made(module: str, name: str, constructor: str) -> Callable[[str], Atom]:
    return lambda value: Atom(f"{constructor}({literals.string(value)})", frozenset({Import(module, name)}))


_SCALARS: dict[ScalarKind, Callable[[Json], Expression]] = {
    "date-time": _date_time,
    "date": _date,
    "time": _made("datetime", "time", "time.fromisoformat"),
    "duration": _duration,
    "uuid": _made("uuid", "UUID", "UUID"),
    "decimal": _made("decimal", "Decimal", "Decimal"),
    "base64": lambda value: Atom(repr(base64.b64decode(value))),
    "base64url": lambda value: Atom(repr(_url_safe_bytes(value))),
    "file": lambda value: Atom(repr(str(value).encode())),
}


def _reads(read: Callable[[str], object]) -> Callable[[Json], bool]:
    """Return a check of whether a value is text that a function can read: it raises or returns None where it cannot."""

    def fits(value: Json) -> bool:
        try:
            return isinstance(value, str) and read(value) is not None
        except (ValueError, ArithmeticError):
            return False

    return fits


def _url_safe_bytes(value: str) -> bytes:
    padding = "=" * (-len(value) % 4)
    return base64.b64decode(value + padding, altchars="-_", validate=True)


def _aware(value: str) -> datetime | None:
    moment = datetime.fromisoformat(value.upper())
    return None if moment.tzinfo is None else moment


def _is_integer(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_FITS: dict[str, Callable[[Json], bool]] = {
    "any": lambda _value: True,
    "null": lambda value: value is None,
    "string": lambda value: isinstance(value, str),
    "integer": _is_integer,
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "date-time": _reads(_aware),
    "date": _reads(lambda value: date.fromisoformat(value) if _DATE.fullmatch(value) else None),
    "time": _reads(time.fromisoformat),
    "duration": _reads(_DURATION.fullmatch),
    "uuid": _reads(UUID),
    "decimal": _reads(Decimal),
    "base64": _reads(lambda value: base64.b64decode(value, validate=True)),
    "base64url": _reads(_url_safe_bytes),
    "file": lambda value: isinstance(value, str),
}
"""By the kind of a scalar: whether a JSON value is one."""
