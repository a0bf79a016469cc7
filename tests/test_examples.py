"""The examples of the README: they run, the first is ten lines, and the README shows them as they are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from training_server import TrainingServer, example_service

EXAMPLE: Final = Path(__file__).parent / "readme_example.py"
FOLLOW: Final = Path(__file__).parent / "readme_follow.py"
README: Final = Path(__file__).parents[1] / "README.md"
SOURCES: Final = Path(__file__).parents[1] / "generated" / "python" / "src"


def test_it_runs(tmp_path: Path) -> None:
    with TrainingServer(example_service()) as server:
        settings = {"TRAINING_API_SERVER": server.url, "TRAINING_API_TOKEN": server.token}
        done = subprocess.run(
            (sys.executable, "-W", "error", EXAMPLE),
            cwd=tmp_path,
            env={**os.environ, **settings, "PYTHONPATH": str(SOURCES)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.stderr == ""
    assert done.stdout == "driver-281474 assigned\ndriver-46282156 has it already\n"
    assert [(request.method, request.path) for request in server.requests] == [("POST", "/training-assignments")]


def test_it_is_ten_lines() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line]) == 10


@pytest.mark.skipif(not README.exists(), reason="there is no README yet")
def test_the_readme_shows_it() -> None:
    shown = re.findall(r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    written = [example.read_text(encoding="utf-8") for example in (EXAMPLE, FOLLOW)]
    assert shown == written, f"copy {EXAMPLE.name} and {FOLLOW.name} into the README"
