"""Anybody may ask whether a certificate is what it says, and learns what is on the paper and no more."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from classroom.certification.rules.codes import new_code, shown_code
from classroom.certification.rules.designs import Design
from classroom.certification.rules.verifying import masked_born, masked_unit
from classroom.certification.views import verify
from classroom.core.ceiling import Ceiling
from classroom.core.db import db
from classroom.core.models import Throttle
from tests.support.printroom import facts, make_batch, make_certificate

LATER = datetime(2026, 12, 1, 20, tzinfo=UTC)  # in Việt Nam this is already the 2nd
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}{% raw %}",
    "javascript:alert(1)//",
    "' onmouseover='alert(1)",
)


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    return app.test_client()


def look(client: FlaskClient, code: str) -> TestResponse:
    return client.get(f"/v/{code}")


def test_a_valid_certificate_says_what_is_printed_on_it(anybody: FlaskClient) -> None:
    made = make_certificate()
    answer = look(anybody, made.code)
    assert answer.status_code == 200
    for printed in ("Nguyễn Thị Ánh Tuyết", made.number, "Kỹ năng số cơ bản", "26/11/2026", "123/QĐ-SKHCN"):
        assert printed in answer.text
    assert "Giấy chứng nhận này có hiệu lực" in answer.text


def test_birth_and_unit_are_masked(anybody: FlaskClient) -> None:
    answer = look(anybody, make_certificate().code)
    assert "••/••/1985" in answer.text
    assert "Ủ. b. n. d. x. Đ. L." in answer.text
    for hidden in ("07/03", "1985-03-07", "Đô Lương", "8,5/10"):
        assert hidden not in answer.text


@pytest.mark.parametrize(
    ("born", "masked"), [("1985-03-07", "••/••/1985"), ("1985", "1985"), ("", ""), ("không rõ", "")]
)
def test_of_a_birth_the_year_is_told(born: str, masked: str) -> None:
    assert masked_born(born) == masked


@pytest.mark.parametrize(
    ("unit", "masked"),
    [("Xóm 5, Nghi Phú", "X. 5. N. P."), ("", ""), ("<b>", "b."), ("---", "")],
)
def test_of_a_unit_the_first_letters_are_told(unit: str, masked: str) -> None:
    assert masked_unit(unit) == masked


def test_what_is_not_printed_is_not_told(anybody: FlaskClient) -> None:
    plain = Design(show_born=False, show_unit=False, show_result=True).as_json()
    answer = look(anybody, make_certificate(make_batch(design=plain)).code)
    assert "••" not in answer.text
    assert "Ủ. b." not in answer.text
    assert "8,5/10" in answer.text


def test_a_revoked_certificate_says_since_when_and_why(anybody: FlaskClient) -> None:
    made = make_certificate(state="revoked", revoked_at=LATER, revoke_reason="kết quả thi bị hủy")
    answer = look(anybody, made.code)
    assert answer.status_code == 200
    assert "02/12/2026" in answer.text
    assert "kết quả thi bị hủy" in answer.text
    assert "có hiệu lực" not in answer.text


def test_a_replaced_certificate_leads_to_the_one_that_replaces_it(anybody: FlaskClient) -> None:
    newer = make_certificate()
    older = make_certificate(newer.batch, state="replaced", replaced_at=LATER, replaced_by_id=newer.id)
    answer = look(anybody, older.code)
    assert f'href="/v/{newer.code}"' in answer.text
    assert "đã được thay thế" in answer.text
    assert "có hiệu lực" in look(anybody, newer.code).text


def test_void_number(anybody: FlaskClient) -> None:
    made = make_certificate(state="void", void_reason="in hỏng bản của bà Tuyết")
    answer = look(anybody, made.code)
    assert made.number in answer.text
    assert "đã bị hủy" in answer.text
    assert "Tuyết" not in answer.text


@pytest.mark.parametrize("state", ["issued", "revoked"])
def test_learner_erased(anybody: FlaskClient, state: str) -> None:
    made = make_certificate(
        state=state, erased_at=LATER, revoked_at=LATER if state == "revoked" else None, revoke_reason="của bà Tuyết"
    )
    answer = look(anybody, made.code)
    assert answer.status_code == 200
    assert made.number in answer.text
    assert ("có hiệu lực" in answer.text) == (state == "issued")
    for gone in ("Tuyết", "1985", "Ủ. b."):
        assert gone not in answer.text


def skeleton(page: str) -> list[str]:
    return re.findall(r"<\w+", page)


def test_unknown_code(anybody: FlaskClient) -> None:
    make_certificate()
    unknown = new_code()
    wrong = unknown[:-1] + ("0" if unknown[-1] != "0" else "1")
    answers = [look(anybody, code) for code in (unknown, wrong, "ABC", "x" * 300, "<b>&", "٣" * 13)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({tuple(skeleton(answer.text)) for answer in answers}) == 1
    assert "Không có giấy chứng nhận nào mang mã này" in answers[0].text


def test_a_code_that_is_none_takes_the_same_way_as_one_that_is_unknown(anybody: FlaskClient, monkeypatch) -> None:
    asked = []
    real = verify.find_by_code
    monkeypatch.setattr(verify, "find_by_code", lambda code: asked.append(len(code)) or real(code))
    look(anybody, new_code())
    look(anybody, "ABC")
    assert asked == [13, 13]


@pytest.mark.parametrize("way", [shown_code, str.lower, lambda code: f" {code} "])
def test_the_code_is_typed_as_people_type(anybody: FlaskClient, way) -> None:
    made = make_certificate()
    answer = anybody.get("/v", query_string={"code": way(made.code)})
    assert answer.status_code == 303
    assert answer.location == f"/v/{made.code}"
    assert "có hiệu lực" in anybody.get(answer.location).text


def test_what_is_typed_as_a_code_leads_to_no_other_site(anybody: FlaskClient) -> None:
    for typed in ("//evil.example/", "../login", "https://evil.example", "\\\\evil"):
        assert anybody.get("/v", query_string={"code": typed}).location.startswith("/v/")


def test_the_way_in_asks_for_the_code(anybody: FlaskClient) -> None:
    answer = anybody.get("/v")
    assert answer.status_code == 200
    assert 'name="code"' in answer.text


def test_no_cookie_no_index_no_copy(anybody: FlaskClient) -> None:
    made = make_certificate()
    for path in ("/v", f"/v/{made.code}", f"/v/{new_code()}"):
        answer = anybody.get(path, headers={"Cookie": ""})
        assert "Set-Cookie" not in answer.headers
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert '<meta name="robots" content="noindex, nofollow">' in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert "<script" not in answer.text


def test_asking_writes_nothing(anybody: FlaskClient) -> None:
    look(anybody, make_certificate().code)
    look(anybody, new_code())
    assert db.session.query(Throttle).count() == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_facts_are_words(anybody: FlaskClient, text: str) -> None:
    said = facts(name=text, course=text, programme=text, signer_name=text, decision_number=text)
    page = look(anybody, make_certificate(said=said, state="revoked", revoked_at=LATER, revoke_reason=text).code).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "onmouseover='" not in page
    if "7*7" in text:
        assert "{{7*7}}" in page


def test_a_flood_from_one_address_is_told_to_wait(anybody: FlaskClient, monkeypatch) -> None:
    monkeypatch.setattr(verify, "PER_ADDRESS", Ceiling(3, verify.WINDOW))
    code = make_certificate().code
    assert [look(anybody, code).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_one_address_alone_closes_no_code() -> None:
    assert verify.PER_CODE.most > 2 * verify.PER_ADDRESS.most


def test_a_flood_for_one_code_leaves_the_others_open(anybody: FlaskClient, monkeypatch) -> None:
    monkeypatch.setattr(verify, "PER_CODE", Ceiling(2, verify.WINDOW))
    made, other = make_certificate(), make_certificate()
    assert [look(anybody, made.code).status_code for _ in range(3)] == [200, 200, 429]
    assert look(anybody, other.code).status_code == 200
