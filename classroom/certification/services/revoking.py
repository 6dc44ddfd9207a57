"""What becomes of one certificate: revoked, restored, spoiled, handed out. Each step has a reason and stays told."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.certification.models import Certificate, CertificateEvent
from classroom.certification.queries.certificates import get_certificate
from classroom.certification.rules.batches import check_decision
from classroom.certification.services import rechecking
from classroom.core.actor import Actor
from classroom.core.clock import now, today
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.names import clean_name


@dataclass(frozen=True, slots=True)
class ByDecision:
    """The paper by which something is done, and why: the reason is public."""

    reason: str
    number: str
    decided_on: date | None


def revoke(public_id: str, by: ByDecision, *, actor: Actor) -> None:
    """Withdraw a living certificate; whoever verifies it reads the reason. Number and row stay.

    Raises `certificate.state`, Invalid `reason.missing` and `decision.*`.
    """
    actor.require("certificate.approve")
    why, decision = _checked(by, actor)
    with transaction() as session:
        one = hold_certificate(session, actor, public_id, "issued")
        one.state, one.revoked_at, one.revoke_reason = "revoked", now(), why
        rechecking.withdraw_doubts(one.organisation_id, one.public_id)
        note_event(session, one, "revoked", actor, reason=why, decision=decision)


def restore(public_id: str, by: ByDecision, *, actor: Actor) -> None:
    """Let a revoked certificate be valid again; raises `certificate.has_living` when another took its place."""
    actor.require("certificate.approve")
    why, decision = _checked(by, actor)
    with transaction() as session:
        one = hold_certificate(session, actor, public_id, "revoked")
        refuse_erased(one)
        try:
            with session.begin_nested():
                one.state, one.revoked_at, one.revoke_reason = "issued", None, ""
        except IntegrityError as taken:
            raise Refusal("certificate.has_living") from taken
        rechecking.note(session, "since", Certificate.id == one.id)
        note_event(session, one, "restored", actor, reason=why, decision=decision)


def void(public_id: str, reason: str, *, actor: Actor) -> None:
    """Give up a number that was spoiled before anybody had the paper: it stays in the register with its reason.

    The learner holds no certificate then and may be in the next batch. Raises `certificate.handed_out`: what is in
    somebody's hands can be revoked or replaced, not made never to have been.
    """
    actor.require("certificate.approve")
    why = checked_reason(reason)
    with transaction() as session:
        one = hold_certificate(session, actor, public_id, "issued")
        if one.handed_out_at is not None:
            raise Refusal("certificate.handed_out")
        one.state, one.void_reason = "void", why
        rechecking.withdraw_doubts(one.organisation_id, one.public_id)
        note_event(session, one, "voided", actor, reason=why)


def hand_out(public_id: str, to_whom: str, *, actor: Actor) -> None:
    """Note that the paper was received, and by whom; raises `certificate.handed_out` the second time."""
    actor.require("certificate.manage")
    with transaction() as session:
        one = hold_certificate(session, actor, public_id, "issued")
        if one.handed_out_at is not None:
            raise Refusal("certificate.handed_out")
        receiver = clean_name(to_whom)[:200] or str(one.facts.get("name", ""))[:200]
        one.handed_out_at, one.handed_out_to, one.handed_out_by = now(), receiver, actor.staff_id
        note_event(session, one, "handed_out", actor, personal={"to": receiver})


def take_back(public_id: str, reason: str, *, actor: Actor) -> None:
    """The paper is with the office again, or was noted by mistake."""
    actor.require("certificate.manage")
    why = checked_reason(reason)
    with transaction() as session:
        one = hold_certificate(session, actor, public_id, "issued", "revoked", "replaced")
        if one.handed_out_at is None:
            raise Refusal("certificate.not_handed_out")
        one.handed_out_at, one.handed_out_to, one.handed_out_by = None, "", None
        note_event(session, one, "taken_back", actor, reason=why)


def hold_certificate(session: Session, actor: Actor, public_id: str, *states: str) -> Certificate:
    """The certificate, locked; raises NotFound, and `certificate.state` when it is in none of the states."""
    query = select(Certificate).where(Certificate.id == get_certificate(actor, public_id).id).with_for_update()
    one = session.scalars(query.execution_options(populate_existing=True)).one()
    if one.state not in states:
        raise Refusal("certificate.state")
    return one


def refuse_erased(one: Certificate) -> None:
    """Raise `certificate.erased` where nobody is left to whom it could be given."""
    if one.erased_at is not None:
        raise Refusal("certificate.erased")


def note_event(
    session: Session,
    one: Certificate,
    kind: str,
    actor: Actor,
    *,
    reason: str = "",
    decision: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> None:
    """Add to the certificate's history and to the log."""
    session.add(
        CertificateEvent(
            organisation_id=one.organisation_id,
            certificate_id=one.id,
            kind=kind,
            at=now(),
            staff_id=actor.staff_id,
            reason=reason,
            decision=decision or {},
        )
    )
    facts = {"number": one.number, **({"decision": decision["number"]} if decision else {})}
    told = {**({"reason": reason} if reason else {}), **(personal or {})}
    record(f"certificate.{kind}", "certificate", one.id, actor=actor, facts=facts, personal=told or None)


def checked_reason(reason: str) -> str:
    """The reason as it is kept; raises Invalid `reason.missing`."""
    why = " ".join(reason.split())[:300]
    if not why:
        raise Invalid("reason.missing")
    return why


def _checked(by: ByDecision, actor: Actor) -> tuple[str, dict[str, Any]]:
    why = checked_reason(by.reason)
    number, decided_on, _issued = check_decision(by.number, by.decided_on, None, today(actor.time_zone))
    return why, {"number": number, "on": str(decided_on)}
