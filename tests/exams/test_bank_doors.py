"""Who may open the pages of the question bank, and which pictures they take."""

import io
import re

import pytest
from flask.testing import FlaskClient

from classroom.accounts.models import Staff
from classroom.core import pictures as core_pictures
from classroom.core.actor import Actor
from classroom.exams.models import Question, QuestionPicture, Topic
from classroom.exams.queries import bank as queries
from classroom.exams.services import pictures, topics
from tests.exams.authoring import how_many, single
from tests.factories import (
    OrganisationFactory,
    StaffFactory,
    make_actor,
    sign_in,
)
from tests.support.drawn import picture

pytestmark = pytest.mark.usefixtures("at_eight")


# --- pictures ---


def upload(content: bytes, name: str = "hinh.png") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def test_a_picture_goes_into_the_text_without_scripts(desk: FlaskClient) -> None:
    data = single(do="picture", picture=upload(picture()), **{"picture-words": "Một con mèo"})
    page = desk.post("/questions/new", data=data)
    assert page.status_code == 200
    shown = re.search(r"!\[Một con mèo\]\(picture:([0-9A-Z]{12})\)", page.text)
    assert shown
    assert f'src="/questions/pictures/{shown[1]}" alt="Một con mèo"' in page.text
    answer = desk.get(f"/questions/pictures/{shown[1]}")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert how_many(Question) == 0


def test_a_picture_is_sent_by_scripts_and_answered_with_what_to_write(desk: FlaskClient) -> None:
    answer = desk.post("/questions/pictures", data={"picture": upload(picture("JPEG")), "picture-words": "Mèo"})
    assert re.fullmatch(r"!\[Mèo\]\(picture:[0-9A-Z]{12}\)", answer.json["markdown"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg onload=alert(1)>", "SVG"),
        (picture("GIF"), "GIF"),
        (b"words", "không phải hình ảnh"),
        (picture()[:60], "bị hỏng"),
        (b"\xff\xd8\xff" + bytes(5000), "Hình ảnh lớn hơn"),
        (b"", "Hãy chọn hình ảnh trước"),
    ],
)
def test_what_is_no_picture_is_refused_in_words_and_nothing_is_lost(
    desk: FlaskClient, content: bytes, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_pictures, "LARGEST_FILE", 4000)
    page = desk.post("/questions/new", data=single(do="picture", picture=upload(content, "hinh.png")))
    assert page.status_code == 422
    assert words in page.text
    assert 'id="picture-error"' in page.text
    assert "Đâu là trình duyệt?" in page.text
    answer = desk.post("/questions/pictures", data={"picture": upload(content, "hinh.png")})
    assert answer.status_code == 422
    assert words in answer.json["error"]
    assert how_many(QuestionPicture) == 0


def test_no_picture_at_all_is_said_too(desk: FlaskClient) -> None:
    assert desk.post("/questions/pictures").status_code == 422


# --- who may ---

PAGES = ["", "/new", "/new?kind=single", "/topics", "/topics/{topic}", "/{question}", "/{question}/edit"]
FORMS = [
    "/new",
    "/preview",
    "/pictures",
    "/topics",
    "/topics/{topic}",
    "/topics/{topic}/merge",
    "/{question}/edit",
    "/{question}/retire",
]


def addresses(actor: Actor, question: str, kinds: list[str]) -> list[str]:
    topic = queries.topics(actor)[0].topic.public_id
    return ["/questions" + path.format(question=question, topic=topic) for path in kinds]


@pytest.mark.parametrize("role", ["trainer", "viewer", "administrator"])
def test_only_coordinators_work_on_the_bank(
    client: FlaskClient, actor: Actor, coordinator: Staff, question: str, role: str
) -> None:
    other = sign_in(client, StaffFactory(role_names=(role,), organisation=coordinator.organisation))
    for path in addresses(actor, question, PAGES):
        assert other.get(path).status_code == 403, path
    for path in addresses(actor, question, FORMS):
        assert other.post(path, data=single()).status_code == 403, path
    assert "/questions" not in other.get("/").text


def test_another_organisation_finds_nothing(client: FlaskClient, actor: Actor, question: str) -> None:
    shown = pictures.add_picture(picture(), actor=actor).public_id
    stranger = sign_in(client, StaffFactory(role_names=("coordinator",), organisation=OrganisationFactory()))
    named = [path for path in PAGES if "{" in path]
    for path in [*addresses(actor, question, named), f"/questions/pictures/{shown}"]:
        assert stranger.get(path).status_code == 404, path
    for path in addresses(actor, question, [path for path in FORMS if "{" in path]):
        assert stranger.post(path, data=single()).status_code == 404, path
    assert question not in stranger.get("/questions").text


def test_a_topic_of_another_organisation_is_no_place_to_merge_into(
    desk: FlaskClient, actor: Actor, question: str
) -> None:
    foreign = topics.add_topic("Của họ", actor=make_actor("coordinator", organisation=OrganisationFactory()))
    own = queries.topics(actor)[0].topic.public_id
    answer = desk.post(f"/questions/topics/{own}/merge", data={"into": foreign.public_id})
    assert answer.status_code == 422
    assert how_many(Topic) == 2


def test_every_member_of_staff_who_sees_tests_sees_their_pictures(
    client: FlaskClient, actor: Actor, coordinator: Staff
) -> None:
    shown = pictures.add_picture(picture(), actor=actor).public_id
    assert client.get(f"/questions/pictures/{shown}").status_code in (302, 303, 401)
    trainer = sign_in(client, StaffFactory(role_names=("trainer",), organisation=coordinator.organisation))
    assert trainer.get(f"/questions/pictures/{shown}").status_code == 200


def test_the_way_to_the_bank_stands_in_the_navigation(desk: FlaskClient) -> None:
    assert re.search(r'class="nav-item" href="/questions" aria-current="page"', desk.get("/questions/topics").text)
