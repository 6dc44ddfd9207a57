"""Turns at writing are kept short, whoever is looked at."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from classroom.core.actor import Actor
from classroom.online.models import Intake
from classroom.online.services.matching import pacing, pool
from classroom.online.services.matching.pacing import Pace
from classroom.sessions.services.imports import Upload
from tests.support.online import bring_in, line, results


def portions(seconds: list[float], count: int = 1000) -> list[list[int]]:
    pace, found, rest = Pace(), [], iter(seconds)
    for some in pace.portions(range(count)):
        found.append(list(some))
        pace.took(next(rest, 0.1))
    return found


def test_after_a_long_turn_the_next_is_shorter_and_after_short_ones_longer_again() -> None:
    sizes = [len(some) for some in portions([2.0, 2.0, 2.0, 2.0, 2.0, 0.2, 0.01, 0.01, 0.01, 0.01, 0.01])]
    assert sizes[:11] == [100, 50, 25, 12, 10, 10, 10, 20, 40, 80, 100]


def test_nobody_is_left_out_or_met_twice() -> None:
    for seconds in ([], [9.0] * 99, [0.0, 9.0] * 30):
        assert [one for some in portions(seconds) for one in some] == list(range(1000))
    assert portions([], 0) == []


def crowd(name: str) -> Upload:
    return results(*(line(n, name=f"{name} {n}") for n in range(170)), name=f"{name}.csv")


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("again", [False, True])
def test_a_run_takes_on_less_after_a_turn_that_was_long(
    intake: Intake, actor: Actor, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    sizes: list[int] = []
    portions = Pace.portions

    def noted(self: Pace, things: Sequence[Any]) -> Iterator[Sequence[Any]]:
        for some in portions(self, things):
            sizes.append(len(some))
            yield some

    if again:
        bring_in(intake, crowd("Nguyễn Văn"), actor=actor)
    monkeypatch.setattr(pacing, "_HOLD", 0)
    monkeypatch.setattr(Pace, "portions", noted)
    bring_in(intake, crowd("Lê Thị"), actor=actor)
    assert sizes == [100, 50, 20]


@pytest.mark.usefixtures("app")
def test_an_intake_is_read_before_anybody_has_to_wait(
    intake: Intake, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_turn: list[bool] = []
    turns = [False]
    turn, doubled = Pace.turn, pool.doubled_accounts

    @contextmanager
    def noted(self: Pace) -> Iterator[None]:
        with turn(self):
            turns.append(True)
            yield
            turns.pop()

    def read(faces: Mapping[int, Any]) -> set[int]:
        in_turn.append(turns[-1])
        return doubled(faces)

    monkeypatch.setattr(Pace, "turn", noted)
    monkeypatch.setattr(pool, "doubled_accounts", read)
    for name in ("Nguyễn Văn", "Lê Thị"):
        bring_in(intake, crowd(name), actor=actor)
    assert in_turn == [False, False], "once for each run"
