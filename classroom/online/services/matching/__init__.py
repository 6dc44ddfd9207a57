"""One person across room and online platform: match, ask, decide, and take back."""

from classroom.online.services.matching import merging, vanishing
from classroom.online.services.matching.by_hand import link_by_hand, unlink
from classroom.online.services.matching.deciding import different, later, same, undo
from classroom.online.services.matching.revealing import reveal_number
from classroom.online.services.matching.running import MatchCounts, match_records

__all__ = [
    "MatchCounts",
    "different",
    "later",
    "link_by_hand",
    "match_records",
    "merging",
    "reveal_number",
    "same",
    "undo",
    "unlink",
    "vanishing",
]
