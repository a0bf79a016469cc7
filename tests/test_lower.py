"""Names that a client gets from a description's title, and what lowering says that it could not do."""

from __future__ import annotations

from pathlib import Path

import pytest

from attrest.infer import infer
from attrest.ir import Api
from attrest.load import load
from attrest.lower import lower
from attrest.settings import Settings
from attrest.typerefs import Scalar


def lowered(folder: Path, title: str) -> Api:
    file = folder / "openapi.yaml"
    file.write_text(f"openapi: 3.1.0\ninfo: {{title: {title}, version: '1'}}\npaths: {{}}\n", encoding="utf-8")
    document = load(file)
    return lower(document, infer(document), Settings(document=file, output=folder / "out"))


@pytest.mark.parametrize(
    ("title", "package", "client"),
    [
        ("Training API", "training_api", "TrainingClient"),
        ("Petstore", "petstore", "PetstoreClient"),
        ("API", "api", "ApiClient"),
        ("Calendar", "calendar_api", "CalendarClient"),
        ("httpx2", "httpx2_api", "Httpx2Client"),
        ("2FA service", "value_2_fa_service", "Value2FaServiceClient"),
    ],
)
def test_the_title_names_the_package_and_the_client(tmp_path: Path, title: str, package: str, client: str) -> None:
    api = lowered(tmp_path, title)
    assert (api.package, api.client, api.distribution) == (package, client, package.replace("_", "-"))


