"""Two learners that are one person: look for the other, compare, merge; and part them again."""

from collections.abc import Iterator
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.accounts.models import Staff
from classroom.core.db import db
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.desk.queries import holdings_of
from classroom.desk.views.blueprint import bp
from classroom.learners import presenters, queries, services
from classroom.learners.models import Learner
from classroom.learners.rules.merging import FIELDS, differing, put_together
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal
from classroom.web.words.learners import say_changed

_SHOWN = 20


@bp.get("/people/<learner_id>/merge")
@requires("learner.manage")
def merge(learner_id: str) -> ResponseReturnValue:
    """Search for the other learner, or compare with the one who is named.

    With `keep=other` the learner of the address is the one to go, as somebody is who was made at the door.
    """
    learner = queries.get_learner(current_actor().organisation_id, learner_id)
    if gone_id := request.args.get("gone", ""):
        return _compare(learner, queries.get_learner(learner.organisation_id, gone_id))
    return _search(learner)


@bp.post("/people/<learner_id>/merge")
@requires("learner.manage")
def merge_now(learner_id: str) -> ResponseReturnValue:
    """Merge the named learner into this one."""
    actor = current_actor()
    learner = queries.get_learner(actor.organisation_id, learner_id)
    gone = queries.find_learner(actor.organisation_id, request.form.get("gone", ""))
    if gone is None:
        raise NotFound
    name, code = gone.name, gone.code
    chosen = {field for field in FIELDS if request.form.get(f"take-{field}") == "gone"}
    choices = {name: value for name, value in request.form.items() if value in {"kept", "gone"}}
    reason = request.form.get("reason", "")
    try:
        services.merge_learners(learner_id, gone.public_id, reason, actor=actor, from_gone=chosen, choices=choices)
    except (Refusal, Invalid) as refused:
        learner = queries.get_learner(actor.organisation_id, learner_id)
        again = queries.get_learner(actor.organisation_id, request.form.get("gone", ""))
        return _compare(learner, again, say_refusal(refused)), 422
    flash(_("%(name)s (%(code)s) is now part of this learner.", name=name, code=code), "success")
    return redirect(url_for("desk.learner_page", learner_id=learner_id), 303)


@bp.post("/people/<learner_id>/split")
@requires("learner.manage")
def split(learner_id: str) -> ResponseReturnValue:
    """Part two learners that were merged."""
    actor = current_actor()
    known = queries.find_merged(actor.organisation_id, learner_id)
    learner = known or queries.get_learner(actor.organisation_id, learner_id)
    wanted = request.form.get("merge", "")
    if not any(row[0].public_id == wanted for row in queries.merges_of(learner)):
        raise NotFound
    stays = services.split_learners(wanted, request.form.get("reason", ""), actor=actor)
    flash(_("The two learners are parted again."), "success")
    if stays:
        names = ", ".join(say_changed(stays))
        flash(_("Changed since the merge, and left as it is now: %(names)s. Please check.", names=names), "warning")
    return redirect(url_for("desk.learner_page", learner_id=learner_id), 303)


def merge_lines(learner: Learner) -> Iterator[tuple[Any, Learner, Learner, str]]:
    """Each merge of the learner with the kept one, the gone one, and who did it."""
    for made, kept, gone in queries.merges_of(learner):
        staff = db.session.get(Staff, made.merged_by) if made.merged_by else None
        yield made, kept, gone, staff.name if staff else ""


def _search(learner: Learner) -> str:
    text = request.args.get("q", learner.name).strip()[:200]
    found = [one for one in queries.search(learner.organisation_id, text, _SHOWN) if one.id != learner.id]
    return render_template(
        "desk/merge_search.html",
        learner=learner,
        text=text,
        rows=presenters.present_lines(found),
        keeps_other=request.args.get("keep") == "other",
    )


def _compare(kept: Learner, gone: Learner, error: str = "") -> str:
    if kept.id == gone.id:
        raise Refusal("merge.same")
    ours, theirs = queries.facts_of(kept), queries.facts_of(gone)
    names = ("", "birth", "sex", "id_number", "phone", "email", "audience", "position", "unit", "commune", "note")
    rows = [("name", _("Full name"), kept.name, gone.name)]
    both = zip(names, presenters.present_facts(kept), presenters.present_facts(gone), strict=True)
    rows += [(name, label, mine, other) for name, (label, mine), (_label, other) in both if name]
    together, choice = put_together(ours, theirs), set(differing(ours, theirs))
    return render_template(
        "desk/merge.html",
        kept=kept,
        gone=gone,
        rows=[
            (name, label, mine, other, name in choice, getattr(together, name) == getattr(ours, name))
            for name, label, mine, other in rows
            if mine or other
        ],
        conflicts=services.foresee_merge(kept, gone),
        held=_held(kept, gone),
        error=error,
    )


def _held(kept: Learner, gone: Learner) -> list[tuple[str, int, int]]:
    """What hangs on each of the two, so that nobody merges the wrong way round."""
    ours, theirs = holdings_of(kept), holdings_of(gone)
    return [
        (_("Places in classes"), ours.places, theirs.places),
        (_("Marks"), ours.marks, theirs.marks),
        (_("Phones"), ours.phones, theirs.phones),
        (_("Badges"), ours.badges, theirs.badges),
    ]
