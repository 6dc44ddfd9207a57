"""The page of a class: half-days, roster, timetable, attendance, tests, papers; changes of several places at once."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from classroom.core.clock import now
from classroom.core.errors import Refusal
from classroom.desk import facts, presenters, queries, services
from classroom.desk.views.blueprint import bp, way
from classroom.exams.queries.class_sittings import sittings_of_class
from classroom.sessions import queries as sessions
from classroom.sessions import services as sessions_services
from classroom.sessions.models import ClassSession, Enrolment, TrainingClass
from classroom.web.filters import local_date
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal

TABS = ("roster", "timetable", "attendance", "test", "paper")
CHANGES = ("withdraw", "move", "badges")


@bp.get("/classes/<class_id>")
@requires("class.read")
def class_page(class_id: str) -> ResponseReturnValue:
    """One of five tabs; everything on them but the tests comes from one record."""
    actor = current_actor()
    training_class = sessions.get_class(actor, class_id)
    record = queries.class_record(training_class, actor.time_zone, now())
    tab = request.args.get("tab", TABS[0])
    return render_template(
        "desk/class_page.html",
        training_class=training_class,
        record=record,
        tab=tab if tab in TABS else TABS[0],
        days=facts.days(one.class_session for one in record.sessions),
        tiles=presenters.tiles(record, _register_link(class_id)),
        trainers=facts.trainer_names(training_class),
        whole_phones=not actor.classes_taught_only,
        totals_columns=_totals_columns() if tab == "attendance" else [],
        present=_session_to_open(record),
        tests=sittings_of_class(training_class.id) if tab == "test" else [],
    )


@bp.post("/classes/<class_id>/chosen")
@requires("class.manage")
def chosen(class_id: str) -> ResponseReturnValue:
    """What would happen to the chosen learners, in numbers, with the field for the reason."""
    training_class = sessions.get_class(current_actor(), class_id)
    change = request.form.get("change", "")
    if change not in CHANGES or not _chosen(training_class):
        return redirect(url_for("desk.class_page", class_id=class_id), 303)
    if change == "badges":
        places = [one.public_id for one in _chosen(training_class)]
        sessions_services.issue_badges(class_id, actor=current_actor())
        return redirect(url_for("badges.print_class", class_id=class_id, chosen=places), 303)
    return _ask(training_class, change)


@bp.post("/classes/<class_id>/chosen/<any(withdraw, move):change>")
@requires("class.manage")
def change_chosen(class_id: str, change: str) -> ResponseReturnValue:
    """Withdraw or move the chosen learners: all of them, or on any refusal none."""
    actor = current_actor()
    training_class = sessions.get_class(actor, class_id)
    places = [one.public_id for one in _chosen(training_class)]
    reason, target = request.form.get("reason", ""), request.form.get("to", "")
    try:
        if change == "withdraw":
            services.withdraw_together(places, reason, actor=actor)
        else:
            services.move_together(places, target, reason, actor=actor)
    except Refusal as refusal:
        return _ask(sessions.get_class(actor, class_id), change, say_refusal(refusal)), 409
    flash(_said(change, len(places)), "success")
    return redirect(url_for("desk.class_page", class_id=class_id), 303)


def _ask(training_class: TrainingClass, change: str, error: str = "") -> str:
    places = _chosen(training_class)
    siblings = sessions.sibling_classes(training_class) if change == "move" else []
    return render_template(
        "desk/chosen.html",
        training_class=training_class,
        change=change,
        places=places,
        marks=queries.count_marks([one.id for one in places]),
        siblings=[(one.public_id, _class_words(one)) for one in siblings],
        error=error,
        reason=request.form.get("reason", ""),
        target=request.form.get("to", ""),
    )


def _chosen(training_class: TrainingClass) -> list[Enrolment]:
    wanted = set(request.form.getlist("chosen"))
    return [one for one in sessions.roster(training_class.id) if one.public_id in wanted]


def _class_words(one: TrainingClass) -> str:
    return " – ".join(filter(None, (one.code, one.title, local_date(one.starts_on))))


def _totals_columns() -> list[dict[str, Any]]:
    return [{"label": str(presenters.status_word(name)), "class": "num"} for name in presenters.COUNTED]


def _said(change: str, count: int) -> str:
    if change == "withdraw":
        return str(ngettext("%(num)s learner has left the class.", "%(num)s learners have left the class.", count))
    return str(ngettext("%(num)s learner has been moved.", "%(num)s learners have been moved.", count))


def _register_link(class_id: str) -> Callable[[ClassSession], str]:
    def link(one: ClassSession) -> str:
        board = "" if one.cancelled_at else way("attendance.board", session_id=one.public_id)
        return board or url_for("desk.class_page", class_id=class_id, tab="attendance")

    return link


def _session_to_open(record: queries.ClassRecord) -> Any:
    """The session whose register is open now, for the button at the head of the page."""
    return next((one.class_session for one in record.sessions if one.phase == "open"), None)
