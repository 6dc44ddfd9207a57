"""Times of day as people type them: "07:30-11:30", "7h30 – 9h15, 9h30 – 11h30"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from itertools import pairwise

from classroom.core.errors import Invalid

_CLOCK = re.compile(r"(\d{1,2})\s*(?:[:.hg]\s*(\d{2})?)?", re.IGNORECASE)
_DASHES = re.compile(r"\s*(?:[-–—~→]|đến|to)\s*", re.IGNORECASE)
_BREAKS = re.compile(r"\s*(?:[,;+\n]|&|\bvà\b|\band\b)\s*", re.IGNORECASE)
NOON = time(12)
EVENING_FROM = time(17, 30)


class Part(StrEnum):
    """The part of the day in which a class session begins."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True, order=True)
class TimeRange:
    """A stretch of one local day; `starts` is before `ends`."""

    starts: time
    ends: time


Ranges = tuple[TimeRange, ...]
MORNING: Ranges = (TimeRange(time(7, 30), time(11, 30)),)
AFTERNOON: Ranges = (TimeRange(time(13, 30), time(17)),)


def parse_ranges(text: str) -> Ranges:
    """Read one or more ranges in order; raises Invalid `times.…` naming the part that cannot be used."""
    pieces = [piece for piece in _BREAKS.split(text.strip()) if piece]
    if not pieces:
        raise Invalid("times.missing")
    ranges = tuple(sorted(_parse_range(piece) for piece in pieces))
    for earlier, later in pairwise(ranges):
        if later.starts < earlier.ends:
            raise Invalid("times.overlap", first=spell_range(earlier), second=spell_range(later))
    return ranges


def spell_range(one: TimeRange) -> str:
    """07:30-11:30"""
    return f"{one.starts:%H:%M}-{one.ends:%H:%M}"


def spell_ranges(ranges: Iterable[TimeRange]) -> str:
    """The ranges as `parse_ranges` reads them back."""
    return ", ".join(spell_range(one) for one in ranges)


def part_of(ranges: Ranges) -> Part:
    """Judge by the first start: before noon, before 17:30, or in the evening."""
    starts = ranges[0].starts
    if starts < NOON:
        return Part.MORNING
    return Part.AFTERNOON if starts < EVENING_FROM else Part.EVENING


def _parse_range(piece: str) -> TimeRange:
    ends = _DASHES.split(piece)
    if len(ends) != 2:
        raise Invalid("times.unreadable", text=piece)
    starts, until = (_parse_clock(end, piece) for end in ends)
    if starts >= until:
        raise Invalid("times.backwards", text=piece)
    return TimeRange(starts, until)


def _parse_clock(text: str, piece: str) -> time:
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise Invalid("times.unreadable", text=piece)
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        raise Invalid("times.no_such_time", text=text.strip())
    return time(hour, minute)
