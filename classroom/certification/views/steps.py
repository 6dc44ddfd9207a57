"""What the pages of batches and certificates share."""

from collections.abc import Callable

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from classroom.accounts.models import Organisation
from classroom.core.actor import Actor
from classroom.core.clock import today
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.core.letterhead import Letterhead
from classroom.core.models import StoredFile
from classroom.web.files import send_file
from classroom.web.words import say_refusal

Page = Callable[[str, str], str]


def step(batch_id: str, act: Callable[[], None], done: str, page: Page) -> ResponseReturnValue:
    """Do it and come back to the batch; what is refused is said on its page."""
    try:
        act()
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return page(batch_id, say_refusal(refusal)), refusal.status
    flash(done, "success")
    return redirect(url_for("certificates.batch", batch_id=batch_id), 303)


def letterhead(actor: Actor) -> Letterhead:
    """The head of official papers, dated today."""
    organisation = db.session.get_one(Organisation, actor.organisation_id)
    return Letterhead(organisation.name, organisation.parent_name, organisation.place, "", today(actor.time_zone))


def show_file(file: StoredFile) -> Response:
    """A file that somebody brought: to be saved, never run in our pages."""
    answer = send_file(file.content, file.media_type, file.filename)
    disposition = answer.headers["Content-Disposition"]
    answer.headers["Content-Disposition"] = disposition.replace("inline", "attachment", 1)
    return answer
