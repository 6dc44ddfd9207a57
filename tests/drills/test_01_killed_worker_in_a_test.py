"""Drill 1 in a test: kill -9 a web worker ten times while a class answers; nothing that was called saved is lost."""

from pathlib import Path

import pytest

from tests.drills.hall import FORGETFUL
from tests.drills.test_01_killed_worker import kill_a_worker
from tests.drills.writers import Kept, Writers, read_back, served

pytestmark = pytest.mark.drill
KILLS = 10
BETWEEN = 60


def kill_workers(template: Path, folder: Path, *program: str) -> tuple[Writers, Kept]:
    """Let the class answer, kill ten workers meanwhile, read what is there."""
    with served(template, folder, *([program] if program else [])) as (server, sitters, database):
        with Writers(server.port, sitters) as writers:
            for _ in range(KILLS):
                writers.wait_for_more(BETWEEN)
                kill_a_worker(server)
            writers.wait_for_more(BETWEEN)
        assert server.process is not None
        assert server.process.poll() is None, "the server itself lives on"
        server.stop()
        return writers, read_back(database)


def test_no_acknowledged_answer_is_lost_when_web_workers_are_killed(sqlite_template: Path, tmp_path: Path) -> None:
    writers, kept = kill_workers(sqlite_template, tmp_path / "served")

    assert kept.lost(writers.acknowledged) == []
    assert writers.told >= KILLS * BETWEEN
    assert writers.broken > 0, "no kill hit a phone in the middle of something"
    assert kept.miscounted == []
    assert kept.integrity == "ok"


def test_control_a_server_that_answers_before_it_writes_is_caught(sqlite_template: Path, tmp_path: Path) -> None:
    writers, kept = kill_workers(sqlite_template, tmp_path / "served", *FORGETFUL)

    assert kept.lost(writers.acknowledged) != []
