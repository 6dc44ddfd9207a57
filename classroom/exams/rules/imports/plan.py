"""What confirming a file would do: which questions come in, which are there already, what keeps others out."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from classroom.exams.rules.imports.drafts import Draft, Parsed, Problem, canonical, shortened
from classroom.exams.rules.kinds import Content, option_texts

_PICTURE = re.compile(r"!\[[^\[\]]*\]\(picture:([0-9A-Za-z_-]{1,40})\)")


@dataclass(frozen=True, slots=True)
class Line:
    """All that is to be said about one line of the file."""

    number: int
    problems: Sequence[Problem]

    @property
    def text(self) -> str:
        """What stands there, as far as it was kept."""
        return next((problem.text for problem in self.problems if problem.text), "")


@dataclass(frozen=True, slots=True)
class Plan:
    """A dry run. `there` is left out as equal, each with the earlier line of the file, or None for the bank."""

    good: Sequence[Draft]
    there: Sequence[tuple[Draft, int | None]]
    bad: Sequence[Problem]
    notices: Sequence[Problem]

    @property
    def bad_lines(self) -> list[Line]:
        """The lines that stay out, each once however much is wrong with it."""
        return _by_line(self.bad)

    @property
    def notice_lines(self) -> list[Line]:
        """The lines that come in with a remark."""
        return _by_line(self.notices)

    def digest(self) -> str:
        """What somebody has seen before confirming; another reading or another bank gives another one."""
        parts = [[draft.content.digest, draft.topic] for draft in self.good]
        parts += [[str(problem.line), problem.code] for problem in self.bad]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def counts(self) -> dict[str, int]:
        """Numbers of questions and lines, for the page and the log."""
        bad, notices = len(self.bad_lines), len(self.notice_lines)
        return {"good": len(self.good), "there": len(self.there), "bad": bad, "notices": notices}


def make_plan(parsed: Parsed, known: Collection[str], pictures: Collection[str]) -> Plan:
    """Compare a file with the bank: `known` are digests of canonical contents, `pictures` ids of pictures."""
    good: list[Draft] = []
    there: list[tuple[Draft, int | None]] = []
    bad = parsed.bad
    first: dict[str, int] = {}
    for draft in parsed.drafts:
        digest = canonical(draft.content).digest
        if digest in known or digest in first:
            there.append((draft, None if digest in known else first[digest]))
        elif missing := pictures_in([draft.content]) - {*pictures}:
            text = shortened(draft.content.text)
            bad.append(Problem(draft.line, "question_import.picture_unknown", {"picture": min(missing)}, text))
        else:
            first[digest] = draft.line
            good.append(draft)
    return Plan(good, there, sorted(bad, key=lambda problem: problem.line), parsed.notices)


def pictures_in(contents: Iterable[Content]) -> set[str]:
    """Ids of the pictures that these questions show."""
    return {found for content in contents for text in _shown(content) for found in _PICTURE.findall(text)}


def _by_line(problems: Iterable[Problem]) -> list[Line]:
    found: dict[int, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.line, []).append(problem)
    return [Line(number, about) for number, about in found.items()]


def _shown(content: Content) -> list[str]:
    options: Sequence[Mapping[str, str]] = content.body.get("options", ())
    feedback = [option.get("feedback", "") for option in options]
    extra = [each["text"] for each in content.body.get("extra", ())]
    return [content.text, content.feedback, *option_texts(content.kind, content.body), *feedback, *extra]
