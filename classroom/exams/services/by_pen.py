"""Key in papers that were answered by pen: two entries that agree become an attempt, marked at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.attendance.queries.phones import Person
from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.exams.models import Attempt, PaperEntry, PrintedForm, Response, Sitting
from classroom.exams.queries.by_pen import entries_behind, open_entries, questions_of
from classroom.exams.queries.people import person_at
from classroom.exams.queries.sitting_facts import SittingFacts, get_sitting
from classroom.exams.rules.entries import Printed, differences, unreadable
from classroom.exams.services.locking import hold_sitting
from classroom.exams.services.marking import mark_attempt
from classroom.exams.services.running import check_not_annulled
from classroom.exams.services.two_attempts import ask_which_counts
from classroom.learners.models import Learner
from classroom.sessions.services.refusing import check_reason

FIRST, SECOND = 1, 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """What somebody read off one paper: the form's code, and a text for each question in printed order."""

    code: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entered:
    """What there is now: "first" of two entries, "differs", or "done" with the attempt; `fresh` if it is new."""

    state: str
    attempt: str = ""
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class _Desk:
    """A learner's paper on the table; sitting and learner are held until the transaction ends."""

    sitting: Sitting
    person: Person
    actor: Actor
    at: datetime

    def find_attempt(self, session: Session) -> Attempt | None:
        """What the paper has become already."""
        return session.scalar(
            select(Attempt).where(
                Attempt.sitting_id == self.sitting.id,
                Attempt.learner_id == self.person.learner_id,
                Attempt.source == "paper",
                Attempt.state != "annulled",
            )
        )


def enter(sitting_id: str, learner: str, sheet: Sheet, which: int, *, actor: Actor) -> Entered:
    """Keep one of the two entries; the second that agrees with the first makes the attempt.

    The same entry sent again changes nothing. Raises `pen_entry.entered` where somebody was quicker with another one,
    `pen_entry.done` once there is an attempt, and Invalid for what cannot be read.
    """
    actor.require("exam.run")
    with transaction() as session:
        desk = _sit_down(session, sitting_id, learner, actor)
        form = _form(session, desk.sitting, sheet.code)
        questions = questions_of(form)
        if wrong := unreadable(questions, sheet.answers):
            raise Invalid("pen_entry.unclear", count=len(wrong))
        if known := _known(session, desk, form, sheet, which, questions):
            return known
        entries = open_entries(desk.sitting.id, desk.person.learner_id)
        _check_turn(session, entries, form, which)
        entry = PaperEntry(
            organisation_id=desk.sitting.organisation_id,
            sitting_id=desk.sitting.id,
            learner_id=desk.person.learner_id,
            form_id=form.id,
            round=which,
            answers=list(sheet.answers),
            entered_at=desk.at,
            entered_by=actor.staff_id,
        )
        session.add(entry)
        session.flush()
        _note("sitting.pen_entered", desk, form=form.code, round=which)
        if which == FIRST:
            return Entered("first")
        return _settle(session, desk, form, questions, {**entries, SECOND: entry})


def correct(sitting_id: str, learner: str, decided: Mapping[int, str], *, actor: Actor) -> Entered:
    """Write for each place (from 0) where the entries differ what the paper says; once they agree it is an attempt.

    Raises NotFound where nothing waits, `pen_entry.differs` while a place is not decided. Done again, it finds the
    attempt.
    """
    actor.require("exam.run")
    with transaction() as session:
        desk = _sit_down(session, sitting_id, learner, actor)
        if made := desk.find_attempt(session):
            return Entered("done", made.public_id, fresh=False)
        entries = open_entries(desk.sitting.id, desk.person.learner_id)
        if set(entries) != {FIRST, SECOND}:
            raise NotFound
        form = session.get_one(PrintedForm, entries[FIRST].form_id)
        questions = questions_of(form)
        open_places = differences(questions, entries[FIRST].answers, entries[SECOND].answers)
        if set(open_places) != set(decided):
            raise Refusal("pen_entry.differs")
        for entry in entries.values():
            entry.answers = [decided.get(place, text) for place, text in enumerate(entry.answers)]
        if wrong := unreadable(questions, entries[FIRST].answers):
            raise Invalid("pen_entry.unclear", count=len(wrong))
        session.flush()
        return _settle(session, desk, form, questions, entries, corrected=len(open_places))


def drop(sitting_id: str, learner: str, reason: str, *, actor: Actor) -> None:
    """Throw away what was keyed in of a learner's paper and is no attempt yet; it is keyed in anew."""
    why = check_reason(reason)
    actor.require("exam.run")
    with transaction() as session:
        desk = _sit_down(session, sitting_id, learner, actor)
        entries = open_entries(desk.sitting.id, desk.person.learner_id)
        for entry in entries.values():
            entry.decided_at = desk.at
        if entries:
            session.flush()
            _note("sitting.pen_dropped", desk, reason=why)


