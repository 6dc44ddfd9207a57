"""What online learning says of people, for the rules of certificates: everybody of a course in a few statements."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, select

from classroom.core.db import db
from classroom.online.models import Account, ImportRow, Intake, MatchCase, OnlineImport, OnlineImportFile, OnlineRecord

#: States of a case that still waits for somebody.
WAITING = ("open", "later")


@dataclass(frozen=True, slots=True)
class OnlineResult:
    """The result of one account in one intake, and the row of the import that says so.

    `score` and `progress` are per cent. `issued_on` is the local day 0 of the `days` of the intake: the account's own
    where it is known, else what the platform said.
    """

    record_id: int
    record: str
    account: str
    intake_id: int
    intake: str
    intake_name: str
    days: int
    issued_on: date | None
    completed_at: datetime | None
    score: Decimal | None
    progress: Decimal | None
    said: str
    retracted: bool
    row_number: int | None
    import_id: str
    filename: str


@dataclass(frozen=True, slots=True)
class Unlinked:
    """Records of a course that are nobody's yet: not looked at, or waiting for a person."""

    new: int
    queued: int


def online_results(
    organisation_id: int, course_id: int, learners: Collection[int] | None = None
) -> dict[int, list[OnlineResult]]:
    """Every linked record of the course's intakes by learner, retracted ones among them; in the order of their keys.

    With `learners` only theirs.
    """
    theirs = OnlineRecord.learner_id.is_not(None) if learners is None else OnlineRecord.learner_id.in_(set(learners))
    rows = db.session.execute(
        select(
            *(OnlineRecord.learner_id, OnlineRecord.id, OnlineRecord.public_id, OnlineRecord.account),
            Intake.id,
            Intake.public_id,
            Intake.name,
            Intake.days,
            func.coalesce(Account.issued_on, OnlineRecord.issued_on),
            *(OnlineRecord.completed_at, OnlineRecord.score, OnlineRecord.progress, OnlineRecord.said),
            OnlineRecord.retracted_at.is_not(None),
            ImportRow.number,
            ImportRow.import_id,
        )
        .join(Intake, Intake.id == OnlineRecord.intake_id)
        .outerjoin(Account, _account_of_record())
        .outerjoin(ImportRow, ImportRow.id == OnlineRecord.row_id)
        .where(
            OnlineRecord.organisation_id == organisation_id,
            Intake.organisation_id == organisation_id,
            Intake.course_id == course_id,
            theirs,
        )
        .order_by(OnlineRecord.id)
    )
    sources = _sources(organisation_id, course_id)
    found: dict[int, list[OnlineResult]] = {}
    for learner_id, *facts, import_key in rows:
        columns = [*facts, *sources.get(import_key, ("", ""))]
        found.setdefault(learner_id, []).append(OnlineResult(*columns))
    return found


def held_learners(organisation_id: int, course_id: int) -> dict[int, str]:
    """Who may be meant by a record of the course that waits for a decision, with the public id of its first case."""
    rows = db.session.execute(
        select(MatchCase.public_id, MatchCase.candidates, OnlineRecord.learner_id)
        .join(OnlineRecord, OnlineRecord.id == MatchCase.record_id)
        .join(Intake, Intake.id == OnlineRecord.intake_id)
        .where(
            MatchCase.organisation_id == organisation_id,
            MatchCase.state.in_(WAITING),
            Intake.course_id == course_id,
        )
        .order_by(MatchCase.rank, MatchCase.id)
    )
    held: dict[int, str] = {}
    for case, candidates, own in rows:
        for learner in (own, *(int(one["learner"]) for one in candidates)):
            if learner is not None:
                held.setdefault(learner, case)
    return held


def unlinked(organisation_id: int, course_id: int) -> Unlinked:
    """How many records of the course are nobody's yet, retracted ones left out."""
    counted: Mapping[str, int] = {
        row[0]: row[1]
        for row in db.session.execute(
            select(OnlineRecord.link, func.count(OnlineRecord.id))
            .join(Intake, Intake.id == OnlineRecord.intake_id)
            .where(
                OnlineRecord.organisation_id == organisation_id,
                Intake.course_id == course_id,
                OnlineRecord.link.in_(("new", "queued")),
                OnlineRecord.retracted_at.is_(None),
            )
            .group_by(OnlineRecord.link)
        )
    }
    return Unlinked(counted.get("new", 0), counted.get("queued", 0))


def _account_of_record() -> Any:
    """The living account of this number in the record's own intake; the same number elsewhere is another account."""
    return and_(
        Account.intake_id == OnlineRecord.intake_id,
        Account.key == OnlineRecord.account_key,
        Account.annulled_at.is_(None),
    )


def _sources(organisation_id: int, course_id: int) -> dict[int, tuple[str, str]]:
    """Public id and name of the file with results, by the keys of the course's imports."""
    rows = db.session.execute(
        select(OnlineImport.id, OnlineImport.public_id, OnlineImportFile.filename)
        .join(Intake, Intake.id == OnlineImport.intake_id)
        .outerjoin(
            OnlineImportFile,
            and_(OnlineImportFile.import_id == OnlineImport.id, OnlineImportFile.role == "results"),
        )
        .where(OnlineImport.organisation_id == organisation_id, Intake.course_id == course_id)
        .order_by(OnlineImport.id, OnlineImportFile.id.desc())
    )
    return {row[0]: (row[1], row[2] or "") for row in rows}
