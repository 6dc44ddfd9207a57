"""Places and badges follow when two learners are made one, and go back when they are parted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.reasons import MERGED, coded
from classroom.inbox import services as inbox
from classroom.inbox.models import InboxItem
from classroom.inbox.queries import find_open
from classroom.learners.models import MergeLine
from classroom.learners.rules.merging import Conflict
from classroom.learners.services.journal import LEFT, Journal, things_left
from classroom.sessions.models import Badge, Enrolment
from classroom.sessions.services.enrolments import tell
from classroom.sessions.services.holding import hold_rosters, lock_classes
from classroom.sessions.services.walk_ins import WALK_IN


@signals.learners_holding.connect
def hold_classes(learner_ids: Sequence[int]) -> None:
    """Changes of the rosters concerned follow each other; higher rooms hold more than hangs on these, in one order."""
    with transaction() as session:
        wanted = select(Enrolment.class_id).where(Enrolment.learner_id.in_(learner_ids)).distinct()
        lock_classes(session, session.scalars(wanted).all())


@signals.learners_merging.connect
def foresee_places(kept_id: int, gone_id: int) -> list[Conflict]:
    """Where both sit in one class, or in two classes of one course."""
    places = _places(kept_id)
    own = {one.class_id for one in places}
    living = {one.course_id: one for one in places if one.ended_at is None}
    found = []
    for place in _places(gone_id):
        code, other = place.training_class.code, living.get(place.course_id)
        if place.class_id in own:
            found.append(Conflict("same_class", {"code": code}))
        elif other is not None and place.ended_at is None:
            found.append(Conflict("two_classes", {"code": code, "stays": other.training_class.code}))
        else:
            found.append(Conflict("place_moves", {"code": code}))
    good = select(Badge.learner_id).where(Badge.learner_id.in_([kept_id, gone_id]), Badge.replaced_at.is_(None))
    if len(set(db.session.scalars(good))) > 1:
        found.append(Conflict("two_badges"))
    return found


@signals.learners_merged.connect
def move_places(kept_id: int, gone_id: int, journal: Journal, reason: str, actor: Actor) -> None:
    """Places go over to the kept learner; where that one sits in the class, the other's place only ends."""
    with transaction() as session:
        held = [*_places(kept_id), *_places(gone_id)]
        hold_rosters(one.class_id for one in held)
        for one in held:
            session.refresh(one)
        for place in _places(gone_id):
            _move_place(place, _places(kept_id), kept_id, journal, coded(MERGED, reason))
            session.refresh(place)
            tell(session, place, "merged", actor, reason)
        for place in _places(kept_id):
            if place.walk_in == "pending":
                _ask_as_known(place, journal)
        _move_badges(kept_id, gone_id, journal, actor, coded(MERGED, reason))


@signals.learners_split.connect
def tell_places(merge_id: int, kept_id: int, gone_id: int, reason: str, actor: Actor) -> None:
    """Write down which places came back, and ask again about those that wait for a coordinator."""
    with transaction() as session:
        changed = select(MergeLine.row_id).where(
            MergeLine.merge_id == merge_id, MergeLine.table_name == "enrolment", MergeLine.column_name != LEFT
        )
        for place in session.scalars(select(Enrolment).where(Enrolment.id.in_(changed)).order_by(Enrolment.id)).all():
            tell(session, place, "split", actor, reason)
        for place_id, asked in things_left(session, merge_id, "enrolment").items():
            place = session.get_one(Enrolment, place_id)
            if place.walk_in == "pending":
                _ask(place, asked["facts"], datetime.fromisoformat(asked["since"]))


def _move_place(place: Enrolment, kept_places: Sequence[Enrolment], kept_id: int, journal: Journal, why: str) -> None:
    same = next((one for one in kept_places if one.class_id == place.class_id), None)
    elsewhere = any(one.course_id == place.course_id and one.ended_at is None for one in kept_places)
    lived = place.ended_at is None
    if lived and (same or elsewhere):
        journal.change(place, ended_at=now(), end_reason=why)
    if place.ended_at is not None:
        _settle(place, "removed", journal)
    if same is None:
        journal.change(place, learner_id=kept_id)
        return
    if lived and not elsewhere:
        journal.change(same, ended_at=None, end_reason="")
    if lived and not place.walk_in:
        _settle(same, "accepted", journal)


def _move_badges(kept_id: int, gone_id: int, journal: Journal, actor: Actor, why: str) -> None:
    badges = db.session.scalars(select(Badge).where(Badge.learner_id.in_([kept_id, gone_id])).order_by(Badge.id)).all()
    has_one = any(one.learner_id == kept_id and one.replaced_at is None for one in badges)
    for badge in badges:
        if badge.learner_id == kept_id:
            continue
        if has_one and badge.replaced_at is None:
            journal.change(badge, replaced_at=now(), replaced_by=actor.staff_id, replace_reason=why)
        journal.change(badge, learner_id=kept_id)


def _settle(place: Enrolment, walk_in: str, journal: Journal) -> None:
    """Nobody need decide about a walk-in whose place ended, or was one of the list all along."""
    if place.walk_in == "pending":
        _put_down(place, journal)
        journal.change(place, walk_in=walk_in)
        inbox.withdraw(WALK_IN, place.public_id, organisation_id=place.organisation_id)


def _ask_as_known(place: Enrolment, journal: Journal) -> None:
    """Whoever walked in is known now: removing the place must not annul a learner who was made one with others."""
    if (item := _put_down(place, journal)) is not None:
        who = {"learner": place.learner.public_id, "name": place.learner.name, "new": False}
        _ask(place, {**item.facts, **who}, item.created_at)


def _put_down(place: Enrolment, journal: Journal) -> InboxItem | None:
    item = find_open(place.organisation_id, WALK_IN, place.public_id)
    if item is not None:
        journal.left("enrolment", place.id, {"facts": item.facts, "since": item.created_at.isoformat()})
    return item


def _ask(place: Enrolment, facts: dict[str, Any], since: datetime) -> None:
    key, organisation = place.public_id, place.organisation_id
    inbox.withdraw(WALK_IN, key, organisation_id=organisation)
    inbox.ask(WALK_IN, key, organisation_id=organisation, class_id=place.class_id, facts=facts, since=since)


def _places(learner_id: int) -> Sequence[Enrolment]:
    return db.session.scalars(select(Enrolment).where(Enrolment.learner_id == learner_id).order_by(Enrolment.id)).all()
