"""The reference pages of small hand-built APIs, and the Markdown and Python that they are made of."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

import attrs
import pytest
from hypothesis import given, settings, strategies
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token

import reference_pages
from attrest import patterns
from attrest.ir import (
    ABSENT,
    Alias,
    Api,
    Body,
    Constraints,
    Content,
    Declaration,
    Enum,
    EnumMember,
    Field,
    Json,
    Model,
    Operation,
    Pagination,
    Parameter,
    RateLimit,
    Requirement,
    Resource,
    Response,
    SecurityScheme,
    Server,
)
from attrest.pages import examples, expressions, markdown, pythonvalues, reference, snippets
from attrest.typerefs import (
    ANY,
    STRING,
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
    UnionOf,
    Variant,
)

TABLE = "| a | b |\n| --- | --- |\n| c | d |"
HOSTILE = (
    "a | b",
    "ends with a backslash \\",
    "`unclosed code",
    "``a` b``` c",
    "`a|b` in code",
    "<script>alert(1)</script>",
    "<!-- the rest is gone",
    "text](https://example.org) and [open",
    "[a link](../../../etc/passwd)",
    "[x]: https://example.org",
    "# Not a heading",
    "text\n===",
    "text\n\n---\n\ntext",
    "- item\n- | item",
    "1. one\n2. two",
    "> quoted",
    "```python\nraise SystemExit\n",
    "~~~\nnever closed",
    "{{ page.name }}{% raise %}{# gone #}",
    "line\u2028separator\x00\x1b[31m\u202e",
    TABLE,
    "    indented\n\n\tcode",
    "&lt;b&gt; &#124; &amp;",
    "*a* _b_ **c __d",
    "   ",
    "![image](https://example.org/x|y.png)",
    "<https://example.org/|>",
    "a<br>b<br/>c",
    "\\| \\` \\[ \\<b>",
)

PARSER = MarkdownIt("commonmark").enable("table")


def test_a_model_page_has_the_form_of_the_published_pages() -> None:
    page = rendered(api(declarations=(pet(),)))["docs/models/pet.md"]
    assert page.startswith(
        "# Pet\n"
        "\n"
        "Somebody's animal.\n"
        "\n"
        "\n"
        "## Fields\n"
        "\n"
        "| Field | Type | Required | Description | Example |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| `name` | *str* | :heavy_check_mark: | What it is called. | Rex |\n"
        "| `born_at` | [datetime](https://docs.python.org/3/library/datetime.html#datetime-objects) "
        "| :heavy_minus_sign: |  |  |\n"
    )


def test_the_example_column_stands_only_where_a_field_has_one() -> None:
    fields = tuple(attrs.evolve(each, example=ABSENT) for each in pet().fields)
    page = rendered(api(declarations=(attrs.evolve(pet(), fields=fields),)))["docs/models/pet.md"]
    assert "| Field | Type | Required | Description |\n" in page


def test_wire_names_limits_and_defaults_stand_in_a_table_of_their_own() -> None:
    page = rendered(api(declarations=(pet(),)))["docs/models/pet.md"]
    assert (
        "## On the wire\n"
        "\n"
        "| Field | Wire name | Constraints | Default |\n"
        "| --- | --- | --- | --- |\n"
        '| `name` | `name` | 1 to 20 characters, matches <code>e\\|b</code> | `"Rex"` |\n'
        "| `born_at` | `bornAt` | read only |  |\n"
    ) in page


def test_a_page_says_where_it_is_described_but_no_line_that_moves() -> None:
    page = rendered(api(declarations=(pet(),)))["docs/models/pet.md"]
    assert "`/components/schemas/Pet` of [the description](../../openapi/openapi.yaml), written in `pets.yaml`." in page


def test_models_without_fields_description_or_example_still_have_a_page() -> None:
    empty = Model(name="Nothing", module="nothing", pointer="/x", location="a.yaml:1", fields=(), additional=None)
    page = rendered(api(declarations=(empty,)))["docs/models/nothing.md"]
    assert page.startswith("# Nothing\n\n\n## Fields\n\nNone.\n\n## Example\n")
    assert "additional_properties" not in page


def test_an_enum_page_lists_its_values() -> None:
    page = rendered(api(declarations=(colour(),)))["docs/models/colour.md"]
    assert (
        "## Values\n"
        "\n"
        "| Name | Value | Description |\n"
        "| --- | --- | --- |\n"
        "| `RED` | red |  |\n"
        "| `PIPE` | a\\|b | An odd one. |\n"
        '| `EMPTY` | `""` |  |\n'
    ) in page
    assert "print(models.Colour.RED.value)" in page


def test_an_alias_page_lists_the_types_it_stands_for() -> None:
    alias = declared_alias(UnionOf((Reference("Pet"), ListOf(STRING), Nullable(MapOf(Scalar("integer"))))))
    page = rendered(api(declarations=(alias, pet())))["docs/models/something.md"]
    assert (
        "## Supported Types\n\n- [models.Pet](../models/pet.md)\n- List[*str*]\n- Nullable[Dict[*str*, *int*]]\n"
    ) in page


@pytest.mark.parametrize(
    ("type_", "spelled"),
    [
        (TupleOf((STRING, Scalar("integer")), None), "List[Union[*str*, *int*]]"),
        (LiteralOf(("a|b", 1, True, None)), 'Literal[<code>"a\\|b"</code>, `1`, `True`, `None`]'),
        (Scalar("uuid"), "[UUID](https://docs.python.org/3/library/uuid.html#uuid.UUID)"),
    ],
)
def test_types_are_spelled_as_python_says_them(type_: TypeRef, spelled: str) -> None:
    page = rendered(api(declarations=(declared_alias(type_),)))["docs/models/something.md"]
    assert f"## Supported Types\n\n- {spelled}\n" in page


def test_a_resource_page_has_every_part_of_an_operation() -> None:
    page = rendered(shop())["docs/sdks/petshop/README.md"]
    assert [text for level, text in headings(page) if level in ("h2", "h3")] == [
        *("Available Operations", "list_pets", "Example Usage", "Pagination", "Parameters", "Response", "Errors"),
        *("errors", "Example Usage", "Parameters", "Response", "Errors"),
    ]
    assert "* Rate limit: at most 30 requests in 60 seconds\n" in page
    assert "* Sends `GET /pets`\n" in page
    assert "| `limit` | *int* | :heavy_minus_sign: | How many. | 10 |\n" in page
    assert (
        "| [errors.NotFoundError](../../errors/README.md) | 404 | [models.Pet](../../models/pet.md) | Not Found |\n"
        in page
    )


def test_snippets_call_both_clients_with_typed_values() -> None:
    page = rendered(shop())["docs/sdks/petshop/README.md"]
    assert (
        "from datetime import UTC, datetime\n"
        "\n"
        "from pet_shop import PetClient\n"
        "\n"
        "with PetClient() as client:\n"
        "    result = client.pet_shop.list_pets(since=datetime(2020, 1, 2, tzinfo=UTC), limit=10)\n"
        "    print(result)\n"
    ) in page
    assert (
        "import asyncio\n"
        "from datetime import UTC, datetime\n"
        "\n"
        "from pet_shop import AsyncPetClient\n"
        "\n"
        "\n"
        "async def main() -> None:\n"
        "    async with AsyncPetClient() as client:\n"
        "        async for item in client.pet_shop.iter_pets(\n"
        "            since=datetime(2020, 1, 2, tzinfo=UTC),\n"
        "            limit=10,\n"
        "        ):\n"
        "            print(item)\n"
        "\n"
        "\n"
        "asyncio.run(main())\n"
    ) in page


def test_a_call_without_an_example_gets_values_of_the_right_types() -> None:
    page = rendered(shop())["docs/sdks/petshop/README.md"]
    assert '    client.pet_shop.errors(body=models.Pet(name="Rex"))\n' in page


def booking(*fields: Field) -> tuple[Operation, Api]:
    (resource,) = shop().resources
    body = Content(content_type="application/json", form="json", type=Reference("Booking"))
    _, removing = resource.operations
    booking = attrs.evolve(
        removing, body=Body(field=field("body", Reference("Booking"), required=False), contents=(body,))
    )
    only = attrs.evolve(resource, operations=(booking,))
    return booking, api((colour(), pet(), model("Booking", *fields)), (only,))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([("note", STRING, {}), ("count", Scalar("integer"), {}), ("pet", Reference("Pet"), {})], ["note", "count"]),
        ([("note", STRING, {}), ("day", Scalar("date"), {}), ("colour", Reference("Colour"), {})], ["day", "colour"]),
        (
            [("colour", Reference("Colour"), {}), ("day", Scalar("date"), {}), ("note", STRING, {"example": "!"})],
            ["colour", "note"],
        ),
        ([("id", STRING, {"read_only": True, "example": "x"}), ("note", STRING, {})], ["note"]),
        (
            [("old", STRING, {"deprecated": True}), ("other", STRING, {"requires": ("third",)}), ("third", STRING, {})],
            ["third"],
        ),
        ([("kind", LiteralOf(("booking",)), {}), ("count", Scalar("integer"), {})], ["count"]),
        ([("pets", ListOf(Reference("Pet")), {})], ["pets"]),
        ([("must", STRING, {"required": True}), ("note", STRING, {"example": "x"})], ["must"]),
        ([], []),
    ],
)
def test_a_body_without_required_fields_shows_the_most_telling(
    fields: list[tuple[str, TypeRef, dict[str, Any]]], expected: list[str]
) -> None:
    made = [field(name, type_, **{"required": False, **more}) for name, type_, more in fields]
    operation, described = booking(*made)
    found = snippets.request_values(operation, {each.name: each for each in described.declarations})
    body = found.get("body", {})
    assert isinstance(body, dict)
    assert list(body) == expected
    source = code_blocks(rendered(described)["docs/sdks/petshop/README.md"], "python")[0]
    assert ("models.Booking(" in source) == bool(expected)
    assert [name for name, _, _ in fields if f"{name}=" in source] == expected


@pytest.mark.parametrize(
    ("filters", "cursor", "expected"),
    [
        ([("text", STRING, {}), ("count", Scalar("integer"), {})], "", {"count": 1}),
        ([("count", Scalar("integer"), {}), ("colours", ListOf(Reference("Colour")), {})], "", {"colours": ["red"]}),
        ([("count", Scalar("integer"), {}), ("text", STRING, {"example": "Rex"})], "", {"text": "Rex"}),
        ([("after", Scalar("integer"), {"example": 7})], "after", {}),
        ([("limit", Scalar("integer"), {"default": 20}), ("page", Scalar("integer"), {})], "", {"limit": 20}),
        ([("text", STRING, {}), ("order", STRING, {"default": "-age"})], "", {"order": "-age"}),
        ([("text", STRING, {}), ("order", STRING, {"default": ""})], "", {"order": "text"}),
        ([("text", STRING, {})], "", {}),
        ([("text", STRING, {"required": True}), ("count", Scalar("integer"), {})], "", {"text": "text"}),
        ([], "", {}),
    ],
)
def test_a_call_without_anything_required_shows_the_most_telling_filter(
    filters: list[tuple[str, TypeRef, dict[str, Any]]], cursor: str, expected: Json
) -> None:
    (listing, _) = shop().resources[0].operations
    operation = attrs.evolve(
        listing,
        parameters=tuple(query(field(name, type_, **{"required": False, **more})) for name, type_, more in filters),
        pagination=attrs.evolve(listing.pagination, cursor=cursor) if cursor and listing.pagination else None,
        example=ABSENT,
    )
    assert snippets.request_values(operation, {"Colour": colour()}) == expected


def test_an_operation_named_like_a_heading_keeps_its_link() -> None:
    files = rendered(shop())
    assert "](#errors-1) - Remove one.\n" in files["docs/sdks/petshop/README.md"]
    assert "](sdks/petshop/README.md#errors-1) - Remove one.\n" in files["docs/README.md"]


def test_a_request_has_a_page_that_says_how_its_fields_travel() -> None:
    page = rendered(shop())["docs/models/listpetsrequest.md"]
    assert "| `since` | `since` | query |  |\n" in page
    assert "| `tags` | `tag` | query, comma-separated | at most 5 items |\n" in page
    assert "    print(client.send(request))\n" in page
    assert "- [client.pet_shop.list_pets](../sdks/petshop/README.md#list_pets)\n" in page


def test_a_request_without_a_summary_has_the_description_of_its_operation() -> None:
    (resource,) = shop().resources
    (listing, _) = resource.operations
    told = attrs.evolve(listing, summary=None, description="Gives all pets. One by one.\n\n- Slowly.")
    files = rendered(attrs.evolve(shop(), resources=(attrs.evolve(resource, operations=(told,)),)))
    page = files["docs/models/listpetsrequest.md"]
    assert page.startswith("# ListPetsRequest\n\nGives all pets. One by one.\n\n- Slowly.\n")
    assert (
        "[models.ListPetsRequest](../models/listpetsrequest.md) | Gives all pets. |" in files["docs/models/README.md"]
    )


def test_a_method_says_how_its_parameters_are_sent_and_limited() -> None:
    page = rendered(shop())["docs/sdks/petshop/README.md"]
    assert (
        "How they are sent:\n\n| Parameter | Wire name | Sent in | Constraints |\n| --- | --- | --- | --- |\n" in page
    )
    assert "| `tags` | `tag` | query, comma-separated | at most 5 items |\n" in page
    assert "| `body` |  | body, `application/json` |\n" in page


def test_a_method_takes_a_time_as_text_too_and_its_request_does_not() -> None:
    files = rendered(shop())
    time = "[datetime](https://docs.python.org/3/library/datetime.html#datetime-objects)"
    assert f"| `since` | Union[{time}, *str*] | :heavy_check_mark: |" in files["docs/sdks/petshop/README.md"]
    assert f"| `since` | {time} | :heavy_check_mark: |" in files["docs/models/listpetsrequest.md"]


def test_a_method_shows_how_its_errors_are_told_apart() -> None:
    page = rendered(shop())["docs/sdks/petshop/README.md"]
    assert page.count("Telling them apart:\n\n```python\n") == 2
    assert page.count("except errors.NotFoundError as error:") == 4


def test_an_error_of_the_call_is_shown_rather_than_one_of_the_caller() -> None:
    (resource,) = shop().resources
    errors = (("401", "UnauthorizedError"), ("403", "PermissionDeniedError"), ("409", "ConflictError"))
    responses = tuple(Response(status=status, error=error) for status, error in errors)
    for kept, shown in ((responses, "ConflictError"), (responses[:2], "UnauthorizedError"), ((), "ClientError")):
        operation = attrs.evolve(resource.operations[1], responses=kept)
        page = rendered(api((pet(),), (attrs.evolve(resource, operations=(operation,)),)))["docs/errors/README.md"]
        assert page.count(f"except errors.{shown} as error:") == 2


def test_a_list_that_ends_a_description_is_not_that_of_the_facts() -> None:
    (resource,) = shop().resources
    (listing, _) = resource.operations
    told = attrs.evolve(listing, description="Of:\n\n- a\n- b")
    listed = attrs.evolve(resource, description="Of:\n\n- c", operations=(told,))
    page = rendered(attrs.evolve(shop(), resources=(listed,)))["docs/sdks/petshop/README.md"]
    lists = re.findall(r"(?:^[-*] .*\n)+", page, re.MULTILINE)
    assert "- a\n- b\n" in lists
    (facts,) = [each for each in lists if "Sends" in each]
    assert {line[0] for line in facts.splitlines()} == {"*"}


def test_an_operation_without_errors_says_so() -> None:
    (resource,) = shop().resources
    silent = attrs.evolve(resource.operations[1], responses=(Response(status="204"),))
    page = rendered(api((pet(),), (attrs.evolve(resource, operations=(silent, silent)),)))[
        "docs/sdks/petshop/README.md"
    ]
    assert page.count("### Errors\n\nThe description names none.") == 2
    assert "except errors.ClientError as error:" in page


def test_limits_of_what_is_inside_a_value_are_told() -> None:
    short = Constraints(max_length=5)
    fields = (
        field("list_", ListOf(STRING), constraints=Constraints(min_items=1, max_items=3, items=short)),
        field(
            "pair", TupleOf((STRING, Scalar("date")), Scalar("integer")), constraints=Constraints(prefix_items=(short,))
        ),
        field("map", MapOf(STRING), constraints=Constraints(property_names=Constraints(pattern="^x"), values=short)),
        field("kind", LiteralOf(("cat",))),
    )
    page = rendered(api(declarations=(model("Inside", *fields),)))["docs/models/inside.md"]
    date = "[date](https://docs.python.org/3/library/datetime.html#date-objects)"
    five = "at most 5 characters"
    assert f"| `list_` | `list_` | 1 to 3 items, each item: {five} |  |\n" in page
    assert f"| `pair` | `pair` | in order *str* ({five}), {date}, then *int* |  |\n" in page
    assert f"| `map` | `map` | each name: matches `^x`, each value: {five} |  |\n" in page
    assert '| `kind` | `kind` |  | `"cat"` |\n' in page


@pytest.mark.parametrize(
    ("type_", "told"),
    [
        (STRING, "3 to 4 characters, matches ^a"),
        (Nullable(STRING), "3 to 4 characters, matches ^a"),
        (Scalar("date"), "3 to 4 characters, matches ^a"),
        (Scalar("integer"), "1 or more"),
        (ListOf(STRING), "at most 2 items, each item: at most 5 characters"),
        (MapOf(STRING), "1 or more properties"),
        (Reference("Pet"), "1 or more properties"),
        (Reference("Colour"), "3 to 4 characters, matches ^a"),
        (Scalar("boolean"), ""),
        (UnionOf((Scalar("number"), ListOf(STRING))), "at most 2 items, 1 or more"),
        (ListOf(ListOf(Scalar("integer"))), "at most 2 items, each item: no item twice"),
    ],
)
def test_limits_that_cannot_apply_are_not_told(type_: TypeRef, told: str) -> None:
    limits = Constraints(
        minimum=1,
        min_length=3,
        max_length=4,
        pattern="^a",
        max_items=2,
        min_properties=1,
        items=Constraints(max_length=5, unique_items=True),
    )
    page = rendered(api((pet(), colour(), model("M", field("x", type_, constraints=limits)))))["docs/models/m.md"]
    assert [row["Constraints"] for row in reference_pages.rows(page, "On the wire")] == ([told] if told else [])


def test_a_field_without_words_has_those_of_the_model_that_it_holds() -> None:
    fields = (
        field("pet", Nullable(Reference("Pet"))),
        field("old", Reference("Pet"), deprecated=True),
        field("other", Reference("Pet"), description="Another."),
        field("all_", ListOf(Reference("Pet"))),
    )
    page = rendered(api(declarations=(pet(), model("Holder", *fields))))["docs/models/holder.md"]
    linked = "[models.Pet](../models/pet.md)"
    assert f"| `pet` | Nullable[{linked}] | :heavy_check_mark: | Somebody's animal. |\n" in page
    assert f"| `old` | {linked} | :heavy_check_mark: | **Deprecated.** Somebody's animal. |\n" in page
    assert f"| `other` | {linked} | :heavy_check_mark: | Another. |\n" in page
    assert f"| `all_` | List[{linked}] | :heavy_check_mark: |  |\n" in page


def test_files_are_explained_where_there_are_any() -> None:
    assert "FileLike" not in "".join(rendered(shop()).values())
    holder = model("Holder", field("photo", Nullable(Scalar("file"))), field("data", Scalar("base64")))
    files = rendered(api(declarations=(holder,)))
    assert "| `photo` | Nullable[[FileLike](../README.md#files)] |" in files["docs/models/holder.md"]
    assert "## Files\n\nWhere a type is `FileLike`, pass bytes" in files["docs/README.md"]
    assert "* [Files](#files)\n" in files["docs/README.md"]


def test_a_model_links_to_what_uses_and_returns_it() -> None:
    page = rendered(shop())["docs/models/pet.md"]
    assert (
        "## Used by\n"
        "\n"
        "- [models.Owner](../models/owner.md)\n"
        "- [client.pet_shop.list_pets](../sdks/petshop/README.md#list_pets)\n"
        "- [errors](../errors/README.md)\n"
    ) in page


def test_the_errors_page_lists_each_status_once() -> None:
    page = rendered(shop())["docs/errors/README.md"]
    assert page.count("| `errors.NotFoundError` | 404 | [models.Pet](../models/pet.md) | Not Found |\n") == 1


@pytest.mark.parametrize(
    ("described", "raised"),
    [
        ((), "errors.StatusError{0}, for 400 {1}errors.BadRequestError"),
        (("400",), "errors.StatusError"),
        (("4XX",), "errors.StatusError"),
    ],
)
def test_default_names_the_class_for_400_where_it_stands_for_it(described: tuple[str, ...], raised: str) -> None:
    errors = tuple(Response(status=status, error="ClientError") for status in described)
    (resource,) = shop().resources
    operation = attrs.evolve(
        resource.operations[1], responses=(*errors, Response(status="default", error="StatusError"))
    )
    files = rendered(api((pet(),), (attrs.evolve(resource, operations=(operation,)),)))
    linked = f"[{raised.format('](../../errors/README.md)', '[')}](../../errors/README.md)"
    assert f"| {linked} | default |  | Any other status |\n" in files["docs/sdks/petshop/README.md"]
    assert f"| `{raised.format('`', '`')}` | default |  | Any other status |\n" in files["docs/errors/README.md"]


def test_an_error_without_a_class_of_its_own_is_handled_once() -> None:
    (resource,) = shop().resources
    operation = attrs.evolve(resource.operations[1], responses=(Response(status="default", error="StatusError"),))
    page = rendered(api((pet(),), (attrs.evolve(resource, operations=(operation,)),)))["docs/errors/README.md"]
    assert page.count("except errors.ClientError as error:") == page.count("except errors.StatusError as error:") == 2


def test_a_walk_is_resumed_by_the_operations_own_cursor() -> None:
    page = rendered(shop())["docs/README.md"]
    assert "pass it as the operation's cursor parameter, here `since`:" in page
    assert (
        "    walk = client.pet_shop.iter_pets(since=datetime(2020, 1, 2, tzinfo=UTC), limit=10)\n"
        "    for page in walk.pages():\n"
        "        print(page)\n"
        "        break\n"
        "    cursor = walk.cursor\n"
        "\n"
        "    for item in client.pet_shop.iter_pets(since=cursor, limit=10):\n"
        "        print(item)\n"
    ) in page


def test_an_api_without_operations_has_an_index() -> None:
    page = rendered(api())["docs/README.md"]
    assert "## Server Selection\n" in page
    assert "## Pagination\n" not in page
    assert "## Authentication\n" not in page


def test_no_two_pages_differ_only_in_case() -> None:
    named = tuple(attrs.evolve(pet(), name=name) for name in ("PET", "Pet", "pet", "Con"))
    found = [page.path for page in reference.pages(api(declarations=named))]
    assert len({path.lower() for path in found}) == len(found)
    assert [path for path in found if "/pet" in path] == [
        "docs/models/pet.md",
        "docs/models/pet_2.md",
        "docs/models/pet_3.md",
    ]
    assert "docs/models/con.md" not in found


@pytest.mark.parametrize("name", ["README", "Readme"])
def test_a_model_cannot_take_the_place_of_the_list_of_models(name: str) -> None:
    files = rendered(api(declarations=(attrs.evolve(pet(), name=name),)))
    assert files["docs/models/README.md"].startswith("# Models\n")
    assert files["docs/models/readme_2.md"].startswith(f"# {name}\n")
    assert "docs/models/readme.md" not in files


def test_an_optional_field_changes_only_its_models_page() -> None:
    wider = attrs.evolve(
        pet(), used_by=("Owner",), fields=(*pet().fields, field("weight", Scalar("number"), required=False))
    )
    before = rendered(shop())
    after = rendered(attrs.evolve(shop(), declarations=(owner(), wider)))
    assert [path for path in before if before[path] != after[path]] == ["docs/models/pet.md"]


def test_the_order_of_declarations_does_not_matter_to_any_page() -> None:
    turned = attrs.evolve(shop(), declarations=tuple(reversed(shop().declarations)))
    assert rendered(shop()) == rendered(turned)


@pytest.mark.parametrize("text", [each for each in HOSTILE if each.strip() and each != TABLE])
def test_hostile_text_stays_where_it_was_put(text: str) -> None:
    files = rendered(spiked(text))
    for path, calm in calm_skeletons().items():
        assert skeleton(files[path]) == calm, path
        assert list(broken_links(files, path)) == [], path
        for source in code_blocks(files[path], "python"):
            ast.parse(source)
        for source in code_blocks(files[path], "json"):
            json.loads(source)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_one_cell(text: str) -> None:
    table = str(markdown.Table(("a", "b"), ((markdown.cell(text), markdown.plain(text)), (markdown.code(text), "end"))))
    tokens = PARSER.parse(table)
    assert [token.type for token in tokens].count("td_open") == 4
    assert {child.content for child in children(tokens) if child.type == "html_inline"} <= {"<br>", "<code>", "</code>"}
    assert tokens[-1].type == "table_close"
    assert [each.content for each in tokens if each.type == "inline"][-1] == "end"


@pytest.mark.parametrize("text", [each for each in HOSTILE if each.strip()])
def test_text_that_is_no_markdown_reads_letter_by_letter(text: str) -> None:
    tokens = PARSER.parse(f"x{markdown.plain(text)}x")
    (inline,) = [token for token in tokens if token.type == "inline"]
    shown = "".join(child.content for child in inline.children or ())
    assert {child.type for child in inline.children or ()} <= {"text", "text_special"}
    assert shown == f"x{' '.join(markdown_clean(text).split())}x"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See [the docs](https://example.org/a) and `x_y`.", "See [the docs](https://example.org/a) and `x_y`."),
        ("See [the guide](/docs/a_b), [below](#x).", "See the guide (`/docs/a_b`), below (`#x`)."),
        ("[a `b`](/c) and [](/d)", "\\[a `b`\\](/c) and \\[\\](/d)"),
        ("one\ntwo\n\nthree", "one two<br>three"),
        ("Either:\n- a\n- b", "Either:<br>- a<br>- b"),
        ("*so* **bold**", "*so* **bold**"),
        ("See https://example.org/a_(b)?c=1_d.", "See <https://example.org/a_(b)?c=1_d>."),
        ("**https://example.org/**, `https://x.org`", "**<https://example.org/>**, `https://x.org`"),
        ("[https://x.org](https://y.org 'z')", "\\[<https://x.org>\\](<https://y.org> 'z')"),
        ('[x](https://y.org "z")', "[x](https://y.org)"),
        ("https://", "https://"),
    ],
)
def test_meant_markdown_survives_in_a_cell(text: str, expected: str) -> None:
    assert markdown.cell(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "# Title\nOne\nline.\n\n- a\n- b\n\n1. c\n\n```sh\nls | wc\n```\nEnd",
            "**Title**\n\nOne line.\n\n- a\n- b\n\n1. c\n\n```text\nls | wc\n```\n\nEnd",
        ),
        ("Title\n=====\nText", "**Title**\n\nText"),
        (f"Values:\n{TABLE}\n\nEnd", "Values:\n\n| a | b |\n| --- | --- |\n| c | d |\n\nEnd"),
        ("|a|\n|:-|\n|`x\\|y`<br>z|", "| a |\n| --- |\n| <code>x\\|y</code><br>z |"),
        ("- a\n  - b\n    1. c\n- d\n\n  More.", "- a\n  - b\n    1. c\n- d\n\n  More."),
        ("- a\n  ```\n  x\n\n  y\n  ```", "- a\n\n  ```text\n  x\n\n  y\n  ```"),
        ("7) a\n8) b", "7. a\n8. b"),
        ("> one\n> - two\n\nEnd", "> one\n>\n> - two\n\nEnd"),
        ("So:\n\n    x = 1\n      y", "So:\n\n```text\nx = 1\n  y\n```"),
        ("one  \ntwo\\\nthree<br/>four", "one<br>two<br>three<br>four"),
        ("a\n\n***\n\nb", "a\n\n***\n\nb"),
        ("<p>a</p>\n\n[x]: https://example.org", "&lt;p>a&lt;/p>\n\n\\[x\\]: <https://example.org>"),
        ("```\nnever closed", "```text\nnever closed\n```"),
        ("<br>* a", "\\* a"),
        ("# *", "**\\***"),
        ("# 1. a", "**1\\. a**"),
    ],
)
def test_blocks_survive_where_a_text_stands_on_its_own(text: str, expected: str) -> None:
    assert markdown.prose(text) == expected


MARKS = (
    *("- ", "* ", "1. ", "2) ", "# ", "> ", "```", "~~~", "    ", "  ", "\n", "\n\n", "|", "---", "===", f"{TABLE}\n"),
    *(
        "a",
        "`",
        "<b>",
        "<br>",
        "<!--",
        "\\",
        "[x](https://e.org)",
        "[x](/y)",
        "[x]",
        "https://e.org",
        "*",
        "_",
        "&amp;",
    ),
)


@settings(max_examples=400, deadline=None)
@given(strategies.lists(strategies.sampled_from(MARKS), max_size=14).map("".join))
def test_whatever_stands_on_its_own_stays_below_its_heading_and_on_the_page(text: str) -> None:
    tokens = PARSER.parse(f"{markdown.prose(text)}\n\n## The end\n")
    assert [token.type for token in tokens if token.type in ("heading_open", "html_block")] == ["heading_open"]
    assert tokens[-3].level == 0
    assert {child.content for child in children(tokens) if child.type == "html_inline"} <= {"<br>", "<code>", "</code>"}
    targets = [str(child.attrs["href"]) for child in children(tokens) if child.type == "link_open"]
    assert all(target.startswith("https://e.org") for target in targets)
    line = PARSER.parse(str(markdown.Table(("a", "b"), ((markdown.brief(text), "end"),))))
    assert [token.type for token in line].count("td_open") == 2


def test_what_does_not_fit_into_a_cell_stands_below_its_table() -> None:
    long = "Many words. " * 60
    texts = {"flat": "One.\n- a\n- b", "table": f"One of these. That is:\n\n{TABLE}", "long": long, "none": None}
    declared = model("M", *(field(name, STRING, description=text) for name, text in texts.items()))
    page = rendered(api((declared,)))["docs/models/m.md"]
    told = {row["Field"]: row["Description"] for row in reference_pages.rows(page, "Fields")}
    assert told == {
        "flat": "One.- a- b",
        "table": "One of these. More below.",
        "long": "Many words. More below.",
        "none": "",
    }
    below = page.partition("| `none`")[2].partition("\n\n")[2].partition("\n## ")[0]
    assert below.strip() == f"**`table`**\n\nOne of these. That is:\n\n{TABLE}\n\n**`long`**\n\n{long.strip()}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Title\n\nFirst, e.g. this. Second.", "First, e.g. this."),
        ("# Title", "Title"),
        ("- First. Second.\n- Third.", "First."),
        ("One<br>line. More.", "One line."),
        (TABLE, ""),
        (None, ""),
    ],
)
def test_the_first_sentence_is_that_of_the_first_paragraph(text: str | None, expected: str) -> None:
    assert markdown.first_sentence(text) == expected


@pytest.mark.parametrize(("text", "gap"), [("Text.", " "), ("- a", "\n\n"), (TABLE, "\n\n"), ("```\nx\n```", "\n\n")])
def test_a_mark_stands_in_the_first_paragraph(text: str, gap: str) -> None:
    page = rendered(api((attrs.evolve(model("M"), description=text, deprecated=True),)))["docs/models/m.md"]
    assert f"# M\n\n**Deprecated.**{gap}{markdown.prose(text)}\n" in page


@pytest.mark.parametrize(
    ("kind", "value", "source"),
    [
        ("date-time", "2019-06-13T19:08:25Z", "datetime(2019, 6, 13, 19, 8, 25, tzinfo=UTC)"),
        ("date-time", "2019-06-13t19:08:25.5z", "datetime(2019, 6, 13, 19, 8, 25, 500000, tzinfo=UTC)"),
        ("date-time", "2019-06-13T00:00:00+00:00", "datetime(2019, 6, 13, tzinfo=UTC)"),
        ("date-time", "2019-06-13T19:08:25+02:00", 'datetime.fromisoformat("2019-06-13T19:08:25+02:00")'),
        ("date-time", "tomorrow", '"tomorrow"'),
        ("date-time", "2019-06-13T19:08:25", '"2019-06-13T19:08:25"'),
        ("date", "2019-06-13", "date(2019, 6, 13)"),
        ("date", "2019-W24-4", '"2019-W24-4"'),
        ("time", "12:30:00Z", 'time.fromisoformat("12:30:00Z")'),
        ("duration", "PT1H30M", "timedelta(hours=1, minutes=30)"),
        ("duration", "-P2DT1.5S", "timedelta(days=-2, seconds=-1.5)"),
        ("duration", "P", '"P"'),
        ("uuid", "2f1d8a52-6b0e-4c57-9d43-7a8e0b9c1d26", 'UUID("2f1d8a52-6b0e-4c57-9d43-7a8e0b9c1d26")'),
        ("uuid", "no uuid", '"no uuid"'),
        ("decimal", "1.50", 'Decimal("1.50")'),
        ("base64", "aGVsbG8=", "b'hello'"),
        ("string", 'it\'s "quoted" \\ \n\x07é\U0001f600', '"it\'s \\"quoted\\" \\\\ \\n\\x07é\U0001f600"'),
        ("boolean", True, "True"),
        ("any", {"a": [1, None]}, '{"a": [1, None]}'),
    ],
)
def test_json_values_are_written_as_the_types_they_have(kind: ScalarKind, value: Json, source: str) -> None:
    assert expressions.one_line(pythonvalues.literal(value, Scalar(kind), {})) == source


def test_a_union_is_written_as_the_member_that_fits() -> None:
    cat, dog = (
        model(name, field("kind", LiteralOf((name.lower(),))), field("age", Scalar("integer"), required=False))
        for name in ("Cat", "Dog")
    )
    declarations: dict[str, Declaration] = {"Cat": cat, "Dog": dog}
    either = UnionOf((Reference("Cat"), Reference("Dog")))
    assert source_of({"kind": "dog", "age": 3}, either, declarations) == 'models.Dog(kind="dog", age=3)'
    assert source_of({"kind": "cow"}, either, declarations) == '{"kind": "cow"}'


def test_a_discriminator_decides_between_members_that_both_fit() -> None:
    left, right = (model(name, field("kind", STRING)) for name in ("Left", "Right"))
    declarations: dict[str, Declaration] = {"Left": left, "Right": right}
    members = (Reference("Left"), Reference("Right"))
    tagged = UnionOf(members, Discriminator("kind", (Variant("l", members[0]), Variant("r", members[1]))))
    assert source_of({"kind": "r"}, tagged, declarations) == 'models.Right(kind="r")'
    assert examples.sample(tagged, declarations) == {"kind": "l"}


def test_unknown_fields_are_kept_where_the_model_keeps_them() -> None:
    open_ = attrs.evolve(model("Open", field("a", STRING)), additional=ANY)
    closed = model("Closed", field("a", STRING))
    declarations: dict[str, Declaration] = {"Open": open_, "Closed": closed}
    value = {"a": "x", "b": 1}
    assert source_of(value, Reference("Open"), declarations) == 'models.Open(a="x", additional_properties={"b": 1})'
    assert source_of(value, Reference("Closed"), declarations) == 'models.Closed(a="x")'


def test_enum_values_are_written_as_members_and_unknown_ones_as_they_are() -> None:
    declarations: dict[str, Declaration] = {"Colour": colour()}
    assert source_of(["red", "mauve"], ListOf(Reference("Colour")), declarations) == '[models.Colour.RED, "mauve"]'


@pytest.mark.parametrize(
    ("value", "type_", "source"),
    [
        (["a", "2020-01-01"], TupleOf((STRING, Scalar("date")), None), '["a", date(2020, 1, 1)]'),
        (["a", 1, 2], TupleOf((STRING,), Scalar("integer")), '["a", 1, 2]'),
        ([], TupleOf((STRING,), None), "[]"),
        ({"k": "2020-01-01"}, MapOf(Scalar("date")), '{"k": date(2020, 1, 1)}'),
        (None, Nullable(STRING), "None"),
        (1, LiteralOf((1, 2)), "1"),
        (True, LiteralOf((1, 2)), "True"),
    ],
)
def test_structures_are_written_as_the_types_they_have(value: Json, type_: TypeRef, source: str) -> None:
    assert source_of(value, type_, {}) == source


def test_long_expressions_take_a_line_for_each_item() -> None:
    value = {"key": ["a" * 50, "b" * 50], "other": []}
    laid_out = expressions.layout(pythonvalues.literal(value, ANY, {}), indent=4)
    assert laid_out == (
        "{\n"
        '        "key": [\n'
        f'            "{"a" * 50}",\n'
        f'            "{"b" * 50}",\n'
        "        ],\n"
        '        "other": [],\n'
        "    }"
    )


@pytest.mark.parametrize(
    ("kind", "constraints", "expected"),
    [
        ("integer", Constraints(minimum=10), 10),
        ("integer", Constraints(exclusive_minimum=10), 11),
        ("integer", Constraints(maximum=0), 0),
        ("integer", Constraints(exclusive_maximum=0), -1),
        ("integer", Constraints(multiple_of=5), 5),
        ("string", Constraints(min_length=6), "textxx"),
        ("string", Constraints(max_length=2), "te"),
        ("base64", Constraints(), "aGVsbG8="),
        ("base64", Constraints(max_length=7), "aGVs"),
        ("base64url", Constraints(min_length=9), "aGVsbG9oZWxs"),
    ],
)
def test_sampled_values_keep_to_limits(kind: ScalarKind, constraints: Constraints, expected: Json) -> None:
    assert examples.sample(Scalar(kind), {}, constraints) == expected


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        ("^((-?[0-9]+)|(-?([0-9]+)?[.][0-9]+))$", 0, 32),
        ("^[A-Z]{2,3}$", 3, 3),
        (r"^\d{4}-\d{2}$", 0, None),
        ("^prt", 10, 12),
        ("payTo|upi_collect", 0, None),
        (r"^(?:v\d+\.)?[^\s@]+@[\w.]+$", 0, None),
        (r"^(?=.*\d)(?P<x>[a-z]+)\d*?\.x*$", 6, 20),
        (r"\x41\bZ?", 0, None),
        ("", 1, 4),
        ("^.{36}$", 36, 36),
    ],
)
def test_text_is_found_for_a_pattern(pattern: str, least: int, most: int | None) -> None:
    text = patterns.matching(pattern, least, most)
    assert text is not None
    assert re.search(pattern, text)
    assert least <= len(text) <= (most or 100)


@pytest.mark.parametrize("pattern", ["(", "^a$b", r"\p{L}+", "(" * 5000, r"^(a)\1$", "[^\x00-\U0010ffff]"])
def test_no_text_is_made_up_for_a_pattern_that_is_out_of_reach(pattern: str) -> None:
    assert patterns.matching(pattern) is None


def test_examples_that_do_not_fit_their_type_are_replaced() -> None:
    wrong = model("Wrong", field("a", Scalar("integer"), example="one"), field("b", STRING, example="two"))
    assert examples.sample_model(attrs.evolve(wrong, example={"b": "three"}), {"Wrong": wrong}) == {"a": 1, "b": "two"}
    assert examples.sample_model(attrs.evolve(wrong, example={"a": 2, "b": "x"}), {}) == {"a": 2, "b": "x"}


def test_what_limits_refuse_in_examples_is_replaced_alone() -> None:
    short, positive = Constraints(max_length=5), Constraints(minimum=1)
    inner = model("Inner", attrs.evolve(field("n", Scalar("integer"), example=0), constraints=positive))
    outer = model(
        "Outer",
        attrs.evolve(field("name", STRING, example="John Doe"), constraints=short),
        attrs.evolve(field("tags", ListOf(STRING)), constraints=Constraints(items=short)),
        field("inner", Nullable(Reference("Inner"))),
        field("note", STRING),
    )
    declarations = {"Inner": inner, "Outer": outer}
    given = {"name": "John Doe", "tags": ["ok", "too long"], "inner": {"n": 0, "more": 1}, "note": "It stays."}
    assert examples.sample_model(attrs.evolve(outer, example=given), declarations) == {
        "name": "text",
        "tags": ["text"],
        "inner": {"n": 1, "more": 1},
        "note": "It stays.",
    }
    fine = {"name": "Joan", "tags": ["ok"], "inner": None, "note": ""}
    assert examples.sample_model(attrs.evolve(outer, example=fine), declarations) == fine
    assert examples.kept(5, Scalar("integer"), {}, Constraints(multiple_of=2)) is ABSENT
    assert examples.kept("2030-01-31", Scalar("date"), {}, Constraints(pattern="^x$")) is ABSENT
    assert examples.kept(["a", "a"], ListOf(STRING), {}, Constraints(unique_items=True)) is ABSENT


def test_a_value_inside_another_is_not_empty_where_nothing_is_required() -> None:
    inner = model("Inner", field("note", STRING, required=False), field("inner", Reference("Inner"), required=False))
    outer = model("Outer", field("inner", Reference("Inner")), field("more", ListOf(Reference("Inner"))))
    declared = {"Inner": inner, "Outer": outer}
    assert examples.sample(Reference("Outer"), declared) == {"inner": {"note": "text"}, "more": [{"note": "text"}]}


def test_sampling_ends_where_a_model_refers_to_itself() -> None:
    node = model(
        "Node",
        field("children", ListOf(Reference("Node"))),
        field("parent", Nullable(Reference("Node"))),
        field("twin", Reference("Node"), required=False),
    )
    assert examples.sample_model(node, {"Node": node}) == {"children": [], "parent": None}
    endless = model("Endless", field("self_", Reference("Endless")))
    assert examples.sample(Reference("Endless"), {"Endless": endless}) is ABSENT


# What the tests above are made of


ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # noqa: S701 - Markdown is written, and escaped where it is made
    keep_trailing_newline=True,
)


def rendered(described: Api) -> dict[str, str]:
    return {
        page.path: ENVIRONMENT.get_template(page.template).render(page.context) for page in reference.pages(described)
    }


@cache
def calm_skeletons() -> dict[str, list[str]]:
    return {path: skeleton(page) for path, page in rendered(spiked("calm text")).items()}


@cache
def parsed(page: str) -> list[Token]:
    return PARSER.parse(page)


def children(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


def headings(page: str) -> list[tuple[str, str]]:
    tokens = parsed(page)
    return [(token.tag, after.content) for token, after in pairwise(tokens) if token.type == "heading_open"]


def code_blocks(page: str, language: str) -> list[str]:
    return [token.content for token in parsed(page) if token.type == "fence" and token.info == language]


def skeleton(page: str) -> list[str]:
    """Return the page's headings, tables and programs: what no description may add to or take from."""
    kept = ("heading_open", "table_open", "tr_open", "td_open", "th_open", "html_block")
    return [
        f"{token.type} {token.tag} {token.info}"
        for token in parsed(page)
        if token.type in kept or (token.type == "fence" and token.info in ("python", "json"))
    ]


