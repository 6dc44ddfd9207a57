"""One mark from many events."""

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
    living,
    undo_targets,
)

START = datetime(2026, 10, 14, 0, 30, tzinfo=UTC)
MORNING = Schedule(START, START + timedelta(hours=4))
POLICY = Policy()


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def scan(number: int, minute: float, known: float | None = None, source: Source = Source.ROOM_CODE) -> Event:
    return Event(number, EventKind.SCAN, at(minute), at(minute if known is None else known), source=source)


def hand(number: int, minute: float, status: Status, arrived: float | None = None) -> Event:
    return Event(number, EventKind.MANUAL, at(minute if arrived is None else arrived), at(minute), status)


def absence(number: int) -> Event:
    return Event(number, EventKind.ABSENCE, at(240), at(240), Status.ABSENT, Source.CLOSE)


def undo(number: int, annuls: int, minute: float = 300) -> Event:
    return Event(number, EventKind.UNDO, at(minute), at(minute), annuls=annuls)


def marked(*events: Event) -> Mark:
    mark = derive_mark(events, MORNING, POLICY)
    assert mark is not None
    return mark


def status(*events: Event) -> Status | None:
    mark = derive_mark(events, MORNING, POLICY)
    return mark and mark.status


P, L, E, A, X = Status.PRESENT, Status.LATE, Status.EXCUSED, Status.ABSENT, Status.LEFT_EARLY


@pytest.mark.parametrize(
    ("story", "events", "expected"),
    [
        ("nothing", [], None),
        ("a scan in time", [scan(1, -5)], P),
        ("a scan in the boundary minute", [scan(1, 15.9)], P),
        ("a scan after it", [scan(1, 16)], L),
        ("identified late, scanned in time", [scan(1, 15, known=18)], P),
        ("two scans: the earlier counts", [scan(1, 20), scan(2, 5)], P),
        ("absent at close", [absence(1)], A),
        ("a scan races the close", [absence(1), scan(2, 239)], L),
        ("a late upload over the automatic absence", [absence(1), scan(2, 3, 600, Source.BADGE)], P),
        ("by hand", [hand(1, 30, P)], P),
        ("by hand late", [hand(1, 30, L)], L),
        ("the last decision stands", [hand(1, 30, A), hand(2, 40, E)], E),
        ("absence at close does not touch a decision", [hand(1, 30, E), absence(2)], E),
        ("excused, but came", [hand(1, -60, E), scan(2, 0)], P),
        ("absent by hand, then scanned", [hand(1, 30, A), scan(2, 40)], L),
        ("scanned, then sent away", [scan(1, 0), hand(2, 30, A)], A),
        ("on a tablet's list before the decision, uploaded after", [hand(1, 30, A), scan(2, 5, 90, Source.BADGE)], A),
        ("scanned before, identified after the decision", [hand(1, 30, A), scan(2, 29, known=31)], L),
        ("late by hand stays late", [hand(1, 10, L), scan(2, 12)], L),
        ("late by the clock, excused by the trainer as present", [scan(1, 40), hand(2, 45, P)], P),
        ("left early by hand", [scan(1, 0), hand(2, 200, X)], X),
        ("undo of a scan", [scan(1, 0), undo(2, 1)], None),
        ("undo, then scanned again", [scan(1, 0), undo(2, 1), scan(3, 20)], L),
        ("undo of a decision gives the scan back", [scan(1, 0), hand(2, 30, A), undo(3, 2)], P),
        ("undo of the undo", [scan(1, 0), undo(2, 1), undo(3, 2)], P),
        ("undo twice", [scan(1, 0), undo(2, 1), undo(3, 1)], None),
        ("undo of something unknown", [scan(1, 0), undo(2, 77)], P),
        ("undo of an absence", [absence(1), undo(2, 1)], None),
        (
            "released after the decision",
            [hand(1, 30, A), Event(2, EventKind.LATE_RELEASE, at(5), at(900), source=Source.BADGE)],
            P,
        ),
        ("corrected after sign-off", [scan(1, 0), Event(2, EventKind.CORRECTION, at(2000), at(2000), E)], E),
    ],
)
def test_the_mark_follows_the_story(story: str, events: list[Event], expected: Status | None) -> None:
    assert status(*events) == expected


def test_the_mark_carries_the_time_of_the_earliest_scan() -> None:
    assert marked(scan(1, 7), scan(2, 3, source=Source.BADGE), scan(3, 9)) == Mark(P, at(3), Source.BADGE, event_id=2)


def test_a_mark_made_by_a_poster_says_so_unless_a_better_proof_is_as_early() -> None:
    assert marked(scan(1, 0, source=Source.FIXED), scan(2, 5)).source is Source.FIXED
    assert marked(scan(1, 0, source=Source.FIXED), scan(2, 0)).source is Source.ROOM_CODE


def test_a_decision_by_hand_states_an_arrival_or_takes_the_scans() -> None:
    assert marked(hand(1, 30, P, arrived=5)).arrived_at == at(5)
    assert marked(scan(1, 3), hand(2, 30, P)).arrived_at == at(3)
    assert marked(hand(1, 30, A)).arrived_at is None


