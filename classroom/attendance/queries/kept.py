"""Read what tablets brought and nobody was found for."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select

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


def scans_placed(scan_ids: Collection[int], *about: Any) -> Select[Any]:
    """Scans of sessions of ours: the key, the columns `about` them, class code, session with its half-day, and time."""
    return (
        select(
            Scan.id,
            *about,
            TrainingClass.code,
            ClassSession.public_id,
            ClassSession.day_number,
            ClassSession.part,
            Scan.scanned_at,
        )
        .join(ClassSession, ClassSession.id == Scan.class_session_id)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .where(Scan.id.in_(scan_ids))
    )


def held_walk_ins(scan_ids: Collection[int]) -> dict[int, HeldWalkIn]:
    """What was typed about people whom nobody has taken in, by the keys of their scans."""
    rows = db.session.execute(
        scans_placed(scan_ids, KeptItem.texts)
        .join(KeptItem, KeptItem.scan_id == Scan.id)
        .where(KeptItem.kind == "walk_in")
    )
    return {row[0]: HeldWalkIn(*row) for row in rows}
