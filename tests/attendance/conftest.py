"""A class on its first half-day, a phone at its door, and a trainer with a tablet and a class of one day."""

import pytest
from flask import Flask

from classroom.accounts.models import Staff
from classroom.sessions.models import ClassSession, TrainingClass
from tests.attendance.phoning import Phone, first_session
from tests.attendance.tablets import Device, make_taught, make_trainer
from tests.factories import at, make_class, vietnam


@pytest.fixture
def made(app: Flask) -> TrainingClass:
    return make_class(learners=1, fixed_code=True)


@pytest.fixture
def phone(app: Flask) -> Phone:
    return Phone(app)


@pytest.fixture
def half_day(made: TrainingClass) -> ClassSession:
    return first_session(made)


@pytest.fixture
def trainer(any_app: Flask) -> Staff:
    return make_trainer()


@pytest.fixture
def l01(trainer: Staff) -> TrainingClass:
    return make_taught(trainer, days=1)


@pytest.fixture
def device(any_app: Flask, trainer: Staff, l01: TrainingClass) -> Device:
    """A tablet that has fetched the list of the class."""
    with at(vietnam(7)):
        return Device(any_app, trainer, l01)
