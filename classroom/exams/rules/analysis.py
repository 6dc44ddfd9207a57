"""What the marks of many say about the questions and the test, with the formulas of Moodle's quiz statistics.

With x an item's marks, T the totals and o = T − x, variances and covariances over n − 1. All sums are whole numbers of
hundred-thousandths of a point: a variance that is zero is exactly zero, and what is undefined is None.

Where learners drew different questions, an item is judged over the attempts that had it: x, T and o are theirs. Its
effective weight is a share of what the items of an attempt have on average, so that the weights of a drawn item and of
a fixed one compare. The consistency of the whole needs the same columns for everybody: the places of the paper (the
first question drawn by a part, the second, …), whichever question stood in them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

#: Under so many attempts figures are chance more than anything: shown with a note.
SMALL = 30
_SCALE = 100_000

Number = Decimal | float | int
Row = Sequence[Number | None]


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One question over the `n` attempts that had it; all but `n` in per cent."""

    n: int
    facility: float | None = None
    deviation: float | None = None
    discrimination: float | None = None
    efficiency: float | None = None
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """A whole test: mean, deviation and standard error in points, consistency and error ratio in per cent."""

    n: int
    items: tuple[ItemFigures, ...]
    mean: float | None = None
    median: float | None = None
    deviation: float | None = None
    skewness: float | None = None
    kurtosis: float | None = None
    consistency: float | None = None
    error_ratio: float | None = None
    standard_error: float | None = None

    @property
    def small(self) -> bool:
        """Whether there are too few attempts to lean on the figures."""
        return self.n < SMALL


