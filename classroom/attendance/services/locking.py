"""The register of a class session: made on first need, locked before anything that hangs on it changes."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from sqlalchemy import ColumnElement, bindparam, or_, select, update
from sqlalchemy.orm import Session

from classroom.attendance import rules
from classroom.attendance.models import Register
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.rules import RegisterState, Schedule
from classroom.attendance.services.flagging import on_conflict
from classroom.core.prepared import Prepared
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession, TrainingClass

_REGISTER: Any = Register.__table__
_LOCK = Prepared(
    update(_REGISTER)
    .where(_REGISTER.c.class_session_id == bindparam("wanted"))
    .values(version=_REGISTER.c.version + 1)
    .returning(
        _REGISTER.c.opened_at,
        _REGISTER.c.closed_at,
        _REGISTER.c.signed_off_at,
        _REGISTER.c.secret,
        _REGISTER.c.typed_failures,
        _REGISTER.c.version,
    )
)
#: Read under the lock: the half-day may have been moved, and a learner merged, since they were read.
_TIMES = Prepared(
    select(
        ClassSession.starts_at,
        ClassSession.ends_at,
        or_(ClassSession.cancelled_at.is_not(None), TrainingClass.cancelled_at.is_not(None)).label("cancelled"),
        select(Learner.merged_into_id).where(Learner.id == bindparam("learner")).scalar_subquery().label("merged_into"),
    )
    .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
    .where(ClassSession.id == bindparam("wanted"))
)


class HasRegister(Protocol):
    """A class session, as a row or as facts."""

    @property
    def id(self) -> Any: ...
    @property
    def organisation_id(self) -> Any: ...
    @property
    def held_on(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class LockedRegister:
    """Proof that the register's row is locked in this transaction; `facts` hold its state as of the lock.

    `merged_into` is the key of the learner of whom the one asked for is a part by now.
    """

    facts: SessionFacts
    merged_into: int | None = None

    @property
    def state(self) -> RegisterState:
        """Opened, closed, signed off: nobody can change it before this transaction ends."""
        return self.facts.state


def ensure_register(session: Session, class_session: HasRegister) -> Register:
    """The register of a class session, made on first need; its typed codes begin unlike any other's of the day."""
    wanted = select(Register).where(Register.class_session_id == class_session.id)
    if found := session.scalar(wanted):
        return found
    session.execute(
        on_conflict(session, Register.__table__).on_conflict_do_nothing(),
        {
            "organisation_id": class_session.organisation_id,
            "class_session_id": class_session.id,
            "secret": fresh_register_secret(session, class_session.held_on, class_session.id),
            "version": 1,
            "closed_how": "",
            "notes": "",
            "typed_failures": 0,
        },
    )
    return session.scalars(wanted).one()


def fresh_register_secret(session: Session, day: date, class_session_id: int) -> bytes:
    """A secret for this register, its typed prefix unlike those of the day's other registers."""
    return rules.fresh_secret(_prefixes(session, day, class_session_id))


def _prefixes(session: Session, day: date, class_session_id: int) -> set[str]:
    """How the typed codes of the day's other registers begin."""
    others = session.scalars(
        select(Register.secret)
        .join(ClassSession, ClassSession.id == Register.class_session_id)
        .where(ClassSession.held_on == day, ClassSession.id != class_session_id)
    )
    return {rules.typed_prefix(secret) for secret in others}


def start_anew(session: Session, class_session: ClassSession) -> None:
    """Forget that the register was opened or closed, for a session moved before anybody came.

    Its codes stay, so that a printed poster still works, unless another register of the new day begins alike.
    """
    register = ensure_register(session, class_session)
    register.opened_at = register.opened_by = register.closed_at = register.closed_by = None
    register.closed_how, register.head_count, register.showing = "", None, "in"
    if rules.typed_prefix(register.secret) in _prefixes(session, class_session.held_on, class_session.id):
        register.secret = fresh_register_secret(session, class_session.held_on, class_session.id)
    session.flush()


def lock_registers(session: Session, *conditions: ColumnElement[bool]) -> None:
    """Hold several registers until the transaction ends, in the order of their sessions' keys.

    Who holds classes, registers and learners takes them in this order, and is never waited for by whom it waits for.
    """
    query = select(Register.id).where(*conditions).order_by(Register.class_session_id)
    session.execute(query.with_for_update(key_share=True)).all()


def bump(class_session_id: int) -> None:
    """Tell the boards that something is new, and hold the register's row until the transaction ends."""
    _LOCK.first(wanted=class_session_id)


def lock_register(session: Session, facts: SessionFacts, learner_id: int | None = None) -> LockedRegister:
    """Hold the register's row until the transaction ends, tell the boards, and learn its state and times as of now."""
    row = _LOCK.first(wanted=facts.id)
    if row is None:
        ensure_register(session, facts)
        row = _LOCK.one(wanted=facts.id)
    times = _TIMES.one(wanted=facts.id, learner=learner_id)
    fresh = replace(
        facts,
        schedule=Schedule(times.starts_at, times.ends_at, facts.schedule.time_zone, times.cancelled),
        state=RegisterState(*row[:3]),
        secret=row.secret,
        typed_failures=row.typed_failures,
        version=row.version,
    )
    return LockedRegister(fresh, times.merged_into)
