"""Who is certified by the way through an intake: time limits, records, reasons."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from classroom.certification.rules.course_rules import CourseRule, Online
from classroom.certification.rules.evaluation import evaluate
from tests.certification.ruling import BOTH, LAST_SECOND, given_account, learnt, line, person, told

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("done", "reasons"),
    [
        (LAST_SECOND, ()),
        (LAST_SECOND + SECOND, ("online.late",)),
        (LAST_SECOND + timedelta(microseconds=999_999), ()),
        (datetime(2026, 9, 30, 17, 0, 0, tzinfo=UTC), ()),
        (datetime(2026, 9, 30, 16, 59, 59, tzinfo=UTC), ("online.before_issue",)),
        (datetime(2026, 10, 11, 23, 0, 0, tzinfo=UTC), ("online.late",)),
    ],
)
def test_day_10_counts_to_its_last_second_and_not_one_second_longer(done: datetime, reasons: tuple[str, ...]) -> None:
    assert evaluate(BOTH, person(online=(learnt(completed_at=done),))).reasons == reasons


@pytest.mark.parametrize(
    ("zone", "issued", "last"),
    [
        # clocks go back an hour on 25 October 2026: day 10 has 25 hours
        ("Europe/Berlin", date(2026, 10, 15), datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),
        # clocks go forward on 29 March 2026: day 10 has 23
        ("Europe/Berlin", date(2026, 3, 19), datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)),
        # midnight of day 11 does not exist: clocks jump from 00:00 to 01:00 on 29 March 2026
        ("Asia/Beirut", date(2026, 3, 18), datetime(2026, 3, 28, 21, 59, 59, tzinfo=UTC)),
        ("Asia/Ho_Chi_Minh", date(2026, 2, 19), datetime(2026, 3, 1, 16, 59, 59, tzinfo=UTC)),
        ("UTC", date(2026, 12, 25), datetime(2027, 1, 4, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_last_day_is_that_of_the_organisations_clock(zone: str, issued: date, last: datetime) -> None:
    for done, decision in ((last, "pass"), (last + SECOND, "fail")):
        facts = person(zone=zone, online=(learnt(issued_on=issued, completed_at=done),))
        assert evaluate(BOTH, facts).decision == decision


def test_an_intake_has_its_own_number_of_days() -> None:
    early = learnt(days=9)
    assert told(person(online=(early,)))[2] == ("online.late",)
    limit = line(evaluate(BOTH, person(online=(early,))), "completion").required
    assert limit == {"days": 9, "issued_on": "2026-10-01", "until": "2026-10-10"}


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        ({"issued_on": None}, ("online.no_issue_day",)),
        ({"completed_at": None, "progress": Decimal(60), "said": ""}, ("online.not_completed",)),
        ({"completed_at": None, "progress": None, "said": "failed"}, ("online.not_completed",)),
        ({"completed_at": None, "progress": Decimal(100), "said": ""}, ("online.no_completion_day",)),
        ({"completed_at": None, "progress": Decimal("99.9"), "said": "passed"}, ("online.no_completion_day",)),
        ({"score": Decimal("49.99999")}, ("online.low_score",)),
        ({"score": Decimal(50)}, ()),
        ({"score": None}, ("online.no_score",)),
        ({"score": Decimal(0), "issued_on": None}, ("online.no_issue_day", "online.low_score")),
        ({"retracted": True}, ("online.retracted",)),
    ],
)
def test_each_thing_that_is_missing_online_has_a_reason_of_its_own(
    facts: dict[str, Any], reasons: tuple[str, ...]
) -> None:
    assert evaluate(BOTH, person(online=(learnt(**facts),))).reasons == reasons


@pytest.mark.parametrize(
    ("progress", "reasons"), [(80, ()), ("79.9", ("online.low_progress",)), (None, ("online.low_progress",))]
)
def test_a_rule_may_ask_for_progress(progress: Any, reasons: tuple[str, ...]) -> None:
    rule = CourseRule(online=Online(False, None, 80))
    record = learnt(progress=None if progress is None else Decimal(progress), completed_at=None, issued_on=None)
    assert evaluate(rule, person(online=(record,))).reasons == reasons


def test_the_row_of_the_import_is_the_source() -> None:
    decided = evaluate(BOTH, person(online=(learnt(),)))
    row = {
        "record": "record", "account": "na0001", "intake": "intake", "intake_name": "Đợt 1", "import": "import",
        "file": "ket-qua.csv", "row": 7,
    }  # fmt: skip
    assert line(decided, "completion").source == line(decided, "online_test").source == row
    assert line(decided, "completion").actual == {"completed_at": "2026-10-11T23:59:59+07:00"}
    assert line(decided, "online_test").score == "85/100"
    assert line(decided, "online_test").required == {"percent": 50}


def test_an_account_reissued_in_another_intake_counts_from_its_own_issue() -> None:
    late = learnt(completed_at=LAST_SECOND + timedelta(days=6))
    again = learnt(intake_id=2, issued_on=date(2026, 10, 12), completed_at=LAST_SECOND + timedelta(days=6))
    assert told(person(online=(late,))) == ("fail", "", ("online.late",))
    decided = evaluate(BOTH, person(online=(late, again)))
    assert (decided.decision, decided.path, decided.intake_id) == ("pass", "online", 2)


def test_a_completion_before_the_second_account_was_issued_proves_nothing_for_it() -> None:
    again = learnt(intake_id=2, issued_on=date(2026, 10, 20))
    assert told(person(online=(again,)))[2] == ("online.before_issue",)


@pytest.mark.parametrize("turned", [False, True])
def test_the_best_of_several_records_counts_whatever_their_order(turned: bool) -> None:
    weak = learnt(intake_id=1, score=Decimal(40))
    strong = learnt(intake_id=2, score=Decimal(90))
    taken_back = learnt(intake_id=3, score=Decimal(100), retracted=True)
    records = (weak, strong, taken_back)
    decided = evaluate(BOTH, person(online=records[::-1] if turned else records))
    assert (decided.decision, decided.intake_id, line(decided, "online_test").score) == ("pass", 2, "90/100")


@pytest.mark.parametrize("turned", [False, True])
def test_of_records_that_all_fall_short_the_nearest_is_explained(turned: bool) -> None:
    far = learnt(intake_id=1, score=Decimal(45), completed_at=None, progress=Decimal(10), said="")
    near = learnt(intake_id=2, score=Decimal(30))
    decided = evaluate(BOTH, person(online=(near, far) if turned else (far, near)))
    assert (decided.reasons, decided.intake_id) == (("online.low_score",), 2)


@pytest.mark.parametrize("turned", [False, True])
def test_of_equal_records_that_of_the_earlier_intake_counts(turned: bool) -> None:
    first, second = learnt(intake_id=1), learnt(intake_id=2)
    assert evaluate(BOTH, person(online=(second, first) if turned else (first, second))).intake_id == 1


def test_a_score_of_nought_is_a_score_and_better_than_none() -> None:
    without, nought = learnt(intake_id=1, score=None), learnt(intake_id=2, score=Decimal(0))
    assert evaluate(BOTH, person(online=(without, nought))).reasons == ("online.low_score",)


def test_better_worse_missing_and_retracted_results_have_their_effect() -> None:
    before = told(person(online=(learnt(score=Decimal(49)),)))
    better = told(person(online=(learnt(score=Decimal(51)),)))
    worse = told(person(online=(learnt(score=Decimal(20)),)))
    retracted = told(person(online=(learnt(retracted=True),)))
    missing = told(person(accounts=(given_account(),)))
    assert before == worse == ("fail", "", ("online.low_score",))
    assert better == ("pass", "online", ())
    assert retracted == ("fail", "", ("online.retracted",))
    assert missing == ("fail", "", ("online.no_result",))


def test_an_account_without_result_belongs_to_its_intake() -> None:
    decided = evaluate(BOTH, person(accounts=(given_account(4),)))
    assert (decided.intake_id, line(decided, "result").source) == (
        4,
        {"intake": "intake", "intake_name": "Đợt 1", "account": "na0001"},
    )
