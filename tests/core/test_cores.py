"""Which cores a process runs on."""

import os
from threading import Thread

import pytest

from classroom.core import cores


def allowed_in_a_thread_kept_to(core: int) -> list[set[int]]:
    """The cores of a thread that is kept to one: as it is, inside `all_cores`, and afterwards."""
    seen: list[set[int]] = []

    def run() -> None:
        cores.keep_to(core)
        seen.append(os.sched_getaffinity(0))
        with cores.all_cores():
            seen.append(os.sched_getaffinity(0))
        seen.append(os.sched_getaffinity(0))

    thread = Thread(target=run)
    thread.start()
    thread.join()
    return seen


def test_work_outside_python_is_let_loose_and_brought_back() -> None:
    core = max(cores.ALLOWED)
    assert allowed_in_a_thread_kept_to(core) == [{core}, set(cores.ALLOWED), {core}]


def test_a_system_that_cannot_choose_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "_CAN_CHOOSE", False)
    everything = os.sched_getaffinity(0)
    assert allowed_in_a_thread_kept_to(min(everything)) == [everything] * 3


@pytest.mark.parametrize(("taken", "chosen"), [([], 2), ([2], 3), ([3], 2), ([2, 3], 2), ([2, 3, 2], 3), ([7, 7], 2)])
def test_a_new_worker_takes_the_least_used_core(monkeypatch: pytest.MonkeyPatch, taken: list[int], chosen: int) -> None:
    monkeypatch.setattr(cores, "ALLOWED", frozenset({2, 3}))
    assert cores.least_used(taken) == chosen
