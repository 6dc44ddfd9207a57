"""What a merge changed, column by column, and the way back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from classroom.core.db import Base
from classroom.learners.models import MergeLine

#: In place of a column: the row was made by the merge; the room that made it takes it back.
MADE = ""
#: In place of a column: what the room that wrote it down needs to bring something of its own back.
LEFT = "*"


class Journal:
    """Writes down each column that a merge changes while it changes it.

    `choices` say what was chosen for conflicts that offer a choice, by the name that the conflict gives it.
    """

    def __init__(self, session: Session, merge_id: int, choices: Mapping[str, str] | None = None) -> None:
        self._session, self.merge_id = session, merge_id
        self.choices = choices or {}

    def change(self, row: Any, **values: Any) -> None:
        """Change columns of a row at once, so that constraints are asked in this order."""
        for column, value in values.items():
            old = getattr(row, column)
            if old != value:
                self._write(row.__tablename__, row.id, column, told(old), told(value))
                setattr(row, column, value)
        self._session.flush()

    def made(self, table: str, row_id: int) -> None:
        """A row that the merge added."""
        self._write(table, row_id, MADE, None, None)

    def left(self, table: str, row_id: int, facts: dict[str, Any]) -> None:
        """Something that belongs to a row and that the merge takes away; the room gives it back by itself."""
        self._write(table, row_id, LEFT, facts, None)

    def _write(self, table: str, row_id: int, column: str, old: Any, new: Any) -> None:
        line = MergeLine(
            merge_id=self.merge_id, table_name=table, row_id=row_id, column_name=column, old_value=old, new_value=new
        )
        self._session.add(line)
        self._session.flush()


def told(value: Any) -> Any:
    """A value as JSON can keep it; what JSON does not know stands under its kind."""
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return {"bytes": value.hex()} if isinstance(value, bytes) else value


def restore(session: Session, merge_id: int) -> list[str]:
    """Give every column its value of before, latest change first; returns what was changed since and stays."""
    stays = []
    lines = session.scalars(
        select(MergeLine)
        .where(MergeLine.merge_id == merge_id, MergeLine.column_name.not_in([MADE, LEFT]))
        .order_by(MergeLine.id.desc())
    ).all()
    for line in lines:
        table = Base.metadata.tables[line.table_name]
        column = table.c[line.column_name]
        present = session.execute(select(column).where(table.c.id == line.row_id)).scalar_one()
        if told(present) != line.new_value:
            stays.append(f"{line.table_name}.{line.column_name}")
            continue
        values = {line.column_name: _value(line.old_value)}
        session.execute(update(table).where(table.c.id == line.row_id).values(values))
    session.expire_all()
    return stays


def rows_made(session: Session, merge_id: int, table: str) -> list[int]:
    """The keys of rows that a merge added to a table, the latest first."""
    query = select(MergeLine.row_id).where(
        MergeLine.merge_id == merge_id, MergeLine.table_name == table, MergeLine.column_name == MADE
    )
    return list(session.scalars(query.order_by(MergeLine.id.desc())))


def things_left(session: Session, merge_id: int, table: str) -> dict[int, dict[str, Any]]:
    """What `Journal.left` wrote down, by the key of the row it belongs to."""
    query = select(MergeLine.row_id, MergeLine.old_value).where(
        MergeLine.merge_id == merge_id, MergeLine.table_name == table, MergeLine.column_name == LEFT
    )
    return {row[0]: row[1] for row in session.execute(query.order_by(MergeLine.id.desc()))}


def _value(kept: Any) -> Any:
    if not isinstance(kept, dict):
        return kept
    ((kind, text),) = kept.items()
    return {"datetime": datetime.fromisoformat, "date": date.fromisoformat, "bytes": bytes.fromhex}[kind](text)
