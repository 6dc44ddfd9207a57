"""Comings and goings: minutes in the room, who left early, and what an exit tells of somebody nobody saw come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.attendance.rules import (
    BY_HAND,
    BY_TABLET,
    Event,
    EventKind,
    Mark,
    Policy,
    Schedule,
    Source,
    Status,
    derive_mark,
    exit_targets,
    leaves_early,
    living,
    stay,
    undo_targets,
)

START = datetime(2026, 10, 14, 0, 30, tzinfo=UTC)
MORNING = Schedule(START, START + timedelta(hours=4))
POLICY = Policy(check_out=True, left_early_before=timedelta(minutes=15))
LENGTH = 240


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def came(number: int, minute: float, known: float | None = None, source: Source = Source.ROOM_CODE) -> Event:
    return Event(number, EventKind.SCAN, at(minute), at(minute if known is None else known), source=source)


def left(number: int, minute: float, known: float | None = None, source: Source = Source.ROOM_CODE) -> Event:
    return Event(number, EventKind.EXIT, at(minute), at(minute if known is None else known), source=source)


def hand(number: int, minute: float, status: Status, arrived: float | None = None) -> Event:
    return Event(number, EventKind.MANUAL, at(minute if arrived is None else arrived), at(minute), status)


def absence(number: int) -> Event:
    return Event(number, EventKind.ABSENCE, at(240), at(240), Status.ABSENT, Source.CLOSE)


def undo(number: int, annuls: int, minute: float = 300) -> Event:
    return Event(number, EventKind.UNDO, at(minute), at(minute), annuls=annuls)


def marked(*events: Event, policy: Policy = POLICY) -> Mark:
    mark = derive_mark(events, MORNING, policy)
    assert mark is not None
    return mark


P, L, E, A, X = Status.PRESENT, Status.LATE, Status.EXCUSED, Status.ABSENT, Status.LEFT_EARLY


@pytest.mark.parametrize(
    ("story", "events", "expected"),
    [
        ("came and went", [came(1, 0), left(2, 240)], (P, 240, False)),
        ("before the start and after the end do not count", [came(1, -20), left(2, 300)], (P, 240, False)),
        ("came late", [came(1, 30), left(2, 240)], (L, 210, False)),
        ("went at the boundary", [came(1, 0), left(2, 225)], (P, 225, False)),
        ("went before it", [came(1, 0), left(2, 224.9)], (X, 224, False)),
        ("late and early is early", [came(1, 30), left(2, 100)], (X, 70, False)),
        ("no exit: until the end", [came(1, 10)], (P, 230, True)),
        ("exit without entry", [left(1, 240)], (P, 240, True)),
        ("exit without entry, early", [left(1, 100)], (X, 100, True)),
        ("exit without entry over the automatic absence", [absence(1), left(2, 238)], (P, 238, True)),
        ("double exit: the last one counts", [came(1, 0), left(2, 100), left(3, 236)], (P, 236, False)),
        ("double exit, learned of in the other order", [came(1, 0), left(2, 236), left(3, 100)], (P, 236, False)),
        ("came again", [came(1, 0), left(2, 100), came(3, 120)], (P, 220, True)),
        ("came again and went", [came(1, 0), left(2, 100), came(3, 120), left(4, 235)], (P, 215, False)),
        ("came again and went early", [came(1, 0), left(2, 100), came(3, 120), left(4, 200)], (X, 180, False)),
        ("came late, went, came again", [came(1, 20), left(2, 100), came(3, 120)], (L, 200, True)),
        ("the coming again is learned of first", [came(1, 0), came(2, 120), left(3, 100)], (P, 220, True)),
        ("came twice", [came(1, 5), came(2, 50), left(3, 240)], (P, 235, False)),
        ("went before anybody saw the coming", [left(1, 60), came(2, 90), left(3, 240)], (P, 210, True)),
        ("went at the minute of coming", [came(1, 10), left(2, 10)], (X, 0, False)),
        ("went before the start", [came(1, -20), left(2, -10)], (X, 0, False)),
        ("came after the end", [came(1, 250)], (L, 0, True)),
        ("the exit was a mistake", [came(1, 0), left(2, 100), undo(3, 2)], (P, 240, True)),
        ("only the second exit was", [came(1, 0), left(2, 100), left(3, 236), undo(4, 3)], (X, 100, False)),
        ("by hand, then went", [hand(1, 5, P), left(2, 230)], (P, 225, False)),
        ("by hand, then went early", [hand(1, 5, P), left(2, 100)], (X, 95, False)),
        ("went early, and the trainer knows why", [came(1, 0), left(2, 100), hand(3, 110, P)], (P, 100, False)),
        ("the decision was made before the tablet's upload", [hand(1, 200, P, 0), left(2, 100, 300)], (X, 100, False)),
        (
            "the tablet had read it before the decision",
            [hand(1, 200, P, 0), left(2, 100, 300, Source.BADGE)],
            (P, 100, False),
        ),
        ("late by hand, went in time", [hand(1, 40, L), left(2, 239)], (L, 199, False)),
        ("left early by hand as it happens", [came(1, 0), hand(2, 150, X)], (X, 150, True)),
        ("left early by hand afterwards", [came(1, 0), hand(2, 900, X)], (X, 225, True)),
        ("left early by hand, then the exit", [came(1, 0), hand(2, 150, X), left(3, 160)], (X, 160, False)),
        ("from the paper sheet", [replace(hand(1, 900, P), source=Source.PAPER)], (P, 240, True)),
        ("sent away", [came(1, 0), hand(2, 30, A)], (A, None, False)),
        ("sent away, but was seen going", [hand(1, 30, A), left(2, 239)], (P, 239, True)),
        ("excused, but was seen going", [hand(1, -60, E), left(2, 239)], (P, 239, True)),
        ("an exit that was known when the decision was made", [left(1, 100), hand(2, 110, A)], (A, None, False)),
    ],
)
def test_minutes_and_status_follow_the_story(
    story: str, events: list[Event], expected: tuple[Status, int | None, bool]
) -> None:
    mark = marked(*events)
    assert (mark.status, mark.minutes, mark.minutes_estimated) == expected


def test_whoever_has_gone_has_a_time_and_whoever_came_again_has_none() -> None:
    assert marked(came(1, 0), left(2, 100)).left_at == at(100)
    assert marked(came(1, 0), left(2, 100), left(3, 236)).left_at == at(236)
    assert marked(came(1, 0), left(2, 100), came(3, 120)).left_at is None
    assert marked(came(1, 0), left(2, 240), hand(3, 250, A)).left_at is None


def test_an_exit_without_entry_tells_no_arrival_and_is_what_an_undo_takes_back() -> None:
    mark = marked(left(1, 239, source=Source.BADGE))
    assert (mark.status, mark.arrived_at, mark.source, mark.event_id) == (P, None, Source.BADGE, 1)
    assert marked(left(1, 60), came(2, 90)).arrived_at is None
    assert marked(left(1, 100), hand(2, 110, P)).arrived_at is None


def test_a_page_that_does_not_know_of_the_exit_is_out_of_date() -> None:
    assert marked(came(1, 0)).event_id == 1
    gone = marked(came(1, 0, source=Source.FIXED), left(2, 100))
    assert (gone.event_id, gone.made_by, gone.source) == (2, 1, Source.FIXED)
    assert marked(came(1, 0), left(2, 100), came(3, 120)).event_id == 1


def test_an_exit_contradicts_who_was_called_absent_afterwards() -> None:
    assert marked(left(1, 100), hand(2, 110, A)).contradicted


def test_where_nobody_checks_out_an_exit_means_nothing() -> None:
    assert derive_mark([left(1, 100)], MORNING, Policy()) is None
    assert marked(came(1, 0), left(2, 100), policy=Policy()) == Mark(P, at(0), Source.ROOM_CODE, event_id=1)
    assert undo_targets([came(1, 0), left(2, 100)]) == [1]


def test_the_boundary_is_not_early() -> None:
    assert leaves_early(at(224.99), MORNING, POLICY)
    assert not leaves_early(at(225), MORNING, POLICY)
    assert not leaves_early(at(240), MORNING, Policy(left_early_before=timedelta()))
    assert leaves_early(at(239), MORNING, Policy(left_early_before=timedelta()))


@pytest.mark.parametrize(
    ("events", "all_of_it", "the_exit"),
    [
        ([came(1, 0), left(2, 100)], [1, 2], [2]),
        ([came(1, 0), left(2, 100), left(3, 230)], [1, 2, 3], [2, 3]),
        ([came(1, 0), left(2, 100), came(3, 120), left(4, 230)], [1, 2, 3, 4], [4]),
        ([came(1, 0), left(2, 100), came(3, 120)], [1, 2, 3], []),
        ([left(1, 100)], [1], [1]),
        ([hand(1, 5, P), left(2, 100)], [1], [2]),
        ([came(1, 0), left(2, 100), undo(3, 2)], [1], []),
    ],
)
def test_the_whole_mark_or_only_the_going_can_be_taken_back(
    events: list[Event], all_of_it: list[int], the_exit: list[int]
) -> None:
    assert undo_targets(events, POLICY) == all_of_it
    assert exit_targets(events) == the_exit


# --- for any events ---

minutes = st.integers(-30, 290)
moves = st.builds(
    Event,
    id=st.just(0),
    kind=st.sampled_from([EventKind.SCAN, EventKind.EXIT, EventKind.EXIT, EventKind.LATE_RELEASE]),
    at=minutes.map(at),
    recorded_at=minutes.map(at),
    source=st.sampled_from(Source),
    guest=st.booleans(),
)
decisions = st.builds(
    Event,
    id=st.just(0),
    kind=st.sampled_from([EventKind.MANUAL, EventKind.CORRECTION]),
    at=minutes.map(at),
    recorded_at=minutes.map(at),
    status=st.sampled_from(sorted(BY_HAND)),
)


def numbered(events: list[Event]) -> list[Event]:
    return [replace(each, id=place) for place, each in enumerate(events, 1)]


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    events = numbered(draw(st.lists(st.one_of(moves, moves, decisions, st.just(absence(0))), max_size=8)))
    for _ in range(draw(st.integers(0, 3))):
        events.append(undo(len(events) + 1, draw(st.integers(0, len(events) + 2))))
    return events


def facts(mark: Mark | None) -> object:
    return mark and (mark.status, mark.arrived_at, mark.left_at, mark.minutes, mark.minutes_estimated, mark.guest)


@given(histories())
def test_minutes_are_never_negative_nor_longer_than_the_session(events: list[Event]) -> None:
    mark = derive_mark(events, MORNING, POLICY)
    if mark is not None and mark.came:
        assert mark.minutes is not None
        assert 0 <= mark.minutes <= LENGTH
    elif mark is not None:
        assert (mark.minutes, mark.left_at, mark.minutes_estimated) == (None, None, False)


@given(st.lists(minutes, max_size=6), st.lists(minutes, max_size=6))
def test_a_stay_is_estimated_exactly_where_a_coming_or_the_last_going_is_missing(
    entries: list[int], exits: list[int]
) -> None:
    spent = stay([at(each) for each in entries], [at(each) for each in exits], MORNING)
    seen_coming = bool(entries) and (not exits or min(entries) <= min(exits))
    seen_going = bool(exits) and (not entries or max(exits) >= max(entries))
    assert spent.estimated == (not (seen_coming and seen_going))
    assert spent.left_at == (at(max(exits)) if seen_going else None)


@given(st.lists(moves, min_size=1, max_size=7), st.randoms())
def test_comings_and_goings_give_the_same_mark_in_whatever_order_they_arrive(
    events: list[Event], random: object
) -> None:
    arrived = sorted(events, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert facts(marked(*numbered(events))) == facts(marked(*numbered(arrived)))


@given(
    st.lists(st.tuples(minutes, st.sampled_from(sorted(BY_TABLET)), st.booleans()), max_size=5),
    decisions,
    st.randoms(),
)
def test_tablets_and_a_decision_agree_however_late_the_upload(
    read: list[tuple[int, Source, bool]], decision: Event, random: object
) -> None:
    offline = [(left if going else came)(0, minute, 5000, source) for minute, source, going in read]
    shuffled = sorted([*offline, decision], key=lambda _: random.random())  # type: ignore[attr-defined]
    assert facts(marked(*numbered([*offline, decision]))) == facts(marked(*numbered(shuffled)))


@given(histories())
def test_undoing_everything_restores_what_was_before(events: list[Event]) -> None:
    for _ in range(len(events) + 1):
        targets = undo_targets(events, POLICY)
        assert bool(targets) == (derive_mark(events, MORNING, POLICY) is not None)
        for target in targets:
            events.append(undo(max(each.id for each in events) + 1, target))
    assert derive_mark(events, MORNING, POLICY) is None
    assert living(events) == []


@given(histories())
def test_taking_the_going_back_puts_the_learner_into_the_room_again(events: list[Event]) -> None:
    for target in exit_targets(events):
        events.append(undo(max(each.id for each in events) + 1, target))
    after = derive_mark(events, MORNING, POLICY)
    assert after is None or after.left_at is None


@given(histories())
def test_without_check_out_the_mark_is_what_it_is_without_exits(events: list[Event]) -> None:
    exits = {each.id for each in events if each.kind is EventKind.EXIT}
    kept = [each for each in events if each.id not in exits and each.annuls not in exits]
    if any(each.kind is EventKind.UNDO and each.annuls in exits for each in events):
        return
    assert derive_mark(events, MORNING, Policy()) == derive_mark(kept, MORNING, Policy())
