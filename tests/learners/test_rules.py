"""Particulars of a learner as files and hands write them."""

import random
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from classroom.core.sheets import Cell, CellKind
from classroom.learners.rules import (
    Audience,
    Birth,
    Severity,
    Sex,
    is_learner_code,
    make_learner_code,
    mask_id_number,
    normalise_learner_code,
    parse_audience,
    parse_birth,
    parse_email,
    parse_id_number,
    parse_name,
    parse_phone,
    parse_sex,
    show_phone,
)

TODAY = date(2026, 11, 24)
BORN = Birth.of(date(1985, 3, 7))


def number(value: float) -> Cell:
    return Cell(CellKind.NUMBER, value)


def codes(parsed) -> list[str]:
    return [finding.code for finding in parsed.findings]


@pytest.mark.parametrize(
    "given", ["040185012345", " 040 185 012 345 ", "040.185.012345", "'040185012345", "０４０185012345"]
)
def test_twelve_digits_are_taken_as_they_are(given):
    parsed = parse_id_number(given, BORN, Sex.FEMALE)
    assert (parsed.value, parsed.findings) == ("040185012345", ())


def test_a_zero_lost_by_a_spreadsheet_is_proposed_and_never_taken_silently():
    parsed = parse_id_number(number(40185012345), BORN, Sex.FEMALE)
    assert parsed.value == "040185012345"
    assert parsed.safe_value is None
    assert [(f.code, f.severity, f.proposal) for f in parsed.findings] == [
        ("id_number_lost_zero", Severity.CONFIRM, "040185012345")
    ]


def test_two_lost_zeros_are_proposed_only_if_the_whole_number_fits_the_person():
    fits = parse_id_number(number(1185012345), BORN, Sex.FEMALE)
    assert (fits.value, codes(fits)) == ("001185012345", ["id_number_lost_zero"])
    assert codes(parse_id_number(number(1185012345))) == ["id_number_wrong_length"]
    assert codes(parse_id_number(number(1185012345), BORN, Sex.MALE)) == ["id_number_wrong_length"]


def test_eleven_digits_typed_as_text_may_lack_any_digit():
    assert codes(parse_id_number("04018501234", BORN, Sex.FEMALE)) == ["id_number_wrong_length"]
    assert codes(parse_id_number("40185012345", BORN, Sex.FEMALE)) == ["id_number_lost_zero"]


def test_nine_digits_are_an_old_card_and_kept():
    assert parse_id_number("186123456").value == "186123456"
    assert codes(parse_id_number(number(186123456))) == ["id_number_old_card"]
    assert parse_id_number(number(12345678)).value == "012345678"
    assert parse_id_number(number(12345678)).safe_value is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("4.01850E+11", "id_number_scientific"),
        ("4,01850E+11", "id_number_scientific"),
        (number(4.5), "id_number_scientific"),
        ("B1234567", "id_number_not_digits"),
        ("không có", "id_number_not_digits"),
        ("0401850123456", "id_number_wrong_length"),
        ("12345", "id_number_wrong_length"),
        (number(4018501234567), "id_number_wrong_length"),
        ("¹²³456789", "id_number_old_card"),
    ],
)
def test_anything_else_is_named_and_not_repaired(given, code):
    parsed = parse_id_number(given)
    assert codes(parsed) == [code]
    assert (parsed.value is None) == (code != "id_number_old_card")


@pytest.mark.parametrize(
    ("digits", "birth", "sex", "expected"),
    [
        ("003185012345", BORN, Sex.FEMALE, ["id_number_unknown_province"]),
        ("040186012345", BORN, Sex.FEMALE, ["id_number_other_birth_year"]),
        ("040385012345", BORN, Sex.FEMALE, ["id_number_other_birth_year"]),
        ("040185012345", Birth(1985), Sex.MALE, ["id_number_other_sex"]),
        ("040985012345", None, None, ["id_number_future_century"]),
        ("040201067890", Birth(2001), Sex.MALE, []),
        ("101185012345", BORN, Sex.FEMALE, []),
        ("040185012345", None, None, []),
    ],
)
def test_a_structure_that_disagrees_only_warns(digits, birth, sex, expected):
    parsed = parse_id_number(digits, birth, sex)
    assert codes(parsed) == expected
    assert parsed.value == digits
    assert all(finding.severity is Severity.WARNING for finding in parsed.findings)


def test_a_masked_number_shows_its_last_four_digits():
    assert mask_id_number("040185012345") == "••••••••2345"
    assert mask_id_number("186123456") == "•••••3456"
    assert mask_id_number("") == ""


@pytest.mark.parametrize(
    "given",
    ["0912345678", "0912 345 678", "0912.345.678", "+84 912 345 678", "84912345678", "+840912345678", "0084912345678"],
)
def test_a_mobile_number_is_stored_with_the_country_code(given):
    parsed = parse_phone(given)
    assert (parsed.value, parsed.findings) == ("+84912345678", ())


