"""The one way in which marks change: lock the register, append an event, derive the mark.

Locks are taken in one order, register before mark, so that a scan and a closing never wait for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from classroom.attendance import rules
from classroom.attendance.models import Event, Mark
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.rules import BY_HAND, EventKind, Source, Status
from classroom.attendance.services.flagging import raise_flag
from classroom.attendance.services.locking import LockedRegister
from classroom.core import signals
from classroom.core.clock import now
from classroom.core.ids import public_id
from classroom.core.prepared import Prepared
from classroom.sessions.models import ClassSession, Enrolment

UNMARKED = "unmarked"

_MARK: Any = Mark.__table__
_EVENT: Any = Event.__table__
#: Naming a column as it is takes hold of the row without changing it.
_HOLD_MARK = Prepared(
    lambda insert: (
        insert(_MARK)
        .on_conflict_do_update(
            index_elements=["class_session_id", "enrolment_id"], set_={"enrolment_id": _MARK.c.enrolment_id}
        )
        .returning(_MARK.c.id, _MARK.c.status, _MARK.c.arrived_at, _MARK.c.by_hand, _MARK.c.left_at)
    ),
    [column.name for column in _MARK.c if column.name not in {"id", "arrived_at", "left_at", "minutes", "event_id"}],
)
_NEW_EVENT = Prepared(
    insert(_EVENT).returning(_EVENT.c.id), [column.name for column in _EVENT.c if column.name != "id"]
)
_DERIVED = (
    "status", "arrived_at", "left_at", "minutes", "minutes_estimated", "source", "guest", "by_hand", "after_sign_off",
    "reason", "event_id", "updated_at",
)  # fmt: skip
_WRITE_MARK = Prepared(
    update(_MARK).where(_MARK.c.id == bindparam("wanted")).values({name: bindparam(name) for name in _DERIVED})
)
_EVENTS = Prepared(
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


def append_event(
    session: Session, locked: LockedRegister, enrolment_id: int, event: EventFacts, held: Any | None = None
) -> Appended:
    """Write down what happened to a place and derive its mark anew, in the open transaction.

    Guests, sign-off and the reason shown with the mark follow from what is stored. `held` is the answer of
    `hold_mark` where the caller has asked already. Sends `mark_changed`.
    """
    at = now()
    event_id = _insert_event(locked, enrolment_id, event, at)
    before = held if held is not None else hold_mark(locked, enrolment_id, at)
    rows = _events_of(locked.facts.id, enrolment_id)
    mark = derive(locked.facts, rows)
    values = _stored(mark, rows)
    _WRITE_MARK.first(**values, updated_at=at, wanted=before.id)
    if mark and mark.contradicted and event.kind in {EventKind.MANUAL, EventKind.CORRECTION}:
        _flag_contradiction(session, locked, enrolment_id, rows, at)
    now_says = (values["status"], values["arrived_at"], values["left_at"])
    changed = (before.status, before.arrived_at, before.left_at) != now_says
    if changed:
        signals.mark_changed.send(class_session_id=locked.facts.id, enrolment_id=enrolment_id, status=values["status"])
    return Appended(event_id, mark, changed)


def events_of(session: Session, class_session_id: int, enrolment_id: int) -> list[rules.Event]:
    """Everything that happened to a place, as the rules take it; for `undo_targets`."""
    return [_rule_event(row) for row in _events_of(class_session_id, enrolment_id)]


def derive(facts: SessionFacts, rows: Sequence[Any]) -> rules.Mark | None:
    """The mark that follows from the stored events of one place."""
    return rules.derive_mark(
        [_rule_event(row) for row in rows], facts.schedule, facts.policy, rows[0].effective_from if rows else None
    )


def _insert_event(locked: LockedRegister, enrolment_id: int, event: EventFacts, at: datetime) -> int:
    made = _NEW_EVENT.one(
        public_id=public_id(),
        class_session_id=locked.facts.id,
        enrolment_id=enrolment_id,
        kind=event.kind.value,
        status=event.status.value if event.status else "",
        at=event.at,
        recorded_at=at,
        source=event.source.value,
        reason=event.reason,
        staff_id=event.staff_id,
        scan_id=event.scan_id,
        annuls_id=event.annuls_id,
        after_sign_off=locked.state.signed_off_at is not None,
    )
    return int(made.id)


def hold_mark(locked: LockedRegister, enrolment_id: int, at: datetime) -> Any:
    """Create the mark's row or take hold of it: id, status, arrived_at, by_hand, left_at as they are now."""
    return _HOLD_MARK.one(
        organisation_id=locked.facts.organisation_id,
        class_session_id=locked.facts.id,
        enrolment_id=enrolment_id,
        status=UNMARKED,
        minutes_estimated=False,
        source="",
        guest=False,
        by_hand=False,
        after_sign_off=False,
        reason="",
        updated_at=at,
    )


def _events_of(class_session_id: int, enrolment_id: int) -> Sequence[Any]:
    return _EVENTS.all(session_id=class_session_id, place=enrolment_id)


def _rule_event(row: Any) -> rules.Event:
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


def _stored(mark: rules.Mark | None, rows: Sequence[Any]) -> dict[str, Any]:
    by_id = {row.id: row for row in rows}
    deciding = by_id.get(mark.event_id) if mark else None
    beneath = by_id.get(mark.made_by) if mark else None
    known = mark if mark and mark.status in BY_HAND else None
    return {
        "status": known.status.value if known else UNMARKED,
        "arrived_at": known.arrived_at if known else None,
        "left_at": known.left_at if known else None,
        "minutes": known.minutes if known else None,
        "minutes_estimated": bool(known and known.minutes_estimated),
        "source": known.source.value if known and known.source else "",
        "guest": known.guest if known else any(row.guest for row in rows),
        "by_hand": bool(known and known.by_hand),
        "after_sign_off": any(row.after_sign_off for row in rows),
        "reason": (deciding.reason or (beneath.reason if beneath else "")) if deciding else "",
        "event_id": deciding.id if deciding else None,
    }


def _flag_contradiction(
    session: Session, locked: LockedRegister, enrolment_id: int, rows: Sequence[Any], at: datetime
) -> None:
    """A person says "absent", a scan says "was here": somebody should look at that."""
    alive = {each.id for each in rules.living(_rule_event(row) for row in rows)}
    scan_id = next((row.scan_id for row in rows if row.id in alive and row.scan_id), None)
    if scan_id is not None:
        raise_flag(session, locked.facts, "contradicted", scan_id, enrolment_id, at)
