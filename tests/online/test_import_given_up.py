"""A file that is put aside leaves nothing behind, and an import whose job was given up holds nobody up."""

from typing import Any

import pytest
from flask import Flask

from classroom.accounts.models import Organisation, Staff
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.core.models import StoredFile
from classroom.core.work import JobLost
from classroom.jobs.models import Job
from classroom.jobs.services import cancel, retry, run_queued
from classroom.jobs.services.running import Running
from classroom.online.models import ImportRow, Intake, OnlineImport, StagedRecord
from classroom.online.services import imports
from classroom.online.services.imports import running, staging, undoing
from tests.factories import make_actor, sign_in
from tests.support.online import LIMITS, bring_in, line, records, results, secret, undo, upload

REFRESHES = 'http-equiv="refresh"'
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def colleague(actor: Actor) -> Actor:
    return make_actor("coordinator", organisation=db.session.get_one(Organisation, actor.organisation_id))


class Alone:
    """A job without a worker around it."""

    id = 0
    organisation_id: int | None = None

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.arguments: dict[str, Any] = {}

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Nobody looks."""


def run(made: OnlineImport, job: Alone) -> None:
    imports.run_import(made.id, job, limits=LIMITS, secret=secret(), time_zone=job.actor.time_zone)


def started(intake: Intake, actor: Actor, *lines: str) -> OnlineImport:
    made = upload(intake, results(*(lines or (line(1),)), name="hỏng.csv"), actor=actor)
    return imports.start_import(made.public_id, actor=actor)


def job_of(made: OnlineImport) -> Job:
    db.session.rollback()
    return db.session.query(Job).filter_by(task=imports.IMPORT, subject_id=made.id).one()


def disable(actor: Actor) -> None:
    db.session.get_one(Staff, actor.staff_id).disabled_at = now()
    db.session.commit()


def left_of(made: OnlineImport) -> tuple[str, int, int, int]:
    db.session.rollback()
    db.session.refresh(made)
    rows = db.session.query(ImportRow).filter_by(import_id=made.id).count()
    staged = db.session.query(StagedRecord).filter_by(import_id=made.id).count()
    return made.state, rows, staged, db.session.query(StoredFile).filter_by(purpose="online_import").count()


def test_a_file_that_is_put_aside_is_kept_no_longer_and_may_come_again(intake: Intake, actor: Actor) -> None:
    made = upload(intake, results(line(1)), actor=actor)
    imports.drop_import(made.public_id, actor=actor)
    assert left_of(made) == ("dropped", 0, 0, 0)
    [file] = made.files
    assert (file.filename, len(file.sha256), file.dropped_at is not None) == ("ket-qua.csv", 64, True)
    with pytest.raises(Refusal, match=r"online\.file_gone"):
        imports.fetch_original(file.public_id, secret=secret(), actor=actor)
    assert bring_in(intake, results(line(1)), actor=actor).state == "confirmed"


def test_a_colleague_takes_over_whose_asker_is_gone(intake: Intake, actor: Actor, colleague: Actor) -> None:
    made = started(intake, actor)
    disable(actor)
    assert [(job.state, job.error_code) for job in run_queued()] == [("failed", "job.asker_gone")]
    retry(job_of(made).public_id, colleague)
    run_queued()
    assert left_of(made)[0] == "confirmed"
    undo(made, actor=colleague)
    assert (left_of(made)[0], records(intake)) == ("undone", {})


@pytest.mark.parametrize("end", ["failed", "cancelled"])
def test_an_import_whose_job_was_given_up_is_put_aside_with_what_was_staged(
    intake: Intake, actor: Actor, colleague: Actor, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(staging, "BATCH", 2)
    made = started(intake, actor, *(line(n) for n in range(5)))
    with monkeypatch.context() as patch:
        patch.setattr(running, "flip", lambda *_a, **_k: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            run(made, Alone(actor))
    assert left_of(made) == ("running", 5, 5, 1)
    if end == "cancelled":
        cancel(job_of(made).public_id, colleague)
    else:
        disable(actor)
        run_queued()
    imports.drop_import(made.public_id, actor=colleague)
    assert left_of(made) == ("dropped", 0, 0, 0)
    retry(job_of(made).public_id, colleague)
    run_queued()
    assert (left_of(made), records(intake)) == (("dropped", 0, 0, 0), {})
    assert bring_in(intake, results(line(2)), actor=colleague).state == "confirmed"


def test_an_import_that_may_still_count_is_not_put_aside(intake: Intake, actor: Actor) -> None:
    made = started(intake, actor)
    for _each in range(2):
        with pytest.raises(Refusal, match=r"import\.closed"):
            imports.drop_import(made.public_id, actor=actor)
        run_queued()
    assert left_of(made) == ("confirmed", 1, 0, 1)


def test_a_job_that_does_not_know_yet_that_it_was_cancelled_writes_nothing_more(
    intake: Intake, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "BATCH", 1)
    made = started(intake, actor, line(1), line(2))

    class Slow(Alone):
        def progress(self, done: int, total: int, note: str = "") -> None:
            cancel(job_of(made).public_id, actor)
            imports.drop_import(made.public_id, actor=actor)

    with pytest.raises(JobLost):
        run(made, Slow(actor))
    assert left_of(made) == ("dropped", 0, 0, 0)


def test_the_page_offers_it_once_the_job_was_given_up(app: Flask, intake: Intake, actor: Actor) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    made = started(intake, actor)
    client = sign_in(app.test_client(), db.session.get_one(Staff, actor.staff_id))
    page, drop = f"/online/imports/{made.public_id}", f"/online/imports/{made.public_id}/drop"
    again = f"/jobs/{job_of(made).public_id}/retry"
    under_way = client.get(page).text
    assert drop not in under_way
    assert again not in under_way
    assert REFRESHES in under_way
    cancel(job_of(made).public_id, actor)
    given_up = client.get(page).text
    assert drop in given_up
    assert again in given_up
    assert REFRESHES not in given_up
    assert client.post(drop).status_code == 303
    assert client.get(page).status_code == 200
    assert left_of(made) == ("dropped", 0, 0, 0)


@pytest.mark.parametrize(
    ("begun", "said"), [(False, "Chưa có gì của lần nhập này được hoàn tác"), (True, "mới được hoàn tác một phần")]
)
def test_the_page_of_an_undo_that_broke_off_offers_to_go_on(
    app: Flask, intake: Intake, actor: Actor, monkeypatch: pytest.MonkeyPatch, begun: bool, said: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    made = bring_in(intake, results(line(1), line(2)), actor=actor)
    imports.start_undo(made.public_id, "nhầm tệp", actor=actor)
    if begun:
        with monkeypatch.context() as patch:
            patch.setattr(undoing, "BATCH", 1)
            patch.setattr(Running, "progress", lambda *_a, **_k: 1 // 0)
            run_queued()
    job = db.session.query(Job).filter_by(task=imports.UNDO).one()
    cancel(job.public_id, actor)
    client = sign_in(app.test_client(), db.session.get_one(Staff, actor.staff_id))
    page, again = f"/online/imports/{made.public_id}", f"/jobs/{job.public_id}/retry"
    broken_off = client.get(page).text
    assert said in broken_off
    assert REFRESHES not in broken_off
    assert client.post(again).status_code == 303
    run_queued()
    assert again not in client.get(page).text
    assert records(intake) == {}


def test_the_page_of_an_import_that_counts_and_is_not_settled_offers_to_go_on_and_no_undo(
    app: Flask, intake: Intake, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    made = started(intake, actor)
    with monkeypatch.context() as patch:
        patch.setattr(running, "_settle", lambda *_a: 1 // 0)
        run_queued()
    cancel(job_of(made).public_id, actor)
    client = sign_in(app.test_client(), db.session.get_one(Staff, actor.staff_id))
    page, again = f"/online/imports/{made.public_id}", f"/jobs/{job_of(made).public_id}/retry"
    undo_it = f"{page}/undo"
    broken_off = client.get(page).text
    assert "Kết quả đã được tính" in broken_off
    assert again in broken_off
    assert undo_it not in broken_off
    assert "Đang thực hiện" in client.get("/online/imports").text
    client.post(again)
    run_queued()
    ended = client.get(page).text
    assert again not in ended
    assert undo_it in ended
    assert records(intake)["thu0001"].learner_id is not None


def test_an_undo_that_was_cancelled_before_it_began_may_be_called_off(app: Flask, intake: Intake, actor: Actor) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    made = bring_in(intake, results(line(1)), actor=actor)
    imports.start_undo(made.public_id, "nhầm tệp", actor=actor)
    client = sign_in(app.test_client(), db.session.get_one(Staff, actor.staff_id))
    page, keep = f"/online/imports/{made.public_id}", f"/online/imports/{made.public_id}/keep"
    assert keep not in client.get(page).text
    assert client.post(keep).status_code == 409
    job = db.session.query(Job).filter_by(task=imports.UNDO).one()
    cancel(job.public_id, actor)
    assert keep in client.get(page).text
    assert client.post(keep).status_code == 303
    assert "được tính như trước" in client.get(page).text
    retry(job.public_id, actor)
    run_queued()
    assert (left_of(made)[0], set(records(intake))) == ("confirmed", {"thu0001"})
    undo(made, actor=actor)
    assert records(intake) == {}


def test_what_was_called_off_says_no_more_that_its_job_broke(
    app: Flask, intake: Intake, actor: Actor, colleague: Actor
) -> None:
    made = bring_in(intake, results(line(1)), actor=actor)
    imports.start_undo(made.public_id, "nhầm tệp", actor=actor)
    client = sign_in(app.test_client(), db.session.get_one(Staff, colleague.staff_id))
    disable(actor)
    run_queued()
    page = f"/online/imports/{made.public_id}"
    assert "Không thành công" in client.get(page).text
    imports.call_off_undo(made.public_id, actor=actor)
    assert "flash" not in client.get(page).text


def test_an_undo_that_took_something_back_is_not_called_off(
    app: Flask, intake: Intake, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bring_in(intake, results(line(1), line(2)), actor=actor)
    imports.start_undo(made.public_id, "nhầm tệp", actor=actor)
    monkeypatch.setattr(undoing, "BATCH", 1)
    monkeypatch.setattr(Running, "progress", lambda *_a, **_k: 1 // 0)
    run_queued()
    cancel(db.session.query(Job).filter_by(task=imports.UNDO).one().public_id, actor)
    with pytest.raises(Refusal, match=r"online\.undo_begun"):
        imports.call_off_undo(made.public_id, actor=actor)
    assert left_of(made)[0] == "undoing"
    client = sign_in(app.test_client(), db.session.get_one(Staff, actor.staff_id))
    assert "/keep" not in client.get(f"/online/imports/{made.public_id}").text
