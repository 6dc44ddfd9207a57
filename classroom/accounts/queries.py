"""Read organisations, staff and sign-ins."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from classroom.accounts.models import Organisation, SetupLink, Staff, StaffLink, StaffRole, StaffSession, Tablet
from classroom.accounts.rules import (
    OPERATOR,
    USERNAME,
    Role,
    clean_username,
    has_gone_idle,
    living_roles,
    permissions_of,
    taught_only,
)
from classroom.core.actor import Actor
from classroom.core.clock import local, now
from classroom.core.db import db
from classroom.core.errors import NotFound


class SignIn(NamedTuple):
    """A living sign-in with the person behind it."""

    session: StaffSession
    staff: Staff


def find_sign_in(token_hash: bytes, at: datetime) -> SignIn | None:
    """The sign-in behind a cookie, unless it ended, ran out, or its person or organisation was switched off.

    Asked on every request of the staff: one statement.
    """
    row = (
        db.session.execute(
            select(StaffSession, Staff)
            .join(Staff, Staff.id == StaffSession.staff_id)
            .join(Staff.organisation)
            .options(contains_eager(Staff.organisation), joinedload(Staff.roles))
            .where(
                StaffSession.token_hash == token_hash,
                StaffSession.ended_at.is_(None),
                StaffSession.expires_at > at,
                Staff.disabled_at.is_(None),
                Organisation.disabled_at.is_(None),
            )
        )
        .unique()
        .first()
    )
    if row is None or has_gone_idle(row[0].last_seen_at, row[0].idle_minutes, at):
        return None
    return SignIn(row[0], row[1])


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
        permissions=permissions_of(roles, today) | (OPERATOR if staff.is_operator else frozenset()),
        classes_taught_only=taught_only(living_roles(roles, today)),
        is_operator=staff.is_operator,
        origin=origin,
        language=staff.language,
        time_zone=organisation.time_zone,
    )


def find_actor(organisation_id: int, staff_id: int) -> Actor | None:
    """What this member of staff may do now; None for one who was switched off, or whose organisation was."""
    staff = db.session.scalar(
        select(Staff)
        .join(Staff.organisation)
        .options(contains_eager(Staff.organisation), selectinload(Staff.roles))
        .where(
            Staff.id == staff_id,
            Staff.organisation_id == organisation_id,
            Staff.disabled_at.is_(None),
            Organisation.disabled_at.is_(None),
        )
    )
    return None if staff is None else actor_of(staff, now())


def find_by_username(username: str) -> Staff | None:
    """The account with this user name, however it was typed."""
    name = clean_username(username)
    if not USERNAME.fullmatch(name):
        return None
    return db.session.scalar(select(Staff).options(joinedload(Staff.organisation)).where(Staff.username == name))


def usernames_like(stem: str) -> set[str]:
    """User names that begin like this, in every organisation."""
    return set(db.session.scalars(select(Staff.username).where(Staff.username.startswith(stem, autoescape=True))))


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


def find_organisation(public_id: str) -> Organisation | None:
    """An organisation by the id in addresses; for the operator only."""
    return db.session.scalar(select(Organisation).where(Organisation.public_id == public_id))


def anybody_there() -> bool:
    """Whether a first account exists."""
    return bool(db.session.scalar(select(func.count(Staff.id))))


def find_setup_link(token_hash: bytes) -> SetupLink | None:
    """The setup link behind a token, while it can be used."""
    return db.session.scalar(select(SetupLink).where(SetupLink.token_hash == token_hash, SetupLink.used_at.is_(None)))


def find_open_link(token_hash: bytes, at: datetime) -> Staff | None:
    """Whom a one-time link is for, while it can be used."""
    return db.session.scalar(
        select(Staff)
        .join(StaffLink, StaffLink.staff_id == Staff.id)
        .join(Staff.organisation)
        .options(contains_eager(Staff.organisation))
        .where(
            StaffLink.token_hash == token_hash,
            StaffLink.used_at.is_(None),
            StaffLink.annulled_at.is_(None),
            StaffLink.expires_at > at,
            Staff.disabled_at.is_(None),
            Organisation.disabled_at.is_(None),
        )
    )


def count_lasting_administrators(organisation_id: int) -> int:
    """How many can administer the organisation today and will be able to tomorrow."""
    return (
        db.session.scalar(
            select(func.count(Staff.id))
            .join(StaffRole, StaffRole.staff_id == Staff.id)
            .where(
                Staff.organisation_id == organisation_id,
                Staff.disabled_at.is_(None),
                StaffRole.role == Role.ADMINISTRATOR,
                StaffRole.last_on.is_(None),
            )
        )
        or 0
    )


def last_seen(organisation_id: int) -> dict[int, datetime]:
    """When each member of staff was last seen, by inner key."""
    rows = db.session.execute(
        select(StaffSession.staff_id, func.max(StaffSession.last_seen_at))
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(Staff.organisation_id == organisation_id)
        .group_by(StaffSession.staff_id)
    )
    return {row[0]: row[1] for row in rows}


def living_sessions(staff_id: int, at: datetime) -> Sequence[StaffSession]:
    """Where somebody is signed in, the latest first."""
    found = db.session.scalars(
        select(StaffSession)
        .where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None), StaffSession.expires_at > at)
        .order_by(StaffSession.last_seen_at.desc(), StaffSession.id.desc())
    )
    return [one for one in found if not has_gone_idle(one.last_seen_at, one.idle_minutes, at)]


def administrators() -> dict[int, list[Staff]]:
    """Who administers each organisation, by its inner key; for the operator."""
    query = (
        select(Staff)
        .where(Staff.disabled_at.is_(None), Staff.roles.any(StaffRole.role == Role.ADMINISTRATOR))
        .order_by(Staff.sort_key, Staff.id)
    )
    found: dict[int, list[Staff]] = {}
    for staff in db.session.scalars(query):
        found.setdefault(staff.organisation_id, []).append(staff)
    return found


def tablets_of(organisation_id: int) -> Sequence[Tablet]:
    """The organisation's tablets: those in use by name, then the revoked ones, the latest first."""
    living = select(Tablet).where(Tablet.organisation_id == organisation_id, Tablet.revoked_at.is_(None))
    gone = select(Tablet).where(Tablet.organisation_id == organisation_id, Tablet.revoked_at.is_not(None))
    return [
        *db.session.scalars(living.order_by(Tablet.name, Tablet.id)),
        *db.session.scalars(gone.order_by(Tablet.revoked_at.desc(), Tablet.id.desc())),
    ]


def get_tablet(organisation_id: int, public_id: str, *, lock: bool = False) -> Tablet:
    """A tablet of the organisation, revoked or not; raises NotFound."""
    query = select(Tablet).where(Tablet.organisation_id == organisation_id, Tablet.public_id == public_id)
    found = db.session.scalar(query.with_for_update(key_share=True) if lock else query)
    if found is None:
        raise NotFound
    return found


def find_tablet(token_hash: bytes) -> tuple[Tablet, Organisation] | None:
    """The tablet behind a cookie, revoked or not, unless its organisation was switched off."""
    row = db.session.execute(
        select(Tablet, Organisation)
        .join(Organisation, Organisation.id == Tablet.organisation_id)
        .where(Tablet.token_hash == token_hash, Organisation.disabled_at.is_(None))
    ).first()
    return (row[0], row[1]) if row else None
