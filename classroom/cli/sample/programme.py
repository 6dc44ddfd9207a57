"""Build the sample: a programme whose first class is in the middle of its second day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from classroom.accounts import queries as accounts
from classroom.accounts import services as accounts_services
from classroom.accounts.models import Staff
from classroom.accounts.rules import Role
from classroom.cli.sample import attendance, exams, online, people
from classroom.core.actor import Actor, system
from classroom.core.clock import instant, local, now, pretended
from classroom.core.sheets import write_xlsx
from classroom.sessions import services as sessions
from classroom.sessions.models import Course, Room, TrainingClass
from classroom.sessions.rules.classes import CheckIn, ClassFacts
from classroom.sessions.rules.schedule import PlannedSession
from classroom.sessions.rules.times import TimeRange

ZONE = "Asia/Ho_Chi_Minh"
MORNING = TimeRange(time(7, 30), time(11, 30))
AFTERNOON = TimeRange(time(13, 30), time(17, 0))
TOPICS = (
    "Dịch vụ công trực tuyến và định danh điện tử",
    "An toàn thông tin cho người dùng",
    "Khai thác dữ liệu và bảng tính",
    "Trợ lý trí tuệ nhân tạo trong công việc",
    "Thanh toán số và thương mại điện tử",
    "Ôn tập và kiểm tra cuối khóa",
)
STAFF = (
    ("quantri", "Trần Quốc Bảo", (Role.ADMINISTRATOR,)),
    ("dieuphoi", "Nguyễn Thị Hải Yến", (Role.COORDINATOR,)),
    ("giangvien", "Lê Minh Tuấn", (Role.TRAINER,)),
    ("giangvien2", "Phạm Thị Thu Hương", (Role.TRAINER,)),
    ("giangvien3", "Hoàng Văn Thắng", (Role.TRAINER,)),
    ("thanhtra", "Võ Thị Minh Châu", (Role.VIEWER,)),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the banner and the folder need: who may sign in, and a list to import."""

    passwords: dict[str, str]
    spare_roster: bytes


@dataclass(slots=True)
class _Setting:
    """What the parts of the building share."""

    coordinator: Actor
    staff: dict[str, Staff]
    course: Course
    rooms: list[Room]
    at: datetime


def build(password: str, say: Callable[[str], None]) -> Sample:
    """Write the sample into an empty database; `password` is for every account of it, `say` tells how far it is."""
    at = now()
    with pretended(at - timedelta(days=40)):
        setting = _set_up(password, at)
        running = _make_class(setting, "L01", 0, "giangvien", today_plan(at), capacity=120, fixed_code=True)
        beside = _make_class(setting, "L02", 1, "giangvien2", today_plan(at), capacity=100)
        past = _make_class(setting, "L03", 2, "giangvien3", _whole_days(_workdays_before(local(at, ZONE).date(), 3)))
        coming = _make_class(setting, "L04", 0, "giangvien2", _whole_days(_workdays_after(local(at, ZONE).date(), 3)))
        _make_class(setting, "L05", 1, "giangvien3", _whole_days(_workdays_after(local(at, ZONE).date(), 3)))
    with pretended(at - timedelta(days=20)):
        for training_class, count, seed in ((running, 107, 1), (beside, 98, 2), (past, 100, 3), (coming, 100, 4)):
            say(f"list of class {training_class.code}: {count} learners")
            attendance.import_people(training_class, people.invent(count, seed), setting.coordinator)
    for training_class, seed in ((past, 3), (running, 1), (beside, 2)):
        say(f"attendance of class {training_class.code} so far")
        attendance.play(training_class, at, Random(seed))  # noqa: S311 - sample data, no secret
    say("question bank, papers, a test of the first day")
    with pretended(at - timedelta(days=12)):
        first_day = exams.write_papers(setting.course, setting.coordinator)
    for training_class, seed in ((running, 1), (beside, 2)):
        exams.sit(first_day, training_class, at, setting.coordinator, Random(seed))  # noqa: S311
    say("two intakes online, a rule, a first batch of certificates")
    online.play(setting.course, at, setting.coordinator, ZONE)
    spare = write_xlsx([people.roster(people.invent(104, 5), "L05")])
    return Sample({name: password for name, _full, _roles in STAFF}, spare)


