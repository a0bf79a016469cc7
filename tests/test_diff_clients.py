"""Comparisons of the clients that two descriptions give, held against what griffe finds in the generated packages."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import attrs
import griffe
import pytest
import yaml

from attrest.diffing.changes import Change
from attrest.diffing.clients import compare_clients, covers, renamings
from attrest.diffing.pythonrules import PYTHON_TABLE
from attrest.ir import Api
from attrest.load import load
from attrest.pipeline import analyse, prepare
from attrest.render import render
from attrest.settings import Settings
from attrest.typerefs import ANY, NULL, STRING, ListOf, LiteralOf, MapOf, Nullable, Reference, Scalar, TupleOf, UnionOf
from test_diff import patched

STORY: Any = {
    "post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Story"}}}}}
}
CASES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "diff" / "clients.yaml").read_text())


def client(folder: Path, description: Any) -> Api:
    folder.mkdir()
    document = folder / "openapi.json"
    document.write_text(json.dumps(description))
    found = Settings(document=document, output=folder / "out")
    return analyse(prepare(load(document), found), found, lambda _: None)


def told(changes: tuple[Change, ...]) -> Counter[str]:
    return Counter(f"{it.verdict} {it.fact.rule.removeprefix('python.')} {it.places[0]}" for it in changes)


@pytest.fixture(scope="module", params=CASES["cases"], ids=lambda case: case["name"])
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


@pytest.fixture(scope="module")
def clients(case: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> tuple[Api, Api]:
    folder, base = tmp_path_factory.mktemp("clients"), patched(CASES["base"], case.get("base", {}))
    return client(folder / "old", base), client(folder / "new", patched(base, case["new"]))


def test_a_pair_gives_exactly_these_changes(case: dict[str, Any], clients: tuple[Api, Api]) -> None:
    assert told(compare_clients(*clients)) == Counter(case["forth"]), "forth"
    assert told(compare_clients(*reversed(clients))) == Counter(case["back"]), "back"


def test_whatever_griffe_finds_breaks(clients: tuple[Api, Api], tmp_path: Path) -> None:
    packages = [package(api, tmp_path / str(index)) for index, api in enumerate(clients)]
    for sides in (zip(clients, packages, strict=True), zip(reversed(clients), reversed(packages), strict=True)):
        (old_api, old), (new_api, new) = sides
        changes = compare_clients(old_api, new_api)
        breaking = " ".join(str(change.places[0]) for change in changes if change.verdict == "breaking")
        for breakage in filter(is_public, griffe.find_breaking_changes(old, new)):
            for name in named(breakage.obj):
                assert re.search(rf"\b{name.removeprefix('Async')}\b", breaking), breakage.explain()


def named(gone: griffe.Object | griffe.Alias) -> list[str]:
    """What callers call it: of a module, what it has."""
    held = gone.members.values() if gone.is_module else [gone]
    return [each.name for each in held if not each.is_alias and not each.name.startswith(("_", "decode_"))]


def package(api: Api, folder: Path) -> griffe.Object | griffe.Alias:
    for path, content in render(api, {}).files.items():
        if path.startswith("python/src/"):
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
    return griffe.load(api.package, search_paths=[str(folder / "python/src")])


def is_public(breakage: griffe.Breakage) -> bool:
    """Tell whether what breaks can be named by callers, and is no part of how an attribute is written down.

    What reads an alias goes with it; the value of a class's attribute is how attrs makes it.
    """
    path = breakage.obj.path.split(".")
    if any(part.startswith("_") for part in path):
        return False
    is_value = breakage.kind is griffe.BreakageKind.ATTRIBUTE_CHANGED_VALUE
    is_reader = path[-1].startswith("decode_")
    return not is_reader and not (is_value and not path[-1].isupper())


def test_what_is_renamed_and_kept_breaks_nobody(tmp_path: Path) -> None:
    renamed: Any = {
        "paths": {"/pets/{id}": {"get": {"operationId": "readPet", "tags": ["animals"]}, "put": {"tags": ["animals"]}}},
        "components": {
            "schemas": {"News": None, "Story": {"type": "object", "properties": {"text": {"type": "string"}}}}
        },
        "webhooks": {"newPet": None, "oldPet": patched(CASES["base"]["webhooks"]["newPet"], STORY)},
    }
    old, new = client(tmp_path / "old", CASES["base"]), client(tmp_path / "new", patched(CASES["base"], renamed))
    breaking = {change for change in compare_clients(old, new) if change.verdict == "breaking"}
    kept = renamings(old, new)
    assert breaking == kept.keys()
    assert {f"{each.old} {each.new}" for each in kept.values() if each.kind == "import"} == {
        "events.new_pet_webhook.NewPetWebhook events.old_pet_webhook.OldPetWebhook",
        "events.new_pet_webhook.parse_new_pet events.old_pet_webhook.parse_old_pet",
        "models.news.News models.story.Story",
        "operations.get_pet.GetPetRequest operations.read_pet.ReadPetRequest",
        "resources.pets.Pets resources.animals.Animals",
    }
    with_names = attrs.evolve(new, renamed=tuple(kept.values()))
    packages = [package(api, tmp_path / name) for name, api in (("before", old), ("now", new), ("kept", with_names))]
    without, within = (
        {
            each.obj.path
            for each in griffe.find_breaking_changes(packages[0], found)
            if each.kind is griffe.BreakageKind.OBJECT_REMOVED and is_public(each)
        }
        for found in packages[1:]
    )
    assert {
        "pets.models.news",
        "pets.operations.get_pet",
        "pets.resources.pets",
        "pets.events.new_pet_webhook",
    } < without
    assert within == set()


def test_a_client_is_the_same_as_itself(tmp_path: Path) -> None:
    old = client(tmp_path / "old", CASES["base"])
    assert compare_clients(old, client(tmp_path / "new", CASES["base"])) == ()


def test_every_kind_and_every_action_of_the_table_is_shown_by_a_case() -> None:
    rules = {entry.split()[1] for case in CASES["cases"] for key in ("forth", "back") for entry in case[key]}
    shown = {part for rule in rules for part in rule.split(".")}
    assert sorted({part.replace(" ", "-") for key in PYTHON_TABLE for part in key} - shown) == []


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (ANY, STRING),
        (Scalar("number"), Scalar("integer")),
        (Nullable(STRING), STRING),
        (Nullable(STRING), NULL),
        (UnionOf((STRING, Scalar("integer"))), STRING),
        (UnionOf((STRING, Scalar("integer"), Reference("A"))), UnionOf((Scalar("integer"), STRING))),
        (ListOf(Nullable(STRING)), ListOf(STRING)),
        (MapOf(ANY), MapOf(STRING)),
        (ListOf(STRING), TupleOf((STRING, STRING), None)),
        (LiteralOf(("a", "b")), LiteralOf(("a",))),
        (STRING, LiteralOf(("a",))),
    ],
)
def test_a_wider_type_covers_a_narrower_one_and_not_the_reverse(wide: Any, narrow: Any) -> None:
    assert covers(wide, narrow)
    assert not covers(narrow, wide)


def test_a_literal_that_is_true_is_not_1() -> None:
    assert not covers(LiteralOf((1,)), LiteralOf((True,)))
