"""A coordinator compares two learners, merges them, is led on from the old address, and parts them there."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.accounts.models import Staff
from classroom.learners import queries
from tests.factories import EnrolmentFactory, LearnerFactory, StaffFactory, make_class, sign_in
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
