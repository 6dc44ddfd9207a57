"""The columns of the spreadsheet with questions, in Vietnamese and English."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classroom.core.names import fold
from classroom.core.sheets import Sheet
from classroom.exams.rules.kinds import MOST_OPTIONS, Kind

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:MOST_OPTIONS]
#: What a template has; more options are read when somebody adds their columns.
USUAL_LETTERS = LETTERS[:10]
#: Column and its heading as it is written; either half is understood alone.
HEADINGS = {
    "kind": "Loại / Kind",
    "topic": "Chủ đề / Topic",
    "text": "Câu hỏi / Question",
    "answer": "Đáp án đúng / Answer",
    "tolerance": "Dung sai / Tolerance",
    "feedback": "Giải thích / Feedback",
    "title": "Tiêu đề / Title",
    "settings": "Tuỳ chọn / Settings",
}
_ALSO = {
    "kind": ("loai cau hoi", "type"),
    "text": ("noi dung", "noi dung cau hoi", "cau hoi", "text"),
    "answer": ("dap an", "correct answer"),
    "feedback": ("general feedback",),
    "settings": ("options", "tuy chon"),
}
#: Kind and how people write it, folded; the first is how it is written.
KIND_WORDS: dict[Kind, tuple[str, ...]] = {
    Kind.SINGLE: ("Một đáp án", "mot lua chon", "single", "single choice", "mc"),
    Kind.MULTIPLE: ("Nhiều đáp án", "nhieu lua chon", "multiple", "multiple choice"),
    Kind.TRUE_FALSE: ("Đúng/Sai", "dung sai", "true_false", "true/false", "true false", "tf"),
    Kind.NUMERICAL: ("Số", "dien so", "numerical", "number"),
    Kind.SHORT_ANSWER: ("Trả lời ngắn", "dien tu", "short_answer", "short answer"),
    Kind.MATCHING: ("Ghép đôi", "ghep cap", "noi", "matching"),
    Kind.ORDERING: ("Sắp xếp", "sap xep thu tu", "ordering"),
}
KINDS: Mapping[str, Kind] = {fold(word): kind for kind, words in KIND_WORDS.items() for word in words}
EXAMPLES, GUIDE = "Ví dụ", "Hướng dẫn"
_LOOK_INTO = 20
_OPTION = re.compile(r"(?:phuong an|lua chon|option|choice)\s*([a-z])")
_OPTION_FEEDBACK = re.compile(r"(?:giai thich|feedback)\s*([a-z])")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which row holds the headings (from 1), what each column (from 0) holds, and headings that say nothing to us."""

    row: int
    columns: Mapping[str, int]
    unknown: Sequence[tuple[int, str]]


def option_column(letter: str) -> str:
    """The name of the column with the option of this letter."""
    return f"option-{letter}"


def feedback_column(letter: str) -> str:
    """The name of the column with the feedback to that option."""
    return f"feedback-{letter}"


def heading(column: str) -> str:
    """A column's heading as it is written."""
    what, _, letter = column.partition("-")
    if not letter:
        return HEADINGS[what]
    return f"Phương án {letter} / Option {letter}" if what == "option" else f"Giải thích {letter} / Feedback {letter}"


def find_columns(sheet: Sheet) -> Columns | None:
    """The headings of a sheet: the first row that names the kind and the question."""
    for number in range(1, min(len(sheet.rows), _LOOK_INTO) + 1):
        named: dict[str, int] = {}
        unknown = []
        for place, cell in enumerate(sheet.rows[number - 1]):
            column = _column_named(cell.text)
            if column and column not in named:
                named[column] = place
            elif cell.text.strip():
                unknown.append((place, cell.text.strip()[:40]))
        if {"kind", "text"} <= named.keys():
            return Columns(number, named, unknown)
    return None


def _column_named(text: str) -> str:
    words = fold(text)
    for each in (words, *(half.strip() for half in words.split("/"))):
        if each in _KNOWN:
            return _KNOWN[each]
        for pattern, name in ((_OPTION, option_column), (_OPTION_FEEDBACK, feedback_column)):
            found = pattern.fullmatch(each)
            if found and found[1].upper() in LETTERS:
                return name(found[1].upper())
    return ""


_KNOWN = {
    half.strip(): column
    for column, words in HEADINGS.items()
    for half in (fold(words), *fold(words).split("/"), *_ALSO.get(column, ()))
}
