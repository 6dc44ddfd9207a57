"""Rules as data: what may be saved, and that it comes back as it was."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.certification.rules.course_rules import CourseRule, InPerson, Online, check_rule, default_rule
from classroom.core.errors import Invalid

IN_PERSON = InPerson(5, "paper")


@given(
    st.builds(
        CourseRule,
        st.none() | st.builds(InPerson, st.integers(0, 6), st.text(max_size=12), st.none() | st.integers(1, 100)),
        st.none() | st.builds(Online, st.booleans(), st.none() | st.integers(1, 100), st.none() | st.integers(1, 100)),
        st.booleans(),
    )
)
def test_a_rule_comes_back_from_json_as_it_was(rule: CourseRule) -> None:
    assert CourseRule.from_json(rule.as_json()) == rule


@pytest.mark.parametrize(
    "rule",
    [
        CourseRule(IN_PERSON),
        CourseRule(InPerson(6, "")),
        CourseRule(InPerson(0, "paper", 100)),
        CourseRule(InPerson(1, "paper", 1), Online(False, 1)),
        CourseRule(online=Online()),
        CourseRule(online=Online(False, None, 100)),
        CourseRule(IN_PERSON, Online(True, 50), mixed=True),
    ],
)
def test_a_rule_that_can_be_kept_is_taken(rule: CourseRule) -> None:
    check_rule(rule, 6)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (CourseRule(), "rule.no_path"),
        (CourseRule(InPerson(-1)), "rule.sessions_range"),
        (CourseRule(InPerson(61)), "rule.sessions_range"),
        (CourseRule(InPerson(7)), "rule.too_many_sessions"),
        (CourseRule(InPerson(0)), "rule.in_person_empty"),
        (CourseRule(InPerson(5, "", 50)), "rule.mark_without_paper"),
        (CourseRule(InPerson(5, "paper", 0)), "rule.percent_range"),
        (CourseRule(InPerson(5, "paper", 101)), "rule.percent_range"),
        (CourseRule(online=Online(False)), "rule.online_empty"),
        (CourseRule(online=Online(True, 0)), "rule.percent_range"),
        (CourseRule(online=Online(True, None, 101)), "rule.percent_range"),
        (CourseRule(IN_PERSON, mixed=True), "rule.mixed_needs_both"),
        (CourseRule(None, Online(True, 50), mixed=True), "rule.mixed_needs_both"),
        (CourseRule(IN_PERSON, Online(True), mixed=True), "rule.mixed_needs_both"),
        (CourseRule(InPerson(0, "paper"), Online(True, 50), mixed=True), "rule.mixed_needs_both"),
    ],
)
def test_a_rule_that_asks_for_nothing_or_the_impossible_is_refused(rule: CourseRule, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_rule(rule, 6)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("papers", "online", "expected"),
    [
        (["a"], True, CourseRule(InPerson(5, "a"), Online())),
        ([], False, CourseRule(InPerson(5, ""))),
        (["a", "b"], False, CourseRule(InPerson(5, ""))),
    ],
)
def test_a_new_course_begins_with_what_it_has(papers: list[str], online: bool, expected: Any) -> None:
    assert default_rule(5, papers, online=online) == expected
