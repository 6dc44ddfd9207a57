"""Badges: one living one for each learner, blank ones for whoever walks in, and a paper that a tablet can read."""

import io
import subprocess
from pathlib import Path

import pypdf
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.core.letterhead import Letterhead
from classroom.sessions import services
from classroom.sessions.documents import BadgeFace, badges_pdf
from classroom.sessions.models import Badge, TrainingClass
from classroom.sessions.queries import badges
from classroom.sessions.rules.badges import parse_badge
from tests.factories import EnrolmentFactory, LearnerFactory, StaffFactory, actor_for, make_actor, make_class, sign_in
from tests.support.pages import check_page
from tests.support.racing import together

LONG = ("Nguyễn Hoàng Phương Thảo Vy", "Tôn Nữ Thị Hoài Hương Giang", "Y", "Nguyễnhoàngphươngthảovydàinhưvậy Anh")
HOSTILE = "#strong[x] <b>*đậm*</b> \\ $x$ @ref `c`"
LETTERHEAD = Letterhead("Sở Khoa học và Công nghệ", "UBND tỉnh Nghệ An", "Nghệ An", None)


@pytest.fixture
def actor(any_app: Flask) -> Actor:
    return make_actor("coordinator")


def class_of(actor: Actor, learners: int = 3) -> TrainingClass:
    made = make_class(days=1)
    made.organisation_id = made.course.organisation_id = made.course.programme.organisation_id = actor.organisation_id
    db.session.commit()
    for _ in range(learners):
        EnrolmentFactory(training_class=made)
    return made


def places(made: TrainingClass) -> list[str]:
    db.session.rollback()
    return [one.state for one in badges.badges_of_class(made.id)]


@pytest.mark.parametrize(
    "text",
    [
        "https://lop.example.vn/B/0123456789ABCDEF",
        "HTTP://192.0.2.1:8000/b/0123456789abcdef/",
        "o123456789abcdef",
        "https://lop.example.vn/b/OI23456789ABCDEF".replace("I2", "12"),
    ],
)
def test_a_badge_is_recognised_whatever_host_it_names(text: str) -> None:
    assert parse_badge(text) == "0123456789ABCDEF"


@pytest.mark.parametrize(
    "text", ["", "https://x.vn/B/0123456789ABCDE", "https://x.vn/A/0123456789ABCDEF", "0123456789ABCDEU", "x" * 5000]
)
def test_anything_else_is_no_badge(text: str) -> None:
    assert parse_badge(text) is None


def test_everybody_gets_one_badge_however_often_it_is_asked_for(any_app: Flask, actor: Actor) -> None:
    made = class_of(actor)
    class_id = made.public_id
    counts = together(any_app, [lambda: services.issue_badges(class_id, actor=actor)] * 4)
    assert sorted(counts) == [0, 0, 0, 3]
    assert places(made) == ["living"] * 3
    assert services.issue_badges(made.public_id, actor=actor) == 0
    EnrolmentFactory(training_class=made)
    assert services.issue_badges(made.public_id, actor=actor) == 1
    assert badges.count_without_badge(made.id) == 0


def test_a_new_badge_makes_the_old_one_say_replaced(actor: Actor) -> None:
    made = class_of(actor, learners=1)
    services.issue_badges(made.public_id, actor=actor)
    (_, first), *_rest = badges.living_badges_of_class(made.id)
    learner = first.learner
    assert learner is not None
    with pytest.raises(Invalid, match=r"reason\.missing"):
        services.reissue_badge(learner.public_id, " ", actor=actor)
    second = services.reissue_badge(learner.public_id, "mất thẻ", actor=actor)
    assert sorted(places(made)) == ["living", "replaced"]
    old = badges.find_badge(actor.organisation_id, first.code)
    assert old is not None
    assert (old.replace_reason, old.replaced_at is not None) == ("mất thẻ", True)
    with pytest.raises(Refusal, match=r"badge\.replaced") as refused:
        services.tie_badge(first.code, learner.id, actor=actor)
    assert refused.value.details["name"] == learner.name
    assert badges.living_badge(learner.id) == second


def test_two_who_replace_a_badge_at_once_leave_one(any_app: Flask, actor: Actor) -> None:
    learner = LearnerFactory(organisation_id=actor.organisation_id).public_id
    together(any_app, [lambda: services.reissue_badge(learner, "vì", actor=actor).code] * 4)
    db.session.rollback()
    living = db.session.scalars(select(Badge).where(Badge.replaced_at.is_(None))).all()
    assert len(living) == 1


