"""What happened, in one timeline: of a session, and around a learner."""

import io
from datetime import datetime, timedelta

import openpyxl
import pytest
from flask import Flask

from classroom.attendance import services
from classroom.attendance.models import Event, Mark
from classroom.attendance.rules import Source, Status
from classroom.attendance.services.by_hand import Choice, Decision
from classroom.core.db import db
from classroom.desk import queries
from classroom.desk.telling import tell
from classroom.learners import services as learners
from classroom.learners.models import Learner
from classroom.sessions import queries as sessions
from classroom.sessions.models import Enrolment, TrainingClass
from tests.attendance.tablets import Device, make_taught, make_trainer, places, scan
from tests.desk.counting import statements
from tests.factories import StaffFactory, actor_for, at, sign_in, vietnam
from tests.support.pages import check_page


def choice(place: Enrolment) -> Choice:
    row = (
        db.session.query(Event.public_id)
        .join(Mark, Mark.event_id == Event.id)
        .filter(Mark.enrolment_id == place.id)
        .first()
    )
    return Choice(place.public_id, row[0] if row else "")


class Door:
    """A class of the trainer's whose tablet has its list."""

    def __init__(self, app: Flask, learners: int = 3) -> None:
        self.trainer = make_trainer()
        self.made: TrainingClass = make_taught(self.trainer, learners=learners)
        self.device = Device(app, self.trainer, self.made)
        self.session = self.made.sessions[0].public_id
        self.actor = actor_for(self.trainer)
        self.office = StaffFactory(role_names=("coordinator",), organisation=self.trainer.organisation)

    def bring(self, place: Enrolment, when: datetime, **facts: object) -> str:
        item = scan(self.made, when, enrolment=place.public_id, staff=self.trainer.public_id, **facts)
        self.device.send([item])
        return str(item["uuid"])

    def told(self) -> list[str]:
        db.session.rollback()
        one = sessions.get_session(self.actor, self.session)
        return [tell(each).text for each in queries.timeline_of_session(one)]

    def mark(self, place: Enrolment, status: Status, reason: str, actor: object = None, **facts: object) -> None:
        decision = Decision(status, reason, **facts)  # type: ignore[arg-type]
        services.mark_by_hand(self.session, [choice(place)], decision, actor=actor or self.actor)  # type: ignore[arg-type]


@pytest.fixture
def door(app: Flask) -> Door:
    with at(vietnam(6)):
        return Door(app)


def test_every_scan_mark_and_step_stands_in_the_order_in_which_it_happened(app: Flask, door: Door) -> None:
    first, second, third = places(door.made)
    with at(vietnam(6, 30)):
        services.open_register(door.session, actor=door.actor)
    with at(vietnam(7, 20)):
        door.bring(first, vietnam(7, 20))
        door.bring(first, vietnam(7, 20, 30))
    with at(vietnam(8)):
        door.bring(second, vietnam(7, 59))
        services.undo_mark(door.session, choice(second), reason="nhầm người", actor=door.actor)
        door.mark(third, Status.EXCUSED, "có giấy phép")
    with at(vietnam(11)):
        services.close_register(door.session, head_count=1, actor=door.actor)
    with app.test_request_context():
        assert door.told() == [
            "Mở điểm danh",
            "Đã điểm danh: chọn tên trên máy tính bảng",
            "Quét thêm lần nữa: chọn tên trên máy tính bảng",
            "Đã điểm danh: chọn tên trên máy tính bảng",
            "Rút lại: Đã điểm danh: chọn tên trên máy tính bảng (07:59)",
            "Ghi tay: Vắng có phép",
            "Ghi vắng khi đóng sổ",
            "Kết thúc điểm danh: 1 có mặt, 1 vắng, sĩ số đếm được 1",
        ]


def test_by_whom_and_from_what_is_told_and_what_was_taken_back_is_named(app: Flask, door: Door) -> None:
    first, *_ = places(door.made)
    with at(vietnam(9)):
        uuid = door.bring(first, vietnam(7, 40))
        door.device.send([scan(door.made, vietnam(9), "undo", target=uuid)])
    one = sessions.get_session(door.actor, door.session)
    moments = queries.timeline_of_session(one)
    scanned = next(each for each in moments if each.kind == "accepted")
    undo = next(each for each in moments if each.kind == "undo")
    assert (scanned.tablet, scanned.staff, scanned.source) == ("Máy 01", door.trainer.name, "picked")
    assert (scanned.at, scanned.recorded_at) == (vietnam(7, 40), vietnam(9))
    assert scanned.undone
    assert undo.undoes == scanned
    with app.test_request_context():
        notes = tell(scanned).notes
    assert "đến máy chủ lúc 09:00 12/10/2026" in notes
    assert "sau đó đã rút lại" in notes


def test_what_did_not_count_is_told_with_its_reason(app: Flask, door: Door) -> None:
    first, *_ = places(door.made)
    with at(vietnam(7, 20)):
        door.bring(first, vietnam(7, 20) + timedelta(days=1))
        door.device.send([scan(door.made, vietnam(7, 20), "badge", badge="0" * 16)])
    with app.test_request_context():
        lines = [tell(each) for each in queries.timeline_of_session(sessions.get_session(door.actor, door.session))]
    doubts = [line for line in lines if line.group == "doubts"]
    assert len(doubts) == 2
    assert all(line.notes and "(" not in line.notes[0] for line in doubts), [line.notes for line in doubts]


