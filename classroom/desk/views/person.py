"""The page of one learner, with what every room knows."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from classroom.attendance.services.unbinding import unbind_learner
from classroom.audit import queries as audit
from classroom.certification.presenters.explaining import reasons_in_words
from classroom.certification.queries.outcomes import outcomes_of_learner
from classroom.core.clock import now
from classroom.desk import queries
from classroom.desk.telling import session_of, tell
from classroom.desk.views.blueprint import bp
from classroom.desk.views.merging import merge_lines
from classroom.learners import presenters as learners_words
from classroom.learners import queries as learners
from classroom.sessions.queries.badges import badges_of_learner
from classroom.web.guards import current_actor, requires
from classroom.web.words.actions import say_action
from classroom.web.words.deciding import DECISION_WORDS

_LINES = 30
#: So many of the latest moments stand on the learner's page; the whole history has its own.
_LATEST = 12


@bp.get("/people/<learner_id>")
@requires("learner.read")
def learner_page(learner_id: str) -> ResponseReturnValue:
    """Facts, places with their history, marks in words, what was written, and for administrators the log."""
    actor = current_actor()
    if erased := learners.find_erased(actor.organisation_id, learner_id):
        return render_template("desk/erased.html", learner=erased)
    if gone := learners.find_merged(actor.organisation_id, learner_id):
        return render_template("desk/merged.html", learner=gone, merges=list(merge_lines(gone)))
    learner = learners.get_learner(actor.organisation_id, learner_id)
    places = queries.places_of(learner, now())
    timeline = queries.timeline_of_learner(learner)
    entries = _entries(actor.organisation_id, learner.id) if actor.may("audit.read") else []
    return render_template(
        "desk/learner_page.html",
        learner=learner,
        facts=learners_words.present_facts(learner),
        places=places,
        here=next((place.enrolment for place in places if place.enrolment.ended_at is None), None),
        moments=[tell(one) for one in timeline[: -_LATEST - 1 : -1]],
        moments_more=max(0, len(timeline) - _LATEST),
        session_of=session_of,
        badges=badges_of_learner(learner.id),
        outcomes=outcomes_of_learner(actor.organisation_id, learner.id) if actor.may("certificate.read") else [],
        decision_words=DECISION_WORDS,
        say_reasons=reasons_in_words,
        phones=queries.count_bound_phones(learner),
        merges=list(merge_lines(learner)),
        entries=[(line.entry, say_action(line.entry.action, line.entry.facts, line.personal)) for line in entries],
    )


@bp.post("/people/<learner_id>/forget-phones")
@requires("learner.manage")
def forget_phones(learner_id: str) -> ResponseReturnValue:
    """Part the learner from every phone; the next check-in asks for a code or number again."""
    count = unbind_learner(learner_id, actor=current_actor())
    flash(ngettext("%(num)s phone was parted.", "%(num)s phones were parted.", count), "success")
    return redirect(url_for("desk.learner_page", learner_id=learner_id), 303)


def _entries(organisation_id: int, learner_id: int) -> list[audit.Line]:
    return list(audit.entries(organisation_id, subject=("learner", learner_id), limit=_LINES))
