"""A decision about a question while an attempt is being marked: whoever comes second sees what the first wrote."""

import threading

from flask import Flask

from classroom.core.db import transaction
from classroom.core.signals import result_changed
from classroom.exams.models import Attempt
from classroom.exams.services.marking import mark_attempt
from classroom.exams.services.regrading import Applied, apply_ruling
from tests.exams.marking import OPENED, Sat, figures
from tests.support.racing import together

#: Seconds that the decision has for overtaking; it must not.
PATIENCE = 1


def test_an_attempt_that_is_being_marked_is_not_overtaken_by_a_decision(any_app: Flask) -> None:
    sat = Sat()
    attempt = sat.letters("bacc", mark=False, state="running", finished_at=None)
    attempt_id, paper, question, actor = attempt.id, sat.paper.public_id, sat.questions[0].public_id, sat.actor
    marked, decided = threading.Event(), threading.Event()

    def hold(**_: object) -> None:
        marked.set()
        decided.wait(PATIENCE)

    def submit() -> None:
        with transaction() as session:
            row = session.get_one(Attempt, attempt_id)
            row.state, row.finished_at, row.finished_how = "finished", OPENED, "submitted"
            mark_attempt(session, row)

    def decide() -> Applied:
        marked.wait()
        applied = apply_ruling(paper, question, "full", reason="đáp án sai", actor=actor)
        decided.set()
        return applied

    result_changed.connect(hold)
    try:
        together(any_app, [submit, decide])
    finally:
        result_changed._receivers.remove(hold)
    assert figures(attempt) == (2, 4, "pass")
