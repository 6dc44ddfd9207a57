"""Decide about a question after it was answered: see first who would change, then mark every attempt anew."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.exams.models import Paper, Question, Ruling
from classroom.exams.queries.keys import Decision, Keys, keys_of
from classroom.exams.queries.pinned import pinned_versions, would_leave_nothing
from classroom.exams.queries.ruled import last_ruling
from classroom.exams.rules.marking import Action, can_rekey
from classroom.exams.services.marking import Marked, results_of
from classroom.exams.services.remarking import batches, remark_all
from classroom.exams.services.renewing import ask_to_renew, is_for_a_job

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision does to one attempt; marks are points."""

    learner: str
    code: str
    name: str
    attempt: str
    mark_before: Decimal | None
    mark_after: Decimal
    out_of_before: Decimal | None
    out_of_after: Decimal
    outcome_before: str
    outcome_after: str


@dataclass(frozen=True, slots=True)
class Diff:
    """Who would change, of how many finished attempts; `pass_to_fail` and `fail_to_pass` count the flips among them."""

    attempts: int
    changed: tuple[Change, ...]
    pass_to_fail: int
    fail_to_pass: int


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done: whether a decision was written, of how many attempts how many have another result now.

    With `later` a job marks them, and nothing is known yet of how many change.
    """

    ruled: bool
    attempts: int
    changed: int
    later: bool = False

    @property
    def nothing(self) -> bool:
        """All was already as it should be."""
        return not (self.ruled or self.changed or self.later)


def preview_ruling(
    paper_public_id: str, question_public_id: str, action: str, version_number: int | None = None, *, actor: Actor
) -> Diff:
    """Who would have another result if this were decided; nothing is written. Refuses what `apply_ruling` refuses."""
    actor.require("exam.mark")
    session = db.session()
    paper, question = _paper(session, paper_public_id, actor), _question(session, question_public_id, actor)
    decision = _decision(session, paper, question, action, version_number)
    extra = {(paper.id, question.id): decision}
    attempts, changed = 0, []
    for batch in batches(session, paper.id):
        attempts += len(batch)
        changed += [_change(each) for each in results_of(session, batch, extra) if _differs(each)]
    return Diff(
        attempts,
        tuple(changed),
        pass_to_fail=sum((each.outcome_before, each.outcome_after) == ("pass", "fail") for each in changed),
        fail_to_pass=sum((each.outcome_before, each.outcome_after) == ("fail", "pass") for each in changed),
    )


def apply_ruling(
    paper_public_id: str,
    question_public_id: str,
    action: str,
    version_number: int | None = None,
    *,
    reason: str,
    actor: Actor,
) -> Applied:
    """Decide, and mark every finished attempt of the paper anew, batch by batch, each in its own transaction; where
    there are many, a job does it that is asked for together with the decision.

    A second time it writes nothing and says so; after a crash in between it finishes what was left. Raises Invalid
    `ruling.action`, `ruling.version`, `ruling.reason_missing`, Refusal `ruling.not_asked`, `ruling.other_options`,
    `ruling.nothing_left`.
    """
    actor.require("exam.mark")
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise Invalid("ruling.reason_missing")
    with transaction() as session:
        paper = _paper(session, paper_public_id, actor, hold=True)
        question = _question(session, question_public_id, actor)
        decision = _decision(session, paper, question, action, version_number)
        ruled = not _holds_already(session, paper, question, decision)
        if ruled:
            session.add(_row(paper, question, decision, reason, actor))
            _log(paper, question, decision, version_number, reason, actor)
        if is_for_a_job(session, paper.id):
            return Applied(ruled, 0, 0, later=ask_to_renew(paper, last_ruling(paper, question)))
        paper_id = paper.id
    attempts, changed = remark_all(paper_id)
    return Applied(ruled, attempts, changed)


def remark(paper_public_id: str, *, actor: Actor) -> Applied:
    """Mark every finished attempt of a paper by what is decided now; for after a crash, or a new marker."""
    actor.require("exam.mark")
    paper = _paper(db.session(), paper_public_id, actor)
    paper_id, title = paper.id, paper.title
    attempts, changed = remark_all(paper_id)
    if changed:
        record("paper.remarked", "paper", paper_id, actor=actor, facts={"title": title, "changed": changed})
    return Applied(False, attempts, changed)


def _differs(marked: Marked) -> bool:
    attempt, result = marked.attempt, marked.result
    return (attempt.mark, attempt.out_of, attempt.outcome) != (result.mark, result.out_of, marked.outcome)


def _change(marked: Marked) -> Change:
    attempt, result, learner = marked.attempt, marked.result, marked.attempt.learner
    return Change(
        learner=learner.public_id,
        code=learner.code,
        name=learner.name,
        attempt=attempt.public_id,
        mark_before=attempt.mark,
        mark_after=result.mark,
        out_of_before=attempt.out_of,
        out_of_after=result.out_of,
        outcome_before=attempt.outcome,
        outcome_after=marked.outcome,
    )


def _paper(session: Session, public_id: str, actor: Actor, *, hold: bool = False) -> Paper:
    """The paper; held, so that no attempt is being marked by what was decided before."""
    wanted = select(Paper).where(Paper.public_id == public_id, Paper.organisation_id == actor.organisation_id)
    paper = session.scalar(wanted.with_for_update(key_share=True) if hold else wanted)
    if paper is None:
        raise NotFound()
    return paper


def _question(session: Session, public_id: str, actor: Actor) -> Question:
    question = session.scalar(
        select(Question).where(Question.public_id == public_id, Question.organisation_id == actor.organisation_id)
    )
    if question is None:
        raise NotFound()
    return question


def _decision(session: Session, paper: Paper, question: Question, action: str, version_number: int | None) -> Decision:
    if action not in set(Action):
        raise Invalid("ruling.action")
    version_id = _version(question, version_number) if action == Action.REKEY else None
    decision = Decision(Action(action), version_id, now())
    asked = pinned_versions(session, paper.id, question.id)
    if not asked:
        raise Refusal("ruling.not_asked")
    extra = {(paper.id, question.id): decision}
    keys = keys_of(session, [paper.id], asked, extra)
    if version_id is not None:
        _check_ids(keys, asked, version_id)
    if decision.action is Action.DROP and would_leave_nothing(session, paper.id, extra):
        raise Refusal("ruling.nothing_left")
    return decision


def _version(question: Question, number: int | None) -> int:
    found = next((version.id for version in question.versions if version.number == number), None)
    if found is None:
        raise Invalid("ruling.version")
    return found


def _check_ids(keys: Keys, asked: set[int], version_id: int) -> None:
    new = keys.versions[version_id]
    for old in (keys.versions[each] for each in sorted(asked)):
        if not can_rekey(old.kind, old.body, new.kind, new.body):
            raise Refusal("ruling.other_options", old=old.number, new=new.number)


def _holds_already(session: Session, paper: Paper, question: Question, decision: Decision) -> bool:
    """Whether the same was decided before, about everything that has been asked since."""
    asked = pinned_versions(session, paper.id, question.id)
    keys = keys_of(session, [paper.id], asked)
    last = keys.decisions.get((paper.id, question.id), Decision(Action.NONE, None, decision.at))
    same = (last.action, last.version_id) == (decision.action, decision.version_id)
    return same and all(keys.versions[each].created_at <= last.at for each in asked)


def _row(paper: Paper, question: Question, decision: Decision, reason: str, actor: Actor) -> Ruling:
    return Ruling(
        organisation_id=paper.organisation_id,
        paper_id=paper.id,
        question_id=question.id,
        action=decision.action.value,
        version_id=decision.version_id,
        reason=reason,
        at=decision.at,
        staff_id=actor.staff_id,
    )


def _log(paper: Paper, question: Question, decision: Decision, number: int | None, reason: str, actor: Actor) -> None:
    version = question.versions[-1]
    told = f"ruling.{decision.action.value}"
    facts = {
        "title": paper.title,
        "question": question.public_id,
        "asked": (version.title or version.text)[:80],
        "ruling": told if decision.version_id is None else f"{told} → {number}",
    }
    record("paper.question_ruled", "paper", paper.id, actor=actor, facts=facts, personal={"reason": reason})
