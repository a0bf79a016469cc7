"""How a client gets tokens by itself: from functions, and from an authorization server on loopback."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus

import attrs
import pytest

from attrest.runtime import auth, errors
from attrest.runtime.client import AsyncClient, SyncClient, configure
from attrest.runtime.errors import ConfigurationError
from attrest.runtime.options import Options
from attrest.runtime.retries import Clock, Retries
from attrest.runtime.tokens import ClientCredentials, Fetched
from runtime import sample

SECRET = "s3cr:t/+é"  # noqa: S105 - an example
CREDENTIALS = ClientCredentials(client_id="me & you", client_secret=SECRET, scopes="read write")
LIST = sample.ListPetsRequest()
TOKEN_URL = "/oauth/token?a=b"  # noqa: S105 - an address
PAGE = b'{"data":[],"endCursor":"","hasNextPage":false}'


@attrs.define
class Authority:
    """An authorization server and the service that trusts it."""

    expires_in: object = 3600
    answer: tuple[int, bytes] | None = None
    """What the authorization server answers in the place of a token."""
    refusals: int = 0
    """How many calls the service refuses with 401."""
    asked: list[tuple[str, dict[str, str], dict[str, list[str]]]] = attrs.field(factory=list)
    """Path, headers and form of each request for a token."""
    sent: list[str] = attrs.field(factory=list)
    """The header Authorization of each call of the service."""
    hold: threading.Event | None = None
    """What the authorization server waits for before it answers."""
    url: str = ""

    def token(self, path: str, headers: dict[str, str], form: bytes) -> tuple[int, bytes]:
        self.asked.append((path, headers, parse_qs(form.decode())))
        if self.hold is not None:
            assert self.hold.wait(30)
        made = {"access_token": f"t{len(self.asked)}", "token_type": "bearer", "expires_in": self.expires_in}
        return self.answer or (200, json.dumps(made).encode())

    def call(self, headers: dict[str, str]) -> tuple[int, bytes]:
        self.sent.append(headers.get("authorization", ""))
        if self.refusals:
            self.refusals -= 1
            return 401, b"{}"
        return 200, PAGE


@contextmanager
def running(authority: Authority) -> Iterator[Authority]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply(*authority.call({name.lower(): value for name, value in self.headers.items()}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.reply(*authority.token(self.path, headers, body))

        def reply(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    authority.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield authority
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Caller:
    """Makes calls with one client, synchronous or not."""

    def __init__(self, *, asynchronous: bool) -> None:
        self.asynchronous = asynchronous
        self.passed = 0.0

    def configuration(self, authority: Authority, token: Any, token_url: str = TOKEN_URL) -> Any:
        import time

        return configure(
            prefix="PETS",
            servers={},
            server=authority.url,
            credentials=[
                auth.bearer("bearerAuth", argument="token", environment="PETS_TOKEN", value=token, token_url=token_url)
            ],
            headers={"X-Secret": "of the service alone"},
            retries=Retries(attempts=1),
            user_agent="pets/1",
            clock=Clock(monotonic=lambda: time.monotonic() + self.passed),
        )

    def __call__(
        self,
        authority: Authority,
        token: Any,
        calls: int = 1,
        between: Callable[[], None] = lambda: None,
        options: Options | None = None,
        **settings: Any,
    ) -> None:
        configuration = self.configuration(authority, token, **settings)
        if not self.asynchronous:
            client = SyncClient(configuration)
            with client:
                for _ in range(calls):
                    client.send(LIST, options)
                    between()
            return

        async def run() -> None:
            async with AsyncClient(configuration) as client:
                for _ in range(calls):
                    await client.send(LIST, options)
                    between()

        asyncio.run(run())


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def call(request: pytest.FixtureRequest) -> Caller:
    return Caller(asynchronous=request.param)


@pytest.fixture
def authority() -> Iterator[Authority]:
    with running(Authority()) as made:
        yield made


class TestFetching:
    def test_one_token_serves_many_calls(self, call: Caller, authority: Authority) -> None:
        call(authority, CREDENTIALS, calls=3)
        assert authority.sent == ["Bearer t1"] * 3
        [(path, headers, form)] = authority.asked
        assert path == "/oauth/token?a=b"
        assert form == {"grant_type": ["client_credentials"], "scope": ["read write"]}
        kind, _, encoded = headers["authorization"].partition(" ")
        assert (kind, b64decode(encoded).decode()) == ("Basic", "me+%26+you:s3cr%3At%2F%2B%C3%A9")
        assert unquote_plus("s3cr%3At%2F%2B%C3%A9") == SECRET
        assert headers["user-agent"] == "pets/1"
        assert "x-secret" not in headers

    def test_id_and_secret_travel_in_the_form_where_that_is_asked_for(self, call: Caller, authority: Authority) -> None:
        credentials = attrs.evolve(CREDENTIALS, scopes=(), in_body=True, parameters={"audience": "pets"})
        call(authority, credentials, token_url=f"{authority.url}/elsewhere")
        [(path, headers, form)] = authority.asked
        assert (path, "authorization" in headers) == ("/elsewhere", False)
        assert form == {
            "grant_type": ["client_credentials"],
            "client_id": ["me & you"],
            "client_secret": [SECRET],
            "audience": ["pets"],
        }

    @pytest.mark.parametrize(
        ("expires_in", "passed", "sent"),
        [
            (100, 69, ["t1", "t1"]),
            (100, 71, ["t1", "t2"]),
            ("100", 71, ["t1", "t2"]),
            (20, 11, ["t1", "t2"]),
            (None, 1e6, ["t1", "t1"]),
            ("soon", 1e6, ["t1", "t1"]),
        ],
    )
    def test_a_token_is_replaced_shortly_before_it_ends(
        self, call: Caller, authority: Authority, expires_in: object, passed: float, sent: list[str]
    ) -> None:
        authority.expires_in = expires_in
        call(authority, CREDENTIALS, calls=2, between=lambda: setattr(call, "passed", passed))
        assert authority.sent == [f"Bearer {token}" for token in sent]

    def test_a_refused_token_is_replaced_once(self, call: Caller, authority: Authority) -> None:
        authority.refusals = 1
        call(authority, CREDENTIALS, calls=2)
        assert authority.sent == ["Bearer t1", "Bearer t2", "Bearer t2"]

    def test_a_second_refusal_is_the_answer(self, call: Caller, authority: Authority) -> None:
        authority.refusals = 5
        with pytest.raises(errors.UnauthorizedError) as caught:
            call(authority, CREDENTIALS)
        assert authority.sent == ["Bearer t1", "Bearer t2"]
        assert len(caught.value.attempts) == 2

    def test_threads_wait_for_one_token(self, authority: Authority) -> None:
        authority.hold = threading.Event()
        together = threading.Barrier(9)

        def one(client: SyncClient) -> None:
            together.wait(30)
            client.send(LIST)

        with (
            SyncClient(Caller(asynchronous=False).configuration(authority, CREDENTIALS)) as client,
            ThreadPoolExecutor(8) as pool,
        ):
            futures = [pool.submit(one, client) for _ in range(8)]
            together.wait(30)
            authority.hold.set()
            for future in futures:
                future.result(30)
        assert (len(authority.asked), authority.sent) == (1, ["Bearer t1"] * 8)

    def test_tasks_wait_for_one_token(self, authority: Authority) -> None:
        async def run() -> None:
            configuration = Caller(asynchronous=True).configuration(authority, CREDENTIALS)
            async with AsyncClient(configuration) as client:
                await asyncio.gather(*(client.send(LIST) for _ in range(8)))

        asyncio.run(run())
        assert (len(authority.asked), authority.sent) == (1, ["Bearer t1"] * 8)

    def test_each_event_loop_has_a_lock_of_its_own(self) -> None:
        tokens = Fetched("token", CREDENTIALS, "https://auth.example/token")

        async def lock() -> tuple[asyncio.Lock, asyncio.Lock]:
            return tokens.async_lock(), tokens.async_lock()

        first, second = asyncio.run(lock()), asyncio.run(lock())
        assert first[0] is first[1]
        assert first[0] is not second[0]


class TestStreaming:
    def test_a_stream_begins_with_a_token_that_is_accepted(self, authority: Authority) -> None:
        authority.refusals = 1
        configuration = Caller(asynchronous=False).configuration(authority, CREDENTIALS)
        with SyncClient(configuration) as client, client.stream(LIST) as response:
            assert b"".join(response) == PAGE
        assert authority.sent == ["Bearer t1", "Bearer t2"]

    def test_and_so_does_an_asynchronous_one(self, authority: Authority) -> None:
        authority.refusals = 2

        async def run() -> None:
            configuration = Caller(asynchronous=True).configuration(authority, CREDENTIALS)
            async with AsyncClient(configuration) as client:
                with pytest.raises(errors.UnauthorizedError):
                    async with client.stream(LIST):
                        raise AssertionError("the stream is never opened")
                async with client.stream(LIST) as response:
                    assert b"".join([piece async for piece in response]) == PAGE

        asyncio.run(run())
        assert authority.sent == ["Bearer t1", "Bearer t2", "Bearer t2"]


class TestFailing:
    @pytest.mark.parametrize(
        ("answer", "said", "code"),
        [
            ((400, b'{"error":"invalid_client"}'), "gave no token: invalid_client", "invalid_client"),
            ((403, b"<html>"), "gave no token: 403 Forbidden", None),
            ((200, b'{"access_token":"a","token_type":"mac"}'), "of type 'mac', and not Bearer", None),
            ((200, b'{"access_token":"a\\nb"}'), "none that a header can carry where a token should be", None),
            ((200, b'{"access_token":7}'), "none that a header can carry where a token should be", None),
            ((200, b"[]"), "an array where a token should be", None),
        ],
    )
    def test_no_token_is_an_error_of_its_own(
        self, call: Caller, authority: Authority, answer: tuple[int, bytes], said: str, code: str | None
    ) -> None:
        authority.answer = answer
        with pytest.raises(errors.TokenError) as caught:
            call(authority, CREDENTIALS)
        assert said in str(caught.value)
        assert str(caught.value).endswith(f"(POST the token URL, status {answer[0]})")
        assert (caught.value.code, authority.sent) == (code, [])

    def test_secrets_show_nowhere(self, call: Caller, authority: Authority, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        authority.answer = (400, json.dumps({"error": f"{SECRET} is wrong"}, ensure_ascii=False).encode())
        with pytest.raises(errors.TokenError) as caught:
            call(authority, CREDENTIALS)
        configuration = call.configuration(authority, CREDENTIALS)
        shown = (str(caught.value), repr(caught.value.__dict__), caplog.text, repr(CREDENTIALS), repr(configuration))
        assert all(SECRET not in text for text in shown)
        assert "*** is wrong" in str(caught.value)

    def test_an_authority_out_of_reach_is_a_transport_error(self, call: Caller, authority: Authority) -> None:
        with pytest.raises(errors.ConnectError, match="the token URL"):
            call(authority, attrs.evolve(CREDENTIALS, token_url="http://127.0.0.1:9/token"))  # noqa: S106 - a URL
        assert authority.sent == []

    def test_the_deadline_of_the_call_counts(self, call: Caller, authority: Authority) -> None:
        authority.hold = threading.Event()
        try:
            with pytest.raises(errors.TransportError):
                call(authority, CREDENTIALS, options=Options(timeout=0.2))
        finally:
            authority.hold.set()
        assert authority.sent == []

    def test_without_a_token_url_nothing_can_be_made(self) -> None:
        with pytest.raises(ConfigurationError, match=r"token: the description names no URL .*token_url=…"):
            Fetched("token", CREDENTIALS, None)

    @pytest.mark.parametrize("wrong", [{"client_id": 1}, {"client_secret": b"x"}, {"scopes": [1]}])
    def test_credentials_are_texts(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ConfigurationError, match=f"ClientCredentials: {next(iter(wrong))} must be"):
            ClientCredentials(**{"client_id": "a", "client_secret": "b", **wrong})


class TestFunctions:
    def test_a_function_is_asked_for_each_call(self, call: Caller, authority: Authority) -> None:
        tokens = iter(["a", "b"])
        call(authority, lambda: next(tokens), calls=2)
        assert (authority.sent, authority.asked) == (["Bearer a", "Bearer b"], [])

    def test_it_is_asked_again_after_a_refusal(self, call: Caller, authority: Authority) -> None:
        authority.refusals = 1
        tokens = iter(["old", "new"])
        call(authority, lambda: next(tokens))
        assert authority.sent == ["Bearer old", "Bearer new"]

    def test_the_same_token_again_is_not_tried(self, call: Caller, authority: Authority) -> None:
        authority.refusals = 5
        with pytest.raises(errors.UnauthorizedError):
            call(authority, lambda: "same")
        assert authority.sent == ["Bearer same"]

    def test_it_may_have_to_be_awaited(self, authority: Authority) -> None:
        async def token() -> str:
            await asyncio.sleep(0)
            return "later"

        Caller(asynchronous=True)(authority, token)
        assert authority.sent == ["Bearer later"]
        with pytest.raises(ConfigurationError, match="token: the function has to return a token, and returned a corou"):
            Caller(asynchronous=False)(authority, token)

    @pytest.mark.parametrize("given", [None, "", "zq\nzq", b"zqzq"])
    def test_what_is_no_token_is_refused_unseen(self, call: Caller, authority: Authority, given: Any) -> None:
        with pytest.raises(ConfigurationError, match=r"^token: the function has to return a token") as caught:
            call(authority, lambda: given)
        assert "zq" not in str(caught.value)
        assert authority.sent == []
