"""The result sheet of a sitting: what happened in it, or what each learner of the class has in the end."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.exams.models import Paper
from classroom.exams.queries.class_list import class_list
from classroom.exams.queries.outcomes import sat_elsewhere
from classroom.exams.queries.result_lines import Line, result_lines
from classroom.exams.queries.results import Results, results_of_paper, results_of_sitting
from classroom.exams.queries.sitting_facts import SittingFacts, get_sitting

FINAL, ALONE = "final", "alone"


@dataclass(frozen=True, slots=True)
class ClassResults:
    """`view` is final (over the paper and its retakes) or alone (this sitting); `both` where one may choose."""

    facts: SittingFacts
    results: Results
    lines: Sequence[Line]
    view: str
    both: bool

    @property
    def final(self) -> bool:
        """Whether retakes are counted in."""
        return self.view == FINAL


def class_results(actor: Actor, sitting_id: str, wanted: str = "") -> ClassResults:
    """The lines of a sitting; those of a first test are final unless it is wanted alone, those of a retake alone."""
    facts = get_sitting(actor, sitting_id)
    members = class_list(facts)
    learners = [member.learner_id for member in members]
    both = sat_elsewhere(facts.counts_for, facts.id, learners)
    first = not facts.retake and facts.counts_for == facts.paper_id
    usual = FINAL if first else ALONE
    view = (wanted if wanted in {FINAL, ALONE} else usual) if both and facts.annulled_at is None else ALONE
    if view == ALONE:
        results = results_of_sitting(actor, sitting_id)
        return ClassResults(facts, results, result_lines(results, members), view, both)
    paper = db.session.scalars(select(Paper.public_id).where(Paper.id == facts.counts_for)).one()
    results = results_of_paper(actor, paper, with_retakes=True, learners=learners)
    return ClassResults(facts, results, result_lines(results, members, facts.id), view, both)
