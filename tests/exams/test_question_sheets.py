"""The spreadsheet with questions: every kind, every doubtful cell by its row."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from classroom.core.errors import Refusal
from classroom.core.sheets import SheetLimits, read_table, write_xlsx
from classroom.exams.rules.imports.drafts import Draft, Parsed, canonical
from classroom.exams.rules.imports.files import Format, read_questions
from classroom.exams.rules.imports.sheet import parse_sheets
from classroom.exams.rules.imports.sheet_headings import EXAMPLES, KIND_WORDS
from classroom.exams.rules.imports.sheet_writing import cells_of, template, write_questions
from classroom.exams.rules.kinds import Content, Kind
from tests.exams.making import BODIES
from tests.exams.question_contents import good

HEAD = ("Loại", "Chủ đề", "Câu hỏi", "Phương án A", "Phương án B", "Phương án C", "Đáp án đúng", "Dung sai", "Tuỳ chọn")
LIMITS = SheetLimits()


def book(*rows: tuple[object, ...], head: tuple[str, ...] = HEAD, title: str = "Câu hỏi") -> bytes:
    made = Workbook()
    made.active.title = title
    for row in (head, *rows):
        made.active.append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def parse(data: bytes, name: str = "a.xlsx") -> Parsed:
    return parse_sheets(read_table(data, name, LIMITS))


def row(
    kind: str, options: tuple[object, ...] = (), answer: object = "", tolerance: object = "", more: str = ""
) -> tuple[object, ...]:
    return (kind, "Tin học", "Hỏi gì?", *options, *[None] * (3 - len(options)), answer, tolerance, more)


@pytest.mark.parametrize(
    ("cells", "kind", "body"),
    [
        (row("Một đáp án", ("x", "y"), "b"), Kind.SINGLE, [("x", False), ("y", True)]),
        (row("single", ("x", "y", "z"), "A."), Kind.SINGLE, [("x", True), ("y", False), ("z", False)]),
        (row("Nhiều đáp án", ("x", "y", "z"), "A, c"), Kind.MULTIPLE, [("x", True), ("y", False), ("z", True)]),
        (row("multiple", (1, 2.5, "z"), "A;B"), Kind.MULTIPLE, [("1", True), ("2.5", True), ("z", False)]),
    ],
)
def test_choices_are_named_by_letters(cells: tuple[object, ...], kind: Kind, body: list[tuple[str, bool]]) -> None:
    (draft,) = parse(book(cells)).drafts
    assert (draft.line, draft.topic, draft.content.kind) == (2, "Tin học", kind)
    assert [(option["text"], option["right"]) for option in draft.content.body["options"]] == body


@pytest.mark.parametrize(
    ("cells", "body"),
    [
        (row("Đúng/Sai", (), "Đúng"), {"right": True}),
        (row("true_false", (), "s"), {"right": False}),
        (row("TF", (), answer=False), {"right": False}),
        (row("Số", (), 3.14, 0.01), {"answers": [{"value": "3.14", "tolerance": "0.01", "percent": "100"}]}),
        (row("Số", (), "3,14; 3 50%", "0,01"), {"answers": [
            {"value": "3.14", "tolerance": "0.01", "percent": "100"},
            {"value": "3", "tolerance": "0.01", "percent": "50"}]}),
        (row("Số", (), "1..2,5"), {"answers": [{"low": "1", "high": "2.5", "percent": "100"}]}),
        (row("Trả lời ngắn", (), "Hà Nội\nThăng Long"), {"answers": [
            {"text": "Hà Nội", "percent": "100"}, {"text": "Thăng Long", "percent": "100"}],
            "diacritics": True, "case": False}),
        (row("short answer", ("a;b", "c"), "B 50%", more="không dấu; phân biệt hoa thường"), {"answers": [
            {"text": "a;b", "percent": "100"}, {"text": "c", "percent": "50"}], "diacritics": False, "case": True}),
        (row("Ghép đôi", ("a -> 1", "b→2", "-> 3")), {"pairs": [
            {"id": "a", "left": "a", "right": "1"}, {"id": "b", "left": "b", "right": "2"}],
            "extra": [{"id": "c", "text": "3"}]}),
    ],
)  # fmt: skip
def test_every_other_kind_has_its_way(cells: tuple[object, ...], body: dict[str, Any]) -> None:
    (draft,) = parse(book(cells)).drafts
    assert draft.content.body == body


def test_an_order_is_that_of_the_columns_or_of_the_letters() -> None:
    by_columns, by_letters = parse(
        book(row("Sắp xếp", ("x", "y", "z")), row("Sắp xếp", ("y", "z", "x"), "C A B"))
    ).drafts
    for draft in (by_columns, by_letters):
        assert [item["text"] for item in draft.content.body["items"]] == ["x", "y", "z"]
    assert by_columns.content == by_letters.content


def test_the_ids_of_an_order_do_not_tell_it() -> None:
    rows = [row("Sắp xếp", tuple(f"{word} {n}" for word in "xyz")) for n in range(20)]
    orders = {tuple(item["id"] for item in draft.content.body["items"]) for draft in parse(book(*rows)).drafts}
    assert len(orders) > 3


def test_weights_feedback_and_order_of_options_are_kept() -> None:
    head = (*HEAD, "Giải thích A", "Giải thích", "Tiêu đề")
    cells = (*row("Nhiều đáp án", ("x", "y", "z"), "A 60%; B=40%; C -33,3%", more="giữ thứ tự"), "vì x", "chung", "Tên")
    (draft,) = parse(book(cells, head=head)).drafts
    assert draft.content.body == {
        "options": [
            {"id": "a", "text": "x", "right": True, "weight": "60", "feedback": "vì x"},
            {"id": "b", "text": "y", "right": True, "weight": "40"},
            {"id": "c", "text": "z", "right": False, "weight": "-33.3"},
        ],
        "fixed_order": True,
    }
    assert (draft.content.title, draft.content.feedback) == ("Tên", "chung")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (row("", ("x", "y"), "A"), "sheet_questions.no_kind"),
        (row("Tự luận"), "sheet_questions.unknown_kind"),
        (row("single", ("x", "y")), "sheet_questions.no_answer"),
        (row("single", ("x", "y"), "C"), "sheet_questions.no_such_option"),
        (row("single", ("x", "y"), "Hà Nội"), "sheet_questions.answer_unclear"),
        (row("multiple", ("x", "y"), "AB"), "sheet_questions.answer_unclear"),
        (row("multiple", ("x", "y"), "A, A"), "sheet_questions.letter_twice"),
        (row("multiple", ("x", "y"), "A 50%, B"), "sheet_questions.weight_missing"),
        (row("single", ("x", None, "z"), "A"), "sheet_questions.option_gap"),
        (row("single", ("x", "y"), "A, B"), "question.several_right"),
        (row("single", ("x",), "A"), "question.too_few_options"),
        (row("single", ("x", "x"), "A"), "question.equal_options"),
        (row("TF", (), "có lẽ"), "sheet_questions.not_true_false"),
        (row("TF", ("x",), "Đúng"), "sheet_questions.no_options_here"),
        (row("Số", (), "ba"), "sheet_questions.bad_number"),
        (row("Số", (), ""), "sheet_questions.no_answer"),
        (row("Số", (), "1;2;3", "1;2"), "sheet_questions.tolerances"),
        (row("Số", (), "1", "-1"), "question.bad_range"),
        (row("single", ("x", "y"), "A", "1"), "sheet_questions.no_tolerance_here"),
        (row("Trả lời ngắn", (), "a; b"), "sheet_questions.answers_in_lines"),
        (row("Trả lời ngắn"), "sheet_questions.no_answer"),
        (row("Ghép đôi", ("a", "b")), "sheet_questions.no_arrow"),
        (row("Ghép đôi", ("a -> 1", "b -> 2"), "A"), "sheet_questions.no_answer_here"),
        (row("Sắp xếp", ("x", "y", "z"), "A B"), "sheet_questions.order_incomplete"),
        (row("single", ("x", "y"), "A", more="không dấu"), "sheet_questions.unknown_setting"),
        (row("single", ("=1/0", "y"), "A"), "sheet_questions.cell_error"),
    ],
)
def test_a_doubtful_row_is_named(cells: tuple[object, ...], code: str) -> None:
    parsed = parse(book(cells, row("TF", (), "Sai")))
    assert [(problem.line, problem.code) for problem in parsed.bad][:1] == [(2, code)]
    assert [draft.line for draft in parsed.drafts] == [3]
    assert "Hỏi gì?" in parsed.bad[0].text


def test_a_fraction_that_the_program_turned_into_a_date_is_not_taken() -> None:
    from datetime import date

    parsed = parse(book(row("single", (date(2026, 4, 3), "y"), "A")))
    assert [(problem.code, problem.details) for problem in parsed.bad] == [
        ("sheet_questions.cell_is_date", {"column": "D", "value": "03/04/2026"})
    ]


def test_an_old_font_is_converted_and_this_is_said() -> None:
    made = Workbook()
    made.active.append(HEAD)
    made.active.append(row("TF", (), "Sai"))
    made.active["C2"] = "Hµ Néi lµ thñ ®«"
    made.active["C2"].font = Font(name=".VnTime")
    target = io.BytesIO()
    made.save(target)
    parsed = parse(target.getvalue())
    assert [draft.content.text for draft in parsed.drafts] == ["Hà Nội là thủ đô"]
    assert [problem.code for problem in parsed.notices] == ["sheet_questions.old_font"]


def test_headings_are_found_in_either_language_in_any_order_below_a_title() -> None:
    made = Workbook()
    for cells in (["ĐỀ KIỂM TRA"], [], ["Question", "Nhận xét riêng", "KIND", "Đáp án"], ["Hỏi?", "kín", "tf", "Sai"]):
        made.active.append(cells)
    target = io.BytesIO()
    made.save(target)
    parsed = parse(target.getvalue())
    assert [(draft.line, draft.content.text) for draft in parsed.drafts] == [(4, "Hỏi?")]
    assert [(one.code, one.details) for one in parsed.notices] == [("sheet_questions.unknown_column", {"column": "B"})]


def test_a_sheet_without_headings_is_refused() -> None:
    with pytest.raises(Refusal, match="no_headings"):
        parse(book(head=("Họ và tên", "Ngày sinh")))


def test_the_template_is_empty_and_its_examples_are_good_questions_of_every_kind() -> None:
    data = write_xlsx(template())
    assert parse(data) == Parsed([], [])
    made = load_workbook(io.BytesIO(data))
    made.remove(made["Câu hỏi"])
    made[EXAMPLES].title = "Câu hỏi"
    target = io.BytesIO()
    made.save(target)
    parsed = parse(target.getvalue())
    assert parsed.problems == []
    assert {draft.content.kind for draft in parsed.drafts} == {*Kind}
    guide = [cell.value for cell in made["Hướng dẫn"]["A"]]
    assert {words[0] for words in KIND_WORDS.values()} <= {*guide}


def test_the_template_comes_in_as_csv_too() -> None:
    examples = template()[1]
    target = io.StringIO()
    csv.writer(target, delimiter=";").writerows([[column.heading for column in examples.columns], *examples.rows])
    data = target.getvalue().encode("utf-8-sig")
    parsed = read_questions(data, "cau-hoi.csv", Format.SHEET, LIMITS).parsed
    assert (len(parsed.drafts), parsed.problems) == (len(examples.rows), [])


def test_a_cell_that_begins_like_a_formula_stays_text() -> None:
    content = Content(
        Kind.SHORT_ANSWER, "=1+1", {"answers": [{"text": "=2", "percent": "100"}], "diacritics": True, "case": False}
    )
    table = write_questions([Draft(1, content)]).table
    assert [draft.content for draft in parse(write_xlsx([table])).drafts] == [content]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(good(), st.sampled_from(["", "Tin học", "-> 50%"])), min_size=1, max_size=4))
def test_what_is_written_is_read_back_as_it_was(questions: list[tuple[Content, str]]) -> None:
    drafts = [Draft(1, content, topic) for content, topic in questions]
    written = write_questions(drafts)
    left_out = {content.digest for content in written.left_out}
    kept = [(draft.content.digest, draft.topic) for draft in drafts if draft.content.digest not in left_out]
    parsed = parse(write_xlsx([written.table]))
    assert [(canonical(draft.content).digest, draft.topic) for draft in parsed.drafts] == kept
    assert parsed.problems == []


@settings(max_examples=100, deadline=None)
@given(good())
def test_nearly_everything_can_be_written(content: Content) -> None:
    """Only an arrow on the left of a pair has no way into a cell."""
    assert cells_of(Draft(1, content)) is not None or content.kind is Kind.MATCHING


def test_settings_have_their_words_in_the_table() -> None:
    contents = [
        Content(Kind.SINGLE, "x", {**BODIES[Kind.SINGLE], "fixed_order": True}),
        Content(Kind.SHORT_ANSWER, "x", {**BODIES[Kind.SHORT_ANSWER], "diacritics": False, "case": True}),
    ]
    written = write_questions([Draft(1, content) for content in contents])
    assert written.left_out == []
    parsed = parse(write_xlsx([written.table]))
    assert [canonical(draft.content) for draft in parsed.drafts] == [canonical(content) for content in contents]
