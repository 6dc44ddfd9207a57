"""Requests at their own moments: a room full of phones, each on its connection, in a process of its own.

An answer's time runs from the moment at which its request was due, so that whoever had to wait in a line that stood
still is counted with the waiting. A phone that is led elsewhere (303) goes there, and both count as one.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench.load import Connection, Result, get

#: A request and the second, from the beginning, at which it is due.
Due = tuple[float, str]


def send_paced(port: int, phones: Sequence[Sequence[Due]], cookies: Sequence[str] = ()) -> Result:
    """Send what each phone sends when it is due; with a cookie for each, phones follow where they are led."""
    last = max(moment for phone in phones for moment, _ in phone)
    with tempfile.TemporaryDirectory() as folder:
        job = Path(folder, "job.json")
        job.write_text(json.dumps({"port": port, "phones": phones, "cookies": list(cookies)}))
        done = subprocess.run(
            [sys.executable, "-m", "bench.paced", job], capture_output=True, timeout=last + 90, check=False
        )
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    return Result(**json.loads(done.stdout))


async def _run(port: int, phones: list[list[Due]], cookies: list[str]) -> dict[str, object]:
    latencies: list[float] = []
    led: list[float] = []
    statuses: Counter[str] = Counter()
    samples: dict[str, str] = {}
    begun = time.perf_counter() + 0.2

    async def work(place: int, requests: list[Due]) -> None:
        connection = Connection(port)
        for moment, request in requests:
            await asyncio.sleep(begun + moment - time.perf_counter())
            status, body = await connection.ask(request.encode())
            if status == "303" and cookies:
                led.append((time.perf_counter() - begun - moment) * 1000)
                status, body = await connection.ask(get(connection.location, {"Cookie": cookies[place]}).encode())
            latencies.append((time.perf_counter() - begun - moment) * 1000)
            statuses[status] += 1
            samples[status] = body[:4000].decode("utf-8", "replace")
        connection.close()

    await asyncio.gather(*(work(place, phone) for place, phone in enumerate(phones)))
    rarest = min(statuses, key=lambda status: statuses[status])
    seconds = time.perf_counter() - begun
    return {"seconds": seconds, "latencies": latencies, "statuses": statuses, "sample": samples[rarest], "led": led}


if __name__ == "__main__":
    told = json.loads(Path(sys.argv[1]).read_text())
    print(json.dumps(asyncio.run(_run(told["port"], told["phones"], told["cookies"]))))
