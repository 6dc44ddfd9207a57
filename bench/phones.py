"""A class arrives: 100 phones within ten seconds, each on a first visit with everything that it loads."""

import json
import subprocess
import sys
import threading
import time
from itertools import pairwise
from random import Random
from statistics import median

from bench.places import floor, site
from bench.tables import Row, percentile, spread
from classroom.core.clock import now
from tests.drills.hall import GREEN
from tests.support.phone import Phone
from tests.support.world import Room

TITLE = "100 phones within 10 s: code, files, who I am, yes – SQLite, gthread 2 × 8"
ROUNDS = 3
PHONES, SECONDS = 100, 10
GOAL_P99, GOAL_BYTES = 500, 40_000
#: Requests of one visit: page, style, icon, identify, confirm.
BARE_REQUESTS = 5


def run() -> list[Row]:
    """Milliseconds of a request and of a whole visit without the typing, bytes, errors."""
    rounds: list[dict[str, list[float]]] = []
    bare: list[dict[str, list[float]]] = []
    with floor() as floor_port, site() as place:
        for room in place.world.rooms[:ROUNDS]:
            bare.append(_send(floor_port, None))
            rounds.append(_send(place.port, room))
    visits, requests, floors = (
        [percentile(each[kind], 99) for each in of]
        for of, kind in ((rounds, "visits"), (rounds, "requests"), (bare, "visits"))
    )
    errors = sum(len(each["errors"]) for each in rounds)
    heaviest = max(size for each in rounds for size in each["bytes"])
    return [
        Row(
            "p99 of a whole visit, without the typing",
            f"{spread(visits, 0)} ms",
            f"{BARE_REQUESTS} bare requests: {spread(floors, 0)} ms",
            f"< {GOAL_P99} ms",
            median(visits) < GOAL_P99,
        ),
        Row("p99 of one request", f"{spread(requests, 0)} ms"),
        Row("errors", f"{errors} of {ROUNDS * PHONES} visits", "", "0", errors == 0),
        Row("bytes of a first visit (heads included)", f"{heaviest:.0f}", "", "< 40,000", heaviest < GOAL_BYTES),
    ]


def _send(port: int, room: Room | None) -> dict[str, list[float]]:
    """Let the phones come, from another process."""
    told = room and [room.class_id, room.session_id, room.secret.hex(), room.learner_codes[:PHONES]]
    done = subprocess.run(
        [sys.executable, "-m", "bench.phones", str(port)],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=SECONDS + 60,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, list[float]] = json.loads(done.stdout)
    return found


class _Crowd:
    """The phones of one room, each on a thread that begins at its own moment."""

    def __init__(self, port: int, room: Room | None) -> None:
        self.found: dict[str, list[float]] = {"visits": [], "requests": [], "bytes": [], "errors": []}
        self._port, self._room = port, room
        self._lock = threading.Lock()

    def arrive(self) -> None:
        random, begins = Random(1), time.monotonic()
        moments = sorted(random.uniform(0, SECONDS) for _ in range(PHONES))
        threads = [
            threading.Thread(target=self._come, args=(begins + moment, turn)) for turn, moment in enumerate(moments)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _come(self, moment: float, turn: int) -> None:
        time.sleep(max(0.0, moment - time.monotonic()))
        phone, ticks = Phone(self._port), [time.perf_counter()]
        try:
            self._visit(phone, turn, ticks)
            problem = 0
        except Exception as error:
            print(error, file=sys.stderr)
            problem = 1
        finally:
            phone.hang_up()
        with self._lock:
            self.found["visits"].append((ticks[-1] - ticks[0]) * 1000)
            self.found["requests"] += [(later - earlier) * 1000 for earlier, later in pairwise(ticks)]
            self.found["bytes"].append(phone.received)
            self.found["errors"] += [1] * problem

    def _visit(self, phone: Phone, turn: int, ticks: list[float]) -> None:
        def tick() -> None:
            ticks.append(time.perf_counter())

        if self._room is None:
            for _ in range(BARE_REQUESTS):
                phone.get("/healthz")
                tick()
            return
        page = phone.get(self._room.code_path(now()))
        tick()
        for file in dict.fromkeys(page.files):
            phone.get(file)
            tick()
        page = phone.submit(page, page.form("/checkin/identify"), who=self._room.learner_codes[turn])
        tick()
        page = phone.submit(page, page.form("/checkin/confirm"))
        tick()
        if GREEN not in page.text:
            raise RuntimeError(f"not green: {page.status}")


if __name__ == "__main__":
    told = json.load(sys.stdin)
    crowd = _Crowd(int(sys.argv[1]), told and Room(told[0], told[1], bytes.fromhex(told[2]), tuple(told[3])))
    crowd.arrive()
    print(json.dumps(crowd.found))
