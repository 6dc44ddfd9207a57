"""Pictures of questions."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from classroom.core.db import db
from classroom.core.ids import is_public_id
from classroom.exams.models import QuestionPicture


def find_picture(organisation_id: int, public_id: str) -> QuestionPicture | None:
    """A picture of the organisation with its file, or None."""
    if not is_public_id(public_id):
        return None
    return db.session.scalar(
        select(QuestionPicture)
        .options(joinedload(QuestionPicture.file))
        .where(QuestionPicture.organisation_id == organisation_id, QuestionPicture.public_id == public_id)
    )
