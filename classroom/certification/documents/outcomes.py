"""Outcomes and comparisons as spreadsheets; headings and words are Vietnamese in every language."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import force_locale
from sqlalchemy import Row

from classroom.certification.rules.comparing import KINDS, Difference, Judged, Kept
from classroom.core.tables import Cell, Column, Table
from classroom.learners.models import Learner
from classroom.web.words.deciding import CHANGE_WORDS, DECISION_WORDS, PATH_WORDS, REASON_WORDS

_PERSON = (
    Column("STT", "number", 6),
    Column("Mã học viên", "id", 12),
    Column("Họ và tên", width=28),
    Column("Ngày sinh", "date", 12),
    Column("Đơn vị công tác", width=32),
)
OUTCOMES = (
    *_PERSON,
    Column("Lớp", width=10),
    Column("Đợt", width=18),
    Column("Kết quả", width=14),
    Column("Hình thức", width=22),
    Column("Lý do không đạt", width=48),
    Column("Diễn giải", width=80),
)
CHANGES = (
    *_PERSON,
    Column("Thay đổi", width=34),
    Column("Trước", width=22),
    Column("Sau", width=22),
    Column("Lý do không đạt", width=48),
)


def outcome_table(rows: Iterable[Row[Any]], criteria: Callable[[Any], str]) -> Table:
    """Everybody with decision, reasons and the criteria in one cell, put into words by `criteria`."""
    with force_locale("vi"):
        lines = [(*_outcome(place, row), criteria(row.Outcome.explanation)) for place, row in enumerate(rows, start=1)]
        return Table("Kết quả xét", OUTCOMES, lines)


def change_table(
    difference: Difference, before: Mapping[int, Kept], after: Mapping[int, Judged], people: Mapping[int, Learner]
) -> Table:
    """Everybody whose outcome would become another."""
    with force_locale("vi"):
        listed = [(kind, key) for kind in KINDS for key in difference.kinds.get(kind, ()) if key in people]
        rows = [
            _change(place, kind, people[key], before.get(key), after.get(key))
            for place, (kind, key) in enumerate(listed, start=1)
        ]
        return Table("Thay đổi kết quả xét", CHANGES, rows)


def _person(place: int, learner: Learner) -> tuple[Cell, ...]:
    return place, learner.code, learner.name, learner.born_on or learner.birth_year, learner.unit


def _outcome(place: int, row: Row[Any]) -> tuple[Cell, ...]:
    outcome = row.Outcome
    return (
        *_person(place, row.Learner),
        row.class_code or "",
        row.intake_name or "",
        str(DECISION_WORDS[outcome.decision]),
        str(PATH_WORDS.get(outcome.path, "")),
        _reasons(outcome.reasons),
    )


def _change(place: int, kind: str, learner: Learner, before: Kept | None, after: Judged | None) -> tuple[Cell, ...]:
    decided = after.decision if after else None
    return (
        *_person(place, learner),
        str(CHANGE_WORDS[kind]),
        _said(before.decision, before.path) if before else "Chưa xét",
        _said(decided.decision, decided.path) if decided else "",
        _reasons(decided.reasons if decided else ()),
    )


def _said(decision: str, path: str) -> str:
    return " – ".join(filter(None, (str(DECISION_WORDS[decision]), str(PATH_WORDS.get(path, "")))))


def _reasons(codes: Iterable[str]) -> str:
    return "; ".join(str(REASON_WORDS.get(code, code)) for code in codes)
