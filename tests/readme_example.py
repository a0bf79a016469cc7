from datetime import UTC, datetime, timedelta

from training_api import TrainingClient

with TrainingClient() as client:  # the token comes from TRAINING_API_TOKEN
    made = client.training_assignments.post_training_assignments(
        course_id="a4db8702-79d5-4396-a717-e301d52ecc11",
        due_at_time=datetime.now(UTC) + timedelta(days=14),
        learner_ids=["driver-281474", "driver-46282156"],
    )
    for assignment in made.data:
        print(assignment.learner.id, "has it already" if assignment.is_existing_assignment else "assigned")
