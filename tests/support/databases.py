"""Databases as operators have them: made by the migrations, once, then copied."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

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
_BUILDERS: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
_compile_builder = Rule._compile_builder


def _remembered_builder(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """What makes addresses, compiled once for all applications of a test run: four hundred rules took each a quarter
    of a second. It is a plain function of the rule it is called with, and keeps nothing of a map.
    """
    key = (rule.rule, tuple(rule._trace), repr(sorted((rule.defaults or {}).items())), append_unknown)
    if key not in _BUILDERS:
        _BUILDERS[key] = _compile_builder(rule, append_unknown)
    return _BUILDERS[key]


Rule._compile_builder = _remembered_builder  # type: ignore[method-assign]


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
