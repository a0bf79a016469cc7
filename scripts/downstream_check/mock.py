"""The server that generated clients call: ``attrest mock``, in a process of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Final

from downstream_check.outcomes import Unavailable

_SCRIPTS: Final = Path(__file__).parents[1]
_SAYS_WHERE: Final = "listening on "


@contextlib.contextmanager
def running(description: Path) -> Generator[str]:
    """Yield the URL of a server that behaves as a description says.

    Raises:
        Unavailable: It does not start; the text is what it says.
    """
    with subprocess.Popen(  # noqa: S603  # our own command
        (sys.executable, "-m", "attrest", "mock", str(description), "--port", "0", "--quiet"),
        env={**os.environ, "PYTHONPATH": str(_SCRIPTS), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield _where(process)
        finally:
            process.terminate()


def _where(process: subprocess.Popen[str]) -> str:
    said = ""
    for line in process.stdout or ():
        if line.startswith(_SAYS_WHERE):
            return line.removeprefix(_SAYS_WHERE).strip()
        said += line
    raise Unavailable(f"the mock does not start: {said.strip()}")
