"""The blueprint that all pages of programmes, classes and enrolments share, and what they do alike."""

from typing import Any

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from classroom.accounts import queries as accounts
from classroom.core.actor import Actor
from classroom.core.errors import Forbidden, NotFound, Refusal
from classroom.sessions import queries
from classroom.sessions.forms.classes import Choices
from classroom.sessions.models import TrainingClass

bp = Blueprint("sessions", __name__)


def go(endpoint: str, **values: Any) -> ResponseReturnValue:
    """Answer a form that was taken: the browser opens the page with a GET."""
    return redirect(url_for(endpoint, **values), 303)


def go_to_class(class_id: str, tab: str = "timetable") -> ResponseReturnValue:
    """To the page of a class."""
    return go("desk.class_page", class_id=class_id, tab=tab)


def pass_on(refusal: Refusal) -> None:
    """Let refusals through that no change of the form could heal."""
    if isinstance(refusal, NotFound | Forbidden):
        raise refusal


def choices(actor: Actor, present: TrainingClass | None = None, keep: tuple[int | None, ...] = ()) -> Choices:
    """Rooms and trainers that can be chosen, with those that are chosen already."""
    trainers = list(accounts.trainers(actor.organisation_id))
    if present:
        keep = (*keep, present.room_id)
        named = [one.staff for one in present.trainers]
        trainers += [one for one in named if one.id not in {known.id for known in trainers}]
    return Choices(rooms=queries.room_choices(actor, keep=keep), trainers=trainers)
