"""The page of verification at 100 connections, beside a route that says "ok"."""

from random import Random
from statistics import median

from bench.load import get, send
from bench.places import floor, site
from bench.tables import Row, spread
from classroom.certification.rules.codes import new_code
from classroom.core.db import db
from classroom.sessions.models import Course
from tests.support.printroom import make_batch, make_certificate
from tests.support.world import World

TITLE = "Looking up certificates at 100 connections – SQLite, gthread 2 × 8"
ROUNDS, REQUESTS, CONNECTIONS = 3, 2000, 100
CERTIFICATES = 300
GOAL_RATIO, GOAL_P99 = 0.3, 200


def run() -> list[Row]:
    """Answers a second against the bare route, and the slowest hundredth."""
    codes: list[str] = []

    def issue(world: World) -> None:
        course = db.session.query(Course).filter_by(organisation_id=world.organisation_id).first()
        batch = make_batch(course)
        codes.extend(make_certificate(batch).code for _ in range(CERTIFICATES))

    random, rates, bare, slow = Random(1), [], [], []
    with floor() as floor_port, site(classes=1, learners=5, prepare=issue) as place:
        for _ in range(ROUNDS):
            asked = [get(f"/v/{random.choice(codes)}") for _ in range(REQUESTS)]
            bare.append(send(floor_port, [get("/healthz")] * REQUESTS, CONNECTIONS).expect(200).rate)
            found = send(place.port, asked, CONNECTIONS).expect(200)
            rates.append(found.rate)
            slow.append(found.p99)
        missing = [get(f"/v/{new_code()}") for _ in range(REQUESTS)]
        unknown = send(place.port, missing, CONNECTIONS).expect(404)
    ratio = median(rates) / median(bare)
    return [
        Row("answers a second", spread(rates, 0), f"bare: {spread(bare, 0)}", f"≥ {GOAL_RATIO} ×", ratio >= GOAL_RATIO),
        Row("against the bare route", f"{ratio:.2f}"),
        Row("p99", f"{spread(slow, 0)} ms", "", f"< {GOAL_P99} ms", median(slow) < GOAL_P99),
        Row("the same for unknown codes", f"{unknown.rate:.0f} a second, p99 {unknown.p99:.0f} ms"),
    ]
