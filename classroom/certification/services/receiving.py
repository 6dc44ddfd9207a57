"""What certificates say to changes in lower rooms: an import that made certificates stays, and so do their people."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from classroom.certification.models import Certificate, IssueBatch, IssueLine
from classroom.certification.rules.lines import WITH_ONLINE
from classroom.core import signals
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.online.models import Intake, OnlineImport

_NAMED = 5
_AT_ONCE = 500
#: A batch in one of these states is signed, or being issued as it stands.
_UNDER_WAY = ("submitted", "approved", "issuing")


@signals.import_undoing.connect
def check_import(learner_ids: Sequence[int], enrolment_ids: Sequence[int]) -> None:
    """Who holds a certificate, or held one, or is about to, is not taken back with a list of people."""
    count = 0
    for start in range(0, len(learner_ids), _AT_ONCE):
        some = learner_ids[start : start + _AT_ONCE]
        holds = select(func.count(Certificate.id.distinct())).where(Certificate.learner_id.in_(some))
        count += db.session.scalar(holds.where(Certificate.state != "void")) or 0
        count += _under_way(some)
    if count:
        raise Refusal("import.undo_certificates", count=count)


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
    waiting = 0
    for start in range(0, len(learner_ids), _AT_ONCE):
        query = select(Certificate.number).where(
            Certificate.course_id == intake.course_id,
            Certificate.learner_id.in_(learner_ids[start : start + _AT_ONCE]),
            Certificate.state == "issued",
            Certificate.facts["path"].as_string().in_(WITH_ONLINE),
        )
        numbers.extend(db.session.scalars(query.order_by(Certificate.year, Certificate.serial)))
        online = IssueBatch.course_id == intake.course_id, IssueLine.facts["path"].as_string().in_(WITH_ONLINE)
        waiting += _under_way(learner_ids[start : start + _AT_ONCE], *online)
    if numbers:
        named = ", ".join(numbers[:_NAMED]) + (" …" if len(numbers) > _NAMED else "")
        raise Refusal("online_import.has_certificates", count=len(numbers), numbers=named)
    if waiting:
        raise Refusal("online_import.batch_under_way", count=waiting)


def _under_way(learner_ids: Sequence[int], *conditions: ColumnElement[bool]) -> int:
    """How many of them a batch that is signed will give a certificate."""
    query = (
        select(func.count(IssueLine.id))
        .join(IssueBatch, IssueBatch.id == IssueLine.batch_id)
        .where(
            IssueLine.learner_id.in_(learner_ids),
            IssueLine.left_out == "",
            IssueLine.certificate_id.is_(None),
            IssueBatch.state.in_(_UNDER_WAY),
            *conditions,
        )
    )
    return db.session.scalar(query) or 0
