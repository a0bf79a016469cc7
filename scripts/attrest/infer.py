"""From a description's schemas to declarations and types.

datamodel-code-generator's parser walks the document, decides which schemas become classes and merges ``allOf``; its
graph is turned into our own values. This is the only module that knows it.
"""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, ClassVar, Final

import attrs
from datamodel_code_generator import OpenAPIScope
from datamodel_code_generator.config import OpenAPIParserConfig
from datamodel_code_generator.format import PythonVersion
from datamodel_code_generator.imports import Import
from datamodel_code_generator.model.base import DataModel, DataModelFieldBase
from datamodel_code_generator.model.enum import Enum as EnumModel
from datamodel_code_generator.model.type_alias import TypeAlias as AliasModel
from datamodel_code_generator.model.types import DataTypeManager
from datamodel_code_generator.parser.openapi_scope import ApiOpenAPIParser
from datamodel_code_generator.reference import field_origin_of, location_of, type_origin_of
from datamodel_code_generator.types import DataType, Types

from attrest import bounds, names, nodes, placenames, pointers, schemanodes
from attrest.document import Document
from attrest.ir import ABSENT, Alias, Declaration, Enum, Field, Model
from attrest.schemas import Schemas
from attrest.typerefs import (
    ANY,
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
    Variant,
    union,
)
from attrest.wellformed import wellformed

_OURS: Final = "attrest_scalar"
_FORMATS: Final[Mapping[Types, ScalarKind]] = {
    Types.date: "date",
    Types.date_time: "date-time",
    Types.time: "time",
    Types.timedelta: "duration",
    Types.uuid: "uuid",
    Types.uuid1: "uuid",
    Types.uuid2: "uuid",
    Types.uuid3: "uuid",
    Types.uuid4: "uuid",
    Types.uuid5: "uuid",
    Types.decimal: "decimal",
    Types.byte: "base64",
    Types.binary: "file",
}
_BUILTINS: Final[Mapping[str, ScalarKind]] = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "bytes": "file",
    "None": "null",
}


class _ScalarTypes(DataTypeManager):
    """Formats become imports of our own, which the graph carries through to ``_Types``."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for type_, kind in _FORMATS.items():
            path = f"{_OURS}.{kind.replace('-', '_')}"
            self.type_map[type_] = self.data_type.from_import(Import.from_full_path(path))


class _GraphField(DataModelFieldBase):
    def process_const(self) -> None:
        self._process_const_as_literal()


class _Unmerged:
    """Keeps models apart; datamodel-code-generator merges those that render alike, or have one key."""

    def render(self: Any, *, class_name: str | None = None) -> str:
        fields = [(f.name, f.data_type.type_hint, f.required, f.nullable, repr(f.default)) for f in self.fields]
        return repr((class_name or self.class_name, [base.type_hint for base in self.base_classes], fields))

    def get_dedup_key(self: Any, *_: Any, **__: Any) -> tuple[Any, ...]:
        return (self.reference.path,)


class _GraphModel(_Unmerged, DataModel):
    TEMPLATE_FILE_PATH = "unused.jinja2"
    SUPPORTS_DISCRIMINATOR = True
    SUPPORTS_KW_ONLY = True
    TYPED_EXTRA_FIELD_NAME = "additional_properties"
    captured: ClassVar[list[DataModel]] = []

    @classmethod
    def create_typed_extra_field(
        cls, *, field_model: type[DataModelFieldBase], data_type: DataType
    ) -> DataModelFieldBase:
        name = cls.TYPED_EXTRA_FIELD_NAME
        return field_model(name=name, data_type=data_type, required=True, original_name=name)

    @classmethod
    def render_module_code(cls, models: list[DataModel]) -> str:
        cls.captured.extend(models)
        return ""


class _GraphAlias(_Unmerged, AliasModel):
    pass


@cache
def _unmerged(enum_class: type[EnumModel]) -> type[EnumModel]:
    """Return the enum class, with each of its enums unlike any other."""
    return type(enum_class.__name__, (_Unmerged, enum_class), {})


class _GraphParser(ApiOpenAPIParser):
    handles: dict[str, DataType]

    def _get_enum_model_class(self, *arguments: Any, **options: Any) -> tuple[type[EnumModel], Any]:
        parser: Any = super()
        enum_class, base = parser._get_enum_model_class(*arguments, **options)  # noqa: SLF001  # there is no other way in
        return _unmerged(enum_class), base

    def _get_type_with_mappings(self, type_: str, format_: str | None = None) -> Types:
        """Let formats say more of text alone: a number is one on the wire, whatever its format says of its meaning."""
        parser: Any = super()
        found: Types = parser._get_type_with_mappings(type_, format_)  # noqa: SLF001  # there is no other way in
        if type_ == "string" and found not in _FORMATS:
            return Types.string
        return {"integer": Types.integer, "number": Types.number}.get(type_, found)

    def _get_constrained_data_type(self, obj: Any, type_: str, **options: Any) -> DataType:
        parser: Any = super()
        if type_ == "string" and (kind := schemanodes.content_kind(obj.extras)) is not None:
            return self.data_type_manager.get_data_type({"base64": Types.byte, "file": Types.binary}[kind])
        data_type: DataType = parser._get_constrained_data_type(obj, type_, **options)  # noqa: SLF001  # the same
        return data_type

    def parse_raw(self) -> None:
        parser: Any = super()
        parser.parse_raw()
        self.handles = {}
        for model in list(self.results):
            if location := location_of(model.reference):
                self.handles.setdefault(location.pointer, self.data_type(reference=model.reference))


@contextmanager
def _quiet() -> Generator[None]:
    """Keep the collector off, which saves a third of the time, and the parser's advice from the terminal."""
    enabled = gc.isenabled()
    gc.disable()
    _GraphModel.captured.clear()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        _GraphModel.captured.clear()
        if enabled:
            gc.enable()


