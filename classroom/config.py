"""Settings: from the environment first, then `config.toml` in the instance folder, then these defaults."""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from classroom.core.db import engine_options, normalise_url

ROOT = Path(__file__).resolve().parents[1]
SHORTEST_SECRET = 32
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set. `public_url` is the address that phones open, without a final slash; when
    empty it is taken from the request. `one_core_each` keeps every web worker to a core of its own. `tls` serves
    HTTPS by a certificate of our own making.
    """

    instance: Path
    database_url: str
    secret_key: str
    port: int = 8000
    host: str = "0.0.0.0"  # noqa: S104 - the phones of the room must reach it
    public_url: str = ""
    trusted_hosts: list[str] = field(default_factory=list)
    proxies: int = 0
    threads: int = 8
    workers: int = 2
    one_core_each: bool = True
    tls: bool = False
    upload_limit_mb: int = 10
    unpacked_limit_mb: int = 80
    row_limit: int = 20_000
    #: In how many working days a request to be erased must be answered.
    erasure_working_days: int = 2
    import_file_days: int = 365


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raises ValueError with a sentence when one of them cannot be used."""
    env = os.environ if environment is None else environment
    instance = Path(env.get("CLASSROOM_INSTANCE") or ROOT / "instance").resolve()
    file = instance / "config.toml"
    try:
        known: dict[str, Any] = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise ValueError(f"{file} is not valid TOML: {broken}") from broken
    foreign = known.keys() - Settings.__dataclass_fields__.keys()
    if foreign:
        raise ValueError(f"{file} sets unknown names: {', '.join(sorted(foreign))}")
    known |= {
        name: env[key]
        for name, key in (("database_url", "CLASSROOM_DATABASE_URL"), ("secret_key", "CLASSROOM_SECRET_KEY"))
        if env.get(key)
    }
    if env.get("CLASSROOM_PUBLIC_URL"):
        known["public_url"] = env["CLASSROOM_PUBLIC_URL"].rstrip("/")
    if env.get("PORT"):
        known["port"] = _port(env["PORT"])
    known.setdefault("database_url", f"sqlite:///{instance / 'classroom.db'}")
    known["database_url"] = normalise_url(known["database_url"])
    known.setdefault("secret_key", _kept_secret(instance))
    return Settings(instance=instance, **known)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ValueError(f"PORT must be a number from 1 to 65535, not {text!r}")
    return int(text)


def _kept_secret(instance: Path) -> str:
    file = instance / "secret_key"
    return file.read_text("utf-8").strip() if file.exists() else ""


def make_secret(instance: Path) -> str:
    """Make and keep a secret for a single machine; one that exists is returned as it is."""
    instance.mkdir(parents=True, exist_ok=True)
    file = instance / "secret_key"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text("utf-8").strip()
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_urlsafe(48) + "\n")
    return file.read_text("utf-8").strip()


def check(settings: Settings) -> None:
    """Refuse to serve with a secret that could be guessed."""
    if len(settings.secret_key) < SHORTEST_SECRET or len(set(settings.secret_key)) < 10:
        raise ValueError(
            "CLASSROOM_SECRET_KEY is missing or weak: give 32 random characters or more"
            " (for example from: openssl rand -base64 48)"
        )


def flask_config(settings: Settings) -> dict[str, Any]:
    """The settings under the names that Flask and its extensions read."""
    return {
        "SETTINGS": settings,
        "INSTANCE": str(settings.instance),
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url, settings.threads),
        "MAX_CONTENT_LENGTH": (settings.upload_limit_mb + 1) * MEBIBYTE,
        "MAX_FORM_MEMORY_SIZE": 2 * MEBIBYTE,
        "MAX_FORM_PARTS": 5_000,
        "PUBLIC_URL": settings.public_url,
        "TRUSTED_HOSTS": settings.trusted_hosts or None,
        "PROXIES": settings.proxies,
        "TLS": settings.tls,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "vi",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
        "SHEET_UPLOAD_LIMIT": settings.upload_limit_mb * MEBIBYTE,
        "SHEET_UNPACKED_LIMIT": settings.unpacked_limit_mb * MEBIBYTE,
        "SHEET_ROW_LIMIT": settings.row_limit,
        "ERASURE_WORKING_DAYS": settings.erasure_working_days,
        "IMPORT_FILE_DAYS": settings.import_file_days,
    }
