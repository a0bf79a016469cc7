"""What the Training API is, as data: the two pages it was first published with, and its operations and schemas.

The pages are transcribed field by field. Where a page contradicts itself, the row says what holds, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import attrs


@attrs.frozen(kw_only=True)
class Row:
    """One line of a page's table of fields."""

    field: str
    """The name in Python."""
    type: str
    """As the page has it, without emphasis and links."""
    required: bool
    example: str | None = None
    """As the page has it."""
    holds: str
    """What the field is: a JSON type, a format, ``array of`` one of these, or a schema's name."""
    because: str | None = None
    """Why ``holds`` differs from what the page says."""

    @property
    def wire_name(self) -> str:
        first, *others = self.field.split("_")
        return first + "".join(word.title() for word in others)


@attrs.frozen(kw_only=True)
class Page:
    """One page of the first publication."""

    name: str
    """Of the class, which is also the name of the page's file."""
    operation: str | None = None
    """The operation whose parameters the fields are; None where the page is about a schema."""
    rows: tuple[Row, ...]


INSTANT: Final = "a date would lose the time of day, which the example has and the prose of the row promises"

PAGES: Final = (
    Page(
        name="PostTrainingAssignmentsRequest",
        operation="postTrainingAssignments",
        rows=(
            Row(field="course_id", type="str", required=True, holds="string"),
            Row(
                field="due_at_time",
                type="str",
                required=True,
                holds="date-time",
                because="the prose promises a point in time, to the millisecond; a bare string would let anything pass",
            ),
            Row(
                field="learner_ids",
                type="List[str]",
                required=True,
                example="driver-281474,driver-46282156",
                holds="array of string",
                because="the prose calls it optional, and a string; the other columns and its purpose say otherwise",
            ),
        ),
    ),
    Page(
        name="TrainingAssignmentPostResponseObjectResponseBody",
        rows=(
            Row(
                field="course",
                type="models.TrainingCourseObjectResponseBody",
                required=True,
                holds="TrainingCourseObjectResponseBody",
            ),
            Row(
                field="created_at_time",
                type="date",
                required=True,
                example="2019-06-13T19:08:25Z",
                holds="date-time",
                because=INSTANT,
            ),
            Row(field="created_by_id", type="str", required=True, example="user-4392", holds="string"),
            Row(
                field="id",
                type="str",
                required=True,
                example="9814a1fa-f0c6-408b-bf85-51dc3bc71ac7",
                holds="string",
            ),
            Row(field="is_existing_assignment", type="bool", required=True, example="true", holds="boolean"),
            Row(
                field="learner",
                type="models.TrainingLearnerObjectResponseBody",
                required=True,
                holds="TrainingLearnerObjectResponseBody",
            ),
            Row(
                field="due_at_time",
                type="date",
                required=False,
                example="2019-06-13T19:08:25Z",
                holds="date-time",
                because=INSTANT,
            ),
        ),
    ),
)

ERROR_STATUSES: Final = ("401", "404", "405", "413", "429", "500", "501", "502", "503", "504", "default")


@attrs.frozen(kw_only=True)
class Operation:
    """One operation: what is sent, and what a success is."""

    method: Literal["get", "post", "patch", "delete"]
    path: str
    required: Mapping[str, str]
    """Wire name of each parameter that has to be there -> what it is, as in ``Row.holds``."""
    optional: Mapping[str, str] = attrs.field(factory=dict)
    success: Literal["200", "204"] = "200"
    answers: str | None
    """The schema of the success's body."""
    requests_per_second: int
    paged: bool = False


OPERATIONS: Final[Mapping[str, Operation]] = {
    "postTrainingAssignments": Operation(
        method="post",
        path="/training-assignments",
        required={"courseId": "string", "dueAtTime": "date-time", "learnerIds": "array of string"},
        answers="PostTrainingAssignmentsResponse",
        requests_per_second=10,
    ),
    "patchTrainingAssignments": Operation(
        method="patch",
        path="/training-assignments",
        required={"ids": "array of string", "dueAtTime": "date-time"},
        answers="PatchTrainingAssignmentsResponse",
        requests_per_second=10,
    ),
    "deleteTrainingAssignments": Operation(
        method="delete",
        path="/training-assignments",
        required={"ids": "array of string"},
        success="204",
        answers=None,
        requests_per_second=10,
    ),
    "getTrainingAssignmentsStream": Operation(
        method="get",
        path="/training-assignments/stream",
        required={"startTime": "date-time"},
        optional={
            "after": "string",
            "endTime": "date-time",
            "learnerIds": "array of string",
            "courseIds": "array of string",
            "categoryIds": "array of string",
            "status": "array of TrainingAssignmentStatus",
            "isOverdue": "boolean",
        },
        answers="GetTrainingAssignmentsStreamResponse",
        requests_per_second=5,
        paged=True,
    ),
    "getTrainingCourses": Operation(
        method="get",
        path="/training-courses",
        required={},
        optional={
            "after": "string",
            "courseIds": "array of string",
            "categoryIds": "array of string",
            "status": "array of TrainingCourseStatusFilter",
        },
        answers="GetTrainingCoursesResponse",
        requests_per_second=5,
        paged=True,
    ),
}


