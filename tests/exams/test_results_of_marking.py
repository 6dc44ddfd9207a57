"""From items to a result: points, decisions, the pass mark, the scale, and which of several attempts counts."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from classroom.exams.rules.kinds import Content, Kind, flaws, option_ids
from classroom.exams.rules.marking import (
    Action,
    Asked,
    Ruling,
    add_up,
    can_rekey,
    counting,
    item_mark,
    mark_item,
    passes,
    scaled,
)
from classroom.exams.rules.terms import Counts
from tests.exams.making import BODIES
from tests.exams.test_marking import NUMBERS, SAME_RIGHT, options
from tests.factories import vietnam

THIRD = Fraction(1, 3)


@pytest.mark.parametrize(
    ("share", "points", "mark"),
    [
        (Fraction(1), "0.5", "0.50000"),
        (Fraction(0), "2", "0.00000"),
        (THIRD, "1", "0.33333"),
        (Fraction(2, 3), "1", "0.66667"),
        (Fraction(1, 8), "0.0001", "0.00001"),
        (Fraction(1, 2), "0.00001", "0.00001"),
        (Fraction(49, 100), "0.00001", "0.00000"),
    ],
)
def test_the_points_of_an_item_are_rounded_half_up_to_five_places(share: Fraction, points: str, mark: str) -> None:
    assert str(item_mark(share, Decimal(points))) == mark


def ruled(action: Action, body: dict[str, Any] | None = None, answer: Any = None) -> tuple[Decimal, Decimal]:
    asked = Asked(Decimal("0.5"), Kind.SINGLE, BODIES[Kind.SINGLE], answer, Ruling(action, body))
    return mark_item(asked)


def test_decisions_are_kept_under_these_names() -> None:
    assert [each.value for each in Action] == ["rekey", "full", "drop", "none"]


def test_decisions_change_what_an_item_is_worth() -> None:
    half, nothing = Decimal("0.5"), Decimal(0)
    assert mark_item(Asked(half, Kind.SINGLE, BODIES[Kind.SINGLE], {"choice": "a"})) == (half, half)
    assert ruled(Action.NONE, answer={"choice": "a"}) == (half, half)
    assert ruled(Action.NONE, answer={"choice": "b"}) == (nothing, half)
    assert ruled(Action.FULL) == (half, half)
    assert ruled(Action.DROP, answer={"choice": "a"}) == (nothing, nothing)
    other = options(False, True, False)
    assert ruled(Action.REKEY, other, {"choice": "a"}) == (nothing, half)
    assert ruled(Action.REKEY, other, {"choice": "b"}) == (half, half)
    assert [str(ruled(each)[0]) for each in (Action.FULL, Action.DROP)] == ["0.50000", "0.00000"]


@pytest.mark.parametrize(
    ("adjustments", "mark", "passed"),
    [((), "1.5", False), (("0.5",), "2", True), (("1", "-0.5"), "2", True), (("-9",), "0", False), (("9",), "4", True)],
)
def test_a_result_is_the_sum_with_its_adjustments_within_what_can_be_had(
    adjustments: tuple[str, ...], mark: str, passed: bool
) -> None:
    items = [(Decimal(1), Decimal(2)), (Decimal("0.5"), Decimal(2)), (Decimal(0), Decimal(0))]
    result = add_up(items, map(Decimal, adjustments), 50)
    assert (result.mark, result.out_of, result.passed) == (Decimal(mark), 4, passed)
    assert result.marks == (Decimal(1), Decimal("0.5"), Decimal(0))


@pytest.mark.parametrize(
    ("mark", "out_of", "percent", "yes"),
    [
        ("5", "10", 50, True),
        ("4.99999", "10", 50, False),
        ("0.66667", "2", 33, True),
        ("0.33333", "1", 34, False),
        ("0.00001", "0.00001", 100, True),
        ("0", "10", 0, True),
        ("10", "10", 100, True),
        ("0", "0", 0, False),
        ("0", "0", 50, False),
    ],
)
def test_the_pass_mark_is_reached_exactly_or_not(mark: str, out_of: str, percent: int, yes: bool) -> None:
    assert passes(Decimal(mark), Decimal(out_of), percent) is yes


@pytest.mark.parametrize(
    ("mark", "out_of", "shown"),
    [("7", "8", "8.75"), ("1", "3", "3.33"), ("2", "3", "6.67"), ("0.00125", "1", "0.01"), ("0.0005", "1", "0.01"),
     ("0.00049", "1", "0.00"), ("0", "0", "0.00"), ("3", "3", "10.00")],
)  # fmt: skip
def test_a_mark_on_the_scale_is_rounded_half_up_to_two_places(mark: str, out_of: str, shown: str) -> None:
    assert str(scaled(Decimal(mark), Decimal(out_of), 10)) == shown


@pytest.mark.parametrize("kind", Kind)
def test_a_key_can_mark_what_was_chosen_among_the_same_ids(kind: Kind) -> None:
    assert can_rekey(kind, BODIES[kind], kind, BODIES[kind])
    other = Kind.MULTIPLE if kind is Kind.SINGLE else Kind.SINGLE
    assert not can_rekey(kind, BODIES[kind], other, BODIES[kind])
    assert flaws(Content(kind, "?", BODIES[kind])) == []


def test_a_key_with_more_fewer_or_other_ids_cannot() -> None:
    three, four = options(True, False, False), options(True, False, False, False)
    assert can_rekey(Kind.SINGLE, three, Kind.SINGLE, {"options": three["options"][::-1]})
    assert not can_rekey(Kind.SINGLE, three, Kind.SINGLE, four)
    assert not can_rekey(Kind.SINGLE, four, Kind.SINGLE, three)
    upside_down = {"items": BODIES[Kind.ORDERING]["items"][::-1]}
    assert can_rekey(Kind.ORDERING, BODIES[Kind.ORDERING], Kind.ORDERING, upside_down)
    assert option_ids(Kind.ORDERING, upside_down) == ["c", "b", "a"]
    assert can_rekey(Kind.NUMERICAL, NUMBERS, Kind.NUMERICAL, BODIES[Kind.NUMERICAL])
    without_extra = {"pairs": SAME_RIGHT["pairs"]}
    assert not can_rekey(Kind.MATCHING, SAME_RIGHT, Kind.MATCHING, without_extra)
    moved = {"pairs": SAME_RIGHT["pairs"][:2], "extra": [*SAME_RIGHT["extra"], {"id": "c", "text": "Soạn thảo"}]}
    assert not can_rekey(Kind.MATCHING, SAME_RIGHT, Kind.MATCHING, moved)


@dataclass
class Gone:
    """An attempt as `counting` sees one."""

    id: int
    mark: Decimal | None = None
    out_of: Decimal = Decimal(10)
    state: str = "finished"
    minute: int = 0

    @property
    def started_at(self) -> Any:
        return vietnam(8) + timedelta(minutes=self.minute)


def test_which_attempt_counts_is_as_the_paper_says() -> None:
    first, best, last = Gone(3, Decimal(5)), Gone(1, Decimal(8), minute=30), Gone(2, Decimal(6), minute=60)
    attempts = [last, first, best]
    assert counting(attempts, Counts.FIRST) is first
    assert counting(attempts, Counts.BEST) is best
    assert counting(attempts, Counts.LAST) is last


def test_the_best_is_that_with_the_greatest_share_and_of_equals_the_earlier() -> None:
    more, better = Gone(1, Decimal(6), Decimal(10)), Gone(2, Decimal(4), Decimal(5), minute=5)
    again = Gone(3, Decimal(8), Decimal(10), minute=9)
    assert counting([again, more, better], Counts.BEST) is better
    twins = [Gone(8, Decimal(8)), Gone(7, Decimal(8))]
    assert counting(twins, Counts.FIRST) is twins[1]
    assert counting(twins, Counts.BEST) is twins[1]
    assert counting(twins, Counts.LAST) is twins[0]
    empty = Gone(4, Decimal(0), Decimal(0))
    assert counting([empty, better], Counts.BEST) is better


def test_annulled_running_and_unmarked_attempts_never_count() -> None:
    others = [Gone(1, Decimal(9), state="annulled"), Gone(2, Decimal(9), state="running"), Gone(3, None)]
    for counts in Counts:
        assert counting(others, counts) is None
        kept = Gone(4, Decimal(1))
        assert counting([*others, kept], counts) is kept
