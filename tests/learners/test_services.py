"""Learners are added, changed and looked at; each change is written down, and one ID number is one person."""

from datetime import date

import pytest
from sqlalchemy import select

from classroom.audit.models import AuditEntry, AuditPayload
from classroom.core.db import db
from classroom.core.errors import Forbidden, NotFound, Refusal
from classroom.learners import queries, services
from classroom.learners.rules import Birth, LearnerFacts, is_learner_code
from tests.factories import LearnerFactory, make_actor


@pytest.fixture
def coordinator(any_app):
    return make_actor("coordinator")


def facts(**changed) -> LearnerFacts:
    known = {"name": "Nguyễn Thị Ánh", "birth": Birth.of(date(1985, 3, 7)), "id_number": "040185012345"}
    return LearnerFacts(**{**known, **changed})


def entries(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def test_a_new_learner_gets_a_code_and_what_follows_from_the_name(coordinator):
    made = services.create_learner(facts(unit="Xã Đô Lương"), actor=coordinator)
    assert is_learner_code(made.code)
    assert (made.name_fold, made.unit_fold) == ("nguyen thi anh", "xa do luong")
    assert (made.born_on, made.birth_year) == (date(1985, 3, 7), 1985)
    assert len(entries("learner.created")) == 1


def test_an_id_number_taken_names_who_has_it_without_showing_it(coordinator):
    first = services.create_learner(facts(), actor=coordinator)
    with pytest.raises(Refusal, match="id_number_taken") as refused:
        services.create_learner(facts(name="Trần Văn Bình"), actor=coordinator)
    assert refused.value.details == {
        "name": first.name,
        "learner_code": first.code,
        "id_number": "••••••••2345",
    }


def test_an_annulled_learners_id_number_is_free(coordinator):
    made = services.create_learner(facts(), actor=coordinator)
    services.annul_many([made.id])
    assert services.create_learner(facts(), actor=coordinator).id != made.id


def test_another_organisation_may_know_the_same_person(coordinator):
    services.create_learner(facts(), actor=coordinator)
    services.create_learner(facts(), actor=make_actor("coordinator"))


def test_a_change_keeps_old_and_new_in_the_part_that_can_be_erased(coordinator):
    made = services.create_learner(facts(), actor=coordinator)
    services.update_learner(made.public_id, facts(phone="+84912345678"), actor=coordinator)
    (entry,) = entries("learner.changed")
    assert entry.facts == {"code": made.code, "fields": ["phone"]}
    details = db.session.get(AuditPayload, entry.id).details
    assert details == {"old": {"phone": ""}, "new": {"phone": "+84912345678"}}


def test_saving_the_same_again_writes_nothing(coordinator):
    made = services.create_learner(facts(), actor=coordinator)
    services.update_learner(made.public_id, facts(), actor=coordinator)
    assert entries("learner.changed") == []


def test_a_replaced_code_is_another_one(coordinator):
    old = services.create_learner(facts(), actor=coordinator).code
    learner = queries.search(coordinator.organisation_id, old)[0]
    assert services.replace_code(learner.public_id, actor=coordinator).code != old
    assert queries.search(coordinator.organisation_id, old) == []


def test_looking_at_an_id_number_is_written_down(coordinator):
    made = services.create_learner(facts(), actor=coordinator)
    assert services.reveal_id_number(made.public_id, actor=coordinator) == "040185012345"
    (entry,) = entries("learner.id_number_shown")
    assert (entry.staff_id, entry.subject_id) == (coordinator.staff_id, made.id)


def test_a_viewer_may_not_look_at_id_numbers(coordinator):
    made = services.create_learner(facts(), actor=coordinator)
    viewer = make_actor("viewer")
    with pytest.raises(Forbidden):
        services.reveal_id_number(made.public_id, actor=viewer)
    with pytest.raises(Forbidden):
        services.note_export(1, actor=viewer)


def test_learners_of_another_organisation_do_not_exist(coordinator):
    theirs = LearnerFactory().public_id
    for act in (
        lambda: services.update_learner(theirs, facts(), actor=coordinator),
        lambda: services.replace_code(theirs, actor=coordinator),
        lambda: services.reveal_id_number(theirs, actor=coordinator),
    ):
        with pytest.raises(NotFound):
            act()


def test_many_learners_get_different_codes(coordinator):
    people = [facts(name=f"Lê Văn {n}", id_number="") for n in range(300)]
    keys = services.add_many(people, actor=coordinator)
    found = queries.search(coordinator.organisation_id, "le van", 400)
    assert len({one.code for one in found}) == len(set(keys)) == 300


def test_many_changes_reach_the_right_learners(coordinator):
    one, other = services.add_many([facts(), facts(name="Lê An", id_number="")], actor=coordinator)
    services.change_many([(one, {"phone": "+84912345678"}), (other, {"name": "Lê Ân", "birth": Birth(1990)})])
    found = {learner.id: learner for learner in queries.search(coordinator.organisation_id, "")}
    assert (found[one].phone, found[one].name) == ("+84912345678", "Nguyễn Thị Ánh")
    assert (found[other].name_fold, found[other].birth_year, found[other].born_on) == ("le an", 1990, None)
