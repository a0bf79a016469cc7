"""Both clients over real sockets, against a server that misbehaves."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import pickle
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import attrs
import pytest

from attrest.runtime import errors
from attrest.runtime.http import Limits, PreparedRequest
from attrest.runtime.operation import Request
from attrest.runtime.options import Options, Timeout
from attrest.runtime.responses import RawResponse
from attrest.runtime.retries import Clock, Retries
from runtime import sample
from runtime.misbehaving import Script, Server, raw, refusing_url, reset, serving, whole

T = TypeVar("T")

TOKEN = "s3cret-token"  # noqa: S105 - the tests look for it where it must not be
PET = {"id": "p1", "bornAt": "2019-06-13T19:08:25Z", "kind": "cat", "tags": ["a"]}
PAGE = {"data": [PET], "endCursor": "", "hasNextPage": False}
OK = whole("200 OK", json.dumps(PAGE).encode(), "Content-Type: application/json")
ONCE = Retries(attempts=1)


@attrs.define
class Recorder:
    """A clock that never waits, and remembers for how long it should have."""

    waits: list[float] = attrs.field(factory=list[float])
    passed: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.passed += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)

    def clock(self) -> Clock:
        return Clock(
            monotonic=lambda: time.monotonic() + self.passed,
            wall=lambda: 1_560_452_905.0,
            random=lambda: 0.5,
            sleep=self.sleep,
            sleep_async=self.sleep_async,
        )


class Caller:
    """Sends one request with a client of its own, synchronous or not."""

    def __init__(self, *, asynchronous: bool) -> None:
        self.asynchronous = asynchronous
        self.recorder = Recorder()

    def raw(
        self, url: str, request: Request[T], options: Options | None = None, retries: Retries | None = None
    ) -> RawResponse[T]:
        if not self.asynchronous:
            with sample.PetClient(TOKEN, server=url, retries=retries, clock=self.recorder.clock()) as client:
                return client.send_raw(request, options)

        async def call() -> RawResponse[T]:
            clock = self.recorder.clock()
            async with sample.AsyncPetClient(TOKEN, server=url, retries=retries, clock=clock) as client:
                return await client.send_raw(request, options)

        return asyncio.run(call())

    def __call__(
        self, url: str, request: Request[T], options: Options | None = None, retries: Retries | None = None
    ) -> T:
        return self.raw(url, request, options, retries).parse()


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def call(request: pytest.FixtureRequest) -> Caller:
    return Caller(asynchronous=request.param)


LIST = sample.ListPetsRequest(after="a b")
POST = sample.PostPetRequest(due_at="2030-01-02T03:04:05Z", names=["x"])


def failure(call: Caller, *scripts: Script, request: Request[Any] = LIST) -> errors.ApiError:
    with serving(*scripts) as server, pytest.raises(errors.ApiError) as raised:
        call(server.url, request, retries=ONCE)
    for text in (str(raised.value), repr(raised.value), repr(raised.value.__dict__)):
        assert TOKEN not in text
    return raised.value


def test_a_result_and_what_was_sent(call: Caller) -> None:
    with serving(OK) as server:
        page = call(server.url + "/v1/", LIST, Options(headers={"X-Trace": "t"}, query={"debug": [1, 2]}))
    assert [pet.id for pet in page.data] == ["p1"]
    head = server.requests[0].decode().lower()
    assert head.startswith("get /v1/pets?after=a%20b&debug=1&debug=2 http/1.1\r\n")
    for line in (f"authorization: bearer {TOKEN}", "accept: application/json", "x-trace: t", "user-agent: attrest"):
        assert f"\r\n{line}\r\n" in head


def test_a_body_is_sent(call: Caller) -> None:
    with serving(whole("200 OK", json.dumps(PET).encode())) as server:
        assert call(server.url, POST).kind is sample.PetKind.CAT
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert b"content-type: application/json" in head.lower()
    assert body == b'{"names":["x"]}'


def test_raw_responses_raise_for_nothing(call: Caller) -> None:
    with serving(
        whole("418 Teapot", b'{"message": "short"}', "X-Request-Id: r-9", "X-Twice: a", "X-Twice: b")
    ) as server:
        response = call.raw(server.url, LIST)
    assert (response.status, response.method, response.url_template) == (418, "GET", "/pets")
    assert (response.request_id, response.headers["X-TWICE"]) == ("r-9", "a, b")
    assert response.json() == {"message": "short"}
    with pytest.raises(errors.ClientError):
        response.parse()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequestError),
        (401, errors.UnauthorizedError),
        (403, errors.ForbiddenError),
        (404, errors.NotFoundError),
        (405, errors.MethodNotAllowedError),
        (409, errors.ConflictError),
        (413, errors.ContentTooLargeError),
        (418, errors.ClientError),
        (422, errors.UnprocessableContentError),
        (429, errors.RateLimitError),
        (500, errors.InternalServerError),
        (501, errors.NotImplementedByServerError),
        (502, errors.BadGatewayError),
        (503, errors.ServiceUnavailableError),
        (504, errors.GatewayTimeoutError),
        (520, errors.ServerError),
    ],
)
def test_each_status_has_its_error(status: int, kind: type[errors.StatusError]) -> None:
    body = b'{"message": "no", "requestId": "r-1"}'
    error = failure(Caller(asynchronous=False), whole(f"{status} Whatever", body))
    assert type(error) is kind
    assert isinstance(error, errors.StatusError)
    assert error.body == sample.Problem(message="no", request_id="r-1")
    assert (error.status, error.request_id, error.method, error.url_template) == (status, "r-1", "GET", "/pets")
    assert error.excerpt == body.decode()
    assert "r-1" in str(error)


def test_an_html_502(call: Caller) -> None:
    error = failure(call, whole("502 Bad Gateway", b"<html>upstream is away</html>", "Content-Type: text/html"))
    assert isinstance(error, errors.BadGatewayError)
    assert (error.body, error.excerpt) == (None, "<html>upstream is away</html>")
    assert "upstream is away" in str(error)


def test_html_where_json_was_promised(call: Caller) -> None:
    error = failure(call, whole("200 OK", b"<html>log in</html>", "Content-Type: text/html", "X-Request-Id: r-2"))
    assert isinstance(error, errors.DecodeError)
    assert (error.status, error.request_id, error.excerpt) == (200, "r-2", "<html>log in</html>")
    assert str(error).startswith("$: expected JSON, got '<html>log in</html>' (text/html)")


def test_an_empty_body(call: Caller) -> None:
    error = failure(call, whole("200 OK", b""))
    assert isinstance(error, errors.DecodeError)
    assert "got an empty body" in str(error)
    assert isinstance(failure(call, whole("500 Oops", b"")), errors.InternalServerError)


def test_a_body_that_breaks_its_promise_says_where(call: Caller) -> None:
    page = {**PAGE, "data": [PET, {**PET, "bornAt": "tomorrow"}]}
    error = failure(call, whole("200 OK", json.dumps(page).encode()))
    assert isinstance(error, errors.DecodeError)
    assert error.path == ".data[1].bornAt"
    assert str(error).startswith("$.data[1].bornAt: expected RFC 3339 date-time, got 'tomorrow' (GET /pets, status 200")


@pytest.mark.parametrize("script", [raw, reset], ids=["closed", "reset"])
def test_a_truncated_body(call: Caller, script: Callable[[bytes], Script]) -> None:
    said = b'HTTP/1.1 200 OK\r\nContent-Length: 9999\r\nX-Request-Id: r-3\r\n\r\n{"data": ['
    error = failure(call, script(said))
    assert isinstance(error, (errors.DecodeError, errors.ConnectionLostError))
    if script is raw:
        assert isinstance(error, errors.DecodeError)
        assert (error.status, error.request_id, error.excerpt) == (200, "r-3", '{"data": [')
        assert "expected the whole body, got 10 bytes of it" in str(error)


def test_a_truncated_body_does_not_hide_a_status(call: Caller) -> None:
    error = failure(call, raw(b'HTTP/1.1 500 Oops\r\nContent-Length: 99\r\n\r\n{"mess'))
    assert isinstance(error, errors.InternalServerError)
    assert error.excerpt == '{"mess'


def test_a_body_that_cannot_be_unpacked(call: Caller) -> None:
    error = failure(call, whole("200 OK", b"not gzip", "Content-Encoding: gzip"))
    assert isinstance(error, errors.DecodeError)


def test_undeclared_successes_and_redirects(call: Caller) -> None:
    assert isinstance(failure(call, whole("202 Accepted", b"{}")), errors.UnexpectedStatusError)
    with serving(OK) as other, serving(whole("302 Found", b"", f"Location: {other.url}/pets")) as server:
        with pytest.raises(errors.RedirectionError) as raised:
            call(server.url, LIST)
        assert other.requests == []
    assert raised.value.status == 302
    assert raised.value.headers["location"].endswith("/pets")


def test_no_content(call: Caller) -> None:
    with serving(raw(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")) as server:
        call(server.url, sample.DeletePetRequest(id="a/b"))
    assert server.requests[0].startswith(b"DELETE /pets/a%2Fb HTTP/1.1")


def test_a_refused_connection_is_tried_again_even_for_post(call: Caller) -> None:
    with pytest.raises(errors.ConnectError) as raised:
        call(refusing_url(), POST)
    error = raised.value
    assert not error.reached_server
    assert [attempt.number for attempt in error.attempts] == [1, 2, 3]
    assert call.recorder.waits == [0.25, 0.5]
    assert "refused" in error.excerpt.lower() or "attempts failed" in error.excerpt.lower()
    assert (error.method, error.url_template) == ("POST", "/pets")


def test_what_is_retried(call: Caller) -> None:
    busy = whole("503 Busy", b"")
    with serving(busy, busy, OK) as server:
        response = call.raw(server.url, LIST)
    assert [attempt.outcome for attempt in response.attempts] == ["503", "503", "200"]
    with serving(busy, OK) as server, pytest.raises(errors.ServiceUnavailableError):
        call(server.url, POST)
    assert len(server.requests) == 1
    with serving(whole("429 Slow down", b""), whole("200 OK", json.dumps(PET).encode())) as server:
        assert call(server.url, POST).id == "p1"
    with serving(whole("500 Oops", b""), OK) as server, pytest.raises(errors.InternalServerError):
        call(server.url, LIST)
    assert len(server.requests) == 1


def test_a_lost_connection_is_tried_again_only_where_that_is_harmless(call: Caller) -> None:
    with serving(reset(), OK) as server:
        assert call(server.url, LIST).data
    assert len(server.requests) == 2
    with serving(reset(), OK) as server, pytest.raises(errors.ConnectionLostError) as raised:
        call(server.url, POST)
    assert len(server.requests) == 1
    assert raised.value.reached_server


@pytest.mark.parametrize(("value", "wait"), [("7", 7.0), ("Thu, 13 Jun 2019 19:08:34 GMT", 9.0), ("soon", 0.25)])
def test_retry_after_is_honoured(call: Caller, value: str, wait: float) -> None:
    with serving(whole("429 Slow down", b"", f"Retry-After: {value}"), OK) as server:
        call(server.url, LIST)
    assert call.recorder.waits == [wait]


def test_retry_after_beyond_the_deadline_is_not_waited_for(call: Caller) -> None:
    slow = whole("429 Slow down", b"", "Retry-After: 61")
    with serving(slow, OK) as server, pytest.raises(errors.RateLimitError) as raised:
        call(server.url, LIST)
    assert call.recorder.waits == []
    assert raised.value.retry_after == 61.0


JWT = "eyJhbGciOiJIUzI1NiJ9.e30/" + "x" * 400


@pytest.mark.parametrize("body", [f"<html>Bearer {JWT}</html>", json.dumps({"message": JWT}).replace("/", "\\/")])
@pytest.mark.parametrize("before", [0, 20, 47, 52, 490, 494])
def test_a_credential_that_the_server_repeats_is_hidden(call: Caller, body: str, before: int) -> None:
    answer = f"{'-' * before}{body}"
    options = Options(headers={"Authorization": f"Bearer {JWT}"})
    for status, kind in (("500 Oops", errors.InternalServerError), ("200 OK", errors.DecodeError)):
        with serving(whole(status, answer.encode(), f"X-Request-Id: {JWT}")) as server:
            with pytest.raises(kind) as raised:
                call(server.url, LIST, options, retries=ONCE)
            response = call.raw(server.url, LIST, options, retries=ONCE)
        error = raised.value
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made two lines above
        for text in (str(error), repr(error), error.excerpt, str(error.request_id), str(again), response.excerpt):
            assert "eyJh" not in text
        assert "xxxx" not in str(error)
        assert error.request_id == "***"
        assert before > 489 or "***" in error.excerpt
        assert response.content == answer.encode()


def test_a_body_of_an_error_stays_as_it_was_sent(call: Caller) -> None:
    error = failure_of(call, whole("401 No", json.dumps({"message": TOKEN, "requestId": "r"}).encode()))
    assert error.body == sample.Problem(message=TOKEN, request_id="r")
    assert error.excerpt == '{"message": "***", "requestId": "r"}'
    assert TOKEN not in str(error)


def failure_of(call: Caller, script: Script) -> errors.StatusError:
    with serving(script) as server, pytest.raises(errors.StatusError) as raised:
        call(server.url, LIST, retries=ONCE)
    return raised.value


def test_a_credential_in_what_is_no_http_is_hidden(call: Caller, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        error = failure(call, raw(f"HTTP/1.1 200 OK\r\n{TOKEN}\r\n\r\n".encode()))
    assert isinstance(error, errors.ConnectionLostError)
    assert not any(record.name.startswith("attrest") and TOKEN in record.getMessage() for record in caplog.records)


def dripping(server_holder: list[Server]) -> Script:
    def run(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\nX-Request-Id: r-4\r\n\r\n")
        while not server_holder[0].released.wait(0.02):
            connection.sendall(b"x")

    return run


def test_the_total_timeout_ends_a_slow_drip(call: Caller) -> None:
    holder: list[Server] = []
    with serving(dripping(holder)) as server:
        holder.append(server)
        with pytest.raises(errors.DeadlineExceededError) as raised:
            call(server.url, LIST, Options(timeout=1.0))
    assert raised.value.status == 200
    assert raised.value.request_id == "r-4"
    assert len(server.requests) == 1


def stalling(server_holder: list[Server]) -> Script:
    def run(_: socket.socket) -> None:
        server_holder[0].released.wait()

    return run


def test_a_silent_server(call: Caller) -> None:
    holder: list[Server] = []
    with serving(stalling(holder)) as server:
        holder.append(server)
        with pytest.raises(errors.ReadTimeoutError) as raised:
            call(server.url, LIST, Options(timeout=Timeout(total=30, read=0.1)))
        assert raised.value.reached_server
        server.released.set()
    holder.clear()
    with serving(stalling(holder)) as server:
        holder.append(server)
        with pytest.raises(errors.DeadlineExceededError):
            call(server.url, LIST, Options(timeout=0.1))
        server.released.set()


def test_files_are_streamed_and_sent_again_from_their_start(call: Caller) -> None:
    file = io.BytesIO(b"skipped" + b"x" * 200_000)
    file.seek(7)
    with serving(whole("503 Busy", b""), whole("201 Created", b"stored")) as server:
        assert call(server.url, sample.UploadRequest(content=file)) == "stored"
    for request in server.requests:
        head, _, body = request.partition(b"\r\n\r\n")
        assert b"content-length: 200000" in head.lower()
        assert body == b"x" * 200_000


def test_a_generator_is_streamed_once(call: Caller) -> None:
    content = (piece for piece in (b"ab", b"cd"))
    with serving(whole("503 Busy", b"")) as server, pytest.raises(errors.ServiceUnavailableError):
        call(server.url, sample.UploadRequest(content=content))
    assert len(server.requests) == 1
    assert server.requests[0].endswith(b"2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n")


def page_of(*ids: str, cursor: str, more: bool) -> Script:
    page = {"data": [{**PET, "id": name} for name in ids], "endCursor": cursor, "hasNextPage": more}
    return whole("200 OK", json.dumps(page).encode())


THREE_PAGES = (
    page_of("a", "b", cursor="c1", more=True),
    page_of(cursor="c2", more=True),
    page_of("c", cursor="", more=False),
)


def test_pages_sync() -> None:
    with serving(*THREE_PAGES) as server, sample.PetClient(TOKEN, server=server.url) as client:
        pages = client.pets.iter_pets(after="c0")
        assert pages.cursor == "c0"
        items = iter(pages)
        assert (next(items).id, pages.cursor) == ("a", "c0")
        assert (next(items).id, pages.cursor) == ("b", "c1")
        assert ([pet.id for pet in items], pages.cursor) == (["c"], "c2")
    assert [request.split(b" ")[1] for request in server.requests] == [
        b"/pets?after=c0",
        b"/pets?after=c1",
        b"/pets?after=c2",
    ]


def test_pages_async() -> None:
    async def walk(url: str) -> tuple[list[str], list[str | None], str | None]:
        async with sample.AsyncPetClient(TOKEN, server=url) as client:
            pages = client.pets.iter_pets()
            seen = [(pet.id, pages.cursor) async for pet in pages]
            return [name for name, _ in seen], [cursor for _, cursor in seen], pages.cursor

    with serving(*THREE_PAGES) as server:
        assert asyncio.run(walk(server.url)) == (["a", "b", "c"], [None, "c1", "c2"], "c2")


def test_a_repeated_cursor_ends_a_walk_and_whole_pages_can_be_had() -> None:
    stuck = page_of("a", cursor="c1", more=True)
    with serving(stuck) as server, sample.PetClient(TOKEN, server=server.url) as client:
        assert len(list(client.pets.iter_pets().pages())) == 2


def test_cursors_that_go_in_a_circle_end_a_walk() -> None:
    scripts = (
        page_of("a", cursor="c1", more=True),
        page_of(cursor="c2", more=True),
        page_of(cursor="c1", more=True),
        page_of(cursor="c2", more=True),
    )
    with serving(*scripts) as server, sample.PetClient(TOKEN, server=server.url) as client:
        assert [pet.id for pet in client.pets.iter_pets()] == ["a"]
    assert [request.split(b" ")[1] for request in server.requests] == [b"/pets", b"/pets?after=c1", b"/pets?after=c2"]


def test_a_circle_without_items_is_polled_slowly() -> None:
    recorder = Recorder()
    scripts = (page_of(cursor="c1", more=True), page_of(cursor="c2", more=True), page_of("a", cursor="c1", more=True))
    with serving(*scripts) as server, sample.PetClient(TOKEN, server=server.url, clock=recorder.clock()) as client:
        assert next(iter(client.pets.iter_pets(poll=5))).id == "a"
    assert recorder.waits == [5, 5]


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), 10**400, True, "5"])
def test_polls_that_make_no_sense(value: Any) -> None:
    for client in (sample.PetClient(TOKEN), sample.AsyncPetClient(TOKEN)):
        with pytest.raises(errors.InvalidArgumentError, match=r"^poll: must be None or a number of seconds above 0"):
            client.pets.iter_pets(poll=value)


def test_polling_waits_at_the_end_and_goes_on() -> None:
    recorder = Recorder()
    scripts = (
        page_of("a", cursor="c1", more=False),
        page_of(cursor="c1", more=False),
        page_of("b", cursor="", more=True),
    )
    with serving(*scripts) as server, sample.PetClient(TOKEN, server=server.url, clock=recorder.clock()) as client:
        items = iter(client.pets.iter_pets(poll=5))
        assert [next(items).id, next(items).id] == ["a", "b"]
    assert recorder.waits == [5, 5]
    assert [request.split(b" ")[1] for request in server.requests] == [b"/pets", b"/pets?after=c1", b"/pets?after=c1"]


def test_closing() -> None:
    client = sample.PetClient(TOKEN, server="http://127.0.0.1:9")
    client.close()
    client.close()
    with pytest.raises(errors.ClientClosedError, match="PetClient is closed"):
        client.send(LIST)

    async def close_twice() -> None:
        client = sample.AsyncPetClient(TOKEN, server="http://127.0.0.1:9")
        await client.close()
        await client.close()
        with pytest.raises(errors.ClientClosedError):
            await client.send(LIST)

    asyncio.run(close_twice())


def test_one_connection_serves_many_calls() -> None:
    body = json.dumps(PAGE).encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    connections: list[socket.socket] = []

    def keep(connection: socket.socket) -> None:
        connections.append(connection)
        connection.sendall(answer)
        while connection.recv(65536):
            connection.sendall(answer)

    with serving(keep) as server, sample.PetClient(TOKEN, server=server.url) as client:
        for _ in range(3):
            client.send(LIST)
        client.close()
    assert len(connections) == 1


def test_logs_hold_no_credential(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(OK) as server:
        Caller(asynchronous=False)(server.url, LIST)
    assert "GET /pets: attempt 1, 200" in caplog.text
    assert TOKEN not in caplog.text


def test_errors_can_be_pickled() -> None:
    caught = [
        failure(Caller(asynchronous=False), whole("404 Gone", b'{"message": "no", "requestId": "r-1"}')),
        failure(Caller(asynchronous=False), whole("200 OK", b'{"data": 3}')),
    ]
    with contextlib.suppress(errors.ConnectError):
        Caller(asynchronous=False)(refusing_url(), LIST, retries=ONCE)
    for error in caught:
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - what was just written
        assert type(copy) is type(error)
        assert str(copy) == str(error)
        assert (copy.status, copy.request_id, copy.attempts) == (error.status, error.request_id, error.attempts)


def test_a_transport_of_ones_own() -> None:
    @attrs.define
    class Canned:
        status: int = 200
        headers: Any = attrs.field(factory=dict[str, str])

        def chunks(self) -> Any:
            yield json.dumps(PAGE).encode()

        def close(self) -> None:
            pass

    class Memory:
        def __init__(self) -> None:
            self.requests: list[PreparedRequest] = []

        def send(self, request: PreparedRequest, limits: Limits) -> Any:
            assert limits.connect == 10.0
            self.requests.append(request)
            return Canned()

        def close(self) -> None:
            raise AssertionError("it belongs to the caller")

    memory = Memory()
    with sample.PetClient(TOKEN, server="eu", transport=memory) as client:
        assert client.send(LIST).data[0].id == "p1"
    assert memory.requests[0].url == "https://eu.pets.example/v1/pets?after=a%20b"
    assert TOKEN not in repr(memory.requests[0])


def test_threads_share_a_client() -> None:
    with serving(OK) as server, sample.PetClient(TOKEN, server=server.url) as client, ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(client.send, [LIST] * 16))
    assert [len(page.data) for page in pages] == [1] * 16
    assert len(server.requests) == 16


def test_an_idle_connection_that_the_server_closed_is_replaced(call: Caller) -> None:
    keep_alive = raw(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
    with serving(keep_alive, OK) as server:
        assert call(server.url, LIST).data
    assert len(server.requests) == 2
