"""The short way through a plainly written worksheet gives what the parser gives, and takes nothing else."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from xlsxwriter.workbook import Workbook

from classroom.core.errors import Refusal
from classroom.core.sheets import Cell, CellKind, Sheet, SheetLimits, read_table, xlsx_files, xlsx_texts
from classroom.core.sheets.xlsx_plain import NotPlain, plain_rows, plain_texts, without_rows


def workbook(*, inline: bool = False) -> bytes:
    target = io.BytesIO()
    with Workbook(target, {"constant_memory": inline}) as book:
        sheet = book.add_worksheet("Đợt 1")
        day = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        old = book.add_format({"font_name": ".VnTime"})
        sheet.write_row(0, 0, ["Tài khoản", "Họ & tên", "Số CCCD", "Ngày <hoàn> thành"])
        sheet.write_row(2, 0, ["a01", " Đặng  Thị “Hoà” ", "0100", 46_000.999988426])
        sheet.write_number(3, 3, 46_000.5, day)
        sheet.write_string(4, 1, "NguyÔn ThÞ ¸nh", old)
        sheet.write_string(4, 2, "_x0041_ dòng 1\ndòng 2")
        sheet.write_boolean(5, 0, True)
        sheet.write_formula(5, 1, "=1+1", None, 2)
        sheet.write_number(5, 2, 4.01e10)
        sheet.merge_range(7, 0, 7, 2, "Cộng")
    return target.getvalue()


def the_long_way(content: bytes, monkeypatch: pytest.MonkeyPatch) -> list[Sheet]:
    def refuse(_raw: bytes) -> tuple[bytes, bytes]:
        raise NotPlain

    with monkeypatch.context() as patch:
        patch.setattr(xlsx_files, "without_rows", refuse)
        patch.setattr(xlsx_texts, "plain_texts", refuse)
        return read_table(content, "a.xlsx")


@pytest.mark.parametrize("inline", [False, True])
def test_both_ways_read_the_same(monkeypatch: pytest.MonkeyPatch, inline: bool) -> None:
    content = workbook(inline=inline)
    assert read_table(content, "a.xlsx") == the_long_way(content, monkeypatch)


def test_a_text_of_digits_stays_a_text_and_a_time_is_kept_to_the_second() -> None:
    [sheet] = read_table(workbook(), "a.xlsx")
    assert sheet.cell(3, 2) == Cell(CellKind.TEXT, "0100")
    assert sheet.cell(4, 3) == Cell(CellKind.DATE, date(2025, 12, 9), seconds=43_200)


HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="urn:x"><sheetData>'
TAIL = b"</sheetData></worksheet>"
CELL = b'<row r="1"><c r="A1" t="str"><v>x</v></c></row>'


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + CELL + b"<!-- x -->" + TAIL,
        HEAD + b'<row r="1"><c r="A1" t="str"><f>1</f><v>x</v></c></row>' + TAIL,
        HEAD + b'<row r="1"><c r="A1" t="str"><v>&evil;</v></c></row>' + TAIL,
        HEAD + b'<row r="1"><c r="A1" t="str"><v>\x01</v></c></row>' + TAIL,
        HEAD + b'<row r="1"><c r="A1" t="str"><v>\xff</v></c></row>' + TAIL,
        HEAD + b'<row r="1"><c r="A1" t="str"><v>&#xD800;</v></c></row>' + TAIL,
        HEAD + b" " + CELL + TAIL,
        b'<!DOCTYPE x [<!ENTITY a "b">]>' + HEAD + CELL + TAIL,
        (HEAD + CELL + TAIL).replace(b"UTF-8", b"UTF-16"),
        HEAD + CELL + b"</sheetData><sheetData>" + CELL + TAIL,
        b"<x:worksheet/>",
    ],
)
def test_whatever_is_spelled_otherwise_is_left_to_the_parser(raw: bytes) -> None:
    with pytest.raises(NotPlain):
        list(plain_rows(without_rows(raw)[1], lambda _kind, _style, text: Cell(CellKind.TEXT, text)))


@pytest.mark.parametrize(
    "raw", [b"<sst><si><r><t>a</t></r></si></sst>", b"<sst><si><t>a</t></si></sst><!-- -->", b"<a>"]
)
def test_texts_spelled_otherwise_are_left_to_the_parser(raw: bytes) -> None:
    with pytest.raises(NotPlain):
        plain_texts(raw)


def with_rows(rows: bytes) -> bytes:
    source, target = zipfile.ZipFile(io.BytesIO(workbook())), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                start, end = content.index(b"<sheetData>") + 11, content.index(b"</sheetData>")
                content = content[:start] + rows + content[end:]
            copy.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda n: b'<row r="%d"><c r="A1" t="str"><v>x</v></c></row>' % n, "sheet.too_many_empty_rows"),
        (lambda n: b'<row r="1"/>' * 2, "sheet.broken"),
        (lambda n: b'<row r="1"><c r="ZZ1" t="str"><v>x</v></c></row>', "sheet.too_many_columns"),
        (lambda n: b'<row r="1"><c r="A1" t="s"><v>99999</v></c></row>', "sheet.broken"),
        (lambda n: b'<row><c r="A1" t="str"><v>x</v></c><c r="B1" t="str"><v>x</v></c></row>' * n,
         "sheet.too_many_cells"),
    ],
)  # fmt: skip
def test_the_limits_hold_on_the_short_way_too(make: Callable[[int], bytes], code: str) -> None:
    limits = SheetLimits(max_rows=50, max_cells=60)
    with pytest.raises(Refusal) as refused:
        read_table(with_rows(make(51 if "rows" in code else 40)), "a.xlsx", limits)
    assert refused.value.code == code
