"""Drill 2 in a test: kill -9 the whole process tree ten times while a class answers; nothing is lost."""

from pathlib import Path

import pytest

from tests.drills.hall import FORGETFUL
from tests.drills.writers import Kept, Writers, read_back, served

pytestmark = pytest.mark.drill
KILLS = 10
BETWEEN = 60


def kill_trees(template: Path, folder: Path, kills: int, *program: str) -> tuple[Writers, Kept]:
    """Let the class answer, kill everything and start again, read what is there after the last kill."""
    with served(template, folder, *([program] if program else [])) as (server, sitters, database):
        with Writers(server.port, sitters) as writers:
            for _ in range(kills - 1):
                writers.wait_for_more(BETWEEN)
                server.kill()
                server.start()
            writers.wait_for_more(BETWEEN)
            server.kill()
        return writers, read_back(database)


def test_no_acknowledged_answer_is_lost_when_everything_is_killed(sqlite_template: Path, tmp_path: Path) -> None:
    writers, kept = kill_trees(sqlite_template, tmp_path / "served", KILLS)

    assert kept.lost(writers.acknowledged) == []
    assert writers.told >= KILLS * BETWEEN
    assert writers.broken > 0, "no kill hit a phone in the middle of something"
    assert kept.miscounted == []
    assert kept.integrity == "ok"


def test_control_a_server_that_answers_before_it_writes_is_caught(sqlite_template: Path, tmp_path: Path) -> None:
    writers, kept = kill_trees(sqlite_template, tmp_path / "served", 2, *FORGETFUL)

    assert kept.lost(writers.acknowledged) != []
    assert kept.integrity == "ok"
