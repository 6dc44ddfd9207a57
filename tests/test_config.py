"""Settings: where they come from, and which are refused."""

import stat
from pathlib import Path

import pytest
from flask import Flask

from classroom import config
from classroom.config import MEBIBYTE, Settings

GOOD_SECRET = "q8Zr-4kWm2-XyT7v-Lp0cD-93hNs-bFgJe"


def load(instance: Path, **environment: str) -> Settings:
    return config.load({"CLASSROOM_INSTANCE": str(instance), **environment})


def test_without_any_setting_data_lies_in_the_instance_folder(tmp_path: Path) -> None:
    settings = load(tmp_path)

    assert settings.database_url == f"sqlite:///{tmp_path / 'classroom.db'}"
    assert settings.port == 8000
    assert settings.secret_key == ""
    assert settings.instance == tmp_path


def test_the_environment_is_stronger_than_the_file(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        'database_url = "sqlite:////from/file.db"\nport = 8100\nsecret_key = "from the file"\nworkers = 3\n'
    )

    settings = load(
        tmp_path,
        CLASSROOM_DATABASE_URL="postgres://db/classroom",
        CLASSROOM_SECRET_KEY="from the environment",
        CLASSROOM_PUBLIC_URL="https://lop.example.vn/",
        PORT="9000",
    )

    assert settings.database_url == "postgresql+psycopg://db/classroom"
    assert settings.secret_key == "from the environment"
    assert settings.public_url == "https://lop.example.vn"
    assert settings.port == 9000
    assert settings.workers == 3


def test_the_file_is_stronger_than_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("port = 8100\nrow_limit = 500\n")

    settings = load(tmp_path, PORT="")

    assert (settings.port, settings.row_limit) == (8100, 500)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80 80", "http", "8000.5", "²"])
def test_an_impossible_port_is_refused_with_a_sentence(tmp_path: Path, port: str) -> None:
    with pytest.raises(ValueError, match="PORT must be a number from 1 to 65535"):
        load(tmp_path, PORT=port)


@pytest.mark.parametrize("port", ["1", "65535"])
def test_the_outermost_ports_are_possible(tmp_path: Path, port: str) -> None:
    assert load(tmp_path, PORT=port).port == int(port)


def test_a_misspelt_setting_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("prot = 8100\n")

    with pytest.raises(ValueError, match="unknown names: prot"):
        load(tmp_path)


@pytest.mark.parametrize("content", [b"port = ", b"\xff\xfe", b"port 8000"])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.toml").write_bytes(content)

    with pytest.raises(ValueError, match=r"config\.toml is not valid TOML"):
        load(tmp_path)


# --- the secret ---


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    instance = tmp_path / "new" / "instance"

    made = config.make_secret(instance)

    assert config.make_secret(instance) == made
    assert load(instance).secret_key == made
    assert stat.S_IMODE((instance / "secret_key").stat().st_mode) == 0o600
    config.check(load(instance))


def test_two_machines_make_different_secrets(tmp_path: Path) -> None:
    assert config.make_secret(tmp_path / "a") != config.make_secret(tmp_path / "b")


@pytest.mark.parametrize("secret", ["", "secret", "x" * 64, "abcabcabc" * 8, GOOD_SECRET[:31]])
def test_a_secret_that_could_be_guessed_is_refused(tmp_path: Path, secret: str) -> None:
    with pytest.raises(ValueError, match="missing or weak"):
        config.check(load(tmp_path, CLASSROOM_SECRET_KEY=secret))


def test_a_good_secret_is_accepted(tmp_path: Path) -> None:
    config.check(load(tmp_path, CLASSROOM_SECRET_KEY=GOOD_SECRET))


# --- what Flask is told ---


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(app: Flask) -> None:
    assert app.config["SESSION_COOKIE_HTTPONLY"]
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_limits_reach_flask(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("upload_limit_mb = 3\nrow_limit = 500\nthreads = 5\n")

    told = config.flask_config(load(tmp_path))

    assert told["MAX_CONTENT_LENGTH"] == 4 * MEBIBYTE
    assert told["SHEET_UPLOAD_LIMIT"] == 3 * MEBIBYTE
    assert told["SHEET_ROW_LIMIT"] == 500
    assert told["SQLALCHEMY_ENGINE_OPTIONS"]["pool_size"] == 5
