"""The database recipe: what it keeps, what it refuses, and what happens without it."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Executable, create_engine, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from classroom.core import db as recipe
from classroom.core import throttle
from classroom.core.db import db, engine_options, in_transaction, normalise_url, read_one, release, transaction
from classroom.core.models import Throttle
from tests.support.databases import make_app
from tests.support.lending import Lender
from tests.support.postgresql import PostgresServer
from tests.support.racing import together
from tests.support.serving import ROOT

WINDOW = datetime(2026, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
THREADS, ROUNDS = 4, 50
COUNT = select(Throttle.count).where(Throttle.scope == "test")


def write_down(count: int = 0, key: str = "counter") -> None:
    with transaction() as session:
        session.add(Throttle(scope="test", key=key, window_start=WINDOW, count=count))


def set_count(count: int) -> None:
    db.session.execute(update(Throttle).where(Throttle.scope == "test").values(count=count))


def counted() -> int:
    release()
    return db.session.scalar(COUNT) or 0


# --- races ---


def add_one_by_the_recipe() -> None:
    """Look as a page does, then decide on what was read under the lock."""
    db.session.scalars(select(Throttle)).all()
    with transaction() as session:
        row = session.scalars(select(Throttle).where(Throttle.scope == "test").with_for_update()).one()
        row.count += 1


def test_read_modify_write_in_four_threads_loses_nothing(any_app: Flask) -> None:
    write_down()

    together(any_app, [lambda: [add_one_by_the_recipe() for _ in range(ROUNDS)]] * THREADS)

    assert counted() == THREADS * ROUNDS


def test_control_deciding_on_what_a_page_once_showed_loses_increments(any_app: Flask) -> None:
    write_down()
    all_have_read = threading.Barrier(THREADS, timeout=30)

    def add_one_stale() -> None:
        shown = counted()
        all_have_read.wait()
        with transaction():
            set_count(shown + 1)
        all_have_read.wait()

    together(any_app, [lambda: [add_one_stale() for _ in range(ROUNDS)]] * THREADS)

    assert counted() == ROUNDS, "every round should have kept one increment of four"


def test_a_row_loaded_before_the_transaction_is_read_anew_in_it(any_app: Flask) -> None:
    write_down(count=1)
    loaded = db.session.scalars(select(Throttle)).one()
    assert loaded.count == 1
    together(any_app, [add_one_by_the_recipe])

    with transaction():
        assert loaded.count == 2


@pytest.mark.sqlite
def test_without_begin_immediate_a_reader_that_turns_writer_is_thrown_out(app: Flask) -> None:
    write_down()
    db.session.scalar(COUNT)
    together(app, [add_one_by_the_recipe])

    with pytest.raises(OperationalError, match="locked"):
        set_count(7)


def test_tries_are_counted_one_by_one_whoever_comes_at_once(any_app: Flask) -> None:
    def hit_often() -> list[int]:
        return [throttle.hit("sign_in", "lan", DAY) for _ in range(5)]

    counts = together(any_app, [hit_often] * 8)

    assert sorted(count for each in counts for count in each) == list(range(1, 41))
    assert throttle.tries("sign_in", "lan", DAY) == 40


def test_a_try_that_was_right_is_taken_out_of_the_window_it_was_counted_in(any_app: Flask) -> None:
    before, after = datetime(2026, 11, 7, 23, 59, tzinfo=UTC), datetime(2026, 11, 8, tzinfo=UTC)
    counts = [throttle.hit("sign_in", "lan", DAY, at) for at in (before, after)]
    throttle.give_back("sign_in", "lan", DAY, before)
    again = [throttle.hit("sign_in", "lan", DAY, at) for at in (before, after)]
    assert (counts, again) == ([1, 1], [1, 2])


def test_tries_of_others_and_of_earlier_windows_do_not_count(any_app: Flask) -> None:
    throttle.hit("sign_in", "lan", DAY)

    assert throttle.hit("sign_in", "mai", DAY) == 1
    assert throttle.hit("identify", "lan", DAY) == 1

    throttle.forget("sign_in", "lan")
    assert throttle.tries("sign_in", "lan", DAY) == 0
    assert throttle.tries("sign_in", "mai", DAY) == 1


def test_windows_long_past_are_swept(any_app: Flask) -> None:
    write_down(count=3)
    throttle.hit("sign_in", "lan", DAY)

    assert throttle.sweep() == 1
    assert throttle.tries("sign_in", "lan", DAY) == 1


# --- transactions ---


def test_an_inner_use_case_joins_and_the_outermost_commits(any_app: Flask) -> None:
    with transaction() as outer:
        with transaction() as inner:
            assert inner is outer
            inner.add(Throttle(scope="test", key="inner", window_start=WINDOW, count=5))
        assert in_transaction()
        assert together(any_app, [counted]) == [0], "nobody else sees it before the outermost commit"

    assert not in_transaction()
    assert together(any_app, [counted]) == [5]


def fail_after(write: Callable[[], None], problem: BaseException) -> None:
    with transaction():
        write()
        raise problem


@pytest.mark.parametrize("problem", [RuntimeError("broken"), KeyboardInterrupt(), SystemExit(1)])
def test_any_exception_rolls_everything_back(any_app: Flask, problem: BaseException) -> None:
    with pytest.raises(type(problem)):
        fail_after(lambda: write_down(count=9), problem)

    assert not in_transaction()
    together(any_app, [lambda: write_down(count=1)])
    assert counted() == 1, "the lock is free again, and nothing of the first try is left"


def test_an_inner_use_case_that_fails_takes_the_outer_one_with_it(any_app: Flask) -> None:
    with pytest.raises(RuntimeError):
        fail_after(lambda: fail_after(lambda: write_down(count=9), RuntimeError("inner")), RuntimeError("outer"))

    assert counted() == 0


def test_a_constraint_has_the_last_word(any_app: Flask) -> None:
    write_down()

    with pytest.raises(IntegrityError):
        write_down()

    assert counted() == 0
    write_down(key="another")


def test_a_write_that_was_not_announced_is_not_kept(any_app: Flask) -> None:
    db.session.add(Throttle(scope="test", key="sneaked", window_start=WINDOW, count=9))

    with transaction():
        pass

    assert counted() == 0


# --- the raw read of polls ---


def test_a_raw_read_gives_the_first_row_or_none(any_app: Flask) -> None:
    write_down(count=4)
    statement = "SELECT count, key FROM throttle WHERE scope = :scope AND key = :key"

    assert read_one(statement, {"scope": "test", "key": "counter"}) == (4, "counter")
    assert read_one(statement, {"scope": "test", "key": "nobody"}) is None


def test_a_raw_read_leaves_no_transaction_open(app: Flask) -> None:
    write_down()
    for _ in range(20):
        read_one("SELECT 1", {})

    add_one_by_the_recipe()

    assert counted() == 1


# --- times ---


def test_instants_come_back_aware_and_in_utc(any_app: Flask) -> None:
    in_vietnam = datetime(2026, 10, 12, 7, 30, tzinfo=timezone(timedelta(hours=7)))
    with transaction() as session:
        session.add(Throttle(scope="test", key="time", window_start=in_vietnam, count=1))

    found = db.session.scalar(select(Throttle.window_start))

    assert found == in_vietnam
    assert found is not None
    assert found.utcoffset() == timedelta(0)


NAIVE = WINDOW.replace(tzinfo=None)


@pytest.mark.parametrize(
    "statement",
    [
        insert(Throttle).values(scope="test", key="naive", window_start=NAIVE, count=1),
        select(Throttle.count).where(Throttle.window_start < NAIVE),
    ],
)
def test_naive_times_are_refused(any_app: Flask, statement: Executable) -> None:
    with pytest.raises(StatementError, match="naive datetime"):
        db.session.execute(statement)


# --- SQLite's settings ---


@pytest.mark.sqlite
def test_every_connection_to_sqlite_keeps_the_recipe(app: Flask) -> None:
    connections = [db.engine.connect() for _ in range(4)]
    try:
        for connection in connections:
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout")
            }
            assert found == {
                "journal_mode": "wal",
                "synchronous": 2,
                "foreign_keys": 1,
                "trusted_schema": 0,
                "busy_timeout": 5000,
            }
    finally:
        for connection in connections:
            connection.close()


def test_a_sqlite_that_can_lose_commits_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe, "SQLITE_FLOOR", (99, 0, 0))

    with pytest.raises(RuntimeError, match="can lose committed data"):
        connect(f"sqlite:///{tmp_path / 'old.db'}")


def test_a_disk_that_cannot_do_wal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="refused WAL"):
        connect(f"sqlite:///file:{tmp_path / 'remote.db'}?vfs=unix-dotfile&uri=true")


def connect(url: str) -> None:
    engine = create_engine(url, **engine_options(url))
    try:
        engine.connect().close()
    finally:
        engine.dispose()


@pytest.mark.sqlite
def test_a_write_transaction_takes_the_lock_before_it_reads(app: Flask, tmp_path: Path) -> None:
    """Another process's writer is stood in for by a second engine, which does not share our queue."""
    engine = create_engine(db.engine.url, **engine_options("sqlite://"))
    try:
        with transaction(), engine.connect() as other:
            other.exec_driver_sql("PRAGMA busy_timeout = 0")
            with pytest.raises(OperationalError, match="locked"):
                other.execute(insert(Throttle).values(scope="test", key="x", window_start=WINDOW, count=1))
    finally:
        engine.dispose()


