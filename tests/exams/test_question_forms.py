"""What is typed on the page of a question becomes a question, and comes back as it was typed."""

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from classroom.exams.forms.questions import LISTS, Draft, picture_mark
from classroom.exams.models import Question, QuestionVersion
from classroom.exams.rules.kinds import MOST_OPTIONS, Content, Kind, flaws
from tests.exams.making import BODIES, version_of


def sent(draft: Draft) -> MultiDict[str, str]:
    """What a browser sends for the page of this draft."""
    form: MultiDict[str, str] = MultiDict(draft.fields)
    for name, rows in draft.rows.items():
        for row in rows:
            for part, value in row.items():
                form.add(f"{name}-{part}", value)
    for each in draft.right:
        form.add("right", each)
    for each in draft.switches:
        form.add(each, "1")
    return form


def draft_of(kind: Kind, body: dict[str, Any] | None = None) -> Draft:
    version = version_of(Content(kind, "Hỏi gì?", body or BODIES[kind]), 1)
    version.title = version.feedback = ""
    return Draft.of(Question(number=1), version)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_version_that_is_opened_and_saved_again_is_the_same(kind: Kind) -> None:
    before = Content(kind, "Hỏi gì?", BODIES[kind])
    after = Draft.from_form(kind, sent(draft_of(kind))).content()
    assert after.digest == before.digest


@pytest.mark.parametrize("kind", list(Kind))
def test_an_empty_page_is_no_question_and_says_so(kind: Kind) -> None:
    codes = {flaw.code for flaw in Draft.from_form(kind, sent(Draft.empty(kind))).flaws()}
    assert "question.no_text" in codes
    assert codes - {"question.no_text"}


def test_numbers_may_be_typed_with_a_comma_and_are_kept_with_a_point() -> None:
    form = sent(Draft(Kind.NUMERICAL, {"text": "π?"}))
    for part, value in {"id": "k", "how": "value", "one": "3,14", "other": "0,01", "percent": "100"}.items():
        form.add(f"answer-{part}", value)
    for part, value in {"id": "m", "how": "range", "one": "3", "other": "4", "percent": "50"}.items():
        form.add(f"answer-{part}", value)
    content = Draft.from_form(Kind.NUMERICAL, form).content()
    assert content.body["answers"] == [
        {"value": "3.14", "tolerance": "0.01", "percent": "100"},
        {"low": "3", "high": "4", "percent": "50"},
    ]
    assert flaws(content) == []


def test_what_is_no_number_stays_as_typed_and_is_complained_about() -> None:
    form = MultiDict(
        {"text": "?", "answer-id": "a", "answer-how": "value", "answer-one": "ba", "answer-percent": "100"}
    )
    draft = Draft.from_form(Kind.NUMERICAL, form)
    assert draft.rows["answer"][0]["one"] == "ba"
    assert [(flaw.code, flaw.where) for flaw in draft.flaws()] == [("question.bad_number", "answers")]


def test_rows_that_nobody_touched_are_left_out_but_a_ticked_one_is_asked_about() -> None:
    draft = Draft.empty(Kind.SINGLE, text="Hỏi?")
    ids = [row["id"] for row in draft.rows["option"]]
    form = sent(draft)
    form.setlist("option-text", ["Một", "", "Hai", ""])
    form.setlist("right", [ids[2]])
    content = Draft.from_form(Kind.SINGLE, form).content()
    assert [(option["text"], option["right"]) for option in content.body["options"]] == [("Một", False), ("Hai", True)]
    assert flaws(content) == []
    form.setlist("right", [ids[3]])
    assert "question.empty_option" in {flaw.code for flaw in Draft.from_form(Kind.SINGLE, form).flaws()}


def test_shares_and_remarks_of_options_are_kept() -> None:
    form = MultiDict(
        [
            ("text", "Hỏi?"),
            ("right", "p"),
            ("option-id", "p"),
            ("option-id", "q"),
            ("option-text", "A"),
            ("option-text", "B"),
            ("option-weight", "100"),
            ("option-weight", "-33,5"),
            ("option-feedback", ""),
            ("option-feedback", "Chưa đúng"),
        ]
    )
    assert Draft.from_form(Kind.SINGLE, form).content().body["options"] == [
        {"id": "p", "text": "A", "right": True, "weight": "100"},
        {"id": "q", "text": "B", "right": False, "weight": "-33.5", "feedback": "Chưa đúng"},
    ]


