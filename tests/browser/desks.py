"""A coordinator's desk in a browser, and the worker in the next room that does what is asked for."""

import io
import subprocess
from typing import Any

import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from classroom.accounts import services as accounts
from classroom.accounts.models import Staff
from classroom.core.db import db
from classroom.jobs.services import run_queued
from tests.conftest import Visitors


def desk(visitors: Visitors, staff: Staff, url: str, **options: Any) -> Page:
    """A desktop at which this member of staff is signed in."""
    token = accounts.start_session(staff)
    db.session.rollback()
    page = visitors(1440, 900, **options)
    page.context.add_cookies([{"name": "classroom", "value": token, "url": url}])
    return page


def bar(page: Page) -> Locator:
    """The bar of a job that is under way."""
    return page.locator("[data-job][data-living] progress")


def work() -> None:
    """Do what the pages have asked for."""
    db.session.rollback()
    states = {job.state for job in run_queued()}
    db.session.rollback()
    assert states == {"done"}


def wait_for_job(page: Page, *, scripts: bool) -> None:
    """Look on while a worker does what was asked for: the page renews itself, or has a link that does."""
    expect(bar(page)).to_be_visible()
    work()
    if not scripts:
        page.get_by_role("link", name="Làm mới").click()
    expect(bar(page)).to_have_count(0)


def read_codes(paper: bytes) -> list[str]:
    """What a phone's camera reads off the first page, printed."""
    command = ["pdftoppm", "-r", "150", "-png", "-singlefile", "-f", "1", "-"]
    printed = subprocess.run(command, input=paper, capture_output=True, check=True).stdout
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(printed)))]
