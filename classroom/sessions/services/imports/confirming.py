"""Write what the dry run showed: all of it in one transaction, or nothing."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Refusal
from classroom.core.sheets import SheetLimits
from classroom.sessions.models import RosterImport
from classroom.sessions.queries import imports
from classroom.sessions.rules.imports import Plan, SeatStep
from classroom.sessions.services.imports.deciding import hold_course, locked
from classroom.sessions.services.imports.journal import to_value
from classroom.sessions.services.imports.writing import Writer

_MARKS = ("uq_learner_id_number", "learner.id_number", "uq_enrolment", "enrolment.course_id", "enrolment.class_id")


def confirm_import(import_id: str, digest: str, *, limits: SheetLimits, actor: Actor) -> RosterImport:
    """Import what was shown; `digest` names the dry run that somebody has seen. Confirming twice changes nothing.

    Raises `import.changed_meanwhile` when the present state would give another result, and what `Plan.obstacle`
    names.
    """
    found = imports.get_import(actor, import_id)
    if found.state == "confirmed":
        return found
    seen_choices = found.choices
    reading = imports.read_file(found, limits, actor.time_zone)  # before the transaction: reading takes a while
    try:
        with transaction() as session:
            found = locked(session, actor, import_id)
            if found.state == "confirmed":
                return found
            if found.state != "uploaded":
                raise Refusal("import.closed")
            hold_course(session, found.course_id)
            plan = imports.plan_of(found, reading)
            if obstacle := plan.obstacle():
                raise Refusal(obstacle[0], **obstacle[1])
            if plan.digest() != digest or found.choices != seen_choices:
                raise Refusal("import.changed_meanwhile")
            _write(session, found, plan, actor)
            return found
    except IntegrityError as broken:
        if any(mark in str(broken.orig) for mark in _MARKS):
            raise Refusal("import.clash") from broken
        raise


def _write(session: Session, found: RosterImport, plan: Plan, actor: Actor) -> None:
    for line in plan.seated(SeatStep.MOVES):
        if line.seat:
            signals.enrolment_changing.send(enrolment_id=line.seat.key, change="move")
    for removal in plan.removed:
        signals.enrolment_changing.send(enrolment_id=removal.seat.key, change="withdraw")
    found.journal = Writer(session, found, plan, actor).write().to_json()
    found.outcome = {**plan.counts(), "classes": [one.code for one in plan.classes]}
    found.state = "confirmed"
    found.confirmed_at = now()
    found.confirmed_by = actor.staff_id
    session.flush()
    changes = [
        {
            "code": line.learner.code,
            "old": {name: to_value(old) for name, (old, _) in line.changes.items()},
            "new": {name: to_value(new) for name, (_, new) in line.changes.items()},
        }
        for line in plan.changed
        if line.learner
    ]
    facts = {"filename": found.file.filename, **found.outcome}
    personal = {"changes": changes} if changes else None
    record("import.confirmed", "roster_import", found.id, actor=actor, facts=facts, personal=personal)
    left = {line.seat.class_key for line in plan.seated(SeatStep.MOVES) if line.seat}
    signals.rosters_changed.send(class_ids=left | {one.key for one in plan.classes}, actor=actor)
