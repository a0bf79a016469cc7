"""``scripts/corpus``: what it counts, what it compares, and that it sees what is wrong."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from attrest import cli
from corpus_check.__main__ import main
from corpus_check.census import Census
from corpus_check.documents import descriptions
from corpus_check.examination import from_json
from corpus_check.facts import Facts, Verdict
from corpus_check.processes import measured
from corpus_check.roundtrips import compared

DESCRIPTION = """
openapi: 3.2.0
info: {title: Tides, version: "1"}
paths:
  /tides:
    get: &read
      responses:
        "200":
          description: All.
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Tide"}}
              examples:
                right: {value: [{at: "2026-11-22t10:00:00z", height: 3}]}
                wrong: {value: [{at: today}]}
  /harbours: {$ref: "harbours.yaml#/all%20of%20them"}
  x-note: no path
components:
  schemas:
    Tide:
      type: object
      required: [at]
      properties:
        at: {type: string, format: date-time, example: "2026-11-22T10:00:00Z"}
        height: {type: number, examples: [1.5, 2]}
    404: {type: string}
"""
HARBOURS = """
all of them:
  get: {responses: {"204": {description: None.}}}
  additionalOperations:
    COUNT: {responses: {"204": {description: None.}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "corpus" / "tides"
    inner.mkdir(parents=True)
    (inner / "tides.yaml").write_text(DESCRIPTION, encoding="utf-8")
    (inner / "harbours.yaml").write_text(HARBOURS, encoding="utf-8")
    return inner.parent


def test_only_root_files_of_inner_folders_are_descriptions(folder: Path) -> None:
    (folder / "alone.json").write_text("{}", encoding="utf-8")
    (folder / "tides" / "part.yaml").write_text("openapi: 3.1.0\n", encoding="utf-8")
    with (folder / "tides" / "harbours.yaml").open("a", encoding="utf-8") as file:
        file.write("more: {$ref: 'part.yaml'}\n")
    assert [description.name for description in descriptions(folder)] == ["alone", "tides/tides"]


def test_the_census_needs_no_help(folder: Path) -> None:
    census = Census(folder / "tides" / "tides.yaml")
    labels = [operation.label for operation in census.operations()]
    assert labels == ["GET /tides", "GET /harbours", "COUNT /harbours"]
    assert list(census.schemas()) == ["Tide", "404"]


@pytest.mark.parametrize(
    ("before", "after", "sameness"),
    [
        ({"a": [1, None]}, {"a": [1.0, None]}, "exact"),
        (1, True, "different"),
        ([0], [False], "different"),
        ({"a": None}, {}, "different"),
        (f"{'AB' * 4}-1234-5678-9abc-0123456789ab", f"{'ab' * 4}-1234-5678-9abc-0123456789ab", "respelt"),
        ("AB", "ab", "different"),
        ("abcd123=", "abcd120=", "respelt"),
        ("abcd123=", "abcd100=", "different"),
        (["2026-11-22T10:00:00+01:00", 1], ["2026-11-22T09:00:00Z", 1], "respelt"),
        (["2026-11-22T10:00:00+01:00", 1], ["2026-11-22T09:00:00Z", 2], "different"),
        ("2026-11-22T10:00:00", "2026-11-22T10:00:00Z", "different"),
        ("", "0", "different"),
    ],
)
def test_values_are_compared_as_json(before: Any, after: Any, sameness: str) -> None:
    assert compared(before, after) == sameness


def test_a_command_that_does_not_end_is_ended(tmp_path: Path) -> None:
    run = measured((sys.executable, "-c", "while True: pass"), folder=tmp_path, timeout=0.2)
    assert run.timed_out
    assert run.exit_code != 0


def test_a_table_and_the_facts_are_given(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "broken.yaml").write_text("openapi: [", encoding="utf-8")
    code = main([str(folder), "--no-mypy", "--json", str(tmp_path / "facts.json")])
    printed = capsys.readouterr().out
    broken, tides = (from_json(Facts, kept(facts)) for facts in json.loads((tmp_path / "facts.json").read_bytes()))
    assert code == 1
    assert broken.exit_code == 1
    assert "bad-yaml" in broken.shortfalls[0]
    assert tides.shortfalls == ()
    assert tides.verdict is not None
    assert (tides.verdict.operations.present, tides.verdict.schemas.present) == (3, 2)
    found = tides.verdict.examples
    assert (found.exact, found.respelt, found.invalid, found.untyped) == (3, 1, 1, ())
    assert [line.split()[1:4] for line in printed.splitlines() if line.startswith("tides/tides ")] == [
        ["ok", "3/3", "2/2"]
    ]
    assert "1 of 2 meet the bar" in printed


def kept(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name != "shortfalls"}


def test_what_a_client_lacks_is_named(folder: Path, tmp_path: Path) -> None:
    document, output = folder / "tides" / "tides.yaml", tmp_path / "out"
    assert cli.run(["generate", str(document), "-o", str(output)]) == 0
    source = output / "python" / "src" / "tides"
    (source / "models" / "tide.py").unlink()
    resource = source / "operations" / "count_harbours.py"
    resource.write_text(resource.read_text(encoding="utf-8") + "\n'\\d'\n", encoding="utf-8")
    command = (sys.executable, "-m", "corpus_check.judge", document, output, tmp_path / "verdict.json")
    scripts = Path(__file__).parents[1] / "scripts"
    run = measured(command, folder=tmp_path, timeout=60, environment={"PYTHONPATH": str(scripts)})
    assert run.exit_code == 0, run.output
    verdict: Verdict = from_json(Verdict, json.loads((tmp_path / "verdict.json").read_bytes()))
    assert verdict.schemas.missing == ("Tide",)
    reasons = {failure.place: failure.reason for failure in verdict.imports}
    assert "invalid escape sequence" in reasons["tides.operations.count_harbours"]
    assert verdict.operations.missing == ("GET /tides",)
