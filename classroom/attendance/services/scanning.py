"""Record what phones bring: one mark for a learner however often it is sent, and a row for every attempt."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from classroom.attendance.models import Binding, Flag, Mark, Scan
from classroom.attendance.queries.phones import Person, Place, find_other_learner, person_in_course
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.rules import EventKind, Source, check_window
from classroom.attendance.services.answering import Attempt as Attempt
from classroom.attendance.services.answering import ScanAnswer as ScanAnswer
from classroom.attendance.services.answering import bears, foresee, packed, unpacked
from classroom.attendance.services.flagging import raise_flag
from classroom.attendance.services.identifying import bind
from classroom.attendance.services.locking import LockedRegister, lock_register
from classroom.attendance.services.marking import EventFacts, append_event, hold_mark
from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Refusal
from classroom.core.prepared import Prepared
from classroom.inbox import services as inbox
from classroom.learners.models import Learner

_TOUCH_EVERY = timedelta(days=1)
_SCAN: Any = Scan.__table__
#: Written once for each (source, uuid); what is there already stays.
NEW_SCAN = Prepared(
    lambda insert: insert(_SCAN).on_conflict_do_nothing().returning(_SCAN.c.id),
    [column.name for column in _SCAN.c if column.name != "id"],
)


def record_scan(facts: SessionFacts, attempt: Attempt, *, actor: Actor) -> ScanAnswer:
    """Mark the learner once; the same try again gets its first answer.

    Judged by when the code was read: a scan from before the closing counts although it arrives later, and
    takes an automatic absence back. After sign-off it becomes a proposal in the inbox. Refusals are kept and
    returned, not raised.
    """
    with transaction() as session:
        locked = lock_register(session, facts, attempt.person.learner_id)
        if locked.merged_into is not None:
            attempt = replace(attempt, person=_kept(facts, attempt.person))
        place, refusal = choose_place(facts, attempt.person)
        answer = _judge(locked, attempt, place, refusal)
        if place is None or answer.outcome == "refused":
            return keep_scan(session, locked, attempt, answer, place, None)[1]
        signed_off = locked.state.signed_off_at is not None
        held = look(session, facts, place) if signed_off else hold_mark(locked, place.enrolment_id, now())
        answer = foresee(locked, attempt, held, place, proposed=signed_off)
        binding_id = binding_of(session, facts, attempt, actor)
        scan_id, answer = keep_scan(session, locked, attempt, answer, place, binding_id)
        if scan_id is None:
            return answer
        if answer.outcome == "accepted" or (answer.outcome == "duplicate" and bears(locked, attempt, held)):
            kind = EventKind.EXIT if attempt.direction == "out" else EventKind.SCAN
            event = EventFacts(kind, attempt.scanned_at, attempt.source, scan_id=scan_id)
            append_event(session, locked, place.enrolment_id, event, held)
        elif answer.outcome == "proposed":
            _propose(facts, attempt, place, scan_id)
        if attempt.shared and answer.outcome != "duplicate":
            _flag_second_learner(session, facts, attempt, place, scan_id)
        if attempt.card_name:
            raise_flag(session, facts, "card_name", scan_id, place.enrolment_id, now())
        return answer


def _kept(facts: SessionFacts, person: Person) -> Person:
    """Whose scan it is when somebody was merged after the page had looked the learner up."""
    return person_in_course(facts.organisation_id, facts.course_id, person.public_id) or person


def choose_place(facts: SessionFacts, person: Person) -> tuple[Place | None, str]:
    """The enrolment that a mark belongs to: here, else in another class of the course, else why not."""
    here = next((place for place in person.places if place.class_id == facts.class_id), None)
    elsewhere = next((place for place in person.places if not place.ended), None)
    if here is not None and not here.ended:
        return here, ""
    if elsewhere is not None:
        return elsewhere, ""
    if person.places:
        return here or person.places[0], "scan.withdrawn"
    return None, "scan.not_enrolled"


def record_refused_code(
    facts: SessionFacts | None, source: Source, uuid: str, scanned_at: datetime, refusal: str
) -> None:
    """Keep an attempt with a code that was no good; the same one again adds nothing."""
    with transaction() as session:
        if facts is not None:
            lock_register(session, facts)
        NEW_SCAN.first(
            organisation_id=facts.organisation_id if facts else None,
            class_session_id=facts.id if facts else None,
            source=source.value,
            uuid=uuid,
            content_hash=_digest(refusal, scanned_at),
            scanned_at=scanned_at,
            received_at=now(),
            direction="in",
            tablet_id=None,
            staff_id=None,
            device_at=None,
            learner_id=None,
            enrolment_id=None,
            binding_id=None,
            outcome="refused",
            refusal=refusal,
            answer={"refusal": refusal},
        )


def _judge(locked: LockedRegister, attempt: Attempt, place: Place | None, refusal: str) -> ScanAnswer:
    if not refusal and attempt.direction == "out" and not locked.facts.check_out:
        refusal = "scan.no_check_out"
    if refusal:
        return ScanAnswer("refused", refusal=refusal)
    try:
        check_window(attempt.scanned_at, locked.facts.schedule, locked.facts.policy, locked.state)
    except Refusal as no:
        return ScanAnswer("refused", refusal=no.code, details=no.details, place=place)
    return ScanAnswer("accepted", place=place)


def keep_scan(
    session: Session,
    locked: LockedRegister,
    attempt: Attempt,
    answer: ScanAnswer,
    place: Place | None,
    binding_id: int | None,
) -> tuple[int | None, ScanAnswer]:
    """Write the try down with its answer; (None, first answer) if it has been written before."""
    content = _content(locked, attempt, attempt.person.public_id)
    made = NEW_SCAN.first(
        organisation_id=locked.facts.organisation_id,
        class_session_id=locked.facts.id,
        source=attempt.source.value,
        uuid=attempt.uuid,
        content_hash=content,
        scanned_at=attempt.scanned_at,
        received_at=now(),
        direction=attempt.direction,
        tablet_id=attempt.tablet_id,
        staff_id=attempt.staff_id,
        device_at=attempt.device_at,
        learner_id=attempt.person.learner_id,
        enrolment_id=place.enrolment_id if place else None,
        binding_id=binding_id,
        outcome=answer.outcome,
        refusal=answer.refusal,
        answer=packed(answer) | ({"card_name": attempt.card_name} if attempt.card_name else {}),
    )
    if made is not None:
        return int(made.id), replace(answer, scan_id=int(made.id))
    where = (Scan.source == attempt.source.value, Scan.uuid == attempt.uuid)
    wanted = select(Scan.outcome, Scan.content_hash, Scan.answer, Learner.public_id, Learner.merged_into_id)
    stored = session.execute(wanted.outerjoin(Learner, Learner.id == Scan.learner_id).where(*where)).one()
    if stored.merged_into_id == attempt.person.learner_id:
        content = _content(locked, attempt, stored.public_id)  # it was sent before the two became one
    if stored.content_hash != content:
        return None, ScanAnswer("refused", refusal="scan.uuid_reused")
    return None, unpacked(stored.outcome, stored.answer, place)


def _content(locked: LockedRegister, attempt: Attempt, learner: str) -> str:
    direction = [attempt.direction] if attempt.direction == "out" else []
    return _digest(locked.facts.public_id, attempt.source, attempt.scanned_at, learner, *direction)


def look(session: Session, facts: SessionFacts, place: Place) -> Any | None:
    """What a place's mark says now; nobody is held up by looking."""
    return session.execute(
        select(Mark.id, Mark.status, Mark.arrived_at, Mark.by_hand, Mark.left_at).where(
            Mark.class_session_id == facts.id, Mark.enrolment_id == place.enrolment_id
        )
    ).first()


