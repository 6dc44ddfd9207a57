"""A PostgreSQL server of the tests' own: private socket, temporary folder, gone when they end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from tools.system import find_postgresql

FAST = "-c fsync=off -c full_page_writes=off -c shared_buffers=64MB -c max_connections=120"


class PostgresServer:
    """Reached through a Unix socket only, so that no port can be taken."""

    def __init__(self, options: str = FAST) -> None:
        programs = find_postgresql()
        if programs is None:
            raise RuntimeError("PostgreSQL is not installed: make system")
        self._programs = programs
        self._options = options
        self._numbers = count(1)
        self.folder = Path(tempfile.mkdtemp(prefix="classroom-pg-"))
        self.data = self.folder / "data"
        if os.geteuid() == 0:
            shutil.chown(self.folder, *self._account())
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")

    def start(self) -> "PostgresServer":
        settings = f"{self._options} -c listen_addresses='' -k {self.folder}"
        self._run("pg_ctl", "start", "-w", "-s", "-l", str(self.folder / "log"), "-o", settings)
        return self

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-w", "-s", "-m", "immediate")

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create(self, template: str = "template0", name: str | None = None) -> str:
        """A new database, a copy of `template`; its name."""
        name = name or f"test_{next(self._numbers)}"
        self._say(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        self._say(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _say(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=str(self.folder), user="postgres", autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        user, group = self._account()
        command = [self._programs / program, "-D", self.data, *arguments]
        as_another = {"user": user, "group": group, "extra_groups": []} if os.geteuid() == 0 else {}
        with (self.folder / f"{program}.out").open("wb") as output:
            done = subprocess.run(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **as_another
            )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {(self.folder / f'{program}.out').read_text()}")

    @staticmethod
    def _account() -> tuple[int, int]:
        """PostgreSQL refuses to run as root; Debian's package brings the account `postgres`."""
        if os.geteuid():
            return os.geteuid(), os.getegid()
        account = pwd.getpwnam("postgres")
        return account.pw_uid, account.pw_gid
