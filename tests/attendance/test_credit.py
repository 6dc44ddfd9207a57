"""Numbers that add up, and what is still needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.attendance.rules import (
    ATTENDED,
    Attendance,
    CourseRule,
    Credit,
    PlannedSession,
    Status,
    Tally,
    credit,
    tally,
)

P, L, E, A, X = Status.PRESENT, Status.LATE, Status.EXCUSED, Status.ABSENT, Status.LEFT_EARLY
FIVE = CourseRule(5)


def plan(held: int = 0, cancelled: tuple[int, ...] = (), count: int = 6) -> list[PlannedSession]:
    return [PlannedSession(n, n <= held and n not in cancelled, n in cancelled) for n in range(1, count + 1)]


def marks(text: str, first: int = 1) -> list[Attendance]:
    """One letter a session, starting with number `first`: P L E A X, and - for no mark."""
    words = {"P": P, "L": L, "E": E, "A": A, "X": X}
    return [Attendance(n, words[letter]) for n, letter in enumerate(text, first) if letter != "-"]


# attended, held, planned, required, still_needed, possible
@pytest.mark.parametrize(
    ("story", "planned", "attendances", "expected"),
    [
        ("before the first day", plan(), [], Credit(0, 0, 6, 5, 5, 6)),
        ("3 of 4 held, 5 of 6 needed", plan(4), marks("PLAP"), Credit(3, 4, 6, 5, 2, 5)),
        ("all attended", plan(6), marks("PPPPPP"), Credit(6, 6, 6, 5, 0, 6)),
        ("excused and left early do not count by default", plan(6), marks("PPPPEX"), Credit(4, 6, 6, 5, 1, 4)),
        ("joined on day 2: nothing shrinks", plan(6), marks("PPPP", first=3), Credit(4, 6, 6, 5, 1, 4)),
        ("one cancelled", plan(6, cancelled=(3,)), marks("PP-PPA"), Credit(4, 5, 5, 4, 0, 4)),
        ("made up as a guest, once", plan(3), marks("PPA") + marks("P", 3) + marks("P", 2), Credit(3, 3, 6, 5, 2, 6)),
        ("a guest ahead of the own class", plan(2), marks("PP") + marks("P", 5), Credit(3, 3, 6, 5, 2, 6)),
        ("cancelled here, made up there", plan(6, cancelled=(6,)), marks("PPPPAP"), Credit(5, 6, 6, 5, 0, 5)),
        ("a class shorter than the rule", plan(1, count=3), marks("P"), Credit(1, 1, 3, 3, 2, 3)),
        ("all but one cancelled", plan(1, (2, 3, 4, 5, 6)), marks("A"), Credit(0, 1, 1, 1, 1, 0)),
        ("all cancelled", plan(0, (1, 2, 3, 4, 5, 6)), [], Credit(0, 0, 0, 0, 0, 0)),
        ("a number that is not planned", plan(1), marks("P") + marks("P", 9), Credit(1, 1, 6, 5, 4, 6)),
        ("in the room right now", plan(2), marks("PPP"), Credit(3, 3, 6, 5, 2, 6)),
    ],
)
def test_credit_follows_the_courses_rule(
    story: str, planned: list[PlannedSession], attendances: list[Attendance], expected: Credit
) -> None:
    assert credit(FIVE, planned, attendances) == expected


def test_the_rule_says_what_counts() -> None:
    kind = CourseRule(5, ATTENDED | {E, X})
    assert credit(kind, plan(6), marks("PPPPEX")).attended == 6


def test_credit_says_whether_it_is_reached_or_out_of_reach() -> None:
    assert credit(FIVE, plan(5), marks("PPPPP")).reached
    assert credit(FIVE, plan(1), marks("A")).within_reach
    assert not credit(FIVE, plan(2), marks("AA")).within_reach


planned = st.builds(
    lambda states: [PlannedSession(n, state == 1, state == 2) for n, state in enumerate(states, 1)],
    st.lists(st.integers(0, 2), max_size=8),
)
facts = st.lists(st.builds(Attendance, st.integers(1, 9), st.sampled_from(Status)), max_size=20)


@given(st.integers(0, 8), planned, facts, st.randoms())
def test_credit_is_consistent_for_any_facts(
    required: int, sessions: list[PlannedSession], attendances: list[Attendance], random: object
) -> None:
    result = credit(CourseRule(required), sessions, attendances)
    assert 0 <= result.attended <= result.held <= result.planned
    assert result.attended <= result.possible <= result.planned
    assert 0 <= result.required <= result.planned
    assert result.still_needed == max(0, result.required - result.attended)
    shuffled = sorted(attendances * 2, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert credit(CourseRule(required), sessions[::-1], shuffled) == result


@given(planned, facts, st.integers(1, 9))
def test_attending_more_never_makes_it_worse(
    sessions: list[PlannedSession], attendances: list[Attendance], number: int
) -> None:
    before = credit(FIVE, sessions, attendances)
    after = credit(FIVE, sessions, [*attendances, Attendance(number, P)])
    assert after.still_needed <= before.still_needed


def test_a_class_session_in_numbers() -> None:
    roster = ["an", "anh", "dung", "duc", "lan", "mai", "ut"]
    statuses = {"an": P, "anh": L, "dung": X, "duc": E, "lan": A, "guest": P, "stranger": A}
    result = tally(roster, statuses, not_yet={"ut"})
    assert result == Tally(7, 1, 1, 1, 1, 1, not_applicable=1, unmarked=1, guests=1)
    assert (result.came, result.expected, result.heads) == (3, 6, 4)


def test_who_was_seen_counts_even_before_the_enrolment() -> None:
    assert tally(["an"], {"an": P}, not_yet={"an"}).present == 1


people = st.integers(0, 20)


@given(st.sets(people), st.dictionaries(people, st.sampled_from([*Status, None])), st.sets(people))
def test_the_statuses_add_up_to_the_roster(
    roster: set[int], statuses: dict[int, Status | None], not_yet: set[int]
) -> None:
    t = tally(roster, statuses, not_yet)
    parts = (t.present, t.late, t.left_early, t.excused, t.absent, t.not_applicable, t.unmarked)
    assert sum(parts) == t.roster == len(roster)
