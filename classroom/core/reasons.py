"""A reason in a person's own words, with a code in front where the machine wrote it; pages say the code in words."""

#: The row changed because two learners were made one.
MERGED = "learner.merged"
#: The place of somebody who walked in was not accepted; no words of a person follow.
WALK_IN_REMOVED = "walk_in.removed"
#: What stands in place of the name of a person who was erased.
NEUTRAL = "Học viên đã xóa"
_CODES = (MERGED, WALK_IN_REMOVED)
#: What stood in place of a code before there was one.
_FORMER = {"ghi danh tại chỗ không được nhận": WALK_IN_REMOVED}
_LONGEST = 300


def coded(code: str, reason: str) -> str:
    """The reason as it is kept; whatever code it had already falls away."""
    return f"{code}: {uncoded(reason)[1]}"[:_LONGEST]


def uncoded(kept: str) -> tuple[str, str]:
    """The code, empty for most, and the person's own words."""
    if former := _FORMER.get(kept):
        return former, ""
    code, _, reason = kept.partition(": ")
    return (code, reason) if code in _CODES else ("", kept)
