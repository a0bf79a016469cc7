"""Runs ``attrest mock`` as a process of its own, on a free port."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Final, Self

import attrs

SCRIPTS: Final = Path(__file__).parents[2] / "scripts"
TOKEN: Final = "test-token"  # noqa: S105 - guards a server of the tests
BEARER: Final = {"Authorization": f"Bearer {TOKEN}"}


@attrs.frozen
class Got:
    """An answer as it arrived."""

    status: int
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Mocking:
    """A mock of a description, between entering and leaving the ``with`` block."""

    def __init__(self, document: Path, *options: str) -> None:
        self._arguments = (str(document), *options)
        self.url = ""
        self.said: list[str] = []
        """The lines on standard error."""

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            (sys.executable, "-m", "attrest", "mock", *self._arguments, "--port", "0"),
            env={"PYTHONPATH": str(SCRIPTS), "PATH": ""},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self._listening = Thread(target=self._listen)
        self._listening.start()
        said = self.process.stdout.readline()
        assert said.startswith("listening on http://"), (said, self.said)
        self.url = said.removeprefix("listening on ").strip()
        return self

    def _listen(self) -> None:
        assert self.process.stderr is not None
        self.said.extend(line.rstrip("\n") for line in self.process.stderr)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.returncode is None:
            self.stop()

    def stop(self) -> int:
        """End it as Ctrl-C does, and return its exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=30)
        self._listening.join()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        return code

    def ask(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Got:
        """Send a request; ``X_Key="1"`` gives a header."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, body=body, headers=sent)
        response = connection.getresponse()
        got = Got(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        connection.close()
        return got
