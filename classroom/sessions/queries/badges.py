"""Read badges."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from classroom.core.db import db
from classroom.learners.models import Learner
from classroom.sessions.models import Badge, Enrolment


class BadgeOfClass(NamedTuple):
    """A badge that may be shown in a class: "living" or "replaced" with its place, or "blank" without one."""

    code: str
    enrolment: str | None
    state: str


def find_badge(organisation_id: int, code: str) -> Badge | None:
    """A badge of the organisation, living or replaced, with its learner."""
    return db.session.scalar(
        select(Badge)
        .options(joinedload(Badge.learner))
        .where(Badge.organisation_id == organisation_id, Badge.code == code)
    )


def holder_of_badge(organisation_id: int, code: str) -> str:
    """The id in addresses of the learner who has or had this badge; "" for a blank or unknown one."""
    found = select(Learner.public_id).join(Badge, Badge.learner_id == Learner.id)
    return db.session.scalar(found.where(Badge.organisation_id == organisation_id, Badge.code == code)) or ""


def badges_of_learner(learner_id: int) -> Sequence[Badge]:
    """All badges a learner has or had, the latest first."""
    return db.session.scalars(
        select(Badge).where(Badge.learner_id == learner_id).order_by(Badge.issued_at.desc(), Badge.id.desc())
    ).all()


def living_badge(learner_id: int) -> Badge | None:
    """The badge that is good for this learner now."""
    return db.session.scalar(select(Badge).where(Badge.learner_id == learner_id, Badge.replaced_at.is_(None)))


def living_badges_of_class(class_id: int) -> Sequence[tuple[Enrolment, Badge]]:
    """The present learners of a class who have a badge, in Vietnamese order."""
    rows = db.session.execute(
        select(Enrolment, Badge)
        .join(Enrolment.learner)
        .join(Badge, and_(Badge.learner_id == Learner.id, Badge.replaced_at.is_(None)))
        .options(joinedload(Enrolment.learner))
        .where(Enrolment.class_id == class_id, Enrolment.ended_at.is_(None))
        .order_by(Learner.sort_key, Learner.birth_year.nulls_last(), Learner.born_on.nulls_last(), Enrolment.id)
    )
    return [(row[0], row[1]) for row in rows]


def badges_of_class(class_id: int) -> list[BadgeOfClass]:
    """Every badge that somebody may show in this class: of its present learners, old ones too, and its blank ones."""
    rows = db.session.execute(
        select(Badge.code, Enrolment.public_id, Badge.replaced_at)
        .join(Enrolment, Enrolment.learner_id == Badge.learner_id)
        .where(Enrolment.class_id == class_id, Enrolment.ended_at.is_(None))
        .order_by(Badge.id)
    )
    known = [BadgeOfClass(code, place, "replaced" if replaced else "living") for code, place, replaced in rows]
    return known + [BadgeOfClass(one.code, None, "blank") for one in blanks_of_class(class_id)]


def blanks_of_class(class_id: int) -> Sequence[Badge]:
    """Blank badges of a class that are tied to nobody yet, in the order of their numbers."""
    return db.session.scalars(
        select(Badge)
        .where(Badge.class_id == class_id, Badge.learner_id.is_(None), Badge.replaced_at.is_(None))
        .order_by(Badge.blank_number, Badge.id)
    ).all()


def count_without_badge(class_id: int) -> int:
    """How many present learners of a class have no living badge."""
    return (
        db.session.scalar(
            select(func.count(Enrolment.id))
            .outerjoin(Badge, and_(Badge.learner_id == Enrolment.learner_id, Badge.replaced_at.is_(None)))
            .where(Enrolment.class_id == class_id, Enrolment.ended_at.is_(None), Badge.id.is_(None))
        )
        or 0
    )
