"""Switching somebody off says what that person was to teach, and is not stopped by it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from classroom.accounts.models import Staff
from classroom.core.db import db
from tests.factories import FIRST_DAY, CourseFactory, ProgrammeFactory, StaffFactory, at, make_class, vietnam
from tests.support.pages import check_page

Open = Callable[[Staff], FlaskClient]


@pytest.fixture(autouse=True)
def before_the_afternoon() -> Iterator[None]:
    with at(vietnam(12)):
        yield


@pytest.fixture
def trainer(administrator: Staff) -> Staff:
    """Of L02 and L01 with two days each from today, of which this morning is over."""
    trainer = StaffFactory(organisation=administrator.organisation, name="Lê Văn Thầy", role_names=("trainer",))
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=administrator.organisation_id))
    for code in ("L02", "L01"):
        make_class(course=course, code=code, trainer=trainer, days=2)
    make_class(course=course, code="L00", trainer=trainer, days=1, first_day=FIRST_DAY - timedelta(days=7))
    return trainer


def test_the_page_says_before_and_after_what_somebody_was_to_teach(
    browser_of: Open, administrator: Staff, trainer: Staff
) -> None:
    admin, path = browser_of(administrator), f"/admin/staff/{trainer.public_id}"
    page = admin.get(path).text
    check_page(page)
    told = "Lê Văn Thầy được phân công dạy 6 buổi sắp tới (lớp L01, L02)."
    assert told in page
    answer = admin.post(f"{path}/switch-off", data={"reason": "nghỉ việc"})
    assert (answer.status_code, told in admin.get(answer.location).text) == (303, True)
    db.session.refresh(trainer)
    assert trainer.disabled_at is not None


def test_substitutes_and_cancelled_sessions_are_counted_right(
    browser_of: Open, administrator: Staff, trainer: Staff, person: Staff
) -> None:
    made = make_class(course=CourseFactory(), code="L09", trainer=trainer, days=1, first_day=FIRST_DAY)
    made.sessions[1].substitute_id = person.id
    made.sessions[1].organisation_id = administrator.organisation_id
    db.session.commit()
    admin = browser_of(administrator)
    assert "dạy 1 buổi sắp tới (lớp L09)" in admin.get(f"/admin/staff/{person.public_id}").text
    assert "dạy 6 buổi sắp tới" in admin.get(f"/admin/staff/{trainer.public_id}").text
    made.sessions[1].cancelled_at = vietnam(11)
    db.session.commit()
    assert "sắp tới" not in admin.get(f"/admin/staff/{person.public_id}").text
