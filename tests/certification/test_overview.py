"""What overview, statistics and pages of outcomes count: people who are there, each once, and nobody in vain."""

import pytest
from flask import Flask

from classroom.accounts.models import Organisation
from classroom.certification.queries import outcomes
from classroom.certification.queries.batches import lines
from classroom.certification.queries.outcomes import Wanted
from classroom.certification.queries.overview import CourseLine, course_lines, groups_to_choose
from classroom.certification.queries.printed import count_others, count_waiting
from classroom.certification.rules.batches import Scope
from classroom.certification.services import drafting
from classroom.certification.services.listing import list_learner
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.desk.dossiers.reading import outcomes_of_class
from classroom.desk.queries.statistics import course_numbers
from classroom.learners.services import merge_learners
from classroom.sessions.models import Course
from tests.factories import CourseFactory, StaffFactory, make_class, sign_in, vietnam
from tests.support.deciding import Deciding
from tests.support.issueroom import draft, issuer, people_who_pass
from tests.support.online import make_intake


def line_of(course: Course) -> CourseLine:
    db.session.rollback()
    return next(one for one in course_lines(course.organisation_id) if one.course.id == course.id)


def test_who_is_denied_or_in_question_does_not_wait_for_a_batch(app: Flask) -> None:
    here = Deciding()
    denied, doubted = here.in_class(), here.in_class()
    here.in_class(letters="")
    here.saved()
    here.applied()
    assert (line_of(here.course).waiting, line_of(here.course).next_step) == (2, "prepare")
    list_learner(here.course.public_id, denied.public_id, "deny", "Nhờ người thi hộ", actor=here.actor)
    here.questioned(doubted)

    assert (line_of(here.course).waiting, line_of(here.course).next_step) == (0, "")
    assert groups_to_choose(here.course.id) == []
    with pytest.raises(Refusal, match=r"batch\.nobody"):
        drafting.prepare_batch(here.course.public_id, Scope(), "", actor=here.actor)


def test_two_who_are_one_count_once_everywhere(app: Flask) -> None:
    here = Deciding()
    kept, gone = here.in_class(), here.learner()
    here.online(gone)
    here.in_class(letters="")
    lacking = here.in_class(attended=0, letters="")
    here.saved()
    here.applied()
    merge_learners(kept.public_id, gone.public_id, "một người", actor=here.actor)
    merge_learners(kept.public_id, lacking.public_id, "một người", actor=here.actor)

    line = line_of(here.course)
    assert (line.waiting, line.outcomes) == (1, {"pass": 1, "fail": 1})
    assert outcomes.count_decisions(here.course.id) == line.outcomes
    assert outcomes.count_reasons(here.course.id) == {"test.none": 1}
    assert outcomes.count_outcomes(here.course.id, Wanted()) == 2
    assert [row.Outcome.decision for row in outcomes.outcome_rows(here.course.id, Wanted(decision="pass"))] == ["pass"]
    numbers = course_numbers(here.course, "Asia/Ho_Chi_Minh", vietnam(18))
    assert numbers.decisions == line.outcomes
    of_class = outcomes_of_class(here.training_class.id)
    assert sorted(one.decision for one in of_class) == ["fail", "pass"]


def test_a_batch_for_an_intake_leaves_who_also_sits_in_a_class_to_the_class(app: Flask) -> None:
    course = CourseFactory()
    of_class, of_intake = make_class(course=course, code="L01", days=1), make_intake(course)
    both = {"class_id": of_class.id, "intake_id": of_intake.id}
    people_who_pass(course, 3, **both)
    people_who_pass(course, 2, path="online", **both)
    actor = issuer(course)

    by_class, by_intake = Scope(class_id=of_class.id), Scope(intake_id=of_intake.id)
    assert [count_waiting(course.id, one) for one in (by_class, by_intake, Scope())] == [3, 2, 5]
    made = lines(draft(course, actor, by_intake).id)
    assert [each.facts.group for each in made] == ["Đợt 1", "Đợt 1"]


def test_an_intake_by_which_nobody_is_counted_is_not_offered_for_a_batch(app: Flask) -> None:
    course = CourseFactory()
    of_class, of_intake = make_class(course=course, code="L01", days=1), make_intake(course)
    people_who_pass(course, 1, class_id=of_class.id, intake_id=of_intake.id)

    assert groups_to_choose(course.id) == [(f"class:{of_class.public_id}", "L01")]


def test_who_may_come_in_the_next_batch_is_counted_as_the_batch_would_take_them(app: Flask) -> None:
    course = CourseFactory()
    of_class = make_class(course=course, code="L01", days=1)
    people_who_pass(course, 1, class_id=of_class.id)
    actor = issuer(course)
    batch = draft(course, actor)
    later = people_who_pass(course, 3)
    assert count_others(batch.id, course.id) == 3
    list_learner(course.public_id, later[0].learner.public_id, "deny", "Thi hộ", actor=actor)
    merge_learners(later[1].learner.public_id, later[2].learner.public_id, "một người", actor=actor)

    assert count_others(batch.id, course.id) == 1


def test_the_overview_shows_no_step_that_leads_nowhere(app: Flask) -> None:
    course = CourseFactory()
    outcome = people_who_pass(course, 1)[0]
    organisation = db.session.get_one(Organisation, course.organisation_id)
    office = sign_in(app.test_client(), StaffFactory(organisation=organisation))
    assert "Chuẩn bị cấp cho 1 người" in office.get("/certificates").text
    list_learner(course.public_id, outcome.learner.public_id, "deny", "Thi hộ", actor=issuer(course))

    assert "Chuẩn bị cấp cho" not in office.get("/certificates").text
