"""People to call, in words: why, what is missing, until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from classroom.core.tables import Column, Table
from classroom.desk import facts
from classroom.desk.queries.progress import CourseLine
from classroom.desk.rules.progress import Risk

RISK_WORDS: dict[str, Any] = {
    "online.ending": _l("Online, last days, not completed"),
    "online.over": _l("Online, last day is over, not completed"),
    "online.late": _l("Online, completed after the last day"),
    "rooms.unreachable": _l("In class, can no longer reach the half-days required"),
    "rooms.absent": _l("In class, absent twice or more"),
    "test.failed": _l("Test not passed"),
    "held.match": _l("An open question: is this the same person?"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """One person to call."""

    public_id: str
    name: str
    phone: str
    unit: str
    course: str
    group: str
    reason: str
    missing: str
    last_day: date | None


def calls(line: CourseLine, risks: Sequence[Risk], people: Mapping[int, Any], *, whole_phones: bool) -> list[Call]:
    """In the order given; who is no longer there is left out."""
    return [
        Call(
            person.public_id,
            person.name,
            facts.phone(person.phone, whole=whole_phones),
            person.unit,
            line.course.name,
            line.group(risk.class_id, risk.intake_id),
            "; ".join(str(RISK_WORDS[code]) for code in risk.reasons),
            _missing(risk),
            risk.last_day,
        )
        for risk in risks
        if (person := people.get(risk.learner_id))
    ]


def contact_table(name: str, called: Sequence[Call]) -> Table:
    """For Excel."""
    columns = [
        Column(_("Name"), width=28),
        Column(_("Phone"), "id", 14),
        Column(_("Unit"), width=36),
        Column(_("Course"), width=24),
        Column(_("Class or intake"), width=16),
        Column(_("Reason"), width=40),
        Column(_("What is missing"), width=36),
        Column(_("Last day"), "date", 12),
    ]
    rows = [
        (one.name, one.phone, one.unit, one.course, one.group, one.reason, one.missing, one.last_day) for one in called
    ]
    return Table(name, columns, rows)


def _missing(risk: Risk) -> str:
    said = []
    if any(code.startswith("online.") for code in risk.reasons):
        done = "–" if risk.progress is None else f"{risk.progress:.0f}%"
        said.append(_("online course, progress %(done)s", done=done))
    if risk.sessions:
        said.append(ngettext("%(num)s half-day", "%(num)s half-days", risk.sessions))
    if "test.failed" in risk.reasons:
        said.append(_("a test that is passed"))
    if "held.match" in risk.reasons:
        said.append(_("a decision in the queue of matches"))
    return "; ".join(said)
