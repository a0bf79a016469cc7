"""What goes wrong between the published client and its server, and what the client makes of it."""

from __future__ import annotations

import json
import logging
import pickle
import socket
import traceback
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, Final

import attrs
import pytest
from training_api import Options, Retries, errors
from training_api.models import ErrorResponse, GetTrainingCoursesRequest

from client import TOKEN, Driver
from runtime.misbehaving import read_request, refusing_url
from training_server import Answer, HangUp, TrainingServer, TrainingService, error, html
from training_server.service import COURSES
from training_tables import ERROR_STATUSES

DUE: Final = "2019-07-01T12:00:00Z"
ONCE: Final = Retries(attempts=1)
TYPES: Final[dict[int, type[errors.StatusError]]] = {
    400: errors.BadRequestError,
    401: errors.UnauthorizedError,
    404: errors.NotFoundError,
    405: errors.MethodNotAllowedError,
    413: errors.ContentTooLargeError,
    429: errors.RateLimitError,
    500: errors.InternalServerError,
    501: errors.NotImplementedByServerError,
    502: errors.BadGatewayError,
    503: errors.ServiceUnavailableError,
    504: errors.GatewayTimeoutError,
}


@attrs.frozen
class Call:
    """One call of one operation."""

    template: str
    resource: str
    method: str
    arguments: Mapping[str, Any] = attrs.field(factory=dict)

    def __call__(self, client: Any, options: Options | None = None) -> Any:
        return getattr(getattr(client, self.resource), self.method)(**self.arguments, options=options)


POST: Final = Call(
    "/training-assignments",
    "training_assignments",
    "post_training_assignments",
    {"course_id": COURSES[0].id, "due_at_time": DUE, "learner_ids": ["driver-1"]},
)
PATCH: Final = Call(
    "/training-assignments",
    "training_assignments",
    "patch_training_assignments",
    {"ids": ["a"], "due_at_time": DUE},
)
DELETE: Final = Call("/training-assignments", "training_assignments", "delete_training_assignments", {"ids": ["a"]})
STREAM: Final = Call(
    "/training-assignments/stream",
    "training_assignments",
    "get_training_assignments_stream",
    {"start_time": DUE},
)
LIST: Final = Call("/training-courses", "training_courses", "get_training_courses")
CALLS: Final = (POST, PATCH, DELETE, STREAM, LIST)


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    with Driver(asynchronous=request.param) as running:
        yield running


@pytest.fixture
def server() -> Iterator[TrainingServer]:
    with TrainingServer(TrainingService(), token=TOKEN) as running:
        yield running


@pytest.fixture
def client(driver: Driver, server: TrainingServer) -> Iterator[Any]:
    with driver.client(server.url) as opened:
        yield opened


def failure(driver: Driver, client: Any, call: Call, options: Options | None = None) -> errors.ApiError:
    """Return the error that a call gives, after looking for the token wherever a person or a log would find it."""
    with pytest.raises(errors.ApiError) as raised:
        driver(call(client, options))
    assert_secret(raised.value)
    return raised.value


def assert_secret(raised: BaseException) -> None:
    shown = [str(raised), repr(raised), repr(vars(raised)), "".join(traceback.format_exception(raised))]
    assert TOKEN not in "\n".join(shown)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.method)
@pytest.mark.parametrize("status", TYPES)
def test_each_declared_status_has_its_error(
    driver: Driver, client: Any, server: TrainingServer, call: Call, status: int
) -> None:
    server.next_answers(error(status, "As announced."))
    raised = failure(driver, client, call, Options(retries=ONCE))
    assert type(raised) is TYPES[status]
    assert raised.body == ErrorResponse(message="As announced.", request_id="scripted")
    assert (raised.status, raised.request_id) == (status, "request-1")
    assert raised.url_template == call.template
    assert raised.method == server.requests[0].method
    assert raised.headers["content-type"] == "application/json"
    assert [(one.number, one.outcome) for one in raised.attempts] == [(1, str(status))]
    for fact in (str(status), raised.method, raised.url_template, "request-1", "As announced."):
        assert fact in str(raised)


