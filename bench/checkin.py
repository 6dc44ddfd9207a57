"""The mark of a known phone, from grant and binding to the green page, beside one durable insert."""

from statistics import median

from sqlalchemy import insert, select

from bench.load import Result, post, send
from bench.places import Site, floor, site
from bench.tables import Row, spread
from classroom.attendance.models import Binding
from classroom.attendance.rules import Purpose, Source, new_grant, seal_grant
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.signing import random_token, token_hash
from classroom.learners.models import Learner
from tests.support.databases import SECRET, opened

TITLE = "Check-in POST: 1,070 phones of 10 classes a round, 16 connections, gthread 2 × 8"
ROUNDS = 3
CLASSES = 10
GOAL, GOAL_P99 = 0.35, 150
FORM = {"a": "x" * 300, "b": "y" * 60}


def run() -> list[Row]:
    """How many marks for one bare durable insert; both servers run side by side and take turns."""
    floors: list[Result] = []
    marks: list[Result] = []
    with floor() as floor_port, site(classes=CLASSES * (ROUNDS + 1)) as place:
        rounds = one_mark_each(place)
        send(floor_port, [post("/insert", FORM)] * 1500).expect(200)
        send(place.port, rounds.pop()).expect(200)
        for requests in rounds:
            floors.append(send(floor_port, [post("/insert", FORM)] * 1500).expect(200))
            marks.append(send(place.port, requests).expect(200))
        locked = place.log().count("database is locked")
    ratios = [one.rate / other.rate for one, other in zip(marks, floors, strict=True)]
    slowest = [each.p99 for each in marks]
    return [
        Row(
            "marks for one durable insert",
            spread(ratios),
            f"{spread([each.rate for each in marks], 0)} to {spread([each.rate for each in floors], 0)} req/s",
            f"≥ {GOAL}",
            median(ratios) >= GOAL,
        ),
        Row(
            "p99 of a mark",
            f"{spread(slowest, 0)} ms",
            f"insert alone: {spread([each.p99 for each in floors], 0)} ms",
            f"≤ {GOAL_P99} ms",
            median(slowest) <= GOAL_P99,
        ),
        Row("lock errors", str(locked), "", "0", locked == 0),
    ]


def one_mark_each(place: Site) -> list[list[str]]:
    """For each ten classes the phones that are bound and hold a grant, each with the POST it is about to send."""
    with opened(f"sqlite:///{place.database}", place.database.parent):
        tokens = _bind_everybody(place)
        requests = [[_mark(room.session_id, tokens[code]) for code in room.learner_codes] for room in place.world.rooms]
    rooms = [requests[first : first + CLASSES] for first in range(0, len(requests), CLASSES)]
    return [[each for people in zip(*classes, strict=True) for each in people] for classes in rooms]


def _bind_everybody(place: Site) -> dict[str, str]:
    """A browser for each learner; the token of its cookie by the learner's code."""
    with transaction() as session:
        people = session.execute(select(Learner.id, Learner.code)).all()
        tokens = {code: random_token() for _, code in people}
        facts = {"organisation_id": place.world.organisation_id, "created_at": now(), "last_used_at": now()}
        session.execute(
            insert(Binding),
            [{**facts, "learner_id": key, "browser_hash": token_hash(tokens[code])} for key, code in people],
        )
    return tokens


def _mark(session_id: str, token: str) -> str:
    grant = new_grant(session_id, Purpose.IN, Source.ROOM_CODE, now(), token)
    return post("/checkin/mark", {"grant": seal_grant(grant, SECRET)}, {"Cookie": f"phone={token}"})
