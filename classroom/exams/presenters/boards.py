"""The board of a sitting in words and pictures: how far the class is, who needs the trainer, everybody by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from classroom.attendance.presenters import half_day
from classroom.exams.queries.board import BoardRow, DeviceAsk
from classroom.exams.queries.pulse import SILENT_AFTER
from classroom.exams.queries.sitting_facts import SittingFacts
from classroom.exams.rules.gate import Bar
from classroom.exams.rules.marking import scaled
from classroom.exams.rules.papers import spell_points

_MINUTE = timedelta(minutes=1)
#: Why somebody may not begin, as the trainer reads it; the learner's own words stand in web/words.
_BARS: dict[str, Any] = {
    "gate.not_enrolled": _l("not in a class of this course now"),
    "gate.not_present": _l("not marked as present"),
    "gate.too_few_sessions": _l("half-days attended: %(attended)s of the %(needed)s needed"),
    "gate.no_attempt_left": _l("no attempt left"),
    "gate.passed_already": _l("has passed already"),
}
_HOW: dict[str, Any] = {
    "submitted": _l("Handed in"),
    "time": _l("Time was up"),
    "ended": _l("Ended with the test"),
    "paper": _l("By pen"),
}


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for the trainer: `kind` is device, silent, barred or stray."""

    kind: str
    row: BoardRow
    ask: DeviceAsk | None = None


@dataclass(frozen=True, slots=True)
class ShownBoard:
    """A board as it stands at one instant. `state`: running, paused, ended or annulled."""

    class_label: str
    session_label: str
    state: str
    #: Name, number, tone: in the room, may begin, began, finished; not "0 finished" of a test that has just ended.
    steps: Sequence[tuple[str, int, str]]
    passed: int
    writing: int
    finished: int
    #: The test has ended and answers that are on their way are still taken.
    closing: bool
    rows: Sequence[BoardRow]
    needs: Sequence[Need]
    #: When the door closes, and the whole minutes until then; none where it stays open, or nobody begins any more.
    entry_until: datetime | None
    entry_left: int
    door_open: bool


def show_board(sitting: SittingFacts, rows: Sequence[BoardRow], at: datetime) -> ShownBoard:
    """Everything that `_board.html` shows."""
    state = state_of(sitting)
    began = [row for row in rows if row.attempt]
    until = _entry_until(sitting)
    left = minutes_until(until, at) if until else 0
    door_open = sitting.is_open and (until is None or left > 0)
    may = [row for row in rows if row.attempt or (row.state == "ready" and door_open)]
    room = [row for row in rows if row.present or row.attempt or row.state == "ready"]
    finished = [row for row in rows if row.state == "finished"]
    closing = state == "ended" and len(began) > len(finished)
    return ShownBoard(
        **labels(sitting),
        state=state,
        steps=[
            (str(_("in the room")), len(room), "muted"),
            (str(_("may begin")), len(may), "attention"),
            (str(_("have begun")), len(began), "primary"),
            (str(_("have finished")), len(finished), "success"),
        ][: 3 if closing and not finished else 4],
        passed=sum(1 for row in finished if row.outcome == "pass"),
        writing=len(began) - len(finished),
        finished=len(finished),
        closing=closing,
        rows=rows,
        needs=list(_needs(sitting, rows, at)),
        entry_until=until,
        entry_left=left,
        door_open=door_open,
    )


def labels(sitting: SittingFacts) -> dict[str, str]:
    """Class L03, and Day 2, morning."""
    return {
        "class_label": str(_("Class %(code)s", code=sitting.session.class_code)),
        "session_label": half_day(sitting.session.day_number, sitting.session.part),
    }


def state_of(sitting: SittingFacts) -> str:
    """running, paused, ended or annulled"""
    if sitting.annulled_at is not None:
        return "annulled"
    if sitting.ended_at is not None:
        return "ended"
    return "running" if sitting.paused_at is None else "paused"


def minutes_until(until: datetime, at: datetime) -> int:
    """Whole minutes, begun ones counted; 0 once it is over."""
    return max(-((at - until) // _MINUTE), 0)


def left_words(row: BoardRow, at: datetime) -> str:
    """31 minutes left, or that the time is up."""
    if row.deadline is None or row.state not in {"running", "disconnected"}:
        return ""
    left = minutes_until(row.deadline, at)
    return str(ngettext("%(num)s minute left", "%(num)s minutes left", left)) if left else str(_("time is up"))


def why_barred(bars: Iterable[Bar]) -> str:
    """All that keeps somebody from beginning, in the trainer's words."""
    return ", ".join(str(_BARS[bar.code]) % dict(bar.details) if bar.details else str(_BARS[bar.code]) for bar in bars)


def how_finished(row: BoardRow) -> str:
    """Handed in, out of time, ended, by pen."""
    return str(_HOW.get(row.finished_how, ""))


def score(row: BoardRow, sitting: SittingFacts) -> str:
    """7,5/10; empty until it is marked."""
    marked = row.mark is not None and row.out_of is not None
    return points_in_words(row.mark, row.out_of, sitting.terms.scale) if marked else ""


def points_in_words(mark: Decimal | None, out_of: Decimal | None, scale: int) -> str:
    """7,5/10, or that there is no mark yet."""
    if mark is None or out_of is None:
        return str(_("not marked yet"))
    return f"{spell_points(scaled(mark, out_of, scale))}/{scale}"


def _entry_until(sitting: SittingFacts) -> datetime | None:
    window = sitting.hours.entry_window
    return sitting.opened_at + window if window is not None and sitting.is_open else None


def _needs(sitting: SittingFacts, rows: Sequence[BoardRow], at: datetime) -> Iterable[Need]:
    """Devices first: somebody sits there and cannot go on."""
    for row in rows:
        for ask in row.asks:
            yield Need("device", row, ask)
    if sitting.is_open:
        yield from (Need("silent", row) for row in rows if _is_silent(row, at))
        yield from (Need("barred", row) for row in rows if _is_kept_out(row))
    yield from (Need("stray", row) for row in rows if row.strays)


def _is_silent(row: BoardRow, at: datetime) -> bool:
    seen = row.last_seen_at or row.started_at
    return row.state == "disconnected" and seen is not None and at - seen > SILENT_AFTER


def _is_kept_out(row: BoardRow) -> bool:
    """Sits in the room and may not begin; whoever has passed, or has finished here, has nothing to do with the door."""
    return row.state == "barred" and row.present and all(bar.code != "gate.passed_already" for bar in row.bars)
