"""Issue badges, replace them, and tie blank ones to whoever gets them at the door."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.ids import ALPHABET, public_id
from classroom.learners import queries as learners
from classroom.learners.models import Learner
from classroom.sessions import queries
from classroom.sessions.models import Badge, Enrolment, TrainingClass
from classroom.sessions.queries import badges
from classroom.sessions.rules.badges import LENGTH, MOST_BLANKS
from classroom.sessions.services.refusing import check_reason


def issue_badges(class_id: str, *, actor: Actor) -> int:
    """Give a badge to every present learner of the class who has none; returns how many were made."""
    with transaction() as session:
        training_class = queries.get_class(actor, class_id)
        living = select(Badge.learner_id).where(Badge.replaced_at.is_(None), Badge.learner_id.is_not(None))
        wanted = select(Enrolment.learner_id).where(
            Enrolment.class_id == training_class.id, Enrolment.ended_at.is_(None)
        )
        _hold(session, list(session.scalars(wanted)))
        without = session.scalars(wanted.where(Enrolment.learner_id.not_in(living))).all()
        _insert(session, [_fresh(actor, learner_id=each) for each in without])
        if without:
            facts = {"code": training_class.code, "count": len(without)}
            record("badge.issued", "training_class", training_class.id, actor=actor, facts=facts)
        return len(without)


def issue_badge(learner_id: str, *, actor: Actor) -> Badge:
    """Give one learner a badge; who has one keeps it."""
    with transaction() as session:
        learner = learners.get_learner(actor.organisation_id, learner_id)
        _hold(session, [learner.id])
        if found := badges.living_badge(learner.id):
            return found
        made = Badge(**_fresh(actor, learner_id=learner.id))
        session.add(made)
        record("badge.issued_one", "learner", learner.id, actor=actor, facts={"code": learner.code})
        return made


def reissue_badge(learner_id: str, reason: str, *, actor: Actor) -> Badge:
    """Replace the learner's badge by a new one; whoever shows the old one is told so."""
    why = check_reason(reason)
    with transaction() as session:
        learner = learners.get_learner(actor.organisation_id, learner_id)
        _hold(session, [learner.id])
        _replace(session, learner.id, why, actor, now())
        made = Badge(**_fresh(actor, learner_id=learner.id))
        session.add(made)
        facts = {"code": learner.code}
        record("badge.reissued", "learner", learner.id, actor=actor, facts=facts, personal={"reason": why})
        return made


def make_blanks(class_id: str, count: int, *, actor: Actor) -> Sequence[Badge]:
    """Numbered badges for walk-ins of a class, going on where the last ones ended."""
    if not 1 <= count <= MOST_BLANKS:
        raise Invalid("badge.count", most=MOST_BLANKS)
    with transaction() as session:
        training_class = queries.get_class(actor, class_id)
        session.execute(select(TrainingClass.id).where(TrainingClass.id == training_class.id).with_for_update()).all()
        last = session.scalar(select(func.max(Badge.blank_number)).where(Badge.class_id == training_class.id)) or 0
        numbers = range(last + 1, last + count + 1)
        _insert(session, [_fresh(actor, class_id=training_class.id, blank_number=number) for number in numbers])
        facts = {"code": training_class.code, "count": count}
        record("badge.blanks_made", "training_class", training_class.id, actor=actor, facts=facts)
        return session.scalars(
            select(Badge)
            .where(Badge.class_id == training_class.id, Badge.blank_number.in_(numbers))
            .order_by(Badge.blank_number)
        ).all()


def tie_badge(code: str, learner_id: int, *, actor: Actor) -> Badge:
    """Give a blank badge to a learner, whose earlier badge it replaces. The same again changes nothing.

    Raises Refusal `badge.unknown`, `badge.replaced` (name) or `badge.tied` (name) when it is somebody else's.
    """
    with transaction() as session:
        _hold(session, [learner_id])
        badge = session.scalar(
            select(Badge).where(Badge.organisation_id == actor.organisation_id, Badge.code == code).with_for_update()
        )
        if badge is None:
            raise Refusal("badge.unknown")
        holder = session.get(Learner, badge.learner_id) if badge.learner_id else None
        if badge.replaced_at is not None:
            raise Refusal("badge.replaced", name=holder.name if holder else "")
        if holder is not None:
            if holder.id != learner_id:
                raise Refusal("badge.tied", name=holder.name)
            return badge
        at = now()
        _replace(session, learner_id, "", actor, at)
        badge.learner_id, badge.tied_at, badge.tied_by = learner_id, at, actor.staff_id
        session.flush()
        record("badge.tied", "learner", learner_id, actor=actor, facts={"number": badge.blank_number})
        return badge


def untie_badge(badge_id: str, *, actor: Actor) -> bool:
    """Make a badge blank again, and the one that it replaced good; whether that could be done.

    One that has been replaced since stays as it is.
    """
    with transaction() as session:
        mine = (Badge.organisation_id == actor.organisation_id, Badge.public_id == badge_id)
        holder = session.scalar(select(Badge.learner_id).where(*mine))
        if holder is None:
            return False
        _hold(session, [holder])
        badge = session.scalar(select(Badge).where(*mine).with_for_update().execution_options(populate_existing=True))
        if badge is None or badge.learner_id != holder or badge.tied_at is None or badge.replaced_at is not None:
            return False
        before = session.scalar(select(Badge).where(Badge.learner_id == holder, Badge.replaced_at == badge.tied_at))
        badge.learner_id = badge.tied_at = badge.tied_by = None
        session.flush()
        if before is not None:
            before.replaced_at, before.replaced_by, before.replace_reason = None, None, ""
        session.flush()
        record("badge.untied", "learner", holder, actor=actor, facts={"number": badge.blank_number})
        return True


def _hold(session: Session, learner_ids: Sequence[int]) -> None:
    """Whoever gives these learners badges waits for whoever is at it already."""
    query = select(Learner.id).where(Learner.id.in_(learner_ids)).order_by(Learner.id)
    session.execute(query.with_for_update(key_share=True)).all()


def _replace(session: Session, learner_id: int, reason: str, actor: Actor, at: datetime) -> None:
    old = badges.living_badge(learner_id)
    if old is not None:
        old.replaced_at, old.replaced_by, old.replace_reason = at, actor.staff_id, reason
        session.flush()


def _insert(session: Session, rows: list[dict[str, object]]) -> None:
    if rows:
        session.execute(insert(Badge), rows)


def _fresh(actor: Actor, **facts: object) -> dict[str, object]:
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return {
        "public_id": public_id(),
        "organisation_id": actor.organisation_id,
        "code": code,
        "learner_id": None,
        "class_id": None,
        "blank_number": None,
        "issued_at": now(),
        "issued_by": actor.staff_id,
        **facts,
    }
