"""Online records as the platforms of the sample send them, and records made for a test."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import insert, select

from classroom.core.actor import Actor
from classroom.core.db import db, transaction
from classroom.core.ids import public_id
from classroom.core.names import clean_name, fold, sort_key
from classroom.learners.models import Learner
from classroom.learners.rules import parse_phone
from classroom.online.models import Intake, MatchCase, OnlineRecord
from classroom.sessions.models import Course
from tests.factories import CourseFactory, LearnerFactory, ProgrammeFactory

TAKEN = datetime(2026, 11, 20, tzinfo=UTC)


def make_intake(actor: Actor, name: str = "Đợt 1", course: Course | None = None) -> Intake:
    """An intake of the actor's organisation."""
    course = course or CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id))
    made = Intake(organisation_id=actor.organisation_id, course_id=course.id, name=name, created_at=TAKEN)
    db.session.add(made)
    db.session.commit()
    return made


def person(actor: Actor, name: str, born: str = "", **facts: Any) -> Learner:
    """A learner who came by a class list, say; nothing known but what is said here."""
    day = date.fromisoformat(born) if len(born) > 4 else None
    year = int(born[:4]) if born else None
    blank = {"phone": "", "id_number": "", "unit": "", "email": ""}
    return LearnerFactory(
        organisation_id=actor.organisation_id, name=name, born_on=day, birth_year=year, **{**blank, **facts}
    )


def row_of(name: str, born: str = "", **facts: Any) -> dict[str, Any]:
    """What an import would write into a record."""
    name = clean_name(name)
    row = {
        "name": name,
        "name_fold": fold(name),
        "sort_key": sort_key(name),
        "born_on": date.fromisoformat(born) if len(born) > 4 else None,
        "birth_year": int(born[:4]) if born else None,
        "id_number": "",
        "phone": "",
        "email": "",
        "unit": "",
        **facts,
    }
    return {**row, "unit_fold": fold(row["unit"])}


def put_in(intake: Intake, rows: list[dict[str, Any]]) -> None:
    """Write records as one import does; `account` names each, or its place does."""
    at = {"taken_at": TAKEN, "created_at": TAKEN, "updated_at": TAKEN, "evidence": []}
    shared = {"organisation_id": intake.organisation_id, "intake_id": intake.id, "link": "new", **at}
    with transaction() as session:
        values = [{"account": f"tk{intake.id}-{n:05d}", **row} for n, row in enumerate(rows, 1)]
        session.execute(
            insert(OnlineRecord),
            [{**shared, **row, "account_key": row["account"].casefold(), "public_id": public_id()} for row in values],
        )


def record(intake: Intake, name: str, born: str = "", **facts: Any) -> OnlineRecord:
    """One record that nobody looked at yet."""
    facts.setdefault("account", public_id())
    put_in(intake, [row_of(name, born, **facts)])
    return db.session.scalars(select(OnlineRecord).where(OnlineRecord.account == facts["account"])).one()


def case_of(made: OnlineRecord) -> MatchCase | None:
    """The question about a record."""
    return db.session.scalar(select(MatchCase).where(MatchCase.record_id == made.id))


# --- the sample ---


@dataclass(frozen=True, slots=True)
class Truth:
    """That an account of an intake is a row of a class list, and how they differ."""

    training_class: str
    row: int
    intake: int
    account: str
    difference: str


def truths(folder: Path) -> list[Truth]:
    """Which online account is which roster row."""
    with (folder / "same_person.csv").open(encoding="utf-8-sig", newline="") as lines:
        return [Truth(row[0], int(row[1]), int(row[2]), row[3], row[4]) for row in list(csv.reader(lines))[1:]]


def sample_rows(folder: Path, intake: int) -> list[dict[str, Any]]:
    """The records of one intake of the sample, read plainly."""
    return list({1: _one_touch, 2: _open_edx, 3: _moodle}[intake](folder / "online"))


def _one_touch(folder: Path) -> Iterator[dict[str, Any]]:
    sheet = load_workbook(folder / "dot1.xlsx", read_only=True).worksheets[0]
    for row in list(sheet.iter_rows(values_only=True))[1:]:
        yield _row(row[1], row[2], _day(row[3]), row[4], row[5], row[6], row[7])


def _open_edx(folder: Path) -> Iterator[dict[str, Any]]:
    for row in _lines(folder / "dot2_profiles.csv", ","):
        born = row["date_of_birth"] or row["year_of_birth"]
        yield _row(row["username"], row["name"], born, row["citizen_id"], row["email"], row["phone"], row["unit"])


def _moodle(folder: Path) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(_lines(folder / "dot3_moodle.csv", ";"), 1):
        name, born = f"{row['Họ']} {row['Tên']}", _day(row["Ngày sinh"])
        mail = row["Địa chỉ email"]
        yield _row(f"nghean03{number:05d}", name, born, row["Mã số"], mail, row["Số điện thoại"], row["Khoa/Phòng"])


def _row(account: Any, name: Any, born: str, number: Any, mail: Any, phone: Any, unit: Any) -> dict[str, Any]:
    facts = {"id_number": str(number or ""), "email": str(mail or ""), "unit": str(unit or "")}
    return row_of(name, born, account=account, phone=parse_phone(str(phone or "")).value or "", **facts)


def _day(text: Any) -> str:
    day, month, year = str(text).split("/")
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _lines(path: Path, separator: str) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=separator)


def match_ids(course: Course, mark: str, learner: Learner, actor: Actor) -> dict[str, str]:
    """A record that may be this learner's, and the question about it."""
    made = record(
        make_intake(actor, f"Đợt đối chiếu {mark}", course), learner.name, account=f"tk-{mark}", unit=f"Xã {mark}"
    )
    found = {"learner": learner.id, "score": 50, "evidence": ["name"], "against": []}
    case = MatchCase(
        organisation_id=actor.organisation_id, record_id=made.id, reason="similar", candidates=[found], created_at=TAKEN
    )
    made.link = "queued"
    db.session.add(case)
    db.session.commit()
    return {"record_id": made.public_id, "case_id": case.public_id}
