"""A certificate of a learner of a class, with rule, explanation, batch and decision, as issuing leaves it."""

from datetime import date

from classroom.certification.models import Certificate, CertificateEvent, IssueBatch, RuleVersion
from classroom.certification.rules.certificates import PrintedFacts
from classroom.core.clock import now
from classroom.core.db import db
from classroom.core.models import StoredFile
from classroom.core.names import fold, sort_key
from classroom.core.signing import random_token
from classroom.sessions.models import Enrolment

SCAN = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
RULE = {
    "in_person": {"sessions": 5, "paper": "p", "mark": None},
    "online": {"in_time": True, "score": 60},
    "mixed": True,
}
EXPLANATION = [
    {
        "path": "in_person", "criterion": "attendance", "met": True, "required": {"sessions": 5, "of": 6},
        "actual": {"sessions": 6}, "reason": "", "score": "",
        "source": {
            "class": "L03",
            "sessions": [{"number": 1, "on": "2026-10-12", "part": "morning", "status": "present"}],
        },
    },
    {
        "path": "in_person", "criterion": "test", "met": True, "required": {"passed": True},
        "actual": {"score": "8,5/10", "outcome": "pass"}, "source": {"paper": "Đề 1", "on": "2026-10-14"},
        "reason": "", "score": "8,5/10",
    },
]  # fmt: skip


def make_certificate(place: Enrolment, serial: int = 1) -> Certificate:
    """The certificate of whoever has the place."""
    learner, common = place.learner, {"organisation_id": place.organisation_id}
    scan = StoredFile(
        **common, purpose="decision", filename="Quyết định 12.pdf", media_type="application/pdf", sha256="c" * 64,
        size=len(SCAN), content=SCAN, created_at=now(),
    )  # fmt: skip
    rule = RuleVersion(**common, course_id=place.course_id, number=serial, rule=RULE, created_at=now())
    db.session.add_all([scan, rule])
    db.session.flush()
    batch = IssueBatch(
        **common, course_id=place.course_id, number=serial, title="Lớp trực tiếp", state="issued",
        rule_version_id=rule.id, decision_number="12/QĐ-SKHCN", decision_on=date(2026, 11, 20),
        decision_file_id=scan.id, signer_title="GIÁM ĐỐC", signer_name="Hồ Thị Ánh", prepared_at=now(),
        approved_at=now(), issued_at=now(),
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    facts = PrintedFacts(
        name=learner.name, born="1985-03-07", unit=learner.unit, programme="Kỹ năng số", course="Kỹ năng số cơ bản",
        group=place.training_class.code, path="in_person", result="8,5/10", number=f"{serial:05}/2026/GCN-SKHCN",
    )  # fmt: skip
    made = Certificate(
        **common, course_id=place.course_id, learner_id=learner.id, batch_id=batch.id, class_id=place.class_id,
        year=2026, serial=serial, number=facts.number, code=random_token()[:13], facts=facts.as_json(),
        explanation=EXPLANATION, rule_version_id=rule.id, sort_key=sort_key(learner.name),
        name_fold=fold(learner.name), unit_fold=fold(learner.unit), issued_on=date(2026, 11, 20), issued_at=now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    db.session.add(CertificateEvent(**common, certificate_id=made.id, kind="issued", at=now()))
    db.session.commit()
    return made
