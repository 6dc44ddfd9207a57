"""GIFT as Moodle reads it: kept with its meaning, or named by its line."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classroom.core.errors import Refusal
from classroom.exams.rules.imports.drafts import MOST_QUESTIONS, Draft, canonical
from classroom.exams.rules.imports.gift import parse_gift
from classroom.exams.rules.imports.gift_writing import gift_of, write_gift
from classroom.exams.rules.kinds import Content, Kind
from tests.exams.making import BODIES
from tests.exams.question_contents import SIGNS, contents, good

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "questions"


def one(text: str) -> Content:
    parsed = parse_gift(text)
    assert parsed.bad == []
    assert len(parsed.drafts) == 1
    return parsed.drafts[0].content


def told(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in parse_gift(text).problems]


def options(content: Content) -> list[tuple[str, bool, str | None]]:
    return [(each["text"], each["right"], each.get("weight")) for each in content.body["options"]]


def test_a_file_as_moodle_exports_it_comes_in_whole() -> None:
    parsed = parse_gift((SAMPLES / "tin-hoc.gift").read_text("utf-8"))
    assert parsed.bad == []
    kinds = [(draft.line, draft.content.kind.value, draft.topic) for draft in parsed.drafts]
    assert kinds == [
        (5, "single", "An toàn thông tin"),
        (13, "true_false", "An toàn thông tin"),
        (15, "multiple", "An toàn thông tin"),
        (24, "short_answer", "Bảng tính"),
        (26, "numerical", "Bảng tính"),
        (28, "numerical", "Bảng tính"),
        (30, "matching", "Bảng tính"),
        (37, "single", "Bảng tính"),
    ]
    password, otp, _several, total, product, pi, keys, ratio = [draft.content for draft in parsed.drafts]
    assert (password.title, password.text) == ("Mật khẩu mạnh", "Mật khẩu nào dưới đây **an toàn** nhất?")
    assert password.body["options"][0] == {
        "id": "a", "text": "Song.Lam-xanh-27-buoi", "right": True, "feedback": "Dài và khó đoán.",
    }  # fmt: skip
    assert password.feedback == "Mật khẩu nên dài hơn 12 ký tự."
    assert otp.body == {"right": False}
    assert otp.feedback == "Đúng: Không ai được hỏi mã OTP của ông/bà.\n\nSai: Đúng vậy, không đọc mã cho ai."
    assert total.text == "Hàm _____ dùng để tính tổng một vùng ô."
    assert total.body["answers"] == [{"text": "SUM", "percent": "100"}, {"text": "sum()", "percent": "50"}]
    assert product.text == "Biểu thức =2+3\\*4 trong ô cho kết quả là bao nhiêu?"
    assert pi.body["answers"] == [
        {"value": "3.1416", "tolerance": "0.00005", "percent": "100"},
        {"low": "3.1", "high": "3.2", "percent": "50"},
    ]
    assert keys.body["extra"] == [{"id": "d", "text": "In"}]
    assert (ratio.text, options(ratio)[2][0]) == ("Tỉ lệ 1:2 nghĩa là gì?", "Khoá học {A} ~ #1")


def test_everything_that_cannot_be_kept_is_named_by_its_line() -> None:
    parsed = parse_gift((SAMPLES / "hong.gift").read_text("utf-8"))
    assert [draft.line for draft in parsed.drafts] == [1]
    assert [(problem.line, problem.code) for problem in parsed.bad] == [
        (3, "gift.essay"),
        (5, "gift.no_answer"),
        (7, "gift.not_closed"),
        (9, "gift.second_answer"),
        (11, "gift.wildcard"),
        (13, "gift.picture"),
        (15, "gift.html_tag"),
        (17, "gift.weight_unclear"),
        (19, "gift.no_arrow"),
        (21, "gift.bad_number"),
        (23, "question.equal_options"),
    ]
    assert parsed.bad[0].text == "Trình bày cách tạo mật khẩu mạnh. {}"


@pytest.mark.parametrize("word", ["T", "TRUE", "F", "FALSE"])
def test_true_and_false_are_exactly_these_words(word: str) -> None:
    assert one(f"x {{ {word} }}").body == {"right": word[0] == "T"}


@pytest.mark.parametrize("word", ["true", "True", "t", "Đúng", "sai"])
def test_other_words_are_short_answers_as_in_moodle_and_this_is_said(word: str) -> None:
    assert one(f"x {{{word}}}").body["answers"] == [{"text": word, "percent": "100"}]
    assert told(f"x {{{word}}}") == [(1, "gift.not_true_false")]


@pytest.mark.parametrize(
    ("answer", "kind", "expected"),
    [
        ("=a ~b ~c", Kind.SINGLE, [("a", True, None), ("b", False, None), ("c", False, None)]),
        ("~b =a", Kind.SINGLE, [("b", False, None), ("a", True, None)]),
        ("~= a ~ b", Kind.SINGLE, [("a", True, None), ("b", False, None)]),
        ("=a ~%50%b ~%-25%c", Kind.SINGLE, [("a", True, "100"), ("b", False, "50"), ("c", False, "-25")]),
        ("~%50%a ~%50%b ~c", Kind.MULTIPLE, [("a", True, "50"), ("b", True, "50"), ("c", False, "0")]),
        ("~%100%a ~%-100%b", Kind.MULTIPLE, [("a", True, None), ("b", False, None)]),
        ("~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-100%d", Kind.MULTIPLE,
         [("a", True, None), ("b", True, None), ("c", True, None), ("d", False, None)]),
        ("~%75.0%a ~%25%b", Kind.MULTIPLE, [("a", True, "75"), ("b", True, "25")]),
        ("=a -> b ~c", Kind.SINGLE, [("a -> b", True, None), ("c", False, None)]),
    ],
)  # fmt: skip
def test_signs_and_weights_of_choices(answer: str, kind: Kind, expected: list[Any]) -> None:
    content = one(f"x {{{answer}}}")
    assert (content.kind, options(content)) == (kind, expected)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x {=a =b ~c}", "question.several_right"),
        ("x {=a ~%100%b}", "question.several_right"),
        ("x {~a ~b}", "question.no_right_answer"),
        ("x {~%60%a ~%60%b ~c}", "question.weights_not_100"),
        ("x {=%50%a ~b}", "gift.weight_of_right"),
        ("x {~%33,3%a ~%66,7%b}", "gift.weight_unclear"),
        ("x {a ~b}", "gift.before_answers"),
        ("x {=a ~}", "question.empty_option"),
        ("x } y {", "gift.not_opened"),
        ("x {=a{b} c", "gift.second_answer"),
        ("x {T} y} z", "gift.second_answer"),
        ("::x {=a ~b}", "gift.title_not_closed"),
        ("{=a ~b}", "question.no_text"),
        ("x {#}", "gift.no_number"),
        ("x {#*}", "gift.wildcard"),
        ("x {#3..1}", "question.bad_range"),
        ("x {#%50%1}", "question.no_right_answer"),
        ("x {#1:x}", "gift.bad_number"),
        ("x {=a* =b}", "gift.wildcard"),
        ("x {=a -> 1 =b -> 2 # c}", "gift.feedback_in_pair"),
        ("x {=a -> 1}", "question.too_few_options"),
        ("[markdown]![Hình](https://x.example/a.png) {T}", "gift.picture"),
        ("[html]<b>x {T}", "gift.html_not_closed"),
        ("[html]x<sup>a</sup> {T}", "gift.html_tag"),
        ("[html]<del>không</del> {T}", "gift.html_tag"),
        ("Thẻ <title> để làm gì? {=a ~b}", "gift.html_tag"),
        ("x {T}\x07", "question_import.odd_characters"),
        ("::\x07::x {T}", "question_import.odd_characters"),
        ("$CATEGORY: " + "x" * 121 + "\n\nx {T}", "question_import.topic_too_long"),
        ("x" * 41_000 + " {T}", "gift.too_long"),
    ],
)
def test_what_would_change_its_meaning_is_a_problem(text: str, code: str) -> None:
    parsed = parse_gift(text)
    assert parsed.bad[0].code == code
    assert parsed.drafts == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[html]<p>Một</p><p>Hai</p> {T}", "Một\n\nHai"),
        ("[html]<ul><li>a<li>b</ul> {T}", "- a\n- b"),
        ("[html]<ol><li>a</li><li><i>b</i></li></ol> {T}", "1. a\n2. *b*"),
        ("[html]a<br>b {T}", "a\nb"),
        ("[html]x<sup>2</sup> + H<sub>2</sub>O &lt; 5 {T}", "x² + H₂O < 5"),
        ("[html]<strong>Lưu ý: </strong>nhớ {T}", "**Lưu ý**: nhớ"),
        ("[html]<code>a*b</code> {T}", "`a*b`"),
        ("[html]2*3 {T}", "2\\*3"),
        ("[plain]Thẻ <b> để làm gì? {T}", "Thẻ <b> để làm gì?"),
        ("[moodle]a < b * c {T}", "a < b \\* c"),
        ("[markdown]**đậm** và `mã` {T}", "**đậm** và `mã`"),
        ("a\\nb {T}", "a\nb"),
        ("a\nb {T}", "a\nb"),
        ("1. Một {T}", "1\\. Một"),
        ("- Một {T}", "\\- Một"),
        ("C:\\\\Windows {T}", "C:\\Windows"),
        ("C\\:\\thư mục {T}", "C:\\thư mục"),
        ("[1] Theo hình {T}", "[1] Theo hình"),
        ("Điền: ab{T}cd", "Điền: ab_____cd"),
    ],
)  # fmt: skip
def test_texts_become_the_markdown_that_shows_the_same(text: str, expected: str) -> None:
    assert one(text).text == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[html]<span style="color: red">a</span> {T}', "gift.look_lost"),
        ("[html]<u>a</u> {T}", "gift.look_lost"),
        ('[html]<a href="https://x.example">a</a> {T}', "gift.link_as_text"),
        ("[markdown]a <b>b</b> {T}", "gift.tags_shown"),
        ("x {=a#gần =b}", "gift.feedback_moved"),
        ("x {#1#hay}", "gift.feedback_moved"),
        ("x {#1 ~#sai rồi}", "gift.feedback_moved"),
    ],
)
def test_what_only_changes_its_place_or_look_is_a_notice(text: str, code: str) -> None:
    parsed = parse_gift(text)
    assert [(problem.code, problem.notice) for problem in parsed.problems] == [(code, True)]
    assert len(parsed.drafts) == 1


def test_a_link_keeps_its_address_and_feedback_its_answer() -> None:
    assert one('[html]<a href="https://x.example/a">Xem</a> {T}').text == "Xem (https://x.example/a)"
    assert one("x {=a#gần đúng =b####chung}").feedback == "chung\n\na: gần đúng"


def test_an_escaped_star_is_a_star() -> None:
    assert one(r"x {=a\*b =c}").body["answers"][0]["text"] == "a*b"


def test_a_short_answer_may_name_its_format_too() -> None:
    answers = one("x {=[plain]<b> =[html]SUM}").body["answers"]
    assert [each["text"] for each in answers] == ["<b>", "SUM"]
    bracket = Content(Kind.SHORT_ANSWER, "x", {"answers": [{"text": "[html]", "percent": "100"}]})
    assert "[plain][html]" in (gift_of(bracket) or "")


def test_comments_stand_at_the_beginning_of_a_line_only() -> None:
    content = one("// {=sai}\nXem http\\://x.example//a\n  // nữa\nrồi chọn {=a ~b}")
    assert content.text == "Xem http://x.example//a\n\nrồi chọn"


@pytest.mark.parametrize(
    ("category", "topic"),
    [
        ("$course$/top/Trình duyệt", "Trình duyệt"),
        ("$course$/Tin học/ An toàn ", "An toàn"),
        ("Trình duyệt", "Trình duyệt"),
        ("$course$/top/Vào//ra", "Vào/ra"),
        ("$course$/top", ""),
        ("$system$/", ""),
    ],
)
def test_the_topic_is_the_last_part_of_the_category(category: str, topic: str) -> None:
    assert [draft.topic for draft in parse_gift(f"$CATEGORY: {category}\n\nx {{T}}\n\ny {{F}}").drafts] == [topic] * 2


def test_a_question_right_under_its_category_is_not_swallowed() -> None:
    parsed = parse_gift("// c\n$CATEGORY: Tin học\nx {T}")
    assert [(draft.line, draft.topic, draft.content.text) for draft in parsed.drafts] == [(3, "Tin học", "x")]


def test_lines_are_counted_the_same_for_every_kind_of_line_end() -> None:
    for end in ("\n", "\r\n", "\r"):
        assert told(f"x {{T}}{end}{end}y{end}z {{}}") == [(4, "gift.essay")]


def test_too_many_questions_are_refused_before_they_are_read() -> None:
    assert len(parse_gift("x {T}\n\n" * MOST_QUESTIONS).drafts) == MOST_QUESTIONS
    with pytest.raises(Refusal, match="too_many"):
        parse_gift("x {T}\n\n" * (MOST_QUESTIONS + 1))


HELD = (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.NUMERICAL, Kind.SHORT_ANSWER, Kind.MATCHING)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(good(HELD), st.sampled_from(["", "Tin học", "Vào/ra: {1}"])), max_size=4))
def test_what_is_written_is_read_back_as_it_was(questions: list[tuple[Content, str]]) -> None:
    drafts = [Draft(1, content, topic) for content, topic in questions]
    written = write_gift(drafts, lambda content: content.text)
    parsed = parse_gift(written.text)
    left_out = {content.digest for content in written.left_out}
    kept = [(draft.content.digest, draft.topic) for draft in drafts if draft.content.digest not in left_out]
    assert [(canonical(draft.content).digest, draft.topic) for draft in parsed.drafts] == kept
    assert parsed.bad == []


@settings(max_examples=100, deadline=None)
@given(good(HELD))
def test_nearly_everything_can_be_written(content: Content) -> None:
    """What GIFT has no words for: arrows on the left, pictures from elsewhere, blanks that Moodle trims."""
    hard = repr((content.text, content.body, content.feedback))
    assert gift_of(content) is not None or "->" in hard or "](" in hard


def test_what_gift_cannot_say_is_named_in_the_file_and_counted() -> None:
    ordering = Content(Kind.ORDERING, "Xếp {thứ tự}\ncác bước", BODIES[Kind.ORDERING])
    loose = Content(Kind.SHORT_ANSWER, "x", {**BODIES[Kind.SHORT_ANSWER], "diacritics": False})
    fixed = Content(Kind.SINGLE, "x", {**BODIES[Kind.SINGLE], "fixed_order": True})
    written = write_gift(
        [Draft(1, each) for each in (ordering, loose, fixed)], lambda content: f"Không: {content.text}"
    )
    assert written.left_out == [ordering, loose, fixed]
    assert "// Không: Xếp {thứ tự} các bước\n" in written.text
    assert parse_gift(written.text) == parse_gift("")


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.sampled_from([*SIGNS, "\n", "{", "}", "=", "~", "#", "<b>", "</b>", "<p>", "&lt;", "\x00"])).map(
        "".join
    )
)
def test_no_text_breaks_the_reader_and_nothing_vanishes(text: str) -> None:
    parsed = parse_gift(text)
    if "{" in text and text.strip():
        assert parsed.drafts or parsed.problems or "//" in text or "$" in text


@given(contents())
def test_the_form_for_comparing_is_reached_at_once(content: Content) -> None:
    assert canonical(content) == content
