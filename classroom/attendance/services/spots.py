"""Ask the room for a sign of presence, and write down who gives one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.attendance.models import SpotAnswer, SpotCheck
from classroom.attendance.queries.phones import Place
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.queries.spots import find_spot_at, get_spot
from classroom.attendance.rules import CAME, SPOT_MINUTES, Phase, Source, check_editable, closes_at
from classroom.attendance.services.answering import Attempt, ScanAnswer
from classroom.attendance.services.by_hand import places_of
from classroom.attendance.services.flagging import on_conflict
from classroom.attendance.services.locking import LockedRegister, lock_register
from classroom.attendance.services.register import hold
from classroom.attendance.services.scanning import binding_of, choose_place, keep_scan, look
from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal


@dataclass(frozen=True, slots=True)
class SpotReply:
    """What the phone is told: since when the answer counts, or why it does not."""

    at: datetime | None = None
    refusal: str = ""


def start_spot(session_public_id: str, minutes: int, *, actor: Actor) -> None:
    """Let the screens ask everybody in the room for a sign, for so many minutes.

    Raises `spot.not_open` where screens show nothing, `spot.running`.
    """
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        if minutes not in SPOT_MINUTES:
            raise Invalid("spot.minutes")
        facts, at = locked.facts, now()
        if facts.phase(at) is not Phase.OPEN:
            raise Refusal("spot.not_open")
        if find_spot_at(facts.id, at):
            raise Refusal("spot.running")
        ends_at = min(at + timedelta(minutes=minutes), closes_at(facts.schedule, locked.state))
        session.add(
            SpotCheck(
                organisation_id=facts.organisation_id,
                class_session_id=facts.id,
                opened_at=at,
                opened_by=actor.staff_id,
                ends_at=ends_at,
            )
        )
        record("spot.opened", "class_session", facts.id, actor=actor, facts={"minutes": minutes})


def end_spot(session_public_id: str, spot_public_id: str, *, actor: Actor) -> None:
    """Let the screens go back at once; a check that is over stays as it was."""
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        check, at = get_spot(locked.facts.id, spot_public_id), now()
        if check.ends_at > at:
            check.ends_at = at
            record("spot.ended", "class_session", locked.facts.id, actor=actor)


def note_seen(session_public_id: str, spot_public_id: str, enrolment: str, *, actor: Actor) -> None:
    """Write down that the trainer sees somebody who gave no sign; twice changes nothing."""
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        check = get_spot(locked.facts.id, spot_public_id)
        may_override = actor.may("attendance.correct")
        check_editable(locked.facts.schedule, locked.state, may_override=may_override, reason="seen")
        place = places_of(session, locked.facts, [enrolment])[enrolment]
        if place.status not in CAME:
            raise Refusal("spot.not_here", name=place.name)
        if _write(session, check.id, place.enrolment_id, Source.HAND, now(), actor.staff_id):
            facts = {"enrolment": place.public_id}
            record("spot.seen", "class_session", locked.facts.id, actor=actor, facts=facts)


def answer_spot(facts: SessionFacts, attempt: Attempt, *, actor: Actor) -> SpotReply:
    """Take the sign that a phone gives, judged by when the code was read. It marks nobody.

    What does not count is kept with its reason like any other attempt.
    """
    place, refusal = choose_place(facts, attempt.person)
    with transaction() as session:
        locked = lock_register(session, facts)
        check = find_spot_at(facts.id, attempt.scanned_at)
        refusal = refusal or _why_not(session, facts, place, check)
        if refusal or check is None or place is None:
            return _refuse(session, locked, attempt, refusal, place)
        binding_of(session, facts, attempt, actor)
        _write(session, check.id, place.enrolment_id, attempt.source, attempt.scanned_at)
        first = select(SpotAnswer.answered_at).where(
            SpotAnswer.spot_check_id == check.id, SpotAnswer.enrolment_id == place.enrolment_id
        )
        return SpotReply(session.scalars(first).one())


def _why_not(session: Session, facts: SessionFacts, place: Place | None, check: SpotCheck | None) -> str:
    if check is None:
        return "spot.over"
    mark = look(session, facts, place) if place else None
    return "" if mark is not None and mark.status in CAME else "spot.first_check_in"


def _refuse(session: Session, locked: LockedRegister, attempt: Attempt, refusal: str, place: Place | None) -> SpotReply:
    _scan, answer = keep_scan(session, locked, attempt, ScanAnswer("refused", refusal=refusal), place, None)
    return SpotReply(refusal=answer.refusal)


def _write(
    session: Session, check_id: int, enrolment_id: int, source: Source, at: datetime, staff_id: int | None = None
) -> bool:
    """Whether this is the first sign of this place."""
    table: Any = SpotAnswer.__table__
    statement = on_conflict(session, table).on_conflict_do_nothing().returning(table.c.id)
    values = {
        "spot_check_id": check_id,
        "enrolment_id": enrolment_id,
        "source": source.value,
        "answered_at": at,
        "staff_id": staff_id,
    }
    return session.execute(statement, values).scalar() is not None
