"""Selection: which operations are generated, and what goes with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from attrest import cli, pointers
from attrest.document import Document
from attrest.load import load
from attrest.mend import mend
from attrest.objects import reference_of, walk
from attrest.select import select
from attrest.settings import Choice


def answer(schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"200": {"description": "", "content": content}}


def operation(name: str, tag: str, schema: str = "Pet", **more: Any) -> dict[str, Any]:
    return {"operationId": name, "tags": [tag], "responses": answer(schema), **more}


TREE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "security": [{"main": []}],
    "paths": {
        "/pets": {"get": operation("listPets", "pets"), "post": operation("addPet", "admin", "Receipt")},
        "/pets/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "get": operation("getPet", "pets", security=[{"other": []}]),
        },
        "/pets/{id}/toys": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": operation("listToys", "toys", "Toy"),
        },
        "/animals": {"$ref": "#/paths/~1pets"},
        "x-note": {"get": "data"},
    },
    "webhooks": {"petBorn": {"post": operation("petBorn", "events", "Event")}},
    "components": {
        "schemas": {
            "Pet": {"discriminator": {"propertyName": "kind", "mapping": {"cat": "Cat"}}, "type": "object"},
            "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"$ref": "#/components/schemas/Claws"}]},
            "Lion": {"allOf": [{"$ref": "#/components/schemas/Cat"}]},
            "Claws": {"type": "object"},
            "Receipt": {"type": "object"},
            "Toy": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Toy"}, "for": {
                "$ref": "#/paths/~1pets/post/responses/200/content/application~1json/schema"}}},
            "Event": {"type": "object"},
            "Alone": {"type": "object"},
        },
        "parameters": {"Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}},
        "securitySchemes": {name: {"type": "http", "scheme": "bearer"} for name in ("main", "other", "none")},
    },
}  # fmt: skip


@pytest.fixture
def document(tmp_path: Path) -> Document:
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(TREE), encoding="utf-8")
    return mend(load(file))


def kept(document: Document) -> set[str]:
    """The paths and methods, and the names of the components, that are left."""
    tree = document.tree
    paths = {path: item for path, item in tree["paths"].items() if path != "x-note"}
    found = {f"{method} {path}" for path, item in paths.items() for method in item if method != "parameters"}
    found |= {f"{method} {name}" for name, item in tree.get("webhooks", {}).items() for method in item}
    return found | {name for section in tree["components"].values() for name in section}


def dangling(document: Document) -> list[str]:
    targets = [reference_of(placed.node) for placed in walk(document.tree)]
    return [
        target
        for target in targets
        if target and pointers.resolve(document.tree, pointers.split(target[1:])) is pointers.MISSING
    ]


PETS = {"get /pets", "get /animals", "Pet", "Cat", "Lion", "Claws", "main"}
PET = {"get /pets/{id}", "Id", "other"}


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        (Choice(tags=("pets",)), Choice(), PETS | PET),
        (Choice(tags=("pets",)), Choice(operations=("getPet",)), PETS),
        (Choice(paths=("/pets/*",)), Choice(), {*PET, "Pet", "Cat", "Lion", "Claws", "main"}),
        (Choice(paths=("/pets/**",)), Choice(tags=("pets",)), {"get /pets/{id}/toys", "Toy", "Receipt", "main"}),
        (Choice(operations=("GET /pets", "get /animals")), Choice(), PETS),
        (Choice(operations=("list*",)), Choice(tags=("toys",)), PETS),
        (Choice(), Choice(paths=("/**",)), {"post petBorn", "Event", "main"}),
        (Choice(tags=("events",), operations=("getPet",)), Choice(tags=("pets",)), {"post petBorn", "Event", "main"}),
    ],
)
def test_only_what_is_chosen_is_left_and_what_it_needs(
    document: Document, include: Choice, exclude: Choice, expected: set[str]
) -> None:
    selected = select(document, include, exclude)
    names = kept(selected)
    rescued = {name for name in names if "pets_post" in name}
    assert names - rescued == expected
    assert bool(rescued) == ("Toy" in names)
    assert dangling(selected) == []
    assert selected.findings == document.findings
    assert document.tree == TREE


def test_all_of_it_is_left_where_nothing_is_chosen(document: Document) -> None:
    assert select(document, Choice(), Choice()) is document


def test_what_is_left_out_is_said_with_the_rule(document: Document) -> None:
    selected = select(document, Choice(tags=("pets", "toys")), Choice(operations=("GET /pets/{id}",)))
    reasons = {entry.pointer: entry.reason for entry in selected.entries}
    assert {entry.verdict for entry in selected.entries} == {"ignored"}
    assert reasons["/paths/~1pets~1{id}"] == 'exclude.operations "GET /pets/{id}"'
    assert reasons["/paths/~1pets/post"] == 'not include.tags "pets", include.tags "toys"'
    assert reasons["/webhooks/petBorn"] == 'not include.tags "pets", include.tags "toys"'
    assert reasons["/components/schemas/Alone"].startswith("nothing that is generated needs it: include.tags")
    assert "/paths/~1pets" not in reasons


def test_a_rule_that_names_nothing_is_said(document: Document) -> None:
    selected = select(document, Choice(tags=("pets", "cats")), Choice(paths=("/pets/{id}/", "pets")))
    assert [(finding.severity, finding.rule, finding.message) for finding in selected.findings] == [
        ("warning", "unused-rule", f"{rule} of [tool.attrest] names no operation of this description")
        for rule in ('include.tags "cats"', 'exclude.paths "/pets/{id}/"', 'exclude.paths "pets"')
    ]


class TestRuns:
    @pytest.fixture(autouse=True)
    def project(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "openapi.json").write_text(json.dumps(TREE), encoding="utf-8")
        self.choose("")

    def choose(self, rules: str) -> None:
        table = f'[tool.attrest]\ndocument = "openapi.json"\noutput = "client"\n{rules}'
        Path("pyproject.toml").write_text(table, encoding="utf-8")

    def test_what_is_left_out_is_no_loss(self, capsys: pytest.CaptureFixture[str]) -> None:
        tree = {**TREE, "components": {**TREE["components"], "schemas": {**TREE["components"]["schemas"], "Event": {
            "not": {"type": "string"}}}}}  # fmt: skip
        Path("openapi.json").write_text(json.dumps(tree), encoding="utf-8")
        assert cli.run(["generate", "--strict", "--check"]) == 1
        assert "degraded]: /components/schemas/Event/not: not checked" in capsys.readouterr().err
        self.choose('[tool.attrest.exclude]\ntags = ["events"]\n')
        assert cli.run(["generate", "--strict"]) == 0

    def test_a_change_of_the_rules_makes_the_output_out_of_date(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["generate"]) == 0
        assert Path("client/python/src/pets/models/toy.py").is_file()
        self.choose('[tool.attrest.exclude]\ntags = ["toys"]\n')
        assert cli.run(["generate", "--check"]) == 1
        assert cli.run(["generate"]) == 0
        assert not Path("client/python/src/pets/models/toy.py").exists()
        assert "Toy" in json.loads(Path("client/openapi/openapi.json").read_text())["components"]["schemas"]
        capsys.readouterr()
        assert cli.run(["generate"]) == 0
        assert capsys.readouterr().out.startswith("client: up to date\n")

    @pytest.mark.parametrize(
        ("rules", "message"),
        [
            ("include = 3", "tool.attrest.include: expected a table"),
            ("[tool.attrest.include]\ntag = []", "tool.attrest.include.tag: unknown key; there are operations, paths"),
            ('[tool.attrest.exclude]\ntags = "a"', "tool.attrest.exclude.tags: expected a list of texts"),
            ("[tool.attrest.exclude]\npaths = [3]", "tool.attrest.exclude.paths: expected a list of texts"),
        ],
    )
    def test_rules_that_cannot_be_used_are_refused(
        self, rules: str, message: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.choose(rules)
        assert cli.run(["generate"]) == 2
        assert message in capsys.readouterr().err