def infer(document: Document) -> Schemas:
    """Turn every schema of a document into declarations and types.

    Args:
        document: A loaded document whose references all resolve.

    Returns:
        The declarations, and the type of every schema that the parser met, by its pointer.
    """
    config = OpenAPIParserConfig(
        data_model_type=_GraphModel,
        data_model_root_type=_GraphAlias,
        data_model_field_type=_GraphField,
        data_type_manager_type=_ScalarTypes,
        target_python_version=PythonVersion.PY_311,
        openapi_scopes=[OpenAPIScope.Api],
        use_union_operator=True,
        use_standard_collections=True,
        strict_nullable=True,
        snake_case_field=True,
        treat_dot_as_module=False,
        keep_model_order=True,
        keyword_only=True,
        use_schema_description=True,
        capitalise_enum_members=True,
        allow_remote_refs=False,
        formatters=[],
    )
    with _quiet():
        parser = _GraphParser(wellformed(document.tree), config=config)
        parser.parse(with_import=False, format_=False)
        return _Graph(document, list(_GraphModel.captured), parser.handles).schemas()


@attrs.frozen(eq=False)
class _Node:
    """A model of the graph, and the schema that it was made from."""

    model: DataModel
    pointer: str
    schema: Mapping[str, Any]

    @property
    def is_alias(self) -> bool:
        return isinstance(self.model, AliasModel)

    @property
    def is_enum(self) -> bool:
        return isinstance(self.model, EnumModel)


