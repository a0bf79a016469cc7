"""A defect of attrest's that one part of a description brings to light takes nothing else down with it."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

from attrest import cli
from attrest.code import eventcode, modelcode, requestcode, resourcecode
from attrest.pages import resourcepages

DESCRIPTION: Final = """\
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: list_pets
      responses:
        '200':
          description: All.
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
          links: {remove: {operationId: remove_pet}}
    delete:
      operationId: remove_pet
      responses: {'204': {description: Gone.}}
      callbacks:
        gone: {'{$request.query.url}': {post: {responses: {'204': {description: Noted.}}}}}
    put:
      operationId: put_pet
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'204': {description: Kept.}}
components:
  schemas:
    Pet:
      type: object
      properties: {of: {type: array, items: {$ref: '#/components/schemas/Owner'}}}
    Owner: {type: object, properties: {pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
"""
Generate: TypeAlias = Callable[[], tuple[Any, str]]
ALL: Final = {"ListPetsRequest", "PutPetRequest", "RemovePetRequest", "Pet", "Owner"}


@pytest.fixture
def pets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pets.yaml").write_text(DESCRIPTION)
    return tmp_path


@pytest.fixture
def generate(pets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Generate]:
    """Generates, and gives the client with what was said on standard error."""
    package = f"{pets.name}_client"

    def run() -> tuple[Any, str]:
        assert cli.run(["generate", "pets.yaml", "-o", "out", "--package", package]) == 1
        monkeypatch.syspath_prepend(str(pets / "out" / "python" / "src"))
        importlib.import_module(f"{package}.client")
        return importlib.import_module(f"{package}.models"), capsys.readouterr().err

    yield run
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]


def break_for(monkeypatch: pytest.MonkeyPatch, place: Any, function: str, name: str) -> None:
    """Make a function raise where one of its arguments has a name, as a defect of ours would."""
    sound = getattr(place, function)

    def broken(*arguments: Any) -> Any:
        if any(name in {getattr(each, "request", None), getattr(each, "name", None)} for each in arguments):
            raise KeyError(name)
        return sound(*arguments)

    monkeypatch.setattr(place, function, broken)


@pytest.mark.parametrize(
    ("place", "function"),
    [
        (requestcode._Writer, "module"),
        (requestcode, "_target"),
        (resourcecode, "_methods"),
        (resourcepages, "entry"),
    ],
)
def test_an_operation_that_cannot_be_rendered_is_lost_alone(
    generate: Generate, monkeypatch: pytest.MonkeyPatch, place: Any, function: str
) -> None:
    break_for(monkeypatch, place, function, "RemovePetRequest")
    models, said = generate()
    assert set(models.__all__) == ALL - {"RemovePetRequest"}
    assert "pets.yaml:12:5: error[not-generated]: /paths/~1pets/delete: attrest fails on it: KeyError:" in said
    assert said.count("error[") == 1


def test_code_that_does_not_parse_is_lost_alone(generate: Generate, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = requestcode._target
    monkeypatch.setattr(
        requestcode, "_target", lambda operation: ") (" if operation.method == "PUT" else sound(operation)
    )
    models, said = generate()
    assert set(models.__all__) == ALL - {"PutPetRequest"}
    assert "/paths/~1pets/put: attrest fails on it: FormatError: generated code does not parse" in said


def test_several_are_lost_together(generate: Generate, monkeypatch: pytest.MonkeyPatch, pets: Path) -> None:
    break_for(monkeypatch, requestcode, "_target", "RemovePetRequest")
    break_for(monkeypatch, requestcode, "_target", "ListPetsRequest")
    models, _ = generate()
    assert set(models.__all__) == ALL - {"RemovePetRequest", "ListPetsRequest"}
    ledger = json.loads((pets / "out" / "manifest.json").read_text())["ledger"]
    assert ledger["lost"] == 2
    assert {"/paths/~1pets/get", "/paths/~1pets/delete"} <= ledger["reasons"].keys()


def test_what_is_lost_is_explained(
    pets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    break_for(monkeypatch, requestcode, "_target", "RemovePetRequest")
    assert cli.run(["explain", str(pets / "pets.yaml"), "DELETE /pets"]) == 0
    assert "\nlost: attrest fails on it: KeyError" in capsys.readouterr().out


def test_a_callback_is_lost_alone(generate: Generate, monkeypatch: pytest.MonkeyPatch) -> None:
    break_for(monkeypatch, eventcode, "_definition", "gone")
    models, said = generate()
    assert set(models.__all__) == ALL
    assert "/callbacks/gone/{$request.query.url}/post: attrest fails on it: KeyError" in said


@pytest.mark.parametrize("name", ["Pet", "Owner"])
def test_a_schema_is_any_value(generate: Generate, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    break_for(monkeypatch, modelcode._Writer, "model", name)
    models, said = generate()
    assert set(models.__all__) == ALL
    assert f"/components/schemas/{name}: attrest fails on it: KeyError: '{name}'" in said
    assert said.count("error[") == 1
    (other,) = {"Pet", "Owner"} - {name}
    field = {"Pet": "pets", "Owner": "of"}[name]
    content = {field: [{"as": "it came"}]}
    assert getattr(models, other).from_dict(content).to_dict() == content


def test_what_no_part_is_guilty_of_is_a_defect_of_the_whole(
    pets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Any) -> Any:
        raise KeyError("the client")

    monkeypatch.setattr("attrest.render.client_module", broken)
    assert cli.run(["generate", "pets.yaml", "-o", "out"]) == 70
    assert "internal error: KeyError: 'the client'" in capsys.readouterr().err
    assert not (pets / "out").exists()
