"""Room codes: what a screen shows in its QR, and what a phone may bring back."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from classroom.core import signing
from classroom.core.ids import PUBLIC_ID_LENGTH

#: How many earlier codes a slow phone may still bring.
EARLIER_ACCEPTED = 2
_MAC_BYTES = 10
_MAC_LENGTH = 16
_BUCKET_LENGTH = 7
_LONGEST_TEXT = 80
_DIGIT = "[0-9A-HJKMNP-TV-Z]"
_LINK_CODE = re.compile(
    rf"({_DIGIT}{{{PUBLIC_ID_LENGTH}}})\.([IOST])({_DIGIT}{{{_BUCKET_LENGTH}}})\.({_DIGIT}{{{_MAC_LENGTH}}})"
)
_POSTER_CODE = re.compile(rf"({_DIGIT}{{{PUBLIC_ID_LENGTH}}})\.F\.({_DIGIT}{{{_MAC_LENGTH}}})")


class Purpose(StrEnum):
    """What a code is good for; a code of one purpose is worthless for another."""

    IN = "in"
    OUT = "out"
    SPOT = "spot"
    TEST = "test"


_LETTERS = {Purpose.IN: "I", Purpose.OUT: "O", Purpose.SPOT: "S", Purpose.TEST: "T"}
_PURPOSES = {letter: purpose for purpose, letter in _LETTERS.items()}


@dataclass(frozen=True, slots=True)
class RoomCode:
    """A code as it reads, not yet judged; `bucket` is None for the fixed code of a poster."""

    session: str
    purpose: Purpose
    bucket: int | None
    mac: str

    @property
    def is_fixed(self) -> bool:
        """Whether it comes from a printed poster."""
        return self.bucket is None


class CodeVerdict(StrEnum):
    """What the server thinks of a code; `value` is the end of the refusal's code."""

    OK = "ok"
    EXPIRED = "expired"
    FUTURE = "future"
    WRONG_PURPOSE = "wrong_purpose"
    FORGED = "forged"

    @property
    def refusal(self) -> str | None:
        """The refusal's code, or None if there is nothing to refuse."""
        return None if self is CodeVerdict.OK else f"code.{self.value}"


@dataclass(frozen=True, slots=True)
class ShownCode:
    """One code of a screen's supply: shown in [`shown_from`, `shown_until`), in UTC."""

    text: str
    shown_from: datetime
    shown_until: datetime


def bucket_of(at: datetime, period: int) -> int:
    """The number of the stretch of `period` seconds in which the instant lies."""
    return int(at.timestamp()) // period


def bucket_start(bucket: int, period: int) -> datetime:
    """The first instant of a bucket."""
    return datetime.fromtimestamp(bucket * period, UTC)


def room_code(secret: bytes, session_public_id: str, purpose: Purpose, bucket: int) -> str:
    """The code of one bucket: `SESSION.IBBBBBBB.MAC`, 80 bits of mac, all of it fit for a small QR."""
    number = signing.base32_number(bucket, _BUCKET_LENGTH)
    return f"{session_public_id}.{_LETTERS[purpose]}{number}.{_seal(secret, purpose, session_public_id, bucket)}"


def fixed_code(secret: bytes, session_public_id: str) -> str:
    """The code of a class session's poster: for coming in, valid as long as check-in is open."""
    return f"{session_public_id}.F.{_seal(secret, 'fixed', session_public_id)}"


def parse_room_code(text: str) -> RoomCode | None:
    """Read a code from a link, rotating or fixed, in any case; anything else is None."""
    if len(text) > _LONGEST_TEXT or not text.isascii():
        return None
    text = text.strip().upper()
    if found := _LINK_CODE.fullmatch(text):
        session, letter, bucket, mac = found.groups()
        return RoomCode(session, _PURPOSES[letter], signing.base32_value(bucket), mac)
    if found := _POSTER_CODE.fullmatch(text):
        return RoomCode(found[1], Purpose.IN, None, found[2])
    return None


def judge_room_code(
    code: RoomCode, secret: bytes, now: datetime, period: int, purpose: Purpose = Purpose.IN
) -> CodeVerdict:
    """Judge a code by the server's clock: this bucket and the two before it are good, later ones never.

    The mac is judged first, so that a forger learns nothing about the rest. A renewed secret makes all
    earlier codes `FORGED`.
    """
    if not signing.same(code.mac, _expected_mac(code, secret)):
        return CodeVerdict.FORGED
    if code.purpose is not purpose:
        return CodeVerdict.WRONG_PURPOSE
    if code.bucket is None:
        return CodeVerdict.OK
    age = bucket_of(now, period) - code.bucket
    if age < 0:
        return CodeVerdict.FUTURE
    return CodeVerdict.OK if age <= EARLIER_ACCEPTED else CodeVerdict.EXPIRED


def codes_ahead(
    secret: bytes, session_public_id: str, purpose: Purpose, now: datetime, period: int, ahead: timedelta
) -> list[ShownCode]:
    """What a paired screen gets: the code of now and those until `now + ahead`, without a gap."""
    buckets = range(bucket_of(now, period), bucket_of(now + ahead, period) + 1)
    return [
        ShownCode(
            room_code(secret, session_public_id, purpose, bucket),
            bucket_start(bucket, period),
            bucket_start(bucket + 1, period),
        )
        for bucket in buckets
    ]


def qr_link(base_url: str, code: str) -> str:
    """The link in the QR: scheme in lower case, the rest in capitals, which a QR holds in 5½ bits each.

    Version 4 at level M takes host names of up to 22 characters. `base_url` is scheme and host, with a port
    at most; a path in it is kept as it is.
    """
    parts = urlsplit(base_url)
    door = "F" if ".F." in code else "A"
    return f"{parts.scheme.lower()}://{parts.netloc.upper()}{parts.path.rstrip('/')}/{door}/{code}"


def _expected_mac(code: RoomCode, secret: bytes) -> str:
    if code.bucket is None:
        return _seal(secret, "fixed", code.session)
    return _seal(secret, code.purpose, code.session, code.bucket)


def _seal(secret: bytes, purpose: str, *parts: str | int) -> str:
    return signing.base32_encode(signing.mac(secret, "room code", purpose, *parts)[:_MAC_BYTES])
