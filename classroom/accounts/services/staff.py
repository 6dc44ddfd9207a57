"""Make and change accounts, and switch them off and on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from classroom.accounts import queries
from classroom.accounts.models import Organisation, Staff, StaffRole
from classroom.accounts.rules import Role, check_username, propose_username
from classroom.accounts.services.sign_in import end_sessions
from classroom.audit.services import record
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import in_transaction, transaction
from classroom.core.errors import Forbidden, Invalid, Refusal
from classroom.core.names import clean_name, sort_key


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """What an administrator says about a member of staff; a role may carry its last day."""

    name: str
    phone: str = ""
    email: str = ""
    roles: Mapping[Role, date | None] = field(default_factory=dict)


class Duties(NamedTuple):
    """Coming sessions that somebody teaches, and the codes of their classes."""

    sessions: int
    classes: list[str]


def create_staff(
    organisation_id: int,
    username: str,
    name: str,
    roles: Mapping[Role, date | None],
    *,
    actor: Actor,
    is_operator: bool = False,
    phone: str = "",
    email: str = "",
) -> Staff:
    """A new account without a password: a one-time link sets the first one.

    Without a user name one is made of the name. Raises Refusal for one that is taken, Invalid for a bad one.
    """
    facts = StaffFacts(name, phone, email, roles)
    wanted = check_username(username) if username else ""
    try:
        with transaction() as session:
            made = _new_staff(organisation_id, wanted, facts)
            made.is_operator = is_operator
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
    except IntegrityError as clash:
        if in_transaction():
            raise
        raise Refusal("account.username_taken") from clash


def _new_staff(organisation_id: int, username: str, facts: StaffFacts) -> Staff:
    name = clean_name(facts.name)
    if not username:
        username = propose_username(name, queries.usernames_like(propose_username(name, ())))
    elif queries.find_by_username(username):
        raise Refusal("account.username_taken")
    return Staff(
        organisation_id=organisation_id,
        username=username,
        name=name,
        sort_key=sort_key(name),
        phone=facts.phone,
        email=facts.email,
        created_at=now(),
        roles=[StaffRole(role=role.value, last_on=last_on) for role, last_on in facts.roles.items()],
    )


def edit_staff(public_id: str, facts: StaffFacts, *, actor: Actor) -> Staff:
    """Change name, contacts and roles; somebody must remain administrator."""
    if not facts.roles:
        raise Invalid("account.role_needed")
    with _governed(actor) as session:
        staff = _get_changeable(public_id, actor)
        before = _spell(staff.roles)
        _describe(staff, facts.name, facts.phone, facts.email)
        for held in list(staff.roles):
            if Role(held.role) not in facts.roles:
                session.delete(held)
        session.flush()
        session.expire(staff, ["roles"])
        for role, last_on in facts.roles.items():
            _hold(staff, role, last_on)
        session.flush()
        record(
            "staff.edited",
            "staff",
            staff.id,
            actor=actor,
            facts={"roles_before": before, "roles": _spell(staff.roles)},
            personal={"name": staff.name, "phone": staff.phone, "email": staff.email},
        )
        return staff


def switch_off_staff(public_id: str, reason: str, *, actor: Actor) -> Staff:
    """End all sessions and let nobody in with this account; everything it did stays."""
    with _governed(actor):
        staff = _get_changeable(public_id, actor)
        if staff.id == actor.staff_id:
            raise Refusal("account.not_yourself")
        if staff.disabled_at is None:
            staff.disabled_at = now()
            end_sessions(staff.id)
            record(
                "staff.switched_off",
                "staff",
                staff.id,
                actor=actor,
                facts={"sessions": hangs_on_staff(staff).sessions},
                personal={"name": staff.name, "reason": reason},
            )
        return staff


def hangs_on_staff(staff: Staff) -> Duties:
    """What is left without this person; nothing of it stops anybody from being switched off."""
    answers = [answer for answer in signals.staff_leaving.send(staff_id=staff.id) if answer]
    return Duties(
        sum(answer["sessions"] for answer in answers), [code for answer in answers for code in answer["classes"]]
    )


def switch_on_staff(public_id: str, *, actor: Actor) -> Staff:
    """Let the account in again; its old sessions stay ended."""
    with _governed(actor):
        staff = _get_changeable(public_id, actor)
        if staff.disabled_at is not None:
            staff.disabled_at = None
            record("staff.switched_on", "staff", staff.id, actor=actor, personal={"name": staff.name})
        return staff


def edit_own_account(name: str, phone: str, email: str, language: str, *, actor: Actor) -> Staff:
    """What everybody may change about themselves."""
    with transaction():
        staff = queries.get_staff_by_id(actor.organisation_id, actor.staff_id or 0)
        _describe(staff, name, phone, email)
        staff.language = language
        personal = {"name": staff.name, "phone": staff.phone, "email": staff.email}
        record("account.edited", "staff", staff.id, actor=actor, facts={"language": language}, personal=personal)
        return staff


@contextmanager
def _governed(actor: Actor) -> Iterator[Session]:
    """A transaction that has the organisation's accounts to itself, and leaves an administrator behind.

    The lock makes two administrators who take the role from each other at once come one after the other.
    """
    with transaction() as session:
        own = select(Organisation.id).where(Organisation.id == actor.organisation_id)
        session.execute(own.with_for_update(key_share=True))
        had_one = queries.count_lasting_administrators(actor.organisation_id) > 0
        yield session
        session.flush()
        if had_one and not queries.count_lasting_administrators(actor.organisation_id):
            raise Refusal("account.last_administrator")


def _get_changeable(public_id: str, actor: Actor) -> Staff:
    staff = queries.get_staff(actor.organisation_id, public_id)
    if staff.is_operator and not actor.is_operator:
        raise Forbidden("account.operator_only")
    return staff


def _describe(staff: Staff, name: str, phone: str, email: str) -> None:
    staff.name = clean_name(name)
    staff.sort_key = sort_key(staff.name)
    staff.phone, staff.email = phone, email


def _hold(staff: Staff, role: Role, last_on: date | None) -> None:
    for held in staff.roles:
        if held.role == role:
            held.last_on = last_on
            return
    staff.roles.append(StaffRole(role=role.value, last_on=last_on))


def _spell(roles: list[StaffRole]) -> list[str]:
    return sorted(f"{held.role} → {held.last_on.isoformat()}" if held.last_on else held.role for held in roles)
