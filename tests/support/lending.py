"""Databases that one test after another may have: emptied in a moment, where a new copy takes a second."""

import psycopg
from psycopg import sql

from tests.support.postgresql import PostgresServer

_SHAPE = """
SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (
  SELECT concat_ws(' ', 'table', relname, relkind, relrowsecurity) AS line FROM pg_class
   WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', 'column', attrelid::regclass, attname, atttypid, attnotnull, attisdropped)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
   WHERE relnamespace = 'public'::regnamespace AND attnum > 0
  UNION ALL SELECT concat_ws(' ', 'trigger', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
  UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', 'index', indexrelid::regclass, indisvalid, indisunique) FROM pg_index
  UNION ALL SELECT concat_ws(' ', 'function', proname, md5(prosrc)) FROM pg_proc
   WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', 'setting', setconfig::text) FROM pg_db_role_setting
   WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
  UNION ALL SELECT concat_ws(' ', 'version', version_num) FROM alembic_version
) AS lines
"""
_AWAY = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
_COUNT_ANEW = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences
 WHERE last_value IS NOT NULL
"""


class Lender:
    """Copies of a migrated template without rows; one in which a test changed more than rows is thrown away."""

    def __init__(self, server: PostgresServer, template: str) -> None:
        self._server = server
        self._template = template
        self._free: list[str] = []
        with self._enter(template) as connection:
            self._shape = _shape(connection)
            names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        self._tables = [name for (name,) in names if name != "alembic_version"]

    def lend(self) -> str:
        """A database as the migrations leave it; its name."""
        return self._free.pop() if self._free else self._server.create(self._template)

    def take_back(self, name: str) -> None:
        """Empty it for the next test, or drop it."""
        with self._enter("postgres") as connection:
            connection.execute(_AWAY, (name,))
        if self._wash(name):
            self._free.append(name)
        else:
            self._server.drop(name)

    def _wash(self, name: str) -> bool:
        with self._enter(name) as connection:
            if _shape(connection) != self._shape:
                return False
            connection.execute("SET session_replication_role = replica")
            for table in self._filled(connection):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            connection.execute(_COUNT_ANEW)
        return True

    def _filled(self, connection: psycopg.Connection) -> list[str]:
        """Tables with rows."""
        asked = [
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(name), sql.Identifier(name))
            for name in self._tables
        ]
        return [str(name) for (name,) in connection.execute(sql.SQL(" UNION ALL ").join(asked)).fetchall()]

    def _enter(self, name: str) -> psycopg.Connection:
        return psycopg.connect(host=str(self._server.folder), user="postgres", dbname=name)


def _shape(connection: psycopg.Connection) -> str:
    """A sum over all that makes the schema."""
    row = connection.execute(_SHAPE).fetchone()
    assert row is not None
    return str(row[0])
