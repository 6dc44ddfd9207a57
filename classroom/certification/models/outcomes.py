"""Rules of courses, who is on a list of exceptions, and what the rules say of everybody."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.core.db import Base
from classroom.core.ids import public_id
from classroom.learners.models import Learner
from classroom.sessions.models import Course

_LIVING = text("annulled_at IS NULL")


class RuleVersion(Base):
    """A course's rule as data (`rules.course_rules.CourseRule` as JSON); none is changed, the latest holds."""

    __tablename__ = "rule_version"
    __table_args__ = (UniqueConstraint("course_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    course: Mapped[Course] = relationship()


class ListedLearner(Base):
    """A learner for whom a coordinator decided beside the rule, with the reason: to be certified, or not.

    Two people made one may bring both along; a denial then wins.
    """

    __tablename__ = "listed_learner"
    __table_args__ = (
        Index(
            "uq_listed_learner_living",
            "course_id",
            "learner_id",
            "kind",
            unique=True,
            sqlite_where=_LIVING,
            postgresql_where=_LIVING,
        ),
        CheckConstraint("kind IN ('allow', 'deny')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
    kind: Mapped[str] = mapped_column(String(5))
    note: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    annulled_at: Mapped[datetime | None]
    annulled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    learner: Mapped[Learner] = relationship()


class Evaluation(Base):
    """One run of a rule over everybody of a course, compared and then applied."""

    __tablename__ = "evaluation"
    __table_args__ = (CheckConstraint("state IN ('running', 'compared', 'applied', 'dropped')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    rule_version_id: Mapped[int] = mapped_column(ForeignKey("rule_version.id"))
    state: Mapped[str] = mapped_column(String(8), default="running")
    #: What would change: counts by decision and by kind of change.
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    started_at: Mapped[datetime]
    started_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    rule_version: Mapped[RuleVersion] = relationship()


class Outcome(Base):
    """What the rules say of one learner in one course, as last applied.

    `explanation` is a list with a line per criterion (rules.evaluation.Line as JSON): what is required, what is there,
    where that comes from. `reasons` are the codes of the criteria that are not met, or why somebody is held.
    """

    __tablename__ = "outcome"
    __table_args__ = (
        UniqueConstraint("course_id", "learner_id"),
        Index("ix_outcome_decision", "course_id", "decision"),
        CheckConstraint("decision IN ('pass', 'fail', 'held')", name="decision"),
        CheckConstraint("path IN ('', 'in_person', 'online', 'mixed', 'listed')", name="path"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
    rule_version_id: Mapped[int] = mapped_column(ForeignKey("rule_version.id"))
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"))
    decision: Mapped[str] = mapped_column(String(4))
    path: Mapped[str] = mapped_column(String(9), default="")
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    explanation: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: SHA-256 of the facts, the rule and the lists: the same facts make the same outcome, and nothing is written.
    facts_hash: Mapped[str] = mapped_column(String(64))
    #: The class or intake by which the learner belongs to the course; for annexes and statistics.
    class_id: Mapped[int | None] = mapped_column(ForeignKey("training_class.id"), index=True)
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intake.id"), index=True)
    decided_at: Mapped[datetime]

    learner: Mapped[Learner] = relationship()
    rule_version: Mapped[RuleVersion] = relationship()


class OutcomeChange(Base):
    """An outcome that became another one: before and after, by which evaluation; append-only."""

    __tablename__ = "outcome_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    at: Mapped[datetime]


class CertificateRecheck(Base):
    """A certificate whose grounds may have changed since it was issued; the clock looks at it soon."""

    __tablename__ = "certificate_recheck"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), unique=True)
    #: attendance | result | place | people | online | listed | since (it was issued: what came before that)
    cause: Mapped[str] = mapped_column(String(12))
    noted_at: Mapped[datetime]


class CertificationWatch(Base):
    """How far the clock has looked for changes that no signal tells of."""

    __tablename__ = "certification_watch"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: The last key of what only grows, or the instant of the last look.
    last_id: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None]
