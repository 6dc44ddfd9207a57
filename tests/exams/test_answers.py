"""What a device may send for a question: the one form in which it is kept, and nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.core.errors import Invalid
from classroom.exams.rules.answers import LONGEST_TYPED, clean_answer
from classroom.exams.rules.kinds import Kind
from classroom.exams.rules.marking import fraction
from tests.exams.making import BODIES, RIGHT

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
KEYS = ("choice", "choices", "value", "text", "pairs", "order")


def clean(kind: Kind, raw: object) -> dict[str, Any] | None:
    return clean_answer(kind, BODIES[kind], raw)


@pytest.mark.parametrize("kind", Kind)
def test_a_good_answer_is_kept_as_it_is_and_stays_so(kind: Kind) -> None:
    assert clean(kind, RIGHT[kind]) == RIGHT[kind]
    assert clean(kind, clean(kind, RIGHT[kind])) == RIGHT[kind]
    assert clean(kind, None) is None


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("raw", ["a", 1, True, [], ["a"], [("choice", "a")]])
def test_an_answer_is_an_object(kind: Kind, raw: object) -> None:
    with pytest.raises(Invalid) as refused:
        clean(kind, raw)
    assert refused.value.code == "answer.shape"


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.SINGLE, {}),
        (Kind.SINGLE, {"choice": None}),
        (Kind.MULTIPLE, {"choices": []}),
        (Kind.TRUE_FALSE, {}),
        (Kind.TRUE_FALSE, {"value": None}),
        (Kind.NUMERICAL, {"text": " "}),
        (Kind.SHORT_ANSWER, {"text": ""}),
        (Kind.MATCHING, {"pairs": {}}),
        (Kind.MATCHING, {"pairs": {"a": None}}),
    ],
)
def test_an_answer_taken_back_is_none(kind: Kind, raw: dict[str, Any]) -> None:
    assert clean(kind, raw) is None


@pytest.mark.parametrize(
    ("kind", "raw", "kept"),
    [
        (Kind.SINGLE, {"choice": "b", "right": True}, {"choice": "b"}),
        (Kind.MULTIPLE, {"choices": ["d", "a", "d"]}, {"choices": ["a", "d"]}),
        (Kind.TRUE_FALSE, {"value": False}, {"value": False}),
        (Kind.NUMERICAL, {"text": " ba "}, {"text": " ba "}),
        (Kind.SHORT_ANSWER, {"text": "x" * LONGEST_TYPED}, {"text": "x" * LONGEST_TYPED}),
        (Kind.MATCHING, {"pairs": {"c": "x", "a": "x", "b": None}}, {"pairs": {"a": "x", "c": "x"}}),
        (Kind.ORDERING, {"order": ["c", "a", "b"]}, {"order": ["c", "a", "b"]}),
    ],
)
def test_what_is_sent_is_kept_in_one_form(kind: Kind, raw: dict[str, Any], kept: dict[str, Any]) -> None:
    cleaned = clean(kind, raw)
    assert cleaned == kept
    assert list((cleaned or {}).get("pairs", {})) == list(kept.get("pairs", {}))


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.SINGLE, {"choice": "z"}),
        (Kind.SINGLE, {"choice": ""}),
        (Kind.SINGLE, {"choice": 0}),
        (Kind.SINGLE, {"choice": ["a"]}),
        (Kind.SINGLE, {"choice": {"a": 1}}),
        (Kind.MULTIPLE, {}),
        (Kind.MULTIPLE, {"choices": "ab"}),
        (Kind.MULTIPLE, {"choices": ["a", "z"]}),
        (Kind.MULTIPLE, {"choices": ["a", None]}),
        (Kind.MULTIPLE, {"choices": [["a"]]}),
        (Kind.TRUE_FALSE, {"value": 1}),
        (Kind.TRUE_FALSE, {"value": 0}),
        (Kind.TRUE_FALSE, {"value": "true"}),
        (Kind.NUMERICAL, {}),
        (Kind.NUMERICAL, {"text": 3.14}),
        (Kind.SHORT_ANSWER, {"text": None}),
        (Kind.SHORT_ANSWER, {"text": ["a"]}),
        (Kind.SHORT_ANSWER, {"text": "x" * (LONGEST_TYPED + 1)}),
        (Kind.SHORT_ANSWER, {"text": "a\0b"}),
        (Kind.SHORT_ANSWER, {"text": "\ud800"}),
        (Kind.SHORT_ANSWER, {"text": "a\udfff"}),
        (Kind.MATCHING, {}),
        (Kind.MATCHING, {"pairs": [["a", "b"]]}),
        (Kind.MATCHING, {"pairs": {"x": "a"}}),
        (Kind.MATCHING, {"pairs": {"a": "z"}}),
        (Kind.MATCHING, {"pairs": {"a": ["b"]}}),
        (Kind.MATCHING, {"pairs": {"a": 0}}),
        (Kind.ORDERING, {}),
        (Kind.ORDERING, {"order": None}),
        (Kind.ORDERING, {"order": "abc"}),
        (Kind.ORDERING, {"order": ["a", "b"]}),
        (Kind.ORDERING, {"order": ["a", "b", "b"]}),
        (Kind.ORDERING, {"order": ["a", "b", "c", "c"]}),
        (Kind.ORDERING, {"order": ["a", "b", 3]}),
        (Kind.ORDERING, {"order": ["a", ["b"], "c"]}),
    ],
)
def test_anything_else_is_refused(kind: Kind, raw: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        clean(kind, raw)
    assert refused.value.code == "answer.shape"


def test_how_much_may_be_typed() -> None:
    assert LONGEST_TYPED == 500


@pytest.mark.parametrize("text", ["\ud7ff", "\ue000", "😀"])
def test_every_letter_that_can_be_written_may_be_typed(text: str) -> None:
    assert clean(Kind.SHORT_ANSWER, {"text": text}) == {"text": text}


@given(st.sampled_from(Kind), JSON | st.dictionaries(st.sampled_from(KEYS), JSON, max_size=3))
def test_whatever_is_sent_is_refused_or_can_be_marked(kind: Kind, raw: object) -> None:
    try:
        answer = clean(kind, raw)
    except Invalid:
        return
    assert 0 <= fraction(kind, BODIES[kind], answer) <= 1
