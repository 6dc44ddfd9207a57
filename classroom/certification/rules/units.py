"""Units are free text: which spellings may mean the same one. Suggestions for a person, never decisions."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from classroom.core.names import fold

_SHORT = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "so khcn": "so khoa hoc va cong nghe",
    "khcn": "khoa hoc va cong nghe",
    "kh cn": "khoa hoc va cong nghe",
    "tp": "thanh pho",
    "tt": "thi tran",
    "thcs": "trung hoc co so",
    "thpt": "trung hoc pho thong",
    "p": "phuong",
    "x": "xa",
}
_ABBREVIATIONS = re.compile(rf"\b({'|'.join(sorted(_SHORT, key=len, reverse=True))})\b")
_SHORTEST_SLIP = 8
"""Shorter names that differ by a letter are often two units: xã Nghi Phú, xã Nghi Phù."""


def plain_unit(unit: str) -> str:
    """The unit without case, marks, punctuation and the usual abbreviations."""
    bare = " ".join(re.sub(r"[^a-z0-9]+", " ", fold(unit)).split())
    return _ABBREVIATIONS.sub(lambda found: _SHORT[found[1]], bare)


def canonical(unit_fold: str, aliases: Mapping[str, str]) -> str:
    """The folded unit under which this spelling is handed out."""
    return fold(aliases[unit_fold]) if unit_fold in aliases else unit_fold


def alike(units: Iterable[str]) -> list[list[str]]:
    """Groups of two or more spellings that read the same, or differ by one letter that is missing or another one."""
    by_plain: dict[str, list[str]] = defaultdict(list)
    for unit in units:
        by_plain[plain_unit(unit)].append(unit)
    leader = {plain: plain for plain in by_plain}

    def head(plain: str) -> str:
        while leader[plain] != plain:
            plain = leader[plain]
        return plain

    seen: dict[str, str] = {}
    for plain in sorted(by_plain):
        for trace in _traces(plain):
            if trace in seen and _same_numbers(plain, seen[trace]):
                leader[head(plain)] = head(seen[trace])
            seen.setdefault(trace, plain)
    groups: dict[str, list[str]] = defaultdict(list)
    for plain, spellings in by_plain.items():
        groups[head(plain)] += spellings
    return sorted((sorted(group) for group in groups.values() if len(group) > 1), key=lambda group: group[0])


def _traces(plain: str) -> set[str]:
    """The name and all names that it becomes when a letter is left out: slips share one of them."""
    if len(plain) < _SHORTEST_SLIP:
        return {plain}
    return {plain, *(plain[:at] + plain[at + 1 :] for at in range(len(plain)))}


def _same_numbers(one: str, other: str) -> bool:
    """Khối 3 and khối 4 are no slip."""
    return re.findall(r"\d+", one) == re.findall(r"\d+", other)
