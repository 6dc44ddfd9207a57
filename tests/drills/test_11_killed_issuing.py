"""Drill 11, certificates: kill -9 in the middle of issuing 36,000, run again: the same checksum as a clean run."""

import hashlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import create_engine, select, text

from classroom.certification.models import Certificate, IssueLine
from classroom.core.db import engine_options
from tests.factories import CourseFactory
from tests.support.databases import copy_sqlite, opened
from tests.support.issueroom import approved, crowd, issuer, numbered

pytestmark = pytest.mark.drill
PEOPLE = 36_000
KILLS = 4
#: A kill at once would always come while the next lines are being read: each one comes somewhat later than the last.
LATER = 0.04
ROOT = Path(__file__).resolve().parents[2]


class Prepared(NamedTuple):
    """A closed database with an approved batch."""

    file: Path
    batch: int
    staff: int


class Outcome(NamedTuple):
    """What a database says after the last run; codes are drawn anew each time and left out of the checksum."""

    checksum: str
    count: int
    gaps: int
    doubled: int
    unlinked: int


@pytest.fixture(scope="module")
def prepared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    folder = tmp_path_factory.mktemp("issuing")
    with opened(copy_sqlite(sqlite_template, folder / "classroom.db"), folder / "instance"):
        course = CourseFactory()
        crowd(course, PEOPLE)
        actor = issuer(course)
        numbered(actor)
        batch = approved(course, actor)
        ids = batch.id, actor.staff_id or 0
    return Prepared(folder / "classroom.db", *ids)


def worker(url: str, folder: Path, prepared: Prepared, *how: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.drills.issuer", url, str(folder)]
    return subprocess.Popen([*command, str(prepared.batch), str(prepared.staff), *how], cwd=ROOT)


def issue(prepared: Prepared, folder: Path, kills: int = 0, *how: str) -> Outcome:
    """Let a worker issue a copy, killed so many times, and once more to its end."""
    folder.mkdir()
    url = copy_sqlite(prepared.file, folder / "classroom.db")
    for kill in range(kills):
        running = worker(url, folder, prepared, *how)
        _wait_for(url, (kill + 1) * PEOPLE // (kills + 2), running)
        time.sleep(LATER * (kill + 2))
        running.send_signal(signal.SIGKILL)
        running.wait()
    assert worker(url, folder, prepared, *how).wait(120) == 0
    return look(url)


def _wait_for(url: str, count: int, running: subprocess.Popen[bytes]) -> None:
    engine = create_engine(url, **engine_options(url))
    while True:
        with engine.connect() as connection:
            if int(connection.scalar(text("SELECT COALESCE(MAX(serial), 0) FROM certificate")) or 0) >= count:
                break
        assert running.poll() is None, "the worker was through before it could be killed"
        time.sleep(0.02)
    engine.dispose()


def look(url: str) -> Outcome:
    engine = create_engine(url, **engine_options(url))
    digest = hashlib.sha256()
    with engine.connect() as connection:
        columns = Certificate.number, Certificate.learner_id, Certificate.facts, Certificate.serial
        rows = connection.execute(select(*columns).order_by(Certificate.serial)).all()
        for row in rows:
            digest.update(json.dumps([row[0], row[1], row[2]], sort_keys=True).encode())
        unlinked = connection.execute(select(IssueLine.id).where(IssueLine.certificate_id.is_(None))).all()
    engine.dispose()
    serials, learners = [row.serial for row in rows], {row.learner_id for row in rows}
    gaps = serials[-1] - len(serials)
    return Outcome(digest.hexdigest(), len(rows), gaps, len(rows) - len(learners), len(unlinked))


def test_a_killed_issuing_ends_as_a_clean_one(prepared: Prepared, tmp_path: Path) -> None:
    clean = issue(prepared, tmp_path / "clean")
    killed = issue(prepared, tmp_path / "killed", KILLS)

    assert killed == clean
    assert (clean.count, clean.gaps, clean.doubled, clean.unlinked) == (PEOPLE, 0, 0, 0)


def test_control_numbers_taken_before_their_certificates_leave_gaps(prepared: Prepared, tmp_path: Path) -> None:
    killed = issue(prepared, tmp_path / "careless", KILLS, "careless")

    assert killed.gaps > 0
