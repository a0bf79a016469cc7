"""JSON values that have a type, written as Python."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import attrs

from attrest.code import literals
from attrest.ir import Alias, Declaration, Enum, Json, Model
from attrest.pages.expressions import Atom, Expression, Group, Import, call, group
from attrest.pages.fitting import (
    DURATION,
    Declarations,
    Fitting,
    is_same,
    items_of,
    object_of,
    positions,
    url_safe_bytes,
)
from attrest.typerefs import (
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
)

_MODELS: Final = Import("", "models")
"""The client's models; the empty module stands for the client's package."""


def literal(value: Json, type_: TypeRef, declarations: Declarations) -> Expression:
    """Return the Python expression for a JSON value that has a type; a value that does not fit is written as it is."""
    return _Writer(declarations).expression(value, type_)


def construct(value: Mapping[str, Json], model: Model, declarations: Declarations) -> Expression:
    """Return the Python expression that makes a model of the fields that a JSON object has."""
    return _Writer(declarations).object(value, model)


@attrs.frozen
class _Writer:
    """Writes values as Python."""

    declarations: Declarations

    def expression(self, value: Json, type_: TypeRef) -> Expression:
        """Return the expression for a value; one that is not of the type is written as it is."""
        if not Fitting(self.declarations).fits(value, type_):
            return _plain(value)
        match type_:
            case Scalar(kind):
                return _SCALARS.get(kind, _plain)(value)
            case Reference(name):
                return self._declared(value, self.declarations[name])
            case ListOf(item):
                return group("[", ((("", self.expression(each, item))) for each in value), "]")
            case MapOf(inner):
                entries = ((f"{literals.string(key)}: ", self.expression(each, inner)) for key, each in value.items())
                return group("{", entries, "}")
            case TupleOf(items, rest):
                pairs = zip(items_of(value), positions(items, rest, len(value)), strict=True)
                return group("[", (("", self.expression(*pair)) for pair in pairs), "]")
            case LiteralOf():
                return _plain(value)
            case Nullable(inner):
                return Atom("None") if value is None else self.expression(value, inner)
            case UnionOf():
                return self.expression(value, Fitting(self.declarations).member(value, type_))

    def _declared(self, value: Json, declaration: Declaration) -> Expression:
        if isinstance(declaration, Alias):
            return self.expression(value, declaration.type)
        if isinstance(declaration, Enum):
            names = [member.name for member in declaration.members if is_same(value, member.value)]
            return _model_name(f"{declaration.name}.{names[0]}") if names else _plain(value)
        return self.object(value, declaration)

    def object(self, value: Mapping[str, Json], model: Model) -> Group:
        """Return the expression that makes a model of the fields that an object has."""
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


def _model_name(name: str) -> Atom:
    return Atom(f"models.{name}", frozenset({_MODELS}))


def _plain(value: Json) -> Expression:
    """Return a JSON value as the Python that ``json`` makes of it."""
    match value:
        case str():
            return Atom(literals.string(value))
        case list():
            return group("[", (("", _plain(item)) for item in items_of(value)), "]")
        case dict():
            entries = ((f"{literals.string(key)}: ", _plain(item)) for key, item in object_of(value).items())
            return group("{", entries, "}")
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
    found = DURATION.fullmatch(value)
    parts: dict[str, str | None] = {} if found is None else found.groupdict()
    sign = parts.pop("sign", None) or ""
    arguments = ", ".join(f"{unit}={sign}{_number(amount)}" for unit, amount in parts.items() if amount)
    return Atom(f"timedelta({arguments})", frozenset({Import("datetime", "timedelta")}))


def _number(digits: str) -> str:
    return repr(float(digits)) if "." in digits else str(int(digits))


def _made(module: str, name: str, constructor: str) -> Callable[[str], Atom]:
    return lambda value: Atom(f"{constructor}({literals.string(value)})", frozenset({Import(module, name)}))


_SCALARS: Final[Mapping[ScalarKind, Callable[[Json], Expression]]] = {
    "date-time": _date_time,
    "date": _date,
    "time": _made("datetime", "time", "time.fromisoformat"),
    "duration": _duration,
    "uuid": _made("uuid", "UUID", "UUID"),
    "decimal": _made("decimal", "Decimal", "Decimal"),
    "base64": lambda value: Atom(repr(base64.b64decode(value))),
    "base64url": lambda value: Atom(repr(url_safe_bytes(value))),
    "file": lambda value: Atom(repr(str(value).encode())),
}
