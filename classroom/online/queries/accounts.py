"""Read accounts, and the people who could have one."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.names import fold
from classroom.learners.models import Learner
from classroom.learners.queries import in_order
from classroom.online.models import Account, AccountBatch, Intake, OnlineRecord
from classroom.online.rules.intakes import account_key
from classroom.sessions.models import Course, Enrolment, TrainingClass


class AccountLine(NamedTuple):
    """An account of an intake with its learner, and what has come back of it (None while nothing has)."""

    account: Account
    learner: Learner
    record: OnlineRecord | None


def accounts_of(intake: Intake, text: str = "", limit: int = 200) -> list[AccountLine]:
    """Accounts of an intake in Vietnamese order of names; `text` is looked for in names, units and account numbers."""
    query = (
        _found(intake, text)
        .outerjoin(
            OnlineRecord,
            (OnlineRecord.intake_id == Account.intake_id) & (OnlineRecord.account_key == Account.key),
        )
        .add_columns(Learner, OnlineRecord)
        .order_by(Account.annulled_at.is_not(None), *in_order(), Account.id)
        .limit(limit)
    )
    return [AccountLine(*row) for row in db.session.execute(query)]


def count_accounts(intake: Intake, text: str = "") -> int:
    """How many `accounts_of` would find without a limit."""
    return db.session.scalar(_found(intake, text).with_only_columns(func.count(Account.id))) or 0


def get_account(actor: Actor, intake: Intake, public_id: str) -> Account:
    """An account of the intake with its learner; raises NotFound."""
    found = db.session.scalar(
        select(Account)
        .join(Account.learner)
        .options(contains_eager(Account.learner))
        .where(
            Account.organisation_id == actor.organisation_id,
            Account.intake_id == intake.id,
            Account.public_id == public_id,
        )
    )
    if found is None:
        raise NotFound
    return found


def batches_of(intake: Intake) -> Sequence[AccountBatch]:
    """The files that were made, the latest first."""
    return db.session.scalars(
        select(AccountBatch).where(AccountBatch.intake_id == intake.id).order_by(AccountBatch.id.desc())
    ).all()


def get_batch(intake: Intake, public_id: str) -> AccountBatch:
    """A file of the intake; raises NotFound."""
    query = select(AccountBatch).where(AccountBatch.intake_id == intake.id, AccountBatch.public_id == public_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def accounts_to_send(intake_id: int, *, everybody: bool) -> list[tuple[Account, Learner]]:
    """Living accounts by number: those that no file has named yet, or all."""
    query = (
        select(Account, Learner)
        .join(Account.learner)
        .where(Account.intake_id == intake_id, Account.annulled_at.is_(None))
        .order_by(Account.key)
    )
    if not everybody:
        query = query.where(Account.batch_id.is_(None))
    return [(account, learner) for account, learner in db.session.execute(query)]


def keys_taken(organisation_id: int, prefix: str) -> set[str]:
    """Account numbers with this beginning that were given or came in with results, annulled ones among them."""
    start = account_key(prefix)
    found: set[str] = set()
    for table in (Account.key, OnlineRecord.account_key):
        owner = Account.organisation_id if table is Account.key else OnlineRecord.organisation_id
        found |= set(
            db.session.scalars(select(table).where(owner == organisation_id, table.startswith(start, autoescape=True)))
        )
    return found


def classes_to_choose(actor: Actor, intake: Intake) -> Sequence[Any]:
    """Classes of the programme whose learners could be taken over: public id, code, course, number of learners."""
    return db.session.execute(
        select(TrainingClass.public_id, TrainingClass.code, Course.name, func.count(Enrolment.id))
        .join(Course, Course.id == TrainingClass.course_id)
        .outerjoin(Enrolment, (Enrolment.class_id == TrainingClass.id) & Enrolment.ended_at.is_(None))
        .where(
            TrainingClass.organisation_id == actor.organisation_id,
            Course.programme_id == intake.course.programme_id,
            TrainingClass.cancelled_at.is_(None),
        )
        .group_by(TrainingClass.public_id, TrainingClass.code, Course.name)
        .order_by(TrainingClass.code)
    ).all()


def learners_in_class(actor: Actor, class_id: str) -> list[int]:
    """Keys of who is enrolled in a class, in Vietnamese order."""
    query = (
        select(Learner.id)
        .join(Enrolment, Enrolment.learner_id == Learner.id)
        .join(TrainingClass, TrainingClass.id == Enrolment.class_id)
        .where(
            TrainingClass.organisation_id == actor.organisation_id,
            TrainingClass.public_id == class_id,
            Enrolment.ended_at.is_(None),
        )
        .order_by(*in_order())
    )
    return list(db.session.scalars(query))


def learner_keys(actor: Actor, public_ids: Sequence[str]) -> list[int]:
    """Keys of living learners of the organisation, in Vietnamese order."""
    query = (
        select(Learner.id)
        .where(
            Learner.organisation_id == actor.organisation_id,
            Learner.annulled_at.is_(None),
            Learner.public_id.in_(public_ids),
        )
        .order_by(*in_order())
    )
    return list(db.session.scalars(query))


def with_account(intake: Intake, learner_ids: Sequence[int]) -> set[int]:
    """Those of these learners who have an account in the intake."""
    query = select(Account.learner_id).where(
        Account.intake_id == intake.id, Account.learner_id.in_(learner_ids), Account.annulled_at.is_(None)
    )
    return set(db.session.scalars(query))


def _found(intake: Intake, text: str) -> Select[tuple[Account]]:
    query = (
        select(Account)
        .join(Account.learner)
        .options(contains_eager(Account.learner))
        .where(Account.intake_id == intake.id)
    )
    for word in fold(text).split():
        query = query.where(
            or_(
                Learner.name_fold.contains(word, autoescape=True),
                Learner.unit_fold.contains(word, autoescape=True),
                Account.key.contains(word, autoescape=True),
            )
        )
    return query
