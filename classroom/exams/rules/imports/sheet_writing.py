"""Questions written into the spreadsheet, each only if it would be read back as it is; and the empty template."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classroom.core.sheets import Cell, CellKind, Sheet
from classroom.core.tables import Column, Table
from classroom.exams.rules.imports.drafts import Draft, canonical
from classroom.exams.rules.imports.sheet import parse_sheets
from classroom.exams.rules.imports.sheet_headings import (
    EXAMPLES,
    GUIDE,
    HEADINGS,
    KIND_WORDS,
    LETTERS,
    USUAL_LETTERS,
    feedback_column,
    heading,
    option_column,
)
from classroom.exams.rules.imports.sheet_rows import ARROW, SETTING_WORDS
from classroom.exams.rules.kinds import Content, Kind

Body = Mapping[str, Any]
Cells = dict[str, str]
SHEET = "Câu hỏi"
_WIDTHS = {
    "kind": 16,
    "topic": 20,
    "text": 50,
    "answer": 20,
    "tolerance": 12,
    "feedback": 30,
    "title": 20,
    "settings": 20,
}
_BEFORE, _AFTER = ("kind", "topic", "text"), ("answer", "tolerance", "feedback", "title", "settings")


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """The table, and what it could not take in."""

    table: Table
    left_out: Sequence[Content]


def write_questions(drafts: Iterable[Draft]) -> WrittenSheet:
    """One row a question."""
    rows: list[Cells] = []
    left_out: list[Content] = []
    for draft in drafts:
        cells = cells_of(draft)
        if cells is None:
            left_out.append(draft.content)
        else:
            rows.append(cells)
    return WrittenSheet(_table(SHEET, rows), left_out)


def cells_of(draft: Draft) -> Cells | None:
    """The filled cells of one question by their columns, or None when it would be read back as another one."""
    content = draft.content
    cells = {
        "kind": KIND_WORDS[content.kind][0],
        "topic": draft.topic,
        "text": content.text,
        "feedback": content.feedback,
        "title": content.title,
        **_CELLS[content.kind](content.body),
    }
    cells = {column: text for column, text in cells.items() if text}
    if any(column.endswith("-") for column in cells):
        return None
    rows = [[heading(column) for column in cells], [*cells.values()]]
    read = parse_sheets([Sheet(SHEET, [[Cell(CellKind.TEXT, text) for text in row] for row in rows])])
    wanted = [(canonical(content).digest, draft.topic)]
    return cells if [(canonical(one.content).digest, one.topic) for one in read.drafts] == wanted else None


def template() -> list[Table]:
    """The empty sheet, one with an example of every kind, and how to fill it in; official papers are Vietnamese."""
    guide = [[HEADINGS[column], words] for column, words in _GUIDE_COLUMNS.items()]
    guide += [[KIND_WORDS[kind][0], words] for kind, words in _GUIDE_KINDS.items()]
    return [
        _table(SHEET, []),
        _table(EXAMPLES, _EXAMPLES),
        Table(GUIDE, [Column("Cột hoặc loại câu hỏi", width=28), Column("Cách điền", width=100)], guide),
    ]


def _table(title: str, rows: Sequence[Cells]) -> Table:
    used = {column for row in rows for column in row}
    options = [letter for letter in LETTERS if letter in USUAL_LETTERS or option_column(letter) in used]
    feedbacks = [feedback_column(letter) for letter in LETTERS if feedback_column(letter) in used]
    names = [*_BEFORE, *map(option_column, options), *_AFTER, *feedbacks]
    columns = [Column(heading(name), "id", _WIDTHS.get(name, 22)) for name in names]
    return Table(title, columns, [[row.get(name, "") for name in names] for row in rows])


def _lettered(texts: Iterable[str], column: Callable[[str], str] = option_column) -> Cells:
    """Texts in the columns A, B, C …; beyond the last letter there is no column, and the question does not fit."""
    letters = [*LETTERS, *[""] * 100]
    return {column(letter): text for letter, text in zip(letters, texts, strict=False)}


def _choice(body: Body) -> Cells:
    options = body["options"]
    named = zip(LETTERS, options, strict=False)
    if any(option.get("weight") for option in options):
        answer = "; ".join(f"{letter} {option.get('weight')}%" for letter, option in named)
    else:
        answer = ", ".join(letter for letter, option in named if option["right"])
    settings = SETTING_WORDS["fixed_order"] if body.get("fixed_order") else ""
    feedback = _lettered((option.get("feedback", "") for option in options), feedback_column)
    return {**_lettered(option["text"] for option in options), **feedback, "answer": answer, "settings": settings}


def _true_false(body: Body) -> Cells:
    return {"answer": "Đúng" if body["right"] else "Sai"}


def _numerical(body: Body) -> Cells:
    answers = body["answers"]
    texts = [f"{one['low']}..{one['high']}" if "low" in one else str(one["value"]) for one in answers]
    percents = ["" if one["percent"] == "100" else f" {one['percent']}%" for one in answers]
    answer = "; ".join(text + percent for text, percent in zip(texts, percents, strict=True))
    return {"answer": answer, "tolerance": "; ".join(str(one.get("tolerance", "0")) for one in answers)}


def _short_answer(body: Body) -> Cells:
    answers = body["answers"]
    flags = [SETTING_WORDS["case"]] * bool(body.get("case"))
    flags += [SETTING_WORDS["no_diacritics"]] * (not body.get("diacritics", True))
    percents = "; ".join(f"{letter} {one['percent']}%" for letter, one in zip(LETTERS, answers, strict=False))
    return {**_lettered(one["text"] for one in answers), "answer": percents, "settings": ", ".join(flags)}


def _matching(body: Body) -> Cells:
    pairs = [f"{pair['left']}{ARROW}{pair['right']}" for pair in body["pairs"]]
    return _lettered([*pairs, *(f"{ARROW.lstrip()}{each['text']}" for each in body.get("extra", ()))])


def _ordering(body: Body) -> Cells:
    return _lettered(item["text"] for item in body["items"])


_CELLS: dict[Kind, Callable[[Body], Cells]] = {
    Kind.SINGLE: _choice,
    Kind.MULTIPLE: _choice,
    Kind.TRUE_FALSE: _true_false,
    Kind.NUMERICAL: _numerical,
    Kind.SHORT_ANSWER: _short_answer,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
}
_GUIDE_COLUMNS = {
    "kind": "Bắt buộc. Ghi một trong các loại ở phần dưới.",
    "topic": "Tên chủ đề trong ngân hàng câu hỏi; chưa có thì được tạo mới. Có thể để trống.",
    "text": "Bắt buộc. Viết **đậm**, *nghiêng*, `mã lệnh` theo cách này; xuống dòng trong ô bằng Alt + Enter.",
    "answer": "Đáp án đúng, cách ghi tuỳ theo loại câu hỏi.",
    "tolerance": "Chỉ dùng cho loại “Số”: sai lệch được chấp nhận. Để trống là phải đúng hẳn.",
    "feedback": "Lời giải thích cho học viên xem sau khi công bố đáp án.",
    "title": "Tên gọi ngắn để tìm trong ngân hàng câu hỏi; học viên không thấy.",
    "settings": "Không bắt buộc: “giữ thứ tự” (không đảo phương án), “không dấu” (chấp nhận câu trả lời thiếu dấu), "
    "“phân biệt hoa thường”.",
}
_GUIDE_KINDS = {
    Kind.SINGLE: "Các phương án ở cột A, B, C …; đáp án là một chữ cái, ví dụ: B. Cho điểm từng phần: B 100%; C 50%",
    Kind.MULTIPLE: "Đáp án là nhiều chữ cái, ví dụ: A, C. Muốn tự đặt điểm từng phương án: A 50%; C 50%; D -50%",
    Kind.TRUE_FALSE: "Đáp án là Đúng hoặc Sai; không điền phương án.",
    Kind.NUMERICAL: "Đáp án là một số (3,14), một khoảng (3..4) hoặc nhiều số cách nhau bằng dấu chấm phẩy, "
    "có thể kèm phần điểm: 3,14; 3,1 50%",
    Kind.SHORT_ANSWER: "Mỗi câu trả lời được chấp nhận ghi ở một cột phương án, hoặc mỗi dòng một câu trong ô đáp án. "
    "Phần điểm của từng câu: A 100%; B 50%",
    Kind.MATCHING: "Mỗi phương án là một cặp: vế trái -> vế phải. Vế phải gây nhiễu thì bỏ trống vế trái: -> In",
    Kind.ORDERING: "Các bước ở cột A, B, C … theo đúng thứ tự; ô đáp án để trống.",
}
_EXAMPLES: list[Cells] = [
    {
        "kind": "Một đáp án", "topic": "An toàn thông tin", "title": "Mật khẩu mạnh",
        "text": "Mật khẩu nào dưới đây an toàn nhất?",
        "option-A": "12345678", "option-B": "Ngày sinh của mình", "option-C": "Song.Lam-xanh-27-buoi",
        "answer": "C", "feedback": "Mật khẩu dài, gồm nhiều loại ký tự thì khó đoán.",
    },
    {
        "kind": "Nhiều đáp án", "topic": "Trình duyệt", "text": "Những chương trình nào là trình duyệt web?",
        "option-A": "Chrome", "option-B": "Firefox", "option-C": "Word", "option-D": "Excel", "answer": "A, B",
    },
    {
        "kind": "Đúng/Sai", "topic": "Dịch vụ công", "answer": "Sai",
        "text": "Mã OTP có thể đọc cho cán bộ ngân hàng qua điện thoại.",
        "feedback": "Không ai được hỏi mã OTP của ông/bà.",
    },
    {"kind": "Số", "topic": "Bảng tính", "text": "Công thức =SUM(2;3)*2 cho kết quả là bao nhiêu?", "answer": "10"},
    {
        "kind": "Số", "topic": "Bảng tính", "text": "Số pi bằng bao nhiêu (hai chữ số thập phân)?",
        "answer": "3,14; 3,1 50%", "tolerance": "0,005; 0",
    },
    {
        "kind": "Trả lời ngắn", "topic": "Tệp và thư mục", "text": "Phím tắt để sao chép là Ctrl và phím nào?",
        "option-A": "C", "option-B": "phím C", "settings": "không dấu",
    },
    {
        "kind": "Ghép đôi", "topic": "Phím tắt", "text": "Ghép phím tắt với việc nó làm.",
        "option-A": "Ctrl+C -> Sao chép", "option-B": "Ctrl+V -> Dán", "option-C": "Ctrl+Z -> Hoàn tác",
        "option-D": "-> In",
    },
    {
        "kind": "Sắp xếp", "topic": "Trình duyệt", "text": "Sắp xếp các bước để mở một trang web.",
        "option-A": "Mở trình duyệt", "option-B": "Gõ địa chỉ", "option-C": "Nhấn Enter",
    },
]  # fmt: skip
