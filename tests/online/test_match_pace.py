"""Turns at writing are kept short, whoever is looked at."""

from classroom.online.services.matching.pacing import Pace


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