def test_ids_of_new_rows_do_not_tell_their_order() -> None:
    orders = {"".join(row["id"] for row in Draft.empty(Kind.ORDERING).rows["item"]) for _ in range(30)}
    assert any(order != "".join(sorted(order)) for order in orders)
    assert all(len(set(order)) == 4 for order in orders)


def test_foreign_and_repeated_ids_are_replaced() -> None:
    form = MultiDict([("item-id", "a"), ("item-id", "a"), ("item-id", "<script>"), ("item-id", "")])
    ids = [row["id"] for row in Draft.from_form(Kind.ORDERING, form).rows["item"]]
    assert ids[0] == "a"
    assert len(set(ids)) == 4
    assert all(each.isalnum() for each in ids)


def test_rows_are_moved_added_and_removed() -> None:
    draft = draft_of(Kind.ORDERING)

    def texts(changed: Draft) -> list[str]:
        return [row["text"] for row in changed.rows["item"]]

    one, two, three = texts(draft)
    assert texts(draft.changed("up", "item:1")) == [two, one, three]
    assert texts(draft.changed("up", "item:0")) == [one, two, three]
    assert texts(draft.changed("down", "item:0")) == [two, one, three]
    assert texts(draft.changed("remove", "item:1")) == [one, three]
    assert texts(draft.changed("add", "item")) == [one, two, three, ""]
    for about in ("item:9", "item:-1", "item:x", "item:²", "other:0", ""):
        assert texts(draft.changed("remove", about)) == [one, two, three]


def test_there_is_an_end_to_adding_rows() -> None:
    draft = Draft.empty(Kind.SINGLE)
    for _ in range(40):
        draft = draft.changed("add", "option")
    assert len(draft.rows["option"]) == MOST_OPTIONS


def test_a_flood_of_rows_is_cut_and_complained_about() -> None:
    form = MultiDict([("item-id", str(n)) for n in range(500)] + [("item-text", f"Bước {n}") for n in range(500)])
    draft = Draft.from_form(Kind.ORDERING, form)
    assert len(draft.rows["item"]) < 30
    assert "question.too_many_options" in {flaw.code for flaw in draft.flaws()}


def test_columns_of_unlike_length_do_no_harm() -> None:
    form = MultiDict([("pair-id", "a"), ("pair-id", "b"), ("pair-left", "x"), ("extra-text", "y")])
    draft = Draft.from_form(Kind.MATCHING, form)
    assert draft.rows["pair"] == [{"id": "a", "left": "x", "right": ""}, {"id": "b", "left": "", "right": ""}]
    assert draft.rows["extra"] == []


def test_what_cannot_be_seen_or_kept_is_taken_out_of_everything() -> None:
    form = MultiDict({"text": "Hỏi\u202e gì\0?", "title": "T\u200bên", "item-id": "a", "item-text": "B\ud800ước"})
    draft = Draft.from_form(Kind.ORDERING, form)
    assert (draft.fields["text"], draft.fields["title"]) == ("Hỏi gì?", "Tên")
    assert draft.rows["item"][0]["text"] == "Bước"


def test_every_kind_has_its_rows() -> None:
    assert set(LISTS) == set(Kind)


def test_a_picture_goes_to_the_end_of_the_text_whatever_its_words() -> None:
    draft = Draft.empty(Kind.TRUE_FALSE, text="Xem hình.").with_picture("a](x) [b\n c\\", "0" * 12)
    assert draft.fields["text"] == "Xem hình.\n\n![a)(x) (b c/](picture:000000000000)"
    assert picture_mark("", "0" * 12) == "![](picture:000000000000)"


def test_the_number_that_was_started_from_is_known() -> None:
    assert draft_of(Kind.SINGLE).based_on == 1
    assert Draft.from_form(Kind.SINGLE, MultiDict({"number": "x"})).based_on is None
    assert draft_of(Kind.SINGLE).on_top_of(7).based_on == 7


def test_a_question_from_elsewhere_keeps_its_ids() -> None:
    body = {"options": [{"id": "o1", "text": "A", "right": True}, {"id": "o2", "text": "B", "right": False}]}
    version = QuestionVersion(kind="single", title="", text="?", feedback="", body=body)
    draft = Draft.of(Question(number=3), version)
    assert draft.content().body == body
