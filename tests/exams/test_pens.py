"""Letters on paper: what is keyed in becomes the answer that was meant, or is refused with what was expected."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.core.errors import Invalid
from classroom.exams.rules.answers import clean_answer
from classroom.exams.rules.kinds import Kind, choices
from classroom.exams.rules.pens import from_pen, key_of, letter, to_pen
from tests.exams.making import BODIES, RIGHT

SHUFFLED = {
    Kind.SINGLE: ("c", "a", "b"),
    Kind.MULTIPLE: ("d", "a", "c", "b"),
    Kind.MATCHING: ("x", "c", "a", "b"),
    Kind.ORDERING: ("b", "c", "a"),
}


def keyed(kind: Kind, text: str) -> dict[str, Any] | None:
    return from_pen(kind, BODIES[kind], SHUFFLED.get(kind, ()), text)


@pytest.mark.parametrize(
    ("kind", "text", "answer"),
    [
        (Kind.SINGLE, "B", {"choice": "a"}),
        (Kind.SINGLE, " b. ", {"choice": "a"}),
        (Kind.MULTIPLE, "BD", {"choices": ["a", "b"]}),
        (Kind.MULTIPLE, "d, b", {"choices": ["a", "b"]}),
        (Kind.MULTIPLE, "B;D", {"choices": ["a", "b"]}),
        (Kind.TRUE_FALSE, "Đ", {"value": True}),
        (Kind.TRUE_FALSE, "đúng", {"value": True}),
        (Kind.TRUE_FALSE, "d", {"value": True}),
        (Kind.TRUE_FALSE, "T", {"value": True}),
        (Kind.TRUE_FALSE, "s", {"value": False}),
        (Kind.TRUE_FALSE, "F", {"value": False}),
        (Kind.NUMERICAL, " 3,14 ", {"text": "3,14"}),
        (Kind.SHORT_ANSWER, " hà nội", {"text": "hà nội"}),
        (Kind.SHORT_ANSWER, "hà\x00nội\ud800", {"text": "hà nội"}),
        (Kind.MATCHING, "1C 2D 3B", {"pairs": {"a": "a", "b": "b", "c": "c"}}),
        (Kind.MATCHING, "cdb", {"pairs": {"a": "a", "b": "b", "c": "c"}}),
        (Kind.MATCHING, "3-b, 1 = C", {"pairs": {"a": "a", "c": "c"}}),
        (Kind.MATCHING, "1.C; 2.D; 3.B", {"pairs": {"a": "a", "b": "b", "c": "c"}}),
        (Kind.MATCHING, "c-b", {"pairs": {"a": "a", "c": "c"}}),
        (Kind.MATCHING, "---", None),
        (Kind.ORDERING, "231", {"order": ["a", "b", "c"]}),
        (Kind.ORDERING, "2, 3, 1", {"order": ["a", "b", "c"]}),
        (Kind.ORDERING, "2-3-1", {"order": ["a", "b", "c"]}),
    ],
)
def test_what_is_keyed_in_is_the_answer_that_was_written(kind: Kind, text: str, answer: dict[str, Any] | None) -> None:
    assert keyed(kind, text) == answer
    assert clean_answer(kind, BODIES[kind], keyed(kind, text)) == answer


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (Kind.SINGLE, "D", "pen.letter"),
        (Kind.SINGLE, "AB", "pen.letter"),
        (Kind.SINGLE, "1", "pen.letter"),
        (Kind.SINGLE, ".", "pen.letter"),
        (Kind.MULTIPLE, "AE", "pen.letters"),
        (Kind.MULTIPLE, "AA", "pen.letters"),
        (Kind.MULTIPLE, ",", "pen.letters"),
        (Kind.TRUE_FALSE, "A", "pen.true_false"),
        (Kind.TRUE_FALSE, "đs", "pen.true_false"),
        (Kind.NUMERICAL, "ba", "pen.number"),
        (Kind.SHORT_ANSWER, "a" * 501, "pen.too_long"),
        (Kind.MATCHING, "AB", "pen.matching"),
        (Kind.MATCHING, "ABCD", "pen.matching"),
        (Kind.MATCHING, "1A 1B", "pen.matching"),
        (Kind.MATCHING, "4A", "pen.matching"),
        (Kind.MATCHING, "0A", "pen.matching"),
        (Kind.MATCHING, "1E", "pen.matching"),
        (Kind.MATCHING, "1A 2", "pen.matching"),
        (Kind.MATCHING, "1A ? 2B", "pen.matching"),
        (Kind.ORDERING, "112", "pen.places"),
        (Kind.ORDERING, "12", "pen.places"),
        (Kind.ORDERING, "1234", "pen.places"),
        (Kind.ORDERING, "ABC", "pen.places"),
        (Kind.ORDERING, "12x3", "pen.places"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_says_what_was_expected(kind: Kind, text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        keyed(kind, text)
    assert refused.value.code == code


@pytest.mark.parametrize("kind", Kind)
def test_nothing_written_is_no_answer(kind: Kind) -> None:
    assert keyed(kind, "  ") is None
    assert to_pen(kind, BODIES[kind], SHUFFLED.get(kind, ()), None) == ""


@pytest.mark.parametrize("kind", [Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.MATCHING, Kind.ORDERING])
def test_the_key_keyed_in_is_the_right_answer(kind: Kind) -> None:
    assert keyed(kind, key_of(kind, BODIES[kind], SHUFFLED.get(kind, ()))) == RIGHT[kind]


@pytest.mark.parametrize(
    ("kind", "body", "key"),
    [
        (Kind.NUMERICAL, BODIES[Kind.NUMERICAL], "3,14 ± 0,01"),
        (Kind.NUMERICAL, {"answers": [{"value": "7", "tolerance": "0", "percent": "100"}]}, "7"),
        (
            Kind.NUMERICAL,
            {
                "answers": [
                    {"low": "1.5", "high": "2", "percent": "100"},
                    {"value": "9", "tolerance": "0", "percent": "50"},
                ]
            },
            "1,5 đến 2; 9 (50 %)",
        ),
        (Kind.SHORT_ANSWER, BODIES[Kind.SHORT_ANSWER], "Hà Nội"),
        (
            Kind.SINGLE,
            {
                "options": [
                    {"id": i, "text": i, "right": i == "a", "weight": w}
                    for i, w in (("a", "100"), ("b", "50"), ("c", "-25"))
                ]
            },
            "B; C (50 %)",
        ),
    ],
)
def test_the_key_of_open_and_weighted_questions_names_all_that_is_accepted(
    kind: Kind, body: dict[str, Any], key: str
) -> None:
    assert key_of(kind, body, ("c", "a", "b")) == key


ids = st.integers(2, 20).map(lambda n: [chr(ord("a") + place) for place in range(n)])


@st.composite
def asked(draw: st.DrawFn) -> tuple[Kind, dict[str, Any], list[str], dict[str, Any]]:
    """Any question that has options, in any printed order, with any answer to it."""
    kind = draw(st.sampled_from([Kind.SINGLE, Kind.MULTIPLE, Kind.MATCHING, Kind.ORDERING]))
    known = draw(ids)
    order = draw(st.permutations(known))
    if kind is Kind.ORDERING:
        body: dict[str, Any] = {"items": [{"id": one, "text": one} for one in known]}
        return kind, body, order, {"order": draw(st.permutations(known))}
    if kind is Kind.MATCHING:
        body = {"pairs": [{"id": one, "left": one, "right": one} for one in known]}
        right = st.sampled_from(list(choices(body)))
        made = draw(st.dictionaries(st.sampled_from(known), right, min_size=1))
        return kind, body, order, {"pairs": {one: made[one] for one in known if one in made}}
    body = {"options": [{"id": one, "text": one, "right": one == "a"} for one in known]}
    if kind is Kind.SINGLE:
        return kind, body, order, {"choice": draw(st.sampled_from(known))}
    chosen = draw(st.sets(st.sampled_from(known), min_size=1))
    return kind, body, order, {"choices": [one for one in known if one in chosen]}


@given(asked(), st.sampled_from([str, str.lower, lambda text: f"  {text} ", lambda text: text.replace(" ", ", ")]))
def test_every_answer_survives_the_way_over_paper(case: Any, hand: Any) -> None:
    kind, body, order, answer = case
    assert from_pen(kind, body, order, hand(to_pen(kind, body, order, answer))) == answer


@given(st.sampled_from(list(Kind)), st.text(max_size=30))
def test_whatever_is_typed_is_an_answer_that_the_rules_take_or_is_refused(kind: Kind, text: str) -> None:
    try:
        answer = keyed(kind, text)
    except Invalid:
        return
    assert clean_answer(kind, BODIES[kind], answer) == answer


def test_letters_go_on_after_z() -> None:
    assert [letter(place) for place in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
