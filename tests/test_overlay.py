"""Overlays: what they change, where that is said to stand, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from attrest import cli
from attrest.diagnostics import LoadError
from attrest.document import Document
from attrest.load import load

ROOT = """\
openapi: 3.1.0
info: {title: Pets, version: '1'}
tags: [{name: pets}, {name: toys}, {name: old}]
paths:
  /pets:
    get:
      operationId: listPets
      tags: [pets]
      parameters: [{name: filter, in: query}, {name: old, in: query}]
      responses: {'200': {description: All.}}
    delete:
      responses: {}
"""
HEAD = "overlay: 1.0.0\ninfo: {title: Changes, version: '1'}\nactions:\n"


def overlaid(folder: Path, *overlays: str, root: str = ROOT) -> Document:
    (folder / "openapi.yaml").write_text(root, encoding="utf-8")
    (folder / "changes").mkdir(exist_ok=True)
    paths = [folder / "changes" / f"{number}.yaml" for number, _ in enumerate(overlays)]
    for path, text in zip(paths, overlays, strict=True):
        path.write_text(text, encoding="utf-8")
    return load(folder / "openapi.yaml", overlays=paths)


def refused(folder: Path, overlay: str) -> list[tuple[str, int, str]]:
    with pytest.raises(LoadError) as caught:
        overlaid(folder, overlay)
    return [(it.rule, it.location.line, it.message) for it in caught.value.findings]


def test_objects_are_merged_and_lists_grow(tmp_path: Path) -> None:
    document = overlaid(
        tmp_path,
        HEAD
        + """\
  - target: $
    update:
      info: {title: All pets, x-new: {a: [1]}}
      tags: [{name: cats}]
  - target: $.paths.*.get
    update: {summary: List}
  - target: $.paths['/pets'].get.parameters[?@.name == 'filter' && @.in == 'query']
    update: {schema: {type: string}}
  - target: $.paths..parameters
    update: {name: more, in: query}
""",
    )
    assert document.findings == ()
    tree = document.tree
    assert tree["info"] == {"title": "All pets", "version": "1", "x-new": {"a": [1]}}
    assert [tag["name"] for tag in tree["tags"]] == ["pets", "toys", "old", "cats"]
    get = tree["paths"]["/pets"]["get"]
    assert (get["summary"], get["operationId"]) == ("List", "listPets")
    assert [each["name"] for each in get["parameters"]] == ["filter", "old", "more"]
    assert get["parameters"][0]["schema"] == {"type": "string"}


def test_what_is_selected_is_removed(tmp_path: Path) -> None:
    document = overlaid(
        tmp_path,
        HEAD
        + """\
  - target: $.tags[?@.name != 'pets']
    remove: true
    update: {name: ignored}
  - target: $.paths.*.delete
    remove: true
  - target: $.paths.*.get.parameters[0]
    remove: true
