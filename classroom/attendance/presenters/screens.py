"""What a paired screen shows, as the JSON that its script reads: codes for a quarter of an hour ahead."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from classroom.attendance.presenters.boards import half_day
from classroom.attendance.queries import SessionFacts
from classroom.attendance.rules import (
    Phase,
    Purpose,
    ShownCode,
    closes_at,
    codes_ahead,
    on_screen,
    opens_at,
    qr_link,
    typed_code_is_on,
    typed_codes_ahead,
)
from classroom.core import qr
from classroom.core.signing import mac
from classroom.web.filters import local_time

#: How far ahead a paired screen holds codes, so that an outage of the network passes unseen.
AHEAD = timedelta(minutes=15)
#: A screen whose supply reaches at least this far needs no new codes yet.
ENOUGH = AHEAD - timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the screens ask for now; a spot check has a name, and an instant at which they go back."""

    purpose: Purpose = Purpose.IN
    spot: str = ""
    until: datetime | None = None

    @property
    def name(self) -> str:
        """Tells one thing asked for from another."""
        return f"{self.purpose}{self.spot}"


def screen_feed(
    screen: SessionFacts,
    asked: Asked,
    counts: tuple[int, int],
    now: datetime,
    base_url: str,
    *,
    key: str = "",
    until: datetime | None = None,
) -> dict[str, Any]:
    """What a paired screen shows now and, while check-in is open, for a quarter of an hour to come.

    `key` and `until` tell what the screen holds already; codes of a renewed secret, or for another purpose, replace
    all it has. `counts` are how many have done what is asked, of how many.
    """
    state = screen.phase(now)
    present = mac(screen.secret or b"", "screen supply", screen.code_period, asked.name).hex()[:16]
    feed = {
        "state": state.value,
        "now": _ms(now),
        "version": screen.version,
        "key": present,
        "came": counts[0],
        "expected": counts[1],
        "organisation": screen.organisation,
        "class_label": _("Class %(code)s", code=screen.class_code),
        "session_label": half_day(screen.day_number, screen.part),
        "course": screen.course,
        "opens": local_time(opens_at(screen.schedule, screen.policy, screen.state)),
        "host": base_url.partition("://")[2].rstrip("/"),
        "period": screen.code_period,
        "purpose": asked.purpose.value,
    }
    if asked.until is not None:
        feed |= {"purpose_until": _ms(asked.until), "purpose_then": _afterwards(screen).value}
    if state is Phase.OPEN:
        feed |= _supply(screen, asked, now, base_url, until if key == present else None)
    return feed


def supply_is_enough(screen: SessionFacts, now: datetime, until: datetime | None) -> bool:
    """Whether a screen whose codes last until then can wait; one that shows none needs none."""
    if screen.phase(now) is not Phase.OPEN:
        return True
    return until is not None and until >= min(now + ENOUGH, closes_at(screen.schedule, screen.state))


def _supply(screen: SessionFacts, asked: Asked, now: datetime, base_url: str, until: datetime | None) -> dict[str, Any]:
    secret, period = screen.secret or b"", screen.code_period

    def codes(purpose: Purpose) -> list[ShownCode]:
        return codes_ahead(secret, screen.public_id, purpose, now, period, AHEAD)

    def typed(purpose: Purpose) -> list[ShownCode]:
        return typed_codes_ahead(secret, purpose, now, AHEAD)

    shown = list(_one_after_the_other(screen, asked, codes(asked.purpose), codes(_afterwards(screen))))
    fresh = [each for each in shown if until is None or each.shown_from >= until]
    short: Sequence[ShownCode] = ()
    if typed_code_is_on(screen.typed_failures, allowed=screen.typed_allowed):
        short = list(_one_after_the_other(screen, asked, typed(asked.purpose), typed(_afterwards(screen))))
    return {
        "codes": [[_ms(each.shown_from), _ms(each.shown_until), *_drawn(base_url, each.text)] for each in fresh],
        "typed": [[_ms(each.shown_from), _ms(each.shown_until), each.text] for each in short],
        "until": _ms(shown[-1].shown_until),
    }


def _one_after_the_other(
    screen: SessionFacts, asked: Asked, now: Sequence[ShownCode], then: Sequence[ShownCode]
) -> Iterator[ShownCode]:
    """Without a spot check all codes of what is asked; else those up to its end, then the others from there on.

    So a screen whose network is away goes back by itself.
    """
    if asked.until is None:
        yield from now
        return
    for each in now:
        if each.shown_from < asked.until:
            yield replace(each, shown_until=min(each.shown_until, asked.until))
    for each in then:
        if each.shown_until > asked.until:
            yield replace(each, shown_from=max(each.shown_from, asked.until))


def _afterwards(screen: SessionFacts) -> Purpose:
    return on_screen(screen.showing, check_out=screen.check_out, spot_check=False)


def _drawn(base_url: str, code: str) -> tuple[int, str]:
    """The symbol as its size and one bit a module, row by row; 200 characters instead of an SVG's 6,000."""
    pixels = qr.qr_pixels(qr_link(base_url, code))
    bits = "".join("1" if module == 0 else "0" for module in pixels.luma8)
    padded = bits + "0" * (-len(bits) % 8)
    packed = int(padded, 2).to_bytes(len(padded) // 8, "big")
    return pixels.size, base64.b64encode(packed).decode()


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
