"""A tablet without a network: from the picture of the camera to the answer on the screen, kept on the disk."""

import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from bench.tables import Row, percentile, spread
from tests.browser.tablets import Door, hold, prepared
from tests.conftest import CHROMIUM_FLAGS, Visitors
from tests.factories import EnrolmentFactory
from tests.support.databases import migrate, opened
from tests.support.fakecam import FakeCamera, picture_of
from tests.support.serving import LiveServer
from tools.system import find_chromium

TITLE = "Tablet offline: camera frame of 1280 × 720 to the answer, headless Chromium on this machine"
ROUNDS, PEOPLE = 3, 40
GOAL_MS, GOAL_A_MINUTE = 150, 30


def run() -> list[Row]:
    """Badges held one after the other, each for half a second; the page itself keeps the times."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'classroom.db'}"
        migrate(url, folder)
        camera = FakeCamera(folder / "camera.y4m")
        with opened(url, folder / "instance") as app:
            app.config["WTF_CSRF_ENABLED"] = True
            rounds = _measure(app, camera)
    middles = [median(times) for times in rounds]
    slowest = [percentile(times, 95) for times in rounds]
    a_minute = [60 / (PEOPLE * 0.5) * len(times) for times in rounds]
    return [
        Row("frame to answer, median", f"{spread(middles, 0)} ms", "", f"< {GOAL_MS} ms", median(middles) < GOAL_MS),
        Row("frame to answer, 95th of a hundred", f"{spread(slowest, 0)} ms"),
        Row(
            "people a minute, each badge shown for half a second",
            spread(a_minute, 0),
            f"{PEOPLE} badges a round",
            f"≥ {GOAL_A_MINUTE}",
            median(a_minute) >= GOAL_A_MINUTE,
        ),
    ]


def _measure(app, camera: FakeCamera) -> list[list[float]]:
    door, server = Door(), LiveServer(app).start()
    for _ in range(PEOPLE):
        EnrolmentFactory(training_class=door.made)
    door.issue_again()
    flags = [*CHROMIUM_FLAGS, "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={camera.path}"]
    codes = list(door.badge.values())[:PEOPLE]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        visitors = Visitors(browser, server.url)
        page = prepared(door, visitors, server)
        server.stop()
        hold(page, camera, "warm")
        rounds = []
        for _ in range(ROUNDS):
            page.locator("[data-part=pause]").click()
            page.evaluate("() => { window.tabletTimes.length = 0; }")
            camera.show(*(picture_of(f"https://lop.nghean.gov.vn/B/{code}") for code in codes), rate=2)
            page.locator("[data-part=start]").click()
            page.wait_for_timeout(PEOPLE * 500)
            rounds.append(page.evaluate("() => [...window.tabletTimes]"))
        visitors.close()
        browser.close()
    return rounds
