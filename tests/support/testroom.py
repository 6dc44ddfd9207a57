"""The question, topic, picture, paper and printed form of a province."""

from classroom.core.actor import Actor
from classroom.exams.services.pictures import add_picture
from classroom.exams.services.printing import print_forms
from classroom.sessions.models import Course
from tests.exams.making import make_paper, make_question, make_topic
from tests.support.drawn import picture


def exam_ids(course: Course, mark: str, actor: Actor) -> dict[str, str]:
    """What names them in addresses; the mark stands in every text."""
    topic = make_topic(course.organisation_id, f"Nội dung {mark}")
    question = make_question(course, topic=topic, text=f"Câu hỏi của {mark}?")
    paper = make_paper(course, [question], title=f"Đề {mark}")
    return {
        "topic_id": topic.public_id,
        "question_id": question.public_id,
        "picture_id": add_picture(picture(), actor=actor).public_id,
        "paper_id": paper.public_id,
        "form_id": print_forms(paper.public_id, 1, actor=actor)[0].public_id,
    }
