"""The inbox: everything that waits for a decision, decided in place."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from classroom.core.clock import now
from classroom.desk import queries, services
from classroom.desk.questions import install_kinds
from classroom.desk.views.blueprint import bp
from classroom.inbox import queries as inbox
from classroom.inbox.models import InboxItem
from classroom.inbox.rules import DONE, UNDO_OFFERED, kind_of, known_kinds
from classroom.web.guards import current_actor, requires

install_kinds()


@bp.get("/inbox", endpoint="inbox")
@requires("inbox.read")
def inbox_page() -> ResponseReturnValue:
    """All kinds, the kind that has waited longest first, the oldest question on top."""
    actor = current_actor()
    items = inbox.open_items(actor.organisation_id)
    return render_template(
        "desk/inbox.html",
        groups=_groups(items),
        imports=queries.waiting_imports(actor),
        matches=queries.waiting_matches(actor),
        undo=_just_decided(actor.organisation_id, actor.staff_id),
    )


@bp.post("/inbox/<item_id>/decide")
@requires("inbox.decide")
def decide(item_id: str) -> ResponseReturnValue:
    """Decide one question; for ten seconds the page offers to take that back."""
    item = services.decide_question(item_id, request.form.get("decision", ""), actor=current_actor())
    return redirect(url_for("desk.inbox", decided=item.public_id), 303)


@bp.post("/inbox/<item_id>/undo")
@requires("inbox.decide")
def undo(item_id: str) -> ResponseReturnValue:
    """Ask the question again."""
    item = services.take_back_decision(item_id, actor=current_actor())
    return redirect(url_for("desk.inbox") + f"#item-{item.public_id}", 303)


def _groups(items: Sequence[InboxItem]) -> list[dict[str, Any]]:
    """The questions of each kind with their words; a kind stands where its oldest question stands."""
    order = list(dict.fromkeys(item.kind for item in items))
    groups = []
    for name in order:
        kind = kind_of(name)
        its_items = [item for item in items if item.kind == name]
        wordings = kind.word([item.facts for item in its_items])
        groups.append(
            {"kind": kind, "lines": list(zip(its_items, wordings, strict=True)), "title": kind.title, "name": name}
        )
    return groups


def _just_decided(organisation_id: int, staff_id: int | None) -> dict[str, Any] | None:
    """The decision that the reader has just taken, while it can still be taken back."""
    key = request.args.get("decided", "")
    item = inbox.find_item(organisation_id, key) if key else None
    if item is None or item.decided_at is None or item.decided_by != staff_id or item.kind not in known_kinds():
        return None
    if now() - item.decided_at > UNDO_OFFERED:
        return None
    kind = kind_of(item.kind)
    decision = kind.decision(item.decision or "")
    said = decision.tell(item.facts, item.facts.get(DONE, {}))
    return {"item": item, "wording": kind.word([item.facts])[0], "decision": decision, "said": said}
