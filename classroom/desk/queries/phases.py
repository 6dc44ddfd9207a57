"""Where a register stands, from rows that are already in hand."""

from datetime import datetime, timedelta

from classroom.attendance.models import Register
from classroom.attendance.rules import Phase, Policy, RegisterState, Schedule, phase
from classroom.sessions.models import ClassSession, TrainingClass


def phase_of(
    one: ClassSession, training_class: TrainingClass, register: Register | None, time_zone: str, at: datetime
) -> Phase:
    """The phase of a class session at an instant; nobody may have touched its register yet."""
    minutes = timedelta(minutes=1)
    state = RegisterState(register.opened_at, register.closed_at, register.signed_off_at) if register else None
    return phase(
        Schedule(one.starts_at, one.ends_at, time_zone, one.cancelled_at is not None),
        Policy(training_class.opens_before * minutes, training_class.late_after * minutes),
        state or RegisterState(),
        at,
    )
