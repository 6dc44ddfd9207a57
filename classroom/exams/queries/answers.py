"""Answers of many attempts at once. Equal ones are one object: of a million answers only few are different."""

import json
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Text, cast, select
from sqlalchemy.orm import Session

from classroom.exams.models import Attempt, Response
from classroom.exams.rules.answers import Answer

#: Rows fetched at once.
_CHUNK = 5000
#: Attempts asked for in one statement: a hundred thousand answers at most.
_ATTEMPTS = 2000


def answers_where(session: Session, condition: ColumnElement[bool]) -> dict[int, dict[int, Answer]]:
    """The answers of the attempts for which this holds, by attempt key and position; what is left open is not in it.

    Nobody changes what is in it: the same object stands in many places.
    """
    found: dict[int, dict[int, Answer]] = defaultdict(dict)
    _read(session, condition, found, {})
    return found


def answers_of_attempts(session: Session, attempts: Sequence[int]) -> dict[int, dict[int, Answer]]:
    """The same for these attempts, however many: in pieces, of which none lasts long enough to be cut off."""
    found: dict[int, dict[int, Answer]] = defaultdict(dict)
    known: dict[str, Answer] = {}
    for start in range(0, len(attempts), _ATTEMPTS):
        _read(session, Attempt.id.in_(attempts[start : start + _ATTEMPTS]), found, known)
    return found


def _read(
    session: Session,
    condition: ColumnElement[bool],
    found: dict[int, dict[int, Answer]],
    known: dict[str, Answer],
) -> None:
    rows = session.execute(
        select(Response.attempt_id, Response.position, cast(Response.answer, Text))
        .join(Attempt, Attempt.id == Response.attempt_id)
        .where(condition, Response.answer.is_not(None)),
        execution_options={"yield_per": _CHUNK},
    )
    for attempt_id, position, text in rows:
        answer = known.get(text)
        if answer is None:
            answer = known[text] = json.loads(text)
        found[attempt_id][position] = answer
