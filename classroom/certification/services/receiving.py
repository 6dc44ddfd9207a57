"""What certificates say to changes in lower rooms: an import that made certificates stays."""

from collections.abc import Sequence

from sqlalchemy import select

from classroom.certification.models import Certificate
from classroom.core import signals
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.online.models import Intake, OnlineImport

_NAMED = 5
_AT_ONCE = 500


@signals.online_import_undoing.connect
def check_online_import(import_id: int, learner_ids: Sequence[int]) -> None:
    """Once certificates were issued from what an import says, it is not undone: it says which.

    Certificates of people of the import, of its course, by a way with an online part; one that was revoked or voided
    rests on nothing any more.
    """
    intake = db.session.scalar(
        select(Intake).join(OnlineImport, OnlineImport.intake_id == Intake.id).where(OnlineImport.id == import_id)
    )
    if intake is None:
        return
    numbers: list[str] = []
    for start in range(0, len(learner_ids), _AT_ONCE):
        query = select(Certificate.number).where(
            Certificate.course_id == intake.course_id,
            Certificate.learner_id.in_(learner_ids[start : start + _AT_ONCE]),
            Certificate.state == "issued",
            Certificate.facts["path"].as_string().in_(["online", "mixed"]),
        )
        numbers.extend(db.session.scalars(query.order_by(Certificate.year, Certificate.serial)))
    if numbers:
        named = ", ".join(numbers[:_NAMED]) + (" …" if len(numbers) > _NAMED else "")
        raise Refusal("online_import.has_certificates", count=len(numbers), numbers=named)
