"""A class on its first half-day, and a phone at its door."""

import pytest
from flask import Flask

from classroom.sessions.models import ClassSession, TrainingClass
from tests.attendance.phoning import Phone, first_session
from tests.factories import make_class


@pytest.fixture
def made(app: Flask) -> TrainingClass:
    return make_class(learners=1, fixed_code=True)


@pytest.fixture
def phone(app: Flask) -> Phone:
    return Phone(app)


@pytest.fixture
def half_day(made: TrainingClass) -> ClassSession:
    return first_session(made)
