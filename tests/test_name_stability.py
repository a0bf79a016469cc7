"""A name stays when something else is added: a table of additions, and all names before and after each."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

from attrest import pipeline
from attrest.ir import Api, Enum, Model
from attrest.settings import Settings

Json: TypeAlias = Any
Addition: TypeAlias = Callable[[Json], object]

TEXT: Final = {"type": "string"}
INLINE: Final = {"type": "object", "properties": {"kind": {"type": "string", "enum": ["a", "b"]}}}
CONTENT: Final = {"application/json": {"schema": INLINE}}


def operation(identifier: str | None, tag: str, **more: Json) -> Json:
    answers = {"200": {"description": "x", "content": {"application/json": {"schema": copy.deepcopy(INLINE)}}}}
    named = {} if identifier is None else {"operationId": identifier}
    return {**named, "tags": [tag], "responses": answers, **more}


def parameter(name: str, place: str = "query") -> Json:
    return {"name": name, "in": place, "schema": TEXT, "required": place == "path"}


def description() -> Json:
    """A description with something of every kind that has a name."""
    body = {"content": {"application/json": {"schema": copy.deepcopy(INLINE)}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "servers": [
            {"url": "https://a.example"},
            {"url": "https://{zone}.example"},
            {"url": "https://c.example/{zone}", "name": "Third"},
        ],
        "security": [{"key": []}],
        "webhooks": {"new_pet": event(), "petLost": event(), "-pet-sold-": event()},
        "tags": [{"name": "orders"}, {"name": "Pets"}],
        "paths": {
            "/orders": {
                "get": operation("listOrders", "orders", parameters=[parameter("limit"), parameter("sortBy")]),
                "post": operation("make-order", "orders", requestBody=body),
            },
            "/orders/{id}": {
                "get": operation(None, "orders", parameters=[parameter("id", "path"), parameter("limit")])
            },
            "/pets": {"get": operation("getPets", "Pets")},
            "/pack": {"post": operation("pack", "orders", requestBody=body)},
        },
        "components": {
            "schemas": {
                "Pet": {
                    "type": "object",
                    "properties": {
                        "petName": TEXT,
                        "tag": copy.deepcopy(INLINE),
                        "owner": {"$ref": "#/components/schemas/owner"},
                        "size": {"type": "string", "enum": ["small", "large"]},
                        "kind": {"oneOf": [copy.deepcopy(INLINE), {"type": "object", "properties": {"x": INLINE}}]},
                    },
                },
                "owner": {"type": "object", "properties": {"pets": {"type": "array", "items": INLINE}}},
                "size": {"type": "string", "enum": ["S", "L", "a-b", "X_Y"]},
            },
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        },
    }


def first(mapping: dict[str, Json], key: str, value: Json) -> None:
    """Put a key in front of all others."""
    others = dict(mapping)
    mapping.clear()
    mapping.update({key: value, **others})


def event(method: str = "post") -> Json:
    return {method: {"responses": {"204": {"description": "x"}}}}


def schemas(tree: Json) -> Json:
    return tree["components"]["schemas"]


def pet(tree: Json) -> Json:
    return schemas(tree)["Pet"]["properties"]


ADDITIONS: Final[dict[str, Addition]] = {
    "a schema, last": lambda tree: schemas(tree).update(Zebra=INLINE),
    "a schema, first": lambda tree: first(schemas(tree), "Aardvark", INLINE),
    "a schema called as a part of an inline one": lambda tree: schemas(tree).update(
        Kind=INLINE, Tag=INLINE, Body=INLINE
    ),
    "a schema called as a tag": lambda tree: schemas(tree).update(order=INLINE, pet=TEXT),
    "a schema called as an operation": lambda tree: schemas(tree).update(ListOrders=INLINE, getPets=INLINE),
    "a schema that is nearly another": lambda tree: schemas(tree).update(Pets2=INLINE, Sizes=TEXT, PetOwner=INLINE),
    "a schema that closes a circle": lambda tree: schemas(tree)["owner"]["properties"].update(
        first={"$ref": "#/components/schemas/Pet"}
    ),
    "a field, last": lambda tree: pet(tree).update(zebra=TEXT),
    "a field, first": lambda tree: first(pet(tree), "aardvark", INLINE),
    "a field that is nearly another": lambda tree: pet(tree).update(petNames=TEXT, petName2=TEXT, tags=INLINE),
    "a field of an inline schema": lambda tree: first(pet(tree)["tag"]["properties"], "aardvark", INLINE),
    "a value of an enum": lambda tree: pet(tree)["size"]["enum"].insert(0, "tiny"),
    "a value that comes to the name of another": lambda tree: schemas(tree)["size"]["enum"].insert(0, "x-y"),
    "a variant, last": lambda tree: pet(tree)["kind"]["oneOf"].append({"type": "object", "properties": {"y": INLINE}}),
    "an operation, first": lambda tree: first(tree["paths"], "/a", {"get": operation("aardvark", "orders")}),
    "an operation of a path": lambda tree: first(tree["paths"]["/pets"], "delete", operation("dropPets", "Pets")),
    "an operation without an id": lambda tree: first(
        tree["paths"], "/orders/{id}/x", {"get": operation(None, "orders")}
    ),
    "an operation of a new tag": lambda tree: first(tree["paths"], "/a", {"get": operation("aardvark", "aardvarks")}),
    "an operation called as a schema": lambda tree: first(tree["paths"], "/a", {"get": operation("pet", "orders")}),
    "an operation called as another with more": lambda tree: first(
        tree["paths"], "/a", {"get": operation("getPetsNow", "Pets")}
    ),
    "an operation that comes to the name of another": lambda tree: first(
        tree["paths"], "/Pack", {"post": operation("Pack", "orders", requestBody={"content": CONTENT})}
    ),
    "an operation that its path calls as another": lambda tree: first(
        tree["paths"], "/-", {"get": operation("-PACK-", "orders")}
    ),
    "a tag that comes to the name of another": lambda tree: (
        tree["tags"].insert(0, {"name": "Orders"}),
        first(tree["paths"], "/a", {"get": operation("aardvark", "Orders")}),
    ),
    "a parameter that comes to the name of another": lambda tree: tree["paths"]["/orders"]["get"]["parameters"].insert(
        0, parameter("Limit")
    ),
    "a tag, first": lambda tree: tree["tags"].insert(0, {"name": "aardvarks"}),
    "a tag called as a schema": lambda tree: first(tree["paths"], "/a", {"get": operation("aardvark", "pet")}),
    "a parameter, first": lambda tree: tree["paths"]["/orders"]["get"]["parameters"].insert(0, parameter("after")),
    "a parameter called body": lambda tree: tree["paths"]["/orders"]["post"].update(parameters=[parameter("body")]),
    "an error": lambda tree: first(
        tree["paths"]["/pets"]["get"]["responses"],
        "404",
        {"description": "x", "content": CONTENT},
    ),
    "a media type, last": lambda tree: tree["paths"]["/pets"]["get"]["responses"]["200"]["content"].update(
        {"application/x+json": {"schema": INLINE}}
    ),
    "a security scheme of another kind": lambda tree: first(
        tree["components"]["securitySchemes"], "bearer", {"type": "http", "scheme": "bearer"}
    ),
    "a security scheme of the same kind, first": lambda tree: first(
        tree["components"]["securitySchemes"], "aardvark", {"type": "apiKey", "in": "header", "name": "X-Aardvark"}
    ),
    "a server, last": lambda tree: tree["servers"].append({"url": "https://b.example"}),
    "a server between others": lambda tree: tree["servers"].insert(1, {"url": "https://{b}.example/b"}),
    "a server called as another": lambda tree: tree["servers"].insert(
        1, {"url": "https://d.example/{x}", "name": "third"}
    ),
    "a server of an operation": lambda tree: tree["paths"]["/orders"]["get"].update(
        servers=[{"url": "https://{zone}.example"}, {"url": "https://d.example/{x}"}]
    ),
    "a server of a path": lambda tree: tree["paths"]["/orders"].update(servers=[{"url": "https://d.example/{x}"}]),
    "a webhook, first": lambda tree: first(tree["webhooks"], "aardvark", event()),
    "a webhook of another method": lambda tree: first(tree["webhooks"]["new_pet"], "put", event("put")["put"]),
    "a webhook that comes to the name of another": lambda tree: first(tree["webhooks"], "newPet", event()),
    "a webhook that is called as another comes to": lambda tree: first(tree["webhooks"], "pet-sold", event()),
    "a callback called as a webhook": lambda tree: tree["paths"]["/pack"]["post"].update(
        callbacks={"petLost": {"{$request.query.to}": event()}}
    ),
}


def named(folder: Path, tree: Json) -> dict[str, str]:
    """Every name that a description gives, by what it names."""
    path = folder / "openapi.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    settings = Settings(document=path, output=Path("unused"), root=folder)
    document = pipeline.prepare(pipeline.read(settings, lambda _: None), settings)
    return dict(names(pipeline.analyse(document, settings, lambda _: None)))


def names(api: Api) -> Iterator[tuple[str, str]]:
    for each in api.declarations:
        yield f"the declaration {each.pointer}", each.name
        if isinstance(each, Model):
            yield from ((f"the field {each.pointer} {field.wire_name}", field.name) for field in each.fields)
        if isinstance(each, Enum):
            yield from ((f"the member {each.pointer} {member.value}", member.name) for member in each.members)
    for resource in api.resources:
        yield f"the resource {resource.tag}", f"{resource.name} {resource.class_name} {resource.module}"
    for each in api.operations:
        yield f"the operation {each.method} {each.path}", f"{each.name} {each.request} {each.module}"
        for one in each.parameters:
            yield f"the parameter {each.method} {each.path} {one.location} {one.wire_name}", one.field.name
        if each.body is not None:
            yield f"the body {each.method} {each.path}", each.body.field.name
    for scheme in api.security_schemes:
        yield f"the scheme {scheme.wire_name}", f"{scheme.argument} {scheme.environment}"
    yield from ((f"the server {server.url}", f"{server.name} {server.class_name}") for server in api.servers)
    for one in api.events:
        yield f"the event {one.kind} {one.method} {one.id}", f"{one.name} {one.class_name} {one.module}"


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return named(tmp_path_factory.mktemp("before"), description())


@pytest.mark.parametrize("addition", ADDITIONS)
def test_what_is_added_renames_nothing(addition: str, before: dict[str, str], tmp_path: Path) -> None:
    tree = description()
    ADDITIONS[addition](tree)
    assert tree != description()
    after = named(tmp_path, tree)
    assert {what: after.get(what) for what in before} == before


def test_an_inline_schema_gives_way_to_a_component_and_to_none_that_is_respelled(tmp_path: Path) -> None:
    tree = description()
    schemas(tree).update(PackBody=INLINE)
    first(tree["paths"], "/Pack", {"post": operation("Pack", "orders", requestBody={"content": CONTENT})})
    given = named(tmp_path, tree)
    pointer = "requestBody/content/application~1json/schema"
    assert given["the declaration /components/schemas/PackBody"] == "PackBody"
    assert given[f"the declaration /paths/~1pack/post/{pointer}"] == "PackBody2"
    assert given[f"the declaration /paths/~1Pack/post/{pointer}"] == "PackBody3"


def test_everything_has_a_name(before: dict[str, str]) -> None:
    kinds = {what.split()[1] for what in before}
    assert kinds == {
        "declaration",
        "field",
        "member",
        "resource",
        "operation",
        "parameter",
        "body",
        "scheme",
        "server",
    } | {"event"}
