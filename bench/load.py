"""A light load generator: raw sockets, kept alive, in a process of its own, so that the server keeps the machine.

It sends a list of ready-made requests, each once, over a fixed number of connections, and waits for each answer
to its last byte. A connection opens when the one before has had its first answer: people come through a door one
after the other, and were all opened at once, chance would decide whether one worker gets them all. Loopback only.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from bench.tables import percentile

HOST = "127.0.0.1"
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Result:
    """What came back: seconds for all, milliseconds for each, how often which status."""

    seconds: float
    latencies: list[float]
    statuses: dict[str, int]
    #: The last answer whose status was the rarest, to see what went wrong.
    sample: str
    #: Milliseconds until a phone was led on, where it was (bench.paced).
    led: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    @property
    def p50(self) -> float:
        return median(self.latencies)

    @property
    def p99(self) -> float:
        return percentile(self.latencies, 99)

    def expect(self, *statuses: int) -> "Result":
        """Refuse to measure errors: they are faster than the truth."""
        if set(self.statuses) - {str(status) for status in statuses}:
            raise RuntimeError(f"unexpected answers {self.statuses}: {self.sample[:3000]}")
        return self


def get(path: str, headers: Mapping[str, str] | None = None) -> str:
    """A GET as it goes over the wire."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    return "\r\n".join(lines) + "\r\n\r\n"


def post(path: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> str:
    """A POST of a form as it goes over the wire."""
    return _post(path, "application/x-www-form-urlencoded", urlencode(form), headers)


def post_json(path: str, value: object, headers: Mapping[str, str] | None = None) -> str:
    """A POST of JSON as it goes over the wire."""
    return _post(path, "application/json", json.dumps(value), headers)


def _post(path: str, kind: str, body: str, headers: Mapping[str, str] | None) -> str:
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {HOST}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    return "\r\n".join(lines) + "\r\n\r\n" + body


def send(port: int, requests: Sequence[str], connections: int = 16) -> Result:
    """Send all requests from another process and return what came back."""
    with tempfile.TemporaryDirectory() as folder:
        job = Path(folder, "job.json")
        job.write_text(json.dumps({"port": port, "requests": list(requests), "connections": connections}))
        done = subprocess.run(
            [sys.executable, "-m", "bench.load", job], capture_output=True, timeout=LONGEST + 10, check=False
        )
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    return Result(**json.loads(done.stdout))


class Connection:
    """One kept-alive connection that opens again when the server has closed it."""

    def __init__(self, port: int) -> None:
        #: Where the last answer led, if it led anywhere.
        self.location = ""
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> tuple[str, bytes]:
        """The status and body of the answer; status "0" when the connection broke."""
        fresh = self._streams is None
        try:
            return await self._ask(request)
        except (OSError, asyncio.IncompleteReadError):
            self.close()
        if fresh:
            return "0", b""
        try:
            return await self._ask(request)
        except (OSError, asyncio.IncompleteReadError):
            self.close()
            return "0", b""

    async def _ask(self, request: bytes) -> tuple[str, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(HOST, self._port)
        reader, writer = self._streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        lowered = head.lower()
        status = head[9:12].decode()
        where = lowered.find(b"\r\nlocation:")
        self.location = "" if where < 0 else head[where + 11 : head.index(b"\r", where + 2)].strip().decode()
        if b"content-length:" in lowered:
            length = int(lowered.partition(b"content-length:")[2].partition(b"\r")[0])
            body = await reader.readexactly(length)
        elif status in {"204", "304"}:
            body = b""
        else:
            raise RuntimeError(f"an answer without a length: {head!r}")
        if b"connection: close" in lowered:
            self.close()
        return status, body

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


async def _run(port: int, requests: list[bytes], connections: int) -> dict[str, object]:
    waiting = iter(requests)
    latencies: list[float] = []
    statuses: Counter[str] = Counter()
    samples: dict[str, str] = {}

    async def work(turn: asyncio.Event, next_turn: asyncio.Event) -> None:
        await turn.wait()
        connection = Connection(port)
        for request in waiting:
            begun = time.perf_counter()
            status, body = await connection.ask(request)
            latencies.append((time.perf_counter() - begun) * 1000)
            statuses[status] += 1
            samples[status] = body[:4000].decode("utf-8", "replace")
            next_turn.set()
        next_turn.set()
        connection.close()

    turns = [asyncio.Event() for _ in range(connections + 1)]
    turns[0].set()
    begun = time.perf_counter()
    await asyncio.wait_for(asyncio.gather(*(work(*pair) for pair in pairwise(turns))), LONGEST)
    seconds = time.perf_counter() - begun
    rarest = min(statuses, key=lambda status: statuses[status])
    return {"seconds": seconds, "latencies": latencies, "statuses": statuses, "sample": samples[rarest]}


if __name__ == "__main__":
    job = json.loads(Path(sys.argv[1]).read_text())
    print(json.dumps(asyncio.run(_run(job["port"], [each.encode() for each in job["requests"]], job["connections"]))))
