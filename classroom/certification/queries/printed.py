"""What certificates of a course would say: the groups of the course, and who passes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, func, or_, select

from classroom.accounts.models import Organisation
from classroom.certification.models import Certificate, IssueLine, ListedLearner, Outcome
from classroom.certification.rules.batches import Scope, grouped_key, kept_problems, problems_of, result_of
from classroom.certification.rules.certificates import PrintedFacts
from classroom.certification.rules.lines import WITH_ONLINE
from classroom.core.db import db
from classroom.learners.models import Learner
from classroom.online.models import Intake, OnlineImport
from classroom.online.queries.facts import held_learners
from classroom.sessions.models import ClassSession, Course, TrainingClass

_LAST = 99_999


@dataclass(frozen=True, slots=True)
class Group:
    """A class or intake as certificates name it; `rank` is its place in the annex."""

    rank: int
    label: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class Setting:
    """What all certificates of a course share, and its groups by key."""

    shared: dict[str, str]
    classes: dict[int, Group]
    intakes: dict[int, Group]

    def group_of(self, path: str, class_id: int | None, intake_id: int | None) -> Group | None:
        """The group by which somebody is counted: online learners by intake, all others by class."""
        of_class, of_intake = self.classes.get(class_id or 0), self.intakes.get(intake_id or 0)
        return (of_intake or of_class) if path == "online" else (of_class or of_intake)

    def facts_of(self, row: Row[Any]) -> PrintedFacts:
        """What would be printed for a row of `passing`."""
        group = self.group_of(row.path, row.class_id, row.intake_id)
        return PrintedFacts(
            name=row.name,
            born=str(row.born_on or row.birth_year or ""),
            unit=row.unit,
            group=group.label if group else "",
            starts_on=str(group.starts_on or "") if group else "",
            ends_on=str(group.ends_on or "") if group else "",
            path=row.path,
            result=result_of(row.explanation, row.path),
            **self.shared,
        )

    def line_of(self, row: Row[Any], order: str) -> tuple[PrintedFacts, str]:
        """The facts with the key of their place in the annex."""
        if order != "group":
            return self.facts_of(row), str(row.sort_key)
        group = self.group_of(row.path, row.class_id, row.intake_id)
        return self.facts_of(row), annex_key(group, row.sort_key)


def annex_key(group: Group | None, sort_key: str) -> str:
    """The place in an annex that is grouped."""
    return grouped_key(group.rank if group else _LAST, sort_key)


def setting_of(course: Course) -> Setting:
    """What certificates of the course share today."""
    organisation = db.session.get_one(Organisation, course.organisation_id)
    shared = {
        "programme": course.programme.name,
        "course": course.name,
        "organisation": organisation.name,
        "parent_organisation": organisation.parent_name,
        "place": organisation.place,
    }
    classes = _classes(course.id)
    return Setting(shared, classes, _intakes(course.id, len(classes)))


def _classes(course_id: int) -> dict[int, Group]:
    query = (
        select(
            TrainingClass.id,
            TrainingClass.code,
            TrainingClass.starts_on,
            func.min(ClassSession.held_on).label("first"),
            func.max(ClassSession.held_on).label("last"),
        )
        .outerjoin(ClassSession, (ClassSession.class_id == TrainingClass.id) & (ClassSession.cancelled_at.is_(None)))
        .where(TrainingClass.course_id == course_id)
        .group_by(TrainingClass.id, TrainingClass.code, TrainingClass.starts_on)
        .order_by(TrainingClass.code, TrainingClass.id)
    )
    return {
        row.id: Group(rank, f"Lớp {row.code}", row.first or row.starts_on, row.last)
        for rank, row in enumerate(db.session.execute(query), 1)
    }


def _intakes(course_id: int, before: int) -> dict[int, Group]:
    query = select(Intake.id, Intake.name, Intake.starts_on, Intake.days).where(Intake.course_id == course_id)
    rows = db.session.execute(query.order_by(Intake.starts_on.is_(None), Intake.starts_on, Intake.name, Intake.id))
    return {
        row.id: Group(
            before + rank, row.name, row.starts_on, row.starts_on + timedelta(days=row.days) if row.starts_on else None
        )
        for rank, row in enumerate(rows, 1)
    }


def counts_by_class(path: Any, class_id: Any, intake_id: Any) -> ColumnElement[bool]:
    """Whether somebody is counted by the class, as `Setting.group_of` has it; takes columns."""
    return and_(class_id.is_not(None), or_(path != "online", intake_id.is_(None)))


def counts_by_intake(path: Any, class_id: Any, intake_id: Any) -> ColumnElement[bool]:
    """Whether somebody is counted by the intake: never by both, so that groups add up to the whole."""
    return and_(intake_id.is_not(None), or_(path == "online", class_id.is_(None)))


def of_scope(course_id: int, scope: Scope) -> list[ColumnElement[bool]]:
    """Conditions on outcomes joined with their learners: who passes and is meant."""
    found, place = _passes(course_id), (Outcome.path, Outcome.class_id, Outcome.intake_id)
    if scope.class_id is not None:
        found += [Outcome.class_id == scope.class_id, counts_by_class(*place)]
    if scope.intake_id is not None:
        found += [Outcome.intake_id == scope.intake_id, counts_by_intake(*place)]
    if scope.unit_fold:
        found.append(Learner.unit_fold == scope.unit_fold)
    return found


def _passes(course_id: int) -> list[ColumnElement[bool]]:
    """As last decided, and neither denied nor in question since."""
    return [
        Outcome.course_id == course_id,
        Outcome.decision == "pass",
        Learner.annulled_at.is_(None),
        ~is_denied(course_id, Outcome.learner_id),
        ~is_held(course_id, Outcome.learner_id),
        ~is_being_undone(Outcome.path, Outcome.intake_id),
    ]


def is_denied(course_id: int, learner_id: Any) -> ColumnElement[bool]:
    """Whether somebody is on the list of those not to be certified by now, whatever was decided before."""
    return exists().where(
        ListedLearner.course_id == course_id,
        ListedLearner.learner_id == learner_id,
        ListedLearner.kind == "deny",
        ListedLearner.annulled_at.is_(None),
    )


def is_held(course_id: int, learner_id: Any) -> ColumnElement[bool]:
    """Whether it is in question by now who somebody is, whatever was decided before."""
    held = sorted(held_learners(db.session.get_one(Course, course_id).organisation_id, course_id))
    found: ColumnElement[bool] = learner_id.in_(bindparam(None, held, expanding=True, literal_execute=True))
    return found


def is_being_undone(path: Any, intake_id: Any) -> ColumnElement[bool]:
    """Whether a result from online counts that may be about to vanish: an import of its intake is being undone."""
    undoing = select(OnlineImport.intake_id).where(OnlineImport.state == "undoing")
    return and_(path.in_(WITH_ONLINE), intake_id.is_not(None), intake_id.in_(undoing))


def intakes_being_undone(course_id: int) -> list[str]:
    """The names of the course's intakes of which an import is being undone."""
    query = select(Intake.name).join(OnlineImport, OnlineImport.intake_id == Intake.id)
    query = query.where(Intake.course_id == course_id, OnlineImport.state == "undoing")
    return list(db.session.scalars(query.order_by(Intake.id)))


