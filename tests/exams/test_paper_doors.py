"""Who may open which page of papers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.accounts.models import Organisation
from classroom.exams.models import Paper
from classroom.exams.queries.printed import forms_of
from classroom.sessions.models import Course
from tests.exams.authoring import browser, followed, fresh_paper
from tests.exams.making import BODIES, make_paper
from tests.factories import (
    OrganisationFactory,
    StaffFactory,
    make_class,
    sign_in,
)
from tests.support.pages import check_page

READ = {"", "/<id>"}
RUN = {"/<id>/preview", "/<id>/forms", "/<id>/forms/<form>/paper.pdf"}
MANAGE = {
    "/new", "/<id>/edit", "/<id>/parts", "/<id>/questions", "/<id>/copy", "/<id>/forms/key.pdf",
    "/<id>/forms/<form>/annul",
}  # fmt: skip
HELD = {
    "coordinator": READ | RUN | MANAGE,
    "trainer": READ | RUN,
    "viewer": READ,
    "administrator": READ,
}
pytestmark = pytest.mark.usefixtures("at_eight")


@pytest.fixture
def client(app: Flask, organisation: Organisation) -> FlaskClient:
    return browser(app, organisation)


def printed(client: FlaskClient, paper: Paper) -> str:
    client.post(f"/exam-papers/{paper.public_id}/forms", data={"count": "1"})
    return forms_of(fresh_paper(paper))[0].public_id


@pytest.mark.parametrize("role", HELD)
def test_each_role_opens_what_it_may_and_no_more(
    app: Flask, client: FlaskClient, organisation: Organisation, course: Course, role: str
) -> None:
    paper = make_paper(course)
    form = printed(client, paper)
    staff = StaffFactory(organisation=organisation, role_names=(role,))
    make_class(course=course, trainer=staff)
    reader = sign_in(app.test_client(), staff)
    for path in READ | RUN | MANAGE:
        address = "/exam-papers" + path.replace("<id>", paper.public_id).replace("<form>", form)
        answer = followed(reader, address)
        assert answer.status_code == (200 if path in HELD[role] else 403), path
        if answer.mimetype == "text/html" and answer.status_code == 200:
            check_page(answer.text)
    for path in ("/retire", "/parts", "/questions", "/forms", "/copy", "/edit"):
        answer = reader.post(f"/exam-papers/{paper.public_id}{path}", data={"count": "1"})
        assert (answer.status_code == 403) == (role != "coordinator"), path


def test_a_trainer_of_another_course_finds_no_paper(app: Flask, organisation: Organisation, course: Course) -> None:
    paper = make_paper(course)
    trainer = browser(app, organisation, "trainer")
    assert paper.title not in trainer.get("/exam-papers").text
    for path in ("", "/preview", "/forms"):
        assert trainer.get(f"/exam-papers/{paper.public_id}{path}").status_code == 404


def test_the_papers_of_another_organisation_do_not_exist(app: Flask, client: FlaskClient, course: Course) -> None:
    paper = make_paper(course)
    form = printed(client, paper)
    stranger = browser(app, OrganisationFactory())
    for path in READ | RUN | MANAGE:
        if "<id>" in path:
            address = "/exam-papers" + path.replace("<id>", paper.public_id).replace("<form>", form)
            assert stranger.get(address).status_code == 404, path
    for path in ("/retire", "/parts", "/questions", "/forms", "/copy", "/edit", f"/forms/{form}/annul"):
        assert stranger.post(f"/exam-papers/{paper.public_id}{path}", data={"count": "1"}).status_code == 404
    assert len(fresh_paper(paper).parts) == len(BODIES)


def test_a_form_of_another_paper_is_not_found_here(client: FlaskClient, course: Course) -> None:
    one, other = make_paper(course), make_paper(course)
    form = printed(client, one)
    assert client.get(f"/exam-papers/{other.public_id}/forms/{form}/paper.pdf").status_code == 404
