"""A tablet that was offline brings its queue, as its page sends it: batch after batch over one connection."""

import json
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from statistics import median
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select

from bench.places import Site, site
from bench.tables import Row, spread
from classroom.accounts.models import Tablet
from classroom.attendance.models import TabletClass
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.signing import random_token, token_hash
from classroom.sessions.models import TrainingClass
from tests.support.databases import opened

TITLE = "Tablet: a queue of 5,000 scans of 50 classes, batches of 100, one connection, gthread 2 × 8"
CLASSES, LEARNERS = 52, 107
QUEUE, TOGETHER, ALONE = 5_000, 100, 250
ROUNDS = 5
GOAL_SECONDS, GOAL_RATIO = 10, 5


def run() -> list[Row]:
    """Seconds of a whole queue, and what a scan costs alone and in a batch, taken in turns."""
    with site(classes=CLASSES, learners=LEARNERS) as place:
        token = _tablet(place)
        items = _items(place)
        line = HTTPConnection("127.0.0.1", place.port, timeout=60)
        _send(line, token, items[-64:])
        begins = time.perf_counter()
        for first in range(0, QUEUE, TOGETHER):
            _send(line, token, items[first : first + TOGETHER])
        whole = time.perf_counter() - begins
        rest = items[QUEUE : QUEUE + ROUNDS * 2 * 50]
        alone, together = [], []
        for number in range(ROUNDS):
            some = rest[number * 100 : number * 100 + 100]
            alone.append(_timed(line, token, [[item] for item in some[:50]]) / 50)
            together.append(_timed(line, token, [some[50:]]) / 50)
    ratios = [one / other for one, other in zip(alone, together, strict=True)]
    return [
        Row(
            "5,000 scans uploaded",
            f"{whole:.2f} s",
            f"{QUEUE / whole:.0f} scans/s",
            f"< {GOAL_SECONDS} s",
            whole < GOAL_SECONDS,
        ),
        Row(
            "a scan alone beside one in a batch of 50",
            f"{spread(ratios, 1)} ×",
            f"{spread([1000 * each for each in alone])} to {spread([1000 * each for each in together])} ms",
            f"≥ {GOAL_RATIO}",
            median(ratios) >= GOAL_RATIO,
        ),
    ]


def _tablet(place: Site) -> str:
    """A tablet that has the list of every class; the token of its cookie."""
    token, at = random_token(), now()
    with opened(f"sqlite:///{place.database}", place.database.parent), transaction() as session:
        organisation, staff = place.world.organisation_id, place.world.trainer_id
        tablet = Tablet(organisation_id=organisation, name="Máy 01", token_hash=token_hash(token), created_at=at)
        session.add(tablet)
        session.flush()
        facts = {"organisation_id": organisation, "tablet_id": tablet.id, "staff_id": staff, "fetched_at": at}
        keys = session.scalars(select(TrainingClass.id)).all()
        session.execute(insert(TabletClass), [{**facts, "class_id": key} for key in keys])
    return token


def _items(place: Site) -> list[dict[str, Any]]:
    at = round(now().timestamp() * 1000)
    return [
        {"uuid": str(uuid4()), "kind": "badge", "session": room.session_id, "at": at, "ahead_ms": 0, "code": code}
        for room in place.world.rooms
        for code in room.learner_codes
    ]


def _timed(line: HTTPConnection, token: str, batches: Sequence[Sequence[dict[str, Any]]]) -> float:
    begins = time.perf_counter()
    for batch in batches:
        _send(line, token, batch)
    return time.perf_counter() - begins


def _send(line: HTTPConnection, token: str, items: Sequence[dict[str, Any]]) -> None:
    body = json.dumps({"sent_at": round(now().timestamp() * 1000), "ahead_ms": 0, "items": list(items)})
    heads = {"Cookie": f"tablet={token}", "Content-Type": "application/json", "X-Tablet": "1"}
    line.request("POST", "/tablet/items", body, heads)
    answer = line.getresponse()
    told = json.loads(answer.read())
    outcomes = {one["outcome"] for one in told.get("answers", [])}
    if answer.status != 200 or outcomes != {"accepted"}:
        raise RuntimeError(f"unexpected answers: {answer.status} {outcomes}")
