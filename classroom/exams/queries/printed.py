"""Read printed forms, and the pictures that are printed on them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.exams.models import Attempt, Paper, PaperEntry, PrintedForm, QuestionPicture


def forms_of(paper: Paper) -> Sequence[PrintedForm]:
    """The printed forms of a paper, by code."""
    return db.session.scalars(
        select(PrintedForm).where(PrintedForm.paper_id == paper.id).order_by(PrintedForm.code)
    ).all()


def get_form(actor: Actor, paper: Paper, public_id: str) -> PrintedForm:
    """A printed form of this paper; raises NotFound."""
    found = db.session.scalar(
        select(PrintedForm).where(
            PrintedForm.organisation_id == actor.organisation_id,
            PrintedForm.paper_id == paper.id,
            PrintedForm.public_id == public_id,
        )
    )
    if found is None:
        raise NotFound
    return found


def keyed_from(form: PrintedForm) -> int:
    """How many learners' letters were keyed in from this form, once or twice."""
    entries = select(PaperEntry.learner_id, PaperEntry.sitting_id).where(PaperEntry.form_id == form.id)
    attempts = select(Attempt.learner_id, Attempt.sitting_id).where(Attempt.form_id == form.id)
    return db.session.scalar(select(func.count()).select_from(entries.union(attempts).subquery())) or 0


def pictures(actor: Actor, public_ids: Iterable[str]) -> Sequence[QuestionPicture]:
    """These pictures of the organisation with their files; those that are gone are left out."""
    return db.session.scalars(
        select(QuestionPicture)
        .options(joinedload(QuestionPicture.file))
        .where(QuestionPicture.organisation_id == actor.organisation_id, QuestionPicture.public_id.in_(set(public_ids)))
    ).all()
