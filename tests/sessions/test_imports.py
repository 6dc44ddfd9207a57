"""A list comes in: nothing is written before it is confirmed, and only what was shown is."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from classroom.audit.models import AuditEntry
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.learners.models import Learner
from classroom.sessions import services as sessions
from classroom.sessions.models import Enrolment, EnrolmentChange
from classroom.sessions.rules.imports import SeatStep
from classroom.sessions.services import imports as services
from tests.factories import EnrolmentFactory, make_actor, make_class
from tests.support.rosters import (
    HEADINGS,
    LIMITS,
    PEOPLE,
    bring_in,
    choices_of,
    class_list,
    confirm,
    decide,
    draft,
    learner_named,
    make_roster_class,
    many,
    names_in,
    place_of,
    refusal,
    rows_in,
    sample,
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


def test_an_uploaded_list_writes_no_learner_before_it_is_confirmed(coordinator, l01):
    made = upload(class_list(), actor=coordinator, to=l01)
    assert draft(made, coordinator).plan.counts()["new"] == 3
    assert (rows_in(Learner), rows_in(Enrolment), made.state) == (0, 0, "uploaded")


def test_a_confirmed_list_enrols_its_people(coordinator, l01):
    done = bring_in(class_list(), actor=coordinator, to=l01)
    assert names_in(l01) == ["Nguyễn Thị Ánh", "Trần Văn Bình", "Hồ Minh Đức"]
    anh = learner_named("Nguyễn Thị Ánh")
    assert (anh.born_on, anh.sex, anh.id_number) == (date(1985, 3, 7), "female", "040185012345")
    assert (anh.phone, anh.unit, len(anh.code)) == ("+84912345678", "UBND xã Vinh Phú", 8)
    assert (done.state, done.outcome["new"], done.outcome["enrolled"]) == ("confirmed", 3, 3)
    assert rows_in(EnrolmentChange, EnrolmentChange.roster_import_id == done.id) == 3
    assert rows_in(AuditEntry, AuditEntry.action == "import.confirmed") == 1


def test_confirming_twice_imports_once(coordinator, l01):
    made = upload(class_list(), actor=coordinator, to=l01)
    digest = draft(made, coordinator).plan.digest()
    for _ in range(2):
        services.confirm_import(made.public_id, digest, limits=LIMITS, actor=coordinator)
    assert (rows_in(Learner), rows_in(Enrolment)) == (3, 3)


@pytest.mark.parametrize("name", ["L01", "L02", "L03"])
def test_the_same_sample_again_changes_nothing(coordinator, l01, name):
    bring_in(sample(name), actor=coordinator, to=l01, name=f"{name}.xlsx")
    again = draft(upload(sample(name), actor=coordinator, to=l01, name=f"{name}.xlsx"), coordinator)
    assert again.plan.changes_nothing
    assert again.plan.counts() | {"new": 0, "changed": 0, "questions": 0, "here": 107} == again.plan.counts()
    assert again.plan.removals == []


def test_the_same_list_saved_anew_asks_for_nothing_that_was_decided_before(coordinator, l01):
    people = [("TRẦN THỊ MY", "01/02/1990", "Nữ", 40190000017, "0912345678", "Xã A"), *PEOPLE]
    made = upload(class_list(*people), actor=coordinator, to=l01)
    keys = ["2:roster.name_capitals", "2:roster.id_number_lost_zero"]
    decide(made, coordinator, lambda choices: choices.accepting(keys))
    confirm(made, coordinator)
    assert learner_named("Trần Thị My").id_number == "040190000017"
    plan = draft(upload(class_list(*people, ("Lê Mới", "1980")), actor=coordinator, to=l01), coordinator).plan
    assert (plan.counts()["new"], plan.changed, plan.open_proposals) == (1, [], [])


def test_a_proposal_that_nobody_took_is_not_followed(coordinator, l01):
    people = [("TRẦN THỊ MY", "01/02/1990", "Nữ", 40190000017, "0912345678", "Xã A")]
    bring_in(class_list(*people), actor=coordinator, to=l01)
    assert learner_named("TRẦN THỊ MY").id_number == ""


def test_a_revised_list_shows_what_it_adds_changes_and_removes(coordinator, l01):
    bring_in(class_list(), actor=coordinator, to=l01)
    revised = [(*ANH[:4], "0987654321", ANH[5]), DUC, ("Vừ Y", "1990", "Nam", "040090000011", "", "Xã B")]
    made = upload(class_list(*revised), actor=coordinator, to=l01)
    plan = draft(made, coordinator).plan
    assert [(line.row.name, dict(line.changes)) for line in plan.changed] == [
        ("Nguyễn Thị Ánh", {"phone": ("+84912345678", "+84987654321")})
    ]
    assert [removal.learner.facts.name for removal in plan.removals] == ["Trần Văn Bình"]
    assert plan.removed == []
    confirm(made, coordinator)
    assert names_in(l01) == ["Nguyễn Thị Ánh", "Trần Văn Bình", "Hồ Minh Đức", "Vừ Y"]
    assert learner_named("Nguyễn Thị Ánh").phone == "+84987654321"


def test_somebody_no_longer_listed_leaves_only_when_ticked(coordinator, l01):
    bring_in(class_list(), actor=coordinator, to=l01)
    made = upload(class_list(ANH, DUC), actor=coordinator, to=l01)
    seat = draft(made, coordinator).plan.removals[0].seat.public_id
    decide(made, coordinator, lambda choices: replace(choices, removed=frozenset([seat])))
    confirm(made, coordinator)
    assert names_in(l01) == ["Nguyễn Thị Ánh", "Hồ Minh Đức"]
    binh = db.session.scalars(select(Enrolment).where(Enrolment.public_id == seat)).one()
    assert binh.ended_at is not None


def test_an_empty_cell_erases_nothing_and_a_bare_year_keeps_the_day(coordinator, l01):
    bring_in(class_list(), actor=coordinator, to=l01)
    plan = draft(upload(class_list((ANH[0], "1985", "", ANH[3])), actor=coordinator, to=l01), coordinator).plan
    assert plan.changed == []


def test_two_rows_with_one_id_number_wait_until_one_is_left_out(coordinator, l01):
    made = upload(class_list(ANH, (BINH[0], BINH[1], "Nam", ANH[3])), actor=coordinator, to=l01)
    (problem,) = [p for p in draft(made, coordinator).plan.problems if p.code == "roster.repeated_id_number"]
    assert (problem.row, problem.column, problem.details["earlier_row"]) == (3, "D", 2)
    with refusal("import.problems_open"):
        confirm(made, coordinator)
    decide(made, coordinator, lambda choices: choices.skipping([2]))
    confirm(made, coordinator)
    assert names_in(l01) == ["Trần Văn Bình"]


def test_a_cell_typed_anew_heals_its_row(coordinator, l01):
    made = upload(class_list((*ANH[:3], "0401850123", *ANH[4:]), BINH), actor=coordinator, to=l01)
    decide(made, coordinator, lambda choices: choices.skipping([3]).correcting({"2:3": "040185012345", "2:1": "1985"}))
    confirm(made, coordinator)
    anh = learner_named("Nguyễn Thị Ánh")
    assert (anh.id_number, anh.born_on, anh.birth_year, rows_in(Learner)) == ("040185012345", None, 1985, 1)


def test_a_file_with_a_class_column_spreads_people_over_classes(coordinator, l01):
    l02 = make_class(course=l01.course, code="L02")
    people = [(*ANH, "l01"), (*BINH, "L02"), (*DUC, "L9")]
    made = upload(class_list(*people), actor=coordinator, course=l01.course)
    assert choices_of(made).by_column
    (problem,) = [p for p in draft(made, coordinator).plan.problems if p.code.startswith("roster.class")]
    assert (problem.code, problem.row, problem.column, problem.value) == ("roster.class_unknown", 4, "G", "L9")
    decide(made, coordinator, lambda choices: choices.mapping_classes({"L9": l02.public_id}))
    confirm(made, coordinator)
    assert (names_in(l01), names_in(l02)) == (["Nguyễn Thị Ánh"], ["Trần Văn Bình", "Hồ Minh Đức"])


def test_a_class_named_in_the_title_is_the_target(coordinator, l01):
    rows = [("DANH SÁCH LỚP L01",), (), HEADINGS[:4], ANH[:4]]
    made = upload(workbook(*rows), actor=coordinator, course=l01.course)
    assert choices_of(made).target == l01.public_id


def test_a_file_that_names_no_class_asks_for_one(coordinator, l01):
    made = upload(workbook(HEADINGS[:4], ANH[:4]), actor=coordinator, course=l01.course)
    with refusal("import.class_needed"):
        confirm(made, coordinator)


def test_somebody_in_another_class_of_the_course_stays_there_unless_moved(coordinator, l01):
    l02 = make_class(course=l01.course, code="L02")
    bring_in(class_list(), actor=coordinator, to=l02)
    made = upload(class_list(ANH, BINH), actor=coordinator, to=l01)
    plan = draft(made, coordinator).plan
    assert [line.row.name for line in plan.seated(SeatStep.STAYS)] == ["Nguyễn Thị Ánh", "Trần Văn Bình"]
    decide(made, coordinator, lambda choices: replace(choices, moved=frozenset([2])))
    confirm(made, coordinator)
    assert (names_in(l01), names_in(l02)) == (["Nguyễn Thị Ánh"], ["Trần Văn Bình", "Hồ Minh Đức"])


def test_somebody_who_left_comes_back_to_the_same_place(coordinator, l01):
    bring_in(class_list(), actor=coordinator, to=l01)
    place = place_of(ANH[0])
    sessions.withdraw(place.public_id, "ốm", actor=coordinator)
    made = upload(class_list(), actor=coordinator, to=l01)
    decide(made, coordinator, lambda choices: replace(choices, rejoined=frozenset([place.public_id])))
    done = confirm(made, coordinator)
    assert (done.outcome["enrolled"], rows_in(Enrolment), len(names_in(l01))) == (1, 3, 3)


def test_a_full_class_takes_more_only_when_told(coordinator, l01):
    l01.capacity = 2
    db.session.commit()
    made = upload(class_list(), actor=coordinator, to=l01)
    with refusal("import.over_capacity"):
        confirm(made, coordinator)
    assert rows_in(Learner) == 0
    decide(made, coordinator, lambda choices: replace(choices, over_capacity=frozenset([l01.public_id])))
    confirm(made, coordinator)
    assert len(names_in(l01)) == 3


def test_a_state_that_changed_since_the_preview_is_shown_again(coordinator, l01):
    made = upload(class_list(), actor=coordinator, to=l01)
    digest = draft(made, coordinator).plan.digest()
    EnrolmentFactory(training_class=l01)
    with refusal("import.changed_meanwhile"):
        services.confirm_import(made.public_id, digest, limits=LIMITS, actor=coordinator)
    assert rows_in(Enrolment) == 1


def test_a_list_put_aside_is_closed(coordinator, l01):
    made = upload(class_list(), actor=coordinator, to=l01)
    services.drop_import(made.public_id, actor=coordinator)
    with refusal("import.closed"):
        decide(made, coordinator, lambda choices: choices.skipping([2]))
    with refusal("import.closed"):
        confirm(made, coordinator)


def test_another_organisations_import_does_not_exist(coordinator, l01):
    made = upload(class_list(), actor=coordinator, to=l01)
    stranger = make_actor("coordinator")
    for act in (
        lambda: draft(made, stranger),
        lambda: decide(made, stranger, lambda choices: choices),
        lambda: services.undo_import(made.public_id, "x", actor=stranger),
        lambda: upload(class_list(), actor=stranger, to=l01),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_whole_programme_of_1070_people_comes_in_by_one_file(coordinator, l01):
    codes = ("L01", *(f"L{n:02d}" for n in range(2, 11)))
    for code in codes[1:]:
        make_class(course=l01.course, code=code, capacity=110)
    made = upload(many(1070, classes=codes), actor=coordinator, course=l01.course)
    done = confirm(made, coordinator)
    assert (done.outcome["new"], done.outcome["enrolled"], rows_in(Enrolment)) == (1070, 1070, 1070)
