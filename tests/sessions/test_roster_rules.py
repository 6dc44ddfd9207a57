"""Class lists in the layouts that offices send."""

import json
from datetime import date

import pytest

from classroom.core.sheets import EMPTY, Cell, CellKind, Sheet
from classroom.learners.rules import Birth, Severity, Sex
from classroom.sessions.rules.roster import (
    Field,
    Layout,
    choose_sheet,
    class_hint,
    field_of_heading,
    read_rows,
    recognise,
)

TODAY = date(2026, 11, 24)
TEMPLATE = ["Họ và tên*", "Ngày sinh", "Giới tính", "Số CCCD", "Số điện thoại", "Email", "Đối tượng (CBCC/Người dân)",
            "Chức vụ", "Đơn vị công tác", "Xã/Phường", "Ghi chú"]  # fmt: skip
LETTER = [
    ["UBND TỈNH NGHỆ AN", None, None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["SỞ KHOA HỌC VÀ CÔNG NGHỆ", None, None, None, None, "Độc lập - Tự do - Hạnh phúc"],
    [],
    ["DANH SÁCH HỌC VIÊN LỚP L02"],
    [],
    ["TT", "Họ đệm", "Tên", "Năm sinh", "Giới tính", "CMND/CCCD", "SĐT", "Chức vụ", "Đơn vị", "Ghi chú"],
]
CROSSES = [
    ["Danh sách lớp L03 (kèm theo Công văn số 123)"],
    [],
    ["STT", "HỌ VÀ TÊN", "NGÀY SINH", "NAM", "NỮ", "CCCD", "ĐIỆN THOẠI", "CƠ QUAN, ĐƠN VỊ", "E-mail"],
]


def cell(value) -> Cell:
    if value is None:
        return EMPTY
    if isinstance(value, Cell):
        return value
    if isinstance(value, date):
        return Cell(CellKind.DATE, value)
    return Cell(CellKind.NUMBER if isinstance(value, int) else CellKind.TEXT, value)


def sheet(*rows, name="Danh sách", hidden=False) -> Sheet:
    return Sheet(name, [[cell(value) for value in row] for row in rows], hidden=hidden)


def people(*rows, filename=""):
    table = sheet(*rows)
    return read_rows(table, recognise(table, filename), TODAY)


def remarks(rows) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for row in rows for problem in row.problems]


def test_the_template_is_read_without_a_word():
    (row,) = people(
        TEMPLATE,
        ["Nguyễn Thị Ánh", "07/03/1985", "Nữ", "040185012345", "0912 345 678", "A@example.vn", "CBCC", "Kế toán",
         "UBND xã Vinh Phú", "Vinh Phú", "mang máy"],
    )  # fmt: skip
    assert row.problems == ()
    assert (row.name, row.birth, row.sex) == ("Nguyễn Thị Ánh", Birth.of(date(1985, 3, 7)), Sex.FEMALE)
    assert (row.id_number, row.phone, row.email) == ("040185012345", "+84912345678", "a@example.vn")
    assert (row.audience, row.position, row.unit) == ("official", "Kế toán", "UBND xã Vinh Phú")
    assert (row.commune, row.note, row.row) == ("Vinh Phú", "mang máy", 2)


def test_a_letter_with_a_split_name_and_a_signature_block_is_read():
    rows = [
        *LETTER,
        [1, "Vừ", "Hằng", "15/03/1976", "Nữ", "040176667772", "0707783623", "Nhân viên", "Trường A", None],
        [2, "Lê Quốc", "Nam", 1993, "Nam", "040093651584", "0701862708", None, "Đoàn xã", None],
        [],
        [None, None, None, None, None, None, "Vinh, ngày 07 tháng 02 năm 2026"],
        [None, None, None, None, None, None, "NGƯỜI LẬP BIỂU"],
        [None, None, None, None, None, None, "(Ký, ghi rõ họ tên)"],
        [None, None, "Trần Văn Ký"],
    ]
    found = people(*rows)
    assert [(row.row, row.name) for row in found] == [(7, "Vừ Hằng"), (8, "Lê Quốc Nam")]
    assert found[1].birth == Birth(1993)
    assert remarks(found) == [(8, "D", "roster.birth_year_only")]
    layout = recognise(sheet(*rows))
    assert (layout.heading_row, layout.first_row, layout.last_row, layout.class_hint) == (6, 7, 8, "L02")


