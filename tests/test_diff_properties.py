"""What is no change: another order, other names of components, other places of schemas, and one file for several."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attrest.bundle import dump_json, dump_yaml
from attrest.diffing.comparison import compare
from attrest.load import load
from attrest.objects import walk
from golden_cases import CASES, GOLDEN

TODAY = dt.date(2026, 7, 1)
CORPUS = Path(os.environ.get("ATTREST_CORPUS", Path(__file__).parents[2] / "shared" / "corpus" / "specs"))
SEED = 0
REAL = ("bunq.json", "clerk.yaml", "meilisearch.json", "opencode.yaml", "superset.json", "telegram-bot.json")
UNORDERED = ("required", "oneOf", "anyOf", "enum")
NAMES_OF_VALUES = {"x-enum-varnames", "x-enumNames", "x-enum-descriptions"}


@cache
def golden(case: str) -> Any:
    return load(GOLDEN / case / "openapi.yaml").tree


def reordered(tree: Any, random: Random) -> Any:
    """Return a description with every map, and every list whose order says nothing, in another order."""
    tree = deepcopy(tree)
    for placed in walk(tree):
        if not isinstance(placed.node, dict):
            continue
        if placed.kind == "schema" and not NAMES_OF_VALUES & placed.node.keys():
            shuffle(placed.node, UNORDERED, random)
        elif placed.kind in {"operation", "path item"}:
            shuffle(placed.node, ("parameters", "tags", "security"), random)
    return with_shuffled_keys(tree, random)


def shuffle(node: dict[str, Any], keywords: tuple[str, ...], random: Random) -> None:
    for keyword in keywords:
        if isinstance(node.get(keyword), list):
            random.shuffle(node[keyword])


def with_shuffled_keys(node: Any, random: Random) -> Any:
    if isinstance(node, list):
        return [with_shuffled_keys(each, random) for each in node]
    if not isinstance(node, dict):
        return node
    keys = list(node)
    random.shuffle(keys)
    return {key: with_shuffled_keys(node[key], random) for key in keys}


def renamed(tree: Any) -> Any:
    """Return a description whose components have other names; what a discriminator names stays, since it travels."""
    tree = deepcopy(tree)
    components = tree.get("components", {})
    sections = ["parameters", "responses", "requestBodies", "headers"]
    if not any(placed.kind == "discriminator" for placed in walk(tree)):
        sections.append("schemas")
    for placed in list(walk(tree)):
        reference = placed.node.get("$ref") if isinstance(placed.node, dict) else None
        if isinstance(reference, str) and reference.startswith("#/components/"):
            section, _, name = reference.removeprefix("#/components/").partition("/")
            if section in sections:
                placed.node["$ref"] = f"#/components/{section}/Other{name}"
    for section in sections:
        if section in components:
            components[section] = {f"Other{name}": node for name, node in components[section].items()}
    return tree


def taken_apart(tree: Any) -> Any:
    """Return a description in which every property's schema is a component of its own."""
    tree = deepcopy(tree)
    schemas = tree.setdefault("components", {}).setdefault("schemas", {})
    holders = [
        placed.node
        for placed in walk(tree)
        if placed.kind == "schema" and isinstance(placed.node, dict) and isinstance(placed.node.get("properties"), dict)
    ]
    for number, holder in enumerate(holders):
        for index, (name, schema) in enumerate(holder["properties"].items()):
            if isinstance(schema, dict) and "$ref" not in schema:
                schemas[f"Taken{number}of{index}"] = schema
                holder["properties"][name] = {"$ref": f"#/components/schemas/Taken{number}of{index}"}
    return tree


@pytest.mark.parametrize("case", [case for case in CASES if case != "tolerated"])  # that lists a parameter twice
@given(random=st.randoms(use_true_random=False))
@settings(max_examples=3, deadline=None)
def test_order_is_no_change(case: str, random: Random) -> None:
    assert compare(golden(case), reordered(golden(case), random), TODAY) == ()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("rewritten", [renamed, taken_apart], ids=lambda rewritten: rewritten.__name__)
def test_names_and_places_of_components_are_no_change(case: str, rewritten: Callable[[Any], Any]) -> None:
    tree = golden(case)
    assert compare(tree, rewritten(tree), TODAY) == ()
    assert compare(rewritten(tree), tree, TODAY) == ()


@pytest.mark.parametrize("case", CASES)
def test_a_bundle_is_no_change(case: str, tmp_path: Path) -> None:
    for name, dump in (("openapi.yaml", dump_yaml), ("openapi.json", dump_json)):
        (tmp_path / name).write_text(dump(golden(case)))
        assert compare(golden(case), load(tmp_path / name).tree, TODAY) == ()


@pytest.fixture(scope="module", params=REAL)
def real(request: pytest.FixtureRequest) -> Any:
    file = CORPUS / request.param
    if not file.is_file():
        pytest.skip(f"{file} is not here")
    return load(file).tree


def test_a_real_description_is_the_same_in_another_order(real: Any) -> None:
    random = Random(SEED)  # noqa: S311 - nothing here is secret
    assert compare(real, reordered(real, random), TODAY) == ()


def test_a_real_description_is_the_same_under_other_names(real: Any) -> None:
    assert compare(real, renamed(real), TODAY) == ()


def test_a_real_description_can_be_compared_with_any_other(real: Any) -> None:
    other = golden("minimal")
    mixed = {**json.loads(json.dumps(other)), "paths": {**real["paths"], **other["paths"]}}
    mixed["components"] = other.get("components", {})
    assert compare(real, mixed, TODAY)
    assert compare(mixed, real, TODAY)
