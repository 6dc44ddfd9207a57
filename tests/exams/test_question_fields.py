"""The controls of a question: what they show comes back as it was, and they never tell what is right."""

from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask, get_template_attribute
from werkzeug.datastructures import MultiDict

from classroom.core.errors import Invalid
from classroom.exams.forms.answers import answer_from_form
from classroom.exams.presenters.showing import show_question
from classroom.exams.rules.answers import clean_answer
from classroom.exams.rules.kinds import Kind, option_ids
from tests.exams.making import BODIES, RIGHT

ANSWERS: list[tuple[Kind, dict[str, Any] | None]] = [
    *((kind, answer) for kind, answer in RIGHT.items()),
    *((kind, None) for kind in Kind),
    (Kind.MULTIPLE, {"choices": ["d"]}),
    (Kind.TRUE_FALSE, {"value": False}),
    (Kind.NUMERICAL, {"text": "0"}),
    (Kind.SHORT_ANSWER, {"text": '"><script>alert(1)</script>'}),
    (Kind.MATCHING, {"pairs": {"b": "x", "c": "x"}}),
    (Kind.ORDERING, {"order": ["c", "a", "b"]}),
]


class Fields(HTMLParser):
    """What a browser would send of the controls in a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: MultiDict[str, str] = MultiDict()
        self._select = ""
        self._option: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        name = known.get("name") or ""
        if tag == "input" and (known.get("type") not in {"radio", "checkbox"} or "checked" in known):
            self.sent.add(name, known.get("value") or "")
        if tag == "select":
            self._select = name
            self.sent.add(name, "")
        if tag == "option" and "selected" in known:
            self.sent[self._select] = known.get("value") or ""
            self._option = None if "value" in known else self._select

    def handle_data(self, data: str) -> None:
        if self._option:
            self.sent[self._option], self._option = data, None


def drawn(app: Flask, kind: Kind, answer: dict[str, Any] | None, body: dict[str, Any] | None = None) -> str:
    body = body or BODIES[kind]
    order = option_ids(kind, body)[::-1]
    item = show_question(7, kind, "Câu hỏi?", body, order, "/pictures/{}".format)
    with app.test_request_context():
        html: str = get_template_attribute("exam/_question.html", "question_fields")(item, answer, number=8, of=10)
    return html


@pytest.mark.parametrize(("kind", "answer"), ANSWERS)
def test_a_saved_answer_comes_back_out_of_the_form_as_it_was(
    app: Flask, kind: Kind, answer: dict[str, Any] | None
) -> None:
    sent = Fields(drawn(app, kind, answer)).sent
    assert all(name.partition("-")[0] == "i7" for name in sent)
    raw = answer_from_form(kind, BODIES[kind], sent, 7)
    assert clean_answer(kind, BODIES[kind], raw) == answer


@pytest.mark.parametrize("kind", Kind)
def test_the_controls_are_the_same_whatever_is_right(app: Flask, kind: Kind) -> None:
    other = {
        Kind.SINGLE: {"options": [{**each, "right": not each["right"]} for each in BODIES[kind].get("options", ())]},
        Kind.MULTIPLE: {"options": [{**each, "right": not each["right"]} for each in BODIES[kind].get("options", ())]},
        Kind.TRUE_FALSE: {"right": False},
        Kind.NUMERICAL: {"answers": [{"value": "2", "tolerance": "0", "percent": "100"}]},
        Kind.SHORT_ANSWER: {"answers": [{"text": "Vinh", "percent": "100"}], "diacritics": False, "case": True},
    }
    if kind in other:
        assert drawn(app, kind, None, other[kind]) == drawn(app, kind, None)
    assert "3.14" not in drawn(app, kind, None)
    if kind is Kind.SHORT_ANSWER:
        assert "Hà Nội" not in drawn(app, kind, None)


def test_long_choices_stand_above_the_lists_and_the_lists_hold_letters(app: Flask) -> None:
    body = {"pairs": [{"id": "a", "left": "A", "right": "dài " * 20}, {"id": "b", "left": "B", "right": "ngắn"}]}
    html = drawn(app, Kind.MATCHING, {"pairs": {"a": "b"}}, body)
    assert html.count("dài") == 20
    assert '<option value="b" selected>A</option>' in html


@pytest.mark.parametrize("places", [{"a": "1", "b": "1", "c": "2"}, {"a": "1"}, {"a": "4", "b": "2", "c": "3"}])
def test_places_that_are_missing_or_given_twice_are_refused_and_not_guessed(places: dict[str, str]) -> None:
    sent = MultiDict({f"i0-{each}": place for each, place in places.items()})
    with pytest.raises(Invalid) as refused:
        answer_from_form(Kind.ORDERING, BODIES[Kind.ORDERING], sent, 0)
    assert refused.value.code == "answer.places"


def test_a_picture_in_a_choice_stands_above_the_lists(app: Flask) -> None:
    body = {
        "pairs": [
            {"id": "a", "left": "A", "right": "![sơ đồ](picture:0123456789AB)"},
            {"id": "b", "left": "B", "right": "ngắn"},
        ]
    }
    html = drawn(app, Kind.MATCHING, None, body)
    assert '<img class="picture" src="/pictures/0123456789AB" alt="sơ đồ">' in html
    assert '<option value="a">B</option>' in html


def test_a_value_that_no_browser_sends_is_refused_by_the_rules() -> None:
    raw = answer_from_form(Kind.TRUE_FALSE, BODIES[Kind.TRUE_FALSE], MultiDict({"i0": "maybe"}), 0)
    with pytest.raises(Invalid):
        clean_answer(Kind.TRUE_FALSE, BODIES[Kind.TRUE_FALSE], raw)
