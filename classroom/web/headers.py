"""What every answer tells the browser about itself."""

import secrets
from collections.abc import MutableMapping

from flask import Flask, Response, g, request

#: The decoder may run WebAssembly, and talk to nobody but us.
WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
_PRIVATE = "no-store"


def nonce() -> str:
    """The nonce of this page's own scripts and styles."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    made: str = g.csp_nonce
    return made


def install(app: Flask) -> None:
    """Send the headers with every answer."""
    app.after_request(_add)


def of_file(sent: MutableMapping[str, str], path: str, _url: str) -> None:
    """What a built file tells the browser."""
    sent["X-Content-Type-Options"] = "nosniff"
    if path.rpartition("/")[2].startswith("decoder-"):
        sent["Content-Security-Policy"] = WORKER_POLICY


def _add(response: Response) -> Response:
    headers = response.headers
    if response.mimetype == "text/html":
        headers.setdefault("Content-Security-Policy", _policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if not request.path.startswith("/static/"):
        headers.setdefault("Cache-Control", _PRIVATE)
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _policy() -> str:
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce()}'; style-src 'self' 'nonce-{nonce()}';"
        " img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none';"
        " form-action 'self'; frame-ancestors 'none'"
    )
