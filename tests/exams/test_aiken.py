"""Aiken: careless files come in, doubtful ones are named by line."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classroom.exams.rules.imports.aiken import parse_aiken
from classroom.exams.rules.imports.drafts import Draft

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "questions"


def read(name: str) -> str:
    return (SAMPLES / name).read_text("utf-8")


def right(draft: Draft) -> str:
    return next(option["text"] for option in draft.content.body["options"] if option["right"])


def told(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in parse_aiken(text).problems]


def test_the_plain_form_is_read() -> None:
    parsed = parse_aiken(read("dich-vu-cong.txt"))
    assert parsed.problems == []
    assert [(draft.line, right(draft)) for draft in parsed.drafts] == [(1, "dichvucong.gov.vn"), (8, "Thẻ căn cước")]


def test_a_careless_file_is_read_whole() -> None:
    parsed = parse_aiken(read("soan-voi.txt"))
    assert parsed.problems == []
    gift, key, web = parsed.drafts
    assert gift.content.text == (
        "Câu 1: Đọc đoạn sau rồi trả lời:\nÔng Hai nhận được tin nhắn yêu cầu chuyển tiền\n"
        "để nhận quà từ nước ngoài.\n\nÔng Hai nên làm gì?"
    )
    assert right(gift) == "Báo cho công an và không trả lời tin nhắn"
    assert gift.content.feedback == "Đây là chiêu lừa đảo phổ biến."
    assert [option["text"] for option in key.content.body["options"]] == ["Delete", "Backspace", "Enter"]
    assert (key.line, right(key)) == (14, "Backspace")
    assert (web.line, right(web)) == (19, "World Wide Web")


def test_everything_doubtful_is_named_by_its_line_and_nothing_is_guessed() -> None:
    parsed = parse_aiken(read("soan-hong.txt"))
    assert parsed.drafts == []
    assert [(problem.line, problem.code) for problem in parsed.problems] == [
        (1, "aiken.no_answer"),
        (8, "aiken.no_such_option"),
        (13, "aiken.letter_twice"),
        (18, "aiken.letter_gap"),
        (23, "aiken.few_options"),
        (28, "aiken.several_answers"),
        (30, "aiken.answer_alone"),
        (32, "aiken.cut_off"),
    ]


@pytest.mark.parametrize("sign", [".", ")", ":", " .", " )", " :"])
@pytest.mark.parametrize("letters", ["AB", "ab", "Ab"])
def test_letters_stand_before_options_in_many_ways(sign: str, letters: str) -> None:
    one, two = letters
    parsed = parse_aiken(f"x\n{one}{sign} m\n  {two}{sign}   n\nANSWER: B")
    assert [right(draft) for draft in parsed.drafts] == ["n"]


@pytest.mark.parametrize(
    "answer",
    [
        "ANSWER: B",
        "Answer:B",
        "answer : b",
        "ĐÁP ÁN: B",
        "Đáp án :  b.",
        "Đáp án đúng là: B",
        "dap an: (B)",
        "ANSWER: B) n",
    ],
)
def test_answers_are_given_in_many_ways(answer: str) -> None:
    assert [right(draft) for draft in parse_aiken(f"x\nA. m\nB. n\n{answer}").drafts] == ["n"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x\nA. m\nB. n\nANSWER:", (4, "aiken.answer_empty")),
        ("x\nA. m\nB. n\nANSWER: E", (4, "aiken.no_such_option")),
        ("x\nA. m\nB. n\nANSWER: n", (4, "aiken.no_such_option")),
        ("x\nA. m\nB. n\nANSWER: B. m", (4, "aiken.answer_unclear")),
        ("x\nA. m\nB. n\nANSWER: câu B", (4, "aiken.answer_unclear")),
        ("x\nA. m\nB. n\nANSWER: A và B", (4, "aiken.several_answers")),
        ("x\nA. m\nB. n\nANSWER: AB", (4, "aiken.answer_unclear")),
        ("A. m\nB. n\nANSWER: A", (3, "aiken.no_stem")),
        ("x\nA. m\nB. n\nĐ. k\nANSWER: A", (4, "aiken.letter_gap")),
        ("x\nA. m\nB. n", (1, "aiken.cut_off")),
        ("x", (1, "aiken.cut_off")),
        ("x\nA. m\nB. m\nANSWER: A", (1, "question.equal_options")),
        ("x\nA. m\nB.\nANSWER: A", (1, "question.empty_option")),
    ],
)
def test_what_matters_is_loud(text: str, problem: tuple[int, str]) -> None:
    assert told(text) == [problem]
    assert parse_aiken(text).drafts == []


def test_a_missing_answer_does_not_take_the_next_question_along() -> None:
    parsed = parse_aiken("một\nA. m\nB. n\n\nhai\ntiếp\nA. p\nB. q\nANSWER: A")
    assert [(problem.line, problem.code, problem.details) for problem in parsed.problems] == [
        (1, "aiken.no_answer", {"next": 5})
    ]
    assert [(draft.line, draft.content.text, right(draft)) for draft in parsed.drafts] == [(5, "hai\ntiếp", "p")]


def test_lines_after_a_blank_one_belong_to_the_option_when_no_other_question_begins() -> None:
    (draft,) = parse_aiken("x\nA. m\nB. n\n\ncòn nữa\n\nC. p\nANSWER: B").drafts
    assert right(draft) == "n còn nữa"


def test_signs_of_markdown_are_shown_as_they_are() -> None:
    (draft,) = parse_aiken("2 * 3 * 4 = ?\nA. `a`\nB. _x_ và _y_\nANSWER: A").drafts
    texts = [draft.content.text, *(option["text"] for option in draft.content.body["options"])]
    assert texts == ["2 \\* 3 \\* 4 = ?", "\\`a\\`", "\\_x\\_ và \\_y\\_"]


PIECES = [
    "A. m\n",
    "B. n\n",
    "c) p\n",
    "B. q\n",
    "ANSWER: A\n",
    "ANSWER: Z\n",
    "ANSWER:\n",
    "câu\n",
    "\n",
    "Giải thích: vì\n",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_no_line_is_dropped_silently(text: str) -> None:
    """Every question and every answer is in a draft or in a problem."""
    parsed = parse_aiken(text)
    answers = sum(line.startswith("ANSWER") for line in text.split("\n"))
    assert len(parsed.drafts) + len(parsed.problems) >= answers
    if text.strip() and not answers:
        assert parsed.problems
