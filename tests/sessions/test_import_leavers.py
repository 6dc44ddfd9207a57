"""Whoever left a class and is listed again comes back only when somebody says so."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.sessions import services as sessions
from classroom.sessions.models import Enrolment, RosterImport, TrainingClass
from classroom.sessions.rules.imports import SeatStep
from classroom.sessions.services import imports as services
from tests.factories import StaffFactory, actor_for, make_actor, sign_in
from tests.support.pages import check_page
from tests.support.rosters import (
    PEOPLE,
    bring_in,
    choices_of,
    class_list,
    confirm,
    decide,
    draft,
    learner_named,
    make_roster_class,
    names_in,
    place_of,
    rows_in,
    send,
    upload,
)

ANH, BINH, DUC = PEOPLE


@pytest.fixture
def coordinator(any_app: Flask) -> Actor:
    return make_actor("coordinator")


@pytest.fixture
def l01(coordinator: Actor) -> TrainingClass:
    return make_roster_class(coordinator)


def leave(name: str, actor: Actor) -> Enrolment:
    return sessions.withdraw(place_of(name).public_id, "chuyển công tác", actor=actor)


def tick(made: RosterImport, place: Enrolment, actor: Actor) -> None:
    decide(made, actor, lambda choices: replace(choices, rejoined=frozenset([place.public_id])))


def test_the_same_file_after_somebody_left_changes_nothing(coordinator: Actor, l01: TrainingClass) -> None:
    content = class_list()
    bring_in(content, actor=coordinator, to=l01)
    leave(ANH[0], coordinator)
    made = upload(content, actor=coordinator, to=l01)
    plan = draft(made, coordinator).plan
    (line,) = plan.seated(SeatStep.LEFT)
    assert (line.row.name, line.seat.end_reason, plan.changes_nothing) == (ANH[0], "chuyển công tác", True)
    assert plan.counts() | {"enrolled": 0, "here": 2, "left": 1, "changed": 0} == plan.counts()
    assert [(room.before, room.after) for room in plan.rooms] == [(2, 2)]
    confirm(made, coordinator)
    assert (names_in(l01), place_of(ANH[0]).end_reason) == ([BINH[0], DUC[0]], "chuyển công tác")


def test_only_those_who_are_ticked_come_back(coordinator: Actor, l01: TrainingClass) -> None:
    bring_in(class_list(), actor=coordinator, to=l01)
    back, _ = leave(ANH[0], coordinator), leave(BINH[0], coordinator)
    made = upload(class_list(), actor=coordinator, to=l01)
    unticked = draft(made, coordinator).plan.digest()
    tick(made, back, coordinator)
    plan = draft(made, coordinator).plan
    assert (plan.digest(), plan.counts()["enrolled"], plan.counts()["left"]) == (unticked, 1, 1)
    done = confirm(made, coordinator)
    assert (names_in(l01), rows_in(Enrolment)) == ([ANH[0], DUC[0]], 3)
    services.undo_import(done.public_id, "nhầm", actor=coordinator)
    assert (names_in(l01), place_of(ANH[0]).end_reason) == ([DUC[0]], "chuyển công tác")


def test_a_tick_of_an_earlier_import_of_the_file_is_not_taken_over(coordinator: Actor, l01: TrainingClass) -> None:
    content = class_list()
    bring_in(content, actor=coordinator, to=l01)
    place = leave(ANH[0], coordinator)
    made = upload(content, actor=coordinator, to=l01)
    tick(made, place, coordinator)
    confirm(made, coordinator)
    leave(ANH[0], coordinator)
    again = upload(content, actor=coordinator, to=l01)
    assert choices_of(again).rejoined == frozenset()
    confirm(again, coordinator)
    assert names_in(l01) == [BINH[0], DUC[0]]


def test_somebody_removed_by_an_import_is_asked_about_too(coordinator: Actor, l01: TrainingClass) -> None:
    content = class_list()
    bring_in(content, actor=coordinator, to=l01)
    revised = upload(class_list(ANH, BINH), actor=coordinator, to=l01)
    seats = [one.seat.public_id for one in draft(revised, coordinator).plan.removals]
    decide(revised, coordinator, lambda choices: replace(choices, removed=frozenset(seats)))
    confirm(revised, coordinator)
    bring_in(content, actor=coordinator, to=l01)
    assert names_in(l01) == [ANH[0], BINH[0]]


def test_somebody_whose_import_was_undone_is_asked_about_too(coordinator: Actor, l01: TrainingClass) -> None:
    bring_in(class_list(ANH), actor=coordinator, to=make_roster_class(coordinator, "M01"))
    done = bring_in(class_list(ANH), actor=coordinator, to=l01)
    services.undo_import(done.public_id, "nhầm lớp", actor=coordinator)
    plan = draft(upload(class_list(ANH), actor=coordinator, to=l01), coordinator).plan
    assert [line.seat.end_reason for line in plan.seated(SeatStep.LEFT)] == ["nhầm lớp"]


def test_a_new_note_and_a_new_phone_count_only_for_those_who_come_back(coordinator: Actor, l01: TrainingClass) -> None:
    bring_in(class_list((*ANH, "", "ăn chay"), BINH), actor=coordinator, to=l01)
    place = leave(ANH[0], coordinator)
    revised = class_list((*ANH[:4], "0987654321", ANH[5], "", "đến muộn"), BINH)
    bring_in(revised, actor=coordinator, to=l01)
    assert (learner_named(ANH[0]).phone, place_of(ANH[0]).note) == ("+84912345678", "ăn chay")
    made = upload(revised, actor=coordinator, to=l01)
    tick(made, place, coordinator)
    done = confirm(made, coordinator)
    assert (learner_named(ANH[0]).phone, place_of(ANH[0]).note) == ("+84987654321", "đến muộn")
    services.undo_import(done.public_id, "nhầm", actor=coordinator)
    assert (learner_named(ANH[0]).phone, place_of(ANH[0]).note) == ("+84912345678", "ăn chay")


def test_the_page_names_who_left_and_why_and_takes_the_tick(client: FlaskClient) -> None:
    staff = StaffFactory(role_names=("coordinator",))
    actor, browser = actor_for(staff), sign_in(client, staff)
    room = make_roster_class(actor)
    bring_in(class_list(), actor=actor, to=room)
    place = leave(ANH[0], actor).public_id
    url = send(browser, room, class_list()).location + "/confirm"
    page = browser.get(url).text
    check_page(page)
    asked = re.search(rf'<input[^>]*name="rejoin" value="{place}"[^>]*>.*?</label>', page)[0]
    assert (ANH[0] in asked, "chuyển công tác" in asked, "Thôi lớp ngày" in asked) == (True, True, True)
    assert (" checked" in asked, "Mọi nội dung trong tệp này đã có" in page) == (False, False)
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    browser.post(url, data={"do": "import", "digest": digest, "rejoin": place})
    db.session.rollback()
    assert names_in(room) == [ANH[0], BINH[0], DUC[0]]
