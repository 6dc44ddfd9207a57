"""What an answer is worth: every kind, exactly."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.exams.rules.answers import clean_answer
from classroom.exams.rules.kinds import Kind, choices
from classroom.exams.rules.marking import MARKER, fraction, typed_form
from tests.exams.making import BODIES, RIGHT

THIRD = Fraction(1, 3)


def options(*right: bool, weights: tuple[str, ...] = ()) -> dict[str, Any]:
    """Options a, b, c …; with weights where they are given."""
    made = [{"id": "abcdefgh"[place], "text": f"Phương án {place}", "right": each} for place, each in enumerate(right)]
    return {"options": [each | ({"weight": weights[place]} if weights else {}) for place, each in enumerate(made)]}


def typed(*accepted: tuple[str, str], **how: bool) -> dict[str, Any]:
    return {"answers": [{"text": text, "percent": percent} for text, percent in accepted], **how}


def test_the_marker_grows_with_every_change_of_what_answers_earn() -> None:
    assert MARKER == 1


@pytest.mark.parametrize("kind", Kind)
def test_a_right_answer_of_every_kind_earns_everything_and_none_nothing(kind: Kind) -> None:
    assert fraction(kind, BODIES[kind], RIGHT[kind]) == 1
    assert fraction(kind, BODIES[kind], None) == 0


WEIGHED = options(True, False, False, False, weights=("100", "50", "0", "-25"))


@pytest.mark.parametrize(
    ("body", "choice", "share"),
    [
        (BODIES[Kind.SINGLE], "b", 0),
        (BODIES[Kind.SINGLE], "gone", 0),
        (WEIGHED, "a", 1),
        (WEIGHED, "b", Fraction(1, 2)),
        (WEIGHED, "c", 0),
        (WEIGHED, "d", 0),
        (WEIGHED, "gone", 0),
        (options(True, False, weights=("99.5", "49.75")), "a", 1),
        (options(True, False, weights=("99.5", "49.75")), "b", Fraction(1, 2)),
        (options(True, False, weights=("0", "-10")), "a", 0),
    ],
)
def test_one_choice_is_right_or_worth_what_its_author_wrote(body: dict[str, Any], choice: str, share: Fraction) -> None:
    assert fraction(Kind.SINGLE, body, {"choice": choice}) == share


TWO_OF_FIVE = options(True, True, False, False, False)
THREE = options(True, True, True, False, weights=("33.333", "33.333", "33.333", "-50"))


@pytest.mark.parametrize(
    ("body", "chosen", "share"),
    [
        (TWO_OF_FIVE, "a", Fraction(1, 2)),
        (TWO_OF_FIVE, "ab", 1),
        (TWO_OF_FIVE, "ac", Fraction(1, 6)),
        (TWO_OF_FIVE, "abc", Fraction(2, 3)),
        (TWO_OF_FIVE, "acd", 0),
        (TWO_OF_FIVE, "cde", 0),
        (TWO_OF_FIVE, "abcde", 0),
        (TWO_OF_FIVE, "az", Fraction(1, 2)),
        (options(True, True), "a", Fraction(1, 2)),
        (options(True, True), "ab", 1),
        (THREE, "abc", 1),
        (THREE, "ab", Fraction(2, 3)),
        (THREE, "abcd", Fraction(99999 - 50000, 99999)),
        (THREE, "d", 0),
        (THREE, "az", THIRD),
        (THREE, "aa", THIRD),
        (options(True, False, weights=("0", "-10")), "a", 0),
    ],
)
def test_several_choices_earn_the_right_share_less_the_wrong_one(
    body: dict[str, Any], chosen: str, share: Fraction
) -> None:
    assert fraction(Kind.MULTIPLE, body, {"choices": list(chosen)}) == share


@pytest.mark.parametrize("right", [True, False])
def test_true_or_false(right: bool) -> None:
    assert fraction(Kind.TRUE_FALSE, {"right": right}, {"value": right}) == 1
    assert fraction(Kind.TRUE_FALSE, {"right": right}, {"value": not right}) == 0


NUMBERS = {
    "answers": [
        {"value": "3.14", "tolerance": "0.01", "percent": "100"},
        {"value": "3.1", "tolerance": "0.1", "percent": "50"},
        {"low": "-5", "high": "-2.5", "percent": "33.333"},
    ]
}


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("3,14", 1),
        (" 3.13 ", 1),
        ("3.15", 1),
        ("+3,1400", 1),
        ("0,314e1", 1),
        ("3.151", Fraction(1, 2)),
        ("3.1299999999999999999999999999999999", Fraction(1, 2)),
        ("3", Fraction(1, 2)),
        ("3.2", Fraction(1, 2)),
        ("3.2001", 0),
        ("2.9999", 0),
        ("-5", Fraction(33333, 100000)),
        ("\N{MINUS SIGN}2,5", Fraction(33333, 100000)),
        ("-5.01", 0),
        ("-2.49", 0),
        ("3,1,4", 0),
        ("ba", 0),
        ("NaN", 0),
        ("Infinity", 0),
    ],
)
def test_numbers_count_within_their_bounds_the_bounds_included(text: str, share: Fraction) -> None:
    assert fraction(Kind.NUMERICAL, NUMBERS, {"text": text}) == share


@pytest.mark.parametrize(
    ("body", "text", "share"),
    [
        (typed(("Hà Nội", "100")), "HÀ NỘI", 1),
        (typed(("Hà Nội", "100")), "  hà \t nội ", 1),
        (typed(("Hà Nội", "100")), "Hà\N{NO-BREAK SPACE}Nội", 1),
        (typed(("Hà Nội", "100")), "Hà Nô\u0323i", 1),
        (typed(("Hà Nội", "100")), "Hà\N{ZERO WIDTH SPACE} Nội", 1),
        (typed(("Hà Nội", "100")), "Ha Noi", 0),
        (typed(("Hà Nội", "100")), "HàNội", 0),
        (typed(("Hà Nội", "100"), diacritics=False), "ha nôi", 1),
        (typed(("Đà Nẵng", "100"), diacritics=False), "DA NANG", 1),
        (typed(("đi", "100")), "di", 0),
        (typed(("USB", "100"), case=True), "USB", 1),
        (typed(("USB", "100"), case=True), "usb", 0),
        (typed(("Đĩa", "100"), case=True, diacritics=False), "Dia", 1),
        (typed(("Đĩa", "100"), case=True, diacritics=False), "dia", 0),
        (typed(("đĩa", "100"), case=True, diacritics=False), "dia", 1),
        (typed(("hoà", "100")), "hòa", 1),
        (typed(("THỦY", "100")), "thuỷ", 1),
        (typed(("hoà", "100")), "hoá", 0),
        (typed(("của", "100")), "cuả", 0),
        (typed(("Chrome", "100"), ("Google", "50")), "google", Fraction(1, 2)),
        (typed(("một", "20"), ("Một", "100")), "một", 1),
        (typed(("\N{ZERO WIDTH SPACE}", "100")), "\N{ZERO WIDTH SPACE}", 0),
    ],
)
def test_short_answers_are_compared_as_their_author_wants(body: dict[str, Any], text: str, share: Fraction) -> None:
    assert fraction(Kind.SHORT_ANSWER, body, {"text": text}) == share


def test_the_tone_stands_where_it_likes_within_a_rhyme_only() -> None:
    assert typed_form({}, "hòa") == typed_form({}, "hoà")
    assert typed_form({}, "khỏe") == typed_form({}, "khoẻ")
    assert typed_form({}, "ụy") == typed_form({}, "uỵ")
    assert typed_form({"case": True}, "HÒA") == typed_form({"case": True}, "HOÀ")
    assert typed_form({}, "mía") != typed_form({}, "miá")


SAME_RIGHT = {
    "pairs": [
        {"id": "a", "left": "Chrome", "right": "Trình duyệt"},
        {"id": "b", "left": "Firefox", "right": "Trình duyệt"},
        {"id": "c", "left": "Word", "right": "Soạn thảo"},
    ],
    "extra": [{"id": "x", "text": "Bảng tính"}, {"id": "y", "text": "Soạn thảo"}],
}


@pytest.mark.parametrize(
    ("pairs", "share"),
    [
        ({"a": "a", "b": "a", "c": "c"}, 1),
        ({"a": "b", "b": "b", "c": "y"}, 1),
        ({"a": "a", "b": "c", "c": "a"}, THIRD),
        ({"a": "x", "b": "a"}, THIRD),
        ({"c": "gone"}, 0),
        ({}, 0),
    ],
)
def test_pairs_count_one_by_one_and_equal_texts_are_equally_right(pairs: dict[str, str], share: Fraction) -> None:
    assert fraction(Kind.MATCHING, SAME_RIGHT, {"pairs": pairs}) == share


@pytest.mark.parametrize(("order", "share"), [("abc", 1), ("acb", THIRD), ("bca", 0), ("ab", Fraction(2, 3)), ("", 0)])
def test_things_to_be_ordered_count_at_their_place(order: str, share: Fraction) -> None:
    assert fraction(Kind.ORDERING, BODIES[Kind.ORDERING], {"order": list(order)}) == share


# --- any question, any answer ---

TEXTS = st.text("abcđ ôà01,.-", min_size=1, max_size=6)
NUMBER = st.decimals(-1000, 1000, places=2).map(str)
PERCENT = st.integers(0, 100).map(str)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Kind, dict[str, Any], dict[str, Any] | None]:
    """A question that can be asked, with an answer that a device may send."""
    kind = draw(st.sampled_from(Kind))
    ids = "abcdefg"[: draw(st.integers(2, 7))]
    body = draw(_BODY[kind](ids))
    raw = draw(_answer(kind, body, ids))
    return kind, body, clean_answer(kind, body, raw)


def _choices_of(ids: str) -> st.SearchStrategy[dict[str, Any]]:
    weights = st.one_of(st.none(), st.lists(st.integers(-100, 100), min_size=len(ids), max_size=len(ids)))
    rights = st.lists(st.booleans(), min_size=len(ids), max_size=len(ids)).filter(any)
    return st.builds(lambda right, weight: options(*right, weights=tuple(map(str, weight or ()))), rights, weights)


_BODY: dict[Kind, Any] = {
    Kind.SINGLE: _choices_of,
    Kind.MULTIPLE: _choices_of,
    Kind.TRUE_FALSE: lambda ids: st.builds(lambda right: {"right": right}, st.booleans()),
    Kind.NUMERICAL: lambda ids: st.builds(
        lambda pairs: {"answers": [{"value": value, "tolerance": "0.5", "percent": each} for value, each in pairs]},
        st.lists(st.tuples(NUMBER, PERCENT), min_size=1),
    ),
    Kind.SHORT_ANSWER: lambda ids: st.builds(
        lambda pairs, diacritics, case: typed(*pairs, diacritics=diacritics, case=case),
        st.lists(st.tuples(TEXTS, PERCENT), min_size=1),
        st.booleans(),
        st.booleans(),
    ),
    Kind.MATCHING: lambda ids: st.builds(
        lambda rights: {"pairs": [{"id": i, "left": i, "right": r} for i, r in zip(ids, rights, strict=True)]},
        st.lists(st.sampled_from(["một", "hai", "ba"]), min_size=len(ids), max_size=len(ids)),
    ),
    Kind.ORDERING: lambda ids: st.just({"items": [{"id": each, "text": each} for each in ids]}),
}


def _answer(kind: Kind, body: dict[str, Any], ids: str) -> st.SearchStrategy[Any]:
    if kind is Kind.SINGLE:
        return st.builds(lambda each: {"choice": each}, st.sampled_from(ids))
    if kind is Kind.MULTIPLE:
        return st.builds(lambda some: {"choices": some}, st.lists(st.sampled_from(ids)))
    if kind is Kind.TRUE_FALSE:
        return st.builds(lambda value: {"value": value}, st.booleans())
    if kind is Kind.MATCHING:
        rights = st.sampled_from(list(choices(body)))
        return st.builds(lambda pairs: {"pairs": pairs}, st.dictionaries(st.sampled_from(ids), rights))
    if kind is Kind.ORDERING:
        return st.builds(lambda order: {"order": order}, st.permutations(ids))
    return st.builds(lambda text: {"text": text}, TEXTS | NUMBER)


@given(cases())
def test_no_answer_earns_less_than_nothing_or_more_than_everything(case: tuple[Any, Any, Any]) -> None:
    assert 0 <= fraction(*case) <= 1


@given(cases(), st.randoms(use_true_random=False))
def test_in_which_order_things_are_written_down_is_no_matter(case: tuple[Any, Any, Any], random: Any) -> None:
    kind, body, answer = case
    name = next((each for each in ("options", "answers", "pairs") if each in body), None)
    mixed = {**body, name: random.sample(body[name], len(body[name]))} if name else body
    assert fraction(kind, mixed, answer) == fraction(kind, body, answer)


@given(st.lists(st.booleans(), min_size=2, max_size=8).filter(any))
def test_all_and_only_the_right_ones_earn_everything(right: list[bool]) -> None:
    body = options(*right)
    chosen = [each["id"] for each in body["options"] if each["right"]]
    assert fraction(Kind.MULTIPLE, body, {"choices": chosen}) == 1
    everything = [each["id"] for each in body["options"]]
    assert fraction(Kind.MULTIPLE, body, {"choices": everything}) == (1 if all(right) else 0)
