"""Take a batch in: every item gets its own answer, and none holds up those behind it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from classroom.accounts.models import Organisation, Tablet
from classroom.attendance.models import TabletItem
from classroom.attendance.queries import tablets as queries
from classroom.attendance.rules import Item, read_item
from classroom.attendance.rules.tablets import KINDS
from classroom.attendance.services.tablets.answers import Final, not_yet
from classroom.attendance.services.tablets.handling import handle
from classroom.attendance.services.tablets.holding import hold_ahead
from classroom.attendance.services.tablets.keeping import keep_malformed
from classroom.attendance.services.tablets.visiting import Visit
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.prepared import Prepared

log = structlog.get_logger()
#: So many items share one transaction: a phone's scan does not wait long behind them, and the disk is asked once.
_TOGETHER = 50
_ITEM: Any = TabletItem.__table__
_NEW_ITEM = Prepared(
    lambda insert: insert(_ITEM).on_conflict_do_nothing().returning(_ITEM.c.id),
    [column.name for column in _ITEM.c if column.name != "id"],
)
#: No savepoint costs less than these two words.
_SAVE, _BACK, _FREE = "SAVEPOINT item", "ROLLBACK TO SAVEPOINT item", "RELEASE SAVEPOINT item"


@dataclass(frozen=True, slots=True)
class Batch:
    """Items as they came, and how far the tablet's clock was ahead when it sent them.

    `signed_in` is the key of who is signed in meanwhile, if anybody.
    """

    items: Sequence[Any]
    ahead: timedelta = timedelta(0)
    signed_in: int | None = None


def receive_items(tablet: Tablet, organisation: Organisation, batch: Batch, *, origin: str = "") -> list[Final]:
    """Keep what the tablet brings, in order; one answer for each item.

    The same item again gets its first answer. Nothing final is said before it is on the disk.
    """
    visit = Visit.of(tablet, organisation, batch.ahead, origin, batch.signed_in)
    answers: list[Final] = []
    for start in range(0, len(batch.items), _TOGETHER):
        some = batch.items[start : start + _TOGETHER]
        try:
            answers += _write(visit, some)
        except SQLAlchemyError as problem:  # a lock that was not to be had: one by one, what can be written is
            log.warning("batch of a tablet in parts", error=type(problem).__name__)
            answers += [_alone(visit, sent) for sent in some]
    return answers


def _write(visit: Visit, some: Sequence[Any]) -> list[Final]:
    with transaction() as session:
        # Two batches of one tablet follow each other, so that the second finds what the first has written.
        session.execute(select(Tablet.id).where(Tablet.id == visit.tablet_id).with_for_update(key_share=True)).all()
        visit.refresh()
        read = [_read(sent) for sent in some]
        hold_ahead(session, visit, (item for item in read if isinstance(item, Item)))
        return [_one(session, visit, sent, item) for sent, item in zip(some, read, strict=True)]


def _alone(visit: Visit, sent: Any) -> Final:
    try:
        return _write(visit, [sent])[0]
    except (IntegrityError, DataError) as lasting:
        return _give_up(visit, sent, lasting)
    except SQLAlchemyError as problem:
        log.error("item of a tablet not written", error=type(problem).__name__)
        return not_yet(_uuid_of(sent), "item.busy")


def _give_up(visit: Visit, sent: Any, lasting: DBAPIError) -> Final:
    """What the database refuses for what it is would be refused for ever: kept for people, and out of the queue."""
    kind = sent.get("kind") if isinstance(sent, dict) else None
    kind = kind if kind in KINDS else None
    log.error("item of a tablet given up", kind=kind, error=type(lasting).__name__, cause=_cause(lasting))
    for keep in (_keep_unfit, _keep_as_sent):
        try:
            with transaction() as session:
                visit.refresh()
                return keep(session, visit, sent)
        except SQLAlchemyError as problem:
            log.error("item of a tablet not kept", error=type(problem).__name__)
    return not_yet(_uuid_of(sent), "item.busy")


def _keep_unfit(session: Session, visit: Visit, sent: Any) -> Final:
    try:
        item = read_item(sent)
    except Invalid:
        return _keep_as_sent(session, visit, sent)
    if known := queries.known_item(item.uuid):
        return _again(visit, item, known)
    return _refuse(session, visit, item, Refusal("item.unfit"))


def _keep_as_sent(_session: Session, visit: Visit, sent: Any) -> Final:
    keep_malformed(visit, _uuid_of(sent), _spelt(sent))
    return Final(_uuid_of(sent), "refused", "item.unfit")


def _cause(problem: DBAPIError) -> str:
    """Which rule of the database was broken; PostgreSQL's own words would tell numbers and names."""
    diagnosis = getattr(problem.orig, "diag", None)
    return str(diagnosis.constraint_name or diagnosis.sqlstate) if diagnosis else str(problem.orig)


