"""A page that shows a job under way follows it, with scripts and without, and comes to rest when it has ended."""

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from classroom.accounts.models import Organisation
from classroom.certification.services.approving import submit_batch
from classroom.core import work
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.core.work import RunningJob, apart
from classroom.jobs.services import enqueue, run_queued
from tests.browser import desks
from tests.browser.desks import bar, desk
from tests.conftest import Visitors
from tests.factories import CourseFactory, StaffFactory, actor_for
from tests.support.issueroom import decision, draft, numbered, people_who_pass

pytestmark = pytest.mark.browser
STATE = re.compile(r"/jobs/\w+/state$")


class Task:
    """Work that stops where the test wants to look."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        monkeypatch.setattr(work, "_tasks", {**work._tasks})
        work.task("test.halves", title="Việc thử")(self._run)
        work.task("test.refused", title="Việc không thành")(self._refuse)
        self._context = apart()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self.reached.wait(20)

    def end(self) -> None:
        self.go_on.set()
        self._thread.join(20)

    def _work(self) -> None:
        with self._context():
            run_queued()

    def _run(self, _subject: int, job: RunningJob) -> dict[str, Any]:
        job.progress(3, 10, "đang thử")
        self.reached.set()
        assert self.go_on.wait(60)
        return {}

    def _refuse(self, _subject: int, _job: RunningJob) -> dict[str, Any]:
        raise Refusal("batch.empty")


@pytest.fixture
def task(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Task]:
    made = Task(monkeypatch)
    yield made
    made.go_on.set()


@pytest.fixture
def watch(app: Flask, visitors: Visitors, live_server: Any) -> Callable[..., Page]:
    """`watch("test.halves")` asks for work and opens the page of all work."""

    def opened(*names: str, clock: bool = False, **options: Any) -> Page:
        staff = StaffFactory()
        for subject, name in enumerate(names):
            enqueue(name, subject, actor=actor_for(staff))
        page = desk(visitors, staff, live_server.url, **options)
        if clock:
            page.clock.install()
        page.goto("/jobs")
        expect(bar(page)).to_have_count(len(names))
        return page

    return opened


def test_the_bar_moves_and_the_page_renews_itself_at_the_end(task: Task, watch: Callable[..., Page]) -> None:
    page = watch("test.halves")
    words = page.locator("[data-words]")
    expect(words).to_have_text("Đang chờ đến lượt")
    expect(bar(page)).to_have_js_property("value", 0)
    task.start()
    expect(words).to_have_text("3 / 10 · đang thử")
    expect(bar(page)).to_have_js_property("value", 30)
    task.end()
    expect(bar(page)).to_have_count(0)
    expect(page.locator("[data-job]")).to_have_text("Xong")


def test_a_page_into_which_something_was_typed_stays_and_offers_itself_anew(
    task: Task, watch: Callable[..., Page]
) -> None:
    page = watch("test.halves")
    task.start()
    expect(page.locator("[data-words]")).to_have_text("3 / 10 · đang thử")
    page.get_by_role("searchbox").first.fill("nguyen")
    task.end()
    expect(bar(page)).to_have_count(0)
    expect(page.get_by_role("searchbox").first).to_have_value("nguyen")
    page.get_by_role("link", name="Làm mới").click()
    expect(page.locator("[data-job]")).to_have_text("Xong")


def test_each_of_several_jobs_has_a_bar_of_its_own(task: Task, watch: Callable[..., Page]) -> None:
    page = watch("test.halves", "test.halves")
    task.start()
    expect(page.locator("[data-words]")).to_have_text(["Đang chờ đến lượt", "3 / 10 · đang thử"])
    task.end()
    expect(bar(page)).to_have_count(0)


def test_what_went_wrong_is_said_when_the_page_renews_itself(task: Task, watch: Callable[..., Page]) -> None:
    page = watch("test.refused")
    run_queued()
    expect(page.locator("[data-job]")).to_contain_text("Không thành công")
    expect(page.get_by_role("button", name="Thử lại")).to_be_visible()


def test_a_network_that_was_away_for_a_while_loses_nothing(
    task: Task, watch: Callable[..., Page], live_server: Any
) -> None:
    page = watch("test.refused")
    with page.expect_event("requestfailed", lambda request: STATE.search(request.url) is not None):
        live_server.stop()
    live_server.start()
    run_queued()
    expect(page.locator("[data-job]")).to_contain_text("Không thành công")


def test_whoever_was_signed_out_is_asked_for_no_more(task: Task, watch: Callable[..., Page]) -> None:
    page = watch("test.refused", clock=True)
    asked: list[int] = []
    page.on("response", lambda answer: asked.append(answer.status) if STATE.search(answer.url) else None)
    page.context.clear_cookies()
    with page.expect_response(STATE):
        page.clock.run_for(2_000)
    for _ in range(3):
        page.clock.run_for(60_000)
    assert asked == [401]
    expect(bar(page)).to_be_visible()


def test_without_scripts_the_page_looks_again_by_itself(task: Task, watch: Callable[..., Page]) -> None:
    page = watch("test.refused", java_script_enabled=False)
    expect(page.get_by_role("link", name="Làm mới")).to_be_visible()
    run_queued()
    expect(page.locator("[data-job]")).to_contain_text("Không thành công")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_whoever_approves_what_is_approved_already_sees_the_numbers_come_in(
    app: Flask, visitors: Visitors, live_server: Any, scripts: bool
) -> None:
    course = CourseFactory()
    staff = StaffFactory(organisation=db.session.get_one(Organisation, course.organisation_id))
    people_who_pass(course, 2)
    numbered(actor_for(staff))
    batch = draft(course, actor_for(staff)).public_id
    submit_batch(batch, decision(actor_for(staff)), actor=actor_for(staff))
    address = f"/certificates/batches/{batch}"
    first, second = (desk(visitors, staff, live_server.url, java_script_enabled=scripts) for _ in range(2))
    for page in (first, second):
        page.goto(address)
    for page in (first, second):
        page.get_by_role("button", name="Duyệt và cấp").click()
    expect(second.get_by_role("alert")).to_be_visible()
    expect(bar(second)).to_be_visible()
    desks.work()
    if scripts:
        expect(second.locator("[data-words]")).to_have_text("Xong")
    expect(second.get_by_role("alert")).to_be_visible()
    second.get_by_role("link", name="Làm mới").click()
    expect(second.locator(".stats")).to_contain_text(re.compile(r"2\s*đã cấp"))
    expect(second.get_by_role("alert")).to_have_count(0)
    assert second.url.endswith(address)
