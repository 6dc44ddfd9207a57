"""Doubts follow what becomes of a certificate: replaced, revoked, valid again, or of somebody erased."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import update

from classroom.certification.models import Certificate
from classroom.certification.queries.outcomes import count_decisions
from classroom.certification.services import approving, issuing, rechecking
from classroom.certification.services.reissuing import reissue
from classroom.certification.services.revoking import ByDecision, restore, revoke, void
from classroom.core.clock import today
from classroom.core.db import transaction
from classroom.core.signals import result_changed
from classroom.exams.models import Attempt
from classroom.learners.models import Learner
from classroom.learners.services import erase_learner
from tests.certification.test_rechecking import doubts, later, noted
from tests.support.deciding import Deciding
from tests.support.erasures import erasure_id
from tests.support.issueroom import certificates, decision, issued, numbered, quiet


@pytest.fixture
def here(any_app: Flask) -> Deciding:
    made = Deciding()
    numbered(made.actor)
    return made


def certified(here: Deciding, learner: Learner) -> Certificate:
    here.saved()
    here.applied()
    issued(here.course, here.actor)
    rechecking.look_again()
    assert doubts() == []
    return next(one for one in certificates(here.course) if one.learner_id == learner.id)


def regrade(learner: Learner) -> None:
    """The test is failed after all."""
    with transaction() as session:
        session.execute(update(Attempt).where(Attempt.learner_id == learner.id).values(mark=Decimal(0), outcome="fail"))
        result_changed.send(learner_id=learner.id, paper_id=0, attempt_id=0, before="pass", after="fail")


def by_decision(here: Deciding) -> ByDecision:
    return ByDecision("Cấp sai", "7/QĐ", today(here.actor.time_zone))


def asked_about() -> list[str]:
    return [str(each["number"]) for each in doubts()]


def test_a_doubt_goes_over_to_the_certificate_that_takes_the_place(here: Deciding) -> None:
    held = certified(here, learner := here.in_class())
    regrade(learner)
    rechecking.look_again()
    assert asked_about() == [held.number]
    batch = reissue(held.public_id, "lost", "mất", actor=here.actor)
    approving.submit_batch(batch.public_id, decision(here.actor), actor=here.actor)
    approving.approve_batch(batch.public_id, actor=here.actor)
    issuing.issue_lines(batch.id, quiet, actor=here.actor)
    assert asked_about() == []
    rechecking.look_again()
    _old, new = certificates(here.course)
    assert asked_about() == [new.number]


def test_what_changed_while_a_certificate_was_revoked_is_asked_when_it_counts_again(here: Deciding) -> None:
    held = certified(here, learner := here.in_class())
    revoke(held.public_id, by_decision(here), actor=here.actor)
    regrade(learner)
    rechecking.look_again()
    assert asked_about() == []
    restore(held.public_id, by_decision(here), actor=here.actor)
    rechecking.look_again()
    assert asked_about() == [held.number]


def test_nothing_more_is_asked_about_what_was_revoked_or_voided(here: Deciding) -> None:
    learners = [here.in_class(), here.in_class()]
    first = certified(here, learners[0])
    second = next(one for one in certificates(here.course) if one.learner_id == learners[1].id)
    for learner in learners:
        regrade(learner)
    rechecking.look_again()
    assert asked_about() == [first.number, second.number]
    revoke(first.public_id, by_decision(here), actor=here.actor)
    assert asked_about() == [second.number]
    void(second.public_id, "in hỏng", actor=here.actor)
    assert asked_about() == []


def test_what_is_noted_while_the_clock_looks_is_looked_at_again(
    here: Deciding, monkeypatch: pytest.MonkeyPatch
) -> None:
    certified(here, learner := here.in_class())
    with transaction():
        result_changed.send(learner_id=learner.id, paper_id=0, attempt_id=0, before="", after="")
    real = rechecking.release

    def meanwhile() -> None:
        real()
        monkeypatch.setattr(rechecking, "release", real)
        regrade(learner)

    monkeypatch.setattr(rechecking, "release", meanwhile)
    rechecking.look_again()
    assert len(doubts()) == 1
    assert noted() == 0


def test_the_result_of_the_way_taken_is_compared_with_the_printed_one(here: Deciding) -> None:
    both = here.in_class(attended=2)
    here.online(both, score=Decimal(85))
    held = certified(here, both)
    assert (held.facts["path"], held.facts["result"]) == ("online", "85/100")


def test_of_somebody_erased_numbers_stay_and_nothing_is_asked(here: Deciding) -> None:
    certified(here, learner := here.in_class())
    regrade(learner)
    rechecking.look_again()
    assert len(doubts()) == 1
    erase_learner(erasure_id(learner, "Một", here.actor), "quyền", actor=here.actor)
    assert doubts() == []
    run = here.applied()
    later()
    assert doubts() == []
    assert "gone" not in run.counts["changes"]
    assert count_decisions(here.course.id)["pass"] == 1