def today_plan(at: datetime) -> list[PlannedSession]:
    """Three days of which today is the second, with one half-day of today going on at `at`."""
    here = local(at, ZONE)
    today = here.date()
    yesterday, tomorrow = _workdays_before(today, 1)[0], _workdays_after(today, 1)[0]
    begun = max(here - timedelta(minutes=40), here.replace(hour=0, minute=0))
    start = begun.replace(minute=begun.minute // 5 * 5, second=0, microsecond=0).time()
    end = min(here + timedelta(hours=3), here.replace(hour=23, minute=55)).replace(second=0, microsecond=0).time()
    if end <= start:
        end = time(23, 59)
    going_on = TimeRange(start, end)
    ranges = [MORNING, AFTERNOON, *_second_day(going_on), MORNING, AFTERNOON]
    days = [yesterday, yesterday, today, today, tomorrow, tomorrow]
    return [PlannedSession(day, (span,), topic=topic) for day, span, topic in zip(days, ranges, TOPICS, strict=True)]


def _second_day(going_on: TimeRange) -> tuple[TimeRange, TimeRange]:
    """The running half-day with one after it in the morning, with one before it later on."""
    if going_on.starts < time(11, 0):
        after = max(time(13, 30), going_on.ends)
        return going_on, TimeRange(after, time(min(after.hour + 3, 23), 30))
    return TimeRange(time(7, 0), time(10, 30)), going_on


def _set_up(password: str, at: datetime) -> _Setting:
    organisation = accounts_services.create_organisation(
        "Sở Khoa học và Công nghệ tỉnh Nghệ An", parent_name="UBND TỈNH NGHỆ AN", place="Nghệ An"
    )
    machine = system(organisation.id, "sample")
    staff = {
        name: accounts_services.create_staff(
            organisation.id, name, full, dict.fromkeys(roles), actor=machine, is_operator=name == "quantri"
        )
        for name, full, roles in STAFF
    }
    for one in staff.values():
        accounts_services.set_password(one, password, actor=machine)
    coordinator = accounts.actor_of(staff["dieuphoi"], now())
    programme = sessions.create_programme("Bồi dưỡng kỹ năng số năm " + str(local(at, ZONE).year), actor=coordinator)
    course = sessions.create_course(programme.public_id, "Kỹ năng số cho cán bộ cơ sở", 6, 5, actor=coordinator)
    rooms = []
    for venue, address, names in (
        ("Trung tâm Văn hóa tỉnh", "Số 3 đường Ví Dụ, phường Trường Vinh", (("Hội trường A", 150), ("Phòng 201", 120))),
        ("Trường Chính trị tỉnh", "Số 12 đường Mẫu, phường Vinh Phú", (("Giảng đường 1", 130),)),
    ):
        made = sessions.create_venue(venue, address, actor=coordinator)
        rooms += [sessions.add_room(made.public_id, name, seats, actor=coordinator) for name, seats in names]
    return _Setting(coordinator, staff, course, rooms, at)


def _make_class(
    setting: _Setting,
    code: str,
    room: int,
    trainer: str,
    plan: list[PlannedSession],
    *,
    capacity: int = 100,
    fixed_code: bool = False,
) -> TrainingClass:
    facts = ClassFacts(
        code=code,
        room=setting.rooms[room].public_id,
        trainers=(setting.staff[trainer].public_id,),
        capacity=capacity,
        check_in=CheckIn(fixed_code=fixed_code),
    )
    return sessions.create_class(setting.course.public_id, facts, plan, actor=setting.coordinator, knowingly=True)


def _whole_days(days: list[date]) -> list[PlannedSession]:
    spans = [(day, span) for day in days for span in (MORNING, AFTERNOON)]
    return [PlannedSession(day, (span,), topic=topic) for (day, span), topic in zip(spans, TOPICS, strict=True)]


def _workdays_before(day: date, count: int) -> list[date]:
    found: list[date] = []
    step = day - timedelta(days=1 if count == 1 else 9)
    while len(found) < count:
        if step.weekday() < 5 or count == 1:
            found.append(step)
        step += timedelta(days=1)
    return found


def _workdays_after(day: date, count: int) -> list[date]:
    found: list[date] = []
    step = day + timedelta(days=1 if count == 1 else 7)
    while len(found) < count:
        if step.weekday() < 5 or count == 1:
            found.append(step)
        step += timedelta(days=1)
    return found


def in_session(at: datetime, made_at: datetime) -> bool:
    """Whether a sample made at `made_at` still has a half-day going on at `at`."""
    day = local(made_at, ZONE).date()
    spans = [span for one in today_plan(made_at) if one.held_on == day for span in one.ranges]
    running = [s for s in spans if instant(day, s.starts, ZONE) <= made_at < instant(day, s.ends, ZONE)]
    return any(instant(day, s.starts, ZONE) <= at < instant(day, s.ends, ZONE) for s in running)
