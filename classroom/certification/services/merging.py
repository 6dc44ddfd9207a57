"""Certificates follow when two learners are made one; of two of one course, one is replaced by the other."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.certification.models import Certificate, CertificateEvent
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.learners.rules.merging import Conflict
from classroom.learners.services.journal import Journal
from classroom.sessions.models import Course

#: The form's name for the choice in a course: this and the course's public id; "kept" or "gone" is whose stays.
CHOICE = "certificate-"


@signals.learners_merging.connect
def foresee_certificates(kept_id: int, gone_id: int) -> list[Conflict]:
    """Courses of which both hold a living certificate: one of the two will say "replaced"."""
    found = []
    for kept, gone in _pairs(kept_id, gone_id):
        course = db.session.get_one(Course, kept.course_id)
        details = {
            "choice": CHOICE + course.public_id,
            "course": course.name,
            "kept": kept.number,
            "gone": gone.number,
            "stays": _newest(kept, gone),
        }
        found.append(Conflict("two_certificates", details))
    return found


@signals.learners_merged.connect
def move_certificates(kept_id: int, gone_id: int, journal: Journal, reason: str, actor: Actor) -> None:
    """Where both hold one, the chosen one stays (the newest unless told otherwise); then all go over."""
    with transaction() as session:
        for kept, gone in _pairs(kept_id, gone_id, locked=True):
            course = session.get_one(Course, kept.course_id)
            stays = journal.choices.get(CHOICE + course.public_id, "") or _newest(kept, gone)
            winner, loser = (gone, kept) if stays == "gone" else (kept, gone)
            journal.change(loser, state="replaced", replaced_at=now(), replaced_by_id=winner.id)
            if winner.replaces_id is None:
                journal.change(winner, replaces_id=loser.id)
            _note(session, loser, "replaced", reason, actor)
        for one in session.scalars(
            select(Certificate).where(Certificate.learner_id == gone_id).order_by(Certificate.id).with_for_update()
        ).all():
            journal.change(one, learner_id=kept_id)
            _note(session, one, "learner_changed", reason, actor)


@signals.learners_split.connect
def tell_split(merge_id: int, kept_id: int, gone_id: int, reason: str, actor: Actor) -> None:
    """The journal has given everything back; the certificates' histories say so."""
    with transaction() as session:
        for one in session.scalars(select(Certificate).where(Certificate.learner_id == gone_id)).all():
            _note(session, one, "learner_changed", reason, actor)


def _pairs(kept_id: int, gone_id: int, *, locked: bool = False) -> list[tuple[Certificate, Certificate]]:
    query = (
        select(Certificate)
        .where(Certificate.learner_id.in_([kept_id, gone_id]), Certificate.state == "issued")
        .order_by(Certificate.id)
    )
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    living = {(one.course_id, one.learner_id): one for one in db.session.scalars(query)}
    both: Sequence[int] = sorted({course for course, _learner in living})
    return [
        (living[course, kept_id], living[course, gone_id])
        for course in both
        if (course, kept_id) in living and (course, gone_id) in living
    ]


def _newest(kept: Certificate, gone: Certificate) -> str:
    return "kept" if (kept.issued_at, kept.id) > (gone.issued_at, gone.id) else "gone"


def _note(session: Session, one: Certificate, kind: str, reason: str, actor: Actor) -> None:
    session.add(
        CertificateEvent(
            organisation_id=one.organisation_id,
            certificate_id=one.id,
            kind=kind,
            at=now(),
            staff_id=actor.staff_id,
            reason=reason,
        )
    )
