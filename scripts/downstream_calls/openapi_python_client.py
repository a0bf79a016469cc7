"""Lists courses through the client of openapi-python-client."""

import sys

sys.path.insert(0, sys.argv[1])

from training_client import AuthenticatedClient
from training_client.api.training_courses import get_training_courses
from training_client.models import GetTrainingCoursesResponse, TrainingCourseStatusFilter

with AuthenticatedClient(base_url=sys.argv[2], token="test-token") as client:
    answer = get_training_courses.sync(client=client, status=[TrainingCourseStatusFilter.PUBLISHED])
if not isinstance(answer, GetTrainingCoursesResponse) or not answer.data:
    sys.exit(f"no courses, but {answer}")
print(", ".join(course.title for course in answer.data))
