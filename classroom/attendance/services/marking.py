"""The one way in which marks change: lock the register, append an event, derive the mark.

Locks are taken in one order, register before mark, so that a scan and a closing never wait for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.orm import Session

from classroom.attendance import rules
from classroom.attendance.models import Event, Mark, Register
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.rules import BY_HAND, EventKind, RegisterState, Source, Status
from classroom.attendance.services.flagging import in_both, on_conflict, raise_flag, say
from classroom.core import signals
from classroom.core.clock import now
from classroom.core.ids import public_id
from classroom.sessions.models import ClassSession, Enrolment

UNMARKED = "unmarked"

_REGISTER: Any = Register.__table__
_MARK: Any = Mark.__table__
_EVENT: Any = Event.__table__
# The statements of every mark, built a single time: putting one together costs ten times as much as running it.
_LOCK = (
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
#: Naming a column as it is takes hold of the row without changing it.
_HOLD_MARK = in_both(
    _MARK,
    [column.name for column in _MARK.c if column.name not in {"id", "arrived_at", "event_id"}],
    lambda insert: insert.on_conflict_do_update(
        index_elements=["class_session_id", "enrolment_id"], set_={"enrolment_id": _MARK.c.enrolment_id}
    ).returning(_MARK.c.id, _MARK.c.status, _MARK.c.arrived_at, _MARK.c.by_hand),
)
_NEW_EVENT = insert(_EVENT).returning(_EVENT.c.id)
_WRITE_MARK = update(_MARK).where(_MARK.c.id == bindparam("wanted"))
_EVENTS = (
    select(
        Event.id,
        Event.kind,
        Event.status,
        Event.at,
        Event.recorded_at,
        Event.source,
        Event.reason,
        Event.scan_id,
        Event.annuls_id,
        Event.after_sign_off,
        Enrolment.effective_from,
        (Enrolment.class_id != ClassSession.class_id).label("guest"),
    )
    .join(Enrolment, Enrolment.id == Event.enrolment_id)
    .join(ClassSession, ClassSession.id == Event.class_session_id)
    .where(Event.class_session_id == bindparam("session_id"), Event.enrolment_id == bindparam("place"))
    .order_by(Event.id)
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
    """Proof that the register's row is locked in this transaction; `facts` hold its state as of the lock."""

    facts: SessionFacts

    @property
    def state(self) -> RegisterState:
        """Opened, closed, signed off: nobody can change it before this transaction ends."""
        return self.facts.state


@dataclass(frozen=True, slots=True)
class EventFacts:
    """An event to be written: `at` is when it holds, `status` what a person decided, `annuls_id` what is undone."""

    kind: EventKind
    at: datetime
    source: Source
    status: Status | None = None
    reason: str = ""
    staff_id: int | None = None
    scan_id: int | None = None
    annuls_id: int | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """The event's key, the mark that now follows (None: unmarked), and whether it says something else than before."""

    event_id: int
    mark: rules.Mark | None
    changed: bool


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
    others = session.scalars(
        select(Register.secret)
        .join(ClassSession, ClassSession.id == Register.class_session_id)
        .where(ClassSession.held_on == day, ClassSession.id != class_session_id)
    )
    return rules.fresh_secret({rules.typed_prefix(secret) for secret in others})


def bump(session: Session, class_session_id: int) -> None:
    """Tell the boards that something is new, and hold the register's row until the transaction ends."""
    session.connection().execute(_LOCK, {"wanted": class_session_id})


def lock_register(session: Session, facts: SessionFacts) -> LockedRegister:
    """Hold the register's row until the transaction ends, tell the boards, and learn its state as it is now."""
    connection, wanted = session.connection(), {"wanted": facts.id}
    row = connection.execute(_LOCK, wanted).first()
    if row is None:
        ensure_register(session, facts)
        row = connection.execute(_LOCK, wanted).one()
    fresh = replace(
        facts, state=RegisterState(*row[:3]), secret=row.secret, typed_failures=row.typed_failures, version=row.version
    )
    return LockedRegister(fresh)


