"""A class at whose door a tablet stands."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.tablets import Door, prepared
from tests.conftest import Visitors


@pytest.fixture
def door(app: Flask) -> Door:
    return Door()


@pytest.fixture
def tablet(door: Door, visitors: Visitors, live_server: Any) -> Page:
    return prepared(door, visitors, live_server)
