"""Count what is said to the database, and what stands in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, func, select

from classroom.attendance.models import Binding, Event, Mark, Scan
from classroom.core.db import db


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that SQLite itself is given inside; those that begin or end a transaction apart."""
    statements: list[str] = []

    def note(statement: str) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "--")):
            statements.append(" ".join(statement.split()))

    def listen(connection: Any, *others: Any) -> None:
        connection.set_trace_callback(note)

    def forget(connection: Any, *others: Any) -> None:
        connection.set_trace_callback(None)

    db.session.remove()
    event.listen(db.engine, "checkout", listen)
    event.listen(db.engine, "checkin", forget)
    try:
        yield statements
        db.session.remove()
    finally:
        event.remove(db.engine, "checkout", listen)
        event.remove(db.engine, "checkin", forget)


def rows() -> dict[str, int]:
    """How many rows check-in has written so far."""
    tables = (Binding, Event, Mark, Scan)
    db.session.rollback()
    return {each.__tablename__: db.session.scalar(select(func.count()).select_from(each)) or 0 for each in tables}
