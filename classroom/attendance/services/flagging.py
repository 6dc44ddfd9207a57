"""Ask the trainer to look at something odd; it never blocks anybody."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, bindparam, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from classroom.attendance.models import Flag
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.core.ids import public_id

_DIALECTS: tuple[Any, ...] = (sqlite, postgresql)
#: `:name::TYPE`, which text() would not take for a parameter.
_CAST = re.compile(r":(\w+)::(\w+)")


def on_conflict(session: Session, table: Any) -> Any:
    """An INSERT of the session's own dialect, which knows ON CONFLICT."""
    return (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(table)


def in_both(table: Any, columns: Sequence[str], build: Callable[[Any], Any]) -> dict[str, Any]:
    """An INSERT … ON CONFLICT of these columns, put into words once for each database.

    SQLAlchemy keeps no compiled form of such a statement, and compiling it anew costs ten times as much as
    running it. `build` adds to the dialect's own insert, RETURNING included.
    """
    return {
        module.dialect.name: _worded(build(module.insert(table)), columns, module.dialect(paramstyle="named"))
        for module in _DIALECTS
    }


def _worded(statement: Any, columns: Sequence[str], dialect: Dialect) -> Any:
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    typed = [bindparam(name, type_=bound.type) for name, bound in compiled.binds.items()]
    words = _CAST.sub(r"CAST(:\1 AS \2)", str(compiled))
    return text(words).bindparams(*typed).columns(*statement.exported_columns)


def say(session: Session, statements: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    """Run the one that this database understands, past the ORM."""
    connection = session.connection()
    return connection.execute(statements[connection.dialect.name], values)


def raise_flag(
    session: Session,
    facts: SessionFacts,
    kind: str,
    scan_id: int,
    enrolment_id: int,
    at: datetime,
    other_learner_id: int | None = None,
) -> None:
    """Raise a flag of a kind (second_learner, contradicted, not_me) once for the same scan."""
    session.execute(
        on_conflict(session, Flag.__table__).on_conflict_do_nothing(),
        {
            "public_id": public_id(),
            "organisation_id": facts.organisation_id,
            "class_session_id": facts.id,
            "kind": kind,
            "scan_id": scan_id,
            "enrolment_id": enrolment_id,
            "other_learner_id": other_learner_id,
            "created_at": at,
            "decision": "",
        },
    )
