"""Who is certified and why: tables over the pure rule."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from classroom.certification.rules.course_rules import CourseRule, InPerson, Online
from classroom.certification.rules.evaluation import evaluate, without_hold
from classroom.certification.rules.facts import facts_hash
from classroom.certification.rules.lines import REASONS, spell
from tests.certification.ruling import (
    BOTH,
    allowed,
    denied,
    learnt,
    line,
    person,
    sat,
    sat_test,
    told,
)

MIXED = CourseRule(InPerson(5, "paper"), Online(True, 50), mixed=True)
UNDATED = ("test.none", "online.no_completion_day")


# --- in person ---


@pytest.mark.parametrize(
    ("marks", "reasons"),
    [
        ("xxxxxx", ()),
        ("xxxxxK", ()),
        ("xMxMxP", ()),
        ("xxxxgK", ()),
        ("xxxxcK", ()),
        ("xxxxKK", ("attendance.short",)),
        ("xxxxSP", ("attendance.short",)),
        ("xxxx--", ("attendance.short",)),
        ("------", ("attendance.short",)),
    ],
)
def test_five_of_six_half_days_count_as_credit_counts_them(marks: str, reasons: tuple[str, ...]) -> None:
    assert evaluate(BOTH, person(sat=sat(marks), test=sat_test())).reasons == reasons


@pytest.mark.parametrize(
    ("test", "reasons"),
    [
        (sat_test(5), ()),
        (sat_test(10), ()),
        (sat_test("4.99999"), ("test.failed",)),
        (sat_test(9, outcome="fail"), ("test.failed",)),
        (None, ("test.none",)),
    ],
)
def test_the_papers_own_pass_line_holds_unless_the_rule_says_more(test: Any, reasons: tuple[str, ...]) -> None:
    assert evaluate(BOTH, person(sat=sat(), test=test)).reasons == reasons


@pytest.mark.parametrize(
    ("mark", "out_of", "reasons"),
    [(7, 10, ()), ("6.99999", 10, ("test.low",)), ("2.1", 3, ()), (0, 0, ("test.low",))],
)
def test_a_mark_of_the_rule_is_compared_exactly(mark: Any, out_of: Any, reasons: tuple[str, ...]) -> None:
    rule = CourseRule(InPerson(0, "paper", 70))
    assert evaluate(rule, person(sat=sat("------"), test=sat_test(mark, out_of, "fail"))).reasons == reasons


def test_the_lines_say_what_is_required_what_is_there_and_where_it_comes_from() -> None:
    decided = evaluate(BOTH, person(sat=sat("xKxgMx"), test=sat_test(17, 20)))
    came, test = line(decided, "attendance"), line(decided, "test")
    assert (came.required, came.actual, came.met) == ({"sessions": 5, "of": 6}, {"sessions": 5}, True)
    assert came.source["class"] == "L01"
    assert [each["number"] for each in came.source["sessions"]] == [1, 3, 4, 5, 6]
    assert came.source["sessions"][0] == {"number": 1, "on": "2026-10-12", "part": "morning", "status": "present"}
    assert came.source["sessions"][2] == {
        "number": 4, "on": "2026-10-13", "part": "afternoon", "status": "present", "class": "L02",
    }  # fmt: skip
    assert (test.score, test.actual, test.required) == (
        "8,5/10",
        {"score": "8,5/10", "outcome": "pass"},
        {"passed": True},
    )
    assert test.source == {"attempt": "attempt", "paper": "Đề cuối khóa", "on": "2026-10-14"}


def test_a_session_that_was_cancelled_shrinks_plan_and_requirement() -> None:
    assert line(evaluate(BOTH, person(sat=sat("xxxxcK"))), "attendance").required == {"sessions": 4, "of": 5}


def test_who_has_left_the_class_does_not_pass_by_it() -> None:
    assert told(person(sat=sat(ended=True), test=sat_test())) == ("fail", "", ("attendance.withdrawn",))


def test_a_rule_may_ask_for_the_test_alone_or_for_the_half_days_alone() -> None:
    assert told(person(sat=sat("------"), test=sat_test()), CourseRule(InPerson(0, "paper")))[0] == "pass"
    decided = evaluate(CourseRule(InPerson(5)), person(sat=sat()))
    assert (decided.decision, [each.criterion for each in decided.lines]) == ("pass", ["attendance"])


# --- ways ---


def test_either_way_is_enough_and_in_person_comes_first() -> None:
    room, home = {"sat": sat(), "test": sat_test()}, {"online": (learnt(),)}
    assert told(person(**room))[:2] == ("pass", "in_person")
    assert told(person(**home))[:2] == ("pass", "online")
    assert told(person(**room, **home))[:2] == ("pass", "in_person")
    assert told(person(sat=sat("KKKKKK"), **home))[:2] == ("pass", "online")


def test_reasons_are_those_of_the_ways_that_were_begun() -> None:
    assert told(person(sat=sat("KKKKKK")))[2] == ("attendance.short", "test.none")
    both = person(sat=sat("KKKKKK"), test=sat_test(), online=(learnt(score=None),))
    assert told(both)[2] == ("attendance.short", "online.no_score")
    assert told(person())[2] == ("attendance.none", "online.none")


def test_the_explanation_names_the_other_way_too() -> None:
    decided = evaluate(BOTH, person(sat=sat(), test=sat_test()))
    assert [(each.path, each.criterion, each.met) for each in decided.lines] == [
        ("in_person", "attendance", True), ("in_person", "test", True), ("online", "result", False),
    ]  # fmt: skip
    assert (decided.class_id, decided.intake_id) == (1, None)


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        (MIXED, {"completed_at": None}, ("pass", "mixed", ())),
        (BOTH, {"completed_at": None}, ("fail", "", ("test.none", "online.no_completion_day"))),
        (MIXED, {"completed_at": None, "score": Decimal(49)}, ("fail", "", (*UNDATED, "online.low_score"))),
        (MIXED, {"completed_at": None, "score": None}, ("fail", "", (*UNDATED, "online.no_score"))),
        (MIXED, {"retracted": True}, ("fail", "", ("test.none", "online.retracted"))),
        (MIXED, {}, ("pass", "online", ())),
    ],
)  # fmt: skip
def test_attended_in_person_and_tested_online_passes_where_the_course_says_so(
    rule: CourseRule, facts: dict[str, Any], expected: tuple[str, str, tuple[str, ...]]
) -> None:
    assert told(person(sat=sat(), online=(learnt(**facts),)), rule) == expected


def test_a_mixed_way_needs_the_half_days_and_a_place_in_the_class() -> None:
    late = learnt(completed_at=None)
    assert told(person(sat=sat("xxxxKK"), online=(late,)), MIXED)[0] == "fail"
    assert told(person(sat=sat(ended=True), online=(late,)), MIXED)[0] == "fail"
    assert told(person(online=(late,)), MIXED)[0] == "fail"
    assert told(person(sat=sat()), MIXED)[0] == "fail"


def test_a_mixed_way_takes_the_best_score_and_says_whose_record_it_is() -> None:
    records = (
        learnt(intake_id=3, completed_at=None, score=Decimal(60)),
        learnt(intake_id=4, completed_at=None, score=Decimal(70)),
    )
    decided = evaluate(MIXED, person(sat=sat(), online=records))
    assert line(decided, "online_test", "mixed").score == "70/100"
    assert line(decided, "attendance", "mixed").met
    assert decided.intake_id == 4


# --- lists and questions ---


def test_a_denial_wins_over_everything() -> None:
    fine = {"sat": sat(), "test": sat_test(), "online": (learnt(),)}
    assert told(person(**fine, listed=(denied(),))) == ("fail", "", ("listed.deny",))
    assert told(person(**fine, listed=(allowed(), denied()), held_by="case")) == ("fail", "", ("listed.deny",))


def test_an_allowance_wins_over_the_rule_and_the_rules_own_way_is_kept() -> None:
    assert told(person(sat=sat("KKKKKK"), listed=(allowed(),))) == ("pass", "listed", ())
    assert told(person(online=(learnt(),), listed=(allowed(),))) == ("pass", "online", ())


def test_lists_and_rule_stand_side_by_side_in_the_explanation() -> None:
    decided = evaluate(BOTH, person(sat=sat("KKKKKK"), listed=(allowed("Có giấy"), denied("Gian lận"))))
    assert [(each.criterion, each.met, each.actual) for each in decided.lines[:2]] == [
        ("deny", False, {"note": "Gian lận"}), ("allow", True, {"note": "Có giấy"}),
    ]  # fmt: skip
    assert not line(decided, "attendance").met


def test_people_with_an_open_match_are_held_and_not_decided() -> None:
    fine = person(sat=sat(), test=sat_test(), listed=(allowed(),), held_by="case")
    decided = evaluate(BOTH, fine)
    assert (decided.decision, decided.path, decided.reasons) == ("held", "", ("held.match",))
    assert line(decided, "match").source == {"case": "case"}
    assert evaluate(BOTH, without_hold(fine)).decision == "pass"


# --- changes ---


def test_a_learner_in_two_classes_gets_credit_for_what_was_made_up_in_the_other() -> None:
    assert told(person(sat=sat("xxgggK"), test=sat_test())) == ("pass", "in_person", ())
    assert told(person(sat=sat("xxggKK"), test=sat_test()))[0] == "fail"


def test_a_regrade_turns_pass_to_fail() -> None:
    passed = person(sat=sat(), test=sat_test(5))
    regraded = replace(passed, test=sat_test("4.5"))
    assert (told(passed)[0], told(regraded)) == ("pass", ("fail", "", ("test.failed",)))


def test_equal_facts_have_one_hash_and_other_facts_or_rules_another() -> None:
    facts = person(sat=sat(), online=(learnt(),))
    assert facts_hash(BOTH, facts) == facts_hash(BOTH, person(sat=sat(), online=(learnt(),)))
    others = [
        replace(facts, held_by="case"),
        replace(facts, listed=(allowed(),)),
        replace(facts, sat=sat("xxxxxK")),
        replace(facts, online=(learnt(score=Decimal("85.00001")),)),
    ]
    assert len({facts_hash(BOTH, each) for each in (facts, *others)}) == 5
    assert facts_hash(MIXED, facts) != facts_hash(BOTH, facts)


def test_that_a_session_is_over_by_now_is_no_new_fact() -> None:
    facts = person(sat=sat())
    assert facts.sat
    days = tuple(replace(each, held=False) for each in facts.sat.half_days)
    later = replace(facts, sat=replace(facts.sat, half_days=days))
    assert facts_hash(BOTH, later) == facts_hash(BOTH, facts)


def test_every_reason_that_is_given_is_a_known_one() -> None:
    given = {
        each.reason
        for facts in (person(), person(sat=sat("K"), held_by="x", listed=(denied(),)))
        for each in evaluate(MIXED, facts).lines
    }
    assert given - {""} <= set(REASONS)


@pytest.mark.parametrize(
    ("value", "text"),
    [("85.00000", "85"), ("8.50", "8,5"), ("100", "100"), ("0", "0"), ("33.33", "33,33"), ("1E+2", "100")],
)
def test_numbers_are_spelled_as_they_are_printed(value: str, text: str) -> None:
    assert spell(Decimal(value)) == text
