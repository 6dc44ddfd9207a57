"""More time, and a yes past the rules: what a trainer gives to the room or to one learner."""

from datetime import timedelta

from sqlalchemy.orm import Session

from classroom.attendance.services.flagging import on_conflict
from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.exams.models import Attempt, GatePass, Sitting
from classroom.exams.queries.people import person_at
from classroom.exams.queries.sitting_facts import get_sitting, hours_of
from classroom.exams.rules.terms import Terms
from classroom.exams.rules.timing import extended
from classroom.exams.services.locking import hold_sitting, lock_attempts
from classroom.exams.services.marking import clear_marks, tell_gone
from classroom.exams.services.running import check_open
from classroom.sessions.services.refusing import check_reason

MOST_MINUTES = 120
_BY_ITSELF = ("time", "ended")


def extend(sitting_id: str, minutes: int, *, learner: str | None, reason: str, actor: Actor) -> int:
    """Give more time, by whole minutes, to one learner or (None) to the room; returns to how many.

    To the room: all who write, and all whom an ending by mistake had closed. To one learner: the latest attempt, also
    one that ran out of time (it goes on, from now) and, with a reason, one that was handed in. A sitting that has ended
    must be reopened first (`sitting.ended`). Raises Invalid `sitting.minutes` outside 1 to 120.
    """
    if not 1 <= minutes <= MOST_MINUTES:
        raise Invalid("sitting.minutes", least=1, most=MOST_MINUTES)
    actor.require("exam.run")
    by = timedelta(minutes=minutes)
    with transaction() as session:
        person = None if learner is None else person_at(get_sitting(actor, sitting_id), learner)
        sitting = hold_sitting(session, sitting_id, actor)
        check_open(sitting)
        if person is None:
            chosen = _everybody(session, sitting)
        else:
            chosen = [_latest(session, sitting, person.learner_id, reason)]
        for attempt in chosen:
            _extend(session, sitting, attempt, by, reason, actor)
        facts = {"minutes": minutes, "attempts": len(chosen)}
        personal = {"name": person.name if person else "", "reason": reason.strip()[:300]}
        subject = ("sitting", sitting.id) if person is None else ("attempt", chosen[0].id)
        record(
            "sitting.extended" if person is None else "attempt.extended",
            *subject,
            actor=actor,
            facts=facts,
            personal=personal,
        )
        return len(chosen)


def let_in(sitting_id: str, learner: str, reason: str, extra_minutes: int = 0, *, actor: Actor) -> None:
    """Say yes for one learner past the rules, for one attempt more, with more minutes for who needs them.

    Said again it holds for yet another attempt; raises Invalid `sitting.minutes` outside 0 to 120.
    """
    if not 0 <= extra_minutes <= MOST_MINUTES:
        raise Invalid("sitting.minutes", least=0, most=MOST_MINUTES)
    why = check_reason(reason)
    actor.require("exam.run")
    with transaction() as session:
        person = person_at(get_sitting(actor, sitting_id), learner)
        sitting = hold_sitting(session, sitting_id, actor)
        check_open(sitting)
        said = {"extra_minutes": extra_minutes, "reason": why, "at": now(), "staff_id": actor.staff_id}
        keys = {"sitting_id": sitting.id, "learner_id": person.learner_id}
        session.execute(
            on_conflict(session, GatePass.__table__)
            .values(organisation_id=sitting.organisation_id, **keys, **said)
            .on_conflict_do_update(index_elements=list(keys), set_=said)
        )
        facts = {"learner": person.public_id, "minutes": extra_minutes}
        record(
            "sitting.let_in",
            "sitting",
            sitting.id,
            actor=actor,
            facts=facts,
            personal={"name": person.name, "reason": why},
        )


def _everybody(session: Session, sitting: Sitting) -> list[Attempt]:
    """Who writes, and who would but for an ending that was taken back; nobody who handed in or ran out of time."""
    latest = {one.learner_id: one for one in lock_attempts(session, Attempt.sitting_id == sitting.id)}
    return [one for one in latest.values() if one.state == "running" or one.finished_how == "ended"]


def _latest(session: Session, sitting: Sitting, learner_id: int, reason: str) -> Attempt:
    found = lock_attempts(
        session, Attempt.sitting_id == sitting.id, Attempt.learner_id == learner_id, Attempt.state != "annulled"
    )
    if not found:
        raise NotFound
    attempt = found[-1]
    if attempt.source == "paper":
        raise Refusal("attempt.by_pen")
    if attempt.state == "finished" and attempt.finished_how not in _BY_ITSELF:
        check_reason(reason)
    return attempt


def _extend(session: Session, sitting: Sitting, attempt: Attempt, by: timedelta, reason: str, actor: Actor) -> None:
    hours = hours_of(Terms.from_json(sitting.terms), sitting)
    attempt.deadline_at = extended(attempt.deadline_at, hours, now(), by)
    if attempt.state == "running":
        return
    assert attempt.finished_at is not None
    facts = {
        "finished_at": attempt.finished_at.isoformat(),
        "how": attempt.finished_how,
        "mark": None if attempt.mark is None else str(attempt.mark),
        "outcome": attempt.outcome,
    }
    record(
        "attempt.reopened", "attempt", attempt.id, actor=actor, facts=facts, personal={"reason": reason.strip()[:300]}
    )
    attempt.state, attempt.finished_at, attempt.finished_how = "running", None, ""
    was = clear_marks(attempt)
    session.flush()
    tell_gone(attempt, sitting.paper_id, was)
