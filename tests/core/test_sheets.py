"""Tables in and out: types kept, bad files refused by name, exports harmless."""

import csv
import io
import unicodedata
import zipfile
from contextlib import suppress
from datetime import date

import pytest
import xlsxwriter

from classroom.core.errors import Refusal
from classroom.core.sheets import CellKind, SheetLimits, column_letter, read_table, write_csv, write_xlsx
from classroom.core.sheets.xlsx_texts import unescape
from classroom.core.tables import Column, Table
from tests.support.packages import TYPES, package, refused, sheet_of


def workbook(fill) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        fill(book, book.add_worksheet("Danh sách"))
    return target.getvalue()


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" t="str"><v>0100</v></c>',
        '<c r="A1" t="inlineStr"><is><t>0100</t></is></c>',
        '<c r="A1" t="inlineStr"><is><r><t>01</t></r><r><t>00</t></r><rPh><t>x</t></rPh></is></c>',
    ],
)
def test_a_text_of_digits_stays_a_text(cell):
    (sheet,) = read_table(package(sheet_of(f'<row r="1">{cell}</row>')), "a.xlsx")
    assert sheet.cell(1, 0).kind is CellKind.TEXT
    assert sheet.cell(1, 0).value == "0100"


def test_each_cell_knows_its_type():
    def fill(book, sheet):
        sheet.write_string(0, 0, "040185012345")
        sheet.write_number(0, 1, 40185012345)
        sheet.write_datetime(0, 2, date(1985, 3, 7), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_boolean(0, 3, True)
        sheet.write_formula(0, 4, "=1+1", None, 2)
        sheet.write_number(0, 5, 0.5)
        sheet.write_number(0, 6, 1985, book.add_format({"num_format": "0 [$đồng]"}))
        sheet.write_datetime(0, 7, date(1900, 1, 31), book.add_format({"num_format": "d-mmm-yy"}))

    (sheet,) = read_table(workbook(fill), "a.xlsx")
    cells = [sheet.cell(1, place) for place in range(8)]
    assert [cell.value for cell in cells] == [
        "040185012345", 40185012345, date(1985, 3, 7), True, 2, 0.5, 1985, date(1900, 1, 31),
    ]  # fmt: skip
    assert [cell.formula for cell in cells].index(True) == 4
    assert cells[2].text == "07/03/1985"


def test_a_formula_that_was_never_calculated_is_flagged_and_empty():
    (sheet,) = read_table(package(sheet_of('<row r="1"><c r="A1"><f>B1</f></c></row>')), "a.xlsx")
    assert sheet.cell(1, 0).kind is CellKind.EMPTY
    assert sheet.cell(1, 0).formula


def test_row_numbers_are_those_of_the_file_even_where_rows_are_missing():
    rows = '<row r="3"><c r="B3" t="str"><v>x</v></c></row><row r="9"/>'
    (sheet,) = read_table(package(sheet_of(rows)), "a.xlsx")
    assert sheet.cell(3, 1).value == "x"
    assert len(sheet.rows) == 3
    assert sheet.cell(1, 0).kind is sheet.cell(40, 40).kind is CellKind.EMPTY


def test_a_prefixed_document_reads_like_any_other():
    prefixed = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row r="1"><x:c r="A1" t="str"><x:v>Lan</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    (sheet,) = read_table(package(prefixed), "a.xlsx")
    assert sheet.cell(1, 0).value == "Lan"


def test_all_sheets_are_listed_with_the_hidden_ones_marked():
    def fill(book, sheet):
        sheet.write_string(0, 0, "a")
        book.add_worksheet("Ẩn").hide()

    sheets = read_table(workbook(fill), "a.xlsx")
    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("Danh sách", False), ("Ẩn", True)]


def test_an_old_vietnamese_font_is_remembered_with_its_cell():
    def fill(book, sheet):
        sheet.write_string(0, 0, "NguyÔn ThÞ Lan", book.add_format({"font_name": ".VnTime"}))
        sheet.write_string(0, 1, "Lan")

    (sheet,) = read_table(workbook(fill), "a.xlsx")
    assert sheet.cell(1, 0).font == ".VnTime"
    assert sheet.cell(1, 1).font == ""


def test_merged_cells_are_known():
    def fill(book, sheet):
        sheet.merge_range(0, 0, 0, 3, "DANH SÁCH")

    (sheet,) = read_table(workbook(fill), "a.xlsx")
    assert sheet.merged == ((1, 0, 1, 3),)


def test_two_hundred_thousand_empty_rows_are_refused_as_such():
    empty = "".join(f'<row r="{number}"/>' for number in range(1, 200_001))
    assert refused(package(sheet_of(empty))) == "sheet.too_many_empty_rows"
    stray = '<row r="1"/><row r="1048576"><c r="A1048576" t="str"><v>x</v></c></row>'
    assert refused(package(sheet_of(stray))) == "sheet.too_many_empty_rows"