def test_blank_badges_go_on_counting_and_are_tied_to_one_learner(any_app: Flask, actor: Actor) -> None:
    made = class_of(actor, learners=2)
    services.make_blanks(made.public_id, 3, actor=actor)
    more = services.make_blanks(made.public_id, 2, actor=actor)
    assert [one.blank_number for one in more] == [4, 5]
    code, first, second = more[0].code, *(LearnerFactory(organisation_id=actor.organisation_id).id for _ in range(2))
    services.tie_badge(code, first, actor=actor)
    services.tie_badge(code, first, actor=actor)
    with pytest.raises(Refusal, match=r"badge\.tied"):
        services.tie_badge(code, second, actor=actor)
    assert [one.blank_number for one in badges.blanks_of_class(made.id)] == [1, 2, 3, 5]
    with pytest.raises(Refusal, match=r"badge\.unknown"):
        services.tie_badge(code, first, actor=make_actor("coordinator"))


def test_of_two_tablets_that_tie_one_blank_badge_the_second_is_told_whose_it_is(any_app: Flask, actor: Actor) -> None:
    made = class_of(actor, learners=0)
    code = services.make_blanks(made.public_id, 1, actor=actor)[0].code
    people = [LearnerFactory(organisation_id=actor.organisation_id).id for _ in range(4)]

    def tie(learner_id: int) -> str:
        try:
            services.tie_badge(code, learner_id, actor=actor)
        except Refusal as refused:
            return refused.code
        return "tied"

    answers = together(any_app, [lambda each=each: tie(each) for each in people])  # type: ignore[misc]
    assert sorted(answers) == ["badge.tied"] * 3 + ["tied"]


@pytest.mark.parametrize("count", [0, 81, -1])
def test_blank_badges_come_in_reasonable_numbers(actor: Actor, count: int) -> None:
    with pytest.raises(Invalid, match=r"badge\.count"):
        services.make_blanks(class_of(actor, learners=0).public_id, count, actor=actor)


def test_a_tied_badge_replaces_the_one_before(actor: Actor) -> None:
    learner = LearnerFactory(organisation_id=actor.organisation_id)
    services.issue_badge(learner.public_id, actor=actor)
    blank = services.make_blanks(class_of(actor, learners=0).public_id, 1, actor=actor)[0]
    services.tie_badge(blank.code, learner.id, actor=actor)
    living = badges.living_badge(learner.id)
    assert living is not None
    assert living.code == blank.code


def test_badges_of_others_cannot_be_made(actor: Actor) -> None:
    with pytest.raises(NotFound):
        services.issue_badges(class_of(make_actor("coordinator")).public_id, actor=actor)


# --- paper ---


def paper(count: int, tmp_path: Path) -> tuple[Path, list[BadgeFace]]:
    names = [*LONG, HOSTILE] + [f"Nguyễn Thị Học {n}" for n in range(count - len(LONG) - 1)]
    faces = [
        BadgeFace(
            f"https://lop-hoc.nghean.gov.vn/B/{n:016d}",
            "L03",
            name,
            "Trung tâm Phục vụ hành chính công xã Nghĩa Đàn",
            f"{n:08d}",
        )
        for n, name in enumerate(names)
    ]
    file = tmp_path / "badges.pdf"
    file.write_bytes(badges_pdf(LETTERHEAD, "Thẻ lớp L03", faces))
    return file, faces


def test_the_badges_of_107_learners_are_read_off_their_paper(tmp_path: Path) -> None:
    file, faces = paper(107, tmp_path)
    subprocess.run(["pdftoppm", "-r", "110", "-gray", "-png", str(file), str(tmp_path / "page")], check=True)
    pages = sorted(tmp_path.glob("page*.png"))
    assert len(pages) == 14
    read: list[list[str]] = []
    for page in pages:
        picture = Image.open(io.BytesIO(page.read_bytes())).convert("L")
        pixels = memoryview(picture.tobytes()).cast("B", (picture.height, picture.width))
        read.append([found.text for found in zxingcpp.read_barcodes(pixels)])
    assert [len(page) for page in read] == [8] * 13 + [3]
    assert {text for page in read for text in page} == {face.link for face in faces}


