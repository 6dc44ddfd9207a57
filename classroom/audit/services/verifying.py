"""Recompute the chain and the digests, and say what does not fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from classroom.audit import queries
from classroom.audit.models import AuditSeal
from classroom.audit.queries import Link
from classroom.audit.services.recording import digest
from classroom.audit.services.sealing import ROOT, link, printed
from classroom.core.db import release

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one link of the chain, or at one entry."""

    entry_id: int
    words: str

    def __str__(self) -> str:
        return f"entry {self.entry_id}: {self.words}"


@dataclass(slots=True)
class VerifyReport:
    """What was looked at and what was found; `head` is to be compared with one that was printed earlier."""

    sealed: int = 0
    waiting: int = 0
    erased: int = 0
    head: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return not self.problems

    def __str__(self) -> str:
        verdict = "intact" if self.intact else f"{len(self.problems)} PROBLEMS"
        counts = f"{self.sealed} sealed, {self.waiting} waiting for the sealer, {self.erased} personal parts erased"
        return "\n".join([f"audit log {verdict}: {counts}; head {self.head or '-'}", *map(str, self.problems)])


def verify(known_head: str = "") -> VerifyReport:
    """Recompute every link and digest, reading only. `known_head` is one that was printed: it must still be there.

    A link that does not fit is reported once; the chain is followed from what stands there, so that each problem
    has its own line.
    """
    report = VerifyReport(waiting=queries.count_unsealed())
    before, number, wanted = ROOT, 0, known_head
    for row in _chain():
        number += 1
        if row.seal.number != number:
            _note(report, row.seal, f"{row.seal.number - number} links are missing before it")
            number = row.seal.number
        elif row.entry is None:
            _note(report, row.seal, "it is gone, its link is left")
        elif link(before, number, row.entry) != row.seal.seal:
            _note(report, row.seal, "it is not what was sealed")
        _check_payload(report, row)
        before, report.sealed, report.head = row.seal.seal, report.sealed + 1, printed(row.seal)
        wanted = "" if wanted == report.head else wanted
    for orphan in queries.orphan_payloads():
        report.problems.append(Problem(orphan, "it has a personal part that nobody vouches for"))
    if wanted:
        report.problems.append(Problem(0, f"the printed head {wanted} is not in the chain"))
    release()
    return report


def _chain() -> Iterator[Link]:
    page: Sequence[Link] = queries.chain(0, PAGE)
    while page:
        yield from page
        page = queries.chain(page[-1].seal.number, PAGE)


def _check_payload(report: VerifyReport, row: Link) -> None:
    if row.entry is None or row.entry.payload_digest is None:
        return
    if row.payload is None:
        report.erased += 1
    elif digest(row.payload.salt, row.payload.details) != row.entry.payload_digest:
        _note(report, row.seal, "its personal part was changed")


def _note(report: VerifyReport, seal: AuditSeal, words: str) -> None:
    report.problems.append(Problem(seal.entry_id, words))
