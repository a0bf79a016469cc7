"""What Schemathesis, which knows nothing of attrest, finds wrong with ``attrest mock``: nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from mocking import TOKEN, Mocking

pytestmark = [
    pytest.mark.skipif(find_spec(name) is None, reason=f"{name} is not installed")
    for name in ("schemathesis", "starlette", "uvicorn")
]

HERE: Final = Path(__file__).parent
TRAINING: Final = HERE.parent / "generated" / "openapi" / "openapi.yaml"
GOLDENS: Final = ("read_write_only", "responses")
METHODS: Final = frozenset({"get", "put", "post", "delete", "patch", "head", "options"})


def judged(
    description: Path, folder: Path, *options: str, judging: Path | None = None, only: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Let Schemathesis send what it thinks of to a mock, and judge each answer by its description, or by another."""
    with Mocking(description, "--credential", TOKEN, "--quiet", *options) as mock:
        return subprocess.run(
            (
                *(sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run"),
                *(str(judging or description), "--url", mock.url, "-H", f"Authorization: Bearer {TOKEN}"),
                *("--max-examples", "2", "--generation-deterministic"),
                *("--suppress-health-check", "all", "--no-color", *only),
            ),
            cwd=folder,
            env={**os.environ, "PYTHONPATH": ""},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


def with_refusals(case: str, folder: Path) -> Path:
    """Write a golden case whose operations say too what they answer to a wrong request, which most leave out."""
    tree: dict[str, Any] = yaml.safe_load((HERE / "golden" / case / "openapi.yaml").read_text(encoding="utf-8"))
    for item in tree["paths"].values():
        for operation in (item[name] for name in item if name in METHODS):
            operation.setdefault("responses", {}).setdefault("default", {"description": "Refused."})
    path = folder / "openapi.yaml"
    path.write_text(yaml.safe_dump(tree), encoding="utf-8")
    return path


@pytest.mark.parametrize("options", [(), ("--stateful",)], ids=["stateless", "stateful"])
def test_nothing_is_wrong_with_the_training_api(options: Sequence[str], tmp_path: Path) -> None:
    done = judged(TRAINING, tmp_path, *options)
    assert done.returncode == 0, done.stdout
    assert "No issues found" in done.stdout


@pytest.mark.parametrize("case", GOLDENS)
def test_nothing_is_wrong_with_a_golden(case: str, tmp_path: Path) -> None:
    done = judged(with_refusals(case, tmp_path), tmp_path)
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout


def test_the_judge_does_judge(tmp_path: Path) -> None:
    strict = tmp_path / "strict.yaml"
    strict.write_text(
        TRAINING.read_text(encoding="utf-8").replace("- title\n", "- title\n      - price\n"), encoding="utf-8"
    )
    done = judged(
        TRAINING, tmp_path, judging=strict, only=("--include-path", "/training-courses", "--phases", "fuzzing")
    )
    assert done.returncode == 1, done.stdout
    assert "'price' is a required property" in done.stdout.replace('"', "'")
