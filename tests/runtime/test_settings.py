"""What is decided before anything is sent: retries, servers, credentials, limits and bodies."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from attrest.runtime import auth, bodies, checks, retries, servers
from attrest.runtime.configuration import configure
from attrest.runtime.conversation import Conversation, prepare
from attrest.runtime.errors import (
    ConfigurationError,
    ConnectError,
    ConnectionLostError,
    InvalidArgumentError,
    ReadTimeoutError,
    hidden,
)
from attrest.runtime.json_lines import json_lines
from attrest.runtime.media_types import chosen
from attrest.runtime.operation import Operation, by_content_type, text
from attrest.runtime.options import Options, Timeout
from attrest.runtime.retries import Deadline, Retries
from attrest.runtime.unset import UNSET
from runtime import sample

SECRET = "s3cret"  # noqa: S105 - the tests look for it where it must not be


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PETS_TOKEN", "PETS_SERVER", "KEY"):
        monkeypatch.delenv(name, raising=False)


def test_full_jitter_doubles_up_to_its_cap() -> None:
    policy = Retries(attempts=9, base=0.5, cap=3.0)
    assert [policy.delay(sent, lambda: 1.0) for sent in range(1, 6)] == [0.5, 1.0, 2.0, 3.0, 3.0]
    assert policy.delay(10_000, lambda: 0.5) == 1.5
    assert policy.delay(1, lambda: 0.0) == 0.0


@pytest.mark.parametrize(
    ("status", "always", "idempotent"),
    [(200, False, False), (408, False, False), (429, True, True), (500, False, False), (501, False, False)]
    + [(status, False, True) for status in (502, 503, 504)],
)
def test_which_statuses_are_tried_again(status: int, always: bool, idempotent: bool) -> None:  # noqa: FBT001 - columns
    assert Retries().again_after_status(status, 1, idempotent=False) is always
    assert Retries().again_after_status(status, 1, idempotent=True) is idempotent
    assert not Retries().again_after_status(status, 3, idempotent=True)


def test_which_failures_are_tried_again() -> None:
    policy = Retries(attempts=2)
    assert policy.again_after_failure(ConnectError("refused"), 1, idempotent=False)
    assert not policy.again_after_failure(ConnectError("refused"), 2, idempotent=True)
    assert policy.again_after_failure(ConnectionLostError("reset"), 1, idempotent=True)
    assert not policy.again_after_failure(ConnectionLostError("reset"), 1, idempotent=False)
    assert not policy.again_after_failure(ReadTimeoutError("silence"), 1, idempotent=True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("120", 120.0),
        (" 0 ", 0.0),
        ("9" * 400, 365 * 86400.0),
        ("-1", None),
        ("1.5", None),
        ("Thu, 13 Jun 2019 19:08:30 GMT", 5.0),
        ("Thursday, 13-Jun-19 19:08:30 GMT", 5.0),
        ("Thu Jun 13 19:08:30 2019", 5.0),
        ("Thu, 13 Jun 2019 19:08:20 GMT", 0.0),
        ("Thu, 99 Foo 2019", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 365 * 86400.0),
        ("Fri, 31 Dec 99999999999 23:59:59 GMT", None),
        ("Fri, 31 Dec 2019 23:59:59 +" + "9" * 400, None),
    ],
)
def test_retry_after(value: str | None, expected: float | None) -> None:
    headers = {} if value is None else {"retry-after": value}
    assert retries.retry_after(headers, 1_560_452_905.0) == expected


def test_deadlines() -> None:
    now = [0.0]
    deadline = Deadline.after(10, lambda: now[0])
    assert (deadline.remaining(), deadline.limit(3), deadline.limit(None), deadline.passed()) == (10, 3, 10, False)
    assert deadline.allows(9.9)
    assert not deadline.allows(10)
    now[0] = 11
    assert (deadline.remaining(), deadline.limit(3), deadline.passed()) == (0, 0, True)
    never = Deadline.after(None, lambda: now[0])
    assert (never.remaining(), never.limit(None), never.limit(3), never.passed()) == (None, None, 3, False)
    assert never.allows(1e9)


NO_TIMES = [float("nan"), float("inf"), float("-inf"), -1, 1e300, 10**400, True, "5"]


@pytest.mark.parametrize("value", [*NO_TIMES, 0])
def test_timeouts_that_make_no_sense(value: Any) -> None:
    for name in ("total", "connect", "read"):
        with pytest.raises(ConfigurationError, match=f"^Timeout: {name} must be more than 0 and at most 31536000 sec"):
            Timeout(**{name: value})
    with pytest.raises(ConfigurationError, match=r"^Timeout: total must"):
        sample.PetClient(SECRET, timeout=value)


@pytest.mark.parametrize("value", NO_TIMES)
def test_retries_that_make_no_sense(value: Any) -> None:
    for name in ("base", "cap"):
        with pytest.raises(ConfigurationError, match=f"^Retries: {name} must be 0 to 31536000 seconds, got "):
            Retries(**{name: value})


@pytest.mark.parametrize("value", [0, -1, 1.5, True, "3", None])
def test_attempts_that_make_no_sense(value: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^Retries: attempts must be an integer of at least 1, got "):
        Retries(attempts=value)


def test_a_number_is_the_total_timeout() -> None:
    client = sample.PetClient(SECRET, timeout=5)
    assert client.configuration.timeout == Timeout(total=5, connect=10.0, read=30.0)


@pytest.mark.parametrize(
    ("server", "url"),
    [
        (None, "https://pets.example"),
        ("us", "https://pets.example"),
        ("eu", "https://eu.pets.example/v1"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("http://bücher.example.", "http://bücher.example."),
        ("http://under_score:80", "http://under_score:80"),
    ],
)
def test_servers(server: str | None, url: str) -> None:
    assert sample.PetClient(SECRET, server=server).configuration.server == url


def test_the_environment_names_the_server_and_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PETS_SERVER", "eu")
    monkeypatch.setenv("PETS_TOKEN", f"{SECRET}\n")
    client = sample.PetClient()
    assert client.configuration.server == "https://eu.pets.example/v1"
    prepared = Conversation(client.configuration, sample.ListPetsRequest(), None).prepared
    assert prepared.headers["authorization"] == f"Bearer {SECRET}"
    assert sample.PetClient(server="us").configuration.server == "https://pets.example"


@pytest.mark.parametrize(
    "server",
    [
        *("mars", "ftp://x", "https://", "https://u:p@x", "https://x?a=1", "https://x y", "http://a..b", "http://.a"),
        *("http://a:x", "http://a:99999", "http://a:0", "http://[::1", "http://é..b", f"http://{'a' * 64}.b"),
        *("http://\ud800", "http://a/\ud800", "http://:80", 5, b"http://a"),
    ],
)
def test_servers_that_do_not_exist(server: Any) -> None:
    with pytest.raises(ConfigurationError, match="server") as raised:
        sample.PetClient(SECRET, server=server)
    if server == "mars":
        assert "us, eu" in str(raised.value)


def test_a_missing_credential_is_found_before_sending() -> None:
    with sample.PetClient(server="http://127.0.0.1:9") as client, pytest.raises(ConfigurationError) as raised:
        client.send(sample.ListPetsRequest())
    assert str(raised.value) == "listPets needs a credential: pass token=… or set PETS_TOKEN"


def test_credentials_show_nowhere() -> None:
    client = sample.PetClient(SECRET, headers={"X-Key": SECRET})
    credential = auth.bearer("b", argument="token", environment="T", value=SECRET)
    basic = auth.basic("b", argument="user", environment="U", value=("me", SECRET))
    options = Options(headers={"Authorization": SECRET}, query={"key": SECRET})
    prepared = Conversation(client.configuration, sample.ListPetsRequest(), options).prepared
    for shown in (client, client.configuration, credential, basic, options, prepared):
        assert SECRET not in repr(shown)
        assert (basic.value or "")[8:] not in repr(shown)


@pytest.mark.parametrize("value", ["zq\nb", " zq", "zq\r"])
def test_credentials_that_a_header_cannot_carry(value: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^token: ") as raised:
        auth.bearer("b", argument="token", environment="T", value=value)
    assert value not in str(raised.value)


@pytest.mark.parametrize("value", [5, b"zqzq", "zqzq\ud800", ["zqzq"]])
def test_credentials_that_are_no_text(value: Any) -> None:
    makers: list[Any] = [
        lambda: auth.bearer("b", argument="token", environment="T", value=value),
        lambda: auth.basic("b", argument="token", environment="T", value=value),
        lambda: auth.basic("b", argument="token", environment="T", value=("me", value)),
        lambda: auth.api_key("b", argument="token", environment="T", value=value, location="query", parameter="k"),
    ]
    for make in makers:
        with pytest.raises(ConfigurationError, match=r"^token: ") as raised:
            make()
        assert "zq" not in str(raised.value)
    with pytest.raises(ConfigurationError, match=r"^token: expected user and password as two texts$"):
        auth.basic("b", argument="token", environment="T", value=("me", "a", "b"))  # type: ignore[arg-type]  # wrong on purpose


def test_settings_of_the_wrong_type() -> None:
    wrong: Any = 3
    with pytest.raises(ConfigurationError, match=r"^retries: expected Retries\(attempts=…\) or None, got 3$"):
        sample.PetClient(SECRET, retries=wrong)
    with pytest.raises(ConfigurationError, match=r"^retries: expected Retries\(attempts=…\) or None, got 3$"):
        Options(retries=wrong)
    with pytest.raises(ConfigurationError, match=r"^headers: expected a mapping, got a int$"):
        sample.PetClient(SECRET, headers=wrong)
    with pytest.raises(ConfigurationError, match=r"^query: expected a mapping, got a int$"):
        Options(query=wrong)
    with sample.PetClient(SECRET, server="http://127.0.0.1:9") as client:
        with pytest.raises(InvalidArgumentError, match=r"^options: expected Options\(…\) or None, got a int$"):
            client.send(sample.ListPetsRequest(), wrong)
        with pytest.raises(ConfigurationError, match=r"^Timeout: total must"):
            client.send(sample.ListPetsRequest(), Options(timeout=b"1"))  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("value", [5, b"zqzq", "zqzq\ud800", "zqzq\n", ["zqzq"]])
def test_headers_that_cannot_be_sent(value: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^header a[: ]") as raised:
        sample.PetClient(SECRET, headers={"a": value})
    assert "zq" not in str(raised.value)
    with (
        sample.PetClient(SECRET, server="http://127.0.0.1:9") as client,
        pytest.raises(InvalidArgumentError, match=r"^header a[: ]"),
    ):
        client.send(sample.ListPetsRequest(), Options(headers={"a": value}))
    with pytest.raises(InvalidArgumentError, match=r"^header User-Agent[: ]"):
        configure(prefix="PETS", servers=sample.SERVERS, user_agent=value)
    unnamed: Any = {5: "x"}
    with pytest.raises(InvalidArgumentError, match=r"^5 is no name of a header$"):
        sample.PetClient(SECRET, headers=unnamed)


def test_a_client_calls_itself_what_it_is_told() -> None:
    told = configure(prefix="PETS", servers=sample.SERVERS, user_agent="pets-client/0+2019.06")
    assert told.headers == {"user-agent": "pets-client/0+2019.06"}
    own = configure(prefix="PETS", servers=sample.SERVERS, user_agent="pets/1", headers={"User-Agent": "mine"})
    assert own.headers == {"user-agent": "mine"}


@pytest.mark.parametrize(
    "options",
    [
        Options(query={"a": "\ud800"}),
        Options(query={"\ud800": "a"}),
        Options(query={"a": ["\ud800"]}),
        Options(query={"a": object()}),
        Options(query={"a": [{"b": "\ud800"}]}),
        Options(query={"a": [{"b": float("nan")}]}),
    ],
)
def test_queries_that_cannot_be_sent(options: Options) -> None:
    with sample.PetClient(SECRET, server="http://127.0.0.1:9") as client, pytest.raises(InvalidArgumentError):
        client.send(sample.ListPetsRequest(), options)


def test_arguments_that_cannot_be_sent() -> None:
    with sample.PetClient(SECRET, server="http://127.0.0.1:9") as client:
        for request in (sample.ListPetsRequest(after="\ud800"), sample.DeletePetRequest(id="\ud800")):
            with pytest.raises(InvalidArgumentError, match="no lone surrogate"):
                client.send(request)
    with pytest.raises(InvalidArgumentError, match="no lone surrogate"):
        bodies.text("\ud800")
    for fields in ({"\ud800": "a"}, {"a": "\ud800"}):
        with pytest.raises(InvalidArgumentError, match="no lone surrogate"):
            bodies.multipart(fields)


def test_how_credentials_travel() -> None:
    key = {"argument": "key", "environment": "KEY", "value": "a b"}
    credentials = {
        credential.scheme: credential
        for credential in (
            auth.basic("basic", argument="user", environment="U", value="me:pass"),
            auth.api_key("header", **key, location="header", parameter="X-Key"),
            auth.api_key("query", **key, location="query", parameter="k"),
            auth.api_key("cookie", **key, location="cookie", parameter="c"),
            auth.certificate("mutual", object()),
            auth.certificate("shown", HasCertificate()),
            auth.certificate("uncertified", None),
            auth.bearer("missing", argument="token", environment="T", value=None),
        )
    }

    def chosen(*security: tuple[str, ...]) -> tuple[dict[str, str], str]:
        found = auth.carried(auth.chosen(security, credentials, "op"), {})
        return dict(found.headers), found.query

    assert chosen(("basic",)) == ({"authorization": "Basic bWU6cGFzcw=="}, "")
    assert chosen(("header", "query", "cookie")) == ({"x-key": "a b", "cookie": "c=a%20b"}, "k=a%20b")
    assert chosen(("missing",), ("mutual",)) == ({}, "")
    assert chosen(("missing",), ()) == ({}, "")
    assert chosen() == ({}, "")
    assert chosen((), ("query",)) == ({}, "k=a%20b")
    with pytest.raises(ConfigurationError, match="pass token=… or set T or the scheme other, which this client lacks"):
        chosen(("missing",), ("other",))
    assert chosen(("mutual",), ("header",)) == ({"x-key": "a b"}, "")
    assert chosen(("shown",), ("header",)) == ({}, "")
    with pytest.raises(ConfigurationError, match=r"pass transport=Httpx2Transport\(certificate=…\)"):
        chosen(("uncertified",))
    with pytest.raises(ConfigurationError, match="user:password"):
        auth.basic("b", argument="user", environment="U", value="nobody")


@attrs.frozen(kw_only=True)
class Based(servers.Server):
    host: str = attrs.field(default="a", validator=servers.text)
    base: str = attrs.field(default="", validator=servers.text)

    template = "https://{host}.example/{base}"
    variables = {"host": "host", "base": "base"}  # noqa: RUF012 - as clients have it


def test_a_variable_may_be_empty_where_that_is_its_default() -> None:
    assert Based().url == "https://a.example/"
    with pytest.raises(ConfigurationError, match="Based: host must be a text, got ''"):
        Based(host="")


class HasCertificate:
    has_certificate = True


def test_the_forms_of_secrets() -> None:
    assert auth.secrets_of((), "") == ()
    assert set(auth.secrets_of(("a b", ""), "Bearer x/y")) == {"a b", "a%20b", "x/y", "x\\/y", "x\\\\/y", "x%2Fy"}
    assert {"bWU6cGFzcw==", "me:pass", "pass"} <= set(auth.secrets_of((), "Basic bWU6cGFzcw=="))
    assert {"me"} <= set(auth.secrets_of((), "Basic me"))
    assert auth.secrets_of((), "token") == ("token",)


def test_hidden_secrets() -> None:
    secret = "0123456789abcdef"  # noqa: S105 - an example
    text = f"a {secret} b {secret}{secret} {secret[:13]}… c {secret[:5]}… {secret[:3]}… {secret[:9]}"
    assert hidden(text, [secret, secret[:8] + "x"]) == "a *** b ****** ***… c ***… 012… ***"
    assert hidden("abc", ["abc"]) == "abc"
    assert hidden("abcd abc", ["abcd"]) == "*** abc"


def test_an_operation_with_a_server_of_its_own() -> None:
    operation = attrs.evolve(sample.ListPetsRequest.operation, servers={"default": "https://files.example/"})
    request = sample.ListPetsRequest().to_http()
    named = prepare(sample.PetClient(SECRET, server="eu").configuration, operation, request, Options(), (), {})
    own = sample.PetClient(SECRET, server="http://127.0.0.1:9").configuration
    given = prepare(own, operation, request, Options(), (), {})
    assert (named.url, given.url) == ("https://files.example/pets", "http://127.0.0.1:9/pets")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        (True, "boolean"),
        (2.0, "integer"),
        (2.5, "number"),
        (sample.PetKind.CAT, "string"),
        (b"a", "string"),
        (datetime(2019, 6, 13, tzinfo=UTC), "string"),
        ((1,), "array"),
        (sample.Pet(id="p", born_at=datetime(2019, 6, 13, tzinfo=UTC), kind="cat", tags=[]), "object"),
    ],
)
def test_the_kind_that_a_value_is_sent_as(value: Any, kind: str) -> None:
    assert checks.kind_when_sent(value) == kind


@pytest.mark.parametrize("value", [io.BytesIO(b"a"), datetime(2019, 6, 13), UNSET])  # noqa: DTZ001 - naive on purpose
def test_what_cannot_be_sent_is_of_no_kind(value: Any) -> None:
    assert checks.kind_when_sent(value) is None


@attrs.frozen(kw_only=True)
class Limited:
    items: Any = attrs.field(default=None, validator=[checks.length(1, 2), checks.unique])
    keys: Any = attrs.field(default=None, validator=checks.properties(1, None))
    name: Any = attrs.field(default=None, validator=[checks.text_length(2, 3), checks.matches("^a")])
    low: Any = attrs.field(default=None, validator=[checks.at_least(1), checks.at_most(3)])
    between: Any = attrs.field(default=UNSET, validator=[checks.more_than(1), checks.less_than(3)])
    step: Any = attrs.field(default=UNSET, validator=checks.multiple_of(0.1))
    texts: Any = attrs.field(default=None, validator=[checks.sequence, checks.texts])
    numbers: Any = attrs.field(default=None, validator=[checks.sequence, checks.items])
    when: Any = attrs.field(default=None, converter=checks.aware_datetime, validator=checks.aware)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"items": ["a", "b"], "keys": {"a": 1}, "name": "abc", "low": 1, "between": 2, "step": 0.3, "texts": ("a",)},
        {"items": [{"a": [0, "b"]}, {"a": [False, "b"]}]},
        {"low": 3, "items": (1, True), "step": 7, "when": "2019-06-13t19:08:25z"},
        {"texts": [sample.PetKind.CAT, "x"], "numbers": [0, False, ""]},
    ],
)
def test_what_keeps_to_its_limits(values: dict[str, Any]) -> None:
    limited = Limited(**values)
    if "when" in values:
        assert limited.when == datetime(2019, 6, 13, 19, 8, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"items": []}, "items: must have at least 1 item, got 0"),
        ({"items": [1, 2, 3]}, "items: must have at most 2 items, got 3"),
        ({"items": "ab"}, "items: expected a list, got a str"),
        ({"items": {"a"}}, "items: expected a list, got a set"),
        ({"items": ["a", "a"]}, 'items: items must be unique, got "a" more than once'),
        ({"items": [1, 1.0]}, "items: items must be unique, got 1.0 more than once"),
        (
            {"items": [{"a": 1, "b": [2]}, {"b": [2.0], "a": 1}]},
            'items: items must be unique, got {"b":[2.0],"a":1} more than once',
        ),
        ({"keys": {}}, "keys: must have at least 1 property, got 0"),
        ({"keys": 1}, "keys: expected a mapping, got a int"),
        ({"name": "a"}, "name: must have at least 2 characters, got 1"),
        ({"name": "ba"}, "name: must match ^a, got 'ba'"),
        ({"low": 0}, "low: must be at least 1, got 0"),
        ({"low": 4}, "low: must be at most 3, got 4"),
        ({"between": 1}, "between: must be more than 1, got 1"),
        ({"between": 3}, "between: must be less than 3, got 3"),
        ({"step": 0.25}, "step: must be a multiple of 0.1, got 0.25"),
        ({"texts": "abc"}, "texts: expected a list, got a str"),
        ({"texts": [None]}, "texts[0]: expected a text, got null"),
        ({"texts": ["a", 5]}, "texts[1]: expected a text, got 5"),
        ({"numbers": [1, None]}, "numbers[1]: required, got None"),
        ({"numbers": [UNSET]}, "numbers[0]: required, got UNSET"),
        ({"when": "soon"}, "when: expected a datetime with a time zone or an RFC 3339 date-time, got 'soon'"),
        ({"when": 7}, "when: expected a datetime with a time zone or an RFC 3339 date-time, got 7"),
    ],
)
def test_what_breaks_its_limits(values: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentError) as raised:
        Limited(**values)
    assert str(raised.value) == message


@attrs.frozen(kw_only=True)
class Demanding:
    ids: Any = attrs.field(validator=[checks.required, checks.length(1, 100), checks.texts])


@pytest.mark.parametrize("value", [None, UNSET])
def test_what_is_required_cannot_be_left_out(value: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=f"^ids: required, got {value!r}$"):
        Demanding(ids=value)
    with pytest.raises(InvalidArgumentError, match=r"^ids\[1\]: "):
        Demanding(ids=["a", value])
    with pytest.raises(InvalidArgumentError, match=f"^names: required, got {value!r}$"):
        sample.PostPetRequest(due_at="2030-01-02T03:04:05Z", names=value)
    with pytest.raises(InvalidArgumentError, match=f"^due_at: required, got {value!r}$"):
        sample.PostPetRequest(due_at=value, names=["x"])
    assert Demanding(ids=["a"]).ids == ["a"]


def test_a_naive_time_is_refused_by_name() -> None:
    with pytest.raises(InvalidArgumentError, match=r"^due_at: .*time zone.*datetime\(2019, 6, 13, 0, 0\)$"):
        sample.PostPetRequest(due_at=datetime(2019, 6, 13), names=["x"])  # noqa: DTZ001 - naive on purpose


def test_forms() -> None:
    body = bodies.form({"a": "x y", "b": [1, True], "c": {"d": 1}, "e": None, "f": UNSET})
    assert body.content == b"a=x%20y&b=1&b=true&c=%7B%22d%22%3A1%7D"
    assert bodies.text("é").content == "é".encode()
    with pytest.raises(InvalidArgumentError, match="no JSON form"):
        bodies.json({"a": float("nan")})


def test_multipart() -> None:
    body = bodies.multipart(
        {
            "id": 7,
            "tags": ["a", "b"],
            "meta": {"k": 1},
            "photo": bodies.File(b"PNG", 'a"b\r\n.png', "image/png"),
            "raw": b"\x00",
            "absent": None,
        },
        {"meta": bodies.Encoding(content_type="application/vnd.meta+json")},
        boundary="BOUND",
    )
    assert body.content_type == "multipart/form-data; boundary=BOUND"
    assert isinstance(body.content, bytes)
    parts = body.content.split(b"--BOUND")
    assert parts[1] == (
        b'\r\nContent-Disposition: form-data; name="id"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n7\r\n'
    )
    assert [part.partition(b"\r\n\r\n")[2] for part in parts[2:4]] == [b"a\r\n", b"b\r\n"]
    assert b'name="meta"\r\nContent-Type: application/vnd.meta+json\r\n\r\n{"k":1}\r\n' in parts[4]
    assert b'name="photo"; filename="a%22b%0D%0A.png"\r\nContent-Type: image/png\r\n\r\nPNG' in parts[5]
    assert b'name="raw"; filename="raw"\r\nContent-Type: application/octet-stream\r\n\r\n\x00' in parts[6]
    assert parts[7] == b"--\r\n"


def test_multipart_streams_files() -> None:
    first, second = io.BytesIO(b"1" * 10), io.BytesIO(b"2" * 10)
    body = bodies.multipart({"files": [first, bodies.File(second)]}, boundary="B")
    assert isinstance(body.content, bodies.Stream)
    sent = b"".join(body.content)
    assert len(sent) == body.content.length
    assert sent.count(b'form-data; name="files"') == 2
    assert body.content.repeatable
    assert b"".join(body.content) == sent


def test_streams_that_cannot_be_sent_twice() -> None:
    stream = bodies.Stream([b"a", (piece for piece in (b"b", b"c"))])
    assert (stream.repeatable, stream.length) == (False, None)
    assert b"".join(stream) == b"abc"


def test_asynchronous_streams() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"b"
        yield b"c"

    async def collect(stream: bodies.Stream) -> bytes:
        return b"".join([piece async for piece in stream])

    assert asyncio.run(collect(bodies.Stream([b"a", pieces(), io.BytesIO(b"d"), [b"e"]]))) == b"abcde"
    with pytest.raises(InvalidArgumentError, match="async client"):
        list(bodies.Stream([pieces()]))


def test_a_media_type_of_a_syntax_fits_the_range_of_that_syntax() -> None:
    offered = ("text/*", "application/*", "application/*+json")
    assert chosen(offered, "application/cloudevents+json; charset=utf-8") == "application/*+json"
    assert chosen(offered, "application/json") == "application/*+json"
    assert chosen(offered, "application/xml") == "application/*"
    assert chosen(offered, "image/svg+json") is None


def test_readers() -> None:
    either = by_content_type({"application/x-ndjson": json_lines(int), "text/*": text()})
    assert either.read(b"1\n\n2\n", "application/x-ndjson") == [1, 2]
    assert either.read("é".encode("latin-1"), "text/plain; charset=latin-1") == "é"
    assert either.read(b"3", "") == [3]
    assert either.read(b"3Q==", "text/plain; charset=base64") == "3Q=="
    with pytest.raises(ValueError, match="expected application/x-ndjson or text/\\*"):
        either.read(b"x", "image/png")


def test_which_reader_a_status_gets() -> None:
    a, b, c = text(), text(), text()
    operation = Operation(id="x", method="GET", path="/", results={"200": a, "2XX": b, "default": c})
    assert operation.result(200) is a
    assert operation.result(204) is b
    assert operation.result(304) is c
    assert operation.result(404) is None
    assert operation.error(404) is None
    assert operation.accept == "text/*"
