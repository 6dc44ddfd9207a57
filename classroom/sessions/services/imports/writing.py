"""The rows that an import writes, by the hundred, with a journal of all of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.ids import public_id
from classroom.learners import services as learners
from classroom.sessions import queries
from classroom.sessions.models import Enrolment, EnrolmentChange, RosterImport, TrainingClass
from classroom.sessions.rules.classes import effective_from
from classroom.sessions.rules.imports import Line, Plan, SeatStep, Step, facts_of_row
from classroom.sessions.services.imports.journal import Journal, to_value


class Writer:
    """Writes one plan inside the caller's transaction; `told` lists enrolments with what happened to them."""

    def __init__(self, session: Session, found: RosterImport, plan: Plan, actor: Actor) -> None:
        self.session, self.found, self.plan, self.actor = session, found, plan, actor
        self.journal = Journal()
        self.told: list[tuple[int, str]] = []
        self.at = now()
        #: Row → learner's key.
        self.people: dict[int, int] = {}
        self._since: dict[int, datetime] = {}

    def write(self) -> Journal:
        """Write people first, then what ends, then what begins, as the constraints want it."""
        self._add_people()
        self._change_people()
        self._end_places()
        self._begin_places()
        self._keep_history()
        self.journal.rows = {line.fingerprint: self.people[line.row.row] for line in self._taken()}
        return self.journal

    def _taken(self) -> list[Line]:
        return [line for line in self.plan.lines if line.row.row in self.people]

    def _add_people(self) -> None:
        fresh = self.plan.having(Step.NEW)
        keys = learners.add_many([facts_of_row(line.row) for line in fresh], actor=self.actor)
        self.journal.learners = keys
        self.people = {line.row.row: key for line, key in zip(fresh, keys, strict=True)}
        self.people |= {line.row.row: line.learner.key for line in self.plan.having(Step.KNOWN) if line.learner}

    def _change_people(self) -> None:
        changes = []
        for line in self.plan.changed:
            if not line.learner:
                continue
            old = {name: to_value(pair[0]) for name, pair in line.changes.items() if name != "note"}
            new = {name: pair[1] for name, pair in line.changes.items() if name != "note"}
            if new:
                changes.append((line.learner.key, new))
                told = {name: to_value(value) for name, value in new.items()}
                self.journal.changed.append((line.learner.key, old, told))
            if "note" in line.changes and line.seat:
                self.journal.notes.append((line.seat.key, *line.changes["note"]))
        learners.change_many(changes)
        self._update_places([{"key": key, "note": new} for key, _, new in self.journal.notes])

    def _end_places(self) -> None:
        for line in self.plan.seated(SeatStep.MOVES):
            if line.seat:
                self._end(line.seat.key, "moved_out")
        for removal in self.plan.removed:
            self._end(removal.seat.key, "withdrawn")
        reason = self.found.file.filename[:300]
        rows = [{"key": key, "ended_at": self.at, "end_reason": reason} for key in self.journal.ended]
        self._update_places(rows)

    def _end(self, key: int, kind: str) -> None:
        self.journal.ended.append(key)
        self.told.append((key, kind))

    def _begin_places(self) -> None:
        coming = [line for line in self.plan.lines if line.takes_seat and line.training_class]
        earlier = self._ended_places(coming)
        again = [line for line in coming if self._place(line) in earlier]
        for line in again:
            key, ended_at, reason = earlier[self._place(line)]
            self.journal.reopened.append((key, ended_at.isoformat(), reason))
            self.told.append((key, "moved_in" if line.seat_step is SeatStep.MOVES else "rejoined"))
        self._update_places([{"key": key, "ended_at": None, "end_reason": ""} for key, _, _ in self.journal.reopened])
        self._insert_places([line for line in coming if self._place(line) not in earlier])

    def _insert_places(self, coming: list[Line]) -> None:
        rows = [
            {
                "public_id": public_id(),
                "organisation_id": self.found.organisation_id,
                "class_id": self._place(line)[0],
                "course_id": self.found.course_id,
                "learner_id": self._place(line)[1],
                "enrolled_at": self.at,
                "effective_from": self._counts_since(self._place(line)[0]),
                "note": line.row.note,
            }
            for line in coming
        ]
        if not rows:
            return
        made = self.session.execute(insert(Enrolment).returning(Enrolment.public_id, Enrolment.id), rows).all()
        keys = {row[0]: row[1] for row in made}
        for line, row in zip(coming, rows, strict=True):
            key = keys[row["public_id"]]
            self.journal.enrolments.append(key)
            self.told.append((key, "moved_in" if line.seat_step is SeatStep.MOVES else "enrolled"))

    def _place(self, line: Line) -> tuple[int, int]:
        return (line.training_class.key if line.training_class else 0), self.people[line.row.row]

    def _ended_places(self, coming: list[Line]) -> dict[tuple[int, int], tuple[int, datetime, str]]:
        """Earlier places in the very classes that people come to: such a place lives again."""
        known = {self._place(line) for line in coming if line.step is Step.KNOWN}
        keys = [
            seat.key for seat in self.plan.known.seats if not seat.living and (seat.class_key, seat.learner) in known
        ]
        query = select(Enrolment).where(Enrolment.id.in_(keys), Enrolment.ended_at.is_not(None))
        return {
            (one.class_id, one.learner_id): (one.id, one.ended_at, one.end_reason)
            for one in self.session.scalars(query)
            if one.ended_at
        }

    def _counts_since(self, class_id: int) -> datetime:
        if class_id not in self._since:
            training_class = self.session.get_one(TrainingClass, class_id)
            begins = queries.first_start(class_id)
            self._since[class_id] = effective_from(training_class.created_at, begins, self.at)
        return self._since[class_id]

    def _update_places(self, rows: list[dict[str, Any]]) -> None:
        if rows:
            table = Enrolment.__table__
            values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "key"}
            statement = update(Enrolment).where(table.c.id == bindparam("key")).values(values)
            self.session.connection().execute(statement, rows)
            self.session.expire_all()

    def _keep_history(self) -> None:
        if self.told:
            shared = {"at": self.at, "staff_id": self.actor.staff_id, "roster_import_id": self.found.id}
            rows = [{"enrolment_id": key, "kind": kind, **shared} for key, kind in self.told]
            self.session.execute(insert(EnrolmentChange), rows)
