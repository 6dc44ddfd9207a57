"""Boards in words, and the lists that they show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from classroom.attendance.queries import Board, Refused, RegisterLine
from classroom.attendance.rules import CAME, Phase, Status
from classroom.core.names import fold
from classroom.web.words import say
from classroom.web.words.attendance import REFUSED_TITLES

#: So many of the refused are named in one line of the board.
_NAMED = 3


def half_day(day_number: int, part: str) -> str:
    """Day 2, morning"""
    words = {
        "morning": _("Day %(day)s, morning", day=day_number),
        "afternoon": _("Day %(day)s, afternoon", day=day_number),
        "evening": _("Day %(day)s, evening", day=day_number),
    }
    return str(words[part])


@dataclass(frozen=True, slots=True)
class Shown:
    """The words of a board, and the lists as they are shown."""

    class_label: str
    session_label: str
    sought: Sequence[RegisterLine]
    suggestions: Mapping[str, Sequence[RegisterLine]]
    refused: Sequence[tuple[str, int, datetime]]


def board_parts(board: Board) -> Shown:
    """Whom the board still looks for – after closing, the absent – and who may be behind each request."""
    over = board.phase in {Phase.CLOSED, Phase.SIGNED_OFF}
    wanted = {None, Status.ABSENT} if over else {None}
    unseen = [line for line in board.lines if line.status not in CAME]
    return Shown(
        class_label=_("Class %(code)s", code=board.facts.class_code),
        session_label=half_day(board.facts.day_number, board.facts.part),
        sought=[line for line in board.lines if line.on_roster and line.status in wanted],
        suggestions={each.public_id: suggestions(each.name, unseen) for each in board.requests},
        refused=[(_reason(each), each.times, each.latest_at) for each in board.refused],
    )


def _reason(refused: Refused) -> str:
    """Why, in the trainer's words, and who it was as far as the phone said so."""
    words = str(REFUSED_TITLES.get(refused.reason) or say(refused.reason))
    if not refused.names:
        return words
    more = len(refused.names) - _NAMED
    named = ", ".join(refused.names[:_NAMED]) + (f" … +{more}" if more > 0 else "")
    return f"{words}: {named}"


def suggestions(name: str, lines: Iterable[RegisterLine], most: int = 3) -> list[RegisterLine]:
    """The lines that share most words with a typed name, at least one; nobody is chosen by that."""
    ordered = by_likeness(name, lines)
    best = likeness(name, ordered[0].name_fold) if ordered else 0
    return [line for line in ordered if likeness(name, line.name_fold) >= max(1, best - 1)][:most]


def by_likeness(name: str, lines: Iterable[RegisterLine]) -> list[RegisterLine]:
    """The likeliest first; of those alike, who is still missing before who came; else in their order."""
    return sorted(lines, key=lambda line: (-likeness(name, line.name_fold), line.status in CAME))


def likeness(name: str, name_fold: str) -> int:
    """How many words two names share without diacritics; the given name counts twice."""
    asked, words = set(fold(name).split()), name_fold.split()
    return len(asked & set(words)) + (words[-1] in asked if words else 0)
