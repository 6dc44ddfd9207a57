"""`classroom user`, `doctor`, `audit`, `database`: look after a deployment."""

import sys
from contextlib import closing
from pathlib import Path

import click

from classroom.accounts import queries as accounts
from classroom.accounts import services as accounts_services
from classroom.audit import services as audit_services
from classroom.cli.serving import address
from classroom.cli.setting_up import migrate, prepare
from classroom.core.actor import system
from classroom.core.db import db
from classroom.desk.health import Check, readiness


@click.group()
def user() -> None:
    """Accounts, for when nobody can sign in."""


@user.command()
@click.argument("username")
def link(username: str) -> None:
    """Print a one-time link with which USERNAME sets a new password."""
    settings, app = prepare()
    with app.app_context():
        staff = accounts.find_by_username(username)
        if staff is None:
            click.echo(f"There is no account called {username}.", err=True)
            sys.exit(1)
        token = accounts_services.make_link(staff, actor=system(staff.organisation_id, "command line"))
        click.echo(f"{address(settings)}/link/{token}")


@click.command()
def doctor() -> None:
    """Say whether this deployment is fit to serve, line by line."""
    settings, app = prepare()
    with app.app_context():
        checks = readiness(settings.instance, app.extensions["migrate"].directory)
    for check in checks:
        click.echo(f"{'ok     ' if check.fine else 'PROBLEM'}  {check.name}: {check.words}")
    sys.exit(0 if all(map(_fine, checks)) else 1)


@click.group()
def audit() -> None:
    """The append-only log."""


@audit.command()
def verify() -> None:
    """Recompute the chain of seals and every digest."""
    _settings, app = prepare()
    with app.app_context():
        report = audit_services.verify()
    click.echo(str(report))
    sys.exit(0 if report.intact else 1)


@click.group()
def database() -> None:
    """The database behind the pages."""


@database.command(name="upgrade")
def upgrade_database() -> None:
    """Bring the tables to the newest form."""
    _settings, app = prepare()
    migrate(app)
    click.echo("The database is up to date.")


@database.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Write a consistent copy of an SQLite database to TARGET, while it is being used."""
    _settings, app = prepare()
    if target.exists():
        raise ValueError(f"{target} exists already; a backup never overwrites")
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            raise ValueError("this database is PostgreSQL: use pg_dump, which takes a consistent copy")
        with closing(db.engine.raw_connection()) as connection:  # VACUUM runs outside any transaction
            connection.cursor().execute("VACUUM INTO ?", (str(target),))
    target.chmod(0o600)
    click.echo(f"{target}: {target.stat().st_size / 1_000_000:.1f} MB")


def _fine(check: Check) -> bool:
    return check.fine
