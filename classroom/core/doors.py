"""Doors that higher rooms open behind a room code: whoever scanned one and said who it is goes through.

The check-in pages judge the code and find the learner; then they seal a pass, and the room behind the door opens it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from classroom.core import signing

PASS_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Door:
    """What lies behind codes of one purpose.

    `check` takes the inner key of the class session and the instant, and raises Refusal while the door is shut;
    `counts` tells how many have gone through, of how many; `endpoint` is the page that takes `ticket`.
    """

    check: Callable[[int, datetime], None]
    counts: Callable[[int], tuple[int, int]]
    endpoint: str


@dataclass(frozen=True, slots=True)
class Pass:
    """Somebody known by name, at the door of one class session, in one browser."""

    session: str
    learner: str
    browser_hash: bytes
    at: datetime


_doors: dict[str, Door] = {}


def open_door(purpose: str, door: Door) -> None:
    """Register what lies behind the codes of a purpose."""
    _doors[purpose] = door


def door_for(purpose: str) -> Door | None:
    """The door behind codes of this purpose, if some room has opened one."""
    return _doors.get(purpose)


def seal_pass(given: Pass, purpose: str, secret: str | bytes) -> str:
    """The pass as text for an address; it opens within ten minutes, in the same browser."""
    value = {
        "s": given.session,
        "l": given.learner,
        "b": given.browser_hash.hex(),
        "t": round(given.at.timestamp() * 1000),
    }
    return signing.Signer(secret, f"door.{purpose}").sign(value, given.at + PASS_LIFETIME)


def read_pass(text: str, purpose: str, secret: str | bytes, now: datetime, browser_token: str | None) -> Pass:
    """The pass, if it was sealed here for this browser and is not over.

    Raises signing.SignatureExpired, or signing.BadSignature for any other fault.
    """
    value = signing.Signer(secret, f"door.{purpose}").open(text, now)
    browser_hash = bytes.fromhex(value["b"])
    if not browser_token or not signing.same(browser_hash, signing.token_hash(browser_token)):
        raise signing.BadSignature
    return Pass(value["s"], value["l"], browser_hash, datetime.fromtimestamp(value["t"] / 1000, UTC))
