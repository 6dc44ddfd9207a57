"""The sample programme of `make demo`: what a newcomer finds in its tests."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.accounts import queries as accounts
from classroom.accounts.models import Staff
from classroom.attendance.models import Mark
from classroom.attendance.rules import CAME
from classroom.cli.sample import programme, questions
from classroom.core.actor import Actor
from classroom.core.clock import local, now
from classroom.core.db import db, transaction
from classroom.exams.models import Adjustment, Attempt, Paper, PrintedForm, Question, QuestionPicture, Sitting
from classroom.exams.queries.analysis import Report, analysis_of
from classroom.exams.queries.papers import plan_of
from classroom.exams.queries.results import results_of_paper
from classroom.exams.queries.sitting_facts import get_sitting
from classroom.exams.rules.kinds import Kind, flaws
from classroom.exams.rules.papers import check
from classroom.exams.services.marking import results_of
from classroom.exams.services.opening import open_sitting
from classroom.sessions.models import ClassSession, Enrolment, TrainingClass
from tests.support.databases import copy_sqlite, opened

PASSWORD = "sen-tre-lua-42"


@pytest.fixture(scope="module")
def sample(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole sample, written once for all tests of this file, which read it or take back what they do."""
    folder = tmp_path_factory.mktemp("sample")
    url = copy_sqlite(sqlite_template, folder / "classroom.db")
    with opened(url, folder / "instance") as app:
        programme.build(PASSWORD, lambda _step: None)
        db.session.remove()
        yield app


@pytest.fixture(autouse=True)
def clean_session(sample: Flask) -> Iterator[None]:
    yield
    db.session.rollback()


class Undone(Exception):
    pass


@contextmanager
def taken_back() -> Iterator[None]:
    """What a test does in here leaves nothing behind in the sample."""
    with suppress(Undone), transaction():
        yield
        raise Undone


def actor(username: str) -> Actor:
    return accounts.actor_of(db.session.scalars(select(Staff).where(Staff.username == username)).one(), now())


def paper(title: str) -> Paper:
    return db.session.scalars(select(Paper).where(Paper.title == title)).one()


def report() -> Report:
    return analysis_of(results_of_paper(actor("dieuphoi"), paper("Kiểm tra nhanh ngày 1").public_id))


def test_the_bank_holds_every_kind_of_question_and_none_with_a_flaw(sample: Flask) -> None:
    asked = list(questions.bank("0123456789AB"))
    assert [flaw for one in asked for flaw in flaws(one.content)] == []
    assert {one.content.kind for one in asked} == set(Kind)
    per_topic = Counter(one.topic.name for one in db.session.scalars(select(Question)) if one.topic)
    assert per_topic == dict.fromkeys(questions.TOPICS, 6)


def test_the_picture_of_a_question_is_in_the_bank_and_named_in_its_text(sample: Flask) -> None:
    picture = db.session.scalars(select(QuestionPicture)).one()
    named = [one for one in db.session.scalars(select(Question)) if picture.public_id in one.versions[-1].text]
    assert [one.versions[-1].title for one in named] == ["Tổng số hồ sơ"]


def test_the_paper_of_the_last_day_can_be_opened_in_the_class_that_is_in_session(sample: Flask) -> None:
    last_day = paper("Kiểm tra cuối khóa")
    plan = plan_of(last_day)
    assert check(plan, printing=True) == []
    assert (plan.questions, plan.total, last_day.time_limit, last_day.pass_percent) == (20, Decimal(10), 45, 50)
    assert {part.is_fixed for part in plan.parts} == {True, False}
    going_on = db.session.scalars(
        select(ClassSession.public_id)
        .join(TrainingClass)
        .where(TrainingClass.code == "L01", ClassSession.starts_at <= now(), ClassSession.ends_at > now())
    ).one()
    with taken_back():
        sitting = open_sitting(going_on, last_day.public_id, actor=actor("giangvien"))
        assert get_sitting(actor("giangvien"), sitting).is_open


def test_a_form_of_it_is_printed_with_all_its_questions(sample: Flask) -> None:
    form = db.session.scalars(select(PrintedForm)).one()
    assert form.paper_id == paper("Kiểm tra cuối khóa").id
    assert len(form.items) == 20


def test_two_classes_have_sat_the_short_test_and_it_has_ended(sample: Flask) -> None:
    sittings = db.session.scalars(select(Sitting).order_by(Sitting.id)).all()
    assert [one.class_session.training_class.code for one in sittings] == ["L01", "L02"]
    assert all(one.ended_at is not None and one.ended_at < now() for one in sittings)
    days = {local(one.opened_at, programme.ZONE).date() for one in sittings}
    assert days == {one.class_session.held_on for one in sittings}


def test_who_sat_it_was_there_and_began_in_time(sample: Flask) -> None:
    for sitting in db.session.scalars(select(Sitting)):
        attempts = db.session.scalars(select(Attempt).where(Attempt.sitting_id == sitting.id)).all()
        came = select(Enrolment.learner_id).join(Mark, Mark.enrolment_id == Enrolment.id)
        there = db.session.scalars(
            came.where(Mark.class_session_id == sitting.class_session_id, Mark.status.in_(CAME))
        ).all()
        assert {one.learner_id for one in attempts} < set(there)
        assert len(attempts) > 60
        assert all(sitting.opened_at < one.started_at < sitting.opened_at + timedelta(minutes=10) for one in attempts)


def test_some_attempts_ran_out_of_time_got_more_time_or_points_by_hand(sample: Flask) -> None:
    for sitting in db.session.scalars(select(Sitting)):
        attempts = db.session.scalars(select(Attempt).where(Attempt.sitting_id == sitting.id)).all()
        assert Counter(one.finished_how for one in attempts)["time"] == 1
        longer = [one for one in attempts if one.deadline_at - one.started_at == timedelta(minutes=20)]
        assert [one.finished_how for one in longer] == ["submitted"]
        adjusted = select(func.count(Adjustment.id)).join(Attempt).where(Attempt.sitting_id == sitting.id)
        assert db.session.scalar(adjusted) == 1


def test_the_marks_are_those_that_marking_gives(sample: Flask) -> None:
    attempts = db.session.scalars(select(Attempt)).all()
    for marked in results_of(db.session(), attempts):
        assert marked.attempt.mark == marked.result.mark
        assert marked.attempt.outcome == marked.outcome


def test_the_analysis_finds_the_question_with_the_wrong_key_and_no_other(sample: Flask) -> None:
    suspects = [one.version.title for one in report().items if "advice.key" in one.advice]
    assert suspects == [questions.MISTAKEN]


def test_good_learners_are_told_from_weak_ones(sample: Flask) -> None:
    figures = report().figures
    assert figures.n > 130
    assert figures.consistency is not None
    assert figures.consistency > 60
    assert {one.outcome for one in db.session.scalars(select(Attempt))} == {"pass", "fail"}
