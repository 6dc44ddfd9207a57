"""The question, topic, picture, paper, printed form and sitting of a province, with a finished attempt."""

from decimal import Decimal

from classroom.core.actor import Actor
from classroom.core.db import db, transaction
from classroom.exams.models import Attempt
from classroom.exams.services.adjusting import adjust
from classroom.exams.services.marking import mark_attempts
from classroom.exams.services.pictures import add_picture
from classroom.exams.services.printing import print_forms
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession
from tests.exams.making import make_paper, make_question, make_sitting, make_topic
from tests.exams.marking import make_attempt
from tests.support.drawn import picture


def exam_ids(held: ClassSession, learner: Learner, mark: str, actor: Actor) -> dict[str, str]:
    """What names them in addresses; the mark stands in every text."""
    course = held.training_class.course
    topic = make_topic(course.organisation_id, f"Nội dung {mark}")
    question = make_question(course, topic=topic, text=f"Câu hỏi của {mark}?")
    paper = make_paper(course, [question], title=f"Đề {mark}")
    sitting = make_sitting(paper, held, held.starts_at)
    attempt = make_attempt(sitting, learner, [{"choice": "b"}])
    with transaction() as session:
        mark_attempts(session, [session.get_one(Attempt, attempt.id)])
    sitting.ended_at = attempt.finished_at
    db.session.commit()
    forms = print_forms(paper.public_id, 1, actor=actor)
    paper.retired_at = attempt.finished_at  # nobody else is to sit it, so that its keys are no secret
    db.session.commit()
    return {
        "topic_id": topic.public_id,
        "question_id": question.public_id,
        "picture_id": add_picture(picture(), actor=actor).public_id,
        "paper_id": paper.public_id,
        "form_id": forms[0].public_id,
        "sitting_id": sitting.public_id,
        "attempt_id": attempt.public_id,
        "adjustment_id": adjust(attempt.public_id, Decimal("0.5"), f"Chấm lại {mark}", actor=actor),
    }
