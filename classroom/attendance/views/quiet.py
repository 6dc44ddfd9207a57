"""Answers "nothing new" to boards before Flask wakes up: that is what nearly every poll comes to.

It only ever says 204, and only where the guarded view would say so, too; everything else goes on to that view.
"""

import re
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from classroom.attendance.queries import find_seen_version
from classroom.core.clock import now
from classroom.core.db import db
from classroom.core.ids import PUBLIC_ID_LENGTH
from classroom.core.signing import token_hash

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_END = "/board/poll"
_PATH = re.compile(rf"/sessions/([0-9A-Z]{{{PUBLIC_ID_LENGTH}}}){_END}")
_SEEN = re.compile(r"v=([0-9]{1,18})")
_HEADERS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]


class QuietPolls:
    """The application behind a doorkeeper that knows what each board has seen."""

    def __init__(self, app: Flask, inner: "WSGIApplication") -> None:
        self._inner = inner
        with app.app_context():
            self._engine = db.engine

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").endswith(_END) and self._nothing_new(environ):
            start_response("204 NO CONTENT", list(_HEADERS))
            return []
        return self._inner(environ, start_response)

    def _nothing_new(self, environ: "WSGIEnvironment") -> bool:
        path, seen = _PATH.fullmatch(environ["PATH_INFO"]), _SEEN.fullmatch(environ.get("QUERY_STRING", ""))
        token = _token(environ)
        if environ["REQUEST_METHOD"] != "GET" or not path or not seen or not token:
            return False
        try:
            return find_seen_version(token_hash(token), path[1], now(), self._engine) == int(seen[1])
        except SQLAlchemyError:
            return False


def _token(environ: "WSGIEnvironment") -> str:
    name = "__Host-classroom" if environ.get("wsgi.url_scheme") == "https" else "classroom"
    try:
        found = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""
