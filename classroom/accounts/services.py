"""Sign in and out, make staff and organisations, switch them off."""

from datetime import date, datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import update

from classroom.accounts import queries
from classroom.accounts.models import Organisation, Staff, StaffLink, StaffRole, StaffSession
from classroom.accounts.rules import (
    ABSOLUTE,
    IDLE,
    LINK_LIFE,
    SIGN_IN_TRIES,
    SIGN_IN_WINDOW,
    Role,
    check_password,
)
from classroom.audit.services import record
from classroom.core import throttle
from classroom.core.actor import Actor, system
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.names import clean_name, sort_key
from classroom.core.signing import random_token, token_hash

_hasher = PasswordHasher()
#: Verified against when there is no such account, so that the answer takes as long.
_NOBODY = _hasher.hash("nobody has this password")


def sign_in(username: str, password: str, *, user_agent: str = "") -> tuple[str, Staff]:
    """Start a session and return its token for the cookie, with the person; one answer for every kind of wrong."""
    name = username.strip().casefold()
    if throttle.tries("sign_in", name, SIGN_IN_WINDOW) >= SIGN_IN_TRIES:
        raise Refusal("account.too_many_tries", minutes=int(SIGN_IN_WINDOW.total_seconds() // 60))
    staff = queries.find_by_username(name)
    usable = staff and staff.password_hash and not staff.disabled_at and not staff.organisation.disabled_at
    if not _matches(staff.password_hash if staff and usable else _NOBODY, password) or not (staff and usable):
        throttle.hit("sign_in", name, SIGN_IN_WINDOW)
        raise Invalid("account.wrong")
    throttle.forget("sign_in", name)
    return start_session(staff, user_agent=user_agent), staff


def start_session(staff: Staff, *, user_agent: str = "") -> str:
    """A new session for somebody who has proved who they are; returns the cookie's token."""
    token = random_token()
    at = now()
    with transaction() as session:
        session.add(
            StaffSession(
                staff_id=staff.id,
                token_hash=token_hash(token),
                created_at=at,
                last_seen_at=at,
                idle_minutes=int(IDLE.total_seconds() // 60),
                expires_at=at + ABSOLUTE,
                user_agent=user_agent[:200],
            )
        )
        record("account.signed_in", "staff", staff.id, actor=queries.actor_of(staff, at))
    return token


def sign_out(token: str) -> None:
    """End the session; its cookie is worth nothing from now on."""
    with transaction() as session:
        session.execute(
            update(StaffSession)
            .where(StaffSession.token_hash == token_hash(token), StaffSession.ended_at.is_(None))
            .values(ended_at=now())
        )


def touch_session(session_id: int, at: datetime) -> None:
    """Keep a used session from going idle."""
    with transaction() as session:
        session.execute(update(StaffSession).where(StaffSession.id == session_id).values(last_seen_at=at))


def create_organisation(
    name: str, *, parent_name: str = "", place: str = "", actor: Actor | None = None
) -> Organisation:
    """A new, empty organisation."""
    with transaction() as session:
        made = Organisation(name=clean_name(name), parent_name=parent_name, place=place, created_at=now())
        session.add(made)
        session.flush()
        record(
            "organisation.created",
            "organisation",
            made.id,
            actor=actor or system(made.id),
            facts={"name": made.name},
        )
        return made


def create_staff(
    organisation_id: int,
    username: str,
    name: str,
    roles: dict[Role, date | None],
    *,
    actor: Actor,
    is_operator: bool = False,
    phone: str = "",
    email: str = "",
) -> Staff:
    """A new account without a password: a one-time link sets the first one."""
    with transaction() as session:
        if queries.find_by_username(username):
            raise Refusal("account.username_taken")
        made = Staff(
            organisation_id=organisation_id,
            username=username.strip().casefold(),
            name=clean_name(name),
            sort_key=sort_key(clean_name(name)),
            phone=phone,
            email=email,
            is_operator=is_operator,
            created_at=now(),
            roles=[StaffRole(role=role.value, last_on=last_on) for role, last_on in roles.items()],
        )
        session.add(made)
        session.flush()
        record(
            "staff.created",
            "staff",
            made.id,
            actor=actor,
            facts={"roles": [role.value for role in roles]},
            personal={"username": made.username, "name": made.name},
        )
        return made


def make_link(staff: Staff, *, actor: Actor) -> str:
    """A one-time link's token, ending every earlier one; to be shown once."""
    token = random_token()
    at = now()
    with transaction() as session:
        session.execute(
            update(StaffLink)
            .where(StaffLink.staff_id == staff.id, StaffLink.used_at.is_(None), StaffLink.annulled_at.is_(None))
            .values(annulled_at=at)
        )
        session.add(
            StaffLink(staff_id=staff.id, token_hash=token_hash(token), created_at=at, expires_at=at + LINK_LIFE)
        )
        record("staff.link_made", "staff", staff.id, actor=actor)
    return token


def set_password(staff: Staff, password: str, *, actor: Actor) -> None:
    """Give the account a new password and end all its sessions."""
    check_password(password, username=staff.username, name=staff.name)
    hashed = _hasher.hash(password)
    with transaction() as session:
        session.execute(update(Staff).where(Staff.id == staff.id).values(password_hash=hashed))
        session.execute(
            update(StaffSession)
            .where(StaffSession.staff_id == staff.id, StaffSession.ended_at.is_(None))
            .values(ended_at=now())
        )
        record("staff.password_set", "staff", staff.id, actor=actor)


def _matches(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
