"""The pages on which papers are keyed in, and what the inbox asks of a learner with two attempts."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from classroom.core.db import db
from classroom.exams.rules.kinds import Kind
from classroom.exams.services.answering import submit
from classroom.exams.services.by_pen import FIRST, SECOND
from classroom.exams.services.deciding import annul_attempt
from classroom.inbox.models import InboxItem
from tests.exams.front import SOON, colleague, read, send, signed_in, status
from tests.exams.hall import SECOND as A_SECOND
from tests.exams.hall import Hall, device
from tests.exams.making import RIGHT
from tests.exams.pen_hall import GOOD, LATER, PenHall, instead
from tests.factories import at, make_class

# --- two attempts ---


def both(hall: PenHall, *, running: bool = False) -> tuple[str, str]:
    """An attempt on a phone and one by pen."""
    phone = hall.start(0)
    hall.answer(phone, 0, RIGHT[Kind.SINGLE])
    if not running:
        with at(SOON):
            submit(phone, device(0))
    hall.key_in(FIRST)
    return phone, hall.key_in(SECOND).attempt


def question() -> InboxItem:
    db.session.rollback()
    return db.session.scalars(select(InboxItem).where(InboxItem.kind == "exams.two_attempts")).one()


def decide(client: FlaskClient, decision: str, step: str = "decide") -> None:
    with at(LATER + A_SECOND):
        answer = client.post(f"/inbox/{question().public_id}/{step}", data={"decision": decision})
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("counts", ["device", "paper"])
@pytest.mark.parametrize("running", [False, True])
def test_a_coordinator_decides_which_of_two_attempts_counts(app: Flask, counts: str, running: bool) -> None:
    hall = PenHall()
    phone, paper = both(hall, running=running)
    client = colleague(app, hall, "coordinator")
    page = read(client, "/inbox", LATER)
    assert "Trên giấy: 10/10" in page
    assert ("Trên máy: chưa chấm" if running else "Trên máy: 1,43/10") in page
    decide(client, counts)
    states = {one.public_id: one.state for one in hall.attempts()}
    before = "running" if running else "finished"
    kept, gone = (phone, paper) if counts == "device" else (paper, phone)
    assert states[gone] == "annulled"
    assert states[kept] == ("finished" if counts == "paper" else before)
    assert "Có hai bài làm" in hall.row(gone).annul_reason
    decide(client, counts, "undo")
    assert {one.public_id: one.state for one in hall.attempts()} == {phone: before, paper: "finished"}
    assert hall.row(gone).annul_reason == ""
    assert question().decided_at is None


@pytest.mark.parametrize("counts", ["device", "paper"])
def test_a_question_can_be_answered_after_one_of_the_two_was_annulled_elsewhere(app: Flask, counts: str) -> None:
    hall = PenHall()
    phone, paper = both(hall, running=False)
    client = colleague(app, hall, "coordinator")
    kept, gone = (phone, paper) if counts == "device" else (paper, phone)
    assert send(client, f"/attempts/{gone}/annul", reason="bài thừa")[0] == 303
    other = {"decision": "paper" if counts == "device" else "device"}
    with at(LATER + A_SECOND):
        assert client.post(f"/inbox/{question().public_id}/decide", data=other).status_code == 409
    decide(client, counts)
    assert question().decided_at is not None
    assert {one.public_id: one.state for one in hall.attempts()} == {kept: "finished", gone: "annulled"}
    assert hall.row(gone).annul_reason == "bài thừa"


def test_one_attempt_is_no_question(app: Flask) -> None:
    hall = PenHall()
    hall.start(1)
    hall.key_in(FIRST)
    hall.key_in(SECOND)
    assert db.session.scalar(select(func.count(InboxItem.id))) == 0


def test_a_decision_is_not_taken_back_over_what_followed(app: Flask) -> None:
    hall = PenHall()
    _phone, paper = both(hall, running=True)
    client = colleague(app, hall, "coordinator")
    decide(client, "paper")
    with at(LATER):
        annul_attempt(paper, "nhầm", actor=hall.somebody("coordinator"))
    hall.start(0, by=device("new"), when=SOON)
    with at(LATER + A_SECOND):
        answer = client.post(f"/inbox/{question().public_id}/undo", data={})
    assert answer.status_code == 409
    assert question().decided_at is not None


# --- the pages ---


@pytest.fixture
def desk(app: Flask) -> PenHall:
    return PenHall()


@pytest.fixture
def trainer(desk: PenHall, client: FlaskClient) -> FlaskClient:
    return signed_in(client, desk.trainer)


def pens(hall: PenHall, place: int | None = None) -> str:
    return f"/sittings/{hall.sitting}/by-pen" + ("" if place is None else f"/{hall.learners[place]}")


def typed(*answers: str, which: int = 1, code: str = "101") -> dict[str, str]:
    fields = {f"a{place}": text for place, text in enumerate(answers or GOOD)}
    return {"form": code, "round": str(which), **fields}


def test_the_pages_lead_from_the_first_entry_to_the_mark(desk: PenHall, trainer: FlaskClient) -> None:
    assert "Bài giấy ghi mã đề nào?" in read(trainer, pens(desk, 0))
    page = read(trainer, pens(desk, 0) + "?form=101")
    assert len(re.findall(r'class="pen-field"', page)) == 7
    assert send(trainer, pens(desk, 0), LATER, **typed()) == (303, pens(desk))
    assert "Đã nhập một lần" in read(trainer, pens(desk), LATER)
    page = read(trainer, pens(desk, 0) + "?form=101", LATER)
    assert "Nhập lần hai" in page
    assert "Hà Nội" not in page
    assert send(trainer, pens(desk, 0), LATER, **typed(which=2)) == (303, pens(desk))
    assert desk.state() == "done"
    assert status(trainer, pens(desk, 0), LATER) == 303


def test_what_cannot_be_read_is_shown_at_its_field_and_nothing_is_lost(desk: PenHall, trainer: FlaskClient) -> None:
    code, page = send(trainer, pens(desk, 0), **typed(*instead(p0="X")))
    assert code == 422
    assert "A đến C" in page
    assert 'value="Hà Nội"' in page
    assert desk.state() == "none"


def test_enter_without_scripts_only_looks_at_what_was_typed(desk: PenHall, trainer: FlaskClient) -> None:
    page = read(trainer, pens(desk, 0) + "?form=101")
    form = page[page.index("data-pen ") :]
    assert form.index('name="look"') < form.index("data-pen-end")
    code, page = send(trainer, pens(desk, 0), look="1", **typed("A", "", "", "", "", "", ""))
    assert code == 200
    assert 'value="A"' in page
    assert desk.state() == "none"


def test_both_values_stand_side_by_side_until_one_is_chosen(desk: PenHall, trainer: FlaskClient) -> None:
    send(trainer, pens(desk, 0), LATER, **typed(*instead(p0="B", p3="2,5")))
    assert send(trainer, pens(desk, 0), LATER, **typed(which=2)) == (303, pens(desk, 0))
    page = read(trainer, pens(desk, 0), LATER)
    assert re.findall(r'class="pen-value"[^>]*>([^<]*)<', page) == ["B", "A", "2,5", "3,14"]
    code, page = send(trainer, pens(desk, 0) + "/decide", LATER, c0="second", second0="A")
    assert code == 409
    assert "vẫn còn khác nhau" in page
    decided = {"c0": "second", "first0": "B", "second0": "A", "c3": "other", "t3": "3,1"}
    assert send(trainer, pens(desk, 0) + "/decide", LATER, **decided) == (303, pens(desk))
    (attempt,) = desk.attempts()
    assert desk.answers(attempt.public_id)[3] == {"text": "3,1"}


def test_what_was_keyed_in_is_thrown_away_with_a_reason(desk: PenHall, trainer: FlaskClient) -> None:
    desk.key_in(FIRST)
    assert send(trainer, pens(desk, 0) + "/drop", reason=" ")[0] == 422
    assert desk.state() == "first"
    assert send(trainer, pens(desk, 0) + "/drop", reason="nhầm người")[0] == 303
    assert desk.state() == "none"


def test_the_board_counts_the_papers_that_wait(desk: PenHall, trainer: FlaskClient) -> None:
    desk.key_in(FIRST)
    assert 'Bài giấy <span class="count">1</span>' in read(trainer, f"/sittings/{desk.sitting}", LATER)


def test_without_printed_forms_the_page_says_so(app: Flask, client: FlaskClient) -> None:
    hall = Hall(1)
    page = read(signed_in(client, hall.trainer), f"/sittings/{hall.sitting}/by-pen")
    assert "Đề này chưa có bản in" in page


def test_a_reader_sees_the_list_and_keys_in_nothing(app: Flask, desk: PenHall) -> None:
    viewer = colleague(app, desk, "viewer")
    assert "Nhập bài" not in read(viewer, pens(desk))
    assert status(viewer, pens(desk, 0)) == 403
    for step in ("", "/decide", "/drop"):
        assert send(viewer, pens(desk, 0) + step, **typed())[0] == 403


def test_a_trainer_of_another_class_keys_in_nothing(app: Flask, desk: PenHall) -> None:
    other = desk.colleague("trainer")
    make_class(trainer=other)
    client = signed_in(app.test_client(), other)
    assert status(client, pens(desk)) == 404
    for step in ("", "/decide", "/drop"):
        assert send(client, pens(desk, 0) + step, reason="x", **typed())[0] == 404
    assert desk.state() == "none"


def test_an_entry_without_its_token_is_not_kept(app: Flask, desk: PenHall, trainer: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert send(trainer, pens(desk, 0), **typed())[0] == 400
    assert desk.state() == "none"
