"""Passwords, and the one-time links that set them."""

from sqlalchemy import select, update

from classroom.accounts import queries
from classroom.accounts.models import Staff, StaffLink
from classroom.accounts.rules import LINK_LIFE, SIGN_IN_TRIES, SIGN_IN_WINDOW, check_password
from classroom.accounts.services.hashing import hash_password, matches
from classroom.accounts.services.sign_in import end_sessions, minutes, start_session
from classroom.audit.services import record
from classroom.core import throttle
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.core.signing import random_token, token_hash


def make_link(staff: Staff, *, actor: Actor) -> str:
    """A one-time link's token, ending every earlier one; to be shown once.

    Only an operator makes one for an operator: a link is as good as the account.
    """
    if staff.is_operator and actor.kind == "staff" and not actor.is_operator:
        raise Forbidden("account.operator_only")
    if staff.disabled_at:
        raise Refusal("account.switched_off")
    token = random_token()
    at = now()
    with transaction() as session:
        session.execute(select(Staff.id).where(Staff.id == staff.id).with_for_update(key_share=True))
        session.execute(
            update(StaffLink)
            .where(StaffLink.staff_id == staff.id, StaffLink.used_at.is_(None), StaffLink.annulled_at.is_(None))
            .values(annulled_at=at)
        )
        session.add(
            StaffLink(staff_id=staff.id, token_hash=token_hash(token), created_at=at, expires_at=at + LINK_LIFE)
        )
        record("staff.link_made", "staff", staff.id, actor=actor, personal={"name": staff.name})
    return token


def use_link(token: str, password: str, *, user_agent: str = "", origin: str = "") -> tuple[str, Staff]:
    """Set the password and sign in; of two who use the link at once, one is refused."""
    at = now()
    with transaction() as session:
        staff = queries.find_open_link(token_hash(token), at)
        if staff is None:
            raise NotFound("account.link_unusable")
        actor = queries.actor_of(staff, at, origin)
        check_password(password, username=staff.username, name=staff.name)
        used = session.scalar(
            update(StaffLink)
            .where(
                StaffLink.token_hash == token_hash(token),
                StaffLink.used_at.is_(None),
                StaffLink.annulled_at.is_(None),
            )
            .values(used_at=at)
            .returning(StaffLink.id)
        )
        if used is None:
            raise NotFound("account.link_unusable")
        set_password(staff, password, actor=actor)
        return start_session(staff, user_agent=user_agent, origin=origin), staff


def set_password(staff: Staff, password: str, *, actor: Actor, keep: str = "") -> None:
    """Give the account a new password and end all its sessions but the one with the token `keep`."""
    check_password(password, username=staff.username, name=staff.name)
    hashed = hash_password(password)
    with transaction() as session:
        session.execute(update(Staff).where(Staff.id == staff.id).values(password_hash=hashed))
        end_sessions(staff.id, but=keep)
        record("staff.password_set", "staff", staff.id, actor=actor)


def change_password(old: str, new: str, *, keep: str, actor: Actor) -> None:
    """Change one's own password; the old one is asked for, and guessing it is limited like a sign-in."""
    staff = queries.get_staff_by_id(actor.organisation_id, actor.staff_id or 0)
    if throttle.hit("change_password", str(staff.id), SIGN_IN_WINDOW) > SIGN_IN_TRIES:
        raise Refusal("account.too_many_tries", minutes=minutes(SIGN_IN_WINDOW))
    if not matches(staff.password_hash, old):
        raise Invalid("account.old_password_wrong")
    set_password(staff, new, actor=actor, keep=keep)
    throttle.forget("change_password", str(staff.id))
