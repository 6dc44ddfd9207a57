"""A school day in progress, written in one go: classes that are in session now, whatever the clock says."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import insert, select, update

from classroom.accounts import services as accounts
from classroom.accounts.models import Organisation, Staff
from classroom.attendance.models import Register
from classroom.attendance.rules import Purpose, bucket_of, qr_link, room_code
from classroom.core.clock import now, today
from classroom.core.db import db, transaction
from classroom.core.ids import public_id
from classroom.core.names import fold, sort_key
from classroom.core.signing import random_secret
from classroom.learners.models import Learner
from classroom.learners.rules.codes import make_learner_code
from classroom.sessions.models import ClassSession, Enrolment, SessionRange, TrainingClass
from tests.factories import CourseFactory, OrganisationFactory, ProgrammeFactory, StaffFactory, make_class

PERIOD = 10
FAMILY_NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô")
MIDDLE_NAMES = ("Thị Ngọc", "Văn", "Hữu", "Thị Thanh", "Đức", "Quốc", "Thị Hồng", "Minh", "Xuân", "Thị Bích")
GIVEN_NAMES = ("An", "Bình", "Chi", "Dũng", "Giang", "Hạnh", "Khánh", "Lan", "Mai", "Nhung", "Phúc", "Quỳnh", "Tuấn")


@dataclass(frozen=True, slots=True)
class Room:
    """One class in session: what its screen knows, and who sits in it."""

    class_id: str
    session_id: str
    secret: bytes
    learner_codes: tuple[str, ...]

    def code_path(self, at: datetime) -> str:
        """Where the QR of this instant leads."""
        code = room_code(self.secret, self.session_id, Purpose.IN, bucket_of(at, PERIOD))
        return qr_link("http://localhost", code).removeprefix("http://LOCALHOST")


@dataclass(frozen=True, slots=True)
class World:
    """One organisation with everything that is going on in it; the token signs its trainer in."""

    organisation_id: int
    trainer_id: int
    trainer_token: str
    rooms: tuple[Room, ...]


def make_world(classes: int = 10, learners: int = 107, seed: int = 1) -> World:
    """Classes of three days, all in their first half-day right now; needs an application context."""
    organisation: Organisation = OrganisationFactory()
    trainer: Staff = StaffFactory(organisation=organisation, role_names=("trainer",))
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=organisation.id))
    random = Random(seed)
    rooms = [_room(course, trainer, learners, random) for _ in range(classes)]
    return World(organisation.id, trainer.id, accounts.start_session(trainer), tuple(rooms))


def _room(course: object, trainer: Staff, learners: int, random: Random) -> Room:
    made: TrainingClass = make_class(
        course=course, days=3, first_day=today("Asia/Ho_Chi_Minh"), trainer=trainer, code_period=PERIOD
    )  # type: ignore[arg-type]
    secret, codes = random_secret(), tuple(make_learner_code(random) for _ in range(learners))
    with transaction() as session:
        held = session.scalars(select(ClassSession).where(ClassSession.class_id == made.id, ClassSession.number == 1))
        class_session = held.one()
        _hold_now(class_session)
        session.execute(update(Register).where(Register.class_session_id == class_session.id).values(secret=secret))
        _enrol(made, codes, random)
    return Room(made.public_id, class_session.public_id, secret, codes)


def _hold_now(class_session: ClassSession) -> None:
    starts_at, ends_at = now() - timedelta(minutes=5), now() + timedelta(hours=3)
    class_session.starts_at, class_session.ends_at = starts_at, ends_at
    for each in class_session.ranges:
        db.session.delete(each)
    db.session.add(SessionRange(class_session_id=class_session.id, starts_at=starts_at, ends_at=ends_at))


def _enrol(made: TrainingClass, codes: tuple[str, ...], random: Random) -> None:
    long_ago = now() - timedelta(days=60)
    people = [_person(made.organisation_id, code, long_ago, random) for code in codes]
    ids = db.session.scalars(insert(Learner).returning(Learner.id, sort_by_parameter_order=True), people).all()
    places = {
        "organisation_id": made.organisation_id,
        "class_id": made.id,
        "course_id": made.course_id,
        "enrolled_at": long_ago,
        "effective_from": long_ago,
    }
    db.session.execute(insert(Enrolment), [{**places, "public_id": public_id(), "learner_id": each} for each in ids])


def _person(organisation_id: int, code: str, at: datetime, random: Random) -> dict[str, object]:
    name = f"{random.choice(FAMILY_NAMES)} {random.choice(MIDDLE_NAMES)} {random.choice(GIVEN_NAMES)}"
    unit = f"UBND xã {random.choice(FAMILY_NAMES)} {random.choice(GIVEN_NAMES)}"
    return {
        "public_id": public_id(),
        "organisation_id": organisation_id,
        "code": code,
        "name": name,
        "name_fold": fold(name),
        "sort_key": sort_key(name),
        "born_on": date(random.randrange(1950, 2004), 1, 2),
        "phone": f"+849{random.randrange(10**8):08d}",
        "id_number": f"040{random.randrange(10**9):09d}",
        "unit": unit,
        "unit_fold": fold(unit),
        "created_at": at,
        "updated_at": at,
    }
