"""Descriptions that are not what the standard asks for: what is put right, and that all of them are generated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from attrest import pipeline, pointers
from attrest.document import Document
from attrest.load import load
from attrest.mend import mend
from attrest.objects import reference_of, walk
from attrest.settings import Settings

VERSION = "openapi: 3.1.0\n"
NAMELESS = "it says no name and place that a parameter may have"
ANSWERS = "{responses: {'204': {description: Done.}}}"


def mended(folder: Path, text: str) -> tuple[Document, dict[str, str]]:
    """Mend a description; returns it, and the reasons of its entries by pointer."""
    file = folder / "openapi.yaml"
    file.write_text(text if text.startswith("openapi") else VERSION + text, encoding="utf-8")
    document = mend(load(file))
    return document, {entry.pointer: entry.reason for entry in document.entries}


def at(document: Document, pointer: str) -> Any:
    return pointers.resolve(document.tree, pointers.split(pointer))


def generated(folder: Path, text: str) -> dict[str, str]:
    """Generate a description, and compile what that gives."""
    mended(folder, text)
    settings = Settings(document=folder / "openapi.yaml", output=folder / "out")
    files = pipeline.build(settings, lambda _: None).tree.files
    for path, content in files.items():
        if path.endswith(".py"):
            compile(content, path, "exec")
    return dict(files)


@pytest.mark.parametrize(
    ("written", "pointer", "node", "reason"),
    [
        ("paths: [a]", "/paths", {}, "it is not an object: it is left out"),
        ("paths: text", "/paths", {}, "the paths is not an object: it is left out"),
        ("paths: {/a: text}", "/paths/~1a", {}, "the path item is not an object: it is left out"),
        ("components: {schemas: [a]}", "/components/schemas", {}, "it is not an object: it is left out"),
        ("components: {links: {A: []}}", "/components/links/A", {}, "the link is not an object: it is left out"),
        ("components: {headers: {A: {}}}", "/components/headers/A/schema", {}, None),
        ("tags: {a: b}", "/tags", [], "it is not a list: it is left out"),
        ("tags: [{name: 3}]", "/tags/0/name", "3", None),
        ("tags: [{name: {a: b}}]", "/tags/0", {}, None),
        ("components: {parameters: {A: {in: query}}}", "/components/parameters/A", {}, f"{NAMELESS}: it is not sent"),
        ("servers: [null, text]", "/servers/1", {}, "the server is not an object: it is left out"),
        ("paths: {/a: {$ref: 3}}", "/paths/~1a", {}, None),
        ("paths: null", "/paths", {}, None),
        ("paths: {/a: {get: {tags: pets}}}", "/paths/~1a/get/tags", ["pets"], None),
        ("paths: {/a: {get: {tags: [2024, true]}}}", "/paths/~1a/get/tags", ["2024", "True"], None),
        ("paths: {/a: {get: {requestBody: {required: 'yes'}}}}", "/paths/~1a/get/requestBody/required", True, None),
        ("components: {links: {A: 3}}", "/components/links/A", {}, "the link is not an object: it is left out"),
    ],
)  # fmt: skip
def test_what_has_another_shape_makes_way(
    tmp_path: Path, written: str, pointer: str, node: Any, reason: str | None
) -> None:
    document, reasons = mended(tmp_path, written + "\n")
    assert at(document, pointer) == node
    assert reasons.get(pointer) == reason


PARAMETERS = """\
paths:
  /a/{x}/{y}:
    get:
      parameters:
        - text
        - {name: a, in: body, schema: {}}
        - {name: 3, in: query, schema: {}}
        - {name: b, in: query}
        - {name: c, in: query, content: {a/b: {}, c/d: {}}}
        - {name: d, in: query, schema: {}, content: {a/b: {}}}
        - {name: e, in: query, style: odd, explode: 'x', schema: {}}
        - {name: x, in: path, required: 1, schema: {type: string}}
        - {name: f, in: querystring, schema: {}}
      responses: {}
  /b/{z}: {get: {responses: {}}, parameters: {a: b}}
"""


def test_parameters_say_what_they_have_to(tmp_path: Path) -> None:
    document, reasons = mended(tmp_path, PARAMETERS)
    listed = at(document, "/paths/~1a~1{x}~1{y}/get/parameters")
    assert listed == [
        {"name": "y", "in": "path", "required": True, "schema": {"type": "string"}},
        {},
        {"name": "3", "in": "query", "schema": {}},
        {"name": "b", "in": "query", "schema": {}},
        {"name": "c", "in": "query", "content": {"a/b": {}}},
        {"name": "d", "in": "query", "schema": {}},
        {"name": "e", "in": "query", "schema": {}},
        {"name": "x", "in": "path", "required": True, "schema": {"type": "string"}},
        {},
    ]
    places = {pointer.removeprefix("/paths/~1a~1{x}~1{y}/get/parameters/") for pointer in reasons}
    listed = {"0", "1", "3", "4/content", "5/content", "6/style", "6/explode", "8"}
    assert places == {*listed, "/paths/~1b~1{z}/parameters"}


def test_the_whole_query_is_described_once(tmp_path: Path) -> None:
    query = "{name: a, in: querystring, schema: {type: object}}"
    document, reasons = mended(
        tmp_path, f"openapi: 3.2.0\npaths: {{/a: {{get: {{parameters: [{query}, {query}], responses: {{}}}}}}}}\n"
    )
    media = {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}
    assert at(document, "/paths/~1a/get/parameters") == [{"name": "a", "in": "querystring", "content": media}, {}]
    assert list(reasons) == ["/paths/~1a/get/parameters/1"]


def test_operations_with_methods_of_the_standard_stand_where_those_belong(tmp_path: Path) -> None:
    document, reasons = mended(
        tmp_path,
        f"openapi: 3.2.0\npaths:\n  /a:\n    get: {ANSWERS}\n"
        f"    additionalOperations: {{GET: {ANSWERS}, POST: {ANSWERS}, COPY: {ANSWERS}}}\n",
    )
    assert list(at(document, "/paths/~1a")) == ["get", "additionalOperations", "post"]
    assert list(at(document, "/paths/~1a/additionalOperations")) == ["COPY"]
    assert set(reasons) == {f"/paths/~1a/additionalOperations/{method}" for method in ("GET", "POST")}


def test_references_stand_only_where_the_standard_has_them(tmp_path: Path) -> None:
    document, reasons = mended(
        tmp_path,
        f"""\
