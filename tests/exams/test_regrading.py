"""A decision about a question after it was answered: seen first, applied once, everybody marked anew."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.audit.models import AuditEntry
from classroom.core.db import db
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.exams.models import PrintedForm, Ruling, Sitting
from classroom.exams.rules.kinds import Kind
from classroom.exams.services import remarking
from classroom.exams.services.regrading import Applied, apply_ruling, preview_ruling, remark
from classroom.exams.services.two_attempts import let_count, undo
from tests.exams.making import BODIES, make_question
from tests.exams.marking import OPENED, Sat, add_version, again, figures
from tests.factories import LearnerFactory, make_actor


@pytest.fixture
def sat(any_app: Flask) -> Sat:
    return Sat()


def rule(sat: Sat, action: str, number: int | None = None, *, place: int = 0, reason: str = "đáp án sai") -> Applied:
    question = sat.questions[place].public_id
    return apply_ruling(sat.paper.public_id, question, action, number, reason=reason, actor=sat.actor)


def rulings() -> int:
    return db.session.scalar(select(func.count(Ruling.id))) or 0


def test_a_corrected_key_turns_the_marks_round_and_says_beforehand_for_whom(sat: Sat) -> None:
    loses, wins, stays = sat.letters("aacc"), sat.letters("bacc"), sat.letters("caac")
    sat.rekeyed(0)
    diff = preview_ruling(sat.paper.public_id, sat.questions[0].public_id, "rekey", 2, actor=sat.actor)
    assert (diff.attempts, diff.pass_to_fail, diff.fail_to_pass) == (3, 1, 1)
    shown = [(each.attempt, each.mark_before, each.mark_after, each.outcome_after) for each in diff.changed]
    assert shown == [(loses.public_id, 2, 1, "fail"), (wins.public_id, 1, 2, "pass")]
    assert diff.changed[0].name == again(loses).learner.name
    assert figures(loses) == (2, 4, "pass")  # nothing is written yet
    assert rulings() == 0

    assert rule(sat, "rekey", 2) == Applied(ruled=True, attempts=3, changed=2)
    assert [figures(each) for each in (loses, wins, stays)] == [(1, 4, "fail"), (2, 4, "pass"), (2, 4, "pass")]


def test_the_same_decision_again_does_nothing_and_says_so(sat: Sat) -> None:
    attempt = sat.letters("bacc")
    sat.rekeyed(0)
    assert not rule(sat, "rekey", 2).nothing
    marked_at = again(attempt).marked_at
    second = rule(sat, "rekey", 2, reason="again")
    assert second.nothing
    assert second.attempts == 1
    assert rulings() == 1
    assert again(attempt).marked_at == marked_at
    diff = preview_ruling(sat.paper.public_id, sat.questions[0].public_id, "rekey", 2, actor=sat.actor)
    assert diff.changed == ()
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "paper.question_ruled")).all()
    assert [entry.facts["ruling"] for entry in entries] == ["ruling.rekey → 2"]


def test_what_a_crash_left_is_finished_step_by_step_from_any_attempt_on(
    sat: Sat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remarking, "BATCH", 2)
    attempts = [sat.letters("bacc") for _ in range(5)]
    assert rule(sat, "full") == Applied(ruled=True, attempts=5, changed=5)
    for attempt in attempts:
        again(attempt).mark = Decimal(1)
        db.session.commit()
    first = remarking.remark_step(sat.paper.id, 0)
    assert (first.attempts, first.changed, first.after) == (2, 2, attempts[1].id)
    last = remarking.remark_step(sat.paper.id, attempts[3].id)
    assert (last.attempts, last.changed, last.after) == (1, 1, None)
    assert [figures(each)[0] for each in attempts] == [2, 2, 1, 1, 2]


def test_a_dropped_question_counts_nothing_out_of_nothing(sat: Sat) -> None:
    right, wrong = sat.letters("aacc"), sat.letters("caac")
    assert rule(sat, "drop").changed == 2
    assert figures(right) == (1, 3, "fail")
    assert figures(wrong) == (2, 3, "pass")
    assert again(right).marks == ["0.00000", "1.00000", "0.00000", "0.00000"]


def test_everybody_gets_the_points_also_who_left_the_question_open(sat: Sat) -> None:
    blank, right = sat.letters("-acc"), sat.letters("aacc")
    assert rule(sat, "full").changed == 1
    assert figures(blank) == figures(right) == (2, 4, "pass")


def test_the_latest_decision_holds_and_none_takes_all_back(sat: Sat) -> None:
    attempt = sat.letters("bacc")
    rule(sat, "full")
    assert figures(attempt) == (2, 4, "pass")
    rule(sat, "drop")
    assert figures(attempt) == (1, 3, "fail")
    assert rule(sat, "none", reason="đáp án đúng").changed == 1
    assert figures(attempt) == (1, 4, "fail")
    assert rule(sat, "none").nothing
    assert rulings() == 3


def test_whoever_finishes_after_the_decision_is_marked_by_it(sat: Sat) -> None:
    sat.rekeyed(0)
    rule(sat, "rekey", 2)
    assert figures(sat.letters("bacc")) == (2, 4, "pass")


def test_a_version_written_after_the_decision_stands_for_itself_until_it_is_decided_anew(sat: Sat) -> None:
    sat.letters("cacc")
    sat.rekeyed(0)
    rule(sat, "drop")
    later = add_version(
        sat.questions[0],
        {"options": [{**each, "right": each["id"] == "c"} for each in BODIES[Kind.SINGLE]["options"]]},
        again(sat.letters("aaaa")).marked_at,
    )
    retake = sat.open()
    assert retake.pool[0]["versions"] == [[sat.questions[0].id, later.id]]
    newer = sat.answered([{"choice": each} for each in "cabb"], sitting=retake)
    assert figures(newer) == (2, 4, "pass")
    second = rule(sat, "drop")
    assert (second.ruled, second.changed) == (True, 1)
    assert figures(newer) == (1, 3, "fail")


def test_running_annulled_and_uncounted_attempts_are_left_alone(sat: Sat) -> None:
    running = sat.letters("aacc", mark=False, state="running", finished_at=None)
    annulled = sat.letters("aacc", mark=False, state="annulled")
    by_mistake = sat.open()
    uncounted = sat.answered([{"choice": "a"}], sitting=by_mistake)
    db.session.get_one(Sitting, by_mistake.id).annulled_at = OPENED
    db.session.commit()
    assert rule(sat, "full") == Applied(ruled=True, attempts=0, changed=0)
    assert [again(each).mark for each in (running, annulled, uncounted)] == [None, None, 1]


def test_many_attempts_are_marked_in_batches(sat: Sat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remarking, "BATCH", 2)
    attempts = [sat.letters("bacc") for _ in range(5)]
    assert rule(sat, "full") == Applied(ruled=True, attempts=5, changed=5)
    assert {figures(each) for each in attempts} == {(Decimal(2), Decimal(4), "pass")}
    diff = preview_ruling(sat.paper.public_id, sat.questions[0].public_id, "none", actor=sat.actor)
    assert (diff.attempts, len(diff.changed), diff.pass_to_fail) == (5, 5, 5)


def test_what_a_crash_left_unmarked_is_finished_by_the_same_decision_again(sat: Sat) -> None:
    attempt = sat.letters("bacc")
    db.session.add(
        Ruling(
            organisation_id=sat.course.organisation_id,
            paper_id=sat.paper.id,
            question_id=sat.questions[0].id,
            action="full",
            reason="sai",
            at=OPENED,
        )
    )
    db.session.commit()
    assert rule(sat, "full") == Applied(ruled=False, attempts=1, changed=1)
    assert figures(attempt) == (2, 4, "pass")


def test_marking_a_paper_again_is_logged_only_where_something_changed(sat: Sat) -> None:
    attempt = sat.letters("aacc")
    assert remark(sat.paper.public_id, actor=sat.actor).nothing
    again(attempt).mark = Decimal(3)
    db.session.commit()
    assert remark(sat.paper.public_id, actor=sat.actor).changed == 1
    assert figures(attempt) == (2, 4, "pass")
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "paper.remarked")).all()
    assert [entry.facts["changed"] for entry in entries] == [1]


def test_a_key_with_other_options_cannot_mark_what_was_chosen_among_these(sat: Sat) -> None:
    sat.letters("aacc")
    add_version(sat.questions[0], {"options": [*BODIES[Kind.SINGLE]["options"][:2], {"id": "d", "text": "Đà Nẵng"}]})
    with pytest.raises(Refusal, match=r"ruling\.other_options") as refused:
        rule(sat, "rekey", 2)
    assert refused.value.details == {"old": 1, "new": 2}
    assert rulings() == 0


def test_the_last_question_that_counts_is_not_dropped(any_app: Flask) -> None:
    sat = Sat(questions=2)
    sat.letters("aa")
    rule(sat, "drop")
    with pytest.raises(Refusal, match=r"ruling\.nothing_left"):
        rule(sat, "drop", place=1)
    assert rule(sat, "none").ruled
    assert rule(sat, "drop", place=1).ruled


def test_a_printed_form_counts_among_what_was_asked(sat: Sat) -> None:
    other = make_question(sat.course, text="Chỉ có trên giấy?")
    with pytest.raises(Refusal, match=r"ruling\.not_asked"):
        apply_ruling(sat.paper.public_id, other.public_id, "full", reason="sai", actor=sat.actor)
    db.session.add(
        PrintedForm(
            organisation_id=sat.course.organisation_id,
            paper_id=sat.paper.id,
            code="101",
            items=[{"q": other.id, "v": other.versions[0].id, "p": "1", "o": [], "part": 0}],
            created_at=OPENED,
        )
    )
    db.session.commit()
    assert apply_ruling(sat.paper.public_id, other.public_id, "full", reason="sai", actor=sat.actor).ruled
    with pytest.raises(Refusal, match=r"ruling\.nothing_left"):
        apply_ruling(sat.paper.public_id, other.public_id, "drop", reason="sai", actor=sat.actor)


@pytest.mark.parametrize(
    ("action", "number", "reason", "code"),
    [
        ("burn", None, "sai", "ruling.action"),
        ("rekey", None, "sai", "ruling.version"),
        ("rekey", 9, "sai", "ruling.version"),
        ("full", None, "  ", "ruling.reason_missing"),
    ],
)
def test_half_a_decision_is_refused(sat: Sat, action: str, number: int | None, reason: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        rule(sat, action, number, reason=reason)
    assert refused.value.code == code
    assert rulings() == 0


def test_only_who_marks_decides_and_only_about_the_own_organisation(sat: Sat) -> None:
    paper, question = sat.paper.public_id, sat.questions[0].public_id
    with pytest.raises(Forbidden):
        apply_ruling(paper, question, "full", reason="sai", actor=sat.trainer)
    with pytest.raises(Forbidden):
        preview_ruling(paper, question, "full", actor=sat.trainer)
    with pytest.raises(Forbidden):
        remark(paper, actor=sat.trainer)
    stranger = make_actor("coordinator")
    with pytest.raises(NotFound):
        apply_ruling(paper, question, "full", reason="sai", actor=stranger)
    with pytest.raises(NotFound):
        preview_ruling(paper, question, "full", actor=stranger)


def test_an_attempt_that_counts_again_is_marked_by_what_was_decided_meanwhile(app: Flask) -> None:
    sat = Sat(questions=2)
    learner = LearnerFactory(organisation_id=sat.course.organisation_id)
    phone = sat.letters("ba", learner=learner)
    paper = sat.letters("aa", learner=learner, number=2, source="paper")
    facts = {"paper": paper.public_id, "devices": [phone.public_id]}
    done = let_count(facts, "paper", "bài thừa", actor=sat.actor)
    apply_ruling(sat.paper.public_id, sat.questions[0].public_id, "full", reason="câu sai", actor=sat.actor)
    undo(facts, done, sat.actor)
    assert again(phone).mark == again(phone).out_of
