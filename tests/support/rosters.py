"""Class lists as offices send them: the sample files, and workbooks made for a test."""

import io
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.core.sheets import SheetLimits
from classroom.learners.models import Learner
from classroom.sessions.models import Course, Enrolment, RosterImport, TrainingClass
from classroom.sessions.queries import imports
from classroom.sessions.rules.imports import Choices
from classroom.sessions.services import imports as services
from tests.factories import CourseFactory, ProgrammeFactory, make_class

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "rosters"
LIMITS = SheetLimits()
HEADINGS = ("Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Số điện thoại", "Đơn vị công tác", "Lớp", "Ghi chú")
PEOPLE = (
    ("Nguyễn Thị Ánh", "07/03/1985", "Nữ", "040185012345", "0912345678", "UBND xã Vinh Phú"),
    ("Trần Văn Bình", "12/11/1979", "Nam", "040079012346", "0912345679", "Trạm Y tế xã Đô Lương"),
    ("Hồ Minh Đức", "19/11/2001", "Nam", "040201067890", "0912345680", "HTX Diễn Châu"),
)


def workbook(*rows: tuple[object, ...], title: str = "Danh sách", others: tuple[str, ...] = ()) -> bytes:
    """An XLSX file with these rows; `others` are sheets with notes only."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for name in others:
        book.create_sheet(name).append(["Ghi chú nội bộ"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def class_list(*people: tuple[object, ...]) -> bytes:
    """The plainest list: headings and these people, or the three of PEOPLE."""
    return workbook(HEADINGS, *(people or PEOPLE))


def sample(name: str) -> bytes:
    """One of the three lists of 107: L01 (template), L02 (official letter), L03 (NAM and NỮ columns)."""
    return (SAMPLES / f"{name}.xlsx").read_bytes()


def many(count: int, *, classes: tuple[str, ...] = ()) -> bytes:
    """A list of `count` people, spread over classes in their order."""
    rows = []
    for n in range(count):
        name = f"{FAMILIES[n % 7]} {MIDDLES[n % 11]} {GIVENS[n % 13]} {GIVENS[n // 13 % 13]}"
        born = f"{n % 28 + 1:02d}/{n % 12 + 1:02d}/{1960 + n % 40}"
        year = 1960 + n % 40
        male = n % 2 == 0
        number = f"040{0 if male else 1}{year % 100:02d}{n:06d}"
        code = classes[n * len(classes) // count] if classes else ""
        rows.append((name, born, "Nam" if male else "Nữ", number, f"09{n:08d}", f"UBND xã số {n % 60}", code))
    return workbook(HEADINGS, *rows)


FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Vừ")
MIDDLES = ("Thị", "Văn", "Đức", "Thị Ngọc", "Hữu", "Bá", "Thị Thanh", "Quốc", "Minh", "Công", "Viết")
GIVENS = ("An", "Ánh", "Bình", "Chi", "Dũng", "Đào", "Hà", "Lan", "Nga", "Phúc", "Tâm", "Út", "Yến")


def upload(
    content: bytes,
    *,
    actor: Actor,
    course: Course | None = None,
    to: TrainingClass | None = None,
    name: str = "ds.xlsx",
) -> RosterImport:
    """Upload a file for a class, or for a course."""
    course = course or to.course
    where = {"course": course.public_id, "class_id": to.public_id if to else ""}
    return services.upload_list(services.Upload(name, content), limits=LIMITS, actor=actor, **where)


def draft(made: RosterImport, actor: Actor) -> imports.Draft:
    """The import as its pages show it."""
    return imports.open_draft(actor, made.public_id, LIMITS)


def decide(made: RosterImport, actor: Actor, change) -> None:
    """Take a decision, such as `lambda choices: choices.skipping([3])`."""
    services.change_choices(made.public_id, change, actor=actor)


def confirm(made: RosterImport, actor: Actor) -> RosterImport:
    """Confirm what is shown now."""
    digest = draft(made, actor).plan.digest()
    return services.confirm_import(made.public_id, digest, limits=LIMITS, actor=actor)


def bring_in(content: bytes, *, actor: Actor, to: TrainingClass, name: str = "ds.xlsx") -> RosterImport:
    """Upload and confirm at once."""
    return confirm(upload(content, actor=actor, to=to, name=name), actor)


def choices_of(made: RosterImport) -> Choices:
    """What has been decided so far."""
    return Choices.from_json(made.choices)


def make_roster_class(actor: Actor, code: str = "L01", **facts: object) -> TrainingClass:
    """A class of the actor's organisation with room for a whole list."""
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id))
    return make_class(course=course, code=code, **{"capacity": 200, "days": 1, **facts})


def rows_in(table: type, *conditions: object) -> int:
    """How many rows of a table meet the conditions."""
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions))


def names_in(training_class: TrainingClass) -> list[str]:
    """Who is in the class now, in Vietnamese order."""
    query = select(Learner.name).join(Enrolment, Enrolment.learner_id == Learner.id)
    living = query.where(Enrolment.class_id == training_class.id, Enrolment.ended_at.is_(None))
    return list(db.session.scalars(living.order_by(Learner.sort_key, Learner.id)))


def learner_named(name: str) -> Learner:
    """The one learner of this name."""
    return db.session.scalars(select(Learner).where(Learner.name == name)).one()


def place_of(name: str) -> Enrolment:
    """The one enrolment that the learner of this name has."""
    return db.session.scalars(select(Enrolment).where(Enrolment.learner_id == learner_named(name).id)).one()


def refusal(code: str):
    """Expect a refusal with this code."""
    return pytest.raises(Refusal, match=code.replace(".", r"\."))


def send(client, training_class: TrainingClass, content: bytes, name: str = "ds.xlsx", target: str = ""):
    """Upload through the page, for the class or another `target`."""
    programme = training_class.course.programme.public_id
    data = {"file": (io.BytesIO(content), name), "target": target or f"class:{training_class.public_id}"}
    return client.post(f"/programmes/{programme}/import", data=data)


def nothing_written() -> bool:
    """Whether neither import nor learner nor enrolment exists."""
    return (rows_in(RosterImport), rows_in(Learner), rows_in(Enrolment)) == (0, 0, 0)