def is_certified() -> ColumnElement[bool]:
    """Whether the learner of an outcome holds a living certificate of the course."""
    return exists().where(
        Certificate.course_id == Outcome.course_id,
        Certificate.learner_id == Outcome.learner_id,
        Certificate.state == "issued",
    )


def _has_line(batch_id: int) -> ColumnElement[bool]:
    return exists().where(IssueLine.batch_id == batch_id, IssueLine.learner_id == Outcome.learner_id)


def _people() -> Select[Any]:
    return select(
        Outcome.id,
        Outcome.learner_id,
        Outcome.path,
        Outcome.explanation,
        Outcome.class_id,
        Outcome.intake_id,
        Learner.name,
        Learner.born_on,
        Learner.birth_year,
        Learner.unit,
        Learner.sort_key,
        exists()
        .where(
            Certificate.course_id == Outcome.course_id,
            Certificate.learner_id == Outcome.learner_id,
            Certificate.state == "revoked",
        )
        .label("was_revoked"),
    ).join(Learner, Learner.id == Outcome.learner_id)


def passing(course_id: int, scope: Scope, batch_id: int, after: int, limit: int) -> Sequence[Row[Any]]:
    """Who passes, holds no living certificate and has no line in the batch yet; in the order of outcomes."""
    query = _people().where(*of_scope(course_id, scope), Outcome.id > after, ~is_certified(), ~_has_line(batch_id))
    return db.session.execute(query.order_by(Outcome.id).limit(limit)).all()


def people(course_id: int, learner_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """The same of these learners, whatever they hold, as long as they pass."""
    return db.session.execute(_people().where(*_passes(course_id), Outcome.learner_id.in_(learner_ids))).all()


def count_waiting(course_id: int, scope: Scope) -> int:
    """How many pass and hold no living certificate."""
    query = select(func.count(Outcome.id)).join(Learner, Learner.id == Outcome.learner_id)
    return db.session.scalar(query.where(*of_scope(course_id, scope), ~is_certified())) or 0


def count_others(batch_id: int, course_id: int) -> int:
    """How many of them have no line in the batch: they may come in the next."""
    query = select(func.count(Outcome.id)).join(Learner, Learner.id == Outcome.learner_id)
    return db.session.scalar(query.where(*_passes(course_id), ~is_certified(), ~_has_line(batch_id))) or 0


def facts_again(certificate_id: int, setting: Setting) -> dict[str, Any]:
    """What a new certificate in place of an old one would say: the person as now, what was reached as then."""
    old = db.session.get_one(Certificate, certificate_id)
    learner = db.session.get_one(Learner, old.learner_id)
    facts = replace(
        PrintedFacts.from_json(old.facts),
        name=learner.name,
        born=str(learner.born_on or learner.birth_year or ""),
        unit=learner.unit,
        **setting.shared,
    )
    return {
        "facts": facts.as_json(),
        "explanation": old.explanation,
        "sort_key": learner.sort_key,
        "class_id": old.class_id,
        "intake_id": old.intake_id,
        "problems": kept_problems(problems_of(facts)),
    }


def rule_in_force(course_id: int) -> int | None:
    """The version of the rule by which the outcomes of a course were last decided."""
    return db.session.scalar(select(func.max(Outcome.rule_version_id)).where(Outcome.course_id == course_id))
