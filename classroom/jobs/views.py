"""How jobs stand, and what to do with those that failed."""

from flask import Blueprint, Flask, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from classroom.jobs import presenters, queries, services
from classroom.web.guards import current_actor, requires

bp = Blueprint("jobs", __name__)


def install(app: Flask) -> None:
    """Let the macro of other rooms' pages say how a job stands."""
    app.jinja_env.globals["show_job"] = presenters.show


@bp.get("/jobs")
@requires("import.manage")
def recent() -> ResponseReturnValue:
    """The organisation's jobs, the newest first."""
    jobs = [presenters.show(job) for job in queries.recent_jobs(current_actor().organisation_id)]
    return render_template("jobs/recent.html", jobs=jobs, living=any(shown.living for shown in jobs))


@bp.get("/jobs/<job_id>/state")
@requires("account.own")
def state(job_id: str) -> ResponseReturnValue:
    """How one job stands, for the script of a page that shows it."""
    answer = jsonify(presenters.present(queries.get_job(current_actor(), job_id)))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/jobs/<job_id>/cancel")
@requires("import.manage")
def cancel(job_id: str) -> ResponseReturnValue:
    """Stop a job."""
    services.cancel(job_id, current_actor())
    return redirect(url_for("jobs.recent"), 303)


@bp.post("/jobs/<job_id>/retry")
@requires("import.manage")
def retry(job_id: str) -> ResponseReturnValue:
    """Let a job begin again."""
    services.retry(job_id, current_actor())
    return redirect(url_for("jobs.recent"), 303)
