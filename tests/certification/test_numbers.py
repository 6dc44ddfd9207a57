"""Numbers of certificates: patterns that work, patterns that cannot, and series that would meet."""

import pytest

from classroom.certification.rules.numbers import DEFAULT, LONGEST, Numbering
from classroom.core.errors import Invalid


@pytest.mark.parametrize(
    ("pattern", "organisation", "number"),
    [
        (DEFAULT, "SKHCN", "00017/2026/GCN-SKHCN"),
        ("{serial}/{year}", "", "17/2026"),
        ("GCN {year}.{serial:3}", "", "GCN 2026.017"),
        ("  Số  {serial:7}-{year}-{org}-{org} ", "ĐT", "Số 0000017-2026-ĐT-ĐT"),
    ],
)
def test_a_pattern_spells_a_number(pattern: str, organisation: str, number: str) -> None:
    assert Numbering.checked(pattern, organisation).spell(17, 2026) == number


def test_a_serial_number_that_outgrows_its_width_is_spelled_whole() -> None:
    assert Numbering.checked("{serial:2}/{year}", "").spell(12345, 2026) == "12345/2026"


@pytest.mark.parametrize(
    ("pattern", "organisation", "code"),
    [
        ("{number}/{year}", "", "number.unknown_token"),
        ("{serial:0}/{year}", "", "number.unknown_token"),
        ("{serial:12}/{year}", "", "number.unknown_token"),
        ("{serial}/{year}}", "", "number.unknown_token"),
        ("{serial}/{year}<b>", "", "number.letters"),
        ("/{year}", "", "number.one_serial"),
        ("{serial}{serial}/{year}", "", "number.one_serial"),
        ("{serial}/GCN", "", "number.one_year"),
        ("{serial}/{year}/{org}", " ", "number.no_organisation"),
        ("{serial}/{year}/{org}", "{year}", "number.organisation_letters"),
        ("{serial}/{year}/" + "x" * LONGEST, "", "number.too_long"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused(pattern: str, organisation: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        Numbering.checked(pattern, organisation)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "pattern", [DEFAULT, "{serial}{year}", "{year}{serial:4}", "{org}{serial}/{year}", "1{year}.{serial:2}"]
)
def test_what_is_spelled_is_read_as_the_same(pattern: str) -> None:
    numbering = Numbering.checked(pattern, "A1")
    for year in (2000, 2026, 2099):
        for serial in (1, 9, 10, 99, 100, 2026, 9_999, 10_000, 99_999, 100_000, 9_999_999):
            assert numbering.read(numbering.spell(serial, year)) == (year, serial)


def test_a_new_pattern_that_would_give_a_number_again_is_foreseen() -> None:
    before = Numbering.checked("1{serial:3}/{year}", "")
    given_so_far = [before.spell(serial, 2026) for serial in range(1, 21)]

    assert Numbering.checked("{serial}/{year}", "").clash(given_so_far, {2026: 20}) == "1001/2026"


def test_numbers_that_lie_behind_do_not_clash() -> None:
    given_so_far = [Numbering.checked("{serial:5}/{year}", "").spell(serial, 2026) for serial in range(1, 21)]

    assert Numbering.checked("{serial}/{year}", "").clash(given_so_far, {2026: 20}) == ""
    assert Numbering.checked("{serial:5}/{year}", "").clash(given_so_far, {2026: 20}) == ""
    assert Numbering.checked("{serial:5}/{year}", "").clash(given_so_far, {2026: 19}) == "00020/2026"
