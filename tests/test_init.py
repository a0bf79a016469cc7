"""``attrest init``: what it starts works as its README says, and nothing is overwritten or left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest
import yaml

from attrest import __version__, cli, write
from attrest.settings import resolve
from started_project import commands_of_readme, commit, environment, run

GOLDEN: Final = Path(__file__).parent / "golden"
MULTI_FILE: Final = GOLDEN / "multi_file" / "openapi.yaml"
SINGLE: Final = GOLDEN / "minimal" / "openapi.yaml"
SCAFFOLD: Final = {
    ".github/workflows/description.yml",
    ".gitignore",
    ".pre-commit-config.yaml",
    "README.md",
    "pyproject.toml",
    "requirements.txt",
    "tests/test_client.py",
}
INVALID: Final = "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {/pets: {get: {responses: 5}}}\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A started project, committed."""
    folder = tmp_path_factory.mktemp("started") / "pets"
    assert cli.run(["init", str(MULTI_FILE), str(folder)]) == 0
    commit(folder, environment(folder.parent), "Start")
    return folder


class TestProject:
    def test_what_its_readme_says_runs(self, project: Path) -> None:
        variables = environment(project.parent)
        commands = commands_of_readme(project / "README.md")
        assert [command.split("#")[0].strip() for command in commands] == [
            "attrest validate",
            "attrest generate",
            "attrest diff HEAD",
            "python -m pytest",
        ]
        for command in commands:
            done = run(command, project, variables)
            assert done.returncode == 0, done.stdout + done.stderr
        assert run("git status --porcelain", project, variables).stdout == ""

    def test_its_tests_see_a_client_that_is_out_of_date(self, project: Path, tmp_path: Path) -> None:
        copy = tmp_path / "pets"
        shutil.copytree(project, copy)
        root = copy / "openapi" / "openapi.yaml"
        root.write_text(root.read_text().replace("Multi file", "Several files"))
        done = run("python -m pytest", copy, environment(tmp_path))
        assert done.returncode == 1
        assert "1 failed, 1 passed" in done.stdout

    def test_its_hooks_are_those_of_attrest(self, project: Path, repository: Path) -> None:
        """What these do, and the steps of its workflow, is tried in test_teams.py."""
        (local,) = yaml.safe_load((project / ".pre-commit-config.yaml").read_text())["repos"]
        offered = yaml.safe_load((repository / ".pre-commit-hooks.yaml").read_text())
        assert [(hook["id"], hook["entry"]) for hook in local["hooks"]] == [
            (hook["id"], hook["entry"]) for hook in offered
        ]
        assert {tuple(hook["additional_dependencies"]) for hook in local["hooks"]} == {(f"attrest=={__version__}",)}


