"""References by identifiers: ``$id``, ``$anchor`` and ``$self``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from attrest.document import Document
from attrest.load import load


def loaded(folder: Path, schemas: dict[str, Any], **files: Any) -> Document:
    tree = {"openapi": "3.2.0", "$self": "https://example.com/api/openapi.json", "components": {"schemas": schemas}}
    for name, content in {"openapi": tree, **files}.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return load(folder / "openapi.json")


def target(document: Document, name: str = "From") -> str:
    return str(document.tree["components"]["schemas"][name]["$ref"])


@pytest.mark.parametrize(
    ("reference", "pointer"),
    [
        ("#/components/schemas/To", "#/components/schemas/To"),
        ("https://example.com/api/openapi.json#/components/schemas/To", "#/components/schemas/To"),
        ("openapi.json#/components/schemas/To", "#/components/schemas/To"),
        ("https://example.com/schemas/to", "#/components/schemas/To"),
        ("/schemas/to", "#/components/schemas/To"),
        ("../schemas/to#/properties/a", "#/components/schemas/To/properties/a"),
        ("../schemas/to#inner", "#/components/schemas/To/properties/b"),
        ("#inner", "#/components/schemas/To/properties/b"),
        ("../schemas/part", "#/components/schemas/To/$defs/Part"),
        ("../schemas/part#/items", "#/components/schemas/To/$defs/Part/items"),
    ],
)
def test_lead_to_what_they_identify(tmp_path: Path, reference: str, pointer: str) -> None:
    to = {
        "$id": "https://example.com/schemas/to",
        "properties": {"a": {}, "b": {"$anchor": "inner"}},
        "$defs": {"Part": {"$id": "part", "items": {"$ref": "to#/properties/a"}}, "Own": {"$ref": "#/$defs/Part"}},
    }
    document = loaded(tmp_path, {"From": {"$ref": reference}, "To": to})
    assert document.findings == ()
    assert target(document) == pointer
    found = document.tree["components"]["schemas"]["To"]["$defs"]
    assert found["Part"]["items"]["$ref"] == "#/components/schemas/To/properties/a"
    assert found["Own"]["$ref"] == "#/components/schemas/To/$defs/Part"


def test_lead_where_they_would_without_where_they_identify_nothing(tmp_path: Path) -> None:
    document = loaded(
        tmp_path,
        {
            "A": {"$id": "https://example.com/a", "items": {"$ref": "#/components/schemas/B"}},
            "B": {"$id": 3, "items": {"$ref": "b.json"}},
        },
        b={"$id": "https://example.com/b", "items": {"$ref": "#/$defs/C"}, "$defs": {"C": {"$anchor": "c"}}},
    )
    assert document.findings == ()
    schemas = document.tree["components"]["schemas"]
    assert schemas["A"]["items"] == {"$ref": "#/components/schemas/B"}
    assert schemas["b"]["items"] == {"$ref": "#/components/schemas/b/$defs/C"}


def test_what_lies_beside_the_root_file_has_its_url_beside_that_of_the_root(tmp_path: Path) -> None:
    document = loaded(
        tmp_path,
        {
            "A": {"items": {"$ref": "https://example.com/api/b.json#/B"}},
            "Elsewhere": {"$ref": "https://example.com/b.json#/B"},
            "Missing": {"$ref": "https://example.com/api/c.json#/C"},
            "Above": {"$ref": "https://example.com/api/../../b.json"},
        },
        b={"B": {"title": "B"}},
    )
    assert document.tree["components"]["schemas"]["A"] == {"items": {"$ref": "#/components/schemas/B"}}
    assert [finding.rule for finding in document.findings] == ["remote-reference"] * 3


def test_what_does_not_lie_beside_the_root_file_is_where_its_url_leads(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "shared.json").write_text('{"S": {"title": "S"}}', encoding="utf-8")
    document = loaded(
        tmp_path / "api",
        {
            "Above": {"items": {"$ref": "../shared.json#/S"}},
            "NoEnding": {"items": {"$ref": "b#/B"}},
            "Elsewhere": {"$ref": "/common/c.json#/C"},
            "Behind": {"items": {"$ref": "b.json#/D"}},
        },
        b={"B": {"title": "B"}, "D": {"items": {"$ref": "d/e.json"}}},
    )
    schemas = document.tree["components"]["schemas"]
    assert schemas["Above"] == {"items": {"$ref": "#/components/schemas/S"}}
    assert schemas["NoEnding"] == {"items": {"$ref": "#/components/schemas/B"}}
    assert schemas["D"] == {"items": {"$ref": "https://example.com/api/d/e.json"}}
    assert [finding.message for finding in document.findings] == [
        "d/e.json is https://example.com/api/d/e.json, and is not fetched",
        "/common/c.json#/C is https://example.com/common/c.json, and is not fetched",
    ]


def test_links_name_the_description_that_they_are_in(tmp_path: Path) -> None:
    tree = {
        "openapi": "3.2.0",
        "$self": "https://example.com/api/openapi.json",
        "paths": {"/a": {"get": {}}},
        "components": {
            "links": {
                "whole": {"operationRef": "https://example.com/api/openapi.json#/paths/~1a/get"},
                "relative": {"operationRef": "openapi.json#/paths/~1a/get"},
                "other": {"operationRef": "other.json#/paths/~1a/get"},
            }
        },
    }
    (tmp_path / "openapi.json").write_text(json.dumps(tree), encoding="utf-8")
    links = load(tmp_path / "openapi.json").tree["components"]["links"]
    assert [link["operationRef"] for link in links.values()] == [
        "#/paths/~1a/get",
        "#/paths/~1a/get",
        "other.json#/paths/~1a/get",
    ]


def test_anchors_of_other_files(tmp_path: Path) -> None:
    document = loaded(
        tmp_path,
        {"From": {"items": {"$ref": "b.json#c"}}, "Lost": {"$ref": "b.json#lost"}, "Nowhere": {"$ref": "#lost"}},
        b={"$defs": {"C": {"$anchor": "c", "title": "C", "items": {"$ref": "#c"}}}},
    )
    schemas = document.tree["components"]["schemas"]
    assert schemas["From"] == {"items": {"$ref": "#/components/schemas/C"}}
    assert schemas["C"]["items"] == {"$ref": "#/components/schemas/C"}
    assert [finding.message for finding in document.findings] == [
        "b.json#lost leads nowhere: no schema has the anchor lost",
        "#lost leads nowhere: no schema has the anchor lost",
    ]
