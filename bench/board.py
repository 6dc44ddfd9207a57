"""The board's poll while nothing is new, beside a bare route: the cost of asking who is there and what is new."""

from statistics import median

from bench.load import Result, get, send
from bench.places import Site, floor, site
from bench.tables import Row, spread

TITLE = "Board poll, nothing new: 10 classes of 107, 16 connections, gthread 2 × 8"
ROUNDS = 5
REQUESTS = 3000
GOAL = 1.5


def run() -> list[Row]:
    """How many bare routes one poll costs; both servers run side by side and take turns."""
    bare: list[Result] = []
    polls: list[Result] = []
    with floor() as floor_port, site() as place:
        requests = _polls(place)
        send(place.port, requests[:200]).expect(204)
        for _ in range(ROUNDS):
            bare.append(send(floor_port, [get("/healthz")] * REQUESTS).expect(200))
            polls.append(send(place.port, requests).expect(204))
    ratios = [one.rate / other.rate for one, other in zip(bare, polls, strict=True)]
    return [
        Row(
            "cost of a poll in bare routes",
            spread(ratios),
            f"{spread([each.rate for each in polls], 0)} to {spread([each.rate for each in bare], 0)} req/s",
            f"≤ {GOAL}",
            median(ratios) <= GOAL,
        ),
        Row("p99 of a poll", f"{spread([each.p99 for each in polls], 0)} ms"),
    ]


def _polls(place: Site) -> list[str]:
    """Every board asks in turn, with the version that it has seen: the first."""
    headers = {"Cookie": f"classroom={place.world.trainer_token}", "Accept": "application/json"}
    rooms = place.world.rooms
    return [get(f"/sessions/{rooms[turn % len(rooms)].session_id}/board/poll?v=1", headers) for turn in range(REQUESTS)]
