"""Facts of a class, written the same way on pages and on papers."""

from collections.abc import Iterable
from datetime import date

from classroom.core.clock import local
from classroom.sessions.documents import national_phone
from classroom.sessions.models import ClassSession, Room, TrainingClass

_SHOWN_DIGITS = 3


def place(room: Room | None) -> str:
    """Room and venue on one line."""
    return f"{room.name}, {room.venue.name}" if room else ""


def times(one: ClassSession, zone: str) -> str:
    """07:30–09:15, 09:30–11:30"""
    spans = [(each.starts_at, each.ends_at) for each in one.ranges] or [(one.starts_at, one.ends_at)]
    return ", ".join(f"{local(first, zone):%H:%M}–{local(last, zone):%H:%M}" for first, last in spans)


def days(sessions: Iterable[ClassSession]) -> tuple[date, date] | None:
    """The first and the last day on which something is held."""
    held = sorted(one.held_on for one in sessions if one.cancelled_at is None)
    return (held[0], held[-1]) if held else None


def trainer_names(training_class: TrainingClass) -> list[str]:
    """Who teaches the class, the one in charge first."""
    return [one.staff.name for one in training_class.trainers]


def phone(number: str, *, whole: bool) -> str:
    """A telephone number as people write it, or its last digits alone."""
    if not number or whole:
        return national_phone(number)
    return f"… {number[-_SHOWN_DIGITS:]}"
