"""The application with its promise taken away: it answers first and writes a moment later.

Each POST is judged as usual, but its commit becomes a rollback; the same request is carried out for real a quarter
of a second after the answer has gone. Whoever kills this server loses what it had acknowledged, and the drills must
notice.
"""

import queue
import threading
import time
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from flask_sqlalchemy.session import Session

from classroom.wsgi import app as flask_app

BEHIND = 0.25
_saying_only = threading.local()
_later: "queue.Queue[tuple[float, dict[str, Any], bytes]]" = queue.Queue()
_starting = threading.Lock()
_writers: list[threading.Thread] = []
_commit = Session.commit


def _commit_or_forget(self: Session) -> None:
    if getattr(_saying_only, "on", False):
        self.rollback()
    else:
        _commit(self)


Session.commit = _commit_or_forget  # type: ignore[method-assign]


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Say what would be written, and write it later."""
    if environ["REQUEST_METHOD"] != "POST":
        return flask_app(environ, start_response)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    again = {name: value for name, value in environ.items() if isinstance(value, str) or name == "wsgi.version"}
    _saying_only.on = True
    try:
        parts = flask_app({**environ, "wsgi.input": BytesIO(body)}, start_response)
        answer = b"".join(parts)
    finally:
        _saying_only.on = False
    _start_writer()
    _later.put((time.monotonic() + BEHIND, again, body))
    return [answer]


def _start_writer() -> None:
    """In the worker, not before the fork."""
    with _starting:
        if not _writers:
            _writers.append(threading.Thread(target=_write, daemon=True))
            _writers[0].start()


def _write() -> None:
    while True:
        due, environ, body = _later.get()
        time.sleep(max(0.0, due - time.monotonic()))
        environ |= {"wsgi.input": BytesIO(body), "wsgi.errors": BytesIO(), "wsgi.url_scheme": "http"}
        b"".join(flask_app(environ, lambda *_: lambda _: None))
