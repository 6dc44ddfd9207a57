"""Whose record this is: candidates found by what they share, judged by the evidence, never chosen by chance. Pure."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from classroom.online.rules.blocks import Blocks
from classroom.online.rules.evidence import Doubt, Verdict, best, compare, judge
from classroom.online.rules.faces import Face, Rarity

#: How many candidates a case shows.
CANDIDATES = 10
_BY_CONTACT = ("phone", "email")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A learner who may be the one, and why."""

    learner: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a record: linked to `learner`, asked about because of `doubt`, or a person of its own."""

    learner: int | None = None
    how: str = ""
    doubt: Doubt | None = None
    candidates: tuple[Candidate, ...] = ()

    @property
    def rank(self) -> int:
        """Cases that are quick to decide come first: few candidates, a plain reason, a high score."""
        if self.doubt is None or not self.candidates:
            return 0
        order = list(Doubt).index(self.doubt)
        return order * 1000 + min(len(self.candidates), 9) * 100 + 99 - min(self.candidates[0].verdict.score, 99)


@dataclass(frozen=True, slots=True)
class Asked:
    """A record whose learner is looked for; `doubled`: another account of its intake shows one name and contact."""

    face: Face
    intake: int
    #: To whom we issued the account, if we did.
    account_of: int | None = None
    doubled: bool = False
    #: Learners who are known not to be the one.
    denied: Collection[int] = ()


def rarity_of(names: Iterable[str]) -> Rarity:
    """Weights of syllables, by how many of these folded names have them."""
    counts: Counter[str] = Counter()
    total = 0
    for name in names:
        total += 1
        counts.update(set(name.split()))
    rare = 1 + math.log(max(total, 2))
    return Rarity({each: 1 + math.log(max(total, 2) / count) for each, count in counts.items()}, rare)


@dataclass
class Population:
    """Everybody who may be meant, found by number, contact, birth and name without looking at all of them."""

    rarity: Rarity
    faces: dict[int, list[Face]] = field(default_factory=dict)
    #: In which intakes a learner has a record already.
    intakes: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    _blocks: Blocks = field(init=False)

    def __post_init__(self) -> None:
        self._blocks = Blocks(self.faces)

    def add(self, learner: int, face: Face) -> None:
        """Add what one place says of a learner."""
        known = self.faces.setdefault(learner, [])
        if face not in known:
            known.append(face)
            self._blocks.add(learner, face)

    def remove(self, learner: int) -> None:
        """Forget a learner who counts no longer, or whose facts changed."""
        for face in self.faces.pop(learner, ()):
            self._blocks.remove(learner, face)

    def near(self, face: Face) -> set[int]:
        """Learners who share something that may matter."""
        return self._blocks.near(face)

    def holder(self, id_number: str) -> bool:
        """Whether somebody's own facts or records show this number."""
        return bool(id_number) and self._blocks.holds(("number", id_number))


def decide(asked: Asked, population: Population, only: Collection[int] | None = None) -> Decision:
    """Link, ask or neither; `only` narrows who may be meant."""
    claims = list(_claims(asked, population, only))
    links = [one for one in claims if one.verdict.how]
    doubt = _doubt_about(links[0], claims, asked, population) if len(links) == 1 else None
    if len(links) == 1 and doubt is None:
        return Decision(links[0].learner, links[0].verdict.how, candidates=(links[0],))
    if not claims:
        return Decision()
    reason = Doubt.SEVERAL if len(links) > 1 else doubt
    ranked = tuple(sorted(claims, key=_order)[:CANDIDATES])
    return Decision(doubt=reason or ranked[0].verdict.doubt, candidates=ranked)


def similarity(face: Face, population: Population, count: int = CANDIDATES) -> list[Candidate]:
    """Learners who are like this record, whatever may be decided about them: for a search by hand."""
    found = [Candidate(key, verdict_on(Asked(face, 0), key, population)) for key in population.near(face)]
    return sorted(found, key=_order)[:count]


def _claims(asked: Asked, population: Population, only: Collection[int] | None) -> Iterator[Candidate]:
    near = population.near(asked.face)
    if asked.account_of is not None and asked.account_of in population.faces:
        near.add(asked.account_of)
    for learner in near:
        if learner in asked.denied or (only is not None and learner not in only):
            continue
        verdict = verdict_on(asked, learner, population)
        if verdict.how or verdict.doubt:
            yield Candidate(learner, verdict)


def verdict_on(asked: Asked, learner: int, population: Population) -> Verdict:
    """What speaks for a learner and against, whoever else may be meant; nothing for one who counts no longer."""
    if learner not in population.faces:
        return Verdict()
    ours = asked.account_of == learner
    return best(
        [judge(compare(asked.face, face, population.rarity, account=ours)) for face in population.faces[learner]]
    )


def _doubt_about(link: Candidate, claims: Sequence[Candidate], asked: Asked, population: Population) -> Doubt | None:
    """Whether somebody else speaks against the one link, or another account of the same intake."""
    others = [one.verdict for one in claims if one.learner != link.learner]
    if any(one.numbered for one in others):
        return Doubt.SEVERAL
    if link.verdict.how not in _BY_CONTACT:
        return None
    if any(one.named for one in others):
        return Doubt.SEVERAL
    return Doubt.SECOND_ACCOUNT if asked.doubled or asked.intake in population.intakes[link.learner] else None


def _order(one: Candidate) -> tuple[bool, int, int]:
    return not one.verdict.how, -one.verdict.score, one.learner


def doubled_accounts(people: Mapping[int, tuple[int, Face]]) -> set[int]:
    """Keys of records of one intake that show one name and one contact: two accounts of one person, or twins."""
    seen: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for key, (intake, face) in people.items():
        for contact in (face.phone, face.email):
            if contact:
                seen[(intake, contact, face.name_key)].append(key)
    return {key for keys in seen.values() if len(keys) > 1 for key in keys}


__all__ = [
    "CANDIDATES",
    "Asked",
    "Candidate",
    "Decision",
    "Population",
    "decide",
    "doubled_accounts",
    "rarity_of",
    "similarity",
    "verdict_on",
]
