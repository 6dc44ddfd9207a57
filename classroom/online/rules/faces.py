"""What is known of a person in one place: here, or by an online platform; and how two such names relate. Pure."""

import enum
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz.fuzz import ratio

from classroom.core.names import fold
from classroom.learners.rules import Birth, check_id_number

#: Two syllables below this much likeness (per cent) are two different ones.
_SYLLABLE = 60.0
_COMMON = 1.0
_CITIZEN, _OLD_CARD = 12, 9


class Names(enum.StrEnum):
    """How two names relate, the strongest first."""

    EQUAL = "name"
    ORDER = "name_order"
    MARKS = "name_marks"
    SIMILAR = "name_similar"
    OTHER = "other_name"
    UNKNOWN = ""


class Numbers(enum.StrEnum):
    """How two ID numbers relate."""

    SAME = "id_number"
    SAME_OLD = "old_number"
    SAME_ODD = "odd_number"
    SLIP = "id_number_slip"
    OTHER = "other_id_number"
    OTHER_ODD = "other_odd_number"
    UNKNOWN = ""


class Births(enum.StrEnum):
    """How two births relate; the year alone on one side agrees with a date of that year, but says less."""

    SAME = "birth"
    YEAR = "birth_year"
    OTHER = "other_birth"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Face:
    """Facts as one place states them; folded texts are those of `core.names.fold`."""

    name: str
    name_fold: str
    born_on: date | None = None
    birth_year: int | None = None
    id_number: str = ""
    phone: str = ""
    email: str = ""
    unit_fold: str = ""

    @property
    def syllables(self) -> list[str]:
        """The folded name, syllable by syllable."""
        return self.name_fold.split()

    @property
    def name_key(self) -> str:
        """The same for all orders of the syllables."""
        return " ".join(sorted(self.name_fold.split()))


class Rarity:
    """How much each syllable says, by the population at hand: Nguyễn says little, Vừ much."""

    def __init__(self, weights: Mapping[str, float], rare: float) -> None:
        self._weights, self._rare = weights, rare

    def of(self, syllable: str) -> float:
        """The weight of a folded syllable; at least 1."""
        return self._weights.get(syllable, self._rare)

    def of_name(self, name_fold: str) -> float:
        """The weight of a whole name, from 0 to about 1: how little one must wonder about namesakes."""
        syllables = name_fold.split()
        return min(1.0, sum(self.of(each) for each in syllables) / (3 * self._rare)) if syllables else 0.0


def compare_names(one: Face, other: Face, rarity: Rarity, alike: float = 0.8) -> Names:
    """How the names relate; `alike` is the weighted share from which they are similar."""
    if not one.name_fold or not other.name_fold:
        return Names.UNKNOWN
    if one.name_fold == other.name_fold:
        return Names.EQUAL if _marks_fit(one.name, other.name) else Names.MARKS
    mine, theirs = one.syllables, other.syllables
    if _turned(mine, theirs):
        return Names.ORDER
    return Names.SIMILAR if likeness(mine, theirs, rarity) >= alike else Names.OTHER


def likeness(mine: Sequence[str], theirs: Sequence[str], rarity: Rarity) -> float:
    """From 0 to 1, how much of two names is the same, rare syllables weighing more; their order does not matter."""
    total = sum(map(rarity.of, mine)) + sum(map(rarity.of, theirs))
    left, shared = list(theirs), 0.0
    for syllable in mine:
        best = max(left, key=lambda each: ratio(syllable, each), default="")
        share = ratio(syllable, best) if best else 0.0
        if share >= _SYLLABLE:
            left.remove(best)
            shared += (rarity.of(syllable) + rarity.of(best)) * share / 100
    return shared / total if total else 0.0


def compare_numbers(one: Face, other: Face) -> Numbers:
    """How the ID numbers relate; a citizen number and an old card's say nothing of each other."""
    mine, theirs = one.id_number, other.id_number
    if not mine or not theirs:
        return Numbers.UNKNOWN
    if mine == theirs:
        if len(mine) == _OLD_CARD:
            return Numbers.SAME_OLD
        return Numbers.SAME if is_valid(mine) else Numbers.SAME_ODD
    if _slipped(mine, theirs):
        return Numbers.SLIP
    if len(mine) != len(theirs):
        return Numbers.UNKNOWN
    sound = len(mine) == _CITIZEN and is_valid(mine, one.birth_year) and is_valid(theirs, other.birth_year)
    return Numbers.OTHER if sound else Numbers.OTHER_ODD


def is_valid(number: str, birth_year: int | None = None) -> bool:
    """Whether a number can be a citizen's: twelve digits, a known province, and the year of birth if that is known."""
    if len(number) != _CITIZEN or not (number.isascii() and number.isdigit()):
        return False
    return not check_id_number(number, Birth(birth_year) if birth_year else None, None)


def compare_births(one: Face, other: Face) -> Births:
    """How the births relate."""
    if not one.birth_year or not other.birth_year:
        return Births.UNKNOWN
    if one.born_on and other.born_on:
        return Births.SAME if one.born_on == other.born_on else Births.OTHER
    return Births.YEAR if one.birth_year == other.birth_year else Births.OTHER


def _turned(mine: list[str], theirs: list[str]) -> bool:
    """Whether one is the other with the given name put first, or with all syllables the other way round."""
    if len(mine) != len(theirs) or len(mine) < 2:
        return False
    return theirs in (mine[-1:] + mine[:-1], mine[1:] + mine[:1], mine[::-1])


def _slipped(mine: str, theirs: str) -> bool:
    """One digit another one, two neighbours swapped, or a zero lost in front."""
    if len(mine) != len(theirs):
        return mine.lstrip("0") == theirs.lstrip("0")
    places = [place for place, (a, b) in enumerate(zip(mine, theirs, strict=True)) if a != b]
    if len(places) == 1:
        return True
    return (
        len(places) == 2
        and places[1] == places[0] + 1
        and (mine[places[0]], mine[places[1]]) == (theirs[places[1]], theirs[places[0]])
    )


def _marks_fit(one: str, other: str) -> bool:
    """Whether two names of one folded form may be one name: where both write marks, they write the same ones."""
    pairs = zip(_spelled(one), _spelled(other), strict=False)
    return all(a == b or a == fold(a) or b == fold(b) for a, b in pairs)


def _spelled(name: str) -> list[str]:
    """Syllables with their marks in one order (Hoà and Hòa alike); đ and d are often taken for each other."""
    plain = unicodedata.normalize("NFC", name).casefold().replace("đ", "d")
    return ["".join(sorted(unicodedata.normalize("NFD", syllable))) for syllable in plain.split()]
