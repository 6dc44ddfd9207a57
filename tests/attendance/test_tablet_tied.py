"""A blank badge that a tablet which is not trusted gave to somebody: it becomes theirs when a coordinator lets it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.accounts.models import Staff
from classroom.core.db import db
from classroom.desk import services as desk
from classroom.inbox.models import InboxItem
from classroom.learners import services as learners
from classroom.learners.models import Learner
from classroom.sessions import services as sessions
from classroom.sessions.models import Badge, TrainingClass
from classroom.sessions.queries import badges
from tests.attendance.tablets import Device, mark_of, places, scan, waiting
from tests.factories import at, sign_in, vietnam
from tests.support.pages import check_page

MORNING = vietnam(7, 31)


@pytest.fixture
def blank(device: Device, l01: TrainingClass) -> str:
    return sessions.make_blanks(l01.public_id, 1, actor=device.office)[0].code


@pytest.fixture
def tied(device: Device, l01: TrainingClass, blank: str) -> Any:
    """A blank badge given to the first learner, and delivered after the tablet was revoked."""
    device.revoke()
    item = scan(l01, MORNING, "tie", badge=blank, enrolment=places(l01)[0].public_id)
    with at(vietnam(9)):
        assert device.outcomes([item]) == [("quarantined", "tablet.revoked")]
    return item


def release(app: Flask, device: Device) -> str:
    """What the coordinator reads after letting the only question's scan count."""
    office = sign_in(app.test_client(), db.session.get_one(Staff, device.office.staff_id))
    answer = office.post(f"/inbox/{waiting()[0].public_id}/decide", data={"decision": "release"})
    page = office.get(answer.location).text
    check_page(page)
    return page


def badge_of(device: Device, code: str) -> Badge:
    db.session.rollback()
    badge = badges.find_badge(device.office.organisation_id, code)
    assert badge is not None
    return badge


def written(device: Device) -> str:
    """What is written down with the questions of the organisation, decided or not."""
    db.session.rollback()
    mine = InboxItem.organisation_id == device.office.organisation_id
    return str(db.session.scalars(select(InboxItem.facts).where(mine)).all())


def test_releasing_a_tie_gives_the_badge_and_says_so(
    any_app: Flask, device: Device, l01: TrainingClass, tied: Any
) -> None:
    place = places(l01)[0]
    with at(vietnam(9)):
        assert badge_of(device, tied["badge"]).learner_id is None
        office = sign_in(any_app.test_client(), db.session.get_one(Staff, device.office.staff_id))
        assert "Đã quét một thẻ trống cho học viên này" in office.get("/inbox").text
        assert "Thẻ trống nay đã được gắn với học viên này." in release(any_app, device)
    badge = badge_of(device, tied["badge"])
    assert (badge.learner_id, badge.tied_by) == (place.learner_id, device.office.staff_id)
    assert mark_of(place) == ("present", MORNING)


def test_leaving_a_tie_out_gives_no_badge(device: Device, l01: TrainingClass, tied: Any) -> None:
    with at(vietnam(9)):
        desk.decide_question(waiting()[0].public_id, "dismiss", actor=device.office)
    assert (badge_of(device, tied["badge"]).learner_id, mark_of(places(l01)[0])) == (None, None)


def test_a_badge_that_went_to_somebody_else_meanwhile_stays_theirs_and_the_scan_counts(
    any_app: Flask, device: Device, l01: TrainingClass, tied: Any
) -> None:
    first, second, _ = places(l01)
    with at(vietnam(8)):
        sessions.tie_badge(tied["badge"], second.learner_id, actor=device.office)
    with at(vietnam(9)):
        page = release(any_app, device)
    assert "nhưng không gắn được thẻ trống" in page
    assert f"Thẻ này đã gắn với {second.learner.name}" in page
    assert (badge_of(device, tied["badge"]).learner_id, mark_of(first)) == (second.learner_id, ("present", MORNING))
    assert second.learner.name not in written(device)


def test_a_badge_that_was_replaced_meanwhile_is_not_given_and_the_scan_counts(
    any_app: Flask, device: Device, l01: TrainingClass, tied: Any
) -> None:
    first = places(l01)[0]
    with at(vietnam(8)):
        sessions.tie_badge(tied["badge"], first.learner_id, actor=device.office)
        newer = sessions.reissue_badge(first.learner.public_id, "mất", actor=device.office).code
    with at(vietnam(9)):
        page = release(any_app, device)
    assert "nhưng không gắn được thẻ trống" in page
    assert mark_of(first) == ("present", MORNING)
    assert badge_of(device, newer).replaced_at is None


