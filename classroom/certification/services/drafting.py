"""Draft batches: who would get a certificate and what it would say; written by a job, in pieces."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.certification.models import IssueBatch, IssueLine
from classroom.certification.queries import printed
from classroom.certification.queries.batches import get_batch
from classroom.certification.queries.printed import Setting
from classroom.certification.rules.batches import CHUNK, KEPT_OUT, Scope, kept_problems, left_out_anew, problems_of
from classroom.certification.services.holding import hold_living
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.jobs.services import enqueue
from classroom.learners.models import Learner
from classroom.sessions.models import Course
from classroom.sessions.queries import get_course

Tell = Callable[[int, int], None]
PREPARE = "certification.prepare"
_LINES = cast("Table", IssueLine.__table__)


def prepare_batch(course_id: str, scope: Scope, title: str, *, actor: Actor) -> IssueBatch:
    """A draft for everybody of the scope who passes and holds no living certificate; a job writes its lines.

    Who had a certificate of the course revoked has a line, but is left out until taken in by hand.
    Raises `batch.nobody` when there is nobody, `batch.nobody_yet` while an import of the course is being undone, and
    `batch.draft_open` while an earlier draft of the course is open.
    """
    actor.require("certificate.manage")
    course = get_course(actor, course_id)
    if not printed.count_waiting(course.id, scope):
        undoing = printed.intakes_being_undone(course.id)
        raise Refusal("batch.nobody_yet", intakes=", ".join(undoing)) if undoing else Refusal("batch.nobody")
    with transaction() as session:
        session.execute(select(Course.id).where(Course.id == course.id).with_for_update())
        if session.scalar(
            select(IssueBatch.id).where(
                IssueBatch.course_id == course.id, IssueBatch.state == "draft", IssueBatch.kind == "first"
            )
        ):
            raise Refusal("batch.draft_open")
        made = new_batch(session, course.id, " ".join(title.split())[:200], actor)
        made.scope = scope.as_json()
        session.flush()
        record("batch.prepared", "issue_batch", made.id, actor=actor, facts={"number": made.number, **made.scope})
        enqueue(PREPARE, made.id, actor=actor, key=str(made.id))
        return made


def new_batch(session: Session, course_id: int, title: str, actor: Actor) -> IssueBatch:
    """The next batch of the course; the caller holds the course."""
    last = session.scalar(select(func.max(IssueBatch.number)).where(IssueBatch.course_id == course_id)) or 0
    made = IssueBatch(
        organisation_id=actor.organisation_id,
        course_id=course_id,
        number=last + 1,
        title=title,
        prepared_at=now(),
        prepared_by=actor.staff_id,
    )
    session.add(made)
    session.flush()
    return made


def hold_batch(session: Session, actor: Actor, public_id: str, *states: str) -> IssueBatch:
    """The batch, locked; raises NotFound, `batch.state` when it is in none of the states."""
    batch_id = get_batch(actor, public_id).id
    query = select(IssueBatch).where(IssueBatch.id == batch_id).with_for_update()
    batch = session.scalars(query.execution_options(populate_existing=True)).one()
    if states and batch.state not in states:
        raise Refusal("batch.state")
    return batch


def refresh_batch(public_id: str, *, actor: Actor) -> None:
    """Write the lines of a draft anew: as people, outcomes and names are now. Who was left out by hand stays out."""
    actor.require("certificate.manage")
    with transaction() as session:
        batch = hold_batch(session, actor, public_id, "draft")
        batch.ready_at, batch.prepared_at = None, now()
        record("batch.refreshed", "issue_batch", batch.id, actor=actor, facts={"number": batch.number})
        enqueue(PREPARE, batch.id, actor=actor, key=str(batch.id))


def fill_batch(batch_id: int, tell: Tell) -> dict[str, int]:
    """Write the lines, 500 in a transaction; run again from anywhere it comes to the same lines.

    A draft that is refreshed meanwhile is written once more.
    """
    batch = db.session.get(IssueBatch, batch_id)
    if batch is None or batch.state != "draft" or batch.ready_at is not None:
        return {}
    started, scope, course = batch.prepared_at, Scope.from_json(batch.scope), batch.course
    setting, course_id, first = printed.setting_of(course), course.id, batch.kind == "first"
    done, total = 0, printed.count_waiting(course_id, scope) if first else 1
    for piece in _existing(batch_id):
        with transaction() as session:
            _write_anew(session, piece, course_id, setting, scope.order)
        done += len(piece)
        tell(done, max(total, done))
    after = 0
    while first:
        with transaction() as session:
            rows = printed.passing(course_id, scope, batch_id, after, CHUNK)
            living = hold_living(session, [row.learner_id for row in rows])
            if made := [_values(row, batch_id, setting, scope.order) for row in rows if row.learner_id in living]:
                session.execute(insert(IssueLine), made)
        if not rows:
            break
        after, done = rows[-1].id, done + len(made)
        tell(done, max(total, done))
    _mark_twins(batch_id)
    with transaction() as session:
        values = {"ready_at": now(), **({"rule_version_id": printed.rule_in_force(course_id)} if first else {})}
        ready = update(IssueBatch).where(
            IssueBatch.id == batch_id, IssueBatch.state == "draft", IssueBatch.prepared_at == started
        )
        finished = session.scalars(ready.values(**values).returning(IssueBatch.id)).all()
    return {"lines": done} if finished else fill_batch(batch_id, tell)


def _existing(batch_id: int) -> Any:
    after = 0
    while True:
        columns = (IssueLine.left_out, IssueLine.problems, IssueLine.replaces_id)
        query = select(IssueLine.id, IssueLine.learner_id, *columns)
        query = query.where(IssueLine.batch_id == batch_id, IssueLine.id > after).order_by(IssueLine.id).limit(CHUNK)
        piece = db.session.execute(query).all()
        if not piece:
            return
        after = piece[-1].id
        yield piece


def _write_anew(session: Session, piece: Sequence[Row[Any]], course_id: int, setting: Setting, order: str) -> None:
    """What is true now of people who have a line; whoever no longer passes is left out, and comes back if need be."""
    living = hold_living(session, [line.learner_id for line in piece])
    now_of = {row.learner_id: row for row in printed.people(course_id, sorted(living))}
    changed, gone = [], []
    for line in piece:
        if line.replaces_id is not None:
            changed.append({"line_id": line.id, **printed.facts_again(line.replaces_id, setting)})
        elif line.learner_id in now_of:
            row = now_of[line.learner_id]
            left_out = left_out_anew(line.left_out, line.problems, revoked=row.was_revoked)
            values = _values(row, 0, setting, order) | {"line_id": line.id, "left_out": left_out}
            changed.append({name: value for name, value in values.items() if name not in {"batch_id", "learner_id"}})
        elif line.left_out != "by_hand":
            gone.append({"line_id": line.id, "left_out": "no_longer_passes"})
    for rows in (changed, gone):
        if rows:
            write_lines(session, rows)


def write_lines(session: Session, rows: list[dict[str, Any]]) -> None:
    """Change columns of lines; each row says `line_id` and the new values, the same columns in all."""
    names = [name for name in rows[0] if name != "line_id"]
    statement = update(_LINES).where(_LINES.c.id == bindparam("line_id"))
    statement = statement.values({name: bindparam(f"n_{name}") for name in names})
    session.connection().execute(
        statement,
        [{"line_id": row["line_id"], **{f"n_{name}": row[name] for name in names}} for row in rows],
    )


def _values(row: Row[Any], batch_id: int, setting: Setting, order: str) -> dict[str, Any]:
    facts, key = setting.line_of(row, order)
    both_ways = row.class_id is not None and row.intake_id is not None
    return {
        "batch_id": batch_id,
        "learner_id": row.learner_id,
        "facts": facts.as_json(),
        "explanation": row.explanation,
        "sort_key": key,
        "class_id": row.class_id,
        "intake_id": row.intake_id,
        "left_out": "revoked" if row.was_revoked else "",
        "problems": kept_problems(problems_of(facts, both_ways=both_ways, revoked=row.was_revoked)),
    }


def _mark_twins(batch_id: int) -> None:
    """Two lines that would read the same are perhaps one person who is here twice."""
    name, born = IssueLine.facts["name"].as_string(), IssueLine.facts["born"].as_string()
    of_batch = IssueLine.batch_id == batch_id, IssueLine.left_out == ""
    same = select(name.label("name"), born.label("born")).where(*of_batch)
    same = same.group_by(name, born).having(func.count() > 1)
    twins = same.subquery()
    found = db.session.execute(
        select(IssueLine.id, IssueLine.problems)
        .join(twins, (twins.c.name == name) & (twins.c.born == born))
        .where(*of_batch, ~IssueLine.problems.contains(" twin "))
    ).all()
    for start in range(0, len(found), CHUNK):
        with transaction() as session:
            rows = [
                {"line_id": row.id, "problems": kept_problems([*row.problems.split(), "twin"])}
                for row in found[start : start + CHUNK]
            ]
            write_lines(session, rows)


def leave_out(public_id: str, learner_id: str, reason: str, *, actor: Actor) -> None:
    """Take one person out of a draft, with the reason; raises Invalid `reason.missing`."""
    why = " ".join(reason.split())[:300]
    if not why:
        raise Invalid("reason.missing")
    _set_left_out(public_id, learner_id, "by_hand", why, actor)


def take_in(public_id: str, learner_id: str, *, actor: Actor) -> None:
    """Take somebody in who was left out by hand, or because an earlier certificate was revoked."""
    _set_left_out(public_id, learner_id, "", "", actor)


def _set_left_out(public_id: str, learner_id: str, code: str, why: str, actor: Actor) -> None:
    actor.require("certificate.manage")
    with transaction() as session:
        batch = hold_batch(session, actor, public_id, "draft")
        if batch.ready_at is None:
            raise Refusal("batch.not_ready")
        line = session.scalar(
            select(IssueLine)
            .join(Learner, Learner.id == IssueLine.learner_id)
            .where(IssueLine.batch_id == batch.id, Learner.public_id == learner_id)
        )
        if line is None:
            raise NotFound
        if line.left_out not in {"", *KEPT_OUT}:
            raise Refusal("batch.line_closed")
        if line.left_out == code:
            return
        line.left_out, line.left_out_note = code, why
        facts = {"number": batch.number, "learner_id": line.learner_id}
        action = "batch.left_out" if code else "batch.taken_in"
        record(action, "issue_batch", batch.id, actor=actor, facts=facts, personal={"reason": why} if why else None)