def test_crosses_under_nam_and_nu_give_the_sex_and_a_total_ends_the_table():
    found = people(
        *CROSSES,
        [1, "Võ Viết Hà", "23/10/1978", "x", None, "040078422447", "0364740927", "Trạm Y tế", "ha@example.vn"],
        [2, "Cao Thị Đào", "20/9/1986", None, "x", "040186676415", 368391060, "Hội LHPN", None],
        [3, "Lê An", "1/2/1990", "x", "x", None, None, None, None],
        [None, "Tổng cộng: 3 người"],
    )
    assert [row.sex for row in found] == [Sex.MALE, Sex.FEMALE, None]
    assert found[1].phone == "+84368391060"
    assert remarks(found) == [
        (5, "G", "roster.phone_lost_zero"), (6, "D", "roster.sex_both"), (6, "F", "roster.id_number_missing"),
    ]  # fmt: skip


def test_births_under_nam_and_nu_below_a_merged_heading_give_both():
    found = people(
        ["STT", "Họ và tên", "Năm sinh", None, "Đơn vị"],
        [None, None, "Nam", "Nữ", None],
        [1, "Lê An", 1980, None, "Xã A"],
        [2, "Hồ Mai", None, "05/06/1990", "Xã B"],
    )
    assert [(row.sex, row.birth) for row in found] == [
        (Sex.MALE, Birth(1980)), (Sex.FEMALE, Birth.of(date(1990, 6, 5))),
    ]  # fmt: skip


def test_a_name_heading_merged_over_two_columns_is_seen_through():
    found = people(
        ["TT", "Họ và tên", None, "Ngày sinh"],
        [1, "Nguyễn Thị", "Lan", "07/03/1985"],
        [2, "Võ Đức", "Duy", "08/03/1985"],
    )
    assert [row.name for row in found] == ["Nguyễn Thị Lan", "Võ Đức Duy"]


def test_a_lop_column_gives_each_row_its_class():
    found = people(["Lớp", "Họ tên", "SĐT"], ["l01", "Lê An", "0912345678"], ["L02", "Hồ Mai", "0912345679"])
    assert [row.class_code for row in found] == ["L01", "L02"]


def test_section_rows_repeated_headings_and_numbered_columns_are_not_people():
    heading = ["STT", "Họ và tên", "Ngày sinh", "Đơn vị"]
    found = people(
        heading,
        ["(1)", "(2)", "(3)", "(4)"],
        ["I. Cán bộ, công chức"],
        [1, "Lê An", "01/02/1980", "Xã A"],
        heading,
        ["Tổng số: 1"],
        ["II. Người dân"],
        [2, "Hồ Mai", "01/02/1981", "Xã B"],
        ["Cộng:", "2"],
    )
    assert [row.row for row in found] == [4, 8]


def test_a_person_called_like_a_total_or_an_official_stays_a_person():
    found = people(
        ["Họ và tên", "Ngày sinh"],
        ["Tống Công Danh", "01/02/1980"],
        ["Tổng Cộng", "01/02/1981"],
        ["Ngày Thị Mới", None],
    )
    assert [row.name for row in found][:2] == ["Tống Công Danh", "Tổng Cộng"]
    numbered = people(["STT", "Họ và tên"], [1, "Cộng Văn Hòa"], [2, "Đại Diện"], [None, "Cộng: 2"])
    assert [row.name for row in numbered] == ["Cộng Văn Hòa", "Đại Diện"]


def test_a_row_without_a_name_is_an_error_and_not_lost():
    found = people(["Họ và tên", "CCCD"], [None, "040185012345"])
    assert remarks(found) == [(2, "A", "roster.name_missing")]
    assert found[0].has_errors


def test_every_oddity_is_named_by_row_and_column():
    found = people(
        TEMPLATE[:5],
        ["TRẦN THỊ MY", "1995", "Nữ", 40195860218, "0336815201"],
        ["Le\u0302 Kha\u0301nh", "31/02/1968", "Nam", "4.00682E+11", "x"],
        ["  Thái  Bảo ", date(1973, 2, 24), "Nam", "038173659209", None],
    )
    assert remarks(found) == [
        (2, "A", "roster.name_capitals"), (2, "B", "roster.birth_year_only"), (2, "D", "roster.id_number_lost_zero"),
        (3, "A", "roster.name_decomposed"), (3, "B", "roster.birth_unreadable"),
        (3, "D", "roster.id_number_scientific"), (3, "E", "roster.phone_unreadable"),
        (4, "A", "roster.name_spaces"), (4, "D", "roster.id_number_other_sex"),
    ]  # fmt: skip
    assert [row.has_errors for row in found] == [False, True, False]
    assert found[0].problems[0].value == "TRẦN THỊ MY"
    assert found[0].problems[2].heading == "Số CCCD"


