"""Pages for staff that look across rooms."""

from flask import Flask

from classroom.desk.queries import count_waiting
from classroom.desk.views import (
    badges,
    certificate,
    class_page,
    dossiers,
    erasing,
    health,
    history,
    inbox,
    papers,
    person,
    progress,
    statistics,
    today,
)
from classroom.desk.views.blueprint import bp
from classroom.web.context import count_inbox_by

blueprints = [health.bp, bp, papers.bp, badges.bp, certificate.bp]
__all__ = [
    "blueprints", "class_page", "dossiers", "erasing", "history", "inbox", "install", "person", "progress",
    "statistics", "today",
]  # fmt: skip


def install(app: Flask) -> None:
    """Let every page of the staff say how much waits."""
    count_inbox_by(app, count_waiting)
