"""What reading a file of questions gives: questions to be, and what is to be said about lines."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from classroom.exams.rules.kinds import OPTION_IDS, Content, Kind, flaws, number_in

#: Questions in one file; a bank of a province has a few thousand in all.
MOST_QUESTIONS = 1000
LONGEST_TOPIC = 120
_LONGEST_LINE = 160
_LISTED = (Kind.SINGLE, Kind.MULTIPLE, Kind.MATCHING, Kind.ORDERING)
#: What no keyboard writes and databases or browsers may not take.
ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a line (from 1); a notice leaves the question in, anything else keeps it out.

    `text` is what stands in the line, cut to what a page can show.
    """

    line: int
    code: str
    details: Mapping[str, object] = field(default_factory=dict)
    text: str = ""
    notice: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A question that could be imported, the line on which it begins, and the topic it belongs to ("" for none)."""

    line: int
    content: Content
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file as it was read, in the order of its lines."""

    drafts: Sequence[Draft]
    problems: Sequence[Problem]

    @property
    def bad(self) -> list[Problem]:
        """What keeps questions out."""
        return [problem for problem in self.problems if not problem.notice]

    @property
    def notices(self) -> list[Problem]:
        """What is to be known about questions that come in."""
        return [problem for problem in self.problems if problem.notice]


class Unreadable(Exception):
    """One question cannot be read: a code for words, and where in its text."""

    def __init__(self, code: str, at: int = 0, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.at = at
        self.details = details


def shortened(text: str) -> str:
    """A line as a page can show it."""
    text = " ".join(ODD.sub("\N{REPLACEMENT CHARACTER}", text).split())
    return text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 1] + "…"


def ids(count: int) -> list[str]:
    """Ids for this many options in the order of the file."""
    return [OPTION_IDS[place] if place < len(OPTION_IDS) else f"o{place}" for place in range(count)]


def ids_without_order(texts: Sequence[str]) -> list[str]:
    """Ids for texts whose order is the right answer: the ids must not tell it."""
    mixed = sorted(range(len(texts)), key=lambda place: hashlib.sha256(texts[place].encode()).digest())
    names = dict(zip(mixed, ids(len(texts)), strict=True))
    return [names[place] for place in range(len(texts))]


def judged(draft: Draft, text: str) -> list[Problem]:
    """What keeps a question that could be read from being asked; `text` is its line."""
    once = {flaw.code: flaw for flaw in reversed(flaws(draft.content))}
    found = [Problem(draft.line, flaw.code, flaw.details, text) for flaw in reversed(once.values())]
    if len(draft.topic) > LONGEST_TOPIC:
        found.append(Problem(draft.line, "question_import.topic_too_long", {"most": LONGEST_TOPIC}, text))
    if any(ODD.search(each) for each in (draft.topic, *_texts(draft.content))):
        found.append(Problem(draft.line, "question_import.odd_characters", {}, text))
    return found


def canonical(content: Content) -> Content:
    """The same question in the one form by which two are compared: ids in the order of its texts, nothing said twice.

    Files and editors number options differently, and write out what goes without saying or leave it out.
    """
    body: dict[str, Any] = {name: value for name, value in content.body.items() if name != "fixed_order" or value}
    names = {Kind.MATCHING: ("pairs", "extra"), Kind.ORDERING: ("items",)}.get(content.kind, ("options",))
    fresh = iter(ids(sum(len(body.get(name, ())) for name in names)))
    for name in names if content.kind in _LISTED else ():
        body[name] = [{**_said(part), "id": next(fresh)} for part in body.get(name, ())]
    if content.kind in (Kind.SINGLE, Kind.MULTIPLE):
        usual = usual_weights(content.kind, [bool(option["right"]) for option in body["options"]])
        if [option.get("weight") for option in body["options"]] == usual:
            body["options"] = [
                {key: value for key, value in each.items() if key != "weight"} for each in body["options"]
            ]
    if content.kind is Kind.SHORT_ANSWER:
        body = {"diacritics": True, "case": False, **body}
    if "answers" in body:
        body["answers"] = [_said(each) for each in body["answers"]]
    return replace(content, body=body)


def usual_weights(kind: Kind, right: Sequence[bool]) -> list[str]:
    """The per cent of options for which the author has written none.

    In multiple choice each right one is an equal share, and each wrong one takes an equal share away; five places, as
    Moodle writes them.
    """
    if kind is Kind.SINGLE:
        return ["100" if each else "0" for each in right]
    return [_share(100, right.count(True)) if each else _share(-100, right.count(False)) for each in right]


def short_number(number: Decimal) -> str:
    """The shortest way to write a number without an exponent, so that 50 and 50.00 are one weight."""
    return f"{number.normalize() + 0:f}"


def _share(whole: int, among: int) -> str:
    return short_number(round(Decimal(whole) / among, 5))


def _said(part: Mapping[str, Any]) -> dict[str, Any]:
    said = {key: value for key, value in part.items() if key not in ("feedback", "weight") or value}
    for key in ("weight", "percent"):
        number = number_in(str(said.get(key, "")))
        if number is not None:
            said[key] = short_number(number)
    return said


def _texts(content: Content) -> Iterator[str]:
    yield from (content.title, content.text, content.feedback)
    for parts in content.body.values():
        for part in parts if isinstance(parts, list) else ():
            yield from (value for value in part.values() if isinstance(value, str))