def broken_links(files: dict[str, str], path: str) -> Iterator[str]:
    for token in children(parsed(files[path])):
        target = str(token.attrs.get("href", "https://"))
        if target.startswith(("https://", "http://")):
            continue
        file, _, fragment = target.partition("#")
        found = normpath(join(dirname(path), file)) if file else path
        if found == "openapi/openapi.yaml":
            continue
        anchors = markdown.anchors(text for _, text in headings(files.get(found, "")))
        if found not in files or (fragment and fragment not in anchors):
            yield target


def markdown_clean(text: str) -> str:
    return "".join(" " if character in "\u2028\x00\x1b\u202e" else character for character in text)


def source_of(value: Json, type_: TypeRef, declarations: dict[str, Declaration]) -> str:
    return expressions.one_line(pythonvalues.literal(value, type_, declarations))


def field(name: str, type_: TypeRef, **more: Any) -> Field:
    return Field(**{"name": name, "wire_name": name, "type": type_, "required": True, "pointer": f"/{name}", **more})


def model(name: str, *fields: Field) -> Model:
    return Model(
        name=name, module=name.lower(), pointer=f"/{name}", location="a.yaml:1", fields=fields, additional=None
    )


def pet() -> Model:
    return Model(
        name="Pet",
        module="pet",
        pointer="/components/schemas/Pet",
        location="pets.yaml:17",
        description="Somebody's animal.",
        fields=(
            field(
                "name",
                STRING,
                description="What it is called.",
                example="Rex",
                default="Rex",
                constraints=Constraints(min_length=1, max_length=20, pattern="e|b"),
            ),
            field("born_at", Scalar("date-time"), wire_name="bornAt", required=False, read_only=True),
        ),
        additional=None,
    )


