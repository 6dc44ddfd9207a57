"""Open a sitting: one paper in one class session, its terms copied and its questions pinned."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from classroom.attendance.models import Register
from classroom.attendance.queries.session_facts import SessionFacts, get_session_facts
from classroom.attendance.rules import Purpose, day_end, opens_at
from classroom.attendance.services.locking import lock_register
from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.exams.models import Paper, Sitting
from classroom.exams.queries.papers import plan_of, pool_of
from classroom.exams.rules.papers import check_ready
from classroom.exams.rules.terms import ShowScore, Terms
from classroom.exams.services.extending import extend as extend
from classroom.exams.services.extending import let_in as let_in
from classroom.exams.services.running import annul_sitting as annul_sitting
from classroom.exams.services.running import end as end
from classroom.exams.services.running import pause as pause
from classroom.exams.services.running import reopen as reopen
from classroom.exams.services.running import resume as resume

#: What the trainer in the room may set otherwise than the paper says, with the values allowed.
_CHOICES: Mapping[str, Any] = {
    "time_limit": lambda value: _whole(value, 1, 480),
    "entry_window": lambda value: value is None or _whole(value, 1, 480),
    "require_sessions": lambda value: _whole(value, 0, 100),
    "require_present": lambda value: isinstance(value, bool),
    "practice": lambda value: isinstance(value, bool),
    "show_score": lambda value: value in set(ShowScore),
}


def open_sitting(
    session_public_id: str,
    paper_public_id: str,
    *,
    retake: bool = False,
    terms: Mapping[str, Any] | None = None,
    actor: Actor,
) -> str:
    """Let a class begin a test; returns the sitting's public id. The same opening again finds the first one.

    Refused outside the session's check-in and day (`sitting.too_early`, `sitting.day_over`), for a paper of another
    course or one that cannot be sat (`paper.not_ready`), and (`sitting.open_already`) where it is open on other terms.
    """
    actor.require("exam.run")
    with transaction() as session:
        facts = lock_register(session, get_session_facts(actor, session_public_id)).facts
        _check_time(facts, at := now())
        paper = _paper(session, facts, paper_public_id)
        agreed = _terms(paper, terms or {})
        if known := _known(session, facts, paper):
            if known.retake != retake or known.terms != agreed:
                raise Refusal("sitting.open_already")
            return known.public_id
        sitting = Sitting(
            organisation_id=facts.organisation_id,
            class_session_id=facts.id,
            paper_id=paper.id,
            terms=agreed,
            pool=_pool(paper),
            opened_at=at,
            opened_by=actor.staff_id,
            retake=retake,
            kiosk_pin=_pin(),
        )
        session.add(sitting)
        session.flush()
        session.execute(update(Register).where(Register.class_session_id == facts.id).values(showing=Purpose.TEST))
        told = {"class": facts.class_code, "number": facts.number, "paper": paper.title}
        record("sitting.opened", "sitting", sitting.id, actor=actor, facts={**told, "retake": retake})
        return sitting.public_id


def _pin() -> str:
    return f"{secrets.randbelow(10_000):04d}"


def _check_time(facts: SessionFacts, at: datetime) -> None:
    if facts.schedule.cancelled:
        raise Refusal("sitting.session_cancelled")
    first, last = opens_at(facts.schedule, facts.policy, facts.state), day_end(facts.schedule)
    if at < first:
        raise Refusal("sitting.too_early", opens_at=first)
    if at >= last:
        raise Refusal("sitting.day_over")


def _paper(session: Session, facts: SessionFacts, public_id: str) -> Paper:
    query = select(Paper).where(Paper.public_id == public_id, Paper.organisation_id == facts.organisation_id)
    paper = session.scalar(query)
    if paper is None:
        raise NotFound
    if paper.retired_at is not None:
        raise Refusal("sitting.paper_retired")
    if paper.course_id != facts.course_id:
        raise Refusal("sitting.other_course", course=facts.course)
    return paper


def _known(session: Session, facts: SessionFacts, paper: Paper) -> Sitting | None:
    """The register is held: nobody else opens one meanwhile."""
    return session.scalar(
        select(Sitting).where(
            Sitting.class_session_id == facts.id,
            Sitting.paper_id == paper.id,
            Sitting.ended_at.is_(None),
            Sitting.annulled_at.is_(None),
        )
    )


def _pool(paper: Paper) -> list[dict[str, Any]]:
    """Every question that may be drawn, in the version of now."""
    plan = plan_of(paper)
    check_ready(plan)
    return [part.to_json() for part in pool_of(plan)]


def _terms(paper: Paper, chosen: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in chosen.items():
        if name not in _CHOICES or not _CHOICES[name](value):
            raise Invalid("sitting.terms", name=name)
    return Terms.from_json({**Terms.of(paper).to_json(), **chosen}).to_json()


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
