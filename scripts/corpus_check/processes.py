"""Commands, and what running them costs."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Timer
from typing import Final

import attrs

_MEGABYTE: Final = 1024
"""In the kilobytes that the kernel counts in."""


@attrs.frozen(kw_only=True)
class Run:
    """A command that has ended."""

    exit_code: int
    """Negative for the number of the signal that ended it."""
    cpu: float
    """Seconds that it and the processes it waited for kept a processor busy."""
    peak: int
    """Megabytes of memory, at most, of the largest of them."""
    timed_out: bool
    output: str
    """What it printed, errors included."""


def measured(
    command: Sequence[str | Path], *, folder: Path, timeout: float, environment: Mapping[str, str] | None = None
) -> Run:
    """Run a command and measure it; an interrupt ends it as well.

    Args:
        command: The program and its arguments.
        folder: Where it runs.
        timeout: Seconds after which it is ended.
        environment: Variables beside those of this process.
    """
    expired: list[bool] = []
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(  # noqa: S603  # the commands are our own
            [str(part) for part in command],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

        def expire() -> None:
            expired.append(True)
            os.killpg(process.pid, signal.SIGKILL)

        timer = Timer(timeout, expire)
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except KeyboardInterrupt:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        finally:
            timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read().decode(errors="replace")
    return Run(
        exit_code=process.returncode,
        cpu=round(usage.ru_utime + usage.ru_stime, 2),
        peak=usage.ru_maxrss // _MEGABYTE,
        timed_out=bool(expired),
        output=printed,
    )
