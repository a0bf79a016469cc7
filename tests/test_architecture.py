"""The generator keeps to its own rules of who may import whom; pyproject.toml spells them out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


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
