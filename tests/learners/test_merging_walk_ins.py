"""What becomes of the question about a walk-in who turns out to be somebody known, and how parting asks it again."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.desk import services as desk
from classroom.inbox.models import InboxItem
from classroom.learners import services
from classroom.learners.models import Learner
from classroom.learners.rules import LearnerFacts
from classroom.sessions import services as sessions
from classroom.sessions.models import Enrolment, TrainingClass
from tests.factories import CourseFactory, EnrolmentFactory, LearnerFactory, ProgrammeFactory, make_actor, make_class

Asked = list[tuple[Any, ...]]


@pytest.fixture
def actor(any_app: Flask) -> Actor:
    return make_actor("coordinator")


@pytest.fixture
def l01(actor: Actor) -> TrainingClass:
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id))
    return make_class(course=course, code="L01", days=1)


def known(actor: Actor) -> Learner:
    return LearnerFactory(organisation_id=actor.organisation_id, name="Hồ Thị Quen")


def walk_in(made: TrainingClass, actor: Actor) -> Enrolment:
    taken = sessions.take_in(made.id, LearnerFacts("Hồ Thị Mới"), actor=actor)
    return db.session.get_one(Enrolment, taken.enrolment_id)


def waiting() -> Asked:
    db.session.rollback()
    open_items = select(InboxItem).where(InboxItem.decided_at.is_(None)).order_by(InboxItem.id)
    return [(one.key, one.class_id, one.facts, one.created_at) for one in db.session.scalars(open_items)]


def state(place: Enrolment) -> tuple[str, bool]:
    db.session.rollback()
    db.session.refresh(place)
    return place.walk_in, place.ended_at is None


@pytest.mark.parametrize("sits", ["in this class", "in another class"])
def test_who_sits_in_the_course_already_is_asked_about_no_more_until_they_are_parted(
    actor: Actor, l01: TrainingClass, sits: str
) -> None:
    kept, place = known(actor), walk_in(l01, actor)
    other = make_class(course=l01.course, code="L02", days=1)
    EnrolmentFactory(training_class=l01 if sits == "in this class" else other, learner=kept)
    before = waiting()
    merge = services.merge_learners(kept.public_id, place.learner.public_id, "x", actor=actor)
    assert (waiting(), state(place)) == ([], ("removed", False))
    services.split_learners(merge.public_id, "x", actor=actor)
    assert (waiting(), state(place)) == (before, ("pending", True))
    assert before[0][2]["new"] is True


def test_who_sits_nowhere_is_asked_about_as_somebody_known_and_is_not_annulled_when_removed(
    actor: Actor, l01: TrainingClass
) -> None:
    kept, place = known(actor), walk_in(l01, actor)
    before = waiting()
    merge = services.merge_learners(kept.public_id, place.learner.public_id, "x", actor=actor)
    ((key, _, facts, since),) = waiting()
    assert (key, facts["learner"], facts["new"], since) == (place.public_id, kept.public_id, False, before[0][3])
    services.split_learners(merge.public_id, "x", actor=actor)
    assert waiting() == before
    services.merge_learners(kept.public_id, place.learner.public_id, "x", actor=actor)
    item = db.session.scalars(select(InboxItem).where(InboxItem.decided_at.is_(None))).one()
    desk.decide_question(item.public_id, "remove", actor=actor)
    assert db.session.get_one(Learner, kept.id).annulled_at is None


def test_a_decision_taken_after_the_merge_is_not_asked_for_again(actor: Actor, l01: TrainingClass) -> None:
    kept, place = known(actor), walk_in(l01, actor)
    merge = services.merge_learners(kept.public_id, place.learner.public_id, "x", actor=actor)
    item = db.session.scalars(select(InboxItem).where(InboxItem.decided_at.is_(None))).one()
    desk.decide_question(item.public_id, "accept", actor=actor)
    services.split_learners(merge.public_id, "x", actor=actor)
    assert (waiting(), state(place)) == ([], ("accepted", True))


def test_a_kept_walk_in_takes_the_place_of_the_one_on_the_list(actor: Actor, l01: TrainingClass) -> None:
    listed, place = EnrolmentFactory(training_class=l01, learner=known(actor)), walk_in(l01, actor)
    before = waiting()
    merge = services.merge_learners(place.learner.public_id, listed.learner.public_id, "x", actor=actor)
    assert (waiting(), state(place)) == ([], ("accepted", True))
    services.split_learners(merge.public_id, "x", actor=actor)
    assert (waiting(), state(place)) == (before, ("pending", True))
