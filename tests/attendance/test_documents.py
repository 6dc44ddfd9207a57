import io
import subprocess
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pypdf
import pytest
import zxingcpp
from PIL import Image

from classroom.attendance import documents
from classroom.attendance.documents import AttendanceLine, MarkCell, RegisterColumn, RoomPoster, SpotColumn
from classroom.attendance.rules.marks import Status
from classroom.core.letterhead import Letterhead
from classroom.core.qr import UnfitLink
from classroom.core.sheets import write_csv
from classroom.sessions.documents import ClassHead

LETTERHEAD = Letterhead("Sở Khoa học và Công nghệ", place="Nghệ An")
HEAD = ClassHead("L03", "Kỹ năng số cho cán bộ xã")
DAY = date(2026, 2, 5)
SIGNED = RegisterColumn(
    1,
    DAY,
    "morning",
    True,
    False,
    "Hồ Minh Đức",
    datetime(2026, 2, 5, 11, 35, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
    101,
)
COLUMNS = [
    SIGNED,
    RegisterColumn(1, DAY, "afternoon", closed=True),
    RegisterColumn(2, date(2026, 2, 6), "morning"),
    RegisterColumn(2, date(2026, 2, 6), "afternoon", cancelled=True),
]
POSTER = RoomPoster(
    organisation="Sở Khoa học và Công nghệ",
    class_code="L03",
    class_title="Lớp Đô Lương",
    session="Ngày 2, sáng",
    held_on=date(2026, 2, 6),
    times="07:30–11:30",
    url="https://LOP.NGHEAN.GOV.VN/F/K7M2P9QRSTVW.F.0123456789ABCDEF",
)


def line(name: str, *statuses: Status | None, attended: int = 0, corrected: bool = False) -> AttendanceLine:
    marks = tuple(MarkCell(status, corrected and at == 0) for at, status in enumerate(statuses))
    return AttendanceLine(name, "Trạm Y tế xã Đô Lương", marks, attended, code="K7M2P9Q0")


EVERYTHING = [
    line("Nguyễn Thị Ánh", Status.PRESENT, Status.LATE, None, None, attended=2),
    line("Trần Thị Ân", Status.LEFT_EARLY, Status.EXCUSED, None, None, attended=1, corrected=True),
    line("Vừ Y", Status.NOT_APPLICABLE, Status.ABSENT, None, None),
]


def pages_of(document: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(document)).pages]


def test_marks_are_printed_with_the_official_signs():
    words = " ".join(pages_of(documents.attendance_table_pdf(LETTERHEAD, HEAD, COLUMNS, EVERYTHING)))
    assert "Nguyễn Thị Ánh Trạm Y tế xã Đô Lương x M 2" in words
    assert "Trần Thị Ân Trạm Y tế xã Đô Lương S* P 1" in words
    assert "Vừ Y Trạm Y tế xã Đô Lương – K 0" in words
    assert "x có mặt; M đi muộn; S về sớm; P vắng có phép; K vắng không phép; – chưa vào hoặc đã thôi lớp" in words


def test_each_register_tells_what_became_of_it():
    words = " ".join(pages_of(documents.attendance_table_pdf(LETTERHEAD, HEAD, COLUMNS, EVERYTHING)))
    signed = "Hồ Minh Đức ký xác nhận lúc 11:35 ngày 05/02/2026; 1 chỗ sửa sau khi ký (*)."
    assert f"Ngày 1, sáng (05/02/2026): {signed}" in words
    assert "Ngày 1, chiều (05/02/2026): sổ đã đóng, chưa ký xác nhận." in words
    assert "Ngày 2, sáng (06/02/2026): sổ chưa đóng." in words
    assert "Ngày 2, chiều (06/02/2026): buổi học đã hủy." in words


def test_the_totals_of_every_session_add_up_to_the_roster():
    table = documents.attendance_table(HEAD, COLUMNS, EVERYTHING)
    totals = {row[2]: row[4:8] for row in table.rows[3:]}
    assert totals["Có mặt"] == [1, 0, 0, 0]
    assert totals["Chưa điểm danh"] == [0, 0, 3, 3]
    assert totals["Sĩ số đếm được"] == [101, None, None, None]
    parts = [counts for label, counts in totals.items() if label not in {"Cộng", "Sĩ số đếm được"}]
    assert [sum(column) for column in zip(*parts, strict=True)] == totals["Cộng"] == [3, 3, 3, 3]


