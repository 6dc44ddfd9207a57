"""The half-days of a course as one learner sat them: what credit counts, with where and when."""

from dataclasses import dataclass, field
from datetime import date

from classroom.attendance.rules.credit import Attendance, CourseRule, Credit, PlannedSession, credit
from classroom.attendance.rules.marks import Status


@dataclass(frozen=True, slots=True)
class SatHalfDay:
    """A planned session of the own class with the learner's best mark for it, and the class in which that was made.

    That time passes says nothing new of the learner: `held` is left out where facts are told apart by how they print.
    """

    number: int
    held_on: date
    part: str
    cancelled: bool
    held: bool = field(repr=False)
    status: Status | None = None
    class_code: str = ""


@dataclass(frozen=True, slots=True)
class SatCourse:
    """One learner's place in a course; `ended` when the learner has left all its classes."""

    class_id: int
    class_code: str
    ended: bool
    half_days: tuple[SatHalfDay, ...] = ()

    def credit(self, required: int) -> Credit:
        """Where the learner stands if so many half-days are asked for."""
        planned = [PlannedSession(each.number, each.held, each.cancelled) for each in self.half_days]
        attended = [Attendance(each.number, each.status) for each in self.half_days if each.status]
        return credit(CourseRule(required), planned, attended)
