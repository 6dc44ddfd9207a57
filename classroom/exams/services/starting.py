"""Begin an attempt: the rules are asked, questions drawn, the deadline set, all in one short transaction."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from classroom.attendance.queries.phones import Person, person_in_course
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import NotFound, Refusal
from classroom.core.ids import public_id
from classroom.core.prepared import Prepared
from classroom.exams.models import Attempt, AttemptDevice
from classroom.exams.queries.contents import contents_of
from classroom.exams.queries.gates import find_standing
from classroom.exams.queries.people import person_at
from classroom.exams.queries.sitting_facts import SittingFacts, find_sitting, hours_of
from classroom.exams.rules.drawing import SEED_BYTES, Item, draw
from classroom.exams.rules.gate import Bar, entry_hours, gate
from classroom.exams.rules.timing import check_entry, first_deadline
from classroom.exams.services.devices import ask_for
from classroom.exams.services.devices import hand_over as hand_over
from classroom.exams.services.devices import refuse_device as refuse_device
from classroom.exams.services.locking import SITTING_KEPT
from classroom.learners.models import Learner

_ATTEMPT: Any = Attempt.__table__
_DEVICE: Any = AttemptDevice.__table__
_LEARNER: Any = Learner.__table__
#: A learner's starts and a merge follow each other.
_HOLD_LEARNER = Prepared(
    select(_LEARNER.c.merged_into_id).where(_LEARNER.c.id == bindparam("wanted")).with_for_update(key_share=True)
)
#: One that runs already has the last word.
_NEW_ATTEMPT = Prepared(
    lambda insert: insert(_ATTEMPT).on_conflict_do_nothing().returning(_ATTEMPT.c.id),
    [
        "public_id", "organisation_id", "sitting_id", "learner_id", "number", "source", "state", "seed", "items",
        "started_at", "deadline_at", "finished_how", "device_hash", "device_number", "last_seen_at", "answered",
        "outcome", "annul_reason",
    ],
)  # fmt: skip
_NEW_DEVICE = Prepared(
    lambda insert: insert(_DEVICE).returning(_DEVICE.c.id),
    ["public_id", "attempt_id", "device_hash", "asked_at", "granted_at"],
)


@dataclass(frozen=True, slots=True)
class Started:
    """The attempt to go to; `fresh` if it has begun just now."""

    attempt_public_id: str
    fresh: bool


class Barred(Refusal):
    """The learner may not begin; `bars` are all the reasons, the first of them is the refusal's code."""

    def __init__(self, bars: Sequence[Bar]) -> None:
        super().__init__(bars[0].code, **bars[0].details)
        self.bars = tuple(bars)


def start_attempt(
    sitting_id: str,
    learner_public_id: str,
    device_hash: bytes,
    *,
    source: str = "phone",
    actor: Actor,
    known: SittingFacts | None = None,
) -> Started:
    """Begin, or go on where this device left off: two taps, or two requests at once, begin one attempt.

    `known` is the sitting if it was read just now; what may have changed since is asked under the lock.

    Raises NotFound for a learner who never sat in the course; Barred; what `check_entry` refuses; and
    `attempt.other_device` while the learner's attempt runs elsewhere: the trainer is asked to hand it over.
    """
    sitting = known or find_sitting(sitting_id)
    if sitting is None or sitting.organisation_id != actor.organisation_id:
        raise NotFound
    person = person_at(sitting, learner_public_id)
    seed = secrets.token_bytes(SEED_BYTES)
    items = _drawn(sitting, seed)
    with transaction() as session:
        at = now()
        person = hold_person(session, sitting, person)
        started = _start(sitting, person, device_hash, source, seed, items, at)
    if started is None:
        raise Refusal("attempt.other_device")
    return started


def _start(
    sitting: SittingFacts, person: Person, device: bytes, source: str, seed: bytes, items: list[Item], at: datetime
) -> Started | None:
    """None where the attempt runs on another device, which was asked for it."""
    state = _kept(sitting)
    stands = find_standing(sitting, person.learner_id)
    if (running := stands.running) is not None:
        if running.device_hash == device:
            return Started(running.public_id, fresh=False)
        ask_for(running.id, device, at)
        return None
    check_entry(entry_hours(hours_of(sitting.terms, state), stands.standing), at)
    if bars := gate(sitting.terms, stands.standing, retake=sitting.retake):
        raise Barred(bars)
    made, extra = public_id(), timedelta(minutes=stands.extra_minutes)
    row = _NEW_ATTEMPT.first(
        public_id=made,
        organisation_id=sitting.organisation_id,
        sitting_id=sitting.id,
        learner_id=person.learner_id,
        number=max((one.number for one in stands.attempts), default=0) + 1,
        source=source,
        state="running",
        seed=seed,
        items=[item.to_json() for item in items],
        started_at=at,
        deadline_at=first_deadline(at, sitting.terms.limit, extra),
        finished_how="",
        device_hash=device,
        device_number=1,
        last_seen_at=at,
        answered=0,
        outcome="",
        annul_reason="",
    )
    if row is None:  # the database saw one that this transaction could not see
        return _start(sitting, person, device, source, seed, items, at)
    _NEW_DEVICE.first(public_id=public_id(), attempt_id=row.id, device_hash=device, asked_at=at, granted_at=at)
    return Started(made, fresh=True)


def _kept(sitting: SittingFacts) -> Any:
    """The times of the sitting, which nobody changes before this attempt has begun."""
    state = SITTING_KEPT.one(wanted=sitting.id)
    if state.annulled_at is not None:
        raise Refusal("sitting.annulled")
    return state


def _drawn(sitting: SittingFacts, seed: bytes) -> list[Item]:
    contents = contents_of(sitting.public_id)
    terms = sitting.terms
    return draw(
        contents.pool,
        seed,
        contents.shown,
        shuffle_questions=terms.shuffle_questions,
        shuffle_options=terms.shuffle_options,
    )


def hold_person(session: Session, sitting: SittingFacts, person: Person) -> Person:
    """The learner, who is another one by now if a merge came between."""
    if _HOLD_LEARNER.one(wanted=person.learner_id).merged_into_id is None:
        return person
    kept = person_in_course(sitting.organisation_id, sitting.session.course_id, person.public_id)
    if kept is None:
        raise NotFound
    _HOLD_LEARNER.one(wanted=kept.learner_id)
    return kept
