"""What is keyed in of a paper that was answered by pen, as values."""

from typing import Any

from classroom.exams.services.by_pen import Sheet

MOST_QUESTIONS = 200


def sheet_from(form: Any) -> Sheet:
    """The form's code and the fields a0, a1, … in their order."""
    count = sum(1 for name in form if name[:1] == "a" and _is_place(name[1:]))
    return Sheet(form.get("form", ""), tuple(_clean(form.get(f"a{place}", "")) for place in range(count)))


def round_from(form: Any) -> int:
    """Which of the two entries; 0 for what is neither."""
    return {"1": 1, "2": 2}.get(form.get("round", ""), 0)


def decided_from(form: Any) -> dict[int, str]:
    """By place from 0, what the paper says: what was typed anew, else the entry that was chosen."""
    places = [int(name[1:]) for name in form if name[:1] == "c" and _is_place(name[1:])]
    return {place: text for place in places if (text := _decided(form, place)) is not None}


def _decided(form: Any, place: int) -> str | None:
    choice = form.get(f"c{place}", "")
    if choice == "other":
        return _clean(form.get(f"t{place}", ""))
    return _clean(form.get(f"{choice}{place}", "")) if choice in {"first", "second"} else None


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4 and int(text) < MOST_QUESTIONS * 2


def _clean(text: str) -> str:
    return text.strip()
