"""Who changes a roster, and who writes marks, at the same instant: neither waits for what the other one waits for."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.accounts import services as accounts
from classroom.accounts.models import Organisation, Tablet
from classroom.attendance import services
from classroom.attendance.models import Mark, Register
from classroom.attendance.services.tablets import hand_out
from classroom.attendance.services.tablets.receiving import Batch, receive_items
from classroom.core.actor import Actor
from classroom.core.clock import today
from classroom.core.db import db
from classroom.core.errors import NotFound, Refusal
from classroom.desk import services as desk
from classroom.desk.questions import install_kinds
from classroom.inbox.models import InboxItem
from classroom.learners import services as learners
from classroom.learners.models import Learner
from classroom.learners.rules import LearnerFacts
from classroom.sessions import services as sessions
from classroom.sessions.models import ClassSession, Enrolment, TrainingClass
from classroom.sessions.services import imports
from tests.attendance.phoning import first_session
from tests.factories import (
    CourseFactory,
    EnrolmentFactory,
    LearnerFactory,
    ProgrammeFactory,
    StaffFactory,
    actor_for,
    make_class,
)
from tests.support.racing import crosswise
from tests.support.rosters import PEOPLE, bring_in, class_list, learner_named

NEW = LearnerFacts("Hồ Thị Mới")


@pytest.fixture
def actor(any_app: Flask) -> Actor:
    return actor_for(StaffFactory(role_names=("coordinator", "trainer")))


def make(actor: Actor, code: str, **facts: Any) -> TrainingClass:
    """A class of two days whose first half-day is going on now, by the real clock."""
    course = facts.pop("course", None) or CourseFactory(
        programme=ProgrammeFactory(organisation_id=actor.organisation_id)
    )
    made = make_class(course=course, code=code, days=2, first_day=today(actor.time_zone))
    begin(first_session(made))
    return made


def begin(half_day: ClassSession) -> None:
    moment = datetime.now(UTC)
    half_day.starts_at, half_day.ends_at = moment - timedelta(minutes=5), moment + timedelta(minutes=5)
    db.session.commit()


@pytest.fixture
def l01(actor: Actor) -> TrainingClass:
    return make(actor, "L01")


def sit(actor: Actor, *classes: TrainingClass) -> Learner:
    made = LearnerFactory(organisation_id=actor.organisation_id, id_number="", phone="")
    for one in classes:
        EnrolmentFactory(training_class=one, learner=made)
    return made


def place(made: TrainingClass, one: Learner) -> str:
    where = Enrolment.class_id == made.id, Enrolment.learner_id == one.id
    return db.session.scalars(select(Enrolment.public_id).where(*where)).one()


def class_of(made: TrainingClass):  # type: ignore[no-untyped-def]
    """What changes of its roster hold first."""
    key = made.id
    return lambda session: _hold(session, TrainingClass, TrainingClass.id == key)


def registers_of(*halves: int):  # type: ignore[no-untyped-def]
    """What a merge has in its hands by the time it asks for the learners."""
    return lambda session: _hold(session, Register, Register.class_session_id.in_(halves))


def _hold(session: Session, table: Any, *conditions: Any) -> None:
    session.execute(select(table.id).where(*conditions).order_by(table.id).with_for_update(key_share=True)).all()


def walking_in(actor: Actor, made: TrainingClass):  # type: ignore[no-untyped-def]
    half_day = first_session(made).public_id
    return lambda: services.take_in_walk_in(half_day, NEW, reason="đứng ở cửa", actor=actor).name


def merging(actor: Actor, kept: Learner, gone: Learner):  # type: ignore[no-untyped-def]
    keys = kept.public_id, gone.public_id
    return lambda: learners.merge_learners(*keys, "một người", actor=actor).reason


def enrolling(actor: Actor, made: TrainingClass, one: Learner):  # type: ignore[no-untyped-def]
    keys = made.public_id, one.public_id
    return lambda: sessions.enrol(*keys, actor=actor).walk_in


def bringing(actor: Actor, made: TrainingClass, *items: dict[str, Any]):  # type: ignore[no-untyped-def]
    """A tablet that was given the list of the class."""
    tablet, _code = accounts.add_tablet(f"Máy {uuid4().hex[:4]}", actor=actor)
    hand_out(tablet, [made.public_id], key="k", actor=actor)
    key, organisation = tablet.id, actor.organisation_id
    moment = {"at": round(datetime.now(UTC).timestamp() * 1000), "ahead_ms": 0}
    sent = [{"uuid": str(uuid4()), **moment, **one} for one in items]

    def bring() -> str:
        given = db.session.get_one(Tablet, key), db.session.get_one(Organisation, organisation)
        return " ".join(one.outcome for one in receive_items(*given, Batch(sent)))

    return bring


def present(made: TrainingClass) -> set[str]:
    db.session.rollback()
    query = select(Learner.name).join(Enrolment).join(Mark, Mark.enrolment_id == Enrolment.id)
    return set(db.session.scalars(query.where(Mark.status == "present", Enrolment.class_id == made.id)))


def test_a_walk_in_beside_an_enrolment(any_app: Flask, actor: Actor, l01: TrainingClass) -> None:
    enrol = enrolling(actor, l01, sit(actor))
    assert crosswise(any_app, class_of(l01), enrol, walking_in(actor, l01)) == ["", NEW.name]
    assert present(l01) == {NEW.name}


def test_a_walk_in_beside_a_merge(any_app: Flask, actor: Actor, l01: TrainingClass) -> None:
    merge = merging(actor, sit(actor, l01), sit(actor, l01))
    assert crosswise(any_app, class_of(l01), merge, walking_in(actor, l01)) == ["một người", NEW.name]
    assert present(l01) == {NEW.name}


def test_a_move_to_an_earlier_class_beside_a_merge_in_a_third_class_of_the_course(
    any_app: Flask, actor: Actor, l01: TrainingClass
) -> None:
    l02, l03 = (make(actor, code, course=l01.course) for code in ("L02", "L03"))
    moves = place(l02, sit(actor, l02)), l01.public_id
    merge = merging(actor, sit(actor, l03), sit(actor, l03))
    move = lambda: sessions.move_enrolment(*moves, "x", actor=actor).end_reason  # noqa: E731
    first = min(one.id for one in l01.sessions)
    assert crosswise(any_app, registers_of(first), merge, move) == ["một người", ""]


def test_an_import_that_is_undone_beside_a_withdrawal(any_app: Flask, actor: Actor, l01: TrainingClass) -> None:
    done = bring_in(class_list(), actor=actor, to=l01).public_id
    leaves, registers = place(l01, learner_named(PEOPLE[0][0])), registers_of(*(one.id for one in l01.sessions))
    hold = class_of(l01)
    withdraw = lambda: sessions.withdraw(leaves, "nghỉ", actor=actor).end_reason  # noqa: E731

    def undo() -> str:
        try:
            return imports.undo_import(done, "nhầm", actor=actor).state
        except Refusal as refused:
            return refused.code

    answers = crosswise(any_app, lambda session: (hold(session), registers(session)), withdraw, undo)
    assert answers[0] == "nghỉ"
    assert answers[1] == "import.undo_changed"


def test_a_tablets_walk_in_behind_a_scan_beside_an_enrolment(any_app: Flask, actor: Actor, l01: TrainingClass) -> None:
    known, half_day = sit(actor, l01), first_session(l01).public_id
    brought = bringing(
        actor,
        l01,
        {"kind": "picked", "session": half_day, "enrolment": place(l01, known)},
        {"kind": "walk_in", "session": half_day, "name": NEW.name},
    )
    answers = crosswise(any_app, class_of(l01), enrolling(actor, l01, sit(actor)), brought)
    assert answers == ["", "accepted accepted"]
    assert present(l01) == {known.name, NEW.name}


def test_a_tablet_that_brings_two_sessions_the_other_way_round_beside_a_merge(
    any_app: Flask, actor: Actor, l01: TrainingClass
) -> None:
    one, gone = sit(actor, l01), sit(actor, l01)
    first, second = sorted(l01.sessions, key=lambda one: one.id)[:2]
    begin(second)
    scans = [{"kind": "picked", "session": each.public_id, "enrolment": place(l01, one)} for each in (second, first)]
    merge = merging(actor, one, gone)
    answers = crosswise(any_app, registers_of(first.id), merge, bringing(actor, l01, *scans))
    assert answers == ["một người", "accepted accepted"]


def test_a_badge_that_a_tablet_gives_beside_a_merge(any_app: Flask, actor: Actor, l01: TrainingClass) -> None:
    one, gone = sit(actor, l01), sit(actor, l01)
    (blank,) = sessions.make_blanks(l01.public_id, 1, actor=actor)
    half_day = first_session(l01)
    tie = {"kind": "tie", "session": half_day.public_id, "enrolment": place(l01, one), "badge": blank.code}
    merge = merging(actor, one, gone)
    answers = crosswise(any_app, registers_of(half_day.id), merge, bringing(actor, l01, tie))
    assert answers == ["một người", "accepted"]
    assert present(l01) == {one.name}


def test_a_decision_about_a_walk_in_beside_a_withdrawal_of_the_same(
    any_app: Flask, actor: Actor, l01: TrainingClass
) -> None:
    install_kinds()
    taken = sessions.take_in(l01.id, NEW, actor=actor)
    item = db.session.scalars(select(InboxItem.public_id)).one()
    withdraw = lambda: sessions.withdraw(taken.enrolment, "nghỉ", actor=actor).end_reason  # noqa: E731

    def decide() -> str:
        try:
            return str(desk.decide_question(item, "accept", actor=actor).decision)
        except NotFound:
            return "no question any more"

    assert crosswise(any_app, class_of(l01), withdraw, decide) == ["nghỉ", "no question any more"]
