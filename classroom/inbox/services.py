"""Put questions to people into the inbox, take those away that have become pointless, and decide them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Refusal
from classroom.core.ids import public_id
from classroom.inbox import queries
from classroom.inbox.models import InboxItem
from classroom.inbox.rules import DONE, UNDO_ACCEPTED, Kind, kind_of, register_kind

__all__ = ["Decided", "Kind", "ask", "decide", "register_kind", "take_back", "withdraw"]


def ask(
    kind: str,
    key: str,
    *,
    organisation_id: int,
    class_id: int | None,
    facts: Mapping[str, Any],
    since: datetime | None = None,
    anew: bool = False,
) -> None:
    """Ask once: the same (`kind`, `key`) again adds nothing, also when it has been decided. It waits since now.

    `anew`: something happened since that decision, so it is asked once more; the decision stays in the log.
    """
    with transaction() as session:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        asked = {"class_id": class_id, "facts": dict(facts), "created_at": since or now()}
        statement = dialect.insert(InboxItem)
        if anew:
            statement = statement.on_conflict_do_update(
                index_elements=["organisation_id", "kind", "key"],
                set_={**asked, "decided_at": None, "decided_by": None, "decision": None},
                where=InboxItem.decided_at.is_not(None),
            )
        else:
            statement = statement.on_conflict_do_nothing()
        values = {"public_id": public_id(), "organisation_id": organisation_id, "kind": kind, "key": key, **asked}
        session.execute(statement, values)


def withdraw(kind: str, key: str, *, organisation_id: int) -> bool:
    """Take an undecided question back; whether there was one."""
    with transaction() as session:
        gone = session.scalars(
            delete(InboxItem)
            .where(
                InboxItem.organisation_id == organisation_id,
                InboxItem.kind == kind,
                InboxItem.key == key,
                InboxItem.decided_at.is_(None),
            )
            .returning(InboxItem.id)
        )
        return bool(gone.all())


class Decided(NamedTuple):
    """A question after a use case, the decision that was taken (or taken back), and whether anything changed."""

    item: InboxItem
    decision: str
    changed: bool


def decide(item_id: str, decision: str, *, actor: Actor) -> Decided:
    """Decide once and do what was decided; the same decision again changes nothing.

    Raises Invalid `inbox.unknown_decision`, and `inbox.decided` when somebody else decided otherwise.
    """
    actor.require("inbox.decide")
    with transaction() as session:
        item = queries.get_item(actor.organisation_id, item_id, lock=True)
        chosen = kind_of(item.kind).decision(decision)
        if item.decided_at:
            if item.decision != decision:
                raise Refusal("inbox.decided")
            return Decided(item, decision, False)
        done = chosen.carry_out(_facts(item), actor)
        item.facts = {**item.facts, DONE: dict(done)}
        item.decided_at, item.decided_by, item.decision = now(), actor.staff_id, decision
        session.flush()
        return Decided(item, decision, True)


def take_back(item_id: str, *, actor: Actor) -> Decided:
    """Ask the question again: one's own decision, for half a minute, and while nothing followed from it.

    Raises `inbox.not_yours`, `inbox.too_late_to_undo`, or what the kind's way back refuses with.
    """
    actor.require("inbox.decide")
    with transaction() as session:
        item = queries.get_item(actor.organisation_id, item_id, lock=True)
        if item.decided_at is None or item.decision is None:
            return Decided(item, "", False)
        if item.decided_by != actor.staff_id:
            raise Refusal("inbox.not_yours")
        if now() - item.decided_at > UNDO_ACCEPTED:
            raise Refusal("inbox.too_late_to_undo")
        decision = item.decision
        kind_of(item.kind).decision(decision).take_back(_facts(item), item.facts.get(DONE, {}), actor)
        item.facts = _facts(item)
        item.decided_at = item.decided_by = item.decision = None
        session.flush()
        return Decided(item, decision, True)


def _facts(item: InboxItem) -> dict[str, Any]:
    return {name: value for name, value in item.facts.items() if name != DONE}
