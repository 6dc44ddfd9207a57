"""Matching: what the sample's truth says of links and questions, and how long 36,000 records take.

The sample's online files are not part of the repository: CLASSROOM_SAMPLE names the folder that holds them.
"""

import os
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from bench.tables import Row
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.learners.models import Learner
from classroom.online.models import MatchCase, OnlineRecord
from classroom.online.queries import population as queries
from classroom.online.rules.matching import Asked, decide
from classroom.online.services.matching import match_records
from classroom.online.services.matching.pool import Pool
from classroom.sessions.models import Enrolment
from tests.factories import CourseFactory, ProgrammeFactory, make_actor, make_class
from tests.support.databases import migrate, opened
from tests.support.matching import make_intake, put_in, row_of, sample_rows, truths
from tests.support.rosters import bring_in, confirm, many, sample, upload
from tests.support.world import FAMILY_NAMES, GIVEN_NAMES, MIDDLE_NAMES

TITLE = "Matching: 1,070 learners and 36,000 online records (SQLite)"
PEOPLE, RECORDS, GOAL = 1070, 36_000, 10.0
FIRST = 3


def run() -> list[Row]:
    """Precision and recall on the sample, then seconds for the sizes of a province."""
    with _application() as actor:
        rows = _sample(actor)
    with _application() as actor:
        return rows + _sizes(actor)


@contextmanager
def _application() -> Iterator[Actor]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'classroom.db'}"
        migrate(url, folder)
        with opened(url, folder / "instance"):
            yield make_actor("coordinator")


def _sample(actor: Actor) -> list[Row]:
    folder = os.environ.get("CLASSROOM_SAMPLE", "")
    if not folder:
        return [Row("sample", "CLASSROOM_SAMPLE names no folder")]
    figures = measure_sample(Path(folder), actor)
    rows = []
    for difference, found in sorted(figures.items()):
        total = sum(found.values())
        safe = found["linked"] + found["asked"]
        words = f"{found['linked']} linked, {found['asked']} in the first {FIRST}, {found['missed']} missed"
        if difference == "no pair":
            rows.append(Row("links that are no pair", str(found["wrong"]), goal="0", met=found["wrong"] == 0))
        else:
            rows.append(Row(f"{difference} ({total})", words, f"recall {safe / total:.3f}", "1", safe == total))
    return rows


def measure_sample(folder: Path, actor: Actor) -> dict[str, Counter[str]]:
    """By kind of difference how many pairs were linked, asked about among the first three, or missed; wrong links."""
    people = _classes(actor)
    for number in (1, 2, 3):
        put_in(make_intake(actor, f"Đợt {number}"), sample_rows(folder, number))
        match_records(actor.organisation_id, actor=actor)
    records = {one.account: one for one in db.session.scalars(select(OnlineRecord))}
    cases = {
        one.record_id: [each["learner"] for each in one.candidates] for one in db.session.scalars(select(MatchCase))
    }
    figures: dict[str, Counter[str]] = defaultdict(Counter)
    pairs = {}
    for true in truths(folder):
        found, learner = records[true.account], people[true.training_class][true.row - 1]
        pairs[found.id] = learner
        linked = found.learner_id == learner
        asked = learner in cases.get(found.id, [])[:FIRST]
        figures[true.difference]["linked" if linked else "asked" if asked else "missed"] += 1
    here = {key for keys in people.values() for key in keys}
    linked = [one for one in records.values() if one.learner_id in here]
    figures["no pair"]["wrong"] = sum(1 for one in linked if pairs.get(one.id) != one.learner_id)
    return figures


def _classes(actor: Actor) -> dict[str, list[int]]:
    """Keys of learners class by class, in the order of the lists."""
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id))
    found = {}
    for code in ("L01", "L02", "L03"):
        made = make_class(course=course, code=code, capacity=200, days=1)
        bring_in(sample(code), actor=actor, to=made, name=f"{code}.xlsx")
        query = select(Enrolment.learner_id).where(Enrolment.class_id == made.id).order_by(Enrolment.id)
        found[code] = list(db.session.scalars(query))
    return found


def _sizes(actor: Actor) -> list[Row]:
    codes = tuple(f"L{n:02d}" for n in range(1, 11))
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id))
    for code in codes:
        make_class(course=course, code=code, capacity=110, days=1)
    confirm(upload(many(PEOPLE, classes=codes), actor=actor, course=course), actor)
    rows = _records(Random(7))
    for number in range(8):
        put_in(make_intake(actor, f"Đợt {number}", course), rows[number * 4500 : (number + 1) * 4500])
    return [_candidates(actor), _whole(actor)]


def _records(random: Random) -> list[dict]:
    rows = []
    for n in range(RECORDS):
        name = f"{random.choice(FAMILY_NAMES)} {random.choice(MIDDLE_NAMES)} {random.choice(GIVEN_NAMES)}"
        year, month, day = random.randint(1960, 2005), random.randint(1, 12), random.randint(1, 28)
        number = f"040{random.randint(0, 1) + 2 * (year > 1999)}{year % 100:02d}{random.randint(0, 999999):06d}"
        facts = {"id_number": number if n % 20 else "", "phone": f"+849{random.randint(0, 99999999):08d}"}
        rows.append(row_of(name, f"{year}-{month:02d}-{day:02d}", account=f"tk{n:05d}", **facts))
    return rows


def _candidates(actor: Actor) -> Row:
    begins, worked = time.perf_counter(), time.process_time()
    pool = Pool(actor.organisation_id)
    waiting = queries.waiting_records(OnlineRecord.organisation_id == actor.organisation_id)
    for one in waiting:
        decide(Asked(one.face, one.intake_id), pool.population)
    took, worked = time.perf_counter() - begins, time.process_time() - worked
    db.session.rollback()
    beside = f"{worked:.2f} s of one core"
    return Row(f"candidates for {len(waiting):,} records", f"{took:.2f} s", beside, f"< {GOAL:g} s", took < GOAL)


def _whole(actor: Actor) -> Row:
    begins, longest, last = time.perf_counter(), 0.0, time.perf_counter()

    def step(_done: int, _total: int) -> None:
        nonlocal longest, last
        longest, last = max(longest, time.perf_counter() - last), time.perf_counter()

    counts = match_records(actor.organisation_id, actor=actor, step=step)
    took = time.perf_counter() - begins
    people = db.session.scalar(select(func.count(Learner.id))) or 0
    words = f"{counts.linked} linked, {counts.own} people made, {counts.queued} asked; {people} learners after"
    return Row("the whole run, written", f"{took:.1f} s (longest batch {longest:.2f} s)", words)
