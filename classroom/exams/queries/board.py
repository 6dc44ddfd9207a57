"""Everything that the trainer's board of a sitting shows, in at most six statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, or_, select

from classroom.attendance.models import Mark, Register
from classroom.attendance.rules import ATTENDED
from classroom.core.clock import now
from classroom.core.db import db
from classroom.exams.models import Attempt, AttemptDevice, GatePass, Paper, Sitting, StrayAnswer
from classroom.exams.queries.gates import half_days, standing_from
from classroom.exams.queries.sitting_facts import SittingFacts
from classroom.exams.rules.gate import Bar, gate
from classroom.exams.rules.timing import deadline
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession, Enrolment, TrainingClass

#: A running attempt of which nothing was heard for so long has lost its device or its network.
DISCONNECTED_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class DeviceAsk:
    """A device that wants to take an attempt over."""

    public_id: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One learner on the board.

    `state`: none (not in the room), barred (`bars` say why), ready, running, disconnected, finished. Of several
    attempts it is the latest; `deadline` is the one that holds now.
    """

    learner: str
    name: str
    code: str
    unit: str
    class_code: str
    on_roster: bool
    present: bool
    state: str = "none"
    bars: tuple[Bar, ...] = ()
    let_in: bool = False
    attempt: str = ""
    number: int = 0
    source: str = ""
    answered: int = 0
    of: int = 0
    started_at: datetime | None = None
    deadline: datetime | None = None
    last_saved_at: datetime | None = None
    last_seen_at: datetime | None = None
    finished_at: datetime | None = None
    finished_how: str = ""
    asks: tuple[DeviceAsk, ...] = ()
    #: Answers that came too late or from another device, not yet decided on.
    strays: int = 0
    mark: Decimal | None = None
    out_of: Decimal | None = None
    outcome: str = ""


@dataclass
class _Everybody:
    """What was read, by learner key."""

    attempts: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    passes: dict[int, Any] = field(default_factory=dict)
    asks: dict[int, list[DeviceAsk]] = field(default_factory=lambda: defaultdict(list))
    planned: dict[int, list[tuple[int, bool]]] = field(default_factory=lambda: defaultdict(list))
    marks: dict[int, list[tuple[int, str | None]]] = field(default_factory=lambda: defaultdict(list))


def board_rows(sitting: SittingFacts, at: datetime | None = None) -> list[BoardRow]:
    """The roster in Vietnamese order, then guests who are in the room or have an attempt."""
    at = at or now()
    places = _places(sitting)
    read = _Everybody()
    learners = [place.learner_id for place in places]
    for one in _attempts(sitting, learners):
        read.attempts[one.learner_id].append(one)
    for given in db.session.execute(select(GatePass).where(GatePass.sitting_id == sitting.id)).scalars():
        read.passes[given.learner_id] = given
    for attempt_id, public_id, asked_at in _asks(sitting):
        read.asks[attempt_id].append(DeviceAsk(public_id, asked_at))
    if sitting.terms.require_sessions:
        _read_half_days(read, sitting, learners)
    return [_row(sitting, place, read, at) for place in places]


def board_version(sitting_id: int) -> str:
    """Grows or changes with everything that the board shows, except what only time changes; one statement.

    It is counted from the attempts, so that a hundred phones that save never wait for one row.
    """
    attempts = (
        select(
            func.count(Attempt.id).label("begun"),
            func.coalesce(func.sum(Attempt.answered), 0).label("answered"),
            func.count(Attempt.finished_at).label("finished"),
            func.max(Attempt.last_saved_at).label("saved"),
        )
        .where(Attempt.sitting_id == sitting_id)
        .subquery()
    )
    asked = select(func.max(AttemptDevice.asked_at)).join(Attempt).where(Attempt.sitting_id == sitting_id)
    row = db.session.execute(
        select(Sitting.version, Register.version, attempts, asked.scalar_subquery())
        .select_from(Sitting)
        .join(attempts, Sitting.id == sitting_id)
        .outerjoin(Register, Register.class_session_id == Sitting.class_session_id)
        .where(Sitting.id == sitting_id)
    ).one()
    return "-".join(str(int(each.timestamp() * 1000)) if isinstance(each, datetime) else str(each or 0) for each in row)


def _places(sitting: SittingFacts) -> list[Any]:
    """One row for each learner; whoever left a class and came back stands there once."""
    session = sitting.session
    here = and_(
        Enrolment.class_id == session.class_id,
        or_(Enrolment.ended_at.is_(None), Enrolment.ended_at > session.schedule.starts_at),
    )
    tried = select(Attempt.learner_id).where(Attempt.sitting_id == sitting.id)
    rows = db.session.execute(
        select(
            Enrolment.learner_id,
            Enrolment.class_id,
            Enrolment.ended_at,
            TrainingClass.code.label("class_code"),
            Learner.public_id,
            Learner.name,
            Learner.code,
            Learner.unit,
            Mark.status,
            here.label("on_roster"),
        )
        .join(Learner, Learner.id == Enrolment.learner_id)
        .join(TrainingClass, TrainingClass.id == Enrolment.class_id)
        .outerjoin(Mark, and_(Mark.enrolment_id == Enrolment.id, Mark.class_session_id == session.id))
        .where(
            Enrolment.course_id == session.course_id,
            Learner.merged_into_id.is_(None),
            or_(here, Mark.status.in_(ATTENDED), Enrolment.learner_id.in_(tried)),
        )
        .order_by(Learner.sort_key, Learner.birth_year.nulls_last(), Learner.born_on.nulls_last(), Enrolment.id)
    ).all()
    best: dict[int, Any] = {}
    for row in rows:
        known = best.get(row.learner_id)
        if known is None or _weight(row) > _weight(known):
            best[row.learner_id] = row
    return sorted(best.values(), key=lambda row: not row.on_roster)


