"""Where bars and lines of a programme's statistics stand: units of their own box, y downwards, for pages and paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 640
LEFT, WIDE_LEFT, RIGHT, TOP, BOTTOM = 150, 340, 70, 12, 28
ROW, BAR, HEIGHT = 28, 18, 300
#: Strokes of lines, told apart without colour; the ninth looks like the first.
STROKES: Final = 8
_TICKS: Final = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar lying down: its name, what is written at its end, and where it stands."""

    name: str
    words: str
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars under one another; ticks are number and x."""

    bars: tuple[Bar, ...]
    height: int
    ticks: tuple[tuple[int, float], ...]
    #: Room for names at the left.
    left: int = LEFT


@dataclass(frozen=True, slots=True)
class Line:
    """One run of points; `stroke` counts from 0."""

    name: str
    points: tuple[tuple[float, float], ...]
    stroke: int

    @property
    def path(self) -> str:
        """As SVG wants it."""
        return " ".join(f"{x},{y}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Lines:
    """Runs over days, in per cent."""

    lines: tuple[Line, ...]
    xs: tuple[tuple[int, float], ...]
    ys: tuple[tuple[int, float], ...]
    height: int


def bars(values: Sequence[tuple[str, float, str]], most: float = 0, left: int = LEFT) -> Bars:
    """Name, value and words of each, on a scale from nought to `most`; without `most` values are per cent."""
    scale, wide = most or 100, WIDTH - left - RIGHT
    made = tuple(
        Bar(name, words, round(TOP + index * ROW + (ROW - BAR) / 2, 1), round(wide * value / scale, 1))
        for index, (name, value, words) in enumerate(values)
    )
    ticks = () if most else tuple((tick, round(left + wide * tick / 100, 1)) for tick in _TICKS)
    return Bars(made, TOP + ROW * len(made) + (0 if most else BOTTOM), ticks, left)


def lines(runs: Sequence[tuple[str, Sequence[float]]]) -> Lines:
    """Each run begins at day 0."""
    left, wide, tall = 48, WIDTH - 48 - 16, HEIGHT - TOP - 48
    days = max((len(values) for _name, values in runs), default=1) - 1 or 1

    def x(day: int) -> float:
        return round(left + wide * day / days, 1)

    def y(percent: float) -> float:
        return round(TOP + tall * (1 - percent / 100), 1)

    made = tuple(
        Line(name, tuple((x(day), y(value)) for day, value in enumerate(values)), index % STROKES)
        for index, (name, values) in enumerate(runs)
    )
    step = max(1, days // 10)
    xs = tuple((day, x(day)) for day in range(0, days + 1, step))
    return Lines(made, xs, tuple((tick, y(tick)) for tick in _TICKS), HEIGHT)
