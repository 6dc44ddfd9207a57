"""Timelines: everything that happened in a class session, and everything around one learner."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.desk import presenters, queries, telling
from classroom.desk.queries import Moment
from classroom.desk.telling import GROUPS, Told, tell
from classroom.desk.views.blueprint import bp
from classroom.learners import queries as learners
from classroom.sessions import queries as sessions
from classroom.web.files import send_table
from classroom.web.guards import current_actor, requires

#: So many lines on one page; a half-day of a hundred learners stays well below.
_LINES = 500


@bp.get("/sessions/<session_id>/history")
@requires("attendance.read")
def session_history(session_id: str) -> ResponseReturnValue:
    """Every scan, mark, correction and step of the register of one class session, the latest first."""
    one = sessions.get_session(current_actor(), session_id)
    training_class = sessions.get_class_by_id(current_actor(), one.class_id)
    return render_template(
        "desk/session_history.html",
        one=one,
        training_class=training_class,
        **_shown(queries.timeline_of_session(one), "desk.session_history", session_id=session_id),
    )


@bp.get("/sessions/<session_id>/history.<any(xlsx, csv):kind>")
@requires("attendance.read")
def session_history_file(session_id: str, kind: str) -> ResponseReturnValue:
    """The same as a spreadsheet."""
    one = sessions.get_session(current_actor(), session_id)
    code = sessions.get_class_by_id(current_actor(), one.class_id).code
    name = _("History of class %(code)s, %(session)s", code=code, session=presenters.session_name(one))
    return _file(queries.timeline_of_session(one), name, kind)


@bp.get("/people/<learner_id>/history")
@requires("learner.read")
def learner_history(learner_id: str) -> ResponseReturnValue:
    """The same around one learner, over all classes."""
    learner = learners.get_learner(current_actor().organisation_id, learner_id)
    return render_template(
        "desk/learner_history.html",
        learner=learner,
        **_shown(queries.timeline_of_learner(learner), "desk.learner_history", learner_id=learner_id),
    )


@bp.get("/people/<learner_id>/history.<any(xlsx, csv):kind>")
@requires("learner.read")
def learner_history_file(learner_id: str, kind: str) -> ResponseReturnValue:
    """The same as a spreadsheet."""
    learner = learners.get_learner(current_actor().organisation_id, learner_id)
    return _file(queries.timeline_of_learner(learner), _("History of %(code)s", code=learner.code), kind)


def _shown(found: Sequence[Moment], endpoint: str, **ids: str) -> dict[str, Any]:
    lines = [tell(one) for one in reversed(found)]
    counts = Counter(line.group for line in lines)
    group = request.args.get("kind", "")
    group = group if group in GROUPS else ""
    wanted = [line for line in lines if not group or line.group == group]
    start = max(0, min(request.args.get("from", 0, type=int), len(wanted) - 1))
    kinds: list[tuple[str, Any, int]] = [("", _("Everything"), len(lines))]
    kinds += [(name, words, counts[name]) for name, words in GROUPS.items()]
    return {
        "lines": wanted[start : start + _LINES],
        "total": len(wanted),
        "tabs": [
            {"label": words, "count": count, "active": name == group, "url": _address(endpoint, ids, name)}
            for name, words, count in kinds
        ],
        "newer": _address(endpoint, ids, group, max(0, start - _LINES)) if start else "",
        "older": _address(endpoint, ids, group, start + _LINES) if start + _LINES < len(wanted) else "",
        "files": {kind: _file_address(endpoint, ids, kind) for kind in ("xlsx", "csv")},
        "session_of": telling.session_of,
    }


def _address(endpoint: str, ids: dict[str, str], group: str, start: int = 0) -> str:
    values: dict[str, Any] = {**ids, "kind": group or None, "from": start or None}
    return url_for(endpoint, **values)


def _file_address(endpoint: str, ids: dict[str, str], kind: str) -> str:
    values: dict[str, Any] = {**ids, "kind": kind}
    return url_for(f"{endpoint}_file", **values)


def _file(found: Sequence[Moment], name: str, kind: str) -> ResponseReturnValue:
    lines: list[Told] = [tell(one) for one in found]
    return send_table(telling.timeline_table(name, lines), name, kind)