def test_statuses_have_a_common_base() -> None:
    for status, kind in TYPES.items():
        assert issubclass(kind, errors.ClientError if status < 500 else errors.ServerError)
        assert issubclass(kind, errors.StatusError)
        assert issubclass(kind, errors.ApiError)
    assert {str(status) for status in TYPES} == {"400", *ERROR_STATUSES} - {"default"}


def test_what_the_service_itself_refuses(driver: Driver, client: Any) -> None:
    raised = failure(driver, client, PATCH)
    assert isinstance(raised, errors.NotFoundError)
    assert isinstance(raised.body, ErrorResponse)
    assert raised.body.message == "There is no assignment a."
    assert raised.body.request_id == raised.request_id == "request-1"


def test_a_request_id_is_found_in_the_body(driver: Driver, client: Any, server: TrainingServer) -> None:
    server.next_answers(attrs.evolve(error(404), headers={"Content-Type": "application/json", "X-Request-Id": ""}))
    assert failure(driver, client, LIST).request_id == "scripted"


class TestBodiesThatAreNot:
    def test_html_from_a_proxy(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        server.next_answers(html(502))
        raised = failure(driver, client, LIST, Options(retries=ONCE))
        assert type(raised) is errors.BadGatewayError
        assert raised.body is None
        assert raised.excerpt.startswith("<html><head><title>Bad Gateway")
        assert "<title>Bad Gateway" in str(raised)

    def test_html_where_a_page_was_promised(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        server.next_answers(html(200))
        raised = failure(driver, client, LIST)
        assert type(raised) is errors.DecodeError
        assert (raised.status, raised.request_id, raised.url_template) == (200, "request-1", "/training-courses")
        assert raised.excerpt.startswith("<html>")
        assert "expected JSON" in str(raised)

    @pytest.mark.parametrize("body", [b"", b"  \n"])
    def test_nothing(self, driver: Driver, client: Any, server: TrainingServer, body: bytes) -> None:
        server.next_answers(Answer(body=body, headers={"Content-Type": "application/json"}))
        raised = failure(driver, client, LIST)
        assert type(raised) is errors.DecodeError
        assert (raised.status, raised.got) == (200, "an empty body")

    @pytest.mark.parametrize("body", [b'{"data": [', b'{"data": [], "pagination": {}} and more', b"\xff\xfe{}", b"NaN"])
    def test_what_is_no_json(self, driver: Driver, client: Any, server: TrainingServer, body: bytes) -> None:
        server.next_answers(Answer(body=body, headers={"Content-Type": "application/json"}))
        raised = failure(driver, client, LIST)
        assert type(raised) is errors.DecodeError
        assert raised.status == 200
        assert raised.excerpt == body.decode("utf-8", "replace")

    def test_half_an_answer(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        body = b'{"data": [], "pagination": {"endCursor": ""'
        server.next_answers(Answer(body=body, missing=30, headers={"Content-Type": "application/json"}))
        raised = failure(driver, client, LIST)
        assert type(raised) is errors.DecodeError
        assert (raised.status, raised.request_id, raised.expected) == (200, "request-1", "the whole body")
        assert raised.excerpt == body.decode()

    def test_half_an_error_is_still_that_error(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        server.next_answers(attrs.evolve(error(404, "Gone for good."), missing=10))
        raised = failure(driver, client, LIST)
        assert type(raised) is errors.NotFoundError
        assert raised.body is None
        assert "Gone for good." in raised.excerpt

    def test_an_error_with_another_body(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        server.next_answers(Answer(status=404, body=b'{"message": 7}', headers={"Content-Type": "application/json"}))
        raised = failure(driver, client, LIST)
        assert type(raised) is errors.NotFoundError
        assert raised.body is None
        assert raised.excerpt == '{"message": 7}'

    def test_a_field_that_breaks_the_promise(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        whole = driver(client.send_raw(GetTrainingCoursesRequest())).json()
        whole["data"][2]["category"]["name"] = None
        server.next_answers(Answer(body=json.dumps(whole).encode(), headers={"Content-Type": "application/json"}))
        raised = failure(driver, client, LIST)
        assert type(raised) is errors.DecodeError
        assert raised.path == ".data[2].category.name"
        assert str(raised).startswith("$.data[2].category.name: expected a string, got null")
        assert (raised.status, raised.method, raised.url_template) == (200, "GET", "/training-courses")

    def test_an_excerpt_is_short(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        server.next_answers(Answer(status=500, body="ü".encode() * 100_000, headers={"Content-Type": "text/plain"}))
        raised = failure(driver, client, LIST)
        assert raised.excerpt == "ü" * 500
        assert len(str(raised)) < 1000


class TestStatusesThatNobodyDeclared:
    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (201, errors.UnexpectedStatusError),
            (204, errors.UnexpectedStatusError),
            (304, errors.RedirectionError),
            (403, errors.ForbiddenError),
            (418, errors.ClientError),
            (422, errors.UnprocessableContentError),
            (520, errors.ServerError),
            (599, errors.ServerError),
        ],
    )
    def test_have_an_error(
        self, driver: Driver, client: Any, server: TrainingServer, status: int, kind: type[errors.StatusError]
    ) -> None:
        server.next_answers(Answer(status=status, headers={"X-Because": "of this"}))
        raised = failure(driver, client, LIST)
        assert type(raised) is kind
        assert isinstance(raised, errors.StatusError)
        assert (raised.status, raised.request_id, raised.body) == (status, "request-1", None)
        assert raised.headers["x-because"] == "of this"

    def test_may_have_the_declared_body(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        server.next_answers(error(418, "A teapot."))
        raised = failure(driver, client, LIST)
        assert isinstance(raised, errors.ClientError)
        assert raised.body == ErrorResponse(message="A teapot.", request_id="scripted")

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_redirects_are_not_followed(self, driver: Driver, client: Any, server: TrainingServer, status: int) -> None:
        with TrainingServer(TrainingService(), token=TOKEN) as elsewhere:
            server.next_answers(Answer(status=status, headers={"Location": f"{elsewhere.url}/training-courses"}))
            raised = failure(driver, client, LIST)
            assert elsewhere.requests == ()
        assert type(raised) is errors.RedirectionError
        assert (raised.status, len(server.requests)) == (status, 1)
        assert raised.headers["location"].startswith("http://127.0.0.1:")


class TestNoAnswer:
    def test_nobody_listens(self, driver: Driver) -> None:
        url = refusing_url()
        with driver.client(url) as client:
            raised = failure(driver, client, POST)
        assert isinstance(raised, errors.ConnectError)
        assert (raised.reached_server, raised.status, raised.headers) == (False, None, None)
        assert (raised.method, raised.url_template) == ("POST", "/training-assignments")
        assert url.removeprefix("http://") in str(raised)
        assert raised.excerpt
        assert [one.number for one in raised.attempts] == [1, 2, 3]
        assert driver.waits.seconds == [0.25, 0.5]

    def test_the_connection_ends_instead(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        server.next_answers(HangUp(), None)
        raised = failure(driver, client, POST)
        assert isinstance(raised, errors.ConnectionLostError)
        assert raised.reached_server
        assert (raised.method, len(raised.attempts), len(server.requests)) == ("POST", 1, 1)
        assert raised.excerpt
        assert server.service.standing() == []

    def test_the_connection_ends_every_time(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        server.next_answers(*[HangUp()] * 3)
        raised = failure(driver, client, LIST)
        assert isinstance(raised, errors.ConnectionLostError)
        assert len(raised.attempts) == len(server.requests) == 3
        assert "3 attempts" in str(raised)

    def test_not_in_time(self, driver: Driver, server: TrainingServer) -> None:
        server.next_answers(*(Answer(after=Event()) for _ in range(3)))
        with driver.client(server.url, timeout=0.2) as client:
            raised = failure(driver, client, LIST)
        assert isinstance(raised, errors.DeadlineExceededError)
        assert isinstance(raised, errors.TransportError)


def start(listener: socket.socket, pool: ThreadPoolExecutor) -> None:
    """Accept connections from now on: answer the first request that arrives."""

    def answer() -> None:
        connection, _ = listener.accept()
        with connection:
            read_request(connection)
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{"data": []}')

    listener.listen()
    pool.submit(answer)


class TestRetries:
    @pytest.mark.parametrize("status", [429, 502, 503, 504])
    def test_of_what_passes(self, driver: Driver, client: Any, server: TrainingServer, status: int) -> None:
        server.next_answers(error(status), html(status), None)
        assert driver(LIST(client)).data
        assert len(server.requests) == 3
        assert len({(request.target, request.headers["authorization"]) for request in server.requests}) == 1
        assert driver.waits.seconds == [0.25, 0.5]

    @pytest.mark.parametrize("call", [PATCH, DELETE, STREAM, LIST], ids=lambda call: call.method)
    def test_of_whatever_can_be_repeated(self, driver: Driver, client: Any, server: TrainingServer, call: Call) -> None:
        server.service.assign(COURSES[0].id, "driver-1", server.service.clock(), assignment_id="a")
        server.next_answers(error(503), HangUp(), None)
        driver(call(client))
        assert len(server.requests) == 3

    def test_end(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        server.next_answers(*(error(503, f"Answer {number}.") for number in range(9)))
        raised = failure(driver, client, LIST)
        assert isinstance(raised, errors.ServiceUnavailableError)
        assert [(one.number, one.outcome, one.waited) for one in raised.attempts] == [
            (1, "503", 0.0),
            (2, "503", 0.25),
            (3, "503", 0.5),
        ]
        assert all(one.seconds >= 0 for one in raised.attempts)
        assert raised.body == ErrorResponse(message="Answer 2.", request_id="scripted")
        assert "3 attempts" in str(raised)

    @pytest.mark.parametrize("status", [400, 401, 404, 405, 413, 500, 501])
    def test_are_not_made_of_what_stays(self, driver: Driver, client: Any, server: TrainingServer, status: int) -> None:
        server.next_answers(error(status), None)
        assert failure(driver, client, LIST).status == status
        assert len(server.requests) == 1

    @pytest.mark.parametrize("status", [502, 503, 504])
    def test_of_a_post_are_not_made_where_it_may_have_applied(
        self, driver: Driver, client: Any, server: TrainingServer, status: int
    ) -> None:
        server.next_answers(error(status), None)
        assert failure(driver, client, POST).status == status
        assert len(server.requests) == 1

    def test_of_a_post_that_was_turned_away(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        server.next_answers(error(429), None)
        assert not driver(POST(client)).data[0].is_existing_assignment
        assert len(server.requests) == 2

    def test_of_a_post_that_reached_nobody(self, driver: Driver) -> None:
        with socket.socket() as listener, ThreadPoolExecutor(1) as pool:
            listener.bind(("127.0.0.1", 0))
            driver.waits.meanwhile = lambda: start(listener, pool)
            with driver.client(f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
                assert driver(POST(client)).data == []
        assert driver.waits.seconds == [0.25]

    @pytest.mark.parametrize(
        ("value", "seconds"),
        [
            ("7", 7.0),
            ("0", 0.25),
            ("Thu, 13 Jun 2019 19:08:34 GMT", 9.0),
            ("Thursday, 13-Jun-19 19:08:34 GMT", 9.0),
            ("Thu, 13 Jun 2019 19:08:00 GMT", 0.25),
            ("soon", 0.25),
            ("-7", 0.25),
        ],
    )
    def test_wait_as_long_as_the_service_asks(
        self, driver: Driver, client: Any, server: TrainingServer, value: str, seconds: float
    ) -> None:
        server.next_answers(error(429, Retry_After=value), None)
        driver(LIST(client))
        assert driver.waits.seconds == [seconds]

    def test_stay_within_the_deadline(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        server.next_answers(error(503, Retry_After="25"), error(503, Retry_After="25"), error(503, Retry_After="25"))
        raised = failure(driver, client, LIST, Options(timeout=40.0, retries=Retries(attempts=9)))
        assert isinstance(raised, errors.ServiceUnavailableError)
        assert driver.waits.seconds == [25.0]
        assert raised.retry_after == 25.0
        assert [one.outcome for one in raised.attempts] == ["503", "503"]

    def test_wait_no_longer_than_there_is_time(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        server.next_answers(error(429, Retry_After="3600"), None)
        raised = failure(driver, client, LIST)
        assert isinstance(raised, errors.RateLimitError)
        assert (raised.retry_after, driver.waits.seconds, len(server.requests)) == (3600.0, [], 1)

    def test_double_up_to_a_cap(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        server.next_answers(*[error(503)] * 5, None)
        policy = Retries(attempts=6, base=1.0, cap=3.0)
        driver(LIST(client, Options(retries=policy)))
        assert driver.waits.seconds == [0.5, 1.0, 1.5, 1.5, 1.5]

    def test_can_be_turned_off(self, driver: Driver, server: TrainingServer) -> None:
        server.next_answers(error(429), None)
        with driver.client(server.url, retries=ONCE) as client:
            assert isinstance(failure(driver, client, LIST), errors.RateLimitError)

    @pytest.mark.parametrize("settings", [{"attempts": 0}, {"base": -1.0}, {"cap": float("nan")}])
    def test_that_make_no_sense_are_refused(self, settings: dict[str, Any]) -> None:
        with pytest.raises(errors.ConfigurationError, match="Retries: "):
            Retries(**settings)


class TestSecrets:
    def test_are_in_no_representation(self, driver: Driver, server: TrainingServer) -> None:
        with driver.client(server.url, headers={"X-Api-Key": TOKEN}) as client:
            options = Options(headers={"Cookie": TOKEN}, query={"key": TOKEN})
            raw = driver(client.send_raw(GetTrainingCoursesRequest(), options))
            shown = [client, client.configuration, client.training_courses, options, raw, raw.headers, raw.operation]
            assert TOKEN not in "\n".join(f"{one!r} {one!s}" for one in shown)
        assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"

    def test_are_in_no_log(
        self, driver: Driver, client: Any, server: TrainingServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        server.next_answers(error(503), None, HangUp(), html(502))
        driver(LIST(client, Options(headers={"X-Api-Key": TOKEN}, query={"key": TOKEN})))
        failure(driver, client, POST)
        failure(driver, client, POST)
        assert "GET /training-courses: attempt 1, 503" in caplog.text
        assert "GET /training-courses: attempt 2, 200" in caplog.text
        everything = "\n".join(f"{record.getMessage()} {vars(record)!r}" for record in caplog.records)
        assert TOKEN not in everything

    def test_are_in_no_error_before_sending(self, driver: Driver, client: Any) -> None:
        with pytest.raises(ValueError, match=r"header Cookie") as raised:
            driver(LIST(client, Options(headers={"Cookie": f"{TOKEN}\n"})))
        assert_secret(raised.value)

    def test_are_not_sent_to_the_next_request(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        """The service's cookies are the service's affair: a client keeps none."""
        server.next_answers(error(404, Set_Cookie="session=abc"), None)
        failure(driver, client, LIST)
        driver(LIST(client))
        assert "cookie" not in server.requests[1].headers


SCRIPTS: Final[dict[str, Answer | HangUp]] = {
    "status": error(404, "Not here."),
    "html": html(502),
    "decoding": Answer(body=b'{"data": 3}', headers={"Content-Type": "application/json"}),
    "no answer": HangUp(),
    "undeclared": Answer(status=302, headers={"Location": "/elsewhere"}),
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_errors_travel_between_processes(driver: Driver, client: Any, server: TrainingServer, script: str) -> None:
    server.next_answers(SCRIPTS[script])
    raised = failure(driver, client, POST)
    copy = pickle.loads(pickle.dumps(raised))  # noqa: S301 - what was just written
    assert type(copy) is type(raised)
    assert (str(copy), repr(copy)) == (str(raised), repr(raised))
    for name in ("status", "request_id", "method", "url_template", "excerpt", "attempts"):
        assert getattr(copy, name) == getattr(raised, name)
    assert getattr(copy, "body", None) == getattr(raised, "body", None)
    assert dict(copy.headers or {}) == dict(raised.headers or {})


def test_errors_before_sending_travel_too(driver: Driver, client: Any) -> None:
    with pytest.raises(errors.InvalidArgumentError) as raised:
        driver(client.training_assignments.delete_training_assignments(ids=[]))
    copy = pickle.loads(pickle.dumps(raised.value))  # noqa: S301 - what was just written
    assert (type(copy), str(copy)) == (errors.InvalidArgumentError, str(raised.value))
