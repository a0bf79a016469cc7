"""Stands before Prism, hands on what a client sends byte for byte, and keeps Prism's verdict on it."""

from __future__ import annotations

import http.client
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Final, Self, cast

import attrs

HOP_BY_HOP: Final = frozenset({"connection", "keep-alive", "transfer-encoding", "sl-violations", "date"})
"""Headers of an answer that are about one connection, or not the client's business."""


@attrs.frozen(kw_only=True)
class Exchange:
    """A request, how it was answered, and what Prism found wrong."""

    method: str
    target: str
    status: int
    violations: tuple[dict[str, Any], ...]

    @property
    def of_request(self) -> tuple[dict[str, Any], ...]:
        """The violations that the client is to blame for."""
        return tuple(violation for violation in self.violations if violation["location"][0] == "request")


class Judge:
    """A server before Prism that remembers every exchange."""

    def __init__(self, prism_url: str) -> None:
        """Hand on to the Prism at ``prism_url``."""
        self.prism_url = prism_url
        self.prefer: int | None = None
        """The status that a mocking Prism is asked for; None leaves it the choice."""
        self._exchanges: list[Exchange] = []
        self._lock = Lock()
        self._http = _HTTPServer(self)
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        """Listen on a free port of the loopback interface."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop listening."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where a client reaches it."""
        host, port = self._http.server_address[:2]
        return f"http://{host!s}:{port}"

    def take(self) -> tuple[Exchange, ...]:
        """The exchanges since this was last asked."""
        with self._lock:
            taken, self._exchanges = tuple(self._exchanges), []
        return taken

    def record(self, exchange: Exchange) -> None:
        """Keep an exchange."""
        with self._lock:
            self._exchanges.append(exchange)


class _HTTPServer(ThreadingHTTPServer):
    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        super().__init__(("127.0.0.1", 0), _RequestHandler)


class _RequestHandler(BaseHTTPRequestHandler):
    """One request; the connection ends with it, so that none is open when the judge leaves."""

    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Say nothing: the exchanges are recorded."""

    def _hand_on(self) -> None:
        judge = cast("_HTTPServer", self.server).judge
        onward = http.client.HTTPConnection(judge.prism_url.removeprefix("http://"), timeout=60)
        try:
            onward.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                onward.putheader(name, value)
            if judge.prefer is not None:
                onward.putheader("Prefer", f"code={judge.prefer}")
            onward.endheaders(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            answer = onward.getresponse()
            content = answer.read()
        finally:
            onward.close()
        judge.record(
            Exchange(
                method=self.command,
                target=self.path,
                status=answer.status,
                violations=tuple(json.loads(answer.headers.get("sl-violations", "[]"))),
            )
        )
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _hand_on  # noqa: N815 - http.server's names
