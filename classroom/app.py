"""The factory: settings, extensions, rooms, refusal pages, commands."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from classroom import config as settings_module
from classroom.accounts import queries as accounts_queries
from classroom.config import ROOT
from classroom.core import work
from classroom.core.db import db, engine_options
from classroom.extensions import babel, csrf, migrate
from classroom.web import assets, context, cookies, filters, guards, headers, pages

#: Every room with tables, from the floor up; the database knows all of them at start.
_MODELS = (
    "core.models",
    "audit.models",
    "inbox.models",
    "jobs.models",
    "accounts.models",
    "learners.models",
    "sessions.models",
    "attendance.models",
    "exams.models",
    "online.models",
    "certification.models",
)
#: Rooms with pages: each `views` module offers `bp`, or `blueprints` where there are several, and perhaps `install`.
_PAGES = (
    "jobs", "accounts", "learners", "sessions", "attendance", "exams", "online", "certification", "desk", "portal",
)  # fmt: skip
#: Rooms where something happens by the clock or beside requests.
_TASKS = ("jobs", "audit", "attendance", "exams", "online", "certification")
_YEAR = 31_536_000


def create_app(overrides: Mapping[str, object] | None = None) -> Flask:
    """An application for the settings of the environment, or for `overrides` of them (tests)."""
    app = Flask(
        "classroom",
        static_folder=None,
        template_folder=str(ROOT / "templates"),
        instance_path=str(ROOT / "instance"),
    )
    app.config.update(settings_module.flask_config(settings_module.load()))
    app.config.update(overrides or {})
    if overrides and "SQLALCHEMY_DATABASE_URI" in overrides and "SQLALCHEMY_ENGINE_OPTIONS" not in overrides:
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(str(overrides["SQLALCHEMY_DATABASE_URI"]))
    _open_rooms(app)
    _install(app)
    return app


def _open_rooms(app: Flask) -> None:
    for module in _MODELS:
        importlib.import_module(f"classroom.{module}")
    for room in _TASKS:
        importlib.import_module(f"classroom.{room}.tasks")
    for room in _PAGES:
        views = importlib.import_module(f"classroom.{room}.views")
        for blueprint in getattr(views, "blueprints", None) or [views.bp]:
            app.register_blueprint(blueprint)
        if hasattr(views, "install"):
            views.install(app)


def _install(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    csrf.init_app(app)
    app.session_interface = cookies.FormSession()
    babel.init_app(
        app,
        default_translation_directories=str(ROOT / "classroom" / "translations"),
        locale_selector=context.choose_language,
        timezone_selector=filters.time_zone,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    filters.install(app)
    headers.install(app)
    pages.install(app)
    context.install(app)
    accounts_door = importlib.import_module("classroom.accounts.views")
    guards.install(app, accounts_door.load_actor)
    work.know_staff_by(accounts_queries.find_actor)
    app.jinja_env.globals.update(asset=assets.asset, icon=assets.icon)
    _serve_static(app)


def _serve_static(app: Flask) -> None:
    """Hashed files may be kept for a year; WhiteNoise answers them before Flask wakes up."""
    static = Path(ROOT / "static" / "dist")
    quiet = importlib.import_module("classroom.attendance.views.quiet")
    stack: Any = WhiteNoise(
        quiet.QuietPolls(app, app.wsgi_app), max_age=_YEAR, autorefresh=False, add_headers_function=headers.of_file
    )
    if static.is_dir():
        stack.add_files(str(static), prefix="static/dist/")
    if app.config["PROXIES"]:
        count = int(app.config["PROXIES"])
        stack = ProxyFix(stack, x_for=count, x_proto=count, x_host=count)
    app.wsgi_app = stack  # type: ignore[method-assign]
