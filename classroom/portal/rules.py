"""What a learner's own page says: pure readings of what is known of one person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any

from classroom.certification.rules.evaluation import HELD, PASS
from classroom.core.clock import local
from classroom.learners.rules.codes import normalise_learner_code

#: Wrong tries for one claimed code or account from one network in an hour and in a day, and from everywhere in a day.
TRIES_PER_CLAIM, CLAIM_WINDOW = 10, timedelta(hours=1)
TRIES_A_DAY, TRIES_FROM_EVERYWHERE, DAY = 25, 100, timedelta(days=1)
#: Tries of everybody behind one address (whole offices stand there).
TRIES_PER_ADDRESS, ADDRESS_WINDOW = 5_000, timedelta(minutes=10)
#: Wrong ones among them, in an hour and in a day: a carrier's phones that mistype, not a machine that guesses. Once
#: somebody there guesses so often, all of them wait or take another network: one try more for each claim would be one
#: more at each of 36,000 people.
WRONG_PER_ADDRESS, WRONG_WINDOW, WRONG_A_DAY = 1_500, timedelta(hours=1), 5_000
KNOWN_FOR = timedelta(hours=1)
_LONGEST_CLAIM, _DIGITS, _CODE_LENGTH = 120, 4, 8
#: The reason of a decision of the organisers against a certificate.
DENIED = "listed.deny"
#: Equals nobody's code, account or digits.
_NOTHING = "?"


@dataclass(frozen=True, slots=True)
class Claim:
    """What was typed, as a learner code and as an account number at once; wrong tries are counted by `key`."""

    code: str
    account: str
    digits: str
    key: str

    def key_from(self, address: str) -> str:
        """By which wrong tries from the network of this address are counted."""
        return f"{self.key} {network_of(address)}"


def read_claim(typed: str, digits: str) -> Claim:
    """Take the two fields for whatever they can be; nothing that was typed is too odd for an answer."""
    text = typed.strip()[:_LONGEST_CLAIM]
    code, account = normalise_learner_code(text), text.casefold()
    last = "".join(c for c in digits if c.isascii() and c.isdigit())
    meant = code if len(code) == _CODE_LENGTH else account
    return Claim(
        code if len(code) == _CODE_LENGTH else _NOTHING,
        account or _NOTHING,
        last if len(last) == _DIGITS else _NOTHING,
        sha256(meant.encode("utf-8", "surrogatepass")).hexdigest()[:32],
    )


def network_of(address: str) -> str:
    """What one household or office has to itself: an IPv4 address, or the first 64 bits of an IPv6 one."""
    return _first(address, 64)


def site_of(address: str) -> str:
    """What one customer can have at most: an IPv4 address, or the first 48 bits of an IPv6 one (RFC 6177)."""
    return _first(address, 48)


def _first(address: str, bits: int) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address[:60]
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ip_network((int(found), bits), strict=False))


@dataclass(frozen=True, slots=True)
class OnlineState:
    """One account of the learner in one intake, with or without a result; `score` and `progress` are per cent."""

    course_id: int
    intake: str
    account: str
    days: int
    issued_on: date | None = None
    completed_at: datetime | None = None
    progress: Decimal | None = None
    score: Decimal | None = None
    known: bool = True

    @property
    def last_day(self) -> date | None:
        """The day through whose last second a completion counts."""
        return self.issued_on + timedelta(self.days) if self.issued_on else None

    def days_left(self, today: date) -> int | None:
        """How many days are left, today not counted; negative when the last day is over."""
        return (self.last_day - today).days if self.last_day else None

    def in_time(self, zone: str) -> bool | None:
        """Whether it was completed in time; None while that is open or cannot be said."""
        if self.completed_at is None or self.issued_on is None or self.last_day is None:
            return None
        return self.issued_on <= local(self.completed_at, zone).date() <= self.last_day


@dataclass(frozen=True, slots=True)
class Decided:
    """What the rule says, as it was applied or (`applied` false) of today's facts; with the hash of rule and facts."""

    decision: str
    reasons: tuple[str, ...]
    lines: tuple[dict[str, Any], ...]
    hash: str
    applied: bool


def standing_decision(applied: Decided | None, today: Decided | None) -> Decided | None:
    """What is to be told of the two: the applied one as long as its facts are today's, else today's.

    A pass stays one until the rule is applied again, though its facts be others by now; not where a question who the
    learner is, or a denial, has come since: then no certificate follows from it.
    """
    if applied is None:
        return today
    if applied.decision == PASS:
        stopped = today is not None and (today.decision == HELD or DENIED in today.reasons)
        return today if stopped else applied
    return applied if today is not None and applied.hash == today.hash else today


def missing_by_way(lines: Iterable[Mapping[str, Any]], reasons: Iterable[str]) -> list[list[str]]:
    """The reasons of a decision, parted by the way to the certificate on which each is missing, each way once."""
    wanted = set(reasons)
    ways: dict[str, list[str]] = {}
    for line in lines:
        if line["reason"] in wanted:
            ways.setdefault(str(line["path"]), []).append(str(line["reason"]))
    found: list[list[str]] = []
    for each in ways.values():
        if each not in found:
            found.append(each)
    return found or ([list(wanted)] if wanted else [])
