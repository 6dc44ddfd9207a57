"""Run a rule over everybody of a course, show what would change, and write it down.

A run is asked for as a job (`certification.evaluate`), ends "compared", and is applied by another job
(`certification.apply`). Applying looks at the facts once more: if they are others than were compared, nothing is
written and a new comparison stands in its place. Both may be killed anywhere and run again.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.certification.models import Evaluation, Outcome, OutcomeChange
from classroom.certification.queries.facts import erased_learners
from classroom.certification.queries.outcomes import get_evaluation, kept_outcomes
from classroom.certification.queries.rules import find_rule, judge
from classroom.certification.rules.comparing import Difference, Judged, Kept, compare
from classroom.certification.rules.course_rules import CourseRule
from classroom.certification.services.holding import hold_living
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, release, transaction
from classroom.core.errors import NotFound, Refusal
from classroom.jobs.models import Job
from classroom.jobs.services import enqueue
from classroom.sessions.models import Course
from classroom.sessions.queries import get_course

EVALUATE, APPLY = "certification.evaluate", "certification.apply"
#: Rows in one transaction, so that a scan never waits long.
BATCH = 500
Progress = Callable[[int, int], None]


def evaluate_course(course_id: str, *, actor: Actor) -> Evaluation:
    """Ask for a run of the course's rule; raises `rule.none` where none was saved. One that runs is returned."""
    actor.require("certificate.manage")
    with transaction() as session:
        course = get_course(actor, course_id)
        version = find_rule(course.id)
        if version is None:
            raise Refusal("rule.none")
        running = session.scalar(
            select(Evaluation).where(
                Evaluation.course_id == course.id,
                Evaluation.rule_version_id == version.id,
                Evaluation.state == "running",
            )
        )
        if running is None:
            running = _begin(session, course, version.id, actor)
            record("evaluation.asked", "evaluation", running.id, actor=actor, facts={"course": course.name})
        enqueue(EVALUATE, running.id, actor=actor, key=str(running.id))
        return running


def _begin(session: Session, course: Course, version_id: int, actor: Actor) -> Evaluation:
    """Earlier comparisons that nobody applied are dropped: they speak of facts that may be gone."""
    session.execute(
        update(Evaluation)
        .where(Evaluation.course_id == course.id, Evaluation.state.in_(("running", "compared")))
        .values(state="dropped")
    )
    made = Evaluation(
        organisation_id=course.organisation_id,
        course_id=course.id,
        rule_version_id=version_id,
        state="running",
        counts={},
        started_at=now(),
        started_by=actor.staff_id,
    )
    session.add(made)
    session.flush()
    return made


def run_evaluation(evaluation_id: int) -> Mapping[str, Any]:
    """What the job does: compare, and keep counts and the first names of every list."""
    run = db.session.get_one(Evaluation, evaluation_id)
    if run.state != "running":
        return {"state": run.state}
    difference, _after, _before = difference_of(run)
    release()
    _keep_comparison(evaluation_id, difference)
    return {"evaluation": evaluation_id, **difference.counts["decisions"]}


def difference_of(run: Evaluation) -> tuple[Difference, dict[int, Judged], dict[int, Kept]]:
    """What applying the run now would do. The outcomes of people who were erased stay as they are."""
    course = db.session.get_one(Course, run.course_id)
    after = judge(course, CourseRule.from_json(run.rule_version.rule), now())
    gone = erased_learners(course.organisation_id)
    before = {key: kept for key, kept in kept_outcomes(course.id).items() if key not in gone}
    return compare(before, after), after, before


def _keep_comparison(evaluation_id: int, difference: Difference) -> None:
    with transaction() as session:
        session.execute(
            update(Evaluation)
            .where(Evaluation.id == evaluation_id, Evaluation.state == "running")
            .values(state="compared", counts=difference.counts)
        )


def ask_to_apply(evaluation_id: str, *, actor: Actor) -> Job:
    """Ask for a comparison to be written down; raises `evaluation.not_compared` for one that is over."""
    actor.require("certificate.manage")
    with transaction():
        run = get_evaluation(actor, evaluation_id)
        if run.state != "compared":
            raise Refusal("evaluation.not_compared")
        latest = find_rule(run.course_id)
        if latest is None or latest.id != run.rule_version_id:
            raise Refusal("evaluation.old_rule")
        return enqueue(APPLY, run.id, actor=actor, key=str(run.id))


