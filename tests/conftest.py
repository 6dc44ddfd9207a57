"""What every test may ask for: an application on a migrated database, a client, a server, a browser."""

from collections.abc import Callable, Iterator
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import Engine, event

from classroom.core.db import db
from tests.support.databases import copy_sqlite, migrate, opened
from tests.support.fakecam import FakeCamera
from tests.support.lending import Lender
from tests.support.postgresql import PostgresServer
from tests.support.serving import LiveServer
from tools.system import find_chromium

ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--force-color-profile=srgb",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--on-postgresql", action="store_true", help="run what runs on SQLite alone on PostgreSQL, for once"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL there is nothing to see for tests that look into SQLite itself."""
    if config.getoption("--on-postgresql"):
        items[:] = [item for item in items if item.get_closest_marker("sqlite") is None]


# --- databases ---


@event.listens_for(Engine, "connect")
def _turn_round(connection: Any, record: Any) -> None:
    """Rows that nothing puts in an order come the other way round; PostgreSQL moves them with each update."""
    if type(connection).__module__.partition(".")[0] == "pysqlite3":
        connection.execute("PRAGMA reverse_unordered_selects = ON")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """Started by the first test that asks for it."""
    server = PostgresServer()
    try:
        yield server.start()
        server.stop()
    finally:
        server.remove()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sqlite")
    migrate(f"sqlite:///{folder / 'template.db'}", folder)
    return folder / "template.db"


@pytest.fixture(scope="session")
def lender(postgresql: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Lender:
    name = postgresql.create(name="migrated")
    migrate(postgresql.url(name), tmp_path_factory.mktemp("postgresql"))
    return Lender(postgresql, name)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of the test's own: on SQLite, unless the run is to be on PostgreSQL."""
    yield from _own_database(
        "postgresql" if request.config.getoption("--on-postgresql") else "sqlite", request, tmp_path
    )


@pytest.fixture(params=ENGINES)
def any_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of the test's own, once on SQLite and once on PostgreSQL."""
    yield from _own_database(request.param, request, tmp_path)


def _own_database(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield copy_sqlite(request.getfixturevalue("sqlite_template"), tmp_path / "classroom.db")
        return
    server: PostgresServer = request.getfixturevalue("postgresql")
    lender: Lender = request.getfixturevalue("lender")
    name = lender.lend()
    yield server.url(name)
    lender.take_back(name)


@pytest.fixture(params=ENGINES)
def any_empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgresql")
    name = server.create()
    yield server.url(name)
    server.drop(name)


# --- the application ---


class SeparateClient(FlaskClient):
    """Each request gets a context of its own, as behind a server and leaves nothing stale."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        answer = Context().run(super().open, *args, **kwargs)
        db.session.rollback()
        return answer


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on SQLite, its context pushed for factories and services."""
    with opened(database_url, tmp_path / "instance") as app:
        app.test_client_class = SeparateClient
        yield app


@pytest.fixture
def any_app(any_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application, once on SQLite and once on PostgreSQL."""
    with opened(any_database_url, tmp_path / "instance") as app:
        app.test_client_class = SeparateClient
        if db.engine.dialect.name == "postgresql":
            event.listen(db.engine, "connect", _wait_for_locks)
        yield app


def _wait_for_locks(connection: Any, record: Any) -> None:
    """Races are about who wins, not about how long a busy machine lets the others wait."""
    connection.execute("SET lock_timeout = 0")
    connection.commit()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


# --- browsers ---


@pytest.fixture
def live_server(app: Flask) -> Iterator[LiveServer]:
    """`app` behind a port, with its forms guarded as in production."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = LiveServer(app).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> FakeCamera:
    """What the camera of every browser shows."""
    return FakeCamera(tmp_path_factory.mktemp("camera") / "camera.y4m")


@pytest.fixture(scope="session")
def browser(camera: FakeCamera) -> Iterator[Browser]:
    expect.set_options(timeout=15_000)
    flags = [*CHROMIUM_FLAGS, "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={camera.path}"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        yield chromium
        chromium.close()


class Visitors:
    """Opens browsers that know nothing of each other, and notes what went wrong in any of them."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self._browser = browser
        self._base_url = base_url
        self._contexts: list[BrowserContext] = []
        self.problems: list[str] = []

    def __call__(self, width: int = 1280, height: int = 800, **options: Any) -> Page:
        """A page in a context of its own; `options` are as of Playwright (`java_script_enabled`)."""
        settings = {
            "locale": "vi-VN",
            "timezone_id": "Asia/Ho_Chi_Minh",
            "base_url": self._base_url,
            **options,
        }
        context = self._browser.new_context(viewport={"width": width, "height": height}, **settings)
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("console", lambda message: self._note(message.type, message.text))
        self._contexts.append(context)
        return context.new_page()

    def phone(self, **options: Any) -> Page:
        """A small phone of a learner."""
        return self(360, 740, is_mobile=True, has_touch=True, device_scale_factor=2, **options)

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not text.startswith("Failed to load resource"):
            self.problems.append(f"{kind}: {text}")


@pytest.fixture
def visitors(browser: Browser, live_server: LiveServer) -> Iterator[Visitors]:
    """`visitors()` opens a desktop, `visitors.phone()` a phone; errors in their consoles fail the test."""
    visitors = Visitors(browser, live_server.url)
    yield visitors
    visitors.close()
    assert visitors.problems == []


@pytest.fixture
def page(visitors: Callable[..., Page]) -> Page:
    return visitors()
