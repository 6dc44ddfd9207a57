"""Read spot checks: the one that goes on, and who answered which."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from classroom.attendance.models import SpotAnswer, SpotCheck
from classroom.attendance.queries.register import RegisterLine, register_lines, tally_of
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.rules import CAME, Purpose, Responses, on_screen, responses
from classroom.core.db import db
from classroom.core.doors import door_for
from classroom.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class SpotResult:
    """One check with who was asked, and by what means each answered, by the key of the place."""

    check: SpotCheck
    responses: Responses[RegisterLine]
    sources: dict[int, str]

    def goes_on(self, at: datetime) -> bool:
        """Whether answers still count."""
        return self.check.opened_at <= at < self.check.ends_at

    def says(self, line: RegisterLine) -> bool | None:
        """Whether this learner gave a sign; None for who was not asked and did not."""
        if line.enrolment_id in self.sources:
            return True
        return False if line in self.responses.asked else None


def find_spot_at(class_session_id: int, at: datetime) -> SpotCheck | None:
    """The spot check that went on at an instant."""
    return db.session.scalar(
        select(SpotCheck)
        .where(SpotCheck.class_session_id == class_session_id, SpotCheck.opened_at <= at, SpotCheck.ends_at > at)
        .order_by(SpotCheck.id.desc())
        .limit(1)
    )


def has_spots(class_session_id: int) -> bool:
    """Whether the session has had a spot check."""
    return bool(db.session.scalar(select(exists().where(SpotCheck.class_session_id == class_session_id))))


def get_spot(class_session_id: int, public_id: str) -> SpotCheck:
    """A spot check of this session; raises NotFound."""
    found = db.session.scalar(
        select(SpotCheck).where(SpotCheck.class_session_id == class_session_id, SpotCheck.public_id == public_id)
    )
    if found is None:
        raise NotFound
    return found


def sessions_with_spot(class_session_ids: Collection[int], at: datetime) -> set[int]:
    """Those of these sessions in which a spot check goes on."""
    return set(
        db.session.scalars(
            select(SpotCheck.class_session_id).where(
                SpotCheck.class_session_id.in_(class_session_ids), SpotCheck.opened_at <= at, SpotCheck.ends_at > at
            )
        )
    )


def spot_results(facts: SessionFacts, lines: Sequence[RegisterLine]) -> list[SpotResult]:
    """Every spot check of a session, the first one first, over its register's lines."""
    checks = db.session.scalars(
        select(SpotCheck).where(SpotCheck.class_session_id == facts.id).order_by(SpotCheck.opened_at, SpotCheck.id)
    ).all()
    return results_of(checks, lines)


def results_of(checks: Sequence[SpotCheck], lines: Sequence[RegisterLine]) -> list[SpotResult]:
    """These checks of one session over its register's lines."""
    answers: dict[int, dict[int, str]] = {check.id: {} for check in checks}
    rows = select(SpotAnswer.spot_check_id, SpotAnswer.enrolment_id, SpotAnswer.source)
    for check_id, enrolment_id, source in db.session.execute(rows.where(SpotAnswer.spot_check_id.in_(answers))):
        answers[check_id][enrolment_id] = source
    return [SpotResult(each, responses(lines, each.opened_at, answers[each.id]), answers[each.id]) for each in checks]


def shown_at(facts: SessionFacts, at: datetime) -> tuple[Purpose, SpotCheck | None]:
    """What the screens of a session ask for at an instant, and the spot check if it is one."""
    check = find_spot_at(facts.id, at)
    return on_screen(facts.showing, check_out=facts.check_out, spot_check=check is not None), check


def screen_counts(facts: SessionFacts, purpose: Purpose, check: SpotCheck | None) -> tuple[int, int]:
    """How many have done what the screen asks for, of how many."""
    if purpose is Purpose.TEST and check is None:
        door = door_for(purpose)
        return door.counts(facts.id) if door else (0, 0)
    lines = register_lines(facts)
    if check is not None:
        asked = results_of([check], lines)[0].responses
        return asked.answered, len(asked.asked)
    if purpose is Purpose.OUT:
        came = [line for line in lines if line.status in CAME]
        return sum(1 for line in came if not line.inside), len(came)
    counts = tally_of(lines)
    return counts.came, counts.expected
