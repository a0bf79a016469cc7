"""Clients that tests make of descriptions of their own, and a server on loopback that keeps what they send."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import MappingProxyType, ModuleType, TracebackType
from typing import Any, Final, Self, cast

import attrs

from attrest.pipeline import build
from attrest.settings import Settings

NOTHING: Final[Mapping[str, Any]] = {"204": {"description": "Nothing."}}
"""The responses of an operation that only takes."""


def make(description: Mapping[str, Any], folder: Path, package: str) -> ModuleType:
    """Generate the client of a description below a folder, and import it under a name that nothing else has."""
    document = folder / f"{package}.json"
    document.write_text(json.dumps(description), encoding="utf-8")
    settings = Settings(document=document, output=folder / "out", package=package, client="Client", root=folder)
    for path, text in build(settings, lambda _: None).tree.files.items():
        if path.startswith("python/src/"):
            file = folder / "src" / path.removeprefix("python/src/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    sys.path.insert(0, str(folder / "src"))
    try:
        return importlib.import_module(package)
    finally:
        sys.path.remove(str(folder / "src"))


@attrs.frozen(kw_only=True)
class Received:
    """A request as it arrived."""

    method: str
    target: str
    """Path and query, as sent."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def query(self) -> str | None:
        """What stands behind the question mark, as sent; None where there is none."""
        _, mark, query = self.target.partition("?")
        return query if mark else None


class Recorder:
    """A server that answers everything alike, with 204 unless told otherwise, and keeps it."""

    def __init__(
        self, status: int = 204, headers: Mapping[str, str] = MappingProxyType({}), content: bytes = b""
    ) -> None:
        self.received: list[Received] = []
        self.status = status
        self.headers = headers
        self.content = content
        self._http = _HTTPServer(self)
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        host, port = self._http.server_address[:2]
        return f"http://{host!s}:{port}"

    def take(self) -> Received:
        """The one request since this was last asked."""
        (only,), self.received = self.received, []
        return only


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        super().__init__(("127.0.0.1", 0), _RequestHandler)


class _RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Say nothing: the requests are kept."""

    def _keep(self) -> None:
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b"".join(iter(self._chunk, b""))
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        received = Received(
            method=self.command,
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        recorder = cast("_HTTPServer", self.server).recorder
        recorder.received.append(received)
        self.send_response(recorder.status)
        for name, value in recorder.headers.items():
            self.send_header(name, value)
        if recorder.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(recorder.content)))
        self.end_headers()
        self.wfile.write(recorder.content)

    def _chunk(self) -> bytes:
        data = self.rfile.read(int(self.rfile.readline(), 16))
        self.rfile.readline()
        return data

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_QUERY = _keep  # noqa: N815 - http.server's names
