"""Passwords as they are kept: Argon2id over the composed form."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from classroom.accounts.rules import LONGEST_PASSWORD, comparable

#: Above the floor of OWASP (19 MiB, 2 passes); a roomful of sign-ins must still fit into one worker's memory.
HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
#: Verified against when there is no such account, so that the answer takes as long.
NOBODY = HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """A salted hash with its parameters."""
    return HASHER.hash(comparable(password))


def matches(hashed: str, password: str) -> bool:
    """Whether this is the password; one that could never have been set costs the same time and is not."""
    try:
        return HASHER.verify(hashed, comparable(password[: LONGEST_PASSWORD + 1]))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(hashed: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(hashed)
