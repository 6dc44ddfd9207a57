"""Recording scans: one mark, a row for every attempt, on both databases."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from classroom.attendance.models import Binding, Event, Flag, Mark, Register, Scan
from classroom.attendance.queries.phones import Person, person_in_course
from classroom.attendance.queries.session_facts import SessionFacts, find_session_facts
from classroom.attendance.rules import EventKind, Source, Status, undo_targets
from classroom.attendance.services.locking import lock_register
from classroom.attendance.services.marking import EventFacts, append_event, events_of
from classroom.attendance.services.scanning import Attempt, ScanAnswer, record_scan
from classroom.core import actor as actors
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.inbox.models import InboxItem
from classroom.sessions.models import Enrolment, TrainingClass
from tests.attendance.phoning import first_session, seat
from tests.factories import EnrolmentFactory, LearnerFactory, at, make_class, vietnam

BROWSER = b"b" * 32


def facts_of(made: TrainingClass) -> SessionFacts:
    facts = find_session_facts(first_session(made).public_id)
    assert facts is not None
    return facts


def person(made: TrainingClass, enrolment: Enrolment) -> Person:
    found = person_in_course(made.organisation_id, made.course_id, enrolment.learner.public_id)
    assert found is not None
    return found


def scan(
    made: TrainingClass,
    who: Person,
    moment: datetime,
    *,
    uuid: str = "",
    sent: datetime | None = None,
    source: Source = Source.ROOM_CODE,
    browser: bytes = BROWSER,
    shared: bool = False,
) -> ScanAnswer:
    """A phone that read the code at `moment` and reached us at `sent`."""
    facts = facts_of(made)
    attempt = Attempt(uuid or f"{moment.isoformat()}{who.public_id}"[:64], source, moment, who, browser, shared)
    with at(sent or moment):
        return record_scan(facts, attempt, actor=actors.learner(made.organisation_id))


def decide(made: TrainingClass, enrolment_id: int, kind: EventKind, moment: datetime, status: Status | None) -> None:
    with at(moment), transaction() as session:
        source = Source.CLOSE if kind is EventKind.ABSENCE else Source.HAND
        locked = lock_register(session, facts_of(made))
        append_event(session, locked, enrolment_id, EventFacts(kind, moment, source, status, "reason"))


def set_register(made: TrainingClass, **values: object) -> None:
    with transaction() as session:
        register = session.scalars(select(Register).where(Register.class_session_id == first_session(made).id)).one()
        for name, value in values.items():
            setattr(register, name, value)


def the_mark(made: TrainingClass) -> Mark:
    db.session.rollback()
    return db.session.scalars(select(Mark).where(Mark.class_session_id == first_session(made).id)).one()


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def made(any_app: Flask) -> TrainingClass:
    return make_class(learners=1)


@pytest.fixture
def who(made: TrainingClass) -> Person:
    return person(made, seat(made))


def test_a_scan_marks_the_learner_present_at_the_time_of_the_scan(made: TrainingClass, who: Person) -> None:
    answer = scan(made, who, vietnam(7, 38), sent=vietnam(7, 41))
    assert (answer.outcome, answer.status, answer.at) == ("accepted", Status.PRESENT, vietnam(7, 38))
    mark = the_mark(made)
    assert (mark.status, mark.arrived_at, mark.source, mark.guest) == ("present", vietnam(7, 38), "room_code", False)


@pytest.mark.parametrize(
    ("moment", "status"), [(vietnam(7, 45, 59), Status.PRESENT), (vietnam(7, 46), Status.LATE)], ids=["on time", "late"]
)
def test_the_boundary_minute_is_on_time(made: TrainingClass, who: Person, moment: datetime, status: Status) -> None:
    assert scan(made, who, moment).status is status
    assert the_mark(made).status == status


def test_the_same_try_again_gets_its_first_answer_and_changes_nothing(made: TrainingClass, who: Person) -> None:
    first = scan(made, who, vietnam(7, 38), uuid="one")
    version = facts_of(made).version
    again = scan(made, who, vietnam(7, 38), uuid="one", sent=vietnam(7, 44))
    assert (again.outcome, again.status, again.at) == (first.outcome, first.status, first.at)
    assert (count(Scan), count(Event), count(Mark)) == (1, 1, 1)
    assert facts_of(made).version > version


def test_the_same_number_with_other_content_is_refused(made: TrainingClass, who: Person) -> None:
    scan(made, who, vietnam(7, 38), uuid="one")
    answer = scan(made, who, vietnam(7, 35), uuid="one")
    assert (answer.outcome, answer.refusal) == ("refused", "scan.uuid_reused")
    assert the_mark(made).arrived_at == vietnam(7, 38)


def test_a_second_scan_says_when_the_first_one_was(made: TrainingClass, who: Person) -> None:
    scan(made, who, vietnam(7, 38))
    answer = scan(made, who, vietnam(7, 50))
    assert (answer.outcome, answer.status, answer.at) == ("duplicate", Status.PRESENT, vietnam(7, 38))
    assert (count(Scan), count(Event)) == (2, 1)


def test_an_earlier_scan_that_arrives_later_counts(made: TrainingClass, who: Person) -> None:
    scan(made, who, vietnam(7, 50))
    answer = scan(made, who, vietnam(7, 40), sent=vietnam(7, 52))
    assert (answer.status, answer.at) == (Status.PRESENT, vietnam(7, 40))
    assert (the_mark(made).status, the_mark(made).arrived_at) == ("present", vietnam(7, 40))


def test_after_an_undo_the_learner_scans_again(made: TrainingClass, who: Person) -> None:
    place = who.places[0].enrolment_id
    scan(made, who, vietnam(7, 38))
    with at(vietnam(7, 40)), transaction() as session:
        locked = lock_register(session, facts_of(made))
        for event_id in undo_targets(events_of(session, locked.facts.id, place)):
            undo = EventFacts(EventKind.UNDO, now(), Source.HAND, annuls_id=event_id)
            assert append_event(session, locked, place, undo).mark is None
    assert the_mark(made).status == "unmarked"
    answer = scan(made, who, vietnam(7, 50))
    assert (answer.outcome, answer.status) == ("accepted", Status.LATE)
    assert the_mark(made).arrived_at == vietnam(7, 50)


def test_a_scan_before_the_opening_is_refused_and_kept_and_a_later_one_counts(made: TrainingClass, who: Person) -> None:
    early = scan(made, who, vietnam(6, 59, 59))
    assert (early.refusal, early.details["opens_at"]) == ("scan.too_early", vietnam(7))
    assert scan(made, who, vietnam(7)).status is Status.PRESENT
    outcomes = db.session.execute(select(Scan.outcome, Scan.refusal).order_by(Scan.id)).all()
    assert [tuple(row) for row in outcomes] == [("refused", "scan.too_early"), ("accepted", "")]


def test_a_scan_after_the_close_is_refused_and_kept(made: TrainingClass, who: Person) -> None:
    set_register(made, closed_at=vietnam(8), closed_how="trainer")
    answer = scan(made, who, vietnam(8))
    assert (answer.refusal, answer.details["closes_at"]) == ("scan.too_late", vietnam(8))
    assert (count(Scan), count(Mark)) == (1, 0)
    assert scan(made, who, vietnam(8)).details == answer.details


def test_a_scan_from_before_the_close_takes_the_automatic_absence_back(made: TrainingClass, who: Person) -> None:
    set_register(made, closed_at=vietnam(8), closed_how="trainer")
    decide(made, who.places[0].enrolment_id, EventKind.ABSENCE, vietnam(8), None)
    assert the_mark(made).status == "absent"
    assert scan(made, who, vietnam(7, 59, 50), sent=vietnam(8, 5)).status is Status.LATE
    assert (the_mark(made).status, the_mark(made).arrived_at) == ("late", vietnam(7, 59, 50))


def test_a_scan_that_arrives_after_sign_off_is_only_proposed(made: TrainingClass, who: Person) -> None:
    set_register(made, closed_at=vietnam(8), closed_how="trainer", signed_off_at=vietnam(8, 1))
    decide(made, who.places[0].enrolment_id, EventKind.ABSENCE, vietnam(8), None)
    first = scan(made, who, vietnam(7, 59), sent=vietnam(8, 5))
    scan(made, who, vietnam(7, 59, 30), sent=vietnam(8, 6))
    assert (first.outcome, first.at) == ("proposed", vietnam(7, 59))
    assert the_mark(made).status == "absent"
    item = db.session.scalars(select(InboxItem)).one()
    assert (item.kind, item.facts["name"]) == ("attendance.late_scan", who.name)


def test_a_scan_after_sign_off_of_somebody_present_is_a_duplicate(made: TrainingClass, who: Person) -> None:
    scan(made, who, vietnam(7, 38))
    set_register(made, closed_at=vietnam(8), closed_how="trainer", signed_off_at=vietnam(8, 1))
    assert scan(made, who, vietnam(7, 59), sent=vietnam(8, 5)).outcome == "duplicate"
    assert count(InboxItem) == 0


def test_a_scan_learned_of_after_absent_by_hand_shows_that_the_learner_came(made: TrainingClass, who: Person) -> None:
    decide(made, who.places[0].enrolment_id, EventKind.MANUAL, vietnam(7, 50), Status.ABSENT)
    answer = scan(made, who, vietnam(7, 49), sent=vietnam(7, 51))
    assert (answer.outcome, answer.status) == ("accepted", Status.LATE)
    assert the_mark(made).status == "late"


@pytest.mark.parametrize("status", [Status.PRESENT, Status.LATE, Status.LEFT_EARLY])
def test_the_answer_foretells_the_mark_that_a_person_decided(made: TrainingClass, who: Person, status: Status) -> None:
    decide(made, who.places[0].enrolment_id, EventKind.MANUAL, vietnam(7, 50), status)
    answer = scan(made, who, vietnam(7, 55))
    mark = the_mark(made)
    assert (answer.status, answer.at) == (mark.status, mark.arrived_at) == (status, vietnam(7, 50))


def test_a_decision_that_contradicts_a_scan_raises_a_flag(made: TrainingClass, who: Person) -> None:
    scan(made, who, vietnam(7, 38))
    decide(made, who.places[0].enrolment_id, EventKind.MANUAL, vietnam(7, 50), Status.ABSENT)
    assert db.session.scalars(select(Flag.kind)).all() == ["contradicted"]
    assert (the_mark(made).status, the_mark(made).reason) == ("absent", "reason")


def test_a_learner_of_another_class_of_the_course_is_a_guest(made: TrainingClass) -> None:
    other = make_class(course=made.course, learners=1)
    answer = scan(made, person(other, seat(other)), vietnam(7, 38))
    mark = the_mark(made)
    assert (answer.guest, mark.guest, mark.enrolment_id) == (True, True, seat(other).id)


def test_a_stranger_to_the_course_is_refused_by_the_name_of_the_reason(made: TrainingClass) -> None:
    stranger = LearnerFactory(organisation_id=made.organisation_id)
    known = person_in_course(made.organisation_id, made.course_id, stranger.public_id)
    assert known is not None
    assert scan(made, known, vietnam(7, 38)).refusal == "scan.not_enrolled"
    assert (count(Mark), count(Binding)) == (0, 0)
    kept = db.session.scalars(select(Scan)).one()
    assert (kept.learner_id, kept.refusal) == (stranger.id, "scan.not_enrolled")


def test_a_withdrawn_learner_is_refused_in_words_of_its_own(made: TrainingClass, who: Person) -> None:
    seat(made).ended_at = vietnam(6)
    db.session.commit()
    assert scan(made, person(made, seat(made)), vietnam(7, 38)).refusal == "scan.withdrawn"
    assert count(Mark) == 0


def test_a_learner_who_is_enrolled_from_tomorrow_may_come_today(made: TrainingClass) -> None:
    late_comer = EnrolmentFactory(training_class=made, effective_from=vietnam(23, 59))
    assert scan(made, person(made, late_comer), vietnam(7, 38)).status is Status.PRESENT


def test_somebody_who_moved_on_scans_for_the_class_of_now(made: TrainingClass, who: Person) -> None:
    other = make_class(course=made.course)
    seat(made).ended_at = vietnam(6)
    db.session.commit()
    moved = EnrolmentFactory(training_class=other, learner=seat(made).learner)
    answer = scan(made, person(made, moved), vietnam(7, 38))
    assert (answer.guest, the_mark(made).enrolment_id) == (True, moved.id)


def test_a_second_learner_on_one_phone_is_accepted_and_flagged_once(made: TrainingClass, who: Person) -> None:
    spouse = person(made, EnrolmentFactory(training_class=made))
    scan(made, who, vietnam(7, 38))
    answer = scan(made, spouse, vietnam(7, 39), shared=True)
    flag = db.session.scalars(select(Flag)).one()
    assert answer.outcome == "accepted"
    assert (flag.kind, flag.enrolment_id, flag.other_learner_id) == (
        "second_learner",
        spouse.places[0].enrolment_id,
        who.learner_id,
    )
    again = [scan(made, each, vietnam(7, 40), shared=True).outcome for each in (who, spouse)]
    assert (again, count(Flag)) == (["duplicate", "duplicate"], 1)


def test_a_phone_that_served_somebody_else_last_week_raises_no_flag(made: TrainingClass, who: Person) -> None:
    scan(made, who, vietnam(7, 38), browser=b"x" * 32)
    spouse = person(made, EnrolmentFactory(training_class=made))
    scan(made, spouse, vietnam(7, 39), shared=True)
    assert count(Flag) == 0


def test_a_scan_marks_no_other_session(made: TrainingClass, who: Person) -> None:
    scan(made, who, vietnam(7, 38))
    assert {each.class_session_id for each in db.session.scalars(select(Mark))} == {first_session(made).id}


def test_a_cancelled_session_takes_no_scan(made: TrainingClass, who: Person) -> None:
    first_session(made).cancelled_at = vietnam(6)
    db.session.commit()
    assert scan(made, who, vietnam(7, 38)).refusal == "scan.cancelled"


def test_the_day_of_a_scan_is_the_day_where_the_class_is(made: TrainingClass, who: Person) -> None:
    assert scan(made, who, vietnam(23, 59, 59)).status is Status.LATE
    midnight = vietnam(23, 59, 59) + timedelta(seconds=1)
    assert scan(made, who, midnight).refusal == "scan.too_late"


def test_the_first_scan_of_a_session_makes_its_register(made: TrainingClass, who: Person) -> None:
    facts = facts_of(made)
    with transaction() as session:
        session.execute(text("DELETE FROM register"))
    with at(vietnam(7, 38)):
        attempt = Attempt("one", Source.ROOM_CODE, vietnam(7, 38), who, BROWSER)
        record_scan(facts, attempt, actor=actors.learner(made.organisation_id))
    assert facts_of(made).secret


def test_a_half_day_moved_while_the_phone_was_on_its_way_is_judged_by_its_new_times(any_app: Flask) -> None:
    made = make_class(learners=1)
    facts, who = facts_of(made), person(made, seat(made))
    with transaction():
        half_day = first_session(made)
        half_day.starts_at += timedelta(hours=1)
        half_day.ends_at += timedelta(hours=1)
    moment = vietnam(8, 45)
    with at(moment):
        answer = record_scan(
            facts,
            Attempt("moved", Source.ROOM_CODE, moment, who, BROWSER),
            actor=actors.learner(made.organisation_id),
        )
    assert answer.status is Status.PRESENT
