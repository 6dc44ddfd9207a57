"""The blueprint of the desk's pages, and links that appear only to those who may follow them."""

from typing import Any

from flask import Blueprint, current_app, request

from classroom.attendance.presenters import half_day
from classroom.desk import facts, presenters
from classroom.web.ways import way as way

bp = Blueprint("desk", __name__)


def public_url() -> str:
    """The address that phones open, without a final slash."""
    return str(current_app.config["PUBLIC_URL"] or request.url_root.rstrip("/"))


@bp.context_processor
def _tools() -> dict[str, Any]:
    return {
        "way": way,
        "session_name": presenters.session_name,
        "half_day": half_day,
        "place_of": facts.place,
        "status_name": presenters.status_name,
        "cell_name": presenters.cell_name,
        "letters": presenters.letters(),
        "counted": presenters.COUNTED,
        "counts_of": presenters.counts,
        "show_phone": facts.phone,
    }
