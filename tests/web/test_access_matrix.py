"""Every address × every role × another organisation, walked from the map of addresses itself."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from classroom.accounts.rules import PERMISSIONS, Role
from classroom.core.db import db
from classroom.web.guards import PUBLIC
from tests.factories import at, vietnam
from tests.support.provinces import Province, crossings, make_province

#: What each role may at all; a permission that is new to the house is given out here as well.
HELD = {
    "administrator": {
        "account.own", "programme.read", "class.read", "learner.read", "attendance.read", "paper.print", "inbox.read",
        "staff.manage", "organisation.manage", "audit.read", "tablet.manage", "exam.read",
        "online.read", "certificate.read", "certificate.approve", "learner.erase",
    },
    "coordinator": {
        "account.own", "programme.read", "class.read", "learner.read", "attendance.read", "paper.print", "inbox.read",
        "programme.manage", "class.manage", "learner.manage", "learner.reveal", "import.manage", "attendance.record",
        "attendance.correct", "inbox.decide", "tablet.manage", "exam.read", "question.manage", "exam.run", "exam.mark",
        "online.read", "online.manage", "certificate.read", "certificate.manage", "certificate.approve",
        "learner.erase",
    },
    "trainer": {
        "account.own", "class.read", "attendance.read", "attendance.record", "paper.print", "exam.read", "exam.run",
    },
    "viewer": {
        "account.own", "programme.read", "class.read", "learner.read", "attendance.read", "paper.print", "inbox.read",
        "exam.read", "online.read", "certificate.read",
    },
}  # fmt: skip
#: What only looks: whoever holds nothing else changes nothing but the own account.
LOOKING = {
    "programme.read", "class.read", "learner.read", "attendance.read", "paper.print", "inbox.read", "audit.read",
    "exam.read", "online.read", "certificate.read",
}  # fmt: skip
#: What ends the visit of whoever asks.
LEAVING = {"accounts.sign_out"}
#: The operator looks after all organisations.
ABOVE = {"deployment.manage"}
#: Random letters: nonces, form tokens, embedded pictures.
CHANCE = re.compile(rb'nonce="[^"]*"|name="csrf_token" value="[^"]*"|data:image/[^"\')]*')
PLACE = re.compile(r"<(?:any\((?P<choices>[^)]*)\):)?(?P<name>\w+)>")


@pytest.fixture
def ours(app: Flask) -> Iterator[Province]:
    with at(vietnam(8)):
        yield make_province("NHA")


@pytest.fixture
def theirs(ours: Province) -> Province:
    return make_province("XAY")


def guarded(app: Flask) -> list[tuple[Rule, str, str]]:
    """Every address that asks who one is, with each of its methods, and the permission it names."""
    found = []
    for rule in app.url_map.iter_rules():
        permission = app.view_functions[rule.endpoint].permission
        if permission != PUBLIC:
            found += [(rule, method, permission) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def address(rule: Rule, ids: dict[str, str]) -> str:
    """The address with these ids; a part that nobody knows fails the test."""
    return PLACE.sub(
        lambda place: place["choices"].split(",")[0] if place["choices"] else ids[place["name"]], rule.rule
    )


def says(page: bytes, mark: str) -> bool:
    """Whether a page holds the mark outside its nonces, tokens and pictures, in which three letters stand by chance."""
    return mark.encode() in CHANCE.sub(b"", page)


def parts(rule: Rule) -> set[str]:
    return {place["name"] for place in PLACE.finditer(rule.rule) if not place["choices"]}


def test_the_table_of_roles_is_the_houses() -> None:
    assert {role.value: set(PERMISSIONS[role]) for role in Role} == HELD


def test_whoever_only_looks_changes_nothing(app: Flask) -> None:
    writing = {permission for _rule, method, permission in guarded(app) if method == "POST"}
    assert writing & LOOKING == set()


@pytest.mark.parametrize("role", [*HELD, "operator"])
def test_every_address_opens_to_those_who_hold_its_permission(app: Flask, ours: Province, role: str) -> None:
    held = HELD["administrator"] | ABOVE if role == "operator" else HELD[role]
    client = ours.client(app, role)
    for rule, method, permission in guarded(app):
        answer = client.open(address(rule, ours.ids), method=method)
        if rule.endpoint in LEAVING:
            client = ours.client(app, role)
        assert (answer.status_code == 403) == (permission not in held), f"{method} {rule.rule} for {role}"
        assert answer.status_code < 500, f"{method} {rule.rule} for {role}"


def test_nobody_who_is_signed_out_gets_in(app: Flask, ours: Province) -> None:
    for rule, method, _permission in guarded(app):
        answer = app.test_client().open(address(rule, ours.ids), method=method)
        assert answer.status_code in ({302} if method == "GET" else {401}), rule.rule


@pytest.mark.parametrize("role", [*HELD, "operator"])
def test_the_things_of_another_organisation_do_not_exist(
    app: Flask, ours: Province, theirs: Province, role: str
) -> None:
    before, client = theirs.rows(), ours.client(app, role)
    held = HELD["administrator"] if role == "operator" else HELD[role]
    for rule, method, permission in guarded(app):
        if not parts(rule) or permission not in held:
            continue
        answer = client.open(address(rule, theirs.ids), method=method, data=form(ours))
        assert answer.status_code == 404, f"{method} {rule.rule} for {role}"
        assert not says(answer.data, theirs.mark), rule.rule
    assert theirs.rows() == before


def test_a_thing_of_ours_does_not_open_one_of_theirs(app: Flask, ours: Province, theirs: Province) -> None:
    client = ours.client(app, "coordinator")
    for rule, method, permission in guarded(app):
        for part in parts(rule) if len(parts(rule)) > 1 and permission not in ABOVE else ():
            mixed = {**ours.ids, part: theirs.ids[part]}
            answer = client.open(address(rule, mixed), method=method)
            assert answer.status_code == 404, f"{method} {rule.rule} with a foreign {part}"


def test_a_trainer_finds_nothing_of_a_class_that_somebody_else_teaches(app: Flask, ours: Province) -> None:
    ids = {
        **ours.ids,
        "class_id": ours.named["other_class"],
        "session_id": ours.named["other_session"],
        "enrolment_id": ours.named["other_enrolment"],
    }
    client = ours.client(app, "trainer")
    before, tried = ours.rows(), 0
    for rule, method, permission in guarded(app):
        if parts(rule) & {"class_id", "session_id", "enrolment_id"} and permission in HELD["trainer"]:
            answer = client.open(address(rule, ids), method=method, data=form(ours))
            assert answer.status_code == 404, f"{method} {rule.rule}"
            tried += 1
    assert tried > 20
    assert ours.rows() == before


@pytest.mark.parametrize("role", ["coordinator", "administrator", "trainer"])
def test_a_form_that_names_foreign_things_reaches_none_of_them(
    app: Flask, ours: Province, theirs: Province, role: str
) -> None:
    before, client = theirs.rows(), ours.client(app, role)
    for fields in forms(theirs):
        for rule, method, permission in guarded(app):
            if method == "GET" or permission not in HELD[role] or rule.endpoint in LEAVING:
                continue
            answer = client.post(address(rule, ours.ids), data=fields)
            assert answer.status_code < 500, rule.rule
            assert not says(answer.data, theirs.mark), rule.rule
    db.session.rollback()
    assert crossings() == []
    assert theirs.rows() == before


def forms(whose: Province) -> list[dict[str, Any]]:
    """The same things under the names that the forms give them, each kind of change in a form of its own."""
    ids, named = whose.ids, whose.named
    place = f"{ids['enrolment_id']}."
    return [
        form(whose),
        {
            **form(whose),
            "decision": "accept",
            "flag": f"{named['flag']}.rejected",
            "request": f"{named['request']}.{place[:-1]}",
        },
        {
            **form(whose),
            "action": "create",
            "status": "present",
            "undo": place,
            "tap": f"present.{place}",
            "do": "next",
        },
        {**form(whose), "target": ids["class_id"], "column-0": "name", "do": "import", "same-2": ids["learner_id"]},
        {
            **form(whose),
            "target": f"course:{ids['course_id']}",
            "to": named["other_class"],
            "chosen": ids["enrolment_id"],
        },
    ]


def form(whose: Province) -> dict[str, Any]:
    """A form that fits nearly everywhere, filled with these things."""
    ids, named = whose.ids, whose.named
    return {
        "name": "Tên mới", "person": "Người mới", "username": "", "viewer": "y", "language": "vi", "place": "Vinh",
        "time_zone": "Asia/Ho_Chi_Minh", "planned": "6", "required": "5", "seats": "20", "capacity": "50",
        "code": "MOI", "code_period": "10", "opens_before": "30", "late_after": "15", "days": "1",
        "starts_on": "02/11/2026", "held_on": "02/11/2026", "times": "07:30-11:30", "morning": "07:30-11:30",
        "reason": "vì thử", "status": "excused", "head_count": "0", "digits": "000000", "decision": "seen",
        "course": ids["course_id"], "room": ids["room_id"], "trainer": named["trainer"], "others": named["trainer"],
        "substitute": named["trainer"], "learner": ids["learner_id"], "to": ids["class_id"],
        "chosen": f"{ids['enrolment_id']}.", "undo": f"{ids['enrolment_id']}.", "tap": f"late.{ids['enrolment_id']}.",
        "request": f"{named['request']}.", "flag": f"{named['flag']}.fine", "screen": named["screen"],
        "spot": named["spot"], "seen": f"{named['spot']}.{ids['enrolment_id']}", "minutes": "5", "showing": "out",
        "gone": ids["learner_id"], "left": f"{ids['enrolment_id']}.", "back": f"{ids['enrolment_id']}.",
        "target": f"class:{ids['class_id']}", "class-X": ids["class_id"], "remove": ids["enrolment_id"],
        "over": ids["class_id"], "same-2": ids["learner_id"], "change": "move", "token": "x",
        "sessions-0-held_on": "02/11/2026", "sessions-0-times": "07:30-11:30", "sessions-0-trainer": named["trainer"],
    }  # fmt: skip