def _read(sent: Any) -> Item | Invalid:
    try:
        return read_item(sent)
    except Invalid as wrong:
        return wrong
    except Exception as bug:  # nothing that a tablet sends may hold up what lies behind it
        log.error("item of a tablet not read", error=type(bug).__name__)
        return Invalid("item.malformed", part="item")


def _one(session: Session, visit: Visit, sent: Any, item: Item | Invalid) -> Final:
    if isinstance(item, Invalid):
        return _malformed(visit, sent, item)
    if known := queries.known_item(item.uuid):
        return _again(visit, item, known)
    connection = session.connection()
    connection.exec_driver_sql(_SAVE)
    try:
        answer, scan_id = handle(session, visit, item)
        answer = _veiled(visit, item, answer)
        session.flush()
        if answer.final and not _keep(visit, item, answer, scan_id):  # another tablet was first by a hair
            _undo(session)
            return _again(visit, item, queries.known_item(item.uuid))
    except Refusal as refused:
        _undo(session)
        return _refuse(session, visit, item, refused)
    except SQLAlchemyError:
        raise
    except Exception as bug:
        _undo(session)
        log.error("item of a tablet failed", kind=item.kind, exc_info=bug)
        if visit.is_stale(item):
            return _refuse(session, visit, item, Refusal("item.unfit"))
        return not_yet(item.uuid, "item.failed")
    connection.exec_driver_sql(_FREE)
    return answer


def _undo(session: Session) -> None:
    session.expunge_all()
    connection = session.connection()
    connection.exec_driver_sql(_BACK)
    connection.exec_driver_sql(_FREE)


def _refuse(session: Session, visit: Visit, item: Item, refused: Refusal) -> Final:
    details = {name: str(value) for name, value in refused.details.items()}
    answer = _veiled(visit, item, Final(item.uuid, "refused", refused.code, details, direction=item.direction))
    scan_id = visit.keep_refused(item, refused.code)
    _keep(visit, item, answer, scan_id)
    return answer


def _again(visit: Visit, item: Item, known: Any) -> Final:
    """The first answer to the same item, also where the browser that holds it was let in under another name since.

    Nobody else can know uuid and content. Even so a tablet under another name is told no more than its own delivery
    would tell it: of another organisation nothing, and where it is not trusted with the class that the scan counts.
    """
    if known.content_hash != item.content_hash():
        return Final(item.uuid, "refused", "scan.uuid_reused", direction=item.direction)
    if known.organisation_id != visit.organisation_id:
        return Final(item.uuid, "refused", "scan.foreign_session", direction=item.direction)
    first = Final.unpacked(known.answer)
    if known.tablet_id != visit.tablet_id and visit.distrust(visit.find_session(item.session)):
        first = first.bare()
    return _veiled(visit, item, first)


def _veiled(visit: Visit, item: Item, answer: Final) -> Final:
    """Who holds a tablet that is not trusted must not learn from numbers and codes whose they are."""
    return answer.nameless() if visit.distrust(visit.find_session(item.session)) else answer


def _malformed(visit: Visit, sent: Any, wrong: Invalid) -> Final:
    """What cannot be read is kept as an attempt under a name made of its content, and must not come again."""
    keep_malformed(visit, _uuid_of(sent), _spelt(sent))
    return Final(_uuid_of(sent), "refused", wrong.code, {"part": str(wrong.details.get("part", ""))})


def _spelt(sent: Any) -> str:
    try:
        return json.dumps(sent, sort_keys=True, default=str)
    except RecursionError:
        return json.dumps({"uuid": _uuid_of(sent), "nested": True})


def _keep(visit: Visit, item: Item, answer: Final, scan_id: int | None) -> bool:
    made = _NEW_ITEM.first(
        organisation_id=visit.organisation_id,
        tablet_id=visit.tablet_id,
        uuid=item.uuid,
        kind=item.kind,
        content_hash=item.content_hash(),
        received_at=now(),
        scan_id=scan_id,
        answer=answer.packed(),
    )
    return made is not None


def _uuid_of(sent: Any) -> str:
    uuid = sent.get("uuid") if isinstance(sent, dict) else ""
    return uuid[:64] if isinstance(uuid, str) else ""
