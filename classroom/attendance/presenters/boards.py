"""Boards and screens in words, and as the JSON that their scripts read."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from classroom.attendance.queries import Board, Refused, RegisterLine, SessionFacts
from classroom.attendance.rules import (
    CAME,
    Phase,
    Purpose,
    ShownCode,
    Status,
    Tally,
    closes_at,
    codes_ahead,
    opens_at,
    qr_link,
    typed_code_is_on,
    typed_codes_ahead,
)
from classroom.core import qr
from classroom.core.names import fold
from classroom.core.signing import mac
from classroom.web.filters import local_time
from classroom.web.words import say
from classroom.web.words.attendance import REFUSED_TITLES

#: How far ahead a paired screen holds codes, so that an outage of the network passes unseen.
AHEAD = timedelta(minutes=15)
#: A screen whose supply reaches at least this far needs no new codes yet.
ENOUGH = AHEAD - timedelta(minutes=1)
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


def screen_feed(
    screen: SessionFacts, counts: Tally, now: datetime, base_url: str, *, key: str = "", until: datetime | None = None
) -> dict[str, Any]:
    """What a paired screen shows now and, while check-in is open, for a quarter of an hour to come.

    `key` and `until` tell what the screen holds already; codes of a renewed secret replace all it has.
    """
    state = screen.phase(now)
    present = mac(screen.secret or b"", "screen supply", screen.code_period).hex()[:16]
    feed = {
        "state": state.value,
        "now": _ms(now),
        "version": screen.version,
        "key": present,
        "came": counts.came,
        "expected": counts.expected,
        "organisation": screen.organisation,
        "class_label": _("Class %(code)s", code=screen.class_code),
        "session_label": half_day(screen.day_number, screen.part),
        "course": screen.course,
        "opens": local_time(opens_at(screen.schedule, screen.policy, screen.state)),
        "host": base_url.partition("://")[2].rstrip("/"),
        "period": screen.code_period,
    }
    if state is Phase.OPEN:
        feed |= _supply(screen, now, base_url, until if key == present else None)
    return feed


def supply_is_enough(screen: SessionFacts, now: datetime, until: datetime | None) -> bool:
    """Whether a screen whose codes last until then can wait; one that shows none needs none."""
    if screen.phase(now) is not Phase.OPEN:
        return True
    return until is not None and until >= min(now + ENOUGH, closes_at(screen.schedule, screen.state))


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


def _supply(screen: SessionFacts, now: datetime, base_url: str, until: datetime | None) -> dict[str, Any]:
    codes = codes_ahead(screen.secret or b"", screen.public_id, Purpose.IN, now, screen.code_period, AHEAD)
    fresh = [each for each in codes if until is None or each.shown_from >= until]
    typed: Iterable[ShownCode] = ()
    if typed_code_is_on(screen.typed_failures, allowed=screen.typed_allowed):
        typed = typed_codes_ahead(screen.secret or b"", Purpose.IN, now, AHEAD)
    return {
        "codes": [[_ms(each.shown_from), _ms(each.shown_until), *_drawn(base_url, each.text)] for each in fresh],
        "typed": [[_ms(each.shown_from), _ms(each.shown_until), each.text] for each in typed],
        "until": _ms(codes[-1].shown_until),
    }


def _drawn(base_url: str, code: str) -> tuple[int, str]:
    """The symbol as its size and one bit a module, row by row; 200 characters instead of an SVG's 6,000."""
    pixels = qr.qr_pixels(qr_link(base_url, code))
    bits = "".join("1" if module == 0 else "0" for module in pixels.luma8)
    padded = bits + "0" * (-len(bits) % 8)
    packed = int(padded, 2).to_bytes(len(padded) // 8, "big")
    return pixels.size, base64.b64encode(packed).decode()


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