def test_too_many_rows_columns_cells_members_and_sheets_are_refused():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 30))
    assert refused(package(sheet_of(rows)), limits=SheetLimits(max_rows=20)) == "sheet.too_many_rows"
    assert refused(package(sheet_of(rows)), limits=SheetLimits(max_cells=20)) == "sheet.too_many_cells"
    wide = '<row r="1"><c r="XFD1"><v>1</v></c></row>'
    assert refused(package(sheet_of(wide))) == "sheet.too_many_columns"
    assert refused(package(sheet_of("")), limits=SheetLimits(max_members=3)) == "sheet.too_many_members"
    assert refused(package(sheet_of("")), limits=SheetLimits(max_sheets=0)) == "sheet.too_many_sheets"
    assert refused(b"a,b\n" * 30, "a.csv", SheetLimits(max_rows=20)) == "sheet.too_many_rows"
    assert refused(b"\n" * 30 + b"a", "a.csv", SheetLimits(max_rows=20)) == "sheet.too_many_empty_rows"
    assert refused(b"," * 300 + b"a", "a.csv") == "sheet.too_many_columns"
    assert refused(b"a,b,c\n" * 7, "a.csv", limits=SheetLimits(max_cells=20)) == "sheet.too_many_cells"


def test_a_zip_bomb_is_refused_before_it_unpacks():
    bomb = package(sheet_of(""), **{"xl__media__a.bin": "0" * 30_000_000})
    assert len(bomb) < 100_000
    assert refused(bomb) == "sheet.unpacks_too_large"
    assert refused(package(sheet_of("")), limits=SheetLimits(max_unpacked=500)) == "sheet.unpacks_too_large"


def test_a_member_that_lies_about_its_size_is_refused():
    honest = package(sheet_of('<row r="1"><c r="A1" t="str"><v>x</v></c></row>' + " " * 5000))
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = honest.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert refused(lying) == "sheet.broken"


