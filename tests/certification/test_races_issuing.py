"""Two who reach for the same numbers, or the same person, at the same instant; on both databases."""

import pytest
from flask import Flask

from classroom.certification.models import IssueLine
from classroom.certification.rules.batches import Scope
from classroom.certification.services import approving, drafting, issuing
from classroom.certification.services.revoking import ByDecision, restore, revoke
from classroom.core.clock import today
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.learners.services import merge_learners
from tests.factories import CourseFactory, ProgrammeFactory, make_class
from tests.support.issueroom import (
    approved,
    certificates,
    decision,
    draft,
    issued,
    issuer,
    numbered,
    numbers,
    people_who_pass,
    quiet,
)
from tests.support.racing import together


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuing, "CHUNK", 3)


def test_two_workers_issue_at_once(any_app: Flask) -> None:
    course = CourseFactory()
    people_who_pass(course, 14)
    actor = issuer(course)
    numbered(actor)
    batch_id = approved(course, actor).id

    together(any_app, [lambda: issuing.issue_lines(batch_id, quiet, actor=actor)] * 2)

    made = certificates(course)
    assert numbers(made) == list(range(1, 15))
    assert len({each.learner_id for each in made}) == 14


def test_two_batches_of_two_courses_share_one_row_of_numbers(any_app: Flask) -> None:
    first = CourseFactory()
    second = CourseFactory(programme=ProgrammeFactory(organisation_id=first.organisation_id))
    actor = issuer(first)
    numbered(actor)
    for course in (first, second):
        people_who_pass(course, 10)
    ids = [approved(course, actor).id for course in (first, second)]

    together(any_app, [lambda each=each: issuing.issue_lines(each, quiet, actor=actor) for each in ids])

    together_made = numbers(certificates(first)) + numbers(certificates(second))
    assert sorted(together_made) == list(range(1, 21))


@pytest.mark.parametrize("years", [(2025, 2025), (2024, 2025)])
def test_two_batches_with_the_same_learner_give_one_certificate(any_app: Flask, years: tuple[int, int]) -> None:
    """The second line is left out with its reason, and no number is used for it: also when years count apart."""
    course = CourseFactory()
    of_class = make_class(course=course, code="L01", days=1)
    people_who_pass(course, 7, class_id=of_class.id)
    actor = issuer(course)
    numbered(actor)
    ids = []
    for scope, year in zip((Scope(), Scope(class_id=of_class.id)), years, strict=True):
        batch = draft(course, actor, scope)
        day = today(actor.time_zone).replace(year=year, month=3, day=5)
        approving.submit_batch(batch.public_id, decision(actor, decided_on=day, issued_on=day), actor=actor)
        ids.append(batch.id)
        approving.approve_batch(batch.public_id, actor=actor)

    together(any_app, [lambda each=each: issuing.issue_lines(each, quiet, actor=actor) for each in ids])

    made = certificates(course)
    assert len(made) == 7
    for year in set(years):
        of_year = [each.serial for each in made if each.year == year]
        assert of_year == list(range(1, len(of_year) + 1))
    left = [line.left_out for line in db.session.query(IssueLine).filter(IssueLine.certificate_id.is_(None))]
    assert left == ["certified"] * 7


def test_a_merge_and_an_issue_never_leave_a_certificate_with_who_is_gone(any_app: Flask) -> None:
    course = CourseFactory()
    found = people_who_pass(course, 4)
    actor = issuer(course)
    numbered(actor)
    batch_id = approved(course, actor).id
    kept, gone = found[0].learner.public_id, found[1].learner.public_id
    gone_id = found[1].learner_id

    def merge() -> None:
        merge_learners(kept, gone, "một người", actor=actor)

    def issue() -> None:
        issuing.issue_lines(batch_id, quiet, actor=actor)

    together(any_app, [merge, issue])

    made = certificates(course)
    assert gone_id not in {each.learner_id for each in made}
    assert len({each.learner_id for each in made if each.state == "issued"}) == 3
    assert numbers(made) == list(range(1, len(made) + 1))


def test_two_decisions_about_one_certificate_follow_each_other(any_app: Flask) -> None:
    course = CourseFactory()
    people_who_pass(course, 1)
    actor = issuer(course)
    numbered(actor)
    issued(course, actor)
    one = certificates(course)[0].public_id
    by = ByDecision("Cấp sai", "7/QĐ", today(actor.time_zone))

    def act() -> str:
        try:
            revoke(one, by, actor=actor)
        except Refusal as refusal:
            return refusal.code
        return ""

    assert sorted(together(any_app, [act, act])) == ["", "certificate.state"]
    restore(one, by, actor=actor)


def test_two_coordinators_prepare_one_draft(any_app: Flask) -> None:
    course = CourseFactory()
    people_who_pass(course, 2)
    actor, public_id = issuer(course), course.public_id

    def prepare() -> str:
        try:
            drafting.prepare_batch(public_id, Scope(), "", actor=actor)
        except Refusal as refusal:
            return refusal.code
        return ""

    assert sorted(together(any_app, [prepare, prepare])) == ["", "batch.draft_open"]