def append_event(
    session: Session, locked: LockedRegister, enrolment_id: int, event: EventFacts, held: Row[Any] | None = None
) -> Appended:
    """Write down what happened to a place and derive its mark anew, in the open transaction.

    Guests, sign-off and the reason shown with the mark follow from what is stored. `held` is the answer of
    `hold_mark` where the caller has asked already. Sends `mark_changed`.
    """
    at = now()
    event_id = _insert_event(session, locked, enrolment_id, event, at)
    before = held if held is not None else hold_mark(session, locked, enrolment_id, at)
    rows = _events_of(session, locked.facts.id, enrolment_id)
    mark = derive(locked.facts, rows)
    values = _stored(mark, rows)
    session.connection().execute(_WRITE_MARK, {**values, "updated_at": at, "wanted": before.id})
    if mark and mark.contradicted and event.kind in {EventKind.MANUAL, EventKind.CORRECTION}:
        _flag_contradiction(session, locked, enrolment_id, rows, at)
    changed = (before.status, before.arrived_at) != (values["status"], values["arrived_at"])
    if changed:
        signals.mark_changed.send(class_session_id=locked.facts.id, enrolment_id=enrolment_id, status=values["status"])
    return Appended(event_id, mark, changed)


def events_of(session: Session, class_session_id: int, enrolment_id: int) -> list[rules.Event]:
    """Everything that happened to a place, as the rules take it; for `undo_targets`."""
    return [_rule_event(row) for row in _events_of(session, class_session_id, enrolment_id)]


def derive(facts: SessionFacts, rows: Sequence[Row[Any]]) -> rules.Mark | None:
    """The mark that follows from the stored events of one place."""
    return rules.derive_mark(
        [_rule_event(row) for row in rows], facts.schedule, facts.policy, rows[0].effective_from if rows else None
    )


def _insert_event(session: Session, locked: LockedRegister, enrolment_id: int, event: EventFacts, at: datetime) -> int:
    values = {
        "public_id": public_id(),
        "class_session_id": locked.facts.id,
        "enrolment_id": enrolment_id,
        "kind": event.kind.value,
        "status": event.status.value if event.status else "",
        "at": event.at,
        "recorded_at": at,
        "source": event.source.value,
        "reason": event.reason,
        "staff_id": event.staff_id,
        "scan_id": event.scan_id,
        "annuls_id": event.annuls_id,
        "after_sign_off": locked.state.signed_off_at is not None,
    }
    return int(session.connection().execute(_NEW_EVENT, values).scalar_one())


def hold_mark(session: Session, locked: LockedRegister, enrolment_id: int, at: datetime) -> Row[Any]:
    """Create the mark's row or take hold of it: id, status, arrived_at, by_hand as they are now."""
    values = {
        "organisation_id": locked.facts.organisation_id,
        "class_session_id": locked.facts.id,
        "enrolment_id": enrolment_id,
        "status": UNMARKED,
        "source": "",
        "guest": False,
        "by_hand": False,
        "after_sign_off": False,
        "reason": "",
        "updated_at": at,
    }
    found: Row[Any] = say(session, _HOLD_MARK, values).one()
    return found


def _events_of(session: Session, class_session_id: int, enrolment_id: int) -> Sequence[Row[Any]]:
    wanted = {"session_id": class_session_id, "place": enrolment_id}
    return session.connection().execute(_EVENTS, wanted).all()


def _rule_event(row: Row[Any]) -> rules.Event:
    return rules.Event(
        id=row.id,
        kind=EventKind(row.kind),
        at=row.at,
        recorded_at=row.recorded_at,
        status=Status(row.status) if row.status else None,
        source=Source(row.source) if row.source else Source.HAND,
        guest=bool(row.guest),
        annuls=row.annuls_id,
    )


def _stored(mark: rules.Mark | None, rows: Sequence[Row[Any]]) -> dict[str, Any]:
    deciding = next((row for row in rows if mark and row.id == mark.event_id), None)
    known = mark if mark and mark.status in BY_HAND else None
    return {
        "status": known.status.value if known else UNMARKED,
        "arrived_at": known.arrived_at if known else None,
        "source": known.source.value if known and known.source else "",
        "guest": known.guest if known else any(row.guest for row in rows),
        "by_hand": bool(known and known.by_hand),
        "after_sign_off": any(row.after_sign_off for row in rows),
        "reason": deciding.reason if deciding else "",
        "event_id": deciding.id if deciding else None,
    }


def _flag_contradiction(
    session: Session, locked: LockedRegister, enrolment_id: int, rows: Sequence[Row[Any]], at: datetime
) -> None:
    """A person says "absent", a scan says "was here": somebody should look at that."""
    alive = {each.id for each in rules.living(_rule_event(row) for row in rows)}
    scan_id = next((row.scan_id for row in rows if row.id in alive and row.scan_id), None)
    if scan_id is not None:
        raise_flag(session, locked.facts, "contradicted", scan_id, enrolment_id, at)
