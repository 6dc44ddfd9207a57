"""Who answered what, and what is worth a look about a question."""

from decimal import Decimal
from typing import Any

import pytest

from classroom.exams.rules.analysis import SMALL, ItemFigures
from classroom.exams.rules.distribution import FEW, MOST_TYPED, Distribution, advice, distribution, guessing
from classroom.exams.rules.kinds import Kind
from tests.exams.making import BODIES, RIGHT
from tests.exams.test_marking import WEIGHED


def given(kind: Kind, *answers: Any, body: dict[str, Any] | None = None) -> Distribution:
    """Answers with the totals 1, 2, 3 …"""
    cases = [(answer, Decimal(total)) for total, answer in enumerate(answers, start=1)]
    return distribution(kind, body or BODIES[kind], cases)


def rows(found: Distribution) -> list[tuple[str, str, bool, int]]:
    return [(row.id, row.to, row.right, row.count) for row in found.chosen]


def chose(letters: str) -> list[dict[str, Any] | None]:
    return [None if each == "-" else {"choice": each} for each in letters]


def test_every_option_is_counted_also_what_nobody_chose() -> None:
    found = given(Kind.SINGLE, *chose("abab-"))
    assert rows(found) == [("a", "", True, 2), ("b", "", False, 2), ("c", "", False, 0)]
    assert [row.share for row in found.chosen] == [0.4, 0.4, 0.0]
    assert [row.mean for row in found.chosen] == [2.0, 3.0, None]
    assert (found.n, found.blank, found.others) == (5, 1, 0)


def test_of_several_choices_each_is_counted() -> None:
    found = given(Kind.MULTIPLE, {"choices": ["a", "b"]}, {"choices": ["b", "d"]}, None)
    assert rows(found) == [("a", "", True, 1), ("b", "", True, 2), ("c", "", False, 0), ("d", "", False, 1)]
    assert found.blank == 1


def test_true_and_false_are_two_options() -> None:
    found = given(Kind.TRUE_FALSE, {"value": True}, {"value": False}, {"value": False})
    assert rows(found) == [("true", "", True, 1), ("false", "", False, 2)]
    assert rows(given(Kind.TRUE_FALSE, body={"right": False})) == [("true", "", False, 0), ("false", "", True, 0)]


def test_typed_texts_are_put_together_as_they_are_compared() -> None:
    found = given(Kind.SHORT_ANSWER, *({"text": each} for each in ("Huế", "hà nội", " Hà  Nội", "HÀ NỘI", "Ha Noi")))
    assert rows(found) == [("hà nội", "", True, 3), ("ha noi", "", False, 1), ("huế", "", False, 1)]
    assert found.chosen[0].mean == 3.0


def test_numbers_are_put_together_however_they_are_written() -> None:
    found = given(Kind.NUMERICAL, *({"text": each} for each in ("3,14", "3.140", "100", "1e2", "ba  phẩy")))
    assert rows(found) == [("100", "", False, 2), ("3.14", "", True, 2), ("ba phẩy", "", False, 1)]


def test_only_the_most_common_texts_are_shown_and_the_rest_is_counted() -> None:
    found = given(Kind.SHORT_ANSWER, *({"text": f"{each % 13:02d}"} for each in range(26)))
    assert len(found.chosen) == MOST_TYPED == 10
    assert found.others == 6
    assert {row.count for row in found.chosen} == {2}
    assert [row.id for row in found.chosen] == sorted(row.id for row in found.chosen)


def test_pairs_and_places_are_counted_one_by_one() -> None:
    found = given(Kind.MATCHING, RIGHT[Kind.MATCHING], {"pairs": {"a": "b"}}, {"pairs": {"a": "a"}})
    assert rows(found) == [("a", "a", True, 2), ("a", "b", False, 1), ("b", "b", True, 1), ("c", "c", True, 1)]
    found = given(Kind.ORDERING, {"order": ["a", "c", "b"]}, {"order": ["a", "b", "c"]})
    assert rows(found) == [
        ("a", "1", True, 2),
        ("b", "2", True, 1),
        ("b", "3", False, 1),
        ("c", "2", False, 1),
        ("c", "3", True, 1),
    ]


def test_what_blind_guessing_gives() -> None:
    assert guessing(Kind.TRUE_FALSE, {"right": True}) == 50
    assert guessing(Kind.SINGLE, BODIES[Kind.SINGLE]) == pytest.approx(100 / 3)
    assert guessing(Kind.SINGLE, WEIGHED) == pytest.approx(37.5)
    assert guessing(Kind.ORDERING, BODIES[Kind.ORDERING]) is None


def figures(facility: float, discrimination: float | None = 20.0, n: int = SMALL) -> ItemFigures:
    return ItemFigures(n, facility, 10.0, discrimination, 50.0, 10.0)


SPREAD = given(Kind.SINGLE, *chose("aaabbbccc-"))


@pytest.mark.parametrize(
    ("facts", "answers", "by_guessing", "codes"),
    [
        (figures(50), SPREAD, None, []),
        (figures(50), given(Kind.SINGLE, *chose("bbbbbbbacc")), None, ["advice.key"]),
        (figures(50), given(Kind.SINGLE, *chose("bbbbbbaacc")), None, []),
        (figures(50), given(Kind.SINGLE, *chose("aaaaaaaabc")), None, []),
        (figures(50, -0.1), SPREAD, None, ["advice.negative"]),
        (figures(50, 0.0), SPREAD, None, []),
        (figures(50, None), SPREAD, None, []),
        (figures(95), SPREAD, None, []),
        (figures(95.1), SPREAD, None, ["advice.too_easy"]),
        (figures(15), SPREAD, None, []),
        (figures(14.9), SPREAD, None, ["advice.too_hard"]),
        (figures(33), SPREAD, 33.0, []),
        (figures(32.9), SPREAD, 33.0, ["advice.guessing"]),
        (figures(50), given(Kind.SINGLE, *chose("aabb")), None, ["advice.unused_option"]),
        (figures(50, n=SMALL - 1), given(Kind.SINGLE, *chose("aabb")), None, []),
        (figures(5, -5.0, n=FEW), SPREAD, 33.0, ["advice.negative", "advice.guessing", "advice.too_hard"]),
        (figures(5, -5.0, n=FEW - 1), SPREAD, 33.0, []),
        (ItemFigures(40), SPREAD, 33.0, []),
    ],
)
def test_advice_is_given_where_something_is_odd(
    facts: ItemFigures, answers: Distribution, by_guessing: float | None, codes: list[str]
) -> None:
    assert advice(facts, answers, by_guessing) == codes


def test_a_text_that_nearly_all_typed_and_no_author_foresaw_puts_the_key_in_doubt() -> None:
    found = given(Kind.SHORT_ANSWER, *[{"text": "thủ đô"}] * 8, {"text": "Hà Nội"}, None)
    assert advice(figures(50), found) == ["advice.key"]
    wrong_pair = given(Kind.MATCHING, *[{"pairs": {"a": "b"}}] * 9)
    assert advice(figures(50), wrong_pair) == []
