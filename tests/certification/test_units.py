"""Units are free text: their spellings are joined by people, and their certificates handed out together."""

import io

import pypdf
import pytest
from flask import Flask
from sqlalchemy import func

from classroom.accounts.models import Organisation
from classroom.certification.models import Certificate, CertificateEvent, IssueBatch
from classroom.certification.queries.units import suggestions, unit_batches
from classroom.certification.rules.units import alike, plain_unit
from classroom.certification.services import revoking
from classroom.certification.services.units import hand_out, join_units, part_units, take_back
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Invalid, NotFound, Refusal
from tests.factories import StaffFactory, make_actor, sign_in
from tests.support.printroom import facts, make_batch, make_certificate


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UBND xã Đô Lương", "Ủy ban nhân dân xã Đô Lương"),
        ("UBND Xã  ĐÔ LƯƠNG", "Uỷ ban nhân dân xã Đô Lương"),
        ("Sở KH&CN", "Sở Khoa học và Công nghệ"),
        ("Trường THPT Mẫu", "trường trung học phổ thông mẫu"),
    ],
)
def test_abbreviations_case_and_marks_make_no_other_unit(one: str, other: str) -> None:
    assert plain_unit(one) == plain_unit(other)


def test_spellings_that_read_alike_are_suggested_together() -> None:
    units = [
        "UBND xã Đô Lương",
        "Ủy ban nhân dân xã Đô Lương",
        "UBND xã Đô Lươg",
        "UBND xã Nghi Phú",
        "Khối 3 Vinh Phú",
    ]
    assert alike([*units, "Khối 4 Vinh Phú", "A", "B"]) == [
        ["UBND xã Đô Lươg", "UBND xã Đô Lương", "Ủy ban nhân dân xã Đô Lương"]
    ]


@pytest.fixture
def batch(app: Flask) -> IssueBatch:
    made = make_batch()
    for number, unit in enumerate(["UBND xã Đô Lương", "Ủy ban nhân dân xã Đô Lương", "Sở Mẫu", ""]):
        make_certificate(made, said=facts(name=f"Người {number}", unit=unit))
    return made


@pytest.fixture
def organisation(batch: IssueBatch) -> Organisation:
    return db.session.get_one(Organisation, batch.organisation_id)


@pytest.fixture
def clerk(organisation: Organisation) -> Actor:
    return make_actor("coordinator", organisation=organisation)


def counted(batch: IssueBatch) -> list[tuple[str, int, int]]:
    return [(one.name, one.count, one.handed_out) for one in unit_batches(batch.organisation_id, batch.id)]


def test_joined_spellings_are_one_unit_until_they_are_parted(batch: IssueBatch, clerk: Actor) -> None:
    assert len(counted(batch)) == 4
    assert suggestions(batch.organisation_id) == [["UBND xã Đô Lương", "Ủy ban nhân dân xã Đô Lương"]]
    made = join_units("UBND xã Đô Lương", "Ủy ban nhân dân xã Đô Lương", actor=clerk)
    assert counted(batch) == [("Sở Mẫu", 1, 0), ("Ủy ban nhân dân xã Đô Lương", 2, 0), ("", 1, 0)]
    assert suggestions(batch.organisation_id) == []
    part_units(made.public_id, actor=clerk)
    assert len(counted(batch)) == 4


def test_a_unit_that_is_joined_takes_its_spellings_along(batch: IssueBatch, clerk: Actor) -> None:
    join_units("UBND xã Đô Lương", "Ủy ban nhân dân xã Đô Lương", actor=clerk)
    join_units("Ủy ban nhân dân xã Đô Lương", "Sở Mẫu", actor=clerk)
    assert counted(batch) == [("Sở Mẫu", 3, 0), ("", 1, 0)]
    with pytest.raises(Invalid, match=r"unit\.itself"):
        join_units("Sở Mẫu", "UBND xã Đô Lương", actor=clerk)


@pytest.mark.parametrize(("alias", "unit"), [("", "Sở"), ("Sở", " "), ("x" * 201, "Sở"), ("SỞ MẪU", "Sở mẫu")])
def test_spellings_that_make_no_sense_are_refused(clerk: Actor, alias: str, unit: str) -> None:
    with pytest.raises(Invalid):
        join_units(alias, unit, actor=clerk)


def test_a_unit_gets_its_certificates_once(batch: IssueBatch, clerk: Actor) -> None:
    join_units("UBND xã Đô Lương", "Ủy ban nhân dân xã Đô Lương", actor=clerk)
    key = "uy ban nhan dan xa do luong"
    assert hand_out(batch.public_id, key, "Lê Văn Nhận", actor=clerk) == 2
    assert hand_out(batch.public_id, key, "Người Khác", actor=clerk) == 0
    got = db.session.query(Certificate).filter(Certificate.handed_out_at.is_not(None)).all()
    assert {one.handed_out_to for one in got} == {"Lê Văn Nhận"}
    assert db.session.query(CertificateEvent).filter_by(kind="handed_out").count() == 2


