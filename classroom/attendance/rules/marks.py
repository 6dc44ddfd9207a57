"""One learner, one class session, one mark: a pure function of the events, in whatever order they come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from classroom.attendance.rules.sources import BY_TABLET, Source
from classroom.attendance.rules.windows import Policy, Schedule, is_late


class Status(StrEnum):
    """What a mark says; a place on the roster without a mark is *unmarked*."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    ABSENT = "absent"
    NOT_APPLICABLE = "not_applicable"


CAME = frozenset({Status.PRESENT, Status.LATE, Status.LEFT_EARLY})
#: What a person may decide by hand; "not yet in the class" follows from the enrolment alone.
BY_HAND = frozenset(Status) - {Status.NOT_APPLICABLE}


class EventKind(StrEnum):
    """What can happen to a place in a class session."""

    SCAN = "scan"
    EXIT = "exit"
    LATE_RELEASE = "late_release"
    MANUAL = "manual"
    CORRECTION = "correction"
    ABSENCE = "absence"
    UNDO = "undo"
    MERGED = "merged"


_EVIDENCE = frozenset({EventKind.SCAN, EventKind.LATE_RELEASE, EventKind.MERGED})
_DECISIONS = frozenset({EventKind.MANUAL, EventKind.CORRECTION})


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; append-only.

    `id` grows in the order of writing. `at` is the time it speaks of: of the scan, of the arrival that
    somebody states. `recorded_at` is when it was written down. `status` is what a person decided.
    """

    id: int
    kind: EventKind
    at: datetime
    recorded_at: datetime
    status: Status | None = None
    source: Source = Source.HAND
    guest: bool = False
    annuls: int | None = None

    @property
    def known_at(self) -> datetime:
        """Since when the room knows: a tablet's scan since it was made, the rest since written down."""
        read_by_tablet = self.kind is EventKind.SCAN and self.source in BY_TABLET
        return self.at if read_by_tablet else self.recorded_at


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands in the register. `contradicted` says that a decision by hand and a scan disagree."""

    status: Status
    arrived_at: datetime | None = None
    source: Source | None = None
    guest: bool = False
    by_hand: bool = False
    contradicted: bool = False
    event_id: int | None = None

    @property
    def came(self) -> bool:
        """Whether the learner was seen at all."""
        return self.status in CAME


def derive_mark(
    events: Iterable[Event], schedule: Schedule, policy: Policy, effective_from: datetime | None = None
) -> Mark | None:
    """The mark that follows from the events; None while nothing is known.

    The last decision by hand stands; only a scan that the room learned of after "absent" or "excused" shows
    that the learner came after all. Without a decision the earliest scan counts, and an absence at close only
    where nobody was seen. An undone event never happened. Sessions that ended before `effective_from` are not
    applicable.
    """
    alive = living(events)
    decision = _last_decision(alive)
    evidence = [each for each in alive if each.kind in _EVIDENCE]
    counting = _evidence_that_counts(evidence, decision)
    if counting:
        return _from_evidence(counting, schedule, policy)
    if decision is not None:
        return _from_decision(decision, evidence, schedule)
    if effective_from is not None and schedule.ends_at <= effective_from:
        return Mark(Status.NOT_APPLICABLE)
    absence = next((each for each in alive if each.kind is EventKind.ABSENCE), None)
    return Mark(Status.ABSENT, source=Source.CLOSE, event_id=absence.id) if absence else None


def living(events: Iterable[Event]) -> list[Event]:
    """The events that count, oldest first, each once: no undo, and nothing that a living undo annuls."""
    ordered = sorted({each.id: each for each in events}.values(), key=lambda each: each.id)
    annulled: set[int] = set()
    for each in reversed(ordered):
        if each.kind is EventKind.UNDO and each.id not in annulled and _looks_back(each):
            annulled.add(each.annuls or 0)
    return [each for each in ordered if each.kind is not EventKind.UNDO and each.id not in annulled]


def undo_targets(events: Iterable[Event]) -> list[int]:
    """The events that must be annulled to take back what the mark now says, oldest first.

    That is the last decision by hand if it stands, else every scan that counts (one undo takes back all of a
    learner's scans), else the absences at close.
    """
    alive = living(events)
    decision = _last_decision(alive)
    counting = _evidence_that_counts([each for each in alive if each.kind in _EVIDENCE], decision)
    if counting:
        return [each.id for each in counting]
    if decision is not None:
        return [decision.id]
    return [each.id for each in alive if each.kind is EventKind.ABSENCE]


def _looks_back(undo: Event) -> bool:
    return undo.annuls is not None and undo.annuls < undo.id


def _last_decision(alive: list[Event]) -> Event | None:
    decisions = (each for each in alive if each.kind in _DECISIONS and each.status in BY_HAND)
    return max(decisions, key=lambda each: (each.recorded_at, each.id), default=None)


def _evidence_that_counts(evidence: list[Event], decision: Event | None) -> list[Event]:
    if decision is None:
        return evidence
    if decision.status in CAME:
        return []
    return [each for each in evidence if each.known_at > decision.recorded_at]


def _from_evidence(evidence: list[Event], schedule: Schedule, policy: Policy) -> Mark:
    first = min(evidence, key=_seen_first)
    return Mark(
        status=Status.LATE if is_late(first.at, schedule, policy) else Status.PRESENT,
        arrived_at=first.at,
        source=first.source,
        guest=any(each.guest for each in evidence),
        event_id=first.id,
    )


def _from_decision(decision: Event, evidence: list[Event], schedule: Schedule) -> Mark:
    status = decision.status or Status.ABSENT
    came = status in CAME
    times = [each.at for each in evidence] + ([decision.at] if _states_an_arrival(decision, schedule) else [])
    return Mark(
        status=status,
        arrived_at=min(times, default=None) if came else None,
        source=decision.source,
        guest=decision.guest or any(each.guest for each in evidence),
        by_hand=True,
        contradicted=bool(evidence) and not came,
        event_id=decision.id,
    )


def _states_an_arrival(decision: Event, schedule: Schedule) -> bool:
    """A paper sheet tells no time, and what is written after the end tells only when it was written."""
    return decision.source is not Source.PAPER and decision.at < schedule.ends_at


def _seen_first(event: Event) -> tuple[datetime, bool, int]:
    """Of two scans at the same instant, the one that proves more comes first: a poster proves least."""
    return event.at, event.source is Source.FIXED, event.id
