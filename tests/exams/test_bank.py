"""The question bank: versions, topics, pictures, search, use and outcome."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.accounts.models import Organisation
from classroom.audit.models import AuditEntry
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.core.models import StoredFile
from classroom.core.signing import random_secret
from classroom.exams.models import Attempt, PaperPart, Question, QuestionVersion, Topic
from classroom.exams.queries import bank as queries
from classroom.exams.queries import question_use
from classroom.exams.queries.bank import Wanted
from classroom.exams.queries.pictures import find_picture
from classroom.exams.rules.drawing import Item
from classroom.exams.rules.kinds import Content, Kind
from classroom.exams.services import bank, pictures, topics
from classroom.exams.services.bank import Place
from classroom.sessions.models import Course
from tests.exams.making import BODIES, make_paper, make_question, make_sitting, make_topic
from tests.factories import (
    CourseFactory,
    EnrolmentFactory,
    OrganisationFactory,
    ProgrammeFactory,
    at,
    make_actor,
    make_class,
    vietnam,
)
from tests.support.drawn import picture
from tests.support.racing import together

CONTENT = Content(Kind.SINGLE, "Thủ đô của Việt Nam là thành phố nào?", BODIES[Kind.SINGLE])


@pytest.fixture(autouse=True)
def the_time() -> Iterator[None]:
    with at(vietnam(8, 0)):
        yield


@pytest.fixture
def actor(any_app: Flask) -> Actor:
    return make_actor("coordinator")


@pytest.fixture
def course(actor: Actor) -> Course:
    return course_for(actor)


def course_for(actor: Actor) -> Course:
    made: Course = CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id))
    return made


def stranger() -> Actor:
    organisation: Organisation = OrganisationFactory()
    return make_actor("coordinator", organisation=organisation)


def actions() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def versions_of(question: Question) -> list[QuestionVersion]:
    db.session.rollback()
    query = select(QuestionVersion).where(QuestionVersion.question_id == question.id)
    return list(db.session.scalars(query.order_by(QuestionVersion.number)))


def fresh(question_id: str, actor: Actor) -> Question:
    db.session.rollback()
    db.session.expire_all()
    return queries.get_question(actor, question_id)


# --- versions ---


def test_a_question_begins_with_its_first_version(actor: Actor, course: Course) -> None:
    made = bank.add_question(CONTENT, Place(course.public_id, "Địa lý"), actor=actor)
    found = fresh(made.public_id, actor)
    version = queries.current_version(found)
    assert (found.number, version.number, version.body) == (1, 1, CONTENT.body)
    assert found.course_id == course.id
    assert found.topic is not None
    assert found.topic.name == "Địa lý"
    assert version.content_hash == CONTENT.digest
    assert actions() == ["question.topic_added", "question.added"]


def test_an_edit_makes_a_version_and_leaves_the_earlier_one_as_it_was(actor: Actor) -> None:
    made = bank.add_question(CONTENT, Place(), actor=actor)
    changed = Content(Kind.SINGLE, "Thủ đô của nước ta?", BODIES[Kind.SINGLE], feedback="Từ năm 1010.")
    bank.new_version(made.public_id, changed, Place(), actor=actor, note=" rõ  hơn ", based_on=1)
    first, second = versions_of(made)
    assert (first.text, first.content_hash) == (CONTENT.text, CONTENT.digest)
    assert (second.number, second.text, second.note) == (2, "Thủ đô của nước ta?", "rõ hơn")
    assert fresh(made.public_id, actor).search_text.startswith("thu do cua nuoc ta")


def test_saving_without_a_change_makes_no_version_and_writes_nothing_down(actor: Actor, course: Course) -> None:
    made = bank.add_question(CONTENT, Place(course.public_id, "Địa lý"), actor=actor)
    before = actions()
    bank.new_version(made.public_id, CONTENT, Place(course.public_id, " địa  LÝ"), actor=actor, note="không gì")
    assert len(versions_of(made)) == 1
    assert actions() == before


def test_moving_a_question_makes_no_version_but_is_written_down(actor: Actor, course: Course) -> None:
    made = bank.add_question(CONTENT, Place(), actor=actor)
    bank.new_version(made.public_id, CONTENT, Place(course.public_id), actor=actor)
    assert len(versions_of(made)) == 1
    assert fresh(made.public_id, actor).course_id == course.id
    assert actions()[-1] == "question.moved"


def test_two_authors_at_once_do_not_overwrite_each_other_unseen(actor: Actor) -> None:
    made = bank.add_question(CONTENT, Place(), actor=actor)
    bank.new_version(made.public_id, Content(Kind.SINGLE, "Một?", CONTENT.body), Place(), actor=actor, based_on=1)
    with pytest.raises(Refusal) as refused:
        bank.new_version(made.public_id, Content(Kind.SINGLE, "Hai?", CONTENT.body), Place(), actor=actor, based_on=1)
    assert (refused.value.code, refused.value.details) == ("question.changed_meanwhile", {"number": 2})
    assert len(versions_of(made)) == 2


def test_of_edits_in_the_same_instant_each_gets_a_number_of_its_own_or_is_refused(any_app: Flask, actor: Actor) -> None:
    made = bank.add_question(CONTENT, Place(), actor=actor)
    public_id = made.public_id

    def edit(place: int) -> str:
        content = Content(Kind.SINGLE, f"Câu {place}?", CONTENT.body)
        try:
            bank.new_version(public_id, content, Place("", "Chung"), actor=actor, based_on=1)
        except Refusal as refusal:
            return refusal.code
        return "saved"

    outcome = together(any_app, [lambda place=place: edit(place) for place in range(4)])
    assert sorted(outcome) == ["question.changed_meanwhile"] * 3 + ["saved"]
    assert [version.number for version in versions_of(made)] == [1, 2]
    assert db.session.scalar(select(func.count(Topic.id))) == 1


def test_a_question_with_a_flaw_is_not_kept(actor: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        bank.add_question(Content(Kind.SINGLE, "", BODIES[Kind.SINGLE]), Place(topic="Mới"), actor=actor)
    assert refused.value.code == "question.no_text"
    db.session.rollback()
    assert db.session.scalar(select(func.count(Question.id))) == 0
    assert db.session.scalar(select(func.count(Topic.id))) == 0


def test_a_question_is_taken_out_of_use_and_back_once(actor: Actor) -> None:
    made = bank.add_question(CONTENT, Place(), actor=actor)
    for _ in range(2):
        bank.retire(made.public_id, actor=actor)
    assert fresh(made.public_id, actor).retired_at is not None
    bank.retire(made.public_id, retired=False, actor=actor)
    assert fresh(made.public_id, actor).retired_at is None
    assert actions() == ["question.added", "question.retired", "question.restored"]


def test_other_organisations_see_and_change_nothing(actor: Actor, course: Course) -> None:
    made = bank.add_question(CONTENT, Place(topic="Địa lý"), actor=actor)
    topic_id = queries.topics(actor)[0].topic.public_id
    other = stranger()
    for change in (
        lambda: queries.get_question(other, made.public_id),
        lambda: bank.new_version(made.public_id, CONTENT, Place(), actor=other),
        lambda: bank.retire(made.public_id, actor=other),
        lambda: topics.rename_topic(topic_id, "Khác", actor=other),
        lambda: topics.merge_topics(topic_id, topic_id, actor=other),
        lambda: bank.add_question(CONTENT, Place(course.public_id), actor=other),
    ):
        with pytest.raises(NotFound):
            change()
    assert queries.search(other, Wanted()) == []
    assert queries.topics(other) == []


# --- topics ---


def test_a_topic_is_known_without_regard_to_case_accents_and_spaces(actor: Actor) -> None:
    topics.add_topic("Trình duyệt", actor=actor)
    with pytest.raises(Refusal) as refused:
        topics.add_topic(" TRÌNH  duyet", actor=actor)
    assert refused.value.code == "topic.name_taken"
    bank.add_question(CONTENT, Place(topic="trình duyệt"), actor=actor)
    assert [(line.topic.name, line.living) for line in queries.topics(actor)] == [("Trình duyệt", 1)]


@pytest.mark.parametrize(
    ("name", "code"), [("  ", "topic.no_name"), ("\u200b", "topic.no_name"), ("a" * 121, "topic.name_too_long")]
)
def test_a_topic_needs_a_name(actor: Actor, name: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        topics.add_topic(name, actor=actor)
    assert refused.value.code == code


def test_renaming_a_topic_may_change_its_accents_and_not_take_another_ones_name(actor: Actor) -> None:
    made = topics.add_topic("Trinh duyet", actor=actor)
    topics.add_topic("Thư điện tử", actor=actor)
    topics.rename_topic(made.public_id, "Trình duyệt", actor=actor)
    with pytest.raises(Refusal) as refused:
        topics.rename_topic(made.public_id, "thư điện tử", actor=actor)
    assert refused.value.code == "topic.name_taken"
    assert [line.topic.name for line in queries.topics(actor)] == ["Thư điện tử", "Trình duyệt"]


def test_merged_topics_bring_their_questions_and_the_papers_that_draw_from_them(actor: Actor, course: Course) -> None:
    gone, kept = make_topic(actor.organisation_id, "Web"), make_topic(actor.organisation_id, "Trình duyệt")
    question = make_question(course, topic=gone)
    paper = make_paper(course, [make_question(course)])
    paper.parts.append(PaperPart(position=9, topic_id=gone.id, points=Decimal(1)))
    db.session.commit()
    topics.merge_topics(gone.public_id, kept.public_id, actor=actor)
    assert fresh(question.public_id, actor).topic_id == kept.id
    assert [part.topic_id for part in paper.parts] == [None, kept.id]
    assert [(line.topic.name, line.living, line.parts) for line in queries.topics(actor)] == [("Trình duyệt", 1, 1)]
    assert actions() == ["question.topics_merged"]
    with pytest.raises(Invalid):
        topics.merge_topics(kept.public_id, kept.public_id, actor=actor)


# --- pictures ---


def test_a_picture_is_kept_as_written_anew_and_belongs_to_its_organisation(actor: Actor) -> None:
    made = pictures.add_picture(picture("JPEG", (50, 40), comment=b"SECRET"), actor=actor)
    found = find_picture(actor.organisation_id, made.public_id)
    assert found is not None
    assert (found.width, found.height, found.file.media_type) == (50, 40, "image/jpeg")
    assert b"SECRET" not in found.file.content
    assert db.session.scalar(select(func.count(StoredFile.id))) == 1
    assert find_picture(stranger().organisation_id, made.public_id) is None
    assert find_picture(actor.organisation_id, "../" + made.public_id) is None


@pytest.mark.parametrize("where", ["text", "option", "feedback", "remark"])
def test_a_question_shows_only_pictures_of_its_own_organisation(actor: Actor, where: str) -> None:
    own = pictures.add_picture(picture(), actor=actor).public_id
    foreign = pictures.add_picture(picture(), actor=stranger()).public_id

    def content(shown: str) -> Content:
        mark = f"![hình](picture:{shown})"
        options = [dict(option) for option in BODIES[Kind.SINGLE]["options"]]
        if where == "option":
            options[0]["text"] = mark
        if where == "remark":
            options[0]["feedback"] = mark
        text = mark if where == "text" else "Hỏi?"
        return Content(Kind.SINGLE, text, {"options": options}, feedback=mark if where == "feedback" else "")

    bank.add_question(content(own), Place(), actor=actor)
    with pytest.raises(Invalid) as refused:
        bank.add_question(content(foreign), Place(), actor=actor)
    assert refused.value.code == "question.no_such_picture"


# --- search ---


def found(actor: Actor, **wanted: Any) -> list[str]:
    return [line.version.text for line in queries.search(actor, Wanted(**wanted))]


def test_questions_are_found_by_words_of_text_title_and_options_without_accents(actor: Actor) -> None:
    bank.add_question(CONTENT, Place(), actor=actor)
    other = Content(Kind.TRUE_FALSE, "100% là tất_cả", {"right": True}, title="Tỷ lệ")
    bank.add_question(other, Place(), actor=actor)
    assert found(actor, text="THU DO viet") == [CONTENT.text]
    assert found(actor, text="huế") == [CONTENT.text]
    assert found(actor, text="ty le") == [other.text]
    assert found(actor, text="100%") == [other.text]
    assert found(actor, text="_") == [other.text]
    assert found(actor, text="thu xyz") == []


def test_what_is_accepted_as_an_answer_is_not_what_one_searches_by(actor: Actor) -> None:
    bank.add_question(Content(Kind.SHORT_ANSWER, "Thủ đô?", BODIES[Kind.SHORT_ANSWER]), Place(), actor=actor)
    assert found(actor, text="hà nội") == []


def test_questions_are_narrowed_by_course_topic_kind_and_use(actor: Actor, course: Course) -> None:
    other = course_for(actor)
    for text, place in (
        ("Của khóa", Place(course.public_id, "Web")),
        ("Chung", Place()),
        ("Khác", Place(other.public_id)),
    ):
        bank.add_question(Content(Kind.SINGLE, text, CONTENT.body), place, actor=actor)
    gone = bank.add_question(Content(Kind.TRUE_FALSE, "Cũ", {"right": True}), Place(), actor=actor)
    bank.retire(gone.public_id, actor=actor)
    topic = queries.topics(actor)[0].topic.public_id
    assert set(found(actor)) == {"Của khóa", "Chung", "Khác"}
    assert set(found(actor, course=course.public_id)) == {"Của khóa", "Chung"}
    assert found(actor, topic=topic) == ["Của khóa"]
    assert set(found(actor, topic="-")) == {"Chung", "Khác"}
    assert found(actor, kind=Kind.TRUE_FALSE) == []
    assert found(actor, retired=True) == ["Cũ"]
    assert queries.count(actor, Wanted()) == 3
    assert len(queries.search(actor, Wanted(), limit=2)) == 2


def test_a_list_shows_each_question_once_in_its_newest_version(actor: Actor) -> None:
    made = bank.add_question(CONTENT, Place(), actor=actor)
    bank.new_version(made.public_id, Content(Kind.SINGLE, "Mới?", CONTENT.body), Place(), actor=actor)
    assert found(actor) == ["Mới?"]


# --- use and outcome ---


def test_the_papers_that_ask_a_question_or_may_draw_it_are_named(actor: Actor, course: Course) -> None:
    topic = make_topic(actor.organisation_id)
    question = make_question(course, topic=topic)
    fixed = make_paper(course, [question], title="Đề A")
    drawing = make_paper(course, [make_question(course)], title="Đề B")
    drawing.parts.append(PaperPart(position=9, topic_id=topic.id, points=Decimal(1)))
    fixed.parts.append(PaperPart(position=9, topic_id=topic.id, points=Decimal(1)))
    elsewhere = make_paper(course_for(actor), [make_question(course)], title="Đề C")
    elsewhere.parts.append(PaperPart(position=9, topic_id=topic.id, points=Decimal(1)))
    make_paper(course, [make_question(course)], title="Đề D")
    db.session.commit()
    uses = question_use.papers_with(actor, fresh(question.public_id, actor))
    assert [(use.paper.title, use.drawn) for use in uses] == [("Đề A", False), ("Đề B", True)]


def attempt_of(sitting: Any, learner_id: int, question: Question, version_id: int, mark: str, **facts: Any) -> None:
    now: datetime = vietnam(8, 0)
    item = Item(question.id, version_id, Decimal(2), (), 0).to_json()
    values = {"state": "finished", "finished_at": now, "finished_how": "submitted", "marks": [mark], **facts}
    db.session.add(
        Attempt(
            organisation_id=sitting.organisation_id,
            sitting_id=sitting.id,
            learner_id=learner_id,
            number=1,
            source="phone",
            seed=random_secret(),
            items=[item],
            started_at=now,
            deadline_at=now,
            **values,
        )
    )
    db.session.commit()


def test_how_a_question_did_is_told_for_each_version_that_was_asked(actor: Actor, course: Course) -> None:
    training_class = make_class(course=course)
    session = training_class.sessions[0]
    question = make_question(course)
    first = question.versions[0].id
    sitting = make_sitting(make_paper(course, [question]), session, vietnam(8, 0))
    annulled = make_sitting(make_paper(course, [question]), session, vietnam(8, 0))
    annulled.annulled_at = vietnam(9, 0)
    people = [EnrolmentFactory(training_class=training_class).learner_id for _ in range(5)]
    attempt_of(sitting, people[0], question, first, "2.00000")
    attempt_of(sitting, people[1], question, first, "0.50000")
    attempt_of(sitting, people[2], question, first, "2", state="annulled")
    attempt_of(sitting, people[3], question, first, "2", marks=None)
    attempt_of(annulled, people[4], question, first, "2")
    bank.new_version(question.public_id, Content(Kind.SINGLE, "Mới?", CONTENT.body), Place(), actor=actor)
    outcome = question_use.outcomes_of(actor, fresh(question.public_id, actor))
    assert outcome == [question_use.Outcome(1, 2, Decimal("0.625"))]


def test_only_the_newest_attempts_are_looked_through(
    actor: Actor, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    training_class, question = make_class(course=course), make_question(course)
    sitting = make_sitting(make_paper(course, [question]), training_class.sessions[0], vietnam(8, 0))
    for mark in ("0", "2", "1"):
        person = EnrolmentFactory(training_class=training_class).learner_id
        attempt_of(sitting, person, question, question.versions[0].id, mark)
    monkeypatch.setattr(question_use, "MOST_ATTEMPTS", 2)
    outcome = question_use.outcomes_of(actor, fresh(question.public_id, actor))
    assert outcome == [question_use.Outcome(1, 2, Decimal("0.75"))]
