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
    teaches = {line.class_session.id for line in lines if actor.classes_taught_only or _is_taught(line, actor.staff_id)}
    return render_template(
        "desk/today.html",
        day=day,
        lines=lines,
        teaches=teaches,
        unsettled=queries.unsettled(actor, day, at) if actor.may("attendance.record") else [],
        coming=queries.coming(actor, day, at),
        steps=queries.first_steps(actor),
        imports=queries.waiting_imports(actor) if actor.may("import.manage") else [],
    )


def _is_taught(line: queries.SessionLine, staff_id: int | None) -> bool:
    one = line.class_session
    return staff_id is not None and staff_id == (one.substitute_id or one.trainer_id)
