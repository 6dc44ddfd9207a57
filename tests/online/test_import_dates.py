"""When the platform wrote a file: as its rows say, in the order of day and month that holds, or as somebody typed."""

import io
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook

from classroom.accounts.models import Staff
from classroom.core.db import db
from classroom.online.models import Intake, OnlineImport
from tests.factories import CourseFactory, ProgrammeFactory, StaffFactory, at, sign_in, vietnam
from tests.support.online import WITH_TIME, line, make_intake, results

TODAY = date(2026, 11, 27)
UPLOADED = "2026-11-27 01:00"
NOTE = "tức là chưa đến"


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    app.config["WTF_CSRF_ENABLED"] = False
    with at(vietnam(8, 0, 30, day=TODAY)):
        staff: Staff = StaffFactory(role_names=("coordinator",), password_hash="x")
        yield sign_in(app.test_client(), staff)


@pytest.fixture
def intake(client: FlaskClient) -> Intake:
    organisation = db.session.query(Staff).one().organisation_id
    return make_intake(CourseFactory(programme=ProgrammeFactory(organisation_id=organisation)))


def send(client: FlaskClient, intake: Intake, *taken: str) -> str:
    """Upload one account a time; the days of its accounts can be read both ways."""
    lines = [f"{line(n, done='05/10/2026', issued='04/10/2026', birth='1980')},{said}" for n, said in enumerate(taken)]
    answer = client.post(
        f"/online/intakes/{intake.public_id}/imports/new",
        data={"files": (io.BytesIO(results(*lines, headings=WITH_TIME).content), "ket-qua.csv")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303
    return answer.location


def kept() -> str:
    db.session.rollback()
    return f"{db.session.query(OnlineImport).one().taken_at:%Y-%m-%d %H:%M}"


def look_again(client: FlaskClient, address: str, **fields: str) -> str:
    """What the page shows after its form went back with its own time of the export, unless another one was typed."""
    typed = f"{vietnam_time(kept())}"
    answer = client.post(address, data={"do": "show", "taken_at": typed, **fields})
    assert answer.status_code == 303
    return client.get(address).text


def vietnam_time(stored: str) -> str:
    hour = int(stored[11:13]) + 7
    assert hour < 24
    return f"{stored[8:10]}/{stored[5:7]}/{stored[:4]} {hour:02}:{stored[14:16]}"


def test_what_was_taken_for_a_day_to_come_is_dated_anew_once_the_month_comes_first(
    client: FlaskClient, intake: Intake
) -> None:
    address = send(client, intake, "11/12/2026 08:00", "10/12/2026 08:00")
    assert NOTE in client.get(address).text
    assert kept() == UPLOADED
    page = look_again(client, address, order="mdy")
    assert kept() == "2026-11-12 01:00"
    assert NOTE not in page
    assert NOTE in look_again(client, address, order="dmy")
    assert kept() == UPLOADED


def test_a_time_that_was_typed_stays_whatever_the_rows_say(client: FlaskClient, intake: Intake) -> None:
    address = send(client, intake, "11/12/2026 08:00")
    page = look_again(client, address, taken_at="20/11/2026 09:00")
    assert NOTE not in page
    look_again(client, address, order="mdy")
    assert kept() == "2026-11-20 02:00"


def test_one_slip_among_the_rows_does_not_undo_what_the_others_say(client: FlaskClient, intake: Intake) -> None:
    address = send(client, intake, "11/10/2026 08:00", "11/10/2032 08:00")
    assert kept() == "2026-10-11 01:00"
    assert NOTE not in client.get(address).text


def test_a_column_that_is_said_to_hold_the_time_dates_the_file(client: FlaskClient, intake: Intake) -> None:
    address = send(client, intake, "11/10/2026 08:00")
    place = WITH_TIME.split(",").index("Thời điểm lấy số liệu")
    look_again(client, address, **{"column-0": "account", f"column-{place}": "ignored"})
    assert kept() == UPLOADED
    look_again(client, address, **{"column-0": "account", f"column-{place}": "taken"})
    assert kept() == "2026-10-11 01:00"


def test_a_heading_in_another_row_is_read_for_the_time_again(client: FlaskClient, intake: Intake) -> None:
    address = send(client, intake, "11/10/2026 08:00", "12/10/2026 08:00")
    assert kept() == "2026-10-12 01:00"
    look_again(client, address, heading_row="2", **{"column-0": "account"})
    assert kept() == UPLOADED
    look_again(client, address, heading_row="1", **{"column-0": "account"})
    assert kept() == "2026-10-12 01:00"


@pytest.mark.parametrize(("sheet", "row"), [("1", ""), ("1", "999"), ("99", "999"), ("1", "2"), ("0", "999")])
def test_another_sheet_or_a_row_that_is_not_there_is_shown_and_breaks_no_page(
    client: FlaskClient, intake: Intake, sheet: str, row: str
) -> None:
    book = Workbook()
    first, second = book.active, book.create_sheet("Ghi chú")
    for cells in (WITH_TIME.split(","), [*line(1).split(","), "11/10/2026 08:00"]):
        first.append(cells)
    second.append(["lời nhắn"])
    content = io.BytesIO()
    book.save(content)
    answer = client.post(
        f"/online/intakes/{intake.public_id}/imports/new",
        data={"files": (io.BytesIO(content.getvalue()), "ket-qua.xlsx")},
        content_type="multipart/form-data",
    )
    page = look_again(client, answer.location, sheet=sheet, heading_row=row, **{"column-0": "account"})
    assert ("lời nhắn" in page) == (sheet == "1")
    assert "Các cột đã đúng" in page