class _Graph:
    """The parser's graph, read as declarations."""

    def __init__(self, document: Document, models: list[DataModel], handles: Mapping[str, DataType]) -> None:
        self._document = document
        self._handles = handles
        self._nodes = {model.reference.path: self._node(model) for model in models}
        self._declared = self._declared_names()
        self._paths = {name: path for path, name in self._declared.items()}
        self._expanding: set[str] = set()

    def schemas(self) -> Schemas:
        declarations: dict[str, Declaration] = {}
        for path, name in self._declared.items():
            if name not in declarations:
                declarations[name] = self._declaration(name, self._nodes[path])
        types = {pointer: self._type(handle) for pointer, handle in self._handles.items()}
        return Schemas(declarations=tuple(declarations[name] for name in sorted(declarations)), types=types)

    def _node(self, model: DataModel) -> _Node:
        location = location_of(model.reference)
        pointer = location.pointer if location else pointers.join(model.reference.path.strip("#/").split("/"))
        return _Node(model, pointer, nodes.mapping(nodes.find(self._document.tree, pointer)))

    def _declared_names(self) -> dict[str, str]:
        """Return reference path -> class name for every model that becomes a declaration of its own."""
        enums = {node.pointer for node in self._nodes.values() if node.is_enum}
        chosen = sorted(
            (path for path, node in self._nodes.items() if self._is_declared(node, enums)),
            key=lambda path: self._rank(self._nodes[path]),
        )
        given, named, by_pointer = names.Namespace(), dict[str, str](), dict[str, str]()
        for path in chosen:
            node = self._nodes[path]
            if node.is_enum and node.pointer in by_pointer:
                named[path] = by_pointer[node.pointer]
                continue
            named[path] = given.take(placenames.schema_name(self._document.tree, node.pointer))
            if node.is_enum:
                by_pointer[node.pointer] = named[path]
        return named

    def _is_declared(self, node: _Node, enums: set[str]) -> bool:
        if not node.is_alias:
            return True
        tokens = pointers.split(node.pointer)
        return len(tokens) == 3 and tokens[:2] == ("components", "schemas") and node.pointer not in enums

    def _rank(self, node: _Node) -> tuple[Any, ...]:
        """Order by who may keep the name: schemas named exactly so, other components, the rest in their order."""
        tokens = pointers.split(node.pointer)
        component = len(tokens) == 3 and tokens[:2] == ("components", "schemas")
        exact = component and names.class_name(tokens[2]) == tokens[2]
        return (not exact, not component, not node.is_alias, not node.is_enum, node.pointer, node.model.reference.path)

    def _declaration(self, name: str, node: _Node) -> Declaration:
        common: dict[str, Any] = {
            "name": name,
            "module": names.module(name),
            "pointer": node.pointer,
            "location": self._document.display(node.pointer),
            "description": schemanodes.description(node.schema),
            "deprecated": node.schema.get("deprecated") is True,
        }
        if node.is_enum and (members := schemanodes.enum_members(node.schema)):
            return Enum(**common, base=schemanodes.enum_base(members), members=members)
        if node.is_enum:
            return Alias(**common, type=_unlisted(node.schema))
        example = schemanodes.example(node.schema)
        if node.is_alias:
            limits = bounds.constraints(self._document.tree, node.schema)
            return Alias(**common, type=self._root_type(node), constraints=limits, example=example)
        return Model(**common, fields=self._fields(node), additional=self._additional(node), example=example)

    def _root_type(self, node: _Node) -> TypeRef:
        field = node.model.fields[0]
        type_ = self._nullable(field, self._type(field.data_type), node.schema)
        return self._repaired(type_, node.pointer)

    def _repaired(self, type_: TypeRef, pointer: str) -> TypeRef:
        """Put back the references that the parser gave up, which it does where a container leads back to itself."""
        match type_:
            case Scalar("any"):
                reference = nodes.mapping(nodes.find(self._document.tree, pointer)).get("$ref")
                handle = self._handles.get(nodes.target(reference)) if isinstance(reference, str) else None
                return type_ if handle is None else self._type(handle)
            case ListOf(item):
                return ListOf(self._repaired(item, f"{pointer}/items"))
            case MapOf(value):
                return MapOf(self._repaired(value, f"{pointer}/additionalProperties"))
            case Nullable(inner):
                return Nullable(self._repaired(inner, pointer))
            case _:
                return type_

    def _nullable(self, field: DataModelFieldBase, type_: TypeRef, schema: Mapping[str, Any]) -> TypeRef:
        null = field.nullable or field.type_has_null or schemanodes.is_nullable(schema)
        return self._or_null(type_) if null else type_

    def _or_null(self, type_: TypeRef) -> TypeRef:
        match type_:
            case Nullable() | Scalar("any" | "null"):
                return type_
            case Reference(name) if self._is_nullable_alias(self._nodes[self._paths[name]]):
                return type_
            case _:
                return Nullable(type_)

    def _is_nullable_alias(self, node: _Node) -> bool:
        return node.is_alias and schemanodes.is_nullable(node.schema)

    def _fields(self, node: _Node) -> tuple[Field, ...]:
        written = schemanodes.properties(self._document.tree, node.schema)
        merged = self._merged(node.model)
        attributes = names.attributes(sorted(merged, key=_position_in(written)), names.FIELD_RESERVED, self._paths)
        return tuple(
            self._field(
                name,
                wire_name,
                merged[wire_name],
                node,
                required=merged[wire_name].required or written.get(wire_name, False),
            )
            for wire_name, name in attributes.items()
        )

    def _merged(self, model: DataModel) -> dict[str, DataModelFieldBase]:
        """Return wire name -> field of a model and of all that it extends; the nearest one wins."""
        merged: dict[str, DataModelFieldBase] = {}
        for base in model.base_classes:
            if base.reference is not None and base.reference.path in self._nodes:
                merged |= self._merged(self._nodes[base.reference.path].model)
        merged |= {self._wire_name(field): field for field in model.fields if self._kind(field) != "additional"}
        return merged

    def _wire_name(self, field: DataModelFieldBase) -> str:
        return field.original_name if field.original_name is not None else field.name or ""

    def _kind(self, field: DataModelFieldBase) -> str | None:
        origin = field_origin_of(field)
        return origin.kind if origin else None

    def _field(self, name: str, wire_name: str, field: DataModelFieldBase, node: _Node, *, required: bool) -> Field:
        origin = field_origin_of(field)
        pointer = origin.location.pointer if origin and origin.location else node.pointer
        schema: Mapping[str, Any] = {}
        if pointer != node.pointer:
            schema = nodes.mapping(nodes.find(self._document.tree, pointer))
        return Field(
            name=name,
            wire_name=wire_name,
            type=self._repaired(self._nullable(field, self._type(field.data_type), schema), pointer),
            required=required,
            description=schemanodes.description(schema),
            example=schemanodes.example(schema),
            default=schema.get("default", ABSENT),
            constraints=bounds.constraints(self._document.tree, schema),
            read_only=field.read_only,
            write_only=field.write_only,
            deprecated=schema.get("deprecated") is True,
            pointer=pointer,
        )

    def _additional(self, node: _Node) -> TypeRef | None:
        for field in node.model.fields:
            if self._kind(field) == "additional":
                return self._value_of_map(self._type(field.data_type))
        closed = node.schema.get("additionalProperties") is False or node.schema.get("unevaluatedProperties") is False
        return None if closed else ANY

    def _value_of_map(self, type_: TypeRef) -> TypeRef:
        return type_.value if isinstance(type_, MapOf) else type_

    def _type(self, data_type: DataType) -> TypeRef:
        """Spell a type of the graph."""
        spelt = self._bare_type(data_type)
        return self._or_null(spelt) if data_type.is_optional else spelt

    def _bare_type(self, data_type: DataType) -> TypeRef:
        if data_type.reference is not None:
            return self._reference(data_type.reference.path)
        if data_type.literals:
            return LiteralOf(tuple(data_type.literals))
        if data_type.is_dict or data_type.is_mapping:
            return MapOf(self._inner(data_type))
        if data_type.is_tuple:
            return TupleOf(tuple(self._type(member) for member in data_type.data_types), None)
        if data_type.is_list or data_type.is_set or data_type.is_frozen_set or data_type.is_sequence:
            return ListOf(self._inner(data_type))
        if data_type.data_types:
            return self._inner(data_type)
        return self._scalar(data_type)

    def _scalar(self, data_type: DataType) -> TypeRef:
        if data_type.import_ is not None and data_type.import_.from_ == _OURS:
            kind = str(data_type.import_.import_).replace("_", "-")
            return Scalar(_KINDS[kind])
        builtin = _BUILTINS.get(data_type.type or "")
        return Scalar(builtin) if builtin else ANY

    def _reference(self, path: str) -> TypeRef:
        if path in self._declared:
            reference, node = Reference(self._declared[path]), self._nodes[path]
            return Nullable(reference) if schemanodes.is_nullable(node.schema) and not node.is_alias else reference
        if path not in self._nodes or path in self._expanding:
            return ANY
        self._expanding.add(path)
        try:
            return self._root_type(self._nodes[path])
        finally:
            self._expanding.discard(path)

    def _inner(self, data_type: DataType) -> TypeRef:
        """Return what a container holds or a union offers."""
        members = [self._type(member) for member in data_type.data_types]
        if not members:
            return ANY
        origin = type_origin_of(data_type)
        if origin is None:
            return union(members)
        return union(members, self._discriminator(nodes.mapping(nodes.find(self._document.tree, origin.pointer))))

    def _discriminator(self, schema: Mapping[str, Any]) -> Discriminator | None:
        """Read the discriminator of a union whose members are all references (OpenAPI 3.1 §4.8.25)."""
        wire_name = nodes.text(nodes.mapping(schema.get("discriminator")).get("propertyName"))
        if wire_name is None:
            return None
        targets = self._targets(schema, wire_name, frozenset())
        variants = {value: self._type(self._handles[pointer]) for value, pointer in targets if pointer in self._handles}
        if not variants or len(variants) < len(targets):
            return None
        return Discriminator(wire_name, tuple(Variant(value, type_) for value, type_ in variants.items()))

    def _targets(self, schema: Mapping[str, Any], wire_name: str, seen: frozenset[str]) -> list[tuple[str, str]]:
        """Return tag -> pointer of a union's members, as mapped, else as they or their names say."""
        written = nodes.mapping(nodes.mapping(schema.get("discriminator")).get("mapping"))
        targets = [(value, _target(reference)) for value, reference in written.items() if isinstance(reference, str)]
        mapped = {pointer for _, pointer in targets}
        for member in (*nodes.sequence(schema.get("oneOf")), *nodes.sequence(schema.get("anyOf"))):
            reference = nodes.mapping(member).get("$ref")
            pointer = _target(reference) if isinstance(reference, str) else None
            if pointer is not None and pointer not in mapped | seen:
                targets += self._implied(pointer, wire_name, seen | {pointer})
        return targets

    def _implied(self, pointer: str, wire_name: str, seen: frozenset[str]) -> list[tuple[str, str]]:
        node = nodes.mapping(nodes.follow(self._document.tree, pointer)[1])
        nested = nodes.mapping(node.get("discriminator")).get("propertyName") == wire_name
        if nested and (inner := self._targets(node, wire_name, seen)):
            return inner
        values = schemanodes.tags(node, wire_name) or (pointers.split(pointer)[-1],)
        return [(value, pointer) for value in values]


def _unlisted(schema: Mapping[str, Any]) -> TypeRef:
    """Return the type of an enum that lists no value that it could be told by."""
    kinds: Mapping[Any, ScalarKind] = {"string": "string", "integer": "integer", "number": "number"}
    kind = schema.get("type")
    return Scalar(kinds[kind]) if isinstance(kind, str) and kind in kinds else ANY


def _position_in(written: Mapping[str, bool]) -> Callable[[str], int]:
    positions = {name: index for index, name in enumerate(written)}
    return lambda name: positions.get(name, len(positions))


_KINDS: Final[Mapping[str, ScalarKind]] = {kind: kind for kind in _FORMATS.values()}


def _target(reference: str) -> str:
    if reference.startswith("#"):
        return nodes.target(reference)
    return pointers.join(("components", "schemas", reference))
