"""Who brings in results, and for which intake."""

import pytest
from flask import Flask

from classroom.core.actor import Actor
from classroom.online.models import Intake
from tests.factories import CourseFactory, ProgrammeFactory, make_actor
from tests.support.online import make_intake


@pytest.fixture
def actor(app: Flask) -> Actor:
    return make_actor("coordinator")


@pytest.fixture
def intake(actor: Actor) -> Intake:
    return make_intake(CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id)))
