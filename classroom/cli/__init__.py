"""The command line: `classroom serve`, `demo`, `worker`, `user`, `doctor`, `audit`, `database`."""

import sys
from collections.abc import Callable

import click

from classroom.cli.demo import demo
from classroom.cli.serving import serve, worker
from classroom.cli.upkeep import audit, database, doctor, user


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def classroom() -> None:
    """Run classes: serve the pages, or look after the data behind them."""


for command in (serve, worker, demo, user, doctor, audit, database):
    classroom.add_command(command)


def main() -> None:
    """Run one command; a setting that cannot be used is a sentence, not a traceback."""
    guarded: Callable[[], None] = classroom
    try:
        guarded()
    except ValueError as unusable:
        click.echo(f"classroom: {unusable}", err=True)
        sys.exit(2)
