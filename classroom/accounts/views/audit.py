"""The log, in sentences."""

from typing import NamedTuple

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from classroom.accounts.views.door import bp
from classroom.audit import queries
from classroom.audit.queries import Line
from classroom.web.guards import current_actor, requires
from classroom.web.words.actions import kinds, say_action


class Row(NamedTuple):
    """An entry as it is read."""

    line: Line
    sentence: str


@bp.get("/admin/audit")
@requires("audit.read")
def audit() -> ResponseReturnValue:
    """What was done, by whom, when and from where; the newest first."""
    known = kinds()
    kind = request.args.get("kind", "")
    kind = kind if kind in known else ""
    page = queries.page(
        current_actor().organisation_id,
        prefix=f"{kind}." if kind else "",
        before_id=_number("before"),
        after_id=_number("after"),
    )
    ids = [line.entry.id for line in page.lines]
    return render_template(
        "accounts/audit.html",
        rows=[Row(line, say_action(line.entry.action, line.entry.facts, line.personal)) for line in page.lines],
        kinds=known,
        kind=kind,
        newer_url=_url(kind, after=ids[0]) if ids and page.has_newer else "",
        older_url=_url(kind, before=ids[-1]) if ids and page.has_older else "",
    )


def _url(kind: str, before: int | None = None, after: int | None = None) -> str:
    return url_for("accounts.audit", kind=kind or None, before=before, after=after)


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
