"""How far a programme has come, rooms and online side by side, and who is to be called."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.core.clock import now
from classroom.desk.calling import RISK_WORDS, Call, calls, contact_table
from classroom.desk.queries.progress import CourseLine, course_progress, people
from classroom.desk.rules.progress import RISKS, Risk
from classroom.desk.services import note_contact_list
from classroom.desk.views.blueprint import bp
from classroom.sessions import queries as sessions
from classroom.sessions.models import Programme
from classroom.web.files import send_table
from classroom.web.guards import current_actor, requires

#: So many people to call stand on the page of a course; the file holds all of them.
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class _Shown:
    """A course on the page: its numbers, the people to call for the reason asked for, and how many there are."""

    line: CourseLine
    counts: dict[str, int]
    called: list[Call]
    count: int


@bp.get("/programmes/<programme_id>/progress")
@requires("certificate.read")
def progress(programme_id: str) -> ResponseReturnValue:
    """Funnels, classes and intakes, people at risk."""
    actor, reason = current_actor(), _reason()
    programme, lines = _lines(programme_id)
    whole = actor.may("learner.manage")
    wanted = [[one for one in line.progress.risks if _fits(one, reason)] for line in lines]
    known = people(actor.organisation_id, {one.learner_id for risks in wanted for one in risks[:_SHOWN]})
    shown = [
        _Shown(line, line.progress.counts(), calls(line, risks[:_SHOWN], known, whole_phones=whole), len(risks))
        for line, risks in zip(lines, wanted, strict=True)
    ]
    return render_template(
        "desk/progress.html", programme=programme, courses=shown, risk_words=RISK_WORDS, reason=reason
    )


@bp.get("/programmes/<programme_id>/contacts.xlsx")
@requires("learner.manage")
def contacts(programme_id: str) -> ResponseReturnValue:
    """Everybody to call, for one reason or for all; that it was taken out is written down."""
    actor, reason = current_actor(), _reason()
    programme, lines = _lines(programme_id)
    wanted = [[one for one in line.progress.risks if _fits(one, reason)] for line in lines]
    known = people(actor.organisation_id, {one.learner_id for risks in wanted for one in risks})
    called = [
        one for line, risks in zip(lines, wanted, strict=True) for one in calls(line, risks, known, whole_phones=True)
    ]
    title, programme_name = gettext("People to call"), programme.name
    note_contact_list(programme.id, len(called), actor=actor)
    return send_table(contact_table(title, called), f"{title} {programme_name}", "xlsx")


def _reason() -> str:
    asked = request.args.get("reason", "")
    return asked if asked in RISKS else ""


def _fits(one: Risk, reason: str) -> bool:
    return not reason or reason in one.reasons


def _lines(programme_id: str) -> tuple[Programme, list[CourseLine]]:
    actor = current_actor()
    programme = sessions.get_programme(actor, programme_id)
    at = now()
    return programme, [course_progress(course, actor.time_zone, at) for course in programme.courses]
