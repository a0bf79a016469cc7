"""What the Training API knows and does, without HTTP."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

import attrs

from training_server.query import Query, Refused, matches, parse_boolean, parse_time

Json: TypeAlias = dict[str, Any]
CourseStatus: TypeAlias = Literal["draft", "published", "deleted", "archived", "unknown"]

ASSIGNMENT_STATUSES: Final = ("notStarted", "inProgress", "completed")
COURSE_STATUSES: Final = ("published", "deleted", "archived")
FIRST_CHANGE: Final = 2900


@attrs.define
class Clock:
    """A clock that stands still but for ``step`` at each look, so that every run sees the same times."""

    now: datetime = datetime(2019, 6, 13, 19, 8, 25, tzinfo=UTC)
    step: timedelta = timedelta(seconds=1)

    def __call__(self) -> datetime:
        """The time; the next look sees a later one."""
        seen = self.now
        self.now += self.step
        return seen


@attrs.frozen(kw_only=True)
class Course:
    """A course of the catalogue."""

    id: str
    title: str
    status: CourseStatus = "published"
    category_id: str = "6d1f3c52-7c0e-4f0b-9b63-0f5a2c1e8d47"
    category_name: str = "Safe driving"
    revision_id: str = "3cc58719-4e98-47a7-92fd-bf10a9bbd018"
    minutes: int = 20
    description: str | None = None
    labels: tuple[tuple[str, str], ...] = ()
    """Name and type of each."""

    def to_json(self) -> Json:
        """As the list of courses shows it."""
        optional: Json = {
            "description": self.description,
            "labels": [{"name": name, "type": kind} for name, kind in self.labels] or None,
        }
        return {
            "category": {"id": self.category_id, "name": self.category_name},
            "estimatedTimeToCompleteMinutes": self.minutes,
            "id": self.id,
            "revisionId": self.revision_id,
            "status": self.status,
            "title": self.title,
            **_present(optional),
        }


COURSES: Final = (
    Course(
        id="a4db8702-79d5-4396-a717-e301d52ecc11",
        title="Keeping your distance",
        description="How much room a loaded truck needs to stop, and how to keep it.",
        labels=(("safety", "tailgating"),),
    ),
    Course(
        id="0c9f2f4e-52c1-4f7c-8f0e-3a8d9b1d6e20",
        title="Before you set off",
        category_id="b3a1d0c4-1b7e-4a55-9d0c-7e2f64a8c931",
        category_name="Vehicle checks",
        minutes=10,
    ),
    Course(id="5b6c8d1a-3f0e-4c29-8d7b-92e4a1f07c35", title="Hands off the phone", labels=(("safety", "phonePolicy"),)),
    Course(id="7e20a9b3-64d8-4d15-a0c6-18f5b7e3d942", title="Snow chains", status="archived"),
    Course(id="e81d5f67-0b92-4a3e-b4c7-6d3f20a9185c", title="Not finished yet", status="draft"),
)


@attrs.define(kw_only=True)
class Assignment:
    """One course that one learner has to take."""

    id: str
    course: Course
    learner_id: str
    created_at: datetime
    created_by: str
    due_at: datetime
    updated_at: datetime
    updated_by: str
    change: int
    """The number of its last change; later changes have higher numbers."""
    started_at: datetime | None = None
    completed_at: datetime | None = None
    deleted_at: datetime | None = None
    score_percent: float | None = None

    @property
    def status(self) -> str:
        """How far the learner has come."""
        if self.completed_at is not None:
            return "completed"
        return "notStarted" if self.started_at is None else "inProgress"

    def is_overdue(self, now: datetime) -> bool:
        """Whether the due date has passed while the course is unfinished."""
        return self.completed_at is None and self.due_at < now

    def _common(self) -> Json:
        kind = self.learner_id.partition("-")[0]
        return {
            "course": {"id": self.course.id, "revisionId": self.course.revision_id},
            "createdAtTime": time_text(self.created_at),
            "createdById": self.created_by,
            "id": self.id,
            "learner": {"id": self.learner_id, "type": kind if kind in {"driver", "user"} else "unknown"},
            "dueAtTime": time_text(self.due_at),
        }

    def to_post_json(self, *, existing: bool) -> Json:
        """As a POST is answered."""
        return {**self._common(), "isExistingAssignment": existing}

    def to_json(self, now: datetime) -> Json:
        """As a PATCH is answered, and the stream shows it."""
        begun, ended = self.started_at or self.created_at, self.completed_at or self.started_at or self.created_at
        late = None if self.completed_at is None else self.completed_at > self.due_at
        optional: Json = {
            "completedAtTime": _optional_time_text(self.completed_at),
            "deletedAtTime": _optional_time_text(self.deleted_at),
            "isCompletedLate": late,
            "scorePercent": self.score_percent,
            "startedAtTime": _optional_time_text(self.started_at),
        }
        return {
            **self._common(),
            "durationMinutes": (ended - begun) // timedelta(minutes=1),
            "status": self.status,
            "updatedAtTime": time_text(self.updated_at),
            "updatedById": self.updated_by,
            "isOverdue": self.is_overdue(now),
            **_present(optional),
        }


def time_text(instant: datetime) -> str:
    """RFC 3339 in UTC, with milliseconds where there are any."""
    precision = "milliseconds" if instant.microsecond else "seconds"
    return instant.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")


def _optional_time_text(instant: datetime | None) -> str | None:
    return None if instant is None else time_text(instant)


def _present(fields: Json) -> Json:
    return {name: value for name, value in fields.items() if value is not None}


def _cursor(position: int) -> str:
    return base64.b64encode(str(position).encode()).decode()


def _position(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor, validate=True).decode())
    except (binascii.Error, UnicodeDecodeError):
        raise ValueError(f"not a cursor of this service: {cursor}") from None


def _page(data: Sequence[Json], end_cursor: str, *, more: bool) -> Json:
    return {"data": list(data), "pagination": {"endCursor": end_cursor, "hasNextPage": more}}


def numbered_ids() -> Iterator[str]:
    """UUIDs that count up."""
    return (str(UUID(int=number)) for number in count(1))


class TrainingService:
    """Courses, and who has to take them. Every operation takes the query and gives the body, or raises ``Refused``."""

    def __init__(
        self,
        *,
        courses: Sequence[Course] = COURSES,
        clock: Callable[[], datetime] | None = None,
        ids: Iterator[str] | None = None,
        user: str = "user-4392",
        page_size: int = 100,
    ) -> None:
        """Begin without assignments; ``ids`` names those to come, ``user`` makes them."""
        self.courses = {course.id: course for course in courses}
        self.clock = clock or Clock()
        self.ids = ids or numbered_ids()
        self.user = user
        self.page_size = page_size
        self.assignments: dict[str, Assignment] = {}
        self._changes = count(FIRST_CHANGE + 1)

    # what a test does behind the API's back

    def assign(
        self, course_id: str, learner_id: str, due_at: datetime, *, assignment_id: str | None = None
    ) -> Assignment:
        """Make one assignment."""
        now = self.clock()
        made = Assignment(
            id=assignment_id or next(self.ids),
            course=self.courses[course_id],
            learner_id=learner_id,
            created_at=now,
            created_by=self.user,
            due_at=due_at,
            updated_at=now,
            updated_by=self.user,
            change=next(self._changes),
        )
        self.assignments[made.id] = made
        return made

    def start(self, assignment_id: str) -> None:
        """The learner begins."""
        assignment = self.assignments[assignment_id]
        assignment.started_at = self._touch(assignment, assignment.learner_id)

    def complete(self, assignment_id: str, score_percent: float | None = None) -> None:
        """The learner finishes."""
        assignment = self.assignments[assignment_id]
        assignment.completed_at = self._touch(assignment, assignment.learner_id)
        assignment.started_at = assignment.started_at or assignment.completed_at
        assignment.score_percent = score_percent

    def archive(self, course_id: str) -> None:
        """Archive a course, which deletes its assignments in progress."""
        self._retire(course_id, "archived", lambda assignment: assignment.status == "inProgress")

    def remove(self, course_id: str) -> None:
        """Delete a course, which deletes all of its assignments."""
        self._retire(course_id, "deleted", lambda _: True)

    def standing(self) -> list[Assignment]:
        """The assignments that are not deleted, those that changed longest ago first."""
        return [assignment for assignment in self._by_change() if assignment.deleted_at is None]

    # the operations

    def post_training_assignments(self, query: Query) -> Json:
        """Assign a course; what is there already stays as it is."""
        course_id, due_at = query.text("courseId"), query.required("dueAtTime", parse_time)
        learners = query.ids("learnerIds")
        course = self.courses.get(course_id)
        if course is None or course.status in {"draft", "deleted"}:
            raise Refused(404, f"There is no course {course_id}.")
        if course.status != "published":
            raise Refused(400, f"courseId: the course is {course.status}")
        there = {one.learner_id: one for one in self.standing() if one.course.id == course_id}
        return {
            "data": [
                (there.get(learner) or self.assign(course_id, learner, due_at)).to_post_json(existing=learner in there)
                for learner in dict.fromkeys(learners)
            ]
        }

    def patch_training_assignments(self, query: Query) -> Json:
        """Move due dates, of all or of none."""
        ids, due_at = query.ids("ids"), query.required("dueAtTime", parse_time)
        chosen = [self._find(assignment_id) for assignment_id in dict.fromkeys(ids)]
        for assignment in chosen:
            assignment.due_at = due_at
            self._touch(assignment, self.user)
        now = self.clock()
        return {"data": [assignment.to_json(now) for assignment in chosen]}

    def delete_training_assignments(self, query: Query) -> None:
        """Delete what can be deleted; the stream tells of it once more."""
        for assignment_id in query.ids("ids"):
            assignment = self.assignments.get(assignment_id)
            if assignment is not None and assignment.deleted_at is None:
                assignment.deleted_at = self._touch(assignment, self.user)

    def get_training_assignments_stream(self, query: Query) -> Json:
        """One page of what changed. Without an end there is always another page."""
        after = query.optional("after", _position)
        start, end = query.required("startTime", parse_time), query.optional("endTime", parse_time)
        learners, courses = query.optional_ids("learnerIds"), query.optional_ids("courseIds")
        categories = query.optional_ids("categoryIds")
        statuses = query.one_of("status", ASSIGNMENT_STATUSES)
        overdue = query.optional("isOverdue", parse_boolean)
        now = self.clock()
        found = [
            one
            for one in self._by_change()
            if (after is None or one.change > after)
            and start <= one.updated_at
            and (end is None or one.updated_at < end)
            and matches(one.learner_id, learners)
            and matches(one.course.id, courses)
            and matches(one.course.category_id, categories)
            and matches(one.status, statuses)
            and (overdue is None or one.is_overdue(now) == overdue)
        ]
        page = found[: self.page_size]
        if end is not None and len(found) <= self.page_size:
            return _page([one.to_json(now) for one in page], "", more=False)
        last = page[-1].change if page else after or FIRST_CHANGE
        return _page([one.to_json(now) for one in page], _cursor(last), more=True)

    def get_training_courses(self, query: Query) -> Json:
        """One page of the courses that are more than a draft."""
        after = query.optional("after", _position) or 0
        ids, categories = query.optional_ids("courseIds"), query.optional_ids("categoryIds")
        statuses = query.one_of("status", COURSE_STATUSES)
        found = [
            course.to_json()
            for course in self.courses.values()
            if course.status != "draft"
            and matches(course.id, ids)
            and matches(course.category_id, categories)
            and matches(course.status, statuses)
        ]
        end = after + self.page_size
        more = len(found) > end
        return _page(found[after:end], _cursor(end) if more else "", more=more)

    def _find(self, assignment_id: str) -> Assignment:
        assignment = self.assignments.get(assignment_id)
        if assignment is None or assignment.deleted_at is not None:
            raise Refused(404, f"There is no assignment {assignment_id}.")
        return assignment

    def _by_change(self) -> list[Assignment]:
        return sorted(self.assignments.values(), key=lambda assignment: assignment.change)

    def _touch(self, assignment: Assignment, by: str) -> datetime:
        assignment.updated_at, assignment.updated_by = self.clock(), by
        assignment.change = next(self._changes)
        return assignment.updated_at

    def _retire(self, course_id: str, status: CourseStatus, deletes: Callable[[Assignment], bool]) -> None:
        self.courses[course_id] = attrs.evolve(self.courses[course_id], status=status)
        for assignment in self.standing():
            if assignment.course.id == course_id and deletes(assignment):
                assignment.deleted_at = self._touch(assignment, self.user)


def example_service() -> TrainingService:
    """A service in which what the description's examples name exists, and can be acted on."""
    service = TrainingService()
    distance, checks = COURSES[0].id, COURSES[1].id
    due = datetime(2019, 6, 27, 19, 8, 25, tzinfo=UTC)
    service.assign(checks, "driver-281474", due, assignment_id="9814a1fa-f0c6-408b-bf85-51dc3bc71ac7")
    service.assign(distance, "driver-46282156", due, assignment_id="2d7b1f0c-90a1-4c6e-8a3f-5b0a4de7f6b2")
    service.start("2d7b1f0c-90a1-4c6e-8a3f-5b0a4de7f6b2")
    return service
