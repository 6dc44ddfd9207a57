"""Enrol, withdraw, rejoin, move; one class per course; seats."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.audit.models import AuditEntry, AuditPayload
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound, Refusal
from classroom.sessions import queries, services
from classroom.sessions.models import Course, Enrolment, EnrolmentChange, TrainingClass
from tests.factories import EnrolmentFactory, LearnerFactory, at, make_actor, make_class, vietnam
from tests.sessions.planning import course_of
from tests.sessions.test_clashes import at_once


@pytest.fixture
def coordinator(any_app: Flask) -> Actor:
    return make_actor("coordinator")


@pytest.fixture
def course(coordinator: Actor) -> Course:
    return course_of(coordinator)


@pytest.fixture
def one_class(course: Course) -> TrainingClass:
    return make_class(course=course, code="L01", capacity=2)


def learner_of(actor: Actor, **facts: Any) -> Any:
    return LearnerFactory(organisation_id=actor.organisation_id, **facts)


def refusal_of(action: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as refused:
        action()
    return refused.value


def kinds_of(enrolment: Enrolment) -> list[str]:
    return [one.kind for one in queries.changes_of([enrolment.id])]


def test_a_learner_who_comes_before_the_class_begins_belongs_to_all_its_sessions(
    coordinator: Actor, one_class: TrainingClass
) -> None:
    with at(vietnam(7, 0)):
        made = services.enrol(one_class.public_id, learner_of(coordinator).public_id, actor=coordinator)
    assert made.effective_from == one_class.created_at
    assert made.enrolled_at == vietnam(7, 0)
    assert kinds_of(made) == ["enrolled"]
    assert db.session.scalars(select(AuditEntry.action)).all() == ["enrolment.enrolled"]


def test_a_learner_who_comes_later_belongs_to_the_class_from_then_on(
    coordinator: Actor, one_class: TrainingClass
) -> None:
    with at(vietnam(12)):
        made = services.enrol(one_class.public_id, learner_of(coordinator).public_id, actor=coordinator)
    assert made.effective_from == vietnam(12)


def test_enrolling_twice_changes_nothing(coordinator: Actor, one_class: TrainingClass) -> None:
    learner = learner_of(coordinator)
    first, second = (services.enrol(one_class.public_id, learner.public_id, actor=coordinator) for _ in range(2))
    assert first.id == second.id
    assert kinds_of(first) == ["enrolled"]


def test_a_full_class_takes_more_only_knowingly(coordinator: Actor, one_class: TrainingClass) -> None:
    for _ in range(2):
        services.enrol(one_class.public_id, learner_of(coordinator).public_id, actor=coordinator)
    last = learner_of(coordinator).public_id
    refused = refusal_of(lambda: services.enrol(one_class.public_id, last, actor=coordinator))
    assert (refused.code, refused.details["capacity"]) == ("enrolment.class_full", 2)
    services.enrol(one_class.public_id, last, actor=coordinator, over_capacity=True)
    assert queries.seats_taken(one_class.id) == 3


def test_a_second_class_of_the_course_is_refused_by_its_name(
    coordinator: Actor, course: Course, one_class: TrainingClass
) -> None:
    other, learner = make_class(course=course, code="L02"), learner_of(coordinator)
    services.enrol(one_class.public_id, learner.public_id, actor=coordinator)
    refused = refusal_of(lambda: services.enrol(other.public_id, learner.public_id, actor=coordinator))
    assert (refused.code, refused.details["class_code"]) == ("enrolment.other_class", "L01")
    elsewhere = make_class(course=course_of(coordinator), code="L01")
    services.enrol(elsewhere.public_id, learner.public_id, actor=coordinator)


def test_who_left_can_come_back_to_the_same_seat(coordinator: Actor, one_class: TrainingClass) -> None:
    made = services.enrol(one_class.public_id, learner_of(coordinator).public_id, actor=coordinator)
    key = made.id
    services.withdraw(made.public_id, "Ốm", actor=coordinator)
    services.withdraw(made.public_id, "Ốm lần nữa", actor=coordinator)
    assert queries.roster(one_class.id) == []
    assert [one.end_reason for one in queries.history_of(one_class.id)] == ["Ốm"]
    back = services.rejoin(made.public_id, actor=coordinator)
    assert (back.id, back.ended_at, back.end_reason) == (key, None, "")
    assert kinds_of(back) == ["enrolled", "withdrawn", "rejoined"]


def test_who_left_and_joined_another_class_does_not_come_back(
    coordinator: Actor, course: Course, one_class: TrainingClass
) -> None:
    learner, other = learner_of(coordinator), make_class(course=course, code="L02")
    made = services.enrol(one_class.public_id, learner.public_id, actor=coordinator)
    services.withdraw(made.public_id, "Đổi lớp", actor=coordinator)
    services.enrol(other.public_id, learner.public_id, actor=coordinator)
    refused = refusal_of(lambda: services.rejoin(made.public_id, actor=coordinator))
    assert (refused.code, refused.details["class_code"]) == ("enrolment.other_class", "L02")


def test_a_learner_moves_to_another_class_that_has_begun_from_now_on(
    coordinator: Actor, course: Course, one_class: TrainingClass
) -> None:
    other = make_class(course=course, code="L02")
    old = EnrolmentFactory(training_class=one_class, learner=learner_of(coordinator))
    with at(vietnam(12)):
        new = services.move_enrolment(old.public_id, other.public_id, "Gần nhà", actor=coordinator)
    assert new.effective_from == vietnam(12)
    assert queries.get_enrolment(coordinator, old.public_id).ended_at == vietnam(12)
    assert (kinds_of(old), kinds_of(new)) == (["moved_out"], ["moved_in"])
    with at(vietnam(13)):
        back = services.move_enrolment(new.public_id, one_class.public_id, "Nhầm", actor=coordinator)
    assert back.id == old.id
    assert [one.learner_id for one in queries.roster(one_class.id)] == [old.learner_id]


def test_a_move_into_a_full_class_leaves_the_learner_where_he_was(
    coordinator: Actor, course: Course, one_class: TrainingClass
) -> None:
    full = make_class(course=course, code="L02", capacity=1, learners=1)
    old = EnrolmentFactory(training_class=one_class, learner=learner_of(coordinator))
    refused = refusal_of(lambda: services.move_enrolment(old.public_id, full.public_id, "Gần nhà", actor=coordinator))
    assert refused.code == "enrolment.class_full"
    assert queries.get_enrolment(coordinator, old.public_id).ended_at is None


def test_a_move_goes_only_to_another_class_of_the_course(coordinator: Actor, one_class: TrainingClass) -> None:
    old = EnrolmentFactory(training_class=one_class, learner=learner_of(coordinator))
    foreign = make_class(course=course_of(coordinator), code="L09")
    for target, code in ((foreign, "enrolment.other_course"), (one_class, "enrolment.same_class")):
        refused = refusal_of(
            lambda to=target: services.move_enrolment(old.public_id, to.public_id, "x", actor=coordinator)  # type: ignore[misc]
        )
        assert refused.code == code


def test_a_cancelled_class_takes_nobody(coordinator: Actor, one_class: TrainingClass) -> None:
    with at(vietnam(7)):
        services.cancel_class(one_class.public_id, "Bão", actor=coordinator)
    learner = learner_of(coordinator).public_id
    refused = refusal_of(lambda: services.enrol(one_class.public_id, learner, actor=coordinator))
    assert refused.code == "class.cancelled"


def test_people_and_classes_of_another_organisation_do_not_exist(coordinator: Actor, one_class: TrainingClass) -> None:
    stranger = make_actor("coordinator")
    with pytest.raises(NotFound):
        services.enrol(one_class.public_id, learner_of(stranger).public_id, actor=coordinator)
    with pytest.raises(NotFound):
        services.enrol(one_class.public_id, learner_of(coordinator).public_id, actor=stranger)


def test_the_higher_rooms_are_asked_before_and_told_after(coordinator: Actor, one_class: TrainingClass) -> None:
    told: list[str] = []

    def count(enrolment_id: int, change: str) -> dict[str, int]:
        told.append(f"asked {change}")
        return {"marks": 3}

    def note(enrolment_id: int, change: str, actor: Actor) -> None:
        told.append(change)

    signals.enrolment_changing.connect(count)
    signals.enrolment_changed.connect(note)
    try:
        made = services.enrol(one_class.public_id, learner_of(coordinator).public_id, actor=coordinator)
        assert services.hangs_on(made, "withdraw") == {"marks": 3}
        services.withdraw(made.public_id, "Ốm", actor=coordinator)
    finally:
        signals.enrolment_changing._receivers.remove(count)
        signals.enrolment_changed._receivers.remove(note)
    assert told == ["enrolled", "asked withdraw", "asked withdraw", "withdrawn"]


def test_a_roster_is_in_vietnamese_order_with_namesakes_by_birth(coordinator: Actor, one_class: TrainingClass) -> None:
    for name, year in (
        ("Nguyễn Văn Đức", 1980),
        ("Trần Thị Ánh", 1990),
        ("Nguyễn Thị An", 1991),
        ("Nguyễn Văn Đức", 1970),
        ("Lê Văn Dũng", 1975),
    ):
        EnrolmentFactory(training_class=one_class, learner=learner_of(coordinator, name=name, birth_year=year))
    assert [(one.learner.name, one.learner.birth_year) for one in queries.roster(one_class.id)] == [
        ("Nguyễn Thị An", 1991),
        ("Trần Thị Ánh", 1990),
        ("Lê Văn Dũng", 1975),
        ("Nguyễn Văn Đức", 1970),
        ("Nguyễn Văn Đức", 1980),
    ]


def test_a_roster_of_an_earlier_instant_holds_who_was_there_then(coordinator: Actor, one_class: TrainingClass) -> None:
    stayed = EnrolmentFactory(training_class=one_class)
    EnrolmentFactory(training_class=one_class, enrolled_at=vietnam(12))
    left = EnrolmentFactory(training_class=one_class, ended_at=vietnam(10))
    assert {one.id for one in queries.roster(one_class.id, vietnam(9))} == {stayed.id, left.id}
    assert {one.id for one in queries.roster(one_class.id, vietnam(11))} == {stayed.id}


def test_a_learner_enrolled_into_two_classes_at_once_gets_one_of_them(
    any_app: Flask, coordinator: Actor, course: Course
) -> None:
    classes = [make_class(course=course, code=f"L{n}").public_id for n in range(4)]
    learner = learner_of(coordinator).public_id
    db.session.rollback()
    results = at_once(
        any_app,
        *(lambda to=one: services.enrol(to, learner, actor=coordinator) for one in classes),  # type: ignore[misc]
    )
    assert results.count("done") == 1
    winner = db.session.scalars(
        select(TrainingClass.code).join(Enrolment, Enrolment.class_id == TrainingClass.id)
    ).one()
    refused = [one for one in results if isinstance(one, Refusal)]
    assert [(one.code, one.details["class_code"]) for one in refused] == [("enrolment.other_class", winner)] * 3


def test_one_learner_enrolled_four_times_at_once_has_one_seat_and_one_history(
    any_app: Flask, coordinator: Actor, one_class: TrainingClass
) -> None:
    learner, to = learner_of(coordinator).public_id, one_class.public_id
    db.session.rollback()
    results = at_once(any_app, *[lambda: services.enrol(to, learner, actor=coordinator)] * 4)
    assert results == ["done"] * 4
    assert db.session.scalar(select(func.count(EnrolmentChange.id))) == 1


def test_the_last_seat_is_given_once(any_app: Flask, coordinator: Actor, course: Course) -> None:
    to = make_class(course=course, code="L01", capacity=3, learners=2).public_id
    learners = [learner_of(coordinator).public_id for _ in range(4)]
    db.session.rollback()
    results = at_once(
        any_app,
        *(lambda who=one: services.enrol(to, who, actor=coordinator) for one in learners),  # type: ignore[misc]
    )
    assert results.count("done") == 1
    assert {one.code for one in results if isinstance(one, Refusal)} == {"enrolment.class_full"}


def test_two_who_change_places_at_once_are_not_locked(any_app: Flask, coordinator: Actor, course: Course) -> None:
    first, second = (make_class(course=course, code=code, learners=1) for code in ("L01", "L02"))
    swaps = [
        (queries.roster(here.id)[0].public_id, there.public_id) for here, there in ((first, second), (second, first))
    ]
    db.session.rollback()
    results = at_once(
        any_app,
        *(
            lambda who=who, to=to: services.move_enrolment(who, to, "Đổi chỗ", actor=coordinator)  # type: ignore[misc]
            for who, to in swaps
        ),
    )
    assert results == ["done", "done"]


def test_why_somebody_left_lies_in_the_part_of_the_log_that_can_be_erased(
    coordinator: Actor, one_class: TrainingClass
) -> None:
    made = services.enrol(one_class.public_id, learner_of(coordinator).public_id, actor=coordinator)
    services.withdraw(made.public_id, "Ốm nặng", actor=coordinator)
    entry, payload = db.session.execute(
        select(AuditEntry, AuditPayload)
        .join(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
        .where(AuditEntry.action == "enrolment.withdrawn")
    ).one()
    assert "Ốm nặng" not in str(entry.facts)
    assert payload.details == {"reason": "Ốm nặng"}
