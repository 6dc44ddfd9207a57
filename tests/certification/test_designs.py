"""A coordinator changes how certificates look, within bounds in which every page still fits."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from classroom.accounts.models import Organisation
from classroom.certification.queries.designs import design_of, design_of_batch, verify_root
from classroom.certification.rules.designs import (
    LONGEST,
    PLACES,
    Design,
    Frame,
    contrast,
    person_lines,
    shown_day,
    wording_of,
)
from classroom.certification.services.designs import drop_design, save_design
from classroom.core.db import db
from classroom.core.errors import Forbidden, Invalid, NotFound
from classroom.sessions.models import Course
from tests.factories import StaffFactory, make_actor, sign_in
from tests.support.drawn import picture
from tests.support.printroom import facts, make_batch


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"wording": ("a",) * 5}, "design.too_many_lines"),
        ({"wording": ("x" * (LONGEST["wording"] + 1),)}, "design.too_long"),
        ({"title": ""}, "design.no_title"),
        ({"title": "x" * 61}, "design.too_long"),
        ({"signer_name": "x" * 81}, "design.too_long"),
        ({"wording": ("{ten}",)}, "design.unknown_place"),
        ({"wording": ("{name",)}, "design.lone_bracket"),
        ({"wording": ("{{name}}",)}, "design.lone_bracket"),
        ({"wording": ("{name.__class__}",)}, "design.unknown_place"),
        ({"wording": ("{}",)}, "design.unknown_place"),
        ({"main": "red"}, "design.no_colour"),
        ({"main": "#fff000"}, "design.too_pale"),
        ({"main": "#ffffff"}, "design.too_pale"),
        ({"accent": "#fffff0"}, "design.too_pale"),
        ({"accent": "url(x)"}, "design.no_colour"),
    ],
)
def test_what_would_spoil_the_paper_is_refused(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        Design(**changed).checked()


def test_the_design_that_everybody_begins_with_is_sound() -> None:
    assert Design().checked() == Design()


@given(st.builds(Design, title=st.text(max_size=60), frame=st.sampled_from(Frame), show_born=st.booleans()))
def test_a_design_comes_back_from_its_row(design: Design) -> None:
    assert Design.from_json(design.as_json()) == design


def test_a_row_of_another_version_is_read() -> None:
    assert Design.from_json({"title": "GIẤY KHEN", "gone": 1}) == Design(title="GIẤY KHEN")


@pytest.mark.parametrize(("colour", "expected"), [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54)])
def test_contrast_is_that_of_the_standard(colour: str, expected: float) -> None:
    assert contrast(colour) == pytest.approx(expected, abs=0.01)


def test_every_place_is_filled() -> None:
    said = facts()
    for place in PLACES:
        filled = wording_of(Design(wording=(f"<{{{place}}}>",)), said)
        assert filled
        assert filled[0] not in {"<>", f"<{{{place}}}>"}


def test_a_fact_with_brackets_is_not_filled_again() -> None:
    assert wording_of(Design(wording=("{course}",)), facts(course="{name}")) == ["{name}"]


def test_a_line_whose_fact_is_not_known_is_left_out() -> None:
    assert wording_of(Design(), facts(starts_on="")) == ["Đã hoàn thành khóa bồi dưỡng “Kỹ năng số cơ bản”"]


def test_birth_unit_and_result_are_printed_as_chosen() -> None:
    said = facts()
    assert person_lines(Design(show_born=False), said) == [("Đơn vị", said.unit)]
    assert person_lines(Design(show_unit=False), said) == [("Sinh ngày", "07/03/1985")]
    assert wording_of(Design(wording=(), show_result=True), said) == ["Kết quả: 8,5/10"]


@pytest.mark.parametrize(
    ("kept", "shown"), [("1985-03-07", "07/03/1985"), ("1985", "1985"), ("", ""), ("0985-01-01", "01/01/0985")]
)
def test_days_are_written_as_people_do(kept: str, shown: str) -> None:
    assert shown_day(kept) == shown


@pytest.fixture
def organisation(course: Course) -> Organisation:
    return db.session.get_one(Organisation, course.organisation_id)


def test_a_course_has_its_own_design_else_the_common_one_else_the_first(
    course: Course, organisation: Organisation
) -> None:
    actor = make_actor("coordinator", organisation=organisation)
    assert design_of(organisation.id, course.id).design == Design()
    save_design(None, Design(title="CHUNG"), logo=picture(), actor=actor)
    assert design_of(organisation.id, course.id).design.title == "CHUNG"
    save_design(course.public_id, Design(title="RIÊNG"), actor=actor)
    own = design_of(organisation.id, course.id)
    assert (own.design.title, own.own, bool(own.logo)) == ("RIÊNG", True, True)
    drop_design(course.public_id, actor=actor)
    assert design_of(organisation.id, course.id).design.title == "CHUNG"


def test_a_later_change_does_not_reach_a_batch_that_was_approved(course: Course, organisation: Organisation) -> None:
    batch = make_batch(course, design=Design(title="LÚC DUYỆT").as_json())
    save_design(None, Design(title="SAU NÀY"), actor=make_actor("coordinator", organisation=organisation))
    assert design_of_batch(batch).design.title == "LÚC DUYỆT"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture.svg"),
        (b"%PDF-1.7 not a picture", "picture.not_a_picture"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "picture.broken"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20 * 1024 * 1024), "picture.too_large"),
    ],
)
def test_a_template_picture_that_is_not_one_is_refused(
    course: Course, organisation: Organisation, content: bytes, code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        save_design(None, Design(), logo=content, actor=make_actor("coordinator", organisation=organisation))


def test_a_logo_is_kept_as_we_write_it(course: Course, organisation: Organisation) -> None:
    sent = picture() + b"<?php evil ?>"
    save_design(None, Design(), logo=sent, actor=make_actor("coordinator", organisation=organisation))
    kept = design_of(organisation.id, None).logo
    assert b"evil" not in kept
    assert Image.open(io.BytesIO(kept)).size == (40, 30)
    save_design(None, Design(), keep_logo=False, actor=make_actor("coordinator", organisation=organisation))
    assert design_of(organisation.id, None).logo == b""


def test_who_may_not_changes_nothing(course: Course, organisation: Organisation) -> None:
    with pytest.raises(Forbidden):
        save_design(None, Design(), actor=make_actor("viewer", organisation=organisation))
    with pytest.raises(NotFound):
        save_design(course.public_id, Design(), actor=make_actor("coordinator"))


def test_without_a_host_of_its_own_the_pages_answer(organisation: Organisation) -> None:
    assert verify_root(organisation.id, "https://lop.example.vn") == "https://lop.example.vn"


# --- the page ---

TYPED = {
    "title": "GIẤY KHEN", "salutation": "Tặng Ông (Bà):", "wording": "Vì {course}\n\n", "show_born": "y",
    "frame": "classic", "main": "#003366", "accent": "#998844", "signer_title": "GIÁM ĐỐC",
}  # fmt: skip


@pytest.fixture
def clerk(app: Flask, organisation: Organisation) -> FlaskClient:
    return sign_in(app.test_client(), StaffFactory(organisation=organisation))


def test_a_design_is_typed_seen_and_kept(clerk: FlaskClient, organisation: Organisation) -> None:
    page = clerk.get("/certificates/designs/default")
    assert 'src="/certificates/designs/default/picture.png"' in page.text
    looked = clerk.post("/certificates/designs/default", data={**TYPED, "do": "look"})
    assert looked.status_code == 200
    assert "data:image/png;base64," in looked.text
    assert "GIẤY KHEN" in looked.text
    assert design_of(organisation.id, None).design == Design()
    assert clerk.post("/certificates/designs/default", data=TYPED).status_code == 303
    kept = design_of(organisation.id, None).design
    assert (kept.title, kept.wording, kept.frame, kept.show_unit) == ("GIẤY KHEN", ("Vì {course}",), "classic", False)


def test_the_live_preview_is_a_picture_and_keeps_nothing(
    clerk: FlaskClient, course: Course, organisation: Organisation
) -> None:
    one = clerk.post(f"/certificates/designs/courses/{course.public_id}/preview", data=TYPED)
    other = clerk.post(f"/certificates/designs/courses/{course.public_id}/preview", data={**TYPED, "title": "KHÁC"})
    assert one.mimetype == "image/png"
    assert Image.open(io.BytesIO(one.data)).size == (842, 595)
    assert one.data != other.data
    assert not design_of(organisation.id, course.id).own


def test_what_is_wrong_is_said_at_its_field(clerk: FlaskClient) -> None:
    answer = clerk.post("/certificates/designs/default", data={**TYPED, "wording": "{ten}"})
    assert answer.status_code == 422
    assert "{ten}" in answer.text
    assert 'id="wording-error"' in answer.text
    refused = clerk.post("/certificates/designs/default/preview", data={**TYPED, "main": "#ffffff"})
    assert refused.status_code == 422


def test_a_picture_that_is_none_is_said_at_its_field(clerk: FlaskClient) -> None:
    sent = {**TYPED, "logo": (io.BytesIO(b"<svg/>"), "huy-hieu.png")}
    answer = clerk.post("/certificates/designs/default", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert 'id="logo-error"' in answer.text


def test_the_sample_says_that_it_is_one(clerk: FlaskClient) -> None:
    answer = clerk.get("/certificates/designs/default/sample.pdf")
    assert answer.data.startswith(b"%PDF-")