def test_a_proposal_counts_only_where_it_was_accepted():
    (row,) = people(TEMPLATE[:4], ["TRẦN THỊ MY", "7/3/95", "Nữ", 40195860218])
    assert (row.name, row.id_number) == ("Trần Thị My", "040195860218")
    nothing = row.settled(lambda problem: False)
    assert (nothing.name, nothing.id_number, nothing.birth) == ("TRẦN THỊ MY", "", None)
    some = row.settled(lambda problem: problem.code == "roster.id_number_lost_zero")
    assert (some.name, some.id_number) == ("TRẦN THỊ MY", "040195860218")
    assert row.settled(lambda problem: True) == row


def test_the_same_id_number_twice_is_an_error_that_names_the_earlier_row():
    found = people(TEMPLATE[:4], ["Lê An", None, None, "040085012345"], ["Hồ Mai", None, None, 40085012345])
    problem = found[1].problems[-1]
    assert (problem.code, problem.severity) == ("roster.repeated_id_number", Severity.ERROR)
    assert problem.details == {"earlier_row": 2}
    assert not found[0].has_errors


def test_twins_and_namesakes_are_pointed_out_and_never_merged():
    found = people(
        TEMPLATE[:4],
        ["Nguyễn Thị Hoà", "01/08/1967", "Nữ", "040167383452"],
        ["NGUYỄN THỊ HÒA", "1/8/1967", "Nữ", "040167004573"],
        ["Nguyễn Thị Hoà", "01/09/1967", "Nữ", "040167004574"],
    )
    assert len(found) == 3
    assert [(p.code, p.severity) for p in found[1].problems if "same" in p.code] == [
        ("roster.same_name_and_birth", Severity.WARNING)
    ]
    assert [(p.code, p.severity) for p in found[2].problems] == [("roster.same_name", Severity.INFO)]


def test_a_shared_phone_is_worth_knowing_and_no_more():
    found = people(TEMPLATE[:5], ["Lê An", None, None, None, "0912345678"], ["Hồ Mai", None, None, None, 912345678])
    shared = [p for p in found[1].problems if p.code == "roster.repeated_phone"]
    assert [p.severity for p in shared] == [Severity.INFO]


def test_formulas_and_broken_cells_are_flagged():
    found = people(
        TEMPLATE[:3],
        [Cell(CellKind.TEXT, "Lê An", formula=True), Cell(CellKind.EMPTY, formula=True), Cell(CellKind.ERROR, "#REF!")],
    )
    assert remarks(found) == [
        (2, "A", "roster.formula"), (2, "B", "roster.formula_without_value"), (2, "C", "roster.cell_error"),
    ]  # fmt: skip
    assert found[0].name == "Lê An"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("HỌ VÀ TÊN", Field.NAME),
        ("Ho va ten", Field.NAME),
        ("Họ tên học viên", Field.NAME),
        ("Họ, tên", Field.NAME),
        ("Họ và chữ đệm", Field.FAMILY_MIDDLE),
        ("Họ lót", Field.FAMILY_MIDDLE),
        ("Họ", Field.FAMILY_MIDDLE),
        ("Tên", Field.GIVEN),
        ("Ngày, tháng, năm sinh", Field.BIRTH),
        ("Năm\nsinh", Field.BIRTH),
        ("NTNS", Field.BIRTH),
        ("Số CMND/CCCD", Field.ID_NUMBER),
        ("Số định danh cá nhân", Field.ID_NUMBER),
        ("Ngày cấp CCCD", Field.IGNORED),
        ("Nơi sinh", Field.IGNORED),
        ("Quê quán", Field.IGNORED),
        ("Ký nhận", Field.IGNORED),
        ("SĐT", Field.PHONE),
        ("Điện thoại liên hệ", Field.PHONE),
        ("E-mail", Field.EMAIL),
        ("Giới tính", Field.SEX),
        ("Nam/Nữ", Field.SEX),
        ("Nam", Field.MALE),
        ("NỮ", Field.FEMALE),
        ("Đối tượng (CBCC/Người dân)", Field.AUDIENCE),
        ("Chức vụ, chức danh", Field.POSITION),
        ("Nghề nghiệp", Field.POSITION),
        ("Đơn vị công tác/Địa chỉ", Field.UNIT),
        ("Cơ quan, đơn vị", Field.UNIT),
        ("Xã/Phường", Field.COMMUNE),
        ("Địa chỉ", Field.COMMUNE),
        ("Ghi chú", Field.NOTE),
        ("STT", Field.ORDINAL),
        ("TT", Field.ORDINAL),
        ("Lớp", Field.CLASS),
        ("Mã lớp", Field.CLASS),
        ("DANH SÁCH HỌC VIÊN LỚP L02", None),
        ("Nguyễn Văn Nam", None),
        ("", None),
        ("***", None),
        ("Màu áo", None),
    ],
)
def test_headings_are_known_by_many_names(heading, field):
    assert field_of_heading(heading) is field


