"""What a run of a rule would change: counts and lists, without looking at what stays."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from classroom.certification.rules.evaluation import FAIL, HELD, PASS, Decision

#: So many people of each kind of change are named on the page; a spreadsheet names all.
LISTED_AT_MOST = 200
#: In the order in which a coordinator wants to see them. "details": the same decision on other facts.
KINDS = ("to_pass", "to_fail", "to_held", "path", "reasons", "gone", "details")
_TO = {PASS: "to_pass", FAIL: "to_fail", HELD: "to_held"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision with the hash of the facts and the rule it follows from."""

    decision: Decision
    hash: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An outcome as it was last applied."""

    decision: str
    path: str
    reasons: tuple[str, ...]
    hash: str
    rule_version_id: int


@dataclass(frozen=True, slots=True)
class Difference:
    """By kind of change the learners whom it concerns, in the order of their keys; and the counts."""

    kinds: Mapping[str, list[int]]
    counts: dict[str, Any]

    @property
    def nothing(self) -> bool:
        """Whether applying it would write no row."""
        return not any(self.kinds.values())


def kind_of(before: Kept | None, after: Judged | None) -> str:
    """The kind of one learner's change; "" where nothing is to be written."""
    if after is None:
        return "gone"
    decided = after.decision
    if before is None or before.decision != decided.decision:
        return _TO[decided.decision]
    if before.path != decided.path:
        return "path"
    if before.reasons != decided.reasons:
        return "reasons"
    return "details" if before.hash != after.hash else ""


def compare(before: Mapping[int, Kept], after: Mapping[int, Judged]) -> Difference:
    """What applying `after` over `before` would do."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for learner_id in sorted(before.keys() | after.keys()):
        if kind := kind_of(before.get(learner_id), after.get(learner_id)):
            kinds[kind].append(learner_id)
    return Difference(kinds, _counts(before, after, kinds))


def _counts(before: Mapping[int, Kept], after: Mapping[int, Judged], kinds: Mapping[str, list[int]]) -> dict[str, Any]:
    decided = [each.decision for each in after.values()]
    matrix = Counter(
        f"{before[key].decision if key in before else 'new'}>{after[key].decision.decision if key in after else 'gone'}"
        for key in before.keys() | after.keys()
    )
    changed = sum(len(each) for each in kinds.values())
    return {
        "people": len(decided),
        "decisions": dict(Counter(each.decision for each in decided)),
        "paths": dict(Counter(each.path for each in decided if each.decision == PASS)),
        "reasons": dict(Counter(reason for each in decided for reason in each.reasons)),
        "matrix": dict(matrix),
        "changes": {kind: len(kinds[kind]) for kind in KINDS if kinds.get(kind)},
        "unchanged": len(before.keys() | after.keys()) - changed,
        "lists": {kind: kinds[kind][:LISTED_AT_MOST] for kind in KINDS if kinds.get(kind)},
        "facts_hash": whole_hash(after),
    }


def whole_hash(after: Mapping[int, Judged]) -> str:
    """The same facts of the same people under the same rule have the same one."""
    told = sha256()
    for learner_id in sorted(after):
        told.update(f"{learner_id}:{after[learner_id].hash};".encode())
    return told.hexdigest()
