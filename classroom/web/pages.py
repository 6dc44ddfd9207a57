"""Refusals and mistakes as pages that say what to do; scripts get the code as JSON."""

import secrets
from contextlib import suppress
from typing import Any

import structlog
from flask import Flask, current_app, g, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.extensions import csrf
from classroom.web.context import LANGUAGE_COOKIE, LANGUAGES
from classroom.web.guards import public, safe_next, wants_json
from classroom.web.words import say, say_refusal

log = structlog.get_logger()
_BY_STATUS = {
    400: "page.bad_request",
    404: "page.not_found",
    405: "page.method",
    413: "page.too_large",
    429: "page.too_many",
}


def install(app: Flask) -> None:
    """Answer refusals and errors, and offer the language switch."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(PoolTimeout, _busy)
    app.register_error_handler(Exception, _broken)
    app.add_url_rule("/language", "language", _switch_language, methods=["POST"])
    csrf.exempt(_switch_language)


def answer(status: int, code: str, words: str, reference: str = "") -> ResponseReturnValue:
    """A page, or JSON for a script, that tells a refusal."""
    if wants_json():
        return jsonify(error=code, message=words, reference=reference), status
    template = "errors/refusal.html" if request.blueprint not in {"checkin", "portal"} else "errors/learner.html"
    return render_template(template, status=status, code=code, message=words, reference=reference), status


def _refused(refusal: Refusal) -> ResponseReturnValue:
    db.session.rollback()
    return answer(refusal.status, refusal.code, say_refusal(refusal))


def _csrf(error: CSRFError) -> ResponseReturnValue:
    return answer(400, "page.csrf", say("page.csrf"))


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    code = _BY_STATUS.get(status, "page.bad_request" if status < 500 else "page.error")
    limit = current_app.config["SHEET_UPLOAD_LIMIT"] // (1024 * 1024)
    return answer(status, code, say(code, {"limit": limit}))


def _busy(error: Exception) -> ResponseReturnValue:
    _forget_database()
    reference = _reference()
    log.error("database unavailable", reference=reference, exc_info=error)
    return answer(503, "page.busy", say("page.busy"), reference)


def _broken(error: Exception) -> ResponseReturnValue:
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    _forget_database()
    reference = _reference()
    log.error("unexpected error", reference=reference, endpoint=request.endpoint, exc_info=error)
    return answer(500, "page.error", say("page.error"), reference)


def _forget_database() -> None:
    """Answer without asking the database again: not even who is signed in."""
    g.actor = None
    with suppress(SQLAlchemyError):
        db.session.rollback()


def _reference() -> str:
    return "E-" + "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(4))


@public
def _switch_language() -> Any:
    chosen = request.form.get("language", "")
    response = make_response(redirect(safe_next(request.form.get("next")) or "/", 303))
    if chosen in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=31_536_000,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
    return response
