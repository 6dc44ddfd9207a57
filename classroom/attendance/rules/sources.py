"""By what means somebody was checked in."""

from enum import StrEnum


class Source(StrEnum):
    """Where a scan or an event comes from; kept with it for good."""

    ROOM_CODE = "room_code"
    TYPED = "typed"
    FIXED = "fixed"
    REQUEST = "request"
    BADGE = "badge"
    CARD = "card"
    PICKED = "picked"
    HAND = "hand"
    PAPER = "paper"
    CLOSE = "close"


#: What the page of a phone can come from.
BY_PHONE = frozenset({Source.ROOM_CODE, Source.TYPED, Source.FIXED})
#: Read by a tablet that may be offline: such scans reach us long after they were made.
BY_TABLET = frozenset({Source.BADGE, Source.CARD, Source.PICKED})
