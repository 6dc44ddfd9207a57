"""The first page after signing in: what is held today, and what is left to do."""

from flask import render_template
from flask.typing import ResponseReturnValue

from classroom.core.clock import now, today
from classroom.desk import queries
from classroom.desk.views.blueprint import bp
from classroom.web.guards import current_actor, requires


@bp.get("/today", endpoint="today")
@requires("account.own")
def today_page() -> ResponseReturnValue:
    """Today's sessions of the classes that one sees; without any, the next step."""
    actor = current_actor()
    if not actor.may("class.read"):
        return render_template("desk/nothing.html")
    at, day = now(), today(actor.time_zone)
    lines = queries.counted(queries.sessions_on(actor, day, at))
    teaches = [line for line in lines if actor.staff_id in _teaching(line)]
    others = [line for line in lines if line not in teaches]
    return render_template(
        "desk/today.html",
        day=day,
        lines=[*teaches, *others],
        teaches={line.class_session.id for line in teaches},
        unsettled=queries.unsettled(actor, day, at) if actor.may("attendance.record") else [],
        coming=queries.coming(actor, day, at),
        steps=queries.first_steps(actor),
        imports=queries.waiting_imports(actor) if actor.may("import.manage") else [],
    )


def _teaching(line: queries.SessionLine) -> set[int | None]:
    one = line.class_session
    return {one.substitute_id or one.trainer_id} - {None}
