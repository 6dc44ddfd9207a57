"""The scanner in WebKitGTK, the engine nearest to a tablet's Safari: it reads, works without the server, delivers once.

No engine but Chromium plays a file as its camera, so here `getUserMedia` hands out a canvas that shows the picture.
"""

import base64
import io
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from selenium import webdriver
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from sqlalchemy import func, select

from classroom.attendance.models import Mark, Scan
from classroom.core.db import db
from tests.browser.tablets import Door
from tests.support.fakecam import picture_of

pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore::DeprecationWarning:selenium")]

SHOW = """
const [picture, done] = [new Image(), arguments[1]];
picture.onload = () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
  const draw = () => canvas.getContext("2d").drawImage(picture, 0, 0);
  draw();
  setInterval(draw, 50);
  MediaDevices.prototype.getUserMedia = async () => canvas.captureStream(20);
  done();
};
picture.src = arguments[0];
"""


class Tablet:
    """A browser of the second engine, seen as the trainer sees it."""

    def __init__(self, driver: Any, root: str) -> None:
        self.driver, self.root = driver, root

    def open(self, path: str) -> None:
        self.driver.get(self.root + path)

    def until(self, fits: Callable[[], Any], seconds: float = 30) -> Any:
        """Wait for it; what the page says stands in the message if it never comes."""
        waiting = WebDriverWait(self.driver, seconds, poll_frequency=0.1, ignored_exceptions=[WebDriverException])
        try:
            return waiting.until(lambda _driver: fits())
        except TimeoutException as late:
            raise AssertionError(self.find("body").text) from late

    def find(self, selector: str) -> Any:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def shows(self, selector: str, words: str = "") -> None:
        self.until(lambda: self.find(selector).is_displayed() and words in self.find(selector).text)

    def hides(self, selector: str) -> None:
        self.until(lambda: not self.find(selector).is_displayed())

    def press(self, selector: str) -> None:
        self.until(lambda: self.find(selector).is_displayed())
        self.find(selector).click()

    def choose(self, session: str) -> None:
        buttons = self.until(lambda: self.driver.find_elements(By.CSS_SELECTOR, ".btn-session"))
        next(each for each in buttons if session in each.text).click()

    def ready(self) -> None:
        self.shows("[data-view=scan]")
        self.until(lambda: self.driver.find_elements(By.CSS_SELECTOR, "body[data-kept=yes][data-decoder=ready]"))

    def hold(self, text: str) -> None:
        """Put something in front of the camera, which looks anew."""
        file = io.BytesIO()
        picture_of(text, turned=12).save(file, "PNG")
        url = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
        if self.find("[data-part=pause]").is_displayed():
            self.press("[data-part=pause]")
        self.driver.execute_async_script(SHOW, url)
        self.press("[data-part=start]")


@pytest.fixture
def display() -> Iterator[str]:
    """A screen that nobody sees."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.fixture
def driver(display: str, tmp_path: Path) -> Iterator[Any]:
    """WebKitGTK's own browser, with a home of its own."""
    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")))
    options.add_argument("--automation")
    known = {**os.environ, "DISPLAY": display, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    known |= {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1", "LIBGL_ALWAYS_SOFTWARE": "1"}
    service = webdriver.webkitgtk.service.Service(shutil.which("WebKitWebDriver"), env=known)
    made = webdriver.WebKitGTK(options=options, service=service)
    made.set_page_load_timeout(30)
    made.set_script_timeout(30)
    made.set_window_size(1024, 768)
    yield made
    made.quit()


def test_the_scanner_works_in_webkit_with_the_server_and_without(app: Flask, live_server: Any, driver: Any) -> None:
    door, tablet = Door(), Tablet(driver, live_server.url)
    tablet.open(f"/tablet/#code={door.code()}")
    tablet.press("[data-part=enrol] button")
    tablet.shows("[data-view=sign-in]")
    driver.add_cookie({"name": "classroom", "value": door.trainer, "path": "/"})
    tablet.open("/tablet/")
    driver.refresh()
    tablet.press("[data-tap=prepare]")
    tablet.shows("[data-part=choose-said]", "Mọi danh sách đã có trên máy")
    tablet.choose("Ngày 1, sáng")
    tablet.ready()

    tablet.hold(f"https://x.vn/B/{door.badge['Trần Văn Bình']}")
    tablet.shows("[data-part=answer].tone-success", "Trần Văn Bình")
    tablet.hides("[data-part=queue]")
    assert door.statuses() == {"Trần Văn Bình": "present"}

    live_server.stop()
    tablet.open("/tablet/")
    tablet.choose("Ngày 1, sáng")
    tablet.ready()
    tablet.hold("040201067890||Hồ Minh Đức|19112001|Nam|Khối 3, Vinh Phú, Nghệ An|02102025||||")
    tablet.shows("[data-part=answer].tone-success", "Hồ Minh Đức")
    tablet.shows("[data-part=queue]", "1")

    live_server.start()
    tablet.hides("[data-part=queue]")
    assert door.statuses() == {"Trần Văn Bình": "present", "Hồ Minh Đức": "present"}
    db.session.rollback()
    assert db.session.scalar(select(func.count(Scan.id))) == 2
    assert db.session.scalar(select(func.count(Mark.id))) == 2
