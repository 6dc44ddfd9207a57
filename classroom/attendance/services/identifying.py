"""Who holds this phone: find the learner that is claimed, bind the browser, take that back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from classroom.attendance.models import Binding, Scan
from classroom.attendance.queries.phones import Person, people_claimed
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.rules import WRONG_PER_LEARNER_WINDOW, Grant, check_identification
from classroom.attendance.services.flagging import on_conflict, raise_flag
from classroom.attendance.services.locking import bump
from classroom.audit.services import record
from classroom.core import throttle
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.learners.models import Learner
from classroom.learners.rules.codes import normalise_learner_code
from classroom.learners.rules.particulars import parse_phone

_CODE_LENGTH = 8
_LONGEST_CLAIM = 60
#: Stands for "no such thing was typed", and equals nobody's number.
_NOTHING = "?"
_GRANT_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """What was typed, as a learner code, a phone number and an ID number at once; `key` counts wrong tries."""

    code: str
    phone: str
    id_number: str
    key: str


def read_claim(typed: str) -> Claim:
    """Take the text of the one field for whatever it can be."""
    text = typed.strip()[:_LONGEST_CLAIM]
    code = normalise_learner_code(text)
    digits = "".join(c for c in text if c.isascii() and c.isdigit())
    phone = parse_phone(text).value or _NOTHING
    meant = digits if digits and len(digits) >= len(code) - 1 else code
    return Claim(
        code=code if len(code) == _CODE_LENGTH else _NOTHING,
        phone=phone,
        id_number=digits if len(digits) in (9, 12) else _NOTHING,
        key=sha256(meant.encode()).hexdigest()[:32],
    )


def identify(facts: SessionFacts, grant: Grant, typed: str) -> list[Person]:
    """The learner that a code or number names; two or more where they share a phone, nobody if it is wrong.

    A code that belongs to nobody and one that never could are answered by the same statements. Raises Refusal
    `identify.too_many`; if the counters cannot be reached, check-in goes on.
    """
    claim = read_claim(typed)
    tried = count_look_up(grant)  # counted first: tries at the same moment see each other
    check_identification(
        tried - 1 if tried else None,
        _openly(lambda: throttle.tries("checkin.claim", _scoped(facts, claim.key), WRONG_PER_LEARNER_WINDOW)),
        _openly(lambda: throttle.tries("checkin.wrong", facts.public_id, WRONG_PER_LEARNER_WINDOW)),
    )
    people = people_claimed(
        facts.organisation_id, facts.course_id, code=claim.code, phone=claim.phone, id_number=claim.id_number
    )
    if not people:
        _openly(lambda: throttle.hit("checkin.claim", _scoped(facts, claim.key), WRONG_PER_LEARNER_WINDOW))
        _openly(lambda: throttle.hit("checkin.wrong", facts.public_id, WRONG_PER_LEARNER_WINDOW))
    return people


def count_look_up(grant: Grant) -> int | None:
    """Count a look-up against the grant; returns how many there were, None if the counter is out of order."""
    return _openly(lambda: throttle.hit("checkin.grant", grant.nonce, _GRANT_WINDOW))


def bind(session: Session, organisation_id: int, learner_id: int, browser_hash: bytes, at: datetime) -> int:
    """Remember that this learner identified in this browser; returns the binding's key."""
    table: Any = Binding.__table__
    statement = on_conflict(session, table).values(
        organisation_id=organisation_id,
        learner_id=learner_id,
        browser_hash=browser_hash,
        created_at=at,
        last_used_at=at,
    )
    statement = statement.on_conflict_do_update(
        index_elements=["browser_hash", "learner_id"], set_={"last_used_at": at, "annulled_at": None}
    )
    return int(session.execute(statement.returning(table.c.id)).scalar_one())


def know_browser(facts: SessionFacts, grant: Grant, person: Person, *, actor: Actor) -> None:
    """Bind the browser to the learner who identified in it for something that makes no mark."""
    if person.binding_id is not None:
        return
    with transaction() as session:
        made = bind(session, facts.organisation_id, person.learner_id, grant.browser_hash, now())
        record("binding.made", "learner", person.learner_id, actor=actor, facts={"binding": made, "session": facts.id})


def not_me(facts: SessionFacts, browser_hash: bytes, learner_public_id: str, *, actor: Actor) -> None:
    """Part a browser from a learner; if it has checked that learner in to this session, the trainer is told."""
    at = now()
    with transaction() as session:
        bump(facts.id)  # first, as in a scan: whoever held phone and register crosswise would wait for ever
        found = session.execute(
            update(Binding)
            .where(
                Binding.browser_hash == browser_hash,
                Binding.organisation_id == facts.organisation_id,
                Binding.annulled_at.is_(None),
                Binding.learner_id.in_(select(Learner.id).where(Learner.public_id == learner_public_id)),
            )
            .values(annulled_at=at)
            .returning(Binding.id, Binding.learner_id)
            .execution_options(synchronize_session=False)
        ).first()
        if found is None:
            return
        record("binding.annulled", "learner", found.learner_id, actor=actor, facts={"binding": found.id})
        scan = session.execute(
            select(Scan.id, Scan.enrolment_id)
            .where(Scan.class_session_id == facts.id, Scan.binding_id == found.id, Scan.outcome == "accepted")
            .order_by(Scan.id.desc())
        ).first()
        if scan:
            raise_flag(session, facts, "not_me", scan.id, scan.enrolment_id, at)


def _openly(count: Callable[[], int]) -> int | None:
    """Nobody stays outside because a counter is out of order."""
    try:
        return count()
    except SQLAlchemyError:
        db.session.rollback()
        return None


def _scoped(facts: SessionFacts, key: str) -> str:
    return f"{facts.organisation_id}:{key}"
