"""Spot checks on the trainer's side, and departures by hand, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.accounts.models import Organisation
from classroom.attendance import queries, services
from classroom.attendance.models import Event, Mark, SpotAnswer, SpotCheck
from classroom.attendance.queries.phones import person_in_course
from classroom.attendance.queries.session_facts import find_session_facts
from classroom.attendance.rules import Source, Status
from classroom.attendance.services.answering import Attempt
from classroom.attendance.services.spots import answer_spot
from classroom.core import actor as actors
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.sessions.models import TrainingClass
from tests.attendance.phoning import first_session, seats
from tests.attendance.test_races_scan import at_once
from tests.factories import at, make_actor, make_class, vietnam


@pytest.fixture
def made(any_app: Flask) -> TrainingClass:
    return make_class(learners=4, check_out=True)


@pytest.fixture
def boss(made: TrainingClass) -> Actor:
    return make_actor("coordinator", organisation=db.session.get_one(Organisation, made.organisation_id))


def going_on() -> tuple[TrainingClass, Actor]:
    """A class whose first half-day is going on now, by the real clock."""
    made = make_class(learners=1)
    session, moment = first_session(made), datetime.now(UTC)
    session.starts_at, session.ends_at = moment - timedelta(minutes=5), moment + timedelta(minutes=5)
    db.session.commit()
    return made, make_actor("coordinator", organisation=db.session.get_one(Organisation, made.organisation_id))


def half_day(made: TrainingClass) -> str:
    return first_session(made).public_id


def come(made: TrainingClass, boss: Actor, index: int, hour: int, minute: int = 0) -> None:
    choice = services.Choice(seats(made)[index].public_id, event_of(made, index))
    decision = services.Decision(Status.PRESENT, "test")
    with at(vietnam(hour, minute)):
        services.mark_by_hand(half_day(made), [choice], decision, actor=boss)


def event_of(made: TrainingClass, index: int) -> str:
    db.session.rollback()
    found = select(Event.public_id).join(Mark, Mark.event_id == Event.id)
    return db.session.scalar(found.where(Mark.enrolment_id == seats(made)[index].id)) or ""


def leave(made: TrainingClass, boss: Actor, index: int, hour: int, minute: int = 0, **stated: datetime) -> int:
    choice = services.Choice(seats(made)[index].public_id, event_of(made, index))
    with at(vietnam(hour, minute)):
        departure = services.Departure("goes home", **stated)
        return services.state_departure(half_day(made), [choice], departure, actor=boss).count


def the_mark(made: TrainingClass, index: int = 0) -> tuple[object, ...]:
    db.session.rollback()
    mark = db.session.scalars(select(Mark).where(Mark.enrolment_id == seats(made)[index].id)).one()
    return mark.status, mark.arrived_at, mark.left_at, mark.minutes, mark.minutes_estimated


def answer(made: TrainingClass, index: int, moment: datetime) -> str:
    facts = find_session_facts(half_day(made))
    who = person_in_course(made.organisation_id, made.course_id, seats(made)[index].learner.public_id)
    assert facts is not None
    assert who is not None
    attempt = Attempt(f"{index}{moment.isoformat()}", Source.ROOM_CODE, moment, who, bytes([index]) * 32)
    with at(moment):
        return answer_spot(facts, attempt, actor=actors.learner(made.organisation_id)).refusal


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def result(made: TrainingClass) -> queries.SpotResult:
    facts = find_session_facts(half_day(made))
    assert facts is not None
    return queries.spot_results(facts, queries.register_lines(facts))[-1]


def test_only_who_has_come_and_not_gone_is_asked_and_the_silent_are_named(made: TrainingClass, boss: Actor) -> None:
    for index in range(3):
        come(made, boss, index, 7, 30)
    leave(made, boss, 2, 8, 50)
    with at(vietnam(9)):
        services.start_spot(half_day(made), 5, actor=boss)
    assert answer(made, 0, vietnam(9, 1)) == ""
    assert answer(made, 3, vietnam(9, 1)) == "spot.first_check_in"
    responses = result(made).responses
    names = [seat.learner.name for seat in seats(made)]
    assert [line.name for line in responses.asked] == names[:2]
    assert [line.name for line in responses.silent] == names[1:2]
    assert count(Mark) == 3


def test_a_guest_is_asked_and_answers_like_everybody(made: TrainingClass, boss: Actor) -> None:
    other = make_class(course=made.course, learners=1)
    guest = seats(other)[0]
    with at(vietnam(7, 30)):
        decision = services.Decision(Status.PRESENT, "guest")
        services.mark_by_hand(half_day(made), [services.Choice(guest.public_id)], decision, actor=boss)
    with at(vietnam(9)):
        services.start_spot(half_day(made), 5, actor=boss)
    assert [line.name for line in result(made).responses.silent] == [guest.learner.name]
    facts = find_session_facts(half_day(made))
    who = person_in_course(made.organisation_id, made.course_id, guest.learner.public_id)
    assert facts is not None
    assert who is not None
    with at(vietnam(9, 1)):
        attempt = Attempt("guest", Source.TYPED, vietnam(9, 1), who, b"g" * 32)
        assert answer_spot(facts, attempt, actor=actors.learner(made.organisation_id)).at == vietnam(9, 1)
    assert result(made).responses.silent == ()


def test_the_trainer_ticks_who_is_seen_once(made: TrainingClass, boss: Actor) -> None:
    come(made, boss, 0, 7, 30)
    with at(vietnam(9)):
        services.start_spot(half_day(made), 5, actor=boss)
        check = result(made).check.public_id
        for _ in range(2):
            services.note_seen(half_day(made), check, seats(made)[0].public_id, actor=boss)
        with pytest.raises(Refusal, match=r"spot\.not_here"):
            services.note_seen(half_day(made), check, seats(made)[1].public_id, actor=boss)
        with pytest.raises(NotFound):
            services.note_seen(half_day(made), "0" * 12, seats(made)[0].public_id, actor=boss)
    kept = db.session.scalars(select(SpotAnswer)).one()
    assert (kept.source, kept.staff_id) == ("hand", boss.staff_id)
    assert result(made).responses.silent == ()


def test_one_check_at_a_time_while_check_in_is_open(made: TrainingClass, boss: Actor) -> None:
    with at(vietnam(6)), pytest.raises(Refusal, match=r"spot\.not_open"):
        services.start_spot(half_day(made), 5, actor=boss)
    with at(vietnam(9)):
        with pytest.raises(Invalid, match=r"spot\.minutes"):
            services.start_spot(half_day(made), 4, actor=boss)
        services.start_spot(half_day(made), 5, actor=boss)
        with pytest.raises(Refusal, match=r"spot\.running"):
            services.start_spot(half_day(made), 5, actor=boss)
    with at(vietnam(9, 2)):
        services.end_spot(half_day(made), result(made).check.public_id, actor=boss)
        services.start_spot(half_day(made), 3, actor=boss)
    with at(vietnam(9, 30)):
        services.end_spot(half_day(made), result(made).check.public_id, actor=boss)
    db.session.rollback()
    ends = db.session.scalars(select(SpotCheck.ends_at).order_by(SpotCheck.id)).all()
    assert list(ends) == [vietnam(9, 2), vietnam(9, 5)]


def test_of_many_starts_at_once_one_counts(any_app: Flask) -> None:
    made, boss = going_on()
    key = half_day(made)

    def start(_number: int) -> str:
        try:
            services.start_spot(key, 3, actor=boss)
        except Refusal as no:
            return no.code
        return "started"

    answers = at_once(any_app, start, threads=6)
    assert sorted(answers) == ["spot.running"] * 5 + ["started"]  # type: ignore[type-var]
    assert count(SpotCheck) == 1


def test_many_answers_of_one_learner_at_once_are_one(any_app: Flask) -> None:
    made, boss = going_on()
    choice = services.Choice(seats(made)[0].public_id)
    services.mark_by_hand(half_day(made), [choice], services.Decision(Status.PRESENT, "x"), actor=boss)
    services.start_spot(half_day(made), 3, actor=boss)
    facts, when = find_session_facts(half_day(made)), datetime.now(UTC)
    who = person_in_course(made.organisation_id, made.course_id, seats(made)[0].learner.public_id)
    assert facts is not None
    assert who is not None

    def say(number: int) -> object:
        attempt = Attempt(f"n{number}", Source.ROOM_CODE, when, who, number.to_bytes(32))
        return answer_spot(facts, attempt, actor=actors.learner(made.organisation_id)).at

    assert set(at_once(any_app, say, threads=12)) == {when}
    assert count(SpotAnswer) == 1


# --- departures by hand ---


def test_a_departure_is_stated_and_taken_back(made: TrainingClass, boss: Actor) -> None:
    come(made, boss, 0, 7, 30)
    assert leave(made, boss, 0, 10, 0, left_at=vietnam(9, 50)) == 1
    assert the_mark(made) == ("left_early", vietnam(7, 30), vietnam(9, 50), 140, False)
    choice = services.Choice(seats(made)[0].public_id, event_of(made, 0))
    with at(vietnam(10, 1)):
        services.undo_exit(half_day(made), choice, reason="came back", actor=boss)
        with pytest.raises(Refusal, match=r"mark\.changed"):
            services.undo_exit(half_day(made), choice, reason="again", actor=boss)
        again = services.Choice(seats(made)[0].public_id, event_of(made, 0))
        with pytest.raises(Refusal, match=r"mark\.nothing_to_undo"):
            services.undo_exit(half_day(made), again, reason="again", actor=boss)
    assert the_mark(made) == ("present", vietnam(7, 30), None, 240, True)


def test_what_a_person_states_takes_the_place_of_a_later_exit(made: TrainingClass, boss: Actor) -> None:
    come(made, boss, 0, 7, 30)
    leave(made, boss, 0, 11, 29)
    leave(made, boss, 0, 11, 30, left_at=vietnam(10))
    assert the_mark(made) == ("left_early", vietnam(7, 30), vietnam(10), 150, False)


def test_a_departure_cannot_lie_before_the_arrival_or_in_the_future_or_be_nobodys(
    made: TrainingClass, boss: Actor
) -> None:
    come(made, boss, 0, 7, 40)
    for stated in (vietnam(7, 35), vietnam(10, 1)):
        with pytest.raises(Invalid, match=r"mark\.departure_impossible"):
            leave(made, boss, 0, 10, 0, left_at=stated)
    with pytest.raises(Refusal, match=r"mark\.not_here"):
        leave(made, boss, 1, 10)
    choices = [services.Choice(seats(made)[0].public_id, "stale")]
    with at(vietnam(10)):
        marked = services.state_departure(half_day(made), choices, services.Departure("x"), actor=boss)
    assert (marked.count, marked.conflicts) == (0, (seats(made)[0].learner.name,))


def test_where_nobody_checks_out_nobody_leaves_and_no_screen_says_so(any_app: Flask) -> None:
    made = make_class(learners=1)
    boss = make_actor("coordinator", organisation=db.session.get_one(Organisation, made.organisation_id))
    come(made, boss, 0, 7, 30)
    with pytest.raises(Refusal, match=r"mark\.no_check_out"):
        leave(made, boss, 0, 10)
    with at(vietnam(10)), pytest.raises(Refusal, match=r"screen\.no_check_out"):
        services.show_on_screen(half_day(made), "out", actor=boss)
    with at(vietnam(10)), pytest.raises(Invalid, match=r"screen\.showing"):
        services.show_on_screen(half_day(made), "spot", actor=boss)


def test_after_sign_off_a_departure_needs_the_coordinator(made: TrainingClass, boss: Actor) -> None:
    come(made, boss, 0, 7, 30)
    with at(vietnam(11, 40)):
        services.close_register(half_day(made), head_count=1, actor=boss)
        services.sign_off(half_day(made), actor=boss)
    trainer = make_actor("trainer", organisation=db.session.get_one(Organisation, made.organisation_id))
    with pytest.raises((Refusal, NotFound)):
        leave(made, trainer, 0, 11, 50, left_at=vietnam(10))
    leave(made, boss, 0, 11, 50, left_at=vietnam(10))
    assert the_mark(made)[0] == "left_early"
    assert db.session.scalars(select(Mark.after_sign_off).where(Mark.enrolment_id == seats(made)[0].id)).one()
