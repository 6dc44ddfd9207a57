"""What every command needs first: settings that can be used and a database that is up to date."""

import logging
import time
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import click
from flask import Flask
from flask_migrate import upgrade

from classroom import config
from classroom.app import create_app
from classroom.config import Settings


def prepare(*, own_secret: bool = True) -> tuple[Settings, Flask]:
    """Settings and application; on a single machine a secret is made when there is none."""
    settings = config.load()
    if own_secret and not settings.secret_key and settings.database_url.startswith("sqlite"):
        config.make_secret(settings.instance)
        settings = config.load()
    config.check(settings)
    settings.instance.mkdir(parents=True, exist_ok=True)
    return settings, create_app()


def migrate(app: Flask) -> None:
    """Bring the database to the newest form, saying so when that takes a while."""
    started = time.monotonic()
    with app.app_context():
        logging.getLogger("alembic").setLevel(logging.WARNING)
        noise = StringIO()
        with redirect_stdout(noise), redirect_stderr(noise):
            upgrade()
    spent = time.monotonic() - started
    if spent > 1:
        click.echo(f"· database brought up to date ({spent:.1f} s)")
