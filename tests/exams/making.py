"""Questions, papers and sittings that a test needs, written straight into the tables."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from classroom.core.db import db
from classroom.core.names import fold
from classroom.exams.models import Paper, PaperPart, Question, QuestionVersion, Sitting, Topic
from classroom.exams.rules.drawing import PoolPart
from classroom.exams.rules.kinds import Content, Kind
from classroom.exams.rules.terms import Terms
from classroom.sessions.models import ClassSession, Course
from tests.factories import LONG_AGO

#: A good body for each kind, right answers in it.
BODIES: dict[Kind, dict[str, Any]] = {
    Kind.SINGLE: {
        "options": [
            {"id": "a", "text": "Hà Nội", "right": True},
            {"id": "b", "text": "Huế", "right": False},
            {"id": "c", "text": "Vinh", "right": False},
        ]
    },
    Kind.MULTIPLE: {
        "options": [
            {"id": "a", "text": "Chrome", "right": True},
            {"id": "b", "text": "Firefox", "right": True},
            {"id": "c", "text": "Word", "right": False},
            {"id": "d", "text": "Excel", "right": False},
        ]
    },
    Kind.TRUE_FALSE: {"right": True},
    Kind.NUMERICAL: {"answers": [{"value": "3.14", "tolerance": "0.01", "percent": "100"}]},
    Kind.SHORT_ANSWER: {"answers": [{"text": "Hà Nội", "percent": "100"}], "diacritics": True, "case": False},
    Kind.MATCHING: {
        "pairs": [
            {"id": "a", "left": "Ctrl+C", "right": "Sao chép"},
            {"id": "b", "left": "Ctrl+V", "right": "Dán"},
            {"id": "c", "left": "Ctrl+Z", "right": "Hoàn tác"},
        ],
        "extra": [{"id": "x", "text": "In"}],
    },
    Kind.ORDERING: {
        "items": [
            {"id": "a", "text": "Mở trình duyệt"},
            {"id": "b", "text": "Gõ địa chỉ"},
            {"id": "c", "text": "Nhấn Enter"},
        ]
    },
}
#: An answer to each of these bodies that earns everything.
RIGHT: dict[Kind, dict[str, Any]] = {
    Kind.SINGLE: {"choice": "a"},
    Kind.MULTIPLE: {"choices": ["a", "b"]},
    Kind.TRUE_FALSE: {"value": True},
    Kind.NUMERICAL: {"text": "3,14"},
    Kind.SHORT_ANSWER: {"text": " hà  nội"},
    Kind.MATCHING: {"pairs": {"a": "a", "b": "b", "c": "c"}},
    Kind.ORDERING: {"order": ["a", "b", "c"]},
}


def make_topic(organisation_id: int, name: str = "Trình duyệt") -> Topic:
    topic = Topic(organisation_id=organisation_id, name=name, name_fold=fold(name), created_at=LONG_AGO)
    db.session.add(topic)
    db.session.commit()
    return topic


def make_question(
    course: Course,
    kind: Kind = Kind.SINGLE,
    *,
    topic: Topic | None = None,
    text: str = "Thủ đô của Việt Nam là thành phố nào?",
    body: dict[str, Any] | None = None,
) -> Question:
    """A question with its first version, committed."""
    content = Content(kind, text, body or BODIES[kind])
    question = Question(
        organisation_id=course.organisation_id,
        course_id=course.id,
        topic_id=topic.id if topic else None,
        search_text=content.searchable,
        created_at=LONG_AGO,
        updated_at=LONG_AGO,
    )
    question.versions.append(version_of(content, 1))
    db.session.add(question)
    db.session.commit()
    return question


def version_of(content: Content, number: int) -> QuestionVersion:
    return QuestionVersion(
        number=number,
        kind=content.kind.value,
        text=content.text,
        body=dict(content.body),
        content_hash=content.digest,
        created_at=LONG_AGO,
    )


def make_paper(course: Course, questions: Sequence[Question] = (), **facts: Any) -> Paper:
    """A paper of these fixed questions, one point each; without any, of one question of each kind."""
    chosen = questions or [make_question(course, kind) for kind in Kind]
    settings = {"title": "Kiểm tra cuối khoá", "practice": False, "shuffle_questions": False, **facts}
    paper = Paper(
        organisation_id=course.organisation_id,
        course_id=course.id,
        created_at=LONG_AGO,
        updated_at=LONG_AGO,
        **settings,
    )
    paper.parts = [
        PaperPart(position=place, question_id=question.id, points=Decimal(1)) for place, question in enumerate(chosen)
    ]
    db.session.add(paper)
    db.session.commit()
    return paper


def make_sitting(paper: Paper, class_session: ClassSession, opened_at: datetime, **terms: Any) -> Sitting:
    """A sitting of a paper of fixed questions, opened at this instant; `terms` overrule the paper's."""
    kept = {**Terms.of(paper).to_json(), **terms}
    pool = []
    for part in paper.parts:
        assert part.question is not None
        pool.append(PoolPart(1, part.points, ((part.question.id, part.question.versions[-1].id),)).to_json())
    sitting = Sitting(
        organisation_id=paper.organisation_id,
        class_session_id=class_session.id,
        paper_id=paper.id,
        terms=kept,
        pool=pool,
        opened_at=opened_at,
        kiosk_pin="4711",
    )
    db.session.add(sitting)
    db.session.commit()
    return sitting
