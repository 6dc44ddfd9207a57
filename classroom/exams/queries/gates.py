"""Where learners stand before the door of a sitting."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, or_, select

from classroom.attendance.models import Mark
from classroom.attendance.queries.standing import planned_in
from classroom.attendance.rules import ATTENDED, Attendance, CourseRule, PlannedSession, Status, credit
from classroom.core.prepared import Prepared
from classroom.exams.models import Attempt, GatePass, Paper, Sitting
from classroom.exams.queries.sitting_facts import SittingFacts
from classroom.exams.rules.gate import Bar, Standing, gate
from classroom.sessions.models import Enrolment

#: The attempts of one learner at a paper, those at papers that ask it anew among them.
_ATTEMPTS = Prepared(
    select(
        Attempt.id,
        Attempt.public_id,
        Attempt.sitting_id,
        Attempt.number,
        Attempt.state,
        Attempt.outcome,
        Attempt.started_at,
        Attempt.device_hash,
    )
    .join(Sitting, Sitting.id == Attempt.sitting_id)
    .join(Paper, Paper.id == Sitting.paper_id)
    .where(
        Attempt.learner_id == bindparam("learner"),
        or_(Paper.id == bindparam("paper"), Paper.retake_of_id == bindparam("paper")),
        Sitting.annulled_at.is_(None),
    )
    .order_by(Attempt.id)
)
_PASS = Prepared(
    select(GatePass.at, GatePass.extra_minutes).where(
        GatePass.sitting_id == bindparam("sitting"), GatePass.learner_id == bindparam("learner")
    )
)
_PLACES = Prepared(
    select(Enrolment.class_id, Enrolment.ended_at, Mark.status)
    .outerjoin(Mark, (Mark.enrolment_id == Enrolment.id) & (Mark.class_session_id == bindparam("session")))
    .where(Enrolment.learner_id == bindparam("learner"), Enrolment.course_id == bindparam("course"))
    .order_by(Enrolment.id)
)


class AtTheGate(NamedTuple):
    """A learner's standing, with the rows that a start goes on with."""

    standing: Standing
    #: Attempts of this sitting, the first one first.
    attempts: Sequence[Any]
    extra_minutes: int

    @property
    def running(self) -> Any | None:
        """The attempt that goes on."""
        return next((one for one in self.attempts if one.state == "running"), None)


def explain(sitting: SittingFacts, learner_id: int) -> list[Bar]:
    """What keeps a learner from beginning; an empty list for whoever may."""
    return gate(sitting.terms, find_standing(sitting, learner_id).standing, retake=sitting.retake)


def find_standing(sitting: SittingFacts, learner_id: int) -> AtTheGate:
    """Where one learner stands; four statements, one more where the paper asks for half-days attended."""
    taken = _ATTEMPTS.all(learner=learner_id, paper=sitting.counts_for)
    here = [one for one in taken if one.sitting_id == sitting.id]
    given = _PASS.first(sitting=sitting.id, learner=learner_id)
    places = _PLACES.all(session=sitting.session.id, learner=learner_id, course=sitting.session.course_id)
    attended, needed = _half_days(sitting, learner_id, places)
    standing = standing_from(
        sitting,
        taken,
        given,
        present=any(place.status in ATTENDED for place in places),
        enrolled=any(place.ended_at is None or place.status in ATTENDED for place in places),
        attended=attended,
        needed=needed,
    )
    return AtTheGate(standing, here, given.extra_minutes if given else 0)


def standing_from(
    sitting: SittingFacts,
    taken: Sequence[Any],
    given: Any | None,
    *,
    present: bool,
    enrolled: bool,
    attended: int,
    needed: int,
) -> Standing:
    """A standing from the attempts at the paper, the pass (or None), and what attendance says."""
    here = [one for one in taken if one.sitting_id == sitting.id]
    counting = [one for one in (here if sitting.retake else taken) if one.state != "annulled"]
    return Standing(
        present=present,
        attended=attended,
        needed_sessions=needed,
        attempts_used=len(counting),
        passed_before=any(one.outcome == "pass" and one.state == "finished" for one in taken),
        running=any(one.state == "running" for one in here),
        has_pass=given is not None,
        pass_spent=given is not None and any(one.started_at >= given.at for one in here if one.state != "annulled"),
        enrolled=enrolled,
    )


def half_days(
    require: int, planned: Iterable[tuple[int, bool]], marks: Iterable[tuple[int, str | None]]
) -> tuple[int, int]:
    """Half-days attended and needed; those that were cancelled are not asked for (attendance's own rule).

    `planned` are number and "cancelled" of the sessions of the learner's class; `marks` number and status.
    """
    sessions = {number: PlannedSession(number, cancelled=cancelled) for number, cancelled in planned}
    attendances = [Attendance(number, Status(status)) for number, status in marks if status in set(Status)]
    counted = credit(CourseRule(require), sessions.values(), attendances)
    return counted.attended, counted.required


def _half_days(sitting: SittingFacts, learner_id: int, places: Sequence[Any]) -> tuple[int, int]:
    require = sitting.terms.require_sessions
    if not require:
        return 0, 0
    living = [place for place in places if place.ended_at is None] or places
    own = next((place.class_id for place in living if place.class_id == sitting.session.class_id), None)
    class_id = own or (living[0].class_id if living else sitting.session.class_id)
    planned = planned_in(class_id, sitting.session.course_id, learner_id)
    sessions = ((row.number, row.cancelled_at is not None) for row in planned)
    return half_days(require, sessions, ((row.number, row.status) for row in planned))
