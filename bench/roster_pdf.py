"""The roster of 107 learners as PDF from a warm server: the whole request, and the setting of its pages alone."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from unittest.mock import patch

from bench.tables import Row, spread
from classroom.accounts.models import Organisation, Staff
from classroom.core import pdf
from classroom.core.db import db
from tests.factories import StaffFactory, sign_in
from tests.support.databases import migrate, opened
from tests.support.world import World, make_world

TITLE = "Roster of 107 learners as PDF, warm, in one process"
ROUNDS = 15
GOAL = 0.1


def run() -> list[Row]:
    """Seconds of a request, and of the typesetting in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'classroom.db'}"
        migrate(url, folder)
        with opened(url, folder / "instance") as app:
            world = make_world()
            client = sign_in(app.test_client(), _coordinator(world))
            path = f"/classes/{world.rooms[0].class_id}/roster.pdf"

            def ask() -> None:
                answer = client.get(path)
                assert answer.status_code == 200, answer.status
                assert answer.data.startswith(b"%PDF-")

            document, data = _what_is_set(ask)
            requests, settings = [], []
            for _ in range(ROUNDS):
                requests.append(_seconds(ask))
                settings.append(_seconds(lambda: pdf.render(document, data)))
    return [
        Row(
            "the request, from sign-in to the last byte",
            f"{spread(requests, 3)} s",
            f"typesetting alone: {spread(settings, 3)} s",
            f"< {GOAL} s",
            median(requests) < GOAL,
        )
    ]


def _coordinator(world: World) -> Staff:
    made: Staff = StaffFactory(organisation=db.session.get_one(Organisation, world.organisation_id))
    return made


def _what_is_set(ask: Callable[[], None]) -> tuple[str, dict[str, object]]:
    """What the request hands to the typesetter; it also warms it up."""
    kept: list[tuple[str, dict[str, object]]] = []
    real = pdf.render

    def keep(document: str, data: dict[str, object]) -> bytes:
        kept.append((document, data))
        return real(document, data)

    with patch("classroom.core.pdf.render", keep):
        ask()
    return kept[0]


def _seconds(act: Callable[[], object]) -> float:
    begins = time.perf_counter()
    act()
    return time.perf_counter() - begins
