"""The server that the client is tried on, held against the description: every answer here is validated."""

from __future__ import annotations

import http.client
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any, Final, TypeAlias
from urllib.parse import quote

import attrs
import jsonschema_rs
import pytest

from attrest.load import load
from training_server import (
    Answer,
    Clock,
    Course,
    HangUp,
    TrainingServer,
    TrainingService,
    error,
    example_service,
    html,
)
from training_server.server import ROUTES
from training_server.service import ASSIGNMENT_STATUSES, COURSE_STATUSES, COURSES
from training_tables import ENUMS, ERROR_STATUSES, OPERATIONS

OPENAPI: Final = Path(__file__).parents[1] / "openapi" / "openapi.yaml"
ASSIGNMENTS: Final = "/training-assignments"
STREAM: Final = "/training-assignments/stream"
CATALOGUE: Final = "/training-courses"
DISTANCE, CHECKS, PHONE, ARCHIVED, DRAFT = (course.id for course in COURSES)
START: Final = "2019-06-13T00:00:00Z"
DUE: Final = "2019-07-01T12:00:00Z"
LATER: Final = "2019-08-01T12:00:00.250Z"

Parameters: TypeAlias = Mapping[str, str | list[str]]


@attrs.frozen
class Reply:
    """An answer, read to its end."""

    status: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.content)

    @property
    def data(self) -> list[dict[str, Any]]:
        assert self.status == 200, self.content
        found: list[dict[str, Any]] = self.body["data"]
        return found


class Caller:
    """One connection to the server, and a judge of what comes back over it."""

    def __init__(self, server: TrainingServer, tree: Mapping[str, Any]) -> None:
        self.server = server
        self.tree = tree
        self.connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)

    def raw(self, method: str, target: str, headers: Mapping[str, str]) -> Reply:
        self.connection.request(method, target, headers=dict(headers))
        response = self.connection.getresponse()
        return Reply(response.status, response.headers, response.read())

    def ask(self, method: str, path: str, parameters: Parameters, *, token: str | None = None) -> Reply:
        reply = self.raw(method, target(path, parameters), {"Authorization": f"Bearer {token or self.server.token}"})
        self.judge(method, path, reply)
        return reply

    def judge(self, method: str, path: str, reply: Reply) -> None:
        """Hold an answer against the description."""
        responses = self.tree["paths"][path][method.lower()]["responses"]
        response = responses.get(str(reply.status), responses["default"])
        if "$ref" in response:
            response = self.tree["components"]["responses"][response["$ref"].rpartition("/")[2]]
        if "content" not in response:
            assert reply.content == b""
            return
        assert reply.headers["Content-Type"] == "application/json"
        schema = {**response["content"]["application/json"]["schema"], "components": self.tree["components"]}
        jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(reply.body)

    def post(self, learners: list[str], *, course: str = DISTANCE, due: str = DUE) -> Reply:
        return self.ask("POST", ASSIGNMENTS, {"courseId": course, "dueAtTime": due, "learnerIds": learners})

    def stream(self, **parameters: str | list[str]) -> Reply:
        return self.ask("GET", STREAM, {"startTime": START, **parameters})

    def courses(self, **parameters: str | list[str]) -> Reply:
        return self.ask("GET", CATALOGUE, parameters)


def target(path: str, parameters: Parameters) -> str:
    def text(value: str | list[str]) -> str:
        return quote(value, safe="") if isinstance(value, str) else ",".join(quote(item, safe="") for item in value)

    return f"{path}?" + "&".join(f"{name}={text(value)}" for name, value in parameters.items())


@pytest.fixture(scope="module")
def tree() -> Mapping[str, Any]:
    return load(OPENAPI).tree


@pytest.fixture
def server() -> Iterator[TrainingServer]:
    with TrainingServer() as running:
        yield running


@pytest.fixture
def caller(server: TrainingServer, tree: Mapping[str, Any]) -> Iterator[Caller]:
    made = Caller(server, tree)
    yield made
    made.connection.close()


