"""The house rules that imports and linters cannot express."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from classroom.web.guards import PUBLIC as OPEN
from tools import words

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "classroom"
OURS = ("classroom", "tests", "tools", "bench")
LONGEST_FILE = 300
#: A row of cases is read from its beginning to its end, and parting it helps nobody; far beyond this it does.
LONGEST_TEST_FILE = 400
LONGEST_FUNCTION = 40

#: Doors that open to anybody: each guards itself by a code, a grant or a token, or tells nothing.
PUBLIC = {
    "accounts.check_sign_in",
    "accounts.finish_setup",
    "accounts.set_password_by_link",
    "accounts.setup",
    "accounts.sign_in",
    "accounts.use_link",
    "attempt.answer",
    "attempt.hand_in",
    "attempt.picture",
    "attempt.result",
    "attempt.review",
    "attempt.save_answers",
    "attempt.show",
    "certificate.download",
    "certificate.steps",
    "checkin.again",
    "checkin.ask",
    "checkin.confirm",
    "checkin.deny",
    "checkin.find_me",
    "checkin.fixed_code",
    "checkin.keep_refused",
    "checkin.mark",
    "checkin.part",
    "checkin.room_code",
    "checkin.start",
    "checkin.type_code",
    "checkin.typed",
    "checkin.waiting",
    "health.healthz",
    "health.readyz",
    "kiosk.done",
    "kiosk.leave",
    "kiosk.leaving",
    "kiosk.show",
    "kiosk.start",
    "language",
    "portal.badge",
    "portal.certificate",
    "portal.find",
    "portal.forget",
    "portal.learner_code",
    "portal.look_up",
    "portal.me",
    "portal.my_badge",
    "screen.feed",
    "screen.pairing",
    "screen.show",
    "tablet.enrol",
    "tablet.hashes",
    "tablet.items",
    "tablet.rosters",
    "tablet.state",
    "tablet_pages.decoder",
    "tablet_pages.icon",
    "tablet_pages.manifest",
    "tablet_pages.shell",
    "tablet_pages.worker",
    "test_door.begin",
    "test_door.enter",
    "test_door.practice",
    "test_door.ready",
    "test_door.waiting",
    "verify.ask",
    "verify.show",
}
#: Files that may be longer, and why.
LONG_FILES: dict[str, str] = {}
#: Functions that may be longer, and why.
LONG_FUNCTIONS: dict[str, str] = {
    "tests/support/proxy.py:_handler": "a class made for one proxy; its methods are short",
    "tests/support/provinces.py:make_province": "one straight row of inserts",
    "tests/support/erasures.py:_attendance": "one straight row of inserts",
    "tests/support/erasures.py:_online": "one straight row of inserts",
    "tests/support/erasures.py:_certified": "one straight row of inserts",
}
#: Packages of the application that are not rooms, and so need no furniture.
NOT_ROOMS = {"cli", "core", "translations", "web"}
#: Whole pages that stand alone, and why.
FRAMES = {
    "base.html": "the frame of staff pages",
    "learner.html": "the frame of phone pages",
    "screen.html": "the frame of the projector",
    "tablet/shell.html": "the one page of the tablet, kept on it for when the network is gone",
}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def rooms() -> list[str]:
    packages = (path.parent.name for path in PACKAGE.glob("*/__init__.py"))
    return sorted(name for name in packages if name not in NOT_ROOMS)


def modules_imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_no_file_grows_beyond_three_hundred_lines() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in sources(*OURS)}
    too_long = {
        name
        for name, length in lengths.items()
        if length > (LONGEST_TEST_FILE if name.startswith("tests/") else LONGEST_FILE)
    }
    assert too_long == LONG_FILES.keys()


def test_no_function_grows_beyond_forty_lines() -> None:
    too_long = {
        f"{name_of(path)}:{node.name}"
        for path in sources(*OURS)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION
    }
    assert too_long == LONG_FUNCTIONS.keys()


def test_only_the_database_module_commits() -> None:
    committing = {
        name_of(path)
        for path in sources("classroom")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    }
    assert committing == {"classroom/core/db.py"}


def test_nobody_opens_the_other_sqlite() -> None:
    opening = {
        name_of(path)
        for path in sources(*OURS, "migrations")
        for module in modules_imported(ast.parse(path.read_text()))
        if module.partition(".")[0] == "sqlite3"
    }
    assert opening == set()


def test_migrations_know_nothing_of_the_application() -> None:
    knowing = {
        name_of(path)
        for path in sources("migrations/versions")
        for module in modules_imported(ast.parse(path.read_text()))
        if module.partition(".")[0] == "classroom"
    }
    assert knowing == set()


def test_every_route_names_its_permission_or_is_a_known_open_door(app: Flask) -> None:
    permissions = {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], "permission", None)
        for rule in app.url_map.iter_rules()
    }
    assert [endpoint for endpoint, permission in permissions.items() if permission is None] == []
    assert {endpoint for endpoint, permission in permissions.items() if permission == OPEN} == PUBLIC


def test_every_page_stands_in_a_frame() -> None:
    templates = ROOT / "templates"
    frameless = {
        path.relative_to(templates).as_posix()
        for path in templates.rglob("*.html")
        if path.parent.name != "macros"
        and not path.name.startswith("_")
        and not re.search(r"{%-?\s*extends ", path.read_text())
    }
    assert frameless == FRAMES.keys()


def test_no_page_carries_script_or_style_inline() -> None:
    inline = re.compile(
        r"<style\b|\bstyle\s*=|\bon[a-z]+\s*=\s*[\"']|<script(?![^>]*\bsrc=)(?![^>]*type=.application/json)"
    )
    carrying = {
        f"{name_of(path)}: {found[0]}"
        for path in (ROOT / "templates").rglob("*.html")
        if (found := inline.search(re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)))
    }
    assert carrying == set()


@pytest.mark.parametrize("room", rooms())
def test_every_room_has_tests(room: str) -> None:
    assert list((ROOT / "tests" / room).glob("test_*.py")) != []


def test_every_room_is_held_to_the_order_of_its_furniture() -> None:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    furniture = next(contract for contract in linter["contracts"] if contract["id"] == "furniture")
    assert furniture["containers"] == [f"classroom.{room}" for room in rooms()]


def test_every_word_is_said_in_both_languages() -> None:
    assert words.check() == []
