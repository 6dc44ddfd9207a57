"""Questions that can be put on a paper."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from classroom.core.db import db
from classroom.core.names import fold
from classroom.exams.models import Paper, Question, QuestionVersion, Topic

MOST = 200


def questions_to_pick(paper: Paper, text: str = "", topic: str = "") -> Sequence[tuple[Question, QuestionVersion]]:
    """Living questions of the paper's course, or of none, that do not stand on it yet; the newest first.

    `text` are words that must all occur, without regard to case and diacritics; `topic` is a public id. At most MOST.
    """
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.number)
    query = (
        select(Question, QuestionVersion)
        .join(QuestionVersion, current)
        .options(joinedload(Question.topic))
        .where(
            Question.organisation_id == paper.organisation_id,
            Question.retired_at.is_(None),
            or_(Question.course_id == paper.course_id, Question.course_id.is_(None)),
            Question.id.not_in([part.question_id for part in paper.parts if part.question_id]),
            *(Question.search_text.contains(word, autoescape=True) for word in fold(text).split()),
        )
        .order_by(Question.updated_at.desc(), Question.id.desc())
        .limit(MOST)
    )
    if topic:
        query = query.join(Question.topic).where(Topic.public_id == topic)
    return [(question, version) for question, version in db.session.execute(query)]