def _weight(place: Any) -> tuple[bool, bool, bool]:
    return place.status in ATTENDED, bool(place.on_roster), place.ended_at is None


def _attempts(sitting: SittingFacts, learners: Sequence[int]) -> Sequence[Any]:
    strays = (
        select(func.count(StrayAnswer.id))
        .where(StrayAnswer.attempt_id == Attempt.id, StrayAnswer.taken_at.is_(None))
        .scalar_subquery()
    )
    return db.session.execute(
        select(
            *(getattr(Attempt, name) for name in _OF_ATTEMPT),
            strays.label("strays"),
            func.json_array_length(Attempt.items).label("of"),
        )
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Paper, Paper.id == Sitting.paper_id)
        .where(
            Attempt.learner_id.in_(learners),
            or_(Paper.id == sitting.counts_for, Paper.retake_of_id == sitting.counts_for),
            Sitting.annulled_at.is_(None) | (Sitting.id == sitting.id),
        )
        .order_by(Attempt.id)
    ).all()


_OF_ATTEMPT = (
    "id", "public_id", "sitting_id", "learner_id", "number", "state", "source", "answered", "started_at", "deadline_at",
    "last_saved_at", "last_seen_at", "finished_at", "finished_how", "mark", "out_of", "outcome",
)  # fmt: skip


def _asks(sitting: SittingFacts) -> Sequence[Any]:
    return db.session.execute(
        select(AttemptDevice.attempt_id, AttemptDevice.public_id, AttemptDevice.asked_at)
        .join(Attempt, Attempt.id == AttemptDevice.attempt_id)
        .where(Attempt.sitting_id == sitting.id, Attempt.state == "running", asks_now())
        .order_by(AttemptDevice.asked_at, AttemptDevice.id)
    ).all()


def asks_now() -> Any:
    """Whether a device waits for the trainer's tap: it asked after it was last let or refused."""
    return and_(
        or_(Attempt.device_hash.is_(None), AttemptDevice.device_hash != Attempt.device_hash),
        or_(AttemptDevice.granted_at.is_(None), AttemptDevice.granted_at < AttemptDevice.asked_at),
        or_(AttemptDevice.refused_at.is_(None), AttemptDevice.refused_at < AttemptDevice.asked_at),
    )


def _read_half_days(read: _Everybody, sitting: SittingFacts, learners: Sequence[int]) -> None:
    planned = (
        select(ClassSession.class_id, ClassSession.number, ClassSession.cancelled_at)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .where(TrainingClass.course_id == sitting.session.course_id)
    )
    for class_id, number, cancelled_at in db.session.execute(planned):
        read.planned[class_id].append((number, cancelled_at is not None))
    marks = (
        select(Enrolment.learner_id, ClassSession.number, Mark.status)
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .join(ClassSession, ClassSession.id == Mark.class_session_id)
        .where(Enrolment.course_id == sitting.session.course_id, Enrolment.learner_id.in_(learners))
    )
    for learner_id, number, status in db.session.execute(marks):
        read.marks[learner_id].append((number, status))


def _row(sitting: SittingFacts, place: Any, read: _Everybody, at: datetime) -> BoardRow:
    taken = read.attempts[place.learner_id]
    latest = next((one for one in reversed(taken) if one.sitting_id == sitting.id and one.state != "annulled"), None)
    given, present = read.passes.get(place.learner_id), place.status in ATTENDED
    attended, needed = half_days(
        sitting.terms.require_sessions, read.planned[place.class_id], read.marks[place.learner_id]
    )
    standing = standing_from(
        sitting,
        taken,
        given,
        present=present,
        enrolled=place.ended_at is None or present,
        attended=attended,
        needed=needed,
    )
    bars = gate(sitting.terms, standing, retake=sitting.retake)
    return BoardRow(
        learner=place.public_id,
        name=place.name,
        code=place.code,
        unit=place.unit,
        class_code=place.class_code,
        on_roster=bool(place.on_roster),
        present=present,
        state=_state(latest, bars, at),
        bars=tuple(bars),
        let_in=given is not None,
        **_of_attempt(sitting, latest, read, at),
    )


def _of_attempt(sitting: SittingFacts, latest: Any | None, read: _Everybody, at: datetime) -> dict[str, Any]:
    if latest is None:
        return {}
    return {
        "attempt": latest.public_id,
        "of": latest.of,
        "deadline": deadline(latest.deadline_at, sitting.hours, at),
        "asks": tuple(read.asks[latest.id]),
        "strays": latest.strays,
        **{name: getattr(latest, name) for name in _SHOWN},
    }


_SHOWN = (
    "number", "source", "answered", "started_at", "last_saved_at", "last_seen_at", "finished_at", "finished_how",
    "mark", "out_of", "outcome",
)  # fmt: skip


def _state(latest: Any | None, bars: Sequence[Bar], at: datetime) -> str:
    if latest is not None and latest.state == "running":
        seen = latest.last_seen_at or latest.started_at
        return "disconnected" if at - seen > DISCONNECTED_AFTER else "running"
    if latest is not None:
        return "finished"
    if not bars:
        return "ready"
    return "none" if any(bar.code == "gate.not_present" for bar in bars) else "barred"
