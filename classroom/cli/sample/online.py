"""The sample's online side: two intakes with results, a rule, and a first batch of certificates."""

from datetime import datetime, timedelta
from io import BytesIO
from random import Random

from flask import current_app
from PIL import Image
from sqlalchemy import select

from classroom.certification.rules.batches import Scope
from classroom.certification.rules.course_rules import CourseRule, InPerson, Online
from classroom.certification.services.approving import Decision, approve_batch, submit_batch
from classroom.certification.services.drafting import prepare_batch
from classroom.certification.services.evaluating import ask_to_apply, evaluate_course
from classroom.certification.services.numbering import NewSettings, change_settings
from classroom.certification.services.ruling import save_rule
from classroom.cli.sample.people import Person, invent
from classroom.core.actor import Actor
from classroom.core.clock import local, now, pretended
from classroom.core.db import db
from classroom.core.sheets import write_csv
from classroom.core.tables import Cell, Column, Table
from classroom.jobs.services import run_queued
from classroom.online.models import Intake
from classroom.online.services import imports
from classroom.online.services.accounts import give_accounts, make_file, set_issue_day
from classroom.online.services.imports.limits import limits_of
from classroom.online.services.intakes import IntakeFacts, create_intake
from classroom.sessions.models import Course, Enrolment, TrainingClass
from classroom.sessions.services.imports import Upload

#: How many learn in the first intake; a few of a class's people are among them.
FIRST, IN_BOTH = 240, 24
#: Of those the platform knows neither ID number nor phone: somebody must say whether they are the same people.
ASKED = 6
HEADINGS = (
    "Tài khoản", "Họ và tên", "Ngày sinh", "Số CCCD", "Số điện thoại", "Đơn vị", "Ngày cấp tài khoản",
    "Ngày hoàn thành", "Tiến độ (%)", "Điểm kiểm tra", "Kết quả",
)  # fmt: skip


def play(course: Course, at: datetime, actor: Actor, zone: str) -> None:
    """An intake that is over and one whose last days run; certificates for who has completed the first."""
    chance = Random(7)  # noqa: S311 - sample data, no secret
    people = [*invent(IN_BOTH, 3), *invent(FIRST - IN_BOTH, 6)]
    with pretended(at - timedelta(days=34)):
        first = create_intake(course.public_id, IntakeFacts("Đợt 1", account_prefix="nghean01"), actor=actor)
    _import(first, _results(people, "nghean01", local(at, zone) - timedelta(days=33), chance), at, actor)
    _second(course, at, actor, zone, chance)
    save_rule(
        course.public_id, CourseRule(InPerson(5), Online(True, 50)), "Theo kế hoạch của chương trình", actor=actor
    )
    run = evaluate_course(course.public_id, actor=actor)
    run_queued()
    ask_to_apply(run.public_id, actor=actor)
    run_queued()
    _issue(course, first, at, actor, zone)


def _second(course: Course, at: datetime, actor: Actor, zone: str, chance: Random) -> None:
    """Accounts of ours, of the people of a class to come, eight days old."""
    issued = at - timedelta(days=8)
    with pretended(at - timedelta(days=9)):
        made = create_intake(course.public_id, IntakeFacts("Đợt 2", account_prefix="nghean02"), actor=actor)
        coming = (
            select(Enrolment.learner_id)
            .join(TrainingClass, TrainingClass.id == Enrolment.class_id)
            .where(TrainingClass.course_id == course.id, TrainingClass.starts_on > local(at, zone).date())
            .order_by(Enrolment.learner_id)
        )
        give_accounts(made.public_id, list(db.session.scalars(coming)), actor=actor)
        make_file(made.public_id, "template", actor=actor)
    with pretended(issued):
        set_issue_day(made.public_id, local(issued, zone).date(), actor=actor)


def _results(people: list[Person], prefix: str, issued: datetime, chance: Random) -> bytes:
    rows = []
    for serial, one in enumerate(people, start=1):
        begun, score = chance.random() < 0.9, round(chance.uniform(3.5, 10), 1)
        done = issued + timedelta(days=chance.choice((2, 3, 5, 7, 9, 10, 10, 12)), minutes=chance.randrange(600))
        finished = begun and chance.random() < 0.85
        row = _row(one, f"{prefix}{serial:05}", issued, done if finished else None, score if finished else None)
        rows.append([*row[:3], "", "", *row[5:]] if serial <= ASKED else row)
    return write_csv(Table("Kết quả", [Column(heading, "id") for heading in HEADINGS], rows))


def _row(one: Person, account: str, issued: datetime, done: datetime | None, score: float | None) -> list[Cell]:
    return [
        account, one.name, f"{one.born_on:%d/%m/%Y}", one.id_number, one.phone, one.unit, f"{issued:%d/%m/%Y}",
        f"{done:%d/%m/%Y %H:%M:%S}" if done else "", "100" if done else "35", f"{score}" if score else "",
        "Đạt" if score and score >= 5 else "Chưa đạt",
    ]  # fmt: skip


def _import(intake: Intake, content: bytes, at: datetime, actor: Actor) -> None:
    limits, secret = limits_of(current_app.config), str(current_app.config["SECRET_KEY"])
    with pretended(at - timedelta(days=20)):
        upload = Upload("ket-qua-dot-1.csv", content)
        made = imports.upload_results([upload], intake_id=intake.public_id, limits=limits, secret=secret, actor=actor)
        imports.check_import(made.public_id, limits=limits, secret=secret, actor=actor)
        imports.start_import(made.public_id, actor=actor)
    run_queued()


def _issue(course: Course, intake: Intake, at: datetime, actor: Actor, zone: str) -> None:
    change_settings(NewSettings("{serial:5}/{year}/GCN-{org}", "SKHCN", False, ""), actor=actor)
    batch = prepare_batch(course.public_id, Scope(intake_id=intake.id), "Đợt cấp thứ nhất", actor=actor)
    run_queued()
    paper = BytesIO()
    Image.new("RGB", (620, 877), "white").save(paper, "PNG")
    yesterday = local(at, zone).date() - timedelta(days=1)
    signed = Decision(
        "128/QĐ-SKHCN", yesterday, local(now(), zone).date(), "GIÁM ĐỐC", "Trần Văn Quyết", "quyet-dinh-128.png",
        paper.getvalue(),
    )  # fmt: skip
    submit_batch(batch.public_id, signed, actor=actor)
    approve_batch(batch.public_id, actor=actor)
    run_queued()
