"""The application behind a real port, for browsers and for drills."""

import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the name is werkzeug's
        """The tests' output is for the tests."""


class LiveServer:
    """The application on threads of this process: it shares the clock and the objects of the test."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> "LiveServer":
        self._server = make_server("127.0.0.1", self.port, self.app, threaded=True, request_handler=_Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Also how a test takes the network away; `start` brings it back on the same port."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None


class ServedProcess:
    """`classroom serve` as an operator runs it, in a process group that a drill can kill; or another `program`,
    a module and its arguments, in which `{port}` stands for the port.
    """

    def __init__(
        self,
        database_url: str,
        instance: Path,
        environment: Mapping[str, str] | None = None,
        program: Sequence[str] = ("classroom", "serve"),
    ) -> None:
        self.port = free_port()
        self.program = program
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = instance / "served.log"
        self._environment = {
            **os.environ,
            "PORT": str(self.port),
            "CLASSROOM_DATABASE_URL": database_url,
            "CLASSROOM_INSTANCE": str(instance),
            "CLASSROOM_SECRET_KEY": "only-for-tests-" * 4,
            **(environment or {}),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, within: float = 30) -> "ServedProcess":
        """Returns when the server answers that it is alive."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *(part.format(port=self.port) for part in self.program)],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = monotonic() + within
        while not self.is_alive():
            if self.process.poll() is not None or monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the server did not come up:\n{self.log.read_text()}")
            sleep(0.05)
        return self

    def is_alive(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def signal_all(self, number: int) -> None:
        """Send a signal to the whole process tree at once."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """End the whole process tree without a word."""
        self.signal_all(9)
        if self.process is not None:
            self.process.wait()

    def stop(self) -> None:
        if self.process is None:
            return
        self.signal_all(15)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.signal_all(9)
            self.process.wait()
        self.process = None
