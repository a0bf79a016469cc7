"""Comparisons of descriptions: the verdict on each of many named pairs, and that the table of verdicts is whole."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from attrest.diffing.changes import DOCUMENTATION, Change
from attrest.diffing.comparison import compare
from attrest.diffing.rules import TABLE

TODAY = dt.date(2026, 7, 1)
FOLDER = Path(__file__).parent / "diff"
SCHEMAS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "schemas.yaml").read_text())
DOCUMENTS: dict[str, Any] = yaml.safe_load((FOLDER / "documents.yaml").read_text())


def with_schema(schema: Any, components: Mapping[str, Any]) -> dict[str, Any]:
    """Return a description of one call that sends a value and receives one."""
    content = {"application/json": {"schema": schema}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {
            "/things": {
                "post": {
                    "requestBody": {"content": content},
                    "responses": {"200": {"description": "Done.", "content": content}},
                }
            }
        },
        "components": {"schemas": dict(components)},
    }


def patched(base: Any, patch: Any) -> Any:
    """Return a JSON value with a merge patch applied (RFC 7386)."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = patched(merged.get(key), value)
    return merged


def found(changes: tuple[Change, ...]) -> Counter[str]:
    return Counter(f"{change.verdict} {change.fact.rule} ({change.fact.direction})" for change in changes)


def expected(table: Mapping[str, str]) -> Counter[str]:
    """Return what a case expects of a schema: by rule the verdict on the request and that on the response."""
    listed: Counter[str] = Counter()
    for rule, said in table.items():
        verdicts, _, twice = said.partition(" ")
        for direction, verdict in zip(("request", "response"), verdicts.split("/"), strict=True):
            if verdict:
                listed[f"{verdict} schema.{rule.replace(' ', '-')} ({direction})"] += 2 if twice else 1
    return listed


@pytest.mark.parametrize("case", SCHEMAS, ids=lambda case: case["name"])
def test_a_pair_of_schemas_gives_exactly_these_changes(case: dict[str, Any]) -> None:
    old, new = (with_schema(case[side], case.get("components", {})) for side in ("old", "new"))
    assert found(compare(old, new, TODAY)) == expected(case["forth"]), "forth"
    assert found(compare(new, old, TODAY)) == expected(case["back"]), "back"


@pytest.mark.parametrize("case", DOCUMENTS["cases"], ids=lambda case: case["name"])
def test_a_pair_of_descriptions_gives_exactly_these_changes(case: dict[str, Any]) -> None:
    base = patched(DOCUMENTS["base"], case.get("base", {}))
    old, new = base, patched(base, case["new"])
    assert found(compare(old, new, TODAY)) == Counter(case["forth"]), "forth"
    if "back" in case:
        assert found(compare(new, old, TODAY)) == Counter(case["back"]), "back"


def test_every_case_has_a_name_of_its_own_and_a_reason() -> None:
    cases = [*SCHEMAS, *DOCUMENTS["cases"]]
    assert max(Counter(case["name"] for case in cases).values()) == 1
    assert all(case["why"].strip() for case in cases)
    assert len(cases) >= 150


def test_every_row_of_the_table_is_shown_by_a_case() -> None:
    shown: set[tuple[str, str, str]] = set()
    for case in SCHEMAS:
        old, new = (with_schema(case[side], case.get("components", {})) for side in ("old", "new"))
        for changes in (compare(old, new, TODAY), compare(new, old, TODAY)):
            shown |= {(change.fact.area, change.fact.kind, change.fact.action) for change in changes}
    for case in DOCUMENTS["cases"]:
        base = patched(DOCUMENTS["base"], case.get("base", {}))
        for sides in ((base, patched(base, case["new"])), (patched(base, case["new"]), base)):
            shown |= {(it.fact.area, it.fact.kind, it.fact.action) for it in compare(*sides, TODAY)}
    assert sorted(key for key in TABLE.keys() - shown if key[1] != DOCUMENTATION) == []


def test_a_comparison_leaves_both_descriptions_as_they_are() -> None:
    base = DOCUMENTS["base"]
    kept = deepcopy(base)
    compare(base, patched(base, DOCUMENTS["cases"][0]["new"]), TODAY)
    assert base == kept


@pytest.mark.parametrize(
    "new",
    [
        {"paths": {"/pets/{id}": {"get": 3}}},
        {"paths": {"/pets/{id}": {"get": {"responses": {"200": True, "404": ["x"]}}, "put": {"requestBody": "x"}}}},
        {"paths": {"/pets/{id}": {"get": {"parameters": [3, {"name": "id"}]}}}},
        {"webhooks": {"newPet": {"post": {"requestBody": {"content": {"application/json": {"schema": 3}}}}}}},
    ],
    ids=json.dumps,
)
def test_what_has_another_shape_than_the_standard_gives_it_is_compared_all_the_same(new: dict[str, Any]) -> None:
    old = DOCUMENTS["base"]
    assert compare(old, patched(old, new), TODAY)
    assert compare(patched(old, new), old, TODAY)


@pytest.mark.parametrize("keyword", ["format", "type", "enum", "required", "properties", "items", "allOf", "pattern"])
@pytest.mark.parametrize("value", [3, [], {}, [["x"]], {"x": []}], ids=json.dumps)
def test_keywords_of_other_shapes_are_compared_all_the_same(keyword: str, value: Any) -> None:
    old, new = with_schema({"type": "string", keyword: value}, {}), with_schema({"type": "string"}, {})
    assert compare(old, old, TODAY) == ()
    compare(old, new, TODAY)
    compare(new, old, TODAY)
