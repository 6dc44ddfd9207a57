"""Take an import back while nothing hangs on it.

What it added ends: places end, learners who have no other place are annulled, nothing is deleted. What it changed
gets its old value back where nobody has changed it since. Higher rooms may refuse, because of marks for example.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Refusal
from classroom.learners import services as learners
from classroom.learners.models import Learner
from classroom.learners.queries import facts_of, find_by_id_number
from classroom.sessions.models import Enrolment, EnrolmentChange, RosterImport
from classroom.sessions.services.imports.deciding import hold_course, locked
from classroom.sessions.services.imports.journal import Journal, instant, to_fact
from classroom.sessions.services.refusing import check_reason


def undo_import(import_id: str, reason: str, *, actor: Actor) -> RosterImport:
    """Undo a confirmed import; undoing twice changes nothing.

    Raises `import.not_confirmed`, `import.undo_changed` when places were changed by hand since,
    `import.undo_number_taken`, and whatever a receiver of `import_undoing` answers.
    """
    reason = check_reason(reason)
    with transaction() as session:
        found = locked(session, actor, import_id)
        if found.state == "undone":
            return found
        if found.state != "confirmed":
            raise Refusal("import.not_confirmed")
        hold_course(session, found.course_id)
        journal = Journal.from_json(found.journal)
        begun = [*journal.enrolments, *(key for key, _, _ in journal.reopened)]
        _check_untouched(session, begun)
        signals.import_undoing.send(learner_ids=journal.learners, enrolment_ids=begun)
        _Undoing(session, found, journal, reason, actor).write()
        found.state, found.undone_at, found.undone_by = "undone", now(), actor.staff_id
        facts = {"filename": found.file.filename, "reason": reason, **found.outcome}
        record("import.undone", "roster_import", found.id, actor=actor, facts=facts)
        return found


def _check_untouched(session: Session, begun: Sequence[int]) -> None:
    query = select(Enrolment.id).where(Enrolment.id.in_(begun), Enrolment.ended_at.is_not(None))
    if left := len(session.scalars(query).all()):
        raise Refusal("import.undo_changed", count=left)


class _Undoing:
    def __init__(self, session: Session, found: RosterImport, journal: Journal, reason: str, actor: Actor) -> None:
        self.session, self.found, self.journal, self.reason, self.actor = session, found, journal, reason, actor
        self.told: list[tuple[int, str]] = []

    def write(self) -> None:
        self._end_begun()
        self._open_ended()
        self._annul_people()
        self._give_values_back()
        shared = {
            "at": now(),
            "staff_id": self.actor.staff_id,
            "reason": self.reason,
            "roster_import_id": self.found.id,
        }
        if self.told:
            rows = [{"enrolment_id": key, "kind": kind, **shared} for key, kind in self.told]
            self.session.execute(insert(EnrolmentChange), rows)
        keys = [key for key, _ in self.told]
        touched = select(Enrolment.class_id).where(Enrolment.id.in_(keys)).distinct()
        signals.rosters_changed.send(class_ids=set(self.session.scalars(touched)), actor=self.actor)

    def _end_begun(self) -> None:
        if self.journal.enrolments:
            self.session.execute(
                update(Enrolment)
                .where(Enrolment.id.in_(self.journal.enrolments))
                .values(ended_at=now(), end_reason=self.reason)
            )
        for key, ended_at, reason in self.journal.reopened:
            place = self.session.get_one(Enrolment, key)
            place.ended_at, place.end_reason = instant(ended_at), reason
        self.session.flush()
        self.told += [(key, "undone") for key in self.journal.enrolments]
        self.told += [(key, "undone") for key, _, _ in self.journal.reopened]

    def _open_ended(self) -> None:
        """Let places live again that the import ended, unless the learner sits elsewhere by now."""
        for key in self.journal.ended:
            place = self.session.get_one(Enrolment, key)
            elsewhere = select(Enrolment.id).where(
                Enrolment.course_id == place.course_id,
                Enrolment.learner_id == place.learner_id,
                Enrolment.ended_at.is_(None),
            )
            if place.ended_at and self.session.scalar(elsewhere) is None:
                place.ended_at, place.end_reason = None, ""
                self.session.flush()
                self.told.append((key, "rejoined"))

    def _give_values_back(self) -> None:
        keys = [key for key, _, _ in self.journal.changed]
        known = {one.id: one for one in self.session.scalars(select(Learner).where(Learner.id.in_(keys)))}
        changes = []
        for key, old, new in self.journal.changed:
            facts = facts_of(known[key])
            back = {name: to_fact(old[name]) for name in old if getattr(facts, name) == to_fact(new[name])}
            if back:
                self._check_number(known[key], back)
                changes.append((key, back))
        learners.change_many(changes)
        for key, before, after in self.journal.notes:
            place = self.session.get_one(Enrolment, key)
            if place.note == after:
                place.note = before
        self.session.flush()

    def _check_number(self, learner: Learner, back: Mapping[str, Any]) -> None:
        """An old ID number that somebody else has by now cannot be given back."""
        number = back.get("id_number")
        taken = find_by_id_number(learner.organisation_id, number) if number else None
        if taken is not None and taken.id not in {key for key, _, _ in self.journal.changed}:
            raise Refusal("import.undo_number_taken", name=learner.name, other=taken.name, learner_code=taken.code)

    def _annul_people(self) -> None:
        """People who came with the file go with it, unless they have a place that did not."""
        others = select(Enrolment.learner_id).where(
            Enrolment.learner_id.in_(self.journal.learners), Enrolment.id.not_in(self.journal.enrolments)
        )
        kept = set(self.session.scalars(others))
        learners.annul_many([key for key in self.journal.learners if key not in kept])
        self.session.expire_all()
