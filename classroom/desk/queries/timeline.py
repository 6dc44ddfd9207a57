"""Read in one timeline what happened in a class session, or around a learner."""

from sqlalchemy import or_, select

from classroom.attendance.models import CheckinRequest, Event, Flag, Scan, SpotAnswer, SpotCheck
from classroom.audit.models import AuditEntry
from classroom.core.db import db
from classroom.desk.queries import moments
from classroom.desk.queries.moments import Moment
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession, Enrolment, EnrolmentChange

#: What the log tells of a class session beside marks, requests, flags and answers, which have rows of their own.
_OF_SESSION = ("register.", "screen.", "spot.opened", "spot.ended", "session.")
#: What it tells of a learner that bears on being known at the door.
_OF_LEARNER = ("binding.", "badge.", "learner.merged", "learner.split", "learner.code_replaced")


def timeline_of_session(class_session: ClassSession) -> list[Moment]:
    """Every try, mark, decision and step of the register, the first one first; a fixed number of reads."""
    key = class_session.id
    return _in_order(
        [
            *moments.scans_and_events(Scan.class_session_id == key, Event.class_session_id == key),
            *moments.requests(CheckinRequest.class_session_id == key),
            *moments.flags(Flag.class_session_id == key),
            *moments.spot_answers(SpotCheck.class_session_id == key),
            *moments.log_entries(
                (AuditEntry.organisation_id == class_session.organisation_id)
                & (AuditEntry.subject_kind == "class_session")
                & (AuditEntry.subject_id == key),
                _OF_SESSION,
            ),
        ]
    )


def timeline_of_learner(learner: Learner) -> list[Moment]:
    """The same around one learner, over all places, with what belonged to learners merged into this one."""
    people = _one_person(learner)
    places = select(Enrolment.id).where(Enrolment.learner_id.in_(people))
    return _in_order(
        [
            *moments.scans_and_events(
                or_(Scan.learner_id.in_(people), Scan.enrolment_id.in_(places)), Event.enrolment_id.in_(places)
            ),
            *moments.requests(CheckinRequest.enrolment_id.in_(places)),
            *moments.flags(Flag.enrolment_id.in_(places)),
            *moments.spot_answers(SpotAnswer.enrolment_id.in_(places)),
            *moments.changes(EnrolmentChange.enrolment_id.in_(places)),
            *moments.log_entries(
                (AuditEntry.organisation_id == learner.organisation_id)
                & (AuditEntry.subject_kind == "learner")
                & AuditEntry.subject_id.in_(people),
                _OF_LEARNER,
            ),
        ]
    )


def _one_person(learner: Learner) -> set[int]:
    found, fresh = {learner.id}, {learner.id}
    while fresh:
        fresh = set(db.session.scalars(select(Learner.id).where(Learner.merged_into_id.in_(fresh)))) - found
        found |= fresh
    return found


def _in_order(found: list[Moment]) -> list[Moment]:
    """The log tells a merge of both learners; one of the two entries is enough."""
    alike: dict[tuple[object, ...], Moment] = {}
    for one in found:
        merge = one.kind in {"learner.merged", "learner.split"}
        alike[(one.kind, one.at, str(one.details)) if merge else (one.kind, one.order)] = one
    return sorted(alike.values(), key=lambda one: (one.at, one.recorded_at, one.order))