def owner() -> Model:
    return model("Owner", field("pet", Reference("Pet")))


def colour() -> Enum:
    return Enum(
        name="Colour",
        module="colour",
        pointer="/Colour",
        location="a.yaml:1",
        base="string",
        members=(
            EnumMember(name="RED", value="red"),
            EnumMember(name="PIPE", value="a|b", description="An odd one."),
            EnumMember(name="EMPTY", value=""),
        ),
    )


def declared_alias(type_: TypeRef) -> Alias:
    return Alias(name="Something", module="something", pointer="/Something", location="a.yaml:1", type=type_)


def api(declarations: tuple[Declaration, ...] = (), resources: tuple[Resource, ...] = ()) -> Api:
    return Api(
        title="Pet shop",
        version="1",
        source="pets.yaml",
        distribution="pet-shop",
        package="pet_shop",
        client="PetClient",
        servers=(Server(name="main", url="https://pets.example"),),
        resources=resources,
        declarations=declarations,
    )


def query(parameter: Field) -> Parameter:
    return Parameter(field=parameter, wire_name=parameter.wire_name, location="query", style="form", explode=False)


def shop() -> Api:
    found = Content(content_type="application/json", form="json", type=ListOf(Reference("Pet")))
    missing = Content(content_type="application/json", form="json", type=Reference("Pet"))
    not_found = Response(status="404", contents=(missing,), error="NotFoundError")
    listing = Operation(
        id="listPets",
        name="list_pets",
        request="ListPetsRequest",
        module="list_pets",
        method="GET",
        path="/pets",
        pointer="/paths/~1pets/get",
        location="pets.yaml:3",
        summary="List them.",
        parameters=(
            query(field("since", Scalar("date-time"))),
            query(field("limit", Scalar("integer"), required=False, description="How many.", example=10)),
            query(field("tags", ListOf(STRING), wire_name="tag", required=False, constraints=Constraints(max_items=5))),
        ),
        responses=(Response(status="200", contents=(found,)), not_found),
        result=ListOf(Reference("Pet")),
        rate_limit=RateLimit(requests=30, seconds=60.0),
        pagination=Pagination(
            method="iter_pets",
            cursor="since",
            items=("data",),
            item_type=Reference("Pet"),
            next_cursor=("next",),
            has_more=None,
        ),
        example={"since": "2020-01-02T00:00:00Z", "limit": 10},
    )
    removing = Operation(
        id="errors",
        name="errors",
        request="ErrorsRequest",
        module="errors",
        method="DELETE",
        path="/pets",
        pointer="/paths/~1pets/delete",
        location="pets.yaml:9",
        summary="Remove one.",
        body=Body(field=field("body", Reference("Pet")), contents=(missing,)),
        responses=(Response(status="204"), not_found),
        result=None,
    )
    resource = Resource(
        name="pet_shop", class_name="PetShop", module="pet_shop", tag="Pet shop", operations=(listing, removing)
    )
    return api(declarations=(owner(), attrs.evolve(pet(), used_by=("Owner",))), resources=(resource,))


