"""Attempts get their marks: by the key that was shown, rulings and adjustments; and it is told when they change."""

from decimal import Decimal

import pytest
from flask import Flask

from classroom.core.db import db, transaction
from classroom.exams.models import Adjustment, Attempt, Response
from classroom.exams.rules.kinds import Kind
from classroom.exams.rules.marking import MARKER
from classroom.exams.services.marking import mark_attempt, mark_attempts
from tests.exams.making import RIGHT, make_paper
from tests.exams.marking import OPENED, Sat, again, figures, make_attempt
from tests.factories import LearnerFactory


@pytest.fixture
def sat(any_app: Flask) -> Sat:
    return Sat()


def test_an_attempt_holds_the_marks_of_its_items_their_sum_and_the_outcome(sat: Sat) -> None:
    attempt = again(sat.letters("ab-a"))
    assert attempt.marks == ["1.00000", "0.00000", "0.00000", "1.00000"]
    assert (attempt.mark, attempt.out_of, attempt.outcome) == (2, 4, "pass")
    assert attempt.marker == MARKER
    assert attempt.marked_at is not None
    assert figures(sat.letters("abcc")) == (1, 4, "fail")


def test_every_kind_is_marked_by_its_own_rule(sat: Sat) -> None:
    everything = sat.open(make_paper(sat.course))
    attempt = sat.answered([RIGHT[kind] for kind in Kind], sitting=everything)
    assert figures(attempt) == (7, 7, "pass")
    assert figures(sat.answered([None] * 7, sitting=everything)) == (0, 7, "fail")


def test_an_answer_that_was_taken_back_earns_nothing(sat: Sat) -> None:
    attempt = sat.letters("aaaa", mark=False)
    db.session.query(Response).filter_by(attempt_id=attempt.id, position=2).one().answer = None
    db.session.commit()
    with transaction() as session:
        mark_attempt(session, session.get_one(Attempt, attempt.id))
    assert figures(attempt) == (3, 4, "pass")


def test_marking_again_changes_nothing_and_tells_nobody(sat: Sat, told: list[dict[str, object]]) -> None:
    attempt = sat.letters("aaab")
    first = again(attempt).marked_at
    assert told == [
        {
            "learner_id": attempt.learner_id,
            "paper_id": sat.paper.id,
            "attempt_id": attempt.id,
            "before": "",
            "after": "pass",
        }
    ]
    with transaction() as session:
        assert mark_attempts(session, [session.get_one(Attempt, attempt.id)]) == 0
    assert again(attempt).marked_at == first
    assert len(told) == 1


def test_marks_of_an_older_marker_are_brought_up_to_date_silently(sat: Sat, told: list[dict[str, object]]) -> None:
    attempt = sat.letters("aaab")
    again(attempt).marker = MARKER - 1
    db.session.commit()
    with transaction() as session:
        assert mark_attempts(session, [session.get_one(Attempt, attempt.id)]) == 0
    assert again(attempt).marker == MARKER
    assert len(told) == 1


@pytest.mark.parametrize(
    ("points", "mark", "outcome"), [("0.5", "1.5", "fail"), ("1", "2", "pass"), ("9", "4", "pass"), ("-9", "0", "fail")]
)
def test_adjustments_never_lead_below_nothing_or_above_everything(
    sat: Sat, points: str, mark: str, outcome: str
) -> None:
    attempt = sat.letters("accc", mark=False)
    taken_back = Adjustment(attempt_id=attempt.id, points=Decimal(3), reason="lỗi", at=OPENED, annulled_at=OPENED)
    living = Adjustment(attempt_id=attempt.id, points=Decimal(points), reason="mạng hỏng", at=OPENED)
    db.session.add_all([taken_back, living])
    db.session.commit()
    with transaction() as session:
        mark_attempt(session, session.get_one(Attempt, attempt.id))
    assert figures(attempt) == (Decimal(mark), 4, outcome)


def test_the_terms_of_the_sitting_decide_and_not_the_paper_as_it_is_now(sat: Sat) -> None:
    attempt = sat.letters("aacc", mark=False)
    sat.paper.pass_percent = 90
    db.session.commit()
    with transaction() as session:
        mark_attempt(session, session.get_one(Attempt, attempt.id))
    assert figures(attempt) == (2, 4, "pass")


def test_many_attempts_of_several_papers_are_marked_together(sat: Sat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classroom.exams.services.marking.BATCH", 3)
    other = sat.open(make_paper(sat.course, sat.questions[:2], pass_percent=100))
    made = []
    for sitting, letters in ((sat.sitting, "aaaa"), (sat.sitting, "bbbb"), (other, "aa"), (other, "ab")):
        learner = LearnerFactory(organisation_id=sat.course.organisation_id)
        made.append(make_attempt(sitting, learner, [{"choice": each} for each in letters]))
    with transaction() as session:
        rows = (session.get_one(Attempt, attempt.id) for attempt in made)
        assert mark_attempts(session, rows) == 4
    assert [figures(attempt) for attempt in made] == [(4, 4, "pass"), (0, 4, "fail"), (2, 2, "pass"), (1, 2, "fail")]
