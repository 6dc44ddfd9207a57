"""A coordinator compares two learners, merges them, is led on from the old address, and parts them there."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from classroom.accounts.models import Staff
from classroom.attendance.models import Binding, Mark
from classroom.attendance.queries.session_facts import session_facts_by_id
from classroom.attendance.rules import EventKind, Source, Status
from classroom.attendance.services.locking import lock_register
from classroom.attendance.services.marking import EventFacts, append_event
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.learners import queries
from classroom.learners.rules import LearnerFacts
from classroom.sessions import services as sessions
from classroom.sessions.models import Enrolment
from classroom.web.words.learners import say_changed
from tests.factories import (
    CourseFactory,
    EnrolmentFactory,
    LearnerFactory,
    ProgrammeFactory,
    StaffFactory,
    actor_for,
    make_class,
    sign_in,
)
from tests.support.pages import check_page


@pytest.fixture
def staff(app: Flask) -> Staff:
    return StaffFactory(role_names=("coordinator",))


@pytest.fixture
def desk(app: Flask, staff: Staff) -> FlaskClient:
    return sign_in(app.test_client(), staff)


def test_two_learners_are_compared_merged_and_parted(desk: FlaskClient, staff: Staff) -> None:
    kept, gone = (
        LearnerFactory(organisation_id=staff.organisation_id, name="Lê Văn Đôi", birth_year=year)
        for year in (1980, 1990)
    )
    path, old, key, code = f"/people/{kept.public_id}", f"/people/{gone.public_id}", gone.public_id, gone.code
    number, organisation = gone.id_number, staff.organisation_id
    search = desk.get(f"{path}/merge").text
    check_page(search)
    assert f"gone={key}" in search
    page = desk.get(f"{path}/merge?gone={key}").text
    check_page(page)
    assert "Có thể là hai người" in page
    assert number not in page
    assert desk.post(f"{path}/merge", data={"gone": key, "reason": ""}).status_code == 422
    done = desk.post(f"{path}/merge", data={"gone": key, "reason": "khai hai lần", "take-birth": "gone"})
    assert done.status_code == 303
    assert queries.get_learner(organisation, path.rsplit("/", 1)[1]).birth_year == 1990
    assert "khai hai lần" in desk.get(path).text
    led = desk.get(old).text
    check_page(led)
    assert path in led
    assert code in led
    merge = led.split('name="merge" value="')[1].split('"')[0]
    assert desk.post(f"{old}/split", data={"merge": merge, "reason": "nhầm"}).status_code == 303
    assert "Lê Văn Đôi" in desk.get(old).text
    assert queries.get_learner(organisation, key).merged_into_id is None


def test_both_in_one_class_is_said_before(desk: FlaskClient, staff: Staff) -> None:
    made = make_class(days=1, code="L77")
    kept, gone = (LearnerFactory(organisation_id=staff.organisation_id) for _ in range(2))
    for one in (kept, gone):
        EnrolmentFactory(training_class=made, learner=one)
    page = desk.get(f"/people/{kept.public_id}/merge?gone={gone.public_id}").text
    check_page(page)
    assert "Cả hai cùng ở lớp L77" in page


def test_learners_of_others_cannot_be_merged(desk: FlaskClient, staff: Staff) -> None:
    own, foreign = LearnerFactory(organisation_id=staff.organisation_id), LearnerFactory()
    path = f"/people/{own.public_id}/merge"
    assert desk.get(f"{path}?gone={foreign.public_id}").status_code == 404
    assert desk.post(path, data={"gone": foreign.public_id, "reason": "x"}).status_code == 404
    assert desk.get(f"/people/{foreign.public_id}/merge").status_code == 404


def test_a_walk_in_that_was_not_accepted_says_so_in_the_language_of_the_reader_also_in_old_rows(
    desk: FlaskClient, staff: Staff
) -> None:
    course, actor = CourseFactory(programme=ProgrammeFactory(organisation_id=staff.organisation_id)), actor_for(staff)
    made, stays = make_class(course=course, days=1), LearnerFactory(organisation_id=staff.organisation_id)
    facts = LearnerFacts(stays.name, id_number=stays.id_number)
    place = sessions.take_in(made.id, facts, actor=actor).enrolment
    sessions.remove_walk_in(place, made="", actor=actor)
    kept = db.session.scalars(select(Enrolment).where(Enrolment.public_id == place)).one()
    assert kept.end_reason.startswith("walk_in.removed")
    for reason in (kept.end_reason, "ghi danh tại chỗ không được nhận"):
        kept.end_reason = reason
        db.session.commit()
        for language, words in (("vi", "ghi danh tại chỗ không được nhận"), ("en", "walk-in not accepted")):
            desk.set_cookie("language", language)
            page = desk.get(f"/classes/{made.public_id}").text
            assert f">{words}</td>" in page
            assert "walk_in.removed" not in page


def test_the_inbox_leads_a_walk_in_to_a_known_learner_who_is_kept(desk: FlaskClient, staff: Staff) -> None:
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=staff.organisation_id))
    made, known = make_class(course=course, days=1), LearnerFactory(organisation_id=staff.organisation_id)
    known.name, known.name_fold = "Hồ Thị Mới", "ho thi moi"
    db.session.commit()
    place = db.session.get_one(
        Enrolment, sessions.take_in(made.id, LearnerFacts("Hồ Thị Mới"), actor=actor_for(staff)).enrolment_id
    )
    walked_in, kept = place.learner.public_id, known.public_id
    page = desk.get("/inbox").text
    check_page(page)
    assert "Gộp với học viên đã có…" in page
    path = f"/people/{walked_in}/merge?keep=other"
    assert path in page
    search = desk.get(path).text
    check_page(search)
    compare = f"/people/{kept}/merge?gone={walked_in}"
    assert compare in search
    assert f"/people/{walked_in}/merge?gone={kept}" in desk.get(f"/people/{walked_in}/merge").text
    check_page(desk.get(compare).text)
    assert desk.post(f"/people/{kept}/merge", data={"gone": walked_in, "reason": "một người"}).status_code == 303
    page = desk.get("/inbox").text
    assert f"/people/{kept}" in page
    assert "đã có hồ sơ" in page
    assert "Gộp với học viên đã có…" not in page


def test_what_hangs_on_each_is_counted_before(desk: FlaskClient, staff: Staff) -> None:
    made = make_class(days=1)
    kept, gone = (LearnerFactory(organisation_id=staff.organisation_id) for _ in range(2))
    places = [EnrolmentFactory(training_class=one, learner=gone) for one in (made, make_class(days=1))]
    now_ = now()
    half_day = {"organisation_id": staff.organisation_id, "class_session_id": made.sessions[0].id}
    mark = {"enrolment_id": places[0].id, "status": "present", "minutes_estimated": False, "source": "badge"}
    never = {"guest": False, "by_hand": False, "after_sign_off": False, "reason": "", "updated_at": now_}
    db.session.add(Mark(**half_day, **mark, **never))
    for number, ended in enumerate((None, None, None, now_)):
        owner = {"organisation_id": staff.organisation_id, "learner_id": gone.id, "browser_hash": bytes([number]) * 32}
        db.session.add(Binding(**owner, created_at=now_, last_used_at=now_, annulled_at=ended))
    db.session.commit()
    for one in (kept, gone):
        sessions.issue_badge(one.public_id, actor=actor_for(staff))
    page = desk.get(f"/people/{kept.public_id}/merge?gone={gone.public_id}").text
    check_page(page)
    rows = re.findall(r'<th[^>]*scope="row">(.*?)</th>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>', page, re.DOTALL)
    counts = {re.sub("<.*?>", "", label): tuple(re.sub("<.*?>", "", one) for one in both) for label, *both in rows}
    assert list(counts.values()) == [("0", "2"), ("0", "1"), ("0", "3"), ("1", "1")], counts
    assert "Cả hai đều có thẻ" in page


def test_what_a_split_leaves_is_named_in_words(desk: FlaskClient, staff: Staff) -> None:
    kept = LearnerFactory(organisation_id=staff.organisation_id, email="", birth_year=None, born_on=None)
    gone = LearnerFactory(organisation_id=staff.organisation_id, email="a@b.vn", birth_year=1980)
    path = f"/people/{kept.public_id}"
    desk.post(f"{path}/merge", data={"gone": gone.public_id, "reason": "một người"})
    kept.email, kept.birth_year = "moi@b.vn", 1981
    db.session.commit()
    merge = desk.get(path).text.split('name="merge" value="')[1].split('"')[0]
    assert desk.post(f"{path}/split", data={"merge": merge, "reason": "nhầm"}).status_code == 303
    page = desk.get(path).text
    check_page(page)
    assert "Ngày sinh, Thư điện tử" in page
    assert "learner." not in page


def test_everything_that_a_merge_may_change_has_words() -> None:
    said = {"learner.merged_into_id", "learner.email", "enrolment.walk_in", "binding.annulled_at", "badge.replaced_at"}
    assert len(say_changed(said | {"learner.birth_year", "learner.born_on"})) == len(said) + 1


def test_why_a_place_ended_and_a_mark_was_carried_is_said_in_the_readers_language(
    desk: FlaskClient, staff: Staff
) -> None:
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=staff.organisation_id))
    made, (kept, gone) = (
        make_class(course=course, days=1),
        [LearnerFactory(organisation_id=staff.organisation_id) for _ in range(2)],
    )
    ours, theirs = (EnrolmentFactory(training_class=made, learner=one).id for one in (kept, gone))
    facts = session_facts_by_id(made.sessions[0].id)
    assert facts
    late = EventFacts(EventKind.MANUAL, made.sessions[0].starts_at, Source.HAND, Status.LATE, "kẹt xe", staff.id)
    with transaction() as session:
        append_event(session, lock_register(session, facts), theirs, late)
    desk.post(f"/people/{kept.public_id}/merge", data={"gone": gone.public_id, "reason": "một người"})
    assert db.session.get_one(Enrolment, theirs).end_reason == "learner.merged: một người"
    assert db.session.scalar(select(Mark.reason).where(Mark.enrolment_id == ours)) == "learner.merged: kẹt xe"
    for language, words in (("vi", "gộp hồ sơ"), ("en", "records merged")):
        desk.set_cookie("language", language)
        pages = [desk.get(f"/classes/{made.public_id}").text, desk.get(f"/people/{kept.public_id}").text]
        assert f"{words}: một người" in pages[0]
        assert f"{words}: kẹt xe" in pages[1]
        assert "learner.merged" not in "".join(pages)