# --- PostgreSQL's settings ---


@pytest.mark.postgresql
def test_postgresql_has_limits_and_waits_for_its_disk(
    postgresql: PostgresServer, lender: Lender, tmp_path: Path
) -> None:
    name = lender.lend()
    url = postgresql.url(name)
    app = make_app(url, tmp_path / "instance")
    with app.app_context():
        found = {
            name: db.session.scalar(text(f"SHOW {name}"))
            for name in ("statement_timeout", "lock_timeout", "synchronous_commit", "TimeZone", "transaction_isolation")
        }
        db.session.remove()
        db.engine.dispose()
    lender.take_back(name)

    assert found == {
        "statement_timeout": "15s",
        "lock_timeout": "3s",
        "synchronous_commit": "on",
        "TimeZone": "UTC",
        "transaction_isolation": "read committed",
    }


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://u:p@db/classroom", "postgresql+psycopg://u:p@db/classroom"),
        ("postgresql://u@db/classroom?sslmode=require", "postgresql+psycopg://u@db/classroom?sslmode=require"),
        ("postgresql+psycopg://db/classroom", "postgresql+psycopg://db/classroom"),
        ("sqlite:////var/lib/classroom.db", "sqlite:////var/lib/classroom.db"),
    ],
)
def test_common_spellings_of_an_address_reach_the_right_driver(given: str, meant: str) -> None:
    assert normalise_url(given) == meant


