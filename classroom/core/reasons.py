"""A reason in a person's own words, with a code in front where the machine wrote it; pages say the code in words."""

#: The row changed because two learners were made one.
MERGED = "learner.merged"
_CODES = (MERGED,)
_LONGEST = 300


def coded(code: str, reason: str) -> str:
    """The reason as it is kept; whatever code it had already falls away."""
    return f"{code}: {uncoded(reason)[1]}"[:_LONGEST]


def uncoded(kept: str) -> tuple[str, str]:
    """The code, empty for most, and the person's own words."""
    code, _, reason = kept.partition(": ")
    return (code, reason) if code in _CODES else ("", kept)
