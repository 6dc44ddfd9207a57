"""Keep what learners answer: every change at once, in whatever order it comes, and nothing twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import NotFound, Refusal
from classroom.exams.models import Attempt
from classroom.exams.queries.attempts import AttemptFacts, find_attempt
from classroom.exams.queries.sitting_facts import hours_of
from classroom.exams.rules.timing import Answered, Hours, deadline, is_over, judge_answer
from classroom.exams.services import writing
from classroom.exams.services.closing import close_due as close_due
from classroom.exams.services.closing import close_one, finish, how_closed
from classroom.exams.services.deciding import annul_attempt as annul_attempt
from classroom.exams.services.deciding import take_late as take_late
from classroom.exams.services.locking import SITTING_NOW
from classroom.exams.services.marking import mark_attempt
from classroom.exams.services.strays import keep_strays
from classroom.exams.services.writing import Cleaned, Known
from classroom.exams.services.writing import Sent as Sent


@dataclass(frozen=True, slots=True)
class Saved:
    """What a device is told: the state of the attempt (running, finished, annulled), the deadline that holds, and for
    each answer sent the sequence number that stands, or the code that says why not.
    """

    state: str
    deadline: datetime
    now: datetime
    saved: list[tuple[int, int]]
    refused: list[tuple[int, str]]
    paused: bool
    answered: int
    of: int
    #: Where the learner's clock hangs.
    time_zone: str
    finished_how: str = ""


@dataclass(frozen=True, slots=True)
class _Held:
    """The attempt's row, locked, with the times of its sitting as of the lock."""

    row: Any
    hours: Hours
    time_zone: str

    @property
    def running(self) -> bool:
        return bool(self.row.state == "running")

    def takes(self, at: datetime) -> bool:
        """Whether an answer received at this instant counts.

        One that was received in time counts although the job that closes attempts was quicker to the row.
        """
        closed_itself = self.row.state == "finished" and self.row.finished_how in {"time", "ended"}
        in_time = judge_answer(self.row.deadline_at, self.hours, at) is Answered.COUNTS
        return (self.running or closed_itself) and in_time


def save(attempt_public_id: str, device_hash: bytes, answers: Sequence[Sent], *, form_post: bool = False) -> Saved:
    """Keep answers. For each item the highest sequence number stands; a replay is told what stands and changes nothing.
    Another answer under the number that stands is answered `answer.number_taken`: it comes again under a higher one.

    What comes after deadline and grace is kept as evidence and answered `answer.too_late`. With `form_post` the server
    numbers the answers. Raises NotFound for a device that has nothing to do with the attempt, and
    `attempt.other_device` for one that lost it: what it sent is kept as evidence, too.
    """
    return _receive(attempt_public_id, device_hash, answers, form_post=form_post, hand_in=False)


def submit(attempt_public_id: str, device_hash: bytes, *, final: Sequence[Sent] = (), form_post: bool = False) -> Saved:
    """Keep what comes along and hand in. Handing in again changes nothing; no saved answer is ever emptied by it."""
    return _receive(attempt_public_id, device_hash, final, form_post=form_post, hand_in=True)


def heartbeat(attempt_public_id: str, device_hash: bytes, known: AttemptFacts | None = None) -> Saved:
    """The same answer without any answers: how a device hears of pauses, of more time and of the end.

    That it was heard of is written at most every ten seconds. `known` is the attempt if it was read just now.
    """
    at = now()
    found = read_attempt(attempt_public_id, device_hash, known)
    if found is None:
        raise NotFound
    if not found.holder:
        raise Refusal("attempt.other_device")
    if found.state == "running":
        writing.note_seen(found.id, device_hash, found.last_seen_at, at)
    return Saved(
        state=found.state,
        deadline=found.deadline(at),
        now=at,
        saved=[],
        refused=[],
        paused=found.sitting.paused_at is not None,
        answered=found.answered,
        of=len(found.items),
        finished_how=found.finished_how,
        time_zone=found.sitting.session.schedule.time_zone,
    )


