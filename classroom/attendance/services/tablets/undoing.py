"""Take an earlier item of a tablet back: what came of it is annulled, nothing is erased."""

from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from classroom.attendance.models import Event, Scan
from classroom.attendance.queries import tablets as queries
from classroom.attendance.queries.session_facts import SessionFacts, session_facts_by_id
from classroom.attendance.rules import Item, living
from classroom.attendance.rules.tablets import LATEST
from classroom.attendance.services.by_hand import annul
from classroom.attendance.services.locking import lock_register
from classroom.attendance.services.marking import events_of
from classroom.attendance.services.scanning import late_scan_key
from classroom.attendance.services.tablets.answers import Final, Handled, not_yet
from classroom.attendance.services.tablets.keeping import erase_texts
from classroom.attendance.services.tablets.visiting import Visit
from classroom.core.errors import Refusal
from classroom.inbox import services as inbox
from classroom.inbox.queries import find_open

#: The question to the coordinator about a scan that cannot count by itself.
QUARANTINED = "attendance.quarantined"
LATE_SCAN = "attendance.late_scan"


def take_back(session: Session, visit: Visit, item: Item) -> Handled:
    """Take back what an earlier item of this tablet did, in whatever session that was.

    What a revoked tablet has brought may be taken back by it while nobody has decided, and nothing else. Raises
    `tablet.revoked`, `register.signed_off`, `undo.other_tablet`, and `undo.too_old` for what has never come.
    """
    known = queries.known_item(item.texts["target"])
    if known is None:
        return _wait(visit, item)
    if known.tablet_id != visit.tablet_id:
        raise Refusal("undo.other_tablet")
    scan = session.get(Scan, known.scan_id) if known.scan_id else None
    facts = session_facts_by_id(scan.class_session_id) if scan and scan.class_session_id else None
    if scan is None or facts is None:
        return _done(item, something=False)
    if scan.outcome == "quarantined" and inbox.withdraw(
        QUARANTINED, str(scan.id), organisation_id=facts.organisation_id
    ):
        erase_texts(session, scan.id)
        return _done(item)
    if scan.outcome == "refused":
        return _done(item, something=False)
    if visit.revoked:
        raise Refusal("tablet.revoked")
    if scan.outcome == "proposed":
        return _done(item, something=_withdraw_proposal(session, facts, scan))
    return _done(item, something=scan.outcome != "quarantined" and _annul(session, visit, item, facts, scan))


def _wait(visit: Visit, item: Item) -> Handled:
    """The scan itself may still come; not if it was unreadable, and not for ever."""
    if queries.was_unreadable(visit.tablet_id, item.texts["target"]):
        return _done(item, something=False)
    if visit.is_stale(item):
        raise Refusal("undo.too_old", days=LATEST // timedelta(days=1))
    return not_yet(item.uuid, "item.waits"), None


def _withdraw_proposal(session: Session, facts: SessionFacts, scan: Scan) -> bool:
    """Take one scan out of the question after sign-off, which goes on while others propose the same."""
    key = late_scan_key(facts.public_id, scan.enrolment_id or 0, scan.direction)
    question = find_open(facts.organisation_id, LATE_SCAN, key)
    if question is None:
        return False
    gone = [*question.facts.get("taken_back", []), scan.id]
    other = session.scalar(
        select(Scan)
        .where(
            Scan.class_session_id == scan.class_session_id,
            Scan.enrolment_id == scan.enrolment_id,
            Scan.direction == scan.direction,
            Scan.outcome == "proposed",
            Scan.id.not_in(gone),
            or_(Scan.id == question.facts["scan_id"], Scan.received_at >= question.created_at),
        )
        .order_by(Scan.scanned_at, Scan.id)
        .limit(1)
    )
    if other is None:
        return inbox.withdraw(LATE_SCAN, key, organisation_id=facts.organisation_id)
    told = {"scan_id": other.id, "scanned_at": other.scanned_at.isoformat(), "source": other.source}
    question.facts = {**question.facts, **told, "taken_back": gone}
    return True


def _annul(session: Session, visit: Visit, item: Item, facts: SessionFacts, scan: Scan) -> bool:
    if scan.enrolment_id is None:
        return False
    locked = lock_register(session, facts)
    if locked.state.signed_off_at is not None:
        raise Refusal("register.signed_off")
    rows = session.execute(select(Event.id, Event.enrolment_id).where(Event.scan_id == scan.id)).all()
    of_scan, something = {row.id for row in rows}, False
    for place in sorted({scan.enrolment_id, *(row.enrolment_id for row in rows)}):  # a merge carries it to another one
        targets = [each.id for each in living(events_of(session, facts.id, place)) if each.id in of_scan]
        annul(session, locked, place, targets, reason="", actor=visit.actor(item))
        something |= bool(targets)
    return something


def _done(item: Item, *, something: bool = True) -> Handled:
    return Final(item.uuid, "accepted", "" if something else "undo.nothing"), None
