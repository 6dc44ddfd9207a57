"""Drill 9, through the pages: what a phone is told at each edge of time, and on two machines that disagree."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.accounts.models import Organisation
from classroom.attendance import rules, services
from classroom.attendance.models import Mark, Register
from classroom.core.db import db, release
from classroom.sessions.models import ClassSession
from tests.attendance.phoning import Phone, code_of, first_session, phone_number, seats, typed_of
from tests.drills.test_09_time_edges import JUST, MIDNIGHT, NOON, SECOND, Table, wrong
from tests.factories import at, make_class, vietnam
from tests.support.databases import opened
from tests.support.world import PERIOD

APPEARS = rules.bucket_start(rules.bucket_of(NOON, PERIOD), PERIOD)
GOOD, GONE, NOT_YET = 200, 410, 409


@pytest.fixture
def session(app: Flask) -> ClassSession:
    """The morning of 12 October, 07:30–11:30, of a class of three."""
    return first_session(make_class(learners=3, code_period=PERIOD))


def opened_at(app: Flask, path: str, moment: datetime) -> int:
    phone = Phone(app)
    with at(moment):
        phone.open(path)
    return phone.status


def typed_at(app: Flask, code: str, moment: datetime) -> bool:
    phone = Phone(app)
    with at(moment):
        phone.type_code(code)
    return phone.offers("identify") > 0


# --- codes ---


def code_table(app: Flask, session: ClassSession, shift: timedelta = timedelta()) -> Table:
    path, period = code_of(session, APPEARS), timedelta(seconds=PERIOD)
    lines = [
        ("before its bucket", APPEARS - JUST, NOT_YET),
        ("its first instant", APPEARS, GOOD),
        ("its last instant", APPEARS + period - JUST, GOOD),
        ("bucket + 1", APPEARS + period, GOOD),
        ("bucket + 2", APPEARS + 2 * period, GOOD),
        ("the last instant of bucket + 2", APPEARS + 3 * period - JUST, GOOD),
        ("bucket + 3", APPEARS + 3 * period, GONE),
    ]
    return [(line, opened_at(app, path, moment + shift), due) for line, moment, due in lines]


def test_a_phone_gets_in_within_three_buckets(app: Flask, session: ClassSession) -> None:
    assert wrong(code_table(app, session)) == []


@pytest.mark.parametrize("seconds", [-PERIOD, PERIOD])
def test_control_a_server_whose_clock_is_one_bucket_off_is_noticed(
    app: Flask, session: ClassSession, seconds: int
) -> None:
    assert wrong(code_table(app, session, timedelta(seconds=seconds))) != []


def typed_table(app: Flask, session: ClassSession, shift: timedelta = timedelta()) -> Table:
    appears = rules.bucket_start(rules.bucket_of(NOON, rules.TYPED_STEP), rules.TYPED_STEP)
    with at(appears):
        code = typed_of(session)
    lines = [
        ("before it appears", appears - JUST, False),
        ("as it appears", appears, True),
        ("in the last instant of three minutes", appears + timedelta(minutes=3) - JUST, True),
        ("after three minutes", appears + timedelta(minutes=3), False),
    ]
    return [(line, typed_at(app, code, moment + shift), due) for line, moment, due in lines]


def test_a_typed_code_lets_in_for_three_minutes(app: Flask, session: ClassSession) -> None:
    assert wrong(typed_table(app, session)) == []


def test_control_a_typed_code_of_another_step_is_noticed(app: Flask, session: ClassSession) -> None:
    assert wrong(typed_table(app, session, timedelta(seconds=rules.TYPED_STEP))) != []


# --- the grant ---


def confirmed_after(app: Flask, session: ClassSession, wait: timedelta) -> tuple[int, datetime | None]:
    """Scan, hesitate, confirm: the page's status and the time of the mark."""
    phone, place = Phone(app), seats(session.training_class)[0].id
    with at(APPEARS):
        phone.open(code_of(session))
        phone.press("identify", who=phone_number(session.training_class))
    with at(APPEARS + wait):
        phone.press("confirm")
    release()
    return phone.status, db.session.scalar(select(Mark.arrived_at).where(Mark.enrolment_id == place))


@pytest.mark.parametrize(
    ("wait", "told"),
    [
        (timedelta(minutes=3), (GOOD, APPEARS)),
        (timedelta(minutes=10) - JUST, (GOOD, APPEARS)),
        (timedelta(minutes=10), (GONE, None)),
    ],
)
def test_a_slow_learner_keeps_the_time_of_the_scan_for_ten_minutes(
    app: Flask, session: ClassSession, wait: timedelta, told: tuple[int, datetime | None]
) -> None:
    assert confirmed_after(app, session, wait) == told


