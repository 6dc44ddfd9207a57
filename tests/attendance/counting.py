"""Count what is said to the database, and what stands in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, func, select

from classroom.attendance.models import Binding, Event, Mark, Scan
from classroom.core.db import db


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements said inside, BEGIN and COMMIT apart."""
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(" ".join(statement.split()))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def rows() -> dict[str, int]:
    """How many rows check-in has written so far."""
    tables = (Binding, Event, Mark, Scan)
    db.session.rollback()
    return {each.__tablename__: db.session.scalar(select(func.count()).select_from(each)) or 0 for each in tables}
