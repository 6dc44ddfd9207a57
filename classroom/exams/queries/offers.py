"""What a trainer can open in a session: the papers of the course, and whom a retake would be for."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from classroom.attendance.queries.session_facts import SessionFacts
from classroom.core.db import db
from classroom.exams.models import Attempt, Paper, PaperPart, Sitting
from classroom.exams.queries.papers import plans_of
from classroom.exams.rules.papers import PaperFlaw, Plan, stops
from classroom.exams.rules.terms import Terms
from classroom.sessions.models import Enrolment


@dataclass(frozen=True, slots=True)
class Before:
    """How the learners of the class stand to a paper: whoever began and did not finish counts as failed."""

    passed: int = 0
    failed: int = 0
    missed: int = 0

    @property
    def was_sat(self) -> bool:
        """Whether anybody of the class has begun it, so that a retake means something."""
        return bool(self.passed or self.failed)

    @property
    def again(self) -> int:
        """Whom a retake would let begin."""
        return self.failed + self.missed


@dataclass(frozen=True, slots=True)
class Offer:
    """A paper that can be opened, or says what keeps it from that."""

    public_id: str
    terms: Terms
    plan: Plan
    flaws: tuple[PaperFlaw, ...]
    before: Before
    is_retake_paper: bool


def offers_for(session: SessionFacts) -> list[Offer]:
    """The papers of the session's course that are in use, by title; five statements, however many there are."""
    query = (
        select(Paper)
        .options(joinedload(Paper.course), selectinload(Paper.parts).joinedload(PaperPart.topic))
        .where(Paper.course_id == session.course_id, Paper.retired_at.is_(None))
        .order_by(Paper.title, Paper.id)
    )
    papers = db.session.scalars(query).unique().all()
    before = _before(session.class_id)
    roster = _roster(session.class_id)
    return [
        Offer(
            public_id=paper.public_id,
            terms=Terms.of(paper),
            plan=plan,
            flaws=tuple(stops(plan)),
            before=_counted(before[paper.retake_of_id or paper.id], roster),
            is_retake_paper=paper.retake_of_id is not None,
        )
        for paper, plan in zip(papers, plans_of(papers), strict=True)
    ]


def _roster(class_id: int) -> int:
    living = (Enrolment.class_id == class_id, Enrolment.ended_at.is_(None))
    return db.session.scalar(select(func.count(Enrolment.id)).where(*living)) or 0


def _before(class_id: int) -> dict[int, dict[int, bool]]:
    """By paper and learner of the class: whether some attempt passed."""
    counts_for = func.coalesce(Paper.retake_of_id, Paper.id)
    rows = db.session.execute(
        select(counts_for, Attempt.learner_id, Attempt.state, Attempt.outcome)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Paper, Paper.id == Sitting.paper_id)
        .join(Enrolment, Enrolment.learner_id == Attempt.learner_id)
        .where(
            Enrolment.class_id == class_id,
            Enrolment.ended_at.is_(None),
            Attempt.state != "annulled",
            Sitting.annulled_at.is_(None),
        )
    )
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    for paper, learner, state, outcome in rows:
        passed = state == "finished" and outcome == "pass"
        found[paper][learner] = found[paper].get(learner, False) or passed
    return found


def _counted(by_learner: dict[int, bool], roster: int) -> Before:
    passed = sum(by_learner.values())
    return Before(passed, len(by_learner) - passed, max(roster - len(by_learner), 0))
