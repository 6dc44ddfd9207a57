"""A rule over everybody: compared, applied, and not written again."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update

from classroom.attendance.models import Mark
from classroom.audit.models import AuditEntry
from classroom.certification.models import Evaluation, Outcome, OutcomeChange, RuleVersion
from classroom.certification.queries.facts import course_facts
from classroom.certification.rules.course_rules import CourseRule, InPerson, Online
from classroom.certification.services import evaluating
from classroom.certification.services.evaluating import (
    apply_evaluation,
    ask_to_apply,
    evaluate_course,
    run_evaluation,
)
from classroom.certification.services.listing import list_learner, unlist
from classroom.certification.services.ruling import count_passing, save_rule
from classroom.core.clock import now
from classroom.core.db import db
from classroom.core.errors import Forbidden, NotFound, Refusal
from classroom.exams.models import Attempt
from classroom.jobs.models import Job
from classroom.jobs.services import run_queued
from classroom.learners.models import Learner, LearnerMerge
from classroom.learners.services.merging import merge_learners, split_learners
from classroom.online.models import OnlineRecord
from classroom.sessions.models import Enrolment
from classroom.sessions.services.enrolments import withdraw
from tests.factories import EnrolmentFactory, make_actor, make_class
from tests.support.deciding import LAST_SECOND, Deciding


@pytest.fixture
def course(any_app: Flask) -> Deciding:
    return Deciding()


@pytest.fixture
def here(app: Flask) -> Deciding:
    return Deciding()


def said(deciding: Deciding, learner: Learner) -> tuple[str, str, list[str]] | None:
    found = deciding.outcome(learner)
    return (found.decision, found.path, found.reasons) if found else None


def count(table: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_everybody_of_a_course_is_decided_with_reasons_and_sources(course: Deciding) -> None:
    came, skipped = course.in_class(), course.in_class(attended=4, letters="ab")
    done = db.session.get_one(Learner, course.online().learner_id)
    late = db.session.get_one(Learner, course.online(completed_at=LAST_SECOND + timedelta(seconds=1)).learner_id)
    asked = course.learner()
    course.questioned(asked)
    asked_too = course.in_class(learner=asked)
    course.saved()
    run = course.applied()
    assert run.state == "applied"
    assert said(course, came) == ("pass", "in_person", [])
    assert said(course, skipped) == ("fail", "", ["attendance.short"])
    assert said(course, done) == ("pass", "online", [])
    assert said(course, late) == ("fail", "", ["online.late"])
    assert said(course, asked_too) == ("held", "", ["held.match"])
    assert run.counts["decisions"] == {"pass": 2, "fail": 2, "held": 1}
    kept = course.outcome(came)
    assert kept
    test = next(line for line in kept.explanation if line["criterion"] == "test")
    attempt = db.session.scalars(select(Attempt).where(Attempt.learner_id == came.id)).one()
    assert (test["source"]["attempt"], test["score"]) == (attempt.public_id, "10/10")
    assert kept.class_id == course.training_class.id
    assert [kept.intake_id, course.outcome(done).intake_id] == [None, course.intake.id]  # type: ignore[union-attr]


def test_a_comparison_writes_no_outcome(here: Deciding) -> None:
    here.in_class()
    here.saved()
    run = here.compared()
    assert (run.state, run.counts["changes"], count(Outcome)) == ("compared", {"to_pass": 1}, 0)


def test_deciding_again_writes_nothing(course: Deciding) -> None:
    course.in_class()
    course.online(score=Decimal(10))
    course.saved()
    course.applied()
    rows = [tuple(row) for row in db.session.execute(select(Outcome.__table__))]
    changes = count(OutcomeChange)
    again = course.compared()
    assert again.counts["changes"] == {}
    written: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: written.append(call[2]))
    apply_evaluation(again.id, lambda _done, _total: None, actor=course.actor)
    assert [each for each in written if "outcome" in each and not each.startswith("SELECT")] == []
    assert [tuple(row) for row in db.session.execute(select(Outcome.__table__))] == rows
    assert count(OutcomeChange) == changes


def test_only_what_changed_is_written_with_its_history(here: Deciding) -> None:
    same, turned = here.in_class(), here.in_class()
    here.saved()
    here.applied()
    before = here.outcome(same)
    assert before
    at, by = before.decided_at, before.evaluation_id
    db.session.execute(update(Attempt).where(Attempt.learner_id == turned.id).values(mark=Decimal(0), outcome="fail"))
    db.session.commit()
    run = here.applied()
    assert said(here, turned) == ("fail", "", ["test.failed"])
    after = here.outcome(same)
    assert after
    assert (after.decided_at, after.evaluation_id) == (at, by)
    last = db.session.scalars(select(OutcomeChange).where(OutcomeChange.evaluation_id == run.id)).one()
    assert (last.learner_id, last.before, last.after) == (
        turned.id,
        {"decision": "pass", "path": "in_person", "reasons": []},
        {"decision": "fail", "path": "", "reasons": ["test.failed"]},
    )


def test_a_better_score_of_who_passes_renews_the_explanation_without_history(here: Deciding) -> None:
    record = here.online()
    learner = db.session.get_one(Learner, record.learner_id)
    here.saved()
    here.applied()
    changes = count(OutcomeChange)
    db.session.execute(update(OnlineRecord).values(score=Decimal(99)))
    db.session.commit()
    run = here.applied()
    outcome = here.outcome(learner)
    assert outcome
    assert (run.counts["changes"], count(OutcomeChange)) == ({"details": 1}, changes)
    assert [line["score"] for line in outcome.explanation if line["score"]] == ["99/100"]


def test_facts_that_change_between_comparing_and_applying_are_compared_anew(course: Deciding) -> None:
    learner = course.in_class()
    course.saved()
    run = course.compared()
    course.online()
    ask_to_apply(run.public_id, actor=course.actor)
    (job,) = run_queued()
    anew = db.session.scalars(select(Evaluation).order_by(Evaluation.id.desc())).first()
    assert anew
    assert (job.result, count(Outcome)) == ({"compared_anew": anew.public_id}, 0)
    assert (anew.state, anew.counts["changes"], anew.counts["anew"]) == ("compared", {"to_pass": 2}, True)
    assert db.session.get_one(Evaluation, run.id, populate_existing=True).state == "dropped"
    ask_to_apply(anew.public_id, actor=course.actor)
    run_queued()
    assert said(course, learner) == ("pass", "in_person", [])


def test_applying_that_was_killed_goes_on_where_it_stopped(here: Deciding, monkeypatch: pytest.MonkeyPatch) -> None:
    learners = [here.in_class(letters="") for _ in range(5)]
    here.saved(CourseRule(InPerson(5), Online()))
    run = here.compared()
    monkeypatch.setattr(evaluating, "BATCH", 2)

    class Killed(BaseException):
        pass

    def die(done: int, _total: int) -> None:
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        apply_evaluation(run.id, die, actor=here.actor)
    assert count(Outcome) == 2
    answer = apply_evaluation(run.id, lambda _done, _total: None, actor=here.actor)
    assert (answer, count(Outcome), count(OutcomeChange)) == ({"written": 3}, 5, 5)
    assert all(said(here, each) == ("pass", "in_person", []) for each in learners)
    assert apply_evaluation(run.id, die, actor=here.actor) == {"state": "applied"}


def test_a_comparison_by_an_older_rule_cannot_be_applied(here: Deciding) -> None:
    here.in_class()
    here.saved()
    run = here.compared()
    here.saved(CourseRule(InPerson(6, here.paper.public_id)))
    with pytest.raises(Refusal) as refused:
        ask_to_apply(run.public_id, actor=here.actor)
    assert refused.value.code == "evaluation.old_rule"


def test_a_newer_run_drops_the_comparison_before_it(here: Deciding) -> None:
    here.in_class()
    here.saved()
    first = here.compared()
    second = here.compared()
    assert (first.id != second.id, db.session.get_one(Evaluation, first.id).state) == (True, "dropped")
    with pytest.raises(Refusal) as refused:
        ask_to_apply(first.public_id, actor=here.actor)
    assert refused.value.code == "evaluation.not_compared"


def test_a_run_that_waits_is_asked_for_once(here: Deciding) -> None:
    here.in_class()
    here.saved()
    one = evaluate_course(here.course.public_id, actor=here.actor)
    two = evaluate_course(here.course.public_id, actor=here.actor)
    assert (one.id, count(Job)) == (two.id, 1)
    run_queued()
    assert run_evaluation(one.id) == {"state": "compared"}


def test_without_a_saved_rule_nothing_is_decided(here: Deciding) -> None:
    with pytest.raises(Refusal) as refused:
        evaluate_course(here.course.public_id, actor=here.actor)
    assert refused.value.code == "rule.none"


def test_facts_of_a_course_take_a_number_of_statements_that_does_not_grow(here: Deciding) -> None:
    def statements() -> int:
        db.session.rollback()
        course, rule = here.course, here.rule
        assert course.id
        seen: list[str] = []
        listener = lambda *call: seen.append(call[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        course_facts(course, rule, now())
        event.remove(db.engine, "before_cursor_execute", listener)
        return len(seen)

    here.in_class()
    here.online()
    few = statements()
    for _ in range(4):
        here.in_class()
        here.online()
    assert statements() == few <= 15


# --- rules ---


def test_a_rule_that_nobody_or_everybody_passes_is_asked_twice(here: Deciding) -> None:
    here.in_class()
    for rule, odd in (
        (CourseRule(InPerson(5, here.paper.public_id)), "everybody"),
        (CourseRule(online=Online(True, 50)), "nobody"),
    ):
        for said in ("", {"everybody": "nobody", "nobody": "everybody"}[odd]):
            with pytest.raises(Refusal) as refused:
                save_rule(here.course.public_id, rule, "", actor=here.actor, confirmed=said)
            assert (refused.value.code, refused.value.details["people"]) == (f"rule.{odd}", 1)
        assert save_rule(here.course.public_id, rule, "", actor=here.actor, confirmed=odd).rule == rule.as_json()


def test_a_course_without_people_is_not_asked_about(here: Deciding) -> None:
    assert here.saved().number == 1


def test_versions_follow_each_other_and_the_same_rule_makes_none(here: Deciding) -> None:
    first = here.saved()
    assert here.saved().id == first.id
    second = here.saved(CourseRule(InPerson(6, here.paper.public_id)))
    assert (second.number, count(RuleVersion)) == (2, 2)
    entries = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "rule.saved")).all()
    assert len(entries) == 2


def test_the_paper_of_a_rule_is_one_of_the_course(here: Deciding) -> None:
    foreign = Deciding().paper.public_id
    with pytest.raises(Refusal) as refused:
        here.saved(CourseRule(InPerson(5, foreign)))
    assert refused.value.code == "rule.unknown_paper"


def test_only_who_may_manage_certificates_changes_rules(here: Deciding) -> None:
    looker, stranger = make_actor("viewer"), make_actor("coordinator")
    with pytest.raises(Forbidden):
        save_rule(here.course.public_id, here.rule, "", actor=looker)
    with pytest.raises(NotFound):
        save_rule(here.course.public_id, here.rule, "", actor=stranger)
    with pytest.raises(NotFound):
        evaluate_course(here.course.public_id, actor=stranger)


def test_the_live_count_is_what_would_be_decided(here: Deciding) -> None:
    here.in_class()
    here.in_class(attended=2)
    here.questioned(here.in_class())
    passing = count_passing(here.course, here.rule)
    assert (passing.passes, passing.fails, passing.held, passing.people, passing.odd) == (1, 1, 1, 3, "")


# --- people ---


def test_a_learner_in_two_classes_passes_by_what_was_attended_in_both(here: Deciding) -> None:
    learner = here.in_class(attended=2)
    other = make_class(course=here.course)
    place = EnrolmentFactory(training_class=other, learner=learner, ended_at=now())
    assert place.ended_at
    for session in other.sessions[2:5]:
        row = {"class_session_id": session.id, "enrolment_id": place.id, "status": "present", "updated_at": now()}
        db.session.add(Mark(organisation_id=other.organisation_id, guest=True, **row))
    db.session.commit()
    here.saved()
    here.applied()
    assert said(here, learner) == ("pass", "in_person", [])


def test_an_account_reissued_in_another_intake_counts_there(here: Deciding) -> None:
    record = here.online(completed_at=None, progress=Decimal(40))
    learner = db.session.get_one(Learner, record.learner_id)
    again = here.another_intake("Đợt 2")
    here.online(learner, again)
    here.saved()
    here.applied()
    outcome = here.outcome(learner)
    assert outcome
    assert (outcome.decision, outcome.intake_id) == ("pass", again.id)


def test_who_withdrew_is_decided_and_who_was_merged_is_not_there_any_more(here: Deciding) -> None:
    left, gone, kept = here.in_class(), here.in_class(letters=""), here.learner()
    here.online(kept)
    here.saved()
    here.applied()
    place = db.session.scalars(select(Enrolment).where(Enrolment.learner_id == left.id)).one()
    withdraw(place.public_id, "Chuyển công tác", actor=here.actor)
    merge_learners(kept.public_id, gone.public_id, "Cùng một người", actor=here.actor)
    run = here.applied()
    assert said(here, left) == ("fail", "", ["attendance.withdrawn"])
    assert (said(here, gone), run.counts["changes"].get("gone")) == (None, 1)
    assert said(here, kept) == ("pass", "online", [])


# --- lists ---


def test_lists_decide_beside_the_rule_until_they_are_taken_back(here: Deciding) -> None:
    good, bad, stranger = here.in_class(), here.in_class(attended=1), here.learner()
    here.saved()
    denied = list_learner(here.course.public_id, good.public_id, "deny", "Nhờ người thi hộ", actor=here.actor)
    list_learner(here.course.public_id, bad.public_id, "allow", "Có giấy xác nhận", actor=here.actor)
    list_learner(here.course.public_id, stranger.public_id, "allow", "Giảng viên", actor=here.actor)
    here.applied()
    assert [said(here, each) for each in (good, bad, stranger)] == [
        ("fail", "", ["listed.deny"]), ("pass", "listed", []), ("pass", "listed", []),
    ]  # fmt: skip
    unlist(denied.public_id, actor=here.actor)
    here.applied()
    assert said(here, good) == ("pass", "in_person", [])


def test_nobody_is_listed_twice_or_without_a_note(here: Deciding) -> None:
    learner = here.learner()
    list_learner(here.course.public_id, learner.public_id, "allow", "Lý do", actor=here.actor)
    for kind, note, code in (
        ("allow", "Lý do", "listed.there_already"),
        ("deny", "  ", "listed.no_note"),
        ("deny", "x" * 301, "listed.long_note"),
        ("maybe", "Lý do", "listed.unknown_kind"),
    ):
        with pytest.raises(Refusal) as refused:
            list_learner(here.course.public_id, learner.public_id, kind, note, actor=here.actor)
        assert refused.value.code == code


def test_entries_of_lists_follow_a_merge_and_go_back_with_a_split(here: Deciding) -> None:
    kept, gone = here.learner(), here.learner()
    for learner, kind in ((kept, "allow"), (gone, "allow"), (gone, "deny")):
        list_learner(here.course.public_id, learner.public_id, kind, "Lý do", actor=here.actor)
    here.saved()
    merge_learners(kept.public_id, gone.public_id, "Cùng một người", actor=here.actor)
    here.applied()
    assert (said(here, kept), said(here, gone)) == (("fail", "", ["listed.deny"]), None)
    split_learners(db.session.scalars(select(LearnerMerge.public_id)).one(), "Nhầm", actor=here.actor)
    here.applied()
    assert (said(here, kept), said(here, gone)) == (("pass", "listed", []), ("fail", "", ["listed.deny"]))
