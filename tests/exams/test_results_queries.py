"""The results of a sitting and of a paper: who is in them, what counts, what the questions look like."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.exams.models import Sitting
from classroom.exams.queries import answers
from classroom.exams.queries.analysis import analysis_of
from classroom.exams.queries.results import Results, answers_of, results_of_paper, results_of_sitting
from classroom.exams.rules.kinds import Kind
from classroom.exams.rules.marking import Action
from classroom.exams.services.adjusting import adjust, annul_adjustment
from classroom.exams.services.regrading import apply_ruling
from classroom.sessions.models import ClassTrainer
from tests.exams.making import BODIES, make_paper, make_question
from tests.exams.marking import OPENED, Sat, add_version, make_attempt
from tests.factories import LearnerFactory, make_actor


@pytest.fixture
def sat(any_app: Flask) -> Sat:
    return Sat(questions=3)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_sitting_shows_its_attempts_in_the_order_of_names_with_what_was_changed_by_hand(sat: Sat) -> None:
    names = ("Trần Văn Bình", "Lê Thị An")
    second, first = (
        sat.letters("aab", learner=LearnerFactory(organisation_id=sat.course.organisation_id, name=name))
        for name in names
    )
    taken_back = adjust(first.public_id, Decimal("0.5"), "nhầm", actor=sat.actor)
    annul_adjustment(taken_back, "nhầm người", actor=sat.actor)
    adjust(first.public_id, Decimal("0.25"), "mạng hỏng", actor=sat.actor)
    results = results_of_sitting(sat.actor, sat.sitting.public_id)
    assert [results.takers[go.learner_id].name for go in results.attempts] == [names[1], names[0]]
    assert [go.public_id for go in results.attempts] == [first.public_id, second.public_id]
    assert [(each.points, each.reason, each.by) for each in results.attempts[0].adjusted] == [
        (Decimal("0.25"), "mạng hỏng", sat.actor.name)
    ]
    assert (results.attempts[0].mark, results.attempts[0].out_of) == (Decimal("2.25"), 3)
    assert results.attempts[1].adjusted == ()
    assert answers_of(results)[first.id] == {0: {"choice": "a"}, 1: {"choice": "a"}, 2: {"choice": "b"}}


@pytest.mark.parametrize(("counts", "expected"), [("best", 1), ("last", 2), ("first", 0)])
def test_of_several_attempts_in_several_sittings_one_counts(sat: Sat, counts: str, expected: int) -> None:
    sat.paper.counts = counts
    learner = LearnerFactory(organisation_id=sat.course.organisation_id)
    goes = [sat.letters("abb", learner=learner), sat.letters("aaa", learner=learner, number=2)]
    later = sat.open()
    last = sat.letters("aab", learner=learner, sitting=later, started_at=OPENED + timedelta(days=1))
    goes.append(last)
    running = sat.letters(
        "aaa", learner=learner, sitting=later, number=2, mark=False, state="running", finished_at=None
    )
    nobody = sat.letters("aaa", mark=False, state="annulled")
    results = results_of_paper(sat.actor, sat.paper.public_id)
    assert {go.id for go in results.attempts} == {*(each.id for each in goes), running.id, nobody.id}
    assert {learner_id: go.id for learner_id, go in results.counted.items()} == {learner.id: goes[expected].id}
    alone = results_of_sitting(sat.actor, later.public_id)
    assert alone.counted[learner.id].id == last.id


def test_another_set_for_those_who_sit_again_counts_as_the_paper_when_asked_for(sat: Sat) -> None:
    learner = LearnerFactory(organisation_id=sat.course.organisation_id)
    failed = sat.letters("bbb", learner=learner)
    again = make_paper(sat.course, sat.questions[:2], retake_of_id=sat.paper.id)
    passed = sat.letters("aa", learner=learner, sitting=sat.open(again))
    assert results_of_paper(sat.actor, sat.paper.public_id).counted[learner.id].id == failed.id
    both = results_of_paper(sat.actor, sat.paper.public_id, with_retakes=True)
    assert both.counted[learner.id].id == passed.id
    assert len(both.sittings) == 2
    assert analysis_of(both).figures.consistency is None


def test_the_answers_of_many_are_asked_for_in_pieces(sat: Sat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_ATTEMPTS", 2)
    attempts = [sat.letters(letters) for letters in ("aab", "abb", "bbb", "a-a", "---")]
    with statements() as asked:
        found = answers_of(results_of_sitting(sat.actor, sat.sitting.public_id))
    assert sum("FROM response" in each.replace("\n", "") for each in asked) == 3
    assert {key: "".join(theirs[at]["choice"] for at in sorted(theirs)) for key, theirs in found.items()} == dict(
        zip([each.id for each in attempts], ("aab", "abb", "bbb", "aa"), strict=False)
    )


def test_nothing_of_an_annulled_sitting_is_in_the_results(sat: Sat) -> None:
    sat.letters("aaa")
    db.session.get_one(Sitting, sat.sitting.id).annulled_at = OPENED
    db.session.commit()
    assert results_of_paper(sat.actor, sat.paper.public_id).attempts == []
    with pytest.raises(NotFound):
        results_of_sitting(sat.actor, sat.sitting.public_id)


def test_a_trainer_sees_the_classes_taught_and_nobody_another_organisation(sat: Sat) -> None:
    mine, other = sat.sitting, sat.open()
    seen, hidden = sat.letters("aaa"), sat.letters("aab", sitting=other)
    for ask in (
        lambda: results_of_paper(sat.trainer, sat.paper.public_id),
        lambda: results_of_sitting(sat.trainer, mine.public_id),
        lambda: results_of_paper(make_actor("coordinator"), sat.paper.public_id),
        lambda: results_of_sitting(make_actor("coordinator"), mine.public_id),
    ):
        with pytest.raises(NotFound):
            ask()
    class_id = mine.class_session.class_id
    db.session.add(ClassTrainer(class_id=class_id, staff_id=sat.trainer.staff_id or 0, position=0))
    db.session.commit()
    assert [go.id for go in results_of_paper(sat.trainer, sat.paper.public_id).attempts] == [seen.id]
    with pytest.raises(NotFound):
        results_of_sitting(sat.trainer, other.public_id)
    everything = results_of_paper(sat.actor, sat.paper.public_id)
    assert {go.id for go in everything.attempts} == {seen.id, hidden.id}


def test_however_many_sat_it_the_statements_are_the_same(sat: Sat) -> None:
    def cost(load: Callable[[], Results]) -> int:
        db.session.expire_all()
        with statements() as asked:
            results = load()
            analysis_of(results)
        return len(asked)

    def load() -> Results:
        return results_of_paper(sat.actor, sat.paper.public_id)

    sat.letters("aab")
    one = cost(load)
    for letters in ("aaa", "abc", "bbb"):
        sat.letters(letters, sitting=sat.open())
    assert cost(load) == one
    assert one <= 10


# --- the analysis ---


def test_a_question_is_reported_with_figures_answers_and_advice(sat: Sat) -> None:
    for letters in ("aaa", "aab", "abb", "bbb", "-bb", "aab", "aab", "aab", "aab", "aab"):
        sat.letters(letters)
    report = analysis_of(results_of_sitting(sat.actor, sat.sitting.public_id))
    assert (report.figures.n, report.figures.small) == (10, True)
    first, second, third = report.items
    assert first.version.id == sat.questions[0].versions[0].id
    assert (first.points, first.figures.facility, first.answers.blank) == (1, 80.0, 1)
    assert second.figures.facility == 70.0
    assert [(row.id, row.count) for row in third.answers.chosen] == [("a", 1), ("b", 9), ("c", 0)]
    assert third.answers.chosen[1].mean == pytest.approx(13 / 9)
    assert first.advice == []
    assert third.advice == ["advice.key", "advice.guessing", "advice.too_hard"]


def test_adjustments_belong_to_no_question(sat: Sat) -> None:
    attempt = sat.letters("abb")
    adjust(attempt.public_id, Decimal(2), "mạng hỏng", actor=sat.actor)
    assert analysis_of(results_of_sitting(sat.actor, sat.sitting.public_id)).figures.mean == 1


def test_only_the_attempt_that_counts_is_analysed(sat: Sat) -> None:
    learner = LearnerFactory(organisation_id=sat.course.organisation_id)
    sat.letters("abb", learner=learner)
    sat.letters("aaa", learner=learner, number=2)
    sat.letters("aaa", mark=False, state="running", finished_at=None)
    figures = analysis_of(results_of_sitting(sat.actor, sat.sitting.public_id)).figures
    assert (figures.n, figures.mean) == (1, 3)


def test_a_dropped_question_is_as_one_that_was_not_asked(sat: Sat) -> None:
    for letters in ("aaa", "aba", "bbb"):
        sat.letters(letters)
    before = analysis_of(results_of_sitting(sat.actor, sat.sitting.public_id))
    apply_ruling(sat.paper.public_id, sat.questions[0].public_id, "drop", reason="sai", actor=sat.actor)
    report = analysis_of(results_of_sitting(sat.actor, sat.sitting.public_id))
    dropped = report.items[0]
    assert dropped.ruling is not None
    assert dropped.ruling.action is Action.DROP
    assert (dropped.figures.n, dropped.figures.facility, dropped.advice) == (0, None, [])
    assert dropped.answers.n == 3
    assert report.items[1].figures.facility == before.items[1].figures.facility
    assert report.figures.mean == pytest.approx(1)
    assert report.figures.consistency is not None


def test_a_corrected_key_is_the_one_that_the_report_shows(sat: Sat) -> None:
    sat.letters("baa")
    sat.rekeyed(0)
    apply_ruling(sat.paper.public_id, sat.questions[0].public_id, "rekey", 2, reason="sai", actor=sat.actor)
    first = analysis_of(results_of_sitting(sat.actor, sat.sitting.public_id)).items[0]
    assert first.version.number == 1
    assert [(row.id, row.right) for row in first.answers.chosen] == [("a", False), ("b", True), ("c", False)]
    assert first.figures.facility == 100


def test_answers_to_versions_with_other_options_are_counted_apart(sat: Sat) -> None:
    sat.letters("aaa")
    sat.rekeyed(0)
    sat.letters("aaa", sitting=sat.open())
    add_version(
        sat.questions[0], {"options": [*BODIES[Kind.SINGLE]["options"], {"id": "d", "text": "?", "right": False}]}
    )
    sat.letters("daa", sitting=sat.open())
    first = analysis_of(results_of_paper(sat.actor, sat.paper.public_id)).items[0]
    assert (first.version.number, first.answers.n, first.left_out, first.figures.n) == (3, 1, 2, 3)
    assert first.answers.chosen[3].count == 1


def test_drawn_questions_are_judged_over_who_had_them(sat: Sat) -> None:
    more = make_question(sat.course, text="Câu rút thêm?")
    questions = [*sat.questions, more]
    paper = make_paper(sat.course, questions[:1])
    sitting = sat.open(paper)
    pairs = [[each.id, each.versions[0].id] for each in questions]
    for held, letters in (((0, 1), "aa"), ((0, 2), "ab"), ((0, 3), "bb"), ((0, 1), "ab")):
        learner = LearnerFactory(organisation_id=sat.course.organisation_id)
        items = [
            {"q": pairs[place][0], "v": pairs[place][1], "p": "1.00000", "o": [], "part": int(place > 0)}
            for place in held
        ]
        attempt = make_attempt(sitting, learner, [{"choice": each} for each in letters], items=items, mark=Decimal(0))
        attempt.marks = ["1" if each == "a" else "0" for each in letters]
        attempt.out_of = Decimal(2)
    db.session.commit()
    report = analysis_of(results_of_paper(sat.actor, paper.public_id))
    assert [item.figures.n for item in report.items] == [4, 2, 1, 1]
    assert [item.figures.facility for item in report.items] == [75, 50, 0, 0]
    assert report.figures.consistency == pytest.approx(100 * 2 * (1 - (0.25 + 0.25) / (2 / 3)))


def test_which_attempt_counts_in_a_sitting_stays_as_it_was_opened_with(sat: Sat) -> None:
    learner = LearnerFactory(organisation_id=sat.course.organisation_id)
    best = sat.letters("aaa", learner=learner)
    sat.letters("bbb", learner=learner, number=2, started_at=OPENED + timedelta(minutes=30))
    sat.paper.counts = "last"
    db.session.commit()
    counted = results_of_sitting(sat.actor, sat.sitting.public_id).counted
    assert [go.public_id for go in counted.values()] == [best.public_id]