def ids(data: list[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in data]


# --- POST ---


def test_post_makes_an_assignment_for_each_learner(caller: Caller) -> None:
    made = caller.post(["driver-1", "user-2"]).data
    assert [(one["learner"]["id"], one["learner"]["type"]) for one in made] == [
        ("driver-1", "driver"),
        ("user-2", "user"),
    ]
    assert {(one["isExistingAssignment"], one["dueAtTime"], one["course"]["id"]) for one in made} == {
        (False, DUE, DISTANCE)
    }


def test_post_leaves_what_is_there_as_it_is(caller: Caller) -> None:
    first = caller.post(["driver-1"]).data[0]
    again = caller.post(["driver-1", "driver-2"], due=LATER).data
    assert again[0] == {**first, "isExistingAssignment": True}
    assert (again[1]["isExistingAssignment"], again[1]["dueAtTime"]) == (False, LATER)


def test_post_tells_courses_apart(caller: Caller) -> None:
    caller.post(["driver-1"])
    assert caller.post(["driver-1"], course=CHECKS).data[0]["isExistingAssignment"] is False


@pytest.mark.parametrize(("course", "status"), [("nowhere", 404), (DRAFT, 404), (ARCHIVED, 400)])
def test_only_published_courses_can_be_assigned(course: str, status: int, caller: Caller) -> None:
    assert caller.post(["driver-1"], course=course).status == status
    assert caller.stream().data == []


def test_a_comma_within_an_id_is_no_separator(caller: Caller) -> None:
    assert [one["learner"]["id"] for one in caller.post(["driver-1,2", "driver-3"]).data] == ["driver-1,2", "driver-3"]


# --- PATCH and DELETE ---


def test_patch_moves_due_dates(caller: Caller) -> None:
    made = caller.post(["driver-1", "driver-2"]).data
    moved = caller.ask("PATCH", ASSIGNMENTS, {"ids": ids(made), "dueAtTime": LATER}).data
    assert ids(moved) == ids(made)
    assert {one["dueAtTime"] for one in moved} == {LATER}
    assert [one["updatedAtTime"] > one["createdAtTime"] for one in moved] == [True, True]


def test_patch_moves_all_or_none(caller: Caller) -> None:
    made = caller.post(["driver-1"]).data
    refused = caller.ask("PATCH", ASSIGNMENTS, {"ids": [*ids(made), "nowhere"], "dueAtTime": LATER})
    assert refused.status == 404
    assert [one["dueAtTime"] for one in caller.stream().data] == [DUE]


def test_delete_has_no_body_and_forgives_what_is_not_there(caller: Caller) -> None:
    made = caller.post(["driver-1"]).data
    for _ in range(2):
        gone = caller.ask("DELETE", ASSIGNMENTS, {"ids": [*ids(made), "nowhere"]})
        assert (gone.status, gone.content) == (204, b"")
    (shown,) = caller.stream().data
    assert "deletedAtTime" in shown
    assert caller.ask("PATCH", ASSIGNMENTS, {"ids": ids(made), "dueAtTime": LATER}).status == 404


def test_what_was_deleted_can_be_assigned_anew(caller: Caller) -> None:
    made = caller.post(["driver-1"]).data
    caller.ask("DELETE", ASSIGNMENTS, {"ids": ids(made)})
    anew = caller.post(["driver-1"]).data
    assert anew[0]["isExistingAssignment"] is False
    assert ids(anew) != ids(made)


# --- the stream ---


def test_stream_is_sorted_by_the_last_change(caller: Caller) -> None:
    first, second, third = ids(caller.post(["driver-1", "driver-2", "driver-3"]).data)
    caller.ask("PATCH", ASSIGNMENTS, {"ids": [first], "dueAtTime": LATER})
    caller.server.service.start(second)
    shown = caller.stream().data
    assert ids(shown) == [third, first, second]
    assert [one["updatedAtTime"] for one in shown] == sorted(one["updatedAtTime"] for one in shown)


def test_stream_with_an_end_gives_each_assignment_once(caller: Caller) -> None:
    made = ids(caller.post([f"driver-{number}" for number in range(5)]).data)
    caller.server.service.page_size = 2
    pages: list[list[str]] = []
    after: dict[str, str] = {}
    while True:
        page = caller.stream(endTime="2019-06-14T00:00:00Z", **after).body
        pages.append(ids(page["data"]))
        if not page["pagination"]["hasNextPage"]:
            break
        after = {"after": page["pagination"]["endCursor"]}
    assert pages == [made[:2], made[2:4], made[4:]]
    assert page["pagination"]["endCursor"] == ""


def test_stream_without_an_end_goes_on(caller: Caller) -> None:
    first = caller.stream().body
    assert (first["data"], first["pagination"]["hasNextPage"]) == ([], True)
    made = caller.post(["driver-1"]).data
    second = caller.stream(after=first["pagination"]["endCursor"]).body
    assert (ids(second["data"]), second["pagination"]["hasNextPage"]) == (ids(made), True)
    third = caller.stream(after=second["pagination"]["endCursor"]).body
    assert third == {"data": [], "pagination": second["pagination"]}
    caller.server.service.start(ids(made)[0])
    assert ids(caller.stream(after=third["pagination"]["endCursor"]).data) == ids(made)


def test_stream_begins_at_its_start_and_stops_before_its_end(caller: Caller) -> None:
    made = caller.post(["driver-1", "driver-2", "driver-3"]).data
    first, _, third = (one["createdAtTime"] for one in made)
    span = caller.ask("GET", STREAM, {"startTime": first, "endTime": third})
    assert ids(span.data) == ids(made)[:2]


@pytest.fixture
def mixed(caller: Caller) -> dict[str, str]:
    """Assignments that differ in all that can be asked for, name -> id."""
    service = caller.server.service
    due = datetime(2019, 7, 1, tzinfo=UTC)
    made = {
        "waiting": service.assign(DISTANCE, "driver-1", due),
        "begun": service.assign(PHONE, "driver-2", due),
        "done": service.assign(CHECKS, "driver-1", due),
        "late": service.assign(DISTANCE, "driver-3", datetime(2019, 6, 1, tzinfo=UTC)),
    }
    service.start(made["begun"].id)
    service.complete(made["done"].id, 92.5)
    return {name: assignment.id for name, assignment in made.items()}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {"waiting", "begun", "done", "late"}),
        ({"learnerIds": ["driver-1"]}, {"waiting", "done"}),
        ({"learnerIds": ["driver-1", "driver-2"]}, {"waiting", "done", "begun"}),
        ({"courseIds": [DISTANCE]}, {"waiting", "late"}),
        ({"categoryIds": [COURSES[1].category_id]}, {"done"}),
        ({"status": ["notStarted"]}, {"waiting", "late"}),
        ({"status": ["inProgress", "completed"]}, {"begun", "done"}),
        ({"isOverdue": "true"}, {"late"}),
        ({"isOverdue": "false"}, {"waiting", "begun", "done"}),
        ({"learnerIds": ["driver-1"], "courseIds": [DISTANCE], "isOverdue": "false"}, {"waiting"}),
    ],
)
def test_stream_filters(
    parameters: dict[str, str | list[str]], expected: set[str], mixed: dict[str, str], caller: Caller
) -> None:
    assert set(ids(caller.stream(**parameters).data)) == {mixed[name] for name in expected}


