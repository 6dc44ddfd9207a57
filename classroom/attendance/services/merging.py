"""Marks and phones follow when two learners are made one, and go back when they are parted."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session, aliased

from classroom.attendance.models import Binding, Event, IdHash, Mark, Register
from classroom.attendance.queries.session_facts import session_facts_by_id
from classroom.attendance.rules import CAME, EventKind, Source, Status, undo_targets
from classroom.attendance.services.locking import lock_register, lock_registers
from classroom.attendance.services.marking import EventFacts, append_event, events_of
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.reasons import MERGED, coded
from classroom.learners.rules.merging import Conflict
from classroom.learners.services.journal import Journal, rows_made
from classroom.sessions.models import ClassSession, Enrolment, TrainingClass

_UNMARKED = "unmarked"


class _Both(NamedTuple):
    """A session with a mark of the gone place, beside the kept learner's place in the same class."""

    session: ClassSession
    class_code: str
    gone_place: int
    kept_place: int
    gone_status: str
    gone_by_hand: bool
    kept_status: str | None
    kept_by_hand: bool | None

    @property
    def carries(self) -> bool:
        """Whether the gone place's mark says more than the kept one's, and no decision stands against it."""
        if self.kept_by_hand:
            return False
        came = self.kept_status in CAME
        if self.gone_status in CAME:
            return not (came and self.gone_by_hand)
        return self.gone_status == Status.EXCUSED and self.gone_by_hand and not came


@signals.learners_holding.connect
def hold_registers(learner_ids: Sequence[int]) -> None:
    """Wait for scans that are under way, and let later ones wait, in every session where the learners can be marked."""
    with transaction() as session:
        courses = select(Enrolment.course_id).where(Enrolment.learner_id.in_(learner_ids))
        of_courses = (
            select(ClassSession.id)
            .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
            .where(TrainingClass.course_id.in_(courses))
        )
        lock_registers(session, Register.class_session_id.in_(of_courses))


@signals.learners_merging.connect
def foresee_marks(kept_id: int, gone_id: int) -> list[Conflict]:
    """Sessions in which both places of one class carry a mark, with what the mark will be."""
    found = []
    for one in _both_marked(kept_id, gone_id):
        kept = one.kept_status or _UNMARKED
        if kept != _UNMARKED and one.gone_status not in (_UNMARKED, kept):
            will = one.gone_status if one.carries and kept not in CAME else kept
            details = {"session": one.session, "code": one.class_code, "kept": kept, "gone": one.gone_status}
            found.append(Conflict("both_marked", {**details, "will": will}))
    return found


@signals.learners_merged.connect
def move_marks(kept_id: int, gone_id: int, journal: Journal, reason: str, actor: Actor) -> None:
    """What happened to the gone one's place in a class of both is written to the kept one's; phones go over."""
    with transaction() as session:
        for one in _both_marked(kept_id, gone_id):
            if one.carries:
                _carry(session, one, journal, reason, actor)
        _move_bindings(session, kept_id, gone_id, journal)
        session.execute(delete(IdHash).where(IdHash.learner_id.in_([kept_id, gone_id])))


@signals.learners_splitting.connect
def take_marks_back(merge_id: int, actor: Actor) -> None:
    """What the merge wrote is annulled; what people decided since stands."""
    with transaction() as session:
        for event in _made(session, merge_id):
            if session.scalar(select(exists().where(Event.annuls_id == event.id))):
                continue
            facts = session_facts_by_id(event.class_session_id)
            if facts is not None:
                undo = EventFacts(EventKind.UNDO, now(), Source.HAND, staff_id=actor.staff_id, annuls_id=event.id)
                append_event(session, lock_register(session, facts), event.enrolment_id, undo)


def _carry(session: Session, one: _Both, journal: Journal, reason: str, actor: Actor) -> None:
    facts = session_facts_by_id(one.session.id)
    if facts is None:
        return
    locked = lock_register(session, facts)
    targets = undo_targets(events_of(session, facts.id, one.gone_place), facts.policy)
    for event in session.scalars(select(Event).where(Event.id.in_(targets)).order_by(Event.id)).all():
        made = append_event(session, locked, one.kept_place, _copy(event, reason, actor))
        journal.made("event", made.event_id)


def _copy(event: Event, reason: str, actor: Actor) -> EventFacts:
    source = Source(event.source) if event.source else Source.HAND
    if event.kind in {EventKind.MANUAL, EventKind.CORRECTION}:
        why = coded(MERGED, event.reason or reason)
        return EventFacts(EventKind.MANUAL, event.at, source, Status(event.status), why, actor.staff_id)
    kind = EventKind.EXIT if event.kind == EventKind.EXIT else EventKind.MERGED
    return EventFacts(kind, event.at, source, staff_id=actor.staff_id, scan_id=event.scan_id)


def _move_bindings(session: Session, kept_id: int, gone_id: int, journal: Journal) -> None:
    known = {one.browser_hash: one for one in _bindings(session, kept_id)}
    for binding in _bindings(session, gone_id):
        same = known.get(binding.browser_hash)
        if same is None:
            journal.change(binding, learner_id=kept_id)
        elif binding.annulled_at is None:
            journal.change(binding, annulled_at=now())
            journal.change(same, annulled_at=None)


def _bindings(session: Session, learner_id: int) -> Sequence[Binding]:
    return session.scalars(select(Binding).where(Binding.learner_id == learner_id).order_by(Binding.id)).all()


def _made(session: Session, merge_id: int) -> Sequence[Event]:
    keys = rows_made(session, merge_id, "event")
    query = select(Event).where(Event.id.in_(keys)).order_by(Event.class_session_id, Event.id.desc())
    return session.scalars(query).all()


def _both_marked(kept_id: int, gone_id: int) -> list[_Both]:
    """In the order in which registers are locked."""
    kept, gone, gone_mark, kept_mark = aliased(Enrolment), aliased(Enrolment), aliased(Mark), aliased(Mark)
    rows: Sequence[Any] = db.session.execute(
        select(
            ClassSession, TrainingClass.code, gone.id, kept.id, gone_mark.status, gone_mark.by_hand,
            kept_mark.status, kept_mark.by_hand,
        )
        .join(gone_mark, gone_mark.class_session_id == ClassSession.id)
        .join(gone, gone.id == gone_mark.enrolment_id)
        .join(kept, kept.class_id == gone.class_id)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .outerjoin(
            kept_mark, (kept_mark.enrolment_id == kept.id) & (kept_mark.class_session_id == ClassSession.id)
        )
        .where(gone.learner_id == gone_id, kept.learner_id == kept_id)
        .order_by(ClassSession.id)
    ).all()  # fmt: skip
    return [_Both(*row) for row in rows]
