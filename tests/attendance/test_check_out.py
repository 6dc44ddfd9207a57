"""Going out, recorded: the same ways as coming in, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.accounts.models import Organisation
from classroom.attendance import services
from classroom.attendance.models import Event, Flag, Mark, Scan
from classroom.attendance.queries.phones import Person, person_in_course
from classroom.attendance.queries.session_facts import find_session_facts
from classroom.attendance.rules import Source, Status
from classroom.attendance.services.scanning import Attempt, ScanAnswer, record_scan
from classroom.core import actor as actors
from classroom.core.db import db
from classroom.desk import services as desk
from classroom.inbox.models import InboxItem
from classroom.sessions.models import TrainingClass
from tests.attendance.phoning import first_session, seat, seats
from tests.attendance.test_races_scan import at_once
from tests.factories import at, make_actor, make_class, vietnam


@pytest.fixture
def made(any_app: Flask) -> TrainingClass:
    return make_class(learners=2, check_out=True)


@pytest.fixture
def who(made: TrainingClass) -> Person:
    return person(made)


def person(made: TrainingClass, index: int = 0) -> Person:
    found = person_in_course(made.organisation_id, made.course_id, seats(made)[index].learner.public_id)
    assert found is not None
    return found


def scan(
    made: TrainingClass,
    who: Person,
    moment: datetime,
    direction: str = "out",
    *,
    sent: datetime | None = None,
    shared: bool = False,
) -> ScanAnswer:
    facts = find_session_facts(first_session(made).public_id)
    assert facts is not None
    uuid = f"{direction}{moment.isoformat()}{who.public_id}"[:64]
    attempt = Attempt(uuid, Source.ROOM_CODE, moment, who, b"b" * 32, shared, direction)
    with at(sent or moment):
        return record_scan(facts, attempt, actor=actors.learner(made.organisation_id))


def said(answer: ScanAnswer) -> tuple[str, Status | None, datetime | None]:
    return answer.outcome, answer.status, answer.at


def the_mark(made: TrainingClass, index: int = 0) -> tuple[object, ...]:
    db.session.rollback()
    mark = db.session.scalars(select(Mark).where(Mark.enrolment_id == seats(made)[index].id)).one()
    return mark.status, mark.arrived_at, mark.left_at, mark.minutes, mark.minutes_estimated


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def office(made: TrainingClass) -> actors.Actor:
    return make_actor("coordinator", organisation=db.session.get_one(Organisation, made.organisation_id))


P, L, X = Status.PRESENT, Status.LATE, Status.LEFT_EARLY


def test_an_exit_is_written_with_its_time_and_the_minutes_in_the_room(made: TrainingClass, who: Person) -> None:
    scan(made, who, vietnam(7, 40), "in")
    assert the_mark(made) == ("present", vietnam(7, 40), None, 230, True)
    assert said(scan(made, who, vietnam(11, 28))) == ("accepted", P, vietnam(11, 28))
    assert the_mark(made) == ("present", vietnam(7, 40), vietnam(11, 28), 228, False)
    assert list(db.session.scalars(select(Scan.direction).order_by(Scan.id))) == ["in", "out"]
    assert list(db.session.scalars(select(Event.kind).order_by(Event.id))) == ["scan", "exit"]


def test_exit_without_entry_shows_that_the_learner_was_there(made: TrainingClass, who: Person) -> None:
    assert said(scan(made, who, vietnam(11, 28))) == ("accepted", P, vietnam(11, 28))
    assert the_mark(made) == ("present", None, vietnam(11, 28), 238, True)


def test_exit_without_entry_takes_the_automatic_absence_back(made: TrainingClass, who: Person) -> None:
    with at(vietnam(11, 35)):
        services.close_register(first_session(made).public_id, head_count=0, actor=office(made))
    assert the_mark(made)[0] == "absent"
    scan(made, who, vietnam(11, 28), sent=vietnam(11, 40))
    assert the_mark(made) == ("present", None, vietnam(11, 28), 238, True)


def test_of_a_double_exit_the_last_one_counts_and_the_answer_is_kind(made: TrainingClass, who: Person) -> None:
    scan(made, who, vietnam(7, 30), "in")
    assert said(scan(made, who, vietnam(10))) == ("accepted", X, vietnam(10))
    assert said(scan(made, who, vietnam(11, 28))) == ("accepted", P, vietnam(11, 28))
    assert said(scan(made, who, vietnam(11, 5), sent=vietnam(11, 29))) == ("duplicate", P, vietnam(11, 28))
    assert the_mark(made) == ("present", vietnam(7, 30), vietnam(11, 28), 238, False)


def test_re_entry_takes_the_early_leave_back(made: TrainingClass, who: Person) -> None:
    scan(made, who, vietnam(7, 50), "in")
    scan(made, who, vietnam(9))
    assert the_mark(made) == ("left_early", vietnam(7, 50), vietnam(9), 70, False)
    assert said(scan(made, who, vietnam(9, 30), "in")) == ("accepted", L, vietnam(9, 30))
    assert the_mark(made) == ("late", vietnam(7, 50), None, 190, True)
    scan(made, who, vietnam(11, 30))
    assert the_mark(made) == ("late", vietnam(7, 50), vietnam(11, 30), 190, False)


def test_a_coming_again_that_is_learned_of_before_the_going_counts(made: TrainingClass, who: Person) -> None:
    scan(made, who, vietnam(7, 30), "in")
    assert said(scan(made, who, vietnam(9, 30), "in")) == ("duplicate", P, vietnam(7, 30))
    scan(made, who, vietnam(9), sent=vietnam(9, 31))
    assert the_mark(made) == ("present", vietnam(7, 30), None, 210, True)


def test_where_the_class_does_not_check_out_an_exit_is_refused_and_kept(any_app: Flask) -> None:
    made = make_class(learners=1)
    answer = scan(made, person(made), vietnam(11))
    assert (answer.outcome, answer.refusal) == ("refused", "scan.no_check_out")
    assert (count(Mark), count(Event), count(Scan)) == (0, 0, 1)
    scan(made, person(made), vietnam(7, 40), "in")
    assert the_mark(made) == ("present", vietnam(7, 40), None, None, False)


@pytest.mark.parametrize(
    ("moment", "refusal"), [(vietnam(6, 59), "scan.too_early"), (vietnam(11, 35), "scan.too_late")]
)
def test_exits_have_the_window_that_entries_have(
    made: TrainingClass, who: Person, moment: datetime, refusal: str
) -> None:
    with at(vietnam(11, 34)):
        services.close_register(first_session(made).public_id, head_count=0, actor=office(made))
    assert scan(made, who, moment, sent=vietnam(11, 36)).refusal == refusal


def test_undoing_the_mark_takes_comings_and_goings_back(made: TrainingClass, who: Person) -> None:
    scan(made, who, vietnam(7, 40), "in")
    scan(made, who, vietnam(9))
    half_day, place = first_session(made), seat(made)
    event = db.session.scalars(select(Event.public_id).where(Event.kind == "exit")).one()
    with at(vietnam(9, 10)):
        choice = services.Choice(place.public_id, event)
        services.undo_mark(half_day.public_id, choice, reason="wrong name", actor=office(made))
    assert the_mark(made) == ("unmarked", None, None, None, False)


def test_the_same_number_with_the_other_direction_is_refused(made: TrainingClass, who: Person) -> None:
    facts = find_session_facts(first_session(made).public_id)
    assert facts is not None
    with at(vietnam(7, 40)):
        for direction, refusal in (("in", ""), ("out", "scan.uuid_reused"), ("in", "")):
            attempt = Attempt("one", Source.ROOM_CODE, vietnam(7, 40), who, b"b" * 32, direction=direction)
            assert record_scan(facts, attempt, actor=actors.learner(made.organisation_id)).refusal == refusal


def test_after_sign_off_coming_and_going_are_two_proposals_that_can_be_let_count(
    made: TrainingClass, who: Person
) -> None:
    boss, half_day = office(made), first_session(made).public_id
    with at(vietnam(11, 45)):
        services.close_register(half_day, head_count=0, actor=boss)
        services.sign_off(half_day, actor=boss)
        assert scan(made, who, vietnam(7, 40), "in", sent=vietnam(11, 46)).outcome == "proposed"
        assert scan(made, who, vietnam(10), sent=vietnam(11, 46)).outcome == "proposed"
        assert the_mark(made)[0] == "absent"
        items = db.session.scalars(select(InboxItem.public_id).order_by(InboxItem.id)).all()
        assert len(items) == 2
        for item in items:
            desk.decide_question(item, "accept", actor=boss)
    assert the_mark(made) == ("left_early", vietnam(7, 40), vietnam(10), 140, False)


def flags() -> list[Flag]:
    db.session.rollback()
    return list(db.session.scalars(select(Flag).order_by(Flag.id)))


def test_a_couple_on_one_phone_is_flagged_coming_and_not_again_going(made: TrainingClass, who: Person) -> None:
    """Taking one of them back takes all back that this phone brought."""
    boss, half_day = office(made), first_session(made).public_id
    scan(made, who, vietnam(7, 40), "in")
    spouse = person(made, 1)
    scan(made, spouse, vietnam(7, 41), "in", shared=True)
    scan(made, spouse, vietnam(11, 20), shared=True)
    assert [(flag.kind, flag.enrolment_id) for flag in flags()] == [("second_learner", seats(made)[1].id)]
    with at(vietnam(11, 21)):
        services.decide_flag(half_day, flags()[0].public_id, fine=False, reason="alone", actor=boss)
    assert the_mark(made, 1)[0] == "unmarked"
    assert the_mark(made)[0] == "present"


def test_who_scanned_in_and_out_and_did_not_sign_is_taken_back_as_a_whole(made: TrainingClass, who: Person) -> None:
    boss, half_day = office(made), first_session(made).public_id
    scan(made, who, vietnam(7, 40), "in")
    scan(made, who, vietnam(11, 20))
    with at(vietnam(11, 40)):
        services.enter_sheet(half_day, [], reason="sheet", actor=boss)
        assert [flag.kind for flag in flags()] == ["not_signed"]
        services.decide_flag(half_day, flags()[0].public_id, fine=False, reason="not here", actor=boss)
    assert the_mark(made)[0] == "unmarked"


# --- at once ---


@pytest.fixture
def going_on(any_app: Flask) -> TrainingClass:
    """A class that checks out whose first half-day ends in five minutes, by the real clock."""
    made = make_class(learners=2, check_out=True)
    half_day, moment = first_session(made), datetime.now(UTC)
    half_day.starts_at, half_day.ends_at = moment - timedelta(minutes=60), moment + timedelta(minutes=5)
    db.session.commit()
    return made


def test_twenty_parallel_exits_of_one_learner_are_one(any_app: Flask, going_on: TrainingClass) -> None:
    facts, who = find_session_facts(first_session(going_on).public_id), person(going_on)
    moment, actor = datetime.now(UTC), actors.learner(going_on.organisation_id)
    assert facts is not None

    def leave(number: int) -> ScanAnswer:
        attempt = Attempt(f"number {number}", Source.ROOM_CODE, moment, who, number.to_bytes(32), direction="out")
        return record_scan(facts, attempt, actor=actor)

    answers = [said(answer) for answer in at_once(any_app, leave)]  # type: ignore[arg-type]
    assert sorted(answers) == sorted([("accepted", P, moment)] + [("duplicate", P, moment)] * 19)
    assert (count(Mark), count(Event), count(Scan)) == (1, 1, 20)
    assert the_mark(going_on)[2] == moment


def test_an_exit_that_races_the_closing_wins(any_app: Flask, going_on: TrainingClass) -> None:
    facts, who, boss = find_session_facts(first_session(going_on).public_id), person(going_on), office(going_on)
    moment, actor = datetime.now(UTC), actors.learner(going_on.organisation_id)
    assert facts is not None

    def act(number: int) -> ScanAnswer | None:
        if number == 0:
            services.close_register(facts.public_id, head_count=0, actor=boss)
            return None
        attempt = Attempt(f"number {number}", Source.ROOM_CODE, moment, who, number.to_bytes(32), direction="out")
        return record_scan(facts, attempt, actor=actor)

    answers = at_once(any_app, act, threads=6)
    assert {answer.outcome for answer in answers if answer} <= {"accepted", "duplicate"}  # type: ignore[attr-defined]
    assert (the_mark(going_on)[0], the_mark(going_on, 1)[0]) == ("present", "absent")


def test_any_order_of_the_same_scans_gives_one_mark(made: TrainingClass) -> None:
    first, second = person(made), person(made, 1)
    told = [(vietnam(7, 40), "in"), (vietnam(9), "out"), (vietnam(9, 20), "in"), (vietnam(11, 20), "out")]
    for moment, direction in told:
        scan(made, first, moment, direction, sent=vietnam(11, 30))
    for moment, direction in reversed(told):
        scan(made, second, moment, direction, sent=vietnam(11, 30))
    assert the_mark(made) == the_mark(made, 1) == ("present", vietnam(7, 40), vietnam(11, 20), 200, False)
