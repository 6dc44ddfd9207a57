"""From a class to somebody who is not known yet, and back to the class with that person."""

import re

import pytest
from flask.testing import FlaskClient

from classroom.core.actor import Actor
from classroom.sessions import queries
from classroom.sessions.models import TrainingClass
from tests.factories import StaffFactory, actor_for, sign_in
from tests.support.pages import check_page
from tests.support.rosters import learner_named, make_roster_class


@pytest.fixture
def actor(client: FlaskClient) -> Actor:
    staff = StaffFactory(role_names=("coordinator",))
    sign_in(client, staff)
    return actor_for(staff)


@pytest.fixture
def l01(actor: Actor) -> TrainingClass:
    return make_roster_class(actor)


def link_to_new(page: str) -> str:
    return re.search(r'href="(/people/new\?[^"]+)"', page)[1].replace("&amp;", "&")


def test_a_new_learner_is_enrolled_where_one_came_from_in_one_step(client: FlaskClient, l01: TrainingClass) -> None:
    path = f"/classes/{l01.public_id}/enrol"
    address = link_to_new(client.get(f"{path}?q=Hồ+Thị+Mới").text)
    form = client.get(address)
    check_page(form.text)
    assert 'value="Hồ Thị Mới"' in form.text
    assert f'href="{path}"' in form.text
    wrong = client.post(address, data={"name": "Hồ Thị Mới", "birth": "hôm qua"})
    assert (wrong.status_code, f'href="{path}"' in wrong.text) == (422, True)
    back = client.post(address, data={"name": "Hồ Thị Mới"}).location
    learner = learner_named("Hồ Thị Mới")
    assert back == f"{path}?q={learner.code}"
    assert f'name="learner" value="{learner.public_id}"' in client.get(back).text
    client.post(path, data={"learner": learner.public_id})
    assert queries.seats_taken(l01.id) == 1


def test_somebody_who_only_shares_a_name_can_be_added_beside_those_found(
    client: FlaskClient, l01: TrainingClass
) -> None:
    client.post("/people/new", data={"name": "Lê An"})
    page = client.get(f"/classes/{l01.public_id}/enrol?q=le+an").text
    assert l01.public_id in link_to_new(page)


def test_a_number_that_was_searched_for_is_no_name(client: FlaskClient, l01: TrainingClass) -> None:
    assert "name=" not in link_to_new(client.get(f"/classes/{l01.public_id}/enrol?q=0912345678").text)


def test_a_class_that_is_not_there_is_said_kindly_and_the_learner_is_kept(client: FlaskClient, actor: Actor) -> None:
    answer = client.post("/people/new?class=//example.org/x", data={"name": "Lê An"})
    assert answer.location.startswith("/classes/")
    assert client.get(answer.location).status_code == 404
    assert learner_named("Lê An")


def test_a_learner_added_from_the_list_of_people_has_a_page_as_before(client: FlaskClient, actor: Actor) -> None:
    answer = client.post("/people/new", data={"name": "Lê An"})
    assert answer.location == f"/people/{learner_named('Lê An').public_id}"


def test_a_programme_without_a_course_can_be_renamed(client: FlaskClient, actor: Actor) -> None:
    client.post("/programmes/new", data={"name": "Kỹ năng sô"})
    page = client.get("/programmes").text
    address = re.search(r'href="(/programmes/[0-9A-Z]{12})"', page)[1]
    assert f'href="{address}/edit"' in client.get(address).text
    assert client.post(f"{address}/edit", data={"name": "Kỹ năng số"}).status_code == 303
    assert "Kỹ năng số" in client.get(address).text
