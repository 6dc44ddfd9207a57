"""Read what has been keyed in of papers that were answered by pen."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from classroom.accounts.models import Staff
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.exams.models import Attempt, PaperEntry, PrintedForm
from classroom.exams.queries.board import board_rows
from classroom.exams.queries.papers import label_of, versions_of
from classroom.exams.queries.sitting_facts import SittingFacts
from classroom.exams.rules.drawing import Item
from classroom.exams.rules.entries import Printed
from classroom.exams.rules.kinds import Kind
from classroom.learners.models import Learner


@dataclass(frozen=True, slots=True)
class Keyed:
    """One entry that waits: which of the two, by whom and when."""

    round: int
    form: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PenRow:
    """A learner in the list; `state`: none, first (one entry), differs (two that do not agree), done (an attempt)."""

    learner: str
    name: str
    code: str
    unit: str
    state: str
    entries: tuple[Keyed, ...] = ()
    #: The form of the attempt that both entries became.
    form: str = ""
    #: The learner also has an attempt on a device.
    on_device: bool = False


@dataclass
class _Found:
    entries: dict[str, list[Keyed]] = field(default_factory=lambda: defaultdict(list))
    done: dict[str, str] = field(default_factory=dict)
    on_device: set[str] = field(default_factory=set)


def pen_rows(sitting: SittingFacts) -> list[PenRow]:
    """Everybody on the board of the sitting, in its order, with what was keyed in."""
    found = _Found()
    for learner, which, form, by, at in db.session.execute(
        select(Learner.public_id, PaperEntry.round, PrintedForm.code, Staff.name, PaperEntry.entered_at)
        .join(Learner, Learner.id == PaperEntry.learner_id)
        .join(PrintedForm, PrintedForm.id == PaperEntry.form_id)
        .outerjoin(Staff, Staff.id == PaperEntry.entered_by)
        .where(PaperEntry.sitting_id == sitting.id, PaperEntry.decided_at.is_(None))
        .order_by(PaperEntry.round)
    ):
        found.entries[learner].append(Keyed(which, form, by or "", at))
    for learner, source, code in db.session.execute(
        select(Learner.public_id, Attempt.source, PrintedForm.code)
        .join(Learner, Learner.id == Attempt.learner_id)
        .outerjoin(PrintedForm, PrintedForm.id == Attempt.form_id)
        .where(Attempt.sitting_id == sitting.id, Attempt.state != "annulled")
    ):
        if source == "paper":
            found.done[learner] = code or ""
        else:
            found.on_device.add(learner)
    return [
        PenRow(
            row.learner,
            row.name,
            row.code,
            row.unit,
            _state(found, row.learner),
            tuple(found.entries[row.learner]),
            found.done.get(row.learner, ""),
            row.learner in found.on_device,
        )
        for row in board_rows(sitting)
    ]


def forms_in_use(sitting: SittingFacts) -> Sequence[PrintedForm]:
    """The printed forms of the sitting's paper that are keyed in from, by code."""
    query = select(PrintedForm).where(PrintedForm.paper_id == sitting.paper_id, PrintedForm.annulled_at.is_(None))
    return db.session.scalars(query.order_by(PrintedForm.code)).all()


def form_by_code(sitting: SittingFacts, code: str) -> PrintedForm | None:
    """The form in use with this code, however it was spaced."""
    wanted = "".join(code.split())
    return next((form for form in forms_in_use(sitting) if form.code == wanted), None)


def entries_waiting(sitting: SittingFacts, learner_public_id: str) -> tuple[PrintedForm, list[PaperEntry]]:
    """The form and both entries of a learner where they wait for a decision; raises NotFound."""
    query = (
        select(PaperEntry)
        .join(Learner, Learner.id == PaperEntry.learner_id)
        .where(
            PaperEntry.sitting_id == sitting.id,
            Learner.public_id == learner_public_id,
            PaperEntry.decided_at.is_(None),
        )
        .order_by(PaperEntry.round)
    )
    entries = list(db.session.scalars(query))
    if len(entries) != 2:
        raise NotFound
    return db.session.get_one(PrintedForm, entries[0].form_id), entries


def questions_of(form: PrintedForm) -> list[Printed]:
    """What stands on a form, in printed order."""
    items = [Item.from_json(kept) for kept in form.items]
    versions = versions_of(item.version_id for item in items)
    return [
        Printed(
            number,
            Kind(versions[item.version_id].kind),
            versions[item.version_id].body,
            item.order,
            label_of(versions[item.version_id]),
        )
        for number, item in enumerate(items, 1)
    ]


def open_entries(sitting_id: int, learner_id: int) -> dict[int, PaperEntry]:
    """The entries of one learner that are not decided yet, by their number."""
    query = select(PaperEntry).where(
        PaperEntry.sitting_id == sitting_id, PaperEntry.learner_id == learner_id, PaperEntry.decided_at.is_(None)
    )
    return {entry.round: entry for entry in db.session.scalars(query.order_by(PaperEntry.round))}


def entries_behind(attempt_id: int) -> dict[int, PaperEntry]:
    """The entries that became an attempt, by their number."""
    query = select(PaperEntry).where(PaperEntry.attempt_id == attempt_id)
    return {entry.round: entry for entry in db.session.scalars(query.order_by(PaperEntry.id))}


def count_waiting(sitting_id: int) -> int:
    """How many learners' papers wait for their second entry or for a decision."""
    query = select(func.count(PaperEntry.learner_id.distinct()))
    return db.session.scalar(query.where(PaperEntry.sitting_id == sitting_id, PaperEntry.decided_at.is_(None))) or 0


def _state(found: _Found, learner: str) -> str:
    if learner in found.done:
        return "done"
    return {0: "none", 1: "first"}.get(len(found.entries[learner]), "differs")