def test_a_finished_assignment_has_its_score_and_times(caller: Caller) -> None:
    service = caller.server.service
    made = service.assign(DISTANCE, "driver-1", datetime(2019, 6, 13, tzinfo=UTC))
    service.start(made.id)
    assert isinstance(service.clock, Clock)
    service.clock.now += timedelta(minutes=25)
    service.complete(made.id, 92.5)
    (shown,) = caller.stream(status=["completed"]).data
    assert (shown["scorePercent"], shown["durationMinutes"]) == (92.5, 25)
    assert (shown["isCompletedLate"], shown["isOverdue"]) == (True, False)
    assert shown["updatedById"] == "driver-1"


@pytest.mark.parametrize(
    ("retire", "gone"),
    [(TrainingService.archive, {"driver-2"}), (TrainingService.remove, {"driver-1", "driver-2", "driver-3"})],
)
def test_retiring_a_course_deletes_its_assignments(
    retire: Callable[[TrainingService, str], None], gone: set[str], caller: Caller
) -> None:
    _, begun, done = ids(caller.post(["driver-1", "driver-2", "driver-3"]).data)
    caller.server.service.start(begun)
    caller.server.service.complete(done)
    retire(caller.server.service, DISTANCE)
    assert {one["learner"]["id"] for one in caller.stream().data if "deletedAtTime" in one} == gone


