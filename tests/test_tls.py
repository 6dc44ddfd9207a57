"""`classroom serve --tls`: a real server, checked against its own certificate, opens the camera to its pages."""

import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from classroom.core.certificates import ensure_pair
from tests.support.pages import check_page
from tests.support.serving import ServedProcess


class TlsProcess(ServedProcess):
    def is_alive(self) -> bool:
        certificate = self.log.parent / "tls-certificate.pem"
        if not certificate.exists():
            return False
        trust = ssl.create_default_context(cafile=str(certificate))
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2, context=trust) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TlsProcess]:
    url = f"sqlite:///{tmp_path / 'classroom.db'}"
    served = TlsProcess(url, tmp_path, program=("classroom", "serve", "--tls"))
    served.url = f"https://localhost:{served.port}"
    yield served.start()
    served.stop()


def test_it_serves_https_that_its_own_certificate_proves_and_nothing_else(server: TlsProcess, tmp_path: Path) -> None:
    trust = ssl.create_default_context(cafile=str(tmp_path / "tls-certificate.pem"))
    with urllib.request.urlopen(f"{server.url}/certificate", context=trust) as answer:
        page, heads = answer.read().decode(), answer.headers
    check_page(page)
    assert "max-age" in heads["Strict-Transport-Security"]
    log = server.log.read_text()
    fingerprint = next(line.split()[-1] for line in log.splitlines() if "fingerprint" in line)
    assert fingerprint in page
    with urllib.request.urlopen(f"{server.url}/certificate.crt", context=trust) as answer:
        content = answer.read()
    assert content == (tmp_path / "tls-certificate.pem").read_bytes()
    assert b"PRIVATE" not in content
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{server.url}/healthz", context=ssl.create_default_context())


@pytest.mark.browser
def test_a_browser_that_trusts_it_gets_camera_and_offline_page(server: TlsProcess, browser: Browser) -> None:
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.goto(f"{server.url}/tablet/")
    page.locator("[data-view=enrol]").wait_for()
    assert (
        page.evaluate("[isSecureContext, Boolean(navigator.mediaDevices), 'serviceWorker' in navigator]") == [True] * 3
    )
    context.close()


def test_without_it_there_is_no_such_page(app: Flask) -> None:
    ensure_pair(Path(app.config["INSTANCE"]))
    assert app.test_client().get("/certificate").status_code == 404
    assert app.test_client().get("/certificate.crt").status_code == 404
