"""What types cannot say is kept and told, and a schema that cannot be read takes no other down with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from attrest import infer as stage
from attrest.infer import infer
from attrest.ir import Alias, Enum, Model
from attrest.load import load
from attrest.schemas import Schemas
from attrest.typerefs import ANY, ListOf, MapOf, Nullable, Reference, Scalar, TupleOf, TypeRef, UnionOf


def inferred(folder: Path, **schemas: object) -> Schemas:
    """Return what the component schemas come to."""
    file = folder / "openapi.json"
    description = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}
    file.write_text(json.dumps({**description, "components": {"schemas": schemas}}), encoding="utf-8")
    return infer(load(file))


def said(schemas: Schemas) -> dict[str, str]:
    return {entry.pointer.removeprefix("/components/schemas/"): entry.reason for entry in schemas.entries}


REFERENCE = "#/components/schemas/"


@pytest.mark.parametrize(
    ("schema", "pointer", "reason"),
    [
        (False, "A", "nothing fits this schema"),
        ({"const": {"a": 1}}, "A", "which object it has to be is not checked"),
        ({"enum": [[1], {"a": 1}]}, "A", "which values there are is not checked"),
        ({"enum": ["a", {"b": 1}]}, "A", "which values there are is not checked"),
        ({"enum": []}, "A", "no value is listed"),
        ({"properties": {"b": {}}, "required": ["b", "c"]}, "A/required", "properties that are not described"),
        (
            {"allOf": [{"$ref": f"{REFERENCE}B"}, {"required": ["b", "c"]}]},
            "A/allOf/1/required",
            "properties that are not described",
        ),
        ({"additionalProperties": {"type": "string"}, "required": ["a"]}, "A/required", "which names a mapping has"),
        ({"type": "boolean", "enum": [True]}, "A", "which values there are is not checked"),
        ({"type": "integer", "enum": ["1"]}, "A", "values are not of the type that is said"),
        ({"type": "string", "minLength": "1"}, "A/minLength", "this is not what belongs here"),
        ({"type": "object", "patternProperties": {"^x": {}}}, "A/patternProperties", "other names may hold anything"),
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, "A", "no value fits all parts of this"),
        ({"type": "file"}, "A", "there is no type file"),
        ({"type": "number", "format": "decimal"}, "A/format", "is read as float"),
        (
            {"properties": {"p": {"$ref": f"{REFERENCE}B", "minProperties": 1}}},
            "A/properties/p/minProperties",
            "how many fields a model has",
        ),
        (
            {"required": ["b"], "oneOf": [{"$ref": f"{REFERENCE}B"}, {"$ref": f"{REFERENCE}N"}]},
            "A/required",
            "not checked for variants that do not require it",
        ),
        ({"anyOf": [{"$ref": f"{REFERENCE}A"}, {"type": "string"}]}, "A/anyOf/0", "this leads back to itself"),
        (
            {"oneOf": [{"type": "array", "items": {"const": 1}}, {"type": "string"}]},
            "A/oneOf/0/items/const",
            "not checked when sent",
        ),
        (
            {
                "anyOf": [
                    {"type": "string"},
                    {"type": "object", "patternProperties": {"a": {"prefixItems": [{"const": 1}]}}},
                ]
            },
            "A/anyOf/1/patternProperties/a/prefixItems/0/const",
            "not checked when sent",
        ),
        (
            {"prefixItems": [{"type": "string", "format": "date"}, {"type": "string"}], "items": False},
            "A/prefixItems/0",
            "is checked when received, not when sent",
        ),
        (
            {"type": "array", "prefixItems": [{"$ref": f"{REFERENCE}B"}], "items": {"$ref": f"{REFERENCE}N"}},
            "A/items",
            "is checked when received, not when sent",
        ),
        (
            {"type": "array", "prefixItems": [{"type": "string", "format": "date"}]},
            "A/prefixItems/0",
            "is checked when received, not when sent",
        ),
        (
            {"type": ["array", "string"], "prefixItems": [{"type": "integer"}, {"type": "string"}]},
            "A/prefixItems",
            "is checked when received, not when sent",
        ),
        (
            {"anyOf": [{"type": "array", "prefixItems": [{"type": "integer"}, {}]}, {"type": "string"}]},
            "A/anyOf/0/prefixItems",
            "not checked when sent: other alternatives are taken too",
        ),
        (
            {"anyOf": [{"$ref": f"{REFERENCE}Pair"}, {"type": "string"}]},
            "A/anyOf/0/$ref",
            "not checked when sent: other alternatives are taken too",
        ),
        (
            {"oneOf": [{"type": "string"}, {"type": "array", "items": {"$ref": f"{REFERENCE}One"}}]},
            "A/oneOf/1/items/$ref",
            "not checked when sent: other alternatives are taken too",
        ),
        (
            {"minProperties": 2, "anyOf": [{"$ref": f"{REFERENCE}B"}, {"$ref": f"{REFERENCE}N"}]},
            "A/minProperties",
            "how many fields a model has is not checked",
        ),
        ({"type": "string", "enum": ["a", 1]}, "A", "not all values are of the type that is said"),
        ({"properties": {"a": {}}, "const": {"a": 1}}, "A", "which object it has to be is not checked"),
        (
            {
                "minProperties": 2,
                "anyOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}],
                "properties": {"c": {}},
            },
            "A/minProperties",
            "how many fields a model has is not checked",
        ),
        ({"$ref": f"{REFERENCE}A"}, "A", "this leads back to itself"),
        ({"type": "object", "anyOf": [{"required": ["a"]}]}, "A/anyOf", "which properties go together"),
        (
            {"anyOf": [{"type": "string", "maxLength": 1}, {"type": "string"}]},
            "A/anyOf/0",
            "other alternatives take such",
        ),
        ({"propertyNames": {"enum": ["a"]}, "type": "object"}, "A/propertyNames", "length and pattern alone"),
        (
            {"patternProperties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "additionalProperties": False},
            "A/patternProperties",
            "taken under any name",
        ),
        (
            {"patternProperties": {"a": {"type": "string"}}, "additionalProperties": {"type": "integer"}},
            "A/patternProperties",
            "taken under any name",
        ),
        (
            {"properties": {"a": {}}, "minProperties": 1},
            "A/minProperties",
            "how many fields a model has is not checked",
        ),
        ({"allOf": [{"pattern": "a"}, {"type": "string", "pattern": "b"}]}, "A", "of several patterns"),
        (
            {"allOf": [{"items": {"pattern": "a"}}, {"type": "array", "items": {"type": "string", "pattern": "b"}}]},
            "A",
            "of several patterns",
        ),
        (
            {"allOf": [{"$ref": f"{REFERENCE}Closed"}, {"properties": {"c": {}}}]},
            "A/allOf/0/$ref",
            "additionalProperties of this: it forbids what other parts list",
        ),
        (
            {"allOf": [{"$ref": f"{REFERENCE}B"}], "additionalProperties": False},
            "A/additionalProperties",
            "it forbids what other parts list",
        ),
        (
            {"allOf": [{"$ref": f"{REFERENCE}B"}, {"properties": {"c": {}}, "unevaluatedProperties": False}]},
            "A/allOf/1/unevaluatedProperties",
            "it forbids what other parts list",
        ),
        (
            {
                "properties": {"c": {}},
                "oneOf": [{"properties": {"d": {}}, "additionalProperties": False}, {"properties": {"e": {}}}],
            },
            "A/oneOf/0/additionalProperties",
            "it forbids what other parts list",
        ),
        (
            {"allOf": [{"$ref": f"{REFERENCE}B"}, {"additionalProperties": {"type": "string", "maxLength": 1}}]},
            "A/allOf/1/additionalProperties",
            "not checked on what other parts list",
        ),
        (
            {"properties": {"a": {"type": "integer"}}, "patternProperties": {"a": {"type": "string"}}},
            "A/patternProperties/a",
            "not checked on what is listed by name",
        ),
        ({"patternProperties": {"a": {"minimum": 1}, "b": {}}}, "A/patternProperties/a", "they depend on the name"),
        ({"properties": {"a": {}}, "dependentRequired": {"a": ["b"]}}, "A/dependentRequired", "that are not described"),
        ({"contentEncoding": "base64"}, "A", "no type is said: only strings are taken"),
        ({"contentEncoding": "base32"}, "A/contentEncoding", "text in base32 is handed over as it is"),
        ({"type": "array", "maxItems": 2, "items": {"$ref": f"{REFERENCE}A"}}, "A", "where it stands inside of itself"),
        ({"type": "string", "pattern": "\\p{L}"}, "A/pattern", "no such regular expression"),
        ({"allOf": [False, {"type": "string"}]}, "A/allOf/0", "it is left out"),
        ({"allOf": [{"enum": ["a"]}, {"enum": ["b"]}]}, "A", "no value is in all of these enums"),
        ({"allOf": [{"enum": ["a", "b"]}, {"const": "c"}]}, "A", "no value is in all of these enums"),
        ({"type": "integer", "enum": [1], "allOf": [{"enum": ["1"]}]}, "A", "no value is in all of these enums"),
        ({"enum": ["a"], "x-enum-varnames": ["A", "B"]}, "A/x-enum-varnames", "there are fewer values"),
        ({"enum": ["a", "b"], "x-enum-varnames": ["A"]}, "A/x-enum-varnames", "not every value has one"),
        ({"enum": ["a", "b"], "x-enum-varnames": ["A", 2]}, "A/x-enum-varnames", "not every value has one"),
        ({"enum": ["a", "b"], "x-enumNames": ["One", "ONE"]}, "A/x-enumNames", "several values have the same name"),
        ({"enum": ["a"], "x-enum-descriptions": {"a": "A."}}, "A/x-enum-descriptions", "this is no list"),
        (
            {"properties": {"a": {}}, "unevaluatedProperties": False, "then": {"properties": {"b": {}}}},
            "A/unevaluatedProperties",
            "anything is taken",
        ),
        ({"else": {"type": "string"}}, "A", "what holds only under a condition is not typed"),
        ({"items": {"$ref": f"{REFERENCE}A/items"}}, "A/items", "leads back to itself"),
        (
            {
                "oneOf": [{"type": "object", "properties": {name: {}}} for name in "ab"],
                "discriminator": {"propertyName": "kind"},
            },
            "A/discriminator",
            "do not tell the variants apart",
        ),
        (
            {"oneOf": [{"$ref": f"{REFERENCE}N"}, {"$ref": f"{REFERENCE}M"}], "discriminator": {"propertyName": "n"}},
            "A/discriminator",
            "do not tell the variants apart",
        ),
        (
            {"oneOf": [{"$ref": f"{REFERENCE}B"}], "discriminator": {"propertyName": "b", "mapping": {"c": "C"}}},
            "A/discriminator/mapping/c",
            "a schema that is not there",
        ),
        (
            {"oneOf": [{"$ref": f"{REFERENCE}B"}], "discriminator": {"propertyName": "b", "defaultMapping": "C"}},
            "A/discriminator/defaultMapping",
            "a schema that is not there",
        ),
        ({"type": ["string", "null"], "enum": ["a", "b"]}, "A/enum", "null is not among these values"),
        ({"type": "string", "nullable": True, "enum": ["a"]}, "A/enum", "null is not among these values"),
        (
            {"type": "object", "properties": {"A": {}}, "propertyNames": {"pattern": "^[a-z]+$"}},
            "A/propertyNames",
            "not checked on what is listed by name",
        ),
        (
            {"allOf": [{"$ref": f"{REFERENCE}Short"}, {"properties": {"long": {}}}]},
            "A/allOf/0/$ref",
            "propertyNames of this: not checked on what is listed by name",
        ),
        ({"type": "object", "propertyNames": False}, "A/propertyNames", "not checked"),
        ({"oneOf": [{"$ref": f"{REFERENCE}B"}, {"$ref": f"{REFERENCE}N"}]}, "A/oneOf", "one alternative alone"),
        ({"oneOf": [{"type": "number"}, {"type": "integer"}]}, "A/oneOf", "one alternative alone"),
        ({"oneOf": [{"const": "a"}, {"type": "string"}]}, "A/oneOf", "one alternative alone"),
        ({"oneOf": [{"type": "array", "items": {"type": kind}} for kind in ("string", "null")]}, "A/oneOf", "alone"),
        (
            {"oneOf": [{"type": "object", "properties": {"kind": {"const": tag}}} for tag in "ab"]},
            "A/oneOf",
            "one alternative alone",
        ),
    ],
)
def test_what_a_type_cannot_say_has_an_entry(tmp_path: Path, schema: object, pointer: str, reason: str) -> None:
    other = {"type": "object", "properties": {"b": {"type": "string"}}}
    number = {"type": "object", "properties": {"n": {"type": "integer"}}}
    others = {
        "Closed": {**other, "additionalProperties": False},
        "Pair": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False},
        "One": {"const": 1},
        "Short": {**other, "propertyNames": {"maxLength": 2}},
    }
    assert reason in said(inferred(tmp_path, A=schema, B=other, N=number, M=number, **others))[pointer]


@pytest.mark.parametrize(
    "schema",
    [
        {},
        True,
        {"type": "string"},
        {"type": ["string", "null"]},
        {"const": None},
        {"enum": ["a", None]},
        {"enum": [True, False]},
        {"allOf": [{"type": "object", "properties": {"a": {}}}, {"properties": {"b": {}}, "required": ["a", "b"]}]},
        {"allOf": [True, {"type": "string"}]},
        {
            "type": "object",
            "patternProperties": {"a": {"type": "string"}, "b": {"type": "string"}},
            "additionalProperties": False,
        },
        {"type": "object"},
        {"type": "object", "additionalProperties": False},
        {"type": "string", "format": "decimal"},
        {
            "type": "array",
            "prefixItems": [{"type": "integer"}, {"type": "number"}, {"type": "string"}, {"type": "boolean"}],
            "items": False,
        },
        {"type": ["array", "null"], "prefixItems": [{"type": "string"}, {"type": "integer"}]},
        {"type": "number", "format": "double"},
        {"type": "number", "enum": [1, 2.5]},
        {"allOf": [{"type": "object", "additionalProperties": {"type": "string"}}], "minProperties": 1},
        {"type": "integer", "enum": [1, 2.0]},
        {
            "type": "object",
            "allOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "string"}}}],
            "unevaluatedProperties": False,
        },
        {
            "type": "object",
            "allOf": [{"properties": {"a": {}, "b": {}}, "additionalProperties": False}],
            "properties": {"a": {"type": "string"}},
            "required": ["b"],
        },
        {
            "type": "object",
            "allOf": [{"properties": {"a": {"type": "string"}}}],
            "additionalProperties": {"type": "string"},
        },
        {
            "type": "object",
            "properties": {"a-b": {"type": "string"}},
            "patternProperties": {"^a-": {"type": "string"}},
            "additionalProperties": False,
        },
        {"type": "object", "properties": {"a": {}}, "propertyNames": {"pattern": "^[a-z]+$"}},
        {"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
        {"oneOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["c"]}]},
        {"oneOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "uuid"}]},
        {"oneOf": [{"oneOf": [{"type": "integer"}, {"type": "boolean"}]}, {"type": "string"}]},
        {
            "type": "object",
            "required": ["kind"],
            "oneOf": [{"properties": {"kind": {"const": tag}}} for tag in "ab"],
        },
        {
            "oneOf": [
                {"type": "object", "required": [name], "properties": {name: {}}, "additionalProperties": False}
                for name in "ab"
            ]
        },
    ],
)
def test_what_is_said_exactly_has_none(tmp_path: Path, schema: object) -> None:
    assert said(inferred(tmp_path, A=schema)) == {}


STRING = Scalar("string")
B = Reference("B")


@pytest.mark.parametrize(
    ("schema", "type_"),
    [
        ({"allOf": [True, {"type": "string"}]}, STRING),
        ({"allOf": [{"oneOf": [{"$ref": f"{REFERENCE}B"}, {"type": "string"}]}, {"title": "Either"}]}, (B, STRING)),
        ({"allOf": [{"oneOf": [{"$ref": f"{REFERENCE}B"}, {"type": "null"}]}, {"title": "B, or not"}]}, Nullable(B)),
        ({"items": {"type": "string"}}, ListOf(STRING)),
        ({"items": {"type": "string"}, "oneOf": [{"type": "array"}, {"type": "string"}]}, (ListOf(STRING), STRING)),
        ({"items": {"type": "string"}, "anyOf": [{"$ref": f"{REFERENCE}B"}, {"type": "array"}]}, (B, ListOf(STRING))),
        ({"enum": ["a", {"b": 1}, [2]]}, (Reference("A"), MapOf(ANY), ListOf(ANY))),
    ],
)
def test_a_type_takes_all_that_its_schema_takes(
    tmp_path: Path, schema: object, type_: TypeRef | tuple[TypeRef, ...]
) -> None:
    schemas = inferred(tmp_path, A=schema, B={"type": "object", "properties": {"b": {"type": "string"}}})
    alias = next((each for each in schemas.declarations if each.name == "A"), None)
    found = alias.type if isinstance(alias, Alias) else schemas.types[f"{REFERENCE}A".removeprefix("#")]
    assert (found.members if isinstance(found, UnionOf) else found) == type_


@pytest.mark.parametrize(
    ("parts", "values"),
    [
        ([{"enum": ["a", "b", "c"]}, {"enum": ["c", "b", "d"]}], ["c", "b"]),
        ([{"$ref": f"{REFERENCE}B"}, {"enum": ["c", "b"]}], ["b"]),
        ([{"enum": ["c", "b"]}, {"$ref": f"{REFERENCE}B"}], ["b"]),
        ([{"enum": ["b"]}, {"$ref": f"{REFERENCE}B"}, {"type": "string"}], ["b"]),
        ([{"$ref": f"{REFERENCE}B"}, {"allOf": [{"enum": ["b", "c"]}]}], ["b"]),
    ],
)
def test_several_enums_come_to_the_values_of_all(tmp_path: Path, parts: list[object], values: list[str]) -> None:
    owner = {"type": "object", "properties": {"a": {"type": "string"}}}
    schemas = inferred(
        tmp_path,
        A={"type": "object", "properties": {"a": {"allOf": parts}}},
        B={"enum": ["a", "b"]},
        C={"allOf": [owner, *({"properties": {"a": part}} for part in parts)]},
    )
    declared = {each.name: each for each in schemas.declarations}
    for name in ("A", "C"):
        model = declared[name]
        assert isinstance(model, Model)
        (field,) = model.fields
        assert isinstance(field.type, Reference)
        enum = declared[field.type.name]
        assert isinstance(enum, Enum)
        assert [member.value for member in enum.members] == values
    assert said(schemas) == {}


def test_names_for_more_values_than_there_are_name_none(tmp_path: Path) -> None:
    schemas = inferred(tmp_path, A={"enum": ["red", "blue"], "x-enum-varnames": ["RED", "GREEN", "BLUE"]})
    (enum,) = schemas.declarations
    assert isinstance(enum, Enum)
    assert [(member.name, member.value) for member in enum.members] == [("RED", "red"), ("BLUE", "blue")]


def test_schemas_composed_of_each_other_keep_the_rest(tmp_path: Path) -> None:
    schemas = inferred(
        tmp_path,
        Book={"allOf": [{"$ref": f"{REFERENCE}Volume"}, {"type": "object", "properties": {"title": {}}}]},
        Volume={"allOf": [{"$ref": f"{REFERENCE}Book"}], "properties": {"number": {}}},
    )
    book = next(each for each in schemas.declarations if each.name == "Book")
    assert isinstance(book, Model)
    assert {field.wire_name for field in book.fields} == {"title", "number"}


def test_a_schema_that_the_parser_fails_at_takes_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parse = stage._parse

    def failing(tree: dict[str, Any]) -> object:
        if "cursed" in json.dumps(tree):
            raise RecursionError("cursed")
        return parse(tree)

    monkeypatch.setattr(stage, "_parse", failing)
    fine = {"type": "object", "properties": {"a": {"type": "string"}}}
    cursed = {"type": "object", "properties": {"cursed": {"type": "string"}}}
    schemas = inferred(tmp_path, A=fine, B=cursed, C=fine, D=cursed)
    kinds = {each.name: each for each in schemas.declarations}
    assert isinstance(kinds["A"], Model)
    assert isinstance(kinds["C"], Model)
    assert isinstance(kinds["B"], Alias)
    assert kinds["B"].type == MapOf(ANY)
    assert {pointer for pointer, reason in said(schemas).items() if "cannot be read" in reason} == {"B", "D"}


def test_what_is_inside_of_a_schema_with_a_remark_beside_it_stands_in_that_schema(tmp_path: Path) -> None:
    inner = {"type": "object", "properties": {"b": {"type": "object", "properties": {"c": {"type": "string"}}}}}
    remarked = {"allOf": [inner, {"description": "a remark"}]}
    schemas = inferred(tmp_path, A={"properties": {"a": remarked}, "type": "object"})
    pointers = {
        each.name: [field.pointer for field in each.fields] for each in schemas.declarations if isinstance(each, Model)
    }
    outer = "/components/schemas/A/properties/a"
    assert pointers == {
        "A": [outer],
        "AA": [f"{outer}/allOf/0/properties/b"],
        "AAB": [f"{outer}/allOf/0/properties/b/properties/c"],
    }


def test_what_requires_more_than_it_refers_to_is_a_class_of_its_own(tmp_path: Path) -> None:
    refers = {"$ref": f"{REFERENCE}B"}
    schemas = inferred(
        tmp_path,
        A={
            "type": "object",
            "properties": {
                "inside": {"allOf": [refers, {"required": ["b"]}]},
                "beside": {"allOf": [refers], "required": ["b"]},
                "items": {"type": "array", "items": {"allOf": [refers, {"required": ["b"]}]}},
                "no_more": {"allOf": [refers, {"required": ["c"]}]},
            },
        },
        B={"type": "object", "required": ["c"], "properties": {"b": {"type": "string"}, "c": {}}},
    )
    models = {each.name: each for each in schemas.declarations if isinstance(each, Model)}
    types = [field.type for field in models["A"].fields]
    assert types == [Reference("AInside"), Reference("ABeside"), ListOf(Reference("AItemsItem")), B]
    for name in ("AInside", "ABeside", "AItemsItem"):
        assert [(it.wire_name, it.type, it.required) for it in models[name].fields] == [
            ("b", STRING, True),
            ("c", ANY, True),
        ]


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"anyOf": [{"type": "number", "description": "How hot."}, {"type": "null"}]}, "How hot."),
        ({"title": "Heat", "oneOf": [{"type": "null"}, {"type": "number", "description": "How hot."}]}, "How hot."),
        ({"description": "Own.", "anyOf": [{"type": "number", "description": "Inner."}, {"type": "null"}]}, "Own."),
        ({"title": "Heat", "anyOf": [{"type": "number"}, {"type": "null"}]}, "Heat"),
        ({"anyOf": [{"type": "number", "description": "One."}, {"type": "string", "description": "Two."}]}, None),
        ({"anyOf": [{"type": "number", "description": "All there is."}]}, None),
    ],
)
def test_what_is_said_of_the_only_value_beside_null_is_said_of_the_field(
    schema: object, said: str | None, tmp_path: Path
) -> None:
    (model,) = (
        each for each in inferred(tmp_path, A={"properties": {"heat": schema}}).declarations if each.name == "A"
    )
    assert isinstance(model, Model)
    assert [field.description for field in model.fields] == [said]


def test_tags_announce_what_a_union_makes_of_its_members(tmp_path: Path) -> None:
    def kind(*values: str) -> object:
        return {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": values}}}

    union = {
        "type": "object",
        "properties": {"more": {"type": "string"}},
        "anyOf": [{"$ref": f"{REFERENCE}B"}, {"$ref": f"{REFERENCE}C"}],
    }
    schemas = inferred(tmp_path, A={"type": "array", "items": union}, B=kind("b"), C=kind("c"))
    alias = next(each for each in schemas.declarations if each.name == "A")
    assert isinstance(alias, Alias)
    assert isinstance(alias.type, ListOf)
    items = alias.type.item
    assert isinstance(items, UnionOf)
    assert items.discriminator is not None
    assert {variant.type for variant in items.discriminator.variants} == set(items.members)
    assert B not in items.members


def test_items_that_other_keywords_describe_are_no_unevaluated_ones(tmp_path: Path) -> None:
    pair = {"type": "array", "allOf": [{"prefixItems": [{"type": "string"}]}], "unevaluatedItems": False}
    (alias,) = inferred(tmp_path, Pair=pair).declarations
    assert isinstance(alias, Alias)
    assert alias.type == TupleOf((Scalar("string"),), ANY)


X = {"type": "object", "required": ["x"], "properties": {"x": {"type": "string", "format": "date"}}}
Y = {"type": "object", "required": ["y"], "properties": {"y": {"type": "string", "format": "uuid"}}}
MORE = {"type": "object", "required": ["more"], "properties": {"more": {"type": "string"}}}
UNION = {"oneOf": [{"$ref": f"{REFERENCE}X"}, {"$ref": f"{REFERENCE}Y"}]}
REFERRED = {"X": X, "Y": Y, "Union": UNION, "Extended": {"allOf": [{"$ref": f"{REFERENCE}Union"}], **MORE}}


def said_of_types(schemas: Schemas) -> dict[str, str]:
    """Return what is said, but for that the alternatives here, as most in practice, do not exclude each other."""
    return {pointer: reason for pointer, reason in said(schemas).items() if "one alternative alone" not in reason}


def variants_of(schemas: Schemas, pointer: str) -> list[set[str]]:
    """Return the fields of each class that a schema comes to."""
    models = {each.name: each for each in schemas.declarations if isinstance(each, Model)}
    aliases = {each.name: each for each in schemas.declarations if isinstance(each, Alias)}
    type_ = schemas.types[pointer]
    while isinstance(type_, Reference) and type_.name in aliases:
        type_ = aliases[type_.name].type
    members = type_.members if isinstance(type_, UnionOf) else (type_,)
    named = [models[each.name] for each in members if isinstance(each, Reference)]
    assert all(field.required for model in named for field in model.fields)
    return [{field.wire_name for field in model.fields} for model in named]


@pytest.mark.parametrize(
    ("composed", "fields"),
    [
        ({"$ref": f"{REFERENCE}Union"}, [{"x"}, {"y"}]),
        ({"$ref": f"{REFERENCE}Union", "title": "One of both"}, [{"x"}, {"y"}]),
        ({"$ref": f"{REFERENCE}Union", **MORE}, [{"x", "more"}, {"y", "more"}]),
        ({"$ref": f"{REFERENCE}Extended"}, [{"x", "more"}, {"y", "more"}]),
        ({"allOf": [{"$ref": f"{REFERENCE}Union"}, MORE]}, [{"x", "more"}, {"y", "more"}]),
        (
            {"allOf": [{"$ref": f"{REFERENCE}X"}, {"oneOf": [MORE, {"$ref": f"{REFERENCE}Y"}]}]},
            [{"x", "more"}, {"x", "y"}],
        ),
        ({"allOf": [{"$ref": f"{REFERENCE}X"}, {"$ref": f"{REFERENCE}Union"}]}, [{"x"}, {"x", "y"}]),
        (
            {
                "allOf": [
                    {"$ref": f"{REFERENCE}Extended"},
                    {"properties": {"last": {"type": "integer"}}, "required": ["last"]},
                ]
            },
            [{"x", "more", "last"}, {"y", "more", "last"}],
        ),
    ],
)
def test_each_alternative_has_what_stands_beside_it(tmp_path: Path, composed: object, fields: list[set[str]]) -> None:
    whole = {"type": "object", "properties": {"a": composed, "b": {"type": "array", "items": composed}}}
    schemas = inferred(tmp_path, **REFERRED, Composed=composed, Whole=whole)
    place = "/components/schemas/"
    for pointer in ("Composed", "Whole/properties/a", "Whole/properties/b/items"):
        found = variants_of(schemas, place + pointer)
        assert sorted(found, key=sorted) == sorted(fields, key=sorted), pointer
    assert variants_of(schemas, f"{place}Union") == [{"x"}, {"y"}]
    assert said_of_types(schemas) == {}


@pytest.mark.parametrize(
    ("composed", "entries"),
    [
        (
            UNION | {"anyOf": [MORE, {"type": "object", "properties": {"q": {}}}]},
            {"anyOf": "beside other alternatives"},
        ),
        (
            {"allOf": [UNION, {"oneOf": [MORE, {"type": "object", "properties": {"q": {}}}]}]},
            {"allOf/1/oneOf": "beside other alternatives"},
        ),
        (
            {"allOf": [{"$ref": f"{REFERENCE}Union"}, {"$ref": f"{REFERENCE}OneMore"}]},
            {"allOf/1/$ref": "beside other alternatives"},
        ),
        (
            {"allOf": [{"$ref": f"{REFERENCE}X"}, {"anyOf": [MORE, {"required": ["x"]}]}]},
            {"allOf/1/anyOf": "the alternatives are not typed here", "allOf/1/anyOf/1/required": "not checked"},
        ),
        ({"allOf": [{"$ref": f"{REFERENCE}X"}, {"anyOf": [MORE, {"type": "string"}]}]}, {}),
        (UNION | {"unevaluatedProperties": False}, {"unevaluatedProperties": "not checked beside"}),
        (
            {"$ref": f"{REFERENCE}Union", "required": ["z"]},
            {"required": "not checked for variants that do not require it"},
        ),
        (
            {"allOf": [{"$ref": f"{REFERENCE}Union"}, {"required": ["x"]}]},
            {"allOf/1/required": "not checked for variants that do not require it"},
        ),
        ({"required": ["a"]}, {"required": "not checked for properties that are not described"}),
        ({"type": "object", "properties": {"k": {"type": "string"}}, "oneOf": [MORE, {"properties": {"q": {}}}]}, {}),
        ({"properties": {"k": {"type": "string"}}, "type": "object", "anyOf": [{"$ref": f"{REFERENCE}X"}, MORE]}, {}),
    ],
)
def test_what_is_not_typed_of_a_composed_schema_has_an_entry(
    tmp_path: Path, composed: object, entries: dict[str, str]
) -> None:
    whole = {"type": "object", "properties": {"a": composed}}
    two = {"oneOf": [MORE, {"type": "object", "properties": {"q": {}}}]}
    found = said_of_types(inferred(tmp_path, **REFERRED, OneMore=two, Composed=composed, Whole=whole))
    for place in ("Composed", "Whole/properties/a"):
        told = {pointer.removeprefix(f"{place}/"): found[pointer] for pointer in found if pointer.startswith(place)}
        assert told.keys() == entries.keys()
        assert all(reason in told[pointer] for pointer, reason in entries.items())


@pytest.mark.parametrize(
    ("beside", "reason"),
    [
        ({"unevaluatedProperties": False}, "not checked beside what else this is composed of"),
        ({"additionalProperties": {"type": "integer"}}, "not checked beside what else this is composed of"),
        ({"required": ["zz"]}, "not checked for properties that are not described"),
    ],
)
def test_what_stands_beside_the_only_part_of_a_property_is_told(
    tmp_path: Path, beside: dict[str, object], reason: str
) -> None:
    only = {"allOf": [{"$ref": f"{REFERENCE}X"}], **beside}
    found = said(inferred(tmp_path, X=X, Whole={"type": "object", "properties": {"a": only}}))
    assert found == {f"Whole/properties/a/{keyword}": reason for keyword in beside}


def test_null_stays_where_all_that_is_composed_takes_it(tmp_path: Path) -> None:
    or_null = {"oneOf": [*UNION["oneOf"], {"type": "null"}]}
    beside = {"properties": {"more": {"type": "string"}}}
    schemas = inferred(
        tmp_path,
        X=X,
        Y=Y,
        OrNull=or_null,
        Composed={"$ref": f"{REFERENCE}OrNull", **beside},
        Narrowed={"$ref": f"{REFERENCE}OrNull", "type": "object", **beside},
    )
    aliases = {each.name: each.type for each in schemas.declarations if isinstance(each, Alias)}
    assert {name: isinstance(type_, Nullable) for name, type_ in aliases.items()} == {
        "OrNull": True,
        "Composed": True,
        "Narrowed": False,
    }


def test_a_union_inside_of_itself_stays_one(tmp_path: Path) -> None:
    inside = {"$ref": f"{REFERENCE}Nested", "properties": {"more": {"type": "string"}}}
    nested = {"oneOf": [{"$ref": f"{REFERENCE}X"}, {"type": "object", "properties": {"inside": inside}}]}
    schemas = inferred(tmp_path, X=X, Nested=nested)
    nested_type = next(each.type for each in schemas.declarations if isinstance(each, Alias))
    assert isinstance(nested_type, UnionOf)
    assert [type(member) for member in nested_type.members] == [Reference, Reference]
    place = "Nested/oneOf/1/properties/inside/properties"
    assert said_of_types(schemas) == {place: "not typed with what else stands here: these fields are kept as they come"}
