"""The description as ``attrest generate`` publishes it: in YAML and JSON, in older versions, with the hashes of all."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from attrest import cli

OPENAPI: Final = Path("out", "openapi")
DESCRIPTION: Final = """\
openapi: 3.2.0
info: {title: Pets, version: '1', summary: All about pets}
paths:
  /pets:
    query:
      operationId: search_pets
      responses:
        '200': {description: Found., content: {application/json: {schema: {$ref: pet.yaml}}}}
webhooks:
  born: {post: {responses: {'204': {description: Noted.}}}}
"""
PET: Final = "{type: object, properties: {name: {type: string}, 'on': {const: 'yes'}}}\n"
IN_3_1: Final = {"/paths/~1pets/query"}
IN_3_0: Final = {*IN_3_1, "/info/summary", "/webhooks"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a description."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pets.yaml").write_text(DESCRIPTION)
    (tmp_path / "pet.yaml").write_text(PET)
    return tmp_path


@pytest.fixture
def published(folder: Path) -> Path:
    """The folder that the description is published in."""
    assert cli.run(["generate", "pets.yaml", "-o", "out", "--strict"]) == 0
    return folder / OPENAPI


def test_every_version_that_is_older_is_published(published: Path) -> None:
    versions = {"openapi": "3.2.0", "openapi-3.1": "3.1.2", "openapi-3.0": "3.0.4"}
    names = {f"{name}.{suffix}" for name in versions for suffix in ("json", "yaml")}
    assert {file.name for file in published.iterdir()} == {*names, "SHA256SUMS"}
    for name, version in versions.items():
        as_json = json.loads((published / f"{name}.json").read_text())
        assert as_json["openapi"] == version
        assert yaml.safe_load((published / f"{name}.yaml").read_text()) == as_json


def test_a_description_of_3_0_has_no_older_version(folder: Path) -> None:
    (folder / "pets.yaml").write_text("openapi: 3.0.4\ninfo: {title: Pets, version: '1'}\npaths: {}\n")
    assert cli.run(["generate", "pets.yaml", "-o", "out"]) == 0
    assert {file.name for file in OPENAPI.iterdir()} == {"openapi.json", "openapi.yaml", "SHA256SUMS"}
    assert json.loads(Path("out", "manifest.json").read_text())["editions"] == {}


def test_the_hashes_are_as_sha256sum_reads_them(published: Path) -> None:
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("there is no sha256sum")
    command = [tool, "--check", "--strict", "SHA256SUMS"]
    done = subprocess.run(command, cwd=published, capture_output=True, text=True, check=True)
    assert done.stdout.count(": OK\n") == len(list(published.iterdir())) - 1
    (published / "openapi-3.0.yaml").write_text("openapi: 3.0.4\n")
    assert subprocess.run(command, cwd=published, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("name", ["openapi", "openapi-3.1", "openapi-3.0"])
@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_a_bundle_of_a_bundle_is_the_same(published: Path, name: str, suffix: str) -> None:
    again = published / f"again.{suffix}"
    for source in ("json", "yaml"):
        assert cli.run(["bundle", str(published / f"{name}.{source}"), "-o", str(again)]) == 0
        assert again.read_bytes() == (published / f"{name}.{suffix}").read_bytes()


def test_what_an_older_version_cannot_say_is_told_and_is_no_fault_of_the_client(published: Path) -> None:
    manifest = json.loads((published.parent / "manifest.json").read_text())
    assert (manifest["ledger"]["degraded"], manifest["ledger"]["reasons"]) == (0, {})
    editions = manifest["editions"]
    assert {version: set(each["reasons"]) for version, each in editions.items()} == {"3.0": IN_3_0, "3.1": IN_3_1}
    assert {version: each["lost"] for version, each in editions.items()} == {"3.0": 1, "3.1": 1}


def test_explain_tells_of_a_part_what_older_versions_say(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert published.is_dir()
    told = explained(capsys, "/paths/~1pets/query")
    for version in ("3.0", "3.1"):
        assert re.search(rf"^in the {version} edition: \S", told, re.MULTILINE)
    assert re.search(r"^in the 3\.0 edition, with /webhooks: \S", explained(capsys, "/webhooks/born"), re.MULTILINE)
    assert "edition" not in explained(capsys, "/info/title")
    whole = explained(capsys)
    assert re.search(r"^in the 3\.0 edition:\n(  .+\n)*  pets\.yaml:2: /info/summary: \S", whole, re.MULTILINE)


def test_explain_tells_programs(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert published.is_dir()
    editions: dict[str, list[dict[str, Any]]] = json.loads(explained(capsys, "--json"))["editions"]
    assert {version: {each["pointer"] for each in found} for version, found in editions.items()} == {
        "3.0": IN_3_0,
        "3.1": IN_3_1,
    }
    part = json.loads(explained(capsys, "/webhooks/born", "--json"))["editions"]
    assert ([each["pointer"] for each in part["3.0"]], part["3.1"]) == (["/webhooks"], [])


def explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert cli.run(["explain", "pets.yaml", *arguments]) == 0
    return capsys.readouterr().out
