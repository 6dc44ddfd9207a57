"""GIFT as Moodle reads it.

Questions stand apart by blank lines; the first `{` and the first `}` bound the answer, whose signs tell the kind.
Source: Moodle's question/format/gift and its documentation "GIFT format".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from classroom.core.errors import Refusal
from classroom.exams.rules.imports.drafts import (
    MOST_QUESTIONS,
    Draft,
    Parsed,
    Problem,
    Unreadable,
    judged,
    shortened,
)
from classroom.exams.rules.imports.gift_answers import Answers, read_answers
from classroom.exams.rules.imports.gift_text import BLANK, format_of, hide, show
from classroom.exams.rules.kinds import Content

_CATEGORY = re.compile(r"^\$CATEGORY:(.*)$", re.MULTILINE)
_SLASH = re.compile(r"(?<!/)/(?!/)")
#: Where Moodle keeps a category, and its word for the uppermost one.
_PLACES = re.compile(r"\$\w+\$|top")
_LONGEST_BLOCK = 40_000
_ODD_SIGNS = re.compile(r"[\ufdd0-\ufdef]")


@dataclass(slots=True)
class _Block:
    """Lines without a blank one between them; comments are left empty, so that lines keep their numbers."""

    line: int
    lines: list[str] = field(default_factory=list)

    def at(self, text: str, place: int) -> tuple[int, str]:
        """The number of the line in which a place of the block's text stands, and what stands there."""
        back = text.count("\n", 0, place)
        return self.line + back, shortened(self.lines[back] if back < len(self.lines) else "")


def parse_gift(text: str) -> Parsed:
    """Read a file; raises `question_import.too_many` when it holds more than anybody could look through."""
    if _ODD_SIGNS.search(text):
        raise Refusal("question_import.binary")
    drafts: list[Draft] = []
    problems: list[Problem] = []
    topic = ""
    for count, block in enumerate(_blocks(text), start=1):
        if count > MOST_QUESTIONS:
            raise Refusal("question_import.too_many", most=MOST_QUESTIONS)
        whole = hide("\n".join(block.lines))
        if found := _CATEGORY.match(whole, _first(whole)):
            topic = topic_of(found[1])
            whole = whole[: found.start()] + " " * len(found[0]) + whole[found.end() :]
        if whole.strip(BLANK):
            draft, about = _question(block, whole, topic)
            problems += about
            drafts += [draft] if draft else []
    return Parsed(drafts, problems)


def topic_of(category: str) -> str:
    """The last part of a category's path; a doubled slash is one that belongs to a name."""
    parts = (" ".join(show(part).replace("//", "/").split()) for part in _SLASH.split(category))
    named = [part for part in parts if part and not _PLACES.fullmatch(part)]
    return named[-1] if named else ""


def _first(whole: str) -> int:
    return len(whole) - len(whole.lstrip(BLANK))


def _blocks(text: str) -> Iterator[_Block]:
    block = _Block(1)
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        bare = line.strip(BLANK)
        if bare:
            block.line = block.line if block.lines else number
            block.lines.append("" if bare.startswith("//") else bare)
        elif block.lines:
            if any(block.lines):
                yield block
            block = _Block(number)
    if any(block.lines):
        yield block


def _question(block: _Block, whole: str, topic: str) -> tuple[Draft | None, list[Problem]]:
    start = _first(whole)
    line, shown = block.at(whole, start)
    try:
        content, answers = _content(whole, start)
    except Unreadable as bad:
        number, text = block.at(whole, max(bad.at, start))
        return None, [Problem(number, bad.code, bad.details, text)]
    draft = Draft(line, content, topic)
    problems = judged(draft, shown)
    if problems:
        return None, problems
    for place, code, details in answers.notices:
        number, text = block.at(whole, max(place, start))
        problems.append(Problem(number, code, details, text, notice=True))
    return draft, problems


def _content(whole: str, start: int) -> tuple[Content, Answers]:
    if len(whole) > _LONGEST_BLOCK:
        raise Unreadable("gift.too_long", start, most=_LONGEST_BLOCK)
    title, begin = _title(whole, start)
    opened, closed = whole.find("{", begin), whole.find("}", begin)
    if opened < 0 and closed < 0:
        raise Unreadable("gift.no_answer", start)
    if opened < 0 or 0 <= closed < opened:
        raise Unreadable("gift.not_opened", max(closed, start))
    if closed < 0:
        raise Unreadable("gift.not_closed", opened)
    for place in (whole.find("{", opened + 1), whole.find("}", closed + 1)):
        if place >= 0:
            raise Unreadable("gift.second_answer", place)
    before, after = whole[begin:opened], whole[closed + 1 :]
    stem = f"{before}_____{after}" if after.strip(BLANK) else before
    name, _ = format_of(stem, "moodle")
    answers = Answers(name)
    text = answers.text(stem, start, form="moodle")
    inside = whole[opened + 1 : closed]
    general = ""
    if (mark := inside.rfind("####")) >= 0:
        general = answers.text(inside[mark + 4 :], opened + 1 + mark)
        inside = inside[:mark]
    kind, body = read_answers(inside, opened + 1, answers)
    feedback = "\n\n".join(part for part in (general, *answers.remarks) if part)
    return Content(kind, text, body, title=title, feedback=feedback), answers


def _title(whole: str, start: int) -> tuple[str, int]:
    """The name between `::` and `::`, and where the text begins."""
    if not whole.startswith("::", start):
        return "", start
    end = whole.find("::", start + 2)
    if end < 0:
        raise Unreadable("gift.title_not_closed", start)
    return " ".join(show(whole[start + 2 : end]).split()), end + 2
