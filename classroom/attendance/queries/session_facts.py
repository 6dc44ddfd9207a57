"""One lean read of everything that a scan, a screen or a mark needs to know of a class session."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select

from classroom.accounts.models import Organisation
from classroom.attendance.models import Register
from classroom.attendance.rules import Phase, Policy, RegisterState, Schedule, phase
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.ids import is_public_id
from classroom.core.prepared import Prepared
from classroom.sessions.models import ClassSession, Course, TrainingClass
from classroom.sessions.queries.scope import visible_classes


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A class session with its class, course, organisation and register; `secret` is None without a register."""

    id: int
    public_id: str
    organisation_id: int
    organisation: str
    class_id: int
    class_public_id: str
    class_code: str
    course_id: int
    course: str
    number: int
    day_number: int
    part: str
    held_on: date
    schedule: Schedule
    policy: Policy
    code_period: int
    typed_allowed: bool
    fixed_allowed: bool
    check_out: bool
    secret: bytes | None
    state: RegisterState
    typed_failures: int
    version: int
    #: What the screen's codes are for, as the trainer chose: in or out.
    showing: str

    def phase(self, at: datetime) -> Phase:
        """Where the register stands at an instant."""
        return phase(self.schedule, self.policy, self.state, at)


def find_session_facts(public_id: str) -> SessionFacts | None:
    """Whatever session has this id, in any organisation: here the code that names it is the authority."""
    if not is_public_id(public_id):
        return None
    return _facts(_BY_PUBLIC_ID.first(wanted=public_id))


def get_session_facts(actor: Actor, public_id: str) -> SessionFacts:
    """A session that the actor may see; raises NotFound for foreign and, for a trainer, untaught ones."""
    found = db.session.execute(_everything().where(ClassSession.public_id == public_id, *visible_classes(actor)))
    facts = _facts(found.first())
    if facts is None:
        raise NotFound
    return facts


def session_facts_by_id(class_session_id: int) -> SessionFacts | None:
    """The same by the inner key, for what happens by the clock."""
    return _facts(db.session.execute(_everything().where(ClassSession.id == class_session_id)).first())


def sessions_with_typed_code(since: datetime, until: datetime) -> list[SessionFacts]:
    """Sessions of any organisation that start within these instants, have a register and allow typed codes."""
    rows = db.session.execute(
        _everything().where(
            ClassSession.starts_at.between(since, until),
            ClassSession.cancelled_at.is_(None),
            TrainingClass.typed_code.is_(True),
            Register.id.is_not(None),
        )
    )
    return [facts for row in rows if (facts := _facts(row))]


def sessions_where(*conditions: ColumnElement[Any]) -> list[SessionFacts]:
    """Sessions under these conditions, in the order in which they start."""
    query = _everything().where(*conditions).order_by(ClassSession.starts_at, ClassSession.id)
    return [facts for row in db.session.execute(query) if (facts := _facts(row))]


_OF_REGISTER = (
    Register.secret,
    Register.opened_at,
    Register.closed_at,
    Register.signed_off_at,
    Register.typed_failures,
    Register.version,
    Register.showing,
)


def _everything() -> Select[Any]:
    return (
        select(
            ClassSession.id,
            ClassSession.public_id,
            ClassSession.organisation_id,
            Organisation.name.label("organisation"),
            Organisation.time_zone,
            ClassSession.class_id,
            TrainingClass.public_id.label("class_public_id"),
            TrainingClass.code.label("class_code"),
            TrainingClass.course_id,
            Course.name.label("course"),
            ClassSession.number,
            ClassSession.day_number,
            ClassSession.part,
            ClassSession.held_on,
            ClassSession.starts_at,
            ClassSession.ends_at,
            ClassSession.cancelled_at,
            TrainingClass.cancelled_at.label("class_cancelled_at"),
            TrainingClass.opens_before,
            TrainingClass.late_after,
            TrainingClass.code_period,
            TrainingClass.typed_code,
            TrainingClass.fixed_code,
            TrainingClass.check_out,
            TrainingClass.left_early_before,
            *_OF_REGISTER,
        )
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .join(Course, Course.id == TrainingClass.course_id)
        .join(Organisation, Organisation.id == ClassSession.organisation_id)
        .outerjoin(Register, Register.class_session_id == ClassSession.id)
    )


def _facts(row: Any) -> SessionFacts | None:
    if row is None:
        return None
    cancelled = row.cancelled_at is not None or row.class_cancelled_at is not None
    return SessionFacts(
        id=row.id,
        public_id=row.public_id,
        organisation_id=row.organisation_id,
        organisation=row.organisation,
        class_id=row.class_id,
        class_public_id=row.class_public_id,
        class_code=row.class_code,
        course_id=row.course_id,
        course=row.course,
        number=row.number,
        day_number=row.day_number,
        part=row.part,
        held_on=row.held_on,
        schedule=Schedule(row.starts_at, row.ends_at, row.time_zone, cancelled),
        policy=Policy(
            timedelta(minutes=row.opens_before),
            timedelta(minutes=row.late_after),
            row.check_out,
            timedelta(minutes=row.left_early_before),
        ),
        code_period=row.code_period,
        typed_allowed=row.typed_code,
        fixed_allowed=row.fixed_code,
        check_out=row.check_out,
        secret=row.secret,
        state=RegisterState(row.opened_at, row.closed_at, row.signed_off_at),
        typed_failures=row.typed_failures or 0,
        version=row.version or 0,
        showing=row.showing or "in",
    )


#: Every phone of the room asks this at once.
_BY_PUBLIC_ID = Prepared(_everything().where(ClassSession.public_id == bindparam("wanted")))