def binding_of(session: Session, facts: SessionFacts, attempt: Attempt, actor: Actor) -> int | None:
    """The binding that vouches for the learner, made now if the learner has just been confirmed; none for a tablet."""
    at, person = now(), attempt.person
    if not attempt.browser_hash:
        return None
    if person.binding_id is None:
        made = bind(session, facts.organisation_id, person.learner_id, attempt.browser_hash, at)
        record("binding.made", "learner", person.learner_id, actor=actor, facts={"binding": made, "session": facts.id})
        return made
    if person.last_used_at is None or at - person.last_used_at > _TOUCH_EVERY:
        session.execute(update(Binding).where(Binding.id == person.binding_id).values(last_used_at=at))
    return person.binding_id


def _flag_second_learner(session: Session, facts: SessionFacts, attempt: Attempt, place: Place, scan_id: int) -> None:
    """Once for the pair, unless a trainer has taken the mark back: going out together is nothing new."""
    other = find_other_learner(facts.id, attempt.browser_hash, attempt.person.learner_id)
    known = select(Flag.id).where(
        Flag.class_session_id == facts.id,
        Flag.kind == "second_learner",
        Flag.enrolment_id == place.enrolment_id,
        Flag.other_learner_id == other,
        Flag.decision != "rejected",
    )
    if other is not None and session.scalar(known.limit(1)) is None:
        raise_flag(session, facts, "second_learner", scan_id, place.enrolment_id, now(), other)


def late_scan_key(session: str, enrolment_id: int, direction: str) -> str:
    """What makes a proposal one: a place's coming, or its going, after sign-off."""
    return f"{session}:{enrolment_id}" + (":out" if direction == "out" else "")


def _propose(facts: SessionFacts, attempt: Attempt, place: Place, scan_id: int) -> None:
    inbox.ask(
        "attendance.late_scan",
        late_scan_key(facts.public_id, place.enrolment_id, attempt.direction),
        organisation_id=facts.organisation_id,
        class_id=facts.class_id,
        facts={
            "scan_id": scan_id,
            "class_session_id": facts.id,
            "enrolment_id": place.enrolment_id,
            "session": facts.public_id,
            "class_code": facts.class_code,
            "learner": attempt.person.public_id,
            "name": attempt.person.name,
            "scanned_at": attempt.scanned_at.isoformat(),
            "source": attempt.source.value,
            "direction": attempt.direction,
        },
    )


def _digest(*parts: object) -> str:
    text = json.dumps([part.isoformat() if isinstance(part, datetime) else str(part) for part in parts])
    return sha256(text.encode()).hexdigest()
