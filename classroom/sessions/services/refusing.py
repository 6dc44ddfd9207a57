"""Let the database have the last word, and say it as a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from classroom.core.errors import Invalid


@contextmanager
def constraint(session: Session, *marks: str, refusal: Exception) -> Iterator[None]:
    """Raise `refusal` when what was written inside breaks a constraint whose message holds one of the marks.

    A mark is a constraint's name (PostgreSQL) or the columns it names (SQLite).
    """
    try:
        with session.begin_nested():
            yield
    except IntegrityError as broken:
        if broke(broken, *marks):
            raise refusal from broken
        raise


def broke(error: IntegrityError, *marks: str) -> bool:
    """Whether it was one of these constraints."""
    return any(mark in str(error.orig) for mark in marks)


def check_reason(reason: str) -> str:
    """A reason that says something; raises Invalid `reason.missing`."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid("reason.missing")
    return reason[:300]
