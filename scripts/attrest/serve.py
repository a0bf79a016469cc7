"""Answers over HTTP what a mock answers. The only module that knows Starlette and uvicorn, which an extra installs."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.requests import Request as Received
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from attrest.mocking.exchange import Answer, Request

Seen: TypeAlias = Callable[[Request, Answer], None]
"""Called with each request and its answer."""
_BACKLOG: Final = 2048
"""How many connections may wait to be accepted."""


class Answering(Protocol):
    """What knows the answer to a request."""

    def answer(self, request: Request) -> Answer:
        """Return the answer to a request."""
        ...


class PortError(OSError):
    """Nothing can listen where it should; the message says why."""


def serve(mock: Answering, *, host: str, port: int, ready: Callable[[str], None], seen: Seen) -> None:
    """Answer requests until a signal ends it.

    Args:
        mock: What knows the answers.
        host: The name or address to listen at.
        port: The port; 0 takes one that is free.
        ready: Called with the URL once connections are accepted.
        seen: Called with each request and its answer, before it is sent.

    Raises:
        PortError: Something else listens there, or nobody may.
        KeyboardInterrupt: SIGINT ended it.
    """
    listening = _listening(host, port)
    config = uvicorn.Config(
        application(mock, seen),
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    shown = f"[{host}]" if ":" in host else host
    with listening:
        _Server(config, lambda: ready(f"http://{shown}:{listening.getsockname()[1]}")).run(sockets=[listening])


def application(mock: Answering, seen: Seen) -> ASGIApp:
    """Return the ASGI application that answers what a mock answers."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        received = Received(scope, receive)
        try:
            request = _request(scope, await received.body())
        except ClientDisconnect:
            return
        answered = mock.answer(request)
        seen(request, answered)
        await _response(answered)(scope, receive, send)

    return answer


class _Server(uvicorn.Server):
    """Says when it accepts connections."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; that it is TCP is said, since asyncio sends without delay only where it is."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(_BACKLOG)
    except OSError as error:
        made.close()
        raise PortError(f"cannot listen on {host}:{port}: {error.strerror}") from error
    return made


def _request(scope: Scope, body: bytes) -> Request:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        between = "; " if name == "cookie" else ", "
        headers[name] = f"{headers[name]}{between}{value}" if name in headers else value
    return Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
    )


def _response(answer: Answer) -> Response:
    made: Response
    if answer.parts is None:
        made = Response(answer.body, answer.status)
    else:
        made = StreamingResponse(iter(answer.parts), answer.status)
    made.raw_headers.extend((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers)
    return made