def analyse(marks: Sequence[Row], most: Sequence[Number], places: Sequence[Sequence[Number]] | None = None) -> Figures:
    """Figures from the marks of each attempt, one column for each item, None where the attempt did not have it.

    `most` are the points that each item is worth. `places` are the marks of each attempt by place of the paper, needed
    for the consistency where items were drawn; without them the columns must be full for it.
    """
    rows = [[None if mark is None else _whole(mark) for mark in row] for row in marks]
    totals = [sum(mark for mark in row if mark is not None) for row in rows]
    columns = [_Column([row[item] for row in rows], totals) for item in range(len(most))]
    shares = _mean_root(columns, len(rows))
    items = tuple(column.figures(_whole(each), shares) for column, each in zip(columns, most, strict=True))
    spread = _deviation(totals)
    consistency = _consistency(_by_place(rows, places), totals)
    ratio = None if consistency is None else 100 * sqrt(max(1 - consistency / 100, 0.0))
    return Figures(
        n=len(rows),
        items=items,
        mean=_points(sum(totals) / len(totals)) if totals else None,
        median=_points(float(quantile(totals, Decimal("0.5")))) if totals else None,
        deviation=None if spread is None else _points(spread),
        skewness=_skewness(totals),
        kurtosis=_kurtosis(totals),
        consistency=consistency,
        error_ratio=ratio,
        standard_error=None if ratio is None or spread is None else ratio * _points(spread) / 100,
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """Some scores in numbers, on their own scale; the deviation over n − 1."""

    n: int
    mean: float | None = None
    median: float | None = None
    deviation: float | None = None
    least: Decimal | None = None
    most: Decimal | None = None


def summary(scores: Sequence[Decimal]) -> Summary:
    """Mean, median, deviation and ends of scores; all undefined for none, the deviation for fewer than two."""
    if not scores:
        return Summary(0)
    spread = _deviation([_whole(score) for score in scores])
    return Summary(
        n=len(scores),
        mean=float(sum(scores) / len(scores)),
        median=float(quantile(scores, Decimal("0.5"))),
        deviation=None if spread is None else _points(spread),
        least=min(scores),
        most=max(scores),
    )


def histogram(results: Iterable[tuple[Decimal, Decimal]], bins: int = 10) -> list[int]:
    """How many of these marks (mark, out of) lie in each of so many equal parts of the scale.

    A mark on the border belongs to the upper part; the full mark to the last one.
    """
    counts = [0] * bins
    for mark, out_of in results:
        if out_of:
            counts[min(int(mark * bins / out_of), bins - 1)] += 1
    return counts


def quantile(values: Iterable[Number], share: Decimal) -> Decimal:
    """The value that this share of all does not exceed, between two neighbours in proportion; there must be values."""
    ordered = sorted(Decimal(str(value)) for value in values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def five_numbers(values: Sequence[Number]) -> tuple[Decimal, ...]:
    """Least, lower quartile, median, upper quartile, greatest; empty for no values."""
    return tuple(quantile(values, Decimal(quarter) / 4) for quarter in range(5)) if values else ()


class _Column:
    """The marks of one item with the totals of those who had it."""

    def __init__(self, marks: Sequence[int | None], totals: Sequence[int]) -> None:
        had = [(mark, total) for mark, total in zip(marks, totals, strict=True) if mark is not None]
        self.marks = [mark for mark, _ in had]
        self.others = [total - mark for mark, total in had]
        self.n = len(had)
        self.with_total = covariance(self.marks, [total for _, total in had])

    @property
    def root(self) -> float | None:
        """The root of the covariance with the total; None where there is none or it is negative."""
        return None if self.with_total is None or self.with_total < 0 else sqrt(self.with_total)

    def figures(self, most: int, mean_root: float) -> ItemFigures:
        spread = _deviation(self.marks)
        together = covariance(self.marks, self.others)
        product = (covariance(self.marks, self.marks) or 0) * (covariance(self.others, self.others) or 0)
        best = covariance(sorted(self.marks), sorted(self.others))
        return ItemFigures(
            n=self.n,
            facility=100 * sum(self.marks) / (self.n * most) if self.n and most else None,
            deviation=100 * spread / most if spread is not None and most else None,
            discrimination=100 * together / sqrt(product) if together is not None and product else None,
            efficiency=100 * together / best if together is not None and best else None,
            weight=100 * self.root / mean_root if self.root is not None and mean_root else None,
        )


def covariance(one: Sequence[int], other: Sequence[int]) -> float | None:
    """Over n − 1; exactly zero where it is zero, None for fewer than two."""
    n = len(one)
    if n < 2:
        return None
    products = sum(x * y for x, y in zip(one, other, strict=True))
    return (n * products - sum(one) * sum(other)) / (n * (n - 1))


def _mean_root(columns: Sequence[_Column], n: int) -> float:
    """What the roots of an attempt's items add up to on average."""
    return sum((column.root or 0) * column.n for column in columns) / n if n else 0.0


def _by_place(
    rows: Sequence[Sequence[int | None]], places: Sequence[Sequence[Number]] | None
) -> list[list[int]] | None:
    if places is not None:
        return [[_whole(mark) for mark in row] for row in places]
    full = [[mark for mark in row if mark is not None] for row in rows]
    return full if all(len(some) == len(row) for some, row in zip(full, rows, strict=True)) else None


def _consistency(rows: list[list[int]] | None, totals: Sequence[int]) -> float | None:
    """The coefficient of internal consistency (Cronbach's alpha) in per cent."""
    spread = covariance(totals, totals)
    if not rows or not spread or len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
        return None
    items = len(rows[0])
    parts = sum(covariance(column, column) or 0 for column in zip(*rows, strict=True))
    return 100 * items / (items - 1) * (1 - parts / spread)


def _deviation(values: Sequence[int]) -> float | None:
    spread = covariance(values, values)
    return None if spread is None else sqrt(spread)


def _moments(values: Sequence[int]) -> tuple[float, float, float]:
    mean = sum(values) / len(values)
    second, third, fourth = (sum((value - mean) ** power for value in values) / len(values) for power in (2, 3, 4))
    return second, third, fourth


def _skewness(values: Sequence[int]) -> float | None:
    """From the k-statistics: k₃ / k₂^1.5."""
    n, spread = len(values), covariance(values, values)
    if n < 3 or not spread:
        return None
    third = _moments(values)[1]
    return n * n * third / ((n - 1) * (n - 2)) / sqrt(spread) ** 3


def _kurtosis(values: Sequence[int]) -> float | None:
    """From the k-statistics: k₄ / k₂²."""
    n, spread = len(values), covariance(values, values)
    if n < 4 or not spread:
        return None
    second, _, fourth = _moments(values)
    k4 = n * n * ((n + 1) * fourth - 3 * (n - 1) * second**2) / ((n - 1) * (n - 2) * (n - 3))
    return k4 / spread**2


def _whole(mark: Number) -> int:
    return round(mark * _SCALE)


def _points(value: float) -> float:
    return value / _SCALE
