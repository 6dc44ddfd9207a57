"""Erase what was scanned or typed at the door as soon as nobody needs it; that it was kept, what and why stays."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, null, or_, select, update
from sqlalchemy.orm import aliased

from classroom.attendance.models import KeptItem, Scan
from classroom.attendance.rules.tablets import LATEST
from classroom.attendance.services.tablets.undoing import QUARANTINED
from classroom.audit.services import record
from classroom.core.actor import system
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.inbox.models import InboxItem
from classroom.inbox.rules import UNDO_ACCEPTED
from classroom.sessions.models import ClassSession

#: A decision can be taken back for half a minute; whoever is at it then has finished after as long again.
_SETTLED = 2 * UNDO_ACCEPTED


def erase_due(at: datetime | None = None) -> int:
    """Erase the texts of held walk-ins that are decided for good, and all others 14 days after they came and their
    class has ended, whichever is later; returns how many.
    """
    at = at or now()
    with transaction() as session:
        due = select(KeptItem.id).join(Scan, Scan.id == KeptItem.scan_id).where(_kept(), or_(_settled(at), _old(at)))
        gone = session.execute(
            update(KeptItem)
            .where(KeptItem.id.in_(due), _kept())
            .values(texts=null())
            .returning(KeptItem.organisation_id)
            .execution_options(synchronize_session=False)
        )
        counts = Counter(gone.scalars())
        for organisation_id, count in sorted(counts.items()):
            actor = system(organisation_id)
            record("tablet.texts_erased", "organisation", organisation_id, actor=actor, facts={"count": count})
    return counts.total()


def _kept() -> ColumnElement[bool]:
    return KeptItem.texts.is_not(null())


def _settled(at: datetime) -> ColumnElement[bool]:
    """What a coordinator has decided, and can no longer take back."""
    return exists().where(
        InboxItem.organisation_id == KeptItem.organisation_id,
        InboxItem.kind == QUARANTINED,
        InboxItem.key == cast(KeptItem.scan_id, String),
        InboxItem.decided_at < at - _SETTLED,
    )


def _old(at: datetime) -> ColumnElement[bool]:
    """What came long ago, for a class that has ended long ago or for none."""
    its, last = aliased(ClassSession), aliased(ClassSession)
    ended: Any = (
        select(func.max(last.ends_at))
        .join(its, its.class_id == last.class_id)
        .where(its.id == Scan.class_session_id)
        .scalar_subquery()
    )
    return and_(Scan.received_at < at - LATEST, or_(Scan.class_session_id.is_(None), ended < at - LATEST))
