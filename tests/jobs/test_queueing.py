"""A job is asked for in the transaction of its business, and lives once for each key."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.accounts.models import Organisation
from classroom.core.actor import system
from classroom.core.db import db, transaction
from classroom.core.errors import Forbidden, NotFound, Refusal
from classroom.core.work import RunningJob
from classroom.jobs import queries, services
from classroom.jobs.models import Job
from tests.factories import make_actor
from tests.jobs.making import ask, job_row, nothing, offer
from tests.support.racing import together


def jobs() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Job.id))) or 0


def test_a_job_goes_when_the_business_is_rolled_back(any_app: Flask) -> None:
    offer(nothing)
    actor = make_actor("coordinator")

    def business() -> None:
        with transaction():
            services.enqueue("test.task", 7, actor=actor)
            raise Refusal("import.empty")

    with pytest.raises(Refusal):
        business()

    assert jobs() == 0


def test_a_job_waits_with_what_was_said(app: Flask) -> None:
    offer(nothing)
    actor = make_actor("coordinator")

    job = job_row(services.enqueue("test.task", 7, actor=actor, arguments={"dry": True}))

    assert (job.state, job.subject_id, job.arguments, job.created_by) == ("queued", 7, {"dry": True}, actor.staff_id)
    assert queries.latest_job(actor.organisation_id, "test.task", 7) is job
    assert queries.living_jobs(actor.organisation_id) == [job]


def test_a_task_that_no_room_offers_is_a_mistake(app: Flask) -> None:
    with pytest.raises(LookupError):
        ask(name="test.unknown")


def test_whoever_asks_at_the_same_time_gets_the_same_job(any_app: Flask) -> None:
    offer(nothing)
    actor = make_actor("coordinator")

    found = together(any_app, [lambda: ask(actor, key="import-7").id] * 6)

    assert len(set(found)) == 1
    assert jobs() == 1


def test_jobs_of_the_whole_deployment_live_once_for_each_key_too(any_app: Flask) -> None:
    offer(nothing)

    found = {ask(system(0), key="all").id, ask(system(0), key="all").id}

    assert len(found) == 1
    assert job_row(found.pop()).organisation_id is None


def test_a_key_is_free_again_when_its_job_is_over(any_app: Flask) -> None:
    offer(nothing)
    actor = make_actor("coordinator")
    first = ask(actor, key="import-7").id

    services.run_queued()

    assert ask(actor, key="import-7").id != first


def test_the_same_key_of_another_organisation_is_another_job(app: Flask) -> None:
    offer(nothing)
    assert ask(key="import-7").id != ask(key="import-7").id


def test_without_a_key_every_call_is_a_job(app: Flask) -> None:
    offer(nothing)
    actor = make_actor("coordinator")
    assert ask(actor).id != ask(actor).id


def test_a_job_that_waits_is_cancelled_and_does_not_run(app: Flask) -> None:
    ran: list[int] = []

    def note(subject: int, _job: RunningJob) -> dict[str, Any]:
        ran.append(subject)
        return {}

    offer(note)
    actor = make_actor("coordinator")
    job = ask(actor)

    services.cancel(job.public_id, actor)

    assert services.run_queued() == []
    assert (job_row(job).state, ran) == ("cancelled", [])
    with pytest.raises(Refusal, match=r"job\.over"):
        services.cancel(job.public_id, actor)


def test_a_cancelled_job_begins_again_when_asked(app: Flask) -> None:
    offer(nothing)
    actor = make_actor("coordinator")
    job = ask(actor)
    services.cancel(job.public_id, actor)

    services.retry(job.public_id, actor)

    assert [ran.state for ran in services.run_queued()] == ["done"]
    with pytest.raises(Refusal, match=r"job\.not_over"):
        services.retry(job.public_id, actor)


def test_a_job_does_not_begin_again_beside_its_successor(any_app: Flask) -> None:
    offer(nothing)
    actor = make_actor("coordinator")
    job = ask(actor, key="import-7")
    services.cancel(job.public_id, actor)
    ask(actor, key="import-7")

    with pytest.raises(Refusal, match=r"job\.asked_again"):
        services.retry(job.public_id, actor)

    assert job_row(job).state == "cancelled"


@pytest.mark.parametrize("change", [services.cancel, services.retry])
def test_jobs_are_changed_by_coordinators_of_their_organisation(app: Flask, change: Any) -> None:
    offer(nothing)
    actor = make_actor("coordinator")
    job = ask(actor)

    with pytest.raises(Forbidden):
        change(job.public_id, make_actor("viewer"))
    with pytest.raises(NotFound):
        change(job.public_id, make_actor("coordinator"))

    assert job_row(job).state == "queued"


def test_whoever_retries_a_job_is_its_asker_and_the_machine_stays_its_own(app: Flask) -> None:
    offer(nothing)
    actor = make_actor("coordinator")
    colleague = make_actor("coordinator", organisation=db.session.get_one(Organisation, actor.organisation_id))
    asked, own = ask(actor), ask(system(actor.organisation_id))
    for job in (asked, own):
        services.cancel(job.public_id, actor)
        services.retry(job.public_id, colleague)

    assert (job_row(asked).created_by, job_row(own).created_by) == (colleague.staff_id, None)
    assert [ran.state for ran in services.run_queued()] == ["done", "done"]
