"""What each kind of item does. All marks go the way that a phone's scan goes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.attendance.queries import tablets as queries
from classroom.attendance.queries.phones import Person
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.rules import Item, Source, doubt
from classroom.attendance.services.scanning import Attempt, choose_place, record_scan
from classroom.attendance.services.tablets.answers import Final, Handled
from classroom.attendance.services.tablets.undoing import QUARANTINED, take_back
from classroom.attendance.services.tablets.visiting import SOURCES, Visit
from classroom.attendance.services.tablets.walking_in import other_name, person_of_walk_in, read_walk_in, tie
from classroom.core.clock import now
from classroom.core.errors import Refusal
from classroom.inbox import services as inbox
from classroom.sessions.models import Enrolment

_UNREAD = {
    "foreign": "scan.foreign_code",
    "truncated": "scan.truncated",
    "forged": "scan.forged",
    "card": "scan.card_unreadable",
}


def handle(session: Session, visit: Visit, item: Item) -> Handled:
    """Do what the item says, in the open transaction; raises Refusal for a lawful no, which is kept by the caller."""
    return _HANDLERS[item.kind](session, visit, item)


def _badge(session: Session, visit: Visit, item: Item) -> Handled:
    facts = visit.session(item.session)
    code = item.texts.get("badge")
    if code is None:
        person = queries.person_by_code(facts.organisation_id, facts.course_id, item.texts["code"])
        if person is None:
            raise Refusal("scan.code_unknown")
        return _check_in(session, visit, item, facts, person)
    shown = queries.person_by_badge(facts.organisation_id, facts.course_id, code)
    if shown.person is None:
        raise Refusal(f"badge.{shown.state}")
    if shown.state == "replaced":
        scan_id = visit.keep_refused(item, "badge.replaced", learner_id=shown.person.learner_id)
        name, unit = shown.person.name, shown.person.unit
        return Final(item.uuid, "refused", "badge.replaced", {"name": name}, name=name, unit=unit), scan_id
    return _check_in(session, visit, item, facts, shown.person)


def _card(session: Session, visit: Visit, item: Item) -> Handled:
    facts = visit.session(item.session)
    if "enrolment" in item.texts:
        person = queries.person_by_place(facts.organisation_id, facts.course_id, item.texts["enrolment"])
    else:
        person = queries.person_by_number(facts.organisation_id, facts.course_id, item.texts["number"])
    if person is None:
        raise Refusal("scan.card_unknown")
    return _check_in(session, visit, item, facts, person)


def _picked(session: Session, visit: Visit, item: Item) -> Handled:
    facts = visit.session(item.session)
    person = queries.person_by_place(facts.organisation_id, facts.course_id, item.texts["enrolment"])
    if person is None:
        raise Refusal("scan.place_unknown")
    return _check_in(session, visit, item, facts, person)


def _tie(session: Session, visit: Visit, item: Item) -> Handled:
    """Whoever was chosen is here, also where the badge cannot be given."""
    facts = visit.session(item.session)
    person = queries.person_by_place(facts.organisation_id, facts.course_id, item.texts["enrolment"])
    if person is None:
        raise Refusal("scan.place_unknown")
    trouble = None
    if not visit.distrust(facts):
        trouble = tie(item.texts["badge"], person.learner_id, actor=visit.actor(item)).trouble
    answer, scan_id = _check_in(session, visit, item, facts, person)
    return _with(answer, trouble), scan_id


def _walk_in(session: Session, visit: Visit, item: Item) -> Handled:
    facts = visit.session(item.session)
    if why := visit.distrust(facts):
        return _hold_walk_in(visit, item, facts, why)
    person, trouble = person_of_walk_in(facts, item.texts, actor=visit.actor(item))
    answer, scan_id = _check_in(session, visit, item, facts, person)
    return _with(answer, trouble), scan_id


def _hold_walk_in(visit: Visit, item: Item, facts: SessionFacts, why: str) -> Handled:
    """Nobody is taken in: what was typed waits, with its time, for a coordinator."""
    read_walk_in(item.texts, facts.schedule.time_zone)
    scan_id = visit.keep_refused(item, why, outcome="quarantined")
    if scan_id:
        _ask(visit, facts, scan_id, why, item, item.scanned_at(visit.ahead))
    return Final(item.uuid, "quarantined", why, direction=item.direction), scan_id


def _with(answer: Final, trouble: Refusal | None) -> Final:
    """The answer, saying what else did not work."""
    if trouble is None or answer.code:
        return answer
    details = {name: str(value) for name, value in trouble.details.items()}
    return replace(answer, code=trouble.code, details=details)


def _unread(_session: Session, visit: Visit, item: Item) -> Handled:
    visit.session(item.session)
    raise Refusal(_UNREAD.get(item.texts["why"], "scan.foreign_code"))


def _check_in(session: Session, visit: Visit, item: Item, facts: SessionFacts, person: Person) -> Handled:
    scanned_at = item.scanned_at(visit.ahead)
    last_day = visit.last_day(facts.class_id)
    why = visit.distrust(facts) or doubt(scanned_at, facts.schedule, last_day, now())
    place, refusal = choose_place(facts, person)
    enrolment = session.scalar(select(Enrolment.public_id).where(Enrolment.id == place.enrolment_id)) if place else ""
    shown: dict[str, Any] = {
        "uuid": item.uuid,
        "name": person.name,
        "unit": person.unit,
        "enrolment": enrolment or "",
        "direction": item.direction,
    }
    if why:
        known = {"learner_id": person.learner_id, "enrolment_id": place.enrolment_id if place else None}
        outcome, code = ("refused", refusal) if refusal else ("quarantined", why)
        scan_id = visit.keep_refused(item, code, outcome=outcome, **known)
        if not refusal and scan_id:
            more = {"card_name": other_name(item.texts, person)}
            if item.kind == "tie" and visit.distrust(facts):  # a trusted tablet's badge is tied by now
                more["badge"] = item.texts["badge"]
            _ask(visit, facts, scan_id, why, item, scanned_at, **more)
        return Final(**shown, outcome=outcome, code=code), scan_id
    answer = record_scan(facts, _attempt(visit, item, person, scanned_at), actor=visit.actor(item))
    details = {name: at.isoformat() for name, at in answer.details.items() if isinstance(at, datetime)}
    final = Final(
        **shown,
        outcome=answer.outcome,
        code=answer.refusal,
        details=details,
        status=answer.status.value if answer.status else "",
        at=answer.at,
        guest=answer.guest,
    )
    return final, answer.scan_id


def _attempt(visit: Visit, item: Item, person: Person, scanned_at: datetime) -> Attempt:
    by_card = item.kind == "walk_in" and "number" in item.texts
    source = Source.CARD if by_card else SOURCES.get(item.kind, Source.PICKED)
    return Attempt(
        uuid=item.uuid,
        source=source,
        scanned_at=scanned_at,
        person=person,
        direction=item.direction,
        tablet_id=visit.tablet_id,
        staff_id=visit.staff_id(item.staff),
        device_at=item.device_at,
        card_name=other_name(item.texts, person),
    )


def _ask(
    visit: Visit,
    facts: SessionFacts,
    scan_id: int,
    why: str,
    item: Item,
    scanned_at: datetime,
    **more: str,
) -> None:
    inbox.ask(
        QUARANTINED,
        str(scan_id),
        organisation_id=visit.organisation_id,
        class_id=facts.class_id,
        facts={
            "scan_id": scan_id,
            "why": why,
            "tablet": visit.tablet,
            "direction": item.direction,
            "scanned_at": scanned_at.isoformat(),
            **more,
        },
    )


_HANDLERS: dict[str, Callable[[Session, Visit, Item], Handled]] = {
    "badge": _badge,
    "card": _card,
    "picked": _picked,
    "tie": _tie,
    "walk_in": _walk_in,
    "undo": take_back,
    "unread": _unread,
}
