"""A class writes its test: everybody begins in one second; every answer is saved; it goes on for minutes.

The last part takes five minutes; `EXAM_SECONDS=30` makes it shorter.
"""

import json
import os
from random import Random
from statistics import median

import pysqlite3.dbapi2 as sqlite

from bench.load import Result, post, post_json, send
from bench.paced import Due, send_paced
from bench.places import Site, floor, site
from bench.tables import Row, percentile, spread
from classroom.exams.rules.kinds import Kind
from tests.support.examroom import Seat, Sitter, begin_all, open_test, take_seats
from tests.support.world import World

TITLE = "Test of 30 questions: 100 begin within 1 s; answers saved one by one – SQLite, gthread 2 × 8"
ROUNDS = 3
#: Rounds of beginning and one to warm up, rounds of saving and one to warm up, and the long one.
CLASSES, LEARNERS = 2 * (ROUNDS + 1) + 1, 107
PHONES, ITEMS = 100, 30
KINDS = [Kind.SINGLE] * ITEMS
#: Answers of each learner in one round of saving.
SAVES = 10
EVERY, LONG = 2, int(os.environ.get("EXAM_SECONDS", "300"))
GOAL_BEGIN, GOAL_SAVES, GOAL_STEADY = 1000, 0.4, 250
FORM = {"a": "x" * 300, "b": "y" * 60}


class _Prepared:
    """What is there when the server starts: who stands before which door, and who has begun."""

    def __init__(self) -> None:
        self.seats: list[list[Seat]] = []
        self.sitters: list[list[Sitter]] = []

    def __call__(self, world: World) -> None:
        for turn, room in enumerate(world.rooms):
            sitting = open_test(room, KINDS)
            if turn <= ROUNDS:
                self.seats.append(take_seats(room, sitting)[:PHONES])
            else:
                self.sitters.append(begin_all(room, sitting))


def run() -> list[Row]:
    """Beginning, saving beside bare durable inserts, and a class that answers for minutes with everything counted."""
    made = _Prepared()
    with floor() as floor_port, site(CLASSES, LEARNERS, made) as place:
        rows = _begin(place, made.seats)
        rows += _save(place, floor_port, made.sitters[:-1])
        rows += _answer_for_minutes(place, made.sitters[-1][:PHONES])
        locked = place.log().count("database is locked")
    return [*rows, Row("lock errors", str(locked), "", "0", locked == 0)]


def _begin(place: Site, rooms: list[list[Seat]]) -> list[Row]:
    """Each phone presses the button at its own moment of one second, and is led to its page with all questions."""
    rounds: list[Result] = []
    for turn, seats in enumerate(rooms):
        moments = [Random(turn).uniform(0, 1) for _ in seats]
        due: list[list[Due]] = [[(moment, _begins(seat))] for moment, seat in zip(moments, seats, strict=True)]
        rounds.append(send_paced(place.port, due, [f"phone={seat.token}" for seat in seats]))
    measured = rounds[1:]
    begun = [percentile(each.led, 99) for each in measured]
    slowest = [each.p99 for each in measured]
    errors = sum(count for each in measured for status, count in each.statuses.items() if status != "200")
    return [
        Row("p99 of a beginning", f"{spread(begun, 0)} ms", "", f"< {GOAL_BEGIN} ms", median(begun) < GOAL_BEGIN),
        Row(
            "p99 from the button to the last byte of the page",
            f"{spread(slowest, 0)} ms",
            f"median {spread([each.p50 for each in measured], 0)} ms",
            f"< {GOAL_BEGIN} ms",
            median(slowest) < GOAL_BEGIN,
        ),
        Row("errors", f"{errors} of {ROUNDS * PHONES} beginnings", "", "0", errors == 0),
    ]