def test_a_badge_of_nobody_we_know_is_not_given_and_the_scan_counts(
    any_app: Flask, device: Device, l01: TrainingClass
) -> None:
    place = places(l01)[0]
    device.revoke()
    with at(vietnam(9)):
        device.send([scan(l01, MORNING, "tie", badge="0" * 16, enrolment=place.public_id)])
        assert "nhưng không gắn được thẻ trống" in release(any_app, device)
    assert mark_of(place) == ("present", MORNING)


def test_taking_the_release_back_makes_the_badge_blank_again_and_the_one_before_good(
    device: Device, l01: TrainingClass, blank: str
) -> None:
    place = places(l01)[0]
    sessions.issue_badges(l01.public_id, actor=device.office)
    before = badges.living_badge(place.learner_id)
    assert before is not None
    code = before.code
    device.revoke()
    with at(vietnam(9)):
        device.send([scan(l01, MORNING, "tie", badge=blank, enrolment=place.public_id)])
        question = waiting()[0].public_id
        for _ in range(2):
            desk.decide_question(question, "release", actor=device.office)
            assert badge_of(device, code).replaced_at is not None
            assert badge_of(device, blank).learner_id == place.learner_id
            desk.take_back_decision(question, actor=device.office)
            assert badge_of(device, code).replaced_at is None
            assert (badge_of(device, blank).learner_id, badge_of(device, blank).tied_at) == (None, None)
    assert mark_of(place) == ("unmarked", None)


def test_a_badge_that_was_theirs_before_stays_theirs_when_the_release_is_taken_back(
    device: Device, l01: TrainingClass, tied: Any
) -> None:
    place = places(l01)[0]
    with at(vietnam(9)):
        sessions.tie_badge(tied["badge"], place.learner_id, actor=device.office)
        question = waiting()[0].public_id
        desk.decide_question(question, "release", actor=device.office)
        desk.take_back_decision(question, actor=device.office)
    assert badge_of(device, tied["badge"]).learner_id == place.learner_id


def test_after_a_merge_the_badge_goes_to_the_kept_learner(device: Device, l01: TrainingClass, tied: Any) -> None:
    gone, kept = places(l01)[:2]
    learners.merge_learners(kept.learner.public_id, gone.learner.public_id, "một người", actor=device.office)
    with at(vietnam(9)):
        desk.decide_question(waiting()[0].public_id, "release", actor=device.office)
    assert badge_of(device, tied["badge"]).learner_id == kept.learner_id
    assert mark_of(places(l01)[1]) == ("present", MORNING)


def test_a_walk_in_whose_badge_is_anothers_is_taken_in_and_the_answer_says_so(
    any_app: Flask, device: Device, l01: TrainingClass, blank: str
) -> None:
    second = places(l01)[1]
    device.revoke()
    with at(vietnam(9)):
        device.send([scan(l01, MORNING, "walk_in", name="Hồ Thị Mới", badge=blank)])
        sessions.tie_badge(blank, second.learner_id, actor=device.office)
        page = release(any_app, device)
    assert f"Thẻ này đã gắn với {second.learner.name}" in page
    assert mark_of(places(l01)[-1]) == ("present", MORNING)


def test_a_released_walk_in_that_is_taken_back_and_released_again_has_the_badge(
    device: Device, l01: TrainingClass, blank: str
) -> None:
    device.revoke()
    with at(vietnam(9)):
        device.send([scan(l01, MORNING, "walk_in", name="Hồ Thị Mới", badge=blank)])
        question = waiting()[0].public_id
        desk.decide_question(question, "release", actor=device.office)
        desk.take_back_decision(question, actor=device.office)
        assert badge_of(device, blank).learner_id is None
        desk.decide_question(question, "release", actor=device.office)
    holder = db.session.get_one(Learner, badge_of(device, blank).learner_id)
    assert (holder.name, holder.annulled_at) == ("Hồ Thị Mới", None)


def test_a_trusted_tablets_badge_is_tied_at_once_also_where_its_scan_waits(
    any_app: Flask, device: Device, l01: TrainingClass, blank: str
) -> None:
    place = places(l01)[0]
    with at(vietnam(9)):
        device.send([scan(l01, vietnam(10), "tie", badge=blank, enrolment=place.public_id)])
        assert badge_of(device, blank).learner_id == place.learner_id
        assert "badge" not in waiting()[0].facts
        page = release(any_app, device)
    assert "thẻ trống" not in page.lower()
