"""What places, lists and badges keep of a person who is erased."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from classroom.audit.services import erase_about
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.erasing import Traces, scrub_rows
from classroom.core.errors import Refusal
from classroom.core.models import StoredFile
from classroom.core.sheets import SheetLimits, read_table
from classroom.sessions.models import Badge, ClassSession, Enrolment, EnrolmentChange, RosterImport

#: Files that were taken in fitted the limits of their day.
_ANY_SIZE = SheetLimits(max_rows=200_000, max_cells=5_000_000)


@signals.learners_erasing.connect
def count_places(organisation_id: int, learner_ids: Sequence[int], traces: Traces, *, counting: bool) -> dict[str, int]:
    """Places, badges and kept lists."""
    if not counting:
        return {}
    places = select(func.count(Enrolment.id)).where(Enrolment.learner_id.in_(learner_ids))
    badges = select(func.count(Badge.id)).where(Badge.learner_id.in_(learner_ids))
    return {
        "places": db.session.scalar(places) or 0,
        "badges": db.session.scalar(badges) or 0,
        "lists": len(_lists(db.session(), organisation_id, learner_ids, traces)),
    }


@signals.learner_erased.connect
def erase_places(learner_ids: Sequence[int], traces: Traces, actor: Actor) -> None:
    """Notes and reasons become empty, badges are good no longer, lists that named the person lose their content."""
    with transaction() as session:
        places = {row[0]: row[1] for row in session.execute(
            select(Enrolment.id, Enrolment.class_id).where(Enrolment.learner_id.in_(learner_ids))
        )}  # fmt: skip
        _end_places(session, learner_ids, actor)
        session.execute(update(Enrolment).where(Enrolment.id.in_(places)).values(note="", end_reason=""))
        changes = update(EnrolmentChange).where(EnrolmentChange.enrolment_id.in_(places), EnrolmentChange.reason != "")
        session.execute(changes.values(reason=""))
        badges = update(Badge).where(Badge.learner_id.in_(learner_ids))
        session.execute(badges.values(replace_reason="", replaced_at=func.coalesce(Badge.replaced_at, now())))
        for found in _lists(session, actor.organisation_id, learner_ids, traces):
            _empty(found, set(learner_ids), set(places), traces)
        session.flush()
        _scrub_texts(session, traces, actor.organisation_id)
        erase_about(session, actor.organisation_id, "enrolment", places)
        signals.rosters_changed.send(class_ids=set(places.values()), actor=actor)


def _end_places(session: Session, learner_ids: Sequence[int], actor: Actor) -> None:
    """A place in a class that goes on ends; one of a class that is over stays, and its marks are counted."""
    coming = select(ClassSession.class_id).where(ClassSession.ends_at > now(), ClassSession.cancelled_at.is_(None))
    living = select(Enrolment.id).where(
        Enrolment.learner_id.in_(learner_ids), Enrolment.ended_at.is_(None), Enrolment.class_id.in_(coming)
    )
    keys, at = list(session.scalars(living)), now()
    if keys:
        session.execute(update(Enrolment).where(Enrolment.id.in_(keys)).values(ended_at=at))
        rows = [{"enrolment_id": key, "kind": "withdrawn", "at": at, "staff_id": actor.staff_id} for key in keys]
        session.execute(insert(EnrolmentChange), rows)


def _lists(session: Session, organisation_id: int, learner_ids: Sequence[int], traces: Traces) -> list[RosterImport]:
    """Files with people in which this one stands: by what was written from them, or by what they say."""
    places = list(session.scalars(select(Enrolment.id).where(Enrolment.learner_id.in_(learner_ids))))
    told = select(EnrolmentChange.roster_import_id).where(EnrolmentChange.enrolment_id.in_(places))
    by_place = set(session.scalars(told))
    people = set(learner_ids)
    found = session.scalars(select(RosterImport).where(RosterImport.organisation_id == organisation_id)).all()
    return [one for one in found if one.id in by_place or _journal_names(one, people) or says(one.file, traces)]


def _journal_names(one: RosterImport, people: set[int]) -> bool:
    kept = one.journal
    known = {*kept.get("learners", ()), *kept.get("rows", {}).values(), *(each[0] for each in kept.get("changed", ()))}
    return not known.isdisjoint(people)


def says(file: StoredFile, traces: Traces) -> bool:
    """Whether a row of the file speaks of the person; what cannot be read any more is taken to."""
    if file.erased_at is not None:
        return False
    try:
        sheets = read_table(file.content, file.filename, _ANY_SIZE)
    except Refusal:
        return True
    rows = (" ".join(cell.text for cell in row) for sheet in sheets for row in sheet.rows)
    return traces.found_in(file.filename) or any(traces.found_in(row) for row in rows)


def _empty(found: RosterImport, people: set[int], places: set[int], traces: Traces) -> None:
    """The file's content goes, its hash stays; of the journal, what it says of the person."""
    file = found.file
    file.content, file.erased_at = b"", file.erased_at or now()
    file.filename = traces.scrub(file.filename)
    if found.state == "uploaded":
        found.state = "dropped"
    kept: dict[str, Any] = dict(found.journal)
    if kept:
        kept["rows"] = {mark: key for mark, key in kept.get("rows", {}).items() if key not in people}
        kept["changed"] = [each for each in kept.get("changed", ()) if each[0] not in people]
        kept["notes"] = [each for each in kept.get("notes", ()) if each[0] not in places]
        kept["reopened"] = [[*each[:2], ""] if each[0] in places else each for each in kept.get("reopened", ())]
        found.journal = traces.scrub_value(kept)
    found.choices = traces.scrub_value(found.choices)
    found.outcome = traces.scrub_value(found.outcome)


def _scrub_texts(session: Session, traces: Traces, organisation_id: int) -> None:
    """Reasons and notes of others that name the person."""
    scrub_rows(session, Enrolment, ("note", "end_reason"), traces, Enrolment.organisation_id == organisation_id)
    scrub_rows(session, Badge, ("replace_reason",), traces, Badge.organisation_id == organisation_id)