# --- turns ---


def test_writers_of_two_processes_take_turns_and_none_is_lost(app: Flask, tmp_path: Path) -> None:
    write_down()
    program = (
        "from pathlib import Path; import sys;"
        "from tests.support.databases import opened; from tests.core.test_db import add_one_by_the_recipe\n"
        "with opened(sys.argv[1], Path(sys.argv[2])):\n"
        "    [add_one_by_the_recipe() for _ in range(100)]"
    )
    command = [sys.executable, "-c", program, str(app.config["SQLALCHEMY_DATABASE_URI"]), str(tmp_path / "other")]
    other = subprocess.Popen(command, cwd=ROOT)

    together(app, [lambda: [add_one_by_the_recipe() for _ in range(ROUNDS)]] * 2)

    assert other.wait(60) == 0
    assert counted() == 100 + 2 * ROUNDS


@pytest.mark.sqlite
def test_a_process_that_dies_in_its_turn_holds_nobody_up(app: Flask, tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\nfrom classroom.core.turns import one_writer\n"
        "with one_writer(sys.argv[1]):\n    os.kill(os.getpid(), signal.SIGKILL)"
    )
    died = subprocess.run([sys.executable, "-c", program, str(db.engine.url.database)], cwd=ROOT, check=False)

    assert died.returncode == -signal.SIGKILL
    write_down(count=1)
    assert counted() == 1


def test_a_forked_worker_waits_for_its_parents_turn(tmp_path: Path) -> None:
    """It inherits the parent's open file; locking that would be the parent's very lock, and no lock at all."""
    program = (
        "import os, sys\nfrom classroom.core.turns import one_writer\n"
        "with one_writer(sys.argv[1]): pass\n"
        "child = os.fork()\n"
        "for _ in range(300):\n"
        "    with one_writer(sys.argv[1]):\n"
        "        with open(sys.argv[2], 'r+') as file:\n"
        "            count = int(file.read()); os.sched_yield(); file.seek(0); file.write(str(count + 1))\n"
        "if child: os.waitpid(child, 0)\n"
        "else: os._exit(0)"
    )
    counter = tmp_path / "counter"
    counter.write_text("0")

    subprocess.run([sys.executable, "-c", program, str(tmp_path / "x.db"), str(counter)], cwd=ROOT, check=True)

    assert counter.read_text() == "600"
