"""What platforms retract: asked once for each retraction, with what stands against it, and never lost."""

import pytest

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.inbox import queries as inbox
from classroom.inbox import services as inbox_services
from classroom.inbox.rules import kind_of
from classroom.online.models import ImportRow, Intake, OnlineImport
from classroom.online.services.imports import RETRACTION
from tests.support.online import bring_in, line, records, snapshot, undo

pytestmark = pytest.mark.usefixtures("app")
GONE = "Đã thu hồi"


def asked(actor: Actor) -> list[bool]:
    """Of the open questions, whether each says that its export is older."""
    return ["older" in item.facts for item in inbox.open_items(actor.organisation_id) if item.kind == RETRACTION]


def answer(actor: Actor, decision: str) -> None:
    for item in inbox.open_items(actor.organisation_id):
        if item.kind == RETRACTION:
            inbox_services.decide(item.public_id, decision, actor=actor)


def test_a_retraction_of_an_older_export_says_so(intake: Intake, actor: Actor) -> None:
    bring_in(intake, snapshot(5, line(1, score="9"), line(2)), actor=actor)
    bring_in(intake, snapshot(2, line(1, said=GONE)), actor=actor)
    assert asked(actor) == [True]
    [item] = inbox.open_items(actor.organisation_id)
    [wording] = kind_of(RETRACTION).word([item.facts])
    assert "cũ hơn" in str(wording)
    bring_in(intake, snapshot(6, line(2, said=GONE)), actor=actor)
    assert sorted(asked(actor)) == [False, True]


def test_a_retraction_that_was_dismissed_is_asked_again_only_when_it_is_new(intake: Intake, actor: Actor) -> None:
    bring_in(intake, snapshot(1, line(1)), actor=actor)
    bring_in(intake, snapshot(2, line(1, said=GONE)), actor=actor)
    answer(actor, "dismiss")
    bring_in(intake, snapshot(3, line(1, said=GONE), line(2)), actor=actor)
    assert asked(actor) == []
    bring_in(intake, snapshot(4, line(1)), actor=actor)
    bring_in(intake, snapshot(5, line(1, said=GONE)), actor=actor)
    assert asked(actor) == [False]


def test_an_older_export_that_arrives_late_makes_no_retraction_new(intake: Intake, actor: Actor) -> None:
    bring_in(intake, snapshot(5, line(1, said=GONE)), actor=actor)
    bring_in(intake, snapshot(2, line(1)), actor=actor)
    answer(actor, "dismiss")
    bring_in(intake, snapshot(6, line(1, said=GONE)), actor=actor)
    assert asked(actor) == []


def test_a_better_result_of_a_retracted_one_is_said_to_count_no_more(intake: Intake, actor: Actor) -> None:
    bring_in(intake, snapshot(1, line(1, score="5"), line(2, score="5")), actor=actor)
    bring_in(intake, snapshot(2, line(1, said=GONE)), actor=actor)
    answer(actor, "accept")
    made = bring_in(intake, snapshot(3, line(1, score="9"), line(2, score="9")), actor=actor)
    assert made.outcome["counts"]["better"] == 2
    assert remarks(made) == [(2, "online.better_stays_retracted")]
    assert records(intake)["thu0001"].retracted_at is not None


def test_a_retraction_of_an_unknown_account_is_asked_once_an_older_result_arrives(intake: Intake, actor: Actor) -> None:
    first = bring_in(intake, snapshot(5, line(1, said=GONE), line(2, said=GONE), line(3, said=GONE)), actor=actor)
    assert [code for _row, code in remarks(first)] == ["online.nothing_to_retract"] * 3
    assert asked(actor) == []
    older = bring_in(intake, snapshot(2, line(1)), actor=actor)
    newer = bring_in(intake, snapshot(6, line(2)), actor=actor)
    assert asked(actor) == [False]
    undo(older, actor=actor)
    undo(newer, actor=actor)
    undo(first, actor=actor)
    assert records(intake) == {}
    assert asked(actor) == []


def remarks(made: OnlineImport) -> list[tuple[int, str]]:
    rows = db.session.query(ImportRow).filter_by(import_id=made.id).order_by(ImportRow.number)
    return [(row.number, finding["code"]) for row in rows for finding in row.findings]
