"""What the code of a badge is, and what a scanned text says."""

import re

from classroom.core.ids import ALPHABET
from classroom.core.signing import base32_clean

LENGTH = 16
MOST_BLANKS = 80
_CODE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")
_LINK = re.compile(r"(?:^|/)b/([0-9a-z]{16})/?$", re.IGNORECASE)


def badge_path(code: str) -> str:
    """Where the QR of a badge leads, below the public address; capitals take less room in it."""
    return f"/B/{code}"


def learner_path(learner_code: str) -> str:
    """The same for a learner who has no badge yet: the learner's own code."""
    return f"/L/{learner_code}"


def parse_badge(text: str) -> str | None:
    """The code in a scanned text – a link to any host, or the code alone – or None."""
    bare = text.strip()
    found = _LINK.search(bare)
    code = base32_clean(found[1] if found else bare)
    return code if _CODE.fullmatch(code) else None
