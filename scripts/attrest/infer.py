"""From a description's schemas to declarations and types.

datamodel-code-generator's parser decides which schemas become classes, and merges those that are composed of others;
its graph is turned into our own values. This is the only module that knows it.
"""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from datamodel_code_generator import OpenAPIScope
from datamodel_code_generator.config import OpenAPIParserConfig
from datamodel_code_generator.format import PythonVersion
from datamodel_code_generator.model.base import DataModel, DataModelFieldBase
from datamodel_code_generator.model.type_alias import TypeAlias as AliasModel
from datamodel_code_generator.parser.openapi_scope import ApiOpenAPIParser
from datamodel_code_generator.reference import field_origin_of, location_of
from datamodel_code_generator.types import DataType

from attrest.document import Document
from attrest.garbage import collector_off
from attrest.inferring.declaring import declare
from attrest.inferring.graph import Graph, GraphClass, GraphField, GraphUnion
from attrest.inferring.objectschemas import with_one_choice
from attrest.inferring.parserdocument import ParserDocument
from attrest.ledger import Entry, degraded
from attrest.schemas import Schemas
from attrest.wellformed import WellFormed, wellformed

_REASON_LENGTH: Final = 200
"""Characters of what the parser says about a schema that it cannot read."""


class _Unmerged:
    """Keeps models apart; datamodel-code-generator merges those that render alike, or have one key."""

    def render(self: Any, *, class_name: str | None = None) -> str:
        fields = [(f.name, f.data_type.type_hint, f.required, f.nullable, repr(f.default)) for f in self.fields]
        return repr((class_name or self.class_name, [base.type_hint for base in self.base_classes], fields))

    def get_dedup_key(self: Any, *_: Any, **__: Any) -> tuple[Any, ...]:
        return (self.reference.path,)


class _GraphModel(_Unmerged, DataModel):
    TEMPLATE_FILE_PATH = "unused.jinja2"
    SUPPORTS_KW_ONLY = True
    TYPED_EXTRA_FIELD_NAME = "additional_properties"
    captured: ClassVar[list[DataModel]] = []

    @classmethod
    def create_typed_extra_field(
        cls, *, field_model: type[DataModelFieldBase], data_type: DataType
    ) -> DataModelFieldBase:
        """Keep what the parser would drop: the class of properties that are not listed."""
        name = cls.TYPED_EXTRA_FIELD_NAME
        return field_model(name=name, data_type=data_type, required=True, original_name=name)

    @classmethod
    def render_module_code(cls, models: list[DataModel]) -> str:
        cls.captured.extend(models)
        return ""


class _GraphAlias(_Unmerged, AliasModel):
    pass


