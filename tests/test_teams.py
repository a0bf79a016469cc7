"""What teams run beside their editor: the hooks for pre-commit, and the workflow of this repository."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from attrest.starting import scaffold
from started_project import commit, environment, run, steps_of_workflow

PROJECT = '[tool.attrest]\ndocument = "pets.yaml"\noutput = "generated"\ngate = true\n'
MINIMAL = Path(__file__).parent / "golden" / "minimal" / "openapi.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with two commits, of which the second takes something from callers."""
    folder, variables = tmp_path / "pets", environment(tmp_path)
    folder.mkdir()
    (folder / "pyproject.toml").write_text(PROJECT)
    shutil.copy(MINIMAL, folder / "pets.yaml")
    assert run("attrest generate", folder, variables).returncode == 0
    commit(folder, variables, "First")
    described = yaml.safe_load(MINIMAL.read_text())
    (path,) = described["paths"]
    described["paths"] = {f"{path}-moved": described["paths"][path]}
    (folder / "pets.yaml").write_text(yaml.safe_dump(described, sort_keys=False))
    assert run("attrest generate", folder, variables).returncode == 0
    commit(folder, variables, "Second")
    return folder


def hooks(repository: Path) -> dict[str, dict[str, Any]]:
    return {hook["id"]: hook for hook in yaml.safe_load((repository / ".pre-commit-hooks.yaml").read_text())}


def test_hooks_find_nothing_and_then_what_is_wrong(repository: Path, project: Path) -> None:
    variables = environment(project.parent)
    entries = {name: hook["entry"] for name, hook in hooks(repository).items()}
    assert set(entries) == {"attrest-validate", "attrest-generate-check"}
    assert [run(entry, project, variables).returncode for entry in entries.values()] == [0, 0]
    (project / "pets.yaml").write_text((project / "pets.yaml").read_text().replace("title:", "label:"))
    assert [run(entry, project, variables).returncode for entry in entries.values()] == [1, 1]


def test_hooks_are_what_pre_commit_reads(repository: Path) -> None:
    for hook in hooks(repository).values():
        assert {"id", "name", "entry", "language"} <= hook.keys()
        assert (hook["language"], hook["pass_filenames"]) == ("python", False)
        assert hook["entry"].split()[0] == "attrest"
    matches = re.compile(hooks(repository)["attrest-validate"]["files"]).search
    assert all(matches(path) for path in ("openapi/a.yaml", "a.yml", "a.json", "pyproject.toml", "b/pyproject.toml"))
    assert not any(matches(path) for path in ("a.py", "mypyproject.toml", "yaml"))


def test_the_workflow_tells_of_what_breaks_callers(repository: Path, project: Path, tmp_path: Path) -> None:
    steps = {step["name"]: step for step in steps_of_workflow(repository / ".github/workflows/description.yml")}
    commands = {name: step["run"] for name, step in steps.items()}
    comment = commands.pop("Comment on the pull request")
    told = {"BASE": "HEAD~1", "RUNNER_TEMP": str(tmp_path), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    variables = environment(tmp_path) | told
    done = {name: run(command, project, variables) for name, command in commands.items()}
    assert {name: each.returncode for name, each in done.items()} == {
        "Validate the description": 0,
        "Check that what is generated is up to date": 0,
        "Say what changes for callers": 0,
        "Refuse what breaks callers": 1,
    }
    assert "::error" in done["Refuse what breaks callers"].stdout
    assert "breaking" in (tmp_path / "changes.md").read_text()
    assert '--body-file "$RUNNER_TEMP/changes.md"' in comment


def test_the_workflow_takes_the_first_description(repository: Path, project: Path, tmp_path: Path) -> None:
    variables = environment(tmp_path)
    (project / "pets.yaml").rename(project / "toys.yaml")
    (project / "pyproject.toml").write_text(PROJECT.replace("pets", "toys"))
    empty = "git rm -rq . --cached && git commit -q --allow-empty -m Empty"
    assert run(empty, project, variables).returncode == 0
    told = {"BASE": "HEAD", "RUNNER_TEMP": str(tmp_path), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    steps = {step["name"]: step for step in steps_of_workflow(repository / ".github/workflows/description.yml")}
    said = [
        run(steps[name]["run"], project, variables | told)
        for name in ("Say what changes for callers", "Refuse what breaks callers")
    ]
    assert [each.returncode for each in said] == [0, 0], said
    assert "no older version: HEAD:toys.yaml" in (tmp_path / "changes.md").read_text()
    assert said[1].stdout == "::notice::no older version: HEAD:toys.yaml: the revision has no such file\n"


def test_the_workflow_is_the_one_that_init_starts(repository: Path) -> None:
    started = scaffold.files(title="Pets", document="openapi/openapi.yaml", gate=True, hosts=(), rules=())
    theirs = yaml.safe_load(started[".github/workflows/description.yml"])
    ours = yaml.safe_load((repository / ".github/workflows/description.yml").read_text())
    own = {"Set up", "Run the tests"}
    for workflow in (theirs, ours):
        (job,) = workflow["jobs"].values()
        job["steps"] = [step for step in job["steps"] if step.get("name") not in own]
    assert ours == theirs
