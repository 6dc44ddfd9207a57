"""The three sample lists of 107 people: everybody is read, and every oddity is reported in its row."""

from datetime import date

import pytest

from classroom.core.sheets import read_table
from classroom.learners.rules import Birth, Severity, Sex
from classroom.sessions.rules.roster import choose_sheet, read_rows, recognise
from tests.support.rosters import sample

TODAY = date(2026, 11, 24)
#: Code → rows of the file, checked by eye against the workbooks.
ODDITIES = {
    "L01": {
        "id_number_lost_zero": [54, 81],
        "id_number_missing": [11, 95],
        "id_number_other_birth_year": [108],
        "name_capitals": [80, 84, 85],
        "name_decomposed": [15, 42],
        "name_spaces": [33],
        "phone_lost_zero": [13, 21, 25, 34, 38, 49, 55, 56, 57, 59, 61, 65, 72, 75, 77, 83, 91, 100, 101, 108],
        "same_name": [107],
        "same_name_and_birth": [108],
    },
    "L02": {
        "birth_year_only": [20, 23, 26, 41, 46, 47, 54, 55, 56, 58, 66, 68, 70, 74, 75, 77, 80, 91, 93, 99, 101],
        "id_number_lost_zero": [97],
        "id_number_missing": [24, 27, 112],
        "name_capitals": [22, 110],
        "name_decomposed": [42, 62, 70],
        "phone_lost_zero": [19, 21, 29, 33, 48, 60, 62, 71, 86, 97, 105, 106],
        "same_name": [112],
    },
    "L03": {
        "id_number_lost_zero": [47],
        "id_number_missing": [8, 81],
        "name_capitals": [30, 39, 58, 75, 83],
        "name_decomposed": [10, 15, 55, 63],
        "name_spaces": [35, 96],
        "phone_lost_zero": [5, 8, 10, 17, 27, 31, 34, 35, 47, 62, 68, 77, 78, 91, 96, 103, 107, 108],
    },
}


def people(name: str):
    sheets = read_table(sample(name), f"{name}.xlsx")
    sheet = sheets[choose_sheet(sheets)]
    return read_rows(sheet, recognise(sheet, f"{name}.xlsx"), TODAY)


@pytest.fixture(scope="module")
def lists():
    return {name: people(name) for name in ODDITIES}


@pytest.mark.parametrize("name", ODDITIES)
def test_every_oddity_is_reported_in_its_row_and_nothing_else_is(lists, name):
    found: dict[str, list[int]] = {}
    for row in lists[name]:
        for problem in row.problems:
            found.setdefault(problem.code.removeprefix("roster."), []).append(problem.row)
    assert found == ODDITIES[name]


def test_321_learners_are_read_with_name_birth_and_phone(lists):
    rows = [row for rows in lists.values() for row in rows]
    assert len(rows) == 321
    assert all(row.name and row.birth and row.unit for row in rows)
    assert not any(row.has_errors for row in rows)
    assert sum(bool(row.id_number) for row in rows) == 321 - 7
    assert all(row.phone.startswith("+84") and len(row.phone) == 12 for row in rows)


@pytest.mark.parametrize(
    ("name", "hint", "first", "last"), [("L01", "L01", 2, 108), ("L02", "L02", 7, 113), ("L03", "L03", 4, 110)]
)
def test_titles_totals_and_signatures_are_no_people(lists, name, hint, first, last):
    sheets = read_table(sample(name), "ds.xlsx")
    layout = recognise(sheets[0], f"{name}.xlsx")
    assert layout.class_hint == hint
    assert [lists[name][0].row, lists[name][-1].row] == [first, last]


def test_the_twins_of_one_name_and_birth_stay_two(lists):
    one, other = (next(row for row in lists["L01"] if row.row == number) for number in (2, 108))
    assert (one.name, one.birth) == (other.name, other.birth) == ("Nguyễn Thị Ánh Bích", Birth.of(date(1967, 8, 1)))
    assert one.id_number != other.id_number


def test_proposals_hold_only_when_they_are_taken(lists):
    row = next(row for row in lists["L01"] if row.row == 54)
    assert row.id_number == "040091021057"
    assert row.settled(lambda problem: False).id_number == ""
    capitals = next(row for row in lists["L01"] if row.row == 80)
    assert (capitals.name, capitals.settled(lambda problem: False).name) == ("Trần Thị My", "TRẦN THỊ MY")
    waiting = [p for rows in lists.values() for row in rows for p in row.problems if p.severity is Severity.CONFIRM]
    assert len(waiting) == 14


def test_crosses_under_nam_and_nu_give_everybody_a_sex(lists):
    assert {row.sex for row in lists["L03"]} == {Sex.MALE, Sex.FEMALE}
