"""Bảng tổng hợp kết quả kiểm tra: the words of the printed sheet."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pypdf
import pytest
from flask import Flask

from classroom.core.letterhead import Letterhead
from classroom.exams.documents.result_sheet import RulingNote, SheetHead, result_sheet_pdf
from classroom.exams.queries.result_lines import Line, totals
from classroom.exams.queries.results import Adjusted
from tests.exams.office import Office

LETTERHEAD = Letterhead("Sở Khoa học và Công nghệ", "UBND TỈNH NGHỆ AN", "Nghệ An", dated_on=date(2026, 2, 7))
AT = datetime(2026, 2, 5, 9, tzinfo=UTC)
HEAD = SheetHead(
    paper="Kiểm tra cuối khóa",
    course="Kỹ năng số cơ bản",
    code="L03",
    title="Lớp Đô Lương",
    held_on=date(2026, 2, 5),
    session="Ngày 3, chiều",
    opened_at=AT,
    ended_at=AT.replace(minute=50),
    made_at=AT.replace(hour=11),
    venue="Phòng 2, Trung tâm Văn hóa",
    scale=10,
    pass_percent=50,
    zone="Asia/Ho_Chi_Minh",
)


def line(name: str, score: str = "", **facts: object) -> Line:
    """A counted result out of ten, or an absent learner without one."""
    made = Line(name, "K7M2P9Q0", name, "Trạm Y tế xã Đô Lương", date(1985, 3, 7), 5, guest=False, state="absent")
    if score:
        mark, outcome = Decimal(score), "pass" if Decimal(score) >= 5 else "fail"
        made = replace(
            made, state="finished", attempt="a" + name, number=1, source="phone", mark=mark, out_of=Decimal(10),
            score=mark, outcome=outcome, how="submitted", counts=True,
        )  # fmt: skip
    return replace(made, **facts)  # type: ignore[arg-type]


def pages_of(lines: list[Line], head: SheetHead = HEAD, rulings: tuple[RulingNote, ...] = ()) -> list[str]:
    paper = result_sheet_pdf(LETTERHEAD, head, lines, totals(lines), rulings)
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(paper)).pages]


def words(lines: list[Line], head: SheetHead = HEAD, rulings: tuple[RulingNote, ...] = ()) -> str:
    return " ".join(pages_of(lines, head, rulings))


SOME = [line("Lê Hoàng Anh", "7.5"), line("Nguyễn Thị Ánh", "4"), line("Trần Thị Ân")]


def test_the_sheet_follows_the_official_layout() -> None:
    said = words(SOME)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said
    assert "BẢNG TỔNG HỢP KẾT QUẢ KIỂM TRA" in said
    assert "Thời gian: Ngày 3, chiều, ngày 05/02/2026, từ 09:00 đến 09:50" in said
    assert "Thang điểm: 10; đạt từ 5 điểm (50 %)" in said
    assert "1 Lê Hoàng Anh 07/03/1985 Trạm Y tế xã Đô Lương 5 7,5 Đạt" in said
    assert "2 Nguyễn Thị Ánh 07/03/1985 Trạm Y tế xã Đô Lương 5 4 Không đạt" in said
    assert "3 Trần Thị Ân 07/03/1985 Trạm Y tế xã Đô Lương 5 Vắng" in said
    assert "Nghệ An, ngày 07 tháng 02 năm 2026" in said
    signers = [said.index(each) for each in ("NGƯỜI LẬP BIỂU", "GIẢNG VIÊN", "ĐẠI DIỆN ĐƠN VỊ TỔ CHỨC")]
    assert signers == sorted(signers)


def test_totals_add_up() -> None:
    said = words(SOME)
    for part in (
        "Số học viên theo danh sách: 3", "Dự kiểm tra: 2", "Đạt: 1 (50,0 %)", "Không đạt: 1", "Vắng: 1",
        "Điểm trung bình: 5,75", "Trung vị: 5,75", "Độ lệch chuẩn: 2,47", "Điểm thấp nhất – cao nhất: 4 – 7,5",
    ):  # fmt: skip
        assert part in said
    assert "chưa kết thúc" not in said


def test_changes_by_hand_and_decisions_stand_under_the_table_with_who_when_and_why() -> None:
    late = datetime(2026, 2, 5, 18, tzinfo=UTC)  # the sixth, in Việt Nam
    changes = (Adjusted("x", Decimal("0.5"), "đề in mờ", late, "Hồ Minh Đức"),)
    ruling = RulingNote("VNeID là gì?", "rekey", 2, "đáp án sai", date(2026, 2, 6), "Đặng Thị Đào")
    said = words([line("Lê Hoàng Anh", "7.5", adjusted=changes), *SOME[1:]], rulings=(ruling,))
    assert "7,5 (1) Đạt" in said
    assert "(1) Lê Hoàng Anh: cộng 0,5 điểm của bài – đề in mờ (Hồ Minh Đức, 06/02/2026)." in said
    assert (
        "Câu hỏi “VNeID là gì?”: chấm theo đáp án của phiên bản 2. Lý do: đáp án sai (Đặng Thị Đào, 06/02/2026)."
        in said
    )


def test_each_learner_stands_there_once_with_the_attempt_that_counts() -> None:
    first = line("Lê Hoàng Anh", "3", counts=False)
    said = words([line("Lê Hoàng Anh", "7.5", number=2), first])
    assert said.count("Lê Hoàng Anh") == 1
    assert "7,5 Đạt lần 2" in said
    assert "Dự kiểm tra: 1" in said


def test_a_test_that_goes_on_is_said_to_go_on() -> None:
    said = words([*SOME, line("Võ Đức Duy", state="running", attempt="x")], replace(HEAD, ended_at=None))
    assert "(Số liệu tạm thời lúc 11:00 ngày 05/02/2026, bài kiểm tra chưa kết thúc)" in said
    assert "Võ Đức Duy 07/03/1985 Trạm Y tế xã Đô Lương 5 Đang làm bài" in said
    assert "Đang làm bài: 1" in said


def test_a_class_of_a_hundred_and_seven_with_long_names_keeps_headings_and_signs_below_learners() -> None:
    name, unit = (
        "Nguyễn Hoàng Thị Bích Ngọc Phương Anh",
        "Trung tâm Dịch vụ nông nghiệp và Phát triển nông thôn xã Nghi Phú",
    )
    lines = [replace(line(f"{name} {number}", "8"), unit=unit) for number in range(107)]
    pages = pages_of(lines)
    assert all("STT Họ và tên Ngày sinh Đơn vị" in page for page in pages)
    assert f"{name} 106" in pages[-1]
    assert "NGƯỜI LẬP BIỂU" in pages[-1]
    assert "107" in pages[-1]
    assert len(pages) <= 12


def test_a_year_alone_and_a_guest_are_written_as_such() -> None:
    said = words([replace(line("Lô Thị Ước", "8", source="paper"), born=1972, guest=True)])
    assert "Lô Thị Ước 1972 Trạm Y tế xã Đô Lương 5 8 Đạt học viên lớp khác; bài làm trên giấy" in said


@pytest.mark.parametrize("role", ["viewer", "coordinator"])
def test_the_page_gives_the_sheet_of_the_class_under_its_name(app: Flask, role: str) -> None:
    office = Office()
    office.sits("Nguyễn Thị Ánh", "aaab")
    answer = office.browser(app, role).get(office.path("results.pdf"))
    assert answer.mimetype == "application/pdf"
    said = " ".join(pypdf.PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().split())
    assert f"Lớp: {office.made.code}" in said
    assert "1 Nguyễn Thị Ánh UBND xã Đô Lương 0 7,5 Đạt" in said
    assert "inline" in answer.headers["Content-Disposition"]
