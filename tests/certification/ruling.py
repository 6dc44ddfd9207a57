"""Facts of learners for rules, as short as a test wants to say them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from classroom.attendance.rules import Status
from classroom.attendance.rules.sat import SatCourse, SatHalfDay
from classroom.certification.rules.course_rules import CourseRule, InPerson, Online
from classroom.certification.rules.evaluation import Decision, evaluate
from classroom.certification.rules.facts import AccountFact, LearnerFacts, ListedFact, OnlineFact, TestFact
from classroom.certification.rules.lines import Line

#: Five of six half-days and the test, or an online course in time with half of the points.
BOTH = CourseRule(InPerson(5, "paper"), Online(True, 50))
ISSUED = date(2026, 10, 1)
#: The last second of day 10 in Việt Nam.
LAST_SECOND = datetime(2026, 10, 11, 16, 59, 59, tzinfo=UTC)

_SHORT = {"x": Status.PRESENT, "M": Status.LATE, "S": Status.LEFT_EARLY, "P": Status.EXCUSED, "K": Status.ABSENT}


def sat(marks: str = "xxxxxx", *, ended: bool = False) -> SatCourse:
    """A place in class L01 with a letter for each half-day: x M S P K, - none, c cancelled, g made up in L02."""
    days = [
        SatHalfDay(
            number,
            date(2026, 10, 12 + (number - 1) // 2),
            "morning" if number % 2 else "afternoon",
            letter == "c",
            True,
            Status.PRESENT if letter == "g" else _SHORT.get(letter),
            "" if letter in "-c" else "L02" if letter == "g" else "L01",
        )
        for number, letter in enumerate(marks, start=1)
    ]
    return SatCourse(1, "L01", ended, tuple(days))


def sat_test(mark: Any = 8, out_of: Any = 10, outcome: str = "") -> TestFact:
    """A result; without `outcome` half of the points is a pass."""
    passed = outcome or ("pass" if Decimal(mark) * 2 >= Decimal(out_of) else "fail")
    return TestFact("attempt", passed, Decimal(mark), Decimal(out_of), 10, "Đề cuối khóa", date(2026, 10, 14))


def learnt(**facts: Any) -> OnlineFact:
    """A record that is fine: issued on 1 October, done in the last second of day 10, 85 per cent."""
    fine: dict[str, Any] = {
        "record": "record", "intake_id": 1, "intake": "intake", "intake_name": "Đợt 1", "account": "na0001",
        "days": 10, "issued_on": ISSUED, "completed_at": LAST_SECOND, "score": Decimal("85.00000"),
        "progress": Decimal(100), "said": "passed", "row": 7, "import_id": "import", "filename": "ket-qua.csv",
    }  # fmt: skip
    return OnlineFact(**{**fine, **facts})


def given_account(intake_id: int = 1) -> AccountFact:
    """An account of which no import has spoken."""
    return AccountFact(intake_id, "intake", "Đợt 1", "na0001")


def allowed(note: str = "Giấy bệnh viện") -> ListedFact:
    return ListedFact("allow", note, "allowed")


def denied(note: str = "Nhờ người làm bài") -> ListedFact:
    return ListedFact("deny", note, "denied")


def person(**facts: Any) -> LearnerFacts:
    return LearnerFacts(**facts)


def line(decision: Decision, criterion: str, path: str = "") -> Line:
    return next(each for each in decision.lines if each.criterion == criterion and path in ("", each.path))


def told(facts: LearnerFacts, rule: CourseRule = BOTH) -> tuple[str, str, tuple[str, ...]]:
    decided = evaluate(rule, facts)
    return decided.decision, decided.path, decided.reasons
