"""A roster of 1,070 people, from the uploaded bytes to the last row on disk, beside reading and writing them barely."""

import tempfile
import time
from pathlib import Path
from statistics import median

from sqlalchemy import insert

from bench.tables import Row, spread
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.models import Throttle
from classroom.core.sheets import read_table
from classroom.sessions.models import Course
from tests.factories import make_actor, make_class
from tests.support.databases import migrate, opened
from tests.support.rosters import LIMITS, confirm, make_roster_class, many, services, upload

TITLE = "Roster import: 1,070 people into 10 classes by one XLSX file (SQLite)"
ROUNDS = 5
PEOPLE = 1070
CODES = tuple(f"L{n:02d}" for n in range(1, 11))
GOAL = 2.0


def run() -> list[Row]:
    """Seconds of the whole path, of its transaction, and of the least that could be done."""
    content = many(PEOPLE, classes=CODES)
    whole: list[float] = []
    confirming: list[float] = []
    floors: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'classroom.db'}"
        migrate(url, folder)
        with opened(url, folder / "instance"):
            actor = make_actor("coordinator")
            for _ in range(ROUNDS):
                course = _course(actor)
                floors.append(_floor(content, len(floors)))
                begins = time.perf_counter()
                made = upload(content, actor=actor, course=course)
                uploaded = time.perf_counter()
                done = confirm(made, actor)
                whole.append(time.perf_counter() - begins)
                confirming.append(time.perf_counter() - uploaded)
                assert done.outcome["enrolled"] == PEOPLE
                services.undo_import(done.public_id, "bench", actor=actor)
    ratios = [one / floor for one, floor in zip(whole, floors, strict=True)]
    return [
        Row("upload, dry run, confirm", f"{spread(whole)} s", "", f"< {GOAL:g} s", median(whole) < GOAL),
        Row("dry run and confirm alone", f"{spread(confirming)} s"),
        Row("beside reading the file and 3 × 1,070 bare rows", f"{spread(ratios, 1)} ×", f"{spread(floors)} s"),
    ]


def _course(actor) -> Course:
    course: Course = make_roster_class(actor, CODES[0]).course
    for code in CODES[1:]:
        make_class(course=course, code=code, capacity=110, days=1)
    return course


def _floor(content: bytes, number: int) -> float:
    begins = time.perf_counter()
    read_table(content, "ds.xlsx", LIMITS)
    rows = [{"scope": f"floor{number}", "key": str(n), "window_start": now(), "count": 1} for n in range(3 * PEOPLE)]
    with transaction() as session:
        session.execute(insert(Throttle), rows)
    return time.perf_counter() - begins
