"""Databases as operators have them: made by the migrations, once, then copied."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from classroom import create_app
from classroom.core.db import db

SECRET = "only-for-tests-" * 4


def make_app(url: str, instance: Path, **settings: object) -> Flask:
    """The application as tests run it; forms need no token unless a test says otherwise."""
    instance.mkdir(exist_ok=True)
    overrides: Mapping[str, object] = {
        "TESTING": True,
        "SECRET_KEY": SECRET,
        "SQLALCHEMY_DATABASE_URI": url,
        "INSTANCE": str(instance),
        "WTF_CSRF_ENABLED": False,
    }
    return create_app({**overrides, **settings})


def close(app: Flask) -> None:
    """Give all connections back: an open one would leave SQLite's journal behind."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@contextmanager
def opened(url: str, instance: Path, **settings: object) -> Iterator[Flask]:
    """The application with its context pushed, closed at the end."""
    app = make_app(url, instance, **settings)
    with app.app_context():
        yield app
    close(app)


def migrate(url: str, instance: Path) -> None:
    with opened(url, instance):
        upgrade()


def copy_sqlite(template: Path, to: Path) -> str:
    """Copy a *closed* SQLite file; the address of the copy."""
    if template.with_name(template.name + "-wal").exists():
        raise RuntimeError(f"{template} is still open")
    shutil.copyfile(template, to)
    return f"sqlite:///{to}"
