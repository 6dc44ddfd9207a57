"""What learners see of their own attempt after something was decided about its questions."""

from datetime import timedelta

import pytest
from flask import Flask

from classroom.core.db import db
from classroom.exams.models import Attempt
from classroom.exams.presenters.results import OwnResult, own_result
from classroom.exams.queries.sitting_facts import get_sitting
from classroom.exams.rules.kinds import Kind
from classroom.exams.services import renewing
from classroom.exams.services.regrading import apply_ruling
from classroom.jobs.services import run_queued
from tests.exams.making import BODIES
from tests.exams.marking import OPENED, Sat


@pytest.fixture
def sat(app: Flask) -> Sat:
    made = Sat(questions=2)
    made.sitting.terms = {**made.sitting.terms, "show_answers": True}
    made.sitting.ended_at = OPENED + timedelta(hours=1)
    db.session.commit()
    return made


def seen(sat: Sat, attempt: Attempt) -> OwnResult:
    facts = get_sitting(sat.actor, sat.sitting.public_id)
    return own_result(facts, attempt.public_id, OPENED + timedelta(days=300), lambda _picture: "")


def decide(sat: Sat, action: str, version: int | None = None) -> None:
    question = sat.questions[0].public_id
    apply_ruling(sat.paper.public_id, question, action, version, reason="đáp án in nhầm", actor=sat.actor)


def texts(*letters: str) -> list[str]:
    options = {each["id"]: each["text"] for each in BODIES[Kind.SINGLE]["options"]}
    return [options[letter] for letter in letters]


def test_the_right_answer_is_the_one_that_was_marked_by_after_the_key_was_put_right(sat: Sat) -> None:
    attempt = sat.letters("ba")
    sat.rekeyed(0, "b")
    assert [[str(line) for line in item.right] for item in seen(sat, attempt).items] == [texts("a"), texts("a")]
    decide(sat, "rekey", 2)
    items = seen(sat, attempt).items
    assert [[str(line) for line in item.right] for item in items] == [texts("b"), texts("a")]
    assert [item.mark for item in items] == [item.points for item in items]


def test_a_question_that_was_dropped_is_shown_as_one_that_does_not_count(sat: Sat) -> None:
    attempt = sat.letters("ba")
    decide(sat, "drop")
    assert [item.dropped for item in seen(sat, attempt).items] == [True, False]


def test_while_a_job_marks_the_paper_anew_the_learner_is_told_that_marks_may_change(
    sat: Sat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewing, "AT_ONCE", 0)
    attempt = sat.letters("ba")
    assert not seen(sat, attempt).renewing
    decide(sat, "full")
    assert seen(sat, attempt).renewing
    assert seen(sat, attempt).mark == 1
    run_queued()
    assert not seen(sat, attempt).renewing
    assert seen(sat, attempt).mark == 2
