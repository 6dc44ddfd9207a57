"""An organisation that changes its time zone: what was planned for 07:30 is at 07:30 by the new clock."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.accounts import services as accounts
from classroom.accounts.models import Organisation, Staff
from classroom.accounts.services import OrganisationFacts
from classroom.attendance.models import Register
from classroom.audit.models import AuditEntry
from classroom.core.actor import Actor
from classroom.core.clock import local
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.sessions import services
from classroom.sessions.models import Booking, ClassSession, TrainingClass
from tests.factories import FIRST_DAY, StaffFactory, actor_for, at, sign_in, vietnam
from tests.sessions.planning import course_of, plan_class, room_of
from tests.support.pages import check_page

TOKYO = OrganisationFacts("Sở", time_zone="Asia/Tokyo")
PLANNED = [(time(7, 30), time(11, 30)), (time(13, 30), time(17))]


@pytest.fixture
def staff(any_app: Flask) -> Staff:
    return StaffFactory(role_names=("administrator", "coordinator", "trainer"))


@pytest.fixture
def actor(staff: Staff) -> Actor:
    return actor_for(staff)


@pytest.fixture
def made(actor: Actor, staff: Staff) -> TrainingClass:
    """Three days, a room and a trainer, planned in Việt Nam."""
    room = room_of(actor)
    with at(vietnam(6) - timedelta(days=7)):
        return plan_class(actor, course_of(actor), room=room.public_id, trainers=(staff.public_id,))


def fresh(row: Any) -> Any:
    db.session.rollback()
    db.session.refresh(row)
    return row


def clock_times(made: TrainingClass, zone: str) -> list[tuple[time, time]]:
    sessions = sorted(fresh(made).sessions, key=lambda one: one.number)
    for one in sessions:
        assert [(part.starts_at, part.ends_at) for part in one.ranges] == [(one.starts_at, one.ends_at)]
        assert local(one.starts_at, zone).date() == one.held_on
    return [(local(one.starts_at, zone).time(), local(one.ends_at, zone).time()) for one in sessions]


def open_register(class_session: ClassSession, when: datetime) -> None:
    register = db.session.scalars(select(Register).where(Register.class_session_id == class_session.id)).one()
    register.opened_at = when
    db.session.commit()


def test_planned_sessions_keep_their_times_of_day(actor: Actor, made: TrainingClass) -> None:
    before = [one.starts_at for one in made.sessions]
    with at(vietnam(6) - timedelta(days=1)):
        accounts.edit_organisation(TOKYO, actor=actor, knowingly=True)
        assert clock_times(made, "Asia/Tokyo") == PLANNED * 3
    assert [one.starts_at for one in made.sessions] == [start - timedelta(hours=2) for start in before]
    assert {one.part for one in made.sessions} == {"morning", "afternoon"}
    booked = db.session.execute(select(Booking.starts_at, Booking.ends_at).order_by(Booking.starts_at)).all()
    assert sorted(set(booked)) == [(one.starts_at, one.ends_at) for one in made.sessions]


def test_a_cancelled_session_that_is_taken_back_is_where_it_was_planned(actor: Actor, made: TrainingClass) -> None:
    with at(vietnam(6) - timedelta(days=1)):
        services.cancel_session(made.sessions[0].public_id, "bão", actor=actor)
        accounts.edit_organisation(TOKYO, actor=actor, knowingly=True)
        services.restore_session(made.sessions[0].public_id, actor=actor)
        assert clock_times(made, "Asia/Tokyo") == PLANNED * 3


@pytest.mark.parametrize("hour", [9, 15], ids=["open", "over"])
def test_what_has_begun_or_is_over_stays_at_its_instant(actor: Actor, made: TrainingClass, hour: int) -> None:
    first = made.sessions[0]
    held = (first.starts_at, first.ends_at)
    open_register(first, vietnam(7, 20))
    with at(vietnam(hour)):
        accounts.edit_organisation(
            OrganisationFacts("Sở", time_zone="Asia/Bangkok"), actor=actor, knowingly=True
        )  # the same clock under another name
        accounts.edit_organisation(OrganisationFacts("Sở", time_zone="UTC"), actor=actor, knowingly=True)
    assert (fresh(first).starts_at, first.ends_at) == held
    later = [one for one in fresh(made).sessions if one.held_on > FIRST_DAY]
    assert {local(one.starts_at, "UTC").time() for one in later} == {time(7, 30), time(13, 30)}


def test_a_plan_that_would_meet_what_has_begun_is_refused_whole(actor: Actor, made: TrainingClass) -> None:
    open_register(made.sessions[0], vietnam(7, 20))
    services.edit_session(made.sessions[0].public_id, "", actor=actor)  # it has neither room nor trainer
    ahead = OrganisationFacts("Sở", time_zone="Pacific/Auckland")
    with at(vietnam(7, 45)), pytest.raises(Refusal, match=r"session\.overlaps_own"):
        accounts.edit_organisation(ahead, actor=actor, knowingly=True)
    assert clock_times(made, "Asia/Ho_Chi_Minh") == PLANNED * 3
    assert fresh(db.session.get_one(Organisation, actor.organisation_id)).time_zone == "Asia/Ho_Chi_Minh"


def test_it_is_asked_first_and_written_down(any_app: Flask, staff: Staff, made: TrainingClass) -> None:
    form = {"name": "Sở KH&CN", "parent_name": "", "place": "Vinh", "time_zone": "Asia/Tokyo"}
    with at(vietnam(6) - timedelta(days=1)):
        client = sign_in(any_app.test_client(), staff)
        page = client.post("/admin/organisation", data=form)
        assert page.status_code == 409
        check_page(page.text)
        assert "6 buổi" in page.text
        assert 'name="keep_times"' in page.text
        assert 'value="Sở KH&amp;CN"' in page.text
        assert clock_times(made, "Asia/Ho_Chi_Minh") == PLANNED * 3
        assert client.post("/admin/organisation", data={**form, "keep_times": "1"}).status_code == 303
        assert clock_times(made, "Asia/Tokyo") == PLANNED * 3
        assert "07:30" in client.get(f"/classes/{made.public_id}?tab=timetable").text
        log = client.get("/admin/audit").text
    assert "Đổi múi giờ từ Asia/Ho_Chi_Minh sang Asia/Tokyo; 6 buổi" in log


def test_other_facts_are_saved_without_being_asked(any_app: Flask, staff: Staff, made: TrainingClass) -> None:
    form = {"name": "Tên mới", "parent_name": "", "place": "Vinh", "time_zone": "Asia/Ho_Chi_Minh"}
    with at(vietnam(6) - timedelta(days=1)):
        assert sign_in(any_app.test_client(), staff).post("/admin/organisation", data=form).status_code == 303
    written = db.session.scalars(select(AuditEntry.action)).all()
    assert "organisation.edited" in written
    assert "organisation.clock_changed" not in written


def test_another_organisations_plan_is_left_alone(actor: Actor, made: TrainingClass) -> None:
    other = actor_for(StaffFactory(role_names=("administrator",)))
    with at(vietnam(6) - timedelta(days=1)):
        accounts.edit_organisation(TOKYO, actor=other)
    assert clock_times(made, "Asia/Ho_Chi_Minh") == PLANNED * 3
