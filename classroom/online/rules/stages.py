"""Where an import stands between being asked for and its end. Pure."""

from collections.abc import Mapping
from typing import Any


def stage_of(state: str, outcome: Mapping[str, Any]) -> str:
    """What a job has still to do, so that a page can say what is true if that job broke off; "" at an end.

    "writing": nothing counts yet; "settling": it counts, what follows is not done; "waiting": an undo took nothing back
    yet; "undoing": it took back a part.
    """
    if state == "running":
        return "writing"
    if state == "confirmed" and not outcome.get("settled"):
        return "settling"
    if state == "undoing":
        return "undoing" if outcome.get("taking_back") else "waiting"
    return ""
