"""What a tablet sends, read strictly; when it was; and whether its time can be believed."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from classroom.attendance.rules.windows import Schedule
from classroom.core.clock import local
from classroom.core.errors import Invalid

#: PBKDF2 of an ID number (OWASP: at least 100,000 rounds; a plain hash of twelve digits can be searched).
ROUNDS = 100_000
HASH_BYTES = 16
#: A clock that was put right by the last contact is off by no more.
AHEAD_OF_US = timedelta(minutes=2)
#: Scans that come later than this after the last day of the class wait for a decision.
LATEST = timedelta(days=14)
MOST_ITEMS = 500

KINDS = {"badge", "card", "picked", "walk_in", "tie", "undo", "unread"}
#: What each kind may bring besides what all bring, and how long it may be.
_TEXTS = {
    "badge": 16, "code": 8, "enrolment": 12, "card_name": 200, "number": 12, "name": 200, "born": 10, "sex": 6,
    "phone": 20, "unit": 200, "target": 64, "why": 12, "note": 300,
}  # fmt: skip
_WANTED: dict[str, tuple[tuple[str, ...], ...]] = {
    "badge": (("badge",), ("code",)),
    "card": (("enrolment",), ("number", "name")),
    "picked": (("enrolment",),),
    "walk_in": (("name",),),
    "tie": (("badge", "enrolment"),),
    "undo": (("target",),),
    "unread": (("why",),),
}
_LATEST_MS = 32_503_680_000_000  # the year 3000


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a tablet wants to be kept. `device_at` is by its clock, `ahead` how far that was ahead of ours."""

    uuid: str
    kind: str
    session: str
    device_at: datetime
    ahead: timedelta | None = None
    staff: str = ""
    direction: str = "in"
    texts: Mapping[str, str] = field(default_factory=dict)

    def content_hash(self) -> str:
        """Tells the same try from another content under the same uuid; how far the clock was ahead is no content."""
        said = [self.kind, self.session, self.device_at.isoformat(), self.direction, sorted(self.texts.items())]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def scanned_at(self, batch_ahead: timedelta) -> datetime:
        """When it was by our clock: the offset measured then, else the one measured now."""
        return self.device_at - (batch_ahead if self.ahead is None else self.ahead)


def read_item(sent: Any) -> Item:
    """An item as it came; raises Invalid `item.malformed` naming the part that cannot be used."""
    if not isinstance(sent, dict):
        raise Invalid("item.malformed", part="item")
    kind = _text(sent, "kind", 12)
    if kind not in KINDS:
        raise Invalid("item.malformed", part="kind")
    direction = _text(sent, "direction", 3) or "in"
    if direction not in {"in", "out"}:
        raise Invalid("item.malformed", part="direction")
    texts = {name: text for name, most in _TEXTS.items() if (text := _text(sent, name, most))}
    if not any(all(name in texts for name in way) for way in _WANTED[kind]):
        raise Invalid("item.malformed", part=kind)
    uuid = _text(sent, "uuid", 64)
    if len(uuid) < 8 or not uuid.isascii():
        raise Invalid("item.malformed", part="uuid")
    ahead = sent.get("ahead_ms")
    return Item(
        uuid=uuid,
        kind=kind,
        session=_text(sent, "session", 12),
        device_at=_instant(sent.get("at"), "at"),
        ahead=None if ahead is None else offset(ahead),
        staff=_text(sent, "staff", 12),
        direction=direction,
        texts=texts,
    )


def offset(milliseconds: Any) -> timedelta:
    """How far a clock is ahead of ours; raises Invalid for what no clock can be."""
    if not isinstance(milliseconds, int | float) or isinstance(milliseconds, bool):
        raise Invalid("item.malformed", part="ahead_ms")
    if abs(milliseconds) > 1e13 or not math.isfinite(milliseconds):
        raise Invalid("item.malformed", part="ahead_ms")
    return timedelta(milliseconds=milliseconds)


def doubt(scanned_at: datetime, schedule: Schedule, class_ends_on: date, now: datetime) -> str:
    """Why a scan must wait for a person: its time cannot be right, or it comes very late; "" for a good one."""
    if scanned_at > now + AHEAD_OF_US:
        return "scan.from_the_future"
    day = local(schedule.starts_at, schedule.time_zone).date()
    if local(scanned_at, schedule.time_zone).date() < day:
        return "scan.before_the_day"
    if local(now, schedule.time_zone).date() > class_ends_on + LATEST:
        return "scan.long_after"
    return ""


def stretched(number: str, salt: bytes) -> bytes:
    """An ID number as tablets know it; takes about a twentieth of a second on purpose."""
    return hashlib.pbkdf2_hmac("sha256", number.encode("ascii"), salt, ROUNDS, HASH_BYTES)


def _text(sent: Mapping[str, Any], name: str, most: int) -> str:
    value = sent.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise Invalid("item.malformed", part=name)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as broken:
        raise Invalid("item.malformed", part=name) from broken
    return value.strip()


def _instant(milliseconds: Any, part: str) -> datetime:
    if not isinstance(milliseconds, int) or isinstance(milliseconds, bool) or not 0 <= milliseconds <= _LATEST_MS:
        raise Invalid("item.malformed", part=part)
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
