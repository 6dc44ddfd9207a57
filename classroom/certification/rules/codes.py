"""Codes by which anybody may ask whether a certificate is what it says."""

from typing import Final

from classroom.core.ids import ALPHABET, PUBLIC_ID_LENGTH, is_public_id, public_id
from classroom.core.signing import base32_clean

LENGTH: Final = PUBLIC_ID_LENGTH + 1
_GROUP: Final = 4
_FIELD, _OVERFLOW = 0b100101, 0b100000
"""x⁵ + x² + 1, by which 2 runs through all 31 nonzero elements of the field of 32."""
_SEPARATORS = str.maketrans("", "", " \t\r\n\u00a0-–—.")
"""What people type between the groups, and what programs make of it."""


def new_code() -> str:
    """60 random bits in Crockford base 32 and a character that checks them."""
    drawn = public_id()
    return drawn + check_character(drawn)


def parse_code(text: str) -> str | None:
    """The code that somebody typed or a camera read; None where no code of ours is written like that.

    Case, spaces and hyphens do not matter, and O, I, L read as 0, 1, 1.
    """
    code = base32_clean(text.translate(_SEPARATORS))
    if len(code) != LENGTH or not is_public_id(code[:-1]):
        return None
    return code if check_character(code[:-1]) == code[-1] else None


def shown_code(code: str) -> str:
    """The code as it is printed, in groups that one can read out: ABCD-EFGH-JKMN-P."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def check_character(body: str) -> str:
    """The last character: a sum over the field of 32 elements with another weight at each place.

    Every place has a weight of its own, so no single wrong character and no two exchanged ones go unnoticed.
    """
    total = 0
    for character in body:
        total = _doubled(total ^ ALPHABET.index(character))
    return ALPHABET[total]


def _doubled(element: int) -> int:
    element <<= 1
    return element ^ _FIELD if element & _OVERFLOW else element
