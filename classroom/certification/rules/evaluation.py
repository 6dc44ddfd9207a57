"""Whether a learner is certified, by which way, and why: a pure function over the rule and the facts.

`Line.reason` says what is missing, as a code; words for codes stand in web/words. The ways are tried in one order (in
person, online, mixed) and the first that is fulfilled is the learner's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from classroom.attendance.rules.credit import ATTENDED
from classroom.attendance.rules.sat import SatCourse
from classroom.certification.rules.course_rules import CourseRule, InPerson
from classroom.certification.rules.facts import LearnerFacts, TestFact
from classroom.certification.rules.lines import IN_PERSON, LISTED, MIXED, Line, Track, iso, spell
from classroom.certification.rules.online_way import online_test, online_way

PASS, FAIL, HELD = "pass", "fail", "held"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rule says; `class_id` and `intake_id` are those by which the learner belongs to the course."""

    decision: str
    path: str
    reasons: tuple[str, ...]
    lines: tuple[Line, ...]
    class_id: int | None = None
    intake_id: int | None = None


def evaluate(rule: CourseRule, facts: LearnerFacts) -> Decision:
    """A denial wins over everything, an open question over what follows, an allowance over the rule."""
    tracks = _tracks(rule, facts)
    chosen = next((track for track in tracks if track.passed), None)
    lines = (*_beside(facts), *(line for track in tracks for line in track.lines))
    intake_id = next((track.intake_id for track in tracks if track.intake_id), None) or _first_intake(facts)
    judge = _judged(facts, chosen, tracks)
    return Decision(*judge, lines, facts.sat.class_id if facts.sat else None, intake_id)


def _judged(facts: LearnerFacts, chosen: Track | None, tracks: list[Track]) -> tuple[str, str, tuple[str, ...]]:
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


def _tracks(rule: CourseRule, facts: LearnerFacts) -> list[Track]:
    tracks = []
    if rule.in_person is not None:
        tracks.append(_in_person(rule.in_person, facts))
    if rule.online is not None:
        tracks.append(online_way(rule.online, facts))
    if not any(track.passed for track in tracks) and (mixed := _mixed(rule, facts)) is not None and mixed.passed:
        tracks.append(mixed)
    return tracks


def _reasons(tracks: list[Track]) -> tuple[str, ...]:
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


def _in_person(asked: InPerson, facts: LearnerFacts) -> Track:
    if facts.sat is None:
        return Track(IN_PERSON, False, (Line(IN_PERSON, "place", False, reason="attendance.none"),))
    lines = [*_place(facts.sat, IN_PERSON)]
    if asked.sessions:
        lines.append(_attendance(asked.sessions, facts.sat, IN_PERSON))
    if asked.paper:
        lines.append(_test(asked, facts.test))
    return Track(IN_PERSON, True, tuple(lines))


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
    source = {"attempt": test.attempt, "paper": test.paper, "on": iso(test.finished_on)}
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


# --- both ---


def _mixed(rule: CourseRule, facts: LearnerFacts) -> Track | None:
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
    return Track(MIXED, True, (*lines, online_test(rule.online.score, best, MIXED)), best.intake_id)


def without_hold(facts: LearnerFacts) -> LearnerFacts:
    """The same as if no question were open."""
    return replace(facts, held_by="")


def _first_intake(facts: LearnerFacts) -> int | None:
    return next(iter([each.intake_id for each in facts.online] + [each.intake_id for each in facts.accounts]), None)
