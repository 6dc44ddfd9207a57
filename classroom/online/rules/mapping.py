"""How the columns of a table are read: guessed once, corrected once, remembered with the platform."""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from classroom.core.sheets import Cell
from classroom.online.rules.headings import MOMENTS, Meaning, choose, keys, meaning_of
from classroom.online.rules.tables import Table, by_heading
from classroom.online.rules.values import Order, guess_maximum, guess_order, is_nothing, parse_number, parse_verdict

_LOOKED_AT = 5_000
_MAXIMA = (1, 10, 100)
_PASS_MARK = 50


@dataclass(frozen=True, slots=True)
class Mapping:
    """What each column means, what the maxima are, and from what share of the score on we read a pass."""

    columns: AnyMapping[int, Meaning]
    score_max: int = 100
    progress_max: int = 100
    pass_mark: int = _PASS_MARK

    def column(self, meaning: Meaning) -> int | None:
        """The column with this meaning."""
        return next((place for place, held in self.columns.items() if held is meaning), None)

    @property
    def account(self) -> int | None:
        """The column by which accounts are told apart: their name, else the platform's own number, else the e-mail."""
        for meaning in (Meaning.ACCOUNT, Meaning.USER_ID, Meaning.EMAIL):
            if (place := self.column(meaning)) is not None:
                return place
        return None

    def remembered(self, table: Table) -> dict[str, Any]:
        """What the source keeps of it: columns by their headings."""
        named = keys(table.headings)
        columns = {named[place]: meaning.value for place, meaning in self.columns.items() if place < len(named)}
        return {"columns": columns, **self._numbers()}

    def to_json(self) -> dict[str, Any]:
        """What the import keeps of it: columns by their places."""
        return {"columns": {str(place): held.value for place, held in self.columns.items()}, **self._numbers()}

    def _numbers(self) -> dict[str, int]:
        return {"score_max": self.score_max, "progress_max": self.progress_max, "pass_mark": self.pass_mark}

    @classmethod
    def from_json(cls, kept: AnyMapping[str, Any]) -> "Mapping":
        """Read back what `to_json` gave."""
        columns = {int(place): Meaning(held) for place, held in kept["columns"].items()}
        return cls(columns, int(kept["score_max"]), int(kept["progress_max"]), int(kept["pass_mark"]))


def guess(table: Table) -> Mapping:
    """What headings and values suggest."""
    columns = {**_headings(table), **table.activities()}
    filled = {place: _count(table, place) for place in columns}
    headings = dict(enumerate(table.headings))
    chosen = choose(columns, headings, filled)
    chosen = _by_values(table, chosen, filled)
    return with_numbers(table, Mapping(chosen))


def with_numbers(table: Table, mapping: Mapping) -> Mapping:
    """Guess the maxima and the mark for a pass from what the columns hold."""
    score, progress = mapping.column(Meaning.SCORE), mapping.column(Meaning.PROGRESS)
    mapping = replace(
        mapping,
        score_max=_maximum(table, score) if score is not None else 100,
        progress_max=_share(table, progress) if progress is not None else 100,
    )
    return replace(mapping, pass_mark=_mark(table, mapping))


def recalled(table: Table, kept: AnyMapping[str, Any]) -> Mapping | None:
    """The mapping that a source remembers, if this table has all of its columns that say something."""
    named = keys(table.headings)
    wanted = {key for key, meaning in kept.get("columns", {}).items() if meaning != Meaning.IGNORED}
    if not wanted or not wanted <= set(named):
        return None
    columns = by_heading(named, kept["columns"])
    return Mapping(columns, int(kept["score_max"]), int(kept["progress_max"]), int(kept["pass_mark"]))


def corrected(table: Table, columns: AnyMapping[int, Meaning]) -> dict[int, Meaning]:
    """Columns chosen by hand; a meaning given twice stays with the first of them."""
    seen: set[Meaning] = set()
    kept = {}
    for place, meaning in sorted(columns.items()):
        if place < len(table.headings) and meaning not in seen:
            kept[place] = meaning
            if meaning not in (Meaning.ACTIVITY, Meaning.ACTIVITY_DAY, Meaning.IGNORED):
                seen.add(meaning)
    return kept


def date_order(table: Table, mapping: Mapping) -> Order | None:
    """In which order the file writes day and month; None asks a person."""
    texts = (
        cells[place].text
        for place, meaning in mapping.columns.items()
        if meaning in MOMENTS
        for _number, cells in table.rows
        if place < len(cells) and isinstance(cells[place].value, str)
    )
    return guess_order(texts)


def _headings(table: Table) -> dict[int, Meaning]:
    return {place: meaning for place, heading in enumerate(table.headings) if (meaning := meaning_of(heading))}


def _cells(table: Table, place: int) -> list[Cell]:
    return [cells[place] for _number, cells in table.rows[:_LOOKED_AT] if place < len(cells)]


def _count(table: Table, place: int) -> int:
    return sum(not is_nothing(cell.text) for cell in _cells(table, place))


def _by_values(table: Table, columns: dict[int, Meaning], filled: AnyMapping[int, int]) -> dict[int, Meaning]:
    """A number that is no citizen's number names an account, where nothing else does."""
    number = next((place for place, held in columns.items() if held is Meaning.ID_NUMBER), None)
    if number is None or Meaning.ACCOUNT in columns.values() or not filled[number]:
        return columns
    texts = [text for cell in _cells(table, number) if (text := cell.text.strip())]
    citizens = sum((text.replace(" ", "").isdigit() and len(text) in range(8, 13)) or "E+" in text for text in texts)
    if citizens * 2 < len(texts) and len(set(texts)) * 10 > len(texts) * 9:
        return {**columns, number: Meaning.ACCOUNT}
    return columns


def _numbers(table: Table, place: int) -> list[Decimal]:
    return [number for cell in _cells(table, place) if (number := parse_number(cell).value) is not None]


def _maximum(table: Table, place: int) -> int:
    signs = any(cell.text.rstrip().endswith("%") for cell in _cells(table, place)[:50])
    guessed = guess_maximum(_numbers(table, place), table.headings[place], percent_signs=signs)
    return guessed if guessed in _MAXIMA else 100


def _share(table: Table, place: int) -> int:
    return 1 if 0 < max(_numbers(table, place), default=Decimal(0)) <= 1 else 100


def _mark(table: Table, mapping: Mapping) -> int:
    """The mark that agrees best with the platform's own verdicts, half of the maximum where several do."""
    score, said = mapping.column(Meaning.SCORE), mapping.column(Meaning.SAID)
    if score is None or said is None:
        return _PASS_MARK
    pairs = [
        (number * 100 / mapping.score_max, verdict)
        for _number, cells in table.rows[:_LOOKED_AT]
        if (number := parse_number(table.cell(cells, score)).value) is not None
        and (verdict := parse_verdict(table.cell(cells, said)).value) in ("passed", "failed")
    ]
    return min(_marks(), key=lambda mark: (_disagreements(pairs, mark), abs(mark - _PASS_MARK), mark))


def _marks() -> Sequence[int]:
    return range(30, 101, 5)


def _disagreements(pairs: Sequence[tuple[Decimal, str]], mark: int) -> int:
    return sum((share >= mark) != (verdict == "passed") for share, verdict in pairs)
