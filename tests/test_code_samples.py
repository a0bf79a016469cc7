"""The code samples of the published description: those that the reference shows, and nothing that comparing sees."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import yaml

from attrest.diffing.comparison import compare
from attrest.load import load
from attrest.pages.codesamples import EXTENSION
from attrest.pipeline import as_json, build
from attrest.settings import Choice, Settings
from attrest.validate import validate

ROOT: Final = Path(__file__).parents[1]
PUBLISHED: Final = ROOT / "generated" / "openapi"
METHODS: Final = ("get", "post", "patch", "delete")
DONE: Final = {"responses": {"204": {"description": "Done."}}}
THEIRS: Final = {"lang": "Shell", "source": "curl https://things.example"}


def description(paths: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://things.example"}],
        "paths": paths,
        **more,
    }


def published(tree: Mapping[str, Any], folder: Path, **settings: Any) -> dict[str, Any]:
    """Return the description that is published for one."""
    file = folder / "things.json"
    file.write_text(json.dumps(tree), encoding="utf-8")
    made = build(Settings(document=file, output=Path("unused"), root=folder, **settings), lambda _: None)
    found: dict[str, Any] = json.loads(made.tree.files["openapi/openapi.json"])
    return found


def operations(tree: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [item[method] for item in tree["paths"].values() for method in item if method in METHODS]


def labels(operation: Mapping[str, Any]) -> list[str]:
    return [sample.get("label", "") for sample in operation[EXTENSION]]


def test_samples_are_the_programs_of_the_reference() -> None:
    pages = "\n".join(page.read_text(encoding="utf-8") for page in sorted(ROOT.glob("generated/docs/sdks/*/README.md")))
    found = operations(json.loads((PUBLISHED / "openapi.json").read_text(encoding="utf-8")))
    assert len(found) == 5
    for operation in found:
        sync, asynchronous = operation[EXTENSION]
        assert (sync["lang"], sync["label"]) == ("Python", "Python")
        assert (asynchronous["lang"], asynchronous["label"]) == ("Python", "Python (async)")
        assert "asyncio.run(" in asynchronous["source"]
        assert "asyncio" not in sync["source"]
        for sample in (sync, asynchronous):
            assert f"### Example Usage\n\n```python\n{sync['source']}```\n" in pages
            assert f"\n```python\n{sample['source']}```\n" in pages


def test_both_forms_have_the_same_samples() -> None:
    as_written = yaml.load((PUBLISHED / "openapi.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    assert as_written == json.loads((PUBLISHED / "openapi.json").read_text(encoding="utf-8"))


def test_the_bundle_is_the_published_description_without_samples() -> None:
    tree = json.loads((PUBLISHED / "openapi.json").read_text(encoding="utf-8"))
    for operation in operations(tree):
        del operation[EXTENSION]
    assert json.loads(as_json(load(ROOT / "openapi" / "openapi.yaml"))) == tree


def test_samples_are_no_change_and_no_finding() -> None:
    ours, theirs = load(ROOT / "openapi" / "openapi.yaml"), load(PUBLISHED / "openapi.yaml")
    today = dt.date(2026, 7, 1)
    assert compare(ours.tree, theirs.tree, today) == compare(theirs.tree, ours.tree, today) == ()
    assert validate(theirs) == ()


def test_publishing_again_changes_nothing(tmp_path: Path) -> None:
    once = published(description({"/a": {"get": DONE, "post": DONE}}), tmp_path)
    assert [labels(each) for each in operations(once)] == [["Python", "Python (async)"]] * 2
    assert published(once, tmp_path) == once


def test_samples_that_a_description_has_stay_in_front(tmp_path: Path) -> None:
    tree = published(description({"/a": {"get": {**DONE, EXTENSION: [THEIRS]}}}), tmp_path)
    first, *others = tree["paths"]["/a"]["get"][EXTENSION]
    assert first == THEIRS
    assert [each["label"] for each in others] == ["Python", "Python (async)"]


def test_what_is_left_out_has_no_samples(tmp_path: Path) -> None:
    given = description({"/a": {"get": DONE}, "/b": {"get": DONE}})
    tree = published(given, tmp_path, exclude=Choice(operations=("GET /b",)))
    assert EXTENSION in tree["paths"]["/a"]["get"]
    assert tree["paths"]["/b"]["get"] == DONE


def test_paths_that_share_their_operations_share_samples(tmp_path: Path) -> None:
    shared = {"$ref": "#/components/pathItems/Shared"}
    components = {"pathItems": {"Shared": {"get": DONE}}}
    given = description({"/a": shared, "/b": shared}, components=components)
    before = deepcopy(given)
    tree = published(given, tmp_path)
    assert tree["paths"] == before["paths"]
    assert labels(tree["components"]["pathItems"]["Shared"]["get"]) == ["Python", "Python (async)"]
