"""Certificates written straight into their tables, as if they had been issued: for printing and verification."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from classroom.certification.models import Certificate, IssueBatch
from classroom.certification.rules.certificates import PrintedFacts
from classroom.certification.rules.codes import new_code
from classroom.certification.rules.designs import Design
from classroom.certification.rules.printing import Scope
from classroom.certification.services.printing import make_files, print_run
from classroom.certification.services.units import join_units
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.names import fold, sort_key
from classroom.learners.models import Learner
from classroom.sessions.models import Course
from tests.factories import CourseFactory, LearnerFactory

ISSUED_AT = datetime(2026, 11, 26, 3, tzinfo=UTC)
_numbers = count(1)


def facts(**changed: Any) -> PrintedFacts:
    """The facts of somebody who does not exist."""
    given = {
        "name": "Nguyễn Thị Ánh Tuyết",
        "born": "1985-03-07",
        "unit": "Ủy ban nhân dân xã Đô Lương",
        "programme": "Bồi dưỡng kỹ năng số năm 2026",
        "course": "Kỹ năng số cơ bản",
        "group": "L01",
        "starts_on": "2026-10-12",
        "ends_on": "2026-10-14",
        "path": "in_person",
        "result": "8,5/10",
        "organisation": "Sở Khoa học và Công nghệ",
        "parent_organisation": "Ủy ban nhân dân tỉnh Nghệ An",
        "place": "Nghệ An",
        "number": "00001/2026/GCN-SKHCN",
        "decision_number": "123/QĐ-SKHCN",
        "decision_on": "2026-11-20",
        "issued_on": "2026-11-26",
        "signer_title": "Giám đốc",
        "signer_name": "Trần Văn Mẫu",
    }
    return PrintedFacts(**{**given, **changed})


def make_batch(course: Course | None = None, **given: Any) -> IssueBatch:
    """A batch that has been issued."""
    course = course or CourseFactory()
    last = db.session.query(IssueBatch).filter_by(course_id=course.id).count()
    batch = IssueBatch(
        **{
            "organisation_id": course.organisation_id,
            "course_id": course.id,
            "number": last + 1,
            "state": "issued",
            "design": Design().as_json(),
            "decision_number": "123/QĐ-SKHCN",
            "decision_on": date(2026, 11, 20),
            "issued_on": date(2026, 11, 26),
            "prepared_at": ISSUED_AT,
            "issued_at": ISSUED_AT,
            **given,
        }
    )
    db.session.add(batch)
    db.session.commit()
    return batch


def make_certificate(
    batch: IssueBatch | None = None, *, learner: Learner | None = None, said: PrintedFacts | None = None, **given: Any
) -> Certificate:
    """A certificate of a batch, with the next number of all."""
    batch = batch or make_batch()
    serial = next(_numbers)
    number = f"{serial:05}/2026/GCN-SKHCN"
    said = PrintedFacts.from_json({**(said or facts()).as_json(), "number": number})
    void = given.get("state") == "void"
    if learner is None and not void:
        learner = LearnerFactory(organisation_id=batch.organisation_id, name=said.name, unit=said.unit)
    made = Certificate(
        **{
            "organisation_id": batch.organisation_id,
            "course_id": batch.course_id,
            "learner_id": learner.id if learner and not void else None,
            "batch_id": batch.id,
            "year": 2026,
            "serial": serial,
            "number": number,
            "code": new_code(),
            "facts": said.as_json(),
            "sort_key": sort_key(said.name),
            "name_fold": fold(said.name),
            "unit_fold": fold(said.unit),
            "issued_on": date(2026, 11, 26),
            "issued_at": ISSUED_AT,
            **given,
        }
    )
    db.session.add(made)
    db.session.commit()
    return made


def print_ids(batch_id: str, learner: Learner, actor: Actor) -> dict[str, str]:
    """A print run of the batch with its file, and a spelling of a unit, as addresses name them."""
    run = print_run(batch_id, Scope(), actor=actor)
    make_files(run.id, lambda *_job: b"%PDF-", lambda _done, _total: None, actor=actor)
    alias = join_units(f"Cách viết {learner.name}", learner.name, actor=actor)
    return {"run_id": run.public_id, "file_id": run.files[0].public_id, "alias_id": alias.public_id}
