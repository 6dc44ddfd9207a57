"""What a page calls the parts of a question. Their own ids would tell: both sides of a pair share one, things to put in
order are numbered as they belong, and a right option is often written first. So pages count what they show, in the
order in which they show it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classroom.exams.rules.answers import Answer


@dataclass(frozen=True, slots=True)
class Mask:
    """The ids of what one item shows, in shown order: options, choices on the right or things to put in order; and the
    left sides of pairs.
    """

    options: Sequence[str] = ()
    lefts: Sequence[str] = ()

    def hide(self, answer: Answer | None) -> Answer | None:
        """An answer as the page calls its parts."""
        return None if answer is None else _with(answer, _names(self.options), _names(self.lefts))

    def reveal(self, raw: object) -> object:
        """What a page sent, by the ids of the question; a name that the page never gave becomes the id of nothing."""
        if not isinstance(raw, Mapping):
            return raw
        return _with(raw, _back(self.options), _back(self.lefts))


def names(shown: Sequence[Any]) -> list[str]:
    """What a page calls the parts it shows: 1, 2, 3 …"""
    return [str(place) for place in range(1, len(shown) + 1)]


def _names(ids: Sequence[str]) -> dict[str, str]:
    return dict(zip(ids, names(ids), strict=True))


def _back(ids: Sequence[str]) -> dict[str, str]:
    return dict(zip(names(ids), ids, strict=True))


def _with(answer: Mapping[str, Any], options: Mapping[str, str], lefts: Mapping[str, str]) -> dict[str, Any]:
    made = dict(answer)
    if made.get("choice") is not None:
        made["choice"] = _one(made["choice"], options)
    for several in ("choices", "order"):
        if isinstance(made.get(several), list):
            made[several] = [_one(each, options) for each in made[several]]
    if isinstance(made.get("pairs"), Mapping):
        made["pairs"] = {
            _one(left, lefts): None if right is None else _one(right, options) for left, right in made["pairs"].items()
        }
    return made


def _one(value: object, known: Mapping[str, str]) -> str:
    return known.get(value, "") if isinstance(value, str) else ""
