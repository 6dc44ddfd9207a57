"""Certificates are printed in runs: whole, in order, resumable, and a second time only with a reason."""

import io
import re
import zipfile
from typing import Any

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.accounts.models import Organisation
from classroom.certification.models import Certificate, CertificateEvent, IssueBatch, PrintFile, PrintRun
from classroom.certification.queries import printing as queries
from classroom.certification.rules import printing as rules
from classroom.certification.rules.printing import Chunk, Scope, chunks
from classroom.certification.services import printing as services
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.core.models import StoredFile
from classroom.jobs.services import run_queued
from classroom.learners.rules.erasure import AskedErasure
from classroom.learners.services import ask_erasure, erase_learner
from tests.factories import LONG_AGO, StaffFactory, make_actor, make_class, sign_in
from tests.support.online import make_intake
from tests.support.pages import check_page
from tests.support.printroom import facts, make_batch, make_certificate

ROOT = "https://chungnhan.example.vn"


@pytest.fixture
def batch(app: Flask) -> IssueBatch:
    return make_batch()


@pytest.fixture
def clerk(batch: IssueBatch) -> Actor:
    return make_actor("coordinator", organisation=_organisation(batch))


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "chunks", lambda serials: chunks(serials, 2))


def fake_press(faces: list[tuple[dict[str, Any], str]], _chosen: object, _root: str) -> bytes:
    return "\n".join(face["name"] for face, _code in faces).encode()


def fill(batch: IssueBatch, count: int, **given: Any) -> list[Certificate]:
    return [make_certificate(batch, said=facts(name=f"Người {number}"), **given) for number in range(count)]


def contents(run_id: int) -> list[bytes | None]:
    db.session.rollback()
    files = db.session.query(PrintFile).filter_by(run_id=run_id).order_by(PrintFile.position)
    return [one.file.content if one.file else None for one in files]


def printed() -> list[tuple[int, str]]:
    events = db.session.query(CertificateEvent).filter_by(kind="printed").order_by(CertificateEvent.id)
    return [(one.certificate_id, one.reason) for one in events]


def make(run: PrintRun, actor: Actor, press: services.Press = fake_press) -> None:
    services.make_files(run.id, press, lambda _done, _total: None, actor=actor)


def test_numbers_are_cut_into_files_in_their_order() -> None:
    assert chunks([3, 4, 9, 10, 11], 2) == [Chunk(3, 4, 2), Chunk(9, 10, 2), Chunk(11, 11, 1)]
    assert chunks([], 2) == []
    assert rules.CHUNK == 500


def test_a_run_prints_every_valid_certificate_of_its_batch_once(batch: IssueBatch, clerk: Actor, small_files) -> None:
    made = fill(batch, 5)
    make_certificate(batch, state="revoked")
    make_certificate(batch, state="void", void_reason="hỏng")
    make_certificate(make_batch(batch.course))
    run = services.print_run(batch.public_id, Scope(), actor=clerk)
    make(run, clerk)
    assert contents(run.id) == ["Người 0\nNgười 1".encode(), "Người 2\nNgười 3".encode(), "Người 4".encode()]
    assert printed() == [(one.id, "") for one in made]
    assert db.session.get_one(PrintRun, run.id).state == "ready"


def test_after_a_jam_printing_goes_on_from_a_number(batch: IssueBatch, clerk: Actor) -> None:
    made = fill(batch, 4)
    run = services.print_run(batch.public_id, Scope(first_serial=made[2].serial), actor=clerk)
    make(run, clerk)
    assert contents(run.id) == ["Người 2\nNgười 3".encode()]


def test_a_second_printing_needs_a_reason_that_is_kept(batch: IssueBatch, clerk: Actor) -> None:
    first, second = fill(batch, 2)
    make(services.print_run(batch.public_id, Scope(certificate_id=first.id), actor=clerk), clerk)
    with pytest.raises(Invalid, match=r"print\.reason_needed"):
        services.print_run(batch.public_id, Scope(), actor=clerk)
    services.print_run(batch.public_id, Scope(certificate_id=second.id), actor=clerk)
    again = services.print_run(batch.public_id, Scope(), reason="  kẹt   giấy ", actor=clerk)
    make(again, clerk)
    assert again.reprint_reason == "kẹt giấy"
    assert (first.id, "kẹt giấy") in printed()


def test_nothing_to_print_is_said(batch: IssueBatch, clerk: Actor) -> None:
    make_certificate(batch, state="revoked")
    with pytest.raises(Refusal, match=r"print\.nothing"):
        services.print_run(batch.public_id, Scope(), actor=clerk)


def test_who_only_looks_prints_nothing(batch: IssueBatch) -> None:
    fill(batch, 1)
    with pytest.raises(Forbidden):
        services.print_run(batch.public_id, Scope(), actor=make_actor("viewer", organisation=_organisation(batch)))


def test_another_organisations_batch_is_not_found(batch: IssueBatch) -> None:
    fill(batch, 1)
    with pytest.raises(NotFound):
        services.print_run(batch.public_id, Scope(), actor=make_actor("coordinator"))


