"""Tablets come in by a code that works once, are looked after, and are put out without losing what they hold."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from classroom.accounts import queries, services
from classroom.accounts.models import Organisation, Staff, Tablet
from classroom.accounts.rules import TABLET_CODE_LIFE
from classroom.audit.models import AuditEntry
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.core.signing import token_hash
from tests.factories import OrganisationFactory, StaffFactory, at, make_actor, vietnam
from tests.support.pages import check_page
from tests.support.racing import together

Open = Callable[[Staff], FlaskClient]


@pytest.fixture
def actor(any_app: Flask) -> Actor:
    return make_actor("coordinator")


def fresh(tablet: Tablet) -> Tablet:
    db.session.rollback()
    db.session.refresh(tablet)
    return tablet


def known(token: str) -> str | None:
    found = queries.find_tablet(token_hash(token))
    return found[0].name if found else None


def test_a_code_works_once_and_the_tablet_is_known_by_its_token_from_then_on(actor: Actor) -> None:
    _tablet, code = services.add_tablet(" Máy  07 ", actor=actor)
    token, enrolled = services.enrol_tablet(code, user_agent="Android Chrome")
    assert (enrolled.name, known(token)) == ("Máy 07", "Máy 07")
    with pytest.raises(Invalid, match="code_wrong"):
        services.enrol_tablet(code)


@pytest.mark.parametrize("spelt", ["{0} {1}", "{0}-{1}", " {0}{1} "])
def test_a_code_is_taken_however_it_is_typed(actor: Actor, spelt: str) -> None:
    _tablet, code = services.add_tablet("Máy 01", actor=actor)
    typed = spelt.format(code[:4], code[4:]).lower().replace("0", "o").replace("1", "l")
    assert services.enrol_tablet(typed)[1].name == "Máy 01"


def test_a_code_runs_out(actor: Actor) -> None:
    with at(vietnam(7)):
        _tablet, code = services.add_tablet("Máy 01", actor=actor)
    with at(vietnam(7) + TABLET_CODE_LIFE), pytest.raises(Invalid, match="code_wrong"):
        services.enrol_tablet(code)
    with at(vietnam(7) + TABLET_CODE_LIFE - timedelta(seconds=1)):
        assert services.enrol_tablet(code)[1].enrolled_at == now()


def test_a_new_code_ends_the_one_before_and_its_use_the_browser_before(actor: Actor) -> None:
    tablet, first = services.add_tablet("Máy 01", actor=actor)
    token, _ = services.enrol_tablet(first)
    services.renew_code(tablet.public_id, actor=actor)
    _same, code = services.renew_code(tablet.public_id, actor=actor)
    assert known(token) == "Máy 01"
    later, _ = services.enrol_tablet(code)
    assert (known(token), known(later)) == (None, "Máy 01")


def test_of_many_who_use_a_code_at_once_one_is_let_in(any_app: Flask, actor: Actor) -> None:
    _tablet, code = services.add_tablet("Máy 01", actor=actor)

    def enrol() -> bool:
        try:
            services.enrol_tablet(code)
        except Invalid:
            return False
        return True

    assert sorted(together(any_app, [enrol] * 6)) == [False] * 5 + [True]


def test_a_name_is_free_again_once_its_tablet_is_revoked(actor: Actor) -> None:
    tablet, _ = services.add_tablet("Máy 01", actor=actor)
    with pytest.raises(Refusal, match="name_taken"):
        services.add_tablet("Máy 01", actor=actor)
    services.revoke_tablet(tablet.public_id, "mất", actor=actor)
    services.add_tablet("Máy 01", actor=actor)
    services.add_tablet("Máy 01", actor=make_actor("coordinator"))


def test_a_revoked_tablet_is_known_as_such_and_comes_back_by_no_code(actor: Actor) -> None:
    tablet, code = services.add_tablet("Máy 01", actor=actor)
    token, _ = services.enrol_tablet(code)
    with pytest.raises(Invalid, match="reason_missing"):
        services.revoke_tablet(tablet.public_id, " ", actor=actor)
    services.revoke_tablet(tablet.public_id, "bị mất", actor=actor)
    services.revoke_tablet(tablet.public_id, "lần nữa", actor=actor)
    found = queries.find_tablet(token_hash(token))
    assert found is not None
    assert (found[0].revoked_at is not None, found[0].revoke_reason) == (True, "bị mất")
    with pytest.raises(Refusal, match="is_revoked"):
        services.renew_code(tablet.public_id, actor=actor)
    actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("tablet."))).all()
    assert sorted(actions) == ["tablet.added", "tablet.enrolled", "tablet.revoked"]


def test_a_code_that_waits_dies_with_its_tablet(actor: Actor) -> None:
    tablet, code = services.add_tablet("Máy 01", actor=actor)
    services.revoke_tablet(tablet.public_id, "nhầm", actor=actor)
    with pytest.raises(Invalid, match="code_wrong"):
        services.enrol_tablet(code)


def test_a_tablet_of_a_closed_organisation_is_unknown(actor: Actor) -> None:
    _tablet, code = services.add_tablet("Máy 01", actor=actor)
    token, _ = services.enrol_tablet(code)
    db.session.get_one(Organisation, actor.organisation_id).disabled_at = now()
    db.session.commit()
    assert known(token) is None


def test_tablets_of_others_do_not_exist_and_trainers_look_after_none(actor: Actor) -> None:
    tablet, _ = services.add_tablet("Máy 01", actor=actor)
    stranger = make_actor("coordinator")
    for act in (services.renew_code, lambda one, actor: services.revoke_tablet(one, "vì", actor=actor)):
        with pytest.raises(NotFound):
            act(tablet.public_id, actor=stranger)
    with pytest.raises(Forbidden):
        services.add_tablet("Máy 02", actor=make_actor("trainer"))


def test_guessing_from_one_address_ends_while_others_go_on(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classroom.accounts.services.tablets.TABLET_TRIES", 3)
    _tablet, code = services.add_tablet("Máy 01", actor=actor)
    with at(vietnam(7)):
        for _ in range(3):
            with pytest.raises(Invalid):
                services.enrol_tablet("00000000", origin="192.0.2.7")
        with pytest.raises(Refusal, match="too_many_tries"):
            services.enrol_tablet(code, origin="192.0.2.7")
        assert services.enrol_tablet(code, origin="192.0.2.8")[1].name == "Máy 01"


def test_contact_is_written_when_something_changed_or_a_minute_has_passed(actor: Actor) -> None:
    tablet, code = services.add_tablet("Máy 01", actor=actor)
    with at(vietnam(7)):
        services.enrol_tablet(code)
        services.note_contact(fresh(tablet), 4, 1500)
        assert (fresh(tablet).queue_length, tablet.clock_ahead_ms) == (4, 1500)
    with at(vietnam(7, 0, 30)):
        services.note_contact(fresh(tablet), 4, 1500)
        assert fresh(tablet).last_contact_at == vietnam(7)
        services.note_contact(fresh(tablet), 0, None)
        assert (fresh(tablet).last_contact_at, tablet.queue_length, tablet.clock_ahead_ms) == (now(), 0, 1500)


def test_the_pages_show_the_code_once_and_every_state(browser_of: Open, person: Staff) -> None:
    client = browser_of(person)
    empty = client.get("/tablets").text
    check_page(empty)
    assert "Chưa có máy nào" in empty
    shown = client.post("/tablets", data={"name": "Máy <07>"}).text
    check_page(shown)
    code = re.search(r'class="big-code"[^>]*>([0-9A-Z]{4}) ([0-9A-Z]{4})<', shown)
    assert code is not None
    services.enrol_tablet("".join(code.groups()), user_agent="Mozilla/5.0 (Linux; Android 14) Chrome/150.0")
    listed = client.get("/tablets").text
    check_page(listed)
    assert "Máy &lt;07&gt;" in listed
    assert "Đang dùng" in listed
    assert "Chrome · Android" in listed
    path = re.search(r'href="(/tablets/[0-9A-Z]{12})"', listed)
    assert path is not None
    check_page(client.get(path[1]).text)
    assert client.post(f"{path[1]}/revoke", data={"reason": ""}).status_code == 422
    assert client.post(path[1], data={"name": " "}).status_code == 422
    assert client.post(path[1], data={"name": "Máy 08"}).status_code == 303
    assert client.post(f"{path[1]}/revoke", data={"reason": "mất"}).status_code == 303
    gone = client.get(path[1]).text
    check_page(gone)
    assert "Đã thu hồi" in gone
    assert client.post(f"{path[1]}/code").status_code == 303


def test_a_name_that_is_taken_is_said_at_the_field(browser_of: Open, person: Staff) -> None:
    client = browser_of(person)
    client.post("/tablets", data={"name": "Máy 01"})
    answer = client.post("/tablets", data={"name": "Máy 01"})
    assert answer.status_code == 409
    check_page(answer.text)
    assert 'value="Máy 01"' in answer.text


def test_a_tablet_of_another_organisation_is_no_page(browser_of: Open, person: Staff) -> None:
    other = StaffFactory(organisation=OrganisationFactory())
    browser_of(other).post("/tablets", data={"name": "Máy lạ"})
    stranger = db.session.scalars(select(Tablet)).one()
    client = browser_of(person)
    for method, tail in (("get", ""), ("post", ""), ("post", "/code"), ("post", "/revoke")):
        assert getattr(client, method)(f"/tablets/{stranger.public_id}{tail}", data={"reason": "x"}).status_code == 404
