"""The command line: exit codes, what is printed where, and what a run costs."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import ClassVar

import pytest
import yaml
from jsonschema import Draft202012Validator

from attrest import __version__, cli, interchange, pipeline
from attrest.diagnostics import Finding, Location
from attrest.filetree import FileTree
from attrest.ledger import Ledger
from attrest.manifest import compose, digest
from attrest.pipeline import DescriptionError, Generated
from attrest.progress import Progress
from attrest.settings import Settings, SettingsError, is_taken, resolve, templates_directory

DESCRIPTION = """\
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        '200':
          description: All pets.
          content:
            application/json:
              schema: {type: array, items: {type: string}}
"""
SPOTLESS = """\
openapi: 3.1.0
info: {title: Pets, version: '1', description: All about pets.}
servers: [{url: https://pets.example, x-server-name: main, description: The only one.}]
paths: {}
"""
BROKEN = DESCRIPTION.replace("{type: string}", "{$ref: '#/components/schemas/Nothing'}")

LEDGER = "ledger: 0 operations, 0 schemas: 0 parts exact, 0 degraded, 0 ignored\n"
FILES = {"python/pets.py": "PETS = 1\n", "docs/README.md": "# Pets\n"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a description and a pyproject.toml that configures it; the current folder."""
    (tmp_path / "pets.yaml").write_text(DESCRIPTION)
    (tmp_path / "pyproject.toml").write_text('[tool.attrest]\ndocument = "pets.yaml"\noutput = "client"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


Build = Callable[[dict[str, str]], None]


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> Build:
    """Set what the stages make of any description, so that a test is about the command alone."""

    def make(files: dict[str, str]) -> None:
        def stand_in(settings: Settings, _progress: Progress) -> Generated:
            tree = FileTree(files)
            sources = {settings.document.name: digest(settings.document.read_bytes())}
            ledger = Ledger()
            return Generated(tree=tree, manifest=compose(settings, sources, tree, ledger), findings=(), ledger=ledger)

        monkeypatch.setattr(pipeline, "build", stand_in)

    return make


def start(
    *arguments: str, cwd: Path, program: tuple[str, ...] = ("-m", "attrest"), **environment: str
) -> subprocess.CompletedProcess[str]:
    scripts = Path(cli.__file__).parent.parent
    return subprocess.run(
        (sys.executable, *program, *arguments),
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(scripts), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


class TestUsage:
    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["--version"]) == 0
        assert capsys.readouterr().out == f"attrest {__version__}\n"

    @pytest.mark.parametrize("command", ["validate", "generate", "show", "bundle", "init"])
    def test_help_has_examples(self, command: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run([command, "--help"]) == 0
        assert f"\n    attrest {command}" in capsys.readouterr().out

    def test_no_command_prints_the_help(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run([]) == 2
        assert "Usage: attrest" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["conjure"], "No such command 'conjure'"),
            (["generate", "--frobnicate"], "No such option '--frobnicate'"),
            (["validate", "--format", "xml"], "'xml' is not one of 'text', 'json', 'github'"),
            (["validate", "nowhere.yaml"], "nowhere.yaml: no such file"),
            (["validate", "."], ": is a folder"),
            (["validate", "pipe"], "pipe: is no regular file"),
            (["bundle"], "Missing option '-o'"),
            (["generate", "--package", "not-a-name"], "package 'not-a-name': not a Python identifier"),
            (["generate", "--package", "class"], "package 'class': not a Python identifier"),
            (
                ["generate", "--package", "calendar"],
                "package 'calendar': it would stand in the way of a module that P",
            ),
            (["generate", "--package", "httpx2"], "package 'httpx2': it would stand in the way of a module that the c"),
            (["generate", "other.yaml"], "give -o FOLDER"),
        ],
    )
    def test_wrong_usage_is_one_line(
        self, project: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "other.yaml").write_text(DESCRIPTION)
        os.mkfifo(project / "pipe")
        assert cli.run(arguments) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith("attrest: error: ")
        assert message in printed.err
        assert printed.err.count("\n") == 1

    def test_without_a_description(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert cli.run(["validate"]) == 2
        assert "no description: name one" in capsys.readouterr().err

    def test_a_defect_is_one_line_and_a_traceback_only_on_demand(
        self, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def fail(_settings: Settings, _progress: Progress) -> Generated:
            raise ZeroDivisionError("on purpose")

        monkeypatch.setattr(pipeline, "build", fail)
        assert cli.run(["generate"]) == 70
        assert capsys.readouterr().err.startswith("attrest: internal error: ZeroDivisionError: on purpose (")
        assert not (project / "client").exists()
        monkeypatch.setenv("ATTREST_TRACEBACK", "1")
        with pytest.raises(ZeroDivisionError):
            cli.run(["generate"])

    def test_an_interrupt_has_its_exit_code(
        self, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def interrupt(_settings: Settings, _progress: Progress) -> Generated:
            signal.raise_signal(signal.SIGINT)
            raise AssertionError("the signal did not arrive")

        monkeypatch.setattr(pipeline, "build", interrupt)
        assert cli.run(["generate"]) == 130
        assert capsys.readouterr().err.splitlines()[-1] == "attrest: interrupted"
        assert not (project / "client").exists()

    def test_a_terminal_that_lacks_a_character_is_no_error(self, project: Path) -> None:
        (project / "pets.yaml").write_text(BROKEN.replace("Nothing", "Pet→"), encoding="utf-8")
        done = start("validate", cwd=project, PYTHONIOENCODING="latin-1")
        assert done.returncode == 1
        assert "Pet\\u2192" in done.stdout

    def test_a_reader_that_leaves_is_no_error(self, project: Path) -> None:
        scripts = Path(cli.__file__).parent.parent
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            (sys.executable, "-m", "attrest", "generate", "--help"),
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(scripts)},
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
        os.close(writing)
        assert (done.returncode, done.stderr) == (1, "")


class TestGenerate:
    @pytest.fixture(autouse=True)
    def _first_build(self, build: Build) -> None:
        build(FILES)

    def test_says_what_it_added_then_that_nothing_changed(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.run(["generate"]) == 0
        assert capsys.readouterr().out == (
            "client: 3 added\n  added   docs/README.md\n  added   python/pets.py\n  added   manifest.json\n" + LEDGER
        )
        assert (project / "client/python/pets.py").read_text() == FILES["python/pets.py"]
        assert cli.run(["generate"]) == 0
        assert capsys.readouterr().out == "client: up to date\n" + LEDGER

    def test_counts_what_changed_and_what_was_removed(
        self, project: Path, build: Build, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cli.run(["generate"])
        (project / "pets.yaml").write_text(DESCRIPTION + "# more\n")
        build({"python/pets.py": "PETS = 2\n"})
        capsys.readouterr()
        assert cli.run(["generate"]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "client: 2 changed, 1 removed",
            "  removed docs/README.md",
            "  changed python/pets.py",
            "  changed manifest.json",
            LEDGER.rstrip(),
        ]

    def test_shows_no_more_paths_than_a_person_reads(
        self, project: Path, build: Build, capsys: pytest.CaptureFixture[str]
    ) -> None:
        build({f"docs/{number}.md": "" for number in range(100)})
        assert cli.run(["generate"]) == 0
        assert project.exists()
        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == "client: 101 added"
        assert lines[-2:] == ["  and 81 more", LEDGER.rstrip()]
        assert len(lines) == 23

    def test_check_prints_a_diff_and_writes_nothing(
        self, project: Path, build: Build, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cli.run(["generate"])
        build({"python/pets.py": "PETS = 2\n", "python/new.py": "NEW = 1\n"})
        (project / "pets.yaml").write_text(DESCRIPTION + "# more\n")
        capsys.readouterr()
        assert cli.run(["generate", "--check"]) == 1
        printed = capsys.readouterr().out
        assert "--- a/python/pets.py\n+++ b/python/pets.py\n@@ -1 +1 @@\n-PETS = 1\n+PETS = 2\n" in printed
        assert "--- /dev/null\n+++ b/python/new.py\n" in printed
        assert "--- a/docs/README.md\n+++ /dev/null\n" in printed
        assert printed.splitlines()[-1] == "client: would be 1 added, 2 changed, 1 removed"
        assert (project / "client/python/pets.py").read_text() == "PETS = 1\n"
        assert not (project / "client/python/new.py").exists()

    def test_check_is_content_with_what_is_up_to_date(self, project: Path) -> None:
        cli.run(["generate"])
        assert cli.run(["generate", "--check"]) == 0
        (project / "client/manifest.json").unlink()
        assert cli.run(["generate", "--check"]) == 1

    def test_names_every_edited_file_and_keeps_them(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        cli.run(["generate"])
        for path in FILES:
            (project / "client" / path).write_text("edited")
        capsys.readouterr()
        assert cli.run(["generate"]) == 1
        printed = capsys.readouterr().err
        assert printed.startswith("attrest: error: ")
        assert all(f"\n  {path}" in printed for path in FILES)
        assert "--force" in printed
        assert {(project / "client" / path).read_text() for path in FILES} == {"edited"}
        assert cli.run(["generate", "--force"]) == 0
        assert {path: (project / "client" / path).read_text() for path in FILES} == FILES

    def test_another_output(self, project: Path) -> None:
        (project / "other.yaml").write_text(DESCRIPTION)
        assert cli.run(["generate", "other.yaml", "-o", "elsewhere"]) == 0
        assert (project / "elsewhere/python/pets.py").exists()
        assert not (project / "client").exists()

    def test_an_output_that_is_a_file(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (project / "client").write_text("a file")
        assert cli.run(["generate"]) == 2
        assert capsys.readouterr().err == "attrest: error: cannot write client: it is no folder\n"
        assert cli.run(["generate", "-o", "client/inside"]) == 2
        assert capsys.readouterr().err == "attrest: error: cannot write client/inside: Not a directory\n"
        assert (project / "client").read_text() == "a file"

    def test_an_output_that_cannot_be_read(
        self, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def refuse(_settings: Settings, _progress: Progress) -> Generated:
            raise PermissionError(errno.EACCES, "Permission denied", str(project / "client/secret"))

        monkeypatch.setattr(pipeline, "build", refuse)
        assert cli.run(["generate", "--check"]) == 2
        assert capsys.readouterr().err == "attrest: error: client/secret: Permission denied\n"

    @pytest.mark.skipif(sys.platform == "win32", reason="there is no lock")
    def test_says_that_it_waits_for_another_run(
        self, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        import fcntl

        (project / "client").mkdir()
        other_run = os.open(project / "client", os.O_RDONLY)
        fcntl.flock(other_run, fcntl.LOCK_EX)
        said = cli.click.echo

        def echo(message: str, **options: bool) -> None:
            said(message, **options)
            if "waiting" in message:
                os.close(other_run)  # it ends, now that it was said

        monkeypatch.setattr("attrest.cli.click.echo", echo)
        assert cli.run(["generate"]) == 0
        printed = capsys.readouterr()
        assert printed.err == "attrest: client: waiting for another run that writes there\n"
        assert printed.out.startswith("client: 3 added\n")

    def test_a_refused_description_writes_nothing(
        self, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        finding = Finding(
            severity="error",
            rule="dangling-reference",
            message="leads nowhere",
            pointer="",
            location=Location("a", 1, 2),
        )

        def refuse(_settings: Settings, _progress: Progress) -> Generated:
            raise DescriptionError((finding,))

        monkeypatch.setattr(pipeline, "build", refuse)
        assert cli.run(["generate"]) == 1
        assert "a:1:2: error[dangling-reference]: leads nowhere" in capsys.readouterr().err
        assert not (project / "client").exists()


class TestValidate:
    def test_says_that_there_is_nothing_to_say(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (project / "pets.yaml").write_text(SPOTLESS)
        assert cli.run(["validate", "--strict"]) == 0
        assert capsys.readouterr() == ("", "pets.yaml: no findings\n")

    def test_prints_findings_with_their_places(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (project / "pets.yaml").write_text(BROKEN)
        assert cli.run(["validate"]) == 1
        printed = capsys.readouterr()
        assert re.search(r"^pets\.yaml:12:\d+: error\[dangling-reference\]: ", printed.out, re.MULTILINE)
        assert "1 error" in printed.err

    def test_shows_every_place_alike(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        operation = DESCRIPTION[DESCRIPTION.index("    get:") :]
        twins = "  /{a}:\n    summary: One\n  /{b}:\n    summary: Other\n"
        (project / "pets.yaml").write_text(DESCRIPTION + operation.replace("get:", "put:") + twins)
        assert cli.run(["validate"]) == 1
        printed = capsys.readouterr().out
        assert "another operation is called 'listPets', at pets.yaml:6\n" in printed
        assert "/{b} is the same path as the one at pets.yaml:21\n" in printed
        assert str(project) not in printed

    def test_warnings_count_only_when_strict(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["validate"]) == 0
        assert ": warning[" in capsys.readouterr().out
        assert cli.run(["validate", "--strict"]) == 1
        assert project.exists()

    def test_house_rules_need_not_be_kept(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["validate"]) == 0
        first, *others = sorted(set(re.findall(r": warning\[([\w-]+)\]", capsys.readouterr().out)))
        settings = project / "pyproject.toml"
        settings.write_text(f"{settings.read_text()}\n[tool.attrest.validate]\nignore = {json.dumps(others)}\n")
        assert cli.run(["validate", "--strict"]) == 1
        assert set(re.findall(r": warning\[([\w-]+)\]", capsys.readouterr().out)) == {first}
        assert cli.run(["validate", "--strict", "--ignore", first]) == 0
        assert cli.run(["validate", "--ignore", "property-nme"]) == 2
        assert "house rule 'property-nme': unknown; there are operation-id, " in capsys.readouterr().err

    def test_prints_json_for_programs(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (project / "pets.yaml").write_text(BROKEN)
        assert cli.run(["validate", "--format", "json"]) == 1
        printed = capsys.readouterr()
        assert printed.err == ""
        errors = [it for it in json.loads(printed.out) if it["severity"] == "error"]
        assert [(it["rule"], it["file"], it["line"]) for it in errors] == [("dangling-reference", "pets.yaml", 12)]

    def test_prints_annotations_for_github(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (project / "pets.yaml").write_text(BROKEN)
        assert cli.run(["validate", "--format", "github"]) == 1
        assert "::error file=pets.yaml,line=12," in capsys.readouterr().out

    @pytest.mark.parametrize("text", ["a: [", "", "swagger: '2.0'", "openapi: 4.0.0", "[]", "\0", "\xff"])
    def test_what_cannot_be_read_is_a_finding(
        self, project: Path, text: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "pets.yaml").write_text(text, encoding="latin-1")
        for command in (["validate"], ["generate"], ["show"], ["bundle", "-o", "-"]):
            assert cli.run(command) == 1
            printed = capsys.readouterr()
            assert "pets.yaml:1:" in printed.out + printed.err
        assert not (project / "client").exists()


class TestGate:
    INVALID: ClassVar = DESCRIPTION.replace(
        "operationId: listPets", "operationId: listPets\n      security: [{nothing: []}]"
    )

    def test_refuses_what_is_invalid(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (project / "pets.yaml").write_text(self.INVALID)
        assert cli.run(["generate", "--validate"]) == 1
        assert "error[undefined-security-scheme]" in capsys.readouterr().err
        assert not (project / "client").exists()

    def test_is_open_unless_the_settings_close_it(self, project: Path) -> None:
        (project / "pets.yaml").write_text(self.INVALID)
        assert cli.run(["generate"]) == 0
        with (project / "pyproject.toml").open("a") as table:
            table.write("gate = true\n")
        (project / "pets.yaml").write_text(self.INVALID + "# changed\n")
        assert cli.run(["generate"]) == 1
        assert cli.run(["generate", "--no-validate"]) == 0

    def test_refuses_as_well_what_was_let_through_before(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with (project / "pyproject.toml").open("a") as table:
            table.write("gate = true\n")
        (project / "pets.yaml").write_text(self.INVALID)
        assert cli.run(["generate", "--no-validate"]) == 0
        for command in (["generate"], ["generate", "--check"], ["generate", "--validate"]):
            capsys.readouterr()
            assert cli.run(command) == 1
            assert "error[undefined-security-scheme]" in capsys.readouterr().err
        assert cli.run(["generate", "--no-validate", "--check"]) == 0

    def test_a_reference_that_leads_nowhere_is_said_and_takes_nothing_else_down(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "pets.yaml").write_text(BROKEN)
        assert cli.run(["generate", "--validate"]) == 1
        assert "error[dangling-reference]" in capsys.readouterr().err
        assert not (project / "client").exists()
        assert cli.run(["generate"]) == 0
        assert "error[dangling-reference]" in capsys.readouterr().err
        assert (project / "client").exists()


class TestShow:
    def test_outlines_an_api(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["show"]) == 0
        printed = capsys.readouterr().out
        assert "list_pets  GET /pets" in printed
        assert "1 operations" in printed
        assert project.exists()

    def test_prints_the_intermediate_representation(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["show", "--json"]) == 0
        api = json.loads(capsys.readouterr().out)
        Draft202012Validator(json.loads(interchange.schema_text())).validate(api)
        assert [it["id"] for resource in api["resources"] for it in resource["operations"]] == ["listPets"]
        assert project.exists()


class TestBundle:
    @pytest.fixture(autouse=True)
    def _two_files(self, project: Path) -> None:
        (project / "pets.yaml").write_text(DESCRIPTION.replace("{type: string}", "{$ref: 'pet.yaml'}"))
        (project / "pet.yaml").write_text("type: string\nexample: Tom\n")

    def test_writes_yaml_and_json_that_say_the_same(self, project: Path) -> None:
        assert cli.run(["bundle", "-o", "bundle.yaml"]) == 0
        assert cli.run(["bundle", "-o", "bundle.json"]) == 0
        text = (project / "bundle.yaml").read_text()
        assert "pet.yaml" not in text
        assert yaml.safe_load(text) == json.loads((project / "bundle.json").read_text())

    def test_prints_on_demand(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["bundle", "-o", "bundle.yaml"]) == 0
        assert cli.run(["bundle", "-o", "-"]) == 0
        assert capsys.readouterr().out == (project / "bundle.yaml").read_text()

    def test_says_what_an_older_version_cannot_say(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (project / "pet.yaml").write_text("type: string\nexamples: [Tom, Tim]\n")
        assert cli.run(["bundle", "-o", "older.json", "--openapi", "3.0"]) == 0
        assert "pet.yaml:2:1: warning[not-in-3.0]: of several examples the first is kept" in capsys.readouterr().err
        assert json.loads((project / "older.json").read_text())["openapi"] == "3.0.4"
        assert cli.run(["bundle", "older.json", "-o", "-", "--openapi", "3.2"]) == 2
        assert "older.json: the description is of OpenAPI 3.0, and cannot be turned" in capsys.readouterr().err

    def test_is_a_description_itself(self, project: Path) -> None:
        cli.run(["bundle", "-o", "bundle.json"])
        assert cli.run(["validate", "bundle.json"]) == 0
        assert project.exists()

    def test_a_folder_that_is_not_there(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["bundle", "-o", "nowhere/bundle.json"]) == 2
        assert capsys.readouterr().err == (
            "attrest: error: cannot write nowhere/bundle.json: No such file or directory\n"
        )
        assert not (project / "nowhere").exists()

    @pytest.mark.parametrize("name", ["pets.yaml", "./pet.yaml", "link.yaml", "twin.yaml"])
    def test_never_replaces_what_it_was_made_of(
        self, project: Path, name: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "link.yaml").symlink_to("pet.yaml")
        (project / "twin.yaml").hardlink_to(project / "pets.yaml")
        before = {file: file.read_text() for file in project.iterdir()}
        assert cli.run(["bundle", "-o", name]) == 2
        printed = capsys.readouterr().err
        assert printed == f"attrest: error: {Path(name)}: is a file of the description itself; give another one\n"
        assert {file: file.read_text() for file in project.iterdir()} == before

    def test_says_which_references_it_could_not_follow(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (project / "pet.yaml").unlink()
        assert cli.run(["bundle", "-o", "bundle.yaml"]) == 1
        assert "error[dangling-reference]: pet.yaml leads to a file that cannot be read" in capsys.readouterr().err
        assert "$ref: pet.yaml" in (project / "bundle.yaml").read_text()

    def test_knows_json_by_any_case(self, project: Path) -> None:
        assert cli.run(["bundle", "-o", "B.JSON"]) == 0
        assert json.loads((project / "B.JSON").read_text())["openapi"] == "3.1.0"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
class TestProgress:
    ARGUMENTS: ClassVar = (sys.executable, "-m", "attrest", "validate")

    def environment(self, **added: str) -> dict[str, str]:
        kept = {name: text for name, text in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}}
        return {**kept, "PYTHONPATH": str(Path(cli.__file__).parent.parent), "TERM": "xterm", **added}

    def on_a_terminal(self, project: Path, **environment: str) -> tuple[int, bytes, str]:
        """Run the command and return its exit code, what standard error shows on a terminal, and standard output."""
        terminal, end = os.openpty()
        with subprocess.Popen(
            self.ARGUMENTS,
            cwd=project,
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=end,
            text=True,
        ) as process:
            os.close(end)
            shown = b"".join(iter(lambda: self.read(terminal), b""))
            os.close(terminal)
            output, _ = process.communicate(timeout=60)
        return process.returncode, shown, output

    def read(self, terminal: int) -> bytes:
        try:
            return os.read(terminal, 1000)
        except OSError:  # how Linux tells that nobody writes any more
            return b""

    def test_is_shown_on_a_terminal_and_wiped_away(self, project: Path) -> None:
        (project / "pets.yaml").write_text(SPOTLESS)
        code, shown, output = self.on_a_terminal(project)
        assert (code, output) == (0, "")
        assert "validating the description …".encode() in shown
        assert re.search(rb"\x1b\[2K(\x1b\[1A\x1b\[2K)*pets\.yaml: no findings\r\n$", shown), shown

    def test_is_not_shown_in_a_pipe(self, project: Path) -> None:
        (project / "pets.yaml").write_text(SPOTLESS)
        done = subprocess.run(
            self.ARGUMENTS, cwd=project, env=self.environment(), capture_output=True, check=False, timeout=60
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"pets.yaml: no findings\n")

    def test_is_silence_without_rich(self, project: Path) -> None:
        (project / "pets.yaml").write_text(SPOTLESS)
        (project / "broken/rich").mkdir(parents=True)
        (project / "broken/rich/__init__.py").write_text("raise ImportError('on purpose')")
        path = os.pathsep.join((str(project / "broken"), self.environment()["PYTHONPATH"]))
        code, shown, output = self.on_a_terminal(project, PYTHONPATH=path)
        assert (code, shown, output) == (0, b"pets.yaml: no findings\r\n", "")


class TestUpToDate:
    HEAVY: ClassVar = (
        "datamodel_code_generator",
        "jinja2",
        "openapi_spec_validator",
        "jsonschema_rs",
        "yaml",
        "rich",
        "pydantic",
    )

    def test_costs_no_import_of_a_stage(self, project: Path, build: Build) -> None:
        build(FILES)
        cli.run(["generate"])
        program = f"""
import sys
from attrest.cli import run
code = run(["generate"])
print(code, sorted(set({self.HEAVY!r}) & set(sys.modules)))
"""
        done = start(cwd=project, program=("-c", program))
        assert done.stdout.splitlines() == ["client: up to date", LEDGER.rstrip(), "0 []"]


class TestSettings:
    def write(self, folder: Path, table: str) -> None:
        (folder / "pets.yaml").write_text(DESCRIPTION)
        (folder / "pyproject.toml").write_text(table)

    def test_come_from_the_nearest_table_upward(self, tmp_path: Path) -> None:
        self.write(
            tmp_path, '[tool.attrest]\ndocument = "pets.yaml"\noutput = "client"\npackage = "pets"\ngate = true\n'
        )
        inner = tmp_path / "a/b"
        inner.mkdir(parents=True)
        (inner / "pyproject.toml").write_text('[project]\nname = "other"\n')
        assert resolve(start=inner) == Settings(
            document=tmp_path / "pets.yaml",
            output=tmp_path / "client",
            package="pets",
            gate=True,
            releases=tmp_path / "client" / "openapi" / "versions",
            root=tmp_path,
        )

    def test_of_one_description_do_not_apply_to_another(self, tmp_path: Path) -> None:
        self.write(
            tmp_path, '[tool.attrest]\ndocument = "pets.yaml"\noutput = "client"\npackage = "pets"\ngate = true\n'
        )
        (tmp_path / "other.yaml").write_text(DESCRIPTION)
        assert resolve(start=tmp_path, document=Path("other.yaml")) == Settings(
            document=tmp_path / "other.yaml", output=tmp_path / "generated"
        )

    def test_arguments_go_before_the_table(self, tmp_path: Path) -> None:
        self.write(
            tmp_path, '[tool.attrest]\ndocument = "pets.yaml"\noutput = "client"\npackage = "pets"\ngate = true\n'
        )
        settings = resolve(start=tmp_path, document=Path("pets.yaml"), output=Path("out"), package="cats", gate=False)
        assert settings == Settings(
            document=tmp_path / "pets.yaml",
            output=tmp_path / "out",
            package="cats",
            releases=tmp_path / "client" / "openapi" / "versions",
            root=tmp_path,
        )

    def test_show_the_description_by_a_path_that_is_the_same_on_every_machine(self, tmp_path: Path) -> None:
        self.write(tmp_path, '[tool.attrest]\ndocument = "./pets.yaml"\n')
        assert resolve(start=tmp_path).source == "pets.yaml"
        assert Settings(document=Path("/a/b/c.yaml"), output=Path("/o"), root=Path("/a")).source == "b/c.yaml"
        assert Settings(document=Path("/a/b/c.yaml"), output=Path("/o")).source == "c.yaml"

    @pytest.mark.parametrize(
        ("table", "message"),
        [
            (
                'documnet = "pets.yaml"',
                r"pyproject\.toml: tool\.attrest\.documnet: unknown key; there are allow-hosts, client, diff, dist",
            ),
            ("document = 3", r"pyproject\.toml: tool\.attrest\.document: expected a text"),
            ('document = ""', r"pyproject\.toml: tool\.attrest\.document: expected a text"),
            ('document = "pets.yaml"\ngate = "yes"', r"pyproject\.toml: tool\.attrest\.gate: expected true or false"),
            ('document = "pets.yaml"\npackage = "a b"', "package 'a b'"),
            ('document = "pets.yaml"\nclient = "1Client"', "client '1Client'"),
            ('document = "pets.yaml"\npackage = "Queue"', "package 'Queue': it would stand in the way of"),
            ('document = "pets.yaml"\ndistribution = "pets!"', "distribution 'pets!'"),
            ('document = "pets.yaml"\ndistribution = "Typing.Extensions"', "distribution 'Typing.Extensions': a proj"),
            ('document = "pets.yaml"\ntemplates = "nowhere"', "nowhere: no such folder"),
            ('document = "missing.yaml"', r"missing\.yaml: no such file"),
            ("document =", r"pyproject\.toml: "),
        ],
    )
    def test_that_cannot_be_used_are_refused(self, tmp_path: Path, table: str, message: str) -> None:
        self.write(tmp_path, f"[tool.attrest]\n{table}\n")
        with pytest.raises(SettingsError, match=message):
            resolve(start=tmp_path)

    @pytest.mark.parametrize(
        "name",
        [
            *("calendar", "queue", "platform", "test", "json", "typing", "distutils", "annotationlib"),
            *("attr", "attrs", "httpx2", "httpcore2", "orjson", "anyio", "idna", "typing_extensions", "truststore"),
        ],
    )
    def test_say_which_names_are_taken(self, name: str) -> None:
        assert is_taken(name)
        assert is_taken(name.upper())
        assert not is_taken(f"{name}_api")

    def test_know_what_the_client_needs(self) -> None:
        waiting, seen = ["httpx2", "attrs", "orjson"], set[str]()
        while waiting:
            project = waiting.pop()
            if project in seen:
                continue
            seen.add(project)
            with suppress(PackageNotFoundError):  # for another platform, or an extra
                waiting += [re.split(r"[^\w.-]", it)[0] for it in requires(project) or () if "extra ==" not in it]
        assert [it for it in sorted(seen) if not is_taken(it.replace("-", "_"))] == []

    def test_a_table_that_is_none(self, tmp_path: Path) -> None:
        self.write(tmp_path, "[tool]\nattrest = 1\n")
        with pytest.raises(SettingsError, match=r"tool\.attrest: expected a table"):
            resolve(start=tmp_path)

    def test_templates_are_found_in_a_checkout(self, repository: Path) -> None:
        assert templates_directory() == repository / "templates"


class TestStandardInput:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    def run(self, content: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = (sys.executable, "-m", "attrest", *arguments)
        return subprocess.run(command, input=content, capture_output=True, text=True, check=False, timeout=60)

    def test_is_read_as_yaml_or_json(self) -> None:
        for content in (DESCRIPTION, json.dumps(yaml.safe_load(DESCRIPTION), indent="\t")):
            done = self.run(content, "bundle", "-", "-o", "-")
            assert yaml.safe_load(done.stdout) == yaml.safe_load(DESCRIPTION), done.stderr

    def test_findings_say_so(self) -> None:
        done = self.run(BROKEN, "validate", "-")
        assert done.returncode == 1
        assert "<stdin>:12:45: error[dangling-reference]" in done.stdout
        assert done.stderr.startswith("<stdin>: ")
        assert self.run("a: b: c", "validate", "-").stdout.startswith("<stdin>:1:5: error[bad-yaml]")

    def test_references_start_from_the_current_folder(self, tmp_path: Path) -> None:
        (tmp_path / "pet.yaml").write_text("title: Pet\n", encoding="utf-8")
        done = self.run(DESCRIPTION.replace("{type: string}", "{$ref: pet.yaml}"), "bundle", "-", "-o", "-")
        assert yaml.safe_load(done.stdout)["components"] == {"schemas": {"pet": {"title": "Pet"}}}

    def test_is_generated_from_each_time(self, tmp_path: Path) -> None:
        assert self.run(DESCRIPTION, "generate", "-").returncode == 2
        for more, said in (("", "added"), ("", "up to date"), ("x-a: 1\n", "changed")):
            done = self.run(DESCRIPTION + more, "generate", "-", "-o", "client")
            assert (done.returncode, said in done.stdout.partition("\n")[0]) == (0, True), done
        assert json.loads((tmp_path / "client" / "manifest.json").read_text())["sources"].keys() == {"<stdin>"}
        assert "list_pets" in self.run(DESCRIPTION, "show", "-").stdout
