"""Files that are no lists are refused in words, and nothing of them is kept."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from tests.factories import StaffFactory, actor_for, sign_in
from tests.support.pages import check_page
from tests.support.rosters import (
    HEADINGS,
    class_list,
    make_roster_class,
    many,
    nothing_written,
    send,
)


@pytest.fixture
def staff(app):
    return StaffFactory(role_names=("coordinator",))


@pytest.fixture
def browser_of(client, staff):
    return sign_in(client, staff)


@pytest.fixture
def l01(staff):
    return make_roster_class(actor_for(staff))


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 90_000_000)
    return target.getvalue()


def with_macros() -> bytes:
    target = io.BytesIO(class_list())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return target.getvalue()


def empty_rows() -> bytes:
    book = Workbook()
    book.active.append(HEADINGS)
    book.active.cell(200_000, 1, " x")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "ds.xlsx", "không có dữ liệu"),
        (b"%PDF-1.7 ...", "ds.xlsx", "không phải là tệp Excel"),
        (b"PK\x03\x04 broken", "ds.xlsx", "hỏng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "ds.xls", "Excel kiểu cũ"),
        (class_list(), "ds.csv", "nội dung lại là loại khác"),
        (class_list(), "ds.xlsm", "macro"),
        (with_macros(), "ds.xlsx", "macro"),
        (bomb(), "ds.xlsx", "bung ra"),
        (empty_rows(), "ds.xlsx", "dòng"),
        (b"\xff\xfe\x00\xd8", "ds.csv", "Không đọc được"),
        (b"MZ\x90\x00\x03", "ds.csv", "không phải"),
        (b"hello", "ds.png", "Không đọc được"),
    ],
    ids=["empty", "pdf", "cut", "xls", "renamed", "xlsm", "macros", "bomb", "200000 rows", "encoding", "exe", "png"],
)
def test_a_file_that_is_no_list_is_refused_in_words_and_nothing_is_kept(browser_of, l01, content, name, words):
    answer = send(browser_of, l01, content, name)
    assert answer.status_code == 422
    check_page(answer.text)
    assert words.casefold() in answer.text.casefold()
    assert nothing_written()


def test_a_file_over_the_operators_limit_is_refused(app, browser_of, l01):
    app.config["SHEET_UPLOAD_LIMIT"] = 5_000
    answer = send(browser_of, l01, many(200))
    assert (answer.status_code, nothing_written()) == (422, True)
    app.config["MAX_CONTENT_LENGTH"] = 5_000
    answer = send(browser_of, l01, many(200))
    assert (answer.status_code, nothing_written()) == (413, True)


def test_the_operators_row_limit_holds(app, browser_of, l01):
    app.config["SHEET_ROW_LIMIT"] = 50
    answer = send(browser_of, l01, many(60))
    assert (answer.status_code, "50" in answer.text, nothing_written()) == (422, True, True)


def test_no_file_at_all_is_said_at_the_field(browser_of, l01):
    programme = l01.course.programme.public_id
    answer = browser_of.post(f"/programmes/{programme}/import", data={"target": f"class:{l01.public_id}"})
    assert (answer.status_code, "Trước hết hãy chọn tệp" in answer.text) == (422, True)