def test_the_spreadsheet_names_each_session_and_keeps_the_marks():
    table = documents.attendance_table(HEAD, COLUMNS, EVERYTHING)
    assert [column.heading for column in table.columns][4:8] == [
        "Ngày 1 sáng 05/02",
        "Ngày 1 chiều 05/02",
        "Ngày 2 sáng 06/02",
        "Ngày 2 chiều 06/02",
    ]
    assert table.rows[1] == [2, "K7M2P9Q0", "Trần Thị Ân", "Trạm Y tế xã Đô Lương", "S*", "P", "", "", 1, ""]
    assert "Trần Thị Ân" in write_csv(table).decode("utf-8-sig")


def test_the_spreadsheet_has_minutes_and_spot_checks_where_there_are_any():
    marks = (MarkCell(Status.PRESENT, minutes=228), MarkCell(Status.LATE, minutes=200, minutes_estimated=True))
    lines = [AttendanceLine("Nguyễn Thị Ánh", "", (*marks, MarkCell(), MarkCell()), 2, "K7M2P9Q0", "ghi chú", ("x",))]
    spots = [SpotColumn(0, datetime(2026, 2, 5, 9, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")))]
    table = documents.attendance_table(HEAD, COLUMNS, lines, minutes=True, spots=spots)
    assert [column.heading for column in table.columns][8:] == [
        "Tổng số buổi",
        "Số phút ngày 1 sáng 05/02",
        "Số phút ngày 1 chiều 05/02",
        "Số phút ngày 2 sáng 06/02",
        "Số phút ngày 2 chiều 06/02",
        "Tổng số phút",
        "Trong đó ước tính",
        "Điểm danh giữa buổi ngày 1 sáng 05/02 09:05",
        "Ghi chú",
    ]
    assert table.rows[0][8:] == [2, 228, "≈200", None, None, 428, 200, "x", "ghi chú"]
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert "≈200" in write_csv(table).decode("utf-8-sig")


@pytest.mark.parametrize("count", [0, 1, 107])
def test_headings_come_again_and_the_totals_stay_with_the_signatures(count):
    lines = [replace(EVERYTHING[at % 3], name=f"Nguyễn Thị Số {at + 1}") for at in range(count)]
    pages = pages_of(documents.attendance_table_pdf(LETTERHEAD, HEAD, COLUMNS, lines))
    with_rows = [page for page in pages if "Nguyễn Thị Số" in page or page is pages[-1]]
    assert all("Họ và tên" in page and "Ngày 2 06/02" in page for page in with_rows)
    assert all(word in pages[-1] for word in ("Cộng", "Chưa vào lớp", "Sĩ số đếm được", "NGƯỜI LẬP BIỂU"))
    assert sum(page.count("Nguyễn Thị Số") for page in pages) == count


@pytest.mark.parametrize("count", [13, 21, 40, 64, 98, 107, 109, 113])
def test_no_page_holds_a_few_learners_alone(count):
    lines = [replace(EVERYTHING[0], name=f"Nguyễn Thị Số {at + 1}") for at in range(count)]
    pages = pages_of(documents.attendance_table_pdf(LETTERHEAD, HEAD, COLUMNS, lines))
    *before, last = [page.count("Nguyễn Thị Số") for page in pages]
    assert "Cộng" in pages[-1]
    assert last >= 4
    assert min(before) >= 6


@pytest.mark.parametrize("days", [1, 10, 20])
def test_a_class_of_any_number_of_days_fits_the_width(days):
    columns = [
        RegisterColumn(day, date(2026, 2, day), part) for day in range(1, days + 1) for part in ("morning", "afternoon")
    ]
    lines = [line("Nguyễn Thị Ánh", *[Status.PRESENT] * len(columns), attended=len(columns))]
    words = " ".join(pages_of(documents.attendance_table_pdf(LETTERHEAD, HEAD, columns, lines)))
    assert words.count(" x") >= len(columns)
    assert "Tổng" in words


def test_the_poster_shows_its_code_the_host_and_the_class_and_nobody_s_name(tmp_path):
    document = documents.room_poster_pdf(POSTER)
    (words,) = pages_of(document)
    for expected in ("lop.nghean.gov.vn", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Lớp L03 – Lớp Đô Lương", "ngày 06/02/2026"):
        assert expected in words
    (tmp_path / "poster.pdf").write_bytes(document)
    command = ["pdftoppm", "-q", "-r", "75", "-singlefile", "-png", tmp_path / "poster.pdf", tmp_path / "poster"]
    subprocess.run(command, check=True)
    with Image.open(tmp_path / "poster.png") as picture:
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [POSTER.url]


def test_a_poster_with_a_link_too_long_to_scan_is_refused():
    with pytest.raises(UnfitLink):
        documents.room_poster_pdf(replace(POSTER, url=POSTER.url.replace("LOP.", "DIEM-DANH-CAC-LOP-HOC-KY-NANG-SO.")))