def test_a_run_that_was_killed_makes_only_what_is_missing(batch: IssueBatch, clerk: Actor, small_files) -> None:
    fill(batch, 5)
    run = services.print_run(batch.public_id, Scope(), actor=clerk)
    made: list[int] = []

    def dying(faces: list[tuple[dict[str, Any], str]], chosen: object, root: str) -> bytes:
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(len(faces))
        return fake_press(faces, chosen, root)

    with pytest.raises(KeyboardInterrupt):
        make(run, clerk, dying)
    kept = contents(run.id)
    assert [one is not None for one in kept] == [True, True, False]
    asked: list[int] = []
    make(run, clerk, lambda faces, chosen, root: asked.append(len(faces)) or fake_press(faces, chosen, root))
    assert asked == [1]
    assert contents(run.id)[:2] == kept[:2]
    assert len(printed()) == 5
    make(run, clerk)
    assert len(printed()) == 5


def test_a_class_is_printed_alone(batch: IssueBatch, clerk: Actor) -> None:
    held = make_class(course=batch.course)
    inside = make_certificate(batch, class_id=held.id)
    fill(batch, 2)
    make(services.print_run(batch.public_id, Scope(class_id=held.id, name=held.code), actor=clerk), clerk)
    assert [key for key, _reason in printed()] == [inside.id]


def test_somebody_with_a_class_and_an_intake_is_printed_with_one_of_them_alone(batch: IssueBatch, clerk: Actor) -> None:
    held, intake = make_class(course=batch.course), make_intake(batch.course)
    both = {"class_id": held.id, "intake_id": intake.id}
    in_person = make_certificate(batch, **both)
    online = make_certificate(batch, said=facts(path="online"), **both)
    never_online = make_certificate(batch, said=facts(path="online"), class_id=held.id)
    listed = make_certificate(batch, said=facts(path="listed"), intake_id=intake.id)
    found = queries.groups(batch.id)
    assert [(one.kind, one.count) for one in found] == [("class", 2), ("intake", 2)]
    make(services.print_run(batch.public_id, Scope(class_id=held.id), actor=clerk), clerk)
    assert [key for key, _reason in printed()] == [in_person.id, never_online.id]
    make(services.print_run(batch.public_id, Scope(intake_id=intake.id), actor=clerk), clerk)
    assert [key for key, _reason in printed()][2:] == [online.id, listed.id]


def test_a_certificate_revoked_in_the_meantime_is_not_printed(batch: IssueBatch, clerk: Actor) -> None:
    made = fill(batch, 1)[0]
    run = services.print_run(batch.public_id, Scope(), actor=clerk)
    db.session.get_one(Certificate, made.id).state = "revoked"
    db.session.commit()
    make(run, clerk)
    assert contents(run.id) == [None]
    assert printed() == []


def test_from_the_page_to_the_file_through_the_job(app: Flask, batch: IssueBatch) -> None:
    made = fill(batch, 3)
    staff = StaffFactory(organisation=_organisation(batch))
    client = sign_in(app.test_client(), staff)
    answer = client.post(f"/certificates/batches/{batch.public_id}/print", data={"what": ""})
    assert answer.status_code == 303
    run_queued()
    page = client.get(answer.location)
    file = client.get(re.findall(r'href="(/certificates/print-files/[^"]+)"', page.text)[0])
    words = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(file.data)).pages)
    assert all(one.number in words for one in made)
    archive = client.get(f"{answer.location}/all.zip")
    with zipfile.ZipFile(io.BytesIO(archive.data)) as opened:
        assert [opened.read(name) for name in opened.namelist()] == [file.data]
    again = client.post(f"/certificates/batches/{batch.public_id}/print", data={"what": "", "first": "abc"})
    assert again.status_code == 422
    assert "số nguyên" in again.text


def _organisation(batch: IssueBatch) -> Organisation:
    return db.session.get_one(Organisation, batch.organisation_id)


def test_a_file_is_made_anew_when_somebody_is_erased_while_it_is_printed(batch: IssueBatch, clerk: Actor) -> None:
    first, second = fill(batch, 2)
    run = services.print_run(batch.public_id, Scope(), actor=clerk)
    pressed: list[int] = []

    def press(faces: list[tuple[dict[str, Any], str]], chosen: object, root: str) -> bytes:
        if not pressed:
            db.session.get_one(Certificate, first.id).erased_at = LONG_AGO
            db.session.commit()
        pressed.append(len(faces))
        return fake_press(faces, chosen, root)

    make(run, clerk, press)
    assert pressed == [2, 1]
    assert contents(run.id) == ["Người 1".encode()]
    assert printed() == [(second.id, "")]


@pytest.fixture
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """The job makes its files without typesetting them."""

    class Quick:
        def __enter__(self) -> "Quick":
            return self

        def __exit__(self, *_error: object) -> None:
            """Nothing was opened."""

        def make(self, faces: list[tuple[dict[str, Any], str]], *_look: object) -> bytes:
            return fake_press(faces, None, "")

    monkeypatch.setattr("classroom.certification.tasks.printing.Press", Quick)


