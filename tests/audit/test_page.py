"""The log reads as sentences, page by page."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.accounts.models import Staff
from classroom.audit.services import record
from classroom.core.actor import system
from classroom.web.words.actions import ACTIONS, KINDS, say_action
from tests.factories import StaffFactory, actor_for, sign_in
from tests.support.pages import check_page

PACKAGE = Path(__file__).resolve().parents[2] / "classroom"


@pytest.fixture
def administrator(app: Flask) -> Staff:
    return StaffFactory(role_names=("administrator",), name="Quản Trị")


@pytest.fixture
def reader(client: FlaskClient, administrator: Staff) -> FlaskClient:
    return sign_in(client, administrator)


#: Actions that are put together: what may stand behind each beginning.
KINDS_OF: dict[str, tuple[str, ...]] = {
    "certificate.": ("revoked", "restored", "voided", "handed_out", "taken_back"),
    "enrolment.": (
        "enrolled", "withdrawn", "rejoined", "merged", "split", "walked_in", "accepted", "removed", "moved_out",
        "moved_in",
    ),
}  # fmt: skip


def calls_of(*names: str) -> list[ast.Call]:
    return [
        node
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in names
    ]


def actions_written() -> set[str]:
    """Every action that the code names where it records it, or in what hands it on to `record`."""
    told = [node.args for node in calls_of("record", "_tell", "_note", "_log", "_log_question", "note_dossier")]
    words = {
        word.value
        for arguments in told
        for argument in arguments[:3]
        for word in ast.walk(argument)
        if isinstance(word, ast.Constant)
    }
    chosen = {
        word.value
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "action"
        for word in ast.walk(node.value)
        if isinstance(word, ast.Constant)
    }
    put_together = {f"{start}{kind}" for start, kinds in KINDS_OF.items() for kind in kinds}
    return {word for word in words | chosen if re.fullmatch(r"[a-z_]+\.[a-z_]+", str(word))} | put_together


def test_every_action_of_the_code_has_its_sentence() -> None:
    assert actions_written() - ACTIONS.keys() == set()


def test_actions_that_are_put_together_are_known_with_all_their_endings() -> None:
    starts = {
        start.value
        for node in calls_of("record")
        if node.args and isinstance(action := node.args[0], ast.JoinedStr)
        if isinstance(start := action.values[0], ast.Constant)
    }
    noted = {
        word.value
        for node in calls_of("note_event")
        for word in ast.walk(node.args[2])
        if isinstance(word, ast.Constant)
    }
    assert starts == KINDS_OF.keys()
    assert noted == set(KINDS_OF["certificate."])


def test_every_sentence_belongs_to_a_kind_that_can_be_asked_for() -> None:
    assert {action.partition(".")[0] for action in ACTIONS} - KINDS.keys() == set()


def test_an_entry_is_a_sentence_with_who_when_and_from_where(reader: FlaskClient, administrator: Staff) -> None:
    reader.post("/admin/staff/new", data={"name": "Trần An", "trainer": "y"})
    page = reader.get("/admin/audit").text
    check_page(page)
    assert "Tạo tài khoản an.tran cho Trần An (Giảng viên)" in page
    assert "Quản Trị" in page
    assert "127.0.0.1" in page


def test_an_erased_part_is_a_dash(app: Flask) -> None:
    with app.test_request_context():
        assert say_action("staff.switched_on", {}, {}) == "Mở khóa tài khoản của –"
        assert say_action("staff.switched_on", {}, {"name": "%(x)s %s"}) == "Mở khóa tài khoản của %(x)s %s"


def test_an_action_of_tomorrow_is_shown_by_its_name(app: Flask) -> None:
    with app.test_request_context():
        assert "moon.landed" in say_action("moon.landed", {}, {})


def test_pages_lead_back_and_forth_over_every_entry_once(reader: FlaskClient, administrator: Staff) -> None:
    for n in range(120):
        record("staff.switched_on", "staff", n, actor=actor_for(administrator), personal={"name": f"Người-{n:03}."})
    seen: list[str] = []
    url, pages = "/admin/audit?kind=staff", []
    while url:
        pages.append(url)
        page = reader.get(url).text
        seen += re.findall(r"Người-\d{3}\.", page)
        older = re.search(r'href="([^"]*before=[^"]*)"', page)
        url = older[1].replace("&amp;", "&") if older else ""
    assert seen == [f"Người-{n:03}." for n in reversed(range(120))]
    assert len(pages) == 3
    newer = re.search(r'href="([^"]*after=[^"]*)"', reader.get(pages[-1]).text)
    assert newer is not None
    assert "Người-050." in reader.get(newer[1].replace("&amp;", "&")).text


def test_a_kind_shows_nothing_else(reader: FlaskClient) -> None:
    page = reader.get("/admin/audit?kind=organisation").text
    assert "Chưa có việc nào loại này" in page
    check_page(page)


@pytest.mark.parametrize("query", ["before=x", "before=-1", "after=" + "9" * 40, "kind=%25", "kind=<b>", "before=0"])
def test_a_made_up_address_is_answered(reader: FlaskClient, query: str) -> None:
    assert reader.get(f"/admin/audit?{query}").status_code == 200


def test_another_organisations_entries_are_not_shown(reader: FlaskClient) -> None:
    record("staff.switched_on", "staff", 1, actor=system(999_999), personal={"name": "Người Lạ"})
    assert "Người Lạ" not in reader.get("/admin/audit").text
