"""Sign-ins end when they should, and cookies tell nobody anything."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from classroom.accounts import services
from classroom.accounts.models import Staff, StaffRole, StaffSession
from classroom.accounts.rules import ABSOLUTE, IDLE, ON_TABLET, Role
from classroom.core.actor import system
from classroom.core.clock import now
from classroom.core.db import db
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_sign_in import try_in
from tests.factories import actor_for, at, make_actor, vietnam

HTTPS = "https://localhost"
Open = Callable[[Staff], FlaskClient]


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def test_signing_in_gives_a_new_session_whatever_the_browser_brought(client: FlaskClient, person: Staff) -> None:
    client.set_cookie("classroom", "chosen-by-somebody-else")
    answer = try_in(client, "lan.nguyen")
    first = client.get_cookie("classroom")
    assert first is not None
    assert first.value != "chosen-by-somebody-else"
    assert len(first.value) >= 32
    assert answer.status_code == 303
    client.post("/sign-out")
    try_in(client, "lan.nguyen")
    second = client.get_cookie("classroom")
    assert second is not None
    assert second.value != first.value


def test_the_form_tokens_of_a_stranger_end_at_sign_in(app: Flask, person: Staff) -> None:
    client = app.test_client()
    with client.session_transaction() as session:
        session["csrf_token"] = "planted"
    try_in(client, "lan.nguyen")
    with client.session_transaction() as session:
        assert session.get("csrf_token") != "planted"


def test_a_copied_cookie_is_worth_nothing_after_sign_out(app: Flask, person: Staff) -> None:
    client, thief = app.test_client(), app.test_client()
    try_in(client, "lan.nguyen")
    cookie = client.get_cookie("classroom")
    assert cookie is not None
    thief.set_cookie("classroom", cookie.value)
    assert is_in(thief)
    answer = client.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert client.get_cookie("classroom") is None
    assert not is_in(thief)


def test_signing_out_needs_a_post(browser_of: Open, person: Staff) -> None:
    client = browser_of(person)
    assert client.get("/sign-out").status_code == 405
    assert is_in(client)


def test_only_the_hash_of_a_cookie_is_kept(client: FlaskClient, person: Staff) -> None:
    try_in(client, "lan.nguyen")
    cookie = client.get_cookie("classroom")
    kept = db.session.scalars(select(StaffSession.token_hash)).all()
    assert cookie is not None
    assert cookie.value.encode() not in kept


@pytest.mark.parametrize("what", ["person", "organisation"])
def test_somebody_switched_off_is_out_at_once(browser_of: Open, person: Staff, operator: Staff, what: str) -> None:
    client = browser_of(person)
    assert is_in(client)
    if what == "person":
        services.switch_off_staff(person.public_id, "nghỉ việc", actor=actor_for(operator))
    else:
        person.organisation.disabled_at = now()
        db.session.commit()
    assert not is_in(client)


def test_switching_on_again_does_not_bring_old_sign_ins_back(
    browser_of: Open, person: Staff, administrator: Staff
) -> None:
    client = browser_of(person)
    services.switch_off_staff(person.public_id, "nhầm", actor=actor_for(administrator))
    services.switch_on_staff(person.public_id, actor=actor_for(administrator))
    assert not is_in(client)


def test_a_sign_in_left_alone_ends(browser_of: Open, person: Staff) -> None:
    start = vietnam(7)
    with at(start):
        client = browser_of(person)
        assert is_in(client)
    with at(start + IDLE - timedelta(seconds=1)):
        assert is_in(client)
    with at(start + IDLE + IDLE - timedelta(seconds=2)):
        assert is_in(client)
    with at(start + IDLE * 3):
        assert not is_in(client)


@pytest.mark.parametrize("which", ["own", "revoked", "foreign"])
def test_a_sign_in_in_the_evening_on_a_tablet_of_ours_lasts_the_class_day(
    client: FlaskClient, person: Staff, operator: Staff, which: str
) -> None:
    owner = make_actor("coordinator") if which == "foreign" else actor_for(person)
    evening = vietnam(17) - timedelta(days=1)
    with at(evening):
        tablet, code = services.add_tablet("Máy 01", actor=owner)
        client.post("/tablet/enrol", json={"code": code}, headers={"X-Tablet": "1"})
        if which == "revoked":
            services.revoke_tablet(tablet.public_id, "mất", actor=owner)
        try_in(client, "lan.nguyen")
    with at(vietnam(18)):
        assert is_in(client) == (which == "own")
    with at(evening + ON_TABLET):
        assert not is_in(client)


def test_a_sign_in_that_is_used_all_the_time_ends_too(browser_of: Open, person: Staff) -> None:
    start = vietnam(7)
    with at(start):
        client = browser_of(person)
    for hours in range(int(ABSOLUTE.total_seconds() // 3600)):
        with at(start + timedelta(hours=hours)):
            assert is_in(client)
    with at(start + ABSOLUTE - timedelta(seconds=1)):
        assert is_in(client)
    with at(start + ABSOLUTE):
        assert not is_in(client)


def test_a_role_taken_away_is_gone_at_the_next_click(browser_of: Open, administrator: Staff, operator: Staff) -> None:
    client = browser_of(administrator)
    assert client.get("/admin/staff").status_code == 200
    facts = services.StaffFacts("Quản Trị", roles={Role.VIEWER: None})
    services.edit_staff(administrator.public_id, facts, actor=actor_for(operator))
    assert client.get("/admin/staff").status_code == 403


def test_a_role_ends_with_its_last_day_in_the_organisations_own_time(browser_of: Open, person: Staff) -> None:
    db.session.add(StaffRole(staff_id=person.id, role="administrator", last_on=date(2026, 10, 14)))
    db.session.commit()
    with at(vietnam(23, 59, day=date(2026, 10, 14))):
        client = browser_of(person)
        assert client.get("/admin/staff").status_code == 200
    with at(vietnam(0, 0, day=date(2026, 10, 15))):
        assert client.get("/admin/staff").status_code == 403


def test_a_new_password_ends_all_sign_ins_but_this_one(browser_of: Open, person: Staff) -> None:
    here, elsewhere = browser_of(person), browser_of(person)
    new = {"old_password": PASSWORD, "new_password": "bốn con vịt trắng"}
    assert here.post("/account/password", data=new).status_code == 303
    assert is_in(here)
    assert not is_in(elsewhere)


def test_the_old_password_is_asked_for_and_cannot_be_guessed(browser_of: Open, person: Staff) -> None:
    client = browser_of(person)
    with at(now()):
        for _ in range(8):
            page = client.post("/account/password", data={"old_password": "sai", "new_password": "bốn con vịt trắng"})
            assert page.status_code == 422
            assert "Mật khẩu hiện tại không đúng" in page.text
        right = {"old_password": PASSWORD, "new_password": "bốn con vịt trắng"}
        assert client.post("/account/password", data=right).status_code == 422


def test_one_can_end_all_other_sign_ins(browser_of: Open, person: Staff, administrator: Staff) -> None:
    here, elsewhere, other = browser_of(person), browser_of(person), browser_of(administrator)
    assert here.post("/account/sessions").status_code == 303
    assert (is_in(here), is_in(elsewhere), is_in(other)) == (True, False, True)


def test_cookies_are_guarded_on_https(client: FlaskClient, person: Staff) -> None:
    client.get("/sign-in", base_url=HTTPS)
    answer = client.post(
        "/sign-in", data={"username": "lan.nguyen", "password": PASSWORD}, base_url=HTTPS, headers={"Referer": HTTPS}
    )
    cookies = {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
    assert "__Host-classroom" in cookies
    assert all(name.startswith("__Host-") for name in cookies)
    for line in cookies.values():
        assert "Secure" in line
        assert "HttpOnly" in line
        assert "SameSite=Lax" in line
        assert "Path=/" in line
        assert "Domain" not in line
    assert client.get("/account", base_url=HTTPS).status_code == 200


def test_cookies_work_on_a_plain_connection(client: FlaskClient, person: Staff) -> None:
    line = next(c for c in try_in(client, "lan.nguyen").headers.getlist("Set-Cookie") if c.startswith("classroom="))
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Secure" not in line


def test_a_request_of_the_staff_costs_at_most_two_statements_to_know_who_it_is(
    app: Flask, browser_of: Open, person: Staff
) -> None:
    client = browser_of(person)
    said: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    with app.test_request_context("/account", headers={"Cookie": f"classroom={cookie_of(client)}"}):
        from classroom.web.guards import current_actor

        assert current_actor().staff_id == person.id
    assert len([statement for statement in said if statement.startswith("SELECT")]) <= 2


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("classroom")
    assert cookie is not None
    return cookie.value


def test_the_clock_of_a_sign_in_is_not_written_on_every_click(browser_of: Open, person: Staff) -> None:
    start = vietnam(8)
    with at(start):
        client = browser_of(person)
    with at(start + timedelta(minutes=4)):
        client.get("/account")
    assert db.session.scalar(text("SELECT COUNT(*) FROM staff_session WHERE last_seen_at > created_at")) == 0
    with at(start + timedelta(minutes=6)):
        client.get("/account")
    assert db.session.scalar(text("SELECT COUNT(*) FROM staff_session WHERE last_seen_at > created_at")) == 1


def test_a_link_ends_every_sign_in(browser_of: Open, app: Flask, person: Staff) -> None:
    client = browser_of(person)
    token = services.make_link(person, actor=system(person.organisation_id))
    assert is_in(client)
    app.test_client().post(f"/link/{token}", data={"password": "bốn con vịt trắng"})
    assert not is_in(client)