@pytest.mark.parametrize("given", [number(912345678), "912345678", "912 345 678"])
def test_a_zero_lost_from_a_phone_number_comes_back_with_a_flag(given):
    parsed = parse_phone(given)
    assert (parsed.safe_value, codes(parsed)) == ("+84912345678", ["phone_lost_zero"])


@pytest.mark.parametrize("given", ["12345", "0112345678", "09123456789", "không", "0912345678x"])
def test_a_phone_number_that_cannot_be_dialled_is_left_out(given):
    parsed = parse_phone(given)
    assert (parsed.value, codes(parsed)) == (None, ["phone_unreadable"])


def test_the_first_of_several_phone_numbers_is_taken():
    assert codes(parse_phone("0912345678 / 0987654321")) == ["phone_several"]
    assert parse_phone("0912345678; 0987654321").value == "+84912345678"
    assert codes(parse_phone("0238 3844 111")) == ["phone_not_mobile"]


def test_a_stored_phone_number_is_shown_as_people_dial_it():
    assert show_phone("+84912345678") == "0912 345 678"
    assert show_phone("") == ""


@pytest.mark.parametrize(
    "given",
    ["07/03/1985", "7/3/1985", "7-3-1985", "07.03.1985", "1985-03-07", "1985-03-07 00:00:00", "07031985",
     "7 / 3 / 1985",
     Cell(CellKind.DATE, date(1985, 3, 7)), number(7031985)],
)  # fmt: skip
def test_a_birth_is_read_day_first_in_any_usual_shape(given):
    parsed = parse_birth(given, TODAY)
    assert (parsed.value, parsed.findings) == (BORN, ())


@pytest.mark.parametrize("given", ["1985", number(1985), " 1985 "])
def test_a_year_alone_stays_a_year(given):
    parsed = parse_birth(given, TODAY)
    assert (parsed.value, codes(parsed), str(parsed.value)) == (Birth(1985), ["birth_year_only"], "1985")


@pytest.mark.parametrize(
    ("given", "proposed", "code"),
    [
        ("7/3/85", "07/03/1985", "birth_two_digit_year"),
        ("7/3/05", "07/03/2005", "birth_two_digit_year"),
        ("7/3/20", "07/03/1920", "birth_two_digit_year"),
        ("12/25/1980", "25/12/1980", "birth_month_first"),
        (number(31113), "07/03/1985", "birth_serial_number"),
        (Cell(CellKind.DATE, date(1905, 6, 7)), "1985", "birth_year_shown_as_date"),
    ],
)
def test_a_doubtful_birth_is_a_proposal(given, proposed, code):
    parsed = parse_birth(given, TODAY)
    assert parsed.safe_value is None
    assert (parsed.findings[0].code, parsed.findings[0].proposal) == (code, proposed)


@pytest.mark.parametrize(
    "given", ["31/02/1985", "abc", "0/0/1985", "1/13/13/1985", number(5), number(2.5), "32/13/1985"]
)
def test_an_impossible_birth_is_an_error(given):
    parsed = parse_birth(given, TODAY)
    assert (parsed.value, codes(parsed)) == (None, ["birth_unreadable"])


def test_a_month_with_a_year_keeps_the_year():
    assert parse_birth("03/1985", TODAY).value == Birth(1985)


def test_an_unlikely_age_is_pointed_out():
    assert codes(parse_birth("07/03/2024", TODAY)) == ["birth_implausible"]
    assert codes(parse_birth("1900", TODAY)) == ["birth_year_only", "birth_implausible"]


@given(st.dates(min_value=date(1930, 1, 1), max_value=date(2015, 12, 31)))
def test_what_we_show_of_a_birth_reads_back_the_same(day):
    assert parse_birth(str(Birth.of(day)), TODAY).value == Birth.of(day)


@given(st.text(max_size=20))
def test_no_text_is_too_strange_to_be_judged(text):
    for parse in (parse_phone, parse_email, parse_sex, parse_audience, parse_id_number, parse_name):
        parse(text)
    parse_birth(text, TODAY)


@pytest.mark.parametrize("value", [0, -1, 1e300, 1.5, 10**18, 99999, -44000.5])
def test_no_number_is_too_strange_to_be_judged(value):
    for parse in (parse_phone, parse_email, parse_sex, parse_audience, parse_id_number, parse_name):
        parse(number(value))
    parse_birth(number(value), TODAY)


@pytest.mark.parametrize(
    ("written", "sex"),
    [("Nam", Sex.MALE), ("NỮ", Sex.FEMALE), ("nu", Sex.FEMALE), ("F", Sex.FEMALE), ("Male", Sex.MALE)],
)
def test_sex_is_read_in_both_languages(written, sex):
    assert parse_sex(written).value is sex