def test_a_document_type_or_entity_is_refused():
    bomb = '<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    assert refused(package(bomb + sheet_of("<row r='1'><c t='str'><v>&c;</v></c></row>"))) == "sheet.has_entities"


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"", "a.xlsx", "sheet.empty"),
        (b" \r\n", "a.csv", "sheet.empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.xls", "sheet.old_xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "sheet.encrypted"),
        (b"%PDF-1.7 \x00", "a.csv", "sheet.not_a_spreadsheet"),
        (b"<html><table></table>", "a.xls", "sheet.not_a_spreadsheet"),
        (b"<html><table></table>", "a.csv", "sheet.not_a_spreadsheet"),
        (b"Ho ten,Ngay sinh\n", "a.xlsx", "sheet.not_a_spreadsheet"),
        (b"\x89PNG\r\n\x1a\n", "a.png", "sheet.unknown_kind"),
        (b"PK\x03\x04garbage", "a.xlsx", "sheet.broken"),
        (b"PK\x03\x04garbage", "a.csv", "sheet.name_does_not_match"),
        (bytes(range(256)) * 4, "a.csv", "sheet.binary"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_by_name(data, filename, code):
    assert refused(data, filename) == code


def test_macros_are_refused_whatever_the_file_is_called():
    assert refused(package(sheet_of("")), "a.xlsm") == "sheet.has_macros"
    assert refused(package(sheet_of(""), **{"xl__vbaProject.bin": "x"}), "a.xlsx") == "sheet.has_macros"


def test_another_office_document_is_no_spreadsheet():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", "<a/>")
    assert refused(target.getvalue()) == "sheet.not_a_spreadsheet"


@pytest.mark.parametrize(
    "sheet",
    [
        "<worksheet", "", sheet_of('<row r="1"><c t="s"><v>7</v></c></row>'), sheet_of('<c r="A1"><v>1</v></c>'),
        sheet_of('<row r="2"/><row r="1"/>'), sheet_of(f'<row r="1"><c t="s"><v>{"9" * 5000}</v></c></row>'),
    ],
)  # fmt: skip
def test_a_damaged_sheet_is_refused(sheet):
    assert refused(package(sheet)) == "sheet.broken"


def test_every_shortened_or_flipped_file_is_read_or_refused_but_never_crashes():
    good = write_xlsx([Table("A", [Column("Họ và tên"), Column("Số", "number")], [("Lan", 1), ("Mai", 2)])])
    for place in range(0, len(good), 37):
        for bad in (good[:place], good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :]):
            with suppress(Refusal):
                read_table(bad, "a.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_file_is_read_in_any_usual_encoding_and_separator(encoding, separator):
    text = f'Họ và tên{separator}Số CCCD\r\n"Lan{separator} Mai"{separator}040185012345\r\n\r\nAn{separator}1\r\n'
    (sheet,) = read_table(text.encode(encoding), "Lớp 1.csv")
    assert [cell.text for cell in sheet.rows[1]] == [f"Lan{separator} Mai", "040185012345"]
    assert sheet.cell(4, 0).text == "An"
    assert sheet.guessed_encoding == ""
    assert sheet.name == "Lớp 1"


def test_an_old_windows_encoding_is_guessed_and_said_so():
    text = "Họ tên,Đơn vị\nNguyễn Thị Ánh,Sở Y tế\n"
    old = "".join(decompose_tones(text)).encode("cp1258")
    (sheet,) = read_table(old, "a.csv")
    assert sheet.guessed_encoding == "windows-1258"
    assert sheet.cell(2, 0).text == "Nguyễn Thị Ánh"
    (sheet,) = read_table("Ten,Don vi\nNguyÔn ThÞ Hµ,Së Y tÕ\n".encode("latin-1"), "a.csv")
    assert sheet.guessed_encoding == "tcvn3"
    assert sheet.cell(2, 0).text == "NguyÔn ThÞ Hµ"


def decompose_tones(text):
    for char in text:
        decomposed = unicodedata.normalize("NFD", char)
        tone = next((mark for mark in decomposed if mark in "\u0300\u0301\u0303\u0309\u0323"), "")
        yield unicodedata.normalize("NFC", decomposed.replace(tone, "")) + tone if tone else char


def test_the_separator_line_that_excel_writes_is_not_a_row_of_data():
    (sheet,) = read_table(b"sep=;\r\nTen;So\r\nLan;1,5\r\n", "a.csv")
    assert sheet.cell(3, 1).text == "1,5"


HOSTILE = ["=1+1", "+84912345678", "-2", "@SUM(A1)", "\tx", "\rx"]


def test_a_csv_never_starts_a_formula():
    table = Table("A", [Column("=x")], [(value,) for value in [*HOSTILE, "Lan", -5, None]])
    written = write_csv(table)
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert [row[0] if row else "" for row in rows] == ["'=x", *(f"'{value}" for value in HOSTILE), "Lan", "-5", ""]


def test_an_xlsx_holds_hostile_text_as_quoted_text_and_id_numbers_as_text():
    columns = [Column("Tên", width=30), Column("CCCD", "id"), Column("Ngày", "date"), Column("Điểm", "number")]
    rows = [(value, "040185012345", date(1985, 3, 7), 7.5) for value in HOSTILE]
    data = write_xlsx([Table("Lớp: 1/2", columns, rows), Table("Lớp: 1/2", columns, [])])
    first, second = read_table(data, "a.xlsx")
    assert [first.cell(number, 0).text for number in range(2, 8)] == HOSTILE
    assert not any(cell.formula for row in first.rows for cell in row)
    assert first.cell(2, 1).kind is CellKind.TEXT
    assert first.cell(2, 2).value == date(1985, 3, 7)
    assert first.cell(2, 3).value == 7.5
    assert (first.name, second.name) == ("Lớp  1 2", "Lớp  1 2 (2)")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b'quotePrefix="1"' in archive.read("xl/styles.xml")


def test_columns_are_lettered_as_in_a_spreadsheet():
    assert [column_letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_an_escaped_half_of_a_letter_is_no_letter() -> None:
    assert unescape("A_xD83D_B_x0000_C_x0041_D_x000A_") == "ABCAD\n"


@pytest.mark.parametrize("title", ["Danh sách học viên lớp ABCD'E", "'" * 40, " ' ", "Lớp [1]: a/b?"])
def test_any_title_becomes_the_name_of_a_sheet(title: str) -> None:
    assert read_table(write_xlsx([Table(title, [Column("A")], [["b"]])]), "x.xlsx")[0].name


def test_a_quotation_mark_that_swallows_rows_is_refused_by_its_row():
    row = "Lê Thị An,Sở Y tế,0912345678,{}\n"
    data = "Họ và tên,Đơn vị,Điện thoại,Ghi chú\n" + row.format('"học bù') + row.format("") * 9
    with pytest.raises(Refusal, match=r"sheet\.open_quote") as caught:
        read_table(data.encode(), "a.csv")
    assert caught.value.details["row"] == 2
    lines = 'Họ và tên,Địa chỉ,Điện thoại\nLê Thị An,"Xóm 5,\nNghi Phú, Vinh",0912345678\n'
    assert read_table(lines.encode(), "a.csv")[0].cell(2, 1).text == "Xóm 5,\nNghi Phú, Vinh"


@pytest.mark.parametrize("encoding", ["tcvn", "gbk", "utf-7", "idna"])
def test_xml_in_an_encoding_that_nobody_knows_is_a_broken_file(encoding: str):
    odd = f'<?xml version="1.0" encoding="{encoding}"?>' + sheet_of('<row r="1"><c r="A1"><v>1</v></c></row>')
    assert refused(package(odd)) == "sheet.broken"
