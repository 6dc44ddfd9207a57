"""The spot checks of a class, for its attendance table."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from classroom.attendance.models import SpotAnswer, SpotCheck
from classroom.attendance.rules import Status, responses
from classroom.core.db import db
from classroom.desk.queries.record import ClassRecord


class ClassSpot(NamedTuple):
    """One spot check: in which session of the record, when, and who answered; who was not asked is in neither."""

    session: int
    opened_at: datetime
    answered: frozenset[int]
    silent: frozenset[int]


class _Seen(NamedTuple):
    enrolment_id: int
    status: Status | None
    arrived_at: datetime | None
    left_at: datetime | None


def class_spots(record: ClassRecord) -> list[ClassSpot]:
    """Every spot check of a class in the order of time, over the places of its record."""
    order = {one.class_session.id: place for place, one in enumerate(record.sessions)}
    checks = db.session.scalars(
        select(SpotCheck).where(SpotCheck.class_session_id.in_(order)).order_by(SpotCheck.opened_at, SpotCheck.id)
    ).all()
    answers: dict[int, set[int]] = defaultdict(set)
    rows = select(SpotAnswer.spot_check_id, SpotAnswer.enrolment_id)
    for check_id, enrolment_id in db.session.execute(
        rows.where(SpotAnswer.spot_check_id.in_([check.id for check in checks]))
    ):
        answers[check_id].add(enrolment_id)
    return [_spot(record, check, order[check.class_session_id], answers[check.id]) for check in checks]


def _spot(record: ClassRecord, check: SpotCheck, session: int, answered: set[int]) -> ClassSpot:
    seen = [
        _Seen(place.enrolment.id, cell.status, cell.arrived_at, cell.left_at)
        for place in record.places
        if (cell := place.cells[session]).on_roster
    ]
    silent = responses(seen, check.opened_at, answered).silent
    return ClassSpot(session, check.opened_at, frozenset(answered), frozenset(one.enrolment_id for one in silent))
