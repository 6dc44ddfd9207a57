"""Find the learner who is claimed; wrong tries are counted for the claim, so that nobody can guess four digits."""

from typing import Any

from classroom.core import throttle
from classroom.core.errors import Refusal
from classroom.core.signing import same
from classroom.portal.queries import claimed
from classroom.portal.rules import (
    ADDRESS_WINDOW,
    CLAIM_WINDOW,
    TRIES_PER_ADDRESS,
    TRIES_PER_CLAIM,
    read_claim,
)


class TooManyTries(Refusal):
    """So many tries that the answer is no longer looked for."""

    status = 429


def find_person(typed: str, digits: str, address: str) -> Any:
    """The one learner whose code or account and digits these are, else None: unknown and wrong are answered alike.

    Every try is counted before it is looked at, so that tries at the same moment see each other; a right one starts
    the count of its claim anew. Raises TooManyTries.
    """
    claim = read_claim(typed, digits)
    whole = throttle.hit("me.address", address, ADDRESS_WINDOW)
    tried = throttle.hit("me.claim", claim.key, CLAIM_WINDOW)
    if whole > TRIES_PER_ADDRESS or tried > TRIES_PER_CLAIM:
        raise TooManyTries("portal.too_many")
    people = claimed(claim)
    right = [each for each in people if _is_right(each, claim.digits)]
    if len(right) != 1:
        return None
    throttle.forget("me.claim", claim.key)
    return right[0]


def _is_right(one: Any, digits: str) -> bool:
    """Both numbers are looked at, whatever the first one says."""
    phone, id_number = (len(number) >= 9 and same(number[-4:], digits) for number in (one.phone, one.id_number))
    return phone or id_number
