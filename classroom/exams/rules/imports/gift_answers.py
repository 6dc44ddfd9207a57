"""What stands between the braces of GIFT: its signs tell the kind, in the order in which Moodle looks for them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from classroom.exams.rules.imports.drafts import Unreadable, ids, short_number, usual_weights
from classroom.exams.rules.imports.gift_text import BLANK, format_of, markdown_of, plain_of, show
from classroom.exams.rules.kinds import Kind, number_in

Body = dict[str, Any]
TRUE, FALSE = ("T", "TRUE"), ("F", "FALSE")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d*)?)%")
#: Meant as a weight, but Moodle would show it as part of the text.
_NO_WEIGHT = re.compile(r"%[-+\d., ]*%")
_WILDCARD = re.compile(r"(?<!\\)\*")
_LOOKS_TRUE_FALSE = {"t", "true", "f", "false", "đúng", "sai", "đ", "s", "d"}
_FULL = "100"


@dataclass(slots=True)
class Answers:
    """The format of the question, and what is gathered while its answers are read."""

    form: str
    notices: list[tuple[int, str, Mapping[str, object]]] = field(default_factory=list)
    #: Feedback to single answers for which the kind has no place; it becomes part of the general feedback.
    remarks: list[str] = field(default_factory=list)

    def text(self, hidden: str, at: int, form: str = "") -> str:
        """Markdown; what is wrong with it is said to stand at this place."""
        lost: set[str] = set()
        try:
            text = markdown_of(hidden, form or self.form, lost)
        except Unreadable as bad:
            raise Unreadable(bad.code, at, **bad.details) from bad
        for what in sorted(lost):
            code = {"markdown": "gift.tags_shown", "a": "gift.link_as_text"}.get(what, "gift.look_lost")
            self.notices.append((at, code, {"tag": what}))
        return text

    def move(self, of: str, hidden: str, at: int) -> None:
        """Put feedback to one answer into the general one, with the answer before it."""
        if feedback := self.text(hidden, at):
            self.remarks.append(f"{of}: {feedback}" if of else feedback)
            self.notices.append((at, "gift.feedback_moved", {"answer": of or "–"}))


@dataclass(frozen=True, slots=True)
class _Part:
    """One answer: its sign (`=`, `~` or none), what follows, and where it begins."""

    sign: str
    hidden: str
    at: int


def read_answers(inside: str, at: int, answers: Answers) -> tuple[Kind, Body]:
    """The kind and its body; raises `Unreadable` at the place of what cannot be kept."""
    bare = inside.strip(BLANK)
    at += len(inside) - len(inside.lstrip(BLANK))
    if not bare:
        raise Unreadable("gift.essay", at)
    if bare[0] == "#":
        return Kind.NUMERICAL, _numerical(bare[1:], at + 1, answers)
    if "~" in bare:
        return _choice(_parts(bare, "=~", at), answers)
    if "=" in bare and "->" in bare:
        return Kind.MATCHING, _matching(_parts(bare, "=", at), answers)
    word = bare.partition("#")[0].strip(BLANK)
    if word in TRUE + FALSE:
        return Kind.TRUE_FALSE, _true_false(bare, at, answers)
    return Kind.SHORT_ANSWER, _short_answer(_parts(bare, "=", at, may_begin=True), answers)


def _parts(text: str, signs: str, at: int, *, may_begin: bool = False) -> list[_Part]:
    """Cut at each sign; text before the first one is an answer only where Moodle's authors mean it so."""
    marks = [place for place, sign in enumerate(text) if sign in signs]
    found = []
    first = text[: marks[0]] if marks else text
    if first.strip(BLANK):
        if not may_begin:
            raise Unreadable("gift.before_answers", at)
        found.append(_Part("", first, at))
    for place, end in zip(marks, [*marks, len(text)][1:], strict=True):
        hidden = text[place + 1 : end]
        if hidden.strip(BLANK) or not (text[place] == "~" and text[end : end + 1] == "="):
            found.append(_Part(text[place], hidden, at + place))
    return found


def _weight(part: _Part, otherwise: str) -> tuple[str, str]:
    """Per cent as written, and what follows it."""
    bare = part.hidden.strip(BLANK)
    found = _WEIGHT.match(bare)
    if found and part.sign == "=" and otherwise == "only":
        raise Unreadable("gift.weight_of_right", part.at, weight=found[0])
    if found:
        return short_number(Decimal(found[1])), bare[found.end() :]
    if unclear := _NO_WEIGHT.match(bare):
        raise Unreadable("gift.weight_unclear", part.at, weight=unclear[0][:20])
    return otherwise, bare


