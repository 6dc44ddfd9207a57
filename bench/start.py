"""From the command to the first answer, and the memory of idle workers."""

import tempfile
import time
from pathlib import Path

from bench.tables import Row, spread
from tests.support.databases import opened
from tests.support.processes import web_workers
from tests.support.serving import ServedProcess
from tests.support.world import make_world

TITLE = "Start and memory of `classroom serve` (SQLite, 10 classes of 107)"
ROUNDS = 5


def run() -> list[Row]:
    """Seconds until /healthz answers; resident and proportional memory of each web worker after that."""
    memory: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'classroom.db'}"
        first = _seconds(url, folder, [])
        with opened(url, folder):
            make_world()
        starts = [_seconds(url, folder, memory) for _ in range(ROUNDS)]
    resident, proportional = ([each[kind] for each in memory] for kind in (0, 1))
    return [
        Row("ready, database there", f"{spread(starts)} s", "", "< 3 s", max(starts) < 3),
        Row("ready, very first start (makes the database)", f"{first:.2f} s", "", "", None),
        Row(
            "idle web worker, resident (RSS)",
            f"{spread(resident, 0)} MB",
            f"its proportional share (PSS) {spread(proportional, 0)} MB",
            "< 120 MB",
            max(resident) < 120,
        ),
    ]


def _seconds(url: str, folder: Path, memory: list[tuple[float, float]]) -> float:
    server = ServedProcess(url, folder)
    begun = time.perf_counter()
    try:
        server.start()
        seconds = time.perf_counter() - begun
        memory += [_memory(pid) for pid in web_workers(server.process.pid if server.process else 0)]
    finally:
        server.stop()
    return seconds


def _memory(pid: int) -> tuple[float, float]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {line.partition(":")[0]: int(line.split()[1]) for line in lines[1:]}
    return sizes["Rss"] / 1024, sizes["Pss"] / 1024
