"""What no page sends: bytes that a database cannot hold, numbers and days beyond every calendar."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.factories import at, vietnam
from tests.support.provinces import Province, make_province
from tests.web.test_access_matrix import address, form, parts

TEXTS = ["\0", "A\0B", "é" * 300, "'\"%_\\\u202e"]
NUMBERS = ["9" * 30, "-1", "²"]
DAYS = ["01/01/0001", "31/12/9999", "30/02/2026"]
WEEKS = ["9999-W52", "0001-W01"]
NUMERIC = r"planned|required|seats|capacity|code_period|opens_before|late_after|days|head_count|arrived"
DATED = r".*_(on|until)"
EMPTY = ("title", "note", "notes", "topic", "who", "column-0", "phone", "email", "birth", "id_number", "q")


@pytest.fixture
def ours(any_app: Flask) -> Iterator[Province]:
    with at(vietnam(8)):
        yield make_province("NHA")


def rules(app: Flask, method: str) -> list[Rule]:
    """Everything but what takes long to print, and the way out."""
    found = (rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()))
    return [rule for rule in found if not rule.rule.endswith(".pdf") and rule.endpoint != "accounts.sign_out"]


def path_of(rule: Rule, ours: Province, **odd: str) -> str:
    return address(rule, {**ours.ids, "token": "x", "code": "x", **odd})


@pytest.mark.parametrize("text", TEXTS)
def test_no_address_is_so_odd_that_the_server_breaks(any_app: Flask, ours: Province, text: str) -> None:
    client = ours.client(any_app, "coordinator")
    for method in ("GET", "POST"):
        for rule in rules(any_app, method):
            for part in parts(rule):
                answer = client.open(path_of(rule, ours, **{part: text}), method=method)
                assert answer.status_code != 500, f"{method} {rule.rule}"


def test_no_question_is_so_odd_that_the_server_breaks(any_app: Flask, ours: Province) -> None:
    client = ours.client(any_app, "coordinator")
    names = "q week day class session to v until key who next decided tab course kind before after audience".split()
    for rule in rules(any_app, "GET"):
        for text in (*TEXTS, *NUMBERS, *WEEKS):
            answer = client.get(path_of(rule, ours), query_string=dict.fromkeys(names, text))
            assert answer.status_code != 500, f"{rule.rule} with {text!r}"


@pytest.mark.parametrize(
    ("texts", "where"), [(TEXTS, ".*"), (NUMBERS, NUMERIC), (DAYS, DATED)], ids=["text", "numbers", "days"]
)
def test_no_form_is_so_odd_that_the_server_breaks(any_app: Flask, ours: Province, texts: list[str], where: str) -> None:
    client = ours.client(any_app, "coordinator")
    filled = {**form(ours), **dict.fromkeys(EMPTY, ""), "arrived": "07:40"}
    for rule in rules(any_app, "POST"):
        for text in texts:
            fields = {name: text if re.fullmatch(where, name) else value for name, value in filled.items()}
            fields["status"] = "excused"
            assert client.post(path_of(rule, ours), data=fields).status_code != 500, f"{rule.rule} with {text!r}"
