"""What the pages say of jobs."""

from typing import Any

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from classroom.accounts.models import Staff
from classroom.core.work import RunningJob
from classroom.jobs import services
from tests.factories import StaffFactory, actor_for, sign_in
from tests.jobs.making import ask, job_row, nothing, offer


@pytest.fixture
def staff(app: Flask) -> Staff:
    return StaffFactory(role_names=("coordinator",))


@pytest.fixture
def signed_in(client: FlaskClient, staff: Staff) -> FlaskClient:
    return sign_in(client, staff)


def test_the_script_hears_how_far_a_job_is(app: Flask, signed_in: FlaskClient, staff: Staff) -> None:
    heard: list[Any] = []

    def count(_subject: int, job: RunningJob) -> dict[str, Any]:
        job.progress(250, 1000, "đang đối chiếu")
        heard.append(signed_in.get(f"/jobs/{job_row(job.id).public_id}/state").json)
        return {}

    offer(count)
    ask(actor_for(staff))

    services.run_queued()

    assert heard == [
        {
            "state": "running",
            "done": 250,
            "total": 1000,
            "percent": 25,
            "note": "đang đối chiếu",
            "words": "250 / 1.000 · đang đối chiếu",
        }
    ]


def test_a_job_of_another_organisation_is_not_there(app: Flask, signed_in: FlaskClient) -> None:
    offer(nothing)
    job = ask()
    assert signed_in.get(f"/jobs/{job.public_id}/state").status_code == 404
    assert "Việc thử" not in signed_in.get("/jobs").text


def test_the_list_offers_to_cancel_what_lives_and_to_begin_again_what_failed(
    app: Flask, signed_in: FlaskClient, staff: Staff
) -> None:
    offer(nothing)
    job = ask(actor_for(staff))
    page = signed_in.get("/jobs").text
    assert f"/jobs/{job.public_id}/cancel" in page
    assert 'http-equiv="refresh"' in page
    assert "progress" in page

    assert signed_in.post(f"/jobs/{job.public_id}/cancel").status_code == 303
    page = signed_in.get("/jobs").text
    assert f"/jobs/{job.public_id}/retry" in page
    assert 'http-equiv="refresh"' not in page

    assert signed_in.post(f"/jobs/{job.public_id}/retry").status_code == 303
    assert job_row(job).state == "queued"


def test_an_organisation_without_jobs_reads_what_will_be_there(app: Flask, signed_in: FlaskClient) -> None:
    assert "Chưa có công việc chạy nền nào" in signed_in.get("/jobs").text


def test_the_macro_of_other_rooms_pages_draws_any_job(app: Flask, staff: Staff) -> None:
    offer(nothing)
    job = ask(actor_for(staff))
    words = '{% import "macros/jobs.html" as jobs %}{{ jobs.progress(job) }}'
    with app.test_request_context("/imports/7"):
        assert "data-living" in render_template_string(words, job=job)
        services.run_queued()
        drawn = render_template_string(words, job=job_row(job))
    assert "data-living" not in drawn
    assert "Xong" in drawn
