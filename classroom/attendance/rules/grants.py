"""Grants: what a phone holds after it opened a good code – proof of having been in the room just then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from classroom.attendance.rules.codes import Purpose
from classroom.attendance.rules.sources import Source
from classroom.core import signing
from classroom.core.errors import Refusal

GRANT_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Grant:
    """Good for one browser, one class session and one purpose; `scanned_at` becomes the time of the mark."""

    nonce: str
    session: str
    purpose: Purpose
    source: Source
    scanned_at: datetime
    browser_hash: bytes

    @property
    def expires_at(self) -> datetime:
        """Ten minutes after the scan; from that instant on the grant is void."""
        return self.scanned_at + GRANT_LIFETIME

    @property
    def machine_number(self) -> int:
        """The three digits that the page shows and the board repeats; equal for the same grant."""
        return next(machine_numbers(self.nonce))


def new_grant(session: str, purpose: Purpose, source: Source, scanned_at: datetime, browser_token: str) -> Grant:
    """A grant for the browser that holds this cookie; time is kept in milliseconds."""
    at = scanned_at.replace(microsecond=scanned_at.microsecond // 1000 * 1000)
    return Grant(signing.random_token(), session, purpose, source, at, signing.token_hash(browser_token))


def seal_grant(grant: Grant, secret: str | bytes) -> str:
    """The grant as text for a hidden field; it also serves as the page's proof against forged requests."""
    value = {
        "n": grant.nonce,
        "s": grant.session,
        "p": grant.purpose,
        "k": grant.source,
        "t": round(grant.scanned_at.timestamp() * 1000),
        "b": grant.browser_hash.hex(),
    }
    return _signer(secret).sign(value, grant.expires_at)


def open_grant(text: str, secret: str | bytes, now: datetime, browser_token: str | None) -> Grant:
    """The grant, if this server sealed it for this browser and it is not yet over.

    Raises Refusal `grant.expired`, `grant.invalid` (not ours, or damaged) or `grant.other_browser` (the
    cookie is missing or another one).
    """
    try:
        value = _signer(secret).open(text, now)
    except signing.SignatureExpired:
        raise Refusal("grant.expired") from None
    except signing.BadSignature:
        raise Refusal("grant.invalid") from None
    grant = Grant(
        value["n"],
        value["s"],
        Purpose(value["p"]),
        Source(value["k"]),
        datetime.fromtimestamp(value["t"] / 1000, UTC),
        bytes.fromhex(value["b"]),
    )
    if not browser_token or not signing.same(grant.browser_hash, signing.token_hash(browser_token)):
        raise Refusal("grant.other_browser")
    return grant


def machine_numbers(nonce: str) -> Iterator[int]:
    """Numbers from 100 to 999 to read out to the trainer: the page's own, then others should it be in use."""
    first = int.from_bytes(sha256(nonce.encode()).digest()[:8], "big")
    return (100 + (first + step) % 900 for step in range(900))


def _signer(secret: str | bytes) -> signing.Signer:
    return signing.Signer(secret, "attendance.grant")