def _sit_down(session: Session, sitting_id: str, learner: str, actor: Actor) -> _Desk:
    """Hold the learner, then the sitting, as a start does: entries, starts and merges follow each other."""
    facts = get_sitting(actor, sitting_id)
    person = _held(session, facts, person_at(facts, learner))
    sitting = hold_sitting(session, sitting_id, actor)
    check_not_annulled(sitting)
    return _Desk(sitting, person, actor, now())


def _held(session: Session, facts: SittingFacts, person: Person) -> Person:
    query = select(Learner.merged_into_id).where(Learner.id == person.learner_id).with_for_update(key_share=True)
    if session.execute(query).scalar_one() is None:
        return person
    return _held(session, facts, person_at(facts, person.public_id))


def _form(session: Session, sitting: Sitting, code: str) -> PrintedForm:
    wanted = "".join(code.split())
    if not wanted:
        raise Invalid("pen_entry.form_missing")
    form = session.scalar(
        select(PrintedForm).where(
            PrintedForm.paper_id == sitting.paper_id, PrintedForm.code == wanted, PrintedForm.annulled_at.is_(None)
        )
    )
    if form is None:
        raise Invalid("pen_entry.form_unknown", form=wanted[:20])
    return form


def _known(
    session: Session, desk: _Desk, form: PrintedForm, sheet: Sheet, which: int, questions: Sequence[Printed]
) -> Entered | None:
    """What came of this very entry before; raises where another one stands in its place."""
    made = desk.find_attempt(session)
    entries = entries_behind(made.id) if made else open_entries(desk.sitting.id, desk.person.learner_id)
    entry = entries.get(which)
    same = entry is not None and entry.form_id == form.id and entry.answers == list(sheet.answers)
    if made is not None:
        if not same:
            raise Refusal("pen_entry.done", name=desk.person.name)
        return Entered("done", made.public_id, fresh=False)
    if entry is None:
        return None
    if not same:
        raise Refusal("pen_entry.entered")
    return Entered("differs" if len(entries) == SECOND else "first", fresh=False)


def _check_turn(session: Session, entries: Mapping[int, PaperEntry], form: PrintedForm, which: int) -> None:
    if which not in {FIRST, SECOND} or (which == SECOND and FIRST not in entries):
        raise Invalid("pen_entry.too_early")
    if which == SECOND and entries[FIRST].form_id != form.id:
        first = session.get_one(PrintedForm, entries[FIRST].form_id)
        raise Invalid("pen_entry.other_form", first=first.code, second=form.code)


def _settle(
    session: Session,
    desk: _Desk,
    form: PrintedForm,
    questions: Sequence[Printed],
    entries: Mapping[int, PaperEntry],
    corrected: int = 0,
) -> Entered:
    typed = entries[FIRST].answers
    if differences(questions, typed, entries[SECOND].answers):
        return Entered("differs")
    attempt = _attempt(session, desk, form)
    given = [(place, question.read(typed[place])) for place, question in enumerate(questions)]
    kept = [(place, answer) for place, answer in given if answer is not None]
    session.add_all(
        Response(attempt_id=attempt.id, position=place, answer=answer, sequence=1, saved_at=desk.at)
        for place, answer in kept
    )
    attempt.answered = len(kept)
    for entry in entries.values():
        entry.decided_at, entry.attempt_id = desk.at, attempt.id
    session.flush()
    mark_attempt(session, attempt)
    session.flush()
    ask_which_counts(session, attempt, desk.sitting)
    facts = {"form": form.code, "corrected": corrected}
    record(
        "attempt.keyed_in", "attempt", attempt.id, actor=desk.actor, facts=facts, personal={"name": desk.person.name}
    )
    return Entered("done", attempt.public_id)


def _attempt(session: Session, desk: _Desk, form: PrintedForm) -> Attempt:
    """Nobody knows when it was written: all its times are those of the second entry."""
    numbers = session.scalars(
        select(Attempt.number).where(
            Attempt.sitting_id == desk.sitting.id, Attempt.learner_id == desk.person.learner_id
        )
    ).all()
    attempt = Attempt(
        organisation_id=desk.sitting.organisation_id,
        sitting_id=desk.sitting.id,
        learner_id=desk.person.learner_id,
        number=max(numbers, default=0) + 1,
        source="paper",
        state="finished",
        finished_how="paper",
        seed=b"",
        items=form.items,
        form_id=form.id,
        started_at=desk.at,
        deadline_at=desk.at,
        finished_at=desk.at,
        last_saved_at=desk.at,
    )
    session.add(attempt)
    session.flush()
    return attempt


def _note(action: str, desk: _Desk, *, reason: str = "", **facts: object) -> None:
    personal = {"name": desk.person.name, **({"reason": reason} if reason else {})}
    record(action, "sitting", desk.sitting.id, actor=desk.actor, facts=facts, personal=personal)
