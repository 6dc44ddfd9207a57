"""Where the marks of a chart stand: drawings in units of their own box, y downwards, for pages and for paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from classroom.exams.rules.analysis import histogram

BINS = 10
#: The box of a drawing, and the room around the plot for words.
WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 48, 16, 40, 52
#: The discrimination that the lower edge of a scatter shows at least, in per cent.
LOWEST = 0
STEP = 20
#: A name beside a point: its height, and its width for a letter.
LINE, LETTER = 18, 9


@dataclass(frozen=True, slots=True)
class Bin:
    """One part of the scale: how many failed and passed with a mark in it; `low` and `high` on the paper's scale."""

    low: Decimal
    high: Decimal
    failed: int
    passed: int

    @property
    def count(self) -> int:
        """All of them."""
        return self.failed + self.passed


@dataclass(frozen=True, slots=True)
class Column:
    """A bin as it is drawn: the passed stand upon the failed."""

    bin: Bin
    x: float
    width: float
    failed_y: float
    passed_y: float
    base: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Marks on the paper's scale, with the line from which on one passes."""

    bins: tuple[Bin, ...]
    columns: tuple[Column, ...]
    #: Counts at the left: number and y.
    ticks: tuple[tuple[int, float], ...]
    pass_at: Decimal
    pass_x: float


@dataclass(frozen=True, slots=True)
class Point:
    """One question in the scatter: its number in the list, per cents, and whether something about it is odd."""

    number: int
    facility: float
    discrimination: float
    odd: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """A point as it is drawn; odd ones have their name at `label_x`, `label_y`, before or after the point."""

    point: Point
    x: float
    y: float
    label_x: float = 0.0
    label_y: float = 0.0
    label_before: bool = False


@dataclass(frozen=True, slots=True)
class Scatter:
    """Facility to the right, discrimination upwards."""

    spots: tuple[Spot, ...]
    xs: tuple[tuple[int, float], ...]
    ys: tuple[tuple[int, float], ...]


def bins_of(
    failed: Sequence[tuple[Decimal, Decimal]], passed: Sequence[tuple[Decimal, Decimal]], scale: int
) -> tuple[Bin, ...]:
    """The marks (mark, out of) of who failed and who passed, in ten equal parts of the scale."""
    below, above = histogram(failed, BINS), histogram(passed, BINS)
    edges = [Decimal(scale * place) / BINS for place in range(BINS + 1)]
    return tuple(Bin(edges[place], edges[place + 1], below[place], above[place]) for place in range(BINS))


def draw_histogram(bins: Sequence[Bin], scale: int, pass_percent: int) -> Histogram:
    """The drawing; ticks at whole numbers only."""
    most = max((each.count for each in bins), default=0)
    step = _nice(most)
    top = max(ceil(most / step) * step, step)
    base, high = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP
    width = (WIDTH - LEFT - RIGHT) / max(len(bins), 1)

    def y(count: int) -> float:
        return round(base - high * count / top, 1)

    columns = tuple(
        Column(each, round(LEFT + width * place + 2, 1), round(width - 4, 1), y(each.failed), y(each.count), base)
        for place, each in enumerate(bins)
    )
    ticks = tuple((count, y(count)) for count in range(0, top + 1, step))
    pass_x = round(LEFT + (WIDTH - LEFT - RIGHT) * pass_percent / 100, 1)
    return Histogram(tuple(bins), columns, ticks, Decimal(scale * pass_percent) / 100, pass_x)


def draw_scatter(points: Sequence[Point]) -> Scatter:
    """The drawing; names of odd questions give way to each other."""
    least = min([LOWEST, *(point.discrimination for point in points)])
    low = -ceil(-least / STEP) * STEP
    base, high, wide = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP, WIDTH - LEFT - RIGHT

    def at(point: Point) -> tuple[float, float]:
        x = LEFT + wide * point.facility / 100
        return round(x, 1), round(base - high * (point.discrimination - low) / (100 - low), 1)

    xs = tuple((per_cent, round(LEFT + wide * per_cent / 100, 1)) for per_cent in range(0, 101, STEP))
    ys = tuple((each, round(base - high * (each - low) / (100 - low), 1)) for each in range(low, 101, STEP))
    return Scatter(_spots([(point, *at(point)) for point in points]), xs, ys)


def _spots(placed: Sequence[tuple[Point, float, float]]) -> tuple[Spot, ...]:
    taken: list[tuple[float, float, float]] = []
    spots = []
    for point, x, y in sorted(placed, key=lambda each: (each[2], each[1])):
        if not point.odd:
            spots.append(Spot(point, x, y))
            continue
        length = LETTER * (len(str(point.number)) + 4)
        before = x + length + 12 > WIDTH
        start = x - 10 - length if before else x + 10
        label_y = y - 5
        while any(_meet((start, start + length, label_y), other) for other in taken):
            label_y += 4
        taken.append((start, start + length, label_y))
        spots.append(Spot(point, x, y, round(x - 10 if before else x + 10, 1), round(label_y, 1), before))
    return tuple(sorted(spots, key=lambda spot: spot.point.number))


def _meet(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    """Whether two names (left, right, y) would stand in each other."""
    return abs(one[2] - other[2]) < LINE and one[0] < other[1] and one[1] > other[0]


def _nice(most: int) -> int:
    """The step between counts: 1, 2 or 5 times a power of ten, so that there are at most six."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if most <= step * 6:
                return step
        power *= 10
