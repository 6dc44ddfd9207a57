"""Everything that a rule looks at, of one learner in one course; frozen, so that its hash says whether it changed."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from classroom.attendance.rules.sat import SatCourse
from classroom.certification.rules.course_rules import CourseRule


@dataclass(frozen=True, slots=True)
class TestFact:
    """The attempt that is the result of a paper, by the paper's own policy, retakes among them."""

    __test__ = False  # what pytest takes for a test by its name

    attempt: str
    outcome: str
    mark: Decimal
    out_of: Decimal
    scale: int = 10
    paper: str = ""
    finished_on: date | None = None


@dataclass(frozen=True, slots=True)
class OnlineFact:
    """What the newest valid import says of one account; `issued_on` is day 0 of its `days`."""

    record: str
    intake_id: int
    intake: str
    intake_name: str
    account: str
    days: int
    issued_on: date | None = None
    completed_at: datetime | None = None
    score: Decimal | None = None
    progress: Decimal | None = None
    said: str = ""
    retracted: bool = False
    row: int | None = None
    import_id: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class AccountFact:
    """An account that was given out and of which no import has spoken."""

    intake_id: int
    intake: str
    intake_name: str
    account: str


@dataclass(frozen=True, slots=True)
class ListedFact:
    """What a coordinator decided beside the rule: "allow" or "deny", with the note."""

    kind: str
    note: str
    public_id: str = ""


@dataclass(frozen=True, slots=True)
class LearnerFacts:
    """One learner; `zone` names the organisation's time zone, `held_by` the open question whose record this may be."""

    zone: str = "Asia/Ho_Chi_Minh"
    sat: SatCourse | None = None
    test: TestFact | None = None
    online: tuple[OnlineFact, ...] = ()
    accounts: tuple[AccountFact, ...] = ()
    listed: tuple[ListedFact, ...] = ()
    held_by: str = ""


def facts_hash(rule: CourseRule, facts: LearnerFacts) -> str:
    """The same rule and facts have the same one."""
    return sha256(f"{rule!r}{facts!r}".encode()).hexdigest()
