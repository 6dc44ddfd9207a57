"""What a coordinator types about marks: points to add or to take, what is decided about a question, late answers."""

from collections.abc import Mapping
from decimal import Decimal

from classroom.core.errors import Invalid
from classroom.exams.rules.kinds import number_in
from classroom.exams.rules.marking import Action


def points_from(form: Mapping[str, str]) -> Decimal:
    """Points as a person writes them, 0,5 or -1; raises Invalid `adjustment.not_points`."""
    points = number_in(form.get("points", "").strip().removeprefix("+"))
    if points is None:
        raise Invalid("adjustment.not_points")
    return points


def seen_from(form: Mapping[str, str]) -> Decimal | None:
    """The mark that the page showed; None where it says nothing that can be read."""
    return number_in(form.get("seen", ""))


def ruling_from(form: Mapping[str, str]) -> tuple[str, int | None]:
    """The action, and the number of the version whose key shall count: `rekey-3`, `full`, `drop`, `none`.

    Raises Invalid `ruling.action`.
    """
    action, _, number = form.get("action", "").partition("-")
    if action not in set(Action) or (action == Action.REKEY and not (number.isascii() and number.isdigit())):
        raise Invalid("ruling.action")
    return action, int(number[:6]) if action == Action.REKEY else None


def strays_from(chosen: list[str]) -> list[int]:
    """Keys of the chosen late answers; raises Invalid `attempt.no_answer_chosen` where none is."""
    keys = [int(each) for each in chosen if each.isascii() and each.isdigit() and len(each) < 16]
    if not keys:
        raise Invalid("attempt.no_answer_chosen")
    return keys
