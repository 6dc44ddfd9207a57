"""A new certificate in place of one that says something wrong, was lost or is damaged: a batch of one line."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.certification.models import Certificate, IssueBatch, IssueLine
from classroom.certification.queries import printed
from classroom.certification.rules.batches import REISSUE_KINDS
from classroom.certification.services.drafting import new_batch
from classroom.certification.services.revoking import checked_reason, hold_certificate, refuse_erased
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.sessions.models import Course

#: What of the facts belongs to the person.
_PERSONAL = ("name", "born", "unit")


def reissue(public_id: str, kind: str, reason: str, *, actor: Actor) -> IssueBatch:
    """Prepare the new certificate, with a number of its own; the old one is replaced once the new one is issued.

    `kind` is "facts" (what is printed was corrected), "lost" or "damaged". It takes the way of every batch: decision,
    approval, job. Raises `certificate.same_facts` when a correction would print the same again, and
    `certificate.reissue_open` while another one is on its way.
    """
    actor.require("certificate.manage")
    why = checked_reason(reason)
    if kind not in REISSUE_KINDS:
        raise Invalid("certificate.reissue_kind")
    with transaction() as session:
        one = hold_certificate(session, actor, public_id, "issued")
        refuse_erased(one)
        course = session.get_one(Course, one.course_id)
        _check_none_open(session, one)
        values = printed.facts_again(one.id, printed.setting_of(course))
        if kind == "facts" and all(values["facts"][name] == one.facts.get(name) for name in _PERSONAL):
            raise Refusal("certificate.same_facts")
        session.execute(select(Course.id).where(Course.id == course.id).with_for_update())
        made = new_batch(session, course.id, "", actor)
        made.kind, made.ready_at = "reissue", now()
        made.rule_version_id = one.rule_version_id
        made.scope = {"reissue": kind, "reason": why}
        made.decision_number, made.decision_on = one.batch.decision_number, one.batch.decision_on
        made.signer_title, made.signer_name = one.batch.signer_title, one.batch.signer_name
        session.add(IssueLine(batch_id=made.id, learner_id=one.learner_id, replaces_id=one.id, **values))
        session.flush()
        facts = {"number": one.number, "kind": kind, "batch": made.number}
        record(
            "certificate.reissue_prepared", "certificate", one.id, actor=actor, facts=facts, personal={"reason": why}
        )
        return made


def _check_none_open(session: Session, one: Certificate) -> None:
    query = (
        select(IssueLine.id)
        .join(IssueBatch, IssueBatch.id == IssueLine.batch_id)
        .where(
            IssueLine.replaces_id == one.id,
            IssueLine.left_out == "",
            IssueBatch.state.in_(["draft", "submitted", "approved", "issuing"]),
        )
    )
    if session.scalar(query.limit(1)) is not None:
        raise Refusal("certificate.reissue_open")
