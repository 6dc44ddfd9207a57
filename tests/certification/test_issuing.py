"""A batch from outcomes to numbers: in pieces, in the order of the annex, once for everybody."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from classroom.audit.models import AuditEntry
from classroom.certification.models import Certificate, CertificateEvent, IssueBatch, IssueLine, RuleVersion
from classroom.certification.queries.batches import count_lines, lines
from classroom.certification.queries.printed import setting_of
from classroom.certification.queries.stale import differences
from classroom.certification.rules.batches import Scope
from classroom.certification.services import approving, drafting, issuing
from classroom.certification.services.listing import list_learner
from classroom.core.db import db
from classroom.core.errors import Invalid, Refusal
from classroom.jobs.services import run_queued
from classroom.learners.models import Learner
from classroom.learners.services import merge_learners
from classroom.online.models import Intake, MatchCase, OnlineRecord
from classroom.sessions.models import Course
from tests.factories import LONG_AGO, CourseFactory, EnrolmentFactory, LearnerFactory, make_class
from tests.support.issueroom import (
    approved,
    certificates,
    decision,
    draft,
    issued,
    issuer,
    numbered,
    numbers,
    passes,
    people_who_pass,
    quiet,
)


def test_who_passes_gets_a_number_in_the_order_of_the_annex(app: Flask) -> None:
    course = CourseFactory()
    first, second = (make_class(course=course, code=code, days=1) for code in ("L01", "L02"))
    for name, of_class in (("Lê Hoàng Anh", second), ("Bùi Văn Lan", first), ("Nguyễn Văn An", first)):
        passes(course, LearnerFactory(organisation_id=course.organisation_id, name=name), class_id=of_class.id)
    actor = issuer(course)
    numbered(actor)

    batch = issued(course, actor)

    made = certificates(course)
    assert [each.facts["name"] for each in made] == ["Nguyễn Văn An", "Bùi Văn Lan", "Lê Hoàng Anh"]
    assert [each.facts["group"] for each in made] == ["Lớp L01", "Lớp L01", "Lớp L02"]
    assert numbers(made) == [1, 2, 3]
    year = made[0].issued_on.year
    assert made[0].number == made[0].facts["number"] == f"00001/{year}/GCN-SKHCN"
    assert made[0].facts["decision_number"] == "12/QĐ-SKHCN"
    assert made[0].facts["signer_name"] == "Hồ Thị Ánh"
    assert made[0].approved_by == actor.staff_id
    assert made[0].rule_version_id == db.session.scalar(select(RuleVersion.id))
    assert made[0].explanation[0]["criterion"] == "attendance"
    assert (batch.state, batch.counts["issued"]) == ("issued", 3)
    assert db.session.scalar(select(func.count(CertificateEvent.id)).where(CertificateEvent.kind == "issued")) == 3
    entries = select(AuditEntry.action).where(AuditEntry.subject_kind == "issue_batch").order_by(AuditEntry.id)
    said = db.session.scalars(entries).all()
    assert said == ["batch.prepared", "batch.submitted", "batch.approved", "certificates.issued", "batch.issued"]


def test_the_jobs_of_a_batch_write_its_lines_and_its_numbers(app: Flask) -> None:
    course = CourseFactory()
    people_who_pass(course, 2)
    actor = issuer(course)
    numbered(actor)
    batch = drafting.prepare_batch(course.public_id, Scope(), "", actor=actor)
    run_queued()
    approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    approving.approve_batch(batch.public_id, actor=actor)
    run_queued()

    assert numbers(certificates(course)) == [1, 2]


def test_issuing_again_changes_nothing(app: Flask) -> None:
    course = CourseFactory()
    people_who_pass(course, 3)
    actor = issuer(course)
    numbered(actor)
    batch = issued(course, actor)
    before = [(each.id, each.number, each.learner_id) for each in certificates(course)]

    issuing.issue_lines(batch.id, quiet, actor=actor)

    assert [(each.id, each.number, each.learner_id) for each in certificates(course)] == before


def test_a_job_that_ends_in_the_middle_goes_on_where_it_was(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    course = CourseFactory()
    people_who_pass(course, 5)
    actor = issuer(course)
    numbered(actor)
    batch = approved(course, actor)
    monkeypatch.setattr(issuing, "CHUNK", 2)
    names = [line.facts.name for line in lines(batch.id)]

    def falls(done: int, _total: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        issuing.issue_lines(batch.id, falls, actor=actor)
    assert numbers(certificates(course)) == [1, 2, 3, 4]
    issuing.issue_lines(batch.id, quiet, actor=actor)

    made = certificates(course)
    assert numbers(made) == [1, 2, 3, 4, 5]
    assert [each.facts["name"] for each in made] == names


def test_each_year_is_counted_from_one(app: Flask) -> None:
    course = CourseFactory()
    actor = issuer(course)
    numbered(actor)
    for year in (2024, 2025, 2024):
        people_who_pass(course, 1)
        made = draft(course, actor)
        day = date(year, 5, 7)
        approving.submit_batch(made.public_id, decision(actor, decided_on=day, issued_on=day), actor=actor)
        approving.approve_batch(made.public_id, actor=actor)
        issuing.issue_lines(made.id, quiet, actor=actor)

    found = [each.number for each in certificates(course)]
    assert found == ["00001/2024/GCN-SKHCN", "00002/2024/GCN-SKHCN", "00001/2025/GCN-SKHCN"]


def test_who_holds_a_certificate_is_not_in_the_next_batch(app: Flask) -> None:
    course = CourseFactory()
    people_who_pass(course, 2)
    actor = issuer(course)
    numbered(actor)
    issued(course, actor)

    with pytest.raises(Refusal, match=r"batch\.nobody"):
        drafting.prepare_batch(course.public_id, Scope(), "", actor=actor)


def test_a_batch_may_be_for_one_class_and_leaves_out_by_hand(app: Flask) -> None:
    course = CourseFactory()
    one, other = (make_class(course=course, code=code, days=1) for code in ("L01", "L02"))
    here = people_who_pass(course, 3, class_id=one.id)
    people_who_pass(course, 2, class_id=other.id)
    actor = issuer(course)
    numbered(actor)
    batch = draft(course, actor, Scope(class_id=one.id))
    left = here[1].learner

    with pytest.raises(Invalid, match=r"reason\.missing"):
        drafting.leave_out(batch.public_id, left.public_id, " ", actor=actor)
    drafting.leave_out(batch.public_id, left.public_id, "Chờ xác minh", actor=actor)
    drafting.refresh_batch(batch.public_id, actor=actor)
    drafting.fill_batch(batch.id, quiet)
    approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    approving.approve_batch(batch.public_id, actor=actor)
    issuing.issue_lines(batch.id, quiet, actor=actor)

    made = certificates(course)
    assert {each.learner_id for each in made} == {here[0].learner_id, here[2].learner_id}
    assert numbers(made) == [1, 2]
    assert [line.note for line in lines(batch.id, show="left_out")] == ["Chờ xác minh"]


def test_what_should_be_looked_at_is_named(app: Flask) -> None:
    course = CourseFactory()
    organisation = course.organisation_id
    capitals = LearnerFactory(
        organisation_id=organisation, name="NGUYỄN VĂN AN", unit="", unit_fold="", born_on=date(1980, 1, 2)
    )
    passes(course, capitals)
    passes(course, LearnerFactory(organisation_id=organisation, name="Y"))
    passes(course, LearnerFactory(organisation_id=organisation, name="Lê Hoa", birth_year=1975))
    for _ in range(2):
        passes(course, LearnerFactory(organisation_id=organisation, name="Lô Thị Ước", born_on=date(1990, 2, 3)))
    batch = draft(course, issuer(course))

    assert count_lines(batch.id).problems == {
        "no_birth": 1, "birth_year": 1, "capitals": 1, "odd_name": 1, "no_unit": 1, "twin": 2,
    }  # fmt: skip
    assert [line.facts.name for line in lines(batch.id, show="twin")] == ["Lô Thị Ước"] * 2


def test_changes_since_the_draft_are_named_and_stop_the_approval(app: Flask) -> None:
    course = CourseFactory()
    found = people_who_pass(course, 5)
    actor = issuer(course)
    numbered(actor)
    batch = draft(course, actor)
    approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    people = [db.session.get_one(Learner, each.learner_id) for each in found]
    people[0].name = "Trần Thị Ân"
    people[1].born_on = date(1985, 3, 8)
    found[2].decision = "fail"
    db.session.commit()
    merge_learners(people[4].public_id, people[3].public_id, "một người", actor=actor)

    differing = differences(batch, setting_of(course))
    assert differing.counts == {"name": 1, "born": 1, "no_longer_passes": 1, "merged": 1}
    with pytest.raises(Refusal) as refused:
        approving.approve_batch(batch.public_id, actor=actor)
    assert (refused.value.code, refused.value.details) == ("batch.stale", {"count": 4})
    approving.take_back_batch(batch.public_id, actor=actor)
    drafting.refresh_batch(batch.public_id, actor=actor)
    drafting.fill_batch(batch.id, quiet)
    db.session.expire_all()
    assert differences(db.session.get_one(IssueBatch, batch.id), setting_of(course)).count == 0
    assert count_lines(batch.id).left_out == {"no_longer_passes": 2}
    assert count_lines(batch.id).issuing == 3


def test_somebody_merged_after_the_approval_costs_no_number(app: Flask) -> None:
    course = CourseFactory()
    found = people_who_pass(course, 3)
    actor = issuer(course)
    numbered(actor)
    batch = approved(course, actor)
    kept, gone = found[0].learner, found[1].learner
    merge_learners(kept.public_id, gone.public_id, "một người", actor=actor)

    issuing.issue_lines(batch.id, quiet, actor=actor)

    made = certificates(course)
    assert numbers(made) == [1, 2]
    assert gone.id not in {each.learner_id for each in made}
    assert [line.left_out for line in lines(batch.id, show="left_out")] == ["merged"]


def test_null_learner_cannot_slip_past_the_constraint(any_app: Flask) -> None:
    from sqlalchemy.exc import IntegrityError

    course = CourseFactory()
    people_who_pass(course, 2)
    actor = issuer(course)
    numbered(actor)
    issued(course, actor)
    one, two = (each.id for each in certificates(course))
    for values in ({"learner_id": None}, {"learner_id": None, "state": "revoked"}, {"state": "void"}):
        with pytest.raises(IntegrityError):
            db.session.execute(update(Certificate).where(Certificate.id == one).values(**values))
        db.session.rollback()
    holder = db.session.get_one(Certificate, two).learner_id
    with pytest.raises(IntegrityError):
        db.session.execute(update(Certificate).where(Certificate.id == one).values(learner_id=holder))
    db.session.rollback()


def test_somebody_else_approves_where_four_eyes_are_wanted(app: Flask) -> None:
    course = CourseFactory()
    people_who_pass(course, 1)
    actor, other = issuer(course), issuer(course)
    numbered(actor, four_eyes=True)
    batch = draft(course, actor)
    approving.submit_batch(batch.public_id, decision(actor), actor=actor)

    with pytest.raises(Refusal, match=r"batch\.four_eyes"):
        approving.approve_batch(batch.public_id, actor=actor)
    approving.approve_batch(batch.public_id, actor=other)

    assert db.session.get_one(IssueBatch, batch.id).approved_by == other.staff_id


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"number": " "}, "decision.no_number"),
        ({"decided_on": None}, "decision.no_date"),
        ({"decided_on": date(2100, 1, 1)}, "decision.in_future"),
        ({"decided_on": date(26, 11, 20), "issued_on": date(26, 11, 20)}, "decision.long_ago"),
        ({"issued_on": date(2020, 1, 1)}, "decision.issued_before"),
        ({"signer_name": ""}, "decision.no_signer"),
        ({"scan": b""}, "decision.no_file"),
        ({"scan": b"MZ\x90"}, "decision.file_kind"),
        ({"scan": b"%PDF-1.4 cut"}, "decision.file_broken"),
        ({"scan": b"%PDF-1.4 /JavaScript (x)\n%%EOF"}, "decision.file_active"),
        ({"scan": b"\x89PNG\r\n\x1a\nxx"}, "picture.broken"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(app: Flask, wrong: dict[str, object], code: str) -> None:
    course = CourseFactory()
    people_who_pass(course, 1)
    actor = issuer(course)
    numbered(actor)
    batch = draft(course, actor)

    with pytest.raises(Invalid) as refused:
        approving.submit_batch(batch.public_id, replace(decision(actor), **wrong), actor=actor)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert db.session.get_one(IssueBatch, batch.id).state == "draft"


def test_a_wrong_draft_is_cancelled_and_its_people_are_free_again(app: Flask) -> None:
    course = CourseFactory()
    people_who_pass(course, 2)
    actor = issuer(course)
    numbered(actor)
    batch = draft(course, actor)
    with pytest.raises(Refusal, match=r"batch\.draft_open"):
        drafting.prepare_batch(course.public_id, Scope(), "", actor=actor)

    approving.cancel_batch(batch.public_id, "Nhầm lớp", actor=actor)

    assert issued(course, actor).number == 2
    with pytest.raises(Refusal, match=r"batch\.state"):
        approving.cancel_batch(batch.public_id, "Nhầm", actor=actor)


def test_lines_written_twice_are_the_same_lines(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    course = CourseFactory()
    people_who_pass(course, 5)
    actor = issuer(course)
    batch = drafting.prepare_batch(course.public_id, Scope(), "", actor=actor)
    monkeypatch.setattr(drafting, "CHUNK", 2)

    def falls(done: int, _total: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drafting.fill_batch(batch.id, falls)
    db.session.rollback()
    drafting.fill_batch(batch.id, quiet)
    drafting.fill_batch(batch.id, quiet)

    assert db.session.scalar(select(func.count(IssueLine.id))) == 5


def test_a_learner_in_a_class_is_named_by_it_and_who_learnt_online_by_the_intake(app: Flask) -> None:
    course = CourseFactory()
    of_class = make_class(course=course, code="L01", days=3)
    place = EnrolmentFactory(training_class=of_class)
    passes(course, place.learner, class_id=of_class.id)

    line = lines(draft(course, issuer(course)).id)[0]

    assert (line.facts.group, line.facts.starts_on, line.facts.ends_on) == ("Lớp L01", "2026-10-12", "2026-10-14")


def questioned(course: Course, learner: Learner) -> MatchCase:
    """An open question whether a record of the course is this learner's."""
    intake = Intake(organisation_id=course.organisation_id, course_id=course.id, name="Đợt 9", created_at=LONG_AGO)
    db.session.add(intake)
    db.session.flush()
    record = OnlineRecord(
        organisation_id=course.organisation_id, intake_id=intake.id, account="na9", account_key="na9",
        link="queued", taken_at=LONG_AGO, created_at=LONG_AGO, updated_at=LONG_AGO,
    )  # fmt: skip
    db.session.add(record)
    db.session.flush()
    made = MatchCase(
        organisation_id=course.organisation_id, record_id=record.id, reason="name_only", created_at=LONG_AGO,
        candidates=[{"learner": learner.id, "score": 80, "evidence": [], "against": []}],
    )  # fmt: skip
    db.session.add(made)
    db.session.commit()
    return made


