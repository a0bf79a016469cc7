"""``attrest generate --watch``: a process that generates again after each change of what it reads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import Final, Self

import attrs
import pytest

from attrest import cli
from attrest import format as formatting
from attrest.filetree import FileTree
from attrest.format import Layouts, format_tree

ROOT: Final = """\
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths: {}
components: {schemas: {Pet: {$ref: schemas/pet.yaml}}}
"""
PET: Final = "type: object\nproperties: {name: {type: string}}\n"
PROJECT: Final = '[tool.attrest]\ndocument = "api/pets.yaml"\noutput = "made"\ngate = true\n'
LONGEST: Final = 60
"""Seconds without a word after which it is ended: it hangs."""
WAITS: Final = "waiting for changes until Ctrl-C"


@attrs.frozen
class Watching:
    """``attrest generate --watch`` in a folder."""

    folder: Path
    process: subprocess.Popen[str]

    @classmethod
    def begin(cls, folder: Path) -> Self:
        process = subprocess.Popen(
            (sys.executable, "-u", "-m", "attrest", "generate", "--watch"),
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return cls(folder, process)

    def told(self) -> list[str]:
        """Return what it prints until it waits again."""
        assert self.process.stdout is not None
        lines: list[str] = []
        timer = Timer(LONGEST, self.process.kill)
        timer.start()
        for line in self.process.stdout:
            if WAITS in line:
                timer.cancel()
                return lines
            lines.append(line.rstrip())
        raise AssertionError("it ended:\n" + "\n".join(lines))

    def after(self, path: str, text: str) -> list[str]:
        """Save a file at once, as editors do, and return what is printed then."""
        draft = self.folder / "draft"
        draft.write_text(text)
        draft.replace(self.folder / path)
        return self.told()

    def model(self, name: str) -> str:
        return (self.folder / f"made/python/src/pets/models/{name}.py").read_text()


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    for path, text in {"pyproject.toml": PROJECT, "api/pets.yaml": ROOT, "api/schemas/pet.yaml": PET}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    begun = Watching.begin(tmp_path)
    try:
        begun.told()
        yield begun
    finally:
        begun.process.kill()
        begun.process.communicate()


def test_what_changes_is_generated_again(watching: Watching) -> None:
    """One process, since its start is what takes long."""
    told = watching.after("api/schemas/pet.yaml", PET.replace("name", "nickname"))
    assert told[0] == "api/schemas/pet.yaml: changed"
    assert "  changed python/src/pets/models/pet.py" in told
    assert "nickname" in watching.model("pet")

    told = watching.after("api/schemas/pet.yaml", "type: object\nproperties: {name: {type: [strin\n")
    assert told[0] == "api/schemas/pet.yaml: changed"
    assert any("bad-yaml" in line for line in told), told
    assert "nickname" in watching.model("pet")

    told = watching.after("api/schemas/pet.yaml", PET.replace("string", "text"))
    assert any("error" in line for line in told)
    assert "nickname" in watching.model("pet")

    told = watching.after("api/schemas/pet.yaml", "$ref: later.yaml\n")
    assert any("dangling-reference" in line for line in told)
    told = watching.after("api/schemas/later.yaml", PET.replace("name", "late"))
    assert told[0] == "api/schemas/later.yaml: changed"
    assert "late" in watching.model("pet")

    (watching.folder / "api/notes.txt").write_text("no part of it")
    told = watching.after("pyproject.toml", PROJECT + 'templates = "ours"\n')
    assert told[0] == "pyproject.toml: changed"
    assert any("ours: no such folder" in line for line in told)
    (watching.folder / "ours/docs").mkdir(parents=True)
    told = watching.after("pyproject.toml", PROJECT + "templates = 'ours'\n")
    assert told[-2] == "made: up to date"
    told = watching.after("ours/docs/readme.md.j2", "# Ours\n")
    assert "ours/docs/readme.md.j2: changed" in told

    watching.process.send_signal(signal.SIGINT)
    output, _ = watching.process.communicate(timeout=60)
    assert (watching.process.returncode, output.strip()) == (130, "attrest: interrupted")


def test_it_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pets.yaml").write_text("openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {}\n")
    monkeypatch.chdir(tmp_path)
    assert cli.run(["generate", "-", "-o", "made", "--watch"]) == 2
    assert "a description in a file" in capsys.readouterr().err
    assert cli.run(["generate", "pets.yaml", "-o", "made", "--watch", "--check"]) == 2
    assert "give one of them" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    monkeypatch.delitem(sys.modules, "attrest.watching", raising=False)
    assert cli.run(["generate", "pets.yaml", "-o", "made", "--watch"]) == 2
    assert capsys.readouterr().err == "attrest: error: --watch needs watchfiles: pip install 'attrest[watch]'\n"


class TestLayingOutAgain:
    FILES: Final = {"a.py": "import b, attrs\nx = ( 1 )", "b.py": "y = [1 ,2]", "c.md": "( 1 )"}

    def test_only_what_changed_is_laid_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        runs: list[tuple[str, ...]] = []
        run = formatting._run
        monkeypatch.setattr(formatting, "_run", lambda command, folder: (runs.append(command), run(command, folder)))
        last = Layouts()
        first = format_tree(FileTree(self.FILES), last)
        assert [command[-1] for command in runs] == [".", "."]
        assert format_tree(FileTree(self.FILES), last) == first
        assert len(runs) == 2
        changed = FileTree({**self.FILES, "b.py": "y = [1 ,3]"})
        assert format_tree(changed, last) == format_tree(changed)
        assert [command[-1] for command in runs[2:4]] == ["b.py", "b.py"]

    def test_a_new_file_decides_how_imports_are_sorted(self) -> None:
        last = Layouts()
        alone = {path: text for path, text in self.FILES.items() if path != "b.py"}
        before = format_tree(FileTree(alone), last).files["a.py"]
        after = format_tree(FileTree(self.FILES), last).files["a.py"]
        assert before != after == format_tree(FileTree(self.FILES)).files["a.py"]

    def test_what_is_gone_does_not_come_back(self) -> None:
        last = Layouts()
        format_tree(FileTree(self.FILES), last)
        assert set(format_tree(FileTree({"a.py": "x = 1"}), last).files) == {"a.py"}
