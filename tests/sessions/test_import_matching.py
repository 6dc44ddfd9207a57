"""Who a row is: proven by numbers and codes, asked for where only names agree."""

from dataclasses import replace
from datetime import date

import pytest

from classroom.learners.models import Learner
from classroom.sessions.rules.imports import NEW_PERSON, Step
from tests.factories import LearnerFactory, OrganisationFactory, make_actor
from tests.support.rosters import (
    HEADINGS,
    PEOPLE,
    bring_in,
    class_list,
    confirm,
    decide,
    draft,
    learner_named,
    make_roster_class,
    names_in,
    refusal,
    rows_in,
    upload,
    workbook,
)

ANH, BINH, DUC = PEOPLE


@pytest.fixture
def coordinator(any_app):
    return make_actor("coordinator")


@pytest.fixture
def l01(coordinator):
    return make_roster_class(coordinator)


def namesake(actor):
    """Somebody with the name and the birth of the first person, and no ID number."""
    birth = {"born_on": date(1985, 3, 7), "birth_year": 1985}
    return LearnerFactory(organisation_id=actor.organisation_id, name=ANH[0], id_number="", **birth)


def test_nobody_is_recognised_by_name_and_birth_alone(coordinator, l01):
    known = LearnerFactory(
        organisation_id=coordinator.organisation_id,
        name=ANH[0],
        born_on=date(1985, 3, 7),
        birth_year=1985,
        id_number="",
    )
    made = upload(class_list(ANH), actor=coordinator, to=l01)
    plan = draft(made, coordinator).plan
    assert [(line.step, [one.key for one in line.candidates]) for line in plan.lines] == [(Step.QUESTION, [known.id])]
    with refusal("import.questions_open"):
        confirm(made, coordinator)


@pytest.mark.parametrize(("same", "people"), [(True, 1), (False, 2)])
def test_the_answer_who_somebody_is_decides(coordinator, l01, same, people):
    known = LearnerFactory(
        organisation_id=coordinator.organisation_id,
        name=ANH[0],
        born_on=date(1985, 3, 7),
        birth_year=1985,
        id_number="",
    )
    made = upload(class_list(ANH), actor=coordinator, to=l01)
    answer = known.public_id if same else NEW_PERSON
    decide(made, coordinator, lambda choices: replace(choices, same={"2": answer}))
    confirm(made, coordinator)
    assert (rows_in(Learner), names_in(l01)) == (people, ["Nguyễn Thị Ánh"])
    again = draft(upload(class_list(ANH), actor=coordinator, to=l01), coordinator).plan
    assert again.changes_nothing


def test_twins_of_one_name_and_birth_stay_two(coordinator, l01):
    twin = (ANH[0], ANH[1], "Nữ", "040185012399", "0912000000", ANH[5])
    bring_in(class_list(ANH, twin), actor=coordinator, to=l01)
    assert rows_in(Learner) == 2
    assert draft(upload(class_list(twin, ANH), actor=coordinator, to=l01), coordinator).plan.changes_nothing


def test_people_without_any_number_are_recognised_when_their_row_comes_again(coordinator, l01):
    people = [("Lê An", "1980", "Nam", "", "", "Xã A"), ("Lê An", "1980", "Nam", "", "", "Xã A")]
    bring_in(class_list(*people), actor=coordinator, to=l01)
    assert rows_in(Learner) == 2
    assert draft(upload(class_list(*people, ANH), actor=coordinator, to=l01), coordinator).plan.counts()["new"] == 1


def test_an_id_number_of_somebody_with_another_name_and_birth_is_a_question_without_new_person(coordinator, l01):
    LearnerFactory(organisation_id=coordinator.organisation_id, name="Phan Khác", id_number=ANH[3])
    made = upload(class_list(ANH), actor=coordinator, to=l01)
    (line,) = draft(made, coordinator).plan.lines
    assert (line.step, line.may_be_new) == (Step.QUESTION, False)
    decide(made, coordinator, lambda choices: replace(choices, same={"2": NEW_PERSON}))
    with refusal("import.questions_open"):
        confirm(made, coordinator)


def test_learners_of_another_organisation_are_nobody_we_know(coordinator, l01):
    LearnerFactory(organisation_id=OrganisationFactory().id, name=ANH[0], id_number=ANH[3])
    bring_in(class_list(ANH), actor=coordinator, to=l01)
    assert rows_in(Learner, Learner.id_number == ANH[3]) == 2


def test_a_learner_code_in_the_file_is_enough(coordinator, l01):
    known = LearnerFactory(organisation_id=coordinator.organisation_id, code="00000000", name=ANH[0], id_number="")
    rows = [("Mã học viên", *HEADINGS[:4]), (known.code, ANH[0], *ANH[1:4])]
    bring_in(workbook(*rows), actor=coordinator, to=l01)
    assert (rows_in(Learner), learner_named(ANH[0]).id_number) == (1, ANH[3])
