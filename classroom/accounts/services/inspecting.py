"""Let an inspector look for a time: a viewer's account that ends by itself at the end of its last day."""

from dataclasses import dataclass
from datetime import date

from classroom.accounts.models import Staff
from classroom.accounts.rules import LONGEST_INSPECTION, Role
from classroom.accounts.services.staff import create_staff
from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import today
from classroom.core.db import transaction
from classroom.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Inspector:
    """Who comes, through which day, and by which order."""

    name: str
    last_on: date
    reason: str
    username: str = ""
    phone: str = ""
    email: str = ""


def invite_inspector(who: Inspector, *, actor: Actor) -> Staff:
    """An account that reads everything of the organisation and changes nothing, through its last day.

    Raises Invalid `inspector.day` for a last day that is past or too far away, `reason.missing`, and what a new account
    is refused with.
    """
    actor.require("staff.manage")
    reason = " ".join(who.reason.split())[:300]
    if not reason:
        raise Invalid("reason.missing")
    here = today(actor.time_zone)
    if not here <= who.last_on <= here + LONGEST_INSPECTION:
        raise Invalid("inspector.day", days=LONGEST_INSPECTION.days)
    with transaction():
        made = create_staff(
            actor.organisation_id, who.username, who.name, {Role.VIEWER: who.last_on}, actor=actor, phone=who.phone,
            email=who.email,
        )  # fmt: skip
        facts = {"last_on": who.last_on.isoformat()}
        record(
            "staff.inspector_invited",
            "staff",
            made.id,
            actor=actor,
            facts=facts,
            personal={"name": made.name, "reason": reason},
        )
        return made