def test_names_are_whole_large_and_printed_as_they_are_written(tmp_path: Path) -> None:
    file, faces = paper(12, tmp_path)
    text = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True, check=True).stdout
    flat = "".join(text.replace("\u200b", "").split())
    for face in faces:
        assert "".join(face.name.split()) in flat
    boxes = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, check=True).stdout
    words = [line for line in boxes.splitlines() if "<word" in line]
    right = [float(line.split('xMax="')[1].split('"')[0]) for line in words]
    assert max(right) < 595 - 28  # ten millimetres of A4 stay white
    tall = [
        float(line.split('yMax="')[1].split('"')[0]) - float(line.split('yMin="')[1].split('"')[0])
        for line in words
        if line.split(">")[1].startswith("Nguyễn<")
    ]
    assert min(tall) > 24  # points: readable at two metres
    fonts = {font for page in pypdf.PdfReader(file).pages for font in page["/Resources"]["/Font"]}
    assert fonts
    listed = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert {line.split()[-5] for line in listed} == {"yes"}


@pytest.mark.parametrize(
    "name", ["Công Tằng Tôn Nữ Phước Thương Thương", "Lê Đặng Trần Bảo Ngọc Khuê Mỹ Duyên", "Vừ Y"]
)
def test_a_long_name_stands_clear_of_the_lines_above_and_below(name: str, tmp_path: Path) -> None:
    file = tmp_path / "badge.pdf"
    organisation = Letterhead("Trung tâm Chuyển đổi số và Đổi mới sáng tạo, Sở Khoa học và Công nghệ tỉnh Nghệ An")
    face = BadgeFace("https://lop.example.vn/B/0000000000000000", "L03", name, UNIT, "0000")
    file.write_bytes(badges_pdf(organisation, "Thẻ", [face]))
    boxes = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, check=True).stdout
    spots = [line.split(">")[1].split("<")[0] for line in boxes.splitlines() if "<word" in line]
    edges = [[float(part) for part in line.split('"')[1::2]] for line in boxes.splitlines() if "<word" in line]
    first, below = spots.index(name.split()[0]), spots.index("Lớp")
    named = edges[first : first + len(name.split())]
    assert max(bottom for _, _, _, bottom in edges[:first]) < min(top for _, top, _, _ in named)
    assert max(bottom for _, _, _, bottom in named) < edges[below][1]


UNIT = (
    "Phòng Quản lý Chuyển đổi số và Đổi mới sáng tạo, Trung tâm Ứng dụng Công nghệ thông tin, "
    "Ủy ban nhân dân xã Mỹ Lạng"
)


def unit_on_paper(unit: str, tmp_path: Path) -> tuple[Path, str]:
    file = tmp_path / "badge.pdf"
    face = BadgeFace("https://lop.example.vn/B/0000000000000000", "L03", "An", unit, "0000")
    file.write_bytes(badges_pdf(LETTERHEAD, "Thẻ", [face]))
    text = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True, check=True).stdout
    return file, " ".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize(
    "unit", ["Xã Lương", "Trung tâm Phục vụ hành chính công xã Lương, tỉnh Nghệ An, xã Lương", UNIT]
)
def test_the_last_letters_of_a_unit_keep_what_hangs_below_them(unit: str, tmp_path: Path) -> None:
    file, text = unit_on_paper(unit, tmp_path)
    assert unit in text
    boxes = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, check=True).stdout
    line = next(line for line in reversed(boxes.splitlines()) if f">{unit.split()[-1]}<" in line)
    left, top, right, bottom = (float(part) for part in line.split('"')[1::2])
    subprocess.run(["pdftoppm", "-r", "216", "-gray", "-png", "-singlefile", file, tmp_path / "badge"], check=True)
    low = (3 * left, 3 * (bottom - (bottom - top) * 0.15), 3 * right, 3 * bottom)
    with Image.open(tmp_path / "badge.png") as page:
        darkest, _ = page.convert("L").crop(tuple(round(part) for part in low)).getextrema()  # type: ignore[arg-type]
    assert isinstance(darkest, int)
    assert darkest < 128


