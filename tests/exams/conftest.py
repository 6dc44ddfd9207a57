"""What several files of the exams room ask for; a file that needs another one of the name makes its own."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.accounts.models import Organisation, Staff
from classroom.core.actor import Actor
from classroom.core.signals import result_changed
from classroom.exams.rules.kinds import Content
from classroom.exams.services import bank
from classroom.exams.services.bank import Place
from classroom.sessions.models import Course
from tests.exams.authoring import CONTENT
from tests.factories import (
    CourseFactory,
    OrganisationFactory,
    ProgrammeFactory,
    StaffFactory,
    actor_for,
    at,
    sign_in,
    vietnam,
)


@pytest.fixture
def told() -> Iterator[list[dict[str, object]]]:
    """What was told of changed results."""
    facts: list[dict[str, object]] = []

    def hear(**fact: object) -> None:
        facts.append(fact)

    result_changed.connect(hear)
    yield facts
    result_changed._receivers.remove(hear)


@pytest.fixture
def at_eight() -> Iterator[None]:
    """The clock stands at eight in the morning."""
    with at(vietnam(8)):
        yield


@pytest.fixture
def coordinator(app: Flask) -> Staff:
    made: Staff = StaffFactory(role_names=("coordinator",))
    return made


@pytest.fixture
def actor(coordinator: Staff) -> Actor:
    return actor_for(coordinator)


@pytest.fixture
def desk(client: FlaskClient, coordinator: Staff) -> FlaskClient:
    """A browser in which the coordinator is signed in."""
    return sign_in(client, coordinator)


@pytest.fixture
def question(actor: Actor) -> str:
    """The public id of a question with two versions."""
    made = bank.add_question(CONTENT, Place(topic="Địa lý"), actor=actor).public_id
    again = Content(CONTENT.kind, "Thủ đô nước ta?", CONTENT.body)
    bank.new_version(made, again, Place(topic="Địa lý"), actor=actor)
    return made


@pytest.fixture
def organisation(app: Flask) -> Organisation:
    made: Organisation = OrganisationFactory()
    return made


@pytest.fixture
def course(organisation: Organisation) -> Course:
    made: Course = CourseFactory(programme=ProgrammeFactory(organisation_id=organisation.id))
    return made
