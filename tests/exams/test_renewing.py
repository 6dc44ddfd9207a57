"""A decision about a paper that many have sat: written at once, marked by a job, which may die and be run again."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.accounts.models import Staff
from classroom.core.db import db
from classroom.core.signals import result_changed
from classroom.exams.models import Attempt
from classroom.exams.queries.renewing import open_renewal
from classroom.exams.services import remarking, renewing
from classroom.exams.services.regrading import Applied, apply_ruling
from classroom.jobs.models import Job
from classroom.jobs.rules import BROKEN
from classroom.jobs.services import cancel, retry, run_queued
from tests.exams.marking import OPENED, Sat, again, figures


@pytest.fixture(autouse=True)
def _five_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewing, "AT_ONCE", 4)
    monkeypatch.setattr(remarking, "BATCH", 2)


@pytest.fixture
def sat(any_app: Flask) -> Sat:
    return Sat()


def rule(sat: Sat, action: str = "full", place: int = 0) -> Applied:
    question = sat.questions[place].public_id
    return apply_ruling(sat.paper.public_id, question, action, reason="đáp án sai", actor=sat.actor)


def jobs() -> list[Job]:
    db.session.rollback()
    return list(db.session.scalars(select(Job).order_by(Job.id).execution_options(populate_existing=True)))


def marks(attempts: list[Attempt]) -> list[Decimal | None]:
    return [figures(each)[0] for each in attempts]


def die_after(batches: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's process is gone after so many batches."""
    left, step = [batches], remarking.remark_step

    def mortal(paper_id: int, after: int) -> remarking.Step:
        if not left[0]:
            raise SystemExit
        left[0] -= 1
        return step(paper_id, after)

    monkeypatch.setattr(renewing, "remark_step", mortal)


def test_a_few_attempts_have_their_marks_at_once_and_many_get_them_from_a_job(sat: Sat) -> None:
    attempts = [sat.letters("bacc") for _ in range(4)]
    assert rule(sat) == Applied(ruled=True, attempts=4, changed=4)
    assert jobs() == []
    attempts.append(sat.letters("bbcc"))
    assert rule(sat, place=1) == Applied(ruled=True, attempts=0, changed=0, later=True)
    assert marks(attempts) == [2, 2, 2, 2, 1]
    [done] = run_queued()
    assert (done.state, done.result, done.done, done.total) == ("done", {"attempts": 5}, 5, 5)
    assert marks(attempts) == [2, 2, 2, 2, 2]


def test_a_decision_that_is_not_written_leaves_no_job_and_one_that_is_has_its_job(
    sat: Sat, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        sat.letters("bacc")
    with monkeypatch.context() as broken:
        broken.setattr("classroom.exams.services.regrading._log", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rule(sat)
    db.session.rollback()
    assert jobs() == []
    rule(sat)
    assert [job.state for job in jobs()] == ["queued"]


@pytest.mark.parametrize("batches", [0, 1, 2])
def test_a_job_that_was_killed_between_batches_gives_the_same_marks_when_it_is_run_again(
    sat: Sat, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    attempts = [sat.letters("bacc") for _ in range(5)]
    rule(sat)
    with monkeypatch.context() as killed:
        die_after(batches, killed)
        with pytest.raises(SystemExit):
            run_queued()
    db.session.rollback()
    assert marks(attempts) == [2] * 2 * batches + [1] * (5 - 2 * batches)
    job = jobs()[0]
    assert job.state == "running"
    job.leased_until = job.created_at  # nobody renews it: another worker takes it over
    db.session.commit()
    [done] = run_queued()
    assert (done.state, done.result) == ("done", {"attempts": 5})
    assert marks(attempts) == [2] * 5


def test_each_changed_result_is_told_once_however_often_the_job_is_run(
    sat: Sat, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = [sat.letters("bacc") for _ in range(5)]
    ids = [each.id for each in attempts]
    told: list[int] = []

    def listen(*, attempt_id: int, **_facts: object) -> None:
        told.append(attempt_id)

    monkeypatch.setattr(result_changed, "_receivers", [*result_changed._receivers, listen])
    rule(sat)
    with monkeypatch.context() as killed:
        die_after(1, killed)
        with pytest.raises(SystemExit):
            run_queued()
    db.session.rollback()
    assert told == ids[:2]
    jobs()[0].leased_until = jobs()[0].created_at
    db.session.commit()
    run_queued()
    assert told == ids


def test_a_second_decision_while_one_is_applied_waits_behind_it_and_marks_everybody(
    sat: Sat, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = [sat.letters("bbcc") for _ in range(5)]
    rule(sat)
    decided = []
    step = remarking.remark_step

    def decide_meanwhile(paper_id: int, after: int) -> remarking.Step:
        if after and not decided:
            decided.append(rule(sat, place=1))
        return step(paper_id, after)

    monkeypatch.setattr(renewing, "remark_step", decide_meanwhile)
    first, second = run_queued(1), run_queued()
    assert decided == [Applied(ruled=True, attempts=0, changed=0, later=True)]
    assert [job.state for job in (*first, *second)] == ["done", "done"]
    assert first[0].id < second[0].id
    assert marks(attempts) == [2] * 5


def test_the_same_decision_again_asks_for_one_job_until_it_is_done_and_for_none_afterwards(sat: Sat) -> None:
    for _ in range(5):
        sat.letters("bacc")
    assert rule(sat).later
    assert rule(sat) == Applied(ruled=False, attempts=0, changed=0, later=True)
    assert len(jobs()) == 1
    run_queued()
    assert rule(sat).nothing
    assert len(jobs()) == 1


def test_a_job_that_was_cancelled_is_asked_for_again_by_the_same_decision_also_when_few_are_left(
    sat: Sat,
) -> None:
    attempts = [sat.letters("bacc") for _ in range(5)]
    rule(sat)
    cancel(jobs()[0].public_id, sat.actor)
    assert open_renewal([sat.paper.id]) is not None
    again(attempts[0]).state = "annulled"
    db.session.commit()
    assert rule(sat).later
    run_queued()
    assert marks(attempts[1:]) == [2] * 4
    assert open_renewal([sat.paper.id]) is None
    retry(jobs()[0].public_id, sat.actor)
    assert [job.state for job in run_queued()] == ["done"]


def test_the_job_runs_though_who_decided_was_sent_away(sat: Sat) -> None:
    attempts = [sat.letters("bacc") for _ in range(5)]
    rule(sat)
    db.session.get_one(Staff, sat.actor.staff_id).disabled_at = OPENED
    db.session.commit()
    assert [job.state for job in run_queued()] == ["done"]
    assert marks(attempts) == [2] * 5


def test_a_job_that_breaks_is_not_taken_for_one_that_marked(sat: Sat, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        sat.letters("bacc")
    rule(sat)

    def broken(_paper_id: int, _after: int) -> remarking.Step:
        raise RuntimeError

    monkeypatch.setattr(renewing, "remark_step", broken)
    [job] = run_queued()
    assert (job.state, job.error_code) == ("queued", BROKEN)
    renewal = open_renewal([sat.paper.id])
    assert renewal is not None
    assert renewal.id == job.id


def test_other_papers_are_not_said_to_be_renewed(sat: Sat) -> None:
    other = Sat()
    for _ in range(5):
        sat.letters("bacc")
    rule(sat)
    assert open_renewal([sat.paper.id]) is not None
    assert open_renewal([other.paper.id]) is None
    assert open_renewal([]) is None