def test_whoever_is_nobodys_yet_is_named_as_typed(app: Flask, door: Door) -> None:
    door.device.revoke()
    with at(vietnam(7, 20)):
        door.device.send([scan(door.made, vietnam(7, 20), "walk_in", name="Vừ Y Mới", number="")])
    with app.test_request_context():
        (line,) = [tell(each) for each in queries.timeline_of_session(sessions.get_session(door.actor, door.session))]
    assert (line.group, line.moment.kind) == ("doubts", "quarantined")
    assert "cho “Vừ Y Mới”" in line.notes, line.notes


def test_a_correction_after_sign_off_says_so(app: Flask, door: Door) -> None:
    first, second, _ = places(door.made)
    with at(vietnam(7, 20)):
        services.open_register(door.session, actor=door.actor)
        door.bring(first, vietnam(7, 20))
    with at(vietnam(12)):
        services.close_register(door.session, head_count=1, actor=door.actor)
        services.sign_off(door.session, actor=door.actor)
    with at(vietnam(13)):
        door.mark(second, Status.PRESENT, "có ký", actor=door.device.office, source=Source.PAPER)
    with app.test_request_context():
        last = tell(queries.timeline_of_session(sessions.get_session(door.actor, door.session))[-1])
    assert last.text == "Ghi theo danh sách ký: Có mặt"
    assert "sau khi ký" in last.notes, last.notes
    assert "có ký" in last.notes


@pytest.mark.parametrize("count", [1, 12])
def test_reading_takes_as_many_statements_for_many_as_for_one(app: Flask, count: int) -> None:
    with at(vietnam(6)):
        door = Door(app, learners=count)
    with at(vietnam(7, 20)):
        for place in places(door.made):
            door.bring(place, vietnam(7, 20))
    one = sessions.get_session(door.actor, door.session)
    with statements() as sent:
        assert len(queries.timeline_of_session(one)) == count
    assert len(sent) == 6
    learner = places(door.made)[0].learner
    with statements() as sent:
        assert queries.timeline_of_learner(learner)
    assert len(sent) == 8


def test_the_history_of_a_learner_holds_that_of_whoever_was_merged_into_it(app: Flask, door: Door) -> None:
    kept, gone, _ = places(door.made)
    with at(vietnam(7, 20)):
        door.bring(gone, vietnam(7, 20))
    kept_id, gone_id = kept.learner.public_id, gone.learner.public_id
    with at(vietnam(9)):
        learners.merge_learners(kept_id, gone_id, "một người", actor=door.device.office)
    learner = db.session.query(Learner).filter_by(public_id=kept_id).one()
    moments = queries.timeline_of_learner(learner)
    kinds = [each.kind for each in moments]
    assert kinds.count("accepted") == 1
    assert "merged" in kinds
    assert kinds.count("learner.merged") == 1
    assert {each.learner_key for each in moments if each.kind == "accepted"} == {gone_id}


def test_the_pages_show_it_filter_it_and_give_it_away_as_a_table(app: Flask, door: Door) -> None:
    first, second, _ = places(door.made)
    first.learner.name = '=HYPERLINK("http://x")<script>alert(1)</script>'
    db.session.commit()
    with at(vietnam(7, 20)):
        door.bring(first, vietnam(7, 20))
        door.mark(second, Status.EXCUSED, "việc nhà")
    client = sign_in(app.test_client(), door.trainer)
    page = client.get(f"/sessions/{door.session}/history").text
    check_page(page)
    assert "<script>alert(1)" not in page
    assert "việc nhà" in page
    scans = client.get(f"/sessions/{door.session}/history?kind=scans").text
    assert "việc nhà" not in scans
    assert "Đã điểm danh" in scans
    nothing = client.get(f"/sessions/{door.made.sessions[1].public_id}/history").text
    check_page(nothing)
    assert "Chưa có việc nào loại này" in nothing
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/sessions/{door.session}/history.xlsx").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[5] for row in rows[1:]] == ["Đã điểm danh: chọn tên trên máy tính bảng", "Ghi tay: Vắng có phép"]
    assert rows[1][0] == "12/10/2026 07:20:00"
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    assert client.get(f"/sessions/{door.session}/history.csv").data.startswith("﻿".encode())


def test_the_learners_page_leads_to_the_whole_history(app: Flask, door: Door) -> None:
    first, *_ = places(door.made)
    with at(vietnam(7, 20)):
        for second in range(16):
            door.bring(first, vietnam(7, 20, second))
    office = sign_in(app.test_client(), door.office)
    key = first.learner.public_id
    page = office.get(f"/people/{key}").text
    check_page(page)
    assert f"/people/{key}/history" in page
    assert page.count("Quét thêm lần nữa") == 12
    whole = office.get(f"/people/{key}/history").text
    check_page(whole)
    assert whole.count("Quét thêm lần nữa") == 15
    assert office.get(f"/people/{key}/history.xlsx").status_code == 200


def test_a_trainer_reads_no_history_of_a_class_of_somebody_else(app: Flask, door: Door) -> None:
    stranger = sign_in(app.test_client(), make_trainer())
    assert stranger.get(f"/sessions/{door.session}/history").status_code == 404
    assert stranger.get(f"/sessions/{door.session}/history.xlsx").status_code == 404
