"""`classroom demo`: a sample programme in the middle of its second day."""

import click


@click.command()
def demo() -> None:
    """Serve a sample programme; what is changed in it lasts until the day is over."""
