"""The code keeps to its own rules: who may import whom, as pyproject.toml spells out, its types and its layout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def test_imports_go_down_only(repository: Path) -> None:
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    done = subprocess.run(
        (sys.executable, "-c", program),
        cwd=repository,
        env={**os.environ, "PYTHONPATH": str(repository / "scripts")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check"),
        ("ruff", "format", "--check"),
        ("mypy", "scripts/attrest", "scripts/corpus_check", "scripts/downstream_check", "generated/python/src"),
        ("pyright", "--pythonpath", sys.executable),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_the_checkers_find_nothing(repository: Path, command: tuple[str, ...]) -> None:
    done = subprocess.run(
        (sys.executable, "-m", *command), cwd=repository, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