# --- courses ---


def test_courses_leave_drafts_out(caller: Caller) -> None:
    shown = caller.courses().body
    assert ids(shown["data"]) == [DISTANCE, CHECKS, PHONE, ARCHIVED]
    assert shown["pagination"] == {"endCursor": "", "hasNextPage": False}


def test_courses_come_in_pages(caller: Caller) -> None:
    caller.server.service.page_size = 3
    first = caller.courses().body
    second = caller.courses(after=first["pagination"]["endCursor"]).body
    assert (ids(first["data"]), first["pagination"]["hasNextPage"]) == ([DISTANCE, CHECKS, PHONE], True)
    assert (ids(second["data"]), second["pagination"]["hasNextPage"]) == ([ARCHIVED], False)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"courseIds": [PHONE, DRAFT]}, [PHONE]),
        ({"categoryIds": [COURSES[1].category_id]}, [CHECKS]),
        ({"status": ["archived"]}, [ARCHIVED]),
        ({"status": ["published"], "courseIds": [ARCHIVED]}, []),
    ],
)
def test_courses_filter(parameters: dict[str, str | list[str]], expected: list[str], caller: Caller) -> None:
    assert ids(caller.courses(**parameters).data) == expected


# --- refusals ---


@pytest.mark.parametrize("authorization", [None, "Bearer wrong", "Bearer", "Basic dGVzdC10b2tlbjo=", "test-token"])
def test_the_token_is_needed(authorization: str | None, caller: Caller) -> None:
    reply = caller.raw("GET", CATALOGUE, {} if authorization is None else {"Authorization": authorization})
    caller.judge("GET", CATALOGUE, reply)
    assert reply.status == 401
    assert reply.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("PUT", ASSIGNMENTS, 405), ("GET", ASSIGNMENTS, 405), ("POST", CATALOGUE, 405), ("GET", "/nowhere", 404)],
)
def test_unknown_methods_and_paths(method: str, path: str, status: int, caller: Caller) -> None:
    reply = caller.raw(method, path, {"Authorization": "Bearer test-token"})
    assert reply.status == status
    assert set(reply.body) == {"message", "requestId"}
    if status == 405:
        assert reply.headers["Allow"].split(", ") == list(ROUTES[path])


@pytest.mark.parametrize(
    ("method", "path", "query", "reason"),
    [
        ("POST", ASSIGNMENTS, f"dueAtTime={DUE}&learnerIds=a", "courseId: missing"),
        ("POST", ASSIGNMENTS, f"courseId=&dueAtTime={DUE}&learnerIds=a", "courseId: empty"),
        ("POST", ASSIGNMENTS, f"courseId={DISTANCE}&learnerIds=a", "dueAtTime: missing"),
        ("POST", ASSIGNMENTS, f"courseId={DISTANCE}&dueAtTime={DUE}", "learnerIds: missing"),
        ("POST", ASSIGNMENTS, f"courseId={DISTANCE}&dueAtTime={DUE}&learnerIds=", "learnerIds: an empty item"),
        ("POST", ASSIGNMENTS, f"courseId={DISTANCE}&dueAtTime={DUE}&learnerIds=a&learnerIds=b", "given twice"),
        ("POST", ASSIGNMENTS, f"courseId={DISTANCE}&dueAtTime=2019-07-01T12:00:00&learnerIds=a", "not an RFC 3339"),
        ("POST", ASSIGNMENTS, f"courseId={DISTANCE}&dueAtTime=2019-07-01&learnerIds=a", "not an RFC 3339"),
        ("POST", ASSIGNMENTS, f"courseId={DISTANCE}&dueAtTime=2019-07-01T12:00:00+02:00&learnerIds=a", "not an RFC"),
        ("POST", ASSIGNMENTS, f"courseId={DISTANCE}&dueAtTime=2019-02-30T12:00:00Z&learnerIds=a", "dueAtTime"),
        ("PATCH", ASSIGNMENTS, "ids=a", "dueAtTime: missing"),
        ("DELETE", ASSIGNMENTS, "", "ids: missing"),
        ("GET", STREAM, "", "startTime: missing"),
        ("GET", STREAM, f"startTime={START}&status=unknown", "status: unknown value"),
        ("GET", STREAM, f"startTime={START}&isOverdue=True", "isOverdue: neither"),
        ("GET", STREAM, f"startTime={START}&after=nonsense", "after: not a cursor"),
        ("GET", CATALOGUE, "status=unknown", "status: unknown value"),
    ],
)
def test_bad_parameters_are_refused(method: str, path: str, query: str, reason: str, caller: Caller) -> None:
    reply = caller.raw(method, f"{path}?{query}", {"Authorization": "Bearer test-token"})
    caller.judge(method, path, reply)
    assert reply.status == 400
    assert reason in reply.body["message"]


