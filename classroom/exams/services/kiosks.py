"""Devices of the room for learners without a phone: paired by six digits for one learner, left by the trainer's PIN."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core import throttle
from classroom.core.actor import Actor, learner
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.core.ids import free_digits
from classroom.core.signing import random_token, same, token_hash
from classroom.exams.models import Attempt, AttemptDevice, Kiosk, Sitting
from classroom.exams.queries.kiosks import waiting_kiosks
from classroom.exams.queries.people import person_at
from classroom.exams.queries.sitting_facts import SittingFacts, get_sitting
from classroom.exams.services.devices import give, note
from classroom.exams.services.locking import hold_sitting, lock_attempts
from classroom.exams.services.running import check_open
from classroom.exams.services.starting import Started, hold_person, start_attempt

#: How long six digits are shown before new ones are needed.
PAIRING_LIFE = timedelta(minutes=10)
#: Wrong digits of one member of staff, and digits given out to one address, within the window.
WINDOW = timedelta(minutes=10)
WRONG_DIGITS = 10
DIGITS_PER_ADDRESS = 120
#: Wrong PINs on one device within the window.
WRONG_PINS = 5


def ask_pairing(origin: str = "") -> tuple[str, Kiosk]:
    """Six digits for a device of the room; returns its token, too. Nobody is known yet."""
    if origin and throttle.hit("kiosk.pairing", origin, WINDOW) > DIGITS_PER_ADDRESS:
        raise Refusal("kiosk.too_many")
    token, at = random_token(), now()
    with transaction() as session:
        session.execute(delete(Kiosk).where(Kiosk.paired_at.is_(None), Kiosk.pairing_until < at - PAIRING_LIFE))
        digits = free_digits(set(session.scalars(select(Kiosk.pairing_code).where(Kiosk.pairing_until > at))))
        if digits is None:
            raise Refusal("kiosk.too_many")
        kiosk = Kiosk(
            token_hash=token_hash(token),
            pairing_code=digits,
            pairing_until=at + PAIRING_LIFE,
            created_at=at,
        )
        session.add(kiosk)
    return token, kiosk


def pair_kiosk(sitting_id: str, digits: str, learner_public_id: str, *, actor: Actor) -> Started:
    """Let one learner take the test on the device that shows these digits; an attempt that runs goes over to it.

    Raises Invalid `kiosk.unknown_digits`, `kiosk.too_many_tries`, and whatever `start_attempt` refuses.
    """
    actor.require("exam.run")
    sitting = get_sitting(actor, sitting_id)
    code = "".join(c for c in digits if c.isascii() and c.isdigit())
    key = str(actor.staff_id)
    if throttle.tries("kiosk.pair", key, WINDOW) >= WRONG_DIGITS:
        raise Refusal("kiosk.too_many_tries", minutes=WINDOW.seconds // 60)
    with transaction() as session:
        at = now()
        found = waiting_kiosks(code, at) if len(code) == 6 else []
        if len(found) == 1 and _take(session, found[0], sitting, actor, at):
            return _begin(session, sitting, found[0], learner_public_id, actor, at)
    throttle.hit("kiosk.pair", key, WINDOW)
    raise Invalid("kiosk.unknown_digits")


def leave_kiosk(token: bytes, pin: str) -> None:
    """Let the device forget the attempt, by the sitting's PIN; the attempt runs on and can be handed over.

    `token` is the hash of the device's cookie. Raises Invalid `kiosk.wrong_pin`, `kiosk.too_many_tries`.
    """
    with transaction() as session:
        row = session.execute(
            select(Kiosk.id, Kiosk.public_id, Kiosk.sitting_id, Sitting.kiosk_pin, Sitting.organisation_id)
            .join(Sitting, Sitting.id == Kiosk.sitting_id)
            .where(Kiosk.token_hash == token, Kiosk.left_at.is_(None))
        ).first()
        if row is None:
            raise NotFound
        if throttle.hit("kiosk.pin", row.public_id, WINDOW) <= WRONG_PINS and same(pin.strip(), row.kiosk_pin):
            throttle.forget("kiosk.pin", row.public_id)
            _forget(session, row.id, now())
            record("sitting.kiosk_left", "sitting", row.sitting_id, actor=learner(row.organisation_id))
            return
        tries = throttle.tries("kiosk.pin", row.public_id, WINDOW)
    if tries > WRONG_PINS:
        raise Refusal("kiosk.too_many_tries", minutes=WINDOW.seconds // 60)
    raise Invalid("kiosk.wrong_pin")


def release_kiosk(sitting_id: str, kiosk_public_id: str, *, actor: Actor) -> None:
    """Let a device of the room forget its attempt, by a tap on the board."""
    with transaction() as session:
        sitting = hold_sitting(session, sitting_id, actor)
        query = select(Kiosk).where(Kiosk.public_id == kiosk_public_id, Kiosk.sitting_id == sitting.id)
        kiosk = session.scalar(query)
        if kiosk is None:
            raise NotFound
        if kiosk.left_at is None:
            _forget(session, kiosk.id, now())
            record("sitting.kiosk_released", "sitting", sitting.id, actor=actor)


def forget_kiosk(token: bytes) -> bool:
    """Let a device forget an attempt that has ended, as soon as nobody looks at it any more; whether it did."""
    with transaction() as session:
        kiosk_id = session.scalar(
            select(Kiosk.id)
            .join(Attempt, Attempt.id == Kiosk.attempt_id)
            .where(Kiosk.token_hash == token, Kiosk.left_at.is_(None), Attempt.state != "running")
        )
        if kiosk_id is not None:
            _forget(session, kiosk_id, now())
        return kiosk_id is not None


def _take(session: Session, kiosk: Kiosk, sitting: SittingFacts, actor: Actor, at: datetime) -> bool:
    """Whether the device was still free."""
    taken = session.execute(
        update(Kiosk)
        .where(Kiosk.id == kiosk.id, Kiosk.paired_at.is_(None))
        .values(
            organisation_id=sitting.organisation_id,
            sitting_id=sitting.id,
            paired_at=at,
            paired_by=actor.staff_id,
            pairing_code="",
        )
        .returning(Kiosk.id)
    )
    return taken.scalar() is not None


def _begin(
    session: Session, sitting: SittingFacts, kiosk: Kiosk, learner_public_id: str, actor: Actor, at: datetime
) -> Started:
    """Start the learner's attempt here, or take it over from the device where it runs."""
    # The learner before the sitting, as in every beginning.
    person = hold_person(session, sitting, person_at(sitting, learner_public_id))
    check_open(hold_sitting(session, sitting.public_id, actor))
    running = lock_attempts(
        session, Attempt.sitting_id == sitting.id, Attempt.learner_id == person.learner_id, Attempt.state == "running"
    )
    if running:
        note(session, running[0].id, kiosk.token_hash, at)
        query = select(AttemptDevice).where(
            AttemptDevice.attempt_id == running[0].id, AttemptDevice.device_hash == kiosk.token_hash
        )
        give(session, running[0], session.scalars(query).one(), actor, at)
        started = Started(running[0].public_id, fresh=False)
    else:
        started = start_attempt(
            sitting.public_id,
            person.public_id,
            kiosk.token_hash,
            source="kiosk",
            actor=learner(sitting.organisation_id),
        )
    attempt_id = select(Attempt.id).where(Attempt.public_id == started.attempt_public_id).scalar_subquery()
    session.execute(
        update(Kiosk).where(Kiosk.id == kiosk.id).values(learner_id=person.learner_id, attempt_id=attempt_id)
    )
    record("sitting.kiosk_paired", "sitting", sitting.id, actor=actor, facts={"learner": person.public_id})
    return started


def _forget(session: Session, kiosk_id: int, at: datetime) -> None:
    """What it still sends is kept as evidence only, as from any device that lost an attempt."""
    kiosk = session.get_one(Kiosk, kiosk_id, populate_existing=True)
    for attempt in lock_attempts(session, Attempt.id == kiosk.attempt_id, Attempt.device_hash == kiosk.token_hash):
        attempt.device_hash = None
    kiosk.left_at, kiosk.pairing_code = at, ""
    session.flush()
