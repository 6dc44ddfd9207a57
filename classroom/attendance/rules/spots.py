"""Spot checks, and what the screen of a room asks for at an instant."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from classroom.attendance.rules.codes import Purpose
from classroom.attendance.rules.marks import CAME, Status

#: For how many minutes a trainer may ask for a sign of presence.
SPOT_MINUTES = (3, 5, 10)
USUAL_SPOT_MINUTES = 5


class Seen(Protocol):
    """A place as its mark tells of it."""

    @property
    def enrolment_id(self) -> int: ...
    @property
    def status(self) -> Status | None: ...
    @property
    def arrived_at(self) -> datetime | None: ...
    @property
    def left_at(self) -> datetime | None: ...


Line = TypeVar("Line", bound=Seen)


@dataclass(frozen=True, slots=True)
class Responses(Generic[Line]):
    """Who was asked by a spot check, and who of them gave no sign; others may have answered, too."""

    asked: tuple[Line, ...]
    silent: tuple[Line, ...]

    @property
    def answered(self) -> int:
        """How many of those who were asked gave a sign."""
        return len(self.asked) - len(self.silent)


def responses(lines: Iterable[Line], opened_at: datetime, answered: Collection[int]) -> Responses[Line]:
    """Asked is who had come and not gone when the check began; no machine draws anything from silence."""
    asked = tuple(line for line in lines if _was_there(line, opened_at))
    return Responses(asked, tuple(line for line in asked if line.enrolment_id not in answered))


def on_screen(showing: str, *, check_out: bool, spot_check: bool) -> Purpose:
    """What the codes of a screen are for: a spot check while one goes on, else what the trainer chose."""
    if spot_check:
        return Purpose.SPOT
    if showing == Purpose.TEST:
        return Purpose.TEST
    return Purpose.OUT if check_out and showing == Purpose.OUT else Purpose.IN


def _was_there(line: Seen, at: datetime) -> bool:
    came = line.status in CAME and (line.arrived_at is None or line.arrived_at <= at)
    return came and (line.left_at is None or line.left_at > at)
