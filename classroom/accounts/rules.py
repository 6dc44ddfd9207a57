"""Roles, what they may do, and what a user name and a password must be."""

import re
import unicodedata
from collections.abc import Container
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import count

from classroom.core.errors import Invalid
from classroom.core.names import fold


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
        "exam.read",
        "online.read",
        "certificate.read",
    }
)
PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.ADMINISTRATOR: _READ
    | {"staff.manage", "organisation.manage", "audit.read", "tablet.manage", "certificate.approve", "learner.erase"},
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
        "tablet.manage",
        "question.manage",
        "exam.run",
        "exam.mark",
        "online.manage",
        "certificate.manage",
        "certificate.approve",
        "learner.erase",
    },
    Role.TRAINER: frozenset(
        {"account.own", "class.read", "attendance.read", "attendance.record", "paper.print", "exam.read", "exam.run"}
    ),
    Role.VIEWER: _READ,
}

#: Held besides the roles by whoever looks after the whole deployment.
OPERATOR = frozenset({"deployment.manage"})

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
#: A sign-in ends after this long without a request (polls of the board do not count), and at the latest after…
IDLE = timedelta(hours=6)
ABSOLUTE = timedelta(hours=16)
#: On a tablet of the organisation's both are this long: whoever prepares it in the evening holds the class next day.
ON_TABLET = timedelta(hours=32)
#: How long an inspector may be let in at most, from the day of the invitation on.
LONGEST_INSPECTION = timedelta(days=90)
LINK_LIFE = timedelta(days=7)
#: Tries for one account within the window before it has to wait. A browser that has been let in before counts for
#: itself, so that a stranger who guesses cannot keep the owner out.
SIGN_IN_TRIES = 8
SIGN_IN_WINDOW = timedelta(minutes=15)
#: Wrong tries from one address within the window: far above what a whole office mistypes.
ADDRESS_TRIES = 300
#: A tablet's one-time code lives so long; wrong codes from one address within the window, far above honest mistakes.
TABLET_CODE_LIFE = timedelta(minutes=30)
TABLET_TRIES = 300
#: How long a tablet's cookie lasts without contact; browsers keep none for longer.
TABLET_COOKIE = timedelta(days=400)
TABLET_COOKIE_NAME = "tablet"
#: How long a browser is remembered as one that has been let in.
KNOWN_BROWSER = timedelta(days=180)

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


def has_gone_idle(last_seen_at: datetime, idle_minutes: int, at: datetime) -> bool:
    """Whether a sign-in has been left alone for as long as it may be."""
    return at - last_seen_at >= timedelta(minutes=idle_minutes)


def clean_username(text: str) -> str:
    """The form in which user names are kept and compared."""
    return unicodedata.normalize("NFC", text).strip().casefold()


def check_username(text: str) -> str:
    """The user name as it is kept; raises Invalid for one that cannot be typed on any keyboard."""
    if not USERNAME.fullmatch(clean_username(text)):
        raise Invalid("account.username_form")
    return clean_username(text)


def propose_username(name: str, taken: Container[str]) -> str:
    """Given name and family name, such as lan.nguyen for Nguyễn Thị Lan; a number where that is taken."""
    parts = [bare for part in fold(name).split() if (bare := re.sub(r"[^a-z0-9]", "", part))]
    stem = ".".join([parts[-1], parts[0]] if len(parts) > 1 else [*parts, "user"][:1])[:50]
    stem = stem if USERNAME.fullmatch(stem) else "user"
    return next(free for n in count(1) if (free := stem if n == 1 else f"{stem}{n}") not in taken)


def comparable(password: str) -> str:
    """The form that is hashed: one and the same whether the keyboard composes Vietnamese letters or not."""
    return unicodedata.normalize("NFC", password)


def check_password(password: str, *, username: str = "", name: str = "") -> None:
    """Refuse a password that is short, common, or made of the account's own names (NIST SP 800-63B, 5.1.1.2)."""
    password = comparable(password)
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid("account.password_short", length=SHORTEST_PASSWORD)
    plain = "".join(c for c in password.casefold() if c.isalnum())
    stem = plain.rstrip("0123456789")
    own = {part for text in (username, name) for part in _plain_forms(text) if len(part) > 3}
    repeated = len(set(password.casefold())) <= 3
    if len(password) > LONGEST_PASSWORD or repeated or plain in _COMMON or stem in _COMMON or own & {plain, stem}:
        raise Invalid("account.password_common")


def _plain_forms(text: str) -> set[str]:
    return {"".join(c for c in form if c.isalnum()) for form in (text.casefold(), fold(text))}
