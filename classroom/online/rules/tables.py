"""The table in an export: where its headings stand, which platform wrote it, and two files made one."""

import enum
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from classroom.core.errors import Refusal
from classroom.core.names import clean_name, fold
from classroom.core.sheets import EMPTY, Cell, CellKind, Sheet, column_letter
from classroom.online.rules.headings import Meaning, bare, meaning_of

_SEARCHED_ROWS = 40
_NAMES_SOMEBODY = frozenset({Meaning.ACCOUNT, Meaning.EMAIL, Meaning.USER_ID, Meaning.ID_NUMBER})
#: Two rows that disagree in these are about two people.
_WHO = frozenset({Meaning.NAME, Meaning.FAMILY_MIDDLE, Meaning.GIVEN, Meaning.BIRTH, Meaning.ID_NUMBER})
_SAYS_SOMETHING = frozenset({Meaning.SCORE, Meaning.PROGRESS, Meaning.COMPLETED, Meaning.SAID, Meaning.RETRACTED})
#: What a cell of a completion report says, folded.
_STATES = ("completed", "not completed", "hoan thanh", "da hoan thanh", "chua hoan thanh", "khong hoan thanh")
TEMPLATE = (
    "Tài khoản*", "Họ và tên", "Ngày sinh", "Số CCCD", "Email", "Số điện thoại", "Đơn vị", "Ngày cấp tài khoản",
    "Ngày hoàn thành", "Tiến độ (%)", "Điểm kiểm tra (thang 10)", "Kết quả", "Thu hồi", "Thời điểm lấy số liệu",
)  # fmt: skip


