"""Types as Python source: annotations, decoders and encoders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from attrest import names
from attrest.code import limits, literals
from attrest.ir import Alias, Declaration, Enum, Model, resolved
from attrest.typerefs import (
    ANY,
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
    kind_of,
    references,
    without_null,
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
    "base64url": "bytes",
    "file": "bytes",
}
_KEPT: Final[Mapping[ScalarKind, tuple[str, ...]]] = {"duration": ("str",)}
"""What values of a scalar stay that its class cannot hold."""
_CLASSES: Final[Mapping[ScalarKind, tuple[str, ...]]] = {
    "any": ("object",),
    "null": ("type(None)",),
    "number": ("float", "int"),
    "duration": ("_dt.timedelta", "str"),
    "file": ("_bodies.File",),
}
"""What the values of a scalar are instances of, where that is not what it is annotated as."""
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
_ENCODERS: Final[Mapping[ScalarKind, str]] = {
    "any": "_codec.encode({})",
    "date-time": "_codec.date_time_text({})",
    "date": "_codec.date_text({})",
    "time": "_codec.time_text({})",
    "duration": "_codec.duration_text({})",
    "uuid": "str({})",
    "decimal": "_codec.decimal_text({})",
    "base64": "_codec.base64_text({})",
    "base64url": "_codec.base64url_text({})",
}
_CHECKED: Final[Mapping[ScalarKind, tuple[str, str]]] = {
    "string": ("str", '_codec.refuse("a string", v)'),
    "boolean": ("bool", '_codec.refuse("a boolean", v)'),
    "integer": ("int", "_codec.integer(v)"),
    "number": ("float", "_codec.number(v)"),
}
"""The builtin type that a scalar usually arrives as, and what to do when it does not."""
_KINDS: Final[Mapping[ScalarKind, tuple[str, ...]]] = {
    "any": ("object", "array", "string", "number", "boolean", "null"),
    "null": ("null",),
    "integer": ("integer",),
    "number": ("number",),
    "boolean": ("boolean",),
}


class Spelling:
    """Spells the types of one API."""

    def __init__(self, declarations: Iterable[Declaration], files: str = "bytes") -> None:
        """Get to know the declarations.

        Args:
            declarations: The API's.
            files: The annotation of a file: its bytes where it was received.
        """
        self._declarations = {declaration.name: declaration for declaration in declarations}
        self._files = files

    def home(self, word: str) -> str | None:
        """Return the module that defines a declaration or its decoder; None for any other identifier."""
        return self._homes.get(word)

    def is_deprecated(self, word: str) -> bool:
        """Return whether an identifier is that of a class that type checkers know to be deprecated."""
        declaration = self._declarations.get(word)
        return isinstance(declaration, Model | Enum) and declaration.deprecated

    @cached_property
    def _homes(self) -> Mapping[str, str]:
        modules = {name: each.module for name, each in self._declarations.items()}
        return modules | {decoder: modules[name] for name, decoder in self._alias_decoders.items()}

    def alias_decoder(self, name: str) -> str:
        """Return the name of the function that decodes an alias."""
        return self._alias_decoders[name]

    @cached_property
    def _alias_decoders(self) -> Mapping[str, str]:
        given = names.Namespace()
        aliases = sorted(name for name, each in self._declarations.items() if isinstance(each, Alias))
        return {name: given.take(f"decode_{names.snake(name)}") for name in aliases}

    def is_quoted(self, name: str) -> bool:
        """Return whether a name is text while the program runs: an alias that is part of a circle, or uses one."""
        return name in self._quoted

    def is_late(self, type_: TypeRef) -> bool:
        """Return whether the annotation of a type cannot be evaluated: it is a union with something that is text."""
        return " | " in self.annotation(type_) and any(self.is_quoted(name) for name in references(type_))

    @cached_property
    def _quoted(self) -> frozenset[str]:
        aliases = {name: each for name, each in self._declarations.items() if isinstance(each, Alias)}
        sizes = Counter(each.module for each in self._declarations.values())
        uses = {name: frozenset(references(alias.type)) & aliases.keys() for name, alias in aliases.items()}
        quoted = {name for name, alias in aliases.items() if sizes[alias.module] > 1 or name in uses[name]}
        while more := {name for name, used in uses.items() if name not in quoted and used & quoted}:
            quoted |= more
        return frozenset(quoted)

    def resolved(self, type_: TypeRef) -> TypeRef:
        """Return what a type comes to: its alias's type where it names one, and null aside."""
        return resolved(type_, self._declarations)

    def takes_null(self, type_: TypeRef) -> bool:
        """Return whether null is a value of a type."""
        return "null" in self._kinds(type_, frozenset())

    def model(self, type_: TypeRef) -> Model | None:
        """Return the model that a type names, if it names one."""
        declaration = self._declarations.get(type_.name) if isinstance(type_, Reference) else None
        return declaration if isinstance(declaration, Model) else None

    def kinds(self, type_: TypeRef) -> frozenset[str]:
        """Return the kinds of JSON value that a type takes."""
        return frozenset(self._kinds(type_, frozenset()))

    def is_text(self, type_: TypeRef) -> bool:
        """Return whether every value of a type is text, in Python as well."""
        bare = self.resolved(type_)
        if isinstance(bare, Reference):
            declaration = self._declarations[bare.name]
            return isinstance(declaration, Enum) and declaration.base == "string"
        return bare == STRING

    def annotation(self, type_: TypeRef) -> str:
        """Return the annotation of a value that was decoded."""
        return _union(self._alternatives(type_))

    def _alternatives(self, type_: TypeRef) -> list[str]:
        match type_:
            case Scalar("file"):
                return [self._files]
            case Scalar(kind):
                return [ANNOTATIONS[kind], *_KEPT.get(kind, ())]
            case Reference(name):
                declaration = self._declarations[name]
                return [name, *(_open_types(declaration) if isinstance(declaration, Enum) else ())]
            case ListOf() | TupleOf():
                return [f"list[{self.annotation(type_.item)}]"]
            case MapOf(value):
                return [f"dict[str, {self.annotation(value)}]"]
            case LiteralOf(values):
                return _literal_alternatives(values)
            case Nullable(inner):
                return [*self._alternatives(inner), "None"]
            case UnionOf(members):
                return [*(each for member in members for each in self._alternatives(member)), self._unknown(type_)]

    def _unknown(self, union: UnionOf) -> str:
        """Return the annotation of an object that is no member of a union; empty where it is refused, or a member's."""
        is_said = any(isinstance(each, Reference) and self._keeps_unknown(each) for each in union.members)
        return "UnknownVariant" if self._keeps_unknown(union) and not is_said else ""

    def _keeps_unknown(self, type_: TypeRef) -> bool:
        """Return whether an object that is no member of a union, or of one in it, is kept."""
        match self.resolved(type_):
            case UnionOf(_, Discriminator(otherwise=otherwise)):
                return otherwise is None
            case UnionOf(members, None, is_open):
                return is_open or any(map(self._keeps_unknown, members))
            case _:
                return False

    def argument(self, type_: TypeRef, *, required: bool, text_for_times: bool = False) -> str:
        """Return the annotation of a value that a caller passes: any sequence or mapping, and a file in any form.

        Args:
            type_: The type.
            required: Whether the caller must pass it; else None stands for its absence.
            text_for_times: Whether a time may be passed as RFC 3339 text.
        """
        text = "str" if text_for_times and self.resolved(type_) == Scalar("date-time") else ""
        null = "" if required and not self.takes_null(type_) else "None"
        bare = without_null(type_)
        if isinstance(bare, UnionOf) and bare.discriminator is None:
            accepted = [*(each for member in bare.members for each in self._accepted(member)), self._unknown(bare)]
        else:
            accepted = self._accepted(bare)
        return _union([*accepted, text, null])

    def _accepted(self, type_: TypeRef) -> list[str]:
        match bare := self.resolved(type_):
            case ListOf() | TupleOf():
                return [f"Sequence[{self.annotation(bare.item)}]"]
            case MapOf(value):
                return [f"Mapping[str, {self.annotation(value)}]"]
            case Scalar("file"):
                return ["_bodies.FileLike"]
            case _:
                return self._alternatives(without_null(type_))

    def classes(self, type_: TypeRef) -> tuple[str, ...]:
        """Return expressions for the classes that the values of a type have, ``object`` for any."""
        found = dict.fromkeys(self._classes(type_, frozenset()))
        return ("object",) if "object" in found else tuple(found)

    def _classes(self, type_: TypeRef, seen: frozenset[str]) -> Iterator[str]:
        match type_:
            case Scalar(kind):
                yield from _CLASSES.get(kind, (ANNOTATIONS[kind],))
            case Reference(name):
                yield from () if name in seen else self._classes_of(self._declarations[name], seen | {name})
            case ListOf() | TupleOf():
                yield "Sequence"
            case MapOf():
                yield "Mapping"
            case LiteralOf(values):
                yield from ("type(None)" if value is None else type(value).__name__ for value in values)
            case Nullable(inner):
                yield from (*self._classes(inner, seen), "type(None)")
            case UnionOf(members):
                yield from (each for member in members for each in self._classes(member, seen))
                yield from ("UnknownVariant",) if self._keeps_unknown(type_) else ()

    def _classes_of(self, declaration: Declaration, seen: frozenset[str]) -> Iterator[str]:
        match declaration:
            case Model():
                yield declaration.name
            case Enum():
                yield from (declaration.name, *_open_types(declaration))
            case Alias():
                yield from self._classes(declaration.type, seen)

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
                ending = "is_open=True, " if self._keeps_unknown(type_) else ""
                return f"_codec.one_of({''.join(f'{variant}, ' for variant in variants)}{ending})"

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

    def differs_when_sent(self, name: str) -> bool:
        """Return whether requests hold a declaration otherwise than it is.

        They leave out a field that only the service sets, and never one that is required in requests, however deep.
        """
        return name in self._differing

    @cached_property
    def _differing(self) -> frozenset[str]:
        return self._with_users(
            each.name
            for each in self._declarations.values()
            if isinstance(each, Model) and any(field.read_only or field.required_in_requests for field in each.fields)
        )

    def holds_limits(self, type_: TypeRef) -> bool:
        """Return whether values of a type hold models with limits, which may change after they were made."""
        return not self._limited.isdisjoint(references(type_))

    @cached_property
    def _limited(self) -> frozenset[str]:
        return self._with_users(
            each.name for each in self._declarations.values() if isinstance(each, Model) and self._has_limits(each)
        )

    def _has_limits(self, model: Model) -> bool:
        return bool(limits.of_unlisted(self, model.additional or ANY, model.constraints)) or any(
            field.requires or limits.validators(self, field.type, field.constraints)
            for field in model.fields
            if not field.read_only
        )

    def _with_users(self, names: Iterable[str]) -> frozenset[str]:
        """Return some declarations, and those whose values hold any of them, however deep."""
        found = set(names)
        users: dict[str, list[str]] = {}
        for name, each in self._declarations.items():
            for used in _mentioned(each):
                users.setdefault(used, []).append(name)
        waiting = list(found)
        while waiting:
            more = [user for user in users.get(waiting.pop(), ()) if user not in found]
            found.update(more)
            waiting += more
        return frozenset(found)

    def send(self, type_: TypeRef, value: str, depth: int = 0) -> str:
        """Return an expression for the JSON value of a value that is sent: what only the service sets is left out."""
        if not any(map(self.differs_when_sent, references(type_))):
            return self.encode(type_, value, depth)
        each, key = f"item{depth or ''}", f"key{depth or ''}"
        match type_:
            case Reference(name) if isinstance(self._declarations[name], Model):
                return f"{value}.to_sent()"
            case ListOf(item):
                return f"[{self.send(item, each, depth + 1)} for {each} in {value}]"
            case MapOf(item):
                return f"{{{key}: {self.send(item, each, depth + 1)} for {key}, {each} in {value}.items()}}"
            case Nullable(inner):
                return f"None if {value} is None else {self.send(inner, value, depth)}"
            case _:
                return f"_codec.encode_sent({value}{self._bytes_writer(type_)})"

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
                return self._encode_any(type_, value)

    def _encode_any(self, type_: TypeRef, value: str) -> str:
        """Return an expression that encodes whatever a type can be: raw bytes in it are no JSON, and stay."""
        if "file" in self._scalars(type_, frozenset()):
            return f"_bodies.encoded({value})"
        return f"_codec.encode({value}{self._bytes_writer(type_)})"

    def _bytes_writer(self, type_: TypeRef) -> str:
        """Return the argument that says how bytes in a value of a type are written; empty for in base64."""
        return ", _codec.base64url_text" if "base64url" in self._scalars(type_, frozenset()) else ""

    def _scalars(self, type_: TypeRef, seen: frozenset[str]) -> Iterator[ScalarKind]:
        """Give the kinds of scalar that a value of a type can be or hold; models write their own."""
        match type_:
            case Scalar(kind):
                yield kind
            case Reference(name):
                alias = self._declarations[name]
                if isinstance(alias, Alias) and name not in seen:
                    yield from self._scalars(alias.type, seen | {name})
            case ListOf(inner) | MapOf(inner) | Nullable(inner):
                yield from self._scalars(inner, seen)
            case TupleOf(members, rest):
                for member in members if rest is None else (*members, rest):
                    yield from self._scalars(member, seen)
            case UnionOf(members):
                for member in members:
                    yield from self._scalars(member, seen)
            case LiteralOf():
                pass

    def _encode_reference(self, declaration: Declaration, value: str) -> str:
        match declaration:
            case Model():
                return f"{value}.to_dict()"
            case Enum():
                return f"{value}.value if isinstance({value}, {declaration.name}) else {value}"
            case Alias():
                return self._encode_any(declaration.type, value)

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
        parts = [self.decoder(member, inside), literals.literal(sorted(self._kinds(member, frozenset())))]
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
                return {kind_of(value) for value in values}
            case Nullable(inner):
                return {"null"} | self._kinds(inner, seen)
            case UnionOf(members):
                return {kind for member in members for kind in self._kinds(member, seen)}

    def _kinds_of(self, declaration: Declaration, seen: frozenset[str]) -> set[str]:
        match declaration:
            case Model():
                return {"object"}
            case Enum():
                return {kind_of(member.value) for member in declaration.members}
            case Alias():
                return self._kinds(declaration.type, seen)