paths:
  /a:
    get: {{$ref: '#/x-parts/operation'}}
    put: {{parameters: {{$ref: '#/x-parts/parameters'}}, responses: {{$ref: '#/x-parts/responses'}}}}
  /b:
    $ref: '#/paths/~1a'
    summary: Ours.
  /c: {{get: {{$ref: '#/paths/~1d/get'}}}}
  /d: {{get: {{$ref: '#/paths/~1c/get'}}}}
  /e: {{get: {{responses: {{'200': {{content: {{a/b: {{$ref: '#/components/mediaTypes/M'}}}}}}}}}}}}
components: {{mediaTypes: {{M: {{schema: {{type: string}}}}}}}}
x-parts:
  operation: {ANSWERS}
  parameters: [{{name: a, in: query, schema: {{}}}}]
  responses: {{'204': {{description: Done.}}}}
""",
    )
    answers = {"responses": {"204": {"description": "Done."}}}
    put = {"parameters": [{"name": "a", "in": "query", "schema": {}}], **answers}
    assert at(document, "/paths/~1a") == {"get": answers, "put": put}
    assert at(document, "/paths/~1b") == {"get": answers, "put": put, "summary": "Ours."}
    assert at(document, "/paths/~1e/get/responses/200/content/a~1b") == {"schema": {"type": "string"}}
    assert set(reasons) == {"/paths/~1c/get", "/paths/~1d/get"}
    assert document.display("/paths/~1b/get/responses") == "openapi.yaml:14"
    assert not [placed for placed in walk(document.tree) if reference_of(placed.node)]


def test_the_description_itself_stays_as_it_was(tmp_path: Path) -> None:
    document, _ = mended(tmp_path, PARAMETERS)
    assert load(document.path).tree == yaml.safe_load(VERSION + PARAMETERS)
    assert mend(document).tree == document.tree


def test_a_sound_description_is_left_alone(repository: Path) -> None:
    document = load(repository / "openapi" / "openapi.yaml")
    assert mend(document).tree is document.tree


@pytest.mark.parametrize(
    "text",
    [
        "openapi: 3.1.0\n",
        "openapi: 3.1\ninfo:\npaths:\ncomponents:\nservers:\ntags:\nsecurity:\nwebhooks:\n",
        "openapi: 3.0.x\ninfo: text\ntags: [a, null, {name: 3}]\nservers: [null, {url: 3, variables: []}]\n",
        PARAMETERS,
        "paths:\n  /a:\n    get: {}\n    post: null\n    put: text\n    delete: {responses: null, summary: [a]}\n",
        f"""\
info: {{title: 2024-01-01, version: 1.10, description: 3}}
security: [null, text, {{missing: []}}]
webhooks: {{a: null, b: text, c: {{post: null}}}}
paths:
  no-slash: {{get: {ANSWERS}}}
  /a/{{}}/{{a b}}: {{get: {ANSWERS}}}
  /odd:
    get:
      operationId: on
      tags: [on, 1.10, 2024-01-01]
      deprecated: maybe
      callbacks: [a]
      requestBody: []
      responses:
        200: text
        2XX: []
        99999: {{description: y}}
        odd: {{content: [a], headers: [b], links: [c]}}
        '203':
          content: {{application/json: text, text/plain: null, a/b: []}}
          headers: {{A: text, B: null, C: {{}}}}
components:
  responses: text
  parameters: {{A: null, B: text, C: []}}
  securitySchemes: {{A: text, B: null, C: {{type: 3}}, D: {{type: http, scheme: 3}}, E: {{type: oauth2, flows: []}}}}
  callbacks: {{A: x, B: {{c: x}}}}
  schemas: {{A: null, B: text, C: [], D: true, E: {{type: 3}}, F: {{properties: []}}, G: {{$ref: 3}}}}
on: off
""",
    ],
    ids=["version", "nulls", "texts", "parameters", "operations", "all"],
)
def test_whatever_is_described_is_generated(tmp_path: Path, text: str) -> None:
    files = generated(tmp_path, text)
    assert any(path.endswith("/client.py") for path in files)
