"""Answers out of a posted form, for browsers without scripts; fields are those of `exam/_question.html`.

For the item at position 3: single, true_false, numerical, short_answer `i3`; multiple several `i3`; matching `i3-` and
the id on the left, with the id on the right; ordering `i3-` and the id, with its place counted from 1.
"""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from classroom.core.errors import Invalid
from classroom.exams.rules.kinds import Kind, option_ids

Form = MultiDict[str, str]


def answer_from_form(kind: Kind, body: Mapping[str, Any], form: Form, position: int) -> dict[str, Any] | None:
    """What was chosen or typed, for `rules.answers.clean_answer`; None where nothing was.

    Raises Invalid `answer.places` for an ordering in which a place is missing or given twice.
    """
    name = f"i{position}"
    if kind is Kind.MULTIPLE:
        chosen = form.getlist(name)
        return {"choices": chosen} if chosen else None
    if kind is Kind.MATCHING:
        pairs = {pair["id"]: right for pair in body["pairs"] if (right := form.get(f"{name}-{pair['id']}"))}
        return {"pairs": pairs} if pairs else None
    if kind is Kind.ORDERING:
        return _ordering([(each, form.get(f"{name}-{each}", "")) for each in option_ids(kind, body)])
    given = form.get(name, "")
    if not given.strip():
        return None
    if kind is Kind.SINGLE:
        return {"choice": given}
    if kind is Kind.TRUE_FALSE:
        return {"value": {"true": True, "false": False}.get(given, given)}
    return {"text": given}


def _ordering(places: list[tuple[str, str]]) -> dict[str, Any] | None:
    if not any(place for _, place in places):
        return None
    wanted = [str(number) for number in range(1, len(places) + 1)]
    at = {place: each for each, place in places}
    if sorted(at) != sorted(wanted):
        raise Invalid("answer.places", number=len(places))
    return {"order": [at[place] for place in wanted]}