@pytest.mark.parametrize(
    ("method", "path", "name", "others"),
    [
        ("POST", ASSIGNMENTS, "learnerIds", {"courseId": DISTANCE, "dueAtTime": DUE}),
        ("DELETE", ASSIGNMENTS, "ids", {}),
        ("GET", STREAM, "learnerIds", {"startTime": START}),
        ("GET", CATALOGUE, "courseIds", {}),
    ],
)
def test_a_hundred_ids_are_the_limit(method: str, path: str, name: str, others: dict[str, str], caller: Caller) -> None:
    hundred = [f"driver-{number}" for number in range(100)]
    assert caller.ask(method, path, {**others, name: hundred}).status in {200, 204}
    refused = caller.ask(method, path, {**others, name: [*hundred, "driver-100"]})
    assert refused.status == 400
    assert "got 101" in refused.body["message"]


def test_offsets_and_milliseconds_are_read(caller: Caller) -> None:
    made = caller.post(["driver-1"], due="2019-07-01t14:00:00.250+02:00").data
    assert made[0]["dueAtTime"] == "2019-07-01T12:00:00.250Z"


# --- the wire ---


def test_every_answer_names_its_request(caller: Caller) -> None:
    good, bad = caller.courses(), caller.courses(status=["nonsense"])
    assert (good.headers["X-Request-Id"], bad.headers["X-Request-Id"]) == ("request-1", "request-2")
    assert bad.body["requestId"] == "request-2"


def test_requests_are_recorded_and_share_a_connection(caller: Caller) -> None:
    caller.post(["driver-1", "driver-2"])
    caller.courses()
    first, second = caller.server.requests
    assert (first.method, first.path) == ("POST", ASSIGNMENTS)
    assert first.query.endswith("learnerIds=driver-1,driver-2")
    assert first.headers["authorization"] == "Bearer test-token"
    assert (second.method, second.target) == ("GET", f"{CATALOGUE}?")
    assert caller.server.connections == 1


def test_two_runs_answer_the_same_bytes(tree: Mapping[str, Any]) -> None:
    def run() -> list[bytes]:
        with TrainingServer() as server:
            caller = Caller(server, tree)
            contents = [caller.post(["driver-1"]).content, caller.stream().content]
            caller.connection.close()
            return contents

    assert run() == run()


def test_clock_ids_and_courses_are_the_tests_choice(tree: Mapping[str, Any]) -> None:
    service = TrainingService(
        courses=[Course(id="only", title="The only one")],
        clock=Clock(datetime(2030, 1, 1, tzinfo=UTC)),
        ids=iter(["first"]),
        user="user-1",
    )
    with TrainingServer(service, request_ids=iter(["mine"])) as server:
        server.token = secrets.token_hex()
        caller = Caller(server, tree)
        reply = caller.post(["driver-1"], course="only")
        caller.connection.close()
    assert reply.headers["X-Request-Id"] == "mine"
    (made,) = reply.data
    assert (made["id"], made["createdAtTime"], made["createdById"]) == ("first", "2030-01-01T00:00:00Z", "user-1")


