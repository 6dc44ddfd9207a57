"""What the pages of a sitting send, as values."""

from typing import Any

from classroom.core.errors import Invalid
from classroom.exams.services.extending import MOST_MINUTES

#: Offered at one tap; any other number is typed.
USUAL_MINUTES = (5, 10, 15)


def minutes_from(form: Any) -> int:
    """Minutes typed, else those chosen; raises Invalid for what is no number."""
    return _whole(form.get("typed_minutes", "").strip() or form.get("minutes", ""), least=1)


def extra_minutes_from(form: Any) -> int:
    """Minutes more for somebody who is let in; none where nothing is written."""
    return _whole(form.get("extra_minutes", "").strip() or "0", least=0)


def strays_from(form: Any) -> list[int]:
    """The keys of the late answers that were ticked."""
    return [int(text) for text in form.getlist("stray") if text.isascii() and text.isdigit() and len(text) < 19]


def _whole(text: str, *, least: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 3:
        raise Invalid("sitting.minutes", least=least, most=MOST_MINUTES)
    return int(text)