class Platform(enum.StrEnum):
    """Who wrote a file: a kind of Source."""

    TEMPLATE = "template"
    OPEN_EDX = "open_edx"
    MOODLE = "moodle"
    COLUMNS = "columns"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below one row of headings; `rows` are their numbers in the sheet with their cells."""

    platform: Platform
    heading_row: int
    headings: tuple[str, ...]
    #: What a person calls each column: its letter, with the file's number behind it in the second file.
    places: tuple[str, ...]
    rows: Sequence[tuple[int, Sequence[Cell]]]
    guessed_encoding: str = ""
    #: Rows above the headings, to be shown.
    above: Sequence[tuple[int, Sequence[Cell]]] = ()
    #: Accounts of the second file that the first does not name.
    unjoined: int = 0
    #: Rows whose account the second file gives to people who differ.
    contradicted: frozenset[int] = frozenset()

    def cell(self, cells: Sequence[Cell], column: int) -> Cell:
        """A cell of one of its rows, empty outside."""
        return cells[column] if column < len(cells) else EMPTY

    def says(self) -> frozenset[Meaning]:
        """What of results its columns hold; nothing where it only says who people are."""
        found = _SAYS_SOMETHING & {meaning_of(heading) for heading in self.headings}
        return frozenset(found | {Meaning.ACTIVITY} if self.activities() else found)

    def activities(self) -> dict[int, Meaning]:
        """Columns of a completion report: an activity's state with the day it was reached beside it.

        The last one has none while nobody reached it and the file cuts empty columns off.
        """
        found: dict[int, Meaning] = {}
        for column, beside in pairwise((*range(len(self.headings)), -1)):
            if column in found or not self.headings[column] or meaning_of(self.headings[column]) is not None:
                continue
            if beside < 0 and not found:
                continue
            if beside > 0 and bare(self.headings[beside]) and not bare(self.headings[beside]).endswith("date"):
                continue
            texts = [t for _n, cells in self.rows[:200] if (t := fold(self.cell(cells, column).text))]
            if texts and all(text.startswith(_STATES) for text in texts):
                found |= {column: Meaning.ACTIVITY} | ({beside: Meaning.ACTIVITY_DAY} if beside > 0 else {})
        return found


def open_table(sheets: Sequence[Sheet], *, sheet: int | None = None, heading_row: int | None = None) -> Table:
    """The table with the most headings that are known, or the one chosen by hand; raises `online.no_columns`.

    A sheet or a row that is not there is as good as none chosen.
    """
    places = [sheet] if sheet is not None and 0 <= sheet < len(sheets) else range(len(sheets))
    best: tuple[int, int, int] = (0, 0, 0)
    for place in places:
        for row in range(1, min(len(sheets[place].rows), _SEARCHED_ROWS) + 1):
            score = _known(sheets[place].rows[row - 1])
            if score == 1 and best[0] < 2 and _table(sheets[place], row).activities():
                score = 2  # a report of completion knows its activities by their own names
            if score > best[0] and not (sheets[place].hidden and sheet is None):
                best = (score, place, row)
    score, place, row = best
    if score < 2 and sheet is None and heading_row is None:
        raise Refusal("online.no_columns")
    if not score:
        place, row = places[0], 1
    if not sheets[place].rows:
        raise Refusal("online.no_columns")
    if heading_row and 1 <= heading_row < len(sheets[place].rows):
        row = heading_row
    return _table(sheets[place], row)


def tell_apart(tables: Sequence[Table]) -> tuple[int, int | None]:
    """Which of one or two files holds the results, and which says whose they are."""
    said = [table.says() for table in tables]
    if len(tables) == 1:
        if not said[0]:
            raise Refusal("online.only_profiles")
        return 0, None
    judged = [bool(one - {Meaning.COMPLETED}) for one in said]
    if len(tables) != 2 or all(judged):
        raise Refusal("online.two_results")
    if not any(judged):
        raise Refusal("online.only_profiles")
    results = judged.index(True)
    return results, 1 - results


def join(results: Table, profiles: Table) -> Table:
    """Put what the second file says of each person behind the row of the first, by account name or else by id."""
    by = _shared_key(results, profiles)
    width, more = len(results.headings), len(profiles.headings)
    known, doubtful = _people(profiles, by[1])
    rows, used, contradicted = [], 0, set()
    for number, cells in results.rows:
        key = _key(cells, by[0])
        other = known.get(key)
        used += other is not None
        if key in doubtful:
            contradicted.add(number)
        padded = [*cells, *[EMPTY] * (width - len(cells)), *(other or ())]
        rows.append((number, padded))
    return replace(
        results,
        headings=(*results.headings, *profiles.headings),
        places=(*results.places, *(f"{column_letter(column)}²" for column in range(more))),
        rows=rows,
        unjoined=len(known) - used,
        contradicted=frozenset(contradicted),
    )


def _people(profiles: Table, column: int) -> tuple[dict[str, Sequence[Cell]], set[str]]:
    """What the second file says by account, the last row of each; and accounts whose rows are about several people."""
    said: dict[str, list[Sequence[Cell]]] = defaultdict(list)
    for _number, cells in profiles.rows:
        if key := _key(cells, column):
            said[key].append(cells)
    telling = [place for place, heading in enumerate(profiles.headings) if meaning_of(heading) in _WHO]
    doubtful = {
        key
        for key, several in said.items()
        if len(several) > 1
        and any(len({fold(profiles.cell(one, place).text) for one in several} - {""}) > 1 for place in telling)
    }
    return {key: several[-1] for key, several in said.items()}, doubtful


def _shared_key(results: Table, profiles: Table) -> tuple[int, int]:
    for meaning in (Meaning.ACCOUNT, Meaning.USER_ID, Meaning.EMAIL):
        mine, theirs = _column(results, meaning), _column(profiles, meaning)
        if mine is not None and theirs is not None:
            return mine, theirs
    raise Refusal("online.nothing_to_join")


def _column(table: Table, meaning: Meaning) -> int | None:
    return next((place for place, heading in enumerate(table.headings) if meaning_of(heading) is meaning), None)


def _key(cells: Sequence[Cell], column: int) -> str:
    return cells[column].text.strip().casefold() if column < len(cells) else ""


def _known(cells: Sequence[Cell]) -> int:
    """How many headings of a row are known; none where nobody would be named."""
    found = {meaning for cell in cells if cell.kind is CellKind.TEXT and (meaning := meaning_of(cell.text))}
    found.discard(Meaning.IGNORED)
    return len(found) if found & _NAMES_SOMEBODY else 0


def _table(sheet: Sheet, row: int) -> Table:
    numbered = [(number, cells) for number, cells in enumerate(sheet.rows, 1) if number > row and _filled(cells)]
    width = max((len(cells) for _number, cells in numbered), default=0)
    first = sheet.rows[row - 1]
    width = max(width, len(first))
    headings = tuple(clean_name((first[c] if c < len(first) else EMPTY).text[:200]) for c in range(width))
    above = [(number, cells) for number, cells in enumerate(sheet.rows[: row - 1], 1)][-5:]
    places = tuple(column_letter(column) for column in range(width))
    table = Table(Platform.COLUMNS, row, headings, places, numbered, sheet.guessed_encoding, above)
    return replace(table, platform=_platform(table))


def _filled(cells: Sequence[Cell]) -> bool:
    return any(cell is not EMPTY and cell.text.strip() for cell in cells)


def _platform(table: Table) -> Platform:
    words = {bare(heading) for heading in table.headings}
    whole = {fold(heading) for heading in table.headings}
    if {fold(heading) for heading in TEMPLATE[:1] + TEMPLATE[-1:]} <= whole:
        return Platform.TEMPLATE
    if "username" in words and (words & {"grade", "certificate eligible"} or {"id", "name"} <= words):
        return Platform.OPEN_EDX
    marks = ("tai ve lan cuoi", "last downloaded")
    if any(word.startswith(marks) for word in words) or any("(real)" in text or "(thuc)" in text for text in whole):
        return Platform.MOODLE
    return Platform.MOODLE if table.activities() else Platform.COLUMNS


def by_heading(keys: Sequence[str], remembered: Mapping[str, str]) -> dict[int, Meaning]:
    """The columns that a source remembers, as far as this table has them."""
    known = {meaning.value: meaning for meaning in Meaning}
    return {
        place: known[remembered[key]]
        for place, key in enumerate(keys)
        if key in remembered and remembered[key] in known
    }
