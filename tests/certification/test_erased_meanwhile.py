"""Who is erased while outcomes or lines are written is not written anew; a draft refreshed meanwhile gets ready."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.certification.models import IssueBatch, IssueLine
from classroom.certification.rules.batches import Scope
from classroom.certification.services import drafting, evaluating
from classroom.certification.services.listing import list_learner
from classroom.core.db import db
from classroom.jobs.services import run_queued
from classroom.learners.models import Learner
from classroom.learners.services import erase_learner
from tests.support.deciding import Deciding
from tests.support.erasures import erasure_id
from tests.support.issueroom import numbered, quiet

SECRET = "Quách Thị Zyxwvut ốm"


@pytest.fixture
def here(any_app: Flask) -> Deciding:
    made = Deciding()
    numbered(made.actor)
    return made


def once(act: Callable[[], Any]) -> Callable[[], None]:
    """Do it the first time alone."""
    left = [act]
    return lambda: left.pop()() if left else None


def erasing(here: Deciding, learner: Learner) -> Callable[[], None]:
    request = erasure_id(learner, "Một", here.actor)
    return once(lambda: erase_learner(request, "quyền", actor=here.actor))


def test_an_outcome_of_who_was_erased_meanwhile_is_not_written(here: Deciding, monkeypatch: pytest.MonkeyPatch) -> None:
    learner, other = here.in_class(), here.in_class()
    list_learner(here.course.public_id, learner.public_id, "allow", SECRET, actor=here.actor)
    here.saved()
    run = here.compared()
    evaluating.ask_to_apply(run.public_id, actor=here.actor)
    erase, real = erasing(here, learner), evaluating.release

    def meanwhile() -> None:
        real()
        erase()

    monkeypatch.setattr(evaluating, "release", meanwhile)
    evaluating.apply_evaluation(run.id, quiet, actor=here.actor)
    db.session.rollback()
    assert here.outcome(learner) is None
    assert here.outcome(other) is not None


@pytest.mark.parametrize("again", [False, True])
def test_a_line_of_who_was_erased_meanwhile_is_not_written(
    here: Deciding, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    learner, other = here.in_class(), here.in_class()
    here.saved()
    here.applied()
    batch = drafting.prepare_batch(here.course.public_id, Scope(), "", actor=here.actor)
    if again:
        drafting.fill_batch(batch.id, quiet)
        drafting.refresh_batch(batch.public_id, actor=here.actor)
    read = "people" if again else "passing"
    erase, real, name = erasing(here, learner), getattr(drafting.printed, read), learner.name

    def reading(*arguments: Any) -> Any:
        if again:
            erase()
        rows = real(*arguments)
        erase()
        return rows

    monkeypatch.setattr(drafting.printed, read, reading)
    drafting.fill_batch(batch.id, quiet)
    lines = db.session.execute(select(IssueLine.learner_id, IssueLine.facts, IssueLine.left_out)).all()
    assert [line.learner_id for line in lines if not line.left_out] == [other.id]
    assert name not in str(lines)


def test_a_draft_that_is_refreshed_while_it_is_written_is_ready_in_the_end(
    here: Deciding, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.in_class()
    here.saved()
    here.applied()
    batch = drafting.prepare_batch(here.course.public_id, Scope(), "", actor=here.actor)
    refresh, real = once(lambda: drafting.refresh_batch(batch.public_id, actor=here.actor)), drafting._mark_twins

    def meanwhile(batch_id: int) -> None:
        real(batch_id)
        refresh()

    monkeypatch.setattr(drafting, "_mark_twins", meanwhile)
    run_queued()
    db.session.rollback()
    assert db.session.get_one(IssueBatch, batch.id).ready_at is not None
    assert len(db.session.scalars(select(IssueLine)).all()) == 1