def spiked(text: str) -> Api:
    """Return an API that says the text wherever a description can say something."""
    fields = (
        field("name", STRING, wire_name=text, description=text, example=text, default=text),
        field("kind", LiteralOf((text,)), constraints=Constraints(pattern=text)),
    )
    spiked_pet = attrs.evolve(pet(), description=text, fields=fields, pointer=f"/{text}", additional=ANY)
    spiked_colour = attrs.evolve(
        colour(), description=text, members=(EnumMember(name="A", value=text, description=text),)
    )
    alias = attrs.evolve(
        declared_alias(UnionOf((LiteralOf((text,)), Reference("Pet")))), description=text, example=text
    )
    (resource,) = shop().resources
    operations = tuple(
        attrs.evolve(
            operation,
            summary=text,
            description=text,
            path=f"/{text}",
            parameters=tuple(
                attrs.evolve(each, field=attrs.evolve(each.field, description=text, default=text, deprecated=True))
                for each in operation.parameters
            ),
            responses=tuple(attrs.evolve(each, description=text, example=text) for each in operation.responses),
            security=((Requirement(scheme=text, scopes=(text,)),), ()),
            servers=(Server(name=text, url=text),),
        )
        for operation in resource.operations
    )
    return attrs.evolve(
        api(
            (alias, spiked_colour, owner(), spiked_pet),
            (attrs.evolve(resource, description=text, operations=operations),),
        ),
        title=text,
        version=text,
        description=text,
        servers=(Server(name=text, url=text, description=text),),
        security_schemes=(
            SecurityScheme(wire_name=text, kind="bearer", argument="token", environment="TOKEN", description=text),
        ),
    )
