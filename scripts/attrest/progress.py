"""Say on a terminal what takes so long; say nothing in a pipe."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from rich.console import Console

Progress: TypeAlias = Callable[[str], None]
"""Called with what begins now, in a few words."""


def silent(_stage: str) -> None:
    """Say nothing."""


@contextlib.contextmanager
def shown() -> Generator[Progress]:
    """Show the current stage on the last line of the terminal, and wipe it away at the end.

    Yields:
        What to call with the name of each stage; it does nothing where standard error is no terminal, or rich is not
        there to draw on it.
    """
    console = _console() if sys.stderr.isatty() else None
    if console is None:
        yield silent
        return
    with console.status("") as status:
        yield lambda stage: status.update(f"{stage} …")


def _console() -> Console | None:
    try:
        from rich.console import Console
    except ImportError:
        return None
    return Console(stderr=True)
