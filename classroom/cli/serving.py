"""`classroom serve` and `classroom worker`."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import FrameType

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from classroom.accounts import queries as accounts
from classroom.accounts import services as accounts_services
from classroom.cli.setting_up import migrate, prepare
from classroom.config import Settings
from classroom.core import certificates, logs
from classroom.core.certificates import Pair
from classroom.core.collecting import collect_less_often
from classroom.core.cores import keep_to, least_used
from classroom.core.db import db
from classroom.jobs import services as jobs


@click.command()
@click.option("--tls", is_flag=True, help="Serve HTTPS by a certificate of this machine's own making, for tablets.")
def serve(tls: bool) -> None:
    """Serve this machine's own data; the first start makes the database and prints a one-time link."""
    settings, app = prepare()
    if tls:
        settings = replace(settings, tls=True)
        app.config["TLS"] = True
    migrate(app)
    with app.app_context():
        if not accounts.anybody_there():
            token = accounts_services.start_setup()
            click.echo("\nNobody can sign in yet. Open this address once to create the first administrator:")
            click.echo(f"\n    {address(settings)}/setup/{token}\n")
    run_server(settings, app)


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
    collect_less_often()
    with app.app_context():
        jobs.work(lambda: bool(stopping) or os.getppid() != parent)


def address(settings: Settings) -> str:
    """Where people on this machine find the pages."""
    return settings.public_url or f"http{'s' if settings.tls else ''}://localhost:{settings.port}"


def run_server(settings: Settings, app: Flask) -> None:
    """Serve with gunicorn in this very process, and a worker process for the clock beside it; both end together.

    The workers are forked from the application that is loaded already: the doors open sooner, and they share its
    memory. No connection to the database crosses the fork.
    """
    logs.configure()
    collect_less_often()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    pair = certificates.ensure_pair(settings.instance) if settings.tls else None
    if pair is not None:
        _tell_certificate(settings, pair)
    click.echo(f"· serving on {address(settings)} (stop with Ctrl+C)")
    _Server(app, settings, pair).run()


def _tell_certificate(settings: Settings, pair: Pair) -> None:
    """Where tablets go, and how they recognise this machine."""
    hosts = certificates.own_addresses() or ["localhost"]
    click.echo(f"· HTTPS by a certificate of this machine's own making{' (new)' if pair.made_now else ''}")
    for host in hosts:
        click.echo(f"  tablets open   https://{host}:{settings.port}/certificate   to install it")
    click.echo(f"  fingerprint    {pair.fingerprint}")


class _Server(BaseApplication):
    """Gunicorn, told by our settings alone."""

    def __init__(self, app: Flask, settings: Settings, pair: Pair | None = None) -> None:
        self._app = app
        self._settings = settings
        self._pair = pair
        self._companion: subprocess.Popen[bytes] | None = None
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, object] = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "workers": self._settings.workers,
            "worker_class": "gthread",
            "threads": self._settings.threads,
            "timeout": 60,
            "graceful_timeout": 20,
            "keepalive": 5,
            "worker_tmp_dir": _memory_folder(),
            "preload_app": True,
            "loglevel": "warning",
            "pidfile": str(self._settings.instance / "server.pid"),
            "control_socket_disable": True,
            "when_ready": self._start_companion,
            "on_exit": self._stop_companion,
            "pre_fork": self._choose_core,
            "post_fork": self._keep_to_core,
        }
        if self._pair is not None:
            options |= {"certfile": str(self._pair.certificate), "keyfile": str(self._pair.key)}
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app

    def _choose_core(self, arbiter: Arbiter, worker: Worker) -> None:
        worker.core = least_used([other.core for other in arbiter.WORKERS.values()])

    def _keep_to_core(self, _arbiter: Arbiter, worker: Worker) -> None:
        if self._settings.one_core_each:
            keep_to(worker.core)

    def _start_companion(self, _arbiter: object) -> None:
        self._companion = subprocess.Popen([sys.executable, "-m", "classroom", "worker"])

    def _stop_companion(self, _arbiter: object) -> None:
        if self._companion is not None:
            self._companion.terminate()
            self._companion.wait()


def _memory_folder() -> str:
    """Where a worker's sign of life is written: in memory where that exists, so that a slow disk kills nobody."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"  # noqa: S108
