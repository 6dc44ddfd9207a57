"""The scan of a decision belongs to the decision with which it was sent, and to no other."""

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.audit.models import AuditEntry
from classroom.certification.models import IssueBatch
from classroom.certification.services import approving, drafting
from classroom.core.db import db
from classroom.core.errors import Invalid
from tests.factories import CourseFactory
from tests.support.issueroom import decision, draft, issuer, numbered, people_who_pass


def test_a_batch_that_is_taken_back_needs_the_scan_of_its_decision_anew(app: Flask) -> None:
    course = CourseFactory()
    out, _other = people_who_pass(course, 2)
    actor = issuer(course)
    numbered(actor)
    batch = draft(course, actor)
    approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    scan = db.session.get_one(IssueBatch, batch.id).decision_file
    assert scan
    approving.take_back_batch(batch.public_id, actor=actor)
    drafting.leave_out(batch.public_id, out.learner.public_id, "Chưa đủ hồ sơ", actor=actor)

    assert db.session.get_one(IssueBatch, batch.id).decision_file_id is None
    db.session.refresh(scan)
    assert scan.content == b""
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "issue_batch")).all()
    hashes = {entry.action: entry.facts["scan"] for entry in noted if "scan" in entry.facts}
    assert hashes == {"batch.submitted": scan.sha256, "batch.taken_back": scan.sha256}
    other = decision(actor, number="99/QĐ-KHAC", scan=b"", filename="")
    with pytest.raises(Invalid, match=r"decision\.no_file"):
        approving.submit_batch(batch.public_id, other, actor=actor)
    approving.submit_batch(batch.public_id, decision(actor, number="99/QĐ-KHAC"), actor=actor)
    assert db.session.get_one(IssueBatch, batch.id).decision_file


def test_a_scan_left_at_a_draft_does_not_stand_for_another_decision(app: Flask) -> None:
    course = CourseFactory()
    people_who_pass(course, 1)
    actor = issuer(course)
    numbered(actor)
    batch = draft(course, actor)
    approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    left = db.session.get_one(IssueBatch, batch.id)
    left.state = "draft"
    db.session.commit()

    with pytest.raises(Invalid, match=r"decision\.no_file"):
        approving.submit_batch(batch.public_id, decision(actor, scan=b"", filename=""), actor=actor)
