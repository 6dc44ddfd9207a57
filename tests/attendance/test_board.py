"""The board's pages: who may see it, what is polled, what taps do, that stale and foreign things are refused."""

import gzip
import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from classroom.accounts.models import StaffRole, StaffSession
from classroom.attendance.models import CheckinRequest, Scan
from classroom.attendance.rules import Status
from classroom.core.db import db
from tests.factories import EnrolmentFactory, StaffFactory, at, make_class, sign_in, vietnam
from tests.support.rooms import Room

JSON = {"Accept": "application/json"}


@pytest.fixture
def room(app: Flask) -> Room:
    return Room(6)


@pytest.fixture
def trainer(room: Room, client: FlaskClient) -> FlaskClient:
    with at(vietnam(7, 30)):
        return sign_in(client, room.trainer)


def poll(client: FlaskClient, room: Room, version: int | str) -> int:
    return client.get(f"/sessions/{room.session}/board/poll?v={version}", headers=JSON).status_code


def test_the_board_names_who_is_missing(room: Room, trainer: FlaskClient) -> None:
    others = [line.name for line in room.lines() if line.enrolment != room.places[0]]
    with at(vietnam(8)):
        room.mark(0)
        page = trainer.get(f"/sessions/{room.session}/board").get_data(as_text=True)
    missing = re.findall(r'class="person-name">([^<]+)<', page)
    assert missing == others


def test_a_poll_answers_only_when_something_is_new(room: Room, trainer: FlaskClient) -> None:
    with at(vietnam(8)):
        assert poll(trainer, room, room.register().version) == 204
        before = room.register().version
        room.mark(0)
        answer = trainer.get(f"/sessions/{room.session}/board/poll?v={before}", headers=JSON)
        assert answer.status_code == 200
        assert answer.json["v"] == room.register().version
        assert "1 <small>/ 6" in answer.json["html"]


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "²"])
def test_a_poll_with_an_odd_version_gets_the_whole_board(room: Room, trainer: FlaskClient, version: str) -> None:
    with at(vietnam(8)):
        assert poll(trainer, room, version) == 200


