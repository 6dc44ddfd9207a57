"""One attempt as staff see it: what was answered, what is right, and what a coordinator changes afterwards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.audit import queries as audit
from classroom.core.errors import Refusal
from classroom.exams.forms.marks import points_from, seen_from, strays_from
from classroom.exams.presenters.wording import given_lines, right_lines
from classroom.exams.queries.attempt_file import annul_reason_of, changes_of, devices_of, keys_for, strays_of
from classroom.exams.queries.attempts import AttemptFacts, get_attempt
from classroom.exams.queries.keys import Keys
from classroom.exams.queries.own import KeyedItem, keyed_items, own_attempt
from classroom.exams.queries.renewing import open_renewal
from classroom.exams.queries.secrecy import why_secret
from classroom.exams.rules.marking import Ruling, scaled
from classroom.exams.services import adjusting, deciding
from classroom.exams.views.results import bp
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal
from classroom.web.words.actions import say_action
from classroom.web.words.results import RESULTS

_LINES = 50


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One question: as it was asked, answered and marked; texts are of the Markdown subset."""

    item: KeyedItem
    given: Sequence[str]
    right: Sequence[str]
    mark: Decimal | None
    ruling: Ruling | None


@bp.get("/attempts/<attempt_id>")
@requires("exam.read")
def attempt(attempt_id: str) -> ResponseReturnValue:
    """Everything about one attempt."""
    return _page(attempt_id)


@bp.post("/attempts/<attempt_id>/adjust")
@requires("exam.mark")
def adjust(attempt_id: str) -> ResponseReturnValue:
    """Add or take points, with the reason."""

    def act() -> str:
        points, reason = points_from(request.form), request.form.get("reason", "")
        adjusting.adjust(attempt_id, points, reason, actor=current_actor(), seen=seen_from(request.form))
        return str(_("The mark is changed."))

    return _done(attempt_id, "adjust", act)


@bp.post("/attempts/<attempt_id>/adjustments/<adjustment_id>/annul")
@requires("exam.mark")
def annul_adjustment(attempt_id: str, adjustment_id: str) -> ResponseReturnValue:
    """Take a change back."""

    def act() -> str:
        adjusting.annul_adjustment(adjustment_id, request.form.get("reason", ""), actor=current_actor())
        return str(_("The change is taken back."))

    return _done(attempt_id, "adjust", act)


@bp.post("/attempts/<attempt_id>/late")
@requires("exam.mark")
def take_late(attempt_id: str) -> ResponseReturnValue:
    """Let late answers count."""

    def act() -> str:
        chosen = strays_from(request.form.getlist("stray"))
        deciding.take_late(attempt_id, chosen, request.form.get("reason", ""), actor=current_actor())
        return str(_("These answers count now; the attempt was marked again."))

    return _done(attempt_id, "late", act)


@bp.post("/attempts/<attempt_id>/annul")
@requires("exam.mark")
def annul(attempt_id: str) -> ResponseReturnValue:
    """Say that the attempt shall not count."""

    def act() -> str:
        deciding.annul_attempt(attempt_id, request.form.get("reason", ""), actor=current_actor())
        return str(_("The attempt does not count any more."))

    return _done(attempt_id, "annul", act)


def _done(attempt_id: str, part: str, act: Callable[[], str]) -> ResponseReturnValue:
    """Back to the attempt with what was done; a refusal is said where it was asked for, nothing typed is lost."""
    try:
        said = act()
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return _page(attempt_id, part, say_refusal(refusal)), refusal.status
    flash(said, "success")
    return redirect(url_for(".attempt", attempt_id=attempt_id), 303)


def _page(attempt_id: str, part: str = "", error: str = "") -> str:
    actor = current_actor()
    found = get_attempt(actor, attempt_id)
    secret = why_secret(actor, {item.question_id for item in found.items})
    row, keys = own_attempt(attempt_id), keys_for(found)
    return render_template(
        "exam_staff/attempt.html",
        attempt=found,
        secret=secret,
        key_words=RESULTS,
        items=[] if secret else _items(found, row, keys),
        score=_score(found),
        renewal=open_renewal([found.sitting.paper_id]),
        devices=devices_of(found),
        strays=[(each, _stray_lines(found, keys, each)) for each in strays_of(found)],
        changes=changes_of(found),
        annul_reason=annul_reason_of(found),
        entries=_entries(found) if actor.may("exam.mark") or actor.may("audit.read") else [],
        part=part,
        error=error,
        typed=request.form if part else {},
    )


def _score(found: AttemptFacts) -> Decimal | None:
    if found.mark is None or found.out_of is None:
        return None
    return scaled(found.mark, found.out_of, found.sitting.terms.scale)


def _items(found: AttemptFacts, row: Any, keys: Keys) -> list[ItemLine]:
    marks = row.marks or [None] * len(found.items)
    lines = []
    for item, mark in zip(keyed_items(row), marks, strict=True):
        ruling = keys.ruling(found.sitting.paper_id, item.version_id)
        body = item.body if ruling is None or ruling.body is None else ruling.body
        given, right = given_lines(item.kind, item.body, item.answer), right_lines(item.kind, body)
        lines.append(ItemLine(item, given, right, None if mark is None else Decimal(mark), ruling))
    return lines


def _stray_lines(found: AttemptFacts, keys: Keys, stray: Any) -> Sequence[str]:
    version = keys.versions[found.items[stray.position].version_id]
    return given_lines(version.kind, version.body, stray.answer)


def _entries(found: AttemptFacts) -> list[tuple[Any, str]]:
    lines = audit.entries(current_actor().organisation_id, subject=("attempt", found.id), limit=_LINES)
    return [(line.entry, say_action(line.entry.action, line.entry.facts, line.personal)) for line in lines]
