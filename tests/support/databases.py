"""Databases as operators have them: made by the migrations, once, then copied."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from jinja2.bccache import Bucket, BytecodeCache

from classroom import create_app
from classroom.core.db import db

SECRET = "only-for-tests-" * 4


class _Remembered(BytecodeCache):
    """Templates compiled once for all applications of a test run; Jinja itself sees when a source has changed."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_TEMPLATES = _Remembered()


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
    app = create_app({**overrides, **settings})
    app.jinja_env.bytecode_cache = _TEMPLATES
    return app


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
