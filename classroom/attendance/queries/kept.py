"""Read what tablets brought and nobody was found for."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from classroom.attendance.models import KeptItem, Scan
from classroom.core.db import db
from classroom.sessions.models import ClassSession, TrainingClass


class HeldWalkIn(NamedTuple):
    """Somebody who walked in, as typed on a tablet that takes nobody in; `texts` is None once it was erased."""

    scan_id: int
    texts: Mapping[str, str] | None
    class_code: str
    session: str
    day_number: int
    part: str
    scanned_at: datetime


def held_walk_ins(scan_ids: Collection[int]) -> dict[int, HeldWalkIn]:
    """What was typed about people whom nobody has taken in, by the keys of their scans."""
    rows = db.session.execute(
        select(
            Scan.id,
            KeptItem.texts,
            TrainingClass.code,
            ClassSession.public_id,
            ClassSession.day_number,
            ClassSession.part,
            Scan.scanned_at,
        )
        .join(KeptItem, KeptItem.scan_id == Scan.id)
        .join(ClassSession, ClassSession.id == Scan.class_session_id)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .where(Scan.id.in_(scan_ids), KeptItem.kind == "walk_in")
    )
    return {row[0]: HeldWalkIn(*row) for row in rows}
