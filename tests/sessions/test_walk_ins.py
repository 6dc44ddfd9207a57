"""Who stands at the door and is on no list gets a place at once, and a coordinator decides about it afterwards."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.core.actor import Actor
from classroom.core.clock import today
from classroom.core.db import db, transaction
from classroom.core.errors import Forbidden, Refusal
from classroom.desk import services as desk
from classroom.inbox.models import InboxItem
from classroom.learners import services as learners
from classroom.learners.models import Learner
from classroom.learners.rules import LearnerFacts
from classroom.sessions import services
from classroom.sessions.models import Enrolment, EnrolmentChange, TrainingClass
from tests.factories import EnrolmentFactory, LearnerFactory, make_actor, make_class
from tests.support.racing import together

CARD = LearnerFacts("Hồ Thị Mới", id_number="040185012345")


@pytest.fixture
def actor(any_app: Flask) -> Actor:
    return make_actor("coordinator")


@pytest.fixture
def l01(actor: Actor) -> TrainingClass:
    """With one seat, which is taken, from today on."""
    made = make_class(days=1, first_day=today("Asia/Ho_Chi_Minh"), capacity=1)
    made.organisation_id = made.course.organisation_id = made.course.programme.organisation_id = actor.organisation_id
    db.session.commit()
    EnrolmentFactory(training_class=made)
    return made


def place(public_id: str) -> Enrolment:
    db.session.rollback()
    return db.session.scalars(select(Enrolment).where(Enrolment.public_id == public_id)).one()


def waiting() -> list[InboxItem]:
    db.session.rollback()
    return list(db.session.scalars(select(InboxItem).where(InboxItem.decided_at.is_(None))))


def test_a_stranger_gets_a_place_over_capacity_and_a_coordinator_is_asked(actor: Actor, l01: TrainingClass) -> None:
    taken = services.take_in(l01.id, CARD, actor=actor)
    found = place(taken.enrolment)
    assert (taken.new, taken.guest, found.walk_in, found.learner.name) == (True, False, "pending", "Hồ Thị Mới")
    assert [item.facts["enrolment"] for item in waiting()] == [taken.enrolment]
    kinds = db.session.scalars(select(EnrolmentChange.kind).where(EnrolmentChange.enrolment_id == found.id)).all()
    assert list(kinds) == ["walked_in"]


def test_the_same_card_again_changes_nothing(actor: Actor, l01: TrainingClass) -> None:
    first, second = (services.take_in(l01.id, CARD, actor=actor) for _ in range(2))
    assert (first.enrolment, len(waiting())) == (second.enrolment, 1)


def test_two_tablets_that_take_in_one_card_at_once_make_one_learner(
    any_app: Flask, actor: Actor, l01: TrainingClass
) -> None:
    class_id = l01.id
    taken = together(any_app, [lambda: services.take_in(class_id, CARD, actor=actor).enrolment] * 5)
    db.session.rollback()
    assert len(set(taken)) == 1
    assert db.session.scalar(select(func.count(Learner.id)).where(Learner.id_number == CARD.id_number)) == 1
    assert len(waiting()) == 1


def test_a_name_alone_never_finds_anybody(actor: Actor, l01: TrainingClass) -> None:
    known = LearnerFactory(organisation_id=actor.organisation_id, name="Hồ Thị Mới", id_number="")
    taken = services.take_in(l01.id, LearnerFacts("Hồ Thị Mới"), actor=actor)
    assert taken.learner_id != known.id


def test_who_sits_in_another_class_of_the_course_is_a_guest_and_nothing_is_written(
    actor: Actor, l01: TrainingClass
) -> None:
    l02 = make_class(course=l01.course, code="L02", days=1)
    l02.organisation_id = actor.organisation_id
    db.session.commit()
    learner = LearnerFactory(organisation_id=actor.organisation_id, id_number=CARD.id_number)
    there = EnrolmentFactory(training_class=l02, learner=learner)
    taken = services.take_in(l01.id, CARD, actor=actor)
    assert (taken.guest, taken.enrolment, place(taken.enrolment).walk_in) == (True, there.public_id, "")
    assert waiting() == []


def test_who_had_left_the_class_comes_back_as_a_walk_in(actor: Actor, l01: TrainingClass) -> None:
    learner = LearnerFactory(organisation_id=actor.organisation_id, id_number=CARD.id_number)
    gone = EnrolmentFactory(training_class=l01, learner=learner)
    services.withdraw(gone.public_id, "bận", actor=actor)
    taken = services.take_in(l01.id, CARD, actor=actor)
    assert (taken.enrolment, taken.new) == (gone.public_id, False)
    assert (place(taken.enrolment).ended_at, place(taken.enrolment).walk_in) == (None, "pending")


@pytest.mark.parametrize("decision", ["remove", "accept"])
def test_who_walks_in_again_after_a_decision_is_asked_about_again(
    actor: Actor, l01: TrainingClass, decision: str
) -> None:
    LearnerFactory(organisation_id=actor.organisation_id, id_number=CARD.id_number)
    taken = services.take_in(l01.id, CARD, actor=actor)
    first = waiting()[0].created_at
    desk.decide_question(waiting()[0].public_id, decision, actor=actor)
    if decision == "accept":
        services.withdraw(taken.enrolment, "bận", actor=actor)
    services.take_in(l01.id, CARD, actor=actor)
    assert place(taken.enrolment).walk_in == "pending"
    assert [item.facts["enrolment"] for item in waiting()] == [taken.enrolment]
    assert waiting()[0].created_at > first
    desk.decide_question(waiting()[0].public_id, "accept", actor=actor)
    assert (place(taken.enrolment).walk_in, waiting()) == ("accepted", [])


def test_a_failure_around_it_leaves_nothing(actor: Actor, l01: TrainingClass) -> None:
    class_id = l01.id

    def fail() -> None:
        with transaction():
            services.take_in(class_id, CARD, actor=actor)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert waiting() == []
    assert db.session.scalar(select(func.count(Learner.id)).where(Learner.name == CARD.name)) == 0


def test_accepting_makes_it_a_place_like_all_others_and_can_be_taken_back(actor: Actor, l01: TrainingClass) -> None:
    taken = services.take_in(l01.id, CARD, actor=actor)
    item = waiting()[0].public_id
    desk.decide_question(item, "accept", actor=actor)
    assert place(taken.enrolment).walk_in == "accepted"
    desk.take_back_decision(item, actor=actor)
    assert (place(taken.enrolment).walk_in, len(waiting())) == ("pending", 1)


def test_removing_ends_the_place_and_forgets_who_was_made_at_the_door(actor: Actor, l01: TrainingClass) -> None:
    taken = services.take_in(l01.id, CARD, actor=actor)
    item = waiting()[0].public_id
    desk.decide_question(item, "remove", actor=actor)
    found = place(taken.enrolment)
    assert (found.walk_in, found.ended_at is not None, found.learner.annulled_at is not None) == ("removed", True, True)
    desk.take_back_decision(item, actor=actor)
    found = place(taken.enrolment)
    assert (found.walk_in, found.ended_at, found.learner.annulled_at) == ("pending", None, None)


def test_removing_keeps_a_learner_who_was_known_before(actor: Actor, l01: TrainingClass) -> None:
    LearnerFactory(organisation_id=actor.organisation_id, id_number=CARD.id_number)
    taken = services.take_in(l01.id, CARD, actor=actor)
    desk.decide_question(waiting()[0].public_id, "remove", actor=actor)
    assert place(taken.enrolment).learner.annulled_at is None


@pytest.mark.parametrize("kept", ["known", "walked_in"])
def test_removing_annuls_nobody_with_whom_the_walk_in_was_merged(actor: Actor, l01: TrainingClass, kept: str) -> None:
    known = LearnerFactory(organisation_id=actor.organisation_id, id_number="").public_id
    taken = services.take_in(l01.id, CARD, actor=actor)
    one, other = (known, taken.learner) if kept == "known" else (taken.learner, known)
    learners.merge_learners(one, other, "một người", actor=actor)
    desk.decide_question(waiting()[0].public_id, "remove", actor=actor)
    found = place(taken.enrolment)
    assert (found.walk_in, found.learner.public_id, found.learner.annulled_at) == ("removed", one, None)


def test_of_two_decisions_one_counts(actor: Actor, l01: TrainingClass) -> None:
    taken = services.take_in(l01.id, CARD, actor=actor)
    services.accept_walk_in(taken.enrolment, actor=actor)
    with pytest.raises(Refusal, match=r"walk_in\.decided"):
        services.remove_walk_in(taken.enrolment, made=taken.learner, actor=actor)


def test_moving_or_withdrawing_settles_the_question(actor: Actor, l01: TrainingClass) -> None:
    first = services.take_in(l01.id, CARD, actor=actor)
    services.withdraw(first.enrolment, "về", actor=actor)
    assert (place(first.enrolment).walk_in, waiting()) == ("removed", [])


def test_a_trainer_decides_nothing_about_places(actor: Actor, l01: TrainingClass) -> None:
    taken = services.take_in(l01.id, CARD, actor=actor)
    with pytest.raises(Forbidden):
        services.accept_walk_in(taken.enrolment, actor=make_actor("trainer"))
