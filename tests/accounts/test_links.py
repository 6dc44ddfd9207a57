"""One-time links: a first password, a forgotten one, the very first start."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from classroom.accounts import queries, services
from classroom.accounts.models import Organisation, Staff
from classroom.accounts.rules import LINK_LIFE
from classroom.core.actor import system
from classroom.core.db import db
from classroom.core.errors import Forbidden, Refusal
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_sign_in import try_in
from tests.factories import actor_for, at, vietnam

NEW = "bốn con vịt trắng"
START = {
    "name": "Sở Khoa học và Công nghệ",
    "parent_name": "UBND TỈNH NGHỆ AN",
    "place": "Nghệ An",
    "time_zone": "Asia/Ho_Chi_Minh",
    "person": "Nguyễn Thị Lan",
    "username": "lan.nguyen",
    "password": PASSWORD,
}


def make_link(person: Staff) -> str:
    return services.make_link(person, actor=system(person.organisation_id))


def test_a_link_sets_a_password_and_lets_in_once(client: FlaskClient, app: Flask, person: Staff) -> None:
    path = f"/link/{make_link(person)}"
    assert "lan.nguyen" in client.get(path).text
    assert client.post(path, data={"password": NEW}).status_code == 303
    assert client.get("/account").status_code == 200
    assert app.test_client().get(path).status_code == 404
    assert app.test_client().post(path, data={"password": NEW + "2"}).status_code == 404
    assert try_in(app.test_client(), "lan.nguyen", NEW).status_code == 303


def test_a_preview_of_a_chat_program_uses_nothing_up(app: Flask, person: Staff) -> None:
    path = f"/link/{make_link(person)}"
    for _ in range(3):
        assert app.test_client().get(path).status_code == 200
        assert app.test_client().head(path).status_code == 200
    assert app.test_client().post(path, data={"password": NEW}).status_code == 303


@pytest.mark.parametrize("bad", ["ngắn", "matkhau123", "lan.nguyen1", ""])
def test_a_bad_password_does_not_use_the_link_up(client: FlaskClient, person: Staff, bad: str) -> None:
    path = f"/link/{make_link(person)}"
    assert client.post(path, data={"password": bad}).status_code == 422
    assert client.get(path).status_code == 200


def test_a_link_works_for_seven_days(client: FlaskClient, person: Staff) -> None:
    start = vietnam(7)
    with at(start):
        path = f"/link/{make_link(person)}"
    with at(start + LINK_LIFE - timedelta(seconds=1)):
        assert client.get(path).status_code == 200
    with at(start + LINK_LIFE):
        assert client.get(path).status_code == 404
        assert client.post(path, data={"password": NEW}).status_code == 404


def test_a_new_link_ends_the_one_before(client: FlaskClient, person: Staff) -> None:
    first, second = make_link(person), make_link(person)
    assert client.get(f"/link/{first}").status_code == 404
    assert client.get(f"/link/{second}").status_code == 200


def test_a_link_of_somebody_switched_off_is_dead(client: FlaskClient, person: Staff, administrator: Staff) -> None:
    token = make_link(person)
    services.switch_off_staff(person.public_id, "nghỉ", actor=actor_for(administrator))
    assert client.get(f"/link/{token}").status_code == 404
    with pytest.raises(Refusal, match=r"account\.switched_off"):
        make_link(person)


def test_the_present_password_works_until_the_link_is_used(client: FlaskClient, person: Staff) -> None:
    make_link(person)
    assert try_in(client, "lan.nguyen").status_code == 303


def test_an_administrator_cannot_take_over_an_operator(administrator: Staff, operator: Staff) -> None:
    actor = actor_for(administrator)
    with pytest.raises(Forbidden):
        services.make_link(operator, actor=actor)
    with pytest.raises(Forbidden):
        services.switch_off_staff(operator.public_id, "thử", actor=actor)


@pytest.mark.parametrize("path", ["/link/x", "/link/" + "A" * 400, "/setup/x", "/link/%F0%9F%98%80"])
def test_a_made_up_link_gets_a_kind_page(client: FlaskClient, person: Staff, path: str) -> None:
    for answer in (client.get(path), client.post(path, data={"password": NEW})):
        assert answer.status_code == 404
        assert "không còn dùng được" in answer.text


def test_a_link_with_a_letter_that_no_link_has_leads_nowhere_and_says_so(client: FlaskClient) -> None:
    answer = client.get("/link/%00")
    assert answer.status_code == 404
    assert "Không có trang này" in answer.text


def test_the_link_is_shown_once_with_its_code_and_slip(
    browser_of: Callable[[Staff], FlaskClient], administrator: Staff, person: Staff
) -> None:
    client = browser_of(administrator)
    page = client.post(f"/admin/staff/{person.public_id}/link")
    assert "http://localhost/link/" in page.text
    assert "<svg" in page.text
    token = page.text.split("http://localhost/link/")[1].split('"')[0]
    slip = client.post("/admin/slip", data={"token": token})
    assert slip.mimetype == "application/pdf"
    assert slip.data.startswith(b"%PDF")
    assert token not in client.get(f"/admin/staff/{person.public_id}").text
    assert client.post("/admin/slip", data={"token": "made up"}).status_code == 404


def test_the_first_start_makes_an_organisation_and_lets_its_first_person_in(client: FlaskClient) -> None:
    path = f"/setup/{services.start_setup()}"
    assert client.get(path).status_code == 200
    assert client.post(path, data=START).status_code == 303
    assert client.get("/admin/organisations").status_code == 200
    person = queries.find_by_username("lan.nguyen")
    assert person is not None
    assert person.organisation.place == "Nghệ An"
    assert {role.role for role in person.roles} == {"administrator", "coordinator"}
    assert person.is_operator


def test_the_setup_link_is_dead_afterwards(app: Flask) -> None:
    token = services.start_setup()
    app.test_client().post(f"/setup/{token}", data=START)
    for answer in (app.test_client().get(f"/setup/{token}"), app.test_client().post(f"/setup/{token}", data=START)):
        assert answer.status_code == 404
    assert len(db.session.scalars(select(Organisation)).all()) == 1
    with pytest.raises(Refusal, match=r"account\.setup_done"):
        services.start_setup()


def test_a_later_start_makes_the_earlier_setup_link_worthless(client: FlaskClient) -> None:
    first, second = services.start_setup(), services.start_setup()
    assert client.get(f"/setup/{first}").status_code == 404
    assert client.get(f"/setup/{second}").status_code == 200


def test_no_setup_once_somebody_is_there(client: FlaskClient, app: Flask) -> None:
    token = services.start_setup()
    made = services.create_organisation("Sở Nội vụ")
    services.create_staff(made.id, "an", "Trần An", {}, actor=system(made.id))
    assert client.post(f"/setup/{token}", data=START).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [("password", "matkhau123"), ("username", "Lân"), ("name", ""), ("time_zone", "Mars/Base"), ("person", "x" * 201)],
)
def test_a_mistake_in_the_setup_loses_nothing(client: FlaskClient, field: str, value: str) -> None:
    path = f"/setup/{services.start_setup()}"
    page = client.post(path, data={**START, field: value})
    assert page.status_code == 422
    assert "UBND TỈNH NGHỆ AN" in page.text
    assert client.post(path, data=START).status_code == 303