# --- answers on demand ---


@pytest.mark.parametrize("status", [*map(int, ERROR_STATUSES[:-1]), 400])
def test_declared_errors_on_demand(status: int, caller: Caller) -> None:
    caller.server.next_answers(error(status, Retry_After="1"))
    reply = caller.courses()
    assert (reply.status, reply.headers["Retry-After"]) == (status, "1")
    assert caller.courses().status == 200


def test_answers_on_demand_come_in_turn(caller: Caller) -> None:
    caller.server.next_answers(error(503), None, error(429))
    assert [caller.courses().status for _ in range(4)] == [503, 200, 429, 200]


def test_html_on_demand(caller: Caller) -> None:
    caller.server.next_answers(html(502))
    reply = caller.raw("GET", CATALOGUE, {})
    assert (reply.status, reply.headers["Content-Type"]) == (502, "text/html")
    assert reply.content.startswith(b"<html>")


def test_an_empty_body_on_demand(caller: Caller) -> None:
    caller.server.next_answers(Answer(status=200))
    assert caller.raw("GET", CATALOGUE, {}).content == b""


def test_a_truncated_body_on_demand(caller: Caller) -> None:
    caller.server.next_answers(Answer(body=b'{"data": [', missing=20))
    with pytest.raises(http.client.IncompleteRead) as caught:
        caller.raw("GET", CATALOGUE, {})
    assert caught.value.partial == b'{"data": ['


def test_no_answer_on_demand(caller: Caller) -> None:
    caller.server.next_answers(HangUp())
    with pytest.raises(http.client.RemoteDisconnected):
        caller.raw("GET", CATALOGUE, {})
    assert caller.courses().status == 200


def test_an_answer_waits_for_its_event(caller: Caller) -> None:
    gate = Event()
    caller.server.next_answers(attrs.evolve(error(503), after=gate))
    with ThreadPoolExecutor(1) as pool:
        reply = pool.submit(caller.courses)
        caller.server.wait_for_requests(1)
        assert not reply.done()
        gate.set()
        assert reply.result(timeout=10).status == 503


def test_leaving_the_block_ends_what_waits(tree: Mapping[str, Any]) -> None:
    gate = Event()
    with ThreadPoolExecutor(1) as pool:
        with TrainingServer() as server:
            server.next_answers(HangUp(after=gate))
            caller = Caller(server, tree)
            reply = pool.submit(caller.raw, "GET", CATALOGUE, {})
            server.wait_for_requests(1)
        assert gate.is_set()
        assert isinstance(reply.exception(timeout=10), http.client.RemoteDisconnected | ConnectionError)
        caller.connection.close()


def test_waiting_for_requests_gives_up(server: TrainingServer) -> None:
    with pytest.raises(TimeoutError, match="0 of 1"):
        server.wait_for_requests(1, timeout=0)


# --- server and description are the same API ---


def test_server_has_the_paths_of_the_description() -> None:
    assert {(method.lower(), path) for path, methods in ROUTES.items() for method in methods} == {
        (operation.method, operation.path) for operation in OPERATIONS.values()
    }


def test_server_filters_by_the_values_of_the_description() -> None:
    assert set(ASSIGNMENT_STATUSES) == ENUMS["TrainingAssignmentStatus"]
    assert set(COURSE_STATUSES) == ENUMS["TrainingCourseStatusFilter"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_examples_of_the_description_work(name: str, tree: Mapping[str, Any]) -> None:
    operation = OPERATIONS[name]
    parameters: dict[str, str | list[str]] = {}
    for written in tree["paths"][operation.path][operation.method]["parameters"]:
        parameter = written
        if "$ref" in written:
            parameter = tree["components"]["parameters"][written["$ref"].rpartition("/")[2]]
        value = parameter["example"]
        parameters[parameter["name"]] = str(value).lower() if isinstance(value, bool) else value
    with TrainingServer(example_service()) as server:
        caller = Caller(server, tree)
        reply = caller.ask(operation.method.upper(), operation.path, parameters)
        caller.connection.close()
    assert reply.status == int(operation.success)
