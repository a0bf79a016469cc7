"""Say on a terminal what takes so long; say nothing in a pipe."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Generator
from typing import TypeAlias

Progress: TypeAlias = Callable[[str], None]
"""Called with what begins now, in a few words."""


def silent(_stage: str) -> None:
    """Say nothing."""


@contextlib.contextmanager
def shown() -> Generator[Progress]:
    """Show the current stage on the last line of the terminal, and wipe it away at the end.

    Yields:
        What to call with the name of each stage; it does nothing where standard error is no terminal.
    """
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield lambda stage: status.update(f"{stage} …")
