"""The figures of questions and tests: the golden case, what is undefined, what was drawn, and what is worth a look."""

from decimal import Decimal
from statistics import mean, median, stdev, variance
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.exams.rules.analysis import (
    SMALL,
    Figures,
    ItemFigures,
    analyse,
    covariance,
    five_numbers,
    histogram,
    quantile,
)

GOLDEN = [[int(mark) for mark in row] for row in "111 110 100 010 000 111".split()]
ROWS = st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=4, max_size=12)


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-5)


def test_the_golden_case() -> None:
    figures = analyse(GOLDEN, [1, 1, 1])
    assert [item.facility for item in figures.items] == [near(66.66667), near(66.66667), near(33.33333)]
    assert [item.discrimination for item in figures.items] == [near(43.3013), near(43.3013), near(63.2456)]
    assert [item.efficiency for item in figures.items] == [near(50), near(50), near(100)]
    assert [item.weight for item in figures.items] == [near(32.58343), near(32.58343), near(34.83315)]
    assert [item.deviation for item in figures.items] == [near(51.63978)] * 3
    assert [item.n for item in figures.items] == [6, 6, 6]
    assert (figures.mean, figures.median) == (near(1.666667), near(1.5))
    assert figures.deviation == near(1.21106)
    assert figures.skewness == near(-0.0750657)
    assert figures.kurtosis == near(-1.549587)
    assert figures.consistency == near(68.18182)
    assert figures.error_ratio == near(56.40761)
    assert figures.standard_error == near(0.683130)
    assert figures.small


def test_points_and_shares_of_points_give_the_same_figures_but_those_in_points() -> None:
    doubled = analyse([[Decimal("0.5") * mark for mark in row] for row in GOLDEN], [Decimal("0.5")] * 3)
    figures = analyse([[float(mark) for mark in row] for row in GOLDEN], [1.0, 1.0, 1.0])
    assert doubled.items == tuple(
        ItemFigures(*(each if name == "n" else near(each) for name, each in facts(item))) for item in figures.items
    )
    assert doubled.deviation == near((figures.deviation or 0) / 2)
    assert doubled.standard_error == near((figures.standard_error or 0) / 2)
    assert doubled.consistency == near(figures.consistency or 0)
    assert doubled.kurtosis == near(figures.kurtosis or 0)


def facts(item: ItemFigures) -> list[tuple[str, Any]]:
    return [(name, getattr(item, name)) for name in ItemFigures.__slots__]


def test_nothing_is_known_of_nothing() -> None:
    assert analyse([], [1, 1]) == Figures(0, (ItemFigures(0), ItemFigures(0)))
    assert analyse([], []) == Figures(0, ())


def test_one_attempt_has_a_mean_and_no_spread() -> None:
    figures = analyse([[1, 0]], [1, 1])
    assert figures == Figures(1, (ItemFigures(1, 100.0), ItemFigures(1, 0.0)), mean=1.0, median=1.0)


def test_two_attempts_have_a_spread_and_no_shape() -> None:
    figures = analyse([[1, 1], [0, 0]], [1, 1])
    assert figures.deviation == near(2**0.5)
    assert [item.discrimination for item in figures.items] == [near(100), near(100)]
    assert figures.consistency == near(100)
    assert figures.standard_error == pytest.approx(0, abs=1e-9)
    assert (figures.skewness, figures.kurtosis) == (None, None)


def test_three_attempts_have_a_skewness_and_no_kurtosis() -> None:
    figures = analyse([[1, 1], [0, 0], [0, 0]], [1, 1])
    assert figures.skewness == near(1.7320508)
    assert figures.kurtosis is None


def test_identical_scores_tell_nothing_apart() -> None:
    figures = analyse([[Decimal("0.33333"), Decimal("0.7")]] * 40, [1, 1])
    assert figures.deviation == 0
    assert figures.items[0] == ItemFigures(40, near(33.333), 0.0)
    undefined = (figures.skewness, figures.kurtosis, figures.consistency, figures.error_ratio, figures.standard_error)
    assert undefined == (None,) * 5
    assert not figures.small


def test_an_item_that_all_have_right_has_no_discrimination_and_weighs_nothing() -> None:
    figures = analyse([[1, *row] for row in GOLDEN], [1] * 4)
    assert figures.items[0] == ItemFigures(6, 100.0, 0.0, None, None, 0.0)
    assert [item.weight for item in figures.items[1:]] == [near(32.58343), near(32.58343), near(34.83315)]


def test_an_item_that_goes_against_the_rest_has_no_weight() -> None:
    figures = analyse([[1, 0, 0], [1, 0, 0], [0, 1, 1], [0, 1, 1]], [1, 1, 1])
    assert figures.items[0].discrimination == near(-100)
    assert figures.items[0].efficiency == near(-100)
    assert figures.items[0].weight is None
    assert figures.items[1].weight == near(50)
    assert figures.consistency == near(-300)
    assert figures.error_ratio == near(200)


