"""What happened at the door and in the registers, read row by row: each reader takes the conditions under which."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from classroom.accounts.models import Staff, Tablet
from classroom.attendance.models import CheckinRequest, Event, Flag, KeptItem, Scan, SpotAnswer, SpotCheck
from classroom.audit.models import AuditEntry, AuditPayload
from classroom.core.db import db
from classroom.core.models import StoredFile
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession, Enrolment, EnrolmentChange, RosterImport, TrainingClass

#: An event that only repeats the scan that brought it.
_BROUGHT = frozenset({"scan", "exit"})


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened.

    `kind` is the outcome of a scan (accepted, duplicate, refused, proposed, quarantined), the kind of an event that no
    scan brought (manual, absence, undo, exit …), asked, matched, dismissed, flagged, decided, spot, change, or an
    action of the log. `at` is when it happened: for scans when the code was read, for decisions when they were made;
    `recorded_at` is when we learned of it. `stated_at` is the time that a person stated.
    """

    kind: str
    at: datetime
    recorded_at: datetime
    order: tuple[int, int]
    learner: str = ""
    learner_key: str = ""
    learner_code: str = ""
    class_code: str = ""
    day_number: int = 0
    part: str = ""
    source: str = ""
    direction: str = "in"
    status: str = ""
    stated_at: datetime | None = None
    reason: str = ""
    refusal: str = ""
    staff: str = ""
    tablet: str = ""
    after_sign_off: bool = False
    #: Whether somebody took it back later; for one who took something back, what that was.
    undone: bool = False
    undoes: "Moment | None" = None
    details: Mapping[str, Any] = field(default_factory=dict)


def scans_and_events(scans: ColumnElement[bool], events: ColumnElement[bool]) -> list[Moment]:
    """Every try, and every event that is more than the echo of one; what was taken back is named on both sides."""
    rows = _event_rows(events)
    annulled = {event.annuls_id for event, *_ in rows if event.annuls_id is not None}
    brought = {
        (event.scan_id, event.enrolment_id): (event, staff)
        for event, _learner, _half, staff in rows
        if event.kind in _BROUGHT and event.scan_id is not None
    }
    tries = {one.order[1]: one for one in _scans(scans, brought, annulled)}
    told: dict[int, Moment] = {}
    for event, learner, half, staff in rows:
        scan = tries.get(event.scan_id) if event.scan_id is not None and event.kind in _BROUGHT else None
        own = scan is not None and not (event.kind == "exit" and event.staff_id is not None)
        told[event.id] = scan if scan and own else _event(event, learner, half, staff, event.id in annulled, told)
    return [*tries.values(), *(one for one in told.values() if one.order[0] == 2)]


def requests(where: ColumnElement[bool]) -> Iterator[Moment]:
    """People whom the phone could not identify, and what a trainer made of it."""
    rows = db.session.execute(
        _rows(CheckinRequest, Learner, half=CheckinRequest.class_session_id, by=CheckinRequest.decided_by)
        .outerjoin(Enrolment, Enrolment.id == CheckinRequest.enrolment_id)
        .outerjoin(Learner, Learner.id == Enrolment.learner_id)
        .where(where)
    )
    for asked, learner, *half, staff in rows:
        details = {"number": f"{asked.number:03}", "name": asked.name}
        common = {**_half(half), "source": asked.source, "details": details}
        yield Moment("asked", asked.scanned_at, asked.created_at, (1, asked.id), **common)
        if asked.decided_at is not None:
            common |= _who(learner) | {"staff": staff or ""}
            yield Moment(asked.decision, asked.decided_at, asked.decided_at, (3, asked.id), **common)


def flags(where: ColumnElement[bool]) -> Iterator[Moment]:
    """Odd things that were noticed, and what a trainer decided about them."""
    other = aliased(Learner)
    rows = db.session.execute(
        _rows(Flag, Learner, other.name, half=Flag.class_session_id, by=Flag.decided_by)
        .join(Enrolment, Enrolment.id == Flag.enrolment_id)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .outerjoin(other, other.id == Flag.other_learner_id)
        .where(where)
    )
    for flag, learner, name, *half, staff in rows:
        details = {"flag": flag.kind, "other": name or "", "decision": flag.decision}
        common = {**_half(half), **_who(learner), "details": details}
        yield Moment("flagged", flag.created_at, flag.created_at, (2, flag.id), **common)
        if flag.decided_at is not None:
            yield Moment("decided", flag.decided_at, flag.decided_at, (3, flag.id), **common, staff=staff or "")


def spot_answers(where: ColumnElement[bool]) -> Iterator[Moment]:
    """Who gave a sign in a spot check, or was seen by a trainer."""
    rows = db.session.execute(
        select(SpotAnswer, Learner, *_HALF, Staff.name)
        .join(SpotCheck, SpotCheck.id == SpotAnswer.spot_check_id)
        .join(ClassSession, ClassSession.id == SpotCheck.class_session_id)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .join(Enrolment, Enrolment.id == SpotAnswer.enrolment_id)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .outerjoin(Staff, Staff.id == SpotAnswer.staff_id)
        .where(where)
    )
    for answer, learner, *half, staff in rows:
        about = {**_half(half), **_who(learner), "source": answer.source, "staff": staff or ""}
        yield Moment("spot", answer.answered_at, answer.answered_at, (2, answer.id), **about)


