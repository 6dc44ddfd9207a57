"""Every page of accounts × every role × another organisation."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.accounts.models import Staff
from tests.factories import StaffFactory, TabletFactory
from tests.support.pages import check_page

ROLES = ("administrator", "coordinator", "trainer", "viewer", "operator")
EVERYBODY, ADMINISTRATORS, OPERATORS = set(ROLES), {"administrator", "operator"}, {"operator"}
OFFICE = ADMINISTRATORS | {"coordinator"}
#: Endpoint → who may; the addresses are filled with a member of staff and a tablet of the same organisation.
ACCESS = {
    "sign_out": EVERYBODY,
    "account": EVERYBODY,
    "save_account": EVERYBODY,
    "change_password": EVERYBODY,
    "end_sessions": EVERYBODY,
    "staff": ADMINISTRATORS,
    "new_staff": ADMINISTRATORS,
    "create_staff": ADMINISTRATORS,
    "edit_staff": ADMINISTRATORS,
    "save_staff": ADMINISTRATORS,
    "switch_off_staff": ADMINISTRATORS,
    "switch_on_staff": ADMINISTRATORS,
    "make_staff_link": ADMINISTRATORS,
    "link_slip": ADMINISTRATORS,
    "new_inspector": ADMINISTRATORS,
    "invite_inspector": ADMINISTRATORS,
    "organisation": ADMINISTRATORS,
    "save_organisation": ADMINISTRATORS,
    "audit": ADMINISTRATORS,
    "tablets": OFFICE,
    "add_tablet": OFFICE,
    "tablet": OFFICE,
    "rename_tablet": OFFICE,
    "renew_tablet_code": OFFICE,
    "revoke_tablet": OFFICE,
    "organisations": OPERATORS,
    "new_organisation": OPERATORS,
    "create_organisation": OPERATORS,
    "switch_off_organisation": OPERATORS,
    "switch_on_organisation": OPERATORS,
    "make_administrator_link": OPERATORS,
}
OPEN = {"sign_in", "check_sign_in", "use_link", "set_password_by_link", "setup", "finish_setup"}
NAMES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7*7 }}{% raw %}",
    "%(name)s %s %d",
    "</title><svg onload=alert(1)>",
    "javascript:alert(1)",
    "Nguyễn\u202eThị\u200b Lan",
]


def person_with(role: str, organisation: object = None) -> Staff:
    given = {"organisation": organisation} if organisation else {}
    if role == "operator":
        return StaffFactory(role_names=("administrator",), is_operator=True, password_hash="x", **given)
    return StaffFactory(role_names=(role,), password_hash="x", **given)


def ours(app: Flask) -> dict[str, tuple[str, str]]:
    """Method and rule of each endpoint of the room."""
    return {
        rule.endpoint.removeprefix("accounts."): ("POST" if "POST" in (rule.methods or ()) else "GET", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("accounts.")
    }


def address(rule: str, staff: Staff) -> str:
    """The rule with the things of that person's organisation; a tablet is made where one is named."""
    if "<tablet_id>" in rule:
        tablet = TabletFactory(organisation=staff.organisation)
        return rule.replace("<tablet_id>", tablet.public_id)
    return rule.replace("<staff_id>", staff.public_id).replace("<organisation_id>", staff.organisation.public_id)


def test_the_table_of_access_is_complete(app: Flask) -> None:
    assert ours(app).keys() == ACCESS.keys() | OPEN


@pytest.mark.parametrize("role", ROLES)
def test_every_page_opens_to_its_roles_only(app: Flask, browser_of: Callable[[Staff], FlaskClient], role: str) -> None:
    me = person_with(role)
    colleague = person_with("trainer", me.organisation)
    for endpoint, allowed in ACCESS.items():
        method, rule = ours(app)[endpoint]
        answer = browser_of(me).open(address(rule, colleague), method=method)
        assert (answer.status_code != 403) == (role in allowed), endpoint
        assert answer.status_code < 500, endpoint


def test_nobody_who_is_signed_out_gets_further_than_the_door(app: Flask) -> None:
    colleague = person_with("trainer")
    for endpoint in ACCESS:
        method, rule = ours(app)[endpoint]
        answer = app.test_client().open(address(rule, colleague), method=method)
        if method == "GET":
            assert answer.location.startswith("/sign-in?next="), endpoint
        else:
            assert answer.status_code == 401, endpoint


@pytest.mark.parametrize("role", ["administrator", "operator"])
def test_people_of_another_organisation_do_not_exist(
    app: Flask, browser_of: Callable[[Staff], FlaskClient], role: str
) -> None:
    client, foreigner = browser_of(person_with(role)), person_with("administrator")
    form = {"name": "Tôi", "viewer": "y", "reason": "thử"}
    for endpoint, (method, rule) in ours(app).items():
        if ("<staff_id>" in rule or "<tablet_id>" in rule) and "<organisation_id>" not in rule:
            assert client.open(address(rule, foreigner), method=method, data=form).status_code == 404, endpoint
    assert foreigner.name not in client.get("/admin/staff").text


@pytest.mark.parametrize("path", ["/admin/staff/x", "/admin/staff/%00", "/admin/staff/" + "A" * 3000])
def test_a_made_up_id_is_not_found(browser_of: Callable[[Staff], FlaskClient], path: str) -> None:
    assert browser_of(person_with("administrator")).get(path).status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_is_whole_in_both_languages(
    app: Flask, browser_of: Callable[[Staff], FlaskClient], language: str
) -> None:
    me = person_with("operator")
    colleague = person_with("viewer", me.organisation)
    client = browser_of(me)
    client.set_cookie("language", language)
    for endpoint, (method, rule) in ours(app).items():
        if method == "GET" and endpoint not in OPEN:
            check_page(client.get(address(rule, colleague)).text, language=language)
    check_page(client.post(f"/admin/staff/{colleague.public_id}/link").text, language=language)
    check_page(client.post("/admin/staff/new", data={}).text, language=language)
    check_page(client.post("/account/password", data={}).text, language=language)
    check_page(client.post("/account", data={}).text, language=language)
    check_page(client.post("/admin/organisations/new", data={}).text, language=language)
    for path in ("/sign-in", "/link/x", "/setup/x"):
        stranger = app.test_client()
        stranger.set_cookie("language", language)
        check_page(stranger.get(path).text, language=language)
        if path == "/sign-in":
            check_page(stranger.post(path, data={"username": "x", "password": "y"}).text, language=language)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_never_markup(browser_of: Callable[[Staff], FlaskClient], name: str) -> None:
    me = person_with("operator")
    client = browser_of(me)
    assert client.post("/admin/staff/new", data={"name": name, "username": "mallory", "viewer": "y"}).status_code == 200
    me.organisation.name = name
    me.organisation.parent_name = name
    made = StaffFactory(organisation=me.organisation, name=name)
    client.post(f"/admin/staff/{made.public_id}/switch-off", data={"reason": name})
    pages = ["/admin/staff", f"/admin/staff/{made.public_id}", "/admin/audit", "/admin/organisations", "/account"]
    for path in pages:
        page = client.get(path).text
        assert "alert(1)</script>" not in page
        assert "<img src=x" not in page
        assert "<svg onload" not in page
        assert " onmouseover='alert" not in page
        assert "49{%" not in page