def _choice(parts: list[_Part], answers: Answers) -> tuple[Kind, Body]:
    kind = Kind.SINGLE if any(part.sign == "=" for part in parts) else Kind.MULTIPLE
    options, weights = [], []
    for name, part in zip(ids(len(parts)), parts, strict=True):
        weight, rest = _weight(part, "only" if part.sign == "=" else "0")
        weight = _FULL if part.sign == "=" else weight
        words, _, feedback = rest.partition("#")
        number = Decimal(weight)
        option: Body = {
            "id": name,
            "text": answers.text(words, part.at),
            "right": number >= 100 if kind is Kind.SINGLE else number > 0,
        }
        if said := answers.text(feedback, part.at):
            option["feedback"] = said
        options.append(option)
        weights.append(weight)
    if weights != usual_weights(kind, [option["right"] for option in options]):
        for option, weight in zip(options, weights, strict=True):
            option["weight"] = weight
    return kind, {"options": options}


def _matching(parts: list[_Part], answers: Answers) -> Body:
    pairs: list[Body] = []
    extra: list[Body] = []
    for part in parts:
        left, arrow, right = part.hidden.partition("->")
        if not arrow:
            raise Unreadable("gift.no_arrow", part.at)
        if "#" in part.hidden:
            raise Unreadable("gift.feedback_in_pair", part.at)
        words = answers.text(left, part.at)
        text = plain_of(right, answers.form)
        (pairs if words else extra).append({"left": words, "right": text} if words else {"text": text})
    names = iter(ids(len(parts)))
    body: Body = {"pairs": [{"id": next(names), **pair} for pair in pairs]}
    body["extra"] = [{"id": next(names), **each} for each in extra]
    return body


def _true_false(bare: str, at: int, answers: Answers) -> Body:
    """Moodle has feedback to the wrong answer first, then to the right one."""
    word, *said = bare.split("#", 2)
    right = word.strip(BLANK) in TRUE
    names = ("Đúng", "Sai")
    wrong_name, right_name = (names[1], names[0]) if right else names
    for name, feedback in zip((wrong_name, right_name), said, strict=False):
        answers.move(name, feedback, at)
    return {"right": right}


def _short_answer(parts: list[_Part], answers: Answers) -> Body:
    accepted = []
    for part in parts:
        weight, rest = _weight(part, _FULL)
        words, _, feedback = rest.partition("#")
        text = show(format_of(words, "")[1])
        if _WILDCARD.search(text):
            raise Unreadable("gift.wildcard", part.at, answer=text[:80])
        if "\n" in text:
            raise Unreadable("gift.line_in_answer", part.at)
        text = text.replace("\\*", "*")
        answers.move(text, feedback, part.at)
        if text.casefold() in _LOOKS_TRUE_FALSE and len(parts) == 1:
            answers.notices.append((part.at, "gift.not_true_false", {"answer": text}))
        accepted.append({"text": text, "percent": weight})
    return {"answers": accepted, "diacritics": True, "case": False}


def _numerical(bare: str, at: int, answers: Answers) -> Body:
    bare, tilde, wrong = bare.partition("~")
    if tilde:
        answers.move("", wrong.partition("#")[2], at + len(bare))
    accepted = []
    parts = _parts(bare, "=", at, may_begin=True)
    if not parts:
        raise Unreadable("gift.no_number", at)
    for part in parts:
        weight, rest = _weight(part, _FULL)
        words, _, feedback = rest.partition("#")
        text = show(words)
        answers.move(text, feedback, part.at)
        if text == "*":
            raise Unreadable("gift.wildcard", part.at, answer=text)
        accepted.append({**_bounds(text, part.at), "percent": weight})
    return {"answers": accepted}


def _bounds(text: str, at: int) -> dict[str, str]:
    low, dots, high = text.partition("..")
    if dots:
        return {"low": _read_number(low, at), "high": _read_number(high, at)}
    value, _, tolerance = text.partition(":")
    return {"value": _read_number(value, at), "tolerance": _read_number(tolerance or "0", at)}


def _read_number(text: str, at: int) -> str:
    number = number_in(text)
    if number is None:
        raise Unreadable("gift.bad_number", at, text=text.strip()[:40])
    return written(text)


def written(text: str) -> str:
    """A number as the author wrote it, with a point and without spaces."""
    return "".join(text.split()).replace("\N{MINUS SIGN}", "-").replace(",", ".")
