"""Learner codes: eight characters that survive handwriting, the last one checks the others."""

import random
import re

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def make_learner_code(rng: random.Random) -> str:
    """Draw a code from `rng`, which must be `random.SystemRandom` wherever codes are kept."""
    body = [rng.randrange(32) for _ in range(_LENGTH - 1)]
    return "".join(_ALPHABET[value] for value in [*body, _times_alpha(_remainder(body))])


def normalise_learner_code(typed: str) -> str:
    """Undo what hands and keyboards do to a code: spaces, hyphens, small letters, O for 0, I or L for 1."""
    return re.sub(r"[\s\-.]+", "", typed).upper().translate(_LOOKALIKES)


def is_learner_code(typed: str) -> bool:
    """Check a code; any one wrong character and any two exchanged ones are noticed."""
    code = normalise_learner_code(typed)
    if len(code) != _LENGTH or any(c not in _ALPHABET for c in code):
        return False
    return _remainder([_ALPHABET.index(c) for c in code]) == 0


def _remainder(values: list[int]) -> int:
    """Evaluate the characters as a polynomial over the field of 32 elements (x⁵ + x² + 1)."""
    total = 0
    for value in values:
        total = _times_alpha(total) ^ value
    return total


def _times_alpha(value: int) -> int:
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 32 else doubled
