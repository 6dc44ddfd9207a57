"""A course, and who issues its certificates."""

import pytest
from flask import Flask

from classroom.core.actor import Actor
from classroom.sessions.models import Course
from tests.factories import CourseFactory
from tests.support.issueroom import issuer, numbered


@pytest.fixture
def course(app: Flask) -> Course:
    return CourseFactory()


@pytest.fixture
def actor(course: Course) -> Actor:
    """A coordinator of the course's organisation, which numbers its certificates."""
    made = issuer(course)
    numbered(made)
    return made
