"""Validating and printing: what ``tests/rejected`` does not show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from attrest import printers
from attrest.diagnostics import Finding, Location
from attrest.load import load
from attrest.validate import validate
from attrest.validation import rules


def findings(folder: Path, tree: dict[str, Any]) -> list[tuple[str, str]]:
    path = folder / "openapi.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    return [(it.rule, it.pointer) for it in validate(load(path)) if it.severity == "error"]


def description(version: str = "3.1.0", **fields: Any) -> dict[str, Any]:
    return {"openapi": version, "info": {"title": "Library", "version": "1"}, "paths": {}, **fields}


def operation(**fields: Any) -> dict[str, Any]:
    return {"responses": {"200": {"description": "Fine."}}, **fields}


def test_the_description_of_this_repository_is_clean(repository: Path) -> None:
    assert validate(load(repository / "openapi" / "openapi.yaml")) == ()


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
def test_an_error_deep_inside_is_found_in_every_version(tmp_path: Path, version: str) -> None:
    media = {"application/json": {"schema": {"properties": {"a": {"items": {"type": "strin"}, "type": "array"}}}}}
    tree = description(version, paths={"/a": {"get": {"responses": {"200": {"description": "", "content": media}}}}})
    pointer = "/paths/~1a/get/responses/200/content/application~1json/schema/properties/a/items/type"
    assert findings(tmp_path, tree) == [("openapi", pointer)]


def test_references_that_lead_nowhere_do_not_hide_the_rest(tmp_path: Path) -> None:
    tree = description(
        paths={"/a": {"get": operation(parameters=[{"$ref": "#/components/parameters/none"}], summary=3)}},
        components={"schemas": {"A": {"type": "integer", "default": "a", "allOf": [{"$ref": "#/nowhere"}]}}},
    )
    assert sorted(findings(tmp_path, tree)) == [
        ("dangling-reference", "/components/schemas/A/allOf/0/$ref"),
        ("dangling-reference", "/paths/~1a/get/parameters/0/$ref"),
        ("openapi", "/paths/~1a/get/summary"),
    ]


def test_path_parameters_may_be_declared_beside_the_operations(tmp_path: Path) -> None:
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    item = {"parameters": [{"$ref": "#/components/parameters/id"}], "get": operation(), "x-note": {"parameters": 1}}
    tree = description(paths={"/a/{id}": item}, components={"parameters": {"id": parameter}})
    assert findings(tmp_path, tree) == []


def test_path_parameters_of_additional_operations(tmp_path: Path) -> None:
    tree = description(
        "3.2.0", paths={"/a/{id}": {"query": operation(), "additionalOperations": {"COPY": operation()}}}
    )
    assert sorted(findings(tmp_path, tree)) == [
        ("path-parameter", "/paths/~1a~1{id}/additionalOperations/COPY"),
        ("path-parameter", "/paths/~1a~1{id}/query"),
    ]


def test_operation_ids_are_unique_across_webhooks_and_callbacks(tmp_path: Path) -> None:
    callbacks = {"done": {"{$url}": {"post": operation(operationId="a")}}}
    tree = description(
        paths={"/a": {"get": operation(operationId="a", callbacks=callbacks)}},
        webhooks={"w": {"post": operation(operationId="a")}},
    )
    assert sorted(findings(tmp_path, tree)) == [
        ("duplicate-operation-id", "/paths/~1a/get/callbacks/done/{$url}/post/operationId"),
        ("duplicate-operation-id", "/webhooks/w/post/operationId"),
    ]


def test_an_anchor_may_be_referred_to(tmp_path: Path) -> None:
    schemas = {"A": {"$anchor": "here", "type": "string"}, "B": {"$ref": "#here"}, "C": {"$ref": "#there"}}
    assert ("dangling-reference", "/components/schemas/C/$ref") in findings(
        tmp_path, description(components={"schemas": schemas})
    )
    del schemas["C"]
    assert findings(tmp_path, description(components={"schemas": schemas})) == []


@pytest.mark.parametrize(
    ("schema", "value", "fits"),
    [
        ({"type": "string", "format": "date-time"}, "2024-05-06T07:08:09.1+02:00", True),
        ({"type": "string", "format": "date-time"}, "2024-05-06", False),
        ({"type": "string", "format": "date"}, "2024-02-30", False),
        ({"type": "string", "format": "uuid"}, "4f4e4e1-c824-4d63-b37a-d8d698862f1d", False),
        ({"type": "integer", "format": "int32"}, 2**31, False),
        ({"type": "string", "format": "regex"}, r"\p{L}+", True),
        ({"type": ["string", "null"]}, None, True),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, 1.5, False),
        ({"$ref": "#/components/schemas/Node"}, {"next": {"next": {}}}, True),
        ({"$ref": "#/components/schemas/Node"}, {"next": {"next": 1}}, False),
        ({"$ref": "#/components/schemas/Loop"}, 1, True),
        ({"type": "string", "pattern": r"^\p{L}+$"}, "a", True),
    ],
)
def test_examples_are_held_against_their_schemas(tmp_path: Path, schema: Any, value: Any, *, fits: bool) -> None:
    node = {"properties": {"next": {"$ref": "#/components/schemas/Node"}}, "type": "object"}
    loop = {"$ref": "#/components/schemas/Loop"}
    body = {"content": {"application/json": {"schema": schema, "example": value}}}
    tree = description(
        paths={"/a": {"post": operation(requestBody=body)}}, components={"schemas": {"Node": node, "Loop": loop}}
    )
    found = [rule for rule, _ in findings(tmp_path, tree) if rule == "example-mismatch"]
    assert found == ([] if fits else ["example-mismatch"])


def test_text_examples_of_other_media_types_are_not_held_against_schemas(tmp_path: Path) -> None:
    schema = {"type": "object", "required": ["a"]}
    content = {
        "text/xml": {"schema": schema, "example": "<a/>"},
        "multipart/form-data": {"schema": schema, "example": {}},
    }
    tree = description(paths={"/a": {"post": operation(requestBody={"content": content})}})
    assert findings(tmp_path, tree) == [
        ("example-mismatch", "/paths/~1a/post/requestBody/content/multipart~1form-data/example")
    ]


MALFORMED: list[Any] = [
    None,
    1,
    "text",
    [],
    [None],
    {},
    {"": None},
    {"a": 1},
    {"$ref": 1},
    {"$ref": "#"},
    {"$ref": "#/"},
]


@pytest.mark.parametrize("value", MALFORMED, ids=repr)
@pytest.mark.parametrize(
    "place",
    [
        ("info",), ("paths",), ("components",), ("security",), ("tags",), ("servers",),
        ("components", "schemas"), ("components", "securitySchemes"), ("components", "schemas", "A"),
        ("paths", "/a/{b}"), ("paths", "/a/{b}", "get"), ("paths", "/a/{b}", "parameters"),
        ("paths", "/a/{b}", "get", "parameters"), ("paths", "/a/{b}", "get", "responses"),
        ("paths", "/a/{b}", "get", "responses", "200"), ("paths", "/a/{b}", "get", "responses", "200", "content"),
        ("paths", "/a/{b}", "get", "operationId"), ("paths", "/a/{b}", "get", "tags"),
        ("components", "schemas", "A", "properties"), ("components", "schemas", "A", "discriminator"),
        ("components", "schemas", "A", "required"), ("components", "schemas", "A", "type"),
        ("components", "schemas", "A", "discriminator", "mapping"),
    ],
    ids="/".join,
)  # fmt: skip
def test_nothing_malformed_gives_a_traceback(tmp_path: Path, place: tuple[str, ...], value: Any) -> None:
    tree = description()
    node: Any = tree
    for key in place[:-1]:
        node[key] = node.get(key) or {}
        node = node[key]
    node[place[-1]] = value
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    for printer in printers.PRINTERS.values():
        assert printer(validate(load(path))) is not None


def test_every_rule_is_described_once_and_is_in_the_readme(repository: Path) -> None:
    names = [rule.name for rule in rules.RULES]
    assert len(names) == len(set(names))
    readme = (repository / "openapi" / "README.md").read_text(encoding="utf-8")
    assert [name for name in names if f"`{name}`" not in readme] == []


FINDING = Finding(
    severity="error",
    rule="example-mismatch",
    message="100% of it,\nor: none",
    pointer="/a",
    location=Location("some, file:1.yaml", 3, 5),
    source="a:\t b",
    hint="look",
)


def test_text_shows_the_line_and_a_caret() -> None:
    head = "some, file:1.yaml:3:5: error[example-mismatch]: 100% of it,\\nor: none\n"
    assert printers.text([FINDING]) == head + "  a:\t b\n    \t ^\nhint: look\n"


def test_json_has_stable_keys() -> None:
    (printed,) = json.loads(printers.PRINTERS["json"]([FINDING]))
    assert list(printed) == ["severity", "rule", "message", "file", "line", "column", "pointer", "hint"]
    assert printed["message"] == FINDING.message


def test_github_commands_are_escaped() -> None:
    assert printers.PRINTERS["github"]([FINDING]) == (
        "::error file=some%2C file%3A1.yaml,line=3,col=5,title=example-mismatch::"
        "100%25 of it,%0Aor: none%0Ahint: look\n"
    )


def test_findings_are_printed_by_place_and_once() -> None:
    places = [Location("b.yaml", 1, 1), Location("a.yaml", 10, 2), Location("a.yaml", 9, 1), Location("a.yaml", 10, 1)]
    made = [Finding(severity="warning", rule="r", message="m", pointer="", location=place) for place in places]
    lines = printers.text([*made, *made]).splitlines()
    assert [line.split(": ")[0] for line in lines] == ["a.yaml:9:1", "a.yaml:10:1", "a.yaml:10:2", "b.yaml:1:1"]


def test_files_below_the_current_directory_are_shown_relative_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text("swagger: '2.0'\n", encoding="utf-8")
    finding = Finding(severity="error", rule="r", message="m", pointer="", location=Location(str(path), 1, 1))
    monkeypatch.chdir(tmp_path)
    assert printers.text([finding]) == "openapi.yaml:1:1: error[r]: m\n"
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert printers.text([finding]) == f"{path}:1:1: error[r]: m\n"