def test_columns_can_be_corrected_by_hand_and_kept():
    table = sheet(["A", "B", "C"], ["Lê An", "0912345678", "Xã A"])
    layout = recognise(table)
    assert not layout.recognised
    corrected = layout.with_columns(table, {0: Field.NAME, 1: Field.PHONE, 2: Field.PHONE})
    assert corrected.columns == {0: Field.NAME, 1: Field.PHONE}
    kept = Layout.from_json(json.loads(json.dumps(corrected.to_json())))
    assert kept == corrected
    assert read_rows(table, kept, TODAY)[-1].phone == "+84912345678"


def test_the_first_visible_sheet_with_headings_is_chosen():
    plain, hidden = sheet(["Ghi chú"]), sheet(TEMPLATE, hidden=True)
    roster = sheet(TEMPLATE, ["Lê An"])
    assert choose_sheet([plain, hidden, roster]) == 2
    assert choose_sheet([hidden, plain]) == 1
    assert choose_sheet([hidden]) == 0


@pytest.mark.parametrize(
    ("title", "filename", "hint"),
    [
        ("DANH SÁCH HỌC VIÊN LỚP L02", "", "L02"),
        ("Danh sách lớp: 5A/2026 (kèm theo", "", "5A/2026"),
        ("Danh sách lớp bồi dưỡng kỹ năng số", "DS_lop_L07.xlsx", "L07"),
        ("", "L01.xlsx", "L01"),
        ("", "DS lớp L-3 (1).xlsx", "L-3"),
        ("", "danh sach.xlsx", ""),
        ("Lớp học tại UBND xã", "ds.csv", ""),
    ],
)
def test_the_class_is_told_from_a_title_or_the_files_name(title, filename, hint):
    assert class_hint(sheet([title], TEMPLATE), 2, filename) == hint


def test_an_empty_or_hopeless_sheet_gives_nobody():
    for table in (sheet(), sheet([]), sheet(["x"] * 5, [1, 2, 3]), sheet(TEMPLATE)):
        assert read_rows(table, recognise(table), TODAY) == []


def test_leaders_and_trainers_among_the_people_end_no_list():
    rows = [
        ["Họ và tên", "Chức vụ", "Đơn vị"],
        ["Lê Thị An", "Chuyên viên", "UBND xã Vinh Phú"],
        ["Trần Văn Bình", "Phó Giám đốc", "Trung tâm Văn hóa"],
        ["Hồ Thị Chi", "Chủ tịch UBND xã", "Đại diện UBND xã Nghi Lộc"],
        ["Vũ Đình Dũng", "Giảng viên", None],
        ["Mai Thị Giang", "Kế toán trưởng", "Lãnh đạo Sở"],
        [None, None, "Nghệ An, ngày 14 tháng 10 năm 2026"],
        ["NGƯỜI LẬP BIỂU", None, "GIÁM ĐỐC"],
        ["Ngô Thị Ký", None, "Phan Văn Dấu"],
    ]
    names = [row[0] for row in rows[1:6]]
    assert [row.name for row in people(*rows)] == names
    phoned = [[*rows[0], "Điện thoại"], *([*row, f"091234567{n}"] for n, row in enumerate(rows[1:6]))]
    assert [row.name for row in people(*phoned)] == names


def test_a_class_is_told_from_a_title_with_however_many_spaces():
    title = ["DANH SÁCH LỚP" + " " * 300 + "L07" + ", ngày tháng " * 2_000]
    table = sheet(title, ["Họ và tên", "Đơn vị"], ["Lê Thị An", "Sở Y tế"])
    assert recognise(table).class_hint == "L07"
