"""A certificate's code survives reading out and typing; what was mistyped is not taken for another certificate."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from classroom.certification.rules.codes import LENGTH, check_character, new_code, parse_code, shown_code
from classroom.core.ids import ALPHABET

bodies = st.text(ALPHABET, min_size=12, max_size=12)


def test_a_code_has_thirteen_characters_that_nobody_misreads() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == LENGTH == 13 and set(code) <= set(ALPHABET) for code in codes)
    assert all(parse_code(code) == code for code in codes)


def test_the_check_character_never_changes_what_was_printed() -> None:
    # 2¹² by hand, modulo x⁵ + x² + 1: x³ + x² + x is 14, which is written E.
    bodies_and_checks = {"000000000000": "0", "000000000001": "2", "100000000000": "E", "0123456789AB": "V"}
    assert {body: check_character(body) for body in bodies_and_checks} == bodies_and_checks


@given(bodies)
def test_no_single_wrong_character_goes_unnoticed(body: str) -> None:
    code = body + check_character(body)
    for place, right in enumerate(code):
        for wrong in ALPHABET:
            assert (parse_code(code[:place] + wrong + code[place + 1 :]) is None) == (wrong != right)


@given(bodies)
def test_no_two_exchanged_characters_go_unnoticed(body: str) -> None:
    code = body + check_character(body)
    for one, other in combinations(range(LENGTH), 2):
        letters = list(code)
        letters[one], letters[other] = letters[other], letters[one]
        assert (parse_code("".join(letters)) is None) == (code[one] != code[other])


@given(bodies)
def test_a_code_is_read_as_people_write_it(body: str) -> None:
    code = body + check_character(body)
    assert shown_code(code).count("-") == 3
    for written in (shown_code(code), code.lower(), f"  {shown_code(code).lower()}\n", " ".join(code)):
        assert parse_code(written) == code
    assert parse_code(code.replace("0", "o").replace("1", "l")) == code
    assert parse_code(code.replace("0", "O").replace("1", "I")) == code


@given(st.text(max_size=40))
def test_anything_may_be_asked(text: str) -> None:
    found = parse_code(text)
    assert found is None or parse_code(found) == found


def test_what_is_no_code_is_none() -> None:
    for text in ("", "U" * 13, "0" * 12, "0" * 14, "١" * 13, "İ" * 13, "0" * 12 + "ß", "0" * 13 + "\x00"):
        assert parse_code(text) is None
