"""Links that appear only to those who may follow them, also to pages of rooms that may not be there."""

from typing import Any

from flask import current_app, url_for

from classroom.web.guards import PUBLIC, SIGNED_IN, find_actor


def way(endpoint: str, **values: Any) -> str:
    """The address of a page that the reader may open, or "" where there is no way for this reader."""
    view = current_app.view_functions.get(endpoint)
    actor = find_actor()
    if view is None or actor is None:
        return ""
    permission = getattr(view, "permission", "")
    if permission not in {PUBLIC, SIGNED_IN} and not actor.may(permission):
        return ""
    return url_for(endpoint, **values)
