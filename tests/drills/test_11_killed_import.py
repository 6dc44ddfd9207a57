"""Drill 11: kill -9 at every commit of an import of online results and of its undoing; run again: the same checksum."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest

from classroom.core.db import db
from classroom.jobs.services import run_queued
from classroom.online.services import imports
from tests.factories import CourseFactory, ProgrammeFactory, make_actor
from tests.support.databases import copy_sqlite, opened
from tests.support.online import bring_in, line, make_intake, results, upload

pytestmark = pytest.mark.drill
ROWS = 1_100
#: Batches of rows, the flip, batches that settle, batches of questions, the end.
COMMITS = 3 + 1 + 3 + 3 + 1
TOLD = """
SELECT r.account_key, r.name, r.id_number, r.score, r.progress, r.completed_at, r.issued_on, r.said, r.taken_at,
  w.number, w.import_id FROM online_record r LEFT JOIN online_import_row w ON w.id = r.row_id ORDER BY r.account_key;
SELECT w.import_id, w.number, w.account_key, w.effect, w."values", w.before IS NULL, r.account_key
  FROM online_import_row w LEFT JOIN online_record r ON r.id = w.record_id ORDER BY w.import_id, w.number, w.id;
SELECT count(*) FROM online_staged;
SELECT i.kind, r.account_key, i.facts ->> 'reason', i.decided_at FROM inbox_item i
  JOIN online_record r ON r.public_id = i.key ORDER BY r.account_key;
SELECT id, state, json_extract(outcome, '$.settled') FROM online_import ORDER BY id
"""


class Stage:
    """A database in which an import, or its undoing, is about to run."""

    def __init__(self, template: Path, folder: Path, *, undo: bool = False) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        with opened(copy_sqlite(template, folder / "start.db"), folder):
            actor = make_actor("coordinator")
            course = CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id))
            intake = make_intake(course)
            bring_in(intake, results(*(line(n, score="6") for n in range(0, ROWS, 2))), actor=actor)
            lines = [
                line(n, score="7", done="" if n % 5 == 0 else "21/10/2026", **({"said": "Huỷ"} if n % 10 == 4 else {}))
                for n in range(ROWS)
            ]
            made = upload(intake, results(*lines, name="b.csv"), actor=actor)
            imports.start_import(made.public_id, actor=actor)
            self.key, self.staff, self.organisation = made.id, actor.staff_id or 0, actor.organisation_id
            db.session.rollback()
            if undo:
                run_queued()
                db.session.rollback()
                imports.start_undo(made.public_id, "nhầm", actor=actor)
        self.what = "undo" if undo else "import"

    def run(self, fatal: int = 0, *, what: str = "", fresh: bool = True) -> int:
        path = self.folder / "run.db"
        if fresh:
            path.unlink(missing_ok=True)
            with sqlite.connect(self.folder / "start.db") as source, sqlite.connect(path) as target:
                source.backup(target)
        numbers = (str(n) for n in (self.key, self.staff, self.organisation, fatal))
        command = [sys.executable, "-m", "tests.drills.importing", what or self.what, f"sqlite:///{path}"]
        return subprocess.run([*command, str(self.folder), *numbers], check=False, capture_output=True).returncode

    def checksum(self) -> str:
        with sqlite.connect(self.folder / "run.db") as database:
            told = [database.execute(query).fetchall() for query in TOLD.split(";")]
        return hashlib.sha256(repr(told).encode()).hexdigest()


@pytest.mark.parametrize("undo", [False, True])
def test_an_import_killed_at_any_commit_ends_as_a_clean_run(sqlite_template: Path, tmp_path: Path, undo: bool) -> None:
    stage = Stage(sqlite_template, tmp_path / "stage", undo=undo)
    assert stage.run() == 0
    clean, killed = stage.checksum(), 0
    for fatal in range(1, COMMITS + 1):
        if stage.run(fatal) == 0:
            continue
        killed += 1
        assert stage.run(fresh=False) == 0
        assert stage.checksum() == clean, f"killed at commit {fatal}"
    assert killed >= (3 if undo else COMMITS)


def test_readers_see_nothing_before_the_flip(sqlite_template: Path, tmp_path: Path) -> None:
    stage = Stage(sqlite_template, tmp_path / "stage")
    assert stage.run(4) != 0
    with sqlite.connect(tmp_path / "stage" / "run.db") as database:
        scores = database.execute("SELECT score, count(*) FROM online_record GROUP BY score").fetchall()
    assert scores == [(6_000_000, ROWS // 2)]


def test_control_a_run_that_does_not_clear_what_it_finds_is_caught(sqlite_template: Path, tmp_path: Path) -> None:
    stage = Stage(sqlite_template, tmp_path / "stage")
    assert stage.run() == 0
    clean = stage.checksum()
    assert stage.run(3) != 0
    stage.run(fresh=False, what="forgetful")
    assert stage.checksum() != clean
