"""Answers that came too late, or from a device that had lost the attempt: kept as evidence, so many and no more."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select

from classroom.core.db import db
from classroom.exams.models import StrayAnswer
from classroom.exams.services.writing import Cleaned

MOST_STRAYS = 200


def keep_strays(attempt_id: int, answers: Sequence[Cleaned], kind: str, device: bytes, at: datetime) -> None:
    """Write down what is not written down yet; the attempt is locked, so that a replay adds nothing."""
    if not answers:
        return
    session = db.session()
    rows = session.execute(
        select(StrayAnswer.position, StrayAnswer.sequence, StrayAnswer.answer, StrayAnswer.device_hash).where(
            StrayAnswer.attempt_id == attempt_id
        )
    ).all()
    room = MOST_STRAYS - len(rows)
    known = [(row.position, row.sequence, row.answer, row.device_hash) for row in rows]
    fresh: list[Cleaned] = []
    for each in answers:
        what = (each.position, each.sequence, each.answer, device)
        if what not in known and len(fresh) < room:
            known.append(what)
            fresh.append(each)
    if fresh:
        facts = {"attempt_id": attempt_id, "kind": kind, "received_at": at, "device_hash": device}
        session.execute(
            insert(StrayAnswer),
            [{**facts, "position": one.position, "sequence": one.sequence, "answer": one.answer} for one in fresh],
        )
