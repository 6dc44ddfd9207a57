"""Typed codes: six characters read off the screen by somebody whose phone cannot scan.

The first two characters stay the same for as long as the register's secret does; they name the session among
those that are open, so that a wrong guess can be counted against one session and not against a whole
province. The last four (20 bits) change every 90 seconds.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from classroom.attendance.rules.codes import Purpose, ShownCode, bucket_of, bucket_start
from classroom.core import signing
from classroom.core.ids import ALPHABET

#: Shown for 90 s and accepted for 90 s more: 3 minutes from its first appearance, and never less than 90 s.
TYPED_STEP = 90
TYPED_LENGTH = 6
_PREFIX_LENGTH = 2
_DRAWS = 200


@dataclass(frozen=True, slots=True)
class TypedCandidate:
    """A class session whose typed code is on at this moment."""

    session: str
    secret: bytes
    purpose: Purpose = Purpose.IN


@dataclass(frozen=True, slots=True)
class TypedMatch:
    """The session whose code was typed, or None; `counted_against` are those a wrong guess is counted for."""

    session: str | None
    counted_against: tuple[str, ...] = ()
    purpose: Purpose = Purpose.IN


def typed_prefix(secret: bytes) -> str:
    """The two characters that begin every typed code made with this secret."""
    return _characters(signing.mac(secret, "typed prefix"), _PREFIX_LENGTH)


def typed_code(secret: bytes, bucket: int, purpose: Purpose = Purpose.IN) -> str:
    """The six characters of one 90-second bucket."""
    changing = _characters(signing.mac(secret, "typed code", purpose, bucket), TYPED_LENGTH - _PREFIX_LENGTH)
    return typed_prefix(secret) + changing


def typed_codes_ahead(secret: bytes, purpose: Purpose, now: datetime, ahead: timedelta) -> list[ShownCode]:
    """What a paired screen gets: the typed code of now and those until `now + ahead`."""
    buckets = range(bucket_of(now, TYPED_STEP), bucket_of(now + ahead, TYPED_STEP) + 1)
    return [
        ShownCode(
            typed_code(secret, bucket, purpose),
            bucket_start(bucket, TYPED_STEP),
            bucket_start(bucket + 1, TYPED_STEP),
        )
        for bucket in buckets
    ]


def fresh_secret(taken_prefixes: Collection[str] = ()) -> bytes:
    """A new secret for a register, whose prefix no other register of the day has.

    With more registers in a day than prefixes (1,024) some are shared; a code then still differs in its last
    four.
    """
    secret = signing.random_secret()
    for _ in range(_DRAWS):
        if typed_prefix(secret) not in taken_prefixes:
            break
        secret = signing.random_secret()
    return secret


def clean_typed(text: str) -> str | None:
    """The code as meant: any case, spaces, dots and dashes dropped, O, I, L read as 0, 1, 1; else None."""
    code = signing.base32_clean("".join(c for c in text if not c.isspace() and c not in "-–.·"))
    if len(code) != TYPED_LENGTH or not all(c in ALPHABET for c in code):
        return None
    return code


def match_typed(text: str, candidates: Iterable[TypedCandidate], now: datetime) -> TypedMatch:
    """Find the session whose present or last code this is.

    A code that happens to fit two sessions fits none: the next one, 90 seconds later, will tell them apart.
    """
    code = clean_typed(text)
    if code is None:
        return TypedMatch(None)
    near = [each for each in candidates if signing.same(typed_prefix(each.secret), code[:_PREFIX_LENGTH])]
    exact = [each for each in near if _fits(code, each, now)]
    if len(exact) == 1:
        return TypedMatch(exact[0].session, purpose=exact[0].purpose)
    return TypedMatch(None, () if exact else tuple(dict.fromkeys(each.session for each in near)))


def _fits(code: str, candidate: TypedCandidate, now: datetime) -> bool:
    bucket = bucket_of(now, TYPED_STEP)
    good = (typed_code(candidate.secret, each, candidate.purpose) for each in (bucket, bucket - 1))
    return any(signing.same(code, each) for each in good)


def _characters(digest: bytes, count: int) -> str:
    return signing.base32_encode(digest)[:count]
