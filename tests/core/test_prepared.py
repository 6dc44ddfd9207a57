"""Statements put into words once: same types, same errors, same transaction as SQLAlchemy's own."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError, NoResultFound

from classroom.core.db import db, transaction
from classroom.core.models import Throttle
from classroom.core.prepared import Prepared

TABLE = Throttle.__table__
WINDOW = datetime(2026, 10, 12, 7, 30, 0, 123456, tzinfo=UTC)
COLUMNS = ["scope", "key", "window_start", "count"]
ADD = Prepared(insert(TABLE).returning(TABLE.c.id, TABLE.c.window_start), COLUMNS)
ADD_MANY = Prepared(insert(TABLE), COLUMNS)
ADD_ONCE = Prepared(lambda insert: insert(TABLE).on_conflict_do_nothing().returning(TABLE.c.id), COLUMNS)
RAISE = Prepared(update(TABLE).where(TABLE.c.key == bindparam("wanted")).values(count=TABLE.c.count + 5))
FIND = Prepared(
    select(TABLE.c.count, TABLE.c.window_start.label("since"))
    .where(TABLE.c.key == bindparam("wanted"), TABLE.c.scope == "test")
    .order_by(TABLE.c.count)
)


def add(key: str = "one", window: datetime = WINDOW, count: int = 1) -> None:
    with transaction():
        ADD.one(scope="test", key=key, window_start=window, count=count)


def test_rows_have_names_and_the_types_of_the_columns(any_app: Flask) -> None:
    add(window=WINDOW.astimezone(timezone(timedelta(hours=7))))
    row = FIND.one(wanted="one")
    assert (row.count, row.since, row.since.tzinfo) == (1, WINDOW, UTC)
    assert FIND.all(wanted="one") == [(1, WINDOW)]


def test_values_that_the_statement_brings_along_are_kept(any_app: Flask) -> None:
    add()
    with transaction():
        RAISE.first(wanted="one")
        RAISE.first(wanted="one")
    assert FIND.one(wanted="one").count == 11


def test_many_rows_are_given_column_by_column(any_app: Flask) -> None:
    hanoi = timezone(timedelta(hours=7))
    windows = [WINDOW, WINDOW.astimezone(hanoi), WINDOW + timedelta(seconds=1), WINDOW]
    with transaction():
        ADD_MANY.many({"key": list("abcd"), "window_start": windows, "count": [1, 2, 3, 4]}, scope="test")
    assert [FIND.all(wanted=key) for key in "abcd"] == [
        [(1, WINDOW)],
        [(2, WINDOW)],
        [(3, WINDOW + timedelta(seconds=1))],
        [(4, WINDOW)],
    ]


def test_many_rows_of_none_are_none(any_app: Flask) -> None:
    with transaction():
        ADD_MANY.many({"key": [], "window_start": [], "count": []}, scope="test")
    assert FIND.all(wanted="a") == []


def test_columns_of_different_lengths_are_refused(any_app: Flask) -> None:
    with pytest.raises(ValueError, match="lengths"), transaction():
        ADD_MANY.many({"key": ["a"], "window_start": [WINDOW, WINDOW], "count": [1]}, scope="test")


def test_nothing_found_is_none_or_refused(any_app: Flask) -> None:
    assert FIND.first(wanted="nobody") is None
    assert FIND.all(wanted="nobody") == []
    with pytest.raises(NoResultFound):
        FIND.one(wanted="nobody")


def test_what_is_there_already_stays_and_is_not_returned(any_app: Flask) -> None:
    values = {"scope": "test", "key": "one", "window_start": WINDOW}
    with transaction():
        made = ADD_ONCE.first(**values, count=1)
        again = ADD_ONCE.first(**values, count=9)
    assert made is not None
    assert again is None
    assert FIND.one(wanted="one").count == 1


def test_a_naive_time_is_refused(any_app: Flask) -> None:
    with pytest.raises(ValueError, match="naive"):
        add(window=WINDOW.replace(tzinfo=None))


def test_inside_a_transaction_it_sees_what_was_written_and_goes_with_it(any_app: Flask) -> None:
    def write_and_fail() -> None:
        with transaction() as session:
            session.add(Throttle(scope="test", key="one", window_start=WINDOW, count=3))
            session.flush()
            assert FIND.one(wanted="one").count == 3
            RAISE.first(wanted="one")
            assert session.scalar(select(Throttle.count)) == 8
            raise RuntimeError("roll back")

    with pytest.raises(RuntimeError, match="roll back"):
        write_and_fail()
    assert FIND.first(wanted="one") is None


@pytest.mark.sqlite
def test_inside_a_reading_transaction_it_reads_the_same_snapshot(app: Flask) -> None:
    add()
    assert db.session.scalar(select(Throttle.count)) == 1
    with db.engine.connect() as other:
        other.execute(update(Throttle).values(count=7))
        other.commit()
    assert FIND.one(wanted="one").count == 1
    db.session.rollback()
    assert FIND.one(wanted="one").count == 7


@pytest.mark.sqlite
def test_a_read_alone_leaves_no_transaction_open(app: Flask) -> None:
    add()
    FIND.one(wanted="one")
    assert not db.session().in_transaction()


def test_errors_are_sqlalchemys_own_and_hide_the_values(any_app: Flask) -> None:
    add()
    with pytest.raises(IntegrityError) as caught:
        add()
    assert "INSERT INTO throttle" in str(caught.value)
    assert "'one'" not in str(caught.value)
    add(key="another")
