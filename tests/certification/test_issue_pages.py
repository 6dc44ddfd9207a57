"""Pages of batches, certificates and the register, as a coordinator goes through them."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.accounts.models import Staff
from classroom.certification.models import IssueBatch
from classroom.core.clock import today
from classroom.core.db import db
from classroom.jobs.services import run_queued
from classroom.sessions.models import Course
from tests.factories import StaffFactory, actor_for, make_class, sign_in
from tests.support.issueroom import SCAN, certificates, draft, issued, numbered, people_who_pass, revoked
from tests.support.pages import check_page

ZONE = "Asia/Ho_Chi_Minh"


@pytest.fixture
def staff(course: Course) -> Staff:
    from classroom.accounts.models import Organisation

    return StaffFactory(organisation=db.session.get_one(Organisation, course.organisation_id))


@pytest.fixture
def office(client: FlaskClient, staff: Staff) -> FlaskClient:
    return sign_in(client, staff)


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def looked_at(office: FlaskClient, address: str) -> str:
    answer = office.get(address)
    assert answer.status_code == 200, address
    check_page(answer.get_data(as_text=True))
    return text_of(answer.get_data(as_text=True))


def newest_batch() -> IssueBatch:
    db.session.rollback()
    return db.session.query(IssueBatch).order_by(IssueBatch.id.desc()).first()  # type: ignore[return-value]


def test_a_coordinator_goes_from_outcomes_to_the_register(office: FlaskClient, course: Course) -> None:
    of_class = make_class(course=course, code="L01", days=1)
    people_who_pass(course, 3, class_id=of_class.id)
    day = f"{today(ZONE):%d/%m/%Y}"
    office.post("/certificates/settings", data={"pattern": "{serial:5}/{year}/GCN-{org}", "organisation_code": "SKHCN"})
    assert "Chuẩn bị cấp cho 3 người" in looked_at(office, "/certificates")
    looked_at(office, f"/certificates/courses/{course.public_id}/batches/new")

    form = {"group": f"class:{of_class.public_id}", "order": "group"}
    answer = office.post(f"/certificates/courses/{course.public_id}/batches/new", data=form)
    assert answer.status_code == 303
    address = answer.location
    looked_at(office, address)
    run_queued()
    assert "Lớp L01" in looked_at(office, address)
    looked_at(office, f"{address}/submit")
    decided = {"number": "12/QĐ", "decided_on": day, "issued_on": day, "signer_name": "Hồ Thị Ánh"}
    answer = office.post(f"{address}/submit", data={**decided, "scan": (io.BytesIO(SCAN), "qd.pdf")})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    looked_at(office, address)
    assert office.post(f"{address}/approve").status_code == 303
    looked_at(office, address)
    run_queued()

    assert "00003/" in looked_at(office, "/certificates/register")
    looked_at(office, address)
    looked_at(office, "/certificates")
    assert "3 giấy chứng nhận" in looked_at(office, "/certificates/issued")
    scan = office.get(f"{address}/decision")
    assert scan.data == SCAN
    assert scan.headers["Content-Disposition"].startswith("attachment")


def test_a_decision_that_cannot_be_is_said_at_its_field(office: FlaskClient, course: Course, staff: Staff) -> None:
    people_who_pass(course, 1)
    actor = actor_for(staff)
    numbered(actor)
    batch = draft(course, actor)
    answer = office.post(
        f"/certificates/batches/{batch.public_id}/submit", data={"number": "1", "decided_on": "7/7/2099"}
    )

    assert answer.status_code == 422
    check_page(answer.text)
    assert "signer_name-error" in answer.text
    assert "Xin đính kèm bản quét quyết định." in answer.text


def test_a_certificate_is_revoked_on_its_page_and_made_valid_again(
    office: FlaskClient, course: Course, staff: Staff
) -> None:
    people_who_pass(course, 1)
    numbered(actor_for(staff))
    issued(course, actor_for(staff))
    address = f"/certificates/issued/{certificates(course)[0].public_id}"
    looked_at(office, address)

    wrong = office.post(f"{address}/revoke", data={"reason": "Sai"})
    assert wrong.status_code == 422
    check_page(wrong.get_data(as_text=True))
    by = {"reason": "Cấp sai", "number": "9/QĐ", "decided_on": f"{today(ZONE):%d/%m/%Y}"}
    assert office.post(f"{address}/revoke", data=by).status_code == 303
    assert "Cấp sai" in looked_at(office, address)
    assert office.post(f"{address}/restore", data=by).status_code == 303
    assert office.post(f"{address}/hand-out", data={"to": "Lê Hoa"}).status_code == 303
    assert "Lê Hoa" in looked_at(office, address)
    assert office.post(f"{address}/void", data={"reason": "Hỏng"}).status_code == 409
    assert office.post(f"{address}/take-back", data={"reason": "Nhầm"}).status_code == 303
    answer = office.post(f"{address}/reissue", data={"kind": "lost", "reason": "Mất"})
    assert answer.status_code == 303
    looked_at(office, answer.location)


def test_a_draft_is_changed_on_its_page(office: FlaskClient, course: Course, staff: Staff) -> None:
    people = people_who_pass(course, 2)
    actor = actor_for(staff)
    batch = draft(course, actor)
    address, learner = f"/certificates/batches/{batch.public_id}", people[0].learner.public_id

    assert office.post(f"{address}/leave-out", data={"learner": learner, "reason": ""}).status_code == 422
    assert office.post(f"{address}/leave-out", data={"learner": learner, "reason": "Chờ"}).status_code == 303
    assert "Chờ" in looked_at(office, f"{address}?show=left_out")
    assert office.post(f"{address}/leave-out", data={"learner": learner, "take_in": "1"}).status_code == 303
    people[1].learner.name = "Trần Thị Ân"
    db.session.commit()
    assert "1 dòng" in looked_at(office, address)
    assert office.post(f"{address}/refresh").status_code == 303
    run_queued()
    assert "Trần Thị Ân" in looked_at(office, address)
    assert office.post(f"{address}/cancel", data={"reason": "Nhầm"}).status_code == 303
    assert "Nhầm" in looked_at(office, address)


def test_who_had_a_certificate_revoked_is_taken_into_a_draft_on_its_page(
    office: FlaskClient, course: Course, staff: Staff
) -> None:
    people_who_pass(course, 1)
    actor = actor_for(staff)
    numbered(actor)
    issued(course, actor)
    holder = revoked(course, actor).learner
    assert holder
    address = f"/certificates/batches/{draft(course, actor).public_id}"

    page = looked_at(office, address)
    assert "1 người được để lại vì từng bị thu hồi giấy chứng nhận" in page
    assert "Đã từng bị thu hồi giấy chứng nhận" in looked_at(office, f"{address}?show=left_out")
    assert "Đưa vào đợt cấp" in page
    assert "Nhập quyết định" not in page
    assert office.post(f"{address}/leave-out", data={"learner": holder.public_id, "take_in": "1"}).status_code == 303
    page = looked_at(office, address)
    assert "được để lại" not in page
    assert "Nhập quyết định" in page


def test_the_numbering_is_refused_where_it_was_typed(office: FlaskClient, course: Course) -> None:
    looked_at(office, "/certificates/settings")
    answer = office.post("/certificates/settings", data={"pattern": "{serial}", "organisation_code": ""})

    assert answer.status_code == 422
    check_page(answer.get_data(as_text=True))


def test_an_administrator_lets_one_person_approve_alone_and_a_coordinator_is_told_so(
    app: Flask, office: FlaskClient, course: Course, staff: Staff
) -> None:
    both, one = {"pattern": "{serial}/{year}", "four_eyes": "y"}, {"pattern": "{serial}/{year}"}
    assert office.post("/certificates/settings", data=both).status_code == 303
    refused = office.post("/certificates/settings", data=one)
    assert refused.status_code == 422
    check_page(refused.text)
    assert refused.text.count("Chỉ quản trị viên mới tắt được.") > looked_at(office, "/certificates/settings").count(
        "Chỉ quản trị viên mới tắt được."
    )
    head = sign_in(app.test_client(), StaffFactory(organisation=staff.organisation, role_names=("administrator",)))
    assert "/certificates/settings" in head.get("/certificates").text
    looked_at(head, "/certificates/settings")
    assert head.post("/certificates/settings", data=one).status_code == 303
    viewer = sign_in(app.test_client(), StaffFactory(organisation=staff.organisation, role_names=("viewer",)))
    assert viewer.get("/certificates/settings").status_code == 403


def test_two_certificates_can_be_chosen_between_on_the_page_of_a_merge(
    office: FlaskClient, course: Course, staff: Staff
) -> None:
    numbered(actor_for(staff))
    for _ in range(2):
        people_who_pass(course, 1)
        issued(course, actor_for(staff))
    first, second = certificates(course)
    kept, gone = first.learner, second.learner
    assert kept is not None
    assert gone is not None
    page = looked_at(office, f"/people/{kept.public_id}/merge?gone={gone.public_id}")
    assert first.number in page

    form = {"gone": gone.public_id, "reason": "một người", f"certificate-{course.public_id}": "kept"}
    assert office.post(f"/people/{kept.public_id}/merge", data=form).status_code == 303
    assert [one.state for one in certificates(course)] == ["issued", "replaced"]


def test_annex_and_register_are_files(office: FlaskClient, course: Course, staff: Staff) -> None:
    people_who_pass(course, 2)
    actor = actor_for(staff)
    numbered(actor)
    batch = issued(course, actor)
    revoked(course, actor)
    address = f"/certificates/batches/{batch.public_id}"
    for path, start in (
        (f"{address}/annex.pdf", b"%PDF"),
        (f"{address}/annex.pdf?layout=portrait", b"%PDF"),
        (f"{address}/annex.xlsx", b"PK"),
        ("/certificates/register.pdf", b"%PDF"),
        (f"/certificates/register.xlsx?batch={batch.public_id}", b"PK"),
    ):
        answer = office.get(path)
        assert answer.data.startswith(start), path
    assert office.get(f"{address}/annex.pdf?part=2").status_code == 404
    assert office.get("/certificates/register.pdf?from=1001").status_code == 404
