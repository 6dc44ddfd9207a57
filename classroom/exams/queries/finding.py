"""Find a learner for a device of the room: by name, by learner code, by a badge that was typed or scanned as text."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from classroom.attendance.queries.phones import Person
from classroom.attendance.queries.tablets import person_by_badge, person_by_code
from classroom.core.db import db
from classroom.core.names import fold
from classroom.exams.queries.board import BoardRow, board_rows
from classroom.exams.queries.sitting_facts import SittingFacts
from classroom.learners.models import Learner
from classroom.learners.rules.codes import normalise_learner_code
from classroom.sessions.rules.badges import parse_badge

MOST_FOUND = 20
_CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Found:
    """Those who may be meant, in the board's order; `exactly` if a code or a badge named the one."""

    rows: tuple[BoardRow, ...] = ()
    exactly: bool = False


def find_learners(sitting: SittingFacts, text: str) -> Found:
    """Whom the text means among those on the board of the sitting."""
    rows = board_rows(sitting)
    person = _by_code(sitting, text.strip())
    if person is not None:
        named = tuple(row for row in rows if row.learner == person.public_id)
        return Found(named, exactly=bool(named))
    words = fold(text).split()
    if not words:
        return Found()
    liked = [row for row in rows if all(word in fold(f"{row.name} {row.unit}") for word in words)]
    return Found(tuple(liked[:MOST_FOUND]))


def _by_code(sitting: SittingFacts, text: str) -> Person | None:
    organisation_id, course_id = sitting.organisation_id, sitting.session.course_id
    code = normalise_learner_code(text.rstrip("/").rpartition("/")[2])
    if len(code) == _CODE_LENGTH and (person := person_by_code(organisation_id, course_id, code)):
        return person
    badge = parse_badge(text)
    return person_by_badge(organisation_id, course_id, badge).person if badge else None


def names_of(learner_ids: Collection[int | None]) -> dict[int, str]:
    """Names by the keys of learners."""
    wanted = [each for each in learner_ids if each is not None]
    rows = db.session.execute(select(Learner.id, Learner.name).where(Learner.id.in_(wanted)))
    return {row.id: row.name for row in rows}
