"""What a test can have the server answer instead of what the service says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from threading import Event

import attrs


@attrs.frozen(kw_only=True)
class Answer:
    """One answer, sent as it is."""

    status: int = 200
    headers: Mapping[str, str] = attrs.field(factory=dict)
    """Beside Content-Length and X-Request-Id."""
    body: bytes = b""
    missing: int = 0
    """How many bytes of the body are promised and never sent: the connection ends instead."""
    after: Event | None = None
    """What the answer waits for. A server that closes sets it."""


@attrs.frozen
class HangUp:
    """No answer at all: the connection ends when the request has been read."""

    after: Event | None = None
    """What the end waits for. A server that closes sets it."""


def error(status: int, message: str = "As the test wished.", **headers: str) -> Answer:
    """An error with the body that the description declares; ``Retry_After="1"`` gives a header."""
    return Answer(
        status=status,
        headers={
            "Content-Type": "application/json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
        body=json.dumps({"message": message, "requestId": "scripted"}).encode(),
    )


def html(status: int = 502) -> Answer:
    """What a proxy in front of the service says when the service is away."""
    return Answer(
        status=status,
        headers={"Content-Type": "text/html"},
        body=b"<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>",
    )
