"""Dossiers say on what a certificate and a class rest, and every look at one is written down."""

import hashlib
import io
import zipfile

from flask import Flask
from sqlalchemy import select

from classroom.audit import services as audit
from classroom.audit.models import AuditEntry
from classroom.core.db import db
from tests.exams.making import make_paper, make_question, make_sitting
from tests.exams.marking import make_attempt
from tests.factories import EnrolmentFactory, StaffFactory, at, make_class, sign_in, vietnam
from tests.support.certified import SCAN, make_certificate
from tests.support.erasures import organisation_of


def ready(app: Flask, role: str = "viewer"):  # type: ignore[no-untyped-def]
    taught = make_class(code="L03")
    place = EnrolmentFactory(training_class=taught)
    held = taught.sessions[0]
    paper = make_paper(taught.course, [make_question(taught.course)], title="Đề cuối khóa")
    make_attempt(make_sitting(paper, held, held.starts_at), place.learner, [{"choice": "b"}])
    one = make_certificate(place)
    audit.seal_pending()
    staff = StaffFactory(organisation=organisation_of(taught.organisation_id), role_names=(role,))
    return sign_in(app.test_client(), staff), taught.public_id, one.public_id, place.learner.id_number


def actions() -> list[str]:
    db.session.rollback()
    query = select(AuditEntry.action, AuditEntry.facts).where(AuditEntry.action.startswith("dossier."))
    return [f"{action} {facts['kind']}".strip() for action, facts in db.session.execute(query.order_by(AuditEntry.id))]


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_a_viewer_reads_why_somebody_has_a_certificate_and_each_look_is_written_down(app: Flask) -> None:
    with at(vietnam(8)):
        client, _class_id, certificate_id, id_number = ready(app)
        page = client.get(f"/certificates/{certificate_id}/dossier")
        assert page.status_code == 200
        for words in ("12/QĐ-SKHCN", "tham dự ít nhất 5 trong 6 buổi", "ít nhất 5 trong 6 buổi", "Số buổi đã tham dự",
                      "Đề cuối khóa", "c" * 64, "Đầu chuỗi niêm phong", "Không có kết quả trực tuyến"):  # fmt: skip
            assert words in page.text, words
        assert id_number not in page.text
        assert id_number[-4:] in page.text
        assert client.get(f"/certificates/{certificate_id}/dossier.pdf").data.startswith(b"%PDF")
        files = unpacked(client.get(f"/certificates/{certificate_id}/dossier.zip").data)
    assert actions() == ["dossier.opened", "dossier.downloaded pdf", "dossier.downloaded zip"]
    assert files["quyet-dinh.pdf"] == SCAN
    index = [line.split("  ") for line in files.pop("muc-luc.txt").decode().splitlines() if not line.startswith("#")]
    assert {name: digest for digest, name in index} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }


def test_the_dossier_of_a_class_has_its_papers_beside_it(app: Flask) -> None:
    with at(vietnam(8)):
        client, class_id, _certificate_id, _number = ready(app)
        page = client.get(f"/classes/{class_id}/dossier")
        assert page.status_code == 200
        for words in ("Sổ điểm danh", "Không có sửa đổi sau khi ký sổ", "00001/2026/GCN-SKHCN", "Đề cuối khóa"):
            assert words in page.text, words
        files = unpacked(client.get(f"/classes/{class_id}/dossier.zip").data)
    assert set(files) == {
        "ho-so-lop-l03.pdf", "bang-diem-danh.pdf", "ket-qua-kiem-tra-1.pdf", "quyet-dinh-dot-1.pdf", "muc-luc.txt",
    }  # fmt: skip


def test_a_trainer_reads_no_certificate_and_only_the_classes_taught(app: Flask) -> None:
    with at(vietnam(8)):
        client, class_id, certificate_id, _number = ready(app, "trainer")
        assert client.get(f"/certificates/{certificate_id}/dossier").status_code == 403
        assert client.get(f"/classes/{class_id}/dossier").status_code == 404
    assert actions() == []
