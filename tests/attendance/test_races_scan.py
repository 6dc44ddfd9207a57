"""Many phones at the same instant, on both databases."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.accounts.models import Organisation
from classroom.attendance.models import Binding, Event, Flag, Mark, Register, Scan
from classroom.attendance.queries.phones import person_in_course
from classroom.attendance.queries.session_facts import find_session_facts
from classroom.attendance.rules import EventKind, Source
from classroom.attendance.services.deciding import decide_flag
from classroom.attendance.services.identifying import not_me
from classroom.attendance.services.locking import ensure_register, lock_register
from classroom.attendance.services.marking import EventFacts, append_event
from classroom.attendance.services.scanning import Attempt, ScanAnswer, record_scan
from classroom.core import actor as actors
from classroom.core.db import db, transaction
from classroom.sessions.models import TrainingClass
from tests.attendance.phoning import first_session, seat, seats
from tests.factories import add_session, make_actor, make_class

THREADS = 20


def at_once(app: Flask, work: Callable[[int], object], threads: int = THREADS) -> list[object]:
    """Let every thread begin at the same instant, each with a connection of its own."""
    barrier = Barrier(threads)

    def run(number: int) -> object:
        with app.app_context():
            try:
                barrier.wait(10)
                return work(number)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(run, range(threads)))
    db.session.rollback()  # what this thread had read before is over
    return answers


@pytest.fixture
def made(any_app: Flask) -> TrainingClass:
    """A class whose first half-day is going on now, by the real clock."""
    made = make_class(learners=THREADS)
    half_day, moment = first_session(made), datetime.now(UTC)
    half_day.starts_at, half_day.ends_at = moment - timedelta(minutes=5), moment + timedelta(minutes=5)
    db.session.commit()
    return made


def scans_of(made: TrainingClass, *, same_uuid: bool) -> Callable[[int], ScanAnswer]:
    facts = find_session_facts(first_session(made).public_id)
    who = person_in_course(made.organisation_id, made.course_id, seat(made).learner.public_id)
    moment, actor = datetime.now(UTC), actors.learner(made.organisation_id)
    assert facts is not None
    assert who is not None

    def scan(number: int) -> ScanAnswer:
        uuid = "one" if same_uuid else f"number {number}"
        attempt = Attempt(uuid, Source.ROOM_CODE, moment, who, number.to_bytes(32))
        return record_scan(facts, attempt, actor=actor)

    return scan


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("same_uuid", [True, False], ids=["one grant", "twenty grants"])
def test_twenty_parallel_scans_of_one_learner_are_one_mark_and_twenty_successes(
    any_app: Flask, made: TrainingClass, same_uuid: bool
) -> None:
    answers = at_once(any_app, scans_of(made, same_uuid=same_uuid))
    assert {answer.status for answer in answers} == {"present"}  # type: ignore[attr-defined]
    assert len({answer.at for answer in answers}) == 1  # type: ignore[attr-defined]
    outcomes = Counter(answer.outcome for answer in answers)  # type: ignore[attr-defined]
    assert outcomes == ({"accepted": 20} if same_uuid else {"accepted": 1, "duplicate": 19})
    assert (count(Mark), count(Event), count(Scan)) == (1, 1, 1 if same_uuid else 20)


def test_a_room_that_scans_at_once_loses_nobody(any_app: Flask, made: TrainingClass) -> None:
    facts = find_session_facts(first_session(made).public_id)
    assert facts is not None
    people = [person_in_course(made.organisation_id, made.course_id, each.learner.public_id) for each in seats(made)]
    moment, actor = datetime.now(UTC), actors.learner(made.organisation_id)
    before = facts.version

    def scan(number: int) -> ScanAnswer:
        who = people[number]
        assert who is not None
        attempt = Attempt(f"{number}", Source.ROOM_CODE, moment, who, number.to_bytes(32))
        return record_scan(facts, attempt, actor=actor)

    answers = at_once(any_app, scan)
    assert {answer.outcome for answer in answers} == {"accepted"}  # type: ignore[attr-defined]
    assert (count(Mark), count(Event), count(Scan), count(Binding)) == (THREADS,) * 4
    assert db.session.scalars(select(Register.version).where(Register.class_session_id == facts.id)).one() == (
        before + THREADS
    )


def test_a_scan_that_races_the_closing_wins(any_app: Flask, made: TrainingClass) -> None:
    scan = scans_of(made, same_uuid=False)
    facts = find_session_facts(first_session(made).public_id)
    assert facts is not None
    places = [each.id for each in seats(made)]

    def close() -> None:
        with transaction() as session:
            locked = lock_register(session, facts)
            register = session.scalars(select(Register).where(Register.class_session_id == facts.id)).one()
            register.closed_at, register.closed_how = datetime.now(UTC), "trainer"
            for place in places:
                absence = EventFacts(EventKind.ABSENCE, datetime.now(UTC), Source.CLOSE)
                append_event(session, locked, place, absence)

    answers = at_once(any_app, lambda number: close() if number == 0 else scan(number), threads=6)
    assert {answer.outcome for answer in answers if answer} <= {"accepted", "duplicate"}  # type: ignore[attr-defined]
    marks = dict(db.session.execute(select(Mark.enrolment_id, Mark.status)).all())
    assert marks.pop(places[0]) == "present"
    assert set(marks.values()) == {"absent"}


def test_a_register_that_twenty_need_at_once_is_made_once(any_app: Flask, made: TrainingClass) -> None:
    extra = add_session(made, 7)
    db.session.commit()
    with transaction() as session:
        session.delete(session.scalars(select(Register).where(Register.class_session_id == extra.id)).one())
    facts = find_session_facts(extra.public_id)
    assert facts is not None

    def ensure(number: int) -> bytes:
        with transaction() as session:
            return ensure_register(session, facts).secret

    assert len(set(at_once(any_app, ensure))) == 1  # type: ignore[arg-type]


def test_a_phone_that_says_not_me_and_a_trainer_who_rejects_its_mark_never_wait_for_each_other(
    any_app: Flask, made: TrainingClass
) -> None:
    facts, phone = find_session_facts(first_session(made).public_id), actors.learner(made.organisation_id)
    trainer = make_actor("coordinator", organisation=db.session.get_one(Organisation, made.organisation_id))
    learners = [one.learner.public_id for one in seats(made)]
    assert facts is not None
    for first, second in pairwise(learners):
        browser = second.encode()
        for one in (first, second):
            who = person_in_course(made.organisation_id, made.course_id, one)
            assert who is not None
            uuid = f"{first}.{second}.{one}"
            record_scan(
                facts, Attempt(uuid, Source.ROOM_CODE, datetime.now(UTC), who, browser, shared=True), actor=phone
            )
        flag = db.session.scalars(select(Flag.public_id).order_by(Flag.id.desc()).limit(1)).one()

        def act(number: int, flag: str = flag, browser: bytes = browser, learner: str = second) -> None:
            if number:
                not_me(facts, browser, learner, actor=phone)
            else:
                decide_flag(facts.public_id, flag, fine=False, reason="not here", actor=trainer)

        at_once(any_app, act, threads=2)
    assert db.session.scalars(select(Flag.decision).where(Flag.kind == "second_learner")).all().count("") == 0
