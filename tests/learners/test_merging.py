"""Two learners that are one person become one, with everything that hangs on them, and can be parted exactly."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.attendance.models import Binding, Event, Mark, Register
from classroom.attendance.queries.phones import bound_people, people_claimed
from classroom.attendance.queries.session_facts import session_facts_by_id
from classroom.attendance.rules import EventKind, Source, Status
from classroom.attendance.services.locking import lock_register
from classroom.attendance.services.marking import EventFacts, append_event
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.learners import queries, services
from classroom.learners.models import Learner, LearnerMerge
from classroom.sessions import services as sessions
from classroom.sessions.models import Badge, Enrolment, TrainingClass
from tests.factories import CourseFactory, EnrolmentFactory, LearnerFactory, ProgrammeFactory, make_actor, make_class
from tests.support.racing import together


@pytest.fixture
def actor(any_app: Flask) -> Actor:
    return make_actor("coordinator")


@pytest.fixture
def l01(actor: Actor) -> TrainingClass:
    return new_class(actor, "L01")


def new_class(actor: Actor, code: str, course: Any = None) -> TrainingClass:
    course = course or CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id))
    return make_class(course=course, code=code, days=1)


def learner(actor: Actor, **facts: Any) -> Learner:
    return LearnerFactory(organisation_id=actor.organisation_id, **facts)


def happen(made: TrainingClass, place: Enrolment, actor: Actor, kind: str, minutes: int = 0) -> None:
    """An event in the first session of the class."""
    if not kind:
        return
    one, key = made.sessions[0], place.id
    at_ = one.starts_at + timedelta(minutes=minutes)
    events = {
        "scan": EventFacts(EventKind.SCAN, at_, Source.BADGE),
        "absence": EventFacts(EventKind.ABSENCE, one.ends_at, Source.CLOSE),
        "late": EventFacts(EventKind.MANUAL, at_, Source.HAND, Status.LATE, "kẹt xe", actor.staff_id),
        "excused": EventFacts(EventKind.MANUAL, at_, Source.HAND, Status.EXCUSED, "ốm", actor.staff_id),
        "absent": EventFacts(EventKind.MANUAL, at_, Source.HAND, Status.ABSENT, "vắng", actor.staff_id),
    }
    facts = session_facts_by_id(one.id)
    assert facts
    with transaction() as session:
        append_event(session, lock_register(session, facts), key, events[kind])


def dump() -> dict[str, Any]:
    """Everything that a merge may change; a mark that says nothing is none."""
    db.session.rollback()
    found: dict[str, Any] = {}
    for model, left_out in ((Learner, {"updated_at"}), (Enrolment, set()), (Binding, set()), (Badge, set())):
        columns = [column for column in model.__table__.c if column.name not in left_out]  # type: ignore[attr-defined]
        found[model.__name__] = db.session.execute(select(*columns).order_by(model.id)).all()  # type: ignore[attr-defined]
    columns = [column for column in Mark.__table__.c if column.name not in {"id", "updated_at", "after_sign_off"}]
    marks = select(*columns).where(Mark.status != "unmarked").order_by(Mark.class_session_id, Mark.enrolment_id)
    found["Mark"] = db.session.execute(marks).all()
    return found


def status_of(place_id: int) -> str:
    db.session.rollback()
    return db.session.scalar(select(Mark.status).where(Mark.enrolment_id == place_id)) or "unmarked"


def bind(one: Learner, browser: bytes) -> None:
    at_ = now()
    db.session.add(
        Binding(
            organisation_id=one.organisation_id,
            learner_id=one.id,
            browser_hash=browser,
            created_at=at_,
            last_used_at=at_,
        )
    )
    db.session.commit()


KINDS = ("", "scan", "absence", "late", "excused", "absent")


def will_be(kept: str, gone: str) -> str:
    """What the design says of two marks in one session."""
    names = {"": "unmarked", "scan": "present", "absence": "absent"}
    if kept in {"late", "excused", "absent"} or kept == "scan":
        return names.get(kept, kept)
    return names.get(gone, gone) if gone in {"scan", "late", "excused"} else names.get(kept, kept)


@pytest.mark.parametrize(("kept_kind", "gone_kind"), list(product(KINDS, KINDS)))
def test_marks_of_one_class_are_put_together_and_parting_gives_back_what_was(
    actor: Actor, l01: TrainingClass, kept_kind: str, gone_kind: str
) -> None:
    kept, gone = learner(actor), learner(actor)
    ours, theirs = (EnrolmentFactory(training_class=l01, learner=one) for one in (kept, gone))
    happen(l01, ours, actor, kept_kind)
    happen(l01, theirs, actor, gone_kind)
    before, place = dump(), ours.id
    merge = services.merge_learners(kept.public_id, gone.public_id, "một người", actor=actor)
    assert status_of(place) == will_be(kept_kind, gone_kind)
    assert services.split_learners(merge.public_id, "nhầm", actor=actor) == []
    assert dump() == before


@pytest.mark.parametrize("shape", list(product(("none", "here", "there", "left"), ("here", "left"), (False, True))))
def test_places_badges_and_phones_come_back_exactly(
    actor: Actor, l01: TrainingClass, shape: tuple[str, str, bool]
) -> None:
    ours, theirs, badges = shape
    l02 = new_class(actor, "L02", l01.course)
    kept, gone = learner(actor, phone=""), learner(actor, id_number="", email="a@b.vn")
    for one, where in ((kept, ours), (gone, theirs)):
        if where != "none":
            place = EnrolmentFactory(training_class=l02 if where == "there" else l01, learner=one)
            if where == "left":
                sessions.withdraw(place.public_id, "bận", actor=actor)
    if badges:
        sessions.issue_badge(kept.public_id, actor=actor)
    sessions.issue_badge(gone.public_id, actor=actor)
    bind(kept, b"1"), bind(gone, b"1"), bind(gone, b"2")
    before = dump()
    merge = services.merge_learners(kept.public_id, gone.public_id, "một người", actor=actor, from_gone={"name"})
    assert dump() != before
    services.split_learners(merge.public_id, "nhầm", actor=actor)
    assert dump() == before


def test_phone_code_and_badge_of_the_gone_one_name_the_kept_one(actor: Actor, l01: TrainingClass) -> None:
    kept, gone = learner(actor), learner(actor)
    badge = sessions.issue_badge(gone.public_id, actor=actor).code
    bind(gone, b"2")
    code, phone, organisation, course, key = gone.code, gone.phone, kept.organisation_id, l01.course_id, kept.public_id
    services.merge_learners(kept.public_id, gone.public_id, "một người", actor=actor)
    assert [one.public_id for one in bound_people(b"2", organisation, course).people] == [key]
    for claim in ({"code": code, "phone": None}, {"code": "", "phone": phone}):
        people = people_claimed(organisation, course, id_number=None, **claim)  # type: ignore[arg-type]
        assert [one.public_id for one in people] == [key]
    assert [one.public_id for one in queries.search(organisation, code)] == [key]
    found = db.session.scalars(select(Badge).where(Badge.code == badge)).one()
    assert (found.learner_id, found.replaced_at) == (queries.get_learner(organisation, key).id, None)


def test_what_changed_since_stays_and_is_named(actor: Actor) -> None:
    kept, gone = learner(actor, email=""), learner(actor, email="a@b.vn")
    merge = services.merge_learners(kept.public_id, gone.public_id, "một người", actor=actor)
    db.session.get_one(Learner, merge.kept_id).email = "moi@b.vn"
    db.session.commit()
    assert services.split_learners(merge.public_id, "nhầm", actor=actor) == ["learner.email"]
    assert db.session.get_one(Learner, merge.kept_id).email == "moi@b.vn"


def test_after_sign_off_a_carried_mark_is_shown_as_corrected(actor: Actor, l01: TrainingClass) -> None:
    kept, gone = learner(actor), learner(actor)
    ours, theirs = (EnrolmentFactory(training_class=l01, learner=one) for one in (kept, gone))
    happen(l01, theirs, actor, "scan")
    db.session.scalars(
        select(Register).where(Register.class_session_id == l01.sessions[0].id)
    ).one().signed_off_at = now()
    db.session.commit()
    place = ours.id
    services.merge_learners(kept.public_id, gone.public_id, "một người", actor=actor)
    mark = db.session.scalars(select(Mark).where(Mark.enrolment_id == place)).one()
    assert (mark.status, mark.after_sign_off) == ("present", True)
    assert [e.kind for e in db.session.scalars(select(Event).where(Event.enrolment_id == place))] == ["merged"]


def test_conflicts_are_seen_before(actor: Actor, l01: TrainingClass) -> None:
    kept, gone = learner(actor), learner(actor)
    ours, theirs = (EnrolmentFactory(training_class=l01, learner=one) for one in (kept, gone))
    happen(l01, ours, actor, "absence")
    happen(l01, theirs, actor, "late")
    found = {one.code: one.details for one in services.foresee_merge(kept, gone)}
    assert set(found) == {"two_id_numbers", "same_class", "both_marked"}
    assert found["both_marked"]["will"] == "late"


def test_what_cannot_be_merged_is_refused(actor: Actor) -> None:
    kept, gone, foreign = learner(actor), learner(actor), LearnerFactory()
    merging = services.merge_learners
    with pytest.raises(Refusal, match="same"):
        merging(kept.public_id, kept.public_id, "x", actor=actor)
    with pytest.raises(NotFound):
        merging(kept.public_id, foreign.public_id, "x", actor=actor)
    with pytest.raises(Invalid, match="missing"):
        merging(kept.public_id, gone.public_id, " ", actor=actor)
    with pytest.raises(Forbidden):
        merging(kept.public_id, gone.public_id, "x", actor=make_actor("viewer"))
    merge = merging(kept.public_id, gone.public_id, "x", actor=actor)
    with pytest.raises(Refusal, match="already"):
        merging(kept.public_id, gone.public_id, "x", actor=actor)
    with pytest.raises(NotFound):
        services.split_learners(merge.public_id, "x", actor=make_actor("coordinator"))
    services.split_learners(merge.public_id, "x", actor=actor)
    with pytest.raises(Refusal, match="split"):
        services.split_learners(merge.public_id, "x", actor=actor)


def test_a_chain_of_merges_is_parted_from_its_end(actor: Actor) -> None:
    first, second, third = (learner(actor) for _ in range(3))
    one = services.merge_learners(second.public_id, first.public_id, "x", actor=actor).public_id
    two = services.merge_learners(third.public_id, second.public_id, "x", actor=actor).public_id
    assert queries.search(actor.organisation_id, first.code)[0].id == third.id
    with pytest.raises(Refusal, match="later_first"):
        services.split_learners(one, "x", actor=actor)
    services.split_learners(two, "x", actor=actor)
    services.split_learners(one, "x", actor=actor)
    assert {first.merged_into_id, second.merged_into_id, first.annulled_at} == {None}


def test_an_id_number_taken_since_refuses_the_split(actor: Actor) -> None:
    kept, gone = learner(actor), learner(actor)
    number = gone.id_number
    merge = services.merge_learners(kept.public_id, gone.public_id, "x", actor=actor)
    learner(actor, id_number=number)
    with pytest.raises(Refusal, match="clash"):
        services.split_learners(merge.public_id, "x", actor=actor)
    assert db.session.get_one(Learner, merge.gone_id).merged_into_id == merge.kept_id


def test_two_coordinators_who_merge_crosswise_merge_once(any_app: Flask, actor: Actor) -> None:
    one, other = (learner(actor).public_id for _ in range(2))

    def merge(kept: str, gone: str) -> str:
        try:
            services.merge_learners(kept, gone, "x", actor=actor)
        except Refusal as refused:
            return refused.code
        return ""

    assert sorted(together(any_app, [lambda: merge(one, other), lambda: merge(other, one)])) == ["", "merge.already"]
    db.session.rollback()
    assert len(db.session.scalars(select(LearnerMerge)).all()) == 1
