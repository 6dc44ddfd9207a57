import io
import subprocess
from datetime import date

import pypdf
import pytest
import zxingcpp
from PIL import Image

from classroom.core.letterhead import Letterhead
from classroom.core.sheets import write_csv, write_xlsx
from classroom.sessions import documents
from classroom.sessions.documents import ClassHead, RosterLine, SigningSheet

LETTERHEAD = Letterhead("Sở Khoa học và Công nghệ", "UBND tỉnh Nghệ An", "Nghệ An", dated_on=date(2026, 2, 7))
HEAD = ClassHead("L03", "Kỹ năng số cho cán bộ xã", venue="Hội trường tầng 2", starts_on=date(2026, 2, 5))
FAMILIES = ("Nguyễn Thị", "Trần Văn", "Lê Hoàng", "Công Tằng Tôn Nữ Nguyễn Phúc Thị Hoàng Thiên Kim", "Vừ", "Đặng")
GIVEN = ("Ánh", "Ân", "Ẩn", "Ước", "Út", "Quỳnh", "Đức")
UNIT = "Trung tâm Phục vụ hành chính công xã Nghi Phú, thuộc Ủy ban nhân dân xã Nghi Phú, tỉnh Nghệ An"
QR_TEXT = "https://LOP.NGHEAN.GOV.VN/S/K7M2P9QRSTVW"


def learners(count: int) -> list[RosterLine]:
    return [
        RosterLine(
            f"{FAMILIES[at % 6]} {GIVEN[at % 7]}",
            code=f"K7M2P{at:03}",
            born=1962 if at % 5 == 0 else date(1985, 3, 7),
            sex=("male", "female", "")[at % 3],
            position="Phó Chủ tịch Ủy ban nhân dân",
            unit=UNIT if at % 3 else "THCS Nguyễn Tất Thành",
            phone="+84912345678",
        )
        for at in range(count)
    ]


def sheet(number: int) -> SigningSheet:
    return SigningSheet(
        f"Buổi {number}", date(2026, 2, 5), "07:30–11:30", f"L03-0{number}", f"{QR_TEXT}/{number}", topic="An toàn số"
    )


def pages_of(document: bytes) -> list[str]:
    pages = pypdf.PdfReader(io.BytesIO(document)).pages
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in pages]


def codes_on(document: bytes, page: int, folder) -> list[str]:
    """QR codes of a page as a printer at 150 dpi shows them."""
    source, target = folder / "paper.pdf", folder / "page"
    source.write_bytes(document)
    number = str(page)
    subprocess.run(
        ["pdftoppm", "-q", "-r", "150", "-f", number, "-l", number, "-singlefile", "-png", source, target], check=True
    )
    with Image.open(target.with_suffix(".png")) as picture:
        return [code.text for code in zxingcpp.read_barcodes(picture)]


def test_a_roster_of_107_names_everybody_once_under_repeated_headings():
    everybody = learners(107)
    pages = pages_of(documents.roster_pdf(LETTERHEAD, HEAD, everybody))
    words = " ".join(pages)
    assert len(pages) > 3
    assert all("Họ và tên" in page and "Đơn vị công tác" in page for page in pages)
    assert [line.code for line in everybody if words.count(line.code) != 1] == []
    assert [line.name for line in everybody if line.name not in words] == []
    assert "Danh sách này có 107 học viên." in words


def test_a_roster_carries_the_national_heading_the_issuer_and_both_signatures():
    (words,) = pages_of(documents.roster_pdf(LETTERHEAD, HEAD, learners(1)))
    for expected in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "UBND TỈNH NGHỆ AN",
        "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
        "Nghệ An, ngày 07 tháng 02 năm 2026",
        "NGƯỜI LẬP BIỂU",
        "ĐẠI DIỆN ĐƠN VỊ TỔ CHỨC",
        "ngày 05/02/2026",
        "0912345678",
    ):
        assert expected in words


def test_an_empty_roster_says_so():
    (words,) = pages_of(documents.roster_pdf(LETTERHEAD, HEAD, []))
    assert "Danh sách chưa có học viên." in words


def test_page_numbers_begin_on_the_second_page():
    pages = pages_of(documents.roster_pdf(LETTERHEAD, HEAD, learners(107)))
    assert not pages[0].startswith("1 ")
    assert [page.split()[0] for page in pages[1:]] == [str(number) for number in range(2, len(pages) + 1)]


@pytest.mark.parametrize("count", range(60, 90, 3))
def test_signatures_never_stand_on_a_page_without_learners(count):
    everybody = learners(count)
    last = pages_of(documents.roster_pdf(LETTERHEAD, HEAD, everybody))[-1]
    assert "NGƯỜI LẬP BIỂU" in last
    assert [line.code in last for line in everybody[-4:]] == [True] * 4


def test_a_word_without_an_end_stays_inside_its_column():
    line = RosterLine("Nguyễn Văn An", unit="w" * 150, code="K7M2P001")
    reader = pypdf.PdfReader(io.BytesIO(documents.roster_pdf(LETTERHEAD, HEAD, [line])))
    pieces: list[str] = []
    reader.pages[0].extract_text(visitor_text=lambda text, *_: pieces.append(text))
    assert max(piece.count("w") for piece in "".join(pieces).split("\n")) < 60
    assert "".join(pieces).count("w") == 150


def test_every_sheet_starts_its_own_page_count_and_says_which_it_is(tmp_path):
    document = documents.signing_sheets_pdf(LETTERHEAD, HEAD, [sheet(1), sheet(2)], learners(107))
    pages = pages_of(document)
    half = len(pages) // 2
    assert ["DANH SÁCH HỌC VIÊN KÝ TÊN" in page for page in pages] == ([True] + [False] * (half - 1)) * 2
    assert [page.split()[0] for page in pages[half + 1 :]] == [str(number) for number in range(2, half + 1)]
    assert all("Phiếu số L03-01 – Buổi 1" in page for page in pages[:half])
    assert all("Phiếu số L03-02 – Buổi 2" in page for page in pages[half:])
    assert codes_on(document, 1, tmp_path) == [f"{QR_TEXT}/1"]
    assert codes_on(document, half + 1, tmp_path) == [f"{QR_TEXT}/2"]


@pytest.mark.parametrize("count", [0, 1, 107])
def test_a_signing_sheet_has_room_for_walk_ins_and_the_head_count(count):
    words = " ".join(pages_of(documents.signing_sheets_pdf(LETTERHEAD, HEAD, [sheet(1)], learners(count), 3)))
    assert f" {count + 3} " in words
    assert f" {count + 4} " not in words.replace("Trang", "")
    assert f"Sĩ số theo danh sách: {count} " in words
    for expected in ("Sĩ số đếm được", "GIẢNG VIÊN", "An toàn số", "07:30–11:30", "Ký tên"):
        assert expected in words


def test_the_roster_spreadsheet_keeps_zeros_dates_and_years():
    table = documents.roster_table(HEAD, learners(2))
    first, second = table.rows
    assert first[:4] == [1, "K7M2P000", "Nguyễn Thị Ánh", "1962"]
    assert second[3] == date(1985, 3, 7)
    assert second[7] == "0912345678"
    assert write_xlsx([table]).startswith(b"PK")
    assert "0912345678" in write_csv(table).decode("utf-8-sig")
