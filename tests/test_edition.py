"""What editions for older versions of OpenAPI say: all that can be said there, and nothing that takes less."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy

import golden_cases
from attrest import pipeline
from attrest.document import Document, Version
from attrest.edition import Edition, edition
from attrest.interchange import as_json
from attrest.load import load
from attrest.settings import Settings
from attrest.validate import validate
from schema_values import Description

Json: TypeAlias = Any

ROOT: Final = Path(__file__).parents[1]
GOLDENS: Final = sorted({*golden_cases.CASES} - {"broken_references", "tolerated"})
TEXT: Final = {"type": "string"}
NUMBER: Final = {"type": "number"}
A: Final = {"$ref": "#/components/schemas/A"}


def made(folder: Path, version: Version, written: str = "3.2.0", **fields: Json) -> Edition:
    """The edition of a small description."""
    file = folder / "openapi.json"
    description = {"openapi": written, "info": {"title": "t", "version": "1"}, "paths": {}} | fields
    file.write_text(json.dumps(description), encoding="utf-8")
    return edition(load(file), version)


def reasons(made: Edition) -> dict[str, str]:
    return {entry.pointer: entry.reason for entry in made.entries}


@pytest.mark.parametrize(
    ("schema", "older"),
    [
        (True, {}),
        (False, {"not": {}}),
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        ({"type": "null"}, {"nullable": True, "enum": [None]}),
        ({"type": ["null"]}, {"nullable": True, "enum": [None]}),
        ({"type": ["string", "number"]}, {"anyOf": [TEXT, NUMBER]}),
        (
            {"type": ["array", "string", "null"], "items": TEXT},
            {"anyOf": [{"type": "array", "items": TEXT, "nullable": True}, {"type": "string", "nullable": True}]},
        ),
        (
            {"type": ["string", "number"], "anyOf": [{"minLength": 1}, {"minimum": 1}]},
            {"anyOf": [TEXT, NUMBER], "allOf": [{"anyOf": [{"minLength": 1}, {"minimum": 1}]}]},
        ),
        ({"const": "a"}, {"enum": ["a"]}),
        ({"const": None}, {"enum": [None], "nullable": True}),
        ({"type": "string", "enum": ["a", None, "a"]}, {"type": "string", "enum": ["a", None], "nullable": True}),
        ({"enum": []}, {}),
        ({"anyOf": [A, {"type": "null"}]}, {"allOf": [A], "nullable": True}),
        ({"oneOf": [TEXT, {"type": "null"}], "title": "t"}, {"type": "string", "nullable": True, "title": "t"}),
        (
            {"oneOf": [TEXT, {"type": "null"}], "allOf": [A]},
            {"allOf": [A, TEXT], "nullable": True},
        ),
        ({"oneOf": [A, TEXT, {"type": "null"}]}, {"oneOf": [A, TEXT], "nullable": True}),
        ({"exclusiveMinimum": 1}, {"minimum": 1, "exclusiveMinimum": True}),
        ({"minimum": 2, "exclusiveMinimum": 1}, {"minimum": 2}),
        ({"minimum": 1, "exclusiveMinimum": 1}, {"minimum": 1, "exclusiveMinimum": True}),
        ({"exclusiveMaximum": 1, "maximum": 2}, {"maximum": 1, "exclusiveMaximum": True}),
        ({"examples": ["a", "b"]}, {"example": "a"}),
        ({"type": "array"}, {"type": "array", "items": {}}),
        (
            {"type": "array", "prefixItems": [TEXT, NUMBER], "items": False},
            {"type": "array", "items": {"anyOf": [TEXT, NUMBER]}, "maxItems": 2},
        ),
        ({"type": "array", "prefixItems": [TEXT]}, {"type": "array", "items": {}}),
        (
            {"patternProperties": {"^x": TEXT}, "additionalProperties": False},
            {"additionalProperties": TEXT},
        ),
        (
            {"patternProperties": {"^x": TEXT}, "additionalProperties": NUMBER},
            {"additionalProperties": {"anyOf": [TEXT, NUMBER]}},
        ),
        ({"patternProperties": {"^x": TEXT}}, {"additionalProperties": {}}),
        ({"additionalProperties": False}, {"additionalProperties": False}),
        (
            {"properties": {"a": TEXT}, "unevaluatedProperties": False},
            {"properties": {"a": TEXT}, "additionalProperties": False},
        ),
        ({"allOf": [A], "unevaluatedProperties": False}, {"allOf": [A], "x-unevaluatedProperties": {"not": {}}}),
        ({"type": "string", "contentEncoding": "base64"}, {"type": "string", "format": "byte"}),
        ({"type": "string", "contentEncoding": "base64url"}, {"type": "string", "format": "base64url"}),
        ({"contentMediaType": "image/png"}, {"type": "string", "format": "binary"}),
        ({"type": "string", "contentMediaType": "application/json"}, TEXT),
        ({"$ref": A["$ref"], "description": "d"}, {"allOf": [A], "description": "d"}),
        ({"$ref": A["$ref"], "$comment": "c"}, A),
        ({"required": [], "type": "object"}, {"type": "object"}),
        ({"if": TEXT, "then": {"maxLength": 1}}, {"x-if": TEXT, "x-then": {"maxLength": 1}}),
        ({"$defs": {"B": TEXT}, "$ref": "#/components/schemas/S/$defs/B"}, {"$ref": "#/components/schemas/B"}),
        ({"$anchor": "here", "$id": "https://example.com/s", "type": "string"}, TEXT),
    ],
)
def test_schemas_in_the_dialect_of_3_0(tmp_path: Path, schema: Json, older: Json) -> None:
    found = made(tmp_path, "3.0", "3.1.0", components={"schemas": {"S": schema, "A": {"type": "object"}}})
    assert found.tree["components"]["schemas"]["S"] == older


def test_schemas_that_others_keep_become_components_under_free_names(tmp_path: Path) -> None:
    keeper = {"$defs": {"A": TEXT, "odd name": {"$defs": {"B": NUMBER}}}, "$ref": "#/components/schemas/S/$defs/A"}
    user = {"properties": {"b": {"$ref": "#/components/schemas/S/$defs/odd%20name/$defs/B"}}}
    mapped = {"oneOf": [A], "discriminator": {"propertyName": "p", "mapping": {"a": "#/components/schemas/S/$defs/A"}}}
    schemas = made(tmp_path, "3.0", components={"schemas": {"S": keeper, "A": {}, "U": user, "M": mapped}}).tree[
        "components"
    ]["schemas"]
    assert schemas["S"] == {"$ref": "#/components/schemas/A2"}
    assert schemas["A2"] == TEXT
    assert schemas["odd_name"] == {}
    assert schemas["U"]["properties"]["b"] == {"$ref": "#/components/schemas/B"}
    assert schemas["M"]["discriminator"]["mapping"] == {"a": "#/components/schemas/A2"}


def test_what_3_0_does_not_know_beside_schemas(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        "3.0",
        "3.1.0",
        info={"title": "t", "version": "1", "summary": "s", "license": {"name": "MIT", "identifier": "MIT"}},
        jsonSchemaDialect="https://json-schema.org/draft/2020-12/schema",
        webhooks={"w": {"post": {}}},
        paths={
            "/a": {"$ref": "#/components/pathItems/A"},
            "/b": {"get": {"responses": {"200": {"$ref": "#/components/responses/R", "description": "mine"}}}},
        },
        security=[{"certificate": []}, {"key": ["admin"], "certificate": []}],
        components={
            "pathItems": {"A": {"get": {"security": [{"token": ["read"]}]}}},
            "responses": {"R": {"description": "r", "content": {"image/png": {}, "application/json": {}}}},
            "securitySchemes": {
                "certificate": {"type": "mutualTLS"},
                "key": {"type": "apiKey", "in": "header", "name": "X"},
                "token": {"type": "oauth2", "flows": {}},
            },
        },
    )
    nothing = {"responses": {"default": {"description": ""}}}
    assert found.tree == {
        "openapi": "3.0.4",
        "info": {
            "title": "t",
            "version": "1",
            "x-summary": "s",
            "license": {"name": "MIT", "url": "https://spdx.org/licenses/MIT.html"},
        },
        "x-webhooks": {"w": {"post": nothing}},
        "paths": {
            "/a": {"get": {"security": [{"token": ["read"]}], **nothing}},
            "/b": {"get": {"responses": {"200": {"$ref": "#/components/responses/R"}}}},
        },
        "security": [{"certificate": []}, {"key": [], "certificate": []}],
        "components": {
            "responses": {
                "R": {
                    "description": "r",
                    "content": {
                        "image/png": {"schema": {"type": "string", "format": "binary"}},
                        "application/json": {},
                    },
                }
            },
            "securitySchemes": {
                "certificate": {"type": "http", "scheme": "mutualTLS"},
                "key": {"type": "apiKey", "in": "header", "name": "X"},
                "token": {"type": "oauth2", "flows": {}},
            },
        },
    }
    assert reasons(found).keys() == {
        "/info/summary",
        "/webhooks",
        "/paths/~1b/get/responses/200/description",
        "/security/1/key",
        "/components/securitySchemes/certificate/type",
    }
    assert not [entry.pointer for entry in found.entries if entry.lost]


def test_what_3_1_does_not_know(tmp_path: Path) -> None:
    events = {"itemSchema": A}
    parameters = [
        {"in": "querystring", "name": "q", "content": {"application/json": {}}},
        {"in": "cookie", "name": "c", "style": "cookie", "schema": TEXT},
    ]
    found = made(
        tmp_path,
        "3.1",
        **{"$self": "https://example.com/openapi.json"},
        servers=[{"url": "https://example.com", "name": "main"}],
        tags=[{"name": "a", "summary": "All of A", "parent": "b", "kind": "nav"}],
        paths={
            "/a": {
                "query": {"responses": {"200": {"summary": "Fine"}}, "parameters": parameters},
                "additionalOperations": {"LINK": {"responses": {}}},
            }
        },
        components={
            "mediaTypes": {"Events": events},
            "responses": {
                "R": {"description": "d", "content": {"text/event-stream": {"$ref": "#/components/mediaTypes/Events"}}}
            },
            "examples": {"E": {"dataValue": 1}, "F": {"serializedValue": "1"}},
            "schemas": {"A": {"xml": {"nodeType": "attribute"}}},
            "securitySchemes": {"s": {"type": "oauth2", "deprecated": True, "flows": {"deviceAuthorization": {}}}},
        },
        security=[{"#/components/securitySchemes/s": []}],
    )
    tree = found.tree
    assert (tree["openapi"], "$self" in tree) == ("3.1.2", False)
    assert tree["servers"] == [{"url": "https://example.com", "x-oai-name": "main"}]
    assert tree["tags"] == [{"name": "a", "x-displayName": "All of A", "x-oai-parent": "b", "x-oai-kind": "nav"}]
    assert tree["security"] == [{"s": []}]
    assert tree["paths"]["/a"] == {
        "x-oai-additionalOperations": {
            "QUERY": {
                "responses": {"200": {"description": "Fine"}},
                "parameters": [{"in": "cookie", "name": "c", "schema": TEXT}],
            },
            "LINK": {"responses": {}},
        }
    }
    components = tree["components"]
    assert components["responses"]["R"]["content"] == {"text/event-stream": {"x-oai-itemSchema": A}}
    assert components["examples"] == {"E": {"value": 1}, "F": {"value": "1"}}
    assert components["schemas"] == {"A": {"xml": {"attribute": True}}}
    assert components["securitySchemes"]["s"] == {
        "type": "oauth2",
        "x-oai-deprecated": True,
        "flows": {"x-oai-deviceAuthorization": {}},
    }
    lost = [entry.pointer for entry in found.entries if entry.lost]
    assert lost == ["/paths/~1a/query/parameters/0", "/paths/~1a/query", "/paths/~1a/additionalOperations/LINK"]


def test_the_description_itself_stays_as_it_is() -> None:
    document = load(ROOT / "openapi" / "openapi.yaml")
    before = json.dumps(document.tree)
    edition(document, "3.0")
    assert json.dumps(document.tree) == before
    assert edition(document, "3.1").tree is document.tree


def test_there_is_no_edition_of_a_newer_version(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"is of OpenAPI 3\.0, and cannot be turned into 3\.1"):
        made(tmp_path, "3.1", "3.0.4")


def test_the_edition_of_the_training_api_gives_the_same_client(tmp_path: Path) -> None:
    """Nothing of what makes the client is lost on the way to 3.0."""
    file = tmp_path / "openapi.json"
    document = load(ROOT / "openapi" / "openapi.yaml")
    file.write_text(json.dumps(edition(document, "3.0").tree), encoding="utf-8")
    assert _without_places(load(file)) == _without_places(document)


def _without_places(document: Document) -> Json:
    chosen = Settings(document=document.path, output=Path("unused"), package="training_api")
    api = json.loads(as_json(pipeline.analyse(pipeline.prepare(document, chosen), chosen, lambda _: None)))

    def cleared(node: Json) -> Json:
        if isinstance(node, list):
            return [cleared(item) for item in node]
        if isinstance(node, dict):
            return {key: cleared(value) for key, value in node.items() if key not in {"pointer", "location", "source"}}
        return node

    return cleared(api)


def older_versions(document: Document) -> list[Version]:
    versions: list[Version] = ["3.0", "3.1"]
    return [version for version in versions if version < document.version]


JUDGED_OTHERWISE: Final = {
    "hostile_text",  # 3.0 says of patterns that are none what 3.1 says nothing of
    "tags_and_links",  # the meta-schema of 3.1 knows no server of a link, which the standard has
}


@pytest.mark.parametrize("case", sorted({*GOLDENS} - JUDGED_OTHERWISE))
def test_editions_are_as_valid_as_the_description(case: str, tmp_path: Path) -> None:
    document = load(golden_cases.GOLDEN / case / "openapi.yaml")
    for version in older_versions(document):
        file = tmp_path / "openapi.json"
        file.write_text(json.dumps(edition(document, version).tree), encoding="utf-8")
        assert _faults(load(file)) <= _faults(document)


def _faults(document: Document) -> set[tuple[str, str]]:
    return {(each.rule, each.message) for each in validate(document) if each.severity == "error"}


@pytest.mark.parametrize("case", sorted({*GOLDENS} - {"base_classes", "schema_keywords"}))
def test_what_fits_a_schema_fits_its_edition(case: str) -> None:
    document = load(golden_cases.GOLDEN / case / "openapi.yaml")
    if document.version == "3.0":
        pytest.skip("there is no older version")
    newer, older = Description(document.tree), Description(_as_tools_read(edition(document, "3.0").tree))
    for pointer in (f"/components/schemas/{name}" for name in document.tree.get("components", {}).get("schemas", {})):
        with suppress(Unsatisfiable):
            _fits(newer.fitting(pointer, newer.validator(pointer)), older.validator(pointer))


def _as_tools_read(node: Json) -> Json:
    """Return a tree in which what is ``nullable`` and has no type may be null, whatever it is composed of."""
    if isinstance(node, list):
        return [_as_tools_read(item) for item in node]
    if not isinstance(node, dict):
        return node
    read = {key: _as_tools_read(value) for key, value in node.items()}
    if read.get("nullable") is not True or "type" in read or "enum" in read:
        return read
    del read["nullable"]
    return {"anyOf": [read, {"nullable": True, "enum": [None]}]}


def _fits(values: SearchStrategy[Json], judge: Any) -> None:
    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=10,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(values)
    def check(value: Json) -> None:
        judge.validate(value)

    check()
