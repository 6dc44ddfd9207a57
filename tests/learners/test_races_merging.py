"""Merges at the same instant as other merges and as scans, on both databases: nothing is lost, none waits for good."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.attendance.models import Event, Mark, Register
from classroom.attendance.queries.phones import Person, person_in_course
from classroom.attendance.queries.session_facts import SessionFacts, find_session_facts
from classroom.attendance.rules import EventKind, Source
from classroom.attendance.services.locking import lock_register
from classroom.attendance.services.marking import EventFacts, append_event
from classroom.attendance.services.scanning import Attempt, record_scan
from classroom.core import actor as actors
from classroom.core.actor import Actor
from classroom.core.db import db, transaction
from classroom.core.errors import Refusal
from classroom.learners import services
from classroom.learners.models import Learner
from classroom.sessions.models import Enrolment, TrainingClass
from tests.attendance.phoning import first_session
from tests.factories import (
    CourseFactory,
    EnrolmentFactory,
    LearnerFactory,
    ProgrammeFactory,
    make_actor,
    make_class,
)
from tests.support.racing import together

ROUNDS = 3


@pytest.fixture
def actor(any_app: Flask) -> Actor:
    return make_actor("coordinator")


@pytest.fixture
def l01(actor: Actor) -> TrainingClass:
    """Its first half-day is going on now, by the real clock."""
    made = make_class(course=CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id)), days=1)
    half_day, moment = first_session(made), datetime.now(UTC)
    half_day.starts_at, half_day.ends_at = moment - timedelta(minutes=5), moment + timedelta(minutes=5)
    db.session.commit()
    return made


def learner(actor: Actor, *classes: TrainingClass) -> Learner:
    made = LearnerFactory(organisation_id=actor.organisation_id, id_number="", phone="")
    for one in classes:
        EnrolmentFactory(training_class=one, learner=made)
    return made


def merging(actor: Actor, kept: Learner, gone: Learner):  # type: ignore[no-untyped-def]
    keys = kept.public_id, gone.public_id

    def merge() -> str:
        try:
            services.merge_learners(*keys, "x", actor=actor)
        except Refusal as refused:
            return refused.code
        return ""

    return merge


def session_and_person(made: TrainingClass, one: Learner) -> tuple[SessionFacts, Person]:
    facts = find_session_facts(first_session(made).public_id)
    who = person_in_course(made.organisation_id, made.course_id, one.public_id)
    assert facts is not None
    assert who is not None
    return facts, who


def scanning(facts: SessionFacts, who: Person, uuid: str):  # type: ignore[no-untyped-def]
    attempt = Attempt(uuid, Source.ROOM_CODE, datetime.now(UTC), who, uuid.encode().ljust(32))
    return lambda: record_scan(facts, attempt, actor=actors.learner(facts.organisation_id)).outcome


def present_places(one: int) -> list[tuple[int, bool]]:
    """The places at which the learner counts as present, and whether each is living."""
    db.session.rollback()
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.ended_at.is_(None))
        .join(Mark, Mark.enrolment_id == Enrolment.id)
        .where(Enrolment.learner_id == one, Mark.status == "present")
    )
    return [(row[0], row[1]) for row in rows]


def test_of_two_merges_of_one_gone_learner_one_happens(any_app: Flask, actor: Actor, l01: TrainingClass) -> None:
    for _ in range(ROUNDS):
        first, second, gone = learner(actor, l01), learner(actor), learner(actor, l01)
        keys, key = {first.id, second.id}, gone.id
        answers = together(any_app, [merging(actor, first, gone), merging(actor, second, gone)])
        assert sorted(answers) == ["", "merge.already"]
        db.session.rollback()
        assert db.session.get_one(Learner, key).merged_into_id in keys


def test_merges_that_follow_each_other_at_once_leave_no_chain(any_app: Flask, actor: Actor, l01: TrainingClass) -> None:
    for _ in range(ROUNDS):
        first, middle, last = (learner(actor, l01) for _ in range(3))
        keys = first.id, middle.id, last.id
        answers = together(any_app, [merging(actor, middle, first), merging(actor, last, middle)])
        assert answers in (["", ""], ["merge.already", ""])
        db.session.rollback()
        assert db.session.get_one(Learner, keys[1]).merged_into_id == keys[2]
        assert db.session.get_one(Learner, keys[0]).merged_into_id == (None if answers[0] else keys[2])


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed since"])
@pytest.mark.parametrize("shape", ["same class", "place moves", "two classes"])
def test_a_scan_of_the_gone_learner_beside_the_merge_is_a_mark_of_the_kept_one(
    any_app: Flask, actor: Actor, l01: TrainingClass, shape: str, closed: bool
) -> None:
    l02 = make_class(course=l01.course, code="L02", days=1)
    own = {"same class": [l01], "place moves": [], "two classes": [l02]}[shape]
    for number in range(ROUNDS):
        kept, gone = learner(actor, *own), learner(actor, l01)
        key, register = kept.id, Register.class_session_id == first_session(l01).id
        db.session.scalars(select(Register).where(register)).one().closed_at = None
        db.session.commit()
        facts, who = session_and_person(l01, gone)
        works = [scanning(facts, who, f"{number}.{n}") for n in range(3)]
        if closed:
            db.session.scalars(select(Register).where(register)).one().closed_at = datetime.now(UTC)
            db.session.commit()
        answers = together(any_app, [*works, merging(actor, kept, gone)])
        assert answers.pop() == ""
        assert set(answers) <= {"accepted", "duplicate"}
        places = present_places(key)
        assert len(places) == 1 or shape == "two classes"
        assert places
        assert shape == "two classes" or all(living for _, living in places)


def test_a_split_beside_a_scan_waits_its_turn(any_app: Flask, actor: Actor, l01: TrainingClass) -> None:
    for number in range(ROUNDS):
        kept, gone = learner(actor, l01), learner(actor, l01)
        key = kept.id
        facts, who = session_and_person(l01, gone)
        scanning(facts, who, f"before.{number}")()
        merge = services.merge_learners(kept.public_id, gone.public_id, "x", actor=actor).public_id
        facts, who = session_and_person(l01, db.session.get_one(Learner, key))
        works = [scanning(facts, who, f"{number}.{n}") for n in range(3)]
        split = lambda merge=merge: services.split_learners(merge, "x", actor=actor)  # noqa: E731
        answers = together(any_app, [*works, split])  # type: ignore[list-item]
        db.session.rollback()
        assert answers.pop() == []
        assert set(answers) <= {"accepted", "duplicate"}  # type: ignore[arg-type]


def test_a_scan_of_whoever_was_merged_meanwhile_counts_for_the_kept_one_and_its_replay_too(
    actor: Actor, l01: TrainingClass
) -> None:
    kept, gone = learner(actor, l01), learner(actor, l01)
    key = kept.id
    facts, who = session_and_person(l01, gone)
    sent = scanning(facts, who, "sent before")
    assert sent() == "accepted"
    read = scanning(facts, who, "read before")
    services.merge_learners(kept.public_id, gone.public_id, "x", actor=actor)
    assert [living for _, living in present_places(key)] == [True]
    assert read() == "duplicate"
    assert sent() == "accepted"
    _, who = session_and_person(l01, gone)
    assert who.learner_id == key


def test_a_first_scan_read_before_the_merge_and_sent_after_it_is_a_mark_of_the_kept_one(
    actor: Actor, l01: TrainingClass
) -> None:
    kept, gone = learner(actor, l01), learner(actor, l01)
    place = db.session.scalars(select(Enrolment.id).where(Enrolment.learner_id == kept.id)).one()
    facts, who = session_and_person(l01, gone)
    read = scanning(facts, who, "read before")
    services.merge_learners(kept.public_id, gone.public_id, "x", actor=actor)
    assert read() == "accepted"
    assert present_places(kept.id) == [(place, True)]
    assert db.session.scalars(select(Event.enrolment_id)).all() == [place]


def test_a_merge_waits_for_a_scan_that_holds_the_register_and_never_the_other_way_round(
    any_app: Flask, actor: Actor, l01: TrainingClass
) -> None:
    kept, gone = learner(actor), learner(actor, l01)
    place = db.session.scalars(select(Enrolment.id).where(Enrolment.learner_id == gone.id)).one()
    facts, _ = session_and_person(l01, gone)
    key, merge, held = kept.id, merging(actor, kept, gone), threading.Event()

    def scan() -> str:
        with transaction() as session:
            locked = lock_register(session, facts)
            held.set()
            time.sleep(0.5)  # long enough for the merge to take whatever it takes first
            append_event(session, locked, place, EventFacts(EventKind.SCAN, datetime.now(UTC), Source.ROOM_CODE))
        return ""

    def then_merge() -> str:
        held.wait(10)
        return str(merge())

    assert together(any_app, [scan, then_merge]) == ["", ""]
    assert present_places(key) == [(place, True)]
