"""Jobs run once, tell how far they are, and end in words."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.errors import Refusal
from classroom.core.work import JobLost, RunningJob
from classroom.jobs import presenters, services
from classroom.jobs.rules import LEASE, MOST_ATTEMPTS, back_off
from classroom.jobs.services import leases, running
from tests.factories import StaffFactory, actor_for, at, make_actor
from tests.jobs.making import MORNING, ask, job_row, nothing, offer
from tests.support.racing import together

SECOND = timedelta(seconds=1)


def never() -> bool:
    return False


def elsewhere(app: Flask, job_id: int) -> tuple[str, int, int, str]:
    """The job as another connection sees it."""

    def look() -> tuple[str, int, int, str]:
        job = job_row(job_id)
        return job.state, job.done, job.total, job.note

    return together(app, [look])[0]


def test_what_the_task_answers_is_kept(any_app: Flask) -> None:
    offer(lambda subject, job: {"rows": subject, "dry": job.arguments["dry"]})
    ask(arguments={"dry": True})

    (job,) = services.run_queued()

    assert (job.state, job.result, job.attempts) == ("done", {"rows": 7, "dry": True}, 1)
    assert (job.lease, job.finished_at) == (None, MORNING)


def test_a_job_runs_with_what_its_asker_may_do_now(app: Flask) -> None:
    seen: list[Actor] = []

    def look(_subject: int, job: RunningJob) -> dict[str, Any]:
        seen.append(job.actor)
        return {}

    offer(look)
    asker = make_actor("coordinator")
    ask(asker)

    services.run_queued()

    assert seen == [asker]


def test_a_job_of_somebody_who_was_switched_off_is_refused(app: Flask) -> None:
    offer(nothing)
    staff = StaffFactory(role_names=("coordinator",))
    ask(actor_for(staff))
    staff.disabled_at = now()
    db.session.commit()

    (job,) = services.run_queued()

    assert (job.state, job.error_code) == ("failed", "job.asker_gone")


def test_two_workers_never_run_the_same_job(any_app: Flask) -> None:
    runs: list[int] = []

    def note(_subject: int, job: RunningJob) -> dict[str, Any]:
        runs.append(job.id)
        return {}

    offer(note)
    actor = make_actor("coordinator")
    asked = [ask(actor).id for _ in range(8)]

    together(any_app, [lambda: len(services.run_queued())] * 4)

    assert sorted(runs) == asked


def test_progress_is_seen_from_elsewhere_while_the_task_goes_on(any_app: Flask) -> None:
    seen: list[tuple[str, int, int, str]] = []

    def count(_subject: int, job: RunningJob) -> dict[str, Any]:
        job.progress(3, 10, "đang đọc")
        seen.append(elsewhere(any_app, job.id))
        return {}

    offer(count)
    ask()

    services.run_queued()

    assert seen == [("running", 3, 10, "đang đọc")]


def test_progress_is_written_about_once_a_second(app: Flask) -> None:
    seen: list[int] = []

    def count(_subject: int, job: RunningJob) -> dict[str, Any]:
        for done, moment in ((1, MORNING), (2, MORNING), (3, MORNING + SECOND), (9, MORNING + SECOND)):
            with at(moment):
                job.progress(done, 10)
            seen.append(elsewhere(app, job.id)[1])
        return {}

    offer(count)
    ask()

    (job,) = services.run_queued()

    assert seen == [1, 1, 3, 3]
    assert job.done == 9


def test_progress_inside_a_transaction_waits_for_it(any_app: Flask) -> None:
    def count(_subject: int, job: RunningJob) -> dict[str, Any]:
        with transaction():
            job.progress(3, 10)
        return {}

    offer(count)
    ask()

    (job,) = services.run_queued()

    assert (job.state, job.done, job.total) == ("done", 3, 10)


def test_progress_leaves_what_the_task_has_read_alone(any_app: Flask) -> None:
    def read(_subject: int, job: RunningJob) -> dict[str, Any]:
        staff = StaffFactory()
        name = staff.name
        db.session.commit()
        staff.name = "chưa ghi"
        job.progress(1, 2)
        assert staff.name == "chưa ghi" != name
        return {}

    offer(read)
    ask()

    assert [job.state for job in services.run_queued()] == ["done"]


def test_a_lease_that_ran_out_is_taken_over_and_the_first_runner_is_told(any_app: Flask) -> None:
    told: list[str] = []

    def slow(_subject: int, job: RunningJob) -> dict[str, Any]:
        job.progress(1, 3)
        if told:
            return {"by": "the second"}
        told.append("began")
        with at(MORNING + LEASE + SECOND):
            assert together(any_app, [lambda: len(services.run_queued())]) == [1]
            try:
                job.progress(2, 3)
            except JobLost:
                told.append("lost")
                raise
        return {"by": "the first"}

    offer(slow)
    job = ask()

    services.run_queued()

    assert told == ["began", "lost"]
    assert (job_row(job).state, job_row(job).result, job_row(job).attempts) == ("done", {"by": "the second"}, 2)


def test_the_first_runner_that_never_looked_changes_nothing_any_more(any_app: Flask) -> None:
    offer(nothing)
    job = ask()
    first = leases.claim()
    assert first is not None
    with at(MORNING + LEASE):
        assert leases.claim() is None
    with at(MORNING + LEASE + SECOND):
        second = leases.claim()
        running.execute(first, never)
        assert second is not None
        assert job_row(job).lease == second.lease
        assert job_row(job).state == "running"


def test_the_task_of_a_cancelled_job_is_told(any_app: Flask) -> None:
    actor, told = make_actor("coordinator"), []

    def count(_subject: int, job: RunningJob) -> dict[str, Any]:
        together(any_app, [lambda: services.cancel(job_row(job.id).public_id, actor).id])
        try:
            job.progress(1, 2)
        except JobLost:
            told.append("lost")
            raise
        return {}

    offer(count)
    job = ask(actor)

    services.run_queued()

    assert (job_row(job).state, told) == ("cancelled", ["lost"])


def test_a_renewed_lease_is_not_taken_over(any_app: Flask) -> None:
    offer(nothing)
    ask()
    held = leases.claim()
    assert held is not None
    with at(MORNING + LEASE):
        assert leases.renew(held)
    with at(MORNING + LEASE + SECOND):
        assert leases.claim() is None


def test_the_beat_beside_a_silent_task_renews_its_lease(any_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "HEARTBEAT", timedelta(milliseconds=10))
    renewed = threading.Event()
    kept = running.Running.keep

    def keep(self: running.Running) -> None:
        kept(self)
        renewed.set()

    monkeypatch.setattr(running.Running, "keep", keep)

    def silent(_subject: int, job: RunningJob) -> dict[str, Any]:
        with at(MORNING + LEASE):
            renewed.clear()
            assert renewed.wait(30)
            renewed.clear()
            assert renewed.wait(30)
        return {"until": job_row(job.id).leased_until.isoformat()}  # type: ignore[union-attr]

    offer(silent)
    ask()

    (job,) = services.run_queued()

    assert job.result == {"until": (MORNING + LEASE + LEASE).isoformat()}


def test_a_task_that_breaks_is_tried_again_later_and_then_given_up(any_app: Flask) -> None:
    runs: list[int] = []

    def fail(_subject: int, job: RunningJob) -> dict[str, Any]:
        runs.append(job.id)
        raise KeyError("a bug")

    offer(fail)
    job, moment = ask(), MORNING
    for attempt in range(1, MOST_ATTEMPTS + 1):
        with at(moment):
            services.run_queued()
        assert job_row(job).state == ("queued" if attempt < MOST_ATTEMPTS else "failed")
        with at(moment + back_off(attempt) - SECOND):
            assert services.run_queued() == []
        moment += back_off(attempt)

    assert len(runs) == MOST_ATTEMPTS
    assert (job_row(job).error_code, job_row(job).error_details) == ("job.broken", {"problem": "KeyError"})


def test_a_task_that_left_its_transaction_broken_is_a_bug_like_others(any_app: Flask) -> None:
    def leave_a_mess(_subject: int, _job: RunningJob) -> dict[str, Any]:
        db.session.execute(db.text("SELECT * FROM no_such_table"))
        return {}

    offer(leave_a_mess)
    job = ask()

    services.run_queued()

    assert (job_row(job).state, job_row(job).error_code) == ("queued", "job.broken")


def test_an_answer_that_json_cannot_keep_is_a_bug_like_others(app: Flask) -> None:
    offer(lambda _subject, _job: {"at": now()})
    job = ask()

    services.run_queued()

    assert (job_row(job).state, job_row(job).error_details) == ("queued", {"problem": "TypeError"})


def test_a_refusal_ends_the_job_at_once_in_its_words(any_app: Flask) -> None:
    def refuse(_subject: int, _job: RunningJob) -> dict[str, Any]:
        raise Refusal("job.broken", problem=date(2026, 10, 12))

    offer(refuse)
    ask()

    (job,) = services.run_queued()

    assert (job.state, job.attempts, job.error_code) == ("failed", 1, "job.broken")
    assert "12/10/2026" in presenters.words(job)


def die(_subject: int, _job: RunningJob) -> dict[str, Any]:
    raise SystemExit("killed in the middle")


def test_a_job_that_kills_its_worker_each_time_is_given_up(any_app: Flask) -> None:
    offer(die)
    job, moment = ask(), MORNING
    for _ in range(MOST_ATTEMPTS):
        with at(moment), pytest.raises(SystemExit):
            services.run_queued()
        moment += LEASE + SECOND

    with at(moment):
        assert services.run_queued() == []

    assert (job_row(job).state, job_row(job).error_details) == ("failed", {"problem": "killed"})


def test_a_worker_that_is_told_to_stop_puts_its_job_back(any_app: Flask) -> None:
    stopping: list[int] = []

    def count(_subject: int, job: RunningJob) -> dict[str, Any]:
        if not stopping:
            stopping.append(1)
            job.progress(4, 10)
        return {"finished": True}

    offer(count)
    job = ask()

    claim = leases.claim()
    assert claim is not None
    running.execute(claim, lambda: bool(stopping))

    assert (job_row(job).state, job_row(job).attempts, job_row(job).done) == ("queued", 0, 4)
    assert [ran.result for ran in services.run_queued()] == [{"finished": True}]


def test_a_job_of_a_room_that_this_worker_does_not_know_is_left_alone(app: Flask) -> None:
    offer(nothing)
    job = ask()
    offer(nothing, "test.other")
    from classroom.core import work

    work._tasks.pop("test.task")

    assert services.run_queued() == []
    assert job_row(job).state == "queued"


def test_no_more_run_than_were_asked_for(app: Flask) -> None:
    offer(nothing)
    actor = make_actor("coordinator")
    first, second = ask(actor), ask(actor)

    assert [job.id for job in services.run_queued(limit=1)] == [first.id]
    assert job_row(second).state == "queued"
