"""Drill 1: kill -9 a web worker ten times while a class checks in; nothing that a phone was told is lost."""

import os
import random
import signal
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

from classroom.core.cores import ALLOWED
from tests.drills.hall import FORGETFUL, Hall, Kept, read_back, served
from tests.support.processes import web_workers
from tests.support.serving import ServedProcess

pytestmark = pytest.mark.drill
KILLS = 10
BETWEEN = 12


def kill_a_worker(server: ServedProcess) -> None:
    assert server.process is not None
    os.kill(random.choice(web_workers(server.process.pid)), signal.SIGKILL)


def kill_workers(template: Path, folder: Path, *program: str) -> tuple[Hall, Kept]:
    """Let the class check in, kill ten workers meanwhile, read what is there."""
    with served(template, folder, *([program] if program else [])) as (server, world, database):
        with Hall(server.port, world) as hall:
            for _ in range(KILLS):
                hall.wait_for_more(BETWEEN)
                kill_a_worker(server)
            hall.wait_for_more(BETWEEN)
        assert server.process is not None
        assert server.process.poll() is None, "the server itself lives on"
        server.stop()
        return hall, read_back(database)


def test_no_acknowledged_scan_is_lost_when_web_workers_are_killed(sqlite_template: Path, tmp_path: Path) -> None:
    hall, kept = kill_workers(sqlite_template, tmp_path / "served")

    assert hall.acknowledged - kept.marks == set()
    assert len(hall.acknowledged) >= KILLS * BETWEEN
    assert hall.broken > 0, "no kill hit a phone in the middle of something"
    assert kept.doubled == []
    assert kept.integrity == "ok"


def test_control_a_server_that_answers_before_it_writes_is_caught(sqlite_template: Path, tmp_path: Path) -> None:
    hall, kept = kill_workers(sqlite_template, tmp_path / "served", *FORGETFUL)

    assert hall.acknowledged - kept.marks != set()


def cores_of_workers(server: ServedProcess) -> dict[int, set[int]]:
    assert server.process is not None
    found = {}
    for worker in web_workers(server.process.pid):
        with suppress(ProcessLookupError):  # gone since it was listed
            found[worker] = os.sched_getaffinity(worker)
    return found


def wait_for_a_core_each(server: ServedProcess, gone: int = 0) -> list[int]:
    """The workers, once there are two without `gone`, on two cores where there are two."""
    apart, deadline = min(2, len(ALLOWED)), monotonic() + 30
    while monotonic() < deadline:
        cores = cores_of_workers(server)
        alone = all(len(own) == 1 for own in cores.values())
        if len(cores) == 2 and gone not in cores and alone and len(set().union(*cores.values())) == apart:
            return list(cores)
    raise AssertionError(f"the workers run on {cores}")


def test_each_worker_keeps_to_a_core_and_its_successor_takes_that(sqlite_template: Path, tmp_path: Path) -> None:
    with served(sqlite_template, tmp_path / "served") as (server, _world, _database):
        for worker in wait_for_a_core_each(server):
            os.kill(worker, signal.SIGKILL)
            wait_for_a_core_each(server, gone=worker)
