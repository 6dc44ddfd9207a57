"""Sign in and out."""

from datetime import datetime, timedelta

from sqlalchemy import update

from classroom.accounts import queries
from classroom.accounts.models import Staff, StaffSession
from classroom.accounts.rules import (
    ABSOLUTE,
    ADDRESS_TRIES,
    IDLE,
    ON_TABLET,
    SIGN_IN_TRIES,
    SIGN_IN_WINDOW,
    clean_username,
)
from classroom.accounts.services.hashing import NOBODY, hash_password, is_outdated, matches
from classroom.audit.services import record
from classroom.core import throttle
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.signing import random_token, token_hash


def sign_in(
    username: str, password: str, *, user_agent: str = "", origin: str = "", browser: str = "", tablet: str = ""
) -> tuple[str, Staff]:
    """Start a session and return its token for the cookie, with the person; one answer for every kind of wrong.

    The try is counted before the password is looked at, so many at once count as many, and without a database
    nobody gets in. `browser` names a browser that this account was let in from before: it has a count of its own.
    `tablet` is the browser's token as a tablet: on one of the own organisation the sign-in lasts until after the class.
    """
    name = clean_username(username)
    key = token_hash(f"{name}\n{browser}").hex()
    tries = throttle.hit("sign_in", key, SIGN_IN_WINDOW)
    staff = queries.find_by_username(name)
    if tries > SIGN_IN_TRIES or (origin and not browser and _address_is_worn_out(origin)):
        if staff and tries == SIGN_IN_TRIES + 1:
            record("account.sign_in_paused", "staff", staff.id, actor=queries.actor_of(staff, now(), origin))
        raise Refusal("account.too_many_tries", minutes=minutes(SIGN_IN_WINDOW))
    usable = staff and staff.password_hash and not staff.disabled_at and not staff.organisation.disabled_at
    if not matches(staff.password_hash if staff and usable else NOBODY, password) or not (staff and usable):
        if origin:
            throttle.hit("sign_in_address", origin, SIGN_IN_WINDOW)
        raise Invalid("account.wrong")
    throttle.forget("sign_in", key)
    if is_outdated(staff.password_hash):
        _rehash(staff.id, password)
    limits = (ON_TABLET, ON_TABLET) if _is_own_tablet(staff, tablet) else (IDLE, ABSOLUTE)
    return start_session(staff, user_agent=user_agent, origin=origin, limits=limits), staff


def _is_own_tablet(staff: Staff, token: str) -> bool:
    """Whether the browser is a tablet of the same organisation that was not revoked."""
    found = queries.find_tablet(token_hash(token)) if token else None
    return found is not None and found[0].revoked_at is None and found[1].id == staff.organisation_id


def _address_is_worn_out(origin: str) -> bool:
    return throttle.tries("sign_in_address", origin, SIGN_IN_WINDOW) >= ADDRESS_TRIES


def minutes(window: timedelta) -> int:
    """A window of time in whole minutes."""
    return int(window.total_seconds() // 60)


def start_session(
    staff: Staff, *, user_agent: str = "", origin: str = "", limits: tuple[timedelta, timedelta] = (IDLE, ABSOLUTE)
) -> str:
    """A new session for somebody who has proved who they are; returns the cookie's token.

    `limits`: how long it lasts unused, and at the longest.
    """
    token = random_token()
    at = now()
    with transaction() as session:
        session.add(
            StaffSession(
                staff_id=staff.id,
                token_hash=token_hash(token),
                created_at=at,
                last_seen_at=at,
                idle_minutes=minutes(limits[0]),
                expires_at=at + limits[1],
                user_agent=user_agent.replace("\0", "")[:200],
            )
        )
        record("account.signed_in", "staff", staff.id, actor=queries.actor_of(staff, at, origin))
    return token


def sign_out(token: str, *, actor: Actor) -> None:
    """End the session; its cookie is worth nothing from now on."""
    with transaction() as session:
        session.execute(
            update(StaffSession)
            .where(StaffSession.token_hash == token_hash(token), StaffSession.ended_at.is_(None))
            .values(ended_at=now())
        )
        record("account.signed_out", "staff", actor.staff_id, actor=actor)


def touch_session(session_id: int, at: datetime) -> None:
    """Keep a used session from going idle."""
    with transaction() as session:
        session.execute(update(StaffSession).where(StaffSession.id == session_id).values(last_seen_at=at))


def end_sessions(staff_id: int, *, but: str = "") -> int:
    """End every session of somebody, if asked all but the one with this token; returns how many."""
    with transaction() as session:
        query = update(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None))
        if but:
            query = query.where(StaffSession.token_hash != token_hash(but))
        return len(session.scalars(query.values(ended_at=now()).returning(StaffSession.id)).all())


def end_other_sessions(token: str, *, actor: Actor) -> int:
    """Sign the actor out everywhere but here; returns how many sessions ended."""
    with transaction():
        ended = end_sessions(actor.staff_id or 0, but=token)
        record("account.others_signed_out", "staff", actor.staff_id, actor=actor, facts={"count": ended})
        return ended


def _rehash(staff_id: int, password: str) -> None:
    with transaction() as session:
        session.execute(update(Staff).where(Staff.id == staff_id).values(password_hash=hash_password(password)))
