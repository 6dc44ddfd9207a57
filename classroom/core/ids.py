"""Identifiers that may be shown: random, unguessable by counting, easy to read out."""

import os
import secrets
from collections.abc import Container

#: Crockford base 32: no I, L, O, U, so that nothing is misread.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PUBLIC_ID_LENGTH = 12
_DRAWS = 50
#: 32 characters go eight times into the values of a byte: each stays as likely as any other.
_OF_BYTE = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))


def public_id() -> str:
    """A fresh 60-bit identifier of 12 characters for URLs, QR codes and exports."""
    return os.urandom(PUBLIC_ID_LENGTH).translate(_OF_BYTE).decode("ascii")


def is_public_id(text: str) -> bool:
    """Whether `text` could be one of ours; anything else need not be looked up."""
    return len(text) == PUBLIC_ID_LENGTH and all(c in ALPHABET for c in text)


def free_digits(taken: Container[str]) -> str | None:
    """Six random digits that are not in use, for a device that shows them; None when hardly any are left."""
    drawn = (f"{secrets.randbelow(1_000_000):06d}" for _ in range(_DRAWS))
    return next((digits for digits in drawn if digits not in taken), None)
