"""The service behind HTTP/1.1 on a loopback socket."""

from __future__ import annotations

import contextlib
import json
import socket
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Condition, Event, Lock, Thread
from types import TracebackType
from typing import Any, Final, Self, TypeAlias, cast

import attrs

from training_server.answers import Answer, HangUp
from training_server.query import Query, Refused
from training_server.service import Json, TrainingService

Handler: TypeAlias = Callable[[TrainingService, Query], Json | None]

ROUTES: Final[Mapping[str, Mapping[str, Handler]]] = {
    "/training-assignments": {
        "POST": TrainingService.post_training_assignments,
        "PATCH": TrainingService.patch_training_assignments,
        "DELETE": TrainingService.delete_training_assignments,
    },
    "/training-assignments/stream": {"GET": TrainingService.get_training_assignments_stream},
    "/training-courses": {"GET": TrainingService.get_training_courses},
}


@attrs.frozen(kw_only=True)
class Received:
    """A request as it arrived."""

    method: str
    target: str
    """Path and query, as sent."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = b""

    @property
    def path(self) -> str:
        """What stands before the question mark."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What stands behind the question mark, as sent."""
        return self.target.partition("?")[2]


class TrainingServer:
    """A Training API that answers on ``url`` between entering and leaving the ``with`` block."""

    def __init__(
        self,
        service: TrainingService | None = None,
        *,
        token: str = "test-token",  # noqa: S107 - guards a server of the tests
        request_ids: Iterator[str] | None = None,
    ) -> None:
        """Serve ``service`` (one of its own if there is none) to those who know ``token``."""
        self.service = service or TrainingService()
        self.token = token
        self._request_ids = request_ids or (f"request-{number}" for number in count(1))
        self._lock = Lock()
        self._arrivals = Condition()
        self._received: list[Received] = []
        self._scripted: deque[Answer | HangUp | None] = deque()
        self._waited_for: list[Event] = []
        self._http: _HTTPServer | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        """Listen on a free port of the loopback interface."""
        self._http = _HTTPServer(self)
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End every connection and wait for the threads that served them."""
        http, thread = self._running(), self._thread
        http.shutdown()
        with self._lock:
            self._scripted.clear()
            for event in self._waited_for:
                event.set()
        http.hang_up()
        http.server_close()
        if thread is not None:
            thread.join()

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        host, port = self._running().server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def connections(self) -> int:
        """How many connections were ever accepted."""
        return self._running().accepted

    @property
    def requests(self) -> tuple[Received, ...]:
        """Every request received, in order of arrival."""
        with self._arrivals:
            return tuple(self._received)

    def wait_for_requests(self, number: int, timeout: float = 10.0) -> tuple[Received, ...]:
        """The requests received, once there are ``number`` of them.

        Raises:
            TimeoutError: There were fewer after ``timeout`` seconds.
        """
        with self._arrivals:
            if not self._arrivals.wait_for(lambda: len(self._received) >= number, timeout):
                raise TimeoutError(f"{len(self._received)} of {number} requests arrived")
            return tuple(self._received)

    def next_answers(self, *answers: Answer | HangUp | None) -> None:
        """Answer the next requests so, one each; None lets the service answer."""
        with self._lock:
            self._scripted.extend(answers)

    def handle(self, request: Received) -> Answer | HangUp:
        """What the request is answered."""
        with self._arrivals:
            self._received.append(request)
            self._arrivals.notify_all()
        with self._lock:
            scripted = self._scripted.popleft() if self._scripted else None
            if scripted is not None and scripted.after is not None:
                self._waited_for.append(scripted.after)
            request_id = next(self._request_ids)
            answer = scripted or self._serve(request, request_id)
        if isinstance(answer, HangUp):
            return answer
        return attrs.evolve(answer, headers={"X-Request-Id": request_id, **answer.headers})

    def _serve(self, request: Received, request_id: str) -> Answer:
        try:
            self._authorize(request)
            body = self._route(request)(self.service, Query(request.query))
        except Refused as refused:
            content = {"message": refused.message, "requestId": request_id}
            return _json(refused.status, content, refused.headers)
        return Answer(status=204) if body is None else _json(200, body, {})

    def _authorize(self, request: Received) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token != self.token:
            raise Refused(401, "The token is missing or not valid.", {"WWW-Authenticate": "Bearer"})

    def _route(self, request: Received) -> Handler:
        methods = ROUTES.get(request.path)
        if methods is None:
            raise Refused(404, f"There is nothing under {request.path}.")
        if request.method not in methods:
            raise Refused(405, f"{request.path} does not take {request.method}.", {"Allow": ", ".join(methods)})
        return methods[request.method]

    def _running(self) -> _HTTPServer:
        if self._http is None:
            raise RuntimeError("a TrainingServer answers inside its with block only")
        return self._http


def _json(status: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
    content_type = {"Content-Type": "application/json"}
    return Answer(status=status, headers={**content_type, **headers}, body=json.dumps(body).encode())


class _HTTPServer(ThreadingHTTPServer):
    """Sockets and threads; what they say is up to the ``TrainingServer``."""

    daemon_threads = False  # leaving the with block waits for them
    request_queue_size = 128

    def __init__(self, training: TrainingServer) -> None:
        self.training = training
        self.accepted = 0
        self._open: set[socket.socket] = set()
        self._open_lock = Lock()
        super().__init__(("127.0.0.1", 0), _RequestHandler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self.accepted += 1
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
            super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every connection, so that no thread waits for another request."""
        with self._open_lock:
            for connection in self._open:
                with contextlib.suppress(OSError):  # the other side was faster
                    connection.shutdown(socket.SHUT_RDWR)


class _RequestHandler(BaseHTTPRequestHandler):
    """One connection, request after request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Say nothing: the requests are recorded."""

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def _answer(self) -> None:
        training = cast("_HTTPServer", self.server).training
        answer = training.handle(
            Received(
                method=self.command,
                target=self.path,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(int(self.headers.get("Content-Length", "0"))),
            )
        )
        if answer.after is not None:
            answer.after.wait()
        if isinstance(answer, HangUp):
            self.close_connection = True
        else:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(answer.body) + answer.missing))
        if answer.missing:
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _answer  # noqa: N815 - http.server's names
