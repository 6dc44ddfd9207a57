"""Read intakes, with what is known of them in numbers."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import joinedload

from classroom.accounts.models import Organisation
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.names import fold
from classroom.online.models import Account, Intake, OnlineRecord
from classroom.online.rules.intakes import in_time, last_day
from classroom.sessions.models import Course, Programme


class IntakeLine(NamedTuple):
    """An intake in a list: accounts we gave, records that came back, and how many of those wait for a match."""

    intake: Intake
    accounts: int
    records: int
    waiting: int


class IntakeCounts(NamedTuple):
    """An intake in numbers. `people` have an account with us or a record; `completed` did so at all, `in_time` within
    the days; `running` still have time; `undated` have no day of issue.
    """

    people: int
    accounts: int
    unsent: int
    undated: int
    records: int
    completed: int
    in_time: int
    running: int
    matched: int
    own: int
    waiting: int


def intakes(actor: Actor) -> list[IntakeLine]:
    """All intakes of the organisation, those of open programmes first, by course and name."""
    accounts = (
        select(func.count(Account.id))
        .where(Account.intake_id == Intake.id, Account.annulled_at.is_(None))
        .scalar_subquery()
    )
    records = select(
        OnlineRecord.intake_id,
        func.count(OnlineRecord.id).label("all"),
        func.sum(case((OnlineRecord.link == "queued", 1), else_=0)).label("waiting"),
    ).group_by(OnlineRecord.intake_id)
    counted = records.where(OnlineRecord.organisation_id == actor.organisation_id).subquery()
    query = (
        _intakes(actor)
        .outerjoin(counted, counted.c.intake_id == Intake.id)
        .add_columns(accounts, func.coalesce(counted.c.all, 0), func.coalesce(counted.c.waiting, 0))
        .order_by(Programme.closed_at.is_not(None), Programme.created_at.desc(), Course.id, Intake.id)
    )
    return [IntakeLine(*row) for row in db.session.execute(query)]


def records_of(intake: Intake, text: str = "", limit: int = 200) -> list[OnlineRecord]:
    """What has come back of an intake, in Vietnamese order; `text` is looked for in names, units and accounts."""
    query = select(OnlineRecord).where(OnlineRecord.intake_id == intake.id)
    for word in fold(text).split():
        columns = (OnlineRecord.name_fold, OnlineRecord.unit_fold, OnlineRecord.account_key)
        query = query.where(or_(*(column.contains(word, autoescape=True) for column in columns)))
    return list(db.session.scalars(query.order_by(OnlineRecord.sort_key, OnlineRecord.id).limit(limit)))


def intakes_of(course_id: int) -> Sequence[Intake]:
    """The intakes of a course, as they were set up."""
    return db.session.scalars(select(Intake).where(Intake.course_id == course_id).order_by(Intake.id)).all()


def get_intake(actor: Actor, public_id: str) -> Intake:
    """An intake with its course and programme; raises NotFound."""
    found = db.session.scalar(_intakes(actor).where(Intake.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def open_courses(actor: Actor) -> Sequence[Course]:
    """Courses in which an intake may be set up: those of programmes that have not ended."""
    return db.session.scalars(
        select(Course)
        .join(Course.programme)
        .options(joinedload(Course.programme))
        .where(Course.organisation_id == actor.organisation_id, Programme.closed_at.is_(None))
        .order_by(Programme.created_at.desc(), Course.id)
    ).all()


def name_and_number(intake: Intake) -> tuple[str, int]:
    """What a proposed prefix is made of: the organisation's name, and which of its course's intakes this one is."""
    organisation = db.session.get_one(Organisation, intake.organisation_id)
    query = select(func.count(Intake.id)).where(Intake.course_id == intake.course_id, Intake.id <= intake.id)
    return organisation.name, db.session.scalar(query) or 1


def counts_of(intake: Intake, time_zone: str, at: datetime) -> IntakeCounts:
    """The intake in numbers; the day limit is reasoned in the organisation's time zone."""
    given = db.session.execute(
        select(Account.key, Account.issued_on, Account.batch_id).where(
            Account.intake_id == intake.id, Account.annulled_at.is_(None)
        )
    ).all()
    issued = {row.key: row.issued_on for row in given}
    records = db.session.execute(
        select(OnlineRecord.account_key, OnlineRecord.issued_on, OnlineRecord.completed_at, OnlineRecord.link).where(
            OnlineRecord.intake_id == intake.id, OnlineRecord.retracted_at.is_(None)
        )
    ).all()
    finished = {row.account_key: row.completed_at for row in records}
    days = {row.account_key: row.issued_on for row in records} | {key: day for key, day in issued.items() if day}
    present = at.astimezone(ZoneInfo(time_zone)).date()
    people = set(issued) | set(finished)
    links = [row.link for row in records]
    return IntakeCounts(
        people=len(people),
        accounts=len(given),
        unsent=sum(row.batch_id is None for row in given),
        undated=sum(days.get(key) is None for key in people),
        records=len(records),
        completed=sum(each is not None for each in finished.values()),
        in_time=sum(in_time(days.get(key), each, intake.days, time_zone) for key, each in finished.items()),
        running=sum(
            finished.get(key) is None and (day := days.get(key)) is not None and last_day(day, intake.days) >= present
            for key in people
        ),
        matched=links.count("matched"),
        own=links.count("own"),
        waiting=links.count("queued"),
    )


def _intakes(actor: Actor) -> Select[tuple[Intake]]:
    return (
        select(Intake)
        .join(Intake.course)
        .join(Course.programme)
        .options(joinedload(Intake.course).joinedload(Course.programme))
        .where(Intake.organisation_id == actor.organisation_id)
    )
