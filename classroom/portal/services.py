"""Find the learner who is claimed; wrong tries are counted for the claim, so that nobody can guess four digits."""

from datetime import datetime, timedelta
from typing import Any

from classroom.core import throttle
from classroom.core.clock import now
from classroom.core.errors import Refusal
from classroom.core.signing import same
from classroom.portal.queries import claimed
from classroom.portal.rules import (
    ADDRESS_WINDOW,
    CLAIM_WINDOW,
    DAY,
    TRIES_A_DAY,
    TRIES_FROM_EVERYWHERE,
    TRIES_PER_ADDRESS,
    TRIES_PER_CLAIM,
    WRONG_A_DAY,
    WRONG_PER_ADDRESS,
    WRONG_WINDOW,
    Claim,
    read_claim,
    site_of,
)


class TooManyTries(Refusal):
    """So many tries that the answer is no longer looked for, for as long as `wait` at most."""

    status = 429

    def __init__(self, code: str, wait: timedelta) -> None:
        super().__init__(code)
        self.wait = wait


def find_person(typed: str, digits: str, address: str) -> Any:
    """The one learner whose code or account and digits these are, else None: unknown and wrong are answered alike.

    Every try is counted before it is looked at, so that tries at the same moment see each other; a right one starts
    the counts of its claim in its network anew. Raises TooManyTries.

    Of 10,000 digits two are right: the phone's and the ID number's. 25 tries a day from one network hit them on 1 day
    in 200; the 100 from everywhere on 1 in 50 at most. To keep the owner out takes four networks, and lasts that day:
    the 100 are counted by day in UTC, and without what was refused before. Who guesses across many people hits one of
    them a day from each IPv4 address or 48 bits of IPv6: 5,000 wrong tries.
    """
    claim, at = read_claim(typed, digits), now()
    _count(claim, address, at)
    people = claimed(claim)
    right = [each for each in people if _is_right(each, claim.digits)]
    if len(right) != 1:
        return None
    for scope in ("me.claim", "me.claim.day"):
        throttle.forget(scope, claim.key_from(address))
    for scope, window, _most in _wrong():
        throttle.give_back(scope, site_of(address), window, at)
    return right[0]


def _count(claim: Claim, address: str, at: datetime) -> None:
    """What one count refuses, the later ones never see: nobody fills them from one network alone.

    A network that guesses is refused before anything is counted, so that whoever shares it keeps their own tries.
    """
    own, site = claim.key_from(address), site_of(address)
    for scope, window, most in _wrong():
        if throttle.tries(scope, site, window) >= most:
            raise TooManyTries("portal.too_many_here", window)
    for scope, key, window, most, refused in (
        ("me.address", address, ADDRESS_WINDOW, TRIES_PER_ADDRESS, "portal.too_many_here"),
        ("me.claim", own, CLAIM_WINDOW, TRIES_PER_CLAIM, "portal.too_many"),
        ("me.claim.day", own, DAY, TRIES_A_DAY, "portal.too_many_today"),
        ("me.claim.all", claim.key, DAY, TRIES_FROM_EVERYWHERE, "portal.too_many_today"),
        *((scope, site, window, most, "portal.too_many_here") for scope, window, most in _wrong()),
    ):
        if throttle.hit(scope, key, window, at) > most:
            raise TooManyTries(refused, window)


def _wrong() -> tuple[tuple[str, timedelta, int], ...]:
    """How wrong tries of a whole network are counted: scope, window, the most there may be."""
    return ("me.wrong", WRONG_WINDOW, WRONG_PER_ADDRESS), ("me.wrong.day", DAY, WRONG_A_DAY)


def _is_right(one: Any, digits: str) -> bool:
    """Both numbers are looked at, whatever the first one says."""
    phone, id_number = (len(number) >= 9 and same(number[-4:], digits) for number in (one.phone, one.id_number))
    return phone or id_number
