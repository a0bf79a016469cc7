"""Everything that the client sends, judged by an implementation of OpenAPI that is not ours."""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final, TypeAlias

import attrs
import pytest
from training_api import AsyncTrainingClient, Retries, TrainingClient
from training_api.errors import StatusError

from attrest.load import load
from prism import Judge, Prism, Unavailable, install
from training_server import Answer, TrainingServer, example_service
from training_server.service import COURSES
from training_tables import ENUMS, ERROR_STATUSES, OPERATIONS

OPENAPI: Final = Path(__file__).parents[1] / "openapi" / "openapi.yaml"
TOKEN: Final = "test-token"  # noqa: S105 - guards a server of the tests
COURSE: Final = COURSES[0].id
ASSIGNMENT: Final = "9814a1fa-f0c6-408b-bf85-51dc3bc71ac7"
NOON: Final = datetime(2030, 5, 17, 12, tzinfo=UTC)
TIMES: Final = (
    NOON,
    NOON.replace(microsecond=250_000),
    NOON.replace(microsecond=1),
    NOON.astimezone(timezone(timedelta(hours=5, minutes=45))),
    "2030-05-17T12:00:00Z",
    "2030-05-17T14:00:00.250+02:00",
)
AWKWARD: Final = ["a,b", "a b", "a&b=c", "a+b", "50%", "a/b?c#d", "ü☃", "'\"<>", "[]{}|\\^`"]

Call: TypeAlias = Callable[[Any], Any]
"""Takes a client, sync or async, and calls one of its methods."""


@attrs.frozen
class Sending:
    """One call of one operation."""

    operation: str
    arguments: Mapping[str, Any]

    def __call__(self, client: Any) -> Any:
        return getattr(resource(client, self.operation), SNAKE[self.operation])(**self.arguments)


SNAKE: Final = {
    "postTrainingAssignments": "post_training_assignments",
    "patchTrainingAssignments": "patch_training_assignments",
    "deleteTrainingAssignments": "delete_training_assignments",
    "getTrainingAssignmentsStream": "get_training_assignments_stream",
    "getTrainingCourses": "get_training_courses",
}


def resource(client: Any, operation: str) -> Any:
    return client.training_courses if operation == "getTrainingCourses" else client.training_assignments


def lists() -> Iterator[list[str]]:
    """Ids from the fewest to the most, plain and awkward."""
    yield ["driver-281474"]
    yield ["driver-281474", "user-46282156"]
    yield [f"driver-{number}" for number in range(100)]
    yield AWKWARD


def sendings() -> Iterator[Sending]:
    """Calls in which every parameter takes every kind of value, alone and together with the others."""
    for due in TIMES:
        yield post(due_at_time=due)
        yield patch(due_at_time=due)
        yield stream(start_time=due)
        yield stream(end_time=due)
    for ids in lists():
        yield post(learner_ids=ids)
        yield patch(ids=ids)
        yield Sending("deleteTrainingAssignments", {"ids": ids})
        for name in ("learner_ids", "course_ids", "category_ids"):
            yield stream(**{name: ids})
        for name in ("course_ids", "category_ids"):
            yield courses(**{name: ids})
    for text in AWKWARD:
        yield post(course_id=text)
        yield stream(after=text)
        yield courses(after=text)
    yield stream()
    yield courses()
    for value in (True, False):
        yield stream(is_overdue=value)
    for status in choices("TrainingAssignmentStatus"):
        yield stream(status=status)
    for status in choices("TrainingCourseStatusFilter"):
        yield courses(status=status)
    every = {"after": "MjkwNQ==", "course_ids": [COURSE], "category_ids": [COURSES[0].category_id]}
    yield courses(**every, status=["published"])
    yield stream(**every, end_time=NOON, learner_ids=["driver-1"], status=["completed"], is_overdue=False)


def choices(enum: str) -> Iterator[list[str]]:
    values = sorted(ENUMS[enum])
    yield from ([value] for value in values)
    yield values


def post(**arguments: Any) -> Sending:
    usual = {"course_id": COURSE, "due_at_time": NOON, "learner_ids": ["driver-281474"]}
    return Sending("postTrainingAssignments", usual | arguments)


def patch(**arguments: Any) -> Sending:
    return Sending("patchTrainingAssignments", {"ids": [ASSIGNMENT], "due_at_time": NOON} | arguments)


def stream(**arguments: Any) -> Sending:
    return Sending("getTrainingAssignmentsStream", {"start_time": NOON} | arguments)


def courses(**arguments: Any) -> Sending:
    return Sending("getTrainingCourses", arguments)


USUAL: Final = (post(), patch(), Sending("deleteTrainingAssignments", {"ids": [ASSIGNMENT]}), stream(), courses())


# --- who sends, and who judges ---


Send: TypeAlias = Callable[[str, list[Call]], list[Any]]
"""Makes calls on one client of the server at a URL; gives what each returned or raised."""


def outcome(call: Call, client: Any) -> Any:
    try:
        return call(client)
    except StatusError as error:
        return error


async def async_outcome(call: Call, client: Any) -> Any:
    try:
        made: Awaitable[Any] = call(client)
        return await made
    except StatusError as error:
        return error


def send_sync(url: str, calls: list[Call]) -> list[Any]:
    with TrainingClient(TOKEN, server=url, retries=Retries(attempts=1)) as client:
        return [outcome(call, client) for call in calls]


