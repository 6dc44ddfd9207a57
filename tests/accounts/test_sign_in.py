"""Who gets in, who does not, and what a guesser learns."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import extract_parameters
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from classroom.accounts.models import Organisation, Staff
from classroom.accounts.rules import ADDRESS_TRIES, SIGN_IN_TRIES, SIGN_IN_WINDOW
from classroom.accounts.services.hashing import HASHER, NOBODY, hash_password
from classroom.core import throttle
from classroom.core.clock import now
from classroom.core.db import db, transaction
from tests.accounts.conftest import PASSWORD
from tests.factories import at, vietnam

WRONG = "Tên đăng nhập hoặc mật khẩu chưa đúng"
PAUSED = "15 phút"


def try_in(client: FlaskClient, username: str, password: str = PASSWORD, **more: str):
    return client.post("/sign-in", data={"username": username, "password": password, **more})


def test_the_right_password_opens_and_goes_on(client: FlaskClient, person: Staff) -> None:
    answer = try_in(client, "  LAN.Nguyen ", next="/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "Nguyễn Thị Lan" in client.get("/account").text


def test_a_name_that_no_keyboard_types_is_a_bad_request(client: FlaskClient, person: Staff) -> None:
    assert try_in(client, "lan\0nguyen", "sai mật khẩu").status_code == 400


@pytest.mark.parametrize(
    "username",
    ["nobody", "", "' OR 1=1 --", "x" * 5000, "lân", "\u202elan"],
)
def test_an_unknown_account_is_answered_like_a_wrong_password(
    client: FlaskClient, person: Staff, username: str
) -> None:
    wrong = try_in(client, "lan.nguyen", "sai mật khẩu")
    unknown = try_in(client, username or "-", "sai mật khẩu")
    assert wrong.status_code == unknown.status_code == 422
    assert WRONG in wrong.text
    assert without_own(wrong.text, "lan.nguyen") == without_own(unknown.text, username or "-")


def without_own(page: str, username: str) -> str:
    """The page without what differs between any two: the form's token, and what was typed."""
    page = re.sub(r'name="csrf_token" value="[^"]*"', "", page)
    return re.sub(r'(name="username"[^>]*value=")[^"]*"|(value=")[^"]*("[^>]*name="username")', "", page)


def test_the_password_is_never_sent_back(client: FlaskClient, person: Staff) -> None:
    assert "sai-mat-khau-nay" not in try_in(client, "lan.nguyen", "sai-mat-khau-nay").text


def test_an_account_that_does_not_exist_costs_a_real_verification() -> None:
    assert extract_parameters(NOBODY) == extract_parameters(hash_password(PASSWORD))


def test_passwords_are_kept_by_argon2id_above_the_floor() -> None:
    kept = hash_password(PASSWORD)
    assert kept.startswith("$argon2id$v=19$")
    assert HASHER.memory_cost >= 19 * 1024
    assert HASHER.time_cost >= 2
    assert hash_password(PASSWORD) != kept


@pytest.mark.parametrize("state", ["person_off", "organisation_off", "no_password"])
def test_the_right_password_of_somebody_switched_off_is_wrong(client: FlaskClient, person: Staff, state: str) -> None:
    if state == "person_off":
        person.disabled_at = now()
    elif state == "organisation_off":
        person.organisation.disabled_at = now()
    else:
        person.password_hash = ""
    db.session.commit()
    assert WRONG in try_in(client, "lan.nguyen").text


def test_guessing_pauses_one_account_and_no_other(client: FlaskClient, person: Staff, administrator: Staff) -> None:
    with at(vietnam(7, 1)):
        answers = [try_in(client, "lan.nguyen", f"sai {n}").text for n in range(SIGN_IN_TRIES)]
        assert all(WRONG in page for page in answers)
        assert PAUSED in try_in(client, "lan.nguyen").text
        assert PAUSED in try_in(client, "LAN.NGUYEN ").text
        assert try_in(client, administrator.username).status_code == 303


def test_an_unknown_account_is_paused_like_a_known_one(client: FlaskClient, person: Staff) -> None:
    with at(vietnam(7, 1)):
        for n in range(SIGN_IN_TRIES):
            try_in(client, "nobody.here", f"sai {n}")
        assert PAUSED in try_in(client, "nobody.here").text


def test_the_pause_ends_by_itself(client: FlaskClient, person: Staff) -> None:
    with at(vietnam(7, 1)):
        for n in range(SIGN_IN_TRIES + 5):
            try_in(client, "lan.nguyen", f"sai {n}")
    with at(vietnam(7, 1) + SIGN_IN_WINDOW):
        assert try_in(client, "lan.nguyen").status_code == 303


