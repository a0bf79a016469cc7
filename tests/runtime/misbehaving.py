"""A server on loopback that says exactly the bytes that a test wrote, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Generator

import attrs

Script = Callable[[socket.socket], None]
"""What to do with a connection once a whole request has arrived on it."""


@attrs.define
class Server:
    """What a test needs to know of a running server."""

    url: str
    requests: list[bytes]
    """Every request, head and body."""
    released: threading.Event
    """Set when the test is over; scripts that stall wait for it."""


def whole(status: str, body: bytes, *headers: str) -> Script:
    """Answer properly, and close."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return raw("\r\n".join(lines).encode() + body)


def raw(data: bytes) -> Script:
    """Say these bytes, and close."""
    return lambda connection: connection.sendall(data)


def reset(before: bytes = b"") -> Script:
    """Say these bytes, then reset the connection."""

    def run(connection: socket.socket) -> None:
        connection.sendall(before)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return run


def read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
    )
    chunked = b"transfer-encoding: chunked" in head.lower()
    while (len(body) < length) if not chunked else not body.endswith(b"0\r\n\r\n"):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextlib.contextmanager
def serving(*scripts: Script) -> Generator[Server, None, None]:
    """Run a server; each connection gets the next script, the last one over and over."""
    listener = socket.create_server(("127.0.0.1", 0))
    state = Server(f"http://127.0.0.1:{listener.getsockname()[1]}", [], threading.Event())

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                request = read_request(connection)
                if not request:
                    continue
                state.requests.append(request)
                scripts[min(len(state.requests), len(scripts)) - 1](connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.released.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def refusing_url() -> str:
    """Return the URL of a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"
