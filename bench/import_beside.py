"""Marks of a thousand phones while a worker brings in and matches 36,000 online results."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from bench.checkin import one_mark_each
from bench.load import Result
from bench.online_import import PEOPLE, workbook
from bench.paced import send_paced
from bench.places import Site, site
from bench.tables import Row
from classroom.accounts.models import Organisation
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.jobs.models import Job
from classroom.online.services import imports
from classroom.sessions.models import Course
from classroom.sessions.services.imports import Upload
from tests.factories import make_actor
from tests.support.databases import opened
from tests.support.online import LIMITS, make_intake, secret
from tests.support.world import World

TITLE = "Check-in beside an import of 36,000 online results: 1,070 phones within 12 s – SQLite, gthread 2 × 8"
CLASSES, SECONDS, GOAL = 10, 12.0, 500


def run() -> list[Row]:
    """The slowest marks with and without the jobs beside them, and how long those took."""
    waiting: list[tuple[str, Actor]] = []
    with site(classes=2 * CLASSES, prepare=lambda world: waiting.append(_checked(world))) as place:
        calm, busy = one_mark_each(place)
        alone = _paced(place, calm)
        with _database(place):
            imports.start_import(waiting[0][0], actor=waiting[0][1])
        beside = _paced(place, busy)
        spans, state = _jobs(place)
        locked = place.log().count("database is locked")
    told = ", ".join(f"{task} {seconds:.1f} s" for task, seconds in spans)
    return [
        Row("p99 of a mark beside the jobs", f"{beside.p99:.0f} ms", f"alone: {alone.p99:.0f} ms", f"< {GOAL} ms",
            beside.p99 < GOAL),
        Row("slowest mark", f"{max(beside.latencies):.0f} ms", f"alone: {max(alone.latencies):.0f} ms"),
        Row("what the worker did meanwhile", state, told),
        Row("lock errors", str(locked), "", "0", locked == 0),
    ]  # fmt: skip


def _checked(world: World) -> tuple[str, Actor]:
    """An import of which the dry run is done."""
    organisation = db.session.get_one(Organisation, world.organisation_id)
    actor = make_actor("coordinator", organisation=organisation)
    course = db.session.scalars(select(Course).where(Course.organisation_id == organisation.id)).first()
    intake = make_intake(course)
    files = [Upload("results.xlsx", workbook())]
    made = imports.upload_results(files, intake_id=intake.public_id, limits=LIMITS, secret=secret(), actor=actor)
    imports.check_import(made.public_id, limits=LIMITS, secret=secret(), actor=actor)
    return made.public_id, actor


def _paced(place: Site, requests: list[str]) -> Result:
    pause = SECONDS / len(requests)
    return send_paced(place.port, [[(number * pause, each)] for number, each in enumerate(requests)]).expect(200)


def _jobs(place: Site) -> tuple[list[tuple[str, float]], str]:
    with _database(place):
        jobs = db.session.scalars(select(Job).order_by(Job.id)).all()
        ended = [(one.task, (one.finished_at - one.started_at).total_seconds()) for one in jobs
                 if one.finished_at and one.started_at]  # fmt: skip
        begun = sum(one.started_at is not None for one in jobs)
        return ended, f"{begun} jobs begun, {len(ended)} done, {PEOPLE:,} rows"


@contextmanager
def _database(place: Site) -> Iterator[None]:
    with opened(f"sqlite:///{place.database}", place.database.parent):
        yield