def test_a_stranger_who_guesses_does_not_keep_the_owner_out(app: Flask, person: Staff) -> None:
    own, stranger = app.test_client(), app.test_client()
    with at(vietnam(7, 1)):
        try_in(own, "lan.nguyen")
        own.post("/sign-out")
        for n in range(SIGN_IN_TRIES + 1):
            try_in(stranger, "lan.nguyen", f"sai {n}")
        assert PAUSED in try_in(stranger, "lan.nguyen").text
        assert try_in(own, "lan.nguyen").status_code == 303


def test_a_known_browser_is_limited_too(client: FlaskClient, person: Staff) -> None:
    with at(vietnam(7, 1)):
        try_in(client, "lan.nguyen")
        client.post("/sign-out")
        for n in range(SIGN_IN_TRIES):
            try_in(client, "lan.nguyen", f"sai {n}")
        assert PAUSED in try_in(client, "lan.nguyen").text


def test_a_known_browser_is_known_for_its_own_account_only(
    client: FlaskClient, person: Staff, administrator: Staff
) -> None:
    with at(vietnam(7, 1)):
        try_in(client, "lan.nguyen")
        client.post("/sign-out")
        for n in range(SIGN_IN_TRIES):
            try_in(client, administrator.username, f"sai {n}")
        client.delete_cookie("browser")
        assert PAUSED in try_in(client, administrator.username).text


def test_one_address_that_tries_everybody_is_paused(client: FlaskClient, person: Staff) -> None:
    with at(vietnam(7, 1)):
        for _ in range(ADDRESS_TRIES):
            throttle.hit("sign_in_address", "127.0.0.1", SIGN_IN_WINDOW)
        assert PAUSED in try_in(client, "lan.nguyen").text
    with at(vietnam(7, 1) + SIGN_IN_WINDOW + timedelta(minutes=1)):
        assert try_in(client, "lan.nguyen").status_code == 303


def test_a_success_forgets_the_tries(client: FlaskClient, person: Staff) -> None:
    with at(vietnam(7, 1)):
        for _ in range(2):
            for n in range(SIGN_IN_TRIES - 1):
                try_in(client, "lan.nguyen", f"sai {n}")
            assert try_in(client, "lan.nguyen").status_code == 303
            client.post("/sign-out")
            client.delete_cookie("browser")


def test_nobody_gets_in_while_tries_cannot_be_counted(app: Flask, person: Staff) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with transaction() as session:
        session.execute(text("ALTER TABLE throttle RENAME TO throttle_gone"))
    client = app.test_client()
    answer = try_in(client, "lan.nguyen")
    assert answer.status_code >= 500
    assert "classroom=" not in str(answer.headers.getlist("Set-Cookie"))


def test_a_weaker_hash_is_made_anew_at_sign_in(client: FlaskClient, person: Staff) -> None:
    from argon2 import PasswordHasher

    person.password_hash = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    db.session.commit()
    assert try_in(client, "lan.nguyen").status_code == 303
    db.session.refresh(person)
    assert extract_parameters(person.password_hash) == extract_parameters(NOBODY)
    client.post("/sign-out")
    assert try_in(client, "lan.nguyen").status_code == 303


def test_whoever_is_in_need_not_sign_in_again(browser_of: Callable[[Staff], FlaskClient], person: Staff) -> None:
    assert browser_of(person).get("/sign-in?next=/account").location == "/account"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\tevil",
        "/\n/evil.example",
        " //evil.example",
        "http:evil.example",
        "evil.example",
        "data:text/html,x",
        "/%0d%0aSet-Cookie:x=1\r\nX: y",
        "",
    ],
)
def test_sign_in_leads_to_no_other_site(client: FlaskClient, person: Staff, target: str) -> None:
    assert try_in(client, "lan.nguyen", next=target).location == "/"
    assert client.get("/sign-in", query_string={"next": target}).location == "/"


def test_a_page_that_asked_for_sign_in_is_found_again(client: FlaskClient, person: Staff) -> None:
    asked = client.get("/account?x=1")
    assert asked.location == "/sign-in?next=/account?x%3D1"
    page = client.get(asked.location).text
    assert 'name="next" value="/account?x=1"' in page


def test_the_door_names_no_organisation(client: FlaskClient, organisation: Organisation) -> None:
    assert organisation.name not in client.get("/sign-in").text
