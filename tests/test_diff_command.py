"""``attrest diff``: where versions come from, what is printed, exit codes, and lists of changes that are meant."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from attrest import cli

OLD = """\
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: pet.yaml}
      responses:
        '201': {description: Made.}
"""
PET = "type: object\nproperties:\n  name: {type: string, maxLength: 50}\n  age: {type: integer}\n"
SHORTER = PET.replace("50", "20")
RISKY = PET.replace("  age: {type: integer}\n", "")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a description of two files, committed, of which one was changed since; the current folder."""
    (tmp_path / "api").mkdir()
    (tmp_path / "api/openapi.yaml").write_text(OLD)
    (tmp_path / "api/pet.yaml").write_text(PET)
    (tmp_path / "pyproject.toml").write_text('[tool.attrest]\ndocument = "api/openapi.yaml"\n')
    monkeypatch.chdir(tmp_path)
    git("init", "--quiet", "--initial-branch=main")
    git("add", ".")
    git("-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "--quiet", "--no-gpg-sign", "--message=first")
    (tmp_path / "api/pet.yaml").write_text(SHORTER)
    return tmp_path


def git(*arguments: str) -> None:
    subprocess.run(("git", *arguments), check=True, capture_output=True)  # noqa: S607 - the one on the PATH


def changes(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    cli.run(("diff", *arguments, "--format", "json"))
    printed = capsys.readouterr()
    assert printed.err == ""
    found: list[dict[str, Any]] = json.loads(printed.out)["changes"]
    return found


class TestVersions:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("main",),
            ("HEAD:api/openapi.yaml",),
            ("HEAD:api",),
            ("HEAD:./api/openapi.yaml", "api/openapi.yaml"),
            ("main", "api"),
            ("main:", "."),
        ],
    )
    def test_come_from_revisions_folders_and_files(
        self, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
    ) -> None:
        (change,) = changes(capsys, *arguments)
        assert (change["rule"], change["before"], change["after"]) == ("schema.maxLength.lowered", 50, 20)
        assert change["old"]["file"].endswith(":api/pet.yaml")
        assert (change["new"]["file"], change["new"]["line"]) == ("api/pet.yaml", 3)

    def test_come_from_a_folder_that_holds_one_of_any_name(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "train").mkdir()
        (folder / "train/travel.yaml").write_text(OLD.replace("{$ref: pet.yaml}", "{$ref: ../api/pet.yaml}"))
        (folder / "train/notes.yaml").write_text("about: the openapi of trains\n")
        git("add", "train")
        git("-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "--quiet", "--no-gpg-sign", "--message=more")
        (change,) = changes(capsys, "main:train", "train")
        assert change["rule"] == "schema.maxLength.lowered"
        (folder / "train/other.json").write_text('{"info": {}, "openapi": "3.1.0"}')
        assert cli.run(("diff", "main:train", "train")) == 2
        assert "train: which description? there are other.json, travel.yaml" in capsys.readouterr().err

    def test_come_from_standard_input(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text = OLD.replace("{$ref: pet.yaml}", "{$ref: api/pet.yaml}").replace("/pets", "/toys")
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        rules = [change["rule"] for change in changes(capsys, str(folder / "api/openapi.yaml"), "-")]
        assert sorted(rules) == ["operation.existence.added", "operation.existence.removed"]

    def test_leave_the_repository_as_it_is(self, capsys: pytest.CaptureFixture[str]) -> None:
        changes(capsys, "main")
        command = ("git", "status", "--porcelain")
        state = subprocess.run(command, check=True, capture_output=True, text=True)
        assert state.stdout == " M api/pet.yaml\n"

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("nothing",), "nothing: no such file, and no revision of that name"),
            (("nothing:api",), "nothing:api: no such revision as 'nothing' here"),
            (("main:nothing.yaml",), "main:nothing.yaml: the revision has no such file"),
            (("main:../outside",), "outside: is not in the repository of 'main'"),
            (("--", "--help:x"), "--help:x: no such revision as '--help' here"),
            (("-", "-"), "only one version can come from standard input"),
            (("empty",), "empty: no description here that pyproject.toml or a usual name tells of"),
        ],
    )
    def test_that_are_not_there_are_told(
        self, arguments: tuple[str, ...], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "empty").mkdir()
        assert cli.run(("diff", *arguments)) == 2
        assert said in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("form", "said"),
        [
            ("text", "no older version: main:new.yaml: the revision has no such file\n"),
            (
                "markdown",
                "## For callers of the service: no older version: main:new.yaml: the revision has no such file\n",
            ),
            ("github", "::notice::no older version: main:new.yaml: the revision has no such file\n"),
        ],
    )
    def test_the_first_may_have_none_before_it(
        self, form: str, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "new.yaml").write_text(OLD.replace("pet.yaml", "api/pet.yaml"))
        arguments = ("diff", "main:new.yaml", "new.yaml", "--format", form)
        assert cli.run(arguments) == 2
        capsys.readouterr()
        assert cli.run((*arguments, "--unless-new", "--fail-on", "risky")) == 0
        assert capsys.readouterr().out == said
        assert cli.run(("diff", "main:new.yaml", "new.yaml", "--unless-new", "--format", "json")) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["changes"], told["first"]) == ([], "main:new.yaml: the revision has no such file")

    @pytest.mark.parametrize("arguments", [("nothing:api",), ("main", "nothing.yaml"), ("main:pyproject.toml",)])
    def test_nothing_else_may_lack(self, arguments: tuple[str, ...]) -> None:
        assert cli.run(("diff", *arguments, "--unless-new")) == 2

    def test_one_that_moved_is_found_where_it_was(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (folder / "api").rename(folder / "description")
        (folder / "pyproject.toml").write_text('[tool.attrest]\ndocument = "description/openapi.yaml"\n')
        (change,) = changes(capsys, "main", "--unless-new")
        assert change["old"]["file"] == "main:api/pet.yaml"

    def test_that_cannot_be_read_are_no_breaking_change(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (folder / "broken.yaml").write_text("openapi: [")
        assert cli.run(("diff", "main", "broken.yaml")) == 2
        assert "broken.yaml:1" in capsys.readouterr().err

    def test_of_a_revision_that_cannot_be_read_name_its_file(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "api/broken.yaml").write_text("a: [")
        git("add", ".")
        git("-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "--quiet", "--no-gpg-sign", "--message=next")
        assert cli.run(("diff", "HEAD:api/broken.yaml")) == 2
        assert capsys.readouterr().err.startswith("HEAD:api/broken.yaml:")

    def test_with_references_that_lead_nowhere_are_told(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (folder / "old.yaml").write_text(OLD.replace("pet.yaml", "cat.yaml"))
        assert cli.run(("diff", "old.yaml", "old.yaml")) == 0
        assert "old.yaml:9:13: warning[mended]: cat.yaml leads nowhere: any value is taken" in capsys.readouterr().err


class TestExitCode:
    @pytest.mark.parametrize(
        ("pet", "fail_on", "code"),
        [
            (SHORTER, "breaking", 1),
            (SHORTER, "risky", 1),
            (SHORTER, "never", 0),
            (RISKY, "breaking", 0),
            (RISKY, "risky", 1),
            (PET, "risky", 0),
        ],
    )
    def test_is_1_where_it_is_asked_for(self, pet: str, fail_on: str, code: int, folder: Path) -> None:
        (folder / "api/pet.yaml").write_text(pet)
        assert cli.run(("diff", "main", "--fail-on", fail_on)) == code


class TestForms:
    def test_text_names_place_reason_and_rule(self, capsys: pytest.CaptureFixture[str]) -> None:
        cli.run(("diff", "main"))
        assert capsys.readouterr().out == (
            "POST /pets\n"
            "  breaking  body → name: maxLength lowered: 50 → 20\n"
            "    values that callers may send are refused\n"
            "    main:api/pet.yaml:3 → api/pet.yaml:3 [schema.maxLength.lowered]\n"
            "\n"
            "1 breaking\n"
        )

    def test_documentation_is_counted_and_shown_with_all(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "api/pet.yaml").write_text(f"{PET}description: A pet.\n")
        assert cli.run(("diff", "main")) == 0
        assert capsys.readouterr().out == "1 of documentation\n"
        cli.run(("diff", "main", "--all"))
        assert 'schema: description added: "A pet."' in capsys.readouterr().out

    def test_github_stands_beside_the_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        cli.run(("diff", "main", "--format", "github"))
        assert capsys.readouterr().out == (
            "::error file=api/pet.yaml,line=3,title=breaking%3A schema.maxLength.lowered::"
            "POST /pets → body → name: maxLength lowered: 50 → 20%0Avalues that callers may send are refused\n"
        )

    def test_github_names_the_file_of_what_went_without_its_revision(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "api/pet.yaml").write_text(RISKY)
        cli.run(("diff", "main", "--format", "github"))
        assert capsys.readouterr().out.startswith("::warning file=api/pet.yaml,line=4,title=risky%3A schema.property")

    def test_markdown_is_a_table_that_no_name_breaks(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (folder / "api/pet.yaml").write_text(f"{PET}  '|<b>`@all`\\n# x': {{type: string}}\n")
        cli.run(("diff", "main", "--format", "markdown"))
        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == "## For callers of the service: 1 safe"
        assert lines[-1] == (
            "| ✅ safe | `body`: property \\|\\<b\\>\\`@\u200ball\\`\\\\n\\# x added | "
            "callers who do not know it leave it out |"
        )

    def test_python_compares_the_clients_too(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (folder / "api/pet.yaml").write_text(PET.replace("age", "years"))
        assert cli.run(("diff", "main", "--python", "--format", "json")) == 1
        report = json.loads(capsys.readouterr().out)
        assert report["verdict"] == "risky"
        assert report["python"]["verdict"] == "breaking"
        assert "python.attribute.removed" in {change["rule"] for change in report["python"]["changes"]}

    def test_all_are_the_same_in_every_run(self, folder: Path) -> None:
        names = [f"  {name}: {{enum: [{name}, b, c], maxLength: 3}}\n" for name in "uvwxyz"]
        (folder / "api/pet.yaml").write_text(PET + "".join(names))
        printed = {
            subprocess.run(
                (sys.executable, "-m", "attrest", "diff", "api", "main", "--format", "json", "--fail-on", "never"),
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(cli.__file__).parents[1])},
                check=True,
                capture_output=True,
            ).stdout
            for seed in ("1", "2")
        }
        assert len(printed) == 1


class TestAllowed:
    def allow(self, folder: Path, text: str, name: str = "allowed.toml") -> None:
        (folder / name).write_text(text)

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("a.toml", '[[allowed]]\nrule = "schema.maxLength.*"\nreason = "fine"\nexpires = 2999-01-01\n'),
            ("a.toml", '[[allowed]]\npointer = "*/name/maxLength"\noperation = "POST *"\nreason = "fine"\n'),
            ("a.toml", '[[allowed]]\npointer = "#/components/schemas/*/maxLength"\nreason = "fine"\n'),
            ("a.toml", '[[allowed]]\npointer = "/components/schemas/*/maxLength"\nreason = "fine"\n'),
            ("a.yaml", "allowed:\n- {rule: schema.maxLength.lowered, reason: fine, expires: 2999-01-01}\n"),
            ("a.yaml", "- {operation: POST /pets, reason: fine}\n"),
        ],
    )
    def test_changes_do_not_fail_and_are_shown_with_the_reason(
        self, name: str, text: str, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.allow(folder, text, name)
        assert cli.run(("diff", "main", "--allow", name)) == 0
        printed = capsys.readouterr()
        assert "  allowed (breaking)  body → name" in printed.out
        assert "    fine\n" in printed.out
        assert printed.out.endswith("\n1 allowed\n")
        assert printed.err == ""

    def test_can_be_configured(self, folder: Path) -> None:
        self.allow(folder, '[[allowed]]\nrule = "*"\nreason = "fine"\n')
        with (folder / "pyproject.toml").open("a") as file:
            file.write('\n[tool.attrest.diff]\nallowed = "allowed.toml"\n')
        assert cli.run(("diff", "main")) == 0

    def test_expired_entries_fail_loudly(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.allow(folder, '[[allowed]]\nrule = "*"\nreason = "for a while"\nexpires = 2020-01-01\n')
        assert cli.run(("diff", "main", "--allow", "allowed.toml", "--fail-on", "never")) == 1
        printed = capsys.readouterr()
        assert "  breaking  body → name" in printed.out
        assert printed.err == "attrest: error: allowed[1] expired on 2020-01-01: for a while\n"

    def test_entries_that_name_nothing_are_told(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.allow(folder, '[[allowed]]\nrule = "*"\nreason = "fine"\n[[allowed]]\nrule = "x.*"\nreason = "old"\n')
        assert cli.run(("diff", "main", "--allow", "allowed.toml")) == 0
        assert capsys.readouterr().err == "attrest: warning: allowed[2] names no change: old\n"

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ('[[allowed]]\nrule = "*"\n', "allowed[1]: why is it allowed? give a reason"),
            ('[[allowed]]\nreason = "x"\n', "allowed[1]: what is allowed? give a rule, a pointer or an operation"),
            ('[[allowed]]\nrule = "*"\nreason = "x"\nexpires = "soon"\n', "allowed[1].expires: 'soon' is no date"),
            ('[[allowed]]\nrule = "*"\nreson = "x"\n', "allowed[1].reson: unknown key; there are expires, operation"),
            ('[[allowed]]\nrule = 3\nreason = "x"\n', "allowed[1].rule: expected a text that is not empty"),
            ("allowed = 3\n", "allowed.toml: expected a list under allowed"),
            ("allowed = [", "allowed.toml: "),
        ],
    )
    def test_what_is_no_list_of_changes_is_refused(
        self, text: str, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.allow(folder, text)
        assert cli.run(("diff", "main", "--allow", "allowed.toml")) == 2
        assert said in capsys.readouterr().err