def test_what_is_not_sent_as_described_is_said(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(
        """
openapi: 3.1.0
info: { title: Parameters, version: "1" }
paths:
  /{described}/{undescribed}:
    get:
      parameters:
        - { name: described, in: path, required: true, allowReserved: true, schema: { type: string } }
        - { name: unplaced, in: path, required: true, schema: { type: string } }
        - { name: nowhere, in: body, schema: { type: string } }
        - { name: Accept, in: header, schema: { type: string } }
        - { name: strange, in: query, style: simple, schema: { type: string } }
        - { name: xml, in: query, content: { application/xml: { schema: { type: object } } } }
        - { name: fine, in: query, allowReserved: true, schema: { type: string } }
      responses: { "204": { description: Nothing. } }
""",
        encoding="utf-8",
    )
    document = load(file)
    api = lower(document, infer(document), Settings(document=file, output=tmp_path / "out"))
    get = "/paths/~1{described}~1{undescribed}/get"
    assert {entry.pointer.removeprefix(get): (entry.verdict, entry.reason) for entry in api.entries} == {
        "": ("degraded", "the path names {undescribed}, which no parameter describes: sent as text"),
        "/parameters/0/allowReserved": ("ignored", "OpenAPI 3.1 knows it in other places alone"),
        "/parameters/1": ("ignored", "the path has no place for it"),
        "/parameters/2": ("degraded", "left out: 'body' is no place for a parameter"),
        "/parameters/3": ("ignored", "the header Accept is described by other means (OpenAPI 3.2 §4.12.2.1)"),
        "/parameters/4": ("degraded", "style 'simple' is none of a query parameter: form is"),
        "/parameters/5/content/application~1xml": ("degraded", "application/xml is handed over as text"),
    }
    assert [each.wire_name for each in api.operations[0].parameters] == [
        *("described", "strange", "xml", "fine", "undescribed"),
    ]


def test_what_has_no_form_in_a_parameter_or_in_text_is_said(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(
        """
openapi: 3.1.0
info: { title: Undefined, version: "1" }
paths:
  /{text}/{json}:
    post:
      parameters:
        - { name: text, in: path, required: true, schema: { type: [string, "null"] } }
        - { name: json, in: path, required: true, content: { application/json: { schema: { type: "null" } } } }
        - { name: needed, in: header, required: true, schema: { $ref: "#/components/schemas/Word" } }
        - { name: optional, in: query, schema: { type: [string, "null"] } }
        - { name: optional_json, in: cookie, content: { application/json: { schema: { type: [string, "null"] } } } }
        - { name: items, in: query, schema: { type: array, items: { oneOf: [{ type: "null" }, { type: string }] } } }
        - { name: fields, in: query, schema: { type: object, properties: { a: { type: [integer, "null"] } } } }
        - { name: bytes, in: query, schema: { type: array, items: { type: string, format: binary } } }
        - { name: deep, in: query, style: deepObject, schema: { type: array, items: { type: string } } }
        - { name: piped, in: query, style: pipeDelimited, schema: { type: string } }
        - { name: anything, in: query, style: deepObject, required: true, schema: {} }
      requestBody: { required: true, content: { text/plain: { schema: { type: integer } } } }
      responses: { "204": { description: Nothing. } }
components: { schemas: { Word: { type: [string, "null"] } } }
webhooks:
  said:
    post:
      parameters: [{ name: X-Received, in: header, required: true, schema: { type: [string, "null"] } }]
      responses: { "204": { description: Nothing. } }
""",
        encoding="utf-8",
    )
    document = load(file)
    api = lower(document, infer(document), Settings(document=file, output=tmp_path / "out"))
    post = "/paths/~1{text}~1{json}/post/"
    assert {entry.pointer.removeprefix(post): (entry.verdict, entry.reason) for entry in api.entries} == {
        "parameters/0/schema": ("degraded", "null cannot be written in a path: nothing is, or it is refused"),
        "parameters/2/schema": ("degraded", "null cannot be written in a parameter: None leaves it out"),
        "parameters/4/content/application~1json/schema": (
            "degraded",
            "null cannot be written in a parameter: None leaves it out",
        ),
        "parameters/5/schema": (
            "degraded",
            "null cannot be written in an array or object of this style: it is left out",
        ),
        "parameters/6/schema": (
            "degraded",
            "null cannot be written in an array or object of this style: it is left out",
        ),
        "parameters/7/schema": ("degraded", "bytes travel in base64 here, since parameters are text"),
        "parameters/8/style": (
            "degraded",
            "deepObject is of objects alone (OpenAPI 3.2 §4.12.4): items have their index in brackets",
        ),
        "parameters/9/style": (
            "degraded",
            "this style is of arrays and objects alone (OpenAPI 3.2 §4.12.4): written as by form",
        ),
        "requestBody/content/text~1plain/schema": ("degraded", "text is sent as it is"),
    }


def test_limits_that_only_one_media_type_sets_are_not_checked_and_told(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(
        """
openapi: 3.1.0
info: { title: Limits, version: "1" }
paths:
  /same: { post: { requestBody: { content: { application/json: { schema: &short { type: string, maxLength: 3 } },
    application/vnd.short+json: { schema: *short } } }, responses: { "204": { description: Done. } } } }
  /other: { post: { requestBody: { content: { application/json: { schema: *short },
    application/vnd.long+json: { schema: { type: string } } } }, responses: { "204": { description: Done. } } } }
""",
        encoding="utf-8",
    )
    document = load(file)
    api = lower(document, infer(document), Settings(document=file, output=tmp_path / "out"))
    limits = {each.path: each.body.field.constraints.max_length for each in api.operations if each.body}
    assert limits == {"/same": 3, "/other": None}
    assert [entry.pointer for entry in api.entries] == [
        "/paths/~1other/post/requestBody/content/application~1json/schema"
    ]


def test_what_is_not_written_as_the_standard_says_is_said(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(
        """
openapi: 3.1.0
info: { title: Mistakes, version: "1" }
paths:
  .example.org/{a}/{b}:
    parameters:
      - { name: limit, in: query, schema: { type: string } }
    get:
      parameters:
        - { name: limit, in: query, schema: { type: string } }
        - { name: limit, in: query, schema: { type: integer } }
        - { name: same, in: query, schema: { type: string } }
        - { name: same, in: query, schema: { type: string } }
      responses:
        "204": { description: Nothing. }
        4xx: { description: A mistake. }
        fine: { description: No status. }
        x-more: {}
""",
        encoding="utf-8",
    )
    document = load(file)
    api = lower(document, infer(document), Settings(document=file, output=tmp_path / "out"))
    get = "/paths/.example.org~1{a}~1{b}/get"
    assert {entry.pointer: (entry.verdict, entry.reason) for entry in api.entries} == {
        get: ("degraded", "the path names {a} and {b}, which no parameter describes: sent as text"),
        f"{get}/parameters/0": ("degraded", "listed again further on, which counts"),
        f"{get}/responses/fine": ("degraded", "no status: it is left out"),
        "/paths/.example.org~1{a}~1{b}": ("degraded", "a path starts with a slash: it is sent so"),
    }
    (operation,) = api.operations
    assert operation.path == "/.example.org/{a}/{b}"
    assert [each.status for each in operation.responses] == ["204", "4XX"]
    assert [each.wire_name for each in operation.parameters] == ["limit", "same", "a", "b"]
    assert operation.parameters[0].field.type == Scalar("integer")