def test_an_unknown_sex_or_audience_is_left_out_and_said_so():
    assert codes(parse_sex("1")) == ["sex_unreadable"]
    assert codes(parse_audience("khác")) == ["audience_unreadable"]
    assert parse_sex("").findings == parse_audience("").findings == ()


@pytest.mark.parametrize(
    ("written", "audience"),
    [
        ("CBCC", Audience.OFFICIAL), ("Cán bộ, công chức", Audience.OFFICIAL), ("CBCCVC", Audience.OFFICIAL),
        ("Người dân", Audience.CITIZEN), ("nguoi dan", Audience.CITIZEN), ("Doanh nghiệp", Audience.BUSINESS),
        ("DN", Audience.BUSINESS), ("Hộ kinh doanh", Audience.BUSINESS), ("HTX", Audience.BUSINESS),
    ],
)  # fmt: skip
def test_audiences_have_many_names(written, audience):
    assert parse_audience(written).value is audience


@pytest.mark.parametrize(
    ("written", "kept", "safe", "expected"),
    [
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh", "Nguyễn Thị Ánh", []),
        ("  Thái  Trọng ", "Thái Trọng", "Thái Trọng", ["name_spaces"]),
        ("Le\u0302 Kha\u0301nh", "Lê Khánh", "Lê Khánh", ["name_decomposed"]),
        ("TRẦN THỊ MY", "Trần Thị My", "TRẦN THỊ MY", ["name_capitals"]),
        ("trần thị my", "Trần Thị My", "trần thị my", ["name_no_capitals"]),
        ("NguyÔn ThÞ ¸nh", "Nguyễn Thị Ánh", "NguyÔn ThÞ ¸nh", ["name_old_encoding"]),
        ("Lan", "Lan", "Lan", ["name_one_word"]),
        ("Lê Lan 2", "Lê Lan 2", "Lê Lan 2", ["name_odd_characters"]),
        ("...", None, None, ["name_missing"]),
        ("A" * 121, None, None, ["name_too_long"]),
    ],
)
def test_names_are_folded_silently_and_rewritten_only_when_told(written, kept, safe, expected):
    parsed = parse_name(written)
    assert (parsed.value, parsed.safe_value, codes(parsed)) == (kept, safe, expected)


SYLLABLES = st.sampled_from("Nguyễn Thị Ánh Hòa HOÀ Ý An lê H'Hen Lê2 NguyÔn ThÞ Lª Huúnh Xx Đ. Smith Ngh".split())
ODD = st.text("aăÂđ\u0301\u0302 \u00a0\u200b-.Nn", max_size=6)


@example("HOÀ LÊ")
@example("hoà lê")
@example(" ".join(["Nguyễn"] * 20))
@example("A\u0301nh Lan")
@given(st.lists(SYLLABLES | ODD, min_size=1, max_size=30).map(" ".join))
def test_a_name_with_nothing_wrong_is_read_the_short_way_as_it_would_be_the_long_way(written):
    """Whose font is known goes the long way, be it that of old texts."""
    assert parse_name(Cell(CellKind.TEXT, written)) == parse_name(Cell(CellKind.TEXT, written, font="Arial"))


def test_a_font_of_old_texts_is_believed_before_the_letters():
    parsed = parse_name(Cell(CellKind.TEXT, "Lâm Thúy", font=".VnTime"))
    assert (codes(parsed), parsed.safe_value) == (["name_old_encoding"], "Lâm Thúy")


def test_an_email_is_kept_in_small_letters_or_left_out():
    assert parse_email(" Lan@Example.VN ").value == "lan@example.vn"
    assert codes(parse_email("lan@")) == codes(parse_email("a b@example.vn")) == ["email_unreadable"]


CODES = st.integers(0, 2**32).map(lambda seed: make_learner_code(random.Random(seed)))


@given(CODES)
def test_a_learner_code_survives_being_written_and_typed(code):
    assert len(code) == 8
    assert is_learner_code(code)
    assert normalise_learner_code(f" {code[:4].lower()}-{code[4:]} ") == code
    assert is_learner_code(code.replace("0", "O").replace("1", "l"))


@given(CODES, st.integers(0, 7), st.integers(1, 31))
def test_one_wrong_character_is_always_noticed(code, place, shift):
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    wrong = alphabet[(alphabet.index(code[place]) + shift) % 32]
    assert not is_learner_code(code[:place] + wrong + code[place + 1 :])


@given(CODES, st.integers(0, 7), st.integers(0, 7))
def test_two_exchanged_characters_are_always_noticed(code, one, other):
    swapped = list(code)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert is_learner_code("".join(swapped)) == ("".join(swapped) == code)


@pytest.mark.parametrize("typed", ["", "ABC", "U2345678", "ABCDEFGHI", "Ａ2345678"])
def test_what_is_no_code_is_refused(typed):
    assert not is_learner_code(typed)
