"""Whose certificate was revoked gets no other one unseen, whenever that was and by whatever way it came to them."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from classroom.certification.models import Certificate, IssueBatch
from classroom.certification.queries.batches import count_lines, lines
from classroom.certification.queries.printed import setting_of
from classroom.certification.queries.stale import differences
from classroom.certification.services import approving, drafting, issuing
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.learners.models import Learner
from classroom.learners.services import merge_learners
from classroom.sessions.models import Course
from tests.support.issueroom import (
    approved,
    certificates,
    decision,
    draft,
    issued,
    people_who_pass,
    quiet,
    revoked,
)


@pytest.fixture
def earlier(course: Course, actor: Actor) -> Certificate:
    """A certificate that was revoked before anything else happened."""
    people_who_pass(course, 1)
    issued(course, actor)
    return revoked(course, actor)


def code_of(learner_id: int | None) -> str:
    return db.session.get_one(Learner, learner_id).public_id


def what_differs(batch: IssueBatch) -> dict[str, int]:
    db.session.rollback()
    db.session.expire_all()
    return dict(differences(db.session.get_one(IssueBatch, batch.id), setting_of(batch.course)).counts)


def test_one_that_comes_by_a_merge_after_the_draft_is_seen(course: Course, actor: Actor, earlier: Certificate) -> None:
    other = people_who_pass(course, 1)[0].learner_id
    batch = draft(course, actor)
    assert what_differs(batch) == {}
    merge_learners(code_of(other), code_of(earlier.learner_id), "một người", actor=actor)
    assert what_differs(batch) == {"revoked": 1}
    with pytest.raises(Refusal, match=r"batch\.stale"):
        approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    drafting.refresh_batch(batch.public_id, actor=actor)
    drafting.fill_batch(batch.id, quiet)
    assert what_differs(batch) == {}
    assert count_lines(batch.id).issuing == 0


def test_one_that_comes_by_a_merge_after_the_approval_gets_no_other(
    course: Course, actor: Actor, earlier: Certificate
) -> None:
    other, third = (each.learner_id for each in people_who_pass(course, 2))
    batch = approved(course, actor)
    merge_learners(code_of(other), code_of(earlier.learner_id), "một người", actor=actor)
    issuing.issue_lines(batch.id, quiet, actor=actor)
    assert [(each.learner_id, each.state) for each in certificates(course)] == [(other, "revoked"), (third, "issued")]
    assert count_lines(batch.id).left_out == {"revoked": 2}


def test_who_is_taken_in_knowingly_is_not_asked_about_again(course: Course, actor: Actor, earlier: Certificate) -> None:
    batch = draft(course, actor)
    db.session.execute(update(Certificate).values(revoked_at=batch.prepared_at + timedelta(microseconds=1)))
    db.session.commit()
    drafting.take_in(batch.public_id, code_of(earlier.learner_id), actor=actor)
    assert what_differs(batch) == {}
    approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    approving.approve_batch(batch.public_id, actor=actor)
    issuing.issue_lines(batch.id, quiet, actor=actor)
    assert [each.state for each in certificates(course)] == ["revoked", "issued"]


def test_who_was_taken_in_and_had_another_one_revoked_since_is_left_out(
    course: Course, actor: Actor, earlier: Certificate
) -> None:
    batch = draft(course, actor)
    drafting.take_in(batch.public_id, code_of(earlier.learner_id), actor=actor)
    approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    approving.approve_batch(batch.public_id, actor=actor)
    assert batch.ready_at is not None
    db.session.execute(update(Certificate).values(revoked_at=batch.ready_at + timedelta(seconds=1)))
    db.session.commit()
    issuing.issue_lines(batch.id, quiet, actor=actor)
    assert [each.state for each in certificates(course)] == ["revoked"]
    assert [line.left_out for line in lines(batch.id)] == ["revoked"]
