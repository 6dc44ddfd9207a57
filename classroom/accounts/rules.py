"""Roles, what they may do, and what a password must be."""

from datetime import date, timedelta
from enum import StrEnum

from classroom.core.errors import Invalid


class Role(StrEnum):
    """What somebody is here for."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    TRAINER = "trainer"
    VIEWER = "viewer"


_READ = frozenset(
    {
        "account.own",
        "programme.read",
        "class.read",
        "learner.read",
        "attendance.read",
        "paper.print",
        "inbox.read",
    }
)
PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.ADMINISTRATOR: _READ | {"staff.manage", "organisation.manage", "audit.read"},
    Role.COORDINATOR: _READ
    | {
        "programme.manage",
        "class.manage",
        "learner.manage",
        "learner.reveal",
        "import.manage",
        "attendance.record",
        "attendance.correct",
        "inbox.decide",
    },
    Role.TRAINER: frozenset({"account.own", "class.read", "attendance.read", "attendance.record", "paper.print"}),
    Role.VIEWER: _READ,
}

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
#: A sign-in ends after this long without a request (polls of the board do not count), and at the latest after…
IDLE = timedelta(hours=6)
ABSOLUTE = timedelta(hours=16)
LINK_LIFE = timedelta(days=7)
#: Wrong passwords for one account within the window before it has to wait.
SIGN_IN_TRIES = 8
SIGN_IN_WINDOW = timedelta(minutes=15)

_COMMON = frozenset(
    """
    password matkhau iloveyou qwerty qwertyuiop abcdefghij 1234567890 0123456789 0987654321 123456789 12345678
    password1 password123 matkhau123 matkhau1234 admin administrator adminadmin admin12345 classroom welcome
    letmein iloveyou123 anhyeuem anhyeuem123 emyeuanh vietnam vietnam123 vietnam2026 hanoi hanoi123 nghean
    nghean123 giangvien giangvien123 hocvien hocvien123 dieuphoi dieuphoi123 qwerty12345 1q2w3e4r5t
    1qaz2wsx3edc abc1234567 abcd1234 aa123456 a123456789 0000000000 1111111111 9999999999 asdfghjkl
    zxcvbnm1234 q1w2e3r4t5 password12 trustno1 football monkey dragon sunshine princess changeme secret123
    testtest test12345 demo12345
    """.split()
)


def permissions_of(roles: list[tuple[Role, date | None]], today: date) -> frozenset[str]:
    """Everything the roles allow today; a role is held through its last day."""
    held: frozenset[str] = frozenset()
    for role in living_roles(roles, today):
        held |= PERMISSIONS[role]
    return held


def living_roles(roles: list[tuple[Role, date | None]], today: date) -> list[Role]:
    """The roles that have not run out."""
    return [role for role, last_on in roles if last_on is None or today <= last_on]


def taught_only(roles: list[Role]) -> bool:
    """Whether somebody sees only the classes taught: a trainer without a role that reads everything."""
    return all(role is Role.TRAINER for role in roles)


def check_password(password: str, *, username: str = "", name: str = "") -> None:
    """Refuse a password that is short, common, or made of the account's own names (NIST SP 800-63B, 5.1.1.2)."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid("account.password_short", length=SHORTEST_PASSWORD)
    plain = "".join(c for c in password.casefold() if c.isalnum())
    stem = plain.rstrip("0123456789")
    own = {part for part in (username.casefold(), name.casefold().replace(" ", "")) if len(part) > 3}
    repeated = len(set(plain)) <= 3
    if len(password) > LONGEST_PASSWORD or repeated or plain in _COMMON or stem in _COMMON or own & {plain, stem}:
        raise Invalid("account.password_common")
