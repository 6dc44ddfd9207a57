"""What a benchmark hands back, and how it is printed."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what was done, what came out, the floor beside it, and the goal if there is one."""

    what: str
    measured: str
    beside: str = ""
    goal: str = ""
    met: bool | None = None


def table(title: str, rows: Iterable[Row]) -> str:
    """A Markdown table under a heading."""
    lines = [f"### {title}", "", "| what | measured | beside it | goal | met |", "|---|---|---|---|---|"]
    verdicts = {True: "yes", False: "**no**", None: ""}
    lines += [f"| {row.what} | {row.measured} | {row.beside} | {row.goal} | {verdicts[row.met]} |" for row in rows]
    return "\n".join(lines)


def percentile(values: Iterable[float], percent: float) -> float:
    """The smallest value that `percent` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def spread(values: Iterable[float], digits: int = 2) -> str:
    """Median with the least and the greatest: how much to believe it."""
    all_values = list(values)
    least, middle, most = (f"{each:.{digits}f}" for each in (min(all_values), median(all_values), max(all_values)))
    return f"{middle} ({least}–{most})"
