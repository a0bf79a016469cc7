"""The two pages of the first publication against the description, the generated classes and the generated pages."""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import attrs
import pytest
from training_api import models

from attrest.document import Document
from attrest.load import load
from attrest.validate import validate
from attrest.validation.rules import RULES
from training_tables import ENUMS, ERROR_STATUSES, OPERATIONS, PAGES, SCHEMAS, Page, Row

ROOT: Final = Path(__file__).parents[1]
OPENAPI: Final = ROOT / "openapi"
DOCUMENTS: Final = ROOT.parent / "shared" / "documents"
"""The pages themselves, where they lie beside the checkout."""

needs_documents = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the published pages are not beside this checkout")
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
each_operation = pytest.mark.parametrize("name", OPERATIONS)
each_schema = pytest.mark.parametrize("name", SCHEMAS)


@pytest.fixture(scope="module")
def document() -> Document:
    return load(OPENAPI / "openapi.yaml")


@pytest.fixture(scope="module")
def tree(document: Document) -> dict[str, Any]:
    return document.tree


# --- reading the description ---


def resolve(tree: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The node itself, or what its reference points at."""
    if "$ref" not in node:
        return node
    found: Any = tree
    for key in node["$ref"].removeprefix("#/").split("/"):
        found = found[key.replace("~1", "/").replace("~0", "~")]
    return typing.cast("Mapping[str, Any]", found)


def kind(schema: Mapping[str, Any]) -> str:
    """What a schema is, in the words of ``Row.holds``."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix("#/components/schemas/")
    if schema["type"] == "array":
        return f"array of {kind(schema['items'])}"
    return str(schema.get("format", schema["type"]))


def operation(tree: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    expected = OPERATIONS[name]
    found: Mapping[str, Any] = tree["paths"][expected.path][expected.method]
    assert found["operationId"] == name
    return found


def parameters(tree: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [resolve(tree, parameter) for parameter in operation(tree, name)["parameters"]]


@attrs.frozen
class Described:
    """A field as the description has it, whether a parameter or a property."""

    kind: str
    required: bool
    examples: tuple[Any, ...]


def described(tree: Mapping[str, Any], page: Page) -> dict[str, Described]:
    if page.operation is not None:
        return {
            parameter["name"]: Described(
                kind(parameter["schema"]), parameter.get("required", False), tuple(_example(parameter))
            )
            for parameter in parameters(tree, page.operation)
        }
    schema = tree["components"]["schemas"][page.name]
    return {
        name: Described(kind(field), name in schema["required"], tuple(field.get("examples", ())))
        for name, field in schema["properties"].items()
    }


def _example(parameter: Mapping[str, Any]) -> Iterator[Any]:
    if "example" in parameter:
        yield parameter["example"]


def as_text(value: object) -> str:
    """An example as a page prints it."""
    match value:
        case bool():
            return str(value).lower()
        case list():
            return ",".join(value)
        case _:
            return str(value)


# --- the pages against the description ---


@each_page
def test_description_has_the_fields_of_the_page_in_its_order(page: Page, tree: dict[str, Any]) -> None:
    assert list(described(tree, page)) == [row.wire_name for row in page.rows]


@each_page
def test_description_has_the_types_of_the_page(page: Page, tree: dict[str, Any]) -> None:
    assert {name: field.kind for name, field in described(tree, page).items()} == {
        row.wire_name: row.holds for row in page.rows
    }


@each_page
def test_description_requires_what_the_page_requires(page: Page, tree: dict[str, Any]) -> None:
    assert {name: field.required for name, field in described(tree, page).items()} == {
        row.wire_name: row.required for row in page.rows
    }


@each_page
def test_description_has_the_examples_of_the_page(page: Page, tree: dict[str, Any]) -> None:
    found = described(tree, page)
    for row in page.rows:
        if row.example is not None:
            assert [as_text(example) for example in found[row.wire_name].examples] == [row.example]


# --- the operations and schemas against the description ---


def test_description_has_these_operations_and_no_others(tree: dict[str, Any]) -> None:
    found = {
        (method, path, operation["operationId"])
        for path, item in tree["paths"].items()
        for method, operation in item.items()
    }
    assert found == {(expected.method, expected.path, name) for name, expected in OPERATIONS.items()}


@each_operation
def test_operation_takes_its_parameters(name: str, tree: dict[str, Any]) -> None:
    expected = OPERATIONS[name]
    found = parameters(tree, name)
    assert {parameter["in"] for parameter in found} == {"query"}
    assert {p["name"]: kind(p["schema"]) for p in found if p.get("required")} == expected.required
    assert {p["name"]: kind(p["schema"]) for p in found if not p.get("required")} == expected.optional
    assert "requestBody" not in operation(tree, name)


@each_operation
def test_lists_travel_as_one_value_and_are_limited(name: str, tree: dict[str, Any]) -> None:
    for parameter in parameters(tree, name):
        if parameter["schema"]["type"] != "array":
            continue
        assert (parameter["style"], parameter["explode"]) == ("form", False)
        assert parameter["schema"]["minItems"] == 1
        if parameter["name"].lower().endswith("ids"):
            assert parameter["schema"]["maxItems"] == 100


@each_operation
def test_operation_answers_a_success_and_every_error(name: str, tree: dict[str, Any]) -> None:
    expected = OPERATIONS[name]
    responses = operation(tree, name)["responses"]
    assert sorted(responses) == sorted((expected.success, *ERROR_STATUSES))
    success = resolve(tree, responses[expected.success])
    if expected.answers is None:
        assert "content" not in success
    else:
        assert kind(success["content"]["application/json"]["schema"]) == expected.answers
    for status in ERROR_STATUSES:
        assert responses[status]["$ref"].startswith("#/components/responses/")
        assert kind(resolve(tree, responses[status])["content"]["application/json"]["schema"]) == "ErrorResponse"


@each_operation
def test_operation_says_its_rate_limit_and_its_pages(name: str, tree: dict[str, Any]) -> None:
    expected = OPERATIONS[name]
    found = operation(tree, name)
    assert found["x-rate-limit"] == {"requests": expected.requests_per_second, "seconds": 1}
    assert ("x-pagination" in found) == expected.paged


@each_operation
def test_operation_shows_an_example_of_all_that_it_takes_and_gives(name: str, tree: dict[str, Any]) -> None:
    missing = [parameter["name"] for parameter in parameters(tree, name) if "example" not in parameter]
    for status, response in operation(tree, name)["responses"].items():
        contents = resolve(tree, response).get("content", {}).values()
        missing += [status for content in contents if "example" not in content]
    assert missing == []


def test_description_has_these_schemas_and_no_others(tree: dict[str, Any]) -> None:
    assert sorted(tree["components"]["schemas"]) == sorted((*SCHEMAS, *ENUMS))


@each_schema
def test_schema_has_its_fields(name: str, tree: dict[str, Any]) -> None:
    schema = tree["components"]["schemas"][name]
    found = {wire_name: kind(field) for wire_name, field in schema["properties"].items()}
    assert found == {**SCHEMAS[name].required, **SCHEMAS[name].optional}
    assert schema["required"] == list(SCHEMAS[name].required)


@pytest.mark.parametrize("name", ENUMS)
def test_enum_has_its_values(name: str, tree: dict[str, Any]) -> None:
    found = tree["components"]["schemas"][name]["enum"]
    assert len(found) == len(set(found))
    assert set(found) == ENUMS[name]


def test_servers_have_names(tree: dict[str, Any]) -> None:
    assert {server["x-server-name"]: server["url"] for server in tree["servers"]} == {
        "us": "https://api.samsara.com",
        "eu": "https://api.eu.samsara.com",
        "ca": "https://api.ca.samsara.com",
    }


def test_every_operation_needs_the_bearer_token(tree: dict[str, Any]) -> None:
    assert tree["security"] == [{"bearerAuth": []}]
    assert not [name for name in OPERATIONS if "security" in operation(tree, name)]
    scheme = tree["components"]["securitySchemes"]["bearerAuth"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


# --- the description as a piece of work ---


def test_description_is_valid(document: Document) -> None:
    assert validate(document) == ()


def test_every_file_is_part_of_the_description(document: Document) -> None:
    read = {source.display for source in document.sources}
    assert read == {path.relative_to(OPENAPI).as_posix() for path in OPENAPI.rglob("*.yaml")}


def prose(tree: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Every thing that has to be explained, with its explanation."""
    for name in OPERATIONS:
        found = operation(tree, name)
        yield name, found.get("description")
        yield f"{name} in short", found.get("summary")
        for parameter in parameters(tree, name):
            yield f"{name} {parameter['name']}", parameter.get("description")
        for status, response in found["responses"].items():
            yield f"{name} {status}", resolve(tree, response).get("description")
    for name, schema in tree["components"]["schemas"].items():
        yield name, schema.get("description")
        for field, property_ in schema.get("properties", {}).items():
            yield f"{name}.{field}", property_.get("description")
    for tag in tree["tags"]:
        yield tag["name"], tag.get("description")


def test_everything_is_explained(tree: dict[str, Any]) -> None:
    assert [name for name, text in prose(tree) if not text] == []


def test_readme_names_every_extension(tree: dict[str, Any]) -> None:
    used = {key for server in tree["servers"] for key in server if key.startswith("x-")}
    used |= {key for name in OPERATIONS for key in operation(tree, name) if key.startswith("x-")}
    readme = (OPENAPI / "README.md").read_text(encoding="utf-8")
    assert {key for key in used if f"`{key}" not in readme} == set()


def test_readme_lists_the_house_rules() -> None:
    readme = (OPENAPI / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([\w-]+)` \| (.+) \|$", readme.partition("## House rules")[2], flags=re.MULTILINE)
    assert listed == [(rule.name, rule.asks) for rule in RULES]


# --- the pages against the generated classes ---


def python_type(row: Row) -> set[object]:
    """The types that a generated attribute for the row may have."""
    spelt: dict[str, set[Any]] = {
        "string": {str},
        "date-time": {datetime},
        "boolean": {bool},
        "array of string": {list[str], Sequence[str]},
    }
    named = spelt.get(row.holds) or {getattr(models, row.holds)}
    return named if row.required else {one | None for one in named}


@each_page
def test_generated_class_has_the_fields_of_the_page(page: Page) -> None:
    generated = getattr(models, page.name)
    fields = [field for field in attrs.fields(generated) if field.name != "additional_properties"]
    assert [field.name for field in fields] == [row.field for row in page.rows]
    assert [field.default is attrs.NOTHING for field in fields] == [row.required for row in page.rows]
    hints = typing.get_type_hints(generated)
    assert [row.field for row in page.rows if hints[row.field] not in python_type(row)] == []


# --- the pages against the generated pages ---


def table(markdown: str) -> list[dict[str, str]]:
    """The lines of the table of fields, each as column -> text."""
    below = markdown.partition("## Fields\n")[2]
    lines = re.findall(r"^\|(.+)\|$", below.partition("\n## ")[0], flags=re.MULTILINE)
    header, _, *rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)] for line in lines]
    return [dict(zip(header, row, strict=True)) for row in rows]


def plain(markdown: str) -> str:
    """The text without emphasis, code marks and links."""
    return re.sub(r"[*`]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", markdown)).replace("\\", "")


def printed_type(row: Row) -> set[str]:
    """The ways in which a page of ours may print the type of the row."""
    if row.holds == "array of string":
        return {"List[str]", "list[str]", "Sequence[str]"}
    printed = {"string": "str", "date-time": "datetime", "boolean": "bool"}.get(row.holds, f"models.{row.holds}")
    return {printed, printed.removeprefix("models.")}


def printed_example(row: Row) -> str | None:
    """How a page of ours prints the example of the row: a list as JSON, not as it travels."""
    if row.example is not None and row.holds == "array of string":
        return json.dumps(row.example.split(","))
    return row.example


@each_page
def test_generated_page_has_the_rows_of_the_page(page: Page) -> None:
    path = ROOT / "generated" / "docs" / "models" / f"{page.name.lower()}.md"
    rows = table(path.read_text(encoding="utf-8"))
    assert list(rows[0]) == ["Field", "Type", "Required", "Description", "Example"]
    assert [plain(row["Field"]) for row in rows] == [row.field for row in page.rows]
    marks = {True: ":heavy_check_mark:", False: ":heavy_minus_sign:"}
    assert [row["Required"] for row in rows] == [marks[row.required] for row in page.rows]
    for generated, expected in zip(rows, page.rows, strict=True):
        assert plain(generated["Type"]) in printed_type(expected)
        assert generated["Description"]
        if expected.example is not None:
            assert plain(generated["Example"]) == printed_example(expected)


# --- the transcription against the pages ---


def published(page: Page) -> list[dict[str, str]]:
    markdown = (DOCUMENTS / f"{page.name}.md").read_text(encoding="utf-8")
    rows = table(markdown)
    for row in rows:
        told = re.search(r"Example: `\w+=([^`]*)`", row["Description"])
        row.setdefault("Example", told[1] if told else "")
    return rows


@needs_documents
def test_every_published_page_is_transcribed() -> None:
    assert sorted(page.name for page in PAGES) == sorted(path.stem for path in DOCUMENTS.glob("*.md"))


@needs_documents
@each_page
def test_transcription_is_true(page: Page) -> None:
    rows = published(page)
    assert [plain(row["Field"]) for row in rows] == [row.field for row in page.rows]
    assert [plain(row["Type"]) for row in rows] == [row.type for row in page.rows]
    assert [row["Required"] == ":heavy_check_mark:" for row in rows] == [row.required for row in page.rows]
    assert [row["Example"] or None for row in rows] == [row.example for row in page.rows]


@each_page
def test_what_departs_from_the_page_has_a_reason(page: Page) -> None:
    says = {"str": "string", "bool": "boolean", "List[str]": "array of string"}
    for row in page.rows:
        as_published = says.get(row.type, row.type.removeprefix("models."))
        assert row.holds == as_published or row.because is not None


@needs_documents
def test_prose_is_our_own(tree: dict[str, Any]) -> None:
    theirs = {row["Description"] for page in PAGES for row in published(page)}
    sentences = {sentence.strip(". ") for text in theirs for sentence in text.split(". ")}
    ours = {text.strip(". ") for _, text in prose(tree) if text for text in text.split(". ")}
    assert ours & sentences == set()
