"""A learner without a badge at hand shows the own phone to the tablet, which looks at its screen."""

from io import BytesIO
from random import Random
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from classroom.attendance.services.identifying import bind
from classroom.core.clock import now
from classroom.core.db import db
from classroom.core.signing import token_hash
from classroom.learners.rules.codes import make_learner_code
from classroom.sessions.models import Enrolment
from tests.browser.tablets import Door, expect_answer, prepared, sent
from tests.conftest import Visitors
from tests.support.axe import check_accessible
from tests.support.fakecam import SIZE, WALL, FakeCamera

pytestmark = pytest.mark.browser


def own_code(visitors: Visitors, place: Enrolment, url: str) -> Page:
    """The page of the own code on a phone that knows whose it is."""
    token = f"phone-of-{place.public_id}"
    bind(db.session(), place.organisation_id, place.learner_id, token_hash(token), now())
    db.session.commit()
    phone = visitors.phone()
    phone.context.add_cookies([{"name": "phone", "value": token, "url": url}])
    phone.goto("/me/badge")
    return phone


def held_up(phone: Page) -> Image.Image:
    """The whole screen of the phone, as the tablet's camera sees it."""
    screen = Image.open(BytesIO(phone.screenshot())).convert("RGB")
    screen = screen.resize((round(screen.width * SIZE[1] / screen.height), SIZE[1]), Image.Resampling.LANCZOS)
    frame = Image.new("RGB", SIZE, WALL)
    frame.paste(screen, ((SIZE[0] - screen.width) // 2, 0))
    return frame


@pytest.mark.parametrize("name", ["Trần Văn Bình", "Vừ Y Mới"])
def test_the_own_code_on_a_phone_checks_in_with_a_badge_and_without_one(
    door: Door, visitors: Visitors, live_server: Any, camera: FakeCamera, name: str
) -> None:
    without = door.enrol("Vừ Y Mới", "040085000099")
    without.learner.code = make_learner_code(Random(7))
    place = next(one for one in (*door.places, without) if one.learner.name == name)
    phone = own_code(visitors, place, live_server.url)
    expect(phone.get_by_role("heading", level=1)).to_have_text(name)
    expect(phone.locator(".own-code-text")).to_have_text(place.learner.code)
    check_accessible(phone)
    camera.show(held_up(phone))
    tablet = prepared(door, visitors, live_server)
    tablet.locator("[data-part=start]").click()
    expect_answer(tablet, "success", "Có mặt", name)
    sent(tablet)
    assert door.statuses() == {name: "present"}
