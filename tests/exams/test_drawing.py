"""Drawing from a seed: the same everywhere, nothing twice, fair enough."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.core.errors import Refusal
from classroom.exams.rules.drawing import Item, PoolPart, Shown, draw, total

ONE = Decimal(1)
POOL = [
    PoolPart(1, ONE, ((1, 10),)),
    PoolPart(3, Decimal("0.5"), tuple((n, n * 10) for n in range(1, 9))),
]
SEEDS = st.binary(min_size=16, max_size=16)


def drawn(seed: bytes, pool: list[PoolPart] = POOL, shown: dict[int, Shown] | None = None, **how: bool) -> list[Item]:
    settings = {"shuffle_questions": True, "shuffle_options": True, **how}
    return draw(pool, seed, shown or {}, **settings)


@given(SEEDS)
def test_nobody_is_asked_the_same_question_twice(seed: bytes) -> None:
    questions = [item.question_id for item in drawn(seed)]
    assert len(questions) == 4
    assert len(set(questions)) == 4
    assert 1 in questions


@given(SEEDS)
def test_the_same_seed_gives_the_same_paper(seed: bytes) -> None:
    assert drawn(seed) == drawn(seed)


def test_this_seed_gives_this_paper_for_ever() -> None:
    assert [item.question_id for item in drawn(b"0123456789abcdef")] == [5, 1, 6, 2]


def test_seeds_spread_over_all_questions() -> None:
    seen = Counter(item.question_id for n in range(400) for item in drawn(n.to_bytes(16, "big")))
    assert seen.pop(1) == 400
    assert set(seen) == set(range(2, 9))
    assert min(seen.values()) > 400 * 3 / 7 * 0.7


def test_without_shuffling_everything_stands_as_written() -> None:
    shown = {10: Shown(("a", "b", "c"))}
    items = drawn(b"x" * 16, shown=shown, shuffle_questions=False, shuffle_options=False)
    assert items[0].question_id == 1
    assert items[0].order == ("a", "b", "c")
    drawn_ones = [item.question_id for item in items[1:]]
    assert drawn_ones == sorted(drawn_ones)


@given(SEEDS)
def test_things_to_put_in_order_never_come_in_order(seed: bytes) -> None:
    item = drawn(seed, POOL[:1], {10: Shown(("a", "b", "c"), ordering=True)}, shuffle_options=False)[0]
    assert sorted(item.order) == ["a", "b", "c"]
    assert item.order != ("a", "b", "c")


@pytest.mark.parametrize("kind", ["ordering", "paired"])
def test_two_lines_come_in_either_order_so_that_the_order_tells_nothing(kind: str) -> None:
    shown = {10: Shown(("a", "b"), **{kind: True})}
    orders = {drawn(bytes([n]) * 16, POOL[:1], shown, shuffle_options=False)[0].order for n in range(20)}
    assert orders == {("a", "b"), ("b", "a")}


def test_what_belongs_to_the_left_is_shuffled_though_options_are_not() -> None:
    shown = {10: Shown(tuple("abcd"), paired=True)}
    orders = {drawn(bytes([n]) * 16, POOL[:1], shown, shuffle_options=False)[0].order for n in range(20)}
    assert len(orders) > 5


def test_a_fixed_order_of_options_is_kept() -> None:
    shown = {10: Shown(tuple("abcdefgh"), fixed_order=True)}
    assert all(drawn(bytes([n]) * 16, POOL[:1], shown)[0].order == tuple("abcdefgh") for n in range(20))


def test_a_topic_with_too_few_questions_is_refused_by_name() -> None:
    with pytest.raises(Refusal) as refused:
        drawn(b"x" * 16, [PoolPart(1, ONE, ((1, 10),)), PoolPart(2, ONE, ((1, 10), (2, 20)))])
    assert refused.value.code == "paper.too_few_questions"
    assert refused.value.details == {"part": 2, "needed": 2, "found": 1}


def test_a_part_reads_as_it_was_kept() -> None:
    assert [PoolPart.from_json(part.to_json()) for part in POOL] == POOL
    assert total(POOL) == Decimal("2.5")
    item = drawn(b"x" * 16)[0]
    assert Item.from_json(item.to_json()) == item
