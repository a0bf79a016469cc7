"""Lists courses through the Python client of openapi-generator."""

import sys

sys.path.insert(0, sys.argv[1])

from openapi_client import ApiClient, Configuration, TrainingCoursesApi

with ApiClient(Configuration(host=sys.argv[2], access_token="test-token")) as client:
    answer = TrainingCoursesApi(client).get_training_courses()
if not answer.data:
    sys.exit(f"no courses, but {answer}")
print(", ".join(course.title for course in answer.data))
