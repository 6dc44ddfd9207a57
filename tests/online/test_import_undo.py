"""Undoing an import takes back what it did and nothing that came later."""

from decimal import Decimal
from typing import Any

import pytest

from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.erasing import NEUTRAL
from classroom.core.errors import Refusal
from classroom.learners.rules.erasure import AskedErasure
from classroom.learners.services import ask_erasure, erase_learner
from classroom.online.models import Intake, OnlineRecord
from classroom.online.services import imports
from tests.support.online import bring_in, line, records, snapshot, undo

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("second", ["5", "4"], ids=["the same", "a worse one that does not count"])
def test_an_import_that_left_the_result_as_it_was_is_not_undone_below_a_newer_one(
    intake: Intake, actor: Actor, second: str
) -> None:
    first = bring_in(intake, snapshot(1, line(1, score="5")), actor=actor)
    below = bring_in(intake, snapshot(2, line(1, score=second)), actor=actor)
    newest = bring_in(intake, snapshot(3, line(1, score="9")), actor=actor)
    with pytest.raises(Refusal, match=r"online\.undo_newer"):
        imports.start_undo(below.public_id, "nhầm", actor=actor)
    undo(newest, actor=actor)
    undo(below, actor=actor)
    held = records(intake)["thu0001"]
    assert (held.score, held.taken_at) == (Decimal(50), first.taken_at)


def test_a_retraction_is_not_undone_below_a_newer_import_of_the_account(intake: Intake, actor: Actor) -> None:
    bring_in(intake, snapshot(1, line(1)), actor=actor)
    below = bring_in(intake, snapshot(2, line(1, said="Đã thu hồi")), actor=actor)
    bring_in(intake, snapshot(3, line(1, said="Đã thu hồi")), actor=actor)
    with pytest.raises(Refusal, match=r"online\.undo_newer"):
        imports.start_undo(below.public_id, "nhầm", actor=actor)


def test_a_row_that_wrote_nothing_stands_under_nothing(intake: Intake, actor: Actor) -> None:
    bring_in(intake, snapshot(5, line(1, score="8")), actor=actor)
    older = bring_in(intake, snapshot(2, line(1, score="6")), actor=actor)
    bring_in(intake, snapshot(6, line(1, score="9")), actor=actor)
    undo(older, actor=actor)
    assert (older.state, records(intake)["thu0001"].score) == ("undone", Decimal(90))


def test_certificates_hold_up_what_changes_results_and_not_what_said_the_same(
    intake: Intake, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(intake, snapshot(1, line(1, score="8"), line(2, score="8"), line(3, score="8")), actor=actor)
    made = bring_in(intake, snapshot(2, line(1, score="8"), line(2, score="6"), line(3, score="9")), actor=actor)
    learners = {key: one.learner_id for key, one in records(intake).items()}
    asked: list[Any] = []

    def note(import_id: int, learner_ids: list[int]) -> None:
        asked.append(learner_ids)

    monkeypatch.setattr(signals.online_import_undoing, "_receivers", [note])
    undo(made, actor=actor)
    changed = sorted(key for name, key in learners.items() if name != "thu0001" and key is not None)
    assert asked == [changed] * 2, "when it is asked for, and when it begins"


def test_an_import_is_undone_though_somebody_of_it_was_erased(intake: Intake, actor: Actor) -> None:
    bring_in(intake, snapshot(1, line(1, score="5"), line(2, score="5")), actor=actor)
    made = bring_in(intake, snapshot(2, line(1, score="9"), line(2, score="9", name="Tên khác")), actor=actor)
    public_id = records(intake)["thu0001"].public_id
    erase(records(intake)["thu0001"], actor)
    undo(made, actor=actor)
    held = records(intake)
    assert made.state == "undone"
    assert {key: (one.name, one.score, one.unit_fold) for key, one in held.items()} == {
        f"xoa-{public_id.casefold()}": (NEUTRAL, Decimal(50), ""),
        "thu0002": ("Nguyễn Văn Hai", Decimal(50), ""),
    }


def erase(held: OnlineRecord, actor: Actor) -> None:
    assert held.learner is not None
    asked = ask_erasure(held.learner.public_id, AskedErasure("chính chủ", "thẻ"), working_days=2, actor=actor)
    erase_learner(asked.public_id, "có quyền", actor=actor)
    db.session.rollback()
