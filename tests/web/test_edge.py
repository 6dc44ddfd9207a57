"""What holds at every door: form tokens, headers, the language switch, the way back."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from classroom.extensions import csrf
from classroom.web.guards import safe_next
from tests.accounts.conftest import HASHED
from tests.factories import StaffFactory, sign_in

#: Phones have a grant in place of a form token: no cookie of the staff opens anything there. The language is nobody's
#: secret, and its button must work on phones that refuse cookies.
#: Tablets send a header that no form can, with a cookie that comes only with requests of our own pages.
EXEMPT = {"checkin", "screen", "language", "tablet", "attempt", "test_door"}


def writing_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())]


def fill(rule: Rule) -> str:
    first = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
    return re.sub(r"<(?:int:|float:)?[^>]*number[^>]*>|<int:[^>]*>", "1", first).replace("<", "x").replace(">", "x")


def exempt(app: Flask, rule: Rule) -> bool:
    view = app.view_functions[rule.endpoint]
    named = f"{view.__module__}.{view.__name__}"
    blueprint = rule.endpoint.rpartition(".")[0]
    return named in csrf._exempt_views or app.blueprints.get(blueprint) in csrf._exempt_blueprints


def test_only_pages_of_phones_and_screens_do_without_form_tokens(app: Flask) -> None:
    without = {rule.endpoint for rule in writing_rules(app) if exempt(app, rule)}
    assert {endpoint for endpoint in without if endpoint.partition(".")[0] not in EXEMPT} == set()


def test_every_form_is_refused_without_its_token(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    staff = StaffFactory(role_names=("administrator", "coordinator", "trainer"), is_operator=True)
    rules = [rule for rule in writing_rules(app) if not exempt(app, rule)]
    assert len(rules) > 10
    for rule in rules:
        client = sign_in(app.test_client(), staff)
        answer = client.post(fill(rule), data={"name": "x"}, headers={"Accept": "application/json"})
        assert answer.status_code == 400, rule.rule
        assert answer.json["error"] == "page.csrf", rule.rule


def test_a_token_of_another_browser_is_refused(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    StaffFactory(username="lan.nguyen", password_hash=HASHED)
    attacker, victim = app.test_client(), app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', attacker.get("/sign-in").text)
    assert token is not None
    victim.get("/sign-in")
    form = {"csrf_token": token[1], "username": "lan.nguyen", "password": "ba con trâu đen"}
    assert victim.post("/sign-in", data=form).status_code == 400
    assert attacker.post("/sign-in", data=form).status_code == 303


def test_every_page_says_what_the_browser_may_do(client: FlaskClient) -> None:
    first, second = client.get("/sign-in"), client.get("/sign-in")
    policy = first.headers["Content-Security-Policy"]
    for rule in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "'nonce-"):
        assert rule in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert policy != second.headers["Content-Security-Policy"]
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["Referrer-Policy"] == "same-origin"
    assert first.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in first.headers
    secure = client.get("/sign-in", base_url="https://localhost")
    assert "max-age=31536000" in secure.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("path", ["/nothing/here", "/account", "/sign-out", "/link/x"])
def test_refusals_carry_the_same_headers(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_the_language_is_switched_and_remembered(client: FlaskClient) -> None:
    assert '<html lang="vi">' in client.get("/sign-in").text
    answer = client.post("/language", data={"language": "en", "next": "/sign-in"})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    page = client.get("/sign-in").text
    assert '<html lang="en">' in page
    assert "Sign in" in page
    client.post("/language", data={"language": "xx"})
    assert '<html lang="en">' in client.get("/sign-in").text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "/\n/evil", ""])
def test_the_language_switch_leads_to_no_other_site(client: FlaskClient, target: str) -> None:
    assert client.post("/language", data={"language": "en", "next": target}).location == "/"


@pytest.mark.parametrize("target", ["/", "/account", "/programmes/X?week=2026-W42", "/a//b", "/people?q=Nguyễn"])
def test_our_own_paths_are_safe(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [None, "", "x", "//x", "/\\x", "\\x", "http://x", "javascript:x", "/x\ny", "/\x00", "///x", " /x", "/" * 9],
)
def test_anything_else_is_not(target: str | None) -> None:
    assert safe_next(target) is None


def test_somebody_signed_out_is_told_so_in_a_form_of_their_own(client: FlaskClient) -> None:
    assert client.post("/account", data={}).status_code == 401
    answer = client.get("/account", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (401, {"error": "account.sign_in_needed"})
