import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pypdf
import pytest
import time_machine
import typst

from classroom.core import pdf
from classroom.core.letterhead import Letterhead, official_date

HEADINGS = ["STT", "Mã", "Họ và tên", "Ngày sinh", "Giới", "Chức vụ", "Đơn vị", "Điện thoại", "Ghi chú"]
HOSTILE = [
    '#eval("1+1")',
    '#read("/etc/passwd")',
    '#image("official.typ")',
    "*đậm* _nghiêng_",
    "$x^2$ \\ @nhãn <nhãn>",
    "= Tiêu đề",
    "// chú thích",
    "`mã` ~ -- ---",
    "<script>alert(1)</script>",
    "[ngoặc] {nhọn} \"kép\" 'đơn'",
]


def paper(names: list[str], organisation: str = "Sở Khoa học và Công nghệ") -> bytes:
    data = {
        "letterhead": Letterhead(organisation, place="Nghệ An").as_data(),
        "code": "L03",
        "facts": [["Lớp", "L03"]],
        "columns": HEADINGS,
        "rows": [[str(at), "", name, "", "", "", "", "", ""] for at, name in enumerate(names, 1)],
    }
    return pdf.render("roster", data)


def text_of(document: bytes) -> str:
    """All words, spaces and line ends folded, since a column may break anywhere between words."""
    pages = pypdf.PdfReader(io.BytesIO(document)).pages
    return " ".join("".join(page.extract_text() for page in pages).replace("\u200b", "").split())


@pytest.mark.parametrize("name", HOSTILE)
def test_markup_in_a_name_is_printed_as_typed(name):
    squeezed = text_of(paper([name])).replace(" ", "")
    assert name.replace(" ", "") in squeezed


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị 😀", "e\u0302\u0323 rời", "\u202eẩn\u202c", "tab\tvà\nxuống dòng", "\x00", ""]
)
def test_odd_characters_never_stop_the_press(name):
    assert "DANH SÁCH HỌC VIÊN" in text_of(paper([name, "Nguyễn Văn Út"]))


def test_vietnamese_names_can_be_copied_out_intact():
    names = ["Nguyễn Thị Ánh", "Phạm Văn Ẩn", "Đặng Thị Hòa", "Lô Thị Ước", "Vừ Y", "Nguyễn Ngọc Quỳnh"]
    words = text_of(paper(names))
    assert [name for name in names if name not in words] == []


def test_only_the_bundled_face_is_used_and_embedded():
    reader = pypdf.PdfReader(io.BytesIO(paper(["Nguyễn Văn An", "😀"])))
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].get_object().values()]
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert fonts
    assert all("Tinos" in font["/BaseFont"] for font in fonts)
    assert all("/FontFile2" in descriptor for descriptor in descriptors)
    embedded = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True).families()
    assert set(pdf.fonts().families()) == {"Tinos", *embedded}


@time_machine.travel(datetime(2026, 2, 7, 3, 4, 5, 678, tzinfo=UTC), tick=False)
def test_the_document_tells_its_title_language_issuer_and_time():
    reader = pypdf.PdfReader(io.BytesIO(paper([])))
    assert reader.metadata.title == "Danh sách học viên lớp L03"
    assert reader.metadata.author == "Sở Khoa học và Công nghệ"
    assert reader.metadata.creation_date == datetime(2026, 2, 7, 3, 4, 5, tzinfo=UTC)
    assert reader.trailer["/Root"]["/Lang"].lower() == "vi-vn"


def test_threads_do_not_mix_their_papers():
    with ThreadPoolExecutor(4) as pool:
        papers = list(pool.map(lambda at: text_of(paper([f"Nguyễn Thị Số {at}"])), range(12)))
    for at, words in enumerate(papers):
        assert f"Nguyễn Thị Số {at}" in words
        assert words.count("Nguyễn Thị Số") == 1


def test_data_must_be_plain():
    with pytest.raises(TypeError):
        pdf.render("roster", {"day": date(2026, 2, 7)})


def test_missing_typefaces_are_named_with_the_remedy(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    pdf.fonts.cache_clear()
    try:
        with pytest.raises(pdf.FontsMissing, match="make assets"):
            pdf.fonts()
    finally:
        pdf.fonts.cache_clear()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 7), "ngày 07 tháng 02 năm 2026"),
        (date(2026, 3, 7), "ngày 07 tháng 3 năm 2026"),
        (date(2026, 12, 10), "ngày 10 tháng 12 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
    ],
)
def test_official_dates_pad_small_days_and_the_first_two_months(day, words):
    assert official_date(day) == words


def test_a_date_line_without_a_day_is_left_to_be_written_by_hand():
    assert Letterhead("Sở", place="Nghệ An").as_data()["date_line"].startswith("Nghệ An, ngày …")
    assert Letterhead("Sở").as_data()["date_line"].startswith("ngày …")
