"""Erase a person on request: noted first, then decided by somebody who may, and carried out in every room at once."""

from collections.abc import Sequence

from sqlalchemy import JSON, ColumnElement, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from classroom.audit.services import erase_about, erase_mentions, record
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now, today
from classroom.core.db import db, transaction
from classroom.core.erasing import NEUTRAL, Traces, scrub_rows
from classroom.core.errors import Invalid, Refusal
from classroom.core.models import Throttle
from classroom.inbox import services as inbox
from classroom.inbox.models import InboxItem
from classroom.jobs.models import Job
from classroom.learners import queries
from classroom.learners.models import ErasureRequest, Learner, LearnerMerge, MergeLine
from classroom.learners.rules.erasure import AskedErasure, add_up, due_day, erased_columns
from classroom.learners.services.many import fresh_codes

KIND = "learners.erasure"
_FREE = ("asked_by", "identity", "reason")


def ask_erasure(learner_id: str, asked: AskedErasure, *, working_days: int, actor: Actor) -> ErasureRequest:
    """Note a request and ask the inbox; raises Invalid `erasure.unsaid`, `erasure.future`, Refusal `erasure.open`."""
    actor.require("learner.manage")
    who, how, why = (" ".join(text.split())[:300] for text in (asked.asked_by, asked.identity, asked.reason))
    if not who or not how:
        raise Invalid("erasure.unsaid")
    here = today(actor.time_zone)
    received = asked.received_on or here
    if received > here:
        raise Invalid("erasure.future")
    try:
        with transaction() as session:
            learner = queries.get_learner(actor.organisation_id, learner_id)
            made = ErasureRequest(
                organisation_id=actor.organisation_id, learner_id=learner.id, asked_by=who[:200], identity=how,
                reason=why, received_on=received, due_on=due_day(received, working_days), noted_at=now(),
                noted_by=actor.staff_id,
            )  # fmt: skip
            session.add(made)
            session.flush()
            facts = {"request": made.public_id}
            inbox.ask(KIND, made.public_id, organisation_id=actor.organisation_id, class_id=None, facts=facts)
            told = {"code": learner.code, "due_on": f"{made.due_on:%d/%m/%Y}"}
            record("learner.erasure_asked", "learner", learner.id, actor=actor, facts=told)
            return made
    except IntegrityError as broken:
        raise Refusal("erasure.open") from broken


def foresee_erasure(asked: ErasureRequest) -> dict[str, int]:
    """How much would be erased, room by room; raises what a room refuses with."""
    people = queries.one_person(asked.learner_id)
    traces = _traces(people)
    merges = select(func.count(LearnerMerge.id)).where(_merged(people))
    own = {"learners": len(people), "merges": db.session.scalar(merges) or 0}
    facts = {"organisation_id": asked.organisation_id, "learner_ids": people, "traces": traces, "counting": True}
    return add_up([own, *signals.learners_erasing.send(**facts)])


def refuse_erasure(request_id: str, reason: str, *, actor: Actor) -> ErasureRequest:
    """Say no, with the reason that the person is told; raises `erasure.decided`, Invalid `reason.missing`."""
    why = _reason(reason)
    actor.require("learner.erase")
    with transaction() as session:
        asked = _hold(actor, request_id)
        _decide(session, asked, "refused", why, actor)
        record("learner.erasure_refused", "learner", asked.learner_id, actor=actor, personal={"reason": why})
        return asked


