"""Who is claimed, and everything that a learner's own page shows of one person."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, union_all

from classroom.attendance.queries.standing import Standing, standings_of
from classroom.certification.models import Certificate, IssueBatch, Outcome
from classroom.certification.queries.rules import find_rule, judge, proposed_rule
from classroom.certification.rules.course_rules import CourseRule
from classroom.core.db import db
from classroom.learners.models import Learner
from classroom.online.models import Account, Intake, OnlineRecord
from classroom.portal.rules import Claim, Decided, OnlineState, standing_decision
from classroom.sessions.models import Course, Programme

#: More people than these behind one number name nobody.
_MOST = 20
_PERSON = (Learner.id, Learner.public_id, Learner.code, Learner.name, Learner.unit, Learner.organisation_id)


@dataclass(frozen=True, slots=True)
class OwnCourse:
    """One course of the learner: where one is, what is missing, what was issued."""

    id: int
    name: str
    programme: str
    standing: Standing | None = None
    online: list[OnlineState] = field(default_factory=list)
    decided: Decided | None = None
    certificates: list[Row[Any]] = field(default_factory=list)


def claimed(claim: Claim) -> Sequence[Row[Any]]:
    """Living learners with such a code or account, those into whom such ones were merged among them.

    One statement, whatever was typed.
    """
    present = func.coalesce(Learner.merged_into_id, Learner.id)
    keys = union_all(
        select(present).where(Learner.code == claim.code),
        select(present)
        .join(Account, Account.learner_id == Learner.id)
        .where(Account.key == claim.account, Account.annulled_at.is_(None)),
    )
    return db.session.execute(
        select(*_PERSON, Learner.phone, Learner.id_number)
        .where(Learner.id.in_(keys), Learner.annulled_at.is_(None))
        .order_by(Learner.id)
        .limit(_MOST)
    ).all()


def person(public_id: str) -> Row[Any] | None:
    """A living learner, as the pages know one."""
    return db.session.execute(
        select(*_PERSON).where(Learner.public_id == public_id, Learner.annulled_at.is_(None))
    ).first()


def own_courses(learner_id: int, organisation_id: int, at: datetime) -> list[OwnCourse]:
    """Every course in which the learner sits, learns online, was decided about or certified; the latest first."""
    standings = {each.course_id: each for each in standings_of(learner_id, organisation_id, at)}
    online = _online(learner_id, organisation_id)
    certificates = _certificates(learner_id, organisation_id)
    outcomes = _outcomes(learner_id, organisation_id)
    keys = dict.fromkeys(
        [*standings, *(each.course_id for each in online), *(row.course_id for row in certificates), *outcomes]
    )
    courses = {row[0].id: row for row in _courses(organisation_id, list(keys))}
    found = []
    for key in keys:
        course, programme = courses[key]
        own = [row for row in certificates if row.course_id == key]
        applied, certified = outcomes.get(key), any(row.state in {"issued", "revoked"} for row in own)
        decided = applied if certified else standing_decision(applied, _today(course, learner_id, at))
        found.append(
            OwnCourse(
                key,
                course.name,
                programme,
                standings.get(key),
                [each for each in online if each.course_id == key],
                decided,
                own,
            )
        )
    return found


def own_certificate(public_id: str, learners: Sequence[int]) -> Certificate | None:
    """A certificate of one of these learners that was issued, with its batch."""
    return db.session.scalar(
        select(Certificate).where(
            Certificate.public_id == public_id,
            Certificate.learner_id.in_(learners),
            Certificate.state != "void",
            Certificate.erased_at.is_(None),
        )
    )


def _courses(organisation_id: int, keys: list[int]) -> Sequence[Row[Any]]:
    return db.session.execute(
        select(Course, Programme.name)
        .join(Programme, Programme.id == Course.programme_id)
        .where(Course.id.in_(keys), Course.organisation_id == organisation_id)
    ).all()


def _online(learner_id: int, organisation_id: int) -> list[OnlineState]:
    """Accounts and records, the latest first; an account that a record speaks of comes once."""
    rows, accounts = _records(learner_id, organisation_id), _accounts(learner_id, organisation_id)
    issued = {(row.intake_id, row.key): row.issued_on for row in accounts}
    spoken = {(row.intake_id, row.account_key) for row in rows}
    return [_state(row, issued.get((row.intake_id, row.account_key))) for row in rows if row.retracted_at is None] + [
        OnlineState(row.course_id, row.intake, row.name, row.days, row.issued_on, known=False)
        for row in accounts
        if (row.intake_id, row.key) not in spoken
    ]


def _records(learner_id: int, organisation_id: int) -> Sequence[Row[Any]]:
    columns = (OnlineRecord.issued_on, OnlineRecord.completed_at, OnlineRecord.progress, OnlineRecord.score)
    return db.session.execute(
        select(OnlineRecord.intake_id, OnlineRecord.account_key, OnlineRecord.account, OnlineRecord.retracted_at)
        .add_columns(*columns, Intake.course_id, Intake.name.label("intake"), Intake.days)
        .join(Intake, Intake.id == OnlineRecord.intake_id)
        .where(OnlineRecord.learner_id == learner_id, OnlineRecord.organisation_id == organisation_id)
        .order_by(OnlineRecord.id.desc())
    ).all()


def _accounts(learner_id: int, organisation_id: int) -> Sequence[Row[Any]]:
    return db.session.execute(
        select(Account.intake_id, Account.key, Account.name, Account.issued_on)
        .add_columns(Intake.course_id, Intake.name.label("intake"), Intake.days)
        .join(Intake, Intake.id == Account.intake_id)
        .where(
            Account.learner_id == learner_id,
            Account.organisation_id == organisation_id,
            Account.annulled_at.is_(None),
        )
        .order_by(Account.id.desc())
    ).all()


def _state(row: Row[Any], issued: Any) -> OnlineState:
    return OnlineState(
        row.course_id,
        row.intake,
        row.account,
        row.days,
        issued or row.issued_on,
        row.completed_at,
        row.progress,
        row.score,
    )


def _certificates(learner_id: int, organisation_id: int) -> Sequence[Row[Any]]:
    return db.session.execute(
        select(
            Certificate.course_id,
            Certificate.public_id,
            Certificate.number,
            Certificate.code,
            Certificate.state,
            Certificate.issued_on,
            Certificate.revoked_at,
            Certificate.revoke_reason,
            IssueBatch.decision_number,
        )
        .join(IssueBatch, IssueBatch.id == Certificate.batch_id)
        .where(
            Certificate.learner_id == learner_id,
            Certificate.organisation_id == organisation_id,
            Certificate.state != "void",
            Certificate.erased_at.is_(None),
        )
        .order_by(Certificate.state != "issued", Certificate.id.desc())
    ).all()


def _outcomes(learner_id: int, organisation_id: int) -> dict[int, Decided]:
    columns = (Outcome.course_id, Outcome.decision, Outcome.reasons, Outcome.explanation, Outcome.facts_hash)
    rows = db.session.execute(
        select(*columns).where(Outcome.learner_id == learner_id, Outcome.organisation_id == organisation_id)
    )
    return {row[0]: Decided(row[1], tuple(row[2]), tuple(row[3]), row[4], applied=True) for row in rows}


def _today(course: Course, learner_id: int, at: datetime) -> Decided | None:
    """What the rule says of today's facts; None where the learner belongs to the course no more."""
    version = find_rule(course.id)
    rule = CourseRule.from_json(version.rule) if version else proposed_rule(course)
    judged = judge(course, rule, at, {learner_id}).get(learner_id)
    if judged is None:
        return None
    said = judged.decision
    lines = tuple(line.as_json() for line in said.lines)
    return Decided(said.decision, said.reasons, lines, judged.hash, applied=False)
