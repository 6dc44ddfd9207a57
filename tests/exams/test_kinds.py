"""What an author must have written for a question to be asked: every flaw, and the numbers that people write."""

from decimal import Decimal
from string import ascii_lowercase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.exams.rules.kinds import (
    LONGEST_OPTION,
    LONGEST_SHORT_ANSWER,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_OPTIONS,
    OPTION_IDS,
    Content,
    Flaw,
    Kind,
    choices,
    flaws,
    has_fixed_order,
    number_in,
    option_ids,
    option_texts,
)
from tests.exams.making import BODIES


def found(kind: Kind, body: dict[str, Any]) -> list[tuple[str, str]]:
    return [(flaw.code.removeprefix("question."), flaw.where) for flaw in flaws(Content(kind, "Câu hỏi?", body))]


def options(*right: bool, weights: tuple[str | None, ...] = (), texts: tuple[str, ...] = ()) -> dict[str, Any]:
    made: list[dict[str, Any]] = []
    for place, each in enumerate(right):
        text = texts[place] if texts else f"Phương án {place}"
        made.append({"id": OPTION_IDS[place], "text": text, "right": each})
        if weights:
            made[place]["weight"] = weights[place]
    return {"options": made}


@pytest.mark.parametrize("kind", Kind)
def test_a_good_question_of_every_kind_has_no_flaw(kind: Kind) -> None:
    assert found(kind, BODIES[kind]) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (options(False, False), [("no_right_answer", "options")]),
        (options(True, True), [("several_right", "options")]),
        (options(True), [("too_few_options", "options")]),
        ({}, [("too_few_options", "options"), ("no_right_answer", "options")]),
        (options(True, *[False] * (MOST_OPTIONS - 1)), []),
        (options(True, *[False] * MOST_OPTIONS), [("too_many_options", "options")]),
        (options(True, False, texts=("a", " ")), [("empty_option", "options")]),
        (options(True, False, texts=("", "")), [("empty_option", "options")]),
        (options(True, False, texts=("một  hai", " một hai ")), [("equal_options", "options")]),
        (options(True, False, texts=("a", "A")), []),
        (options(True, False, texts=("x" * LONGEST_OPTION, "y")), []),
        (options(True, False, texts=("x" * (LONGEST_OPTION + 1), "y")), [("too_long", "options")]),
        (options(True, False, weights=("100", "-100")), []),
        (options(True, False, weights=("99", "50")), []),
        (options(True, False, weights=("98.9", "50")), [("weights_not_100", "options")]),
        (options(True, False, weights=("100", None)), [("bad_weight", "options")]),
        (options(True, False, weights=(None, "0")), [("bad_weight", "options")]),
        (options(True, False, weights=("100", "ba")), [("bad_weight", "options")]),
        (options(True, False, weights=("100.5", "0")), [("bad_weight", "options")]),
        (options(True, False, weights=("100", "-100.5")), [("bad_weight", "options")]),
        (options(True, False, weights=("50", "50")), [("weights_not_100", "options")]),
    ],
)
def test_flaws_of_a_single_choice(body: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(Kind.SINGLE, body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (options(True, True), []),
        (options(False, False), [("no_right_answer", "options")]),
        (options(True, True, weights=("50", "50")), []),
        (options(True, True, False, weights=("33.333", "66.667", "-100")), []),
        (options(True, True, weights=("50", "49")), []),
        (options(True, True, weights=("50", "51")), []),
        (options(True, True, weights=("50", "48.9")), [("weights_not_100", "options")]),
        (options(True, True, weights=("50", "51.1")), [("weights_not_100", "options")]),
        (options(True, False, weights=("0", "-50")), [("weights_not_100", "options")]),
    ],
)
def test_flaws_of_a_multiple_choice(body: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(Kind.MULTIPLE, body) == expected


@pytest.mark.parametrize("body", [{}, {"right": None}, {"right": "true"}, {"right": 1}])
def test_true_or_false_is_said_plainly(body: dict[str, Any]) -> None:
    assert found(Kind.TRUE_FALSE, body) == [("no_right_answer", "right")]
    assert found(Kind.TRUE_FALSE, {"right": False}) == []


def number(percent: str = "100", **bounds: Any) -> dict[str, Any]:
    return {"answers": [{**bounds, "percent": percent}]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (number(value="1,5", tolerance="0"), []),
        (number(value="1", tolerance="-0.1"), [("bad_range", "answers")]),
        (number(value="", tolerance="0"), [("bad_number", "answers")]),
        (number(value="1"), [("bad_number", "answers")]),
        (number(tolerance="1"), [("bad_number", "answers")]),
        (number(low="-1", high="-1"), []),
        (number(low="2", high="1"), [("bad_range", "answers")]),
        (number(low="2"), [("bad_number", "answers")]),
        (number(low="hai", high="3"), [("bad_number", "answers")]),
        (number("99", value="1", tolerance="0"), [("no_right_answer", "answers")]),
        (number("101", value="1", tolerance="0"), [("bad_weight", "answers")]),
        (number("-1", value="1", tolerance="0"), [("bad_weight", "answers")]),
        (number("", value="1", tolerance="0"), [("bad_weight", "answers")]),
        ({"answers": [{"value": "1", "tolerance": "0"}]}, [("bad_weight", "answers")]),
        ({"answers": [*number("0", value="1", tolerance="0")["answers"], *number(low="1", high="2")["answers"]]}, []),
        ({}, [("no_right_answer", "answers")]),
    ],
)
def test_flaws_of_a_number(body: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(Kind.NUMERICAL, body) == expected


def short(*answers: tuple[str, str]) -> dict[str, Any]:
    return {"answers": [{"text": text, "percent": percent} for text, percent in answers]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (short(("Huế", "100"), ("Kinh đô", "0")), []),
        (short(("Huế", "50")), [("no_right_answer", "answers")]),
        (short(("Huế", "100"), ("Huế", "50")), [("equal_options", "answers")]),
        (short((" ", "100")), [("empty_option", "answers")]),
        (short(("x" * LONGEST_SHORT_ANSWER, "100")), []),
        (short(("x" * (LONGEST_SHORT_ANSWER + 1), "100")), [("too_long", "answers")]),
        (short(*((f"{each}", "100") for each in range(MOST_OPTIONS + 1))), [("too_many_options", "answers")]),
        ({}, [("no_right_answer", "answers")]),
    ],
)
def test_flaws_of_a_short_answer(body: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(Kind.SHORT_ANSWER, body) == expected


def pairs(*sides: tuple[str, str], extra: tuple[str, ...] = ()) -> dict[str, Any]:
    made = [{"id": OPTION_IDS[place], "left": left, "right": right} for place, (left, right) in enumerate(sides)]
    return {"pairs": made, "extra": [{"id": f"x{place}", "text": text} for place, text in enumerate(extra)]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (pairs(("1", "a"), ("2", "a"), ("3", "b")), []),
        (pairs(("1", "a"), ("1", "b")), [("equal_options", "pairs")]),
        (pairs(("1", "a"), ("2", "a")), [("one_choice", "pairs")]),
        (pairs(("1", "a"), ("2", "a "), ("3", "a")), [("one_choice", "pairs")]),
        (pairs(("1", "a"), ("2", "a"), extra=("b",)), []),
        (pairs(("1", "a"), extra=("b",)), [("too_few_options", "pairs")]),
        (pairs(("1", "a"), ("", "b")), [("empty_option", "pairs")]),
        (pairs(("1", "a"), ("2", ""), ("3", "b")), [("empty_option", "pairs")]),
        (pairs(("1", "a"), ("2", "b"), extra=(" ",)), [("empty_option", "pairs")]),
        (pairs(("1", "a"), ("2", "b" * (LONGEST_OPTION + 1))), [("too_long", "pairs")]),
        (
            {},
            [("too_few_options", "pairs"), ("too_few_options", "pairs"), ("one_choice", "pairs")],
        ),
    ],
)
def test_flaws_of_pairs(body: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(Kind.MATCHING, body) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("một", "hai"), []),
        (("một",), [("too_few_options", "items")]),
        ((), [("too_few_options", "items")]),
        (("một", "một", "hai"), [("equal_options", "items")]),
        (("một", " "), [("empty_option", "items")]),
    ],
)
def test_flaws_of_things_to_be_ordered(texts: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    assert found(Kind.ORDERING, {"items": [{"id": text, "text": text} for text in texts]}) == expected
    assert found(Kind.ORDERING, {}) == [("too_few_options", "items")]


def test_a_question_needs_a_text_and_none_may_be_endless() -> None:
    body = BODIES[Kind.TRUE_FALSE]

    def codes(text: str, title: str = "") -> list[tuple[str, str]]:
        return [(flaw.code, flaw.where) for flaw in flaws(Content(Kind.TRUE_FALSE, text, body, title))]

    assert codes(" \n ") == [("question.no_text", "text")]
    assert codes("x" * LONGEST_TEXT, "y" * LONGEST_TITLE) == []
    assert codes("x" * (LONGEST_TEXT + 1)) == [("question.too_long", "text")]
    assert codes("x", "y" * (LONGEST_TITLE + 1)) == [("question.too_long", "title")]


def test_a_flaw_says_how_many_and_which() -> None:
    flaw = flaws(Content(Kind.SINGLE, "?", options(True, texts=("a",))))[0]
    assert flaw == Flaw("question.too_few_options", "options", {"least": 2})
    equal = flaws(Content(Kind.SINGLE, "?", options(True, False, texts=("x" * 90, "x" * 90))))[0]
    assert equal.details == {"text": "x" * 80}
    many = flaws(Content(Kind.SINGLE, "?", options(True, *[False] * 20)))[0]
    assert many.details == {"most": 20}
    long = flaws(Content(Kind.TRUE_FALSE, "x", BODIES[Kind.TRUE_FALSE], "y" * 201))[0]
    assert long.details == {"most": 200}
    assert flaws(Content(Kind.SINGLE, "?", options(True, False, texts=("x" * 1001, "y"))))[0].details == {"most": 1000}
    assert (8000, 200, ascii_lowercase) == (LONGEST_TEXT, LONGEST_SHORT_ANSWER, OPTION_IDS)
    assert Flaw("question.no_text").where == ""


def test_ids_and_texts_of_what_is_shown() -> None:
    assert option_ids(Kind.SINGLE, BODIES[Kind.SINGLE]) == ["a", "b", "c"]
    assert option_ids(Kind.MULTIPLE, BODIES[Kind.MULTIPLE]) == ["a", "b", "c", "d"]
    assert option_ids(Kind.ORDERING, BODIES[Kind.ORDERING]) == ["a", "b", "c"]
    assert option_ids(Kind.MATCHING, BODIES[Kind.MATCHING]) == ["a", "b", "c", "x"]
    assert option_ids(Kind.TRUE_FALSE, BODIES[Kind.TRUE_FALSE]) == []
    assert option_ids(Kind.NUMERICAL, BODIES[Kind.NUMERICAL]) == []
    assert option_texts(Kind.SINGLE, BODIES[Kind.SINGLE]) == ["Hà Nội", "Huế", "Vinh"]
    assert option_texts(Kind.MULTIPLE, BODIES[Kind.MULTIPLE])[0] == "Chrome"
    assert option_texts(Kind.MATCHING, BODIES[Kind.MATCHING])[:2] == ["Ctrl+C", "Sao chép"]
    assert option_texts(Kind.ORDERING, BODIES[Kind.ORDERING])[0] == "Mở trình duyệt"
    assert option_texts(Kind.SHORT_ANSWER, BODIES[Kind.SHORT_ANSWER]) == []
    assert option_texts(Kind.SINGLE, {}) == option_texts(Kind.MATCHING, {}) == option_texts(Kind.ORDERING, {}) == []
    assert has_fixed_order({"fixed_order": True})
    assert not has_fixed_order(BODIES[Kind.SINGLE])


def test_equal_texts_on_the_right_are_one_choice() -> None:
    assert choices(pairs(("1", "a"), ("2", "b"), ("3", "a"), extra=("b", "c"))) == {"a": "a", "b": "b", "x1": "c"}
    assert choices({"pairs": [{"id": "a", "left": "1", "right": "x"}]}) == {"a": "x"}


def test_a_change_of_anything_is_another_content() -> None:
    base = Content(Kind.SINGLE, "Câu hỏi?", BODIES[Kind.SINGLE], "Tên", "Giải thích")
    same = Content(Kind.SINGLE, "Câu hỏi?", {**BODIES[Kind.SINGLE]}, "Tên", "Giải thích")
    others = [
        Content(Kind.MULTIPLE, base.text, base.body, base.title, base.feedback),
        Content(Kind.SINGLE, "Câu khác?", base.body, base.title, base.feedback),
        Content(Kind.SINGLE, base.text, BODIES[Kind.MULTIPLE], base.title, base.feedback),
        Content(Kind.SINGLE, base.text, base.body, "", base.feedback),
        Content(Kind.SINGLE, base.text, base.body, base.title, ""),
    ]
    assert same.digest == base.digest
    assert len({each.digest for each in (base, *others)}) == 6
    assert len(base.digest) == 64
    turned = Content(Kind.TRUE_FALSE, "?", {"right": True, "note": "ă"})
    assert turned.digest == Content(Kind.TRUE_FALSE, "?", {"note": "ă", "right": True}).digest
    assert Content(base.kind, base.text, base.body) == Content(base.kind, base.text, base.body, "", "")
    assert base.searchable == "ten cau hoi? ha noi hue vinh"


# --- numbers ---


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3,14", "3.14"),
        (" 1\N{NARROW NO-BREAK SPACE}000,5 ", "1000.5"),
        ("\N{MINUS SIGN}2", "-2"),
        ("+.5", "0.5"),
        ("1e3", "1000"),
        ("1" * 40, "1" * 40),
        ("0", "0"),
        ("1e40", "1e40"),
        ("1e-40", "1e-40"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: str) -> None:
    assert number_in(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ",", "1.000.000", "1,5.2", "1.2,3", "ba", "1_000", "1/2", "5%", "1e", "--1", "\0", "1\0", "٣", "１"),
        *("NaN", "sNaN", "Infinity", "-inf", "1" * 41, "1e41", "1e-41", "0e99"),
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert number_in(text) is None


@given(st.text())
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    number = number_in(text)
    assert number is None or number.is_finite()
