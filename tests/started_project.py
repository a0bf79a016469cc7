"""Runs what a project that ``attrest init`` started says, in a repository of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from attrest import cli

SETTING_UP = re.compile(r"python3 -m venv|\. \.venv/|pip install|pre-commit install|scripts/setup")
"""Commands that fetch what a test has already."""


def environment(folder: Path) -> dict[str, str]:
    """Return an environment in which ``attrest`` and ``python`` are those of the tests, and git knows who commits."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    for name, arguments in (("python", ""), ("attrest", "-m attrest ")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments}"$@"\n')
        program.chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(cli.__file__).parents[1]),
        "PYTHONDONTWRITEBYTECODE": "1",
        **{f"GIT_{role}_{what}": "test@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
    }


def run(command: str, folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command of a shell, and stop at the first part that fails, as a step of a workflow does."""
    shell = ("bash", "-e", "-o", "pipefail", "-c", command)
    return subprocess.run(
        shell,
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        stdin=subprocess.DEVNULL,
    )


def commit(folder: Path, variables: dict[str, str], message: str) -> None:
    done = run(f"git init --quiet -b main && git add --all && git commit --quiet -m {message}", folder, variables)
    assert done.returncode == 0, done.stderr


def commands_of_readme(readme: Path) -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", readme.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if not SETTING_UP.search(line)]


def steps_of_workflow(workflow: Path) -> list[dict[str, Any]]:
    """Return the steps that run commands, but those that fetch something."""
    (job,) = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values()
    return [step for step in job["steps"] if "run" in step and not SETTING_UP.search(step["run"])]
