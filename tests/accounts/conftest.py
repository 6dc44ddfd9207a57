"""People with passwords, and what a browser does to get in."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.accounts.models import Organisation, Staff
from classroom.accounts.services.hashing import hash_password
from tests.factories import OrganisationFactory, StaffFactory, sign_in

PASSWORD = "ba con trâu đen"
HASHED = hash_password(PASSWORD)


@pytest.fixture
def organisation(app: Flask) -> Organisation:
    return OrganisationFactory()


@pytest.fixture
def person(organisation: Organisation) -> Staff:
    """A coordinator who can sign in with `PASSWORD`."""
    return StaffFactory(organisation=organisation, username="lan.nguyen", name="Nguyễn Thị Lan", password_hash=HASHED)


@pytest.fixture
def administrator(organisation: Organisation) -> Staff:
    return StaffFactory(organisation=organisation, name="Quản Trị", role_names=("administrator",), password_hash=HASHED)


@pytest.fixture
def operator(organisation: Organisation) -> Staff:
    return StaffFactory(
        organisation=organisation, role_names=("administrator",), password_hash=HASHED, is_operator=True
    )


@pytest.fixture
def browser_of(app: Flask) -> Callable[[Staff], FlaskClient]:
    """A client in which this person is signed in."""
    return lambda staff: sign_in(app.test_client(), staff)
