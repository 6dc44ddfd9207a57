"""User names, passwords, roles and time limits."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.accounts.rules import (
    USERNAME,
    Role,
    check_password,
    check_username,
    comparable,
    has_gone_idle,
    permissions_of,
    propose_username,
    taught_only,
)
from classroom.core.errors import Invalid


@pytest.mark.parametrize(
    ("name", "taken", "username"),
    [
        ("Nguyễn Thị Lan", set(), "lan.nguyen"),
        ("Nguyễn Thị Lan", {"lan.nguyen"}, "lan.nguyen2"),
        ("Nguyễn Thị Lan", {"lan.nguyen", "lan.nguyen2"}, "lan.nguyen3"),
        ("Đỗ Đức", set(), "duc.do"),
        ("H'Hen Niê", set(), "nie.hhen"),
        ("Lan", set(), "lan"),
        ("Ý", set(), "user"),
        ("王", set(), "user"),
        ("", {"user"}, "user2"),
        ("x" * 90 + " y", set(), ("y." + "x" * 90)[:50]),
    ],
)
def test_a_user_name_is_made_of_given_and_family_name(name: str, taken: set[str], username: str) -> None:
    assert propose_username(name, taken) == username


@given(st.text(max_size=200))
def test_every_name_gives_a_user_name_that_is_accepted(name: str) -> None:
    assert USERNAME.fullmatch(check_username(propose_username(name, ())))


@pytest.mark.parametrize("name", ["a", "", "lan nguyen", "lân", "-lan", "lan\n", "x" * 61, "<b>", "lan\0", "../lan"])
def test_a_user_name_that_not_every_keyboard_types_is_refused(name: str) -> None:
    if name == "lan\n":
        assert check_username(name) == "lan"
        return
    with pytest.raises(Invalid):
        check_username(name)


@pytest.mark.parametrize(
    "password",
    [
        "ngắn",
        "123456789",
        "1234567890",
        "Matkhau123",
        "MATKHAU-12345",
        "password2026",
        "aaaaaaaaaaaa",
        "lannguyen2026",
        "lan.nguyen",
        "nguyenthilan1",
        "Nguyễn Thị Lan",
        "x" * 201,
    ],
)
def test_a_password_that_others_would_try_is_refused(password: str) -> None:
    with pytest.raises(Invalid):
        check_password(password, username="lan.nguyen", name="Nguyễn Thị Lan")


@pytest.mark.parametrize(
    "password", ["ba con trâu đen", "correct horse battery", "Xe đạp 7 màu!", "xy4$" * 50, "!@#$%^&*()_+"]
)
def test_a_long_password_without_rules_about_signs_is_taken(password: str) -> None:
    check_password(password, username="lan.nguyen", name="Nguyễn Thị Lan")


def test_a_password_is_the_same_on_keyboards_that_compose_and_that_do_not() -> None:
    assert comparable("tra\u0302u") == comparable("trâu")


def test_a_role_is_held_through_its_last_day() -> None:
    last = date(2026, 10, 14)
    assert "class.read" in permissions_of([(Role.VIEWER, last)], last)
    assert permissions_of([(Role.VIEWER, last)], last + timedelta(days=1)) == frozenset()


def test_a_trainer_with_a_reading_role_sees_more_than_the_classes_taught() -> None:
    assert taught_only([Role.TRAINER])
    assert not taught_only([Role.TRAINER, Role.VIEWER])


def test_only_coordinators_manage_and_only_administrators_make_accounts() -> None:
    held = {role: permissions_of([(role, None)], date(2026, 1, 1)) for role in Role}
    assert {role for role in Role if "programme.manage" in held[role]} == {Role.COORDINATOR}
    assert {role for role in Role if "staff.manage" in held[role]} == {Role.ADMINISTRATOR}
    assert {role for role in Role if "audit.read" in held[role]} == {Role.ADMINISTRATOR}
    assert {role for role in Role if "deployment.manage" in held[role]} == set()


def test_a_sign_in_goes_idle_to_the_second() -> None:
    seen = datetime(2026, 10, 14, tzinfo=UTC)
    assert not has_gone_idle(seen, 10, seen + timedelta(seconds=599))
    assert has_gone_idle(seen, 10, seen + timedelta(seconds=600))