def test_an_item_worth_nothing_has_no_facility() -> None:
    assert analyse([[0, 1], [0, 0]], [0, 1]).items[0] == ItemFigures(2, None, None, None, None, 0.0)


def test_a_single_item_has_no_consistency() -> None:
    figures = analyse([[1], [0], [1]], [1])
    assert (figures.consistency, figures.error_ratio, figures.standard_error) == (None, None, None)


def test_thirty_attempts_need_no_note() -> None:
    assert analyse([[1, 0]] * (SMALL - 1), [1, 1]).small
    assert not analyse([[1, 0]] * SMALL, [1, 1]).small
    assert SMALL == 30


# --- drawn questions ---

DRAWN = [[1, 1, None], [1, None, 1], [0, 0, None], [0, None, 0], [1, 0, None], [0, None, 1]]


def test_a_drawn_item_is_judged_over_those_who_had_it() -> None:
    figures = analyse(DRAWN, [1, 1, 1])
    alone = analyse([[row[0], row[1]] for row in DRAWN if row[1] is not None], [1, 1])
    assert [item.n for item in figures.items] == [6, 3, 3]
    assert figures.items[1].facility == near(33.33333)
    for name in ("facility", "deviation", "discrimination", "efficiency"):
        assert getattr(figures.items[1], name) == getattr(alone.items[1], name)
    assert figures.mean == near(1)


def test_the_weights_of_what_one_attempt_holds_on_average_make_a_hundred() -> None:
    figures = analyse(DRAWN, [1, 1, 1])
    assert sum((item.weight or 0) * item.n for item in figures.items) / len(DRAWN) == near(100)


def test_drawn_items_need_their_places_for_the_consistency() -> None:
    assert analyse(DRAWN, [1, 1, 1]).consistency is None
    places = [[mark for mark in row if mark is not None] for row in DRAWN]
    figures = analyse(DRAWN, [1, 1, 1], places)
    assert figures.consistency == analyse(places, [1, 1]).consistency
    assert figures.consistency is not None


# --- whatever the marks are ---


@given(ROWS)
def test_figures_agree_with_the_textbook(rows: list[list[int]]) -> None:
    figures = analyse(rows, [4, 4, 4])
    totals = [sum(row) for row in rows]
    assert figures.mean == near(mean(totals))
    assert figures.median == near(median(totals))
    assert figures.deviation == pytest.approx(stdev(totals), abs=1e-9)
    if variance(totals):
        parts = sum(variance(column) for column in zip(*rows, strict=True))
        assert figures.consistency == pytest.approx(150 * (1 - parts / variance(totals)), abs=1e-6)
    for item in figures.items:
        assert 0 <= (item.facility or 0) <= 100
        assert -100.000001 <= (item.discrimination or 0) <= 100.000001


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_attempts_and_items_is_no_matter(rows: list[list[int]], random: Any) -> None:
    figures = analyse(rows, [4, 4, 4])
    assert analyse(random.sample(rows, len(rows)), [4, 4, 4]).items == figures.items
    turned = analyse([row[::-1] for row in rows], [4, 4, 4])
    assert [item.discrimination for item in turned.items] == [item.discrimination for item in figures.items[::-1]]
    assert turned.standard_error == figures.standard_error


@given(st.lists(st.integers(0, 10**6), min_size=2))
def test_a_spread_of_nothing_is_exactly_nothing(values: list[int]) -> None:
    assert (covariance(values, values) == 0) is (len(set(values)) == 1)
    assert covariance(values, values) == pytest.approx(variance(values))


# --- pictures of the marks ---


def test_marks_fall_into_the_parts_of_the_scale_borders_upwards() -> None:
    marks = [(Decimal(mark), Decimal(5)) for mark in ("0", "0.49999", "0.5", "2.5", "4.99999", "5")]
    assert histogram(marks) == [2, 1, 0, 0, 0, 1, 0, 0, 0, 2]
    assert histogram(marks, bins=2) == [3, 3]
    assert histogram([(Decimal(0), Decimal(0))]) == [0] * 10


def test_quantiles_lie_between_two_neighbours() -> None:
    assert five_numbers([Decimal(4), Decimal(1), Decimal(2), Decimal(3)]) == (
        1,
        Decimal("1.75"),
        2.5,
        Decimal("3.25"),
        4,
    )
    assert five_numbers([7]) == (7,) * 5
    assert five_numbers([]) == ()
    assert quantile([1, 2, 10], Decimal("0.5")) == 2
    assert quantile([1, 2], Decimal(1)) == 2
