"""Drill 2: kill -9 the whole process tree ten times, as a power button would; nothing is lost, the file is whole."""

from pathlib import Path

import pytest

from tests.drills.hall import FORGETFUL, Hall, Kept, read_back, served

pytestmark = pytest.mark.drill
KILLS = 10
BETWEEN = 12


def kill_trees(template: Path, folder: Path, kills: int, *program: str) -> tuple[Hall, Kept]:
    """Let the class check in, kill everything and start again, read what is there after the last kill."""
    with served(template, folder, *([program] if program else [])) as (server, world, database):
        with Hall(server.port, world) as hall:
            for _ in range(kills - 1):
                hall.wait_for_more(BETWEEN)
                server.kill()
                server.start()
            hall.wait_for_more(BETWEEN)
            server.kill()
        return hall, read_back(database)


def test_no_acknowledged_scan_is_lost_when_everything_is_killed(sqlite_template: Path, tmp_path: Path) -> None:
    hall, kept = kill_trees(sqlite_template, tmp_path / "served", KILLS)

    assert hall.acknowledged - kept.marks == set()
    assert len(hall.acknowledged) >= KILLS * BETWEEN
    assert hall.broken > 0, "no kill hit a phone in the middle of something"
    assert kept.doubled == []
    assert kept.integrity == "ok"


def test_control_a_server_that_answers_before_it_writes_is_caught(sqlite_template: Path, tmp_path: Path) -> None:
    hall, kept = kill_trees(sqlite_template, tmp_path / "served", 2, *FORGETFUL)

    assert hall.acknowledged - kept.marks != set()
    assert kept.integrity == "ok"
