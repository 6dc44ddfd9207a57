"""Aiken: a question, options with letters, and the letter of the right one; the plainest file that people write.

Forgiving about blanks, case and punctuation, loud about everything that would make another question of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from classroom.core.errors import Refusal
from classroom.core.names import fold
from classroom.exams.rules.imports.drafts import MOST_QUESTIONS, Draft, Parsed, Problem, ids, judged, shortened
from classroom.exams.rules.imports.plain_text import to_markdown
from classroom.exams.rules.kinds import Content, Kind

#: `A.` `A)` `A:` with or without a blank; small letters need the blank, for "a.m." is no option.
_OPTION = re.compile(r"([A-ZĐ])[ \t]*[.):][ \t]*(.*)|([a-zđ])[ \t]*[.):](?:[ \t]+(.*)|$)")
_ANSWER = re.compile(
    r"(?:answer|đáp[ \t]*án(?:[ \t]+đúng)?(?:[ \t]+là)?|dap[ \t]*an(?:[ \t]+dung)?(?:[ \t]+la)?)[ \t]*[:：](.*)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\(?([A-Za-zĐđ])[ \t]*[.):]?")
_LETTER_WITH_TEXT = re.compile(r"\(?([A-Za-zĐđ])[ \t]*[.):][ \t]*(\S.*)")
_SEVERAL = re.compile(r"[A-Za-z](?:[ \t]*[,;&+/][ \t]*|[ \t]+(?:và|and)[ \t]+|[ \t]+)[A-Za-z]\b.*", re.IGNORECASE)
_WHY = re.compile(r"(?:giải[ \t]*thích|feedback|explanation)[ \t]*[:：](.*)", re.IGNORECASE)
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(slots=True)
class _Line:
    number: int
    text: str


@dataclass(slots=True)
class _Option:
    letter: str
    line: int
    lines: list[str]


@dataclass(slots=True)
class _Question:
    """A question while its lines come in."""

    stem: list[_Line] = field(default_factory=list)
    options: list[_Option] = field(default_factory=list)
    #: Lines after the last blank one behind the options: more of the last option, or already the next question.
    loose: list[_Line] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)
    problem: Problem | None = None
    blank_before: bool = False

    @property
    def started(self) -> bool:
        return bool(self.stem)

    @property
    def line(self) -> int:
        return self.stem[0].number

    def say(self, line: _Line, code: str, **details: object) -> None:
        """Keep the first thing that is wrong; the rest usually follows from it."""
        self.problem = self.problem or Problem(line.number, code, details, shortened(line.text))


def parse_aiken(text: str) -> Parsed:
    """Read a file; raises `question_import.too_many` when it holds more than anybody could look through."""
    reader = _Reader()
    for line in _lines(text):
        reader.take(line)
    reader.end()
    return Parsed(reader.drafts, sorted(reader.problems, key=lambda problem: problem.line))


def looks_aiken(text: str) -> bool:
    """Whether some line gives an answer as Aiken does."""
    return any(_ANSWER.fullmatch(line.text) for line in _lines(text))


def _lines(text: str) -> Iterator[_Line]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return (_Line(number, line.strip()) for number, line in enumerate(lines, start=1))


class _Reader:
    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.problems: list[Problem] = []
        self._now = _Question()
        self._done: _Question | None = None
        self._count = 0

    def take(self, line: _Line) -> None:
        if not line.text:
            self._now.blank_before = True
            self._finish()
        elif self._done and not self._now.started and (why := self._more_feedback(line)) is not None:
            self._done.feedback.append(why)
        elif found := _ANSWER.fullmatch(line.text):
            self._finish()
            self._answer(line, found[1].strip())
        else:
            self._finish()
            self._text(line)
            self._now.blank_before = False

    def end(self) -> None:
        """What has begun and has no answer is never dropped silently."""
        self._finish()
        if self._now.started:
            self._settle()
            self._now.say(self._now.stem[0], "aiken.cut_off")
            self._put_aside()

    def _more_feedback(self, line: _Line) -> str | None:
        if found := _WHY.fullmatch(line.text):
            return found[1].strip()
        return line.text if self._done and self._done.feedback else None

    def _text(self, line: _Line) -> None:
        now = self._now
        found = _OPTION.fullmatch(line.text) if now.started else None
        letter = (found[1] or found[3]).upper() if found else ""
        words = (found[2] if found[1] else found[4]) or "" if found else ""
        if not now.options:
            if letter == "A":
                now.options.append(_Option(letter, line.number, [words]))
            else:
                now.stem.append(line)
        elif letter == "A" and now.loose and len(now.options) > 1:
            self._next_without_answer(line, words)
        elif letter and (letter == _ALPHABET[len(now.options) % 26] or letter == "Đ" or (found and found[1])):
            self._option(line, letter, words)
        elif now.loose or now.blank_before:
            now.loose.append(line)
        else:
            now.options[-1].lines.append(line.text)

    def _option(self, line: _Line, letter: str, words: str) -> None:
        now = self._now
        self._settle()
        expected = _ALPHABET[len(now.options) % 26]
        if letter in {option.letter for option in now.options}:
            now.say(line, "aiken.letter_twice", letter=letter)
        elif letter != expected:
            now.say(line, "aiken.letter_gap", letter=letter, expected=expected)
        if now.problem:
            return
        now.options.append(_Option(letter, line.number, [words]))

    def _next_without_answer(self, line: _Line, words: str) -> None:
        """A second A after loose lines: those were the next question, and this one has no answer."""
        loose, self._now.loose = self._now.loose, []
        self._now.say(self._now.stem[0], "aiken.no_answer", next=loose[0].number)
        self._put_aside()
        self._now = _Question(stem=loose, options=[_Option("A", line.number, [words])])

    def _settle(self) -> None:
        """Loose lines belong to the last option after all."""
        if self._now.options:
            self._now.options[-1].lines += [line.text for line in self._now.loose]
            self._now.loose = []

    def _answer(self, line: _Line, said: str) -> None:
        now = self._now
        self._settle()
        if not now.started:
            self._counted()
            self.problems.append(Problem(line.number, "aiken.answer_alone", {}, shortened(line.text)))
            return
        if len(now.options) < 2:
            first = _OPTION.fullmatch(now.stem[0].text)
            now.say(line, "aiken.no_stem" if first and first[1] == "A" else "aiken.few_options", question=now.line)
        right = self._right(line, said)
        if now.problem or right is None:
            self._put_aside()
            return
        self._done, self._now = now, _Question()
        self._done.options[right].letter = "*"

    def _right(self, line: _Line, said: str) -> int | None:
        """Which option the answer names; None after saying why it names none."""
        now = self._now
        letters = [option.letter for option in now.options]
        found = _LETTER.fullmatch(said) or _LETTER_WITH_TEXT.fullmatch(said)
        if not said:
            now.say(line, "aiken.answer_empty")
        elif _SEVERAL.fullmatch(said) and not _LETTER_WITH_TEXT.fullmatch(said):
            now.say(line, "aiken.several_answers", answer=said[:40])
        elif not found:
            now.say(line, "aiken.answer_unclear", answer=said[:40])
        elif found[1].upper() not in letters:
            now.say(line, "aiken.no_such_option", letter=found[1].upper(), letters=", ".join(letters))
        else:
            place = letters.index(found[1].upper())
            words = found[2] if found.re is _LETTER_WITH_TEXT else ""
            if not words or fold(words) == fold(" ".join(now.options[place].lines)):
                return place
            now.say(line, "aiken.answer_unclear", answer=said[:40])
        return None

    def _put_aside(self) -> None:
        self._counted()
        if self._now.problem:
            self.problems.append(self._now.problem)
        self._now = _Question()

    def _finish(self) -> None:
        """Give out the question whose answer has been read."""
        done, self._done = self._done, None
        if done is None:
            return
        self._counted()
        options = [
            {"id": name, "text": _joined(option.lines, " "), "right": option.letter == "*"}
            for name, option in zip(ids(len(done.options)), done.options, strict=True)
        ]
        text = _joined(_with_gaps(done.stem), "\n")
        draft = Draft(
            done.line, Content(Kind.SINGLE, text, {"options": options}, feedback=_joined(done.feedback, "\n"))
        )
        problems = judged(draft, shortened(done.stem[0].text))
        self.problems += problems
        self.drafts += [] if problems else [draft]

    def _counted(self) -> None:
        self._count += 1
        if self._count > MOST_QUESTIONS:
            raise Refusal("question_import.too_many", most=MOST_QUESTIONS)


def _with_gaps(lines: list[_Line]) -> list[str]:
    """The lines of a question, with an empty one where the file has some."""
    found: list[str] = []
    last = lines[0].number
    for line in lines:
        found += [""] if line.number > last + 1 else []
        found.append(line.text)
        last = line.number
    return found


def _joined(lines: list[str], by: str) -> str:
    return to_markdown(by.join(lines).strip())
