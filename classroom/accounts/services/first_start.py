"""The very first start: nobody has an account, and no password is built in."""

from dataclasses import dataclass

from sqlalchemy import update

from classroom.accounts import queries
from classroom.accounts.models import SetupLink, Staff
from classroom.accounts.rules import Role, check_password
from classroom.accounts.services.organisations import OrganisationFacts, create_organisation
from classroom.accounts.services.passwords import set_password
from classroom.accounts.services.sign_in import start_session
from classroom.accounts.services.staff import create_staff
from classroom.core.actor import system
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import NotFound, Refusal
from classroom.core.signing import random_token, token_hash


@dataclass(frozen=True, slots=True)
class Start:
    """What the first person says: the organisation, and how they will sign in."""

    organisation: OrganisationFacts
    name: str
    username: str
    password: str


def start_setup() -> str:
    """The token of a fresh setup link; the one before is worth nothing from now on. Refused once anybody is there."""
    token = random_token()
    with transaction() as session:
        if queries.anybody_there():
            raise Refusal("account.setup_done")
        session.merge(SetupLink(id=1, token_hash=token_hash(token), created_at=now(), used_at=None))
    return token


def finish_setup(token: str, start: Start, *, user_agent: str = "", origin: str = "") -> tuple[str, Staff]:
    """Make the organisation and its first person, and sign that person in; the link is dead afterwards.

    The first person operates the deployment, administers the organisation and coordinates its classes.
    """
    check_password(start.password, username=start.username, name=start.name)
    with transaction() as session:
        used = session.scalar(
            update(SetupLink)
            .where(SetupLink.token_hash == token_hash(token), SetupLink.used_at.is_(None))
            .values(used_at=now())
            .returning(SetupLink.id)
        )
        if used is None or queries.anybody_there():
            raise NotFound("account.setup_done")
        facts = start.organisation
        made = create_organisation(
            facts.name, parent_name=facts.parent_name, place=facts.place, time_zone=facts.time_zone
        )
        roles = {Role.ADMINISTRATOR: None, Role.COORDINATOR: None}
        actor = system(made.id, "setup")
        staff = create_staff(made.id, start.username, start.name, roles, actor=actor, is_operator=True)
        set_password(staff, start.password, actor=actor)
        return start_session(staff, user_agent=user_agent, origin=origin), staff