@pytest.mark.parametrize("unit", [f"{UNIT}, {UNIT}, {UNIT}", "Trungtâmphụcvụhànhchínhcông" * 20])
def test_a_unit_without_end_is_shortened_at_its_end(unit: str, tmp_path: Path) -> None:
    _, text = unit_on_paper(unit, tmp_path)
    shown = "".join(text.split("L03 ")[1].split("…")[0].split())
    assert len(shown) > 90
    assert "".join(unit.split()).startswith(shown)


# --- pages ---


@pytest.fixture
def office(client: FlaskClient) -> tuple[FlaskClient, TrainingClass]:
    staff = StaffFactory(role_names=("coordinator",))
    sign_in(client, staff)
    return client, class_of(actor_for(staff), learners=2)


def test_the_coordinator_makes_and_prints_them_on_the_paper_tab(office: tuple[FlaskClient, TrainingClass]) -> None:
    client, made = office
    path = f"/classes/{made.public_id}"
    assert f'href="{path}/badges"' in client.get(f"{path}?tab=paper").text
    before = client.get(f"{path}/badges").text
    check_page(before)
    assert "Tạo 2 thẻ" in before
    assert client.get(f"{path}/badges.pdf").status_code == 404
    client.post(f"{path}/badges")
    after = client.get(f"{path}/badges").text
    check_page(after)
    assert f'href="{path}/badges.pdf"' in after
    assert client.get(f"{path}/badges.pdf").data.startswith(b"%PDF")
    place = badges.living_badges_of_class(made.id)[0][0]
    assert len(pypdf.PdfReader(io.BytesIO(client.get(f"{path}/badges.pdf?chosen={place.public_id}").data)).pages) == 1
    assert client.get(f"{path}/badges.pdf?made=1999-01-01").status_code == 404
    blank = client.post(f"{path}/blank-badges", data={"count": "9"})
    assert len(pypdf.PdfReader(io.BytesIO(client.get(blank.location).data)).pages) == 2
    for wrong in ("0", "x", "", "99", "٣"):
        answer = client.post(f"{path}/blank-badges", data={"count": wrong})
        assert answer.status_code == 422
        check_page(answer.text)


def test_chosen_rows_are_given_badges_and_printed(office: tuple[FlaskClient, TrainingClass]) -> None:
    client, made = office
    chosen = [place.public_id for place in EnrolmentFactory.create_batch(2, training_class=made)]
    answer = client.post(f"/classes/{made.public_id}/chosen", data={"change": "badges", "chosen": chosen})
    assert answer.status_code == 303
    assert client.get(answer.location).data.startswith(b"%PDF")


def test_a_learners_page_tells_of_the_badge_and_replaces_it(office: tuple[FlaskClient, TrainingClass]) -> None:
    client, made = office
    learner = EnrolmentFactory(training_class=made).learner.public_id
    assert "Chưa có thẻ" in client.get(f"/people/{learner}").text
    assert client.get(f"/people/{learner}/badge.pdf").status_code == 404
    client.post(f"/people/{learner}/badge")
    assert client.get(f"/people/{learner}/badge.pdf").data.startswith(b"%PDF")
    client.post(f"/people/{learner}/badge", data={"reason": ""})
    client.post(f"/people/{learner}/badge", data={"reason": "mất"})
    page = client.get(f"/people/{learner}").text
    check_page(page)
    assert "1 thẻ cũ đã được thay" in page


def test_a_badge_read_by_a_phone_says_what_it_is_and_nothing_of_whose(
    app: Flask, office: tuple[FlaskClient, TrainingClass]
) -> None:
    client, made = office
    client.post(f"/classes/{made.public_id}/badges")
    place, badge = badges.living_badges_of_class(made.id)[0]
    visitor = app.test_client()
    known, unknown = visitor.get(f"/B/{badge.code}"), visitor.get("/B/0000000000000000")
    check_page(known.text)
    assert known.text.replace(badge.code, "0" * 16) == unknown.text
    assert place.learner.name not in known.text
    assert visitor.get(f"/b/{badge.code.lower()}").status_code == 200
    assert visitor.get("/B/123").status_code == 404
    assert visitor.get(f"/L/{'0' * 8}").status_code in {200, 404}
    assert client.get(f"/B/{badge.code}").location == f"/people/{place.learner.public_id}"
    stranger = sign_in(app.test_client(), StaffFactory())
    assert stranger.get(f"/B/{badge.code}").status_code == 200
