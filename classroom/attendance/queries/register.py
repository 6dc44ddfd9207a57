"""Read the register of a class session: every place of its roster with its mark, guests beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased

from classroom.attendance.models import Event, Mark, Register
from classroom.attendance.queries.phones import present_key
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.rules import CAME, Status, Tally, tally
from classroom.core.db import db
from classroom.learners.models import Learner
from classroom.sessions.models import Enrolment, TrainingClass

_NAMED = aliased(Learner)


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One learner in one class session; `status` None is unmarked, `event` the public id of what decides."""

    enrolment_id: int
    enrolment: str
    learner: str
    code: str
    name: str
    name_fold: str
    unit: str
    phone_end: str
    class_code: str
    on_roster: bool
    not_yet: bool
    status: Status | None
    arrived_at: datetime | None = None
    source: str = ""
    by_hand: bool = False
    after_sign_off: bool = False
    reason: str = ""
    event: str = ""
    updated_at: datetime | None = None
    #: Taken in at the door, and not sent away since.
    walk_in: bool = False
    #: Where the class checks out.
    left_at: datetime | None = None
    minutes: int | None = None
    minutes_estimated: bool = False

    @property
    def missing(self) -> bool:
        """Whether the board should still look for this learner."""
        return self.on_roster and self.status is None

    @property
    def inside(self) -> bool:
        """Whether the learner came and has not been seen going."""
        return self.status in CAME and self.left_at is None


def find_register(class_session_id: int) -> Register | None:
    """The register of a class session, if anything has touched it yet."""
    return db.session.scalar(select(Register).where(Register.class_session_id == class_session_id))


def register_lines(facts: SessionFacts) -> list[RegisterLine]:
    """The roster of this session in Vietnamese order, then the guests in the order of their arrival.

    On the roster are all who had not left the class when the session began. Somebody who was merged into another one
    of the class stands there once, as the one who was kept.
    """
    roster = db.session.execute(
        _lines(facts)
        .where(_on_roster(facts))
        .order_by(Learner.sort_key, Learner.birth_year.nulls_last(), Learner.born_on.nulls_last(), Enrolment.id)
    )
    beside = db.session.execute(
        _lines(facts, only_marked=True)
        .where(~_on_roster(facts), Mark.status.in_([*Status]))
        .order_by(Mark.arrived_at, Mark.id)
    )
    lines = [_line(row, facts, on_roster=True) for row in roster]
    return lines + [_line(row, facts, on_roster=False) for row in beside]


def tally_of(lines: Iterable[RegisterLine]) -> Tally:
    """The session in numbers; every place of the roster counts exactly once."""
    lines = list(lines)
    return tally(
        [line.enrolment_id for line in lines if line.on_roster],
        {line.enrolment_id: line.status for line in lines if line.status},
        {line.enrolment_id for line in lines if line.not_yet},
    )


def count_session(facts: SessionFacts) -> Tally:
    """The session in numbers, for whoever may know numbers only."""
    return tally_of(register_lines(facts))


def guests_to_find(facts: SessionFacts, words: Sequence[str], most: int = 20) -> list[Any]:
    """Learners in other classes of the course whose name, unit or code has all these folded words.

    The code of somebody who was merged into one of them counts, too.
    """
    query = (
        select(Enrolment.public_id, Learner.name, Learner.unit, Learner.phone, TrainingClass.code)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .join(TrainingClass, TrainingClass.id == Enrolment.class_id)
        .where(
            Enrolment.course_id == facts.course_id,
            Enrolment.class_id != facts.class_id,
            Enrolment.organisation_id == facts.organisation_id,
            Enrolment.ended_at.is_(None),
        )
    )
    for word in words:
        fits = (column.contains(word, autoescape=True) for column in (Learner.name_fold, Learner.unit_fold))
        coded = select(present_key(_NAMED)).where(
            _NAMED.organisation_id == facts.organisation_id, _NAMED.code == word.upper()
        )
        query = query.where(or_(*fits, Learner.id.in_(coded)))
    return list(db.session.execute(query.order_by(Learner.sort_key, Enrolment.id).limit(most)))


def _on_roster(facts: SessionFacts) -> ColumnElement[bool]:
    return and_(
        Enrolment.class_id == facts.class_id,
        or_(Enrolment.ended_at.is_(None), Enrolment.ended_at > facts.schedule.starts_at),
    )


def _lines(facts: SessionFacts, *, only_marked: bool = False) -> Select[Any]:
    its_mark = and_(Mark.enrolment_id == Enrolment.id, Mark.class_session_id == facts.id)
    return (
        select(
            Enrolment.id,
            Enrolment.public_id,
            Enrolment.effective_from,
            Learner.public_id,
            Learner.code,
            Learner.name,
            Learner.name_fold,
            Learner.unit,
            Learner.phone,
            TrainingClass.code,
            Mark.status,
            Mark.arrived_at,
            Mark.source,
            Mark.by_hand,
            Mark.after_sign_off,
            Mark.reason,
            Event.public_id,
            Mark.updated_at,
            Enrolment.walk_in,
            Mark.left_at,
            Mark.minutes,
            Mark.minutes_estimated,
        )
        .select_from(Enrolment)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .join(TrainingClass, TrainingClass.id == Enrolment.class_id)
        .join(Mark, its_mark, isouter=not only_marked)
        .outerjoin(Event, Event.id == Mark.event_id)
        .where(Learner.merged_into_id.is_(None))
    )


def _line(row: Any, facts: SessionFacts, *, on_roster: bool) -> RegisterLine:
    not_yet = row[2] >= facts.schedule.ends_at
    status = Status(row[10]) if row[10] and row[10] != "unmarked" else None
    return RegisterLine(
        enrolment_id=row[0],
        enrolment=row[1],
        learner=row[3],
        code=row[4],
        name=row[5],
        name_fold=row[6],
        unit=row[7],
        phone_end=row[8][-3:],
        class_code=row[9],
        on_roster=on_roster,
        not_yet=not_yet,
        status=status or (Status.NOT_APPLICABLE if not_yet and on_roster else None),
        arrived_at=row[11],
        source=row[12] or "",
        by_hand=bool(row[13]),
        after_sign_off=bool(row[14]),
        reason=row[15] or "",
        event=row[16] or "",
        updated_at=row[17],
        walk_in=row[18] in {"pending", "accepted"},
        left_at=row[19],
        minutes=row[20],
        minutes_estimated=bool(row[21]),
    )
