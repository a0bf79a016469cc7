"""What datamodel-code-generator itself takes for a description, measured once and remembered."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Final

from corpus_check.processes import measured

_TOOL: Final = "datamodel-code-generator"
_OPTIONS: Final = (
    *("--input-file-type", "openapi"),
    *("--openapi-scopes", "api"),
    *("--output-model-type", "dataclasses.dataclass"),
)


class Peer:
    """The CPU seconds of datamodel-code-generator for the models of all that a description has, and for nothing else.

    By itself it looks at ``components`` alone; a client needs the schemas of parameters, bodies and answers as well.
    """

    def __init__(self, memory: Path, timeout: float) -> None:
        """Remember what was measured before.

        Args:
            memory: The file that keeps it.
            timeout: Seconds after which a run is ended.
        """
        self._memory = memory
        self._timeout = timeout
        self._known: dict[str, float | None] = json.loads(memory.read_text()) if memory.is_file() else {}

    def cpu(self, path: Path) -> float | None:
        """Return the CPU seconds that it takes for a description; None where it fails."""
        key = f"{version(_TOOL)} {' '.join(_OPTIONS)} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        if key not in self._known:
            self._known[key] = self._measure(path)
            self._memory.parent.mkdir(parents=True, exist_ok=True)
            self._memory.write_text(json.dumps(self._known, indent=1))
        return self._known[key]

    def _measure(self, path: Path) -> float | None:
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "models.py"
            command = (sys.executable, "-m", "datamodel_code_generator", *_OPTIONS, "--input", path, "--output", output)
            run = measured(command, folder=Path(folder), timeout=self._timeout)
        return run.cpu if run.exit_code == 0 else None
