"""Statistics of a programme: the counting, the drawing, and the three forms in which they go out."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

from flask import Flask
from openpyxl import load_workbook

from classroom.accounts.models import Organisation
from classroom.attendance.rules import Status
from classroom.attendance.rules.sat import SatCourse, SatHalfDay
from classroom.certification.models import UnitAlias
from classroom.core.db import db
from classroom.desk.queries.statistics import course_numbers
from classroom.desk.rules import statistics as rules
from classroom.desk.rules.charts import bars, lines
from classroom.desk.rules.progress import OnlineLine
from tests.factories import LONG_AGO, StaffFactory, sign_in, vietnam
from tests.support.deciding import Deciding

DAY, ZONE = date(2026, 10, 1), "Asia/Ho_Chi_Minh"


def sat(*marks: Status | None, ended: bool = False, cancelled: bool = False) -> SatCourse:
    halves = tuple(
        SatHalfDay(number, DAY + timedelta(number // 2), "morning", cancelled, True, mark)
        for number, mark in enumerate(marks)
    )
    return SatCourse(7, "L01", ended, halves)


def test_attendance_counts_what_was_held_of_who_is_still_there() -> None:
    places = {
        1: sat(Status.PRESENT, Status.ABSENT, None),
        2: sat(Status.LATE, Status.PRESENT, Status.EXCUSED),
        3: sat(Status.PRESENT, ended=True),
        4: sat(Status.PRESENT, cancelled=True),
    }
    (whole,) = rules.attendance_by_class(places, {7: "L01", 8: "L02"})
    assert (whole.name, whole.part, whole.whole, whole.percent) == ("L01", 3, 6, 50.0)
    assert [(day, rate.part, rate.whole) for day, rate in rules.attendance_by_day(places)] == [
        (DAY, 3, 4),
        (DAY + timedelta(1), 0, 2),
    ]


def test_completion_runs_up_from_day_nought_to_the_last_day_on_the_local_clock() -> None:
    def done(utc: datetime | None) -> OnlineLine:
        return OnlineLine(1, 3, 2, DAY, utc)

    given = [
        done(datetime(2026, 10, 1, 1, tzinfo=UTC)),
        done(datetime(2026, 10, 1, 18, tzinfo=UTC)),  # the second of October in Việt Nam
        done(datetime(2026, 10, 3, 16, 59, 59, tzinfo=UTC)),
        done(datetime(2026, 10, 3, 17, tzinfo=UTC)),
        done(None),
    ]
    (found,) = rules.completion(given, {3: "Đợt 1", 4: "Đợt 2"}, ZONE)
    assert (found.accounts, found.by_day, found.percents) == (5, (1, 2, 3), (20.0, 40.0, 60.0))


def test_marks_of_a_class_are_those_of_its_learners() -> None:
    results = {
        1: SimpleNamespace(percent=Decimal(80), passed=True),
        2: SimpleNamespace(percent=Decimal(35), passed=False),
    }
    (found,) = rules.marks_by_class({1: sat(None), 2: sat(None), 3: sat(None)}, results, {7: "L01"})
    assert (found.count, found.mean, found.passed, found.percent) == (2, Decimal("57.5"), 1, 50.0)


def test_spellings_of_a_unit_are_counted_together_and_the_largest_comes_first() -> None:
    counted = [("ubnd xa a", "UBND xã A", 2), ("uy ban xa a", "Ủy ban xã A", 3), ("b", "B", 4), ("", "", 1)]
    assert rules.by_unit(counted, {"uy ban xa a": "UBND xã A"}) == [("UBND xã A", 5), ("B", 4), ("", 1)]


def test_bars_and_lines_stay_in_their_box() -> None:
    drawn = bars([("L01", 100, "100%"), ("L02", 0, "0%")])
    assert (drawn.bars[0].width, drawn.bars[1].width, len(drawn.ticks)) == (420.0, 0.0, 5)
    assert bars([], 0).bars == ()
    run = lines([("Đợt 1", [0.0, 50.0, 100.0])]).lines[0]
    assert (run.points[0], run.points[-1]) == ((48.0, 252.0), (624.0, 12.0))
    assert lines([]).lines == ()


def test_page_sheet_and_report_say_the_same(app: Flask) -> None:
    world = Deciding()
    world.in_class(5)
    world.in_class(2, "bb")
    certified = world.online(world.learner(unit="UBND xã A")).learner
    assert certified
    world.saved()
    world.applied()
    world.certified(certified, unit="UBND xã A")
    db.session.add(
        UnitAlias(
            organisation_id=world.course.organisation_id, alias="x", alias_fold="", unit="Sở A", created_at=LONG_AGO
        )
    )
    db.session.commit()
    numbers = course_numbers(world.course, ZONE, vietnam(18, day=date(2026, 10, 14)))
    assert numbers.units == [("Sở A", 1)]
    assert dict(numbers.reasons)["attendance.short"] == 1
    organisation = db.session.get_one(Organisation, world.course.organisation_id)
    client = sign_in(app.test_client(), StaffFactory(role_names=["viewer"], organisation=organisation))
    path = f"/programmes/{world.course.programme.public_id}/statistics"
    page = client.get(path).get_data(as_text=True)
    book = load_workbook(BytesIO(client.get(f"{path}.xlsx").data))
    assert client.get(f"{path}.pdf").data.startswith(b"%PDF")
    assert len(book.worksheets) == page.count("<svg viewBox") == 6
    for words in ("Tỷ lệ chuyên cần theo lớp", "Kết quả bài kiểm tra theo lớp", "Sở A", "58,3"):
        assert words in page