def _save(place: Site, floor_port: int, rooms: list[list[Sitter]]) -> list[Row]:
    """One answer in each request, as the page's script sends them; both servers run side by side and take turns."""
    floors: list[Result] = []
    saves: list[Result] = []
    for sitters in rooms:
        floors.append(send(floor_port, [post("/insert", FORM)] * 1500).expect(200))
        saves.append(send(place.port, _saves(sitters)).expect(200))
    everybody = [sitter for sitters in rooms for sitter in sitters]
    if lost := _lost(place, everybody, SAVES):
        raise RuntimeError(f"{len(lost)} answers were not kept, such as {lost[0]}")
    floors, saves = floors[1:], saves[1:]
    ratios = [one.rate / other.rate for one, other in zip(saves, floors, strict=True)]
    return [
        Row(
            "answers saved for one durable insert",
            spread(ratios),
            f"{spread([each.rate for each in saves], 0)} to {spread([each.rate for each in floors], 0)} req/s",
            f"≥ {GOAL_SAVES}",
            median(ratios) >= GOAL_SAVES,
        ),
        Row(
            "p99 of a save",
            f"{spread([each.p99 for each in saves], 0)} ms",
            f"insert alone: {spread([each.p99 for each in floors], 0)} ms",
        ),
    ]


def _answer_for_minutes(place: Site, sitters: list[Sitter]) -> list[Row]:
    """An answer every two seconds from each phone; in the end the database must hold each one's last words."""
    random = Random(1)
    phones: list[list[Due]] = []
    for sitter in sitters:
        first = random.uniform(0, EVERY)
        phones.append([(first + turn * EVERY, _answer(sitter, turn)) for turn in range(LONG // EVERY)])
    result = send_paced(place.port, phones)
    sent, lost = len(result.latencies), _lost(place, sitters, LONG // EVERY)
    errors = sum(count for status, count in result.statuses.items() if status != "200")
    return [
        Row(
            f"p99 of an answer, {PHONES} learners × 1 in {EVERY} s for {LONG} s",
            f"{result.p99:.0f} ms",
            f"median {result.p50:.1f} ms, slowest {max(result.latencies):.0f} ms",
            f"< {GOAL_STEADY} ms",
            result.p99 < GOAL_STEADY,
        ),
        Row(
            "errors, and answers that the database lost",
            f"{errors}, {len(lost)} of {sent}",
            "",
            "0",
            not errors + len(lost),
        ),
    ]


def _begins(seat: Seat) -> str:
    return post("/t/begin", {"seat": seat.sealed}, {"Cookie": f"phone={seat.token}"})


def _saves(sitters: list[Sitter]) -> list[str]:
    return [_answer(sitter, turn) for turn in range(SAVES) for sitter in sitters]


def _answer(sitter: Sitter, turn: int) -> str:
    """The next question each time; after the last one the first again, with another choice."""
    sent = {"i": turn % ITEMS, "s": turn + 1, "a": {"choice": _choice(turn)}}
    return post_json(f"/t/{sitter.attempt}/save", {"answers": [sent]}, sitter.headers)


def _choice(turn: int) -> str:
    """The first, second or third option that the page shows."""
    return "123"[(turn + turn // ITEMS) % 3]


def _lost(place: Site, sitters: list[Sitter], turns: int) -> list[tuple[str, int]]:
    """The places in which something else stands than was sent last, of those answered in so many turns."""
    connection = sqlite.connect(str(place.database))
    drawn = dict(connection.execute("SELECT public_id, items FROM attempt").fetchall())
    rows = connection.execute(
        "SELECT attempt.public_id, position, sequence, answer FROM response"
        " JOIN attempt ON attempt.id = response.attempt_id"
    ).fetchall()
    connection.close()
    kept = {(attempt, position): (sequence, json.loads(answer)) for attempt, position, sequence, answer in rows}
    lost = []
    for sitter in sitters:
        items = json.loads(drawn[sitter.attempt])
        last = {turn % ITEMS: turn for turn in range(turns)}
        for position, turn in last.items():
            chosen = {"choice": items[position]["o"][int(_choice(turn)) - 1]}
            if kept.get((sitter.attempt, position)) != (turn + 1, chosen):
                lost.append((sitter.attempt, position))
    return lost