def read_attempt(attempt_public_id: str, device_hash: bytes, known: AttemptFacts | None = None) -> AttemptFacts | None:
    """`find_attempt`, and first the closing of an attempt whose time is up: no page shows one that should be over."""
    found = known or find_attempt(attempt_public_id, device_hash)
    if found is not None and found.is_due(now()) and close_one(found.id, now()):
        return find_attempt(attempt_public_id, device_hash)
    return found


def _receive(public_id: str, device: bytes, answers: Sequence[Sent], *, form_post: bool, hand_in: bool) -> Saved:
    at = now()
    known = writing.find(public_id)
    if known is None:
        raise NotFound
    cleaned, refused = writing.clean(known, answers, form_post=form_post)
    with transaction() as session:
        held = _hold(known, device, at)
        if held.row.device_hash != device:
            told: Saved | Refusal = _turn_away(session, known, device, cleaned, at)
        else:
            told = _keep(session, known, held, device, cleaned, refused, at, form_post=form_post, hand_in=hand_in)
    if isinstance(told, Refusal):
        raise told
    return told


def _hold(known: Known, device: bytes, at: datetime) -> _Held:
    row = writing.HOLD.one(wanted=known.id, device=device, at=at)
    sitting = SITTING_NOW.one(wanted=known.sitting_id)
    return _Held(row, hours_of(known.terms, sitting), sitting.time_zone)


def _keep(
    session: Session,
    known: Known,
    held: _Held,
    device: bytes,
    cleaned: Sequence[Cleaned],
    refused: list[tuple[int, str]],
    at: datetime,
    *,
    form_post: bool,
    hand_in: bool,
) -> Saved:
    saved: list[tuple[int, int]] = []
    state, how, answered = held.row.state, held.row.finished_how, held.row.answered
    if held.takes(at):
        if cleaned:
            saved, clashes = writing.write(known.id, cleaned, at, form_post=form_post)
            refused += [(position, "answer.number_taken") for position in clashes]
            answered = writing.COUNT.one(wanted=known.id, at=at).answered
            if not held.running:
                mark_attempt(session, _fresh(session, known.id))
    else:
        saved, late = writing.known_already(known.id, cleaned, form_post=form_post)
        keep_strays(known.id, late, "late", device, at)
        refused += [(each.position, "answer.too_late") for each in late]
    if held.running and (not held.takes(at) or hand_in):
        state, how = "finished", _finish(session, known.id, held, at)
    return Saved(
        state=state,
        deadline=deadline(held.row.deadline_at, held.hours, at),
        now=at,
        saved=saved,
        refused=refused,
        paused=held.hours.paused_at is not None,
        answered=answered,
        of=len(known.versions),
        finished_how=how,
        time_zone=held.time_zone,
    )


def _finish(session: Session, attempt_id: int, held: _Held, at: datetime) -> str:
    """How it ended: once the deadline has passed, at the deadline, whoever taps then."""
    attempt = _fresh(session, attempt_id)
    if not is_over(attempt.deadline_at, held.hours, at):
        finish(session, attempt, at, "submitted")
    else:
        finish(session, attempt, attempt.deadline_at, how_closed(attempt.deadline_at, held.hours))
    return attempt.finished_how


def _turn_away(session: Session, known: Known, device: bytes, cleaned: Sequence[Cleaned], at: datetime) -> Refusal:
    """A refusal that is raised once what came with it has been kept."""
    before = writing.DEVICE.first(wanted=known.id, device=device)
    if before is None:
        return NotFound()
    if before.granted_at is not None:
        keep_strays(known.id, cleaned, "other_device", device, at)
    return Refusal("attempt.other_device")


def _fresh(session: Session, attempt_id: int) -> Attempt:
    return session.get_one(Attempt, attempt_id, populate_existing=True)