class TestStarting:
    def test_a_single_file_without_generating(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["init", str(SINGLE), "pets", "--no-generate"]) == 0
        assert set(files(here)) == {f"pets/{path}" for path in (*SCAFFOLD, "openapi/openapi.yaml")}
        assert (here / "pets/openapi/openapi.yaml").read_bytes() == SINGLE.read_bytes()
        assert "pets: 8 new files" in capsys.readouterr().out
        assert resolve(start=here / "pets").gate

    def test_the_layout_of_the_files_is_kept(self, here: Path) -> None:
        (here / "specs" / "api").mkdir(parents=True)
        (here / "specs" / "shared").mkdir()
        (here / "specs" / "unrelated.yaml").write_text("no: part\n")
        (here / "specs" / "shared" / "pet.yaml").write_text("type: string\n")
        (here / "specs" / "api" / "pets.yaml").write_text(
            "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {}\n"
            "components: {schemas: {Pet: {$ref: ../shared/pet.yaml}}}\n"
        )
        assert cli.run(["init", "specs/api/pets.yaml", "made", "--no-generate"]) == 0
        copied = {path.removeprefix("openapi/") for path in files(here / "made") if path.startswith("openapi/")}
        assert copied == {"api/pets.yaml", "shared/pet.yaml"}
        assert resolve(start=here / "made").document == here / "made/openapi/api/pets.yaml"

    def test_a_description_that_is_in_its_place_stays_there(self, here: Path) -> None:
        shutil.copytree(MULTI_FILE.parent, here / "openapi", ignore=shutil.ignore_patterns("expected"))
        before = files(here)
        assert cli.run(["init", "openapi/openapi.yaml", "--no-generate"]) == 0
        assert {path: content for path, content in files(here).items() if path in before} == before
        assert set(files(here)) == {*before, *SCAFFOLD}

    def test_standard_input(self, here: Path) -> None:
        scripts = Path(cli.__file__).parents[1]
        done = subprocess.run(
            (sys.executable, "-m", "attrest", "init", "-", "pets", "--no-generate"),
            cwd=here,
            env={**os.environ, "PYTHONPATH": str(scripts)},
            input=json.dumps(yaml.safe_load(SINGLE.read_text())),
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0
        assert resolve(start=here / "pets").document == here / "pets/openapi/openapi.json"

    def test_an_invalid_description_is_not_gated(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (here / "pets.yaml").write_text(INVALID)
        assert cli.run(["init", "pets.yaml", "pets"]) == 0
        assert "The description has errors" in capsys.readouterr().out
        assert not resolve(start=here / "pets").gate
        assert cli.run(["init", "pets.yaml", "pets"]) == 0  # all of it is there, as it would be made

    def test_house_rules_that_are_not_kept_are_ignored_from_then_on(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.run(["init", str(SINGLE), "pets", "--no-generate"]) == 0
        monkeypatch.chdir(here / "pets")
        assert resolve(start=here / "pets").ignored_rules
        assert cli.run(["validate", "--strict"]) == 0
        assert "no findings" in capsys.readouterr().err

    def test_allowed_hosts_stay_allowed(self, here: Path) -> None:
        assert cli.run(["init", str(SINGLE), "pets", "--no-generate", "--allow-host", "pets.example"]) == 0
        assert resolve(start=here / "pets").allow_hosts == ("pets.example",)

    def test_hostile_names_stay_text(self, here: Path) -> None:
        source = here / '"] evil=1 # [x](y) `.yaml'
        source.write_text(INVALID.replace("Pets", "'<<version>> # `code` <b> ](x)'").replace("5", "{}"))
        assert cli.run(["init", str(source), "pets", "--no-generate"]) == 0
        table = tomllib.loads((here / "pets/pyproject.toml").read_text())
        assert table["tool"]["attrest"]["document"] == f"openapi/{source.name}"
        title = (here / "pets/README.md").read_text().splitlines()[1]
        assert title == r"# &lt;&lt;version>> # \`code\` &lt;b> \](x)"


class TestRefusing:
    def test_what_is_there_is_listed_and_kept(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (here / "README.md").write_text("mine")
        (here / "openapi").write_text("a file where a folder must go")
        before = files(here)
        assert cli.run(["init", str(SINGLE), "--no-generate"]) == 2
        error = capsys.readouterr().err
        assert "these are there already" in error
        assert ("\n  README.md\n" in error, "\n  openapi/openapi.yaml\n" in error) == (True, True)
        assert cli.run(["init", str(SINGLE), "--no-generate", "--force"]) == 2
        assert files(here) == before

    def test_force_replaces_what_attrest_wrote_and_nothing_else(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.run(["init", str(SINGLE), "pets"]) == 0
        started = files(here)
        for path in ("README.md", "pyproject.toml"):
            with (here / "pets" / path).open("a") as file:
                file.write("# more\n")
        assert cli.run(["init", str(SINGLE), "pets"]) == 2
        assert "--force replaces them" in capsys.readouterr().err
        assert cli.run(["init", str(SINGLE), "pets", "--force"]) == 0
        assert files(here) == started
        (here / "pets/openapi/openapi.yaml").write_text("mine")
        assert cli.run(["init", str(SINGLE), "pets", "--force"]) == 2
        (here / "pets/openapi/openapi.yaml").write_bytes(SINGLE.read_bytes())
        (here / "pets/generated/docs/README.md").write_text("mine")
        assert cli.run(["init", str(SINGLE), "pets", "--force"]) == 2
        assert (here / "pets/generated/docs/README.md").read_text() == "mine"

    def test_a_url_is_no_file(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["init", "https://pets.example/openapi.yaml", "pets"]) == 2
        assert "save it here first" in capsys.readouterr().err
        assert files(here) == {}

    def test_an_absolute_reference_has_no_copy(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (here / "pet.yaml").write_text("type: string\n")
        (here / "pets.yaml").write_text(
            "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {}\n"
            f"components: {{schemas: {{Pet: {{$ref: {here / 'pet.yaml'}}}}}}}\n"
        )
        assert cli.run(["init", "pets.yaml", "made"]) == 2
        assert "refers to pet.yaml by a path that holds on this machine alone" in capsys.readouterr().err
        assert set(files(here)) == {"pet.yaml", "pets.yaml"}

    @pytest.mark.parametrize("existing", [True, False], ids=["into a folder", "into a new folder"])
    def test_nothing_is_left_after_a_failure_or_an_interrupt(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, *, existing: bool
    ) -> None:
        if existing:
            (here / "pets").mkdir()
        rename, moved = Path.rename, []

        def fail_at_the_third(file: Path, target: Path) -> Path:
            moved.append(target)
            if len(moved) == 3:
                raise OSError(28, "No space left on device", str(target))
            return rename(file, target)

        monkeypatch.setattr(Path, "rename", fail_at_the_third)
        assert cli.run(["init", str(SINGLE), "pets", "--no-generate"]) == 2
        assert [path.name for path in here.rglob("*")] == (["pets"] if existing else [])
        monkeypatch.setattr(Path, "rename", rename)

        def interrupt(*_: object, **__: object) -> None:
            signal.raise_signal(signal.SIGINT)

        monkeypatch.setattr(write, "write", interrupt)
        assert cli.run(["init", str(SINGLE), "pets"]) == 130
        assert [path.name for path in here.rglob("*")] == (["pets"] if existing else [])