@contextmanager
def _quiet() -> Generator[None]:
    """Keep the collector off, which saves a third of the time, and the parser's advice from the terminal."""
    try:
        with collector_off(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        _GraphModel.captured.clear()


def infer(document: Document) -> Schemas:
    """Turn every schema of a document into declarations and types.

    Args:
        document: A loaded document.

    Returns:
        The declarations, the type of every schema that is in no other by its pointer, and what could not be typed as it
        is described.
    """
    schemas = with_one_choice(wellformed(document.tree))
    failures: dict[str, Entry] = {}
    with _quiet():
        parser_document, models = _parsed(schemas, failures)
        graph = _graph(parser_document, models)
    return declare(document, schemas, graph, parser_document.places, failures)


def _parsed(schemas: WellFormed, failures: dict[str, Entry]) -> tuple[ParserDocument, list[DataModel]]:
    """Let the parser read the schemas; those that it fails at are left out, one by one, and added to the failures."""
    while True:
        document = ParserDocument(schemas, failures)
        try:
            return document, _parse(document.tree())
        except Exception as error:
            culprit = _culprit(document)
            if culprit in failures:
                raise
            reason = " ".join(str(error).split())[:_REASON_LENGTH]
            failures[culprit] = degraded(culprit, f"this cannot be read, so anything is taken: {reason}")


def _culprit(document: ParserDocument) -> str:
    """Find the first schema that the parser fails at, with all before it and nothing of what is behind it."""
    least, most = 0, len(document.roots) - 1
    while least < most:
        middle = (least + most) // 2
        try:
            _parse(document.tree(up_to=middle))
        except Exception:  # noqa: BLE001 - as above
            most = middle
        else:
            least = middle + 1
    return document.roots[least]


def _parse(tree: dict[str, Any]) -> list[DataModel]:
    config = OpenAPIParserConfig(
        data_model_type=_GraphModel,
        data_model_root_type=_GraphAlias,
        data_model_field_type=DataModelFieldBase,
        target_python_version=PythonVersion.PY_311,
        openapi_scopes=[OpenAPIScope.Api],
        use_union_operator=True,
        use_standard_collections=True,
        strict_nullable=True,
        snake_case_field=True,
        treat_dot_as_module=False,
        keep_model_order=True,
        keyword_only=True,
        allow_remote_refs=False,
        formatters=[],
    )
    _GraphModel.captured.clear()
    ApiOpenAPIParser(tree, config=config).parse(with_import=False, format_=False)
    return list(_GraphModel.captured)


def _graph(document: ParserDocument, models: list[DataModel]) -> Graph:
    by_path = {model.reference.path: model for model in models}
    aliases = {path: model for path, model in by_path.items() if isinstance(model, AliasModel)}
    classes = [
        GraphClass(
            key=path,
            pointer=document.pointer(_place(model)),
            is_copy=document.is_copy(_place(model)),
            bases=tuple(path for path in _bases(model) if path in by_path and path not in aliases),
            fields={_wire_name(field): _field(document, field) for field in model.fields if _is_listed(field)},
        )
        for path, model in by_path.items()
        if path not in aliases
    ]
    unions = {document.pointer(_place(model)): _union(model, by_path) for model in aliases.values()}
    return Graph(
        classes={each.key: each for each in classes},
        unions={pointer: union for pointer, union in unions.items() if union.members},
    )


def _place(model: DataModel) -> str:
    """Return where the schema of a model stands in the description that the parser got to see."""
    location = location_of(model.reference)
    return location.pointer if location else model.reference.path.lstrip("#")


def _bases(model: DataModel) -> Iterator[str]:
    for base in model.base_classes:
        if base.reference is not None:
            yield base.reference.path


def _is_listed(field: DataModelFieldBase) -> bool:
    origin = field_origin_of(field)
    return origin is None or origin.kind != "additional"


def _wire_name(field: DataModelFieldBase) -> str:
    return field.original_name if field.original_name is not None else field.name or ""


def _field(document: ParserDocument, field: DataModelFieldBase) -> GraphField:
    origin = field_origin_of(field)
    pointer = document.pointer(origin.location.pointer) if origin and origin.location else None
    return GraphField(pointer=pointer, required=field.required)


def _union(model: DataModel, by_path: Mapping[str, DataModel]) -> GraphUnion:
    """Return the classes that an alias comes to, where it is one of several."""
    found: dict[str, None] = {}
    is_open = False
    seen: set[str] = set()
    waiting: list[DataType] = [model.fields[0].data_type]
    while waiting:
        data_type = waiting.pop()
        path = data_type.reference.path if data_type.reference is not None else None
        if path is None and data_type.data_types and not _is_container(data_type):
            waiting += reversed(data_type.data_types)
        elif path is None or path not in by_path:
            is_open = True
        elif isinstance(by_path[path], AliasModel):
            waiting += [] if path in seen else [by_path[path].fields[0].data_type]
            seen.add(path)
        else:
            found[path] = None
    return GraphUnion(members=tuple(found), is_open=is_open)


def _is_container(data_type: DataType) -> bool:
    return data_type.is_list or data_type.is_dict or data_type.is_mapping or data_type.is_tuple
