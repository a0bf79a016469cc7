"""Calls every operation of the Training API, as somebody who installed the client; prints what came of it as JSON.

The server and the token come from the environment. This runs outside of the checkout, where nothing but the client
is installed.
"""

import asyncio
import json
import sys
from importlib.metadata import distributions
from pathlib import Path

import training_api
from training_api import AsyncTrainingClient, TrainingClient, errors

COURSE = "a4db8702-79d5-4396-a717-e301d52ecc11"
START = "2019-06-13T00:00:00Z"
END = "2019-06-14T00:00:00Z"


def synchronously() -> dict[str, object]:
    with TrainingClient() as client:
        assignments = client.training_assignments
        made = assignments.post_training_assignments(
            course_id=COURSE, due_at_time="2019-07-01T12:00:00Z", learner_ids=["driver-1", "driver-2"]
        )
        ids = [assignment.id for assignment in made.data]
        moved = assignments.patch_training_assignments(ids=ids, due_at_time="2019-08-01T12:00:00Z")
        assignments.delete_training_assignments(ids=ids[:1])
        stream = assignments.iter_training_assignments_stream(start_time=START, end_time=END)
        left = [one.learner.id for one in stream if one.deleted_at_time is None]
        courses = [course.title for course in client.training_courses.iter_training_courses()]
        refused = ""
        try:
            assignments.patch_training_assignments(ids=["unheard-of"], due_at_time=START)
        except errors.NotFoundError as error:
            refused = error.body.message
    return {
        "made": len(made.data),
        "moved": [one.due_at_time.isoformat() for one in moved.data if one.due_at_time],
        "left": left,
        "courses": courses,
        "refused": refused,
    }


async def asynchronously() -> dict[str, object]:
    async with AsyncTrainingClient() as client:
        assignments = client.training_assignments
        made = await assignments.post_training_assignments(
            course_id=COURSE, due_at_time="2019-07-01T12:00:00Z", learner_ids=["driver-1", "driver-2"]
        )
        ids = [assignment.id for assignment in made.data]
        moved = await assignments.patch_training_assignments(ids=ids, due_at_time="2019-08-01T12:00:00Z")
        await assignments.delete_training_assignments(ids=ids[:1])
        stream = assignments.iter_training_assignments_stream(start_time=START, end_time=END)
        left = [one.learner.id async for one in stream if one.deleted_at_time is None]
        courses = [course.title async for course in client.training_courses.iter_training_courses()]
        refused = ""
        try:
            await assignments.patch_training_assignments(ids=["unheard-of"], due_at_time=START)
        except errors.NotFoundError as error:
            refused = error.body.message
    return {
        "made": len(made.data),
        "moved": [one.due_at_time.isoformat() for one in moved.data if one.due_at_time],
        "left": left,
        "courses": courses,
        "refused": refused,
    }


def main() -> None:
    outcome = {
        "sync": synchronously(),
        "async": asyncio.run(asynchronously()),
        "installed": sorted(distribution.name.lower() for distribution in distributions()),
        "package": str(Path(training_api.__file__).parent),
    }
    json.dump(outcome, sys.stdout)


if __name__ == "__main__":
    main()
