"""Marks changed by hand: by who may mark, with a reason, taken back the same way."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.audit.models import AuditEntry, AuditPayload
from classroom.core.db import db
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.exams.models import Adjustment
from classroom.exams.services.adjusting import adjust, annul_adjustment
from classroom.exams.services.regrading import apply_ruling
from tests.exams.marking import Sat, figures
from tests.factories import make_actor


@pytest.fixture
def sat(any_app: Flask) -> Sat:
    return Sat()


def adjustments() -> int:
    return len(db.session.scalars(select(Adjustment)).all())


def test_points_are_added_with_the_reason_and_turn_the_outcome(sat: Sat) -> None:
    attempt = sat.letters("accc")
    made = adjust(attempt.public_id, Decimal("1.25"), " mạng hỏng ", actor=sat.actor, seen=Decimal(1))
    assert figures(attempt) == (Decimal("2.25"), 4, "pass")
    row = db.session.scalars(select(Adjustment).where(Adjustment.public_id == made)).one()
    assert (row.points, row.reason, row.staff_id) == (Decimal("1.25"), "mạng hỏng", sat.actor.staff_id)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "attempt.adjusted")).one()
    assert entry.facts == {"attempt": attempt.public_id, "points": "1.25", "before": "1", "after": "2.25"}
    assert db.session.scalars(select(AuditPayload)).one().details == {"reason": "mạng hỏng"}


def test_points_are_taken_and_the_taking_is_taken_back_once(sat: Sat) -> None:
    attempt = sat.letters("aacc")
    made = adjust(attempt.public_id, Decimal(-1), "chép bài", actor=sat.actor)
    assert figures(attempt) == (1, 4, "fail")
    annul_adjustment(made, "nhầm người", actor=sat.actor)
    assert figures(attempt) == (2, 4, "pass")
    row = db.session.scalars(select(Adjustment)).one()
    assert row.annulled_at is not None
    assert row.annulled_by == sat.actor.staff_id
    with pytest.raises(Refusal, match=r"adjustment\.annulled"):
        annul_adjustment(made, "lần nữa", actor=sat.actor)
    entries = select(AuditEntry.action).where(AuditEntry.subject_kind == "attempt").order_by(AuditEntry.id)
    actions = db.session.scalars(entries).all()
    assert actions == ["attempt.adjusted", "attempt.adjustment_annulled"]


def test_an_adjustment_outlives_a_decision_about_a_question(sat: Sat) -> None:
    attempt = sat.letters("accc")
    adjust(attempt.public_id, Decimal("0.5"), "mạng hỏng", actor=sat.actor)
    apply_ruling(sat.paper.public_id, sat.questions[1].public_id, "full", reason="đề sai", actor=sat.actor)
    assert figures(attempt) == (Decimal("2.5"), 4, "pass")


def test_a_page_that_shows_another_mark_changes_nothing(sat: Sat) -> None:
    attempt = sat.letters("accc")
    adjust(attempt.public_id, Decimal(1), "mạng hỏng", actor=sat.actor, seen=Decimal(1))
    with pytest.raises(Refusal, match=r"adjustment\.changed") as refused:
        adjust(attempt.public_id, Decimal(1), "mạng hỏng", actor=sat.actor, seen=Decimal(1))
    assert refused.value.details == {"mark": "2"}
    assert figures(attempt) == (2, 4, "pass")


@pytest.mark.parametrize("points", ["0", "4.5", "-4.00001", "0.000001", "NaN", "Infinity"])
def test_points_that_mean_nothing_are_refused(sat: Sat, points: str) -> None:
    attempt = sat.letters("accc")
    with pytest.raises(Invalid, match=r"adjustment\.points"):
        adjust(attempt.public_id, Decimal(points), "mạng hỏng", actor=sat.actor)
    assert adjustments() == 0


def test_all_points_may_be_given_or_taken(sat: Sat) -> None:
    attempt = sat.letters("accc")
    adjust(attempt.public_id, Decimal(4), "thi lại trên giấy", actor=sat.actor)
    adjust(attempt.public_id, Decimal(-4), "huỷ", actor=sat.actor)
    assert figures(attempt) == (1, 4, "fail")


def test_without_a_reason_no_mark_changes(sat: Sat) -> None:
    attempt = sat.letters("accc")
    with pytest.raises(Invalid, match=r"adjustment\.reason_missing"):
        adjust(attempt.public_id, Decimal(1), "  ", actor=sat.actor)
    made = adjust(attempt.public_id, Decimal(1), "mạng hỏng", actor=sat.actor)
    with pytest.raises(Invalid, match=r"adjustment\.reason_missing"):
        annul_adjustment(made, "", actor=sat.actor)
    assert figures(attempt) == (2, 4, "pass")


@pytest.mark.parametrize("state", ["running", "annulled"])
def test_only_a_finished_attempt_has_a_mark_to_change(sat: Sat, state: str) -> None:
    finished_at = {"finished_at": None} if state == "running" else {}
    attempt = sat.letters("aacc", mark=False, state=state, **finished_at)
    with pytest.raises(Refusal, match=r"attempt\.not_finished"):
        adjust(attempt.public_id, Decimal(1), "mạng hỏng", actor=sat.actor)


def test_only_who_marks_changes_marks_and_only_of_the_own_organisation(sat: Sat) -> None:
    attempt = sat.letters("accc")
    made = adjust(attempt.public_id, Decimal(1), "mạng hỏng", actor=sat.actor)
    for act in (
        lambda actor: adjust(attempt.public_id, Decimal(1), "vì sao", actor=actor),
        lambda actor: annul_adjustment(made, "vì sao", actor=actor),
    ):
        with pytest.raises(Forbidden):
            act(sat.trainer)
        with pytest.raises(NotFound):
            act(make_actor("coordinator"))
    assert figures(attempt) == (2, 4, "pass")
