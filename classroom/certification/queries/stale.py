"""What has become of the people of a batch since its lines were written."""

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, false, func, or_, select

from classroom.certification.models import Certificate, IssueBatch, IssueLine, Outcome
from classroom.certification.queries.printed import Setting, is_being_undone, is_denied, is_held
from classroom.core.db import db
from classroom.learners.models import Learner

_NAMED = 20


@dataclass(frozen=True, slots=True)
class Differences:
    """How many lines differ from what is true now, by reason, and the first of them: name, code, reason."""

    counts: dict[str, int] = field(default_factory=dict)
    first: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many lines differ in all."""
        return sum(self.counts.values())


def differences(batch: IssueBatch, setting: Setting) -> Differences:
    """Lines of people who were merged, corrected, decided otherwise, certified or revoked since."""
    reason = _reason(batch, setting)
    lines = (
        select(reason.label("reason"), Learner.name, Learner.code, IssueLine.sort_key, IssueLine.id)
        .join(Learner, Learner.id == IssueLine.learner_id)
        .outerjoin(Outcome, and_(Outcome.course_id == batch.course_id, Outcome.learner_id == IssueLine.learner_id))
        .where(IssueLine.batch_id == batch.id, IssueLine.left_out == "", reason != "")
        .subquery()
    )
    counts = {
        row[0]: int(row[1]) for row in db.session.execute(select(lines.c.reason, func.count()).group_by(lines.c.reason))
    }
    if not counts:
        return Differences()
    first = db.session.execute(
        select(lines.c.name, lines.c.code, lines.c.reason).order_by(lines.c.sort_key, lines.c.id).limit(_NAMED)
    )
    return Differences(counts, [(row[0], row[1], row[2]) for row in first])


def revoked_unseen(batch: IssueBatch) -> ColumnElement[bool]:
    """Whether the person of a line had a certificate of the course revoked, and the line does not know it.

    It was revoked after the line was written, or it came to the person by a merge.
    """
    revoked = exists().where(
        Certificate.course_id == batch.course_id,
        Certificate.learner_id == IssueLine.learner_id,
        Certificate.state == "revoked",
    )
    again = revoked.where(Certificate.revoked_at > batch.ready_at) if batch.ready_at else false()
    return or_(and_(revoked, ~IssueLine.problems.contains(" revoked ")), again)


def _reason(batch: IssueBatch, setting: Setting) -> ColumnElement[str]:
    """The first that differs, what weighs more before what weighs less; "" for a line that still holds."""
    facts = IssueLine.facts
    born = func.coalesce(cast(Learner.born_on, String), cast(Learner.birth_year, String), "")
    first = IssueLine.replaces_id.is_(None)
    holds = exists().where(
        Certificate.course_id == batch.course_id,
        Certificate.learner_id == IssueLine.learner_id,
        Certificate.state == "issued",
    )
    decided = or_(
        Outcome.decided_at > batch.prepared_at,
        Outcome.path != facts["path"].as_string(),
        Outcome.class_id.is_distinct_from(IssueLine.class_id),
        Outcome.intake_id.is_distinct_from(IssueLine.intake_id),
    )
    course = or_(*(facts[name].as_string() != value for name, value in setting.shared.items()))
    return case(
        (Learner.annulled_at.is_not(None), "merged"),
        (and_(first, or_(Outcome.id.is_(None), Outcome.decision != "pass")), "no_longer_passes"),
        (and_(first, is_denied(batch.course_id, IssueLine.learner_id)), "denied"),
        (and_(first, is_held(batch.course_id, IssueLine.learner_id)), "held"),
        (and_(first, is_being_undone(facts["path"].as_string(), IssueLine.intake_id)), "undoing"),
        (and_(first, holds), "certified"),
        (and_(first, revoked_unseen(batch)), "revoked"),
        (and_(IssueLine.replaces_id.is_not(None), ~holds), "not_living"),
        (Learner.name != facts["name"].as_string(), "name"),
        (born != facts["born"].as_string(), "born"),
        (Learner.unit != facts["unit"].as_string(), "unit"),
        (and_(first, decided), "outcome"),
        (course, "course"),
        else_="",
    )
