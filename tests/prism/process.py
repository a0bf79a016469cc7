"""A running Prism."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from threading import Condition, Thread
from types import TracebackType
from typing import IO, Final, Self

from prism.installation import install, node

LONGEST_START: Final = 60
"""Seconds until Prism has to listen."""


class Prism:
    """Prism on a free port of the loopback interface, between entering and leaving the ``with`` block."""

    def __init__(self, description: Path, *, upstream: str | None = None) -> None:
        """Mock what ``description`` describes or, with ``upstream``, stand between a client and that server."""
        how = ["mock", str(description)] if upstream is None else ["proxy", str(description), upstream]
        self._command = [str(node()), str(install()), *how, "--host", "127.0.0.1", "--port", "0"]
        self._process: subprocess.Popen[str] | None = None
        self._reader: Thread | None = None
        self._news = Condition()
        self._url: str | None = None
        self._ended = False
        self.log: list[str] = []

    def __enter__(self) -> Self:
        """Start it, and come back when it listens.

        Raises:
            RuntimeError: It ended, or did not listen in time; the text is its log.
        """
        process = subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self._process = process
        if process.stdout is not None:
            self._reader = Thread(target=self._read, args=(process.stdout,), daemon=True)
            self._reader.start()
        with self._news:
            self._news.wait_for(lambda: self._url is not None or self._ended, LONGEST_START)
        if self._url is None:
            self._stop()
            raise RuntimeError("Prism does not listen:\n" + "".join(self.log))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End it."""
        self._stop()

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        if self._url is None:
            raise RuntimeError("Prism answers inside its with block only")
        return self._url

    @property
    def alive(self) -> bool:
        """Whether it still runs: a request can bring it down."""
        return self._process is not None and self._process.poll() is None

    def _read(self, output: IO[str]) -> None:
        for line in output:
            with self._news:
                self.log.append(line)
                if listening := re.search(r"listening on (http://\S+)", line):
                    self._url = listening[1]
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        self._process.wait()
        if self._reader is not None:
            self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
