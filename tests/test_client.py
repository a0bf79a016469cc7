"""The published client, with and without ``await``, against a server that keeps what it is told."""

from __future__ import annotations

import asyncio
import copy
import gzip
import json
import pickle
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from threading import Event
from typing import Any, Final

import pytest
import training_api
from training_api import (
    AsyncHttpx2Transport,
    AsyncTrainingClient,
    AsyncTransport,
    AsyncTransportResponse,
    Httpx2Transport,
    Limits,
    Options,
    PreparedRequest,
    Retries,
    Timeout,
    TrainingClient,
    Transport,
    TransportResponse,
    errors,
)
from training_api.models import (
    DeleteTrainingAssignmentsRequest,
    GetTrainingAssignmentsStreamRequest,
    GetTrainingCoursesRequest,
    PatchTrainingAssignmentsRequest,
    PostTrainingAssignmentsRequest,
    PostTrainingAssignmentsResponse,
    TrainingAssignmentPostResponseObjectResponseBody,
    TrainingAssignmentStatus,
    TrainingCourseLabelType,
    TrainingCourseStatus,
    TrainingLearnerType,
)

from client import TOKEN, Driver
from training_server import Answer, Received, TrainingServer, TrainingService
from training_server.service import COURSES

DISTANCE, CHECKS, PHONE, ARCHIVED, DRAFT = (course.id for course in COURSES)
DUE: Final = datetime(2019, 7, 1, 12, tzinfo=UTC)
LATER: Final = datetime(2019, 8, 1, 12, 0, 0, 250_000, tzinfo=UTC)
START: Final = datetime(2019, 6, 13, tzinfo=UTC)
END: Final = datetime(2019, 6, 14, tzinfo=UTC)
NAIVE: Final = datetime(2019, 7, 1, 12)  # noqa: DTZ001 - the tests show that it is refused
DRIVERS: Final = [f"driver-{number}" for number in range(5)]


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    with Driver(asynchronous=request.param) as running:
        yield running


@pytest.fixture
def server() -> Iterator[TrainingServer]:
    with TrainingServer(TrainingService(page_size=2), token=TOKEN) as running:
        yield running


@pytest.fixture
def client(driver: Driver, server: TrainingServer) -> Iterator[Any]:
    with driver.client(server.url) as opened:
        yield opened


@pytest.fixture
def five(server: TrainingServer) -> list[str]:
    """The ids of five assignments, one for each driver."""
    return [server.service.assign(DISTANCE, learner, DUE).id for learner in DRIVERS]


def post(client: Any, **changes: Any) -> Any:
    arguments = {"course_id": DISTANCE, "due_at_time": DUE, "learner_ids": DRIVERS[:1]}
    return client.training_assignments.post_training_assignments(**{**arguments, **changes})


def last(server: TrainingServer) -> Received:
    return server.requests[-1]


