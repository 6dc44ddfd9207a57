"""Make any browser the screen of a room, and take that back."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from classroom.attendance.models import Register, Screen
from classroom.attendance.queries.screens import waiting_screens
from classroom.attendance.queries.session_facts import get_session_facts
from classroom.attendance.rules import Purpose
from classroom.attendance.services.locking import bump, ensure_register
from classroom.attendance.services.register import hold
from classroom.audit.services import record
from classroom.core import throttle
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.doors import door_for
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.core.ids import free_digits
from classroom.core.signing import random_token, token_hash

#: How long six digits are shown before new ones are needed.
PAIRING_LIFE = timedelta(minutes=10)
#: Wrong digits of one member of staff, and digits given out to one address, within the window.
PAIRING_WINDOW = timedelta(minutes=10)
WRONG_DIGITS = 10
DIGITS_PER_ADDRESS = 120
_SHOWN = {"in": "screen.shows_in", "out": "screen.shows_out", "test": "screen.shows_test"}


def ask_pairing(origin: str = "") -> tuple[str, Screen]:
    """Six digits for a browser that wants to become a screen; returns its token, too. Nobody is known yet."""
    if origin and throttle.hit("screen.pairing", origin, PAIRING_WINDOW) > DIGITS_PER_ADDRESS:
        raise Refusal("screen.too_many")
    token, at = random_token(), now()
    with transaction() as session:
        session.execute(delete(Screen).where(Screen.paired_at.is_(None), Screen.pairing_until < at - PAIRING_LIFE))
        digits = free_digits(set(session.scalars(select(Screen.pairing_code).where(Screen.pairing_until > at))))
        if digits is None:
            raise Refusal("screen.too_many")
        screen = Screen(
            token_hash=token_hash(token),
            pairing_code=digits,
            pairing_until=at + PAIRING_LIFE,
            created_at=at,
        )
        session.add(screen)
    return token, screen


def pair_screen(session_public_id: str, digits: str, *, actor: Actor) -> None:
    """Give the screen that shows these digits to this register, until that closes."""
    actor.require("attendance.record")
    facts = get_session_facts(actor, session_public_id)
    code = "".join(c for c in digits if c.isascii() and c.isdigit())
    key = str(actor.staff_id)
    if throttle.tries("screen.pair", key, PAIRING_WINDOW) >= WRONG_DIGITS:
        raise Refusal("screen.too_many_tries", minutes=PAIRING_WINDOW.seconds // 60)
    at = now()
    with transaction() as session:
        found = waiting_screens(code, at) if len(code) == 6 else []
        if len(found) == 1 and _give(session, found[0], facts.id, actor, at):
            ensure_register(session, facts)
            bump(facts.id)
            record("screen.paired", "class_session", facts.id, actor=actor)
            return
    throttle.hit("screen.pair", key, PAIRING_WINDOW)
    raise Invalid("screen.unknown_digits")


def revoke_screen(session_public_id: str, screen_public_id: str, *, actor: Actor) -> None:
    """Switch a screen off at once."""
    actor.require("attendance.record")
    facts = get_session_facts(actor, session_public_id)
    with transaction() as session:
        revoked = session.execute(
            update(Screen)
            .where(
                Screen.public_id == screen_public_id,
                Screen.class_session_id == facts.id,
                Screen.revoked_at.is_(None),
            )
            .values(revoked_at=now(), pairing_code="")
            .returning(Screen.id)
        ).scalar()
        if revoked is None:
            raise NotFound
        bump(facts.id)
        record("screen.revoked", "class_session", facts.id, actor=actor)


def show_on_screen(session_public_id: str, showing: str, *, actor: Actor) -> None:
    """Let the screens ask for coming in, for going out where the class checks out, or for a test that is open.

    Raises Refusal `screen.no_check_out`, or what the door of the test says.
    """
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        if showing not in {Purpose.IN, Purpose.OUT, Purpose.TEST}:
            raise Invalid("screen.showing")
        if showing == Purpose.OUT and not locked.facts.check_out:
            raise Refusal("screen.no_check_out")
        if showing == Purpose.TEST:
            _check_test(locked.facts.id)
        changed = session.execute(
            update(Register)
            .where(Register.class_session_id == locked.facts.id, Register.showing != showing)
            .values(showing=showing)
            .returning(Register.id)
        ).scalar()
        if changed:
            record(_SHOWN[showing], "class_session", locked.facts.id, actor=actor)


def _check_test(class_session_id: int) -> None:
    door = door_for(Purpose.TEST)
    if door is None:
        raise Invalid("screen.showing")
    door.check(class_session_id, now())


def _give(session: Session, screen: Screen, class_session_id: int, actor: Actor, at: datetime) -> bool:
    """Whether the screen was still free."""
    given = session.execute(
        update(Screen)
        .where(Screen.id == screen.id, Screen.paired_at.is_(None))
        .values(
            organisation_id=actor.organisation_id,
            class_session_id=class_session_id,
            paired_at=at,
            paired_by=actor.staff_id,
            pairing_code="",
        )
        .returning(Screen.id)
    )
    return given.scalar() is not None
