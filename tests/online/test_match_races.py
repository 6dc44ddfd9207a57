"""Two at once: runs over one intake, a decision and a run, two decisions."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.learners.models import Learner
from classroom.online.models import MatchCase, MatchEvent, OnlineRecord
from classroom.online.services.matching import different, match_records, same
from tests.factories import make_actor
from tests.support.matching import case_of, make_intake, person, put_in, record, row_of
from tests.support.racing import together

ANH, BORN = "Nguyễn Thị Ánh", "1985-03-07"
FIRST = date(1960, 1, 1)


@pytest.fixture
def actor(any_app):
    return make_actor("coordinator")


def run(actor, intake=None):
    return lambda: match_records(actor.organisation_id, intake_id=intake.id if intake else None, actor=actor)


def test_two_workers_match_the_same_intake_at_once(any_app, actor):
    intake = make_intake(actor)
    rows = [row_of(f"Người Số {n}", f"{FIRST + timedelta(days=31 * n)}", phone=f"+8490{n:07d}") for n in range(300)]
    put_in(intake, [*rows, *rows[:20]])
    key = intake.id
    counts = together(any_app, [lambda: match_records(actor.organisation_id, intake_id=key, actor=actor)] * 2)
    db.session.rollback()
    assert sum(one.own for one in counts) == 300
    assert db.session.scalar(select(func.count(Learner.id))) == 300
    assert db.session.scalar(select(func.count(MatchEvent.id))) == 320
    assert sorted(set(db.session.scalars(select(OnlineRecord.link)))) == ["own", "queued"]


def test_two_intakes_with_one_person_give_one_learner(any_app, actor):
    keys = []
    for name in ("Đợt 1", "Đợt 2"):
        intake = make_intake(actor, name)
        put_in(intake, [row_of(ANH, BORN, id_number="040185012345")])
        keys.append(intake.id)
    works = [lambda key=key: match_records(actor.organisation_id, intake_id=key, actor=actor) for key in keys]
    together(any_app, works)
    db.session.rollback()
    assert db.session.scalar(select(func.count(Learner.id))) == 1
    assert len(set(db.session.scalars(select(OnlineRecord.learner_id)))) == 1


def test_a_decision_and_a_run_at_once(any_app, actor):
    learner, intake = person(actor, ANH, BORN), make_intake(actor)
    asked = record(intake, ANH, BORN)
    run(actor)()
    case, who, record_id = case_of(asked).public_id, learner.public_id, asked.id
    put_in(intake, [row_of(f"Người Số {n}", f"{FIRST + timedelta(days=31 * n)}", account=f"m{n}") for n in range(50)])
    together(any_app, [lambda: same(case, who, actor=actor) and None, lambda: run(actor)() and None])
    db.session.rollback()
    assert db.session.get_one(OnlineRecord, record_id).learner_id == learner.id
    assert db.session.scalars(select(MatchCase.state)).one() == "same"


def test_of_two_decisions_at_once_one_holds(any_app, actor):
    learner, intake = person(actor, ANH, BORN), make_intake(actor)
    asked = record(intake, ANH, BORN)
    run(actor)()
    case, who = case_of(asked).public_id, learner.public_id

    def attempt(decide):
        try:
            return decide().state
        except Refusal as refused:
            return refused.code

    works = [
        lambda: attempt(lambda: same(case, who, actor=actor)),
        lambda: attempt(lambda: different(case, actor=actor)),
    ]
    answers = together(any_app, works)
    db.session.rollback()
    held = db.session.scalars(select(MatchCase.state)).one()
    assert sorted(answers) == sorted([held, "match.decided"])
    assert (db.session.get_one(OnlineRecord, asked.id).link == "matched") == (held == "same")
