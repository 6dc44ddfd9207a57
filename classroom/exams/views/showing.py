"""What the staff pages of the room of tests share: its tabs, and the texts of questions."""

from typing import Any

from flask import current_app, url_for
from flask_babel import gettext
from markupsafe import Markup

from classroom.core.markup import render, render_line
from classroom.web.guards import current_actor


def room_tabs(here: str) -> list[dict[str, Any]]:
    """The pages of the room that the reader may open; `here` is the endpoint of the present one."""
    known = (
        ("questions.bank", gettext("Questions of the bank"), "question.manage"),
        ("exam_papers.papers", gettext("Papers"), "exam.read"),
        ("questions.topics", gettext("Topics"), "question.manage"),
    )
    return [
        {"label": label, "url": url_for(endpoint), "active": endpoint == here}
        for endpoint, label, permission in known
        if endpoint in current_app.view_functions and current_actor().may(permission)
    ]


def picture_url(public_id: str) -> str:
    """Where staff see a picture of the bank."""
    return url_for("questions.picture", picture_id=public_id)


def show(text: str) -> Markup:
    """A text with paragraphs, for staff."""
    return render(text, picture_url)


def show_line(text: str) -> Markup:
    """A text within a line, for staff."""
    return render_line(text, picture_url)
