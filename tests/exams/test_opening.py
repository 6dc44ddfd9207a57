"""Opening a test in a session: when, what is pinned, and what the room's screens show then."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from classroom.audit.models import AuditEntry
from classroom.core.db import db
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.exams.models import PaperPart, Question, Sitting
from classroom.exams.queries.sittings import find_sitting_of_session, get_sitting, open_sittings_at
from classroom.exams.rules.drawing import PoolPart
from classroom.exams.rules.kinds import Content, Kind
from classroom.exams.services.opening import annul_sitting, end, open_sitting, reopen
from classroom.sessions.services import cancel_session
from tests.exams.hall import MINUTE, OPENED, Hall
from tests.exams.making import BODIES, make_paper, make_question, make_topic, version_of
from tests.factories import CourseFactory, at, make_actor, vietnam


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall(opened=False)


def opened(hall: Hall, **how: object) -> str:
    with at(OPENED):
        hall.sitting = hall.open(**how)
    return hall.sitting


def refused(hall: Hall, when: object = OPENED, **how: object) -> str:
    with at(when), pytest.raises(Refusal) as no:  # type: ignore[arg-type]
        hall.open(**how)
    return no.value.code


def test_opening_copies_the_terms_and_tells_the_log(hall: Hall) -> None:
    facts = get_sitting(hall.actor, opened(hall))
    assert (facts.title, facts.terms.time_limit, facts.opened_at) == ("Kiểm tra cuối khoá", 45, OPENED)
    assert facts.is_open
    assert db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == "sitting.opened")) == 1


def test_opening_again_finds_the_same_sitting(hall: Hall) -> None:
    assert opened(hall) == opened(hall)
    assert db.session.scalar(select(func.count(Sitting.id))) == 1


def test_what_is_open_is_not_opened_on_other_terms(hall: Hall) -> None:
    opened(hall)
    assert refused(hall, terms={"time_limit": 60}) == "sitting.open_already"
    assert refused(hall, retake=True) == "sitting.open_already"


def test_a_test_opens_with_check_in_and_not_after_its_day(hall: Hall) -> None:
    assert refused(hall, vietnam(6, 59)) == "sitting.too_early"
    assert refused(hall, vietnam(0) + timedelta(days=1)) == "sitting.day_over"
    with at(vietnam(7)):
        assert hall.open()


def test_no_test_in_a_cancelled_session(hall: Hall) -> None:
    with at(vietnam(7)):
        cancel_session(hall.session, "storm", actor=hall.somebody("coordinator"))
    assert refused(hall) == "sitting.session_cancelled"


def test_a_paper_of_another_course_or_put_away_is_refused(hall: Hall) -> None:
    other = make_paper(CourseFactory(programme=hall.paper.course.programme))
    with at(OPENED), pytest.raises(Refusal) as no:
        open_sitting(hall.session, other.public_id, actor=hall.actor)
    assert no.value.code == "sitting.other_course"
    hall.paper.retired_at = OPENED
    db.session.commit()
    assert refused(hall) == "sitting.paper_retired"


def test_who_does_not_teach_the_class_finds_nothing(hall: Hall) -> None:
    for somebody in (hall.somebody("trainer"), make_actor("coordinator")):
        with at(OPENED), pytest.raises(NotFound):
            open_sitting(hall.session, hall.paper_id, actor=somebody)
    with at(OPENED), pytest.raises(Forbidden):
        open_sitting(hall.session, hall.paper_id, actor=hall.somebody("viewer"))


def test_the_room_may_be_given_other_minutes_but_no_other_pass_mark(hall: Hall) -> None:
    for terms in (
        {"pass_percent": 0},
        {"time_limit": 0},
        {"time_limit": True},
        {"practice": 1},
        {"show_score": "soon"},
    ):
        with at(OPENED), pytest.raises(Invalid):
            hall.open(terms=terms)
    facts = get_sitting(hall.actor, opened(hall, terms={"time_limit": 60, "entry_window": None}))
    assert facts.terms.limit == 60 * MINUTE
    assert facts.hours.entry_window is None


def test_the_newest_version_of_each_question_is_pinned_and_a_retired_one_refused(hall: Hall) -> None:
    question = hall.paper.parts[0].question
    assert question is not None
    newest = version_of(Content(Kind.SINGLE, "Mới?", BODIES[Kind.SINGLE]), 2)
    question.versions.append(newest)
    question.number = 2
    db.session.commit()
    pinned = PoolPart.from_json(
        db.session.scalars(select(Sitting.pool).where(Sitting.public_id == opened(hall))).one()[0]
    )
    assert pinned.versions == ((question.id, newest.id),)
    with at(OPENED):
        end(hall.sitting, actor=hall.actor)
    db.session.get_one(Question, question.id).retired_at = OPENED
    db.session.commit()
    assert refused(hall) == "paper.not_ready"


def test_a_topic_offers_questions_of_the_course_and_of_all_courses_only(hall: Hall) -> None:
    course, topic = hall.paper.course, make_topic(hall.made.organisation_id)
    own, common = make_question(course, topic=topic), make_question(course, topic=topic)
    common.course_id = None
    elsewhere = make_question(CourseFactory(programme=course.programme), topic=topic)
    gone = make_question(course, topic=topic)
    gone.retired_at = OPENED
    part = PaperPart(position=99, topic_id=topic.id, draw_count=2, points=Decimal(1))
    hall.paper.parts.append(part)
    db.session.commit()
    keys = {own.id, common.id}
    assert elsewhere.id not in keys
    pool = db.session.scalars(select(Sitting.pool).where(Sitting.public_id == opened(hall))).one()
    assert {question for question, _ in PoolPart.from_json(pool[-1]).versions} == keys


def test_a_paper_that_cannot_be_drawn_is_not_opened(hall: Hall) -> None:
    topic = make_topic(hall.made.organisation_id)
    hall.paper.parts.append(PaperPart(position=99, topic_id=topic.id, draw_count=2, points=Decimal(1)))
    db.session.commit()
    assert refused(hall) == "paper.not_ready"
    db.session.execute(delete(PaperPart))
    db.session.commit()
    assert refused(hall) == "paper.not_ready"


def test_the_screens_ask_for_the_test_until_it_ends(hall: Hall) -> None:
    assert hall.register().showing == "in"
    opened(hall)
    assert hall.register().showing == "test"
    with at(OPENED + MINUTE):
        end(hall.sitting, actor=hall.actor)
    db.session.rollback()
    assert hall.register().showing == "in"


def test_the_screens_ask_for_the_test_as_long_as_another_one_goes_on(hall: Hall) -> None:
    first = opened(hall)
    other = make_paper(hall.paper.course, title="Bài hai")
    with at(OPENED + MINUTE):
        open_sitting(hall.session, other.public_id, actor=hall.actor)
        end(first, actor=hall.actor)
    db.session.rollback()
    assert hall.register().showing == "test"
    assert [one.title for one in open_sittings_at(hall.session)] == ["Bài hai"]
    assert len(find_sitting_of_session(hall.session_id)) == 2


def test_an_annulled_sitting_is_out_of_the_way(hall: Hall) -> None:
    first = opened(hall)
    with at(OPENED + MINUTE), pytest.raises(Forbidden):
        annul_sitting(first, "by mistake", actor=hall.actor)
    with at(OPENED + MINUTE):
        annul_sitting(first, "by mistake", actor=hall.somebody("coordinator"))
        assert hall.open() != first
        with pytest.raises(Refusal) as no:
            reopen(first, "no", actor=hall.actor)
    assert no.value.code == "sitting.annulled"


def test_an_ending_is_not_taken_back_beside_a_new_opening(hall: Hall) -> None:
    first = opened(hall)
    with at(OPENED + MINUTE):
        end(first, actor=hall.actor)
        assert hall.open() != first
        with pytest.raises(Refusal) as no:
            reopen(first, "it was a mistake", actor=hall.actor)
    assert no.value.code == "sitting.open_already"