def test_who_is_in_question_or_denied_since_the_rule_was_applied_stops_the_approval(app: Flask) -> None:
    course = CourseFactory()
    found = people_who_pass(course, 3)
    actor = issuer(course)
    numbered(actor)
    batch = draft(course, actor)
    approving.submit_batch(batch.public_id, decision(actor), actor=actor)
    questioned(course, found[0].learner)
    list_learner(course.public_id, found[1].learner.public_id, "deny", "Thi hộ", actor=actor)

    assert differences(batch, setting_of(course)).counts == {"denied": 1, "held": 1}
    with pytest.raises(Refusal, match=r"batch\.stale"):
        approving.approve_batch(batch.public_id, actor=actor)
    approving.take_back_batch(batch.public_id, actor=actor)
    drafting.refresh_batch(batch.public_id, actor=actor)
    drafting.fill_batch(batch.id, quiet)
    db.session.expire_all()
    assert count_lines(batch.id).left_out == {"no_longer_passes": 2}
    assert differences(db.session.get_one(IssueBatch, batch.id), setting_of(course)).count == 0


def test_a_denial_after_the_approval_costs_no_number(app: Flask) -> None:
    course = CourseFactory()
    found = people_who_pass(course, 3)
    actor = issuer(course)
    numbered(actor)
    batch = approved(course, actor)
    denied = found[0].learner
    list_learner(course.public_id, denied.public_id, "deny", "Thi hộ", actor=actor)

    issuing.issue_lines(batch.id, quiet, actor=actor)

    made = certificates(course)
    assert numbers(made) == [1, 2]
    assert denied.id not in {each.learner_id for each in made}
    assert [line.left_out for line in lines(batch.id, show="left_out")] == ["denied"]
