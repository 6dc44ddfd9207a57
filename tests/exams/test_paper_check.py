"""A paper is looked at before anybody sits it: what stops it, what is only odd, and nothing for a good one."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.core.errors import Refusal
from classroom.exams.rules.drawing import PoolPart, draw
from classroom.exams.rules.kinds import Content, Kind
from classroom.exams.rules.papers import (
    Candidate,
    Plan,
    PlannedPart,
    Severity,
    check,
    check_ready,
    spell_points,
    stops,
)
from tests.exams.making import BODIES

ONE = Decimal(1)


def question(key: int, kind: Kind = Kind.SINGLE, body: dict[str, Any] | None = None, **facts: bool) -> Candidate:
    content = Content(kind, f"Câu số {key}", body or BODIES[kind])
    return Candidate(key, key * 10, f"Q{key}", f"Câu {key}", content, **facts)


def fixed(key: int, **facts: Any) -> PlannedPart:
    return PlannedPart(1, ONE, (question(key, **facts),))


def drawn(count: int, *keys: int, topic: str = "Trình duyệt") -> PlannedPart:
    return PlannedPart(count, ONE, tuple(question(key) for key in keys), topic)


def plan(*parts: PlannedPart, **facts: Any) -> Plan:
    settings = {"time_limit": 45, "entry_window": 15, "pass_percent": 50, "scale": 10, "require_sessions": 0}
    return Plan(parts, **{**settings, "sessions_planned": 6, **facts})


def two_options(one: str, other: str, *, right: str) -> dict[str, Any]:
    return {"options": [{"id": key, "text": text, "right": key == right} for key, text in (("a", one), ("b", other))]}


GOOD = plan(*(fixed(key) for key in range(1, 6)), drawn(5, *range(6, 16)))


def codes(one: Plan, **how: bool) -> list[str]:
    return [flaw.code for flaw in check(one, **how)]


def test_a_good_paper_has_no_flaw() -> None:
    assert check(GOOD, printing=True) == []
    check_ready(GOOD)


def test_a_paper_without_parts_cannot_be_sat() -> None:
    assert codes(plan()) == ["paper.no_parts"]
    with pytest.raises(Refusal) as refused:
        check_ready(plan())
    assert refused.value.code == "paper.not_ready"


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ((drawn(3, 1, 2),), 2),
        ((drawn(1),), 0),
        ((fixed(1), fixed(2), drawn(2, 1, 2, 3)), 1),
        ((drawn(2, 1, 2, 3), fixed(1), fixed(2)), 1),
        ((drawn(2, 1, 2, 3), drawn(2, 1, 2, 3)), 1),
        ((fixed(1), drawn(1, 1)), 0),
    ],
)
def test_a_topic_with_too_few_questions_is_named_with_what_is_left_of_it(
    parts: tuple[PlannedPart, ...], found: int
) -> None:
    short = [flaw for flaw in check(plan(*parts)) if flaw.code == "paper.topic_short"]
    assert [flaw.details["found"] for flaw in short] == [found]
    assert short[0].severity is Severity.STOP
    assert short[0].details["topic"] == "Trình duyệt"


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (question(1, retired=True), "paper.question_retired"),
        (question(1, elsewhere=True), "paper.question_elsewhere"),
        (question(1, Kind.NUMERICAL, {"answers": []}), "question.no_right_answer"),
        (question(1, body=two_options("Huế", "Huế", right="a")), "question.equal_options"),
        (question(1, body=two_options("Huế", "Vinh", right="")), "question.no_right_answer"),
    ],
)
def test_a_question_that_cannot_be_asked_stops_every_paper_that_may_draw_it(bad: Candidate, code: str) -> None:
    for part in (PlannedPart(1, ONE, (bad,)), PlannedPart(1, ONE, (bad, question(2)), "Trình duyệt")):
        flaws = [flaw for flaw in check(plan(fixed(9), part)) if flaw.severity is Severity.STOP]
        assert [(flaw.code, flaw.part, flaw.question) for flaw in flaws] == [(code, 2, "Q1")]


def test_a_question_that_several_parts_may_draw_is_complained_of_once() -> None:
    bad = question(1, Kind.NUMERICAL, {"answers": []})
    parts = [PlannedPart(1, ONE, (bad, question(n)), "A") for n in (2, 3)]
    assert codes(plan(*parts)).count("question.no_right_answer") == 1


def test_a_question_that_is_fixed_twice_is_named_where_it_stands_again() -> None:
    flaws = [flaw for flaw in check(plan(drawn(1, 1, 2, 3), fixed(1), fixed(1))) if flaw.severity is Severity.STOP]
    assert [(flaw.code, flaw.part) for flaw in flaws] == [("paper.question_twice", 3)]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"time_limit": 3, "entry_window": 2}, "paper.time_short"),
        ({"pass_percent": 0}, "paper.everybody_passes"),
        ({"pass_percent": 100}, "paper.nothing_may_be_wrong"),
        ({"entry_window": None}, "paper.entry_long"),
        ({"entry_window": 45}, "paper.entry_long"),
        ({"scale": 100}, "paper.total_not_scale"),
    ],
)
def test_odd_terms_are_only_warned_of(facts: dict[str, Any], code: str) -> None:
    assert codes(replace(GOOD, **facts)) == [code]
    assert stops(replace(GOOD, **facts)) == []


@pytest.mark.parametrize(
    ("facts"), [{"time_limit": 4}, {"entry_window": 44}, {"pass_percent": 1}, {"require_sessions": 6}]
)
def test_terms_just_inside_are_not_complained_of(facts: dict[str, Any]) -> None:
    few = replace(GOOD, **{"entry_window": 1, **facts})
    assert codes(few) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"entry_window": 0}, "paper.no_entry"), ({"require_sessions": 7}, "paper.sessions_beyond")],
)
def test_terms_under_which_nobody_could_begin_stop_the_paper(facts: dict[str, Any], code: str) -> None:
    assert [flaw.code for flaw in stops(replace(GOOD, **facts))] == [code]


def test_a_total_that_is_no_whole_number_is_pointed_out() -> None:
    third = replace(GOOD, parts=(replace(fixed(1), points=Decimal("0.5")), drawn(3, 2, 3, 4)))
    flaws = check(third)
    assert [(flaw.code, flaw.details) for flaw in flaws] == [("paper.total_not_round", {"total": "3,5"})]


def test_many_letters_are_pointed_out_only_when_the_paper_is_printed() -> None:
    many = {"options": [{"id": chr(97 + n), "text": str(n), "right": n == 0} for n in range(11)]}
    one = plan(*GOOD.parts[1:], PlannedPart(1, ONE, (question(1, body=many),)))
    assert codes(one) == []
    assert codes(one, printing=True) == ["paper.hard_by_pen"]


def test_what_stops_stands_before_what_is_odd() -> None:
    severities = [flaw.severity for flaw in check(plan(fixed(1, retired=True), pass_percent=0))]
    assert severities == sorted(severities, key=lambda each: each is not Severity.STOP)


@pytest.mark.parametrize(
    ("points", "words"), [("1", "1"), ("0.50000", "0,5"), ("10.00000", "10"), ("0", "0"), ("100", "100")]
)
def test_points_are_written_without_places_that_say_nothing(points: str, words: str) -> None:
    assert spell_points(Decimal(points)) == words


@st.composite
def papers(draw_: st.DrawFn) -> Plan:
    """Any mixture of fixed questions and questions drawn from two topics, good or short."""
    topics = {"A": (1, 2, 3, 4), "B": (5, 6)}
    parts = []
    for _ in range(draw_(st.integers(1, 5))):
        if draw_(st.booleans()):
            parts.append(fixed(draw_(st.integers(1, 6))))
        else:
            name = draw_(st.sampled_from(["A", "B"]))
            parts.append(drawn(draw_(st.integers(1, 4)), *topics[name], topic=name))
    return plan(*parts)


@given(papers(), st.binary(min_size=16, max_size=16))
def test_a_paper_that_passes_the_check_can_always_be_drawn_and_asks_nothing_twice(one: Plan, seed: bytes) -> None:
    pool = [PoolPart(p.draw, p.points, tuple((c.question_id, c.version_id) for c in p.candidates)) for p in one.parts]
    if stops(one):
        return
    items = draw(pool, seed, {}, shuffle_questions=True, shuffle_options=True)
    asked = [item.question_id for item in items]
    assert len(asked) == len(set(asked)) == one.questions
