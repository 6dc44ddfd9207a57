"""Give numbers: a counter row locked, the next numbers and their certificates written, all in one transaction.

See docs/algorithms/issuing.md. Whatever kills the job, numbers and certificates of a piece exist together or not at
all, and a job that runs again goes on with the lines that have no certificate yet.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import structlog
from sqlalchemy import Table, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.certification.models import (
    Certificate,
    CertificateEvent,
    CertificateSettings,
    Counter,
    IssueBatch,
    IssueLine,
)
from classroom.certification.queries.batches import count_lines
from classroom.certification.queries.printed import is_denied
from classroom.certification.queries.stale import revoked_unseen
from classroom.certification.rules.batches import CHUNK, name_key
from classroom.certification.rules.codes import new_code
from classroom.certification.rules.numbers import DEFAULT, Numbering
from classroom.certification.services import rechecking
from classroom.certification.services.drafting import write_lines
from classroom.certification.services.holding import hold_living
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.ids import public_id
from classroom.core.names import fold
from classroom.learners.models import Learner

ISSUE = "certification.issue"
#: A piece that met a number or a certificate written meanwhile is done again so often before it is given up.
TRIES = 5
log = structlog.get_logger()
Tell = Callable[[int, int], None]


def issue_lines(batch_id: int, tell: Tell, *, actor: Actor) -> dict[str, Any]:
    """Issue what an approved batch has left to issue, 500 in a transaction; run again, it goes on from there."""
    counts = count_lines(batch_id)
    total = counts.issuing
    while (done := _issue_piece(batch_id, actor)) is not None:
        tell(done, max(total, done))
    return _finish(batch_id, actor)


def _issue_piece(batch_id: int, actor: Actor) -> int | None:
    """How many of the batch are issued after the next piece; None when nothing is left."""
    for attempt in range(TRIES):
        try:
            with transaction() as session:
                return _next_piece(session, batch_id, actor)
        except IntegrityError:
            if attempt + 1 == TRIES:
                raise
            log.info("a piece of a batch is issued again", batch=batch_id)
    raise AssertionError("unreachable")


def _next_piece(session: Session, batch_id: int, actor: Actor) -> int | None:
    query = select(IssueBatch).where(IssueBatch.id == batch_id).with_for_update()
    batch = session.scalars(query.execution_options(populate_existing=True)).one()
    if batch.state not in {"approved", "issuing"}:
        return None
    lines = session.scalars(
        select(IssueLine)
        .where(IssueLine.batch_id == batch_id, IssueLine.left_out == "", IssueLine.certificate_id.is_(None))
        .order_by(IssueLine.sort_key, IssueLine.id)
        .limit(CHUNK)
    ).all()
    if not lines:
        return None
    batch.state = "issuing"
    assert batch.issued_on is not None
    counter = hold_counter(session, batch.organisation_id, batch.issued_on.year)
    chosen = _leave_out(session, batch, lines)
    if chosen:
        _write(session, batch, chosen, counter)
        facts = {"batch": batch.number, "year": counter.year, "first": counter.last + 1, "count": len(chosen)}
        counter.last += len(chosen)
        record("certificates.issued", "issue_batch", batch.id, actor=actor, facts=facts)
    issued = int(batch.counts.get("issued", 0)) + len(chosen)
    batch.counts = {**batch.counts, "issued": issued}
    return issued


def hold_counter(session: Session, organisation_id: int, year: int) -> Counter:
    """The counter of an organisation and year, locked until the transaction ends; made if it is the first number."""
    own = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(
        own(Counter).on_conflict_do_nothing(), {"organisation_id": organisation_id, "year": year, "last": 0}
    )
    query = select(Counter).where(Counter.organisation_id == organisation_id, Counter.year == year).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def numbering_of(session: Session, organisation_id: int) -> Numbering:
    """How the organisation numbers; raises Invalid `number.*` when its settings cannot work."""
    settings = session.scalar(select(CertificateSettings).where(CertificateSettings.organisation_id == organisation_id))
    if settings is None:
        return Numbering.checked(DEFAULT, "")
    return Numbering.checked(settings.number_pattern, settings.organisation_code)


def _leave_out(session: Session, batch: IssueBatch, lines: Sequence[IssueLine]) -> list[IssueLine]:
    """Who of them gets a number; the others' lines say why not. Learners are held: nobody merges them meanwhile."""
    people = [line.learner_id for line in lines]
    living = hold_living(session, people)
    held = select(Certificate.id, Certificate.learner_id).where(
        Certificate.course_id == batch.course_id, Certificate.state == "issued", Certificate.learner_id.in_(people)
    )
    certificate_of = {row.learner_id: row.id for row in session.execute(held.with_for_update())}
    denied = set(
        session.scalars(select(Learner.id).where(Learner.id.in_(people), is_denied(batch.course_id, Learner.id)))
    )
    known = IssueLine.id.in_([line.id for line in lines])
    unseen = set(session.scalars(select(IssueLine.learner_id).where(known, revoked_unseen(batch))))
    barred = {**dict.fromkeys(unseen, "revoked"), **dict.fromkeys(denied, "denied")}
    chosen, out = [], []
    for line in lines:
        code = _why_not(line, living, certificate_of.get(line.learner_id), barred)
        if code:
            out.append({"line_id": line.id, "left_out": code})
        else:
            chosen.append(line)
    if out:
        write_lines(session, out)
    return chosen


