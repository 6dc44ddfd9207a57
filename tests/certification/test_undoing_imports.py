"""What rests on an import: it is not undone under certificates, nor under those that are on their way."""

import pytest
from flask import Flask

from classroom.accounts.models import Staff
from classroom.certification.queries.printed import setting_of
from classroom.certification.queries.stale import differences
from classroom.certification.services import approving, issuing
from classroom.core.actor import Actor
from classroom.core.db import db, transaction
from classroom.core.errors import Refusal
from classroom.core.signals import import_undoing, online_import_undoing
from classroom.jobs.models import Job
from classroom.jobs.services import cancel, retry, run_queued
from classroom.jobs.services.running import Running
from classroom.learners.models import Learner
from classroom.online.models import Intake, OnlineImport
from classroom.online.services import imports
from classroom.online.services.imports import undoing
from classroom.online.services.matching.linking import annul_if_alone
from classroom.sessions.models import Course
from tests.factories import LONG_AGO, sign_in
from tests.support.deciding import Deciding
from tests.support.issueroom import approved, decision, draft, issued, numbered, people_who_pass, quiet, revoked
from tests.support.online import bring_in, line, records, results


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


# --- an undo that was asked for, and what happens until it is done ---


class Brought:
    """Two people who pass by an import, and whoever undoes it."""

    def __init__(self) -> None:
        here = Deciding()
        self.course, self.intake, self.actor = here.course, here.intake, here.actor
        numbered(self.actor)
        self.made = bring_in(self.intake, results(line(1), line(2)), actor=self.actor)
        here.saved()
        here.applied()

    @property
    def job(self) -> Job:
        db.session.rollback()
        return db.session.query(Job).filter_by(task=imports.UNDO).order_by(Job.id.desc()).first()

    @property
    def state(self) -> str:
        db.session.rollback()
        db.session.refresh(self.made)
        return self.made.state

    def ask(self) -> None:
        imports.start_undo(self.made.public_id, "nhầm tệp", actor=self.actor)

    def certify(self) -> None:
        """As if the batch had been submitted in the very moment in which the undo was asked for."""
        asked = self.state
        self.made.state = "confirmed"
        db.session.commit()
        issued(self.course, self.actor)
        self.made.state = asked
        db.session.commit()


@pytest.fixture
def brought(app: Flask) -> Brought:
    return Brought()


def test_nobody_is_certified_by_an_import_that_is_being_undone(brought: Brought) -> None:
    batch = draft(brought.course, brought.actor)
    assert differences(batch, setting_of(brought.course)).counts == {}
    brought.ask()
    cancel(brought.job.public_id, brought.actor)
    assert differences(batch, setting_of(brought.course)).counts == {"undoing": 2}
    with pytest.raises(Refusal, match=r"batch\.stale"):
        approving.submit_batch(batch.public_id, decision(brought.actor), actor=brought.actor)
    approving.cancel_batch(batch.public_id, "đang hoàn tác", actor=brought.actor)
    with pytest.raises(Refusal, match=r"batch\.nobody_yet") as refused:
        draft(brought.course, brought.actor)
    assert refused.value.details["intakes"] == "Đợt 1"
    retry(brought.job.public_id, brought.actor)
    run_queued()
    assert (brought.state, records(brought.intake)) == ("undone", {})


def test_a_draft_says_that_people_are_missing_from_it_meanwhile(app: Flask, brought: Brought) -> None:
    people_who_pass(brought.course, 1)
    brought.ask()
    batch = draft(brought.course, brought.actor)
    client = sign_in(app.test_client(), db.session.get_one(Staff, brought.actor.staff_id))
    page = f"/certificates/batches/{batch.public_id}"
    assert "kết quả của Đợt 1 đang được hoàn tác" in client.get(page).text
    run_queued()
    assert "đang được hoàn tác" not in client.get(page).text


def test_others_of_the_course_are_certified_meanwhile(brought: Brought) -> None:
    brought.ask()
    people_who_pass(brought.course, 1)
    people_who_pass(brought.course, 1, path="online", intake_id=None)
    assert issued(brought.course, brought.actor).counts["issued"] == 2


def test_an_undo_that_finds_certificates_leaves_the_import_as_it_was_and_says_so(app: Flask, brought: Brought) -> None:
    brought.ask()
    brought.certify()
    run_queued()
    assert (brought.state, len(records(brought.intake))) == ("confirmed", 2)
    assert (brought.job.state, brought.job.error_code) == ("failed", "online_import.has_certificates")
    assert (brought.made.undo_reason, brought.made.undone_by) == ("", None)
    client = sign_in(app.test_client(), db.session.get_one(Staff, brought.actor.staff_id))
    page = client.get(f"/online/imports/{brought.made.public_id}").text
    assert "Không thể hoàn tác lần nhập này" in page
    assert "/GCN-SKHCN" in page


def test_an_undo_that_took_back_a_part_waits_until_nothing_rests_on_the_rest(
    brought: Brought, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "BATCH", 1)
    brought.ask()
    with monkeypatch.context() as broken:
        broken.setattr(Running, "progress", lambda *_a, **_k: 1 // 0)
        run_queued()
    brought.certify()
    cancel(brought.job.public_id, brought.actor)
    retry(brought.job.public_id, brought.actor)
    run_queued()
    assert (brought.state, len(records(brought.intake))) == ("undoing", 1)
    assert (brought.job.state, brought.job.error_code) == ("failed", "online_import.has_certificates")
    revoked(brought.course, brought.actor)
    retry(brought.job.public_id, brought.actor)
    run_queued()
    assert (brought.state, records(brought.intake)) == ("undone", {})