@pytest.mark.sqlite
def test_a_poll_with_nothing_new_costs_one_statement(room: Room, trainer: FlaskClient) -> None:
    statements: list[str] = []
    # The hot read goes past SQLAlchemy; any statement seen here would be one too many.
    event.listen(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    with at(vietnam(8)):
        version = room.register().version
        statements.clear()
        assert poll(trainer, room, version) == 204
    assert statements == []


def test_the_board_answers_with_few_statements_whatever_the_roster(room: Room, trainer: FlaskClient) -> None:
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    with at(vietnam(8)):
        trainer.get(f"/sessions/{room.session}/board")
    assert len(statements) <= 14


def test_a_signed_out_poll_is_told_so(room: Room, trainer: FlaskClient, app: Flask) -> None:
    with at(vietnam(8)):
        version = room.register().version
        assert poll(app.test_client(), room, version) == 401
        db.session.execute(update(StaffSession).values(ended_at=vietnam(8)))
        db.session.commit()
        assert poll(trainer, room, version) == 401


def test_a_poll_stops_when_the_sign_in_has_gone_idle_and_never_prolongs_it(room: Room, trainer: FlaskClient) -> None:
    for hour in (8, 9, 10, 11, 12, 13):
        with at(vietnam(hour)):
            assert poll(trainer, room, room.register().version) == 204
    with at(vietnam(13, 31)):
        assert poll(trainer, room, room.register().version) == 401


def test_a_poll_ends_with_the_sign_in(room: Room, trainer: FlaskClient) -> None:
    db.session.execute(update(StaffSession).values(expires_at=vietnam(8)))
    db.session.commit()
    with at(vietnam(8)):
        assert poll(trainer, room, room.register().version) == 401


def test_nobody_polls_a_foreign_or_untaught_board(room: Room, app: Flask) -> None:
    with at(vietnam(8)):
        version = room.register().version
        for staff in (StaffFactory(role_names=("coordinator",)), room.colleague("trainer")):
            client = sign_in(app.test_client(), staff)
            assert poll(client, room, version) == 404
            assert client.get(f"/sessions/{room.session}/board").status_code == 404


def test_a_role_lost_acts_at_once(room: Room, trainer: FlaskClient) -> None:
    with at(vietnam(8)):
        version = room.register().version
        assert poll(trainer, room, version) == 204
        db.session.execute(update(StaffRole).values(last_on=vietnam(8).date() - timedelta(days=1)))
        db.session.commit()
        assert poll(trainer, room, version) == 403


def test_coordinators_substitutes_and_viewers_poll_like_the_trainer(room: Room, app: Flask) -> None:
    substitute = room.colleague("trainer")
    room.made.sessions[3].substitute_id = substitute.id
    db.session.commit()
    with at(vietnam(8)):
        version = room.register().version
        for staff in (room.colleague("coordinator"), room.colleague("viewer"), substitute):
            assert poll(sign_in(app.test_client(), staff), room, version) == 204


def test_a_large_answer_is_packed(room: Room, trainer: FlaskClient) -> None:
    for _ in range(40):
        EnrolmentFactory(training_class=room.made)
    with at(vietnam(8)):
        answer = trainer.get(f"/sessions/{room.session}/board/poll?v=0", headers={**JSON, "Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "person-name" in json.loads(gzip.decompress(answer.data))["html"]


def test_a_tap_marks_and_a_second_tap_from_a_stale_page_is_told(room: Room, trainer: FlaskClient) -> None:
    with at(vietnam(8)):
        place = f"{room.places[0]}."
        tap = f"/sessions/{room.session}/tap"
        assert trainer.post(tap, data={"tap": f"present.{place}"}, headers=JSON).status_code == 200
        assert room.statuses()[0] is Status.PRESENT
        stale = trainer.post(tap, data={"tap": f"excused.{place}"}, headers=JSON)
        assert (stale.status_code, stale.json["error"]) == (409, "mark.changed")
        assert room.statuses()[0] is Status.PRESENT


@pytest.mark.parametrize(
    "tap", ["", "present", "present.", "nonsense.X.Y", "not_applicable.X.", "present." + "A" * 500]
)
def test_a_malformed_tap_is_refused_kindly(room: Room, trainer: FlaskClient, tap: str) -> None:
    with at(vietnam(8)):
        answer = trainer.post(f"/sessions/{room.session}/tap", data={"tap": tap}, headers=JSON)
    assert answer.status_code in {404, 422}


def test_without_scripts_a_refused_tap_comes_back_to_the_board_with_words(room: Room, trainer: FlaskClient) -> None:
    with at(vietnam(8)):
        trainer.post(f"/sessions/{room.session}/tap", data={"tap": f"present.{room.places[0]}."})
        answer = trainer.post(f"/sessions/{room.session}/tap", data={"tap": f"absent.{room.places[0]}."})
        assert answer.location == f"/sessions/{room.session}/board"
        assert "vừa được thay đổi" in trainer.get(answer.location).get_data(as_text=True)


def test_closing_shows_a_difference_before_it_is_kept(room: Room, trainer: FlaskClient) -> None:
    close = f"/sessions/{room.session}/close"
    with at(vietnam(8)):
        room.mark(0, 1)
        first = trainer.post(close, data={"head_count": "4"})
        assert first.status_code == 409
        assert "nhiều hơn 2 người" in first.get_data(as_text=True)
        assert room.register().closed_at is None
        trainer.post(close, data={"head_count": "4", "seen_difference": "4"})
    assert (room.register().head_count, room.statuses().count(Status.ABSENT)) == (4, 4)


@pytest.mark.parametrize("typed", ["", "many", "-3", "99999"])
def test_closing_asks_for_a_number_or_the_admission_that_there_is_none(
    room: Room, trainer: FlaskClient, typed: str
) -> None:
    with at(vietnam(8)):
        assert trainer.post(f"/sessions/{room.session}/close", data={"head_count": typed}).status_code == 422
        assert room.register().closed_at is None
        trainer.post(f"/sessions/{room.session}/close", data={"not_counted": "1"})
    assert (room.register().closed_at, room.register().head_count) == (vietnam(8), None)


def test_a_bulk_mark_that_is_refused_loses_nothing_that_was_typed(room: Room, trainer: FlaskClient) -> None:
    chosen = f"{room.places[0]}."
    data = {"chosen": chosen, "status": "late", "arrived": "25:99", "reason": "bus"}
    with at(vietnam(8)):
        answer = trainer.post(f"/sessions/{room.session}/mark", data=data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="bus"' in page
    assert 'value="25:99"' in page
    assert re.search(rf'value="{re.escape(chosen)}"[^>]*checked', page)


def test_a_bulk_mark_takes_times_as_people_write_them(room: Room, trainer: FlaskClient) -> None:
    with at(vietnam(8)):
        data = {"chosen": f"{room.places[0]}.", "status": "late", "arrived": "7h50", "reason": "bus"}
        assert trainer.post(f"/sessions/{room.session}/mark", data=data).status_code == 303
    line = next(line for line in room.lines() if line.enrolment == room.places[0])
    assert line.arrived_at == vietnam(7, 50)


def test_refused_attempts_stand_on_the_board_grouped_by_reason(room: Room, trainer: FlaskClient) -> None:
    for number in range(3):
        db.session.add(
            Scan(
                organisation_id=room.made.organisation_id,
                class_session_id=room.session_id,
                source="room_code",
                uuid=str(number),
                content_hash="",
                scanned_at=vietnam(7, 50),
                received_at=vietnam(7, 50),
                outcome="refused",
                refusal="code.expired",
            )
        )
    db.session.commit()
    with at(vietnam(8)):
        page = trainer.get(f"/sessions/{room.session}/board").get_data(as_text=True)
    assert "<strong>3 ×</strong>" in page


def test_a_request_shows_the_likeliest_names_and_chooses_nobody(room: Room, trainer: FlaskClient) -> None:
    lan = EnrolmentFactory(training_class=room.made)
    lan.learner.name, lan.learner.name_fold = "Hoàng Thị Lan", "hoang thi lan"
    asked = CheckinRequest(
        organisation_id=room.made.organisation_id,
        class_session_id=room.session_id,
        number=381,
        name="Lan <script>Hoang",
        grant_nonce="n",
        browser_hash=b"x",
        source="typed",
        scanned_at=vietnam(7, 41),
        created_at=vietnam(7, 41),
    )
    db.session.add(asked)
    db.session.commit()
    asked_id, lan_id = asked.public_id, lan.public_id
    with at(vietnam(8)):
        page = trainer.get(f"/sessions/{room.session}/board").get_data(as_text=True)
        assert f'value="{asked_id}.{lan_id}"' in page
        assert "<script>Hoang" not in page
        picking = trainer.get(f"/sessions/{room.session}/requests/{asked_id}").get_data(as_text=True)
        assert picking.index("Hoàng Thị Lan") < picking.index("Nguyễn Văn Học")
        answer = trainer.post(f"/sessions/{room.session}/requests", data={"request": f"{asked_id}.{lan_id}"})
        assert answer.status_code == 303
    assert db.session.scalars(select(CheckinRequest.decision)).one() == "matched"


def test_viewers_look_and_touch_nothing(room: Room, app: Flask) -> None:
    with at(vietnam(8)):
        viewer = sign_in(app.test_client(), room.colleague("viewer"))
        page = viewer.get(f"/sessions/{room.session}/board").get_data(as_text=True)
        assert 'name="tap"' not in page
        for path in ("open", "close", "reopen", "sign-off", "tap", "mark", "undo", "requests", "flags", "screen/pair"):
            assert viewer.post(f"/sessions/{room.session}/{path}").status_code == 403


def test_every_page_of_a_foreign_session_is_unknown(room: Room, app: Flask) -> None:
    other = make_class().sessions[0].public_id
    with at(vietnam(8)):
        client = sign_in(app.test_client(), room.trainer)
        for path in ("board", "closing", "register", "screen", "requests/AAAAAAAAAAAA"):
            assert client.get(f"/sessions/{other}/{path}").status_code == 404
        for path in ("open", "close", "reopen", "sign-off", "mark", "screen/pair", "screen/renew"):
            data = {"head_count": "1", "status": "present", "reason": "x", "chosen": "A.B", "digits": "123456"}
            assert client.post(f"/sessions/{other}/{path}", data=data).status_code == 404


def test_after_sign_off_a_coordinator_corrects_on_the_register_page(room: Room, app: Flask) -> None:
    with at(vietnam(8)):
        trainer = sign_in(app.test_client(), room.trainer)
        trainer.post(f"/sessions/{room.session}/close", data={"not_counted": "1"})
        trainer.post(f"/sessions/{room.session}/sign-off")
        seen = {line.enrolment: line.event for line in room.lines()}
        data = {"chosen": f"{room.places[0]}.{seen[room.places[0]]}", "status": "present", "reason": "paper sheet"}
        assert trainer.post(f"/sessions/{room.session}/mark", data=data).status_code == 409
        coordinator = sign_in(app.test_client(), room.colleague("coordinator"))
        assert coordinator.post(f"/sessions/{room.session}/mark", data=data).status_code == 303
        page = coordinator.get(f"/sessions/{room.session}/register").get_data(as_text=True)
    assert "sau khi ký" in page
