"""The trainer's pages where the class checks out: board, register, closing, screens, spot checks. No scripts needed."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from classroom.attendance import services
from classroom.attendance.rules import Status
from classroom.core.db import db
from tests.factories import at, sign_in, vietnam
from tests.support.rooms import Room


@pytest.fixture
def room(app: Flask) -> Room:
    made = Room(4)
    made.made.check_out = True
    db.session.commit()
    return made


@pytest.fixture
def trainer(room: Room, client: FlaskClient) -> FlaskClient:
    with at(vietnam(7, 30)):
        return sign_in(client, room.trainer)


def get(client: FlaskClient, room: Room, page: str) -> str:
    return client.get(f"/sessions/{room.session}/{page}").get_data(as_text=True)


def send(client: FlaskClient, room: Room, what: str, **data: str) -> str:
    answer = client.post(f"/sessions/{room.session}/{what}", data=data)
    if answer.status_code == 303:
        answer = client.get(answer.location)
    return str(answer.get_data(as_text=True))


def place(room: Room, index: int) -> str:
    line = next(line for line in room.lines() if line.enrolment == room.places[index])
    return f"{line.enrolment}.{line.event}"


def name(room: Room, index: int) -> str:
    return next(line.name for line in room.lines() if line.enrolment == room.places[index])


def arrive(room: Room, *places: int) -> None:
    with at(vietnam(7, 30)):
        room.mark(*places)


def test_while_going_out_the_board_names_who_is_still_in_the_room(room: Room, trainer: FlaskClient) -> None:
    arrive(room, 0, 1, 2)
    with at(vietnam(11, 20)):
        assert "Còn trong phòng" not in get(trainer, room, "board")
        assert "Màn hình đang hiện mã ra về" in send(trainer, room, "screen/show", showing="out")
        board = get(trainer, room, "board")
        assert len(re.findall(r'data-key="i-', board)) == 3
        assert "Trong phòng 3" in board
        board = send(trainer, room, "leave", left=place(room, 0))
        assert len(re.findall(r'data-key="i-', board)) == 2
        assert "Trong phòng 2" in board
        assert "Đã về 1" in board
        assert "Màn hình đang hiện mã vào lớp" in send(trainer, room, "screen/show", showing="in")


def test_a_tap_on_a_stale_board_is_told(room: Room, trainer: FlaskClient) -> None:
    arrive(room, 0)
    stale = place(room, 0)
    with at(vietnam(11)):
        room.mark(0, status=Status.LATE)
        assert "vừa được thay đổi" in send(trainer, room, "leave", left=stale)


def test_the_register_states_a_departure_and_shows_minutes_and_estimates(room: Room, trainer: FlaskClient) -> None:
    arrive(room, 0, 1)
    with at(vietnam(10)):
        assert "≈240" not in get(trainer, room, "register")
        marks = {"status": "left", "reason": "xin về", "chosen": place(room, 0)}
        assert "Hãy ghi giờ học viên ra về" in send(trainer, room, "mark", **marks)
        assert "Giờ ra về phải sau giờ đến" in send(trainer, room, "mark", **marks, arrived="07:10")
        page = send(trainer, room, "mark", **marks, arrived="9h45")
        assert "09:45" in page
        assert "135" in page
        assert "Về sớm" in page
    with at(vietnam(11, 31)):
        page = get(trainer, room, "register")
        assert "≈240" in page
        assert "xin về" in page
        back = send(trainer, room, "come-back", back=place(room, 0))
        assert "Đã ghi là còn trong phòng" in back
        assert get(trainer, room, "register").count("≈240") == 2


def test_a_class_without_check_out_says_nothing_of_going(room: Room, trainer: FlaskClient) -> None:
    room.made.check_out = False
    db.session.commit()
    arrive(room, 0)
    with at(vietnam(11, 31)):
        pages = [get(trainer, room, page) for page in ("board", "register", "screen", "closing")]
        assert "không điểm danh lúc ra về" in send(trainer, room, "leave", left=place(room, 0))
    for page in pages:
        assert "ra về" not in page.lower()


def test_the_closing_page_says_how_many_have_not_checked_out(room: Room, trainer: FlaskClient) -> None:
    arrive(room, 0, 1, 2)
    with at(vietnam(11, 31)):
        send(trainer, room, "leave", left=place(room, 0))
        assert "Còn 2 học viên chưa điểm danh ra về" in get(trainer, room, "closing")


def test_a_spot_check_from_the_button_to_the_last_tick(room: Room, trainer: FlaskClient) -> None:
    arrive(room, 0, 1)
    with at(vietnam(9)):
        assert "Chưa kết nối màn hình nào" in get(trainer, room, "spots")
        page = send(trainer, room, "spots", minutes="5")
        assert "0/2 người đã trả lời" in page
        assert all(name(room, index) in page for index in (0, 1))
        assert "Điểm danh giữa buổi đến 09:05" in get(trainer, room, "board")
        seen = re.findall(r'name="seen" value="([^"]+)"', page)
        page = send(trainer, room, "spots/seen", seen=seen[0])
        assert "1/2 người đã trả lời" in page
        spot = seen[0].partition(".")[0]
        assert "Lượt điểm danh giữa buổi đã kết thúc" in send(trainer, room, "spots/end", spot=spot)
        register = get(trainer, room, "register")
    assert "1/2 người đã trả lời" in register
    assert re.search(rf"Chưa trả lời:\s*{name(room, 1)}", register)
    with at(vietnam(9, 6)):
        assert "Điểm danh giữa buổi đến" not in get(trainer, room, "board")


def poll(client: FlaskClient, room: Room, seen: str) -> tuple[int, str]:
    answer = client.get(f"/sessions/{room.session}/spots/poll?v={seen}")
    return answer.status_code, answer.json["v"] if answer.status_code == 200 and answer.json else ""


def test_the_page_of_spot_checks_is_told_what_is_new_and_nothing_else(room: Room, trainer: FlaskClient) -> None:
    arrive(room, 0, 1)
    with at(vietnam(9)):
        page = send(trainer, room, "spots", minutes="5")
        assert re.search(r"<noscript>.*Xem lại ngay", page)
        seen = re.findall(r'data-version="([^"]+)"', page)[0]
        assert poll(trainer, room, seen) == (204, "")
        send(trainer, room, "spots/seen", seen=re.findall(r'name="seen" value="([^"]+)"', page)[0])
        status, later = poll(trainer, room, seen)
        assert (status, later != seen) == (200, True)
        assert poll(trainer, room, later) == (204, "")
    with at(vietnam(9, 5)):
        status, over = poll(trainer, room, later)
        assert (status, over != later) == (200, True)
        assert poll(trainer, room, over) == (204, "")


def test_the_spreadsheet_has_minutes_and_a_column_for_each_check_and_everything_adds_up(
    room: Room, trainer: FlaskClient
) -> None:
    arrive(room, 0, 1)
    with at(vietnam(9)):
        services.start_spot(room.session, 5, actor=room.actor)
        seen = re.findall(r'name="seen" value="([^"]+)"', get(trainer, room, "spots"))
        send(trainer, room, "spots/seen", seen=seen[0])
    with at(vietnam(10)):
        send(trainer, room, "leave", left=place(room, 0))
    with at(vietnam(11, 31)):
        sheet = load_workbook(io.BytesIO(trainer.get(f"/classes/{room.made.public_id}/attendance.xlsx").data)).active
        text = trainer.get(f"/classes/{room.made.public_id}/attendance.csv").data.decode("utf-8-sig")
    rows = list(sheet.iter_rows(values_only=True))
    heads, *lines = rows[next(at for at, row in enumerate(rows) if row[0] == "STT") :]
    table = {line[2]: dict(zip(heads, line, strict=True)) for line in lines}
    went, stayed = table[name(room, 0)], table[name(room, 1)]
    spent, check = "Số phút ngày 1 sáng 12/10", "Điểm danh giữa buổi ngày 1 sáng 12/10 09:00"
    assert (went["Ngày 1 sáng 12/10"], went[spent], went["Tổng số phút"], went["Tổng số buổi"]) == ("S", 150, 150, 0)
    assert (stayed[spent], stayed["Trong đó ước tính"]) == ("≈240", 240)
    assert {went[check], stayed[check]} == {"x", "chưa trả lời"}
    assert table[name(room, 2)][check] in {None, ""}
    totals = {word: table[word]["Ngày 1 sáng 12/10"] for word in ("Có mặt", "Về sớm", "Chưa điểm danh", "Cộng")}
    assert totals == {"Có mặt": 1, "Về sớm": 1, "Chưa điểm danh": 2, "Cộng": 4}
    assert "≈240" in text
    assert "giữa buổi" not in text


def test_without_check_out_the_spreadsheet_has_no_minutes(room: Room, trainer: FlaskClient) -> None:
    room.made.check_out = False
    db.session.commit()
    arrive(room, 0)
    with at(vietnam(11, 31)):
        text = trainer.get(f"/classes/{room.made.public_id}/attendance.csv").data.decode("utf-8-sig")
    assert "phút" not in text


@pytest.mark.parametrize("minutes", ["", "4", "x", "-5", "99999999999", "²"])
def test_an_odd_length_is_refused(room: Room, trainer: FlaskClient, minutes: str) -> None:
    with at(vietnam(9)):
        assert "Hãy chọn 3, 5 hoặc 10 phút" in send(trainer, room, "spots", minutes=minutes)


def test_a_viewer_looks_at_spot_checks_and_starts_none(room: Room, app: Flask) -> None:
    with at(vietnam(9)):
        services.start_spot(room.session, 5, actor=room.actor)
        viewer = sign_in(app.test_client(), room.colleague("viewer"))
        page = get(viewer, room, "spots")
        assert "người đã trả lời" in page or "Khi bắt đầu, chưa có ai đến lớp" in page
        assert "Kết thúc ngay" not in page
        assert viewer.post(f"/sessions/{room.session}/spots", data={"minutes": "5"}).status_code == 403
