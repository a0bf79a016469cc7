"""What the responses of an operation come to: the preferred form, the others, and how each is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from attrest.infer import infer
from attrest.ir import Api, Operation
from attrest.load import load
from attrest.lower import lower
from attrest.settings import Settings
from attrest.typerefs import ANY, STRING, ListOf, Nullable, Reference, Scalar, TypeRef, UnionOf, Variant

BYTES = Scalar("file")
INTEGER = Scalar("integer")
CAT = {"$ref": "#/components/schemas/Cat"}
DOG = {"$ref": "#/components/schemas/Dog"}
COMPONENTS = {
    "schemas": {
        "Cat": {"type": "object", "properties": {"lives": {"type": "integer"}}},
        "Dog": {"type": "object", "properties": {"bark": {"type": "string"}}},
        "Raw": {"type": "string", "format": "binary"},
        "Round": {"$ref": "#/components/schemas/Robin"},
        "Robin": {"$ref": "#/components/schemas/Round"},
    },
    "mediaTypes": {"Lines": {"itemSchema": CAT}},
}


def api_of(folder: Path, responses: dict[str, Any]) -> Api:
    """What comes of an operation with these responses."""
    file = folder / "openapi.json"
    paths = {"/x": {"get": {"operationId": "read", "responses": responses}}}
    info = {"title": "X", "version": "1"}
    file.write_text(
        json.dumps({"openapi": "3.2.0", "info": info, "paths": paths, "components": COMPONENTS}), encoding="utf-8"
    )
    document = load(file)
    return lower(document, infer(document), Settings(document=file, output=folder / "out"))


def lowered(folder: Path, responses: dict[str, Any]) -> Operation:
    """An operation with these responses."""
    (operation,) = api_of(folder, responses).operations
    return operation


def answering(folder: Path, content: dict[str, Any]) -> Operation:
    """An operation whose success has this content."""
    return lowered(folder, {"200": {"description": "", "content": content}})


@pytest.mark.parametrize(
    ("content", "delivery", "result"),
    [
        ({"text/csv": {}, "application/json": {"schema": CAT}}, "whole", Reference("Cat")),
        ({"application/pdf": {}, "text/csv": {}}, "whole", STRING),
        ({"text/event-stream": {"schema": CAT}, "audio/mpeg": {}}, "whole", BYTES),
        ({"text/event-stream": {"schema": CAT}}, "event-stream", Reference("Cat")),
        ({"text/event-stream": {"schema": {"type": "array", "items": CAT}}}, "event-stream", Reference("Cat")),
        ({"text/event-stream": {}}, "event-stream", ANY),
        ({"text/event-stream": {"schema": CAT}, "application/jsonl": {"schema": CAT}}, "json-lines", Reference("Cat")),
        ({"application/x-ndjson": {"schema": {"type": "array", "items": DOG}}}, "json-lines", Reference("Dog")),
        ({"application/x-ndjson": {"schema": {"type": "string"}}}, "json-lines", ANY),
        ({"application/x-ndjson": {"$ref": "#/components/mediaTypes/Lines"}}, "json-lines", Reference("Cat")),
        ({"application/json": {"schema": {"type": "string", "format": "binary"}}}, "whole", BYTES),
        ({"application/json": {"schema": {"$ref": "#/components/schemas/Raw"}}}, "whole", BYTES),
        ({"application/json": {}}, "whole", ANY),
        ({"*/*": {"schema": CAT}}, "whole", Reference("Cat")),
        ({"*/*": {}}, "whole", BYTES),
        ({"*/*": {"schema": {"type": "string"}}}, "whole", STRING),
        ({"application/json": {"schema": CAT}, "application/hal+json": {"schema": CAT}}, "whole", Reference("Cat")),
        (
            {"application/json": {"schema": CAT}, "application/hal+json": {"schema": DOG}},
            "whole",
            UnionOf((Reference("Cat"), Reference("Dog"))),
        ),
        ({"application/x-www-form-urlencoded": {"schema": CAT}}, "whole", STRING),
        ({"multipart/mixed": {"schema": CAT}}, "whole", BYTES),
    ],
)
def test_the_preferred_form(tmp_path: Path, content: dict[str, Any], delivery: str, result: TypeRef) -> None:
    operation = answering(tmp_path, content)
    assert (operation.delivery, operation.result) == (delivery, result)


@pytest.mark.parametrize(
    ("content", "methods"),
    [
        ({"application/json": {}, "application/hal+json": {}, "text/json": {}}, {}),
        (
            {"application/json": {}, "application/xml": {}, "text/xml; charset=utf-8": {}},
            {"read_as_xml": ("application/xml", "text/xml; charset=utf-8")},
        ),
        (
            {"application/json": {}, "application/atom+xml": {}, "application/vnd.ms-excel": {}, "image/*": {}},
            {
                "read_as_atom_xml": ("application/atom+xml",),
                "read_as_ms_excel": ("application/vnd.ms-excel",),
                "read_as_image": ("image/*",),
            },
        ),
        (
            {"text/plain": {}, "application/octet-stream": {}, "text/event-stream": {}, "application/json-seq": {}},
            {
                "read_as_bytes": ("application/octet-stream",),
                "read_as_json_sequence": ("application/json-seq",),
                "read_as_event_stream": ("text/event-stream",),
            },
        ),
        (
            {"application/json": {}, "application/jsonl": {}, "application/x-ndjson": {}},
            {"read_as_json_lines": ("application/jsonl", "application/x-ndjson")},
        ),
    ],
)
def test_the_other_forms(tmp_path: Path, content: dict[str, Any], methods: dict[str, tuple[str, ...]]) -> None:
    operation = answering(tmp_path, content)
    assert {each.method: each.media_types for each in operation.alternatives} == methods


def test_a_form_falls_back_on_the_preferred_one_of_other_statuses(tmp_path: Path) -> None:
    responses = {
        "200": {"description": "", "content": {"application/json": {"schema": CAT}, "application/pdf": {}}},
        "201": {"description": "", "content": {"application/json": {"schema": DOG}}},
        "202": {"description": "", "content": {"application/pdf": {}}},
        "204": {"description": "", "content": {"application/pdf": {}}},
    }
    operation = lowered(tmp_path, responses)
    (pdf,) = operation.alternatives
    read = {reading.status: [each.content_type for each in reading.contents] for reading in pdf.readings}
    assert read == {"200": ["application/pdf"], "201": ["application/json"], "202": ["application/pdf"], "204": []}
    assert pdf.result == Nullable(UnionOf((BYTES, Reference("Dog"))))
    assert operation.result == Nullable(UnionOf((Reference("Cat"), Reference("Dog"), BYTES)))


def test_streams_of_some_statuses_alone_are_read_as_text(tmp_path: Path) -> None:
    responses = {
        "200": {"description": "", "content": {"text/event-stream": {"schema": CAT}}},
        "202": {"description": "", "content": {"application/json": {"schema": DOG}}},
    }
    operation = lowered(tmp_path, responses)
    assert (operation.delivery, operation.result) == ("whole", UnionOf((STRING, Reference("Dog"))))
    (stream,) = operation.alternatives
    assert (stream.delivery, stream.result) == ("event-stream", Reference("Cat"))
    assert [reading.status for reading in stream.readings] == ["200"]


@pytest.mark.parametrize(
    ("schema", "result", "events"),
    [
        (CAT, Reference("Cat"), ()),
        ({"properties": {"data": {"type": "string"}}}, STRING, ()),
        ({"properties": {"data": {"type": "string", "contentMediaType": "application/json"}}}, ANY, ()),
        ({"properties": {"data": {"type": "string", "contentSchema": CAT}}}, Reference("Cat"), ()),
        ({"properties": {"data": {"contentMediaType": "text/html", "contentSchema": CAT}}}, STRING, ()),
        ({"properties": {"data": {"type": "integer"}, "id": {}}}, INTEGER, ()),
        ({"properties": {"data": CAT, "event": {"type": "string"}}}, Reference("Cat"), ()),
        (
            {"properties": {"event": {"enum": ["a", "b"]}, "data": CAT}},
            UnionOf((Reference("Cat"), STRING)),
            (Variant("a", Reference("Cat")), Variant("b", Reference("Cat")), Variant("", STRING)),
        ),
        (
            {
                "properties": {"event": {"type": "string"}},
                "anyOf": [
                    {"properties": {"event": {"const": "a"}, "data": {"contentSchema": CAT}}},
                    {"properties": {"data": {"contentSchema": DOG}}},
                    {"properties": {"data": {"const": "[DONE]"}}},
                ],
            },
            UnionOf((Reference("Cat"), Reference("Dog"))),
            (Variant("a", Reference("Cat")), Variant("", Reference("Dog"))),
        ),
    ],
)
def test_events_as_a_whole(
    tmp_path: Path, schema: dict[str, Any], result: TypeRef, events: tuple[Variant, ...]
) -> None:
    operation = answering(tmp_path, {"text/event-stream": {"itemSchema": schema}})
    (reading,) = operation.readings
    (content,) = reading.contents
    assert (content.type, content.events) == (result, events)


def test_the_classes_of_events_are_there_where_other_events_are_anything(tmp_path: Path) -> None:
    note = {"type": "object", "properties": {"text": {"type": "string"}}}
    described: tuple[dict[str, Any], ...] = (
        {"event": {"const": "note"}, "data": {"contentSchema": note}},
        {"data": {"contentSchema": {}}},
    )
    content = {"text/event-stream": {"itemSchema": {"oneOf": [{"properties": each} for each in described]}}}
    api = api_of(tmp_path, {"200": {"description": "", "content": content}})
    ((known, others),) = [content.events for reading in api.operations[0].readings for content in reading.contents]
    assert others.type == ANY
    assert isinstance(known.type, Reference)
    assert known.type.name in {declaration.name for declaration in api.declarations}


@pytest.mark.parametrize("status", ["204", "205"])
def test_a_status_without_a_body_has_none(tmp_path: Path, status: str) -> None:
    operation = lowered(tmp_path, {status: {"description": "", "content": {"application/json": {"schema": CAT}}}})
    assert operation.result is None


def test_headers_of_all_successes_make_one_class(tmp_path: Path) -> None:
    integer, texts = {"schema": {"type": "integer"}}, {"schema": {"type": "array", "items": {"type": "string"}}}
    operation = lowered(
        tmp_path,
        {
            "200": {"description": "", "headers": {"X-A": integer | {"required": True}, "X-B": texts}},
            "201": {"description": "", "headers": {"x-a": texts | {"required": True}, "x_a": integer}},
            "404": {"description": "", "headers": {"X-C": integer | {"required": True}}},
        },
    )
    assert operation.headers is not None
    assert operation.headers.name == "ReadHeaders"
    found = [(each.name, each.wire_name, each.type, each.required) for each in operation.headers.headers]
    assert found == [
        ("x_a", "X-A", UnionOf((INTEGER, ListOf(STRING))), True),
        ("x_b", "X-B", ListOf(STRING), False),
        ("x_a_2", "x_a", INTEGER, False),
    ]
    assert operation.error_headers is not None
    assert operation.error_headers.name == "ReadErrorHeaders"
    assert [(each.name, each.type, each.required) for each in operation.error_headers.headers] == [
        ("x_c", INTEGER, False)
    ]
