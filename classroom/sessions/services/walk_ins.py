"""Take somebody in at the door, and decide about it afterwards."""

from dataclasses import dataclass

from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Refusal
from classroom.core.reasons import WALK_IN_REMOVED, coded
from classroom.inbox import services as inbox
from classroom.learners import queries as learners
from classroom.learners import services as learners_services
from classroom.learners.models import Learner
from classroom.learners.rules import LearnerFacts
from classroom.sessions import queries
from classroom.sessions.models import Enrolment, TrainingClass
from classroom.sessions.services.enrolments import end_place, locked_place, seat, tell
from classroom.sessions.services.holding import hold_rosters

#: The question to the coordinator about somebody who walked in.
WALK_IN = "sessions.walk_in"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The place that somebody has now, `made` just now or there before. A guest sits in another class of the course;
    `new` is who was not known.
    """

    enrolment_id: int
    enrolment: str
    learner_id: int
    learner: str
    name: str
    guest: bool = False
    new: bool = False
    made: bool = False


def take_in(class_id: int, facts: LearnerFacts, *, actor: Actor) -> TakenIn:
    """Give whoever stands at the door a place in the class, over its capacity if need be, and ask a coordinator.

    Known by the ID number alone, never by a name. Who has a place in the course keeps it; in another class that
    makes a guest. Joins an open transaction, which must not hold a register unless it holds the class as well.
    Raises `class.cancelled`.
    """
    with transaction() as session:
        hold_rosters([class_id])
        training_class = session.get_one(TrainingClass, class_id)
        learner, new = _find_or_make(facts, actor)
        present = queries.find_active_enrolment(training_class.course_id, learner.id)
        if present is not None:
            guest = present.class_id != class_id
            return TakenIn(present.id, present.public_id, learner.id, learner.public_id, learner.name, guest=guest)
        made = seat(session, training_class, learner, over_capacity=True)
        made.walk_in = "pending"
        tell(session, made, "walked_in", actor)
        _ask(made, learner, new=new)
        return TakenIn(made.id, made.public_id, learner.id, learner.public_id, learner.name, new=new, made=True)


def accept_walk_in(enrolment_id: str, *, actor: Actor) -> Enrolment:
    """Let the place be one like all others."""
    actor.require("class.manage")
    with transaction() as session:
        found = locked_place(session, actor, enrolment_id)
        if found.walk_in != "pending":
            raise Refusal("walk_in.decided")
        found.walk_in = "accepted"
        tell(session, found, "accepted", actor)
        return found


def remove_walk_in(enrolment_id: str, *, made: str, actor: Actor) -> bool:
    """Take the place back; marks stay with it. Whoever was only made at the door, and has nothing else, is annulled.

    `made` is the id of the learner who was made, empty for one known before: since then the place may have gone to
    another, with whom that one was merged. Returns whether the learner was annulled.
    """
    actor.require("class.manage")
    with transaction() as session:
        found = locked_place(session, actor, enrolment_id)
        if found.walk_in != "pending":
            raise Refusal("walk_in.decided")
        found.walk_in = "removed"
        if found.ended_at is None:
            end_place(found, coded(WALK_IN_REMOVED, ""), now())
        tell(session, found, "removed", actor)
        if found.learner.public_id != made or not _has_nothing_else(found):
            return False
        learners_services.annul_many([found.learner_id])
        return True


def reopen_walk_in(enrolment_id: str, *, annulled: bool, actor: Actor) -> None:
    """Take a decision about a walk-in back. Raises `enrolment.other_class`, `learner.id_number_taken` or `…_merged`."""
    actor.require("class.manage")
    with transaction() as session:
        found = locked_place(session, actor, enrolment_id)
        if annulled:
            learners_services.revive(found.learner_id, actor=actor)
        if found.walk_in == "removed":
            session.refresh(found)
            seat(session, found.training_class, found.learner, over_capacity=True)
        found.walk_in = "pending"
        tell(session, found, "walked_in", actor)


def _has_nothing_else(place: Enrolment) -> bool:
    """Whether a learner who counts sits nowhere else, and is nobody but this one person."""
    others = queries.enrolments_of_learner(place.organisation_id, place.learner_id)
    merged = any(one[0].split_at is None for one in learners.merges_of(place.learner))
    return len(others) == 1 and not merged and place.learner.annulled_at is None


def _find_or_make(facts: LearnerFacts, actor: Actor) -> tuple[Learner, bool]:
    known = learners.find_by_id_number(actor.organisation_id, facts.id_number)
    if known is not None:
        return known, False
    try:
        return learners_services.create_learner(facts, actor=actor), True
    except Refusal as refused:
        known = learners.find_by_id_number(actor.organisation_id, facts.id_number)
        if refused.code not in {"learner.id_number_taken", "learner.id_number_merged"} or known is None:
            raise
        return known, False  # another tablet was a moment faster


def _ask(made: Enrolment, learner: Learner, *, new: bool) -> None:
    inbox.ask(
        WALK_IN,
        made.public_id,
        organisation_id=made.organisation_id,
        class_id=made.class_id,
        facts={"enrolment": made.public_id, "learner": learner.public_id, "name": learner.name, "new": new},
        anew=True,
    )


@signals.enrolment_changed.connect
def settle(enrolment_id: int, change: str, actor: Actor) -> None:
    """Whoever is moved, withdrawn or accepted in another way need not be asked about any more."""
    if change in {"moved_out", "withdrawn"}:
        with transaction() as session:
            found = session.get_one(Enrolment, enrolment_id)
            if found.walk_in == "pending":
                found.walk_in = "accepted" if change == "moved_out" else "removed"
                inbox.withdraw(WALK_IN, found.public_id, organisation_id=found.organisation_id)
