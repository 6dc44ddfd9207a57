"""A database that a test had is for the next one as good as new."""

import psycopg
import pytest
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.pool import NullPool

from classroom.core.models import Throttle
from tests.factories import LONG_AGO
from tests.support.lending import Lender
from tests.support.postgresql import PostgresServer

pytestmark = pytest.mark.postgresql


def change(server: PostgresServer, name: str, statement: str) -> None:
    with psycopg.connect(host=str(server.folder), user="postgres", dbname=name) as connection:
        connection.execute(statement)


def test_rows_and_counters_are_gone_and_who_was_still_connected_is_sent_away(
    postgresql: PostgresServer, lender: Lender
) -> None:
    name = lender.lend()
    one = {"scope": "test", "key": "x", "window_start": LONG_AGO, "count": 1}
    engine = create_engine(postgresql.url(name), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(insert(Throttle), one)
        connection.execute(text("SELECT nextval('learner_id_seq')"))
    with psycopg.connect(host=str(postgresql.folder), user="postgres", dbname=name) as still:
        still.execute("SELECT key FROM throttle")
        lender.take_back(name)
        assert lender.lend() == name
        with pytest.raises(psycopg.OperationalError, match="terminat"):
            still.execute("SELECT key FROM throttle")
    with engine.begin() as connection:
        assert connection.execute(select(Throttle.key)).all() == []
        assert connection.scalar(text("SELECT count(*) FROM pg_sequences WHERE last_value IS NOT NULL")) == 0
    lender.take_back(name)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE throttle RENAME TO gone",
        "ALTER TABLE throttle ALTER count DROP NOT NULL",
        "ALTER TABLE audit_entry DISABLE TRIGGER USER",
        "CREATE TABLE one_more (id integer)",
        "ALTER TABLE booking DROP CONSTRAINT ex_booking_room",
        "UPDATE alembic_version SET version_num = 'x'",
    ],
)
def test_one_whose_shape_was_changed_is_never_lent_again(
    postgresql: PostgresServer, lender: Lender, statement: str
) -> None:
    name = lender.lend()
    change(postgresql, name, statement)
    lender.take_back(name)
    other = lender.lend()
    assert other != name
    lender.take_back(other)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        change(postgresql, name, "SELECT 1")
