"""Accounts are made, changed, switched off and on; somebody always remains administrator."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from classroom.accounts import queries, services
from classroom.accounts.models import Organisation, Staff
from classroom.accounts.rules import Role
from classroom.accounts.services import FirstAdministrator, OrganisationFacts, StaffFacts
from classroom.core.clock import now
from classroom.core.db import db
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_sign_in import try_in
from tests.factories import OrganisationFactory, StaffFactory, actor_for, make_actor

Open = Callable[[Staff], FlaskClient]


def found(username: str) -> Staff:
    staff = queries.find_by_username(username)
    assert staff is not None
    db.session.refresh(staff)
    return staff


def test_an_account_is_made_with_a_user_name_of_its_own(browser_of: Open, administrator: Staff, person: Staff) -> None:
    form = {"name": "  Nguyễn   Thị Lan ", "trainer": "y", "viewer": "y", "viewer_until": "14/10/2026"}
    page = browser_of(administrator).post("/admin/staff/new", data=form)
    assert page.status_code == 200
    made = found("lan.nguyen2")
    assert made.name == "Nguyễn Thị Lan"
    assert {held.role: held.last_on for held in made.roles} == {"trainer": None, "viewer": date(2026, 10, 14)}
    assert made.organisation_id == administrator.organisation_id
    assert made.password_hash == ""


@pytest.mark.parametrize(
    "extra",
    [
        {"is_operator": "y"},
        {"organisation_id": "999"},
        {"organisation": "999"},
        {"public_id": "AAAAAAAAAAAA"},
        {"password_hash": "x", "disabled_at": "2020-01-01", "id": "1"},
    ],
)
def test_nobody_grants_more_than_the_form_offers(browser_of: Open, administrator: Staff, extra: dict[str, str]) -> None:
    client = browser_of(administrator)
    client.post("/admin/staff/new", data={"name": "Trần An", "trainer": "y", **extra})
    made = found("an.tran")
    client.post(f"/admin/staff/{made.public_id}", data={"name": "Trần An", "trainer": "y", **extra})
    client.post("/account", data={"name": "Quản Trị", "language": "vi", **extra})
    for staff in (found("an.tran"), db.session.get_one(Staff, administrator.id)):
        assert not staff.is_operator
        assert staff.organisation_id == administrator.organisation_id
        assert staff.public_id != "AAAAAAAAAAAA"
        assert staff.password_hash != "x"
        assert staff.disabled_at is None


def test_a_taken_user_name_is_said_at_its_field_and_nothing_is_lost(
    browser_of: Open, administrator: Staff, person: Staff
) -> None:
    form = {"name": "Lan Khác", "username": "LAN.nguyen", "phone": "0912345678", "trainer": "y"}
    page = browser_of(administrator).post("/admin/staff/new", data=form)
    assert page.status_code == 422
    assert "0912345678" in page.text
    assert 'id="username-error"' in page.text


@pytest.mark.parametrize("wrong", [{"name": ""}, {"trainer": ""}, {"username": "lân"}, {"trainer_until": "32/13/2026"}])
def test_a_mistake_makes_no_account(browser_of: Open, administrator: Staff, wrong: dict[str, str]) -> None:
    form = {"name": "Trần An", "trainer": "y", **wrong}
    form = {key: value for key, value in form.items() if value or key == "name"}
    page = browser_of(administrator).post("/admin/staff/new", data=form)
    assert page.status_code == 422
    assert queries.find_by_username("an.tran") is None


def test_roles_change_and_keep_their_days(administrator: Staff, person: Staff) -> None:
    last = date(2026, 12, 31)
    roles = {Role.TRAINER: last, Role.COORDINATOR: None}
    services.edit_staff(person.public_id, StaffFacts("Lan Mới", roles=roles), actor=actor_for(administrator))
    assert {held.role: held.last_on for held in found("lan.nguyen").roles} == {"trainer": last, "coordinator": None}
    services.edit_staff(
        person.public_id, StaffFacts("Lan Mới", roles={Role.TRAINER: None}), actor=actor_for(administrator)
    )
    assert {held.role: held.last_on for held in found("lan.nguyen").roles} == {"trainer": None}
    with pytest.raises(Invalid):
        services.edit_staff(person.public_id, StaffFacts("Lan"), actor=actor_for(administrator))


@pytest.mark.parametrize("way", ["role", "last_day"])
def test_the_last_administrator_stays(administrator: Staff, way: str) -> None:
    kept = {Role.ADMINISTRATOR: date(2030, 1, 1)} if way == "last_day" else {Role.VIEWER: None}
    with pytest.raises(Refusal, match=r"account\.last_administrator"):
        services.edit_staff(administrator.public_id, StaffFacts("Quản Trị", roles=kept), actor=actor_for(administrator))
    assert [held.role for held in found(administrator.username).roles] == ["administrator"]


def test_a_switched_off_administrator_does_not_count(administrator: Staff) -> None:
    StaffFactory(organisation=administrator.organisation, role_names=("administrator",), disabled_at=now())
    with pytest.raises(Refusal, match=r"account\.last_administrator"):
        services.edit_staff(
            administrator.public_id, StaffFacts("Q", roles={Role.VIEWER: None}), actor=actor_for(administrator)
        )


def test_an_administrator_elsewhere_does_not_count(administrator: Staff) -> None:
    StaffFactory(role_names=("administrator",))
    with pytest.raises(Refusal, match=r"account\.last_administrator"):
        services.edit_staff(
            administrator.public_id, StaffFacts("Q", roles={Role.VIEWER: None}), actor=actor_for(administrator)
        )


def test_nobody_switches_off_the_own_account(browser_of: Open, administrator: Staff) -> None:
    StaffFactory(organisation=administrator.organisation, role_names=("administrator",))
    page = browser_of(administrator).post(f"/admin/staff/{administrator.public_id}/switch-off", data={"reason": "thử"})
    assert page.status_code == 409
    assert found(administrator.username).disabled_at is None


def test_switching_off_asks_why_and_switching_on_brings_back(
    browser_of: Open, client: FlaskClient, administrator: Staff, person: Staff
) -> None:
    admin, path = browser_of(administrator), f"/admin/staff/{person.public_id}"
    assert admin.post(f"{path}/switch-off", data={"reason": "  "}).status_code == 422
    assert admin.post(f"{path}/switch-off", data={"reason": "nghỉ việc"}).status_code == 303
    assert try_in(client, "lan.nguyen", PASSWORD).status_code == 422
    assert admin.post(f"{path}/switch-on").status_code == 303
    assert try_in(client, "lan.nguyen", PASSWORD).status_code == 303


def test_the_list_is_in_vietnamese_order_with_state(browser_of: Open, administrator: Staff) -> None:
    for name in ("Trần Văn Đức", "Lê Thị Dung", "Phạm Thị Ánh", "Hoàng Thị An"):
        StaffFactory(organisation=administrator.organisation, name=name)
    page = browser_of(administrator).get("/admin/staff").text
    places = [page.index(name) for name in ("Hoàng Thị An", "Phạm Thị Ánh", "Lê Thị Dung", "Trần Văn Đức")]
    assert places == sorted(places)
    assert "Chưa đặt mật khẩu" in page


def test_a_person_changes_name_and_language(browser_of: Open, person: Staff) -> None:
    client = browser_of(person)
    form = {"name": "Nguyễn Lan", "phone": "0912", "email": "lan@example.vn", "language": "en"}
    assert client.post("/account", data=form).status_code == 303
    page = client.get("/account").text
    assert '<html lang="en">' in page
    assert 'value="Nguyễn Lan"' in page
    assert client.post("/account", data={**form, "language": "xx"}).status_code == 422


def test_the_organisation_is_renamed_by_its_administrator(browser_of: Open, administrator: Staff) -> None:
    form = {"name": "Sở KH&CN", "parent_name": "UBND TỈNH", "place": "Vinh", "time_zone": "Asia/Bangkok"}
    assert browser_of(administrator).post("/admin/organisation", data=form).status_code == 303
    kept = db.session.get_one(Organisation, administrator.organisation_id)
    db.session.refresh(kept)
    assert (kept.name, kept.place, kept.time_zone) == ("Sở KH&CN", "Vinh", "Asia/Bangkok")


def test_the_operator_opens_an_organisation_that_stands_alone(
    browser_of: Open, client: FlaskClient, operator: Staff
) -> None:
    form = {"name": "Sở Nội vụ", "time_zone": "Asia/Ho_Chi_Minh", "person": "Đỗ Minh", "username": ""}
    page = browser_of(operator).post("/admin/organisations/new", data=form).text
    path = "/link/" + page.split("http://localhost/link/")[1].split('"')[0]
    assert client.post(path, data={"password": "bốn con vịt trắng"}).status_code == 303
    people = client.get("/admin/staff").text
    assert "Đỗ Minh" in people
    assert operator.name not in people
    assert client.get("/admin/organisations").status_code == 403


def test_a_taken_user_name_leaves_no_half_made_organisation(browser_of: Open, operator: Staff, person: Staff) -> None:
    form = {"name": "Sở Nội vụ", "time_zone": "UTC", "person": "Đỗ Minh", "username": "lan.nguyen"}
    assert browser_of(operator).post("/admin/organisations/new", data=form).status_code == 422
    assert db.session.scalar(select(Organisation).where(Organisation.name == "Sở Nội vụ")) is None


def test_a_closed_organisation_lets_nobody_in_until_it_is_opened(browser_of: Open, operator: Staff) -> None:
    theirs = StaffFactory(role_names=("administrator",))
    client, mine = browser_of(theirs), browser_of(operator)
    path = f"/admin/organisations/{theirs.organisation.public_id}"
    assert mine.post(f"{path}/switch-off").status_code == 303
    assert client.get("/account").status_code == 302
    mine.post(f"{path}/switch-on")
    assert client.get("/account").status_code == 200


def test_the_operator_keeps_the_own_organisation_open(operator: Staff) -> None:
    with pytest.raises(Refusal, match=r"account\.not_own_organisation"):
        services.switch_organisation(operator.organisation.public_id, on=False, actor=actor_for(operator))


def test_only_an_operator_touches_other_organisations(app: Flask) -> None:
    actor, other = make_actor("administrator"), StaffFactory(role_names=("administrator",))
    with pytest.raises(Forbidden):
        services.switch_organisation(other.organisation.public_id, on=False, actor=actor)
    with pytest.raises(Forbidden):
        services.make_administrator_link(other.organisation.public_id, other.public_id, actor=actor)
    with pytest.raises(Forbidden):
        services.open_organisation(OrganisationFacts("Sở"), FirstAdministrator("An"), actor=actor)


def test_the_operators_link_is_for_administrators_only(operator: Staff) -> None:
    trainer = StaffFactory(role_names=("trainer",))
    with pytest.raises(NotFound):
        services.make_administrator_link(trainer.organisation.public_id, trainer.public_id, actor=actor_for(operator))
    elsewhere = OrganisationFactory()
    with pytest.raises(NotFound):
        services.make_administrator_link(elsewhere.public_id, trainer.public_id, actor=actor_for(operator))


def test_somebody_whose_role_is_over_is_shown_as_such(browser_of: Open, administrator: Staff, person: Staff) -> None:
    yesterday = now().date() - timedelta(days=2)
    services.edit_staff(
        person.public_id, StaffFacts("Lan", roles={Role.VIEWER: yesterday}), actor=actor_for(administrator)
    )
    assert "Hết vai trò" in browser_of(administrator).get("/admin/staff").text