def end(one: Certificate, state: str = "revoked") -> None:
    found = db.session.get_one(Certificate, one.id)
    found.state, found.void_reason = state, "hỏng" if state == "void" else ""
    db.session.commit()


@pytest.mark.parametrize("state", ["revoked", "replaced", "void"])
def test_a_file_with_a_certificate_that_is_no_longer_valid_is_not_given_out(
    app: Flask, batch: IssueBatch, clerk: Actor, small_files: None, no_press: None, state: str
) -> None:
    made = fill(batch, 4)
    run = services.print_run(batch.public_id, Scope(), actor=clerk)
    run_queued()
    first, second = (f"/certificates/print-files/{one.public_id}.pdf" for one in run.files)
    here, office = f"/certificates/print-runs/{run.public_id}", _office(app, batch)
    end(made[0], state)

    for address in (first, f"{here}/all.zip"):
        refused = office.get(address)
        assert refused.status_code == 409
        check_page(refused.text)
        assert made[0].number in refused.text
        assert made[1].number not in refused.text
    assert "Người 0".encode() not in office.get(first).data
    assert office.get(second).data == "Người 2\nNgười 3".encode()
    page = office.get(here).text
    check_page(page)
    assert made[0].number in page
    assert f"{here}/all.zip" not in page
    assert f"{here}/anew" in page

    assert office.post(f"{here}/anew").status_code == 303
    kept = contents(run.id)
    assert kept == [None, "Người 2\nNgười 3".encode()]
    assert office.get(f"{here}/all.zip").status_code == 404
    run_queued()
    assert contents(run.id) == ["Người 1".encode(), kept[1]]
    assert office.get(first).data == "Người 1".encode()
    page = office.get(here).text
    assert f"{here}/all.zip" in page
    assert f"{here}/anew" not in page
    db.session.rollback()
    assert db.session.get_one(PrintRun, run.id).count == 3
    assert [key for key, reason in printed() if made[0].number in reason] == [made[1].id]


def test_what_is_dropped_of_a_print_file_leaves_nothing_behind(
    batch: IssueBatch, clerk: Actor, small_files: None, no_press: None
) -> None:
    made = fill(batch, 1)
    run = services.print_run(batch.public_id, Scope(), actor=clerk)
    run_queued()
    file_id = run.files[0].file_id
    end(made[0])
    services.make_anew(run.public_id, "hết hiệu lực", actor=clerk)
    assert db.session.get_one(StoredFile, file_id).content == b""
    run_queued()
    assert contents(run.id) == [None]
    assert printed() == [(made[0].id, "")]


def test_a_run_whose_certificates_are_all_valid_is_not_made_anew(
    app: Flask, batch: IssueBatch, clerk: Actor, small_files: None, no_press: None
) -> None:
    made = fill(batch, 3)
    end(made[0])
    run = services.print_run(batch.public_id, Scope(), actor=clerk)
    end(made[1])
    with pytest.raises(Refusal, match=r"print\.under_way"):
        services.make_anew(run.public_id, "x", actor=clerk)
    run_queued()
    assert queries.no_longer_valid(run.id) == {}
    with pytest.raises(Refusal, match=r"print\.all_valid"):
        services.make_anew(run.public_id, "x", actor=clerk)
    with pytest.raises(Forbidden):
        services.make_anew(run.public_id, "x", actor=make_actor("viewer", organisation=_organisation(batch)))
    with pytest.raises(NotFound):
        services.make_anew(run.public_id, "x", actor=make_actor("coordinator"))


def test_who_only_looks_is_told_and_gets_no_button(
    app: Flask, batch: IssueBatch, clerk: Actor, small_files: None, no_press: None
) -> None:
    made = fill(batch, 1)
    run = services.print_run(batch.public_id, Scope(), actor=clerk)
    run_queued()
    end(made[0])
    page = _office(app, batch, "viewer").get(f"/certificates/print-runs/{run.public_id}").text
    assert made[0].number in page
    assert "/anew" not in page


def test_files_dropped_at_an_erasure_can_be_made_anew_from_the_page(
    app: Flask, batch: IssueBatch, clerk: Actor, small_files: None, no_press: None
) -> None:
    made = fill(batch, 2)
    run = services.print_run(batch.public_id, Scope(), actor=clerk)
    run_queued()
    assert made[0].learner
    asked = ask_erasure(made[0].learner.public_id, AskedErasure("Người ấy", "CCCD", "đơn"), working_days=2, actor=clerk)
    erase_learner(asked.public_id, "theo đơn", actor=clerk)
    here, office = f"/certificates/print-runs/{run.public_id}", _office(app, batch)
    assert contents(run.id) == [None]
    assert office.post(f"{here}/anew").status_code == 303
    run_queued()
    assert contents(run.id) == ["Người 1".encode()]


def _office(app: Flask, batch: IssueBatch, role: str = "coordinator") -> FlaskClient:
    return sign_in(app.test_client(), StaffFactory(organisation=_organisation(batch), role_names=[role]))
