"""Types as expressions that decode JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrest.code import literals
from attrest.code.declared import Declared
from attrest.ir import Alias, Declaration, Enum, Model
from attrest.typerefs import (
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
    without_null,
)

_DECODERS: Final[Mapping[ScalarKind, str]] = {
    "any": "any_value",
    "null": "null",
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date-time": "date_time",
    "date": "date",
    "time": "time",
    "duration": "duration",
    "uuid": "uuid",
    "decimal": "decimal",
    "base64": "base64",
    "base64url": "base64url",
    "file": "any_value",
}
_CHECKED: Final[Mapping[ScalarKind, tuple[str, str]]] = {
    "string": ("str", '_codec.refuse("a string", v)'),
    "boolean": ("bool", '_codec.refuse("a boolean", v)'),
    "integer": ("int", "_codec.integer(v)"),
    "number": ("float", "_codec.number(v)"),
}
"""The builtin type that a scalar usually arrives as, and what to do when it does not."""


class Decoders(Declared):
    """Spells how values of types are read."""

    def decoder(self, type_: TypeRef, inside: str) -> str:
        """Return an expression for a callable that decodes a type.

        Args:
            type_: The type.
            inside: The module that the expression stands in.
        """
        match type_:
            case Scalar(kind):
                return f"_codec.{_DECODERS[kind]}"
            case Reference(name):
                return self._decoder_of(self._declarations[name], inside)
            case ListOf(item):
                return f"_codec.array_of({self.decoder(item, inside)})"
            case MapOf(value):
                return f"_codec.mapping_of({self.decoder(value, inside)})"
            case TupleOf(items, rest):
                ending = "None" if rest is None else self.decoder(rest, inside)
                return f"_codec.tuple_of(({''.join(self.decoder(item, inside) + ', ' for item in items)}), {ending})"
            case LiteralOf(values):
                return f"_codec.literal({', '.join(map(literals.literal, values))})"
            case Nullable(inner):
                return f"_codec.nullable({self.decoder(inner, inside)})"
            case UnionOf(members, discriminator):
                if discriminator:
                    return self._tagged(discriminator, inside)
                variants = [self._variant(each, inside) for each in self._variants(members)]
                ending = "is_open=True, " if self.keeps_unknown(type_) else ""
                return f"_codec.one_of({''.join(f'{variant}, ' for variant in variants)}{ending})"

    def _decoder_of(self, declaration: Declaration, inside: str) -> str:
        match declaration:
            case Model():
                return f"{declaration.name}.from_dict"
            case Enum():
                return f"_codec.enum_of({declaration.name})"
            case Alias():
                name = self.alias_decoder(declaration.name)
                return f"_codec.late(lambda: {name})" if declaration.module == inside else name

    def _tagged(self, discriminator: Discriminator, inside: str) -> str:
        table = "".join(
            f"{literals.literal(variant.value)}: {self.decoder(variant.type, inside)}, "
            for variant in discriminator.variants
        )
        otherwise = f", {self.decoder(discriminator.otherwise, inside)}" if discriminator.otherwise else ""
        return f"_codec.tagged({literals.string(discriminator.wire_name)}, {{{table}}}{otherwise})"

    def _variants(self, members: Iterable[TypeRef]) -> Iterator[TypeRef]:
        """Take aliases apart, as far as what they stand for is told apart by its members; null comes last."""
        members = tuple(members)
        yield from self._told_apart(members)
        if any(self.takes_null(member) for member in members):
            yield Scalar("null")

    def _told_apart(self, members: Iterable[TypeRef]) -> Iterator[TypeRef]:
        for member in members:
            match self.resolved(member):
                case UnionOf(inner, None):
                    yield from self._told_apart(inner)
                case Reference() as model:
                    yield model
                case _:
                    yield without_null(member)

    def _variant(self, member: TypeRef, inside: str) -> str:
        parts = [self.decoder(member, inside), literals.literal(sorted(self.kinds(member)))]
        if models := self._models(self.resolved(member)):
            known = frozenset[str]().union(*map(_known, models))
            required = known.intersection(*map(_required, models))
            parts += [f"frozenset({literals.literal(sorted(wire_names))})" for wire_names in (required, known)]
            constants = _constants(models[0]) if len(models) == 1 else {}
            parts += [literals.literal(constants)] if constants else []
        return f"_codec.Variant({', '.join(parts)})"

    def _models(self, type_: TypeRef) -> list[Model]:
        """Return the models that a type has to do with."""
        match type_:
            case Reference(name):
                declaration = self._declarations[name]
                return [declaration] if isinstance(declaration, Model) else []
            case UnionOf(members):
                return [model for member in members for model in self._models(self.resolved(member))]
            case _:
                return []

    def decode(self, type_: TypeRef, value: str, inside: str, hoisted: str) -> str:
        """Return an expression that decodes a value.

        Args:
            type_: The type.
            value: An expression for the parsed JSON; ``v`` is a variable that may be set.
            inside: The module that the expression stands in.
            hoisted: The name that the decoder has where it is made once, ahead (see ``is_hoisted``).
        """
        match type_:
            case Nullable(inner):
                return f"None if {_taken(value)} is None else {self.decode(inner, 'v', inside, hoisted)}"
            case _ if is_hoisted(type_):
                return f"{hoisted}({value})"
            case Scalar("any" | "file"):
                return value
            case Scalar("null") | Reference() if self.resolved(type_) == Scalar("null"):
                return f'None if {_taken(value)} is None else _codec.refuse("null", v)'
            case Scalar(kind) if kind in _CHECKED:
                return _checked(*_CHECKED[kind], value)
            case Reference(name) if isinstance(self._declarations[name], Enum):
                return f"_codec.open_enum({name}, {value})"
            case ListOf(item):
                return f"_codec.array({self.decoder(item, inside)}, {value})"
            case MapOf(item):
                return f"_codec.mapping({self.decoder(item, inside)}, {value})"
            case _:
                return f"{self.decoder(type_, inside)}({value})"


def is_hoisted(type_: TypeRef) -> bool:
    """Return whether a type's decoder, null aside, is worth making once, ahead of the calls."""
    match type_:
        case UnionOf() | TupleOf() | LiteralOf():
            return True
        case ListOf(inner) | MapOf(inner):
            return not isinstance(inner, Scalar | Reference)
        case Nullable(inner):
            return is_hoisted(inner)
        case Scalar() | Reference():
            return False


def _required(model: Model) -> frozenset[str]:
    return frozenset(field.wire_name for field in model.fields if field.required)


def _known(model: Model) -> frozenset[str]:
    return frozenset(field.wire_name for field in model.fields)


def _constants(model: Model) -> dict[str, list[JsonScalar]]:
    return {field.wire_name: list(field.type.values) for field in model.fields if isinstance(field.type, LiteralOf)}


def _checked(builtin: str, otherwise: str, value: str) -> str:
    """Return an expression that takes a value of one builtin type, without a call where it is one."""
    inspected = value if value == "v" else f"v := {value}"
    return f"v if type({inspected}) is {builtin} else {otherwise}"


def _taken(value: str) -> str:
    """Return an expression that has a value and keeps it as ``v``."""
    return value if value == "v" else f"(v := {value})"
