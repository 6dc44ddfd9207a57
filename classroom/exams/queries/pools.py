"""The questions of a paper pinned to the versions that are current now."""

from sqlalchemy import or_, select

from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.exams.models import Paper, Question, QuestionVersion
from classroom.exams.queries.contents import described
from classroom.exams.rules.drawing import SEED_BYTES, PoolPart, draw


def pool_of(paper: Paper) -> list[PoolPart]:
    """The newest version of each active question of each part, in the order in which questions were made.

    Raises Refusal `sitting.no_questions`, `sitting.question_retired` (part) and, as the drawing does,
    `paper.too_few_questions`.
    """
    if not paper.parts:
        raise Refusal("sitting.no_questions")
    fixed = {part.question_id for part in paper.parts if part.question_id is not None}
    topics = {part.topic_id for part in paper.parts if part.topic_id is not None}
    of_course = or_(Question.course_id == paper.course_id, Question.course_id.is_(None))
    rows = db.session.execute(
        select(Question.id, Question.topic_id, QuestionVersion.id, of_course)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(
            QuestionVersion.number == Question.number,
            Question.organisation_id == paper.organisation_id,
            Question.retired_at.is_(None),
            or_(Question.id.in_(fixed), Question.topic_id.in_(topics) & of_course),
        )
        .order_by(Question.id)
    ).all()
    pool = []
    for place, part in enumerate(paper.parts):
        if part.question_id is not None:
            versions = tuple((row[0], row[2]) for row in rows if row[0] == part.question_id)
            if not versions:
                raise Refusal("sitting.question_retired", part=place + 1)
        else:
            versions = tuple((row[0], row[2]) for row in rows if row[1] == part.topic_id and row[3])
        pool.append(PoolPart(part.draw_count, part.points, versions))
    _, shown = described(version for part in pool for _, version in part.versions)
    draw(pool, bytes(SEED_BYTES), shown, shuffle_questions=False, shuffle_options=False)
    return pool
