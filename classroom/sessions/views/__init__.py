"""Pages of the sessions room."""

from flask import Flask, url_for

from classroom.core.actor import Actor
from classroom.sessions import queries
from classroom.sessions.views import classes, enrolments, half_days, imports, places, programmes
from classroom.sessions.views.blueprint import bp
from classroom.web.context import offer_programmes_by

blueprints = [bp, imports.bp]
__all__ = ["blueprints", "bp", "classes", "enrolments", "half_days", "imports", "install", "places", "programmes"]


def install(app: Flask) -> None:
    """Name the programmes in the top bar of every staff page."""
    offer_programmes_by(app, _programme_links)


def _programme_links(actor: Actor) -> list[tuple[str, str]]:
    found = queries.open_programmes(actor)
    return [(name, url_for("sessions.programme", programme_id=public_id)) for name, public_id in found]