def erase_learner(request_id: str, reason: str, *, actor: Actor) -> ErasureRequest:
    """Put a neutral line in place of the person in every room. Nothing brings it back.

    Raises `erasure.decided`, Invalid `reason.missing`, or what a room refuses with.
    """
    why = _reason(reason)
    actor.require("learner.erase")
    counts = foresee_erasure(queries.get_erasure(actor.organisation_id, request_id))
    with transaction() as session:
        asked = _hold(actor, request_id)
        people = queries.one_person(asked.learner_id)
        signals.learners_holding.send(learner_ids=people)
        query = select(Learner).where(Learner.id.in_(people)).order_by(Learner.id).with_for_update(key_share=True)
        session.scalars(query).all()
        traces = _traces(people)
        facts = {"organisation_id": asked.organisation_id, "learner_ids": people, "traces": traces}
        signals.learners_erasing.send(**facts, counting=False)
        signals.learner_erased.send(learner_ids=people, traces=traces, actor=actor)
        _erase_own(session, people, traces, actor)
        _decide(session, asked, "erased", traces.scrub(why), actor)
        asked.counts = counts
        record("learner.erased", "learner", asked.learner_id, actor=actor, facts={"counts": counts, "keys": people})
        return asked


def _erase_own(session: Session, people: list[int], traces: Traces, actor: Actor) -> None:
    organisation_id, at = actor.organisation_id, now()
    requests = update(ErasureRequest).where(ErasureRequest.learner_id.in_(people))
    session.execute(requests.values(dict.fromkeys(_FREE, NEUTRAL) | {"reason": ""}))
    merges = list(session.scalars(select(LearnerMerge.id).where(_merged(people))))
    session.execute(update(LearnerMerge).where(LearnerMerge.id.in_(merges)).values(reason=NEUTRAL, split_reason=""))
    lines = update(MergeLine).where(MergeLine.merge_id.in_(merges))
    session.execute(lines.values(old_value=None, new_value=None))
    for key, code in zip(people, fresh_codes(organisation_id, len(people)), strict=True):
        values = {**erased_columns(), "code": code, "updated_at": at, "erased_at": at}
        gone = {"annulled_at": func.coalesce(Learner.annulled_at, at)}
        session.execute(update(Learner).where(Learner.id == key).values(**values, **gone))
    _erase_shared(session, organisation_id, people, traces)
    session.expire_all()


def _erase_shared(session: Session, organisation_id: int, people: list[int], traces: Traces) -> None:
    """What the rooms below keep: the personal part of the log, questions, jobs, counters of tries."""
    erase_about(session, organisation_id, "learner", people)
    erase_mentions(session, organisation_id, traces)
    for table, columns in (
        (Learner, ("note",)),
        (LearnerMerge, ("reason", "split_reason")),
        (ErasureRequest, ("reason", "identity", "decision_reason")),
    ):
        scrub_rows(session, table, columns, traces, table.organisation_id == organisation_id)
    scrub_rows(session, InboxItem, ("facts",), traces, InboxItem.organisation_id == organisation_id)
    texts = [one.name for one in Job.__table__.columns if isinstance(one.type, JSON) or one.name == "note"]
    scrub_rows(session, Job, texts, traces, Job.organisation_id == organisation_id)
    scrub_rows(session, Throttle, ("key",), traces)


def _traces(people: Sequence[int]) -> Traces:
    """By what the person is known here, under present and merged rows."""
    rows = db.session.scalars(select(Learner).where(Learner.id.in_(people))).all()
    exact = [text for one in rows for text in (one.id_number, one.email, one.code)]
    return Traces.of((one.name for one in rows), (one.phone for one in rows), exact)


def _merged(people: Sequence[int]) -> ColumnElement[bool]:
    return or_(LearnerMerge.kept_id.in_(people), LearnerMerge.gone_id.in_(people))


def _hold(actor: Actor, request_id: str) -> ErasureRequest:
    asked = queries.get_erasure(actor.organisation_id, request_id, lock=True)
    if asked.state != "open":
        raise Refusal("erasure.decided")
    return asked


def _decide(session: Session, asked: ErasureRequest, state: str, reason: str, actor: Actor) -> None:
    asked.state, asked.decided_at, asked.decided_by, asked.decision_reason = state, now(), actor.staff_id, reason
    inbox.withdraw(KIND, asked.public_id, organisation_id=asked.organisation_id)
    session.flush()


def _reason(reason: str) -> str:
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Invalid("reason.missing")
    return reason
