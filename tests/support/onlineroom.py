"""An intake of a province with an account, a list that waits, and the day of issue."""

from datetime import date

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.learners.models import Learner
from classroom.online.models import Account, Intake
from classroom.online.services.accounts import give_accounts
from classroom.online.services.intakes import IntakeFacts, create_intake
from classroom.online.services.people_files import keep_list
from classroom.sessions.models import Course
from tests.support.rosters import workbook

HEADINGS = ("Họ và tên", "Ngày sinh", "Số CCCD", "Số điện thoại", "Đơn vị công tác")


def make_intake(course: Course, actor: Actor, name: str = "Đợt 1", **facts: object) -> Intake:
    """An intake of the course, as a coordinator sets it up."""
    return create_intake(course.public_id, IntakeFacts(name=name, **facts), actor=actor)  # type: ignore[arg-type]


def people_file(*rows: tuple[object, ...]) -> bytes:
    """A spreadsheet with a heading and these people."""
    return workbook(HEADINGS, *rows)


def intake_ids(course: Course, learner: Learner, mark: str, actor: Actor) -> dict[str, str]:
    """What names an intake's things in addresses; the mark stands in every text."""
    intake = make_intake(course, actor, f"Đợt {mark}", account_prefix=f"hv{mark.lower()}", starts_on=date(2026, 10, 13))
    give_accounts(intake.public_id, [learner.id], actor=actor)
    account = db.session.query(Account).filter_by(intake_id=intake.id).one()
    content = people_file((f"Nguyễn Thị {mark}", "01/02/1990", "", "", f"Đơn vị {mark}"))
    kept = keep_list(intake.public_id, f"danh-sach-{mark}.xlsx", content, actor=actor)
    return {"intake_id": intake.public_id, "account_id": account.public_id, "list_id": kept.public_id}
