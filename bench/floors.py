"""What everything else is compared with."""

from bench.load import Result, get, post, send
from bench.places import floor
from bench.tables import Row, spread

TITLE = "Floors: bare Flask under gunicorn, gthread 2 × 8, 16 connections"
ROUNDS = 5
FORM = {"a": "x" * 300, "b": "y" * 60}
KINDS = {
    "GET, a word": lambda: [get("/healthz")] * 4000,
    "POST, a form, no database": lambda: [post("/form", FORM)] * 3000,
    "POST, one durable insert (WAL, FULL)": lambda: [post("/insert", FORM)] * 1500,
}


def run() -> list[Row]:
    """Requests a second and p99 of each kind."""
    results: dict[str, list[Result]] = {kind: [] for kind in KINDS}
    with floor() as port:
        for _ in range(ROUNDS):
            for kind, requests in KINDS.items():
                results[kind].append(send(port, requests()).expect(200))
    return [
        Row(
            kind,
            f"{spread([each.rate for each in of], 0)} req/s",
            f"p99 {spread([each.p99 for each in of], 0)} ms",
        )
        for kind, of in results.items()
    ]
