from datetime import UTC, datetime, timedelta

from training_api import TrainingClient

with TrainingClient() as client:
    assignments = client.training_assignments
    now = datetime.now(UTC)
    made = assignments.post_training_assignments(
        course_id="a4db8702-79d5-4396-a717-e301d52ecc11",
        due_at_time=now + timedelta(days=14),
        learner_ids=["driver-281474"],
    )
    for each in assignments.iter_training_assignments_stream(start_time=now):  # page after page
        print(each.learner.id, each.status)
    ids = [each.id for each in made.data]
    moved = assignments.patch_training_assignments(ids=ids, due_at_time=now + timedelta(days=21))
    print("due a week later:", *(each.learner.id for each in moved.data))
    assignments.delete_training_assignments(ids=ids)