def test_paper_and_late_entries_tell_no_arrival() -> None:
    assert marked(replace(hand(1, 30, P), source=Source.PAPER)).arrived_at is None
    assert marked(hand(1, 3000, P)).arrived_at is None


def test_of_two_decisions_the_one_written_later_stands_whatever_their_numbers() -> None:
    assert status(hand(1, 40, E), hand(2, 30, A)) is E
    assert status(hand(1, 30, E), hand(2, 30, A)) is A


def test_what_contradicts_a_decision_is_shown() -> None:
    assert marked(scan(1, 0), hand(2, 30, A)).contradicted
    assert not marked(scan(1, 0), hand(2, 30, L)).contradicted
    assert not marked(hand(2, 30, A)).contradicted


def test_a_guest_stays_a_guest() -> None:
    assert marked(replace(scan(1, 0), guest=True)).guest
    assert marked(replace(scan(1, 0), guest=True), hand(2, 30, L)).guest


@pytest.mark.parametrize(
    ("effective", "events", "expected"),
    [
        (at(240), [], Status.NOT_APPLICABLE),
        (at(240), [absence(1)], Status.NOT_APPLICABLE),
        (at(239), [], None),
        (at(239), [absence(1)], A),
        (at(600), [scan(1, 0)], P),
        (at(600), [hand(1, 700, E)], E),
    ],
)
def test_sessions_before_the_enrolment_are_not_applicable_unless_seen(
    effective: datetime, events: list[Event], expected: Status | None
) -> None:
    mark = derive_mark(events, MORNING, POLICY, effective)
    assert (mark and mark.status) == expected


@pytest.mark.parametrize(
    ("events", "targets"),
    [
        ([], []),
        ([scan(1, 0), scan(2, 5), absence(3)], [1, 2]),
        ([scan(1, 0), hand(2, 30, A)], [2]),
        ([scan(1, 0), hand(2, 30, A), scan(3, 40)], [3]),
        ([absence(1)], [1]),
        ([scan(1, 0), undo(2, 1), absence(3)], [3]),
    ],
)
def test_undo_takes_back_what_the_mark_says(events: list[Event], targets: list[int]) -> None:
    assert undo_targets(events) == targets


# --- for any events -----------------------------------------------------------------------------------------------

minutes = st.integers(-30, 260)
evidence = st.builds(
    Event,
    id=st.just(0),
    kind=st.sampled_from([EventKind.SCAN, EventKind.LATE_RELEASE]),
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
    events = numbered(draw(st.lists(st.one_of(evidence, decisions, st.just(absence(0))), max_size=7)))
    for _ in range(draw(st.integers(0, 4))):
        events.append(undo(len(events) + 1, draw(st.integers(0, len(events) + 2))))
    return events


@given(histories(), st.randoms())
def test_the_order_in_which_events_are_read_does_not_matter(events: list[Event], random: object) -> None:
    shuffled = sorted(events, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert derive_mark(shuffled, MORNING, POLICY) == derive_mark(events, MORNING, POLICY)


@given(histories())
def test_reading_an_event_twice_changes_nothing(events: list[Event]) -> None:
    assert derive_mark(events + events[::-1], MORNING, POLICY) == derive_mark(events, MORNING, POLICY)


@given(st.lists(evidence.map(lambda e: replace(e, kind=EventKind.SCAN)), min_size=1, max_size=6), st.randoms())
def test_scans_give_the_same_mark_in_whatever_order_they_arrive(scans: list[Event], random: object) -> None:
    arrived = sorted(scans, key=lambda _: random.random())  # type: ignore[attr-defined]
    one, other = marked(*numbered(scans)), marked(*numbered(arrived))
    assert (one.status, one.arrived_at, one.guest) == (other.status, other.arrived_at, other.guest)
    assert one.arrived_at == min(each.at for each in scans)


@given(st.lists(st.tuples(minutes, st.sampled_from(sorted(BY_TABLET))), max_size=4), decisions, st.randoms())
def test_tablet_scans_and_a_decision_agree_however_late_the_upload(
    scans: list[tuple[int, Source]], decision: Event, random: object
) -> None:
    offline = [scan(0, minute, known=5000, source=source) for minute, source in scans]
    shuffled = sorted([*offline, decision], key=lambda _: random.random())  # type: ignore[attr-defined]
    one, other = marked(*numbered([*offline, decision])), marked(*numbered(shuffled))
    assert (one.status, one.arrived_at, one.by_hand) == (other.status, other.arrived_at, other.by_hand)


@given(histories())
def test_undoing_what_the_mark_says_ends_at_unmarked(events: list[Event]) -> None:
    for _ in range(len(events) + 1):
        targets = undo_targets(events)
        assert bool(targets) == (derive_mark(events, MORNING, POLICY) is not None)
        for target in targets:
            events.append(undo(max(each.id for each in events) + 1, target))
    assert derive_mark(events, MORNING, POLICY) is None
    assert living(events) == []


@given(histories())
def test_an_automatic_absence_never_beats_anything(events: list[Event]) -> None:
    before = derive_mark(events, MORNING, POLICY)
    after = derive_mark([*events, absence(len(events) + 1)], MORNING, POLICY)
    assert after is not None
    if before is not None and before.source is not Source.CLOSE:
        assert after == before
