"""The intermediate representation as JSON keeps to its JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from jsonschema import Draft202012Validator, ValidationError

from attrest import interchange, ir
from attrest.ledger import degraded
from attrest.typerefs import (
    Discriminator,
    ListOf,
    LiteralOf,
    MapOf,
    Nullable,
    Reference,
    Scalar,
    TupleOf,
    UnionOf,
    Variant,
)

FILE = Path(interchange.__file__).parent / interchange.SCHEMA_FILE

EVERY_TYPE = UnionOf(
    (
        ListOf(Scalar("string")),
        MapOf(Scalar("any")),
        TupleOf((Scalar("integer"),), rest=None),
        Nullable(LiteralOf((1, "two", None, 3.5, True))),
        Reference("Cat"),
    ),
    Discriminator("kind", (Variant("cat", Reference("Cat")),)),
)
FIELD = ir.Field(name="tail", wire_name="tail", type=EVERY_TYPE, required=True, pointer="/p", default=None)
HEADER = ir.Header(name="x", wire_name="X", type=EVERY_TYPE, required=True)
API = ir.Api(
    title="Pets",
    version="1",
    source="pets.yaml",
    renamed=(ir.Renaming(kind="class", old="Dog", new="Cat", since="1"),),
    distribution="pets",
    package="pets",
    client="PetsClient",
    servers=(
        ir.Server(
            name="default",
            url="https://pets.example",
            class_name="DefaultServer",
            template="https://{host}",
            variables=(ir.ServerVariable(name="host", wire_name="host", default="pets.example"),),
        ),
    ),
    security_schemes=(
        ir.SecurityScheme(
            wire_name="key",
            kind="oauth2",
            argument="token",
            environment="PETS_TOKEN",
            flows=(ir.OAuthFlow(kind="implicit", scopes=(ir.Scope(name="read"),)),),
        ),
    ),
    resources=(
        ir.Resource(
            name="cats",
            class_name="Cats",
            module="cats",
            tag="cats",
            operations=(
                ir.Operation(
                    id="addCat",
                    name="add_cat",
                    request="AddCatRequest",
                    module="add_cat",
                    method="POST",
                    path="/cats/{id}",
                    pointer="/paths",
                    location="pets.yaml:3",
                    parameters=(
                        ir.Parameter(wire_name="tail", field=FIELD, location="path", style="simple", explode=False),
                    ),
                    body=ir.Body(
                        field=FIELD,
                        contents=(
                            ir.Content(
                                content_type="a/b",
                                form="json",
                                type=EVERY_TYPE,
                                encodings=(
                                    ir.Encoding(
                                        wire_name="tail",
                                        content_type="image/png",
                                        part_headers=(ir.PartHeader(header=HEADER, preset=1),),
                                    ),
                                ),
                            ),
                        ),
                    ),
                    responses=(
                        ir.Response(
                            status="200",
                            headers=(HEADER,),
                            links=(
                                ir.Link(
                                    name="again",
                                    target="addCat",
                                    operation="AddCatRequest",
                                    parameters=(ir.LinkParameter(name="id", value="$response.body#/id"),),
                                ),
                            ),
                        ),
                    ),
                    headers=ir.HeaderClass(name="AddCatHeaders", headers=(HEADER,)),
                    error_headers=ir.HeaderClass(name="AddCatErrorHeaders", headers=(HEADER,)),
                    result=None,
                    readings=(ir.Reading(status="200", contents=()),),
                    alternatives=(
                        ir.Alternative(
                            method="add_cat_as_event_stream",
                            attribute="as_event_stream",
                            media_types=("text/event-stream",),
                            delivery="event-stream",
                            result=Reference("Cat"),
                            readings=(),
                        ),
                    ),
                    external_documentation=ir.ExternalDocumentation(url="https://cats.example"),
                    security=((ir.Requirement(scheme="key", scopes=("read",)),), ()),
                    rate_limit=ir.RateLimit(requests=10, seconds=1.5),
                    pagination=ir.Pagination(
                        method="iter_cats",
                        cursor="after",
                        items=("data",),
                        item_type=Reference("Cat"),
                        next_cursor=("pagination", "end"),
                        has_more=None,
                    ),
                    example={"id": ["anything", None, {"at": "all"}]},
                ),
            ),
        ),
    ),
    entries=(degraded("/a", "not checked"),),
    events=(
        ir.Event(
            kind="webhook",
            id="newCat",
            name="new_cat",
            class_name="NewCatWebhook",
            module="new_cat_webhook",
            method="POST",
            url=None,
            pointer="/webhooks",
            location="pets.yaml:12",
        ),
    ),
    declarations=(
        ir.Alias(name="Pet", module="pet", pointer="/a", location="pets.yaml:9", type=EVERY_TYPE),
        ir.Model(name="Cat", module="cat", pointer="/b", location="pets.yaml:9", fields=(FIELD,), additional=None),
        ir.Enum(
            name="Size",
            module="size",
            pointer="/c",
            location="pets.yaml:9",
            base="mixed",
            members=(ir.EnumMember(name="SMALL", value="small"), ir.EnumMember(name="ONE", value=1)),
        ),
    ),
)


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(interchange.schema_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_schema_in_the_repository_is_that_of_the_classes(*, update_golden: bool) -> None:
    if update_golden:
        FILE.write_text(interchange.schema_text(), encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == interchange.schema_text(), (
        "the intermediate representation changed: scripts/test tests/test_interchange.py --update-golden"
    )


def test_the_example_uses_every_class_that_has_a_schema() -> None:
    used = {type(node).__name__ for node in nodes(API)}
    assert used == set(json.loads(interchange.schema_text())["$defs"])


def test_an_api_keeps_to_the_schema(validator: Draft202012Validator) -> None:
    validator.validate(json.loads(interchange.as_json(API)))


def test_null_and_absent_differ() -> None:
    (declaration,) = (it for it in json.loads(interchange.as_json(API))["declarations"] if it["is"] == "Model")
    (field,) = declaration["fields"]
    assert field["default"] is None
    assert "example" not in field


@pytest.mark.parametrize(
    "change",
    [
        {"title": None},
        {"surprise": 1},
        {"servers": {}},
        {"declarations": [{"is": "Nothing"}]},
        {"security_schemes": [{"kind": "guesswork"}]},
    ],
)
def test_what_is_no_api_breaks_the_schema(validator: Draft202012Validator, change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        validator.validate(json.loads(interchange.as_json(API)) | change)


def nodes(value: Any) -> list[Any]:
    """Return a frozen value and every frozen value in it."""
    if isinstance(value, tuple):
        return [node for item in value for node in nodes(item)]
    if not attrs.has(value.__class__):
        return []
    return [value, *(node for field in attrs.fields(value.__class__) for node in nodes(getattr(value, field.name)))]
