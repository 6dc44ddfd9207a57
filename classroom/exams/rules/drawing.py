"""Draw a learner's questions and their order from a seed: the same seed gives the same paper on every machine.

There is no generator of random numbers in it: things are sorted by the mac of the seed and their own key, which is a
fair shuffle and needs no promise from any library to stay the same over the years.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from classroom.core.errors import Refusal
from classroom.core.signing import mac

Key = TypeVar("Key", bound=Hashable)
SEED_BYTES = 16


@dataclass(frozen=True, slots=True)
class PoolPart:
    """One line of a paper with its questions pinned: `draw` of these versions are asked, for `points` each.

    `versions` holds pairs (question key, version key); a fixed question is a part with one of them.
    """

    draw: int
    points: Decimal
    versions: tuple[tuple[int, int], ...]

    def to_json(self) -> dict[str, Any]:
        """JSON that `from_json` reads."""
        return {"draw": self.draw, "points": str(self.points), "versions": [list(pair) for pair in self.versions]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "PoolPart":
        """A part as a sitting keeps it."""
        return cls(kept["draw"], Decimal(kept["points"]), tuple((q, v) for q, v in kept["versions"]))


@dataclass(frozen=True, slots=True)
class Shown:
    """What the drawing must know of a version: the ids that are shuffled, and whether they may be."""

    ids: tuple[str, ...] = ()
    fixed_order: bool = False
    #: An ordering question is never shown in its right order: of two orders either may come, or it would tell.
    ordering: bool = False
    #: Choices to match are written beside what they belong to: they are shuffled whatever the paper says.
    paired: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One question of an attempt, in the place where it is shown."""

    question_id: int
    version_id: int
    points: Decimal
    order: tuple[str, ...]
    part: int

    def to_json(self) -> dict[str, Any]:
        """JSON that `from_json` reads; kept in `Attempt.items`."""
        return {
            "q": self.question_id,
            "v": self.version_id,
            "p": str(self.points),
            "o": list(self.order),
            "part": self.part,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Item":
        """An item as an attempt keeps it."""
        return cls(kept["q"], kept["v"], Decimal(kept["p"]), tuple(kept["o"]), kept["part"])


def draw(
    pool: Sequence[PoolPart],
    seed: bytes,
    shown: Mapping[int, Shown],
    *,
    shuffle_questions: bool,
    shuffle_options: bool,
) -> list[Item]:
    """The items of one attempt. Fixed questions are taken first, so that none is asked twice.

    Raises Refusal `paper.too_few_questions` where a part has fewer than it must draw.
    """
    taken = {part.versions[0][0] for part in pool if len(part.versions) == 1 and part.draw == 1}
    items: list[Item] = []
    for index, part in enumerate(pool):
        for question, version in _chosen(part, index, seed, taken):
            order = _order(version, shown.get(version, Shown()), seed, shuffle=shuffle_options)
            items.append(Item(question, version, part.points, order, index))
    return shuffled(items, seed, "questions", key=lambda item: item.question_id) if shuffle_questions else items


def total(pool: Iterable[PoolPart]) -> Decimal:
    """The points of a whole attempt."""
    return sum((part.points * part.draw for part in pool), Decimal())


def shuffled(things: Sequence[Any], seed: bytes, label: str, key: Any = lambda thing: thing) -> list[Any]:
    """The things in the order that this seed gives them."""
    return sorted(things, key=lambda thing: mac(seed, label, str(key(thing))))


def _chosen(part: PoolPart, index: int, seed: bytes, taken: set[int]) -> list[tuple[int, int]]:
    if len(part.versions) == 1 and part.draw == 1:
        return list(part.versions)
    free = [pair for pair in part.versions if pair[0] not in taken]
    if len(free) < part.draw:
        raise Refusal("paper.too_few_questions", part=index + 1, needed=part.draw, found=len(free))
    drawn = shuffled(free, seed, f"part {index}")[: part.draw]
    taken.update(question for question, _ in drawn)
    return [pair for pair in part.versions if pair in drawn]


def _order(version: int, shown: Shown, seed: bytes, *, shuffle: bool) -> tuple[str, ...]:
    if shown.fixed_order or not (shuffle or shown.ordering or shown.paired):
        return shown.ids
    order = tuple(shuffled(shown.ids, seed, f"options {version}"))
    if shown.ordering and order == shown.ids and len(order) > 2:
        return (*order[1:], order[0])
    return order