@attrs.frozen(kw_only=True)
class Fields:
    """The properties of one schema, wire name -> what each is, as in ``Row.holds``."""

    required: Mapping[str, str]
    optional: Mapping[str, str] = attrs.field(factory=dict)


SCHEMAS: Final[Mapping[str, Fields]] = {
    "ErrorResponse": Fields(required={"message": "string", "requestId": "string"}),
    "GetTrainingAssignmentsStreamResponse": Fields(
        required={
            "data": "array of TrainingAssignmentResponseObjectResponseBody",
            "pagination": "GoaPaginationResponseResponseBody",
        }
    ),
    "GetTrainingCoursesResponse": Fields(
        required={
            "data": "array of TrainingCourseResponseObjectResponseBody",
            "pagination": "GoaPaginationResponseResponseBody",
        }
    ),
    "GoaPaginationResponseResponseBody": Fields(required={"endCursor": "string", "hasNextPage": "boolean"}),
    "PatchTrainingAssignmentsResponse": Fields(
        required={"data": "array of TrainingAssignmentResponseObjectResponseBody"}
    ),
    "PostTrainingAssignmentsResponse": Fields(
        required={"data": "array of TrainingAssignmentPostResponseObjectResponseBody"}
    ),
    "TrainingAssignmentPostResponseObjectResponseBody": Fields(
        required={row.wire_name: row.holds for row in PAGES[1].rows if row.required},
        optional={row.wire_name: row.holds for row in PAGES[1].rows if not row.required},
    ),
    "TrainingAssignmentResponseObjectResponseBody": Fields(
        required={
            "course": "TrainingCourseObjectResponseBody",
            "createdAtTime": "date-time",
            "createdById": "string",
            "durationMinutes": "int64",
            "id": "string",
            "learner": "TrainingLearnerObjectResponseBody",
            "status": "TrainingAssignmentStatus",
            "updatedAtTime": "date-time",
            "updatedById": "string",
        },
        optional={
            "completedAtTime": "date-time",
            "deletedAtTime": "date-time",
            "dueAtTime": "date-time",
            "isCompletedLate": "boolean",
            "isOverdue": "boolean",
            "scorePercent": "number",
            "startedAtTime": "date-time",
        },
    ),
    "TrainingCategoryObjectResponseBody": Fields(required={"id": "string", "name": "string"}),
    "TrainingCourseLabelObjectResponseBody": Fields(required={"name": "string", "type": "TrainingCourseLabelType"}),
    "TrainingCourseObjectResponseBody": Fields(required={"id": "string", "revisionId": "string"}),
    "TrainingCourseResponseObjectResponseBody": Fields(
        required={
            "category": "TrainingCategoryObjectResponseBody",
            "estimatedTimeToCompleteMinutes": "int64",
            "id": "string",
            "revisionId": "string",
            "status": "TrainingCourseStatus",
            "title": "string",
        },
        optional={"description": "string", "labels": "array of TrainingCourseLabelObjectResponseBody"},
    ),
    "TrainingLearnerObjectResponseBody": Fields(required={"id": "string", "type": "TrainingLearnerType"}),
}

ENUMS: Final[Mapping[str, frozenset[str]]] = {
    "TrainingAssignmentStatus": frozenset({"notStarted", "inProgress", "completed"}),
    "TrainingCourseLabelType": frozenset(
        {
            "accel",
            "braking",
            "crashSharpTurn",
            "defensiveDriving",
            "didNotYield",
            "distractedDriving",
            "drinkPolicy",
            "driverObstructionPolicy",
            "drowsy",
            "foodDrinkPolicy",
            "foodPolicy",
            "forwardCollisionWarning",
            "laneDeparture",
            "lateResponse",
            "maskPolicy",
            "maxSpeed",
            "nearCollision",
            "phonePolicy",
            "ranRedLight",
            "rolledStopSign",
            "rolloverProtection",
            "seatbeltPolicy",
            "severeSpeeding",
            "smokingPolicy",
            "speeding",
            "tailgating",
            "tileRollingRailroad",
            "unknown",
            "yawControl",
        }
    ),
    "TrainingCourseStatus": frozenset({"published", "deleted", "archived", "unknown"}),
    "TrainingCourseStatusFilter": frozenset({"published", "deleted", "archived"}),
    "TrainingLearnerType": frozenset({"unknown", "driver", "user"}),
}
