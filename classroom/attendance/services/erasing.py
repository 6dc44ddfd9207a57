"""What phones, marks and tablets keep of a person who is erased; that somebody was there, when and how, stays."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, null, or_, select, update
from sqlalchemy.orm import Session

from classroom.attendance.models import (
    Binding,
    CheckinRequest,
    Event,
    IdHash,
    KeptItem,
    Mark,
    Register,
    Scan,
    TabletItem,
)
from classroom.audit.services import erase_about
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.erasing import NEUTRAL, Traces, scrub_rows
from classroom.core.names import fold
from classroom.sessions.models import ClassSession, Enrolment

#: What an answer says of a person; all else of it is how and when.
_PERSONAL = ("name", "unit", "learner_code", "card_name")


@signals.learners_erasing.connect
def count_marks(organisation_id: int, learner_ids: Sequence[int], traces: Traces, *, counting: bool) -> dict[str, int]:
    """Marks that stay as numbers, phones that are forgotten, texts that go."""
    if not counting:
        return {}
    places = select(Enrolment.id).where(Enrolment.learner_id.in_(learner_ids))
    marks = select(func.count(Mark.id)).where(Mark.enrolment_id.in_(places), Mark.status != "unmarked")
    phones = select(func.count(Binding.id)).where(Binding.learner_id.in_(learner_ids))
    kept = select(func.count(KeptItem.id)).where(KeptItem.organisation_id == organisation_id, _typed(traces))
    return {
        "marks_stay": db.session.scalar(marks) or 0,
        "phones": db.session.scalar(phones) or 0,
        "door_texts": (db.session.scalar(kept) or 0) + len(_requests(db.session(), organisation_id, places, traces)),
    }


@signals.learner_erased.connect
def erase_marks(learner_ids: Sequence[int], traces: Traces, actor: Actor) -> None:
    """Reasons become empty, phones forget, typed names and answers with names become neutral."""
    organisation_id = actor.organisation_id
    with transaction() as session:
        places = select(Enrolment.id).where(Enrolment.learner_id.in_(learner_ids))
        session.execute(update(Event).where(Event.enrolment_id.in_(places), Event.reason != "").values(reason=""))
        session.execute(update(Mark).where(Mark.enrolment_id.in_(places), Mark.reason != "").values(reason=""))
        _forget_phones(session, learner_ids)
        session.execute(delete(IdHash).where(IdHash.learner_id.in_(learner_ids)))
        asked = _requests(session, organisation_id, places, traces)
        session.execute(update(CheckinRequest).where(CheckinRequest.id.in_(asked)).values(name=NEUTRAL))
        _empty_answers(session, organisation_id, learner_ids, places, traces)
        kept = update(KeptItem).where(KeptItem.organisation_id == organisation_id, _typed(traces))
        session.execute(kept.values(texts=null()))
        scrub_rows(session, Register, ("notes",), traces, Register.organisation_id == organisation_id)
        scrub_rows(session, Mark, ("reason",), traces, Mark.organisation_id == organisation_id)
        _empty_reasons(session, organisation_id, traces)
        erase_about(session, organisation_id, "checkin_request", asked)


def _forget_phones(session: Session, learner_ids: Sequence[int]) -> None:
    """That a phone was bound stays as a row that no phone fits."""
    for key in session.scalars(select(Binding.id).where(Binding.learner_id.in_(learner_ids))).all():
        values = {"browser_hash": secrets.token_bytes(32), "annulled_at": func.coalesce(Binding.annulled_at, now())}
        session.execute(update(Binding).where(Binding.id == key).values(values))


def _requests(session: Session, organisation_id: int, places: Any, traces: Traces) -> list[int]:
    """Names typed on phones: those recognised as the person, and those that say the same name."""
    rows = session.execute(
        select(CheckinRequest.id, CheckinRequest.name, CheckinRequest.enrolment_id.in_(places)).where(
            CheckinRequest.organisation_id == organisation_id, CheckinRequest.name != NEUTRAL
        )
    )
    names = {fold(name) for name in traces.names}
    return [row[0] for row in rows if row[2] or fold(row[1]) in names or traces.found_in(row[1])]


def _empty_answers(
    session: Session, organisation_id: int, learner_ids: Sequence[int], places: Any, traces: Traces
) -> None:
    """What was told of the person when a scan was answered, on a phone or a tablet."""
    own = select(Scan.id).where(or_(Scan.learner_id.in_(learner_ids), Scan.enrolment_id.in_(places)))
    for table, key in ((Scan, Scan.id), (TabletItem, TabletItem.scan_id)):
        answer = table.answer
        rows = session.execute(
            select(table.id, answer, key.in_(own)).where(
                table.organisation_id == organisation_id, or_(key.in_(own), traces.mentions(answer))
            )
        ).all()
        for row_id, said, is_own in rows:
            less = _less(said, traces, own=is_own)
            if less != said:
                session.execute(update(table).where(table.id == row_id).values(answer=less))


def _less(said: Mapping[str, Any], traces: Traces, *, own: bool) -> dict[str, Any]:
    """The answer without what is personal: of the person's own scan all of it, of another's what names the person."""
    found = {}
    for name, value in said.items():
        if name == "details" and isinstance(value, dict):
            value = {k: v for k, v in value.items() if not traces.found_in(str(v))}
        speaks = name in _PERSONAL and (own or traces.found_in(str(value)))
        if not speaks:
            found[name] = value
    return found


def _empty_reasons(session: Session, organisation_id: int, traces: Traces) -> None:
    """Reasons of other people's marks that name this one."""
    ours = select(ClassSession.id).where(ClassSession.organisation_id == organisation_id)
    speaks = Event.reason != "", traces.mentions(Event.reason)
    keys = session.scalars(select(Event.id).where(Event.class_session_id.in_(ours), *speaks)).all()
    session.execute(update(Event).where(Event.id.in_(keys)).values(reason=""))


def _typed(traces: Traces) -> Any:
    return KeptItem.texts.is_not(null()) & traces.mentions(KeptItem.texts)
