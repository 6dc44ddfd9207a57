"""The signed sheet: who signed was there; entering it twice changes nothing; what disagrees is shown, never decided."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from classroom.accounts.models import Staff
from classroom.attendance import services
from classroom.attendance.models import Event, Flag
from classroom.attendance.rules import Source, Status
from classroom.attendance.services import Choice, Decision, Doubt
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.sessions import services as sessions
from classroom.sessions.models import Enrolment, TrainingClass
from tests.attendance.tablets import Device, make_taught, mark_of, places, scan
from tests.factories import actor_for, at, sign_in, vietnam
from tests.support.pages import check_page

NOON = vietnam(12)


@pytest.fixture
def actor(trainer: Staff) -> Actor:
    return actor_for(trainer)


@pytest.fixture
def l01(trainer: Staff) -> TrainingClass:
    return make_taught(trainer, learners=5, days=1)


@pytest.fixture
def scanned(any_app: Flask, trainer: Staff, l01: TrainingClass) -> list[Enrolment]:
    """The first two came by a badge; nobody has decided about the others."""
    with at(vietnam(7)):
        device = Device(any_app, trainer, l01)
    people = places(l01)
    with at(vietnam(8)):
        device.send([scan(l01, vietnam(7, 50), enrolment=place.public_id) for place in people[:2]])
    return people


def session_of(made: TrainingClass) -> str:
    return made.sessions[0].public_id


def enter(made: TrainingClass, actor: Actor, *signed: Enrolment) -> services.Entered:
    choices = [Choice(place.public_id, event_of(place)) for place in signed]
    return services.enter_sheet(session_of(made), choices, reason="Phiếu ký tên", actor=actor)


def event_of(place: Enrolment) -> str:
    from classroom.attendance.models import Mark

    db.session.rollback()
    row = select(Event.public_id).join(Mark, Mark.event_id == Event.id).where(Mark.enrolment_id == place.id)
    return db.session.scalar(row) or ""


def events() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Event.id))) or 0


def test_a_scan_keeps_its_time_and_the_paper_marks_whom_only_it_knows(
    l01: TrainingClass, actor: Actor, scanned: list[Enrolment]
) -> None:
    with at(NOON):
        entered = enter(l01, actor, *scanned[:4])
    assert (entered.marked, entered.conflicts, entered.contradictions) == (2, (), ())
    assert [mark_of(place) for place in scanned] == [
        ("late", vietnam(7, 50)), ("late", vietnam(7, 50)), ("present", None), ("present", None), None,
    ]  # fmt: skip
    sources = db.session.scalars(select(Event.source).where(Event.kind == "manual")).all()
    assert set(sources) == {Source.PAPER}


def test_a_paper_sheet_entered_twice_changes_nothing_the_second_time(
    l01: TrainingClass, actor: Actor, scanned: list[Enrolment]
) -> None:
    with at(NOON):
        enter(l01, actor, *scanned[1:4])
        before, flags = events(), db.session.scalar(select(func.count(Flag.id)))
        again = enter(l01, actor, *scanned[1:4])
    assert (again.marked, events(), db.session.scalar(select(func.count(Flag.id)))) == (0, before, flags)


def test_an_absence_at_close_gives_way_to_a_signature(
    l01: TrainingClass, actor: Actor, scanned: list[Enrolment]
) -> None:
    with at(NOON):
        services.close_register(session_of(l01), head_count=2, actor=actor)
        assert mark_of(scanned[4]) == ("absent", None)
        enter(l01, actor, *scanned)
    assert mark_of(scanned[4]) == ("present", None)


def test_every_contradiction_is_named_and_nothing_is_decided(
    l01: TrainingClass, actor: Actor, scanned: list[Enrolment]
) -> None:
    first, second, third, fourth, _fifth = scanned
    with at(NOON):
        for place, status in ((third, Status.PRESENT), (fourth, Status.EXCUSED)):
            choice, decision = Choice(place.public_id), Decision(status, "vì")
            services.mark_by_hand(session_of(l01), [choice], decision, actor=actor)
        entered = enter(l01, actor, second, fourth)
    assert [(one.doubt, one.line.enrolment) for one in entered.contradictions] == [
        (Doubt.SCANNED_NOT_SIGNED, first.public_id),
        (Doubt.MARKED_NOT_SIGNED, third.public_id),
        (Doubt.SIGNED_NOT_HERE, fourth.public_id),
    ]
    assert mark_of(first) == ("late", vietnam(7, 50))
    assert (mark_of(fourth) or ("", None))[0] == "excused"
    assert db.session.scalars(select(Flag.kind)).all() == ["not_signed"]


def test_a_scan_without_signature_stands_on_the_board_until_somebody_decides(
    any_app: Flask, l01: TrainingClass, trainer: Staff, actor: Actor, scanned: list[Enrolment]
) -> None:
    client = sign_in(any_app.test_client(), trainer)
    with at(NOON):
        enter(l01, actor, *scanned[1:])
        board = client.get(f"/sessions/{session_of(l01)}/board").text
        assert "không ký phiếu" in board
        flag = db.session.scalars(select(Flag.public_id)).one()
        services.decide_flag(session_of(l01), flag, fine=False, reason="không đến", actor=actor)
    assert mark_of(scanned[0]) == ("unmarked", None)


def test_after_sign_off_only_a_coordinator_enters_a_sheet(
    any_app: Flask, l01: TrainingClass, trainer: Staff, actor: Actor, scanned: list[Enrolment]
) -> None:
    with at(NOON):
        services.close_register(session_of(l01), head_count=2, actor=actor)
        services.sign_off(session_of(l01), actor=actor)
        with pytest.raises(Refusal, match=r"register\.signed_off"):
            enter(l01, actor, *scanned)
        office = Device(any_app, trainer, name="Máy 09").office
        assert enter(l01, office, *scanned).marked == 3


def test_what_somebody_changed_since_the_page_was_shown_is_left_alone(
    l01: TrainingClass, actor: Actor, scanned: list[Enrolment]
) -> None:
    stale = Choice(scanned[4].public_id, "")
    with at(NOON):
        services.close_register(session_of(l01), head_count=2, actor=actor)
        entered = services.enter_sheet(session_of(l01), [stale], reason="Phiếu", actor=actor)
    assert (entered.marked, len(entered.conflicts)) == (0, 1)


# --- the page ---


@pytest.fixture
def tablet(any_app: Flask, trainer: Staff) -> FlaskClient:
    return sign_in(any_app.test_client(), trainer)


def test_the_page_numbers_rows_as_they_are_printed_and_takes_all_but_a_few(
    tablet: FlaskClient, l01: TrainingClass, scanned: list[Enrolment], actor: Actor
) -> None:
    path = f"/sessions/{session_of(l01)}/sheet"
    with at(NOON):
        page = tablet.get(path).text
        check_page(page)
        numbers = re.findall(r'data-row="(\d+)".*?<strong>([^<]+)</strong>', page, re.DOTALL)
        shown = re.findall(r'name="shown" value="([^"]+)"', page)
        printed = [place.learner.name for place in sorted(places(l01), key=lambda one: one.learner.sort_key)]
        assert [name for _n, name in numbers] == printed
        assert [int(number) for number, _name in numbers] == [1, 2, 3, 4, 5]
        missing = next(one for one in shown if one.startswith(scanned[4].public_id))
        answer = tablet.post(path, data={"mode": "missing", "ticked": [missing], "shown": shown})
        check_page(answer.text)
        assert "2 học viên chỉ có trên phiếu" in answer.text
    assert [(mark_of(place) or ("none", None))[0] for place in scanned] == [
        "late",
        "late",
        "present",
        "present",
        "none",
    ]


def test_contradictions_are_shown_with_what_can_be_done(
    tablet: FlaskClient, l01: TrainingClass, scanned: list[Enrolment]
) -> None:
    path = f"/sessions/{session_of(l01)}/sheet"
    with at(NOON):
        shown = re.findall(r'name="shown" value="([^"]+)"', tablet.get(path).text)
        page = tablet.post(path, data={"mode": "signed", "ticked": [], "shown": shown}).text
        check_page(page)
        assert page.count(", không ký</span>") == 2
        chosen = re.search(r'name="chosen" value="([^"]+)"', page)
        assert chosen is not None
        data = {"chosen": chosen[1], "status": "absent", "reason": "Không ký", "paper": "1"}
        assert tablet.post(f"/sessions/{session_of(l01)}/mark", data=data).status_code == 303
    assert sorted((mark_of(place) or ("none", None))[0] for place in scanned[:2]) == ["absent", "late"]


def test_the_sheets_code_leads_to_this_page_and_sign_in_keeps_the_way(any_app: Flask, l01: TrainingClass) -> None:
    answer = any_app.test_client().get(f"/sessions/{session_of(l01)}/sheet")
    assert answer.status_code == 302
    assert f"next=/sessions/{session_of(l01)}/sheet" in answer.location


def test_who_left_since_is_listed_without_a_number(
    tablet: FlaskClient, l01: TrainingClass, scanned: list[Enrolment], any_app: Flask, trainer: Staff
) -> None:
    office = Device(any_app, trainer, name="Máy 09").office
    with at(NOON):
        sessions.withdraw(scanned[0].public_id, "chuyển", actor=office)
        page = tablet.get(f"/sessions/{session_of(l01)}/sheet").text
    assert "đã thôi lớp" in page
    assert re.findall(r'data-row="(\d+)"', page) == ["1", "2", "3", "4"]