def send_async(url: str, calls: list[Call]) -> list[Any]:
    async def run() -> list[Any]:
        async with AsyncTrainingClient(TOKEN, server=url, retries=Retries(attempts=1)) as client:
            return [await async_outcome(call, client) for call in calls]

    return asyncio.run(run())


@pytest.fixture(params=[send_sync, send_async], ids=["sync", "async"])
def send(request: pytest.FixtureRequest) -> Send:
    chosen: Send = request.param
    return chosen


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The description in one file, where Prism can be had; otherwise the tests are skipped, and this says why."""
    try:
        install()
    except Unavailable as reason:
        pytest.skip(f"Prism cannot be installed here: {reason}")
    path = tmp_path_factory.mktemp("prism") / "openapi.json"
    path.write_text(json.dumps(load(OPENAPI).tree), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def mock(description: Path) -> Iterator[Prism]:
    """A Prism that answers from the description's examples."""
    with Prism(description) as running:
        yield running


@pytest.fixture
def judge(mock: Prism) -> Iterator[Judge]:
    with Judge(mock.url) as running:
        yield running
    assert mock.alive


# --- the verdicts ---


def test_every_request_fits_the_description(judge: Judge, send: Send) -> None:
    calls = list(sendings())
    answers = send(judge.url, [*calls])
    exchanges = judge.take()
    assert [exchange for exchange in exchanges if exchange.of_request] == []
    assert [(exchange.method.lower(), exchange.target.partition("?")[0]) for exchange in exchanges] == [
        (OPERATIONS[call.operation].method, OPERATIONS[call.operation].path) for call in calls
    ]
    assert [type(answer).__name__ for answer in answers] == [
        OPERATIONS[call.operation].answers or "NoneType" for call in calls
    ]


@pytest.mark.parametrize("status", ["400", *ERROR_STATUSES[:-1]])
def test_every_error_is_understood(status: str, judge: Judge, send: Send) -> None:
    judge.prefer = int(status)
    errors = send(judge.url, [*USUAL])
    assert [exchange.violations for exchange in judge.take()] == [()] * len(USUAL)
    for raised in errors:
        assert raised.status == int(status)
        assert (type(raised.body).__name__, raised.body.request_id) == ("ErrorResponse", "8f3c1d2a9b7e4605")


def test_items_come_across_pages(judge: Judge) -> None:
    with TrainingClient(TOKEN, server=judge.url) as client:
        found = list(client.training_courses.iter_training_courses(status=["published"]))
    assert [type(course).__name__ for course in found] == ["TrainingCourseResponseObjectResponseBody"]
    assert [exchange.violations for exchange in judge.take()] == [()]


def test_server_of_the_tests_answers_as_described(description: Path, send: Send) -> None:
    with (
        TrainingServer(example_service(), token=TOKEN) as server,
        Prism(description, upstream=server.url) as proxy,
        Judge(proxy.url) as judge,
    ):
        calls = [*USUAL, stream(start_time=datetime(2019, 1, 1, tzinfo=UTC), end_time=NOON)]
        answers = send(judge.url, [*calls])
        assert [exchange.violations for exchange in judge.take()] == [()] * len(calls)
        assert len(answers[-1].data) == len(server.service.assignments)
        assert proxy.alive


# --- the judge does judge ---


@pytest.mark.parametrize(
    ("method", "target", "place"),
    [
        ("GET", "/training-courses?status=unknown", ["request", "query", "status", "0"]),
        ("GET", "/training-assignments/stream", ["request", "query"]),
        ("GET", "/training-assignments/stream?startTime=yesterday", ["request", "query", "starttime"]),
        ("DELETE", f"/training-assignments?ids={','.join('a' * 101)}", ["request", "query", "ids"]),
    ],
)
def test_violations_are_found(method: str, target: str, place: list[str], judge: Judge) -> None:
    assert [violation["location"] for violation in verdict(judge, method, target, TOKEN)] == [place]


def test_a_missing_token_is_found(judge: Judge) -> None:
    assert [violation["code"] for violation in verdict(judge, "GET", "/training-courses", None)] == [401]


def verdict(judge: Judge, method: str, target: str, token: str | None) -> tuple[dict[str, Any], ...]:
    """What Prism says about a request that no client made, and its answer."""
    connection = http.client.HTTPConnection(judge.url.removeprefix("http://"), timeout=60)
    connection.request(method, target, headers={"Authorization": f"Bearer {token}"} if token else {})
    connection.getresponse().read()
    connection.close()
    (exchange,) = judge.take()
    return exchange.violations


def test_wrong_answers_are_found(description: Path) -> None:
    untitled = json.dumps({"data": [{"id": COURSE}]}).encode()
    with (
        TrainingServer(token=TOKEN) as server,
        Prism(description, upstream=server.url) as proxy,
        Judge(proxy.url) as judge,
    ):
        server.next_answers(Answer(headers={"Content-Type": "application/json"}, body=untitled))
        found = verdict(judge, "GET", "/training-courses", TOKEN)
    assert {violation["location"][0] for violation in found} == {"response"}


# --- what is installed ---


def test_lock_fixes_every_package_and_names_no_registry() -> None:
    lock = json.loads((Path(__file__).parent / "prism" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert [name for name, package in packages.items() if not {"version", "integrity"} <= package.keys()] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []
