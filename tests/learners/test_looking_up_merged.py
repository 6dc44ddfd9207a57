"""Whatever named a learner who was merged names the kept one: number, code, phone, place, list, card."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from classroom.attendance.queries import tablets
from classroom.attendance.queries.phones import people_claimed, person_in_course
from classroom.attendance.queries.register import guests_to_find
from classroom.attendance.queries.session_facts import session_facts_by_id
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.learners import queries, services
from classroom.learners.models import Learner
from classroom.learners.rules import LearnerFacts
from classroom.sessions import services as sessions
from classroom.sessions.models import Enrolment, TrainingClass
from classroom.sessions.rules.imports import Step
from tests.factories import EnrolmentFactory, LearnerFactory, make_actor, make_class
from tests.support.rosters import PEOPLE, bring_in, class_list, confirm, draft, make_roster_class, upload

NUMBER, NAME = PEOPLE[0][3], PEOPLE[0][0]


@pytest.fixture
def actor(any_app: Flask) -> Actor:
    return make_actor("coordinator")


@pytest.fixture
def l01(actor: Actor) -> TrainingClass:
    return make_roster_class(actor)


@pytest.fixture
def kept(actor: Actor) -> Learner:
    return LearnerFactory(
        organisation_id=actor.organisation_id, name=NAME, id_number="", birth_year=1985, born_on=date(1985, 3, 7)
    )


@pytest.fixture
def gone(actor: Actor, kept: Learner) -> Learner:
    """Merged into one who was merged into the kept one; each of the three with a number of its own."""
    middle, first = (
        LearnerFactory(organisation_id=actor.organisation_id, name=NAME, id_number=number)
        for number in ("040185999999", NUMBER)
    )
    services.merge_learners(middle.public_id, first.public_id, "x", actor=actor)
    services.merge_learners(kept.public_id, middle.public_id, "x", actor=actor)
    return first


def count() -> int:
    return db.session.scalar(select(func.count(Learner.id))) or 0


def test_an_id_number_of_the_gone_one_finds_the_kept_one_and_none_once_two_had_it(
    actor: Actor, kept: Learner, gone: Learner
) -> None:
    organisation = actor.organisation_id
    found = queries.find_by_id_number(organisation, NUMBER)
    assert (found, queries.find_by_id_number(make_actor("coordinator").organisation_id, NUMBER)) == (kept, None)
    other, again = (LearnerFactory(organisation_id=organisation, id_number=text) for text in ("", NUMBER))
    assert queries.find_by_id_number(organisation, NUMBER) == again
    services.merge_learners(other.public_id, again.public_id, "x", actor=actor, from_gone={"name"})
    services.update_learner(other.public_id, LearnerFacts(name=NAME), actor=actor)
    assert queries.find_by_id_number(organisation, NUMBER) is None


def test_a_search_finds_the_kept_one_by_code_phone_and_number_of_the_gone_one(
    actor: Actor, kept: Learner, gone: Learner
) -> None:
    for text in (gone.code, gone.phone, "0" + gone.phone[3:], NUMBER):
        assert queries.search(actor.organisation_id, text) == [kept]
    assert queries.search(make_actor("coordinator").organisation_id, NUMBER) == []


def test_nobody_is_made_anew_with_the_number_of_the_gone_one(
    actor: Actor, l01: TrainingClass, kept: Learner, gone: Learner
) -> None:
    facts, before = LearnerFacts(name=NAME, id_number=NUMBER), count()
    with pytest.raises(Refusal, match="id_number_merged") as refused:
        services.create_learner(facts, actor=actor)
    assert refused.value.details["learner_code"] == kept.code
    taken = sessions.take_in(l01.id, facts, actor=actor)
    assert (taken.learner_id, taken.new, count()) == (kept.id, False, before)


def test_nobody_else_is_given_the_number_of_the_gone_one(actor: Actor, kept: Learner, gone: Learner) -> None:
    other = LearnerFactory(organisation_id=actor.organisation_id, name="Lô Thị Khác", id_number="")
    facts = LearnerFacts(name=other.name, id_number=NUMBER)
    with pytest.raises(Refusal, match="id_number_merged") as refused:
        services.update_learner(other.public_id, facts, actor=actor)
    assert refused.value.details == {"name": NAME, "learner_code": kept.code, "id_number": "••••••••" + NUMBER[-4:]}
    assert queries.find_by_id_number(actor.organisation_id, NUMBER) == kept


def test_the_kept_one_may_be_given_the_number_of_the_gone_one(actor: Actor, kept: Learner, gone: Learner) -> None:
    changed = services.update_learner(kept.public_id, LearnerFacts(name=NAME, id_number=NUMBER), actor=actor)
    assert (changed.id, changed.id_number) == (kept.id, NUMBER)
    services.update_learner(kept.public_id, LearnerFacts(name=NAME, id_number=NUMBER, unit="Sở Y tế"), actor=actor)


def test_whoever_was_annulled_comes_not_back_with_a_number_that_another_stands_for(
    actor: Actor, kept: Learner, gone: Learner
) -> None:
    back = LearnerFactory(organisation_id=actor.organisation_id, id_number="040185777777")
    services.annul_many([back.id])
    other = LearnerFactory(organisation_id=actor.organisation_id, name=NAME, id_number="040185777777")
    services.merge_learners(kept.public_id, other.public_id, "x", actor=actor)
    with pytest.raises(Refusal, match="id_number_merged"):
        services.revive(back.id, actor=actor)


def test_a_phone_that_types_what_the_gone_one_had_is_the_kept_one(
    actor: Actor, l01: TrainingClass, kept: Learner, gone: Learner
) -> None:
    for claim in ({"code": gone.code}, {"phone": gone.phone}, {"id_number": NUMBER}):
        asked = {"code": "?", "phone": "?", "id_number": "?", **claim}
        assert [one.learner_id for one in people_claimed(actor.organisation_id, l01.course_id, **asked)] == [kept.id]
    person = person_in_course(actor.organisation_id, l01.course_id, gone.public_id)
    assert person is not None
    assert person.learner_id == kept.id


def test_a_tablet_finds_the_kept_one_by_card_code_and_place_of_the_gone_one(
    actor: Actor, l01: TrainingClass, kept: Learner
) -> None:
    own, other = kept, LearnerFactory(organisation_id=actor.organisation_id, id_number=NUMBER)
    ours, theirs = (EnrolmentFactory(training_class=l01, learner=one) for one in (own, other))
    services.merge_learners(own.public_id, other.public_id, "x", actor=actor)
    organisation, course = actor.organisation_id, l01.course_id
    services.update_learner(own.public_id, LearnerFacts(name=NAME, id_number="040185999999"), actor=actor)
    assert db.session.get_one(Enrolment, theirs.id).ended_at is not None
    for person in (
        tablets.person_by_number(organisation, course, NUMBER),
        tablets.person_by_code(organisation, course, other.code),
        tablets.person_by_place(organisation, course, theirs.public_id),
    ):
        assert person is not None
        assert (person.learner_id, [place.enrolment_id for place in person.places]) == (own.id, [ours.id])
    LearnerFactory(organisation_id=organisation, id_number=NUMBER, name="Chủ Số Mới")
    holder = tablets.person_by_number(organisation, course, NUMBER)
    assert holder is not None
    assert holder.name == "Chủ Số Mới"


def test_a_list_that_names_the_gone_one_by_number_enrols_the_kept_one(
    actor: Actor, l01: TrainingClass, kept: Learner, gone: Learner
) -> None:
    before = count()
    made = upload(class_list(PEOPLE[0]), actor=actor, to=l01)
    line = draft(made, actor).plan.lines[0]
    assert (line.step, line.learner.key if line.learner else None) == (Step.KNOWN, kept.id)
    confirm(made, actor)
    assert (count(), db.session.scalars(select(Enrolment.learner_id)).all()) == (before, [kept.id])


def test_a_list_that_was_decided_before_the_merge_asks_for_nothing_again(actor: Actor, l01: TrainingClass) -> None:
    person = (*PEOPLE[0][:3], "", *PEOPLE[0][4:])
    bring_in(class_list(person), actor=actor, to=l01)
    listed = db.session.scalars(select(Learner)).one()
    kept = LearnerFactory(organisation_id=actor.organisation_id, name="Nguyễn Ánh", id_number="")
    services.merge_learners(kept.public_id, listed.public_id, "x", actor=actor, from_gone={"birth"})
    line = draft(upload(class_list(person), actor=actor, to=l01, name="again.xlsx"), actor).plan.lines[0]
    assert line.learner is not None
    assert line.learner.key == kept.id


def test_a_guest_is_found_by_the_code_of_the_gone_one(
    actor: Actor, l01: TrainingClass, kept: Learner, gone: Learner
) -> None:
    other = make_class(course=l01.course, code="L02", days=1)
    EnrolmentFactory(training_class=other, learner=kept)
    facts = session_facts_by_id(make_class(course=l01.course, code="L03", days=1).sessions[0].id)
    assert facts is not None
    assert [row.name for row in guests_to_find(facts, [gone.code.lower()])] == [kept.name]


@pytest.mark.sqlite
def test_looking_up_a_number_reads_no_whole_organisation(app: Flask) -> None:
    asked: list[tuple[str, Any]] = []
    note = lambda _c, _cursor, statement, values, *_: asked.append((statement, values))  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", note)
    queries.find_by_id_number(1, NUMBER)
    people_claimed(1, 1, code="K", phone="+84912345678", id_number=NUMBER)
    event.remove(db.engine, "before_cursor_execute", note)
    connection = db.session.connection()
    plans = [
        str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()) for statement, values in asked
    ]
    assert [("SCAN learner" in plan, "ix_learner_organisation_id" in plan) for plan in plans if "learner" in plan] == [
        (False, False)
    ] * 3
