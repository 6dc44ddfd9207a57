"""What a load balancer or a monitor asks."""

from pathlib import Path

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from classroom.desk.health import readiness
from classroom.web.guards import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """The deployment can serve: 200, or 503 with the names of what is missing."""
    checks = readiness(Path(current_app.config["INSTANCE"]), current_app.extensions["migrate"].directory)
    fine = all(check.fine for check in checks)
    answer = {"status": "ok" if fine else "not ready", "checks": {c.name: c.fine for c in checks}}
    return jsonify(answer), 200 if fine else 503
