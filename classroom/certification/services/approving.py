"""From a draft to its numbers: decision entered, approved by one who may, issued by a job; or cancelled."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.certification.models import CertificateTemplate, IssueBatch
from classroom.certification.queries.batches import count_lines
from classroom.certification.queries.printed import setting_of
from classroom.certification.queries.stale import differences
from classroom.certification.rules.batches import check_decision
from classroom.certification.services.decisions import check_scan, keep_scan
from classroom.certification.services.drafting import hold_batch
from classroom.certification.services.issuing import ISSUE, numbering_of
from classroom.certification.services.numbering import hold_settings
from classroom.core.actor import Actor
from classroom.core.clock import now, today
from classroom.core.db import db, transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.names import clean_name
from classroom.jobs.services import enqueue


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on paper, and who signs the certificates; `scan` is empty where none was sent."""

    number: str
    decided_on: date | None
    issued_on: date | None
    signer_title: str
    signer_name: str
    filename: str = ""
    scan: bytes = b""


def submit_batch(public_id: str, decision: Decision, *, actor: Actor) -> None:
    """Enter the decision; from here on the lines stay as they were signed.

    Each submission brings its own scan. Raises Invalid `decision.*` and `number.*`, `batch.not_ready`, `batch.empty`,
    and `batch.stale` when people have changed since the lines were written.
    """
    actor.require("certificate.manage")
    number, decided_on, issued_on = check_decision(
        decision.number, decision.decided_on, decision.issued_on, today(actor.time_zone)
    )
    signer = clean_name(decision.signer_name)[:120]
    if not signer:
        raise Invalid("decision.no_signer")
    if decision.scan:
        check_scan(decision.scan)
    with transaction() as session:
        batch = hold_batch(session, actor, public_id, "draft")
        _check_lines(session, batch)
        batch.decision_number, batch.decision_on, batch.issued_on = number, decided_on, issued_on
        batch.signer_title, batch.signer_name = clean_name(decision.signer_title)[:200], signer
        if not decision.scan:
            raise Invalid("decision.no_file")
        _drop_scan(batch)
        batch.decision_file = scan = keep_scan(session, decision.filename, decision.scan, actor=actor)
        batch.state, batch.submitted_at, batch.submitted_by = "submitted", now(), actor.staff_id
        days = {"on": str(decided_on), "issued_on": str(issued_on)}
        facts = {"number": batch.number, "decision": number, **days, "scan": scan.sha256}
        record("batch.submitted", "issue_batch", batch.id, actor=actor, facts=facts)


def take_back_batch(public_id: str, *, actor: Actor) -> None:
    """Make a submitted batch a draft again, so that it can be changed; its scan is of what was signed before."""
    actor.require("certificate.manage")
    with transaction() as session:
        batch = hold_batch(session, actor, public_id, "submitted")
        batch.state, batch.submitted_at, batch.submitted_by = "draft", None, None
        facts = {"number": batch.number, "scan": _drop_scan(batch)}
        record("batch.taken_back", "issue_batch", batch.id, actor=actor, facts=facts)


def _drop_scan(batch: IssueBatch) -> str:
    """Part the batch from its scan, and answer the hash of it, which the log keeps.

    The content goes: it names people, and nothing leads to it any more.
    """
    scan, batch.decision_file = batch.decision_file, None
    if scan is None:
        return ""
    scan.content = b""
    return scan.sha256


def approve_batch(public_id: str, *, actor: Actor) -> None:
    """Let the certificates of a submitted batch be issued; numbers are given by a job.

    Raises `batch.four_eyes` where somebody else than who submitted must approve, and `batch.stale`.
    """
    actor.require("certificate.approve")
    with transaction() as session:
        batch = hold_batch(session, actor, public_id, "submitted")
        settings = hold_settings(session, actor.organisation_id)
        if settings.four_eyes and batch.submitted_by == actor.staff_id:
            raise Refusal("batch.four_eyes")
        _check_lines(session, batch)
        _copy_design(session, batch)
        batch.state, batch.approved_at, batch.approved_by = "approved", now(), actor.staff_id
        facts = {"number": batch.number, "lines": count_lines(batch.id).issuing, "four_eyes": settings.four_eyes}
        record("batch.approved", "issue_batch", batch.id, actor=actor, facts=facts)
        enqueue(ISSUE, batch.id, actor=actor, key=str(batch.id))


def resume_batch(public_id: str, *, actor: Actor) -> None:
    """Ask again for the job of a batch whose job was given up; one that lives is left alone."""
    actor.require("certificate.approve")
    with transaction() as session:
        batch = hold_batch(session, actor, public_id, "approved", "issuing")
        record("batch.resumed", "issue_batch", batch.id, actor=actor, facts={"number": batch.number})
        enqueue(ISSUE, batch.id, actor=actor, key=str(batch.id))


def cancel_batch(public_id: str, reason: str, *, actor: Actor) -> None:
    """Put a batch away that is not approved; its people may be in the next one."""
    actor.require("certificate.manage")
    why = " ".join(reason.split())[:300]
    if not why:
        raise Invalid("reason.missing")
    with transaction() as session:
        batch = hold_batch(session, actor, public_id, "draft", "submitted")
        batch.state, batch.cancelled_at, batch.cancel_reason = "cancelled", now(), why
        facts = {"number": batch.number}
        record("batch.cancelled", "issue_batch", batch.id, actor=actor, facts=facts, personal={"reason": why})


def template_of(organisation_id: int, course_id: int) -> CertificateTemplate | None:
    """The design in force: the course's own, or the organisation's."""
    query = select(CertificateTemplate).where(CertificateTemplate.organisation_id == organisation_id)
    found = {one.course_id: one for one in db.session.scalars(query)}
    return found.get(course_id) or found.get(None)


def _check_lines(session: Session, batch: IssueBatch) -> None:
    if batch.ready_at is None:
        raise Refusal("batch.not_ready")
    if not count_lines(batch.id).issuing:
        raise Refusal("batch.empty")
    numbering_of(session, batch.organisation_id)
    differing = differences(batch, setting_of(batch.course)).count
    if differing:
        raise Refusal("batch.stale", count=differing)


def _copy_design(session: Session, batch: IssueBatch) -> None:
    template = template_of(batch.organisation_id, batch.course_id)
    if template is not None:
        batch.design, batch.logo_file_id = dict(template.settings), template.logo_file_id
