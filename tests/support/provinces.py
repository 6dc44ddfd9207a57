"""Two provinces in the middle of a morning, each with one of everything that an address or a form can name."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, func, select

from classroom.accounts import services as accounts
from classroom.accounts.models import Staff
from classroom.attendance.models import CheckinRequest, Flag, Scan, Screen, SpotCheck
from classroom.core.clock import now
from classroom.core.db import Base, db
from classroom.core.sheets import SheetLimits
from classroom.core.signing import random_token, token_hash
from classroom.exams.services.question_imports import upload_questions
from classroom.inbox import services as inbox
from classroom.inbox.models import InboxItem
from classroom.sessions.models import TrainingClass
from classroom.sessions.services import imports
from classroom.sessions.services.imports import Upload
from classroom.web.assets import built
from tests.factories import (
    CourseFactory,
    EnrolmentFactory,
    OrganisationFactory,
    ProgrammeFactory,
    RoomFactory,
    StaffFactory,
    VenueFactory,
    actor_for,
    make_class,
    sign_in,
)
from tests.support.background import job_id
from tests.support.erasures import erasure_id
from tests.support.issueroom import issue_ids
from tests.support.matching import match_ids
from tests.support.online_rooms import online_ids
from tests.support.onlineroom import intake_ids
from tests.support.printroom import print_ids
from tests.support.ruleroom import rule_ids
from tests.support.testroom import exam_ids

ROLES = ("administrator", "coordinator", "trainer", "viewer")
#: What every request may touch: counters of tries, and the time a sign-in was last used.
UNTOLD = {"throttle", "staff_session"}


@dataclass(frozen=True)
class Province:
    """An organisation; `ids` fill addresses, `mark` is in every name and must never be read by others."""

    mark: str
    organisation_id: int
    staff: dict[str, Staff]
    ids: dict[str, str]
    #: What names something in a form rather than in an address.
    named: dict[str, str]

    def client(self, app: Flask, role: str) -> FlaskClient:
        """A browser in which somebody with this role is signed in."""
        return sign_in(app.test_client(), self.staff[role])

    def rows(self) -> dict[str, Any]:
        """Every row of this organisation, table by table."""
        db.session.rollback()
        return {
            table.name: db.session.execute(
                select(table).where(table.c.organisation_id == self.organisation_id).order_by(*table.primary_key)
            ).all()
            for table in _owned()
        }


def make_province(mark: str) -> Province:
    """One of everything, with a class in session, a second one that the trainer does not teach, and what waits."""
    organisation = OrganisationFactory(name=f"Sở {mark}")
    staff = {
        role: StaffFactory(
            organisation=organisation, role_names=(role,), name=f"Cán bộ {mark} {role}", password_hash="x"
        )
        for role in ROLES
    }
    staff["operator"] = StaffFactory(
        organisation=organisation, role_names=("administrator",), is_operator=True, password_hash="x"
    )
    programme = ProgrammeFactory(organisation_id=organisation.id, name=f"Chương trình {mark}")
    course = CourseFactory(programme=programme, name=f"Khóa {mark}")
    room = RoomFactory(venue=VenueFactory(organisation_id=organisation.id, name=f"Nhà {mark}"), name=f"Phòng {mark}")
    doors = {"fixed_code": True, "check_out": True}
    taught = make_class(course=course, code=f"{mark}1", trainer=staff["trainer"], room_id=room.id, **doors)
    other = make_class(course=course, code=f"{mark}2")
    places = [EnrolmentFactory(training_class=one) for one in (taught, taught, other)]
    for place in places:
        place.learner.name = f"Nguyễn Văn {mark}"
    db.session.commit()
    waiting = _waiting(taught, places[0].id, places[0].learner_id)
    list_of = Upload(f"{mark}.csv", f"Họ và tên,Ngày sinh\nTrần Thị {mark},01/02/1980\n".encode())
    brought = imports.upload_list(
        list_of,
        course=course.public_id,
        class_id=taught.public_id,
        limits=SheetLimits(),
        actor=actor_for(staff["coordinator"]),
    )
    questions = upload_questions(
        f"{mark}.gift",
        f"$CATEGORY: Chủ đề {mark}\n\nCâu hỏi {mark} {{T}}\n\nTự luận {mark} {{}}".encode(),
        file_format="gift",
        course=course.public_id,
        limits=SheetLimits(),
        actor=actor_for(staff["coordinator"]),
    )
    tablet, _code = accounts.add_tablet(f"Máy {mark}", actor=actor_for(staff["coordinator"]))
    issued = issue_ids(course, places[1].learner, actor_for(staff["coordinator"]))
    ids = {
        "tablet_id": tablet.public_id,
        "organisation_id": organisation.public_id,
        "staff_id": staff["viewer"].public_id,
        "programme_id": programme.public_id,
        "course_id": course.public_id,
        "class_id": taught.public_id,
        "session_id": taught.sessions[0].public_id,
        "mark": built().files["decoder.js"].removeprefix("decoder-").removesuffix(".js"),
        "enrolment_id": places[0].public_id,
        "learner_id": places[0].learner.public_id,
        "venue_id": room.venue.public_id,
        "room_id": room.public_id,
        "import_id": brought.public_id,
        "question_import_id": questions.public_id,
        **online_ids(course, mark, actor_for(staff["coordinator"])),
        **exam_ids(taught.sessions[0], places[0].learner, mark, actor_for(staff["coordinator"])),
        **rule_ids(course, places[0].learner, mark, actor_for(staff["coordinator"])),
        "job_id": job_id(actor_for(staff["coordinator"])),
        **intake_ids(course, places[0].learner, mark, actor_for(staff["coordinator"])),
        "erasure_id": erasure_id(places[1].learner, mark, actor_for(staff["coordinator"])),
        **match_ids(course, mark, places[0].learner, actor_for(staff["coordinator"])),
        **issued,
        **print_ids(issued["batch_id"], places[2].learner, actor_for(staff["coordinator"])),
        "request_id": waiting["request"],
        "item_id": waiting["item"],
    }
    named = {
        **waiting,
        "other_class": other.public_id,
        "other_session": other.sessions[0].public_id,
        "other_enrolment": places[2].public_id,
        "trainer": staff["trainer"].public_id,
    }
    return Province(mark, organisation.id, staff, ids, named)


def _waiting(taught: TrainingClass, enrolment_id: int, learner_id: int) -> dict[str, str]:
    """A phone that asks, a flag, a screen, a spot check, a question in the inbox, a link."""
    at, session = now(), taught.sessions[0]
    shared = {"organisation_id": taught.organisation_id, "class_session_id": session.id}
    scan = Scan(
        **shared, source="room_code", uuid=random_token(), content_hash="", scanned_at=at, received_at=at,
        learner_id=learner_id, enrolment_id=enrolment_id, outcome="accepted", answer={},
    )  # fmt: skip
    asked = CheckinRequest(
        **shared, number=111, name=taught.code, grant_nonce=random_token(), browser_hash=b"x", source="room_code",
        scanned_at=at, created_at=at,
    )  # fmt: skip
    screen = Screen(
        **shared, token_hash=token_hash(random_token()), pairing_code="", pairing_until=at, created_at=at, paired_at=at
    )
    spot = SpotCheck(**shared, opened_at=at, ends_at=at + timedelta(minutes=5))
    db.session.add_all([scan, asked, screen, spot])
    db.session.flush()
    flag = Flag(**shared, kind="second_learner", scan_id=scan.id, enrolment_id=enrolment_id, created_at=at)
    db.session.add(flag)
    db.session.commit()
    facts = {"session": session.public_id, "came": 0, "absent": 2}
    inbox.ask(
        "attendance.auto_closed",
        session.public_id,
        organisation_id=taught.organisation_id,
        class_id=taught.id,
        facts=facts,
    )
    item = db.session.scalars(select(InboxItem).where(InboxItem.key == session.public_id)).one()
    return {
        "request": asked.public_id,
        "flag": flag.public_id,
        "screen": screen.public_id,
        "spot": spot.public_id,
        "item": item.public_id,
    }


def crossings() -> list[str]:
    """References from a row of one organisation to a row of another; there must never be any."""
    found = []
    for table in _owned():
        for key in table.foreign_keys:
            target = key.column.table
            if "organisation_id" not in target.c:
                continue
            other = target.alias()
            count = db.session.scalar(
                select(func.count())
                .select_from(table)
                .join(other, key.parent == other.c[key.column.name])
                .where(table.c.organisation_id != other.c.organisation_id)
            )
            if count:
                found.append(f"{table.name}.{key.parent.name} → {target.name}: {count}")
    return found


def _owned() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if "organisation_id" in table.c and table.name not in UNTOLD]
