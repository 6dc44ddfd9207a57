"""Accounts as pages show them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from classroom.accounts.models import Staff, StaffSession, Tablet
from classroom.accounts.rules import Role
from classroom.core.clock import now, today

ROLE_WORDS: dict[str, Any] = {
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.COORDINATOR: _l("Coordinator"),
    Role.TRAINER: _l("Trainer"),
    Role.VIEWER: _l("Viewer"),
}
ROLE_HINTS: dict[str, Any] = {
    Role.ADMINISTRATOR: _l("Makes accounts, keeps the organisation's data, reads the log."),
    Role.COORDINATOR: _l("Plans programmes and classes, imports learners, prints, decides what waits."),
    Role.TRAINER: _l("Opens check-in and signs registers of the classes taught, and sees no others."),
    Role.VIEWER: _l("Looks at everything and changes nothing, as an inspector does."),
}
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("Zalo", "Zalo"),
    ("coc_coc", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
#: A tablet whose clock is off by less is fine; scans are put right in any case.
_CLOCK_MATTERS = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A sign-in in words that its owner recognises."""

    device: str
    since: datetime
    last_seen_at: datetime
    is_here: bool


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role that somebody holds, until when, and whether that is over."""

    word: Any
    last_on: date | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A line of the staff list."""

    public_id: str
    name: str
    username: str
    roles: list[RoleRow]
    state: str
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class TabletRow:
    """A line of the list of tablets; `clock_ahead` is in whole seconds, None while it matters to nobody."""

    public_id: str
    name: str
    state: str
    device: str
    enrolled_at: datetime | None
    last_contact_at: datetime | None
    queue_length: int | None
    clock_ahead: int | None


def present_session(session: StaffSession, here: bytes) -> SessionRow:
    """A sign-in; `here` is the hash of the token of the one who looks."""
    return SessionRow(
        device_words(session.user_agent), session.created_at, session.last_seen_at, session.token_hash == here
    )


def device_words(user_agent: str) -> str:
    """Browser and system, such as "Chrome · Android"; empty when neither is known."""
    found = (next((word for mark, word in table if mark in user_agent), "") for table in (_BROWSERS, _SYSTEMS))
    return " · ".join(filter(None, found))


def present_staff(staff: Staff, last_seen_at: datetime | None, time_zone: str) -> StaffRow:
    """A line of the staff list; the state is "off", "waiting" (never had a password), "ended" (no role) or "on"."""
    day = today(time_zone)
    roles = [
        RoleRow(ROLE_WORDS[held.role], held.last_on, held.last_on is not None and held.last_on < day)
        for held in staff.roles
    ]
    if staff.disabled_at:
        state = "off"
    elif not staff.password_hash:
        state = "waiting"
    else:
        state = "ended" if all(role.is_over for role in roles) else "on"
    return StaffRow(staff.public_id, staff.name, staff.username, roles, state, last_seen_at)


def present_tablet(tablet: Tablet) -> TabletRow:
    """A line of the list of tablets; the state is "revoked", "waiting" (has a code), "expired" (had one) or "on"."""
    if tablet.revoked_at:
        state = "revoked"
    elif tablet.token_hash:
        state = "on"
    else:
        state = "waiting" if tablet.enrol_until and tablet.enrol_until > now() else "expired"
    ahead = timedelta(milliseconds=tablet.clock_ahead_ms or 0)
    return TabletRow(
        tablet.public_id,
        tablet.name,
        state,
        device_words(tablet.user_agent),
        tablet.enrolled_at,
        tablet.last_contact_at,
        tablet.queue_length,
        round(ahead.total_seconds()) if abs(ahead) >= _CLOCK_MATTERS else None,
    )