def changes(where: ColumnElement[bool]) -> Iterator[Moment]:
    """How places came about and changed."""
    rows = db.session.execute(
        select(EnrolmentChange, Learner, TrainingClass.code, Staff.name, StoredFile.filename)
        .join(Enrolment, Enrolment.id == EnrolmentChange.enrolment_id)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .join(TrainingClass, TrainingClass.id == Enrolment.class_id)
        .outerjoin(Staff, Staff.id == EnrolmentChange.staff_id)
        .outerjoin(RosterImport, RosterImport.id == EnrolmentChange.roster_import_id)
        .outerjoin(StoredFile, StoredFile.id == RosterImport.file_id)
        .where(where)
    )
    for change, learner, code, staff, filename in rows:
        details = {"change": change.kind, "filename": filename or ""}
        about = {**_who(learner), "class_code": code, "reason": change.reason, "staff": staff or ""}
        yield Moment("change", change.at, change.at, (4, change.id), **about, details=details)


def log_entries(where: ColumnElement[bool], prefixes: tuple[str, ...]) -> Iterator[Moment]:
    """Entries of the log of these kinds."""
    rows = db.session.execute(
        select(AuditEntry, AuditPayload.details)
        .outerjoin(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
        .where(where)
    )
    for entry, personal in rows:
        if entry.action.startswith(prefixes):
            details = {**entry.facts, **(personal or {})}
            by = entry.actor_name if entry.actor_kind == "staff" else ""
            yield Moment(entry.action, entry.at, entry.at, (5, entry.id), staff=by, details=details)


_HALF = (TrainingClass.code, ClassSession.day_number, ClassSession.part)


def _rows(*what: Any, half: Any, by: Any, anywhere: bool = False) -> Select[Any]:
    """Each with its half-day and who of the staff had a hand in it; `anywhere`: also of no session of ours."""
    return (
        select(*what, *_HALF, Staff.name)
        .join(ClassSession, ClassSession.id == half, isouter=anywhere)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id, isouter=anywhere)
        .outerjoin(Staff, Staff.id == by)
    )


def _half(columns: list[Any]) -> dict[str, Any]:
    code, day_number, part = columns
    return {"class_code": code or "", "day_number": day_number or 0, "part": part or ""}


def _who(learner: Learner | None) -> dict[str, Any]:
    if learner is None:
        return {}
    return {"learner": learner.name, "learner_key": learner.public_id, "learner_code": learner.code}


def _scans(
    where: ColumnElement[bool], brought: Mapping[tuple[int, int], tuple[Event, str]], annulled: set[int]
) -> Iterator[Moment]:
    rows = db.session.execute(
        _rows(Scan, Learner, Tablet.name, KeptItem.texts, half=Scan.class_session_id, by=Scan.staff_id, anywhere=True)
        .outerjoin(Learner, Learner.id == Scan.learner_id)
        .outerjoin(Tablet, Tablet.id == Scan.tablet_id)
        .outerjoin(KeptItem, KeptItem.scan_id == Scan.id)
        .where(where)
    )
    for scan, learner, tablet, kept, *half, staff in rows:
        event, named_by = brought.get((scan.id, scan.enrolment_id), (None, ""))
        yield Moment(
            scan.outcome,
            scan.scanned_at,
            scan.received_at,
            (0, scan.id),
            **_half(half),
            **_who(learner),
            source=scan.source,
            direction=scan.direction,
            status=str(scan.answer.get("status") or ""),
            refusal=scan.refusal,
            staff=staff or named_by,
            tablet=tablet or "",
            after_sign_off=bool(event and event.after_sign_off),
            undone=event is not None and event.id in annulled,
            details={"card_name": scan.answer.get("card_name", ""), "typed": str((kept or {}).get("name") or "")},
        )


def _event_rows(where: ColumnElement[bool]) -> list[tuple[Event, Learner, list[Any], str]]:
    rows = db.session.execute(
        _rows(Event, Learner, half=Event.class_session_id, by=Event.staff_id)
        .join(Enrolment, Enrolment.id == Event.enrolment_id)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .where(where)
        .order_by(Event.id)
    )
    return [(event, learner, half, staff or "") for event, learner, *half, staff in rows]


def _event(
    event: Event, learner: Learner, half: list[Any], staff: str, undone: bool, earlier: Mapping[int, Moment]
) -> Moment:
    return Moment(
        event.kind,
        event.recorded_at,
        event.recorded_at,
        (2, event.id),
        **_half(half),
        **_who(learner),
        source=event.source,
        status=event.status,
        stated_at=event.at if event.at != event.recorded_at else None,
        reason=event.reason,
        staff=staff,
        after_sign_off=event.after_sign_off,
        undone=undone,
        undoes=earlier.get(event.annuls_id) if event.annuls_id is not None else None,
    )
