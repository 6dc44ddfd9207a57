"""Statements that a whole room asks for in the same minute, put into words once and run past the ORM.

Around a statement that takes SQLite a hundredth of a millisecond, SQLAlchemy's compiler, session and result cost ten
times as much; on the way of a mark there are nine. Types, bound values and errors stay SQLAlchemy's own. Such a
statement writes out what the ORM has not flushed yet no more than a Core statement does.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.orm import Session

from classroom.core.db import WRITING, db

_Convert = Callable[[Any], Any]


class _Words(NamedTuple):
    """A statement as one database understands it."""

    sql: str
    #: Values that the statement itself brings along.
    constants: Mapping[str, Any]
    #: Order of the values where they have no names.
    order: Sequence[str] | None
    #: Converters of values, where one is needed.
    before: Sequence[tuple[str, _Convert]]
    #: Converters of the columns of a row, where one is needed.
    after: Sequence[tuple[int, _Convert]]
    row: Callable[..., Any]


class Prepared:
    """One statement for both databases. Its values come by name; its rows are named tuples.

    `build` is the statement, or makes it from the dialect's own `insert`, which knows ON CONFLICT. `columns` are those
    that an INSERT is given values for; nothing is filled in by default.
    """

    def __init__(self, build: Any, columns: Sequence[str] | None = None) -> None:
        self._build = build
        self._columns = None if columns is None else list(columns)
        self._known: dict[str, _Words] = {}

    def all(self, **values: Any) -> list[Any]:
        """Every row."""
        return self._run(values)

    def first(self, **values: Any) -> Any:
        """The first row, or None."""
        rows = self._run(values)
        return rows[0] if rows else None

    def one(self, **values: Any) -> Any:
        """The first row; raises NoResultFound."""
        rows = self._run(values)
        if not rows:
            raise NoResultFound
        return rows[0]

    def many(self, columns: Mapping[str, Sequence[Any]], **same: Any) -> None:
        """Write thousands of rows, given column by column, with what is the `same` in all; needs an open transaction.

        Raises ValueError when the columns are not of one length.
        """
        connection: Connection = db.session().info.get(WRITING) or db.session().connection()
        words = self._words(connection.dialect)
        names = words.order if words.order is not None else [*columns, *same, *words.constants]
        rows = _in_rows(words, names, columns, {**words.constants, **same})
        if connection.dialect.name == "sqlite":
            _ask(connection.connection, connection.dialect, words, rows, many=True)
        elif bound := [dict(zip(names, row, strict=True)) for row in rows]:
            connection.exec_driver_sql(words.sql, bound)

    def _run(self, values: Mapping[str, Any]) -> list[Any]:
        """Join the open transaction of this thread; without one, SQLite answers a read straight from the pool."""
        session = db.session()
        writing: Connection | None = session.info.get(WRITING)
        if writing is None and not session.in_transaction() and session.get_bind().dialect.name == "sqlite":
            return self._read(session, values)
        connection = writing or session.connection()
        words = self._words(connection.dialect)
        if connection.dialect.name == "sqlite":
            return _converted(words, _ask(connection.connection, connection.dialect, words, _bound(words, values)))
        result = connection.exec_driver_sql(words.sql, _bound(words, values))
        return _converted(words, result.all()) if result.returns_rows else []

    def _read(self, session: Session, values: Mapping[str, Any]) -> list[Any]:
        engine = db.engine
        raw = engine.raw_connection()
        try:
            words = self._words(engine.dialect)
            return _converted(words, _ask(raw, engine.dialect, words, _bound(words, values)))
        finally:
            raw.close()

    def _words(self, dialect: Dialect) -> _Words:
        known = self._known.get(dialect.name)
        if known is None:
            known = self._known[dialect.name] = self._worded(dialect)
        return known

    def _worded(self, dialect: Dialect) -> _Words:
        module: Any = sqlite if dialect.name == "sqlite" else postgresql
        statement = self._build(module.insert) if callable(self._build) else self._build
        compiled = statement.compile(dialect=dialect, column_keys=self._columns)
        columns = list(statement.exported_columns)
        return _Words(
            sql=str(compiled),
            constants={name: bound.effective_value for name, bound in compiled.binds.items() if not bound.required},
            order=compiled.positiontup,
            before=_converters(dialect, compiled.binds.items(), "bind_processor"),
            after=_converters(dialect, enumerate(columns), "result_processor", None),
            row=_row([column.key for column in columns]),
        )


def _row(names: Sequence[str]) -> Callable[[Any], Any]:
    kind: Any = namedtuple("Row", names)  # type: ignore[misc]
    make: Callable[[Any], Any] = kind._make
    return make


def _converters(dialect: Dialect, typed: Any, kind: str, *more: Any) -> list[tuple[Any, _Convert]]:
    found = ((key, getattr(each.type.dialect_impl(dialect), kind)(dialect, *more)) for key, each in typed)
    return [(key, convert) for key, convert in found if convert is not None]


def _ask(raw: Any, dialect: Any, words: _Words, bound: Any, *, many: bool = False) -> list[Any]:
    cursor = raw.cursor()
    try:
        found: list[Any] = (cursor.executemany if many else cursor.execute)(words.sql, bound).fetchall()
        return found
    except dialect.dbapi.Error as broken:
        raise DBAPIError.instance(
            words.sql, None, broken, dialect.dbapi.Error, hide_parameters=True, dialect=dialect
        ) from broken
    finally:
        cursor.close()


def _bound(words: _Words, values: Mapping[str, Any]) -> Any:
    bound = {**words.constants, **values}
    for name, convert in words.before:
        bound[name] = convert(bound[name])
    return bound if words.order is None else [bound[name] for name in words.order]


def _in_rows(
    words: _Words, names: Sequence[str], columns: Mapping[str, Sequence[Any]], same: Mapping[str, Any]
) -> Iterator[tuple[Any, ...]]:
    before = dict(words.before)
    count = {len(values) for values in columns.values()}
    if len(count) != 1:
        raise ValueError("columns of different lengths")
    [rows] = count
    made: list[Sequence[Any]] = []
    for name in names:
        convert = before.get(name)
        if name in same:
            value = same[name]
            made.append([convert(value) if convert else value] * rows)
        elif convert:
            made.append(_each(convert, columns[name]))
        else:
            made.append(columns[name])
    return zip(*made, strict=True)


def _each(convert: _Convert, values: Sequence[Any]) -> list[Any]:
    """Convert an object that comes again and again, as days and points of a file do, only once."""
    known: dict[int, Any] = {}
    for value in values:
        if id(value) not in known:
            known[id(value)] = convert(value)
    return [known[id(value)] for value in values]


def _converted(words: _Words, rows: Sequence[Any]) -> list[Any]:
    if not words.after:
        return [words.row(row) for row in rows]
    made = []
    for row in rows:
        cells = list(row)
        for place, convert in words.after:
            cells[place] = convert(cells[place])
        made.append(words.row(cells))
    return made
