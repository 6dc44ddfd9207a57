"""Count tries per account, grant or claimed learner, in the database so that it holds on every machine.

Fixed windows: the count starts anew when a window of the given length begins.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.models import Throttle


def window_start(at: datetime, window: timedelta) -> datetime:
    """The beginning of the window that `at` lies in."""
    seconds = int(window.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)


def hit(scope: str, key: str, window: timedelta, at: datetime | None = None) -> int:
    """Count one try and return how many there were in this window, this one included; `at` is now unless said."""
    with transaction() as session:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        statement = (
            insert(Throttle)
            .values(scope=scope, key=key, window_start=window_start(at or now(), window), count=1)
            .on_conflict_do_update(index_elements=["scope", "key", "window_start"], set_={"count": Throttle.count + 1})
            .returning(Throttle.count)
        )
        return int(session.execute(statement).scalar_one())


def tries(scope: str, key: str, window: timedelta) -> int:
    """How many tries this window has seen."""
    found = db.session.scalar(
        select(Throttle.count).where(
            Throttle.scope == scope,
            Throttle.key == key,
            Throttle.window_start == window_start(now(), window),
        )
    )
    return found or 0


def forget(scope: str, key: str) -> None:
    """Start anew, as after a success."""
    with transaction() as session:
        session.execute(delete(Throttle).where(Throttle.scope == scope, Throttle.key == key))


def give_back(scope: str, key: str, window: timedelta, at: datetime) -> None:
    """Take one try back that was counted at `at` and turned out to be right: in its own window, past or not."""
    with transaction() as session:
        which = (Throttle.scope == scope, Throttle.key == key, Throttle.window_start == window_start(at, window))
        session.execute(update(Throttle).where(*which, Throttle.count > 0).values(count=Throttle.count - 1))


def sweep(older_than: timedelta = timedelta(days=2)) -> int:
    """Delete windows long past; returns how many."""
    with transaction() as session:
        past = session.scalar(
            select(func.count()).select_from(Throttle).where(Throttle.window_start < now() - older_than)
        )
        session.execute(delete(Throttle).where(Throttle.window_start < now() - older_than))
        return past or 0
