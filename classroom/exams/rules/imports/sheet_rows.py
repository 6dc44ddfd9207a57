"""What one row of the spreadsheet says, by the kind of its question."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from classroom.core.names import fold
from classroom.exams.rules.imports.drafts import Unreadable, ids, ids_without_order
from classroom.exams.rules.imports.gift_answers import written
from classroom.exams.rules.imports.sheet_headings import LETTERS, feedback_column, option_column
from classroom.exams.rules.kinds import Kind, number_in

Body = dict[str, Any]
_LONGEST_NUMBER = 100
#: What stands between the two halves of a pair.
ARROW = " -> "
_ARROW = re.compile(r"->|→|=>")
_RIGHT, _WRONG = {"dung", "d", "true", "t", "1", "yes"}, {"sai", "s", "false", "f", "0", "no"}
_SETTINGS = {
    "giu thu tu": "fixed_order", "fixed order": "fixed_order",
    "khong dau": "no_diacritics", "no diacritics": "no_diacritics",
    "phan biet hoa thuong": "case", "case": "case",
}  # fmt: skip
SETTING_WORDS = {"fixed_order": "giữ thứ tự", "no_diacritics": "không dấu", "case": "phân biệt hoa thường"}
_FOR_KIND = {
    Kind.SINGLE: {"fixed_order"},
    Kind.MULTIPLE: {"fixed_order"},
    Kind.SHORT_ANSWER: {"no_diacritics", "case"},
}
_BETWEEN = re.compile(r"[;\n]|,(?!\d)|(?<=[A-Za-z]) (?=[A-Za-z]\b)")
_LETTER = re.compile(r"([A-Za-z])(?:[ \t]*[:=]?[ \t]*(-?\d+(?:[.,]\d+)?)[ \t]*%)?")
_PERCENT = re.compile(r"([^ ]+(?: [^ ]+)*) +(\d+(?:[.,]\d+)?) ?%")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row by their columns' names."""

    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The text in a column, "" when there is none."""
        return self.cells.get(column, "")

    def options(self) -> dict[str, str]:
        """Letter and text of the options; one that is left out between others is no option but a mistake."""
        filled = [letter for letter in LETTERS if self.get(option_column(letter))]
        if "".join(filled) != LETTERS[: len(filled)]:
            missing = next(letter for letter in LETTERS if letter not in filled)
            raise Unreadable("sheet_questions.option_gap", letter=missing)
        return {letter: self.get(option_column(letter)) for letter in filled}


def read_body(kind: Kind, row: Row) -> Body:
    """The body of a question; raises `Unreadable` for a cell that says nothing clear."""
    settings = _settings(kind, row.get("settings"))
    if row.get("tolerance") and kind is not Kind.NUMERICAL:
        raise Unreadable("sheet_questions.no_tolerance_here")
    if kind in (Kind.TRUE_FALSE, Kind.NUMERICAL) and row.options():
        raise Unreadable("sheet_questions.no_options_here")
    return _BODIES[kind](row, settings)


def _settings(kind: Kind, text: str) -> set[str]:
    found = set()
    for word in filter(None, (part.strip() for part in re.split(r"[,;\n]", text))):
        setting = _SETTINGS.get(fold(word), "")
        if setting not in _FOR_KIND.get(kind, ()):
            raise Unreadable("sheet_questions.unknown_setting", word=word[:40])
        found.add(setting)
    return found


def _letters(row: Row, options: Mapping[str, str]) -> dict[str, str]:
    """Letters in the cell of the answer, each with its per cent or ""; in the order in which they stand there."""
    named: dict[str, str] = {}
    text = row.get("answer")
    for part in filter(None, (part.strip(" \t.)") for part in _BETWEEN.split(text))):
        found = _LETTER.fullmatch(part)
        if not found:
            raise Unreadable("sheet_questions.answer_unclear", answer=text[:60])
        letter = found[1].upper()
        if letter not in options:
            raise Unreadable("sheet_questions.no_such_option", letter=letter)
        if letter in named:
            raise Unreadable("sheet_questions.letter_twice", letter=letter)
        named[letter] = written(found[2]) if found[2] else ""
    return named


def _choice(kind: Kind) -> Callable[[Row, set[str]], Body]:
    def read(row: Row, settings: set[str]) -> Body:
        options = row.options()
        named = _letters(row, options)
        if not named:
            raise Unreadable("sheet_questions.no_answer")
        weighted = any(named.values())
        if weighted and not all(named.values()):
            raise Unreadable("sheet_questions.weight_missing")
        made = []
        for name, (letter, text) in zip(ids(len(options)), options.items(), strict=True):
            weight = named.get(letter, "0") if weighted else ""
            earns = (number_in(weight) or 0) if weighted else 0
            right = (earns >= 100 if kind is Kind.SINGLE else earns > 0) if weighted else letter in named
            option: Body = {"id": name, "text": text, "right": right}
            if weighted:
                option["weight"] = weight
            if feedback := row.get(feedback_column(letter)):
                option["feedback"] = feedback
            made.append(option)
        return {"options": made, **({"fixed_order": True} if "fixed_order" in settings else {})}

    return read


def _true_false(row: Row, settings: set[str]) -> Body:
    word = fold(row.get("answer"))
    if word not in _RIGHT | _WRONG:
        raise Unreadable("sheet_questions.not_true_false", answer=row.get("answer")[:40])
    return {"right": word in _RIGHT}


def _numerical(row: Row, settings: set[str]) -> Body:
    parts = [part.strip() for part in re.split(r"[;\n]", row.get("answer")) if part.strip()]
    tolerances = [part.strip() for part in re.split(r"[;\n]", row.get("tolerance")) if part.strip()]
    if not parts:
        raise Unreadable("sheet_questions.no_answer")
    if len(tolerances) > 1 and len(tolerances) != len(parts):
        raise Unreadable("sheet_questions.tolerances", answers=len(parts), tolerances=len(tolerances))
    answers = []
    for place, part in enumerate(parts):
        text, percent = _percent(part)
        low, dots, high = text.partition("..")
        if dots:
            answers.append({"low": _number(low), "high": _number(high), "percent": percent})
            continue
        tolerance = tolerances[place if len(tolerances) > 1 else 0] if tolerances else "0"
        answers.append({"value": _number(text), "tolerance": _number(tolerance), "percent": percent})
    return {"answers": answers}


def _percent(text: str) -> tuple[str, str]:
    text = " ".join(text.split())[:_LONGEST_NUMBER]
    found = _PERCENT.fullmatch(text)
    return (found[1], written(found[2])) if found else (text, "100")


def _number(text: str) -> str:
    if number_in(text) is None:
        raise Unreadable("sheet_questions.bad_number", text=text[:40])
    return written(text)


def _short_answer(row: Row, settings: set[str]) -> Body:
    """Accepted answers stand in the columns of options, or each on its own line in that of the answer."""
    options = row.options()
    if options:
        named = _letters(row, options)
        answers = [{"text": text, "percent": named.get(letter) or "100"} for letter, text in options.items()]
    else:
        if ";" in row.get("answer"):
            raise Unreadable("sheet_questions.answers_in_lines")
        lines = [line.strip() for line in row.get("answer").split("\n") if line.strip()]
        answers = [{"text": line, "percent": "100"} for line in lines]
    if not answers:
        raise Unreadable("sheet_questions.no_answer")
    return {"answers": answers, "diacritics": "no_diacritics" not in settings, "case": "case" in settings}


def _matching(row: Row, settings: set[str]) -> Body:
    if row.get("answer"):
        raise Unreadable("sheet_questions.no_answer_here")
    pairs: list[Body] = []
    extra: list[Body] = []
    for text in row.options().values():
        halves = _ARROW.split(text, maxsplit=1)
        if len(halves) < 2:
            raise Unreadable("sheet_questions.no_arrow", text=text[:60])
        left, right = halves[0].strip(), halves[1].strip()
        (pairs if left else extra).append({"left": left, "right": right} if left else {"text": right})
    names = iter(ids(len(pairs) + len(extra)))
    body: Body = {"pairs": [{"id": next(names), **pair} for pair in pairs]}
    return {**body, "extra": [{"id": next(names), **each} for each in extra]}


def _ordering(row: Row, settings: set[str]) -> Body:
    """The right order is that of the columns, unless the cell of the answer gives all letters in another one."""
    options = row.options()
    order = [*_letters(row, options)] or [*options]
    if len(order) != len(options):
        raise Unreadable("sheet_questions.order_incomplete")
    texts = [options[letter] for letter in order]
    return {"items": [{"id": name, "text": text} for name, text in zip(ids_without_order(texts), texts, strict=True)]}


_BODIES: dict[Kind, Callable[[Row, set[str]], Body]] = {
    Kind.SINGLE: _choice(Kind.SINGLE),
    Kind.MULTIPLE: _choice(Kind.MULTIPLE),
    Kind.TRUE_FALSE: _true_false,
    Kind.NUMERICAL: _numerical,
    Kind.SHORT_ANSWER: _short_answer,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
}
