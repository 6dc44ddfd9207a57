"""Read what dossiers tell; every read is of the actor's organisation."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import aliased, joinedload

from classroom.accounts.models import Staff
from classroom.audit.models import AuditEntry, AuditPayload
from classroom.audit.queries import Line
from classroom.certification.models import Certificate, CertificateEvent, IssueBatch, Outcome, RuleVersion
from classroom.certification.presenters import ruling
from classroom.certification.queries import rules
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.models import StoredFile
from classroom.exams.models import Attempt, Sitting
from classroom.online.models import ImportRow, Intake, OnlineImport, OnlineImportFile, OnlineRecord
from classroom.sessions.models import ClassSession, EnrolmentChange, RosterImport, TrainingClass


def get_certificate(actor: Actor, public_id: str) -> Certificate:
    """A certificate of the actor's organisation with its batch and learner; raises NotFound."""
    found = db.session.scalar(
        select(Certificate)
        .where(Certificate.public_id == public_id, Certificate.organisation_id == actor.organisation_id)
        .options(joinedload(Certificate.batch).joinedload(IssueBatch.course), joinedload(Certificate.learner))
    )
    if found is None:
        raise NotFound
    return found


def events_of(one: Certificate) -> Sequence[Row[Any]]:
    """What was done about it, with who did it."""
    query = select(CertificateEvent, Staff.name).outerjoin(Staff, Staff.id == CertificateEvent.staff_id)
    return db.session.execute(
        query.where(CertificateEvent.certificate_id == one.id).order_by(CertificateEvent.id)
    ).all()


def find_certificate(key: int | None) -> Certificate | None:
    """The certificate that another one names."""
    return db.session.get(Certificate, key) if key else None


def find_rule(key: int | None) -> RuleVersion | None:
    """The version of the rule that was in force."""
    return db.session.get(RuleVersion, key) if key else None


def titles_of(rule: RuleVersion) -> dict[str, str]:
    """Titles of the papers that a rule may name, by public id."""
    return ruling.titles_of(rules.papers_of(rule.course_id))


def name_of(staff_id: int | None) -> str:
    """Who it was."""
    staff = db.session.get(Staff, staff_id) if staff_id else None
    return staff.name if staff else ""


def attempts_of(learner_ids: Collection[int]) -> Sequence[Row[Any]]:
    """Attempts with their sitting, session and class, the earliest first."""
    return db.session.execute(
        select(Attempt, Sitting, ClassSession, TrainingClass.code)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(ClassSession, ClassSession.id == Sitting.class_session_id)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .where(Attempt.learner_id.in_(learner_ids))
        .order_by(Attempt.started_at, Attempt.id)
    ).all()


def records_of(learner_ids: Collection[int]) -> Sequence[Row[Any]]:
    """Online records with the intake, the row that says so and the import it came by."""
    return db.session.execute(
        select(OnlineRecord, Intake.name, ImportRow.number, OnlineImport)
        .join(Intake, Intake.id == OnlineRecord.intake_id)
        .outerjoin(ImportRow, ImportRow.id == OnlineRecord.row_id)
        .outerjoin(OnlineImport, OnlineImport.id == ImportRow.import_id)
        .where(OnlineRecord.learner_id.in_(learner_ids))
        .order_by(OnlineRecord.id)
    ).all()


def files_of(import_ids: Collection[int]) -> Sequence[OnlineImportFile]:
    """The files that imports were made of."""
    query = select(OnlineImportFile).where(OnlineImportFile.import_id.in_(import_ids)).order_by(OnlineImportFile.id)
    return db.session.scalars(query).all()


def certificates_of_class(class_id: int) -> Sequence[Certificate]:
    """Certificates of a class in the order of their numbers."""
    query = select(Certificate).where(Certificate.class_id == class_id)
    query = query.options(joinedload(Certificate.batch))
    return db.session.scalars(query.order_by(Certificate.year, Certificate.serial)).all()


def outcomes_of_class(class_id: int) -> Sequence[Outcome]:
    """What the rule says of the class's learners, as last applied."""
    query = select(Outcome).where(Outcome.class_id == class_id).options(joinedload(Outcome.learner))
    return [one for one in db.session.scalars(query) if one.learner.merged_into_id is None]


def lists_of_class(class_id: int) -> Sequence[Row[Any]]:
    """Files by which people came into the class, with who brought and who confirmed them."""
    told = select(EnrolmentChange.roster_import_id).distinct()
    confirmer = aliased(Staff)
    return db.session.execute(
        select(RosterImport, StoredFile.filename, StoredFile.sha256, Staff.name, confirmer.name)
        .join(StoredFile, StoredFile.id == RosterImport.file_id)
        .outerjoin(Staff, Staff.id == RosterImport.uploaded_by)
        .outerjoin(confirmer, confirmer.id == RosterImport.confirmed_by)
        .where(
            RosterImport.state.in_(("confirmed", "undone")),
            or_(RosterImport.class_id == class_id, RosterImport.class_id.is_(None) & RosterImport.id.in_(told)),
        )
        .order_by(RosterImport.id)
    ).all()


def log_about(organisation_id: int, subjects: Collection[tuple[str, int]], limit: int) -> list[Line]:
    """Entries of the log about these things, the earliest first."""
    named = (AuditEntry.subject_kind == kind for kind, _key in subjects)
    keyed = (AuditEntry.subject_id == key for _kind, key in subjects)
    rows = db.session.execute(
        select(AuditEntry, AuditPayload.details)
        .outerjoin(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
        .where(
            AuditEntry.organisation_id == organisation_id,
            or_(*(kind & key for kind, key in zip(named, keyed, strict=True))),
        )
        .order_by(AuditEntry.id)
        .limit(limit)
    )
    return [Line(entry, details or {}) for entry, details in rows]
