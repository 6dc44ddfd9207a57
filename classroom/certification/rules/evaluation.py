"""Whether a learner is certified, by which way, and why: a pure function over the rule and the facts.

`Line.reason` says what is missing, as a code; words for codes stand in web/words. The ways are tried in one order (in
person, online, mixed) and the first that is fulfilled is the learner's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from classroom.attendance.rules.credit import ATTENDED
from classroom.attendance.rules.sat import SatCourse
from classroom.certification.rules.course_rules import CourseRule, InPerson, Online
from classroom.certification.rules.facts import LearnerFacts, OnlineFact, TestFact
from classroom.core.clock import local

IN_PERSON, ONLINE, MIXED, LISTED = "in_person", "online", "mixed", "listed"
PASS, FAIL, HELD = "pass", "fail", "held"
#: Every reason that a decision may give, in the order in which pages offer them.
REASONS = (
    "attendance.short",
    "attendance.withdrawn",
    "attendance.none",
    "test.none",
    "test.failed",
    "test.low",
    "online.no_result",
    "online.not_completed",
    "online.no_completion_day",
    "online.no_issue_day",
    "online.before_issue",
    "online.late",
    "online.no_score",
    "online.low_score",
    "online.low_progress",
    "online.retracted",
    "online.none",
    "listed.deny",
    "held.match",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion: what is required, what is there, whether that is enough, and where it comes from (JSON values).

    `score` is a test's result as it shall be printed, such as "8,5/10".
    """

    path: str
    criterion: str
    met: bool
    required: dict[str, Any] = field(default_factory=dict)
    actual: dict[str, Any] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    score: str = ""

    def as_json(self) -> dict[str, Any]:
        """What is kept in an outcome and copied into a certificate."""
        return {
            "path": self.path,
            "criterion": self.criterion,
            "met": self.met,
            "required": self.required,
            "actual": self.actual,
            "source": self.source,
            "reason": self.reason,
            "score": self.score,
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rule says; `class_id` and `intake_id` are those by which the learner belongs to the course."""

    decision: str
    path: str
    reasons: tuple[str, ...]
    lines: tuple[Line, ...]
    class_id: int | None = None
    intake_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Track:
    """One way with its lines; `part`: whether the learner has set foot on it."""

    path: str
    part: bool
    lines: tuple[Line, ...]
    intake_id: int | None = None

    @property
    def passed(self) -> bool:
        return all(line.met for line in self.lines)


def evaluate(rule: CourseRule, facts: LearnerFacts) -> Decision:
    """A denial wins over everything, an open question over what follows, an allowance over the rule."""
    tracks = _tracks(rule, facts)
    chosen = next((track for track in tracks if track.passed), None)
    lines = (*_beside(facts), *(line for track in tracks for line in track.lines))
    intake_id = next((track.intake_id for track in tracks if track.intake_id), None) or _first_intake(facts)
    judge = _judged(facts, chosen, tracks)
    return Decision(*judge, lines, facts.sat.class_id if facts.sat else None, intake_id)


def _judged(facts: LearnerFacts, chosen: _Track | None, tracks: list[_Track]) -> tuple[str, str, tuple[str, ...]]:
    kinds = {each.kind for each in facts.listed}
    if "deny" in kinds:
        return FAIL, "", ("listed.deny",)
    if facts.held_by:
        return HELD, "", ("held.match",)
    if chosen is not None:
        return PASS, chosen.path, ()
    if "allow" in kinds:
        return PASS, LISTED, ()
    return FAIL, "", _reasons(tracks)


def _tracks(rule: CourseRule, facts: LearnerFacts) -> list[_Track]:
    tracks = []
    if rule.in_person is not None:
        tracks.append(_in_person(rule.in_person, facts))
    if rule.online is not None:
        tracks.append(_online(rule.online, facts))
    if not any(track.passed for track in tracks) and (mixed := _mixed(rule, facts)) is not None and mixed.passed:
        tracks.append(mixed)
    return tracks


def _reasons(tracks: list[_Track]) -> tuple[str, ...]:
    """What is missing on the ways that the learner has set foot on, each once; on all of them if on none."""
    walked = [track for track in tracks if track.part] or tracks
    missing = (line.reason for track in walked for line in track.lines if line.reason)
    return tuple(dict.fromkeys(missing))


def _beside(facts: LearnerFacts) -> Iterable[Line]:
    """Lines of what was decided beside the rule, and of what waits."""
    for each in sorted(facts.listed, key=lambda one: one.kind != "deny"):
        reason = "listed.deny" if each.kind == "deny" else ""
        yield Line(
            "", each.kind, not reason, actual={"note": each.note}, source={"listed": each.public_id}, reason=reason
        )
    if facts.held_by:
        yield Line("", "match", False, source={"case": facts.held_by}, reason="held.match")


# --- in person ---


def _in_person(asked: InPerson, facts: LearnerFacts) -> _Track:
    if facts.sat is None:
        return _Track(IN_PERSON, False, (Line(IN_PERSON, "place", False, reason="attendance.none"),))
    lines = [*_place(facts.sat, IN_PERSON)]
    if asked.sessions:
        lines.append(_attendance(asked.sessions, facts.sat, IN_PERSON))
    if asked.paper:
        lines.append(_test(asked, facts.test))
    return _Track(IN_PERSON, True, tuple(lines))


def _place(sat: SatCourse, path: str) -> Iterable[Line]:
    """Only worth a line where somebody has left."""
    if sat.ended:
        yield Line(path, "place", False, source={"class": sat.class_code}, reason="attendance.withdrawn")


def _attendance(sessions: int, sat: SatCourse, path: str) -> Line:
    credit = sat.credit(sessions)
    attended = [
        {"number": each.number, "on": each.held_on.isoformat(), "part": each.part, "status": str(each.status)}
        | ({"class": each.class_code} if each.class_code != sat.class_code else {})
        for each in sat.half_days
        if each.status in ATTENDED
    ]
    return Line(
        path,
        "attendance",
        credit.reached,
        {"sessions": credit.required, "of": credit.planned},
        {"sessions": credit.attended},
        {"class": sat.class_code, "sessions": attended},
        "" if credit.reached else "attendance.short",
    )


def _test(asked: InPerson, test: TestFact | None) -> Line:
    required: dict[str, Any] = {"percent": asked.mark} if asked.mark is not None else {"passed": True}
    if test is None:
        return Line(IN_PERSON, "test", False, required, reason="test.none")
    reason = _lacking(asked.mark, test)
    score = f"{spell(_scaled(test))}/{test.scale}"
    source = {"attempt": test.attempt, "paper": test.paper, "on": _iso(test.finished_on)}
    return Line(
        IN_PERSON, "test", not reason, required, {"score": score, "outcome": test.outcome}, source, reason, score
    )


def _lacking(mark: int | None, test: TestFact) -> str:
    if mark is None:
        return "" if test.outcome == "pass" else "test.failed"
    return "" if test.out_of and test.mark * 100 >= mark * test.out_of else "test.low"


def _scaled(test: TestFact) -> Decimal:
    share = test.mark / test.out_of if test.out_of else Decimal(0)
    return (share * test.scale).quantize(Decimal("0.01"), ROUND_HALF_UP)


# --- online ---


def _online(asked: Online, facts: LearnerFacts) -> _Track:
    living = [each for each in facts.online if not each.retracted]
    if not living:
        return _without_result(facts)
    tried = [(_of_record(asked, record, facts.zone), record) for record in living]
    lines, record = max(tried, key=lambda one: _rank(*one))
    return _Track(ONLINE, True, tuple(lines), record.intake_id)


def _rank(lines: list[Line], record: OnlineFact) -> tuple[Any, ...]:
    """All met comes first, then more of them, then the better score; of equals the earlier record."""
    met = sum(line.met for line in lines)
    return met == len(lines), met, _or_less(record.score), _or_less(record.progress), -record.intake_id


def _or_less(value: Decimal | None) -> Decimal:
    """Nought is more than nothing."""
    return Decimal(-1) if value is None else value


def _without_result(facts: LearnerFacts) -> _Track:
    if facts.online:
        gone = facts.online[0]
        line = Line(ONLINE, "result", False, source=_row(gone), reason="online.retracted")
        return _Track(ONLINE, True, (line,), gone.intake_id)
    if facts.accounts:
        account = facts.accounts[0]
        source = {"intake": account.intake, "intake_name": account.intake_name, "account": account.account}
        line = Line(ONLINE, "result", False, source=source, reason="online.no_result")
        return _Track(ONLINE, True, (line,), account.intake_id)
    return _Track(ONLINE, False, (Line(ONLINE, "result", False, reason="online.none"),))


def _of_record(asked: Online, record: OnlineFact, zone: str) -> list[Line]:
    lines = [_completion(record, zone)] if asked.in_time else []
    if asked.score is not None:
        lines.append(_online_test(asked.score, record, ONLINE))
    if asked.progress is not None:
        enough = (record.progress or Decimal(0)) >= asked.progress
        required, actual = {"percent": asked.progress}, {"percent": _text(record.progress)}
        reason = "" if enough else "online.low_progress"
        lines.append(Line(ONLINE, "progress", enough, required, actual, _row(record), reason))
    return lines


def _completion(record: OnlineFact, zone: str) -> Line:
    """The day of issue is day 0; through the last second of the last day on the organisation's clock it counts."""
    done = local(record.completed_at, zone) if record.completed_at else None
    required: dict[str, Any] = {"days": record.days}
    if record.issued_on:
        required |= {"issued_on": _iso(record.issued_on), "until": _iso(record.issued_on + timedelta(record.days))}
    actual = {"completed_at": done.isoformat(timespec="seconds")} if done else {}
    reason = _untimely(record, zone)
    return Line(ONLINE, "completion", not reason, required, actual, _row(record), reason)


def _untimely(record: OnlineFact, zone: str) -> str:
    if record.completed_at is None:
        complete = record.said == "passed" or (record.progress is not None and record.progress >= 100)
        return "online.no_completion_day" if complete else "online.not_completed"
    if record.issued_on is None:
        return "online.no_issue_day"
    day = local(record.completed_at, zone).date()
    if day < record.issued_on:
        return "online.before_issue"
    return "online.late" if day > record.issued_on + timedelta(record.days) else ""


def _online_test(least: int, record: OnlineFact, path: str) -> Line:
    required, source = {"percent": least}, _row(record)
    if record.score is None:
        return Line(path, "online_test", False, required, {}, source, "online.no_score")
    enough, score = record.score >= least, f"{spell(record.score)}/100"
    reason = "" if enough else "online.low_score"
    return Line(path, "online_test", enough, required, {"percent": _text(record.score)}, source, reason, score)


# --- both ---


def _mixed(rule: CourseRule, facts: LearnerFacts) -> _Track | None:
    """The half-days of the class, and the test of the platform: for it alone no limit of days holds."""
    if not rule.mixed or rule.in_person is None or rule.online is None or rule.online.score is None:
        return None
    scored = [each for each in facts.online if not each.retracted and each.score is not None]
    if facts.sat is None or not scored:
        return None
    best = max(scored, key=lambda each: (each.score, -each.intake_id))
    lines = [*_place(facts.sat, MIXED)]
    if rule.in_person.sessions:
        lines.append(_attendance(rule.in_person.sessions, facts.sat, MIXED))
    return _Track(MIXED, True, (*lines, _online_test(rule.online.score, best, MIXED)), best.intake_id)


# --- spelling ---


def spell(value: Decimal) -> str:
    """A number as it is printed: decimal comma, no needless zeros."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def without_hold(facts: LearnerFacts) -> LearnerFacts:
    """The same as if no question were open."""
    return replace(facts, held_by="")


def _first_intake(facts: LearnerFacts) -> int | None:
    return next(iter([each.intake_id for each in facts.online] + [each.intake_id for each in facts.accounts]), None)


def _row(record: OnlineFact) -> dict[str, Any]:
    return {
        "record": record.record,
        "account": record.account,
        "intake": record.intake,
        "intake_name": record.intake_name,
        "import": record.import_id,
        "file": record.filename,
        "row": record.row,
    }


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""


def _text(value: Decimal | None) -> str:
    return "" if value is None else spell(value)