def test_the_latest_handing_out_is_taken_back_and_no_other(batch: IssueBatch, clerk: Actor) -> None:
    join_units("UBND xã Đô Lương", "Ủy ban nhân dân xã Đô Lương", actor=clerk)
    key = "uy ban nhan dan xa do luong"
    more = [make_certificate(batch, said=facts(name=f"Người {n}", unit="UBND xã Đô Lương")) for n in (8, 9)]
    for one, to in zip(more, ("Chính chủ", "Lê Văn Nhận"), strict=True):
        revoking.hand_out(one.public_id, to, actor=clerk)
    assert hand_out(batch.public_id, key, "Lê Văn Nhận", actor=clerk) == 2
    more[0].handed_out_at = db.session.query(func.max(Certificate.handed_out_at)).scalar()  # in the same instant
    db.session.commit()
    assert hand_out(batch.public_id, "so mau", "Lê Văn Nhận", actor=clerk) == 1
    with pytest.raises(Refusal, match=r"certificate\.not_handed_out"):
        take_back(batch.public_id, key, "Chính chủ", "nhầm", actor=clerk)
    with pytest.raises(Invalid, match=r"reason\.missing"):
        take_back(batch.public_id, key, "Lê Văn Nhận", " ", actor=clerk)
    assert take_back(batch.public_id, key, "Lê Văn Nhận", "nhầm đơn vị", actor=clerk) == 2
    assert counted(batch) == [("Sở Mẫu", 1, 1), ("Ủy ban nhân dân xã Đô Lương", 4, 2), ("", 1, 0)]
    back = db.session.query(CertificateEvent).filter_by(kind="taken_back")
    assert [one.reason for one in back] == ["nhầm đơn vị"] * 2
    assert {one.handed_out_to for one in db.session.query(Certificate) if not one.handed_out_at} == {""}
    with pytest.raises(NotFound):
        take_back(batch.public_id, key, "Chính chủ", "nhầm", actor=make_actor("coordinator"))


def test_handing_out_needs_a_name_and_a_unit(batch: IssueBatch, clerk: Actor) -> None:
    with pytest.raises(Invalid, match=r"receipt\.no_name"):
        hand_out(batch.public_id, "so mau", " ", actor=clerk)
    with pytest.raises(NotFound):
        hand_out(batch.public_id, "khong co", "Ai", actor=clerk)
    with pytest.raises(NotFound):
        hand_out(batch.public_id, "so mau", "Ai", actor=make_actor("coordinator"))


def test_the_receipt_sheet_lists_the_unit_alone(app: Flask, batch: IssueBatch, organisation: Organisation) -> None:
    client = sign_in(app.test_client(), StaffFactory(organisation=organisation))
    answer = client.get(f"/certificates/batches/{batch.public_id}/receipt.pdf", query_string={"unit": "so mau"})
    words = " ".join(pypdf.PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().split())
    assert "DANH SÁCH GIAO NHẬN GIẤY CHỨNG NHẬN" in words
    assert "Người 2" in words
    assert "Người 1" not in words
    assert "NGƯỜI NHẬN" in words


def test_the_page_of_units_hands_out_and_prints(app: Flask, batch: IssueBatch, organisation: Organisation) -> None:
    client = sign_in(app.test_client(), StaffFactory(organisation=organisation))
    path = f"/certificates/batches/{batch.public_id}/units"
    assert "Sở Mẫu" in client.get(path).text
    assert client.post(path, data={"unit": "so mau", "do": "hand_out", "to": ""}).status_code == 422
    assert client.post(path, data={"unit": "so mau", "do": "hand_out", "to": "Lê Văn Nhận"}).status_code == 303
    back = {"unit": "so mau", "do": "take_back", "to": "Lê Văn Nhận"}
    assert "Lê Văn Nhận" in client.get(path).text
    assert client.post(path, data=back).status_code == 422
    assert client.post(path, data={**back, "reason": "nhầm"}).status_code == 303
    assert "Lê Văn Nhận" not in client.get(path).text
    assert client.post(path, data={"unit": "so mau", "do": "print"}).status_code == 303
    assert client.get("/certificates/units").status_code == 200
    joined = {"unit": "Ủy ban nhân dân xã Đô Lương", "alias": ["UBND xã Đô Lương", "Ủy ban nhân dân xã Đô Lương"]}
    assert client.post("/certificates/units", data=joined).status_code == 303
    assert len(counted(batch)) == 3
