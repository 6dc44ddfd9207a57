"""What boards and registers send, as values."""

from datetime import datetime, time
from typing import Any

from classroom.attendance.queries import SessionFacts
from classroom.attendance.rules import Source, Status
from classroom.attendance.services import Choice, Decision, Departure
from classroom.core.clock import instant
from classroom.core.errors import Invalid


def choice_from(text: str) -> Choice:
    """ENROLMENT.EVENT: a place, and the deciding event that the page showed."""
    enrolment, _, event = text.partition(".")
    return Choice(enrolment, event)


def tap_from(text: str) -> tuple[Status, Choice]:
    """STATUS.ENROLMENT.EVENT of one of the board's buttons."""
    status, _, rest = text.partition(".")
    return status_from(status), choice_from(rest)


def status_from(text: str) -> Status:
    """A status by its name; raises Invalid."""
    try:
        return Status(text)
    except ValueError:
        raise Invalid("mark.choice") from None


def decision_from(form: Any, facts: SessionFacts) -> Decision:
    """What is decided for the chosen rows of the register."""
    return Decision(
        status_from(form.get("status", "")),
        form.get("reason", ""),
        arrival_from(form.get("arrived", ""), facts),
        Source.PAPER if form.get("paper") else Source.HAND,
    )


def departure_from(form: Any, facts: SessionFacts) -> Departure:
    """When the chosen rows of the register left; the register states a time, it is not tapped as it happens."""
    left_at = arrival_from(form.get("arrived", ""), facts)
    if left_at is None:
        raise Invalid("mark.departure_missing")
    return Departure(form.get("reason", ""), left_at)


def minutes_from(text: str) -> int:
    """How long a spot check lasts; 0 for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def arrival_from(text: str, facts: SessionFacts) -> datetime | None:
    """A time of the session's day such as 07:40 or 7h40; None where nothing is stated."""
    text = text.strip().lower().replace("h", ":").replace(".", ":")
    if not text:
        return None
    hours, _, minutes = text.partition(":")
    try:
        at = time(int(hours), int(minutes or "0"))
    except (ValueError, OverflowError):
        raise Invalid("mark.arrival_unclear") from None
    return instant(facts.held_on, at, facts.schedule.time_zone)


def head_count_from(text: str) -> int | None:
    """The number counted; None where the field was left empty."""
    text = text.strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise Invalid("register.head_count", most=2000)
    return int(text)
