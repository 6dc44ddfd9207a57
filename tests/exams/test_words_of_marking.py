"""Whatever marking refuses, advises or writes into the log is said in words."""

import re
from pathlib import Path

from flask import Flask

import classroom.exams.rules.distribution
import classroom.exams.services.adjusting
import classroom.exams.services.regrading
from classroom.exams.rules.marking import Action
from classroom.web.words import REFUSALS, say
from classroom.web.words.actions import say_action
from classroom.web.words.results import ADVICE


def codes(module: object, *nouns: str) -> set[str]:
    """The codes of these nouns that stand in the source of a module."""
    source = Path(str(getattr(module, "__file__", ""))).read_text()
    return set(re.findall(rf'"((?:{"|".join(nouns)})\.\w+)"', source))


def test_every_refusal_and_every_advice_has_words() -> None:
    advised = codes(classroom.exams.rules.distribution, "advice")
    assert len(advised) == 6
    assert advised == ADVICE.keys()
    refused = codes(classroom.exams.services.regrading, "ruling")
    refused |= codes(classroom.exams.services.adjusting, "adjustment") | {"attempt.not_finished"}
    assert len(refused) == 11
    assert refused <= REFUSALS.keys()


def test_a_refusal_names_what_is_in_the_way(app: Flask) -> None:
    with app.test_request_context():
        assert "phiên bản 1" in say("ruling.other_options", {"old": 1, "new": 2})
        assert "2.5" in say("adjustment.points", {"most": "2.5"})


def test_the_log_says_what_was_decided(app: Flask) -> None:
    with app.test_request_context():
        facts = {"title": "Đề 1", "asked": "Câu hỏi?", "ruling": "ruling.rekey → 2"}
        said = say_action("paper.question_ruled", facts, {"reason": "đáp án sai"})
        told = {say_action("paper.question_ruled", {"ruling": f"ruling.{action}"}, {}) for action in Action}
    assert "Đề 1" in said
    assert "→ 2" in said
    assert "đáp án sai" in said
    assert len(told) == len(Action)
    assert not any("ruling." in words for words in (said, *told))
