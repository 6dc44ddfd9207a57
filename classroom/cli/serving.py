"""`classroom serve` and `classroom worker`."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

import click

from classroom.accounts import queries as accounts
from classroom.accounts import services as accounts_services
from classroom.cli.setting_up import migrate, prepare
from classroom.config import Settings
from classroom.jobs import services as jobs


@click.command()
def serve() -> None:
    """Serve this machine's own data; the first start makes the database and prints a one-time link."""
    settings, app = prepare()
    migrate(app)
    with app.app_context():
        if not accounts.anybody_there():
            token = accounts_services.start_setup()
            click.echo("\nNobody can sign in yet. Open this address once to create the first administrator:")
            click.echo(f"\n    {address(settings)}/setup/{token}\n")
    run_server(settings)


@click.command()
def worker() -> None:
    """Do what happens by the clock: close forgotten registers, seal the audit log."""
    _settings, app = prepare()
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    parent = os.getppid()
    with app.app_context():
        jobs.work(lambda: bool(stopping) or os.getppid() != parent)


def address(settings: Settings) -> str:
    """Where people on this machine find the pages."""
    return settings.public_url or f"http://localhost:{settings.port}"


def run_server(settings: Settings) -> None:
    """Gunicorn with a worker process for the clock beside it; both end together."""
    companion = subprocess.Popen([sys.executable, "-m", "classroom", "worker"])
    options = [
        "--bind", f"{settings.host}:{settings.port}",
        "--workers", str(settings.workers),
        "--worker-class", "gthread",
        "--threads", str(settings.threads),
        "--timeout", "60",
        "--graceful-timeout", "20",
        "--keep-alive", "5",
        "--worker-tmp-dir", _memory_folder(),
        "--preload",
        "--log-level", "warning",
        "--pid", str(settings.instance / "server.pid"),
        "classroom.wsgi:app",
    ]  # fmt: skip
    click.echo(f"· serving on {address(settings)} (stop with Ctrl+C)")
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", *options])

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        code = server.wait()
    finally:
        companion.terminate()
        companion.wait()
    sys.exit(code)


def _memory_folder() -> str:
    """Where a worker's sign of life is written: in memory where that exists, so that a slow disk kills nobody."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"  # noqa: S108
