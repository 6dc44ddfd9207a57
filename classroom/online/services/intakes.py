"""Set up intakes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.names import clean_name
from classroom.online.models import Intake, OnlineRecord
from classroom.online.queries import intakes as queries
from classroom.online.rules.intakes import clean_prefix
from classroom.sessions.queries import get_course
from classroom.sessions.services.refusing import constraint


@dataclass(frozen=True, slots=True)
class IntakeFacts:
    """What a coordinator says about an intake; `days` are those after the day of issue."""

    name: str
    starts_on: date | None = None
    days: int = 10
    account_prefix: str = ""
    note: str = ""
    closed: bool = False


def create_intake(course_id: str, facts: IntakeFacts, *, actor: Actor) -> Intake:
    """A new intake of a course; raises `intake.name_taken`, Invalid `intake.days` and `intake.prefix`."""
    actor.require("online.manage")
    with transaction() as session:
        course = get_course(actor, course_id)
        made = Intake(
            organisation_id=actor.organisation_id, course_id=course.id, created_at=now(), created_by=actor.staff_id
        )
        _fill(session, made, facts)
        record("intake.created", "intake", made.id, actor=actor, facts=_told(made))
        return made


def update_intake(intake_id: str, facts: IntakeFacts, *, actor: Actor) -> Intake:
    """Change an intake, or close it; accounts that exist keep their numbers."""
    actor.require("online.manage")
    with transaction() as session:
        found = queries.get_intake(actor, intake_id)
        before = found.days
        _fill(session, found, facts)
        if found.days != before:
            tell_of_days(session, found.id, actor)
        found.closed_at = (found.closed_at or now()) if facts.closed else None
        record("intake.changed", "intake", found.id, actor=actor, facts=_told(found))
        return found


def _fill(session: Session, intake: Intake, facts: IntakeFacts) -> None:
    if not 1 <= facts.days <= 365:
        raise Invalid("intake.days")
    marks = ("intake.course_id, intake.name", "uq_intake_course_id_name")
    with constraint(session, *marks, refusal=Refusal("intake.name_taken")):
        intake.name = clean_name(facts.name)
        intake.starts_on = facts.starts_on
        intake.days = facts.days
        intake.account_prefix = clean_prefix(facts.account_prefix)
        intake.note = facts.note
        session.add(intake)


def _told(intake: Intake) -> dict[str, object]:
    return {
        "name": intake.name,
        "days": intake.days,
        "prefix": intake.account_prefix,
        "closed": intake.closed_at is not None,
    }


def tell_of_days(session: Session, intake_id: int, actor: Actor, keys: Collection[str] | None = None) -> None:
    """Higher rooms look again at whose results count by other days now: those of these accounts, or all."""
    query = select(OnlineRecord.account_key, OnlineRecord.learner_id).where(
        OnlineRecord.intake_id == intake_id, OnlineRecord.learner_id.is_not(None)
    )
    wanted = None if keys is None else set(keys)
    meant = {row[1] for row in session.execute(query) if wanted is None or row[0] in wanted}
    if meant:
        signals.online_results_changed.send(learner_ids=sorted(meant), actor=actor)
