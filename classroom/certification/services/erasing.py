"""What certificates keep of a person who is erased: the register keeps its legal minimum, all else goes.

The minimum: number, printed name, course, decision, signer and days. Who verifies the certificate is told number, day
and state alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from classroom.certification.models import (
    Certificate,
    CertificateEvent,
    IssueBatch,
    IssueLine,
    ListedLearner,
    Outcome,
    OutcomeChange,
    PrintFile,
    PrintRun,
)
from classroom.certification.rules.certificates import register_minimum
from classroom.certification.services import rechecking
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.erasing import NEUTRAL, Traces, scrub_rows
from classroom.core.errors import Refusal

#: A batch in one of these states is signed or being issued as it stands.
_UNDER_WAY = ("submitted", "approved", "issuing")
#: What an outcome says besides the person.
_DECIDED = ("decision", "path", "reasons")


@signals.learners_erasing.connect
def count_certificates(
    organisation_id: int, learner_ids: Sequence[int], traces: Traces, *, counting: bool
) -> dict[str, int]:
    """Certificates that keep their minimum, outcomes that stay; refused while a batch with the person is under way."""
    under_way = (
        select(IssueBatch.title)
        .join(IssueLine, IssueLine.batch_id == IssueBatch.id)
        .where(
            IssueLine.learner_id.in_(learner_ids),
            IssueLine.left_out == "",
            IssueLine.certificate_id.is_(None),
            IssueBatch.state.in_(_UNDER_WAY),
        )
    )
    if (title := db.session.scalar(under_way.limit(1))) is not None:
        raise Refusal("erasure.batch_under_way", title=title)
    if not counting:
        return {}
    certificates = select(func.count(Certificate.id)).where(Certificate.learner_id.in_(learner_ids))
    outcomes = select(func.count(Outcome.id)).where(Outcome.learner_id.in_(learner_ids))
    return {
        "certificates_stay": db.session.scalar(certificates) or 0,
        "outcomes_stay": db.session.scalar(outcomes) or 0,
        "print_files": len(_printed(db.session(), learner_ids)),
    }


@signals.learner_erased.connect
def erase_certificates(learner_ids: Sequence[int], traces: Traces, actor: Actor) -> None:
    """Reduce what is frozen to the register's minimum, and drop files that were made for the printer."""
    with transaction() as session:
        _drop_prints(session, learner_ids)
        _reduce_certificates(session, learner_ids, traces, actor)
        for line in session.scalars(select(IssueLine).where(IssueLine.learner_id.in_(learner_ids))).all():
            line.facts, line.explanation, line.sort_key = {"name": NEUTRAL}, [], ""
            if line.certificate_id is None and not line.left_out:
                line.left_out = "gone"
        session.flush()
        listed = update(ListedLearner).where(ListedLearner.learner_id.in_(learner_ids))
        session.execute(listed.values(note="", annulled_at=func.coalesce(ListedLearner.annulled_at, now())))
        session.execute(update(Outcome).where(Outcome.learner_id.in_(learner_ids)).values(explanation=[]))
        for change in session.scalars(select(OutcomeChange).where(OutcomeChange.learner_id.in_(learner_ids))).all():
            change.before, change.after = _decided(change.before), _decided(change.after)
        session.flush()
        _scrub_texts(session, traces, actor.organisation_id)


def _reduce_certificates(session: Session, learner_ids: Sequence[int], traces: Traces, actor: Actor) -> None:
    at = now()
    for one in session.scalars(select(Certificate).where(Certificate.learner_id.in_(learner_ids))).all():
        one.facts, one.explanation = register_minimum(one.facts), []
        one.sort_key = one.name_fold = one.unit_fold = one.handed_out_to = ""
        one.revoke_reason, one.erased_at = traces.scrub(one.revoke_reason), at
        rechecking.withdraw_doubts(one.organisation_id, one.public_id)
        event = {"organisation_id": one.organisation_id, "certificate_id": one.id, "kind": "erased", "at": at}
        session.flush()
        session.execute(insert(CertificateEvent), {**event, "staff_id": actor.staff_id, "reason": "", "decision": {}})


def _scrub_texts(session: Session, traces: Traces, organisation_id: int) -> None:
    """Reasons and notes, of this person's certificates and of others."""
    for table, columns in (
        (Certificate, ("revoke_reason", "void_reason", "handed_out_to")),
        (CertificateEvent, ("reason", "decision")),
        (PrintRun, ("reprint_reason", "scope")),
        (PrintFile, ("title",)),
        (ListedLearner, ("note",)),
        (IssueBatch, ("title", "cancel_reason", "counts")),
    ):
        scrub_rows(session, table, columns, traces, table.organisation_id == organisation_id)


def _printed(session: Session, learner_ids: Sequence[int]) -> Sequence[PrintFile]:
    """Files for the printer on which a certificate of the person stands, by batch and serial numbers."""
    query = (
        select(PrintFile)
        .join(PrintRun, PrintRun.id == PrintFile.run_id)
        .join(Certificate, Certificate.batch_id == PrintRun.batch_id)
        .where(
            Certificate.learner_id.in_(learner_ids),
            PrintFile.file_id.is_not(None),
            func.coalesce(PrintFile.first_serial, Certificate.serial) <= Certificate.serial,
            func.coalesce(PrintFile.last_serial, Certificate.serial) >= Certificate.serial,
        )
    )
    return session.scalars(query).unique().all()


def _drop_prints(session: Session, learner_ids: Sequence[int]) -> None:
    """They can be made again at any time, then without the person."""
    for one in _printed(session, learner_ids):
        if one.file is not None:
            one.file.content, one.file.erased_at = b"", now()
        one.file_id = None
        session.execute(update(PrintRun).where(PrintRun.id == one.run_id).values(state="dropped"))
    session.flush()


def _decided(kept: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if kept is None else {name: kept[name] for name in _DECIDED if name in kept}
