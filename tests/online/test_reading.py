"""What platforms export, read: recognised by content, values never guessed."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from xlsxwriter.workbook import Workbook

from classroom.core.errors import Refusal
from classroom.core.sheets import Cell, CellKind, SheetLimits, read_table
from classroom.learners.rules import Parsed
from classroom.online.rules.headings import Meaning, meaning_of
from classroom.online.rules.mapping import Mapping, date_order, guess, recalled
from classroom.online.rules.reading import Terms, read_rows
from classroom.online.rules.results import Effect, Known, ReadRow, Result, judge
from classroom.online.rules.tables import Platform, Table, join, open_table, tell_apart
from classroom.online.rules.values import guess_maximum, guess_order, parse_moment, parse_number, parse_verdict

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MOODLE = """Tên;Họ;Mã số;Tổ chức;Khoa/Phòng;Địa chỉ email;Ngày sinh;Bài kiểm tra: Cuối khóa (Real);Tổng khóa học (Real)\
;Tải về lần cuối từ khóa học này
Bích;Nguyễn Ngọc;040178694731;;HTX Yên;a@example.vn;13/10/1978;6,60;6,60;1797000000
Hoàng;Lê;038072238131;;UBND xã Mẫu;b@example.vn;20/07/1972;-;-;1797000000
"""
PROGRESS = """,Email address,Bài 1,,Bài 2,
Lê Thị Ánh,a@example.vn,Completed,"Monday, 2 March 2026, 10:00 AM",Completed (achieved pass grade),\
"Tuesday, 3 March 2026, 1:05 PM"
Hồ Đức,b@example.vn,Completed,"Monday, 2 March 2026, 10:00 AM",Not completed,
"""


def table(text: str | bytes, name: str = "a.csv") -> Table:
    return open_table(read_table(text.encode() if isinstance(text, str) else text, name))


def read(held: Table, *accepted: str) -> list[ReadRow]:
    mapping = guess(held)
    terms = Terms(mapping, date_order(held, mapping) or "dmy", ZONE, date(2026, 11, 26), frozenset(accepted))
    return read_rows(held, terms)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_moodle_is_read_in_every_encoding_it_writes(encoding: str, separator: str) -> None:
    text = MOODLE.replace(";", separator)
    if encoding == "utf-16-le":
        text = text.replace("Tên", "First name", 1).replace("Họ", "Surname", 1)
    held = table(text.encode(encoding))
    first, second = read(held)
    assert held.platform is Platform.MOODLE
    assert (first.name, first.account, first.id_number) == ("Nguyễn Ngọc Bích", "a@example.vn", "040178694731")
    assert (first.unit, first.result.score) == ("HTX Yên", Decimal(66))
    assert second.result.score is None


def test_a_row_that_ends_before_columns_of_any_meaning_is_read() -> None:
    held = table("Account,Name,Bài 1,,Bài 2,,Bài 3,\nthu1,Nguyễn Văn Một,Completed,1/10/2026,,,Completed,2/10/2026\n")
    mapping = Mapping({0: Meaning.ACCOUNT, 1: Meaning.NAME, 6: Meaning.ACTIVITY, 2: Meaning.ACTIVITY})
    short = replace(held, rows=[(2, list(held.rows[0][1])[:2])])
    [row] = read_rows(short, Terms(mapping, "dmy", ZONE, date(2026, 11, 26)))
    assert (row.account, row.name, row.result.completed_at) == ("thu1", "Nguyễn Văn Một", None)


def test_a_cell_like_one_before_is_remarked_in_its_own_row_and_column() -> None:
    text = "Tài khoản,Ngày sinh,Đơn vị,Tiến độ (%),Điểm (thang 10),Kết quả\n" + "".join(
        f"thu{n},31/02/1980,{'x' * 210},50,50,có lẽ\n" for n in range(3)
    )
    rows = read(table(text))
    assert {row.number: sorted((one.code, one.row, one.column) for one in row.problems) for row in rows} == {
        number: [
            ("online.above_maximum", number, "E"),
            ("online.verdict_unreadable", number, "F"),
            ("roster.birth_unreadable", number, "B"),
            ("roster.text_too_long", number, "C"),
        ]
        for number in (2, 3, 4)
    }
    assert {(row.result.progress, row.result.score) for row in rows} == {(Decimal(50), None)}


def test_a_completion_report_gives_progress_and_the_last_day() -> None:
    first, second = read(table(PROGRESS))
    assert first.result.completed_at == datetime(2026, 3, 3, 6, 5, tzinfo=UTC)
    assert (second.result.completed_at, second.result.progress) == (None, Decimal(50))


def test_headings_below_a_letterhead_are_found() -> None:
    text = "SỞ KHOA HỌC,,\nDanh sách kết quả,,\n,,\nTài khoản,Họ tên,Điểm\nthu1,Lê Thị Ánh,7\n,,\nNgười lập,,\n"
    held = table(text)
    assert held.heading_row == 4
    assert [row.account for row in read(held)] == ["thu1"]


def test_two_columns_of_one_heading_are_told_apart_by_what_they_hold() -> None:
    [row] = read(table("Tài khoản,Điểm,Điểm\nthu1,,7\n"))
    assert row.result.score == Decimal(70)


def test_a_source_is_recalled_only_where_all_its_columns_are() -> None:
    held = table("Tài khoản,Điểm\nthu1,7\n")
    kept = guess(held).remembered(held)
    assert recalled(held, kept) == guess(held)
    assert recalled(table("Tài khoản,Kết quả\nthu1,Đạt\n"), kept) is None


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Tên đăng nhập", Meaning.ACCOUNT), ("Username", Meaning.ACCOUNT), ("Ngày cấp tài khoản", Meaning.ISSUED),
        ("NGÀY HOÀN THÀNH", Meaning.COMPLETED), ("Tiến độ (%)", Meaning.PROGRESS),
        ("Course total (Real)", Meaning.SCORE),
        ("Certificate Eligible", Meaning.SAID), ("Last downloaded from this course", Meaning.TAKEN),
        ("Enrollment Status", Meaning.IGNORED), ("Thu hồi", Meaning.RETRACTED), ("Surname", Meaning.FAMILY_MIDDLE),
        ("date_of_birth", Meaning.BIRTH), ("Số CCCD", Meaning.ID_NUMBER), ("Màu", None),
    ],
)  # fmt: skip
def test_headings_in_both_languages(heading: str, meaning: Meaning | None) -> None:
    assert meaning_of(heading) is meaning


@pytest.mark.parametrize(
    ("text", "value"),
    [("6,60", "6.60"), ("6.5", "6.5"), ("85 %", "85"), ("-", None), ("Not Attempted", None), ("0.60", "0.60")],
)
def test_scores_as_platforms_write_them(text: str, value: str | None) -> None:
    parsed = parse_number(Cell(CellKind.TEXT, text))
    assert (parsed.value, parsed.findings) == (Decimal(value) if value else None, ())


@pytest.mark.parametrize("text", ["bảy", "-5", "1e9", "8/10", "#REF!", "7,5,5"])
def test_what_is_no_score_is_an_error_and_not_nothing(text: str) -> None:
    assert parse_number(Cell(CellKind.TEXT, text)).findings[0].code == "score_unreadable"


@pytest.mark.parametrize(
    ("values", "heading", "maximum"),
    [(("0.6", "1"), "Grade", 1), (("6.6", "10"), "Điểm", 10), (("66", "9"), "Điểm", 100), (("5",), "Điểm (%)", 100),
     (("0",), "Điểm (thang 100)", 100), ((), "Điểm", 10)],
)  # fmt: skip
def test_the_maximum_is_guessed(values: tuple[str, ...], heading: str, maximum: int) -> None:
    assert guess_maximum(map(Decimal, values), heading) == maximum


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        (Cell(CellKind.TEXT, "23/10/2026 23:59:59"), "2026-10-23T16:59:59"),
        (Cell(CellKind.TEXT, "24/10/2026"), "2026-10-23T17:00:00"),
        (Cell(CellKind.TEXT, "2026-10-23T23:59:59+07:00"), "2026-10-23T16:59:59"),
        (Cell(CellKind.TEXT, "2026-10-23 16:59:59 UTC"), "2026-10-23T16:59:59"),
        (Cell(CellKind.TEXT, "1797000000"), "2026-12-11T14:40:00"),
        (Cell(CellKind.NUMBER, 46318.5), "2026-10-23T05:00:00"),
        (Cell(CellKind.DATE, date(2026, 10, 23), seconds=86_399), "2026-10-23T16:59:59"),
        (Cell(CellKind.TEXT, "Thứ sáu, 23 Tháng 10 2026, 11:59 PM"), "2026-10-23T16:59:00"),
        (Cell(CellKind.TEXT, "31/02/2026"), None),
        (Cell(CellKind.TEXT, "hôm qua"), None),
        (Cell(CellKind.TEXT, "9999-12-31T23:59:59-10:00"), None),
        (Cell(CellKind.TEXT, "31/12/9999 23:59:59"), None),
        (Cell(CellKind.TEXT, "31/12/1999"), None),
        (Cell(CellKind.TEXT, "02/01/0001"), None),
        (Cell(CellKind.TEXT, "9" * 400), None),
    ],
)  # fmt: skip
def test_instants_as_platforms_write_them(cell: Cell, moment: str | None) -> None:
    parsed = parse_moment(cell, ZONE, "dmy")
    assert parsed.value == (datetime.fromisoformat(moment).replace(tzinfo=UTC) if moment else None)
    assert bool(parsed.findings) is (moment is None)


@pytest.mark.parametrize(
    "cell",
    [
        Cell(CellKind.TEXT, "0001-01-01T00:00:00"), Cell(CellKind.TEXT, "0001-01-01 00:00:00Z"),
        Cell(CellKind.TEXT, "01/01/0001 00:00:00"), Cell(CellKind.TEXT, "1/1/0001 12:00:00 AM"),
        Cell(CellKind.DATE, date(1, 1, 1)),
    ],
)  # fmt: skip
def test_the_first_day_of_the_year_one_is_how_programs_write_nothing(cell: Cell) -> None:
    assert parse_moment(cell, ZONE, "dmy") == Parsed(None)


def test_a_day_more_than_ten_years_ahead_cannot_be_meant() -> None:
    cell = Cell(CellKind.TEXT, "01/01/2037")
    assert parse_moment(cell, ZONE, "dmy", date(2026, 11, 26)).findings[0].code == "moment_unreadable"
    assert parse_moment(cell, ZONE, "dmy", date(2027, 11, 26)).value is not None


def test_the_order_of_day_and_month_is_never_guessed() -> None:
    assert guess_order(["13/02/2026", "01/02/2026"]) == "dmy"
    assert guess_order(["02/13/2026", "01/02/2026"]) == "mdy"
    assert guess_order(["01/02/2026"]) is None
    assert guess_order(["13/02/2026", "02/13/2026"]) is None
    assert guess_order(["2026-02-13", "05/05/2026"]) == "dmy"


@pytest.mark.parametrize(
    ("text", "said"),
    [("Đạt", "passed"), ("KHÔNG ĐẠT", "failed"), ("Chưa hoàn thành", "failed"), ("Y", "passed"), ("N", "failed"),
     ("Đã thu hồi", "retracted"), ("retracted", "retracted"), ("-", "")],
)  # fmt: skip
def test_verdicts(text: str, said: str) -> None:
    assert parse_verdict(Cell(CellKind.TEXT, text)).value == said


def test_a_verdict_that_disagrees_is_listed_row_by_row() -> None:
    lines = [f"thu{n},{n % 10},{'Đạt' if n % 10 >= 5 else 'Không đạt'}" for n in range(40)]
    rows = read(table("Tài khoản,Điểm (thang 10),Kết quả\n" + "\n".join([*lines, "thu98,9,Không đạt", "thu99,2,Đạt"])))
    told = [(problem.row, problem.code) for row in rows for problem in row.problems]
    assert told == [(42, "online.said_failed"), (43, "online.said_passed")]


def test_names_are_composed_and_old_fonts_are_converted_only_when_told() -> None:
    held = table("Tài khoản,Họ và tên,Điểm\nthu1,Nguye\u0302\u0303n  Va\u0306n An,7\nthu2,NguyÔn ThÞ ¸nh,8\n")
    assert [row.name for row in read(held)] == ["Nguyễn Văn An", "NguyÔn ThÞ ¸nh"]
    assert read(held, "roster.name_old_encoding")[1].name == "Nguyễn Thị Ánh"


def test_a_cell_of_20_000_letters_is_named_and_cut() -> None:
    [row] = read(table(f"Tài khoản,Họ và tên,Đơn vị,Điểm\nthu1,{'A' * 20_000},{'B' * 20_000},7\n"))
    assert (row.name, len(row.unit)) == ("", 200)
    assert {problem.code for problem in row.problems} == {"roster.name_too_long", "roster.text_too_long"}


def test_a_formula_without_a_result_is_an_error_in_a_score() -> None:
    target = io.BytesIO()
    with Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Tài khoản", "Điểm"])
        sheet.write_string(1, 0, "thu1")
        sheet.write_formula(1, 1, "='[sổ khác.xlsx]S'!A1", None, "")
    [row] = read(table(target.getvalue(), "a.xlsx"))
    assert [problem.code for problem in row.problems] == ["online.formula_without_value"]
    assert row.left_out


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (["Tài khoản,Họ tên\na,b\n"], "online.only_profiles"),
        (["Tài khoản,Điểm\na,1\n", "Tài khoản,Điểm\nb,2\n"], "online.two_results"),
        (["id,username,name\n1,a,b\n", "Username,Tên\na,b\n"], "online.only_profiles"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(files: list[str], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        tell_apart([table(text) for text in files])
    assert refused.value.code == code


def test_profiles_are_joined_by_id_where_there_is_no_account_name() -> None:
    joined = join(
        table("Student ID,Grade\n7,0.9\n8,0.1\n"), table("id,name,email\n7,Lê Thị Ánh,a@example.vn\n9,X,x@y.vn\n")
    )
    assert [row.name for row in read(joined)] == ["Lê Thị Ánh", ""]
    assert joined.unjoined == 1


def test_sixty_thousand_rows_are_a_limit_that_is_named() -> None:
    with pytest.raises(Refusal, match=r"sheet\.too_many_rows"):
        read_table(b"a,b\n" * 101, "a.csv", SheetLimits(max_rows=100))


T1, T2 = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
DAY3, DAY5 = datetime(2026, 10, 16, tzinfo=UTC), datetime(2026, 10, 18, tzinfo=UTC)


def known(result: Result, taken_at: datetime = T1) -> Known:
    person = {"name": "A B", "born_on": None, "birth_year": 1980, "id_number": "", "phone": "", "email": "", "unit": ""}
    return Known(1, "a", person, None, result, taken_at, 7)


def row(result: Result) -> ReadRow:
    return ReadRow(2, "a", "A B", birth_year=1980, result=result)


def test_a_better_result_of_an_older_file_counts_where_the_best_is_kept() -> None:
    new, old = Result(DAY3, None, Decimal(90)), Result(DAY3, None, Decimal(50))
    best = judge(row(new), known(old, T2), taken_at=T1, keeps="best")
    assert (best.effect, best.result.score, best.taken_at) == (Effect.BETTER, Decimal(90), T2)
    assert judge(row(new), known(old, T2), taken_at=T1, keeps="latest").effect is Effect.OLDER


def test_a_better_score_does_not_move_a_completion_to_a_later_day() -> None:
    verdict = judge(
        row(Result(DAY5, None, Decimal(90))), known(Result(DAY3, None, Decimal(50))), taken_at=T2, keeps="best"
    )
    assert (verdict.result.completed_at, verdict.result.score) == (DAY3, Decimal(90))


def test_what_a_newer_file_does_not_say_stays() -> None:
    held = known(Result(DAY3, None, Decimal(50)))
    verdict = judge(ReadRow(2, "a", result=held.result), held, taken_at=T2, keeps="best")
    assert (verdict.effect, verdict.particulars["name"], verdict.taken_at) == (Effect.SAME, "A B", T2)


DONE6, DONE8 = Result(DAY3, None, Decimal(60), "passed"), Result(DAY5, None, Decimal(80), "")


@pytest.mark.parametrize("keeps", ["best", "latest"])
@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (DONE6, DONE8), (DONE8, DONE6), (DONE6, replace(DONE6, completed_at=DAY5)), (DONE6, replace(DONE6, said="")),
        (replace(DONE6, said="failed"), replace(DONE6, completed_at=DAY5)), (DONE8, Result(progress=Decimal(40))),
        (replace(DONE8, said="failed"), replace(DONE8, completed_at=DAY3)),
    ],
)  # fmt: skip
def test_the_order_of_two_files_does_not_matter(older: Result, newer: Result, keeps: str) -> None:
    forth = judge(row(newer), known(older, T1), taken_at=T2, keeps=keeps)
    back = judge(row(older), known(newer, T2), taken_at=T1, keeps=keeps)
    assert forth.result == back.result
    if keeps == "best" and newer.completed_at:
        assert forth.result.completed_at == min(filter(None, (older.completed_at, newer.completed_at)))


def test_a_worse_result_of_a_newer_file_brings_its_earlier_completion_and_no_more() -> None:
    verdict = judge(row(DONE6), known(DONE8), taken_at=T1, keeps="best")
    assert verdict.result == replace(DONE8, completed_at=DAY3)
    assert (verdict.effect, verdict.own_row, verdict.writes) == (Effect.WORSE, False, True)
    verdict = judge(row(DONE6), known(DONE8, T2), taken_at=T1, keeps="best")
    assert (verdict.effect, verdict.own_row, verdict.taken_at) == (Effect.OTHER, False, T2)


def test_an_older_file_fills_what_nothing_newer_says_and_changes_nothing_else() -> None:
    held = known(Result(DAY3, None, Decimal(50)), T2)
    older = ReadRow(
        2, "a", "Tên Cũ", date(1980, 2, 13), 1980, "040080000001", unit="Vinh", issued_on=date(2026, 10, 1),
        result=held.result,
    )  # fmt: skip
    verdict = judge(older, held, taken_at=T1, keeps="latest")
    assert (verdict.effect, verdict.writes, verdict.own_row, verdict.taken_at) == (Effect.OTHER, True, False, T2)
    assert verdict.issued_on == date(2026, 10, 1)
    assert verdict.particulars == {
        **held.particulars, "born_on": date(1980, 2, 13), "id_number": "040080000001", "unit": "Vinh"
    }  # fmt: skip
    of_another_year = judge(replace(older, born_on=date(1981, 1, 1), birth_year=1981), held, taken_at=T1, keeps="best")
    assert of_another_year.particulars["born_on"] is None
