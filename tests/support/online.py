"""Intakes and files of results that tests bring in."""

from collections.abc import Sequence

from flask import current_app

from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db
from classroom.core.sheets import SheetLimits
from classroom.jobs.services import run_queued
from classroom.online.models import Intake, OnlineImport, OnlineRecord
from classroom.online.services import imports
from classroom.sessions.models import Course
from classroom.sessions.services.imports import Upload
from tests.factories import CourseFactory

LIMITS = SheetLimits(max_rows=60_100)
NAMES = ("Không", "Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín")
HEADINGS = "Tài khoản,Họ và tên,Ngày sinh,Số CCCD,Ngày cấp tài khoản,Ngày hoàn thành,Tiến độ (%),Điểm kiểm tra,Kết quả"
WITH_TIME = f"{HEADINGS},Thời điểm lấy số liệu"


def make_intake(course: Course | None = None, *, name: str = "Đợt 1", keeps: str = "best") -> Intake:
    """An intake of a course, open."""
    course = course or CourseFactory()
    made = Intake(
        organisation_id=course.organisation_id, course_id=course.id, name=name, keeps=keeps, created_at=now(), days=10
    )
    db.session.add(made)
    db.session.commit()
    return made


def line(number: int, *, score: str = "8.5", done: str = "20/10/2026 08:15:00", **other: str) -> str:
    """One account of a file as One Touch writes it; without a completion it is under way."""
    facts = {
        "account": f"thu{number:04}", "name": f"Nguyễn Văn {NAMES[number % len(NAMES)]}", "birth": "13/02/1980",
        "id": f"0400800{number:05}", "issued": "13/10/2026", "progress": "100" if done else "40",
        "said": "Đạt" if done and float(score or 0) >= 5 else "Chưa hoàn thành", **other,
    }  # fmt: skip
    return (
        f"{facts['account']},{facts['name']},{facts['birth']},{facts['id']},{facts['issued']},{done},"
        f"{facts['progress']},{score if done else ''},{facts['said']}"
    )


def results(*lines: str, headings: str = HEADINGS, name: str = "ket-qua.csv") -> Upload:
    """A file of results with these lines."""
    return Upload(name, "\n".join((headings, *lines)).encode())


def secret() -> str:
    """Under what the application locks files."""
    return str(current_app.config["SECRET_KEY"])


def upload(intake: Intake, *files: Upload, actor: Actor) -> OnlineImport:
    """Files brought to the dry run."""
    made = imports.upload_results(files, intake_id=intake.public_id, limits=LIMITS, secret=secret(), actor=actor)
    return imports.check_import(made.public_id, limits=LIMITS, secret=secret(), actor=actor)


def snapshot(day: int, *lines: str) -> Upload:
    """A file that says on which day of November the platform wrote it."""
    return results(*(f"{one},{day:02}/11/2026" for one in lines), headings=WITH_TIME, name=f"{day}.csv")


def bring_in(intake: Intake, *files: Upload, actor: Actor) -> OnlineImport:
    """Files imported, their job done."""
    made = upload(intake, *files, actor=actor)
    imports.start_import(made.public_id, actor=actor)
    run_queued()
    db.session.rollback()
    db.session.refresh(made)
    return made


def undo(made: OnlineImport, *, actor: Actor) -> None:
    """An import taken back, the job done."""
    imports.start_undo(made.public_id, "nhầm tệp", actor=actor)
    run_queued()
    db.session.rollback()


def records(intake: Intake) -> dict[str, OnlineRecord]:
    """What is known of each account."""
    db.session.rollback()
    found: Sequence[OnlineRecord] = db.session.query(OnlineRecord).filter_by(intake_id=intake.id).all()
    return {one.account_key: one for one in found}
