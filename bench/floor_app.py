"""The least that a page can cost here: bare Flask, and bare Flask with one durable row.

Served in the same way as the application (gunicorn, gthread 2 × 8). The row is written with the very driver and
settings of the application, by hand, with one lock per process: faster is not possible without losing rows.
"""

import os
import threading

import pysqlite3.dbapi2 as sqlite
from flask import Flask, request

app = Flask(__name__)
_lock = threading.Lock()
_local = threading.local()


@app.get("/healthz")
def bare() -> str:
    """Say something short."""
    return "ok"


@app.post("/form")
def form() -> str:
    """Read a form and say something short."""
    return request.form["a"]


@app.post("/insert")
def durable_insert() -> str:
    """One row on disk before the answer."""
    values = (request.form["a"], request.form["b"])
    with _lock:
        connection = _connection()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO row (a, b) VALUES (?, ?)", values)
        connection.execute("COMMIT")
    return "ok"


def _connection() -> "sqlite.Connection":
    if not hasattr(_local, "connection"):
        connection = sqlite.connect(os.environ["FLOOR_DATABASE"], isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_mode = WAL")
        _local.connection = connection
    return _local.connection
