"""Streams and downloads, over loopback, from servers that cut their answers where it hurts."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest

from attrest.runtime import codec, errors, event_streams, json_lines
from attrest.runtime.event_streams import ServerSentEvent
from attrest.runtime.http import Headers
from attrest.runtime.http import Request as HttpRequest
from attrest.runtime.operation import Alternative, Operation, Request, alternative, binary, json, nothing
from attrest.runtime.options import Options, Timeout
from attrest.runtime.responses import RawResponse
from attrest.runtime.retries import Retries
from attrest.runtime.streams import AsyncEventStream, AsyncJsonLines, EventStream, JsonLines
from runtime import sample
from runtime.misbehaving import Script, raw, reset, serving, whole
from runtime.test_wire import Recorder

TOKEN = "s3cret-token"  # noqa: S105 - the tests look for it where it must not be
HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: {}\r\n\r\n"


@attrs.frozen(kw_only=True)
class WatchRequest(Request[Any]):
    operation: ClassVar[Operation] = Operation(
        id="watch",
        method="GET",
        path="/watch",
        idempotent=True,
        results={"200": json(codec.any_value), "204": nothing()},
        errors={"404": json(codec.any_value)},
    )
    events: ClassVar[Alternative[list[ServerSentEvent[Any]]]] = alternative(
        operation,
        asks=("text/event-stream",),
        results={
            "200": event_streams.events(
                event_streams.json_or_text(codec.any_value), {"count": event_streams.json(codec.integer)}
            ),
            "204": nothing(),
        },
    )
    lines: ClassVar[Alternative[list[int]]] = alternative(
        operation, asks=("application/jsonl",), results={"200": json_lines.json_lines(codec.integer)}
    )
    file: ClassVar[Alternative[bytes]] = alternative(
        operation, asks=("application/pdf",), results={"200": binary("application/pdf")}
    )

    def to_http(self) -> HttpRequest:
        return HttpRequest(method="GET", target="/watch")


WATCH = WatchRequest()
MEDIA_TYPES = {"events": "text/event-stream", "lines": "application/jsonl", "file": "application/pdf"}


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def streaming(form: str, *pieces: bytes, whole: bool = True) -> Script:
    """Answer in chunks cut like this; without the last chunk where the answer is not whole."""
    head = HEAD.format(MEDIA_TYPES[form]).encode()
    return raw(head + b"".join(map(chunk, pieces)) + (b"0\r\n\r\n" if whole else b""))


class Stepper:
    """Opens streams with a client of its own, synchronous or not, and takes step after step."""

    def __init__(self, *, asynchronous: bool) -> None:
        self.asynchronous = asynchronous
        self.recorder = Recorder()
        self.runner = asyncio.Runner()
        self.client: Any = None

    def open(self, url: str, form: str, options: Options | None = None, retries: Retries | None = None) -> Any:
        kind = sample.AsyncPetClient if self.asynchronous else sample.PetClient
        self.client = kind(TOKEN, server=url, retries=retries, clock=self.recorder.clock())
        chosen = getattr(WATCH, form)
        if form == "file":
            return self.client.stream(WATCH, options, chosen)
        synchronous: Any = EventStream if form == "events" else JsonLines
        other: Any = AsyncEventStream if form == "events" else AsyncJsonLines
        return (other if self.asynchronous else synchronous)(self.client, WATCH, options, chosen)

    def enter(self, stream: Any) -> Any:
        return self.run(stream.__aenter__()) if self.asynchronous else stream.__enter__()

    def next(self, stream: Any) -> Any:
        """Give the next item; None where there is none."""
        if not self.asynchronous:
            return next(stream, None)

        async def step() -> Any:
            return await anext(stream, None)

        return self.run(step())

    def all(self, stream: Any) -> list[Any]:
        if not self.asynchronous:
            return list(stream)

        async def collect() -> list[Any]:
            return [item async for item in stream]

        return self.run(collect())

    def run(self, outcome: Any) -> Any:
        return self.runner.run(outcome) if asyncio.iscoroutine(outcome) else outcome

    def close(self) -> None:
        if self.client is not None:
            self.run(self.client.close())
        self.runner.close()


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def stepper(request: pytest.FixtureRequest) -> Iterator[Stepper]:
    stepping = Stepper(asynchronous=request.param)
    yield stepping
    stepping.close()


def test_events_cut_anywhere(stepper: Stepper) -> None:
    body = (
        "\ufeff: a comment\r\ndata: first\rdata:  lineü\r\n\r\nevent: count\nid: 7\ndata: 41\n\n"
        'id: a\0b\nretry: 1x\ndata\n\nretry: 1500\nid\ndata: {"a": 1}\nunknown: x\n\ndata: cut off'
    ).encode()
    with serving(streaming("events", *(body[i : i + 1] for i in range(len(body))))) as server:
        stream = stepper.open(server.url, "events")
        found = stepper.all(stream)
    assert found == [
        ServerSentEvent(data="first\n lineü"),
        ServerSentEvent(data=41, event="count", id="7"),
        ServerSentEvent(data=""),
        ServerSentEvent(data={"a": 1}, id="", retry=1500),
    ]
    assert b"accept: text/event-stream, application/json;q=0.5" in server.requests[0].lower()


@pytest.mark.parametrize(
    ("written", "retry"), [("0", 0), ("1500", 1500), ("-1", None), ("1.5", None), ("\u0661", None), ("9" * 5000, None)]
)
def test_a_time_to_wait_is_digits_alone(written: str, retry: int | None) -> None:
    parser = event_streams.events(codec.string).parser()
    (event,) = parser.feed(f"retry: {written}\ndata\n\n".encode())
    assert event.retry == retry


def test_an_event_is_there_before_the_next_one_is_sent(stepper: Stepper) -> None:
    def one_by_one(connection: socket.socket) -> None:
        connection.sendall(HEAD.format("text/event-stream").encode())
        for number in range(3):
            connection.sendall(chunk(b"id: %d\ndata: %d\r\r" % (number, number)))
            connection.recv(1)

    with serving(one_by_one) as server:
        stream = stepper.enter(stepper.open(server.url, "events"))
        assert stream.last_event_id == ""
        assert (stepper.next(stream).data, stream.last_event_id) == (0, "0")
        stepper.run(stream.close())


def test_done_ends_a_stream_that_goes_on(stepper: Stepper) -> None:
    with serving(streaming("events", b"data: 1\n\ndata: [DONE]\n\ndata: 2\n\n", whole=False)) as server:
        stream = stepper.open(server.url, "events")
        assert [event.data for event in stepper.all(stream)] == [1]
        assert stepper.next(stream) is None


def test_what_came_before_a_broken_connection_is_given(stepper: Stepper) -> None:
    with serving(streaming("events", b"data: 1\n\nda", whole=False)) as server:
        stream = stepper.open(server.url, "events", retries=Retries(attempts=3))
        assert stepper.next(stream).data == 1
        with pytest.raises(errors.ConnectionLostError, match=r"GET /watch, status 200") as raised:
            stepper.next(stream)
    assert len(server.requests) == 1
    assert TOKEN not in str(raised.value)


def test_an_event_that_does_not_fit_says_where(stepper: Stepper) -> None:
    with serving(streaming("events", b"data: 0\n\nevent: count\ndata: many\n\n")) as server:
        stream = stepper.open(server.url, "events")
        assert stepper.next(stream).data == 0
        with pytest.raises(errors.DecodeError, match=r"^\$\[1\]\.data: expected JSON, got 'many' \(GET /watch"):
            stepper.next(stream)


def test_an_error_before_the_stream_is_that_of_its_status(stepper: Stepper) -> None:
    missing = whole("404 Not Found", b'{"why": 1}', "Content-Type: application/json")
    with serving(missing) as server, pytest.raises(errors.NotFoundError) as raised:
        stepper.enter(stepper.open(server.url, "events"))
    assert raised.value.body == {"why": 1}


@pytest.mark.parametrize(
    ("first", "attempts"), [(whole("503 Busy", b""), 2), (reset(), 2), (whole("404 Not Found", b""), 1)]
)
def test_attempts_are_repeated_until_the_stream_begins(stepper: Stepper, first: Script, attempts: int) -> None:
    with serving(first, streaming("events", b"data: 1\n\n")) as server:
        stream = stepper.open(server.url, "events", retries=Retries(attempts=3))
        if attempts == 1:
            with pytest.raises(errors.NotFoundError):
                stepper.enter(stream)
        else:
            assert [event.data for event in stepper.all(stepper.enter(stream))] == [1]
            assert len(stream.response.attempts) == attempts
    assert len(server.requests) == attempts


def test_what_is_no_stream_of_events_is_refused(stepper: Stepper) -> None:
    page = whole("200 OK", b"<html>data: 1\n\n</html>", "Content-Type: text/html")
    with serving(page) as server:
        stream = stepper.open(server.url, "events")
        with pytest.raises(errors.DecodeError, match=r"expected text/event-stream, got text/html"):
            stepper.next(stream)


def test_no_content_is_a_stream_without_events(stepper: Stepper) -> None:
    with serving(raw(b"HTTP/1.1 204 No Content\r\n\r\n")) as server:
        assert stepper.all(stepper.open(server.url, "events")) == []


def test_a_stream_outlives_the_total_timeout_and_not_a_silence(stepper: Stepper) -> None:
    def two_then_silence(connection: socket.socket) -> None:
        connection.sendall(HEAD.format("text/event-stream").encode() + chunk(b"data: 1\n\n"))
        connection.recv(1)

    with serving(two_then_silence) as server:
        options = Options(timeout=Timeout(total=5.0, read=0.2))
        stream = stepper.open(server.url, "events", options)
        assert stepper.next(stream).data == 1
        stepper.recorder.passed += 3600.0
        with pytest.raises(errors.ReadTimeoutError):
            stepper.next(stream)


def test_lines_cut_anywhere(stepper: Stepper) -> None:
    with serving(streaming("lines", b"1\n\n2", b"3\r\n", b"\r\n4")) as server:
        assert stepper.all(stepper.open(server.url, "lines")) == [1, 23, 4]


@pytest.mark.parametrize("line", [b'"x"', b"[1"])
def test_a_line_that_does_not_fit_says_which(stepper: Stepper, line: bytes) -> None:
    with serving(streaming("lines", b"1\n" + line + b"\n")) as server:
        stream = stepper.open(server.url, "lines")
        assert stepper.next(stream) == 1
        with pytest.raises(errors.DecodeError, match=r"^\$\[1\]: expected"):
            stepper.next(stream)


def sequence(*pieces: bytes) -> Iterator[int]:
    parser = json_lines.json_sequence(codec.integer).parser()
    for piece in pieces:
        yield from parser.feed(piece)
    yield from parser.end()


def test_a_sequence_of_texts_cut_anywhere() -> None:
    assert list(sequence(b"\x1e1", b"2\n\x1e", b"\x1e 3 ", b"\x1e4\n")) == [12, 3, 4]


def test_a_text_is_there_before_the_next_one_begins() -> None:
    parser = json_lines.json_sequence(codec.any_value).parser()
    assert list(parser.feed(b'\x1e{"a":\n')) == []
    assert list(parser.feed(b"1}\n")) == [{"a": 1}]


@pytest.mark.parametrize("last", [b"\x1e12", b"\x1etrue", b'\x1e{"a"'])
def test_a_text_that_may_be_cut_is_refused(last: bytes) -> None:
    with pytest.raises(errors.DecodeError, match=r"\$\[1\]"):
        list(sequence(b"\x1e1\n" + last))


def read(stepper: Stepper, stream: Any, how: Callable[[Any], Any]) -> Any:
    """Give what a way of reading gives, inside of the statement that opens and closes the response."""
    if not stepper.asynchronous:
        with stream as response:
            outcome = how(response)
            return outcome if not isinstance(outcome, Iterator) else list(outcome)

    async def reading() -> Any:
        async with stream as response:
            outcome = how(response)
            return await outcome if asyncio.iscoroutine(outcome) else [item async for item in outcome]

    return stepper.run(reading())


def test_a_download_is_read_in_pieces(stepper: Stepper) -> None:
    with serving(streaming("file", b"%PDF", b"-1.7")) as server:
        stream = stepper.open(server.url, "file")
        assert b"".join(read(stepper, stream, lambda response: response.chunks())) == b"%PDF-1.7"
        assert (stream.status, stream.content_type, len(stream.attempts)) == (200, "application/pdf", 1)


def test_a_body_is_read_once(stepper: Stepper) -> None:
    with serving(streaming("file", b"%PDF")) as server:
        stream = stepper.open(server.url, "file")
        assert read(stepper, stream, lambda response: response.read()) == b"%PDF"
        with pytest.raises(RuntimeError, match="the body has been read already"):
            read(stepper, stream, lambda response: response.read())


def test_lines_of_text_are_read_in_their_character_set(stepper: Stepper) -> None:
    head = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain; charset="UTF-16LE"\r\n\r\n'
    text = "grün\r\nblau\n\nrot".encode("utf-16-le")
    script = raw(head + b"".join(chunk(text[i : i + 3]) for i in range(0, len(text), 3)) + b"0\r\n\r\n")
    with serving(script) as server:
        stream = stepper.open(server.url, "file")
        assert read(stepper, stream, lambda response: response.lines()) == ["grün", "blau", "", "rot"]


def test_lines_in_what_is_no_character_set_are_read_as_utf_8(stepper: Stepper) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain; charset=base64\r\n\r\n"
    with serving(raw(head + chunk("3Q==\ngrün".encode()) + b"0\r\n\r\n")) as server:
        stream = stepper.open(server.url, "file")
        assert read(stepper, stream, lambda response: response.lines()) == ["3Q==", "grün"]


def test_a_download_is_saved(stepper: Stepper, tmp_path: Path) -> None:
    file = tmp_path / "invoice.pdf"
    file.write_bytes(b"of yesterday")
    with serving(streaming("file", b"%PDF", b"-1.7")) as server:
        read(stepper, stepper.open(server.url, "file"), lambda response: response.save(file))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("invoice.pdf", b"%PDF-1.7")]


def test_a_broken_download_leaves_what_was_there(stepper: Stepper, tmp_path: Path) -> None:
    file = tmp_path / "invoice.pdf"
    file.write_bytes(b"of yesterday")
    with serving(streaming("file", b"%PDF", whole=False)) as server, pytest.raises(errors.ConnectionLostError):
        read(stepper, stepper.open(server.url, "file"), lambda response: response.save(file))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("invoice.pdf", b"of yesterday")]


def test_an_error_is_not_downloaded(stepper: Stepper, tmp_path: Path) -> None:
    with serving(whole("404 Not Found", b"no such file")) as server, pytest.raises(errors.NotFoundError):
        read(stepper, stepper.open(server.url, "file"), lambda response: response.save(tmp_path / "file"))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_sent_before_the_statement(stepper: Stepper) -> None:
    with serving(streaming("file", b"%PDF")) as server:
        stream = stepper.open(server.url, "file")
        with pytest.raises(RuntimeError, match="nothing has been sent yet"):
            _ = stream.status
    assert server.requests == []


def test_a_stream_can_be_read_whole(stepper: Stepper) -> None:
    with serving(streaming("events", b"data: 1\n\ndata: [DONE]\n\n")) as server:
        stepper.open(server.url, "events")
        found = stepper.run(stepper.client.send_as(WATCH, WatchRequest.events))
    assert found == [ServerSentEvent(data=1)]


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 205)])
def test_an_answer_that_has_no_body_is_not_decoded(method: str, status: int) -> None:
    def raw_response(read: Any) -> RawResponse[Any]:
        operation = Operation(id="x", method=method, path="/x", results={"2XX": read})
        return RawResponse(status=status, headers=Headers(), content=b"<html>", operation=operation)

    assert raw_response(nothing()).parse() is None
    assert raw_response(json(codec.nullable(codec.integer))).parse() is None
    with pytest.raises(errors.DecodeError, match="expected a body, got an answer that has none"):
        raw_response(json(codec.integer)).parse()
