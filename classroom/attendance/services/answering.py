"""What a scan is and what is answered to it, foreseen from the mark as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from classroom.attendance.queries.phones import Person, Place
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.rules import CAME, Source, Status, is_late, leaves_early
from classroom.attendance.services.locking import LockedRegister

_NO_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of one learner: the same `uuid` is the same try again. `scanned_at` is when the code was read."""

    uuid: str
    source: Source
    scanned_at: datetime
    person: Person
    #: Of the phone's cookie; empty for a tablet, which binds nobody.
    browser_hash: bytes = b""
    #: Whether this browser is known to have served somebody else.
    shared: bool = False
    direction: str = "in"
    tablet_id: int | None = None
    #: Who was signed in on the tablet, and what its clock said.
    staff_id: int | None = None
    device_at: datetime | None = None
    #: The name on a citizen card whose number is this learner's, where it differs from the learner's.
    card_name: str = ""


@dataclass(frozen=True, slots=True)
class ScanAnswer:
    """What the learner is told: `outcome` accepted, duplicate, proposed or refused (then `refusal` says why)."""

    outcome: str
    status: Status | None = None
    at: datetime | None = None
    refusal: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    guest: bool = False
    place: Place | None = None
    #: The row in which the try is kept, where this is its first answer.
    scan_id: int | None = None


def foresee(locked: LockedRegister, attempt: Attempt, held: Any | None, place: Place, *, proposed: bool) -> ScanAnswer:
    """Foresee what the mark will say, since a scan and its answer are written once and never changed."""
    facts, guest = locked.facts, place.class_id != locked.facts.class_id
    came = held is not None and held.status in CAME
    outcome = "proposed" if proposed else "accepted"
    if attempt.direction == "out":
        return replace(_answer_exit(facts, attempt, held if came else None, outcome), guest=guest, place=place)
    if held is not None and came and held.left_at is not None and held.left_at < attempt.scanned_at:
        return ScanAnswer(outcome, _status_inside(facts, held), attempt.scanned_at, guest=guest, place=place)
    if held is not None and came and (held.by_hand or (held.arrived_at or _NO_TIME) <= attempt.scanned_at):
        at = min(filter(None, (held.arrived_at, attempt.scanned_at)))
        known = not held.by_hand or proposed
        return ScanAnswer("duplicate" if known else "accepted", Status(held.status), at, guest=guest, place=place)
    late = is_late(attempt.scanned_at, facts.schedule, facts.policy)
    status = Status.LATE if late else Status.PRESENT
    return ScanAnswer(outcome, status, attempt.scanned_at, guest=guest, place=place)


def _answer_exit(facts: SessionFacts, attempt: Attempt, held: Any | None, outcome: str) -> ScanAnswer:
    """`held` is the mark of somebody who came. Going twice is no mistake: the later time stands."""
    if held is not None and held.left_at is not None and held.left_at >= attempt.scanned_at:
        return ScanAnswer("duplicate", Status(held.status), held.left_at)
    early = leaves_early(attempt.scanned_at, facts.schedule, facts.policy)
    status = Status.LEFT_EARLY if early else _status_inside(facts, held) if held is not None else Status.PRESENT
    return ScanAnswer(outcome, status, attempt.scanned_at)


def _status_inside(facts: SessionFacts, held: Any) -> Status:
    """What the mark says while the learner is in the room: an early exit is taken back by coming again."""
    if held.by_hand or held.status != Status.LEFT_EARLY:
        return Status(held.status)
    late = held.arrived_at is not None and is_late(held.arrived_at, facts.schedule, facts.policy)
    return Status.LATE if late else Status.PRESENT


def bears(locked: LockedRegister, attempt: Attempt, held: Any | None) -> bool:
    """Whether a scan that changes nothing now may do so later.

    A tablet may bring an earlier one later, or take this one back; where the class checks out, each coming and going
    counts between two others. The very same instant again tells nothing new.
    """
    if attempt.tablet_id is not None:
        return True
    known = held is not None and (held.left_at if attempt.direction == "out" else held.arrived_at)
    return locked.facts.check_out and known != attempt.scanned_at


def packed(answer: ScanAnswer) -> dict[str, Any]:
    """The answer as JSON, instants as ISO text."""
    if answer.refusal:
        times = {name: at.isoformat() for name, at in answer.details.items() if isinstance(at, datetime)}
        return {"refusal": answer.refusal, "times": times}
    return {"status": answer.status, "at": answer.at.isoformat() if answer.at else None, "guest": answer.guest}


def unpacked(outcome: str, stored: Mapping[str, Any], place: Place | None) -> ScanAnswer:
    if "refusal" in stored:
        times = {name: datetime.fromisoformat(at) for name, at in stored.get("times", {}).items()}
        return ScanAnswer("refused", refusal=stored["refusal"], details=times, place=place)
    at = datetime.fromisoformat(stored["at"]) if stored["at"] else None
    return ScanAnswer(outcome, Status(stored["status"]), at, guest=bool(stored["guest"]), place=place)
