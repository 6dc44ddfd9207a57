"""Read organisations, staff and sign-ins."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from classroom.accounts.models import Organisation, Staff, StaffLink, StaffRole, StaffSession
from classroom.accounts.rules import IDLE, Role, living_roles, permissions_of, taught_only
from classroom.core.actor import Actor
from classroom.core.clock import local
from classroom.core.db import db
from classroom.core.errors import NotFound


class SignIn(NamedTuple):
    """A living sign-in with the person behind it."""

    session: StaffSession
    staff: Staff


def find_sign_in(token_hash: bytes, at: datetime) -> SignIn | None:
    """The sign-in behind a cookie, unless it ended, ran out, or its person or organisation was switched off."""
    row = db.session.execute(
        select(StaffSession, Staff)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .join(Organisation, Organisation.id == Staff.organisation_id)
        .options(joinedload(Staff.organisation), selectinload(Staff.roles))
        .where(
            StaffSession.token_hash == token_hash,
            StaffSession.ended_at.is_(None),
            StaffSession.expires_at > at,
            StaffSession.last_seen_at > at - IDLE,
            Staff.disabled_at.is_(None),
            Organisation.disabled_at.is_(None),
        )
    ).first()
    return SignIn(row[0], row[1]) if row else None


def actor_of(staff: Staff, at: datetime, origin: str = "") -> Actor:
    """What this member of staff may do at this instant."""
    organisation = staff.organisation
    today = local(at, organisation.time_zone).date()
    roles = [(Role(held.role), held.last_on) for held in staff.roles]
    return Actor(
        kind="staff",
        organisation_id=organisation.id,
        staff_id=staff.id,
        name=staff.name,
        permissions=permissions_of(roles, today),
        classes_taught_only=taught_only(living_roles(roles, today)),
        is_operator=staff.is_operator,
        origin=origin,
        language=staff.language,
        time_zone=organisation.time_zone,
    )


def find_by_username(username: str) -> Staff | None:
    """The account with this user name, however it was typed."""
    return db.session.scalar(select(Staff).where(Staff.username == username.strip().casefold()))


def get_staff(organisation_id: int, public_id: str) -> Staff:
    """A member of staff of the organisation; raises NotFound."""
    found = db.session.scalar(
        select(Staff)
        .options(selectinload(Staff.roles), joinedload(Staff.organisation))
        .where(Staff.organisation_id == organisation_id, Staff.public_id == public_id)
    )
    if found is None:
        raise NotFound
    return found


def get_staff_by_id(organisation_id: int, staff_id: int) -> Staff:
    """The same, by the inner key."""
    found = db.session.scalar(select(Staff).where(Staff.organisation_id == organisation_id, Staff.id == staff_id))
    if found is None:
        raise NotFound
    return found


def staff_of(organisation_id: int, role: Role | None = None, *, active: bool = False) -> Sequence[Staff]:
    """The organisation's staff in Vietnamese order, if asked only one role or only those not switched off."""
    query = select(Staff).options(selectinload(Staff.roles)).where(Staff.organisation_id == organisation_id)
    if role:
        query = query.where(Staff.roles.any(StaffRole.role == role.value))
    if active:
        query = query.where(Staff.disabled_at.is_(None))
    return db.session.scalars(query.order_by(Staff.sort_key, Staff.id)).all()


def trainers(organisation_id: int) -> Sequence[Staff]:
    """Who may be named as a trainer."""
    return staff_of(organisation_id, Role.TRAINER, active=True)


def organisations() -> Sequence[Organisation]:
    """Every organisation of this deployment, for its operator."""
    return db.session.scalars(select(Organisation).order_by(Organisation.name)).all()


def get_organisation(organisation_id: int) -> Organisation:
    """An organisation by its inner key."""
    return db.session.get_one(Organisation, organisation_id)


def anybody_there() -> bool:
    """Whether a first account exists."""
    return bool(db.session.scalar(select(func.count(Staff.id))))


def find_open_link(token_hash: bytes, at: datetime) -> StaffLink | None:
    """A one-time link that can still be used."""
    return db.session.scalar(
        select(StaffLink).where(
            StaffLink.token_hash == token_hash,
            StaffLink.used_at.is_(None),
            StaffLink.annulled_at.is_(None),
            StaffLink.expires_at > at,
        )
    )
