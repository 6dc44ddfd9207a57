"""An inspector looks at everything until the end of a last day, and changes nothing."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.accounts import services
from classroom.accounts.models import Staff
from classroom.accounts.services import Inspector
from classroom.core.db import db
from classroom.core.errors import Forbidden, Invalid
from tests.factories import (
    FIRST_DAY,
    LearnerFactory,
    OrganisationFactory,
    StaffFactory,
    at,
    make_actor,
    sign_in,
    vietnam,
)

NEXT_DAY = FIRST_DAY + timedelta(days=1)


def test_an_inspector_who_is_signed_in_is_out_when_the_last_day_ends(app: Flask) -> None:
    actor = make_actor("administrator")
    learner = LearnerFactory(organisation_id=actor.organisation_id, id_number="040185012345")
    with at(vietnam(20)):
        made = services.invite_inspector(Inspector("Trần Văn Tra", NEXT_DAY, "QĐ 5"), actor=actor)
    with at(vietnam(20, day=NEXT_DAY)):
        client = sign_in(app.test_client(), db.session.get_one(Staff, made.id))
    with at(vietnam(23, 59, 59, day=NEXT_DAY)):
        page = client.get(f"/people/{learner.public_id}")
        assert page.status_code == 200
        assert "2345" in page.text
        assert "040185012345" not in page.text
        assert client.post(f"/people/{learner.public_id}/reveal").status_code == 403
    with at(vietnam(0, day=NEXT_DAY + timedelta(days=1))):
        assert client.get(f"/people/{learner.public_id}").status_code == 403
        assert client.get("/people").status_code == 403


@pytest.mark.parametrize(("days", "fine"), [(-1, False), (0, True), (90, True), (91, False)])
def test_the_last_day_is_near(app: Flask, days: int, fine: bool) -> None:
    actor = make_actor("administrator")
    who = Inspector("Trần Văn Tra", FIRST_DAY + timedelta(days=days), "QĐ 5")
    with at(vietnam(8)):
        if fine:
            services.invite_inspector(who, actor=actor)
        else:
            with pytest.raises(Invalid, match=r"inspector\.day"):
                services.invite_inspector(who, actor=actor)


def test_only_who_keeps_the_staff_invites_an_inspector(app: Flask) -> None:
    with pytest.raises(Forbidden):
        services.invite_inspector(Inspector("Tra", date(2026, 10, 12), "QĐ"), actor=make_actor("coordinator"))


def test_the_form_makes_a_viewer_with_an_end_and_needs_the_order(app: Flask) -> None:
    organisation = OrganisationFactory()
    with at(vietnam(8)):
        client = sign_in(app.test_client(), StaffFactory(organisation=organisation, role_names=("administrator",)))
        form = {"name": "Trần Văn Tra", "last_on": "13/10/2026", "reason": "", "administrator": "y"}
        assert client.post("/admin/inspectors/new", data=form).status_code == 422
        assert client.post("/admin/inspectors/new", data={**form, "reason": "QĐ 5"}).status_code == 200
    made = db.session.scalars(select(Staff).where(Staff.name == "Trần Văn Tra")).one()
    assert [(held.role, held.last_on) for held in made.roles] == [("viewer", date(2026, 10, 13))]