def apply_evaluation(evaluation_id: int, progress: Progress, *, actor: Actor) -> Mapping[str, Any]:
    """What the job does: write the outcomes that are others than before, or compare anew if the facts changed."""
    run = db.session.get(Evaluation, evaluation_id)
    if run is None:
        raise NotFound
    if run.state != "compared":
        return {"state": run.state}
    difference, after, before = difference_of(run)
    course_id, organisation_id, version_id = run.course_id, run.organisation_id, run.rule_version_id
    stale = run.counts.get("facts_hash") != difference.counts["facts_hash"]
    release()
    if stale:
        return _compare_anew(evaluation_id, difference, actor)
    writer = _Writer(organisation_id, course_id, version_id, evaluation_id)
    changed = [key for kind in difference.kinds.values() for key in kind]
    for done in range(0, len(changed), BATCH):
        writer.write(changed[done : done + BATCH], before, after)
        progress(min(done + BATCH, len(changed)), len(changed))
    _finish(evaluation_id, len(changed), actor)
    return {"written": len(changed)}


def _compare_anew(evaluation_id: int, difference: Difference, actor: Actor) -> Mapping[str, Any]:
    with transaction() as session:
        old = session.get_one(Evaluation, evaluation_id)
        made = _begin(session, session.get_one(Course, old.course_id), old.rule_version_id, actor)
        made.state = "compared"
        made.counts = {**difference.counts, "anew": True}
        record("evaluation.compared_anew", "evaluation", made.id, actor=actor, facts={"instead_of": evaluation_id})
        return {"compared_anew": made.public_id}


def _finish(evaluation_id: int, written: int, actor: Actor) -> None:
    with transaction() as session:
        run = session.get_one(Evaluation, evaluation_id)
        if run.state != "compared":
            return
        run.state, run.applied_at, run.applied_by = "applied", now(), actor.staff_id
        facts = {"written": written, "decisions": run.counts.get("decisions", {})}
        record("evaluation.applied", "evaluation", run.id, actor=actor, facts=facts)


class _Writer:
    """Writes outcomes of one run in batches; a batch that was written once is no longer different."""

    def __init__(self, organisation_id: int, course_id: int, version_id: int, evaluation_id: int) -> None:
        self._organisation_id = organisation_id
        self._course_id = course_id
        self._keys = {"rule_version_id": version_id, "evaluation_id": evaluation_id}

    def write(self, keys: Sequence[int], before: Mapping[int, Kept], after: Mapping[int, Judged]) -> None:
        """One transaction. Of who was merged or erased since the comparison nothing is written."""
        at = now()
        gone = [key for key in keys if key not in after]
        with transaction() as session:
            living = hold_living(session, keys)
            rows = [self._row(key, after[key], at) for key in keys if key in after and key in living]
            told_of = [key for key in keys if key not in after or key in living]
            changes = [self._change(key, before.get(key), after.get(key), at) for key in told_of]
            if rows:
                self._upsert(session, rows)
            if gone:
                session.execute(
                    delete(Outcome).where(Outcome.course_id == self._course_id, Outcome.learner_id.in_(gone))
                )
            if told := [each for each in changes if each["before"] != each["after"]]:
                session.execute(insert(OutcomeChange), told)

    def _row(self, key: int, judged: Judged, at: Any) -> dict[str, Any]:
        decided = judged.decision
        return {
            "organisation_id": self._organisation_id,
            "course_id": self._course_id,
            "learner_id": key,
            **self._keys,
            "decision": decided.decision,
            "path": decided.path,
            "reasons": list(decided.reasons),
            "explanation": [line.as_json() for line in decided.lines],
            "facts_hash": judged.hash,
            "class_id": decided.class_id,
            "intake_id": decided.intake_id,
            "decided_at": at,
        }

    def _change(self, key: int, before: Kept | None, after: Judged | None, at: Any) -> dict[str, Any]:
        decided = after.decision if after else None
        return {
            "organisation_id": self._organisation_id,
            "course_id": self._course_id,
            "learner_id": key,
            "evaluation_id": self._keys["evaluation_id"],
            "before": _told(before.decision, before.path, before.reasons) if before else None,
            "after": _told(decided.decision, decided.path, decided.reasons) if decided else None,
            "at": at,
        }

    def _upsert(self, session: Session, rows: list[dict[str, Any]]) -> None:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        statement = dialect.insert(Outcome)
        columns = [name for name in rows[0] if name not in {"organisation_id", "course_id", "learner_id"}]
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["course_id", "learner_id"],
                set_={name: statement.excluded[name] for name in columns},
            ),
            rows,
        )


def _told(decision: str, path: str, reasons: Sequence[str]) -> dict[str, Any]:
    return {"decision": decision, "path": path, "reasons": list(reasons)}
