"""The pages of an import: from the file to its report, and back."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.accounts.models import Staff
from classroom.core.db import db
from classroom.core.sheets import read_table
from classroom.jobs.services import run_queued
from classroom.online.models import Intake, OnlineImport, Source
from tests.factories import CourseFactory, ProgrammeFactory, StaffFactory, sign_in
from tests.support.online import HEADINGS, line, make_intake, records, results


@pytest.fixture
def staff(app: Flask) -> Staff:
    return StaffFactory(role_names=("coordinator",), password_hash="x")


@pytest.fixture
def intake(staff: Staff) -> Intake:
    return make_intake(CourseFactory(programme=ProgrammeFactory(organisation_id=staff.organisation_id)))


@pytest.fixture
def client(app: Flask, staff: Staff) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    return sign_in(app.test_client(), staff)


def send(client: FlaskClient, intake: Intake, content: bytes, name: str = "ket-qua.csv") -> tuple[int, str, str]:
    answer = client.post(
        f"/online/intakes/{intake.public_id}/imports/new",
        data={"files": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )
    return answer.status_code, answer.location or "", answer.text


def test_from_the_file_to_the_report_and_back(client: FlaskClient, intake: Intake) -> None:
    file = results(line(1), line(2, id="4.01E+10"), line(3, done=""))
    status, address, _text = send(client, intake, file.content)
    assert status == 303
    page = client.get(address)
    assert "Tài khoản" in page.text
    answer = client.post(address, data={"do": "next", "source": "One Touch", "score_max": "10", "keeps": "latest"})
    assert answer.location == address.replace("columns", "problems")
    assert "4.01E+10" in client.get(answer.location).text
    confirm = address.replace("columns", "confirm")
    assert client.get(confirm).status_code == 200
    report = client.post(confirm).location
    assert client.get(report).status_code == 200
    run_queued()
    assert set(records(intake)) == {"thu0001", "thu0002", "thu0003"}
    assert intake.keeps == "latest"
    assert client.get("/online/imports").status_code == 200
    assert client.get(f"/online/intakes/{intake.public_id}/imports/new").status_code == 200
    assert client.get(report).status_code == 200
    found = db.session.query(OnlineImport).one()
    assert client.get(f"/online/import-files/{found.files[0].public_id}").data == file.content
    assert client.post(f"{report}/undo", data={"reason": "nhầm đợt"}).status_code == 303
    run_queued()
    assert records(intake) == {}
    assert client.get(report).status_code == 200


def test_columns_corrected_once_are_remembered_for_the_next_file(client: FlaskClient, intake: Intake) -> None:
    headings = HEADINGS.replace("Tài khoản", "Mã thí sinh").replace("Điểm kiểm tra", "KQ thi")
    first = results(line(1), headings=headings)
    _status, address, _text = send(client, intake, first.content.replace(b"M\xc3\xa3 th", b"Email M\xc3\xa3 th"))
    client.post(address, data={"do": "show", "column-0": "account", "column-7": "score", "source": "One Touch"})
    assert db.session.query(Source).one().name == "One Touch"
    second = results(line(2), headings=headings)
    status, again, _text = send(client, intake, second.content.replace(b"M\xc3\xa3 th", b"Email M\xc3\xa3 th"))
    assert status == 303
    assert 'value="One Touch"' in client.get(again).text


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.csv", "không có dữ liệu"),
        (b"PK\x03\x04 no zip", "a.xlsx", "hỏng"),
        (b"%PDF-1.7", "a.csv", "Excel"),
        (b"a,b\x00,c\n1,2,3\n", "a.csv", "CSV"),
        ("Họ và tên;Ngày sinh\nLê Thị Ánh;01/02/1980\n".encode(), "a.csv", "tài khoản"),
        ("Tài khoản,Họ và tên\nthu1,Lê Thị Ánh\n".encode(), "a.csv", "kết quả"),
    ],
)
def test_a_broken_file_is_refused_in_place_with_plain_words(
    client: FlaskClient, intake: Intake, content: bytes, name: str, words: str
) -> None:
    status, _address, text = send(client, intake, content, name)
    assert status == 422
    assert words in text
    assert db.session.query(OnlineImport).count() == 0


def test_remarks_come_as_a_spreadsheet_that_runs_nothing(client: FlaskClient, intake: Intake) -> None:
    _status, address, _text = send(client, intake, results(line(1, name="=cmd|' /C calc'!A0")).content)
    answer = client.get(address.replace("columns", "problems.xlsx"))
    [sheet] = read_table(answer.data, "a.xlsx")
    cell = next(cell for row in sheet.rows for cell in row if "cmd" in cell.text)
    assert not cell.formula


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_our_own_template_comes_in_as_it_goes_out(client: FlaskClient, intake: Intake, kind: str) -> None:
    template = client.get(f"/online/imports/template.{kind}").data
    status, address, _text = send(client, intake, template, f"mau.{kind}")
    assert status == 303
    found = db.session.query(OnlineImport).one()
    assert (found.kind, f"{found.taken_at:%Y-%m-%d %H:%M}") == ("template", "2026-10-25 10:00")
    assert client.post(address, data={"do": "next"}).status_code == 303
    db.session.refresh(found)
    assert (found.outcome["counts"]["new"], found.outcome["kinds"]) == (1, [])


def test_a_date_of_the_year_one_gives_remarks_and_no_broken_page(client: FlaskClient, intake: Intake) -> None:
    headings = f"{HEADINGS},Thời điểm lấy số liệu"
    empty, odd = line(1, done="0001-01-01T00:00:00"), line(2, done="9999-12-31T23:59:59-10:00")
    file = results(f"{empty},0001-01-01T00:00:00", f"{odd},25/10/2026", headings=headings)
    status, address, _text = send(client, intake, file.content)
    assert status == 303
    assert client.get(address).status_code == 200
    assert client.post(address, data={"do": "next"}).status_code == 303
    [kind] = db.session.query(OnlineImport).one().outcome["kinds"]
    assert (kind["code"], [one["row"] for one in kind["first"]]) == ("online.moment_unreadable", [3])
    assert client.get(address.replace("columns", "problems")).status_code == 200
    assert client.get(address.replace("columns", "confirm")).status_code == 200


@pytest.mark.parametrize("typed", ["01/01/0001 00:00:00", "31/12/9999", "hôm qua"])
def test_a_time_of_the_export_that_is_none_is_said_on_the_page(client: FlaskClient, intake: Intake, typed: str) -> None:
    _status, address, _text = send(client, intake, results(line(1)).content)
    answer = client.post(address, data={"do": "next", "taken_at": typed})
    assert answer.status_code == 422
    assert "Không đọc được ngày này" in answer.text
    assert client.post(address, data={"do": "next", "taken_at": "25/10/2026 17:00"}).status_code == 303
    assert f"{db.session.query(OnlineImport).one().taken_at:%Y-%m-%d %H:%M}" == "2026-10-25 10:00"


def test_an_export_of_a_day_to_come_is_said_and_taken_for_one_of_now(client: FlaskClient, intake: Intake) -> None:
    file = results(f"{line(1)},01/11/2034", headings=f"{HEADINGS},Thời điểm lấy số liệu")
    _status, address, _text = send(client, intake, file.content)
    page = client.get(address).text
    assert "00:00 01/11/2034, tức là chưa đến" in page
    found = db.session.query(OnlineImport).one()
    assert abs(found.taken_at - found.uploaded_at) < timedelta(minutes=1)
    assert client.post(address, data={"do": "next", "taken_at": "01/11/2034 00:00"}).status_code == 422
    assert client.post(address, data={"do": "next"}).status_code == 303
    assert client.post(address.replace("columns", "confirm")).status_code == 303


def test_an_export_of_a_known_day_says_nothing_of_days_to_come(client: FlaskClient, intake: Intake) -> None:
    file = results(f"{line(1)},01/11/2025", headings=f"{HEADINGS},Thời điểm lấy số liệu")
    _status, address, _text = send(client, intake, file.content)
    assert "chưa đến" not in client.get(address).text
    assert f"{db.session.query(OnlineImport).one().taken_at:%Y-%m-%d %H:%M}" == "2025-10-31 17:00"
