"""Names under which a page shows the parts of a question."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.core.errors import Invalid
from classroom.exams.rules.answers import clean_answer
from classroom.exams.rules.kinds import Kind, option_ids
from classroom.exams.rules.masks import Mask
from tests.exams.making import BODIES, RIGHT


def mask_of(kind: Kind, order: list[str]) -> Mask:
    return Mask(order, [pair["id"] for pair in BODIES[kind].get("pairs", ())])


@given(st.data(), st.sampled_from(Kind))
def test_what_is_hidden_comes_back_as_it_was(data: Any, kind: Kind) -> None:
    mask = mask_of(kind, data.draw(st.permutations(option_ids(kind, BODIES[kind]))))
    revealed = mask.reveal(mask.hide(RIGHT[kind]))
    assert clean_answer(kind, BODIES[kind], revealed) == clean_answer(kind, BODIES[kind], RIGHT[kind])


def test_the_name_is_the_place_on_the_page() -> None:
    mask = Mask(["c", "a", "b"], ["x", "y"])
    assert mask.hide({"choice": "a"}) == {"choice": "2"}
    assert mask.hide({"choices": ["a", "c"]}) == {"choices": ["2", "1"]}
    assert mask.hide({"order": ["a", "b", "c"]}) == {"order": ["2", "3", "1"]}
    assert mask.hide({"pairs": {"y": "b"}}) == {"pairs": {"2": "3"}}
    assert mask.hide({"text": "a"}) == {"text": "a"}
    assert mask.hide(None) is None


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.SINGLE, {"choice": "a"}),
        (Kind.SINGLE, {"choice": "0"}),
        (Kind.SINGLE, {"choice": "4"}),
        (Kind.SINGLE, {"choice": ["1"]}),
        (Kind.MULTIPLE, {"choices": ["a"]}),
        (Kind.MULTIPLE, {"choices": [{}]}),
        (Kind.MATCHING, {"pairs": {"a": "1"}}),
        (Kind.MATCHING, {"pairs": {"1": "a"}}),
        (Kind.ORDERING, {"order": ["a", "b", "c"]}),
        (Kind.ORDERING, "1"),
    ],
)
def test_a_name_that_no_page_gave_is_refused(kind: Kind, raw: object) -> None:
    with pytest.raises(Invalid):
        clean_answer(kind, BODIES[kind], mask_of(kind, option_ids(kind, BODIES[kind])).reveal(raw))
