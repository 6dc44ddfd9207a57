"""One learner, one class session, one mark: a pure function of the events, in whatever order they come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from classroom.attendance.rules.sources import BY_TABLET, Source
from classroom.attendance.rules.stays import Stay, leaves_early, stay
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
_CHECK_IN_ONLY = Policy()


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
        read_by_tablet = self.kind in {EventKind.SCAN, EventKind.EXIT} and self.source in BY_TABLET
        return self.at if read_by_tablet else self.recorded_at


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands in the register. `contradicted` says that a decision by hand and a scan disagree.

    `event_id` is what was decisive last; if that is an exit, `made_by` is what tells that the learner came. When the
    learner left, and the minutes, are known only where the class checks out.
    """

    status: Status
    arrived_at: datetime | None = None
    source: Source | None = None
    guest: bool = False
    by_hand: bool = False
    contradicted: bool = False
    event_id: int | None = None
    made_by: int | None = None
    left_at: datetime | None = None
    minutes: int | None = None
    minutes_estimated: bool = False

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
    applicable. Where the class checks out, an exit shows that the learner was there, and when that ended.
    """
    alive = living(events)
    decision = _last_decision(alive)
    evidence = _evidence(alive, policy)
    counting = _evidence_that_counts(evidence, decision)
    if counting:
        return _from_evidence(counting, schedule, policy)
    if decision is not None:
        return _from_decision(decision, evidence, schedule, policy)
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


def undo_targets(events: Iterable[Event], policy: Policy = _CHECK_IN_ONLY) -> list[int]:
    """The events that must be annulled to take back what the mark now says, oldest first.

    That is the last decision by hand if it stands, else every scan that counts (one undo takes back all of a
    learner's comings and goings), else the absences at close.
    """
    alive = living(events)
    decision = _last_decision(alive)
    counting = _evidence_that_counts(_evidence(alive, policy), decision)
    if counting:
        return [each.id for each in counting]
    if decision is not None:
        return [decision.id]
    return [each.id for each in alive if each.kind is EventKind.ABSENCE]


def exit_targets(events: Iterable[Event]) -> list[int]:
    """The exits that must be annulled for the learner to be in the room again: those after the last coming."""
    alive = living(events)
    evidence = [each for each in alive if each.kind in _EVIDENCE or each.kind is EventKind.EXIT]
    counting = _evidence_that_counts(evidence, _last_decision(alive)) or evidence
    last_in = max((each.at for each in counting if each.kind is not EventKind.EXIT), default=None)
    return [each.id for each in _exits(counting) if last_in is None or each.at >= last_in]


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


def _evidence(alive: list[Event], policy: Policy) -> list[Event]:
    kinds = _EVIDENCE | {EventKind.EXIT} if policy.check_out else _EVIDENCE
    return [each for each in alive if each.kind in kinds]


def _from_evidence(evidence: list[Event], schedule: Schedule, policy: Policy) -> Mark:
    exits = _exits(evidence)
    first = min((each for each in evidence if each.kind is not EventKind.EXIT), key=_seen_first, default=None)
    shows = first or min(exits, key=_seen_first)
    arrived_at = _arrival([first.at] if first else [], exits)
    mark = Mark(
        status=Status.LATE if arrived_at and is_late(arrived_at, schedule, policy) else Status.PRESENT,
        arrived_at=arrived_at,
        source=shows.source,
        guest=any(each.guest for each in evidence),
        event_id=shows.id,
    )
    if not policy.check_out:
        return mark
    spent = stay([each.at for each in evidence if each.kind is not EventKind.EXIT], _times(exits), schedule)
    return _with_stay(mark, spent, _last(exits), schedule, policy)


def _from_decision(decision: Event, evidence: list[Event], schedule: Schedule, policy: Policy) -> Mark:
    status = decision.status or Status.ABSENT
    came, exits = status in CAME, _exits(evidence)
    entries = [each.at for each in evidence if each.kind is not EventKind.EXIT]
    stated = [decision.at] if _states_an_arrival(decision, schedule) else []
    arrived_at = _arrival(entries + stated, exits) if came else None
    mark = Mark(
        status=status,
        arrived_at=arrived_at,
        source=decision.source,
        guest=decision.guest or any(each.guest for each in evidence),
        by_hand=True,
        contradicted=bool(evidence) and not came,
        event_id=decision.id,
    )
    if not policy.check_out or not came:
        return mark
    latest = min(decision.recorded_at, schedule.ends_at - policy.left_early_before)
    presumed_end = latest if status is Status.LEFT_EARLY else None
    spent = stay(entries + ([arrived_at] if arrived_at else []), _times(exits), schedule, presumed_end)
    learned = _last([each for each in exits if each.known_at > decision.recorded_at])
    return _with_stay(mark, spent, learned, schedule, policy)


def _with_stay(mark: Mark, spent: Stay, left: Event | None, schedule: Schedule, policy: Policy) -> Mark:
    """The mark with its minutes; `left` is the exit that bears on the status if it is the learner's last."""
    known = replace(mark, left_at=spent.left_at, minutes=spent.minutes, minutes_estimated=spent.estimated)
    if left is None or spent.left_at != left.at:
        return known
    early = leaves_early(left.at, schedule, policy)
    status = Status.LEFT_EARLY if early else mark.status
    return replace(known, status=status, event_id=left.id, made_by=mark.event_id)


def _exits(evidence: list[Event]) -> list[Event]:
    return [each for each in evidence if each.kind is EventKind.EXIT]


def _times(events: list[Event]) -> list[datetime]:
    return [each.at for each in events]


def _last(exits: list[Event]) -> Event | None:
    return max(exits, key=lambda each: (each.at, each.id), default=None)


def _arrival(times: Sequence[datetime], exits: list[Event]) -> datetime | None:
    """The earliest of these, unless the learner was seen going before: then nobody knows."""
    first = min(times, default=None)
    return None if first is None or any(each.at < first for each in exits) else first


def _states_an_arrival(decision: Event, schedule: Schedule) -> bool:
    """A paper sheet tells no time, and what is written after the end tells only when it was written."""
    return decision.source is not Source.PAPER and decision.at < schedule.ends_at


def _seen_first(event: Event) -> tuple[datetime, bool, int]:
    """Of two scans at the same instant, the one that proves more comes first: a poster proves least."""
    return event.at, event.source is Source.FIXED, event.id
