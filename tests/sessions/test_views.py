"""Pages of programmes, classes, sessions and enrolments."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from classroom.accounts.models import Organisation, Staff
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.sessions import queries, services
from classroom.sessions.models import Course, TrainingClass
from classroom.sessions.rules.classes import ClassFacts
from tests.factories import (
    FIRST_DAY,
    EnrolmentFactory,
    LearnerFactory,
    OrganisationFactory,
    StaffFactory,
    actor_for,
    at,
    make_class,
    sign_in,
    vietnam,
)
from tests.sessions.planning import course_of, room_of

PLAN = {
    "code": "L01",
    "capacity": "100",
    "code_period": "10",
    "opens_before": "30",
    "late_after": "15",
    "starts_on": "12/10/2026",
    "days": "3",
    "morning": "07:30-11:30",
    "afternoon": "13:30-17:00",
}


@pytest.fixture(autouse=True)
def the_time() -> Iterator[None]:
    with at(vietnam(7, 0)):
        yield


@pytest.fixture
def organisation(app: Flask) -> Organisation:
    made: Organisation = OrganisationFactory()
    return made


def staff_of(organisation: Organisation, *roles: str, **facts: Any) -> Staff:
    made: Staff = StaffFactory(organisation=organisation, role_names=roles, **facts)
    return made


@pytest.fixture
def coordinator(organisation: Organisation) -> Staff:
    return staff_of(organisation, "coordinator")


@pytest.fixture
def actor(coordinator: Staff) -> Actor:
    return actor_for(coordinator)


@pytest.fixture
def course(actor: Actor) -> Course:
    return course_of(actor)


@pytest.fixture
def desk(client: FlaskClient, coordinator: Staff) -> FlaskClient:
    return sign_in(client, coordinator)


def rows_of(page: str) -> dict[str, str]:
    """The rows of the plan as a browser would send them back."""
    inputs = re.findall(r'<input[^>]*name="(sessions-[^"]+)"[^>]*value="([^"]*)"', page)
    return {name: value for name, value in inputs if not name.endswith("drop")}


def test_a_coordinator_sets_up_a_programme_a_course_and_a_class(desk: FlaskClient, actor: Actor) -> None:
    answer = desk.post("/programmes/new", data={"name": "Kỹ năng số", "starts_on": "1/9/2026"})
    assert answer.status_code == 303
    answer = desk.post(answer.location, data={"name": "Cơ bản", "planned": "6", "required": "5"})
    programme = queries.programmes(actor)[0].programme
    assert answer.location == f"/programmes/{programme.public_id}"
    form = {**PLAN, "course": programme.courses[0].public_id}
    url = f"/programmes/{programme.public_id}/classes/new"
    preview = desk.post(url, data={**form, "action": "plan"}).text
    rows = rows_of(preview)
    assert rows["sessions-5-times"] == "13:30-17:00"
    assert rows["sessions-5-held_on"] == "14/10/2026"
    assert queries.programmes(actor)[0].classes == 0
    rows |= {"sessions-0-topic": "Mở đầu", "sessions-1-times": "14:00-16:00", "sessions-5-drop": "y"}
    answer = desk.post(url, data={**form, **rows, "action": "create"})
    assert answer.status_code == 303
    made = queries.find_class_by_code(programme.courses[0].id, "L01")
    assert made
    sessions = queries.sessions_of(made)
    assert [one.topic for one in sessions] == ["Mở đầu", "", "", "", ""]
    assert sessions[1].starts_at == vietnam(14)


def test_a_clash_is_shown_in_the_row_before_anything_is_saved(desk: FlaskClient, actor: Actor, course: Course) -> None:
    room = room_of(actor)
    form = {**PLAN, "course": course.public_id, "room": room.public_id}
    url = f"/programmes/{course.programme.public_id}/classes/new"
    first = desk.post(url, data={**form, "action": "plan"}).text
    desk.post(url, data={**form, **rows_of(first), "action": "create"})
    form |= {"code": "L02", "title": "Xã Đô Lương"}
    answer = desk.post(url, data={**form, "action": "plan"})
    assert f"{room.name} đã có lớp L01 dùng ngày 12/10/2026, 07:30–11:30." in answer.text
    answer = desk.post(
        url, data={**form, "code": "L02", "title": "Xã Đô Lương", **rows_of(answer.text), "action": "create"}
    )
    assert answer.status_code == 422
    assert 'value="Xã Đô Lương"' in answer.text
    assert queries.find_class_by_code(course.id, "L02") is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"morning": "sáng sớm"}, "“sáng sớm” không đọc được thành giờ"),
        ({"morning": "", "afternoon": ""}, "ít nhất một buổi trong ngày"),
        ({"starts_on": "32/10/2026"}, "14/10/2026"),
        ({"days": "31"}, "từ 1 đến 30 ngày"),
        ({"days": "ba"}, "số nguyên"),
        ({"code": " "}, "Xin điền mục này."),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_typed_is_lost(
    desk: FlaskClient, course: Course, wrong: dict[str, str], words: str
) -> None:
    form = {**PLAN, "course": course.public_id, "title": "Xã Đô Lương", "action": "plan", **wrong}
    answer = desk.post(f"/programmes/{course.programme.public_id}/classes/new", data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Xã Đô Lương"' in answer.text


def test_more_than_a_hundred_asks_for_a_tick(desk: FlaskClient, course: Course) -> None:
    made = make_class(course=course, code="L01")
    url = f"/classes/{made.public_id}/edit"
    answer = desk.post(url, data={**PLAN, "capacity": "120"})
    assert answer.status_code == 422
    assert 'name="knowingly"' in answer.text
    assert desk.post(url, data={**PLAN, "capacity": "120", "knowingly": "y"}).status_code == 303


def test_a_session_is_edited_moved_cancelled_and_restored(desk: FlaskClient, actor: Actor, course: Course) -> None:
    made = make_class(course=course, code="L01", learners=2)
    key = queries.sessions_of(made)[0].public_id
    assert desk.post(f"/sessions/{key}/edit", data={"topic": "Chữ ký số"}).status_code == 303
    move = {"held_on": "20/10/2026", "times": "8h-11h", "reason": "Mất điện"}
    refused = desk.post(f"/sessions/{key}/move", data={**move, "times": "11:00-8:00"})
    assert "kết thúc trước khi bắt đầu" in refused.text
    assert desk.post(f"/sessions/{key}/move", data={**move, "reason": ""}).status_code == 422
    assert desk.post(f"/sessions/{key}/move", data=move).status_code == 303
    assert "2 học viên" in desk.get(f"/sessions/{key}/cancel").text
    assert desk.post(f"/sessions/{key}/cancel", data={"reason": ""}).status_code == 422
    assert desk.post(f"/sessions/{key}/cancel", data={"reason": "Bão"}).status_code == 303
    assert queries.get_session(actor, key).cancelled_at is not None
    assert desk.post(f"/sessions/{key}/restore").status_code == 303
    found = queries.get_session(actor, key)
    assert (found.topic, found.held_on.day, found.cancelled_at) == ("Chữ ký số", 20, None)


def test_a_class_is_copied_and_cancelled(desk: FlaskClient, actor: Actor, course: Course) -> None:
    made = make_class(course=course, code="L01", learners=3)
    copy = {**PLAN, "code": "L02", "starts_on": "2/11/2026"}
    assert desk.post(f"/classes/{made.public_id}/copy", data={**copy, "code": "l01"}).status_code == 422
    assert desk.post(f"/classes/{made.public_id}/copy", data=copy).status_code == 303
    page = desk.get(f"/classes/{made.public_id}/cancel").text
    assert "6 buổi chưa học bị hủy" in page
    assert "3 học viên vẫn trong danh sách" in page
    assert desk.post(f"/classes/{made.public_id}/cancel", data={"reason": "Bão"}).status_code == 303
    assert queries.get_class(actor, made.public_id).cancelled_at


def test_check_out_is_a_setting_of_the_class_and_goes_into_its_copy(
    desk: FlaskClient, actor: Actor, course: Course
) -> None:
    made = make_class(course=course, code="L01")
    page = desk.get(f"/classes/{made.public_id}/edit").text
    assert "Điểm danh cả lúc ra về" in page
    sent = {**PLAN, "check_out": "y", "left_early_before": "20"}
    assert desk.post(f"/classes/{made.public_id}/edit", data={**sent, "left_early_before": "241"}).status_code == 422
    assert desk.post(f"/classes/{made.public_id}/edit", data=sent).status_code == 303
    found = queries.get_class(actor, made.public_id)
    assert (found.check_out, found.left_early_before) == (True, 20)
    offered = desk.get(f"/classes/{made.public_id}/copy").text
    assert re.search(r'<input[^>]*checked[^>]*id="check_out"', offered)
    assert re.search(r'<input[^>]*id="left_early_before"[^>]*value="20"', offered)


def test_people_are_found_without_accents_and_enrolled(desk: FlaskClient, actor: Actor, course: Course) -> None:
    made = make_class(course=course, code="L01", capacity=1)
    learner = LearnerFactory(organisation_id=actor.organisation_id, name="Nguyễn Văn Đức")
    second = LearnerFactory(organisation_id=actor.organisation_id, name="Nguyễn Văn Đức")
    url = f"/classes/{made.public_id}/enrol"
    assert desk.get(f"{url}?q=nguyen+van+duc").text.count("Nguyễn Văn Đức") >= 2
    assert desk.post(url, data={"learner": learner.public_id}).status_code == 303
    full = desk.post(url, data={"learner": second.public_id, "q": "duc"})
    assert (full.status_code, "Ghi danh dù lớp đã đủ" in full.text) == (409, True)
    desk.post(url, data={"learner": second.public_id, "over_capacity": "1"})
    assert queries.seats_taken(made.id) == 2


def test_a_learner_leaves_comes_back_and_changes_class(desk: FlaskClient, course: Course) -> None:
    made, other = (make_class(course=course, code=code) for code in ("L01", "L02"))
    place = EnrolmentFactory(training_class=made).public_id
    assert desk.post(f"/enrolments/{place}/withdraw", data={"reason": ""}).status_code == 422
    assert desk.post(f"/enrolments/{place}/withdraw", data={"reason": "Ốm"}).status_code == 303
    assert "Ốm" in desk.get(f"/enrolments/{place}/rejoin").text
    assert desk.post(f"/enrolments/{place}/rejoin").status_code == 303
    move = {"to": other.public_id, "reason": "Gần nhà"}
    assert desk.post(f"/enrolments/{place}/move", data=move).status_code == 303
    assert (queries.seats_taken(made.id), queries.seats_taken(other.id)) == (0, 1)


def test_a_week_shows_rooms_trainers_substitutes_and_what_is_cancelled(
    desk: FlaskClient, actor: Actor, course: Course, organisation: Organisation
) -> None:
    room = room_of(actor, name="Hội trường A")
    trainer = staff_of(organisation, "trainer", name="Nguyễn Văn Đức")
    made = make_class(course=course, code="L01", trainer=trainer, room_id=room.id)
    last = queries.sessions_of(made)[5]
    services.cancel_session(last.public_id, "Bão", actor=actor)
    url = f"/programmes/{course.programme.public_id}/timetable"
    page = desk.get(f"{url}?week=2026-W42").text
    assert "12/10 – 18/10/2026" in page
    assert page.count('<a class="week-cell"') == 5
    assert page.count("week-cell week-cancelled") == 1
    assert "Hội trường A" in page
    assert "Nguyễn Văn Đức" in page
    assert "week=2026-W41" in page
    assert "week=2026-W43" in page
    assert "Tuần này không có buổi học" in desk.get(f"{url}?week=2026-W44").text
    assert desk.get(f"{url}?week=nonsense").status_code == 200


def paths_of(made: TrainingClass) -> list[str]:
    session = queries.sessions_of(made)[0].public_id
    place = queries.roster(made.id)[0].public_id
    programme = made.course.programme.public_id
    return [
        f"/programmes/{programme}",
        f"/programmes/{programme}/edit",
        f"/programmes/{programme}/timetable",
        f"/programmes/{programme}/classes/new",
        f"/programmes/{programme}/courses/new",
        f"/courses/{made.course.public_id}/edit",
        *(f"/classes/{made.public_id}/{page}" for page in ("edit", "copy", "cancel", "enrol", "sessions/new")),
        *(f"/sessions/{session}/{page}" for page in ("edit", "move", "cancel")),
        *(f"/enrolments/{place}/{page}" for page in ("withdraw", "rejoin", "move")),
    ]


def test_every_page_opens_and_those_of_another_organisation_do_not_exist(
    app: Flask, desk: FlaskClient, course: Course
) -> None:
    paths = paths_of(make_class(course=course, learners=1))
    stranger = sign_in(app.test_client(), staff_of(OrganisationFactory(), "coordinator"))
    assert {path: desk.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
    assert {path: stranger.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)


def test_a_viewer_reads_and_changes_nothing(app: Flask, organisation: Organisation, course: Course) -> None:
    made = make_class(course=course, learners=1)
    viewer = sign_in(app.test_client(), staff_of(organisation, "viewer"))
    readable = {f"/programmes/{course.programme.public_id}", f"/programmes/{course.programme.public_id}/timetable"}
    for path in paths_of(made):
        assert viewer.get(path).status_code == (200 if path in readable else 403), path
    page = viewer.get(f"/programmes/{course.programme.public_id}").text
    assert "/classes/new" not in page
    assert "/edit" not in page
    assert viewer.post(f"/classes/{made.public_id}/cancel", data={"reason": "x"}).status_code == 403


def test_a_trainer_sees_only_classes_taught(app: Flask, organisation: Organisation, course: Course) -> None:
    trainer = staff_of(organisation, "trainer")
    make_class(course=course, code="MINE", trainer=trainer)
    theirs = make_class(course=course, code="THEIRS")
    substituted = make_class(course=course, code="ONCE")
    queries.sessions_of(substituted)[0].substitute_id = trainer.id
    db.session.commit()
    teaching = actor_for(trainer)
    assert [one.training_class.code for one in queries.classes_of(teaching, course.programme, vietnam(9))] == [
        "MINE",
        "ONCE",
    ]
    page = sign_in(app.test_client(), trainer).get(f"/programmes/{course.programme.public_id}/timetable").text
    assert "MINE" in page
    assert "THEIRS" not in page
    with pytest.raises(Exception, match="not_found"):
        queries.get_class(teaching, theirs.public_id)
    queries.sessions_of(substituted)[0].cancelled_at = vietnam(9)
    db.session.commit()
    with pytest.raises(Exception, match="not_found"):
        queries.get_class(teaching, substituted.public_id)


def statements(action: Any) -> int:
    seen: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        action()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_the_number_of_questions_to_the_database_does_not_grow_with_the_classes(
    desk: FlaskClient, actor: Actor, course: Course, organisation: Organisation
) -> None:
    paths = [
        "/programmes",
        f"/programmes/{course.programme.public_id}",
        f"/programmes/{course.programme.public_id}/timetable?week=2026-W42",
    ]

    def more(count: int) -> None:
        for _ in range(count):
            make_class(course=course, learners=1, trainer=staff_of(organisation, "trainer"), room_id=room_of(actor).id)

    more(1)
    few = [statements(lambda path=path: desk.get(path)) for path in paths]  # type: ignore[misc]
    more(4)
    assert [statements(lambda path=path: desk.get(path)) for path in paths] == few  # type: ignore[misc]


def test_rooms_are_kept_with_their_venues(desk: FlaskClient, actor: Actor) -> None:
    answer = desk.post("/venues/new", data={"name": "Trung tâm", "address": "Đô Lương"})
    venue = answer.location
    assert desk.post(f"{venue}/rooms", data={"name": "P1", "seats": "80"}).status_code == 303
    again = desk.post(f"{venue}/rooms", data={"name": "P1", "seats": "80"})
    assert (again.status_code, "đã có phòng mang tên đó" in again.text) == (422, True)
    room = queries.room_choices(actor)[0].public_id
    assert desk.post(f"/rooms/{room}/edit", data={"name": "P2", "seats": "x"}).status_code == 422
    assert desk.post(f"/rooms/{room}/edit", data={"name": "P2", "seats": "60"}).status_code == 303
    assert "P2" in desk.get("/venues").text
    desk.post(f"/rooms/{room}/archive", data={"archived": "1"})
    assert queries.room_choices(actor) == []
    assert desk.get(venue).status_code == 200


def test_what_is_wrong_with_an_address_is_a_kind_page(desk: FlaskClient) -> None:
    for path in (
        "/programmes/x",
        "/classes/ABCDEFGH1234/edit",
        "/sessions/%27/edit",
        "/enrolments/0/move",
        "/venues/x",
    ):
        assert desk.get(path).status_code == 404, path


def test_an_english_reader_gets_english_words(desk: FlaskClient) -> None:
    desk.set_cookie("language", "en")
    assert "No programme yet" in desk.get("/programmes").text


def test_a_class_that_begins_again_keeps_its_facts(actor: Actor, course: Course) -> None:
    made = make_class(course=course, code="L01", first_day=FIRST_DAY)
    services.update_class(made.public_id, ClassFacts("L01B", title="Xã Đô Lương"), actor=actor)
    found = queries.get_class(actor, made.public_id)
    assert (found.code, found.title, found.starts_on) == ("L01B", "Xã Đô Lương", FIRST_DAY)
