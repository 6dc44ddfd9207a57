"""Classes and sessions in the words and shapes that pages show."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from classroom.attendance.documents import CORRECTED, LETTERS
from classroom.attendance.presenters import half_day
from classroom.attendance.rules import Phase, Status, Tally
from classroom.desk.queries import Cell, ClassRecord, SessionRecord
from classroom.sessions.models import ClassSession
from classroom.web.filters import day_month, local_time

_WORDS: dict[str, Any] = {
    "present": _l("Present"),
    "late": _l("Late"),
    "left_early": _l("Left early"),
    "excused": _l("Excused"),
    "absent": _l("Absent"),
    "not_applicable": _l("Not yet in class"),
    "unmarked": _l("Unmarked"),
}
#: What a line of totals counts, from the one who came to the place that nobody has marked.
COUNTED = tuple(_WORDS)
_TILE_STATES = {
    Phase.CANCELLED: "cancelled",
    Phase.NOT_YET: "planned",
    Phase.OPEN: "now",
    Phase.CLOSED: "closed",
    Phase.SIGNED_OFF: "signed",
}


def session_name(one: ClassSession) -> str:
    """Day 2, morning"""
    return half_day(one.day_number, one.part)


def counts(numbers: Tally) -> dict[str, int]:
    """The statuses of a session by name; they add up to its roster."""
    return {name: getattr(numbers, name) for name in COUNTED}


def status_name(cell: Cell) -> str:
    """The name of a cell's status, "gone" where the place was not on the roster."""
    if not cell.on_roster and cell.status is None:
        return "gone"
    return cell.status.value if cell.status else "unmarked"


def cell_name(cell: Cell, record: SessionRecord) -> str:
    """The same in a table: "later" where there is nothing to say, because the session has not been held."""
    name = status_name(cell)
    return "later" if name == "unmarked" and record.phase in {Phase.NOT_YET, Phase.CANCELLED} else name


def status_word(name: str) -> str:
    """The word for a status."""
    return str(_WORDS[name])


def letters() -> dict[str, str]:
    """The sign of each status on official tables, used on the screen as well."""
    return {status.value if status else "unmarked": LETTERS[status] for status in (*Status, None)} | {
        "corrected": CORRECTED
    }


def tiles(record: ClassRecord, link: Callable[[ClassSession], str]) -> list[dict[str, Any]]:
    """The half-days of a class, each with its numbers and where its register stands."""
    return [_tile(one, link(one.class_session)) for one in record.sessions]


def _tile(record: SessionRecord, url: str) -> dict[str, Any]:
    one = record.class_session
    return {
        "name": session_name(one),
        "when": f"{day_month(one.held_on)} · {local_time(one.starts_at)}",
        "url": url,
        "afternoon": one.part != "morning",
        "state": _TILE_STATES[record.phase],
        "expected": record.tally.expected,
        "counts": counts(record.tally),
        "note": _tile_note(record),
    }


def _tile_note(record: SessionRecord) -> str:
    numbers, moved = record.tally, record.class_session.moved_at is not None
    if record.phase is Phase.NOT_YET:
        return _("Moved to this time") if moved else ""
    parts = [
        (_("late %(count)s", count=numbers.late), numbers.late),
        (_("excused %(count)s", count=numbers.excused), numbers.excused),
        (_("absent %(count)s", count=numbers.absent), numbers.absent),
        (_("unmarked %(count)s", count=numbers.unmarked), numbers.unmarked),
        (_("moved"), moved),
        (_("not signed off"), record.phase is Phase.CLOSED),
    ]
    return " · ".join(text for text, shown in parts if shown) or _("nobody missing")
