"""A rule as sentences, and what a version changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from classroom.certification.models import RuleVersion
from classroom.certification.rules.course_rules import CourseRule, InPerson, Online
from classroom.exams.models import Paper


@dataclass(frozen=True, slots=True)
class RuleWords:
    """The ways of a rule, each with a sentence per criterion."""

    in_person: list[str]
    online: list[str]
    mixed: str

    @property
    def all(self) -> list[str]:
        """Every sentence, each way named in front of its first."""
        room = [_("In person: %(sentence)s", sentence=each) for each in self.in_person]
        home = [_("Online: %(sentence)s", sentence=each) for each in self.online]
        return [*room, *home, *([self.mixed] if self.mixed else [])]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version with the sentences that came and went."""

    version: RuleVersion
    by: str
    came: list[str]
    went: list[str]


def rule_words(rule: CourseRule, planned: int, titles: Mapping[str, str]) -> RuleWords:
    """`titles` names the papers by their public ids, `planned` the half-days of a class."""
    return RuleWords(
        _in_person(rule.in_person, planned, titles) if rule.in_person else [],
        _online(rule.online) if rule.online else [],
        _mixed(rule),
    )


def titles_of(papers: Sequence[Paper]) -> dict[str, str]:
    """Titles by public id."""
    return {one.public_id: one.title for one in papers}


def version_lines(
    versions: Sequence[RuleVersion], names: Mapping[int, str], planned: int, titles: Mapping[str, str]
) -> list[VersionLine]:
    """Versions, the newest first, each compared with the one before it."""
    words = [rule_words(CourseRule.from_json(each.rule), planned, titles).all for each in versions]
    earlier: list[list[str]] = [*words[1:], []][: len(words)]
    return [
        VersionLine(
            version,
            names.get(version.created_by or 0, ""),
            [each for each in now if each not in before],
            [each for each in before if each not in now],
        )
        for version, now, before in zip(versions, words, earlier, strict=True)
    ]


def passing_words(passes: int, people: int, held: int) -> str:
    """How many pass, as the form says it while one types."""
    if not people:
        return str(_("Nobody belongs to this course yet."))
    said = ngettext("%(passes)s of %(num)s person passes.", "%(passes)s of %(num)s people pass.", people, passes=passes)
    waiting = ngettext("%(num)s is held.", "%(num)s are held.", held) if held else ""
    return f"{said} {waiting}".strip()


def _in_person(asked: InPerson, planned: int, titles: Mapping[str, str]) -> list[str]:
    found = []
    if asked.sessions:
        found.append(
            _(
                "attended at least %(sessions)s of the %(planned)s planned half-days; what was made up in another class"
                " of the course counts.",
                sessions=asked.sessions,
                planned=planned,
            )
        )
    if asked.paper:
        title = titles.get(asked.paper, "–")
        if asked.mark is None:
            found.append(_("passed the test “%(title)s”, retakes included.", title=title))
        else:
            found.append(
                _(
                    "reached at least %(mark)s%% of the points in the test “%(title)s”, retakes included.",
                    mark=asked.mark,
                    title=title,
                )
            )
    return found


def _online(asked: Online) -> list[str]:
    found = []
    if asked.in_time:
        found.append(
            _(
                "completed the course within the days of the intake; the day of the account's issue is day 0, and the"
                " last second of the last day counts."
            )
        )
    if asked.score is not None:
        found.append(_("reached at least %(score)s%% in the online test.", score=asked.score))
    if asked.progress is not None:
        found.append(_("worked through at least %(progress)s%% of the online course.", progress=asked.progress))
    return found


def _mixed(rule: CourseRule) -> str:
    if not rule.mixed or rule.online is None or rule.online.score is None:
        return ""
    said: str = _(
        "Mixed: the half-days of the class together with at least %(score)s%% in the online test;"
        " no limit of days then.",
        score=rule.online.score,
    )
    return said
