"""The form of ``attrest show --json`` changes as docs/interchange.md promises, and others can generate from it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pytest

from attrest import cli, interchange

RELEASED = Path(__file__).parent / "interchange"
Weight: TypeAlias = Literal["minor", "major"]
SCRIPT = Path(__file__).parents[1] / "docs" / "examples" / "sql_tables.py"


def version(text: str) -> tuple[int, int]:
    major, minor = map(int, text.split("."))
    return major, minor


def weights(old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[Weight, str]]:
    """Say of each difference between two schemas what it asks of the version, and where it is."""
    for name, definition in old["$defs"].items():
        if name not in new["$defs"]:
            yield "major", f"{name} is gone"
            continue
        now = new["$defs"][name]
        for attribute, schema in definition["properties"].items():
            if attribute not in now["properties"]:
                yield "major", f"{name}.{attribute} is gone"
            elif attribute in definition["required"] and attribute not in now["required"]:
                yield "major", f"{name}.{attribute} need not be there any more"
            elif schema != now["properties"][attribute]:
                yield weight_of_type(schema, now["properties"][attribute]), f"{name}.{attribute} has another type"
        yield from (
            ("minor", f"{name}.{added} is new") for added in now["properties"].keys() - definition["properties"]
        )
    yield from (("minor", f"{added} is new") for added in new["$defs"].keys() - old["$defs"].keys())


def weight_of_type(old: dict[str, Any], new: dict[str, Any]) -> Weight:
    """Return minor where only kinds or values were added."""
    if "items" in old and "items" in new:
        return "minor" if old["items"] == new["items"] else weight_of_type(old["items"], new["items"])
    if "enum" in old and "enum" in new:
        return "minor" if set(old["enum"]) < set(new["enum"]) else "major"
    is_one_of_classes = all("$ref" in option for each in (old, new) for option in each.get("anyOf", [{}]))
    if is_one_of_classes and all(option in new["anyOf"] for option in old["anyOf"]):
        return "minor"
    return "major"


def needed(old: dict[str, Any], new: dict[str, Any], released: tuple[int, int]) -> tuple[int, int]:
    """Return the least version that a schema may have, after another one that was released."""
    found = {weight for weight, _ in weights(old, new)}
    if "major" in found:
        return released[0] + 1, 0
    return (released[0], released[1] + 1) if found else released


def newest_released() -> Path:
    return max(RELEASED.glob("*.json"), key=lambda file: version(file.stem))


def test_the_version_is_as_high_as_the_changes_ask() -> None:
    file = newest_released()
    old, new = json.loads(file.read_text()), json.loads(interchange.schema_text())
    least = needed(old, new, version(file.stem))
    changes = "\n".join(f"{weight}: {what}" for weight, what in weights(old, new))
    assert version(interchange.FORMAT) >= least, (
        f"raise FORMAT in interchange.py to {least[0]}.{least[1]}, as docs/interchange.md says:\n{changes}"
    )


def schema(**properties: Any) -> dict[str, Any]:
    return {"$defs": {"Pet": {"properties": properties, "required": [name for name in properties if name != "maybe"]}}}


@pytest.mark.parametrize(
    ("old", "new", "least"),
    [
        (schema(a={}), schema(a={}), (1, 3)),
        (schema(a={}), schema(a={}, b={}), (1, 4)),
        (schema(a={"enum": ["x"]}), schema(a={"enum": ["x", "y"]}), (1, 4)),
        (
            schema(a={"items": {"anyOf": [{"$ref": "A"}]}}),
            schema(a={"items": {"anyOf": [{"$ref": "A"}, {"$ref": "B"}]}}),
            (1, 4),
        ),
        (schema(a={"enum": ["x", "y"]}), schema(a={"enum": ["x"]}), (2, 0)),
        (schema(a={}, b={}), schema(a={}), (2, 0)),
        (schema(a={"type": "string"}), schema(a={"type": "integer"}), (2, 0)),
        (schema(a={"type": "string"}), schema(a={"anyOf": [{"type": "string"}, {"type": "null"}]}), (2, 0)),
        ({"$defs": {"Cat": {"properties": {}, "required": []}}}, {"$defs": {}}, (2, 0)),
    ],
)
def test_what_changes_ask_of_the_version(old: dict[str, Any], new: dict[str, Any], least: tuple[int, int]) -> None:
    assert needed(old, new, (1, 3)) == least


def test_an_attribute_that_may_be_left_out_now_asks_for_a_major_version() -> None:
    old, new = schema(a={}), schema(a={})
    new["$defs"]["Pet"]["required"] = []
    assert needed(old, new, (1, 3)) == (2, 0)


def test_the_schema_can_be_had(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["show", "--schema"]) == 0
    assert capsys.readouterr().out == interchange.schema_text()


class TestSqlTables:
    def written(self, shown: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            (sys.executable, SCRIPT), input=shown, capture_output=True, text=True, check=False, timeout=60
        )

    def test_tables_hold_what_the_models_hold(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(repository)
        assert cli.run(["show", "--json"]) == 0
        shown = capsys.readouterr().out
        written = self.written(shown)
        assert (written.returncode, written.stderr) == (0, "")
        database = sqlite3.connect(":memory:")
        database.executescript(written.stdout)
        models = [each for each in json.loads(shown)["declarations"] if each["is"] == "Model"]
        for model in models:
            columns = database.execute(f'PRAGMA table_info("{model["name"]}")').fetchall()
            assert [column[1] for column in columns] == [field["wire_name"] for field in model["fields"]]
        database.execute('INSERT INTO "TrainingCategoryObjectResponseBody" VALUES (?, ?)', ("1", "Safety"))
        with pytest.raises(sqlite3.IntegrityError):
            database.execute('INSERT INTO "TrainingCategoryObjectResponseBody" VALUES (?, ?)', (None, "Safety"))
        database.close()

    def test_another_major_version_is_refused(self) -> None:
        written = self.written('{"format": "2.0", "declarations": []}')
        assert written.returncode == 1
        assert "this is format 2.0, and format 1 is understood" in written.stderr