def _mentioned(declaration: Declaration) -> Iterator[str]:
    """Return the names of the declarations that the values of one hold."""
    match declaration:
        case Alias(type=type_):
            yield from references(type_)
        case Model(fields=fields, additional=additional):
            for field in fields:
                yield from () if field.read_only else references(field.type)
            yield from () if additional is None else references(additional)
        case Enum():
            pass


def _required(model: Model) -> frozenset[str]:
    return frozenset(field.wire_name for field in model.fields if field.required)


def _known(model: Model) -> frozenset[str]:
    return frozenset(field.wire_name for field in model.fields)


def _constants(model: Model) -> dict[str, list[JsonScalar]]:
    return {field.wire_name: list(field.type.values) for field in model.fields if isinstance(field.type, LiteralOf)}


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


def _open_types(enum: Enum) -> list[str]:
    """Return the types of the values that an enum does not list."""
    kinds: dict[ScalarKind, None] = dict.fromkeys(kind_of(member.value) for member in enum.members)
    return [ANNOTATIONS[kind] for kind in kinds if kind != "integer" or "number" not in kinds]


def _literal_alternatives(values: tuple[object, ...]) -> list[str]:
    spelt = [literals.literal(value) for value in values if isinstance(value, str | int)]
    literal = [f"Literal[{', '.join(spelt)}]"] if spelt else []
    others = ["float"] if any(isinstance(value, float) for value in values) else []
    null = ["None"] if None in values else []
    return [*literal, *others, *null] or ["Any"]


def _union(alternatives: Iterable[str]) -> str:
    """Return the annotation for one of several types: each once, null last, and nothing beside one that takes all."""
    distinct = dict.fromkeys(each for each in alternatives if each)
    if "Any" in distinct:
        return "Any"
    return " | ".join(sorted(distinct, key="None".__eq__))


def _checked(builtin: str, otherwise: str, value: str) -> str:
    """Return an expression that takes a value of one builtin type, without a call where it is one."""
    inspected = value if value == "v" else f"v := {value}"
    return f"v if type({inspected}) is {builtin} else {otherwise}"


def _taken(value: str) -> str:
    """Return an expression that has a value and keeps it as ``v``."""
    return value if value == "v" else f"(v := {value})"
