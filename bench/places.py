"""Servers with data of their own, on private ports, gone when the measurement ends."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from tests.support.databases import migrate, opened
from tests.support.serving import ServedProcess
from tests.support.world import World, make_world

GUNICORN = (
    "gunicorn", "--bind", "127.0.0.1:{port}", "--workers", "2", "--worker-class", "gthread", "--threads", "8",
    "--keep-alive", "5", "--worker-tmp-dir", "/dev/shm", "--preload", "--log-level", "warning",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """`classroom serve` with a world in it."""

    server: ServedProcess
    world: World
    database: Path

    @property
    def port(self) -> int:
        return self.server.port

    def log(self) -> str:
        """What the server wrote while it served."""
        return self.server.log.read_text("utf-8", "replace")


@contextmanager
def floor() -> Iterator[int]:
    """The port of the floor application."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name, "floor.db")
        connection = sqlite.connect(str(file))
        connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, a TEXT, b TEXT)")
        connection.close()
        server = ServedProcess(
            "", Path(name), {"FLOOR_DATABASE": str(file)}, program=(*GUNICORN, "bench.floor_app:app")
        )
        try:
            yield server.start().port
        finally:
            server.stop()


@contextmanager
def site(
    classes: int = 10, learners: int = 107, prepare: Callable[[World], None] = lambda world: None
) -> Iterator[Site]:
    """The application with this many classes in session; `prepare` may write more before it serves."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "classroom.db"
        url = f"sqlite:///{file}"
        migrate(url, folder)
        with opened(url, folder):
            world = make_world(classes, learners)
            prepare(world)
        server = ServedProcess(url, folder)
        try:
            yield Site(server.start(), world, file)
        finally:
            server.stop()
