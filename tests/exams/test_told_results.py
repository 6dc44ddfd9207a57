"""Rooms above are told when a result comes, goes and comes back."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask

from classroom.core.db import db
from classroom.core.signals import result_changed
from classroom.exams.models import Sitting
from classroom.exams.queries.outcomes import final_results
from classroom.exams.services.answering import submit
from classroom.exams.services.deciding import annul_attempt
from classroom.exams.services.extending import extend
from classroom.exams.services.running import annul_sitting
from classroom.exams.services.two_attempts import let_count, undo
from tests.exams.hall import MINUTE, OPENED, Hall, device
from tests.exams.marking import Sat
from tests.factories import LearnerFactory, at

Facts = list[dict[str, object]]


@pytest.fixture
def sat(any_app: Flask) -> Sat:
    return Sat()


def said(told: Facts) -> Sequence[tuple[object, object, object]]:
    """Attempt, before and after of what was told since the last time."""
    heard = [(fact["attempt_id"], fact["before"], fact["after"]) for fact in told]
    told.clear()
    return heard


def test_an_attempt_that_is_annulled_is_no_result_any_more_and_told_once(sat: Sat, told: Facts) -> None:
    passed = sat.letters("aaaa")
    running = sat.letters("aaaa", mark=False, state="running", finished_at=None, finished_how="")
    key = passed.id
    told.clear()
    for _ in range(2):
        annul_attempt(passed.public_id, "làm hộ", actor=sat.actor)
        annul_attempt(running.public_id, "mở nhầm", actor=sat.actor)
    assert [(fact["learner_id"], fact["paper_id"]) for fact in told] == [(passed.learner_id, sat.paper.id)]
    assert said(told) == [(key, "pass", "")]


def test_what_is_restored_is_a_result_again_and_told_once_by_what_was_decided_meanwhile(sat: Sat, told: Facts) -> None:
    learner = LearnerFactory(organisation_id=sat.course.organisation_id)
    phone = sat.letters("abbb", learner=learner)
    paper = sat.letters("aaaa", learner=learner, number=2, source="paper")
    key, facts = phone.id, {"paper": paper.public_id, "devices": [phone.public_id]}
    told.clear()
    done = let_count(facts, "paper", "bài thừa", actor=sat.actor)
    assert said(told) == [(key, "fail", "")]
    undo(facts, done, sat.actor)
    assert said(told) == [(key, "", "fail")]


def test_an_attempt_that_goes_on_is_no_result_until_it_is_handed_in_again(any_app: Flask, told: Facts) -> None:
    hall = Hall()
    attempt = hall.start()
    with at(OPENED + MINUTE):
        submit(attempt, device())
        key = hall.row(attempt).id
        told.clear()
        extend(hall.sitting, 10, learner=hall.learners[0], reason="bấm nhầm", actor=hall.actor)
        assert said(told) == [(key, "fail", "")]
        submit(attempt, device())
    assert said(told) == [(key, "", "fail")]


def test_an_annulled_test_takes_the_result_of_everybody_who_had_finished(sat: Sat, told: Facts) -> None:
    first, second, annulled = sat.letters("aaaa"), sat.letters("bbbb"), sat.letters("aaaa")
    sat.letters("aaaa", mark=False, state="running", finished_at=None, finished_how="")
    annul_attempt(annulled.public_id, "làm hộ", actor=sat.actor)
    keys = [first.id, second.id]
    told.clear()
    annul_sitting(sat.sitting.public_id, "mở nhầm đề", actor=sat.actor)
    assert said(told) == [(keys[0], "pass", ""), (keys[1], "fail", "")]
    annul_sitting(sat.sitting.public_id, "mở nhầm đề", actor=sat.actor)
    assert said(told) == []


def test_whoever_is_told_finds_the_final_result_as_it_is_from_then_on(sat: Sat) -> None:
    learner = LearnerFactory(organisation_id=sat.course.organisation_id)
    sat.letters("abbb", learner=learner)
    best = sat.letters("aaaa", learner=learner, number=2)
    found: list[str] = []

    def look(**_fact: object) -> None:
        found.append(_outcome(sat, learner.id))

    result_changed.connect(look)
    try:
        annul_attempt(best.public_id, "làm hộ", actor=sat.actor)
        annul_sitting(sat.sitting.public_id, "mở nhầm đề", actor=sat.actor)
    finally:
        result_changed._receivers.remove(look)
    assert found == ["fail", ""]


def _outcome(sat: Sat, learner_id: int) -> str:
    final = final_results(sat.course.organisation_id, [sat.paper.id])[sat.paper.id].get(learner_id)
    return final.outcome if final else ""


def test_of_an_annulled_test_nothing_is_told(sat: Sat, told: Facts) -> None:
    attempt = sat.letters("aaaa")
    db.session.get_one(Sitting, sat.sitting.id).annulled_at = OPENED + timedelta(hours=1)
    db.session.commit()
    told.clear()
    annul_attempt(attempt.public_id, "làm hộ", actor=sat.actor)
    assert said(told) == []
