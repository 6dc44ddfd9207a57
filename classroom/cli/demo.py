"""`classroom demo`: a sample programme in the middle of its second day."""

import json
import os
import secrets
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask

from classroom import config
from classroom.accounts import queries as accounts
from classroom.cli.sample import doors as sample_doors
from classroom.cli.sample import programme
from classroom.cli.serving import address, run_server
from classroom.cli.setting_up import migrate, prepare
from classroom.config import Settings
from classroom.core import certificates
from classroom.core.clock import local, now

WORDS = "sen tre lua song nui cau thuyen trang sao gio mua nang bien dao rung hoa chim sach but den".split()


@click.command()
def demo() -> None:
    """Serve a sample programme; what is changed in it lasts until its day is over."""
    home = _home()
    note = home / "sample.json"
    if note.exists() and not _still_true(note):
        click.echo("· the sample's day is over: making a new one")
        for file in [note, *home.glob("classroom.db*")]:
            file.unlink()
    settings, app = prepare()
    migrate(app)
    if not note.exists():
        _make(app, home, note)
    _tell(app, settings, json.loads(note.read_text("utf-8")), home)
    run_server(settings, app)


def _home() -> Path:
    """The sample has a folder of its own beside the operator's data, and never touches that."""
    home = config.load().instance / "demo"
    home.mkdir(parents=True, exist_ok=True)
    os.environ["CLASSROOM_INSTANCE"] = str(home)
    return home


def _still_true(note: Path) -> bool:
    known: dict[str, Any] = json.loads(note.read_text("utf-8"))
    made_at = datetime.fromisoformat(known["made_at"])
    same_database = known.get("database") == os.environ.get("CLASSROOM_DATABASE_URL", "")
    return same_database and programme.in_session(now(), made_at)


def _make(app: Flask, home: Path, note: Path) -> None:
    with app.app_context():
        if accounts.anybody_there():
            raise ValueError("this database holds data already; the sample is only written into an empty one")
        click.echo("· making the sample: 5 classes, 405 learners, two days of attendance …")
        started = time.monotonic()
        password = "-".join(secrets.choice(WORDS) for _ in range(3)) + f"-{secrets.randbelow(90) + 10}"
        made = programme.build(password, lambda step: click.echo(f"  · {step}"))
        click.echo(f"  done in {time.monotonic() - started:.1f} s")
    (home / "danh-sach-L05.xlsx").write_bytes(made.spare_roster)
    facts = {
        "made_at": now().isoformat(),
        "passwords": made.passwords,
        "database": os.environ.get("CLASSROOM_DATABASE_URL", ""),
    }
    draft = note.with_suffix(".draft")
    draft.write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
    draft.chmod(0o600)
    draft.replace(note)


def _tell(app: Flask, settings: Settings, known: dict[str, Any], home: Path) -> None:
    here = address(settings)
    with app.app_context():
        doors = sample_doors.open_doors(now())
    click.echo(f"\nClassroom: a sample programme, {local(now(), programme.ZONE):%H:%M %d/%m/%Y} in Việt Nam\n")
    for role, name in (("Coordinator", "dieuphoi"), ("Trainer", "giangvien"), ("Administrator", "quantri")):
        click.echo(f"  {role:<14} {here}/sign-in   user {name:<10} password {known['passwords'][name]}")
    for door in doors:
        click.echo(f"\n  Phone          {_on_network(settings)}{door.path}")
        click.echo(f"                 class {door.class_code}; identify as {', '.join(door.learner_codes)}")
    click.echo(f"  Projector      {here}/screen   (the trainer's board pairs it by its six digits)")
    click.echo(f"  List to import {home / 'danh-sach-L05.xlsx'}   (class L05 is still empty)\n")


def _on_network(settings: Settings) -> str:
    """The address under which a phone in the same network finds this machine."""
    if settings.public_url:
        return settings.public_url
    host = next(iter(certificates.own_addresses()), "localhost")
    return f"http{'s' if settings.tls else ''}://{host}:{settings.port}"
