"""What rests on an import: it is not undone under certificates, nor under those that are on their way."""

import pytest
from flask import Flask

from classroom.certification.services import approving, issuing
from classroom.core.actor import Actor
from classroom.core.db import db, transaction
from classroom.core.errors import Refusal
from classroom.core.signals import import_undoing, online_import_undoing
from classroom.learners.models import Learner
from classroom.online.models import Intake, OnlineImport
from classroom.online.services.matching.linking import annul_if_alone
from classroom.sessions.models import Course
from tests.factories import LONG_AGO, CourseFactory
from tests.support.issueroom import approved, decision, draft, issued, issuer, numbered, people_who_pass, quiet


@pytest.fixture
def course(app: Flask) -> Course:
    return CourseFactory()


@pytest.fixture
def actor(course: Course) -> Actor:
    made = issuer(course)
    numbered(made)
    return made


def test_an_import_that_made_certificates_is_not_undone(course: Course, actor: Actor) -> None:
    intake = Intake(organisation_id=course.organisation_id, course_id=course.id, name="Đợt 1", created_at=LONG_AGO)
    db.session.add(intake)
    db.session.flush()
    brought = OnlineImport(
        organisation_id=course.organisation_id, intake_id=intake.id, kind="template", taken_at=LONG_AGO,
        uploaded_at=LONG_AGO,
    )  # fmt: skip
    db.session.add(brought)
    db.session.commit()
    online = people_who_pass(course, 2, path="online", intake_id=intake.id)
    in_class = people_who_pass(course, 1)
    everybody = [each.learner_id for each in online + in_class]
    online_import_undoing.send(import_id=brought.id, learner_ids=everybody)
    issued(course, actor)

    with pytest.raises(Refusal) as refused:
        online_import_undoing.send(import_id=brought.id, learner_ids=everybody)
    assert refused.value.details["count"] == 2
    assert "/GCN-SKHCN" in str(refused.value.details["numbers"])
    online_import_undoing.send(import_id=brought.id, learner_ids=[in_class[0].learner_id])


def test_an_import_whose_people_are_in_a_signed_batch_is_not_undone(course: Course, actor: Actor) -> None:
    intake = Intake(organisation_id=course.organisation_id, course_id=course.id, name="Đợt 1", created_at=LONG_AGO)
    db.session.add(intake)
    db.session.flush()
    brought = OnlineImport(
        organisation_id=course.organisation_id, intake_id=intake.id, kind="template", taken_at=LONG_AGO,
        uploaded_at=LONG_AGO,
    )  # fmt: skip
    db.session.add(brought)
    db.session.commit()
    everybody = [each.learner_id for each in people_who_pass(course, 2, path="online", intake_id=intake.id)]
    batch = draft(course, actor)
    online_import_undoing.send(import_id=brought.id, learner_ids=everybody)
    approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    with pytest.raises(Refusal, match=r"online_import\.batch_under_way"):
        online_import_undoing.send(import_id=brought.id, learner_ids=everybody)


def test_a_list_of_people_who_hold_certificates_is_not_undone(course: Course, actor: Actor) -> None:
    learner = db.session.get_one(Learner, people_who_pass(course, 1, path="listed")[0].learner_id)
    import_undoing.send(learner_ids=[learner.id], enrolment_ids=[])
    batch = approved(course, actor)
    with pytest.raises(Refusal, match=r"import\.undo_certificates"):
        import_undoing.send(learner_ids=[learner.id], enrolment_ids=[])
    issuing.issue_lines(batch.id, quiet, actor=actor)
    with pytest.raises(Refusal, match=r"import\.undo_certificates"):
        import_undoing.send(learner_ids=[learner.id], enrolment_ids=[])
    with transaction() as session:
        assert not annul_if_alone(session, learner.id)
    assert db.session.get_one(Learner, learner.id).annulled_at is None
