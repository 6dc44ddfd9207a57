"""The intake of a province with a file of results that waits."""

from classroom.core.actor import Actor
from classroom.online.services import imports
from classroom.sessions.models import Course
from tests.support.online import LIMITS, line, make_intake, results, secret


def online_ids(course: Course, mark: str, actor: Actor) -> dict[str, str]:
    """What names them in addresses; the mark stands in every text."""
    intake = make_intake(course, name=f"Đợt kết quả {mark}")
    file = results(line(1, name=f"Lê Thị {mark}", account=f"{mark}0001"), name=f"{mark}.csv")
    made = imports.upload_results([file], intake_id=intake.public_id, limits=LIMITS, secret=secret(), actor=actor)
    return {
        "intake_id": intake.public_id,
        "online_import_id": made.public_id,
        "import_file_id": made.files[0].public_id,
    }