class TestOperations:
    def test_post_assigns_and_leaves_what_is_there(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        first = driver(post(client, learner_ids=DRIVERS[:2])).data
        assert [(made.learner.id, made.is_existing_assignment) for made in first] == [
            ("driver-0", False),
            ("driver-1", False),
        ]
        second = driver(post(client, learner_ids=DRIVERS[1:3], due_at_time=LATER)).data
        assert [(made.learner.id, made.is_existing_assignment, made.due_at_time) for made in second] == [
            ("driver-1", True, DUE),
            ("driver-2", False, LATER),
        ]
        assert second[0].id == first[1].id
        assert len(server.service.standing()) == 3

    def test_post_gives_models(self, driver: Driver, client: Any) -> None:
        answer = driver(post(client))
        assert type(answer) is PostTrainingAssignmentsResponse
        (made,) = answer.data
        assert type(made) is TrainingAssignmentPostResponseObjectResponseBody
        assert (made.course.id, made.course.revision_id) == (DISTANCE, COURSES[0].revision_id)
        assert made.learner.type is TrainingLearnerType.DRIVER
        assert made.created_by_id == "user-4392"
        assert made.created_at_time.utcoffset() == timedelta(0)

    def test_patch_moves_due_dates(self, driver: Driver, client: Any, server: TrainingServer, five: list[str]) -> None:
        moved = driver(client.training_assignments.patch_training_assignments(ids=five[:2], due_at_time=LATER)).data
        assert [(one.id, one.due_at_time, one.status) for one in moved] == [
            (five[0], LATER, TrainingAssignmentStatus.NOT_STARTED),
            (five[1], LATER, TrainingAssignmentStatus.NOT_STARTED),
        ]
        assert [one.due_at for one in server.service.assignments.values()] == [LATER, LATER, DUE, DUE, DUE]

    def test_delete_gives_nothing(self, driver: Driver, client: Any, server: TrainingServer, five: list[str]) -> None:
        assert driver(client.training_assignments.delete_training_assignments(ids=[*five[:3], "unheard-of"])) is None
        assert [one.id for one in server.service.standing()] == five[3:]

    def test_stream_gives_a_page(self, driver: Driver, client: Any, five: list[str]) -> None:
        stream = client.training_assignments.get_training_assignments_stream
        first = driver(stream(start_time=START, end_time=END))
        assert [one.id for one in first.data] == five[:2]
        assert first.pagination.has_next_page is True
        second = driver(stream(start_time=START, end_time=END, after=first.pagination.end_cursor))
        assert [one.id for one in second.data] == five[2:4]
        third = driver(stream(start_time=START, end_time=END, after=second.pagination.end_cursor))
        assert [one.id for one in third.data] == five[4:]
        assert third.pagination.has_next_page is False

    def test_stream_gives_what_happened(
        self, driver: Driver, client: Any, server: TrainingServer, five: list[str]
    ) -> None:
        server.service.start(five[0])
        server.service.complete(five[1], 92.5)
        server.service.start(five[1])
        pages = client.training_assignments.iter_training_assignments_stream(start_time=START, end_time=END)
        found = {one.id: one for one in driver.take(pages)}
        assert [found[one].status for one in five[:3]] == [
            TrainingAssignmentStatus.IN_PROGRESS,
            TrainingAssignmentStatus.COMPLETED,
            TrainingAssignmentStatus.NOT_STARTED,
        ]
        assert (found[five[1]].score_percent, found[five[1]].is_completed_late) == (92.5, False)
        assert found[five[1]].completed_at_time == server.service.assignments[five[1]].completed_at
        assert found[five[2]].completed_at_time is found[five[2]].score_percent is None

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            ({"learner_ids": ["driver-4", "driver-1"]}, [1, 4]),
            ({"course_ids": [CHECKS]}, []),
            ({"course_ids": [CHECKS, DISTANCE]}, [0, 1, 2, 3, 4]),
            ({"category_ids": [COURSES[1].category_id]}, []),
            ({"status": ["completed", TrainingAssignmentStatus.IN_PROGRESS]}, [0, 1]),
            ({"is_overdue": True}, [3]),
            ({"is_overdue": False, "learner_ids": ("driver-3", "driver-2")}, [2]),
        ],
    )
    def test_stream_filters(
        self,
        driver: Driver,
        client: Any,
        server: TrainingServer,
        five: list[str],
        filters: dict[str, Any],
        expected: list[int],
    ) -> None:
        server.service.start(five[0])
        server.service.complete(five[1])
        server.service.assignments[five[3]].due_at = START
        pages = client.training_assignments.iter_training_assignments_stream(start_time=START, end_time=END, **filters)
        assert sorted(five.index(one.id) for one in driver.take(pages)) == expected

    def test_courses(self, driver: Driver, client: Any) -> None:
        page = driver(client.training_courses.get_training_courses())
        assert [course.title for course in page.data] == ["Keeping your distance", "Before you set off"]
        course = page.data[0]
        assert course.status is TrainingCourseStatus.PUBLISHED
        assert (course.category.name, course.estimated_time_to_complete_minutes) == ("Safe driving", 20)
        assert [(label.name, label.type) for label in course.labels or []] == [
            ("safety", TrainingCourseLabelType.TAILGATING)
        ]
        assert page.data[1].description is page.data[1].labels is None
        archived = driver(client.training_courses.get_training_courses(status=["archived"])).data
        assert [course.id for course in archived] == [ARCHIVED]
        chosen = driver(client.training_courses.get_training_courses(course_ids=[DRAFT, PHONE])).data
        assert [course.id for course in chosen] == [PHONE]

    def test_what_is_left_out_is_not_sent(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        driver(client.training_courses.get_training_courses(status=["archived", TrainingCourseStatus.DELETED.value]))
        assert (last(server).query, last(server).body) == ("status=archived,deleted", b"")
        driver(client.training_courses.get_training_courses())
        assert last(server).query == ""


class TestIterators:
    def test_give_all_items_across_pages(
        self, driver: Driver, client: Any, server: TrainingServer, five: list[str]
    ) -> None:
        pages = client.training_assignments.iter_training_assignments_stream(start_time=START, end_time=END)
        assert server.requests == ()
        assert [one.id for one in driver.take(pages)] == five
        assert len(server.requests) == 3
        assert driver.waits.seconds == []
        courses = driver.take(client.training_courses.iter_training_courses())
        assert [course.id for course in courses] == [DISTANCE, CHECKS, PHONE, ARCHIVED]
        assert len(server.requests) == 5

    def test_give_whole_answers(self, driver: Driver, client: Any, five: list[str]) -> None:
        walk = client.training_assignments.iter_training_assignments_stream(start_time=START, end_time=END)
        pages = driver.take(walk.pages())
        assert [[one.id for one in page.data] for page in pages] == [five[:2], five[2:4], five[4:]]

    def test_fetch_no_page_before_it_is_needed(
        self, driver: Driver, client: Any, server: TrainingServer, five: list[str]
    ) -> None:
        walk = client.training_assignments.iter_training_assignments_stream(start_time=START, end_time=END)
        assert [one.id for one in driver.take(walk, 2)] == five[:2]
        assert len(server.requests) == 1

    @pytest.mark.parametrize("stop", [1, 2, 3, 4, 5])
    def test_go_on_from_a_cursor_without_a_loss(self, driver: Driver, client: Any, five: list[str], stop: int) -> None:
        resource = client.training_assignments
        walk = resource.iter_training_assignments_stream(start_time=START, end_time=END)
        seen = [one.id for one in driver.take(walk, stop)]
        rest = driver.take(resource.iter_training_assignments_stream(start_time=START, end_time=END, after=walk.cursor))
        begun = stop // 2 * 2  # a page that was not read to its end comes once more, as does the last one
        assert seen == five[:stop]
        assert [one.id for one in rest] == five[begun:]

    def test_a_cursor_is_where_the_walk_began_until_a_page_is_done(
        self, driver: Driver, client: Any, server: TrainingServer
    ) -> None:
        walk = client.training_courses.iter_training_courses(after="Mg==")
        assert walk.cursor == "Mg=="
        assert [course.id for course in driver.take(walk, 1)] == [PHONE]
        assert walk.cursor == "Mg=="
        assert [request.query for request in server.requests] == ["after=Mg%3D%3D"]

    def test_an_endless_stream_ends_when_nothing_is_new(
        self, driver: Driver, client: Any, server: TrainingServer, five: list[str]
    ) -> None:
        walk = client.training_assignments.iter_training_assignments_stream(start_time=START)
        assert [one.id for one in driver.take(walk)] == five
        assert driver.waits.seconds == []
        requests = len(server.requests)
        added = server.service.assign(CHECKS, "driver-0", DUE).id
        more = client.training_assignments.iter_training_assignments_stream(start_time=START, after=walk.cursor)
        assert [one.id for one in driver.take(more)] == [added]
        assert len(server.requests) > requests

    def test_an_endless_stream_is_polled(
        self, driver: Driver, client: Any, server: TrainingServer, five: list[str]
    ) -> None:
        news = iter([None, "driver-7", None, "driver-8"])
        made: list[str] = []

        def meanwhile() -> None:
            if (learner := next(news)) is not None:
                made.append(server.service.assign(CHECKS, learner, DUE).id)

        driver.waits.meanwhile = meanwhile
        walk = client.training_assignments.iter_training_assignments_stream(start_time=START, poll=30.0)
        assert [one.id for one in driver.take(walk, 7)] == five + made
        assert driver.waits.seconds == [30.0] * 4

    def test_go_on_after_an_error(self, driver: Driver, client: Any, server: TrainingServer, five: list[str]) -> None:
        server.next_answers(None, Answer(status=500))
        walk = client.training_assignments.iter_training_assignments_stream(start_time=START, end_time=END)
        with pytest.raises(errors.InternalServerError):
            driver.take(walk)
        rest = client.training_assignments.iter_training_assignments_stream(
            start_time=START, end_time=END, after=walk.cursor
        )
        assert [one.id for one in driver.take(rest)] == five[2:]


class TestArguments:
    @pytest.mark.parametrize(
        ("given", "sent"),
        [
            (DUE, "2019-07-01T12:00:00Z"),
            (LATER, "2019-08-01T12:00:00.250Z"),
            (DUE.replace(microsecond=1), "2019-07-01T12:00:00.000001Z"),
            (DUE.astimezone(timezone(timedelta(hours=5, minutes=45))), "2019-07-01T17:45:00+05:45"),
            ("2019-07-01T12:00:00Z", "2019-07-01T12:00:00Z"),
            ("2019-07-01t14:00:00.5+02:00", "2019-07-01T14:00:00.500+02:00"),
        ],
    )
    def test_times_are_aware_datetimes_or_texts(
        self, driver: Driver, client: Any, server: TrainingServer, given: datetime | str, sent: str
    ) -> None:
        made = driver(post(client, due_at_time=given)).data[0]
        assert f"dueAtTime={sent.replace(':', '%3A').replace('+', '%2B')}" in last(server).query.split("&")
        instant = datetime.fromisoformat(sent)
        assert made.due_at_time == instant.replace(microsecond=instant.microsecond // 1000 * 1000)

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"due_at_time": NAIVE}, "due_at_time: expected a datetime with a time zone"),
            ({"due_at_time": "2019-07-01T12:00:00"}, "due_at_time: expected .* RFC 3339 .*'2019-07-01T12:00:00'"),
            ({"due_at_time": "2019-07-01"}, "due_at_time: expected"),
            ({"due_at_time": "tomorrow"}, "due_at_time: expected .*'tomorrow'"),
            ({"due_at_time": DUE.date()}, "due_at_time: expected"),
            ({"due_at_time": 1_561_982_400}, "due_at_time: expected"),
            ({"learner_ids": []}, "learner_ids: must have at least 1 item, got 0"),
            ({"learner_ids": ["driver-1"] * 101}, "learner_ids: must have at most 100 items, got 101"),
            ({"learner_ids": "driver-1"}, "learner_ids: expected a list, got a str"),
            ({"learner_ids": 7}, "learner_ids: expected a list, got a int"),
        ],
    )
    def test_what_cannot_be_right_is_refused_before_sending(
        self, driver: Driver, client: Any, server: TrainingServer, changes: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(errors.InvalidArgumentError, match=message):
            driver(post(client, **changes))
        assert server.requests == ()
        assert server.connections == 0

    @pytest.mark.parametrize("ids", [[], ["one"] * 101, "one"])
    def test_limits_hold_everywhere(self, driver: Driver, client: Any, server: TrainingServer, ids: Any) -> None:
        assignments, courses = client.training_assignments, client.training_courses
        refused = errors.InvalidArgumentError
        with pytest.raises(refused, match=r"^ids: "):
            driver(assignments.delete_training_assignments(ids=ids))
        with pytest.raises(refused, match=r"^ids: "):
            driver(assignments.patch_training_assignments(ids=ids, due_at_time=DUE))
        for name in ("learner_ids", "course_ids", "category_ids"):
            with pytest.raises(refused, match=rf"^{name}: "):
                driver.take(assignments.iter_training_assignments_stream(start_time=START, **{name: ids}))
        for name in ("course_ids", "category_ids"):
            with pytest.raises(refused, match=rf"^{name}: "):
                driver(courses.get_training_courses(**{name: ids}))
        for name in ("start_time", "end_time"):
            with pytest.raises(refused, match=rf"^{name}: "):
                driver(assignments.get_training_assignments_stream(**{"start_time": START, name: NAIVE}))
        assert server.requests == ()

    def test_a_hundred_ids_are_fine(self, driver: Driver, client: Any) -> None:
        made = driver(post(client, learner_ids=[f"driver-{number}" for number in range(100)])).data
        assert len(made) == 100

    def test_awkward_ids_arrive_as_they_are(self, driver: Driver, client: Any) -> None:
        awkward = ["a,b", "a b", "a&b=c", "a+b", "50%", "a/b?c#d", "ü☃"]
        assert [made.learner.id for made in driver(post(client, learner_ids=awkward)).data] == awkward

    def test_a_missing_argument_is_a_type_error(self, client: Any) -> None:
        with pytest.raises(TypeError, match="learner_ids"):
            client.training_assignments.post_training_assignments(course_id=DISTANCE, due_at_time=DUE)


class TestCredentials:
    def test_come_from_the_argument(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        driver(post(client))
        assert last(server).headers["authorization"] == f"Bearer {TOKEN}"

    def test_come_from_the_environment(
        self, driver: Driver, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TRAINING_API_TOKEN", f" {TOKEN}\n")
        with driver.client(server.url, token=None) as client:
            driver(post(client))
        assert last(server).headers["authorization"] == f"Bearer {TOKEN}"

    def test_an_argument_goes_before_the_environment(
        self, driver: Driver, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TRAINING_API_TOKEN", "another")
        with driver.client(server.url) as client:
            driver(post(client))
        assert last(server).headers["authorization"] == f"Bearer {TOKEN}"

    @pytest.mark.parametrize("environment", [None, "", "  "])
    def test_a_missing_token_is_said_clearly(
        self, driver: Driver, server: TrainingServer, monkeypatch: pytest.MonkeyPatch, environment: str | None
    ) -> None:
        monkeypatch.delenv("TRAINING_API_TOKEN", raising=False)
        if environment is not None:
            monkeypatch.setenv("TRAINING_API_TOKEN", environment)
        unset = pytest.raises(errors.ConfigurationError, match=r"pass token=… or set TRAINING_API_TOKEN")
        with driver.client(server.url, token=None) as client, unset:
            driver(post(client))
        assert server.requests == ()

    def test_a_token_that_no_header_can_carry_is_refused(self, driver: Driver) -> None:
        with pytest.raises(errors.ConfigurationError, match="token: a credential must hold no line break") as raised:
            driver.make("se\ncret")
        assert "cret" not in str(raised.value).replace("a credential", "")

    def test_a_wrong_token(self, driver: Driver, server: TrainingServer) -> None:
        unknown = pytest.raises(errors.UnauthorizedError, match="401")
        with driver.client(server.url, token="wrong") as client, unknown:  # noqa: S106 - it opens nothing
            driver(post(client))


class TestServers:
    @pytest.mark.parametrize(
        ("argument", "environment", "expected"),
        [
            (None, None, "https://api.samsara.com"),
            ("us", None, "https://api.samsara.com"),
            ("eu", None, "https://api.eu.samsara.com"),
            ("ca", None, "https://api.ca.samsara.com"),
            (None, "ca", "https://api.ca.samsara.com"),
            (None, "http://127.0.0.1:1/base/", "http://127.0.0.1:1/base"),
            ("eu", "ca", "https://api.eu.samsara.com"),
            ("https://proxy.example/fleet", None, "https://proxy.example/fleet"),
        ],
    )
    def test_are_named_or_given(
        self,
        driver: Driver,
        monkeypatch: pytest.MonkeyPatch,
        argument: str | None,
        environment: str | None,
        expected: str,
    ) -> None:
        monkeypatch.delenv("TRAINING_API_SERVER", raising=False)
        if environment is not None:
            monkeypatch.setenv("TRAINING_API_SERVER", environment)
        assert driver.make(server=argument).configuration.server == expected

    @pytest.mark.parametrize(
        "server", ["mars", "ftp://api.example", "https://", "https://me:secret@api.example", "https://a.example?x=1"]
    )
    def test_that_do_not_exist_are_refused(self, driver: Driver, server: str) -> None:
        with pytest.raises(errors.ConfigurationError, match=r"^server: ") as raised:
            driver.make(server=server)
        assert "secret" not in str(raised.value)

    def test_from_the_environment_is_asked(
        self, driver: Driver, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TRAINING_API_SERVER", server.url + "/")
        with driver.client() as client:
            driver(post(client))
        assert last(server).path == "/training-assignments"

    def test_may_stand_under_a_path(self, driver: Driver, server: TrainingServer) -> None:
        with driver.client(server.url + "/fleet/v1/") as client, pytest.raises(errors.NotFoundError):
            driver(post(client))
        assert last(server).path == "/fleet/v1/training-assignments"


class TestTimeouts:
    @pytest.fixture
    def silence(self, server: TrainingServer) -> None:
        """The server receives, and answers when it closes."""
        server.next_answers(*(Answer(status=204, after=Event()) for _ in range(3)))

    @pytest.mark.usefixtures("silence")
    def test_end_a_call_as_a_whole(self, driver: Driver, server: TrainingServer) -> None:
        with driver.client(server.url, timeout=0.2) as client, pytest.raises(errors.DeadlineExceededError) as raised:
            driver(post(client))
        assert len(server.requests) <= 1
        assert (raised.value.method, raised.value.url_template) == ("POST", "/training-assignments")

    @pytest.mark.usefixtures("silence")
    def test_can_differ_for_one_call(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        with pytest.raises(errors.ReadTimeoutError, match="was silent for too long"):
            driver(post(client, options=Options(timeout=Timeout(total=None, read=0.2))))
        assert len(server.requests) <= 1

    @pytest.mark.parametrize("timeout", [0, -1, float("nan"), True, "5"])
    def test_that_make_no_sense_are_refused(self, driver: Driver, timeout: Any) -> None:
        with pytest.raises(errors.ConfigurationError, match="Timeout: total must be more than 0 and at most"):
            driver.make(timeout=timeout)


class TestLife:
    def test_a_closed_client_sends_nothing(self, driver: Driver, server: TrainingServer) -> None:
        with driver.client(server.url) as client:
            driver(post(client))
        for _ in range(2):
            with pytest.raises(errors.ClientClosedError, match=f"{type(client).__name__} is closed"):
                driver(post(client))
        with pytest.raises(errors.ClientClosedError):
            driver.enter(client)
        driver(client.close())
        assert len(server.requests) == 1

    def test_a_client_needs_no_with(self, driver: Driver, server: TrainingServer) -> None:
        client = driver.make(server=server.url)
        driver(post(client))
        driver(client.close())
        with pytest.raises(errors.ClientClosedError):
            driver(post(client))

    def test_an_error_inside_closes_and_goes_on(self, server: TrainingServer) -> None:
        with pytest.raises(ZeroDivisionError), TrainingClient(TOKEN, server=server.url) as client:
            raise ZeroDivisionError
        with pytest.raises(errors.ClientClosedError):
            client.training_courses.get_training_courses()

    def test_connections_are_kept(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        for _ in range(5):
            driver(client.training_courses.get_training_courses())
        assert server.connections == 1

    def test_both_clients_have_the_same_methods(self) -> None:
        sync, asynchronous = (
            {
                f"{name}.{method}"
                for name in ("training_assignments", "training_courses")
                for method in dir(getattr(kind(TOKEN), name))
                if not method.startswith("_")
            }
            for kind in (TrainingClient, AsyncTrainingClient)
        )
        assert sync == asynchronous
        assert len(sync) == 7

    def test_everything_that_is_promised_is_there(self) -> None:
        for name in training_api.__all__:
            assert getattr(training_api, name) is not None
        assert set(training_api.__all__) <= set(dir(training_api))
        for name in training_api.models.__all__:
            assert getattr(training_api.models, name).__name__ == name
        for name in training_api.errors.__all__:
            assert getattr(training_api.errors, name).__name__ == name
        with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
            _ = training_api.Nothing


class Echoing:
    """A transport of a user's own, written with public names alone: it wraps the client's and notes what passes."""

    def __init__(self) -> None:
        self.inner = Httpx2Transport()
        self.sent: list[PreparedRequest] = []

    def send(self, request: PreparedRequest, limits: Limits) -> TransportResponse:
        self.sent.append(request)
        return self.inner.send(request, limits)

    def close(self) -> None:
        self.inner.close()


class AsyncEchoing:
    """As ``Echoing``, for asyncio."""

    def __init__(self) -> None:
        self.inner = AsyncHttpx2Transport()
        self.sent: list[PreparedRequest] = []

    async def send(self, request: PreparedRequest, limits: Limits) -> AsyncTransportResponse:
        self.sent.append(request)
        return await self.inner.send(request, limits)

    async def close(self) -> None:
        await self.inner.close()


class TestTransports:
    def test_one_of_the_users_own(self, server: TrainingServer) -> None:
        echoing = Echoing()
        transport: Transport = echoing
        with TrainingClient(TOKEN, server=server.url, transport=transport) as client:
            assert len(client.training_courses.get_training_courses().data) == 2
        assert [request.method for request in echoing.sent] == ["GET"]
        echoing.close()

    def test_an_asynchronous_one_of_the_users_own(self, server: TrainingServer) -> None:
        async def call() -> list[str]:
            echoing = AsyncEchoing()
            transport: AsyncTransport = echoing
            async with AsyncTrainingClient(TOKEN, server=server.url, transport=transport) as client:
                await client.training_courses.get_training_courses()
            await echoing.close()
            return [request.method for request in echoing.sent]

        assert asyncio.run(call()) == ["GET"]


class TestRequiredArguments:
    @pytest.mark.parametrize("ids", [None, [None], ["a", None], "a", ["a", 5]])
    def test_nothing_is_sent_without_them(self, driver: Driver, client: Any, server: TrainingServer, ids: Any) -> None:
        with pytest.raises(errors.InvalidArgumentError, match=r"^ids"):
            driver(client.training_assignments.delete_training_assignments(ids=ids))
        assert not server.requests


class TestRawResponses:
    def test_have_everything_that_came(self, driver: Driver, client: Any) -> None:
        request = PostTrainingAssignmentsRequest(course_id=DISTANCE, due_at_time=DUE, learner_ids=DRIVERS[:1])
        raw = driver(client.send_raw(request))
        assert (raw.status, raw.method, raw.url_template) == (200, "POST", "/training-assignments")
        assert raw.headers["X-Request-Id"] == raw.headers["x-request-id"] == raw.request_id == "request-1"
        assert json.loads(raw.content) == raw.json()
        assert raw.parse() == PostTrainingAssignmentsResponse.from_dict(raw.json())
        assert [(attempt.number, attempt.outcome) for attempt in raw.attempts] == [(1, "200")]

    def test_raise_only_when_they_are_parsed(self, driver: Driver, client: Any) -> None:
        raw = driver(
            client.send_raw(DeleteTrainingAssignmentsRequest(ids=["a"]), Options(headers={"authorization": "x"}))
        )
        assert raw.status == 401
        assert raw.json()["requestId"] == raw.request_id
        with pytest.raises(errors.UnauthorizedError):
            raw.parse()


class TestRequestsAsValues:
    REQUESTS: Final = (
        PostTrainingAssignmentsRequest(course_id=DISTANCE, due_at_time=LATER, learner_ids=DRIVERS),
        PatchTrainingAssignmentsRequest(ids=["a", "b"], due_at_time="2019-07-01T12:00:00Z"),
        DeleteTrainingAssignmentsRequest(ids=["a"]),
        GetTrainingAssignmentsStreamRequest(start_time=START),
        GetTrainingAssignmentsStreamRequest(
            start_time=START,
            end_time=END,
            after="Mg==",
            learner_ids=["driver-1"],
            course_ids=[CHECKS],
            category_ids=["c"],
            status=[TrainingAssignmentStatus.COMPLETED],
            is_overdue=False,
        ),
        GetTrainingCoursesRequest(),
        GetTrainingCoursesRequest(after="Mg==", course_ids=["a"], category_ids=["b"], status=["archived"]),
    )

    def test_are_sent(self, driver: Driver, client: Any, five: list[str]) -> None:
        made = driver(client.send(PostTrainingAssignmentsRequest(course_id=CHECKS, due_at_time=DUE, learner_ids=["a"])))
        assert made.data[0].learner.type is TrainingLearnerType.UNKNOWN
        moved = driver(client.send(PatchTrainingAssignmentsRequest(ids=five[:1], due_at_time=LATER)))
        assert moved.data[0].due_at_time == LATER
        assert driver(client.send(DeleteTrainingAssignmentsRequest(ids=five))) is None
        page = driver(client.send(GetTrainingAssignmentsStreamRequest(start_time=START, learner_ids=["driver-0"])))
        assert [one.deleted_at_time is not None for one in page.data] == [True]
        assert len(driver(client.send(GetTrainingCoursesRequest())).data) == 2

    @pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: type(request).__name__)
    def test_travel_as_json(self, request_: Any) -> None:
        written = json.loads(json.dumps(request_.to_dict()))
        assert type(request_).from_dict(written) == request_

    def test_are_written_under_wire_names(self) -> None:
        assert self.REQUESTS[0].to_dict() == {
            "courseId": DISTANCE,
            "dueAtTime": "2019-08-01T12:00:00.250Z",
            "learnerIds": DRIVERS,
        }
        assert self.REQUESTS[3].to_dict() == {"startTime": "2019-06-13T00:00:00Z"}

    def test_refuse_what_is_missing_unknown_or_wrong(self) -> None:
        whole = self.REQUESTS[0].to_dict()
        with pytest.raises(errors.DecodeError, match=r"^\$\.learnerIds: required, but missing"):
            PostTrainingAssignmentsRequest.from_dict({"courseId": "a", "dueAtTime": whole["dueAtTime"]})
        with pytest.raises(errors.DecodeError, match=r"^\$\.learnerIds\[1\]: expected a string, got 7"):
            PostTrainingAssignmentsRequest.from_dict({**whole, "learnerIds": ["a", 7]})
        with pytest.raises(errors.DecodeError, match=r"expected no other arguments, got .*learnerIDs"):
            PostTrainingAssignmentsRequest.from_dict({**whole, "learnerIDs": []})
        with pytest.raises(errors.InvalidArgumentError, match="learner_ids: must have at least 1 item"):
            PostTrainingAssignmentsRequest.from_dict({**whole, "learnerIds": []})

    def test_say_what_they_send_without_sending(self) -> None:
        http = self.REQUESTS[0].to_http()
        assert (http.method, http.body, dict(http.headers)) == ("POST", None, {})
        assert http.target == (
            f"/training-assignments?courseId={DISTANCE}&dueAtTime=2019-08-01T12%3A00%3A00.250Z"
            "&learnerIds=driver-0,driver-1,driver-2,driver-3,driver-4"
        )

    def test_cannot_be_changed_and_compare_by_value(self) -> None:
        first, second = (DeleteTrainingAssignmentsRequest(ids=["a"]) for _ in range(2))
        assert first == second
        with pytest.raises(AttributeError):
            first.ids = ["b"]  # type: ignore[misc]  # that is the point


class TestNewThings:
    """The service learns faster than its clients."""

    BODY: Final = {
        "data": [
            {
                "category": {"id": "c", "name": "Safe driving", "colour": {"hue": 120}},
                "estimatedTimeToCompleteMinutes": 5,
                "id": "a",
                "revisionId": "r",
                "status": "retired",
                "title": "New things",
                "labels": [{"name": "safety", "type": "hoverboarding"}],
                "language": ["en", None],
            }
        ],
        "pagination": {"endCursor": "", "hasNextPage": False, "totalCount": 1},
        "served": "2019-06-13T19:08:25Z",
    }

    def test_are_kept(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        server.next_answers(Answer(body=json.dumps(self.BODY).encode(), headers={"Content-Type": "application/json"}))
        page = driver(client.training_courses.get_training_courses())
        course = page.data[0]
        assert (course.status, type(course.status)) == ("retired", str)
        assert course.labels[0].type == "hoverboarding"
        assert course.additional_properties == {"language": ["en", None]}
        assert course.category.additional_properties == {"colour": {"hue": 120}}
        assert page.pagination.additional_properties == {"totalCount": 1}
        assert page.additional_properties == {"served": "2019-06-13T19:08:25Z"}
        assert page.to_dict() == self.BODY

    def test_can_be_asked_for(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        with pytest.raises(errors.BadRequestError, match="status: unknown value retired"):
            driver(client.training_courses.get_training_courses(status=["retired"]))
        assert last(server).query == "status=retired"


class TestOptions:
    def test_headers_of_the_client_and_of_a_call(self, driver: Driver, server: TrainingServer) -> None:
        with driver.client(server.url, headers={"X-Trace": "all", "X-Team": "safety"}) as client:
            driver(post(client, options=Options(headers={"x-trace": "one"})))
            driver(post(client))
        once, always = (request.headers for request in server.requests)
        assert (once["x-trace"], once["x-team"]) == ("one", "safety")
        assert (always["x-trace"], always["x-team"]) == ("all", "safety")
        assert once["authorization"] == f"Bearer {TOKEN}"
        assert once["accept"] == "application/json"

    def test_headers_of_every_page(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        driver.take(client.training_courses.iter_training_courses(options=Options(headers={"x-trace": "walk"})))
        assert [request.headers["x-trace"] for request in server.requests] == ["walk", "walk"]

    @pytest.mark.parametrize("headers", [{"X-Trace": "a\r\nX-Admin: yes"}, {"X Trace": "a"}, {"": "a"}])
    def test_headers_that_are_none_are_refused(
        self, driver: Driver, client: Any, server: TrainingServer, headers: dict[str, str]
    ) -> None:
        with pytest.raises(errors.InvalidArgumentError):
            driver(post(client, options=Options(headers=headers)))
        with pytest.raises(errors.InvalidArgumentError):
            driver.make(headers=headers)
        assert server.requests == ()

    def test_query_of_a_call(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        options = Options(query={"trace": "a b", "flag": ["x", "y"]})
        driver(client.send_raw(GetTrainingCoursesRequest(after="Mg=="), options))
        assert last(server).query == "after=Mg%3D%3D&trace=a%20b&flag=x&flag=y"

    def test_retries_of_a_call(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        server.next_answers(Answer(status=503))
        with pytest.raises(errors.ServiceUnavailableError):
            driver(client.training_courses.get_training_courses(options=Options(retries=Retries(attempts=1))))
        assert len(server.requests) == 1


class TestTogether:
    """Many calls at a time, and calls that end before their time."""

    def test_threads_share_a_client(self, server: TrainingServer) -> None:
        learners = [f"driver-{number}" for number in range(40)]
        with TrainingClient(TOKEN, server=server.url) as client, ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda learner: post(client, learner_ids=[learner]), learners))
        assert [answer.data[0].learner.id for answer in answers] == learners
        assert server.connections <= 8

    def test_tasks_share_a_client(self, server: TrainingServer) -> None:
        learners = [f"driver-{number}" for number in range(40)]

        async def together() -> list[Any]:
            async with AsyncTrainingClient(TOKEN, server=server.url) as client:
                return await asyncio.gather(*(post(client, learner_ids=[learner]) for learner in learners))

        assert [answer.data[0].learner.id for answer in asyncio.run(together())] == learners

    def test_a_cancelled_call_leaves_the_client_fit_for_use(self, server: TrainingServer) -> None:
        silence = Event()
        server.next_answers(Answer(status=204, after=silence), None)

        async def cancel_one() -> Any:
            async with AsyncTrainingClient(TOKEN, server=server.url) as client:
                task = asyncio.create_task(post(client))
                await asyncio.to_thread(server.wait_for_requests, 1)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                return await client.training_courses.get_training_courses()

        assert len(asyncio.run(cancel_one()).data) == 2
        silence.set()

    def test_a_connection_that_the_server_closed_is_not_used_again(
        self, driver: Driver, client: Any, server: TrainingServer
    ) -> None:
        driver(post(client))
        server._running().hang_up()
        driver(post(client, learner_ids=["driver-9"]))
        assert (server.connections, len(server.requests)) == (2, 2)

    def test_a_walk_begins_anew_each_time(self, driver: Driver, client: Any, five: list[str]) -> None:
        walk = client.training_assignments.iter_training_assignments_stream(start_time=START, end_time=END)
        assert [one.id for one in driver.take(walk, 3)] == five[:3]
        assert [one.id for one in driver.take(walk)] == five

    def test_what_was_packed_is_unpacked(self, driver: Driver, client: Any, server: TrainingServer) -> None:
        packed = gzip.compress(json.dumps(TestNewThings.BODY).encode())
        server.next_answers(Answer(body=packed, headers={"Content-Encoding": "gzip"}))
        assert driver(client.training_courses.get_training_courses()).to_dict() == TestNewThings.BODY
        assert "gzip" in last(server).headers["accept-encoding"]

    def test_models_and_requests_can_be_copied_and_pickled(self, driver: Driver, client: Any) -> None:
        for value in (driver(post(client)), *TestRequestsAsValues.REQUESTS):
            assert copy.deepcopy(value) == value
            assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - what was just written
