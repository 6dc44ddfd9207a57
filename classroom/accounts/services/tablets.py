"""Tablets: let in once by a code, known by a token from then on, put out again."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from classroom.accounts import queries
from classroom.accounts.models import Organisation, Tablet
from classroom.accounts.rules import SIGN_IN_WINDOW, TABLET_CODE_LIFE, TABLET_TRIES
from classroom.audit.services import record
from classroom.core import throttle
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.ids import ALPHABET
from classroom.core.names import clean_name
from classroom.core.signing import base32_clean, random_token, token_hash

LONGEST_NAME = 80
_CODE_LENGTH = 8
#: What a tablet says of itself is written down at most so often while nothing changes.
_CONTACT_EVERY = timedelta(minutes=1)


def add_tablet(name: str, *, actor: Actor) -> tuple[Tablet, str]:
    """A tablet that may come in, and its one-time code, which is shown once; raises `tablet.name_taken`."""
    actor.require("tablet.manage")
    at, code = now(), _draw_code()
    with transaction() as session, _one_name():
        made = Tablet(
            organisation_id=actor.organisation_id,
            name=_checked(name),
            enrol_code_hash=token_hash(code),
            enrol_until=at + TABLET_CODE_LIFE,
            created_at=at,
            created_by=actor.staff_id,
        )
        session.add(made)
        session.flush()
        record("tablet.added", "tablet", made.id, actor=actor, facts={"name": made.name})
        return made, code


def renew_code(tablet_id: str, *, actor: Actor) -> tuple[Tablet, str]:
    """Another one-time code: the first ran out, or the tablet's browser has lost everything."""
    actor.require("tablet.manage")
    code = _draw_code()
    with transaction():
        tablet = _living(actor, tablet_id)
        tablet.enrol_code_hash, tablet.enrol_until = token_hash(code), now() + TABLET_CODE_LIFE
        record("tablet.code_renewed", "tablet", tablet.id, actor=actor, facts={"name": tablet.name})
        return tablet, code


def rename_tablet(tablet_id: str, name: str, *, actor: Actor) -> Tablet:
    """Call a tablet something else."""
    actor.require("tablet.manage")
    with transaction() as session, _one_name():
        tablet = _living(actor, tablet_id)
        before, tablet.name = tablet.name, _checked(name)
        session.flush()
        if before != tablet.name:
            facts = {"before": before, "name": tablet.name}
            record("tablet.renamed", "tablet", tablet.id, actor=actor, facts=facts)
        return tablet


def revoke_tablet(tablet_id: str, reason: str, *, actor: Actor) -> Tablet:
    """Put a tablet out: it gets no roster any more, and what it still brings waits for a decision. Twice is once."""
    actor.require("tablet.manage")
    why = " ".join(reason.split())[:300]
    if not why:
        raise Invalid("tablet.reason_missing")
    with transaction():
        tablet = queries.get_tablet(actor.organisation_id, tablet_id, lock=True)
        if tablet.revoked_at is None:
            tablet.revoked_at, tablet.revoked_by, tablet.revoke_reason = now(), actor.staff_id, why
            tablet.enrol_code_hash = tablet.enrol_until = None
            facts = {"name": tablet.name, "waiting": tablet.queue_length or 0}
            record("tablet.revoked", "tablet", tablet.id, actor=actor, facts=facts, personal={"reason": why})
        return tablet


def enrol_tablet(code: str, *, user_agent: str = "", origin: str = "") -> tuple[str, Tablet]:
    """Use a one-time code up; returns the token for the tablet's cookie, and the tablet.

    A browser that was this tablet before is it no longer. Raises Invalid `tablet.code_wrong`, and Refusal
    `tablet.too_many_tries` when one address has guessed hundreds of times.
    """
    if origin and throttle.tries("tablet.enrol", origin, SIGN_IN_WINDOW) >= TABLET_TRIES:
        raise Refusal("tablet.too_many_tries")
    token, at = random_token(), now()
    typed = "".join(c for c in base32_clean(code) if c in ALPHABET)
    with transaction() as session:
        tablet = session.scalar(
            update(Tablet)
            .where(
                Tablet.enrol_code_hash == token_hash(typed),
                Tablet.enrol_until > at,
                Tablet.revoked_at.is_(None),
                Tablet.organisation_id.in_(select(Organisation.id).where(Organisation.disabled_at.is_(None))),
            )
            .values(
                token_hash=token_hash(token),
                enrolled_at=at,
                enrol_code_hash=None,
                enrol_until=None,
                user_agent=user_agent.replace("\0", "")[:200],
                last_contact_at=at,
                queue_length=None,
                clock_ahead_ms=None,
            )
            .returning(Tablet)
        )
        if tablet is not None:
            actor = Actor("tablet", tablet.organisation_id, name=tablet.name, origin=origin)
            record("tablet.enrolled", "tablet", tablet.id, actor=actor, facts={"name": tablet.name})
            return token, tablet
    if origin:
        throttle.hit("tablet.enrol", origin, SIGN_IN_WINDOW)
    raise Invalid("tablet.code_wrong")


def note_contact(tablet: Tablet, queue_length: int | None, clock_ahead_ms: int | None) -> None:
    """Remember what a tablet says of itself; the same again within a minute is not worth a write."""
    at = now()
    fresh = tablet.last_contact_at is not None and at - tablet.last_contact_at < _CONTACT_EVERY
    if fresh and (queue_length is None or queue_length == tablet.queue_length):
        return
    values: dict[str, Any] = {"last_contact_at": at, "queue_length": queue_length, "clock_ahead_ms": clock_ahead_ms}
    said = {name: value for name, value in values.items() if value is not None}
    with transaction() as session:
        session.execute(update(Tablet).where(Tablet.id == tablet.id).values(said))


def _living(actor: Actor, tablet_id: str) -> Tablet:
    tablet = queries.get_tablet(actor.organisation_id, tablet_id, lock=True)
    if tablet.revoked_at is not None:
        raise Refusal("tablet.is_revoked")
    return tablet


def _checked(name: str) -> str:
    cleaned = clean_name(name)
    if not cleaned:
        raise Invalid("tablet.name_missing")
    if len(cleaned) > LONGEST_NAME:
        raise Invalid("tablet.name_long", most=LONGEST_NAME)
    return cleaned


@contextmanager
def _one_name() -> Iterator[None]:
    try:
        yield
    except IntegrityError as broken:
        if "uq_tablet_name" in str(broken.orig) or "tablet.organisation_id, tablet.name" in str(broken.orig):
            raise Refusal("tablet.name_taken") from broken
        raise


def _draw_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(_CODE_LENGTH))
