"""The dry run, and what a coordinator decides about columns and problems before it."""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Refusal
from classroom.core.names import clean_name
from classroom.core.sheets import SheetLimits
from classroom.online.models import OnlineImport, Source
from classroom.online.queries import imports
from classroom.online.queries.imports import Draft
from classroom.online.rules.mapping import Mapping
from classroom.online.rules.planning import Choices, Step, Summary, plan
from classroom.online.rules.results import ReadRow
from classroom.online.rules.values import lies_ahead
from classroom.online.services.imports.dating import dated_anew


def check_import(import_id: str, *, limits: SheetLimits, secret: str, actor: Actor) -> OnlineImport:
    """Read the file and keep what importing it would do now; nothing else is written."""
    actor.require("online.manage")
    found = imports.get_import(actor, import_id)
    seen = found.choices
    draft = imports.open_draft(found, limits, secret)
    summary = Summary()
    for step in steps_of(found, draft.rows(actor.time_zone), draft.choices):
        summary.add(step, draft.choices)
    dry = {**summary.to_json(), "standing": imports.standing(found.intake_id), "order": draft.order or ""}
    with transaction():
        found = waiting(actor, import_id)
        if found.choices == seen:
            found.outcome = dry
        return found


def steps_of(found: OnlineImport, rows: Iterable[ReadRow], choices: Choices) -> Iterator[Step]:
    """Every row with what it does to the records as they are."""
    known = imports.known_records(found.intake_id)
    return plan(rows, known, choices, taken_at=found.taken_at, keeps=found.intake.keeps)


def set_columns(
    import_id: str,
    draft: Draft,
    mapping: Mapping,
    *,
    sheet: int | None = None,
    heading_row: int | None = None,
    order: str = "",
    source: str = "",
    taken_at: datetime | None = None,
    keeps: str = "",
    read_again: Callable[[Choices], Draft],
    actor: Actor,
) -> OnlineImport:
    """Keep how a file is read, and remember it with the platform it comes from.

    `draft` is the file as the page showed it; `read_again` reads it by other choices.
    """
    actor.require("online.manage")
    if mapping.account is None:
        raise Refusal("online.no_account_column")
    seen = imports.choices_of(imports.get_import(actor, import_id))
    moved = (sheet, heading_row) != (seen.sheet, seen.heading_row)
    name = clean_name(source)[:100]
    said: dict[str, Any] = {"sheet": sheet, "heading_row": heading_row, "order": order, "source": name}
    said["mapping"] = None if moved else mapping.to_json()
    other = replace(seen, **said)
    after = read_again(other) if moved else imports.drawn_by(draft.table, mapping, other, draft.sheets)
    with transaction() as session:
        found = waiting(actor, import_id)
        found.choices = replace(imports.choices_of(found), **said).to_json()
        found.taken_at = dated_anew(found, taken_at, draft, after, actor.time_zone)
        found.outcome = {}
        _set_policy(found, keeps, actor)
        if name and not moved:
            _remember(session, found, name, mapping.remembered(draft.table), actor)
        facts: dict[str, Any] = {"source": name, "mapping": mapping.remembered(draft.table)}
        record("online_import.columns", "online_import", found.id, actor=actor, facts=facts)
        return found


def decide(import_id: str, verb: str, about: str, *, actor: Actor) -> OnlineImport:
    """Follow one button of the page of problems; the dry run has to be made anew."""
    actor.require("online.manage")
    with transaction():
        found = waiting(actor, import_id)
        found.choices = Choices.from_json(found.choices).deciding(verb, about).to_json()
        found.outcome = {}
        return found


def waiting(actor: Actor, import_id: str) -> OnlineImport:
    """The import, locked, while it waits for a coordinator; raises `import.closed` afterwards."""
    found = imports.get_import(actor, import_id, lock=True)
    if found.state != "uploaded":
        raise Refusal("import.closed")
    return found


def obstacle(found: OnlineImport) -> tuple[str, AnyMapping[str, Any]] | None:
    """What stands in the way of importing, by the last dry run."""
    counts = found.outcome.get("counts")
    if not counts:
        return "import.changed_meanwhile", {}
    if not found.outcome.get("order"):
        return "online.order_open", {}
    if lies_ahead(found.taken_at, now()):
        return "online.taken_ahead", {}
    if counts["errors"]:
        return "import.problems_open", {"count": counts["errors"]}
    if counts["rows"] == counts["skipped"]:
        return "online.nobody", {}
    return None


def _set_policy(found: OnlineImport, keeps: str, actor: Actor) -> None:
    intake = found.intake
    if keeps in ("best", "latest") and keeps != intake.keeps:
        change = {"intake": intake.public_id, "before": intake.keeps, "after": keeps}
        intake.keeps = keeps
        record("intake.policy", "intake", intake.id, actor=actor, facts=change)


def _remember(session: Session, found: OnlineImport, name: str, mapping: dict[str, Any], actor: Actor) -> None:
    kept = _source(actor, name, found.kind)
    kept.mapping, kept.updated_at = mapping, now()
    session.add(kept)
    session.flush()
    found.source_id = kept.id


def _source(actor: Actor, name: str, kind: str) -> Source:
    found = next((one for one in imports.sources(actor) if one.name == name), None)
    if found:
        return found
    at = now()
    return Source(organisation_id=actor.organisation_id, name=name, kind=kind, mapping={}, created_at=at, updated_at=at)
