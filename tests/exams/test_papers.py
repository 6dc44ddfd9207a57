"""Papers are composed, changed, copied and put away; what runs or ran keeps what it had."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.accounts.models import Organisation
from classroom.audit.models import AuditEntry
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.exams.models import Paper
from classroom.exams.queries import papers as queries
from classroom.exams.rules.kinds import Kind
from classroom.exams.rules.terms import Terms
from classroom.exams.services import papers, printing
from classroom.exams.services.papers import PartLine
from classroom.sessions.models import Course
from tests.desk.counting import statements
from tests.exams.making import make_paper, make_question, make_sitting, make_topic
from tests.factories import CourseFactory, StaffFactory, actor_for, at, make_actor, make_class, vietnam

TERMS = Terms("Kiểm tra cuối khóa", entry_window=10)
ONE = Decimal(1)


@pytest.fixture
def course(app: Flask) -> Iterator[Course]:
    with at(vietnam(8)):
        yield CourseFactory()


def office(course: Course) -> Organisation:
    found = db.session.get(Organisation, course.organisation_id)
    assert found is not None
    return found


@pytest.fixture
def actor(course: Course) -> Actor:
    return make_actor("coordinator", organisation=office(course))


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def parts(paper: Paper) -> list[tuple[int | None, int | None, int, Decimal]]:
    return [(part.question_id, part.topic_id, part.draw_count, part.points) for part in paper.parts]


def test_a_paper_is_made_with_its_terms_and_the_log_says_so(course: Course, actor: Actor) -> None:
    made = papers.create_paper(course.public_id, replace(TERMS, title="  Kiểm  tra "), actor=actor)
    found = queries.get_paper(actor, made.public_id)
    assert (found.title, found.entry_window, found.parts) == ("Kiểm tra", 10, [])
    assert actions() == ["paper.created"]


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (replace(TERMS, title=" "), "paper.title_missing"),
        (replace(TERMS, time_limit=0), "paper.out_of_range"),
        (replace(TERMS, time_limit=481), "paper.out_of_range"),
        (replace(TERMS, pass_percent=101), "paper.out_of_range"),
        (replace(TERMS, entry_window=0), "paper.out_of_range"),
        (replace(TERMS, attempts_allowed=21), "paper.out_of_range"),
    ],
)
def test_terms_that_no_table_could_hold_are_refused(course: Course, actor: Actor, terms: Terms, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        papers.create_paper(course.public_id, terms, actor=actor)
    assert refused.value.code == code
    assert actions() == []


def test_parts_are_replaced_as_a_whole_and_keep_their_order(course: Course, actor: Actor) -> None:
    topic = make_topic(course.organisation_id)
    one, two = make_question(course, topic=topic), make_question(course, Kind.ORDERING)
    paper = make_paper(course, [one])
    lines = [
        PartLine(Decimal("0.5"), topic=topic.public_id, draw=3),
        PartLine(ONE, question=two.public_id),
        PartLine(Decimal(2), question=one.public_id),
    ]
    papers.set_parts(paper.public_id, lines, actor=actor)
    found = queries.get_paper(actor, paper.public_id)
    assert parts(found) == [(None, topic.id, 3, Decimal("0.5")), (two.id, None, 1, ONE), (one.id, None, 1, Decimal(2))]
    assert actions() == ["paper.composed"]
    papers.set_parts(paper.public_id, lines[::-1][:1], actor=actor)
    assert parts(queries.get_paper(actor, paper.public_id)) == [(one.id, None, 1, Decimal(2))]


@pytest.mark.parametrize(
    ("draw", "points", "code"),
    [
        (0, ONE, "paper.draw_count"),
        (201, ONE, "paper.draw_count"),
        (1, Decimal(0), "paper.points"),
        (1, Decimal("-1"), "paper.points"),
        (1, Decimal("0.000001"), "paper.points"),
        (1, Decimal(1001), "paper.points"),
    ],
)
def test_a_part_that_draws_or_gives_nothing_sensible_is_refused(
    course: Course, actor: Actor, draw: int, points: Decimal, code: str
) -> None:
    paper, topic = make_paper(course), make_topic(course.organisation_id)
    with pytest.raises(Invalid) as refused:
        papers.set_parts(paper.public_id, [PartLine(points, topic=topic.public_id, draw=draw)], actor=actor)
    assert refused.value.code == code
    assert len(queries.get_paper(actor, paper.public_id).parts) == len(Kind)


def test_a_question_or_topic_of_another_organisation_is_not_found(course: Course, actor: Actor) -> None:
    paper, other = make_paper(course), CourseFactory()
    theirs = (
        PartLine(ONE, question=make_question(other).public_id),
        PartLine(ONE, topic=make_topic(other.organisation_id).public_id),
        PartLine(ONE),
    )
    for line in theirs:
        with pytest.raises(NotFound):
            papers.set_parts(paper.public_id, [line], actor=actor)


def test_of_two_who_compose_at_once_the_second_is_told(course: Course, actor: Actor) -> None:
    paper = make_paper(course)
    seen = paper.updated_at
    papers.set_parts(paper.public_id, [], actor=actor, seen=seen)
    with pytest.raises(Refusal) as refused:
        papers.set_parts(paper.public_id, [], actor=actor, seen=seen)
    assert refused.value.code == "paper.changed_meanwhile"


def test_a_sitting_keeps_its_terms_and_questions_whatever_becomes_of_the_paper(course: Course, actor: Actor) -> None:
    paper = make_paper(course)
    sitting = make_sitting(paper, make_class(course=course).sessions[0], vietnam(8))
    terms, pool = dict(sitting.terms), list(sitting.pool)
    papers.update_terms(paper.public_id, replace(TERMS, time_limit=5, entry_window=1), actor=actor)
    papers.set_parts(paper.public_id, [], actor=actor)
    papers.retire_paper(paper.public_id, actor=actor)
    db.session.refresh(sitting)
    assert (sitting.terms, sitting.pool) == (terms, pool)
    assert queries.sittings_of(paper) == 1


def test_the_log_names_the_terms_that_were_changed(course: Course, actor: Actor) -> None:
    paper = papers.create_paper(course.public_id, TERMS, actor=actor)
    papers.update_terms(paper.public_id, replace(TERMS, time_limit=30, practice=False), actor=actor)
    facts = db.session.scalars(select(AuditEntry.facts).order_by(AuditEntry.id.desc())).first()
    assert facts == {"title": TERMS.title, "fields": ["practice", "time_limit"]}


def test_a_copy_has_terms_and_parts_and_is_not_tied_to_its_source(course: Course, actor: Actor) -> None:
    source = make_paper(course, time_limit=20)
    source.entry_window = None
    db.session.commit()
    made = papers.copy_paper(source.public_id, "Đề số 2", course.public_id, actor=actor)
    assert (made.title, made.time_limit, made.retake_of_id) == ("Đề số 2", 20, None)
    assert Terms.of(queries.get_paper(actor, made.public_id)) == replace(Terms.of(source), title="Đề số 2")
    assert parts(made) == parts(source)
    papers.set_parts(made.public_id, [], actor=actor)
    assert len(queries.get_paper(actor, source.public_id).parts) == len(Kind)


def test_a_retake_of_a_retake_counts_for_the_first_paper(course: Course, actor: Actor) -> None:
    first = make_paper(course)
    second = papers.copy_paper(first.public_id, "Thi lại", course.public_id, actor=actor, retake=True)
    third = papers.copy_paper(second.public_id, "Thi lại lần 2", course.public_id, actor=actor, retake=True)
    assert [second.retake_of_id, third.retake_of_id] == [first.id, first.id]
    assert queries.retakes_of(first) == [second, third]


def test_a_paper_is_no_retake_of_itself_of_another_course_or_of_its_own_retake(course: Course, actor: Actor) -> None:
    first = make_paper(course)
    second = papers.copy_paper(first.public_id, "Thi lại", course.public_id, actor=actor, retake=True)
    elsewhere = make_paper(CourseFactory(programme=course.programme))
    for of in (first, second, elsewhere):
        with pytest.raises(Refusal) as refused:
            papers.update_terms(first.public_id, TERMS, actor=actor, retake_of=of.public_id)
        assert refused.value.code == "paper.retake_of"


def test_a_retired_paper_is_not_changed_or_printed_until_it_is_brought_back(course: Course, actor: Actor) -> None:
    paper = make_paper(course)
    papers.retire_paper(paper.public_id, actor=actor)
    for change in (
        lambda: papers.update_terms(paper.public_id, TERMS, actor=actor),
        lambda: papers.set_parts(paper.public_id, [], actor=actor),
        lambda: printing.print_forms(paper.public_id, 1, actor=actor),
    ):
        with pytest.raises(Refusal) as refused:
            change()
        assert refused.value.code == "paper.is_retired"
    papers.restore_paper(paper.public_id, actor=actor)
    papers.set_parts(paper.public_id, [], actor=actor)
    assert actions() == ["paper.retired", "paper.restored", "paper.composed"]


def test_putting_away_twice_is_one_entry(course: Course, actor: Actor) -> None:
    paper = make_paper(course)
    for _ in range(2):
        papers.retire_paper(paper.public_id, actor=actor)
    assert actions() == ["paper.retired"]


def test_a_topic_offers_what_is_not_retired_of_this_course_and_of_none(course: Course, actor: Actor) -> None:
    topic = make_topic(course.organisation_id)
    ours, common, retired = (make_question(course, topic=topic) for _ in range(3))
    foreign = make_question(CourseFactory(programme=course.programme), topic=topic)
    common.course_id, retired.retired_at = None, vietnam(7)
    db.session.commit()
    paper = make_paper(course, [ours])
    papers.set_parts(paper.public_id, [PartLine(ONE, topic=topic.public_id)], actor=actor)
    plan = queries.plan_of(queries.get_paper(actor, paper.public_id))
    assert [one.question_id for one in plan.parts[0].candidates] == [ours.id, common.id]
    assert foreign.id not in {one.question_id for one in plan.parts[0].candidates}
    assert queries.topics_with_counts(actor, course.id) == [(topic, 2)]


def test_a_trainer_sees_the_papers_of_courses_taught_and_no_others(course: Course) -> None:
    trainer = StaffFactory(organisation=office(course), role_names=("trainer",))
    make_class(course=course, trainer=trainer)
    taught, other = make_paper(course), make_paper(CourseFactory(programme=course.programme))
    actor = actor_for(trainer)
    assert [line.paper for line in queries.papers(actor)] == [taught]
    with pytest.raises(NotFound):
        queries.get_paper(actor, other.public_id)


def test_the_list_reads_all_questions_of_all_papers_at_once(course: Course, actor: Actor) -> None:
    counts = []
    for _ in range(2):
        make_paper(course)
        with statements() as asked:
            assert {line.plan.questions for line in queries.papers(actor)} == {len(Kind)}
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_every_engine_keeps_points_and_parts(any_app: Flask) -> None:
    course = CourseFactory()
    actor = make_actor("coordinator", organisation=office(course))
    topic = make_topic(course.organisation_id)
    make_question(course, topic=topic)
    made = papers.create_paper(course.public_id, TERMS, actor=actor)
    papers.set_parts(made.public_id, [PartLine(Decimal("0.33333"), topic=topic.public_id)], actor=actor)
    assert queries.plan_of(queries.get_paper(actor, made.public_id)).total == Decimal("0.33333")
    assert [form.code for form in printing.print_forms(made.public_id, 2, actor=actor)] == ["101", "102"]