def _why_not(line: IssueLine, living: set[int], held: int | None, barred: Mapping[int, str]) -> str:
    if line.learner_id not in living:
        return "merged"
    if line.replaces_id is not None:
        return "" if held == line.replaces_id else "not_living"
    return barred.get(line.learner_id) or ("certified" if held else "")


def _write(session: Session, batch: IssueBatch, lines: Sequence[IssueLine], counter: Counter) -> None:
    at, numbering = now(), numbering_of(session, batch.organisation_id)
    replaced = [line.replaces_id for line in lines if line.replaces_id is not None]
    if replaced:
        session.execute(
            update(Certificate).where(Certificate.id.in_(replaced)).values(state="replaced", replaced_at=at)
        )
    rows = [
        _row(batch, line, numbering, serial, counter.year, at) for serial, line in enumerate(lines, counter.last + 1)
    ]
    session.connection().execute(insert(cast("Table", Certificate.__table__)), rows)
    numbers = select(Certificate.id, Certificate.serial).where(
        Certificate.organisation_id == batch.organisation_id,
        Certificate.year == counter.year,
        Certificate.serial > counter.last,
    )
    ids = {row.serial: row.id for row in session.execute(numbers)}
    made = [(line, ids[serial]) for serial, line in enumerate(lines, counter.last + 1)]
    write_lines(session, [{"line_id": line.id, "certificate_id": certificate_id} for line, certificate_id in made])
    for line, certificate_id in made:
        if line.replaces_id is not None:
            _tie(session, line.replaces_id, certificate_id, batch, at)
    _tell_issued(session, batch, counter, at)


def _row(
    batch: IssueBatch, line: IssueLine, numbering: Numbering, serial: int, year: int, at: datetime
) -> dict[str, Any]:
    number = numbering.spell(serial, year)
    facts = {
        **line.facts,
        "number": number,
        "decision_number": batch.decision_number,
        "decision_on": str(batch.decision_on or ""),
        "issued_on": str(batch.issued_on or ""),
        "signer_title": batch.signer_title,
        "signer_name": batch.signer_name,
    }
    return {
        "public_id": public_id(),
        "organisation_id": batch.organisation_id,
        "course_id": batch.course_id,
        "learner_id": line.learner_id,
        "batch_id": batch.id,
        "class_id": line.class_id,
        "intake_id": line.intake_id,
        "year": year,
        "serial": serial,
        "number": number,
        "code": new_code(),
        "state": "issued",
        "facts": facts,
        "explanation": line.explanation,
        "rule_version_id": batch.rule_version_id,
        "approved_by": batch.approved_by,
        "sort_key": name_key(line.sort_key),
        "name_fold": fold(facts["name"])[:200],
        "unit_fold": fold(facts["unit"])[:200],
        "issued_on": batch.issued_on,
        "issued_at": at,
        "replaces_id": line.replaces_id,
    }


def _tie(session: Session, old_id: int, new_id: int, batch: IssueBatch, at: datetime) -> None:
    session.execute(update(Certificate).where(Certificate.id == old_id).values(replaced_by_id=new_id))
    rechecking.withdraw_doubts(batch.organisation_id, session.get_one(Certificate, old_id).public_id)
    session.add(
        CertificateEvent(
            organisation_id=batch.organisation_id,
            certificate_id=old_id,
            kind="replaced",
            at=at,
            staff_id=batch.approved_by,
            reason=str(batch.scope.get("reason", "")),
            decision={"number": batch.decision_number, "on": str(batch.decision_on or "")},
        )
    )


def _tell_issued(session: Session, batch: IssueBatch, counter: Counter, at: datetime) -> None:
    event = CertificateEvent.__table__.c
    chosen = select(
        literal(batch.organisation_id, event.organisation_id.type), Certificate.id, literal("issued", event.kind.type),
        literal(at, event.at.type), literal(batch.approved_by, event.staff_id.type), literal("", event.reason.type),
        literal({}, event.decision.type),
    ).where(
        Certificate.organisation_id == batch.organisation_id,
        Certificate.year == counter.year,
        Certificate.serial > counter.last,
    )  # fmt: skip
    columns = ["organisation_id", "certificate_id", "kind", "at", "staff_id", "reason", "decision"]
    session.execute(insert(CertificateEvent).from_select(columns, chosen))
    # What changed since the rule was applied was heard by nobody: there was no certificate, or another one.
    fresh = Certificate.batch_id == batch.id, Certificate.year == counter.year, Certificate.serial > counter.last
    rechecking.note(session, "since", *fresh)


def _finish(batch_id: int, actor: Actor) -> dict[str, Any]:
    with transaction() as session:
        batch = session.scalars(
            select(IssueBatch)
            .where(IssueBatch.id == batch_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one()
        if batch.state in {"approved", "issuing"}:
            counts = count_lines(batch_id)
            batch.state, batch.issued_at = "issued", now()
            batch.counts = {**batch.counts, "issued": counts.issuing, "left_out": counts.left_out}
            facts = {"number": batch.number, "issued": counts.issuing, "left_out": counts.left_out}
            record("batch.issued", "issue_batch", batch.id, actor=actor, facts=facts)
        return dict(batch.counts)
