"""Organisations: what they are called, who administers them, whether they are open."""

from dataclasses import dataclass

from sqlalchemy import select

from classroom.accounts import queries
from classroom.accounts.models import Organisation, Staff
from classroom.accounts.rules import Role
from classroom.accounts.services.passwords import make_link
from classroom.accounts.services.staff import create_staff
from classroom.audit.services import record
from classroom.core import signals
from classroom.core.actor import Actor, system
from classroom.core.clock import now, zone
from classroom.core.db import transaction
from classroom.core.errors import NotFound, Refusal
from classroom.core.names import clean_name

OPERATE = "deployment.manage"


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """How an organisation is called on papers, and by which clock it lives."""

    name: str
    parent_name: str = ""
    place: str = ""
    time_zone: str = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """Who shall administer a new organisation."""

    name: str
    username: str = ""


def create_organisation(
    name: str,
    *,
    parent_name: str = "",
    place: str = "",
    time_zone: str = "Asia/Ho_Chi_Minh",
    actor: Actor | None = None,
) -> Organisation:
    """A new, empty organisation."""
    with transaction() as session:
        made = Organisation(
            name=clean_name(name),
            parent_name=clean_name(parent_name),
            place=clean_name(place),
            time_zone=zone(time_zone).key,
            created_at=now(),
        )
        session.add(made)
        session.flush()
        record(
            "organisation.created", "organisation", made.id, actor=actor or system(made.id), facts={"name": made.name}
        )
        return made


def open_organisation(
    facts: OrganisationFacts, first: FirstAdministrator, *, actor: Actor
) -> tuple[Organisation, Staff, str]:
    """A new organisation, its first administrator, and the token of the link that lets that person in."""
    actor.require(OPERATE)
    with transaction():
        made = create_organisation(
            facts.name,
            parent_name=facts.parent_name,
            place=facts.place,
            time_zone=facts.time_zone,
            actor=actor,
        )
        staff = create_staff(made.id, first.username, first.name, {Role.ADMINISTRATOR: None}, actor=actor)
        return made, staff, make_link(staff, actor=actor)


def edit_organisation(facts: OrganisationFacts, *, actor: Actor, knowingly: bool = False) -> Organisation:
    """Change what the actor's own organisation is called, and by which clock it lives.

    Planned sessions keep their times of day by a new clock; raises `organisation.sessions_planned` with their number
    unless that is done `knowingly`.
    """
    with transaction() as session:
        own = select(Organisation).where(Organisation.id == actor.organisation_id)
        found = session.scalars(own.with_for_update(key_share=True)).one()
        before = found.name
        found.name, found.parent_name = clean_name(facts.name), clean_name(facts.parent_name)
        found.place = clean_name(facts.place)
        _change_clock(found, zone(facts.time_zone).key, actor=actor, knowingly=knowingly)
        record(
            "organisation.edited",
            "organisation",
            found.id,
            actor=actor,
            facts={"name_before": before, "name": found.name, "place": found.place, "time_zone": found.time_zone},
        )
        return found


def _change_clock(found: Organisation, after: str, *, actor: Actor, knowingly: bool) -> None:
    before = found.time_zone
    if after == before:
        return
    planned = sum(
        counts.get("sessions", 0) for counts in signals.time_zone_changing.send(organisation_id=found.id) if counts
    )
    if planned and not knowingly:
        raise Refusal("organisation.sessions_planned", count=planned)
    found.time_zone = after
    signals.time_zone_changed.send(organisation_id=found.id, before=before, after=after, actor=actor)
    facts = {"before": before, "after": after, "sessions": planned}
    record("organisation.clock_changed", "organisation", found.id, actor=actor, facts=facts)


def switch_organisation(public_id: str, *, on: bool, actor: Actor) -> Organisation:
    """Close an organisation, so that none of its staff can be signed in, or open it again."""
    actor.require(OPERATE)
    with transaction():
        found = queries.find_organisation(public_id)
        if found is None:
            raise NotFound
        if found.id == actor.organisation_id:
            raise Refusal("account.not_own_organisation")
        if (found.disabled_at is None) != on:
            found.disabled_at = None if on else now()
            action = "organisation.switched_on" if on else "organisation.switched_off"
            record(action, "organisation", found.id, actor=actor, facts={"name": found.name})
        return found


def make_administrator_link(organisation_id: str, staff_id: str, *, actor: Actor) -> tuple[Staff, str]:
    """A one-time link for an administrator of any organisation, when nobody there can make one."""
    actor.require(OPERATE)
    found = queries.find_organisation(organisation_id)
    staff = queries.get_staff(found.id, staff_id) if found else None
    if staff is None or all(held.role != Role.ADMINISTRATOR for held in staff.roles):
        raise NotFound
    return staff, make_link(staff, actor=actor)
