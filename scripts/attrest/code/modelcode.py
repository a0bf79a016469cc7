"""Model modules as their templates lay them out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

import attrs

from attrest import names
from attrest.code import importing, limits, literals, multipart
from attrest.code.decoding import is_hoisted
from attrest.code.earlier import EarlierAttribute, EarlierImport, EarlierName, EarlierNames
from attrest.code.spelling import Spelling
from attrest.ir import ABSENT, Absent, Alias, Api, Declaration, Enum, Field, Model
from attrest.typerefs import ANY, JsonScalar, LiteralOf, TypeRef, without_null


@attrs.frozen(kw_only=True)
class FieldCode:
    """One attribute, and the expressions that read and write it."""

    name: str
    wire_name: str
    """As a literal."""
    annotation: str
    default: str
    """What follows the annotation, such as `` = None``; empty where there is nothing."""
    documentation: str
    required: bool
    absent: str
    """What stands for a field that is not there; empty for one that is required."""
    read: str
    """Decodes the value ``v`` that was found, or ``source[…]`` of a required field."""
    write: str
    demanded: str = ""
    """What an error calls it where it is written though it may be missing, as a literal; empty where that is none."""


@attrs.frozen(kw_only=True)
class Hoisted:
    """A decoder that is made once."""

    name: str
    expression: str


@attrs.frozen(kw_only=True)
class WriterCode:
    """A method that writes a model as JSON."""

    name: str
    documentation: str
    additional: str
    """Writes the unlisted fields."""
    fields: tuple[FieldCode, ...]
    """What it writes."""


@attrs.frozen(kw_only=True)
class ModelCode:
    """A class with fields."""

    name: str
    documentation: str
    deprecation: str
    """What a warning says to those who use it, as a literal; empty where it is not deprecated."""
    options: str
    """Arguments of the decorator."""
    fields: tuple[FieldCode, ...]
    required: int
    """How many fields are always there."""
    wire_names: str
    wire_names_constant: str
    additional: str
    """Annotation of the values of unlisted fields."""
    additional_options: str
    read_additional: str
    writers: tuple[WriterCode, ...]
    """The methods that write it."""
    earlier: tuple[EarlierAttribute, ...]


@attrs.frozen(kw_only=True)
class EnumCode:
    """An enum."""

    name: str
    documentation: str
    deprecation: str
    """As of a model."""
    bases: str
    members: tuple[tuple[str, str, str | None], ...]
    """Name, value as a literal, documentation."""
    earlier: tuple[EarlierName, ...]
    """Earlier names of members, which the class of the enum has."""


@attrs.frozen(kw_only=True)
class AliasCode:
    """A name for a type."""

    name: str
    documentation: str
    target: str
    decoder: str
    decode: str


@attrs.frozen(kw_only=True)
class ModelModule:
    """One module of the package ``models``."""

    name: str
    source: str
    summary: str
    directives: tuple[str, ...]
    """Comments for type checkers."""
    imports: tuple[str, ...]
    local_imports: tuple[str, ...]
    enums: tuple[EnumCode, ...]
    models: tuple[ModelCode, ...]
    hoisted: tuple[Hoisted, ...]
    aliases: tuple[AliasCode, ...]
    moved: tuple[EarlierImport, ...]
    """What it had in earlier releases."""


def model_modules(api: Api) -> tuple[ModelModule, ...]:
    """Return every module of the package ``models``."""
    spelling = Spelling(api.declarations, files="_bodies.FileLike")
    known = _Known(
        api=api,
        spelling=spelling,
        earlier=EarlierNames(api),
        parted=multipart.models(api, spelling),
        carriers=multipart.Carriers(api, spelling),
    )
    by_module = sorted(api.declarations, key=lambda declaration: (declaration.module, declaration.name))
    return tuple(
        _module(known, module, tuple(members))
        for module, members in groupby(by_module, key=lambda declaration: declaration.module)
    )


@attrs.frozen(kw_only=True)
class _Known:
    """What every module of the package shares."""

    api: Api
    spelling: Spelling
    earlier: EarlierNames
    parted: frozenset[str]
    """The names of the models that are sent as multipart bodies."""
    carriers: multipart.Carriers


def _module(known: _Known, module: str, declarations: tuple[Declaration, ...]) -> ModelModule:
    writer, spelling = _Writer(known, module, shared=len(declarations) > 1), known.spelling
    enums = tuple(_enum(each, known.earlier) for each in declarations if isinstance(each, Enum))
    models = tuple(writer.model(each) for each in declarations if isinstance(each, Model))
    aliases = tuple(writer.alias(each) for each in declarations if isinstance(each, Alias))
    words = importing.mentioned([*writer.expressions, *(enum.bases for enum in enums)])
    words |= {"Any", "Mapping", "Self", "_codec"} if models else frozenset[str]()
    has_earlier = any(each.earlier for each in enums) or any(each.earlier for each in models)
    words |= {"_property", "_renaming"} if has_earlier else frozenset[str]()
    is_marked = has_earlier or any(not isinstance(each, Alias) and each.deprecated for each in declarations)
    words |= {"_deprecation"} if is_marked else frozenset[str]()
    words |= {"Any", "Callable", "TypeAlias"} if aliases else frozenset[str]()
    words |= known.earlier.words(f"models.{module}")
    return ModelModule(
        name=module,
        source=known.api.source,
        summary=_summary(declarations),
        directives=importing.directives(spelling, words),
        imports=importing.standard(words, _enum_imports(enums)),
        local_imports=importing.runtime(words, ".._runtime")
        + importing.siblings(spelling, words, inside=module, package="."),
        enums=enums,
        models=models,
        hoisted=tuple(writer.hoisted),
        aliases=aliases,
        moved=known.earlier.imports(f"models.{module}"),
    )


def _summary(declarations: tuple[Declaration, ...]) -> str:
    if len(declarations) > 1:
        return f"{', '.join(each.name for each in declarations)}: they refer to each other."
    only = next(iter(declarations))
    return f"The {type(only).__name__.lower()} {only.name}."


def _enum_imports(enums: tuple[EnumCode, ...]) -> tuple[str, ...]:
    bases = sorted({enum.bases.split(", ")[-1] for enum in enums})
    return (f"from enum import {', '.join(bases)}",) if bases else ()


def _enum(enum: Enum, earlier: EarlierNames) -> EnumCode:
    bases = {"string": "StrEnum", "integer": "IntEnum", "number": "float, Enum", "mixed": "Enum"}
    return EnumCode(
        name=enum.name,
        documentation=enum.description or f"The known values of {enum.name}.",
        deprecation=deprecation(enum.name) if enum.deprecated else "",
        bases=bases[enum.base],
        members=tuple((member.name, literals.literal(member.value), member.description) for member in enum.members),
        earlier=earlier.of("member", enum.name),
    )


class _Writer:
    """Spells the declarations of one module, and remembers what they mention."""

    def __init__(self, known: _Known, module: str, *, shared: bool) -> None:
        self._spelling = known.spelling
        self._earlier = known.earlier
        self._parted = known.parted
        self._carriers = known.carriers
        self._module = module
        self._shared = shared
        self._given = names.Namespace()
        self.expressions: list[str] = []
        self.hoisted: list[Hoisted] = []

    def model(self, model: Model) -> ModelCode:
        fields = tuple(self._field(model, field) for field in model.fields)
        unlisted = limits.of_unlisted(self._spelling, model.additional or ANY, model.constraints)
        checked = unlisted or any("validator=" in field.default for field in fields)
        self.expressions += [field.annotation + field.default for field in fields]
        self.expressions += [expression for field in fields for expression in (field.absent, field.read)]
        additional = ANY if model.additional is None else model.additional
        prefix = f"_{names.snake(model.name).upper()}" if self._shared else ""
        constant = f"{prefix}_WIRE_NAMES"
        reading = self._read_additional(additional, constant)
        writers = tuple(self._writers(model, fields, additional))
        self.expressions += ["_attrs", unlisted, self._spelling.annotation(additional), reading]
        self.expressions += [writer.additional for writer in writers]
        self.expressions += [field.write for writer in writers for field in writer.fields]
        return ModelCode(
            name=model.name,
            documentation=model.description or f"{model.name}.",
            deprecation=deprecation(model.name) if model.deprecated else "",
            options="kw_only=True" + (", on_setattr=_attrs.setters.NO_OP" if checked else ""),
            fields=fields,
            required=sum(field.required for field in fields),
            wire_names=literals.literal([field.wire_name for field in model.fields]),
            wire_names_constant=constant,
            additional=self._spelling.annotation(additional),
            additional_options=("init=False, " if model.additional is None else "")
            + "repr=False"
            + (f", validator={unlisted}" if unlisted else ""),
            read_additional=reading,
            writers=writers,
            earlier=self._earlier.attributes("attribute", model.name, fields),
        )

    def alias(self, alias: Alias) -> AliasCode:
        target = self._spelling.annotation(alias.type)
        decode = self._spelling.decoder(alias.type, self._module)
        self.expressions += [target, decode]
        return AliasCode(
            name=alias.name,
            documentation=with_deprecation(alias.description or alias.name, deprecated=alias.deprecated),
            target=literals.string(target) if self._spelling.is_quoted(alias.name) else target,
            decoder=self._spelling.alias_decoder(alias.name),
            decode=decode,
        )

    def _field(self, model: Model, field: Field) -> FieldCode:
        absent = "" if field.required else "UNSET" if self._spelling.takes_null(field.type) else "None"
        wire_name = literals.string(field.wire_name)
        return FieldCode(
            name=field.name,
            wire_name=wire_name,
            annotation=self._annotation(model, field, absent),
            default=default(self._spelling, field, absent, self._carriers.of(model, field)),
            documentation=documentation(field),
            required=field.required,
            absent=absent,
            read=self._read(model, field, f"source[{wire_name}]" if field.required else "v"),
            write=self._write(model, field, self._spelling.encode),
        )

    def _write(self, model: Model, field: Field, encode: Callable[[TypeRef, str], str]) -> str:
        """Return an expression that writes a field; what can be anything in a part of its own can be raw bytes."""
        value = f"self.{field.name}"
        if carrier := self._carriers.of(model, field):
            return self._carriers.write(field.type, carrier, value, encode)
        if model.name in self._parted and multipart.is_open(self._spelling, field.type):
            return f"_bodies.encoded({value})"
        return encode(field.type, value)

    def _annotation(self, model: Model, field: Field, absent: str) -> str:
        carrier = self._carriers.of(model, field)
        spelt = self._carriers.annotation(field.type, carrier) if carrier else self._spelling.annotation(field.type)
        if absent == "UNSET":
            return spelt if spelt == "Any" else f"{spelt} | Unset"
        return f"{spelt} | None" if absent == "None" else spelt

    def _read(self, model: Model, field: Field, found: str) -> str:
        if carrier := self._carriers.of(model, field):
            return f"{self._hoist(model, field, self._carriers.decoder(field.type, carrier, self._module))}({found})"
        hoisted = ""
        if is_hoisted(field.type):
            hoisted = self._hoist(model, field, self._spelling.decoder(without_null(field.type), self._module))
        return self._spelling.decode(field.type, found, self._module, hoisted)

    def _hoist(self, model: Model, field: Field, expression: str) -> str:
        """Make a decoder once, ahead of the calls, and return its name."""
        owner = f"{names.snake(model.name)}_" if self._shared else ""
        name = self._given.take(f"_decode_{owner}{field.name}")
        self.hoisted.append(Hoisted(name=name, expression=expression))
        self.expressions.append(expression)
        return name

    def _writers(self, model: Model, fields: tuple[FieldCode, ...], additional: TypeRef) -> Iterator[WriterCode]:
        encode, send = self._spelling.encode, self._spelling.send
        yield WriterCode(
            name="to_dict",
            documentation="Return the JSON object; fields that are not set are left out.",
            additional=self._write_additional(model, encode(additional, "value"), "_codec.encode"),
            fields=fields,
        )
        if model.is_sent and self._spelling.differs_when_sent(model.name):
            yield WriterCode(
                name="to_sent",
                documentation="Return the JSON object that requests hold: without what only the service sets.",
                additional=self._write_additional(model, send(additional, "value"), "_codec.encode_sent"),
                fields=tuple(
                    attrs.evolve(
                        code,
                        write=self._write(model, field, send),
                        demanded=literals.string(f"{model.name}.{field.name}") if field.required_in_requests else "",
                    )
                    for code, field in zip(fields, model.fields, strict=True)
                    if not field.read_only
                ),
            )

    def _read_additional(self, type_: TypeRef, constant: str) -> str:
        unknown = f"_codec.unknown(source, {constant})"
        return unknown if type_ == ANY else f"_codec.mapping({self._spelling.decoder(type_, self._module)}, {unknown})"

    def _write_additional(self, model: Model, encoded: str, encode: str) -> str:
        """Return the expression that writes the fields that a class does not list.

        Args:
            model: The class.
            encoded: How one ``value`` is written.
            encode: What writes anything.
        """
        values = "self.additional_properties"
        if encoded == "_codec.encode(value)" and model.name in self._parted:
            return f"_bodies.encoded({values}, encode={encode})"
        if encoded == "_codec.encode(value)":
            return f"{encode}({values}) if {values} else {{}}"
        if encoded == "value":
            return f"dict({values})"
        return f"{{name: {encoded} for name, value in {values}.items()}}"


def default(spelling: Spelling, field: Field, absent: str, carrier: multipart.Carrier | None) -> str:
    """Return what follows a field's annotation.

    Args:
        spelling: Knows the declarations.
        field: The field.
        absent: What stands for a field that is not there; empty for one that is required.
        carrier: What of its value can be in a part that carries headers; None where nothing can.
    """
    known = constant_value(field)
    value = absent if isinstance(known, Absent) else literals.literal(known)
    arguments = [f"default={value}"] if value else []
    if field.read_only:
        arguments += ["metadata=_checks.READ_ONLY"] if spelling.holds_limits(field.type) else []
    elif checks := limits.validators(
        spelling,
        field.type,
        field.constraints,
        first=["sequence"] if carrier == "items" else [],
        last=_requiring(field),
    ):
        arguments.append(f"validator=_checks.in_parts({checks})" if carrier else f"validator={checks}")
    if len(arguments) == 1 and value:
        return f" = {value}"
    return f" = _attrs.field({', '.join(arguments)})" if arguments else ""


def _requiring(field: Field) -> list[str]:
    """Return the check that the fields are there that a field requires."""
    return [f"requires({', '.join(map(literals.string, field.requires))})"] if field.requires else []


def constant_value(field: Field) -> JsonScalar | Absent:
    """Return the only value that a model's field can have, which it has by itself; ABSENT where there is none."""
    if field.announces is not None:
        return field.announces
    if field.required and isinstance(field.type, LiteralOf) and len(field.type.values) == 1:
        return field.type.values[0]
    return ABSENT


def deprecation(name: str) -> str:
    """Return what a warning says about something deprecated, as a literal."""
    return literals.string(f"{name} is deprecated: the service advises against it.")


def documentation(field: Field) -> str:
    """Return what a field's docstring says; empty where there is nothing to say."""
    told = (field.description or "", "Required in requests." if field.required_in_requests else "")
    return with_deprecation("\n\n".join(filter(None, told)), deprecated=field.deprecated)


def with_deprecation(text: str, *, deprecated: bool) -> str:
    """Return a text that says whether what it documents is deprecated, for what Python has no mark for."""
    return "\n\n".join(part for part in (text, "Deprecated." if deprecated else "") if part)
