"""Types as Python source: annotations, decoders and encoders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from attrest import literals, names
from attrest.ir import Alias, Declaration, Enum, Model
from attrest.typerefs import (
    Discriminator,
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

ANNOTATIONS: Final[Mapping[ScalarKind, str]] = {
    "any": "Any",
    "null": "None",
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "date-time": "_dt.datetime",
    "date": "_dt.date",
    "time": "_dt.time",
    "duration": "_dt.timedelta",
    "uuid": "UUID",
    "decimal": "Decimal",
    "base64": "bytes",
    "file": "bytes",
}
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
    "file": "any_value",
}
_ENCODERS: Final[Mapping[ScalarKind, str]] = {
    "any": "_codec.encode({})",
    "date-time": "_codec.date_time_text({})",
    "date": "_codec.date_text({})",
    "time": "_codec.time_text({})",
    "duration": "_codec.duration_text({})",
    "uuid": "str({})",
    "decimal": "_codec.decimal_text({})",
    "base64": "_codec.base64_text({})",
}
_KINDS: Final[Mapping[ScalarKind, tuple[str, ...]]] = {
    "any": ("object", "array", "string", "number", "boolean", "null"),
    "null": ("null",),
    "integer": ("integer",),
    "number": ("number",),
    "boolean": ("boolean",),
}
_ENUM_BASES: Final = {"string": "str", "integer": "int", "number": "float", "mixed": "str | float"}
_ENUM_KINDS: Final = {
    "string": ("string",),
    "integer": ("integer",),
    "number": ("number",),
    "mixed": ("string", "number", "boolean"),
}


class Spelling:
    """Spells the types of one API."""

    def __init__(self, declarations: Iterable[Declaration]) -> None:
        self._declarations = {declaration.name: declaration for declaration in declarations}

    def module(self, name: str) -> str:
        """Return the module that a declaration lives in."""
        return self._declarations[name].module

    def is_alias(self, name: str) -> bool:
        """Return whether a name stands for an alias."""
        return isinstance(self._declarations[name], Alias)

    def annotation(self, type_: TypeRef) -> str:
        """Return the annotation of a value that was decoded."""
        match type_:
            case Scalar(kind):
                return ANNOTATIONS[kind]
            case Reference(name):
                declaration = self._declarations[name]
                return f"{name} | {_ENUM_BASES[declaration.base]}" if isinstance(declaration, Enum) else name
            case ListOf(item):
                return f"list[{self.annotation(item)}]"
            case MapOf(value):
                return f"dict[str, {self.annotation(value)}]"
            case TupleOf():
                return "list[Any]"
            case LiteralOf(values):
                return _literal_annotation(values)
            case Nullable(inner):
                return f"{self.annotation(inner)} | None"
            case UnionOf(members, discriminator):
                spelt = [self.annotation(member) for member in members]
                return " | ".join(dict.fromkeys([*spelt, "UnknownVariant"] if discriminator else spelt))

    def argument(self, type_: TypeRef) -> str:
        """Return the annotation of a value that a caller passes: any sequence or mapping, and times as text too."""
        match type_:
            case ListOf(item):
                return f"Sequence[{self.annotation(item)}]"
            case MapOf(value):
                return f"Mapping[str, {self.annotation(value)}]"
            case Nullable(inner):
                return f"{self.argument(inner)} | None"
            case _:
                return self.annotation(type_)

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
                return f"_codec.one_of({''.join(self._variant(member, inside) + ', ' for member in members)})"

    def decode(self, type_: TypeRef, value: str, inside: str, hoisted: str) -> str:
        """Return an expression that decodes a value.

        Args:
            type_: The type.
            value: An expression for the parsed JSON, cheap enough to stand twice.
            inside: The module that the expression stands in.
            hoisted: The name that the decoder has where it is made once, ahead (see ``is_hoisted``).
        """
        match type_:
            case _ if is_hoisted(type_):
                return f"{hoisted}({value})"
            case Scalar("any" | "file"):
                return value
            case Scalar("string"):
                return _checked("str", "a string", value)
            case Scalar("boolean"):
                return _checked("bool", "a boolean", value)
            case Reference(name) if isinstance(self._declarations[name], Enum):
                return f"_codec.open_enum({name}, {value})"
            case ListOf(item):
                return f"_codec.array({self.decoder(item, inside)}, {value})"
            case MapOf(item):
                return f"_codec.mapping({self.decoder(item, inside)}, {value})"
            case _:
                return f"{self.decoder(type_, inside)}({value})"

    def encode(self, type_: TypeRef, value: str, depth: int = 0) -> str:
        """Return an expression for the JSON value of a value."""
        match type_:
            case Scalar(kind):
                return _ENCODERS.get(kind, "{}").format(value)
            case Reference(name):
                return self._encode_reference(self._declarations[name], value)
            case ListOf(item):
                each = f"item{depth or ''}"
                encoded = self.encode(item, each, depth + 1)
                return f"list({value})" if encoded == each else f"[{encoded} for {each} in {value}]"
            case MapOf(item):
                each = f"item{depth or ''}"
                encoded = self.encode(item, each, depth + 1)
                if encoded == each:
                    return f"dict({value})"
                return f"{{key{depth or ''}: {encoded} for key{depth or ''}, {each} in {value}.items()}}"
            case LiteralOf():
                return value
            case Nullable(inner):
                encoded = self.encode(inner, value, depth)
                return value if encoded == value else f"None if {value} is None else {encoded}"
            case TupleOf() | UnionOf():
                return f"_codec.encode({value})"

    def _encode_reference(self, declaration: Declaration, value: str) -> str:
        match declaration:
            case Model():
                return f"{value}.to_dict()"
            case Enum():
                return f"{value}.value if isinstance({value}, {declaration.name}) else {value}"
            case Alias():
                return f"_codec.encode({value})"

    def _decoder_of(self, declaration: Declaration, inside: str) -> str:
        match declaration:
            case Model():
                return f"{declaration.name}.from_dict"
            case Enum():
                return f"_codec.enum_of({declaration.name})"
            case Alias():
                name = alias_decoder(declaration.name)
                return f"_codec.late(lambda: {name})" if declaration.module == inside else name

    def _tagged(self, discriminator: Discriminator, inside: str) -> str:
        table = "".join(
            f"{literals.string(variant.value)}: {self.decoder(variant.type, inside)}, "
            for variant in discriminator.variants
        )
        return f"_codec.tagged({literals.string(discriminator.wire_name)}, {{{table}}})"

    def _variant(self, member: TypeRef, inside: str) -> str:
        parts = [self.decoder(member, inside), literals.literal(sorted(self._kinds(member, frozenset())))]
        model = self._model(member)
        if model:
            required = sorted(field.wire_name for field in model.fields if field.required)
            known = sorted(field.wire_name for field in model.fields)
            parts += [f"frozenset({literals.literal(required)})", f"frozenset({literals.literal(known)})"]
            constants = {
                field.wire_name: list(field.type.values) for field in model.fields if isinstance(field.type, LiteralOf)
            }
            parts += [literals.literal(constants)] if constants else []
        return f"_codec.Variant({', '.join(parts)})"

    def _model(self, type_: TypeRef) -> Model | None:
        declaration = self._declarations[type_.name] if isinstance(type_, Reference) else None
        return declaration if isinstance(declaration, Model) else None

    def _kinds(self, type_: TypeRef, seen: frozenset[str]) -> set[str]:
        """Return the kinds of JSON value that a type takes."""
        match type_:
            case Scalar(kind):
                return set(_KINDS.get(kind, ("string",)))
            case Reference(name):
                return set() if name in seen else self._kinds_of(self._declarations[name], seen | {name})
            case ListOf() | TupleOf():
                return {"array"}
            case MapOf():
                return {"object"}
            case LiteralOf(values):
                return {_kind_of_literal(value) for value in values}
            case Nullable(inner):
                return {"null"} | self._kinds(inner, seen)
            case UnionOf(members):
                return {kind for member in members for kind in self._kinds(member, seen)}

    def _kinds_of(self, declaration: Declaration, seen: frozenset[str]) -> set[str]:
        match declaration:
            case Model():
                return {"object"}
            case Enum():
                return set(_ENUM_KINDS[declaration.base])
            case Alias():
                return self._kinds(declaration.type, seen)


def alias_decoder(name: str) -> str:
    """Return the name of the function that decodes an alias."""
    return f"decode_{names.snake(name)}"


def is_hoisted(type_: TypeRef) -> bool:
    """Return whether a type's decoder is worth making once, ahead of the calls."""
    match type_:
        case UnionOf() | TupleOf() | LiteralOf():
            return True
        case ListOf(inner) | MapOf(inner) | Nullable(inner):
            return not isinstance(inner, Scalar | Reference) or isinstance(type_, Nullable)
        case Scalar() | Reference():
            return False


def reads_times(type_: TypeRef) -> bool:
    """Return whether a caller may write a type as RFC 3339 text."""
    bare = type_.inner if isinstance(type_, Nullable) else type_
    return bare == Scalar("date-time")


def _literal_annotation(values: tuple[object, ...]) -> str:
    spelt = [literals.literal(value) for value in values if isinstance(value, str | int)]
    others = ["float"] if any(isinstance(value, float) for value in values) else []
    return " | ".join(([f"Literal[{', '.join(spelt)}]"] if spelt else []) + others) or "Any"


def _kind_of_literal(value: object) -> str:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case None:
            return "null"
        case _:
            return "string"


def _checked(builtin: str, expected: str, value: str) -> str:
    """Return an expression that takes a value of one builtin type, without a call where it is one."""
    inspected = value if value == "v" else f"v := {value}"
    return f'v if type({inspected}) is {builtin} else _codec.refuse("{expected}", v)'
