"""The database: one base model, one UTC clock type, one place that commits.

SQLite needs a recipe to keep what it acknowledged (see docs/adr/0002-sqlite-recipe.md): SQLAlchemy says BEGIN,
reads are deferred, writes begin IMMEDIATE after forgetting what was read before, and writers take turns. PostgreSQL
runs READ COMMITTED with constraints and the time limits set here.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

import pysqlite3.dbapi2
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Connection, DateTime, Dialect, Engine, Integer, MetaData, String, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

from classroom.core.turns import one_writer

#: The execution option that makes a transaction a writing one; under the same name the session keeps its connection.
WRITING = "classroom_writing"
#: The first SQLite without the bug that loses a commit when a checkpoint races a write in WAL mode.
SQLITE_FLOOR = (3, 51, 3)

#: A 64-bit key; SQLite numbers rows only through a column called INTEGER.
BigKey = BigInteger().with_variant(Integer(), "sqlite")
#: A key that is compared byte by byte on every database.
SortKey = String(800).with_variant(String(800, collation="C"), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on SQLite and PostgreSQL alike; a naive value is a bug and raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The mother of all tables; names of constraints are stable so that migrations can find them."""

    # On the registry: Flask-SQLAlchemy refuses a `type_annotation_map` on the class itself.
    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UtcDateTime(), int: BigKey},
    )


db = SQLAlchemy(model_class=Base)


def engine_options(url: str, threads: int = 8) -> dict[str, Any]:
    """What `SQLALCHEMY_ENGINE_OPTIONS` must hold for the database behind `url`.

    Values of statements stay out of error messages: they are names and numbers of people, and messages are logged.
    """
    if url.startswith("sqlite"):
        return {
            "module": pysqlite3.dbapi2,
            "pool_size": threads,
            "max_overflow": 4,
            "pool_timeout": 5,
            "hide_parameters": True,
        }
    limits = (
        "-c statement_timeout=15000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=30000"
        " -c synchronous_commit=on -c timezone=UTC"
    )
    return {
        "pool_size": threads,
        "max_overflow": 2,
        "pool_timeout": 5,
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "hide_parameters": True,
        "connect_args": {"connect_timeout": 3, "options": limits},
    }


def normalise_url(url: str) -> str:
    """Spell a PostgreSQL address for the psycopg 3 driver, whichever common form it came in."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit at the outermost use case; inner ones join it.

    What was read before is forgotten, so that a use case decides on what it has locked and not on what a page
    once showed. Any exception rolls everything back.
    """
    session = db.session()
    if WRITING in session.info:
        yield session
        return
    session.rollback()
    session.expire_all()
    with _turn_to_write(session.get_bind()):
        try:
            session.info[WRITING] = session.connection(execution_options={WRITING: True})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop(WRITING, None)


def in_transaction() -> bool:
    """Whether a use case has the write transaction open on this thread."""
    return WRITING in db.session().info


def _turn_to_write(bind: Engine | Connection) -> AbstractContextManager[None]:
    if bind.dialect.name != "sqlite":
        return nullcontext()
    return one_writer(bind.engine.url.database or "")


def release() -> None:
    """End the reading transaction, so that a long answer does not hold a snapshot while it streams."""
    db.session.rollback()


def read_one(sql: str, parameters: Mapping[str, Any], engine: Engine | None = None) -> tuple[Any, ...] | None:
    """The first row of a hot, hand-written read, past the ORM and outside any session.

    `sql` names its parameters `:name`; nothing may be written through it. Meant for polls that mostly find
    nothing new; who asks outside the application's context brings the engine. Raises OperationalError.
    """
    engine = engine or db.engine
    if engine.dialect.name != "sqlite":
        with engine.connect() as connection:
            row = connection.exec_driver_sql(_to_pyformat(sql, parameters), dict(parameters)).first()
            return None if row is None else tuple(row)
    raw = engine.raw_connection()
    try:
        found: tuple[Any, ...] | None = raw.cursor().execute(sql, parameters).fetchone()
        return found
    except pysqlite3.dbapi2.Error as broken:
        raise OperationalError(sql, None, broken, hide_parameters=True) from broken
    finally:
        raw.close()


def _to_pyformat(sql: str, parameters: Mapping[str, Any]) -> str:
    for name in sorted(parameters, key=len, reverse=True):
        sql = sql.replace(f":{name}", f"%({name})s")
    return sql


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: Any) -> None:
    """Set what SQLite forgets with each connection, and refuse one that would lose commits."""
    if type(connection).__module__.partition(".")[0] != "pysqlite3":
        return
    if pysqlite3.dbapi2.sqlite_version_info < SQLITE_FLOOR:
        raise RuntimeError(f"SQLite {pysqlite3.dbapi2.sqlite_version} can lose committed data; 3.51.3 is needed")
    connection.isolation_level = None  # SQLAlchemy, not the driver, says BEGIN
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode not in {"wal", "memory"}:
        raise RuntimeError(f"SQLite refused WAL and stays in {mode}; use a local disk")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get(WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