""",
    )
    assert document.findings == ()
    assert document.tree["tags"] == [{"name": "pets"}]
    assert list(document.tree["paths"]["/pets"]) == ["get"]
    assert document.tree["paths"]["/pets"]["get"]["parameters"] == [{"name": "old", "in": "query"}]
    assert document.locate("/paths/~1pets/get/parameters/0").column == 47


def test_places_are_those_of_the_overlay(tmp_path: Path) -> None:
    document = overlaid(
        tmp_path,
        HEAD + "  - target: $\n    update:\n      info:\n        title: New\n      tags:\n        - name: more\n"
        "      components: {schemas: {A: {type: string}}}\n",
    )
    for pointer, place in (
        ("/info/title", "changes/0.yaml:7"),
        ("/info/version", "openapi.yaml:2"),
        ("/tags/2", "openapi.yaml:3"),
        ("/tags/3", "changes/0.yaml:9"),
        ("/tags/3/name", "changes/0.yaml:9"),
        ("/components", "changes/0.yaml:10"),
        ("/components/schemas/A/type", "changes/0.yaml:10"),
    ):
        assert document.display(pointer) == place, pointer
    assert [source.display for source in document.sources] == ["openapi.yaml", "changes/0.yaml"]


def test_overlays_are_applied_in_order_before_references_are_followed(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "a.yaml").write_text("title: A\n", encoding="utf-8")
    one = (
        "  - {target: $, update: {components: {schemas: {A: {$ref: parts/a.yaml}, "
        "B: {$ref: '#/components/schemas/A'}}}}}\n"
    )
    two = "  - {target: $.components.schemas.B, update: {description: Ours}}\n"
    document = overlaid(tmp_path, HEAD + one, HEAD + two)
    assert document.findings == ()
    assert document.tree["components"]["schemas"] == {
        "A": {"title": "A"},
        "B": {"$ref": "#/components/schemas/A", "description": "Ours"},
    }


def test_a_target_that_selects_nothing_is_said(tmp_path: Path) -> None:
    document = overlaid(tmp_path, HEAD + "  - target: $.paths['/cats']\n    remove: true\n")
    (finding,) = document.findings
    assert (finding.severity, finding.rule, finding.location.line) == ("warning", "overlay", 4)
    assert finding.message == "$.paths['/cats'] selects nothing"
    assert document.tree["info"]["title"] == "Pets"


@pytest.mark.parametrize(
    ("overlay", "line", "message"),
    [
        ("- a\n", 1, "an overlay is a mapping"),
        ("overlay: 2.0.0\nactions: []\n", 1, "an overlay says its version, such as overlay: 1.0.0"),
        ("overlay: 1.0.0\nactions: {}\n", 2, "an overlay has a list of actions"),
        (HEAD + "  - update: {}\n", 4, "an action is a mapping with a target"),
        (HEAD + "  - target: $\n", 4, "the action neither updates nor removes anything"),
        (HEAD + "  - target: $\n    copy: $.info\n", 5, "'copy' is not a field of an action"),
        (HEAD + "  - target: $\n    remove: true\n", 4, "the whole description cannot be removed"),
        (HEAD + "  - target: $.info\n    update: text\n", 5, "$.info selects an object, which an object updates"),
        (HEAD + "  - target: $.info.title\n    update: a\n", 5, "$.info.title selects neither an object nor a list"),
    ],
)
def test_what_the_standard_does_not_have_is_refused(tmp_path: Path, overlay: str, line: int, message: str) -> None:
    assert refused(tmp_path, overlay) == [("overlay", line, message)]


@pytest.mark.parametrize("target", ["info", "$.a[", "$.a[?@.b ==]", "$[?nothing(@)]", "$['a]", ""])
def test_a_target_that_is_no_jsonpath_is_refused(tmp_path: Path, target: str) -> None:
    ((rule, line, message),) = refused(tmp_path, HEAD + f"  - target: {json.dumps(target)}\n    remove: true\n")
    assert (rule, line) == ("overlay", 4)
    assert message.startswith(f"{target} is no JSONPath: ")


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    assert [(rule, line) for rule, line, _ in refused(tmp_path, "a: b: c\n")] == [("bad-yaml", 1)]


class TestRuns:
    def test_take_overlays_from_the_settings_and_the_command_line(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        Path("openapi.yaml").write_text(ROOT, encoding="utf-8")
        for name in ("one", "two"):
            text = f"{HEAD}  - {{target: $.info, update: {{title: {name}, x-{name}: true}}}}\n"
            Path(f"{name}.yaml").write_text(text, encoding="utf-8")
        table = '[tool.attrest]\ndocument = "openapi.yaml"\npackage = "pets"\noverlays = ["one.yaml"]\n'
        Path("pyproject.toml").write_text(table, encoding="utf-8")

        def info(*options: str) -> Any:
            assert cli.run(["bundle", "-o", "bundle.json", *options]) == 0
            return json.loads(Path("bundle.json").read_text())["info"]

        assert info() == {"title": "one", "version": "1", "x-one": True}
        assert info("--overlay", "two.yaml") == {"title": "two", "version": "1", "x-one": True, "x-two": True}
        assert cli.run(["generate"]) == 0
        capsys.readouterr()
        assert cli.run(["generate"]) == 0
        assert capsys.readouterr().out.startswith("generated: up to date\n")
        assert cli.run(["generate", "--check", "--overlay", "two.yaml"]) == 1
        Path("one.yaml").write_text(HEAD + "  - {target: $.info, update: {title: Three}}\n", encoding="utf-8")
        assert cli.run(["generate", "--check"]) == 1
        assert cli.run(["validate", "--overlay", "three.yaml"]) == 2
        assert "overlay three.yaml: no such file" in capsys.readouterr().err