def test_control_a_grant_that_lives_longer_is_noticed(
    app: Flask, session: ClassSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules.grants, "GRANT_LIFETIME", timedelta(minutes=11))

    assert confirmed_after(app, session, timedelta(minutes=10)) != (GONE, None)


# --- late ---


def statuses_around(app: Flask, session: ClassSession) -> list[str]:
    """What two learners are told, who scan in the last instant that is on time and in the next."""
    boundary = vietnam(7, 46)
    for enrolment, moment in zip(seats(session.training_class), (boundary - JUST, boundary), strict=False):
        with at(moment):
            Phone(app).check_in(session, enrolment.learner.code)
    release()
    return list(db.session.scalars(select(Mark.status).order_by(Mark.enrolment_id)))


def test_the_boundary_minute_is_on_time_and_the_next_instant_late(app: Flask, session: ClassSession) -> None:
    assert statuses_around(app, session) == ["present", "late"]


def test_control_another_boundary_is_seen_in_the_marks(app: Flask) -> None:
    session = first_session(make_class(learners=3, code_period=PERIOD, late_after=14))

    assert statuses_around(app, session) == ["late", "late"]


# --- the end of the day ---


def closed_by_itself(session: ClassSession, moment: datetime) -> datetime | None:
    with at(moment):
        services.close_due()
    release()
    return db.session.scalar(select(Register.closed_at).where(Register.class_session_id == session.id))


def test_a_forgotten_register_closes_at_midnight_in_vietnam(app: Flask, session: ClassSession) -> None:
    assert closed_by_itself(session, MIDNIGHT - JUST) is None
    assert closed_by_itself(session, MIDNIGHT) is not None
    statuses = db.session.scalars(select(Mark.status).where(Mark.class_session_id == session.id))
    assert list(statuses) == ["absent"] * 3


@pytest.mark.parametrize(("time_zone", "closes"), [("UTC", False), ("Asia/Tokyo", True)])
def test_control_an_organisation_elsewhere_ends_its_day_at_another_hour(
    app: Flask, session: ClassSession, time_zone: str, closes: bool
) -> None:
    set_time_zone(session, time_zone)

    moment = MIDNIGHT if time_zone == "UTC" else MIDNIGHT - JUST
    assert (closed_by_itself(session, moment) is not None) is closes


def set_time_zone(session: ClassSession, time_zone: str) -> None:
    db.session.get_one(Organisation, session.organisation_id).time_zone = time_zone
    db.session.commit()


@pytest.mark.parametrize(("moment", "told"), [(MIDNIGHT - JUST, GOOD), (MIDNIGHT, GONE)])
def test_a_phone_gets_in_until_midnight_whether_the_job_ran_or_not(
    app: Flask, session: ClassSession, moment: datetime, told: int
) -> None:
    assert opened_at(app, code_of(session, moment), moment) == told


@pytest.mark.parametrize(("moment", "told"), [(vietnam(7) - JUST, NOT_YET), (vietnam(7), GOOD)])
def test_a_phone_gets_in_from_half_an_hour_before(
    app: Flask, session: ClassSession, moment: datetime, told: int
) -> None:
    assert opened_at(app, code_of(session, moment), moment) == told


# --- two machines ---


@pytest.fixture
def other_machine(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """A second node on the same database."""
    with opened(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path / "other") as other:
        other.test_client_class = app.test_client_class
        with app.app_context():
            yield other


@pytest.mark.parametrize("skew", [-2 * SECOND, 2 * SECOND])
def test_a_visit_begun_on_one_machine_ends_on_another_whose_clock_is_two_seconds_off(
    app: Flask, session: ClassSession, other_machine: Flask, skew: timedelta
) -> None:
    phone, who = Phone(app), phone_number(session.training_class)
    with at(APPEARS):
        phone.open(code_of(session))
    cookie = phone.client.get_cookie("phone")
    assert cookie is not None
    phone.client = other_machine.test_client()
    phone.client.set_cookie("phone", cookie.value)
    with at(APPEARS + skew):
        phone.press("identify", who=who)
        phone.press("confirm")

    assert phone.status == GOOD
    release()
    assert db.session.scalar(select(Mark.arrived_at)) == APPEARS, "the time of the scan, by the first machine's clock"


@pytest.mark.parametrize(
    ("age", "skew", "told"),
    [
        (2, -2, GOOD),
        (1.999, -2, NOT_YET),
        (0, 2, GOOD),
        (27.999, 2, GOOD),
        (28, 2, GONE),
        (31.999, -2, GOOD),
        (32, -2, GONE),
    ],
)
def test_a_code_of_one_machine_lives_two_seconds_more_or_less_on_the_other(
    session: ClassSession, other_machine: Flask, age: float, skew: int, told: int
) -> None:
    path = code_of(session, APPEARS)

    assert opened_at(other_machine, path, APPEARS + timedelta(seconds=age + skew)) == told
