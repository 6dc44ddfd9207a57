"""Papers carry everybody once, in Vietnamese, and nothing that a spreadsheet would run."""

import io
import re
from collections.abc import Callable
from urllib.parse import unquote

import pypdf
import pytest
import zxingcpp
from flask import Flask, Response
from flask.testing import FlaskClient
from openpyxl import load_workbook
from PIL import Image

from classroom.accounts.models import Staff
from classroom.core.db import db
from tests.desk.conftest import NASTY, Town, mark, settle
from tests.factories import EnrolmentFactory, LearnerFactory

Visit = Callable[[Staff], FlaskClient]
CLASS_PAPERS = (
    "roster.pdf", "roster.xlsx", "roster.csv", "signing-sheets.pdf", "attendance.pdf", "attendance.xlsx",
    "attendance.csv", "poster.pdf", "poster.png",
)  # fmt: skip


def fetch(client: FlaskClient, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.data


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def codes_in(pdf: bytes) -> list[str]:
    return re.findall(r"\b[0-9A-Z]{8}\b", words(pdf))


@pytest.fixture
def crowd(town: Town) -> Town:
    """107 learners whose names do not fit on one line."""
    for number in range(95):
        name = f"Nguyễn Hoàng Phương Thảo Quỳnh Thị {number:03} Ánh Tuyết Nghiêm"
        learner = LearnerFactory(organisation_id=town.organisation.id, name=name, code=f"K7M2P{number:03}")
        EnrolmentFactory(training_class=town.mine, learner=learner)
    return town


@pytest.mark.parametrize("paper", ["roster.pdf", "attendance.pdf", "signing-sheet.pdf"])
def test_every_paper_names_each_of_107_learners_once(crowd: Town, visit: Visit, paper: str):
    path = f"/classes/{crowd.mine.public_id}/{paper}"
    if paper == "signing-sheet.pdf":
        path = f"/sessions/{crowd.session(3).public_id}/{paper}"
    pdf = fetch(visit(crowd.coordinator), path)
    if paper == "attendance.pdf":
        text = words(pdf)
        assert all(len(re.findall(rf"\b{number:03}\b", text)) == 1 for number in range(95))
    else:
        assert sorted(codes_in(pdf)) == sorted(one.learner.code for one in crowd.roster())


def test_a_sheet_says_which_session_it_is_and_leaves_rows_for_walk_ins(town: Town, visit: Visit):
    one = town.session(3)
    text = words(fetch(visit(town.trainer), f"/sessions/{one.public_id}/signing-sheet.pdf"))
    assert f"L01-03-{one.public_id[-4:]}" in text
    assert "NGÀY 2, SÁNG" in text
    assert " 20 " in text


def test_the_sheets_of_a_class_leave_cancelled_sessions_out(town: Town, visit: Visit):
    one = town.session(2)
    one.cancelled_at = one.starts_at
    db.session.commit()
    text = words(fetch(visit(town.coordinator), f"/classes/{town.mine.public_id}/signing-sheets.pdf"))
    assert "NGÀY 1, CHIỀU" not in text
    assert "NGÀY 3, CHIỀU" in text


def test_the_attendance_table_tells_sign_off_correction_and_leaving(town: Town, visit: Visit):
    first, roster = town.session(1), town.roster()
    mark(first, roster[0], "present", after_sign_off=True)
    roster[1].ended_at = first.starts_at
    roster[2].ended_at = town.session(2).starts_at
    settle(first, signed_off_by=town.trainer)
    text = words(fetch(visit(town.coordinator), f"/classes/{town.mine.public_id}/attendance.pdf"))
    assert f"{town.trainer.name} ký xác nhận" in text
    assert "1 chỗ sửa sau khi ký" in text
    assert "Thôi lớp từ 12/10/2026" in text
    assert "Cộng 11 10" in text


def test_official_papers_are_vietnamese_for_an_english_reader_too(town: Town, visit: Visit):
    client = visit(town.coordinator)
    client.set_cookie("language", "en")
    assert "DANH SÁCH HỌC VIÊN" in words(fetch(client, f"/classes/{town.mine.public_id}/roster.pdf"))


def test_no_cell_is_ever_a_formula(town: Town, visit: Visit):
    for name, enrolment in zip(NASTY, town.roster(), strict=False):
        enrolment.learner.name = enrolment.learner.unit = enrolment.note = name
    db.session.commit()
    client = visit(town.coordinator)
    for kind in ("roster", "attendance"):
        sheet = fetch(client, f"/classes/{town.mine.public_id}/{kind}.xlsx")
        cells = [cell for row in load_workbook(io.BytesIO(sheet)).active.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
        assert any(cell.value == NASTY[4] for cell in cells)
        lines = fetch(client, f"/classes/{town.mine.public_id}/{kind}.csv").decode("utf-8-sig")
        assert "'=HYPERLINK" in lines
        assert not re.search(r"(^|,)\"?[=@]", lines, re.MULTILINE)


def test_a_trainer_prints_the_last_digits_of_telephone_numbers_alone(town: Town, visit: Visit):
    whole = f"0{town.roster()[0].learner.phone[3:]}"
    path = f"/classes/{town.mine.public_id}/roster.csv"
    assert whole in fetch(visit(town.coordinator), path).decode()
    assert whole not in fetch(visit(town.trainer), path).decode()


@pytest.mark.parametrize("paper", CLASS_PAPERS)
@pytest.mark.parametrize("who", ["stranger", "trainer"])
def test_papers_of_foreign_and_untaught_classes_do_not_exist(town: Town, visit: Visit, paper: str, who: str):
    target = town.mine if who == "stranger" else town.other
    assert visit(getattr(town, who)).get(f"/classes/{target.public_id}/{paper}").status_code == 404
    sheet = f"/sessions/{town.session(1, target).public_id}/signing-sheet.pdf"
    assert visit(getattr(town, who)).get(sheet).status_code == 404


def test_a_poster_exists_only_where_the_fixed_code_is_on(town: Town, visit: Visit):
    path = f"/classes/{town.mine.public_id}/poster.pdf?session={town.session(4).public_id}"
    assert visit(town.trainer).get(path).status_code == 404
    town.mine.fixed_code = True
    db.session.commit()
    assert "Ngày 2, chiều" in words(fetch(visit(town.trainer), path))
    assert visit(town.trainer).get(path.partition("=")[0] + "=NOSUCHSESSION").status_code == 404


def test_the_picture_of_the_fixed_code_leads_where_the_poster_leads(town: Town, visit: Visit):
    town.mine.fixed_code = True
    db.session.commit()
    query = f"?session={town.session(4).public_id}"
    picture = Image.open(io.BytesIO(fetch(visit(town.trainer), f"/classes/{town.mine.public_id}/poster.png{query}")))
    found = zxingcpp.read_barcodes(
        memoryview(picture.convert("L").tobytes()).cast("B", (picture.height, picture.width))
    )
    assert f"/F/{town.session(4).public_id}." in found[0].text


def test_a_file_keeps_its_vietnamese_name_and_a_plain_one(town: Town, visit: Visit):
    town.mine.code = 'L"01/\r\nX-Evil: 1'
    db.session.commit()
    answer = visit(town.coordinator).get(f"/classes/{town.mine.public_id}/roster.xlsx")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="danh-sach-lop-l01x-evil-1.xlsx"')
    assert unquote(disposition.partition("''")[2]) == "Danh sách lớp L01X-Evil 1.xlsx"
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize("paper", CLASS_PAPERS)
def test_no_transaction_is_held_while_a_paper_is_made(app: Flask, town: Town, visit: Visit, paper: str):
    held: list[bool] = []

    def look(response: Response) -> Response:
        held.append(db.session().in_transaction())
        return response

    app.after_request_funcs.setdefault(None, []).append(look)
    town.mine.fixed_code = True
    db.session.commit()
    fetch(visit(town.coordinator), f"/classes/{town.mine.public_id}/{paper}")
    assert held == [False]


def test_an_empty_class_prints_too(town: Town, visit: Visit):
    for enrolment in town.roster():
        enrolment.ended_at = enrolment.enrolled_at
    town.mine.fixed_code = True
    db.session.commit()
    for paper in CLASS_PAPERS:
        fetch(visit(town.coordinator), f"/classes/{town.mine.public_id}/{paper}")
